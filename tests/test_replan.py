"""Replan: a change is said before it is made, nothing is kept by asking, and undo restores exactly."""

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.doses import Goal
from retropace.errors import UnusableInput
from retropace.replan import Change, Doing, changed
from retropace.situation import situation
from retropace.store import Screened, Wanted
from retropace.store.database import open_database
from retropace.store.folder import Folder
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from screened import HEALTHY, STRAIGHT

MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def notebook() -> Notebook:
    kept = Notebook(open_database("sqlite:///:memory:"))
    kept.begin()
    kept.keep_screened(Screened(replace(HEALTHY, day=MONDAY - DAY), STRAIGHT))
    kept.keep_wanted(Wanted(Goal.REVERSE, Calendar(MONDAY, 8)))
    return kept


def test_asking_keeps_nothing() -> None:
    store = notebook()
    before = store.wanted()
    found = changed(store, situation(store, MONDAY), Change(Doing.MOVE, MONDAY + 3 * DAY, MONDAY + 4 * DAY))
    assert found.follows
    assert store.wanted() == before


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_undo_restores_exactly(seed: int) -> None:
    rng, store = random.Random(seed), notebook()
    kept = [situation(store, MONDAY)]
    for _ in range(3):
        here = kept[-1]
        days = [day.date for week in here.programme.weeks for day in week.days if day.session is not None]
        day = rng.choice(days)
        change = Change(rng.choice(list(Doing)), day, rng.choice([*days, day + rng.randrange(1, 6) * DAY]))
        try:
            found = changed(store, here, change)
        except UnusableInput:
            continue
        store.keep_wanted(found.wanted)
        assert situation(store, MONDAY) == found.after, "what was shown is what came"
        kept.append(found.after)
    for before in reversed(kept[:-1]):
        assert store.undo_wanted()
        assert situation(store, MONDAY) == before
    assert not store.undo_wanted()


def test_a_move_whose_day_the_caps_refuse_is_refused() -> None:
    """The first session ever: three days of rest follow it, whatever the calendar says."""
    store = notebook()
    with pytest.raises(UnusableInput, match="too soon after the session before"):
        changed(store, situation(store, MONDAY), Change(Doing.MOVE, MONDAY + 3 * DAY, MONDAY + 2 * DAY))


def test_wishes_are_read_back_equal_and_old_ones_still_load(tmp_path: Path) -> None:
    moved = {MONDAY + 3 * DAY: MONDAY + 4 * DAY}
    wanted = Wanted(Goal.REVERSE, Calendar(MONDAY, 8, moved=moved, skipped=frozenset({MONDAY + 7 * DAY})))
    store = notebook()
    store.keep_wanted(wanted)
    assert store.wanted() == wanted
    folder = Folder(tmp_path)
    folder.keep_wanted(wanted)
    assert folder.wanted() == wanted
    (tmp_path / "wanted.toml").write_text('goal = "walk"\n[calendar]\nstart = 2026-11-23\nweeks = 4\n', "utf-8")
    assert folder.wanted() == Wanted(Goal.WALK, Calendar(MONDAY, 4))

"""Change: what an entry changes is what the plan says without it and with it; asking keeps nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.change import change, coming, planned_on
from retropace.doses import Goal
from retropace.errors import NotBegun
from retropace.log import Done, LogEntry, Part, Side
from retropace.progression import Decision
from retropace.situation import situation
from retropace.store import Screened, Wanted
from retropace.timetable import Calendar
from screened import DAY, HEALTHY, STRAIGHT

#: A Monday; the screening is of the day before.
BEGAN = DAY + dt.timedelta(days=1)
CALF = (Part.CALF, Side.LEFT)


class Kept:
    """A healthy runner with a plan since BEGAN, who told `entries`."""

    def __init__(self, *entries: LogEntry, goal: Goal = Goal.REVERSE, screened: bool = True) -> None:
        self.entries = list(entries)
        self.goal = goal
        self.screened = screened

    def screenings(self) -> Sequence[Screened]:
        return [Screened(HEALTHY, STRAIGHT)] if self.screened else []

    def wanted(self) -> Wanted | None:
        return Wanted(self.goal, Calendar(BEGAN, 12))

    def log(self) -> Sequence[LogEntry]:
        return tuple(self.entries)


def on(days: int) -> dt.date:
    return BEGAN + dt.timedelta(days=days)


def good(day: dt.date) -> LogEntry:
    return LogEntry(day, Done.ALL, effort=4.0)


@pytest.mark.parametrize(
    ("told", "decision"),
    [
        (good(on(4)), Decision.ADVANCE),
        (replace(good(on(4)), effort=7.0), Decision.HOLD),
        (replace(good(on(4)), pain_during={CALF: 4.0}), Decision.CUT),
        (replace(good(on(4)), pain_during={CALF: 7.0}), Decision.STOP),
        (replace(good(on(4)), red_flags=("chest_pressure",)), Decision.REFER),
    ],
)
def test_every_decision_is_reached(told: LogEntry, decision: Decision) -> None:
    store = Kept(good(on(0)))
    found = change(store, on(4), None, told, on(4))
    assert found.latest
    assert found.after.following.decision is decision
    store.entries.append(told)
    assert found.after.following == situation(store, on(4)).following
    assert (found.now is None) is (decision in (Decision.STOP, Decision.REFER))


def test_like_is_compared_with_like() -> None:
    """Before today's session was told it was itself the next one: what comes after it is what may change."""
    store = Kept(good(on(0)))
    assert situation(store, on(4)).following.day == on(4)
    found = change(store, on(4), None, replace(good(on(4)), effort=9.0), on(4))
    assert found.was is not None
    assert found.now is not None
    assert found.was.date > on(4)
    assert found.now.date > on(4)
    assert found.was.session != found.now.session


def test_a_correction_long_ago_changes_what_comes_after_it() -> None:
    store = Kept(good(on(0)), good(on(4)), good(on(8)))
    before = store.entries[1]
    found = change(store, on(4), before, replace(before, pain_during={CALF: 4.0}), on(9))
    assert not found.latest
    assert found.was is not None
    assert found.now is not None
    assert found.was.session != found.now.session
    assert found.moved
    assert change(store, on(4), before, before, on(9)).moved == ()


def test_nothing_changes_without_a_screening() -> None:
    store = Kept(screened=False)
    assert planned_on(store, on(0)) is None
    with pytest.raises(NotBegun):
        change(store, on(0), None, good(on(0)), on(0))


def test_the_walking_day_is_that_of_the_plan_before_it_was_told() -> None:
    store = Kept(good(on(0)))
    days = [on(k) for k in range(1, 7)]
    walks = [day for day in days if (planned := planned_on(store, day)) is not None and planned.walk]
    assert walks == [on(3)]
    store.entries += [LogEntry(on(3), Done.ALL, effort=3.0, backward_walk=True), good(on(5))]
    told_since = planned_on(store, on(3))
    assert told_since is not None
    assert told_since.walk
    walker = planned_on(Kept(goal=Goal.WALK), on(0))
    assert walker is not None
    assert (walker.runs, walker.walk) == (False, False)


ENTRIES = st.builds(
    LogEntry,
    day=st.integers(0, 30).map(on),
    done=st.sampled_from(Done),
    effort=st.none() | st.integers(0, 10).map(float),
    pain_during=st.dictionaries(st.tuples(st.sampled_from(Part), st.sampled_from(Side)), st.floats(0, 10), max_size=2),
    soreness_48h=st.dictionaries(st.tuples(st.sampled_from(Part), st.sampled_from(Side)), st.floats(0, 10), max_size=2),
    stumbles=st.integers(0, 3),
    red_flags=st.sampled_from([(), (), (), ("limp",), ("slurred_speech",)]),
    backward_walk=st.booleans(),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(ENTRIES, max_size=8, unique_by=lambda e: e.day), ENTRIES, st.integers(0, 30))
def test_any_day_may_be_told_in_any_order(log: list[LogEntry], told: LogEntry, days: int) -> None:
    """However late or corrected: never a refusal, and the same as if it had been told so from the beginning."""
    today = max(on(days), told.day)
    store = Kept(*(entry for entry in log if entry.day <= today))
    before = next((entry for entry in store.entries if entry.day == told.day), None)
    found = change(store, told.day, before, told, today)
    store.entries = sorted((*(e for e in store.entries if e.day != told.day), told), key=lambda e: e.day)
    stands = situation(store, today)
    assert found.after.following == stands.following
    assert found.after.programme == stands.programme
    next_day = coming(stands, found.since)
    assert next_day is None or next_day.date > told.day

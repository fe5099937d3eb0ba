"""Correcting: what is said counts to the second, is taken back without a trace, and never leaves the recording."""

import json
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import FIRST_DAY, recording
from made_kept import DOUBT_S, doubtful_run, keep
from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.recording import Declared
from retropace.review import reviewed
from retropace.store.database import open_database
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.recordings import Recordings
from retropace.summary import Summary, summarise
from retropace.views.story import all_bouts
from retropace.web.pages import correcting
from retropace.web.pages.chart import View
from retropace.web.pages.correcting import Stretch, direction_words, doubtful, enlarged, folded, lines

SECONDS = 900
_DIRECTIONS = st.sampled_from(list(Direction))
_STRETCHES = st.tuples(st.integers(0, SECONDS - 2), st.integers(1, SECONDS - 1), _DIRECTIONS).map(
    lambda drawn: Declared(float(drawn[0]), float(min(drawn[0] + drawn[1], SECONDS)), drawn[2], "person")
)


def said_of(bouts: list[Bout], correction: Declared) -> float:
    """Seconds within a correction that are as it says."""
    return sum(
        min(bout.end_s, correction.end_s) - max(bout.start_s, correction.start_s)
        for bout in bouts
        if bout.direction is correction.direction
        and bout.known_by == ("person",)
        and bout.end_s > correction.start_s
        and bout.start_s < correction.end_s
    )


@settings(max_examples=12, deadline=None)
@given(st.lists(_STRETCHES, min_size=1, max_size=3))
def test_corrections_count_to_the_second_and_go_without_a_trace(corrections: list[Declared]) -> None:
    database = open_database("sqlite:///:memory:")
    notebook, recordings = Notebook(database), Recordings(database, LOCAL)
    notebook.begin()
    kept = keep(recordings, recording(FIRST_DAY, code=True))
    before = reviewed(notebook, recordings, kept.id)
    history = [before]
    for correction in corrections:
        recordings.correct(kept.id, correction)
        history.append(reviewed(notebook, recordings, kept.id))
        bouts = all_bouts(history[-1].summary)
        assert said_of(bouts, correction) == pytest.approx(correction.end_s - correction.start_s)
        assert all(a.end_s == b.start_s for a, b in pairwise(bouts))
        assert (bouts[0].start_s, bouts[-1].end_s) == (0.0, float(SECONDS))
    assert recordings.original(kept) == recordings.original(before.kept)
    for then in reversed(history[:-1]):
        assert recordings.undo(kept.id)
        assert recordings.corrections(kept.id) == then.corrections
    assert reviewed(notebook, recordings, kept.id).summary.bouts == before.summary.bouts
    assert not recordings.undo(kept.id)
    for then in history[1:]:
        assert recordings.can_redo(kept.id)
        assert recordings.redo(kept.id)
        assert recordings.corrections(kept.id) == then.corrections
    assert reviewed(notebook, recordings, kept.id).summary.bouts == history[-1].summary.bouts
    assert not recordings.can_redo(kept.id)
    assert not recordings.redo(kept.id)
    database.close()


def test_a_new_word_ends_what_could_be_brought_back(notebook: Notebook, recordings: Recordings) -> None:
    kept = keep(recordings, recording(FIRST_DAY))
    recordings.correct(kept.id, Declared(10.0, 20.0, Direction.BACKWARD, "person"))
    recordings.undo(kept.id)
    recordings.correct(kept.id, Declared(30.0, 40.0, Direction.BACKWARD, "person"))
    assert not recordings.can_redo(kept.id)
    assert [c.start_s for c in recordings.corrections(kept.id)] == [30.0]


# -- what is in doubt -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def doubt() -> Summary:
    return summarise(doubtful_run())


def test_what_nobody_knows_is_asked_for(doubt: Summary) -> None:
    assert doubtful(doubt) == [Stretch(*DOUBT_S)]


def test_what_was_left_open_is_asked_for_no_more() -> None:
    left = summarise(doubtful_run(), corrections=[Declared(*DOUBT_S, Direction.UNKNOWN, "person")])
    assert doubtful(left) == []
    partly = summarise(doubtful_run(), corrections=[Declared(DOUBT_S[0], 475.0, Direction.BACKWARD, "person")])
    assert doubtful(partly) == [Stretch(475.0, DOUBT_S[1])]


def test_doubts_that_touch_are_one(doubt: Summary) -> None:
    item = next(item for item in doubt.bouts if item.bout.direction is Direction.UNKNOWN)
    start_s, end_s = DOUBT_S
    halves = [
        replace(item, bout=replace(item.bout, end_s=475.0, gait=Gait.WALK)),
        replace(item, bout=replace(item.bout, start_s=475.0, gait=Gait.RUN)),
    ]
    cut = replace(doubt, bouts=tuple(h for each in doubt.bouts for h in (halves if each is item else [each])))
    assert doubtful(cut) == [Stretch(start_s, end_s)]


# -- the enlargement ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 960), st.integers(1, 970))
@settings(max_examples=40, deadline=None)
def test_the_enlargement_holds_the_stretch_and_room_to_move(doubt: Summary, start: int, length: int) -> None:
    view = View(0.0, 973.0, 0.0, 973.0)
    stretch = Stretch(float(start), min(float(start + length), 973.0))
    told = json.loads(enlarged(doubt, stretch, view).grips)
    low, high = told["window"]
    assert view.low_s <= low <= stretch.start_s < stretch.end_s <= high <= view.high_s
    assert low <= max(stretch.start_s - 12, view.low_s)
    assert high >= min(stretch.end_s + 12, view.high_s) - 1
    assert told["stretch"] == [stretch.start_s, stretch.end_s]
    for width, pieces in told["places"].items():
        assert pieces[0][2] == 1.0
        assert pieces[-1][3] == float(width) - 1.0


def test_nothing_is_drawn_until_it_is_wanted() -> None:
    made = folded(Stretch(10.0, 20.0), View(0.0, 900.0, 0.0, 900.0))
    assert set(made.drawings.values()) == {"<svg></svg>"}
    assert json.loads(made.grips)["stretch"] == [10.0, 20.0]


def test_a_stretch_names_itself() -> None:
    stretch = Stretch(808.0, 816.5)
    assert (stretch.start, stretch.end, stretch.length) == ("13:28", "13:36.5", "8 s")
    assert stretch.query == "fix=13:28-13:36.5"


def test_the_latest_word_is_listed_first() -> None:
    said = [Declared(1.0, 2.0, Direction.FORWARD, "person"), Declared(3.0, 4.0, Direction.NONE, "person")]
    assert [(line.stretch.start_s, line.words) for line in lines(said)] == [(3.0, "standing"), (1.0, "forward")]
    assert len({direction_words(direction) for direction in Direction}) == len(Direction)


def test_as_many_corrections_as_are_allowed_are_worked_out_in_time() -> None:
    many = [
        Declared(i % 900.0, i % 900.0 + 1, Direction.BACKWARD, "person") for i in range(correcting.MOST_CORRECTIONS)
    ]
    begun = time.process_time()
    summary = summarise(recording(FIRST_DAY), corrections=many)
    assert time.process_time() - begun < 10
    assert said_of(all_bouts(summary), Declared(0.0, 500.0, Direction.BACKWARD, "person")) == pytest.approx(500.0)

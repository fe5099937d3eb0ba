"""What was asked when: pieces as long as they really lasted, pauses as standing, what was given up ends where it ended."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_coached import FIRST, START, Marks, guide_of, reverse, walk
from retropace.readers.played import Marked, marked
from retropace.session import Session, load_session, session_text

#: Walk 60, backward 20, walk 40, backward 20, walk 30.
SHORT = Session("Short", (walk(60), reverse(20), walk(40), reverse(20), walk(30)))
GUIDE = guide_of(SHORT)
START_MS = START.timestamp() * 1000


def played(marks: Marks, last_s: float = 300.0, guide: dict[str, Any] | None = None) -> Marked:
    found = marked(marks.lines, GUIDE if guide is None else guide, START_MS + 1000 * last_s)
    assert found is not None
    return found


def told(found: Marked) -> list[tuple[str, float]]:
    return [(f"{step.gait} {step.direction}", step.duration_s) for step in found.session.steps]


def piece(marks: Marks, at_s: float, index: int, state: str = "") -> Marks:
    known = GUIDE["pieces"][index]["state"]
    return marks.at(at_s, "piece", index=index, state=state or known, step=index, position_s=0.0)


def test_as_it_was_meant() -> None:
    found = played(Marks(START).begin().pieces(GUIDE, 8.0))
    assert found.session == SHORT
    assert found.start_ms == START_MS + 8000
    assert found.held_ms == ()
    assert found.edges_ms[-1] == pytest.approx(START_MS + 178_000)


def test_a_pause_is_standing_and_what_was_backward_is_given_up() -> None:
    marks = Marks(START).begin()
    piece(marks, 10, 0)
    piece(marks, 70, 1)
    marks.at(78.4, "pause").at(100, "resume")
    piece(marks, 100.02, 2)
    piece(marks, 140, 3)
    piece(marks, 160, 4)
    found = played(marks.at(190, "end"))
    assert told(found) == [
        ("walk forward", 60.0),
        ("run backward", 8.4),
        ("stand none", 21.6),
        ("walk forward", 40.0),
        ("run backward", 20.0),
        ("walk forward", 30.0),
    ]
    assert found.held_ms == ((START_MS + 78_400, START_MS + 100_000),)


def test_a_pause_while_walking_goes_on_with_it() -> None:
    marks = piece(Marks(START), 0, 0).at(20, "pause").at(30, "resume")
    piece(marks, 70, 1)
    assert told(played(marks.at(90, "end"))) == [
        ("walk forward", 20.0),
        ("stand none", 10.0),
        ("walk forward", 40.0),
        ("run backward", 20.0),
    ]


def test_after_a_stop_nobody_goes_on_backward() -> None:
    """Even where the next piece is not marked: what was stopped is over, and the way forward is walked."""
    marks = piece(Marks(START), 0, 1).at(5, "stop", why="spotter").at(9, "pause").at(25, "resume").at(60, "end")
    assert told(played(marks)) == [("run backward", 5.0), ("stand none", 20.0), ("walk forward", 35.0)]


def test_walking_instead() -> None:
    """A piece that was walked after all says so in its mark, whatever the guide had; so does one that is broken off."""
    marks = piece(Marks(START), 0, 0).at(58, "walk", piece=1)
    piece(marks, 60, 1, "walk")
    piece(marks, 80, 2)
    piece(marks, 120, 3)
    marks.at(130, "walk", piece=3)
    assert told(played(marks.at(150, "end"))) == [
        ("walk forward", 120.0),
        ("run backward", 10.0),
        ("walk forward", 20.0),
    ]


def test_a_phone_that_died_backward_asked_no_longer_than_the_piece() -> None:
    marks = piece(Marks(START), 0, 0)
    piece(marks, 60, 1)
    assert told(played(marks, 65.0)) == [("walk forward", 60.0), ("run backward", 5.0)]
    assert told(played(marks, 200.0)) == [("walk forward", 60.0), ("run backward", 22.0)]
    piece(marks, 300, 2)
    assert told(played(marks, 320.0))[1:] == [("run backward", 22.0), ("stand none", 218.0), ("walk forward", 20.0)]


def test_what_is_too_short_belongs_to_what_came_before() -> None:
    marks = piece(Marks(START), 0, 0)
    piece(marks, 60, 1)
    marks.at(60.5, "pause").at(61, "resume")
    piece(marks, 61.02, 2)
    assert told(played(marks.at(90, "end"))) == [("walk forward", 90.0)]


def test_a_piece_of_no_guide_is_what_its_mark_says() -> None:
    marks = Marks(START).at(0, "piece", index=7, state="reverse").at(20, "piece", index="x", state="run").at(40, "end")
    assert told(played(marks, guide={"pieces": "none"})) == [("run backward", 20.0), ("run forward", 20.0)]


@pytest.mark.parametrize(
    "marks",
    [
        Marks(START),
        Marks(START).begin().at(5, "end"),
        piece(Marks(START), 0, 0).at(0.2, "end"),
        piece(Marks(START), 0, 0).at(100_000, "end"),
        Marks(START).at(3, "pause").at(4, "resume"),
    ],
    ids=["nothing", "no piece", "too short", "longer than a day", "held before it began"],
)
def test_no_session(marks: Marks) -> None:
    assert marked(marks.lines, GUIDE, START_MS + 1e8) is None


def test_more_steps_than_anybody_could_follow() -> None:
    marks = Marks(START)
    for k in range(1200):
        marks.at(2.0 * k, "piece", index=k % 2)
    assert marked(marks.lines, GUIDE, START_MS + 2_500_000) is None


_NAMES = st.sampled_from(["piece", "pause", "resume", "stop", "walk", "end", "cue", "gap", "begin", "lap"])
_STATES = st.sampled_from([None, "reverse", "walk", "run", "stand", "stop", 3])
_LINES = st.fixed_dictionaries(
    {
        "k": st.just("mark"),
        "mark": _NAMES,
        "at_ms": st.floats(START_MS, START_MS + 3e6),
        "index": st.one_of(st.integers(-2, 9), st.text(max_size=2), st.none(), st.floats(allow_nan=True)),
        "state": _STATES,
    }
)


@given(lines=st.lists(_LINES, max_size=40), seconds=st.floats(0, 4000))
def test_whatever_was_marked_is_a_session_that_a_file_holds(lines: list[dict[str, Any]], seconds: float) -> None:
    found = marked(lines, guide_of(FIRST), START_MS + 1000 * seconds)
    if found is None:
        return
    steps = found.session.steps
    assert all(step.duration_s >= 1.0 for step in steps)
    first_ms = min(line["at_ms"] for line in lines)
    last_ms = max(*(line["at_ms"] for line in lines), START_MS + 1000 * seconds)
    assert found.start_ms >= first_ms
    assert found.edges_ms[-1] <= last_ms + 200
    assert all(start <= end for start, end in found.held_ms)


def test_it_is_the_same_session_after_it_was_written_as_text(tmp_path: Any) -> None:
    marks = piece(Marks(START), 0.013, 0)
    piece(marks, 59.987, 1)
    piece(marks, 80.06, 2)
    found = played(marks.at(1234.5678, "end"))
    path = tmp_path / "session.toml"
    path.write_text(session_text(found.session))
    assert load_session(path) == found.session

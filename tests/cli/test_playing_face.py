"""Face: what is seen of a session being played, at any width, with and without colour and block characters."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_sessions import FREE, RULES, reverse, stand, walk
from retropace.cli.playing import Play, Status
from retropace.cli.playing_face import (
    clock_words,
    cue_line,
    doing_words,
    face,
    large,
    next_words,
    ribbon,
    told,
    word_of,
)
from retropace.guide import guide
from retropace.place import Place, Surface, Watcher
from retropace.session import Session

GRASS = Place(surface=Surface.GRASS, clear_length_m=60.0, watcher=Watcher.NOBODY)
STEPS = (walk(30), stand(20, "Ankle circles"), reverse(20), walk(40), reverse(20), walk(30))
MADE = guide(Session("Two repeats", STEPS), FREE, GRASS, RULES)
CODE = re.compile(r"\x1b\[[0-9;]*m")


def at(position_s: float, status: Status = Status.RUNNING) -> Play:
    return Play(MADE, position_s, 0.0, status)


def test_on_the_way_backward() -> None:
    text = "\n".join(face(at(55), "“Look left.”", "", 79, colour=False))
    assert "‹ Reverse run · repeat 1 of 2" in text
    assert "Next: Walk, 0:40" in text
    assert "“Look left.”" in text
    assert "0:55 of 2:40" in text
    assert word_of(at(55)) == "BACK"


def test_words_of_every_state() -> None:
    assert word_of(at(5)) == "WALK"
    assert word_of(at(35)) == "STAND"
    assert [word_of(at(55, status)) for status in Status] == ["BACK", "PAUSE", "STOP", "WALK", "DONE"]


def test_nobody_is_told_to_stand_on_a_moving_belt() -> None:
    stopped = at(55, Status.STOPPED)
    assert doing_words(stopped) == "Stopped. Stand still, look round."
    belt = replace(MADE, place=Place(surface=Surface.TREADMILL, treadmill_clip=True))
    assert doing_words(replace(stopped, made=belt)) == "Stopped. Stop the belt, walk until it stands."


def test_a_name_of_its_own_is_shown() -> None:
    assert any("Ankle circles" in line for line in face(at(35), "", "", 79))
    assert next_words(at(5)) == "Next: Ankle circles, 0:20"


def test_direction_is_told_without_colour() -> None:
    lines = ribbon(at(55), 80)
    assert lines[0].startswith("forward ›")
    assert lines[2].startswith("‹ backward")
    middle = 11 + int(60 / 160 * 69)
    assert lines[0][middle] == " "
    assert lines[2][middle] == "█"
    assert lines[3].index("^") == lines[1].index("┼") == 11 + int(55 / 160 * 69)


@given(
    st.floats(-10, 160),
    st.sampled_from(list(Status)),
    st.integers(20, 200),
    st.booleans(),
    st.booleans(),
    st.text(st.characters(codec="ascii", categories=["L", "P"]), max_size=300),
)
def test_always_as_many_lines_and_none_too_wide(
    position_s: float, status: Status, width: int, blocks: bool, colour: bool, said: str
) -> None:
    lines = face(at(min(position_s, 160.0), status), said, said, width, blocks=blocks, colour=colour)
    assert len(lines) == 20
    assert max(len(CODE.sub("", line)) for line in lines) <= max(width, 22)
    if not blocks:
        assert all(line.isascii() for line in lines)
    if not colour:
        assert not any("\x1b" in line for line in lines)


@pytest.mark.parametrize("word", ["BACK", "WALK", "RUN", "STAND", "STOP", "TURN", "PAUSE", "DONE"])
def test_every_word_fits_large_beside_a_time_in_eighty_columns(word: str) -> None:
    rows = large(word, "12:34", 79, blocks=True)
    assert len(rows) == 5
    assert "█" in rows[0]
    assert max(map(len, rows)) <= 79


def test_times_and_lines_of_a_list() -> None:
    assert [clock_words(s) for s in (0, 0.2, 60, 3599.5, -4)] == ["0:00", "0:01", "1:00", "60:00", "0:00"]
    assert cue_line(MADE.cues[0]) == " 0:00.0  Walk, 30 seconds."


def test_what_was_done_is_told() -> None:
    ended = replace(at(70, Status.STOPPED), backward_s=20.0)
    assert told(ended)[0] == "Ended at 1:10 of 2:40. Backward for 0:20 of 0:40."
    assert told(replace(at(160, Status.DONE), backward_s=40.0))[0] == "Done. Backward for 0:40 of 0:40."
    assert "./run log" in told(ended)[1]

"""intervals.icu text, read back by a small reader that follows the platform's own description of the syntax."""

import io
import re
import zipfile

import pytest
from hypothesis import given, settings

from made_plans import BACK, BACK_WALK, LIMITS, SESSIONS, STAND, WALK, intervals, programme, step, written_or_refused
from retropace.quantities import Direction
from retropace.session import Session
from retropace.simulate.demo import demo_session
from retropace.writers import Options, write
from retropace.writers.intervals_icu import cue
from retropace.writers.steps import whole_seconds

#: Anything that could be a duration, a distance, a target or a number of repeats.
MEANT = re.compile(
    r"\d|[%^'\"]|<!>|\b(m|s|h|x|w|km|mi|mtr|hr|lthr|pace|ramp|freeride|press|lap|rpm|ftp|mmp|z[1-7]?)\b", re.IGNORECASE
)
STEP = re.compile(r"- (?P<cue>[^\d]+?) (?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?")
HEADER = re.compile(r"(?P<name>Warmup|Main set|Cooldown)?(?: ?(?P<times>\d+)x)?")


def read(text: str) -> list[tuple[str, int]]:
    """Cue and seconds of every step in order. Repeats end at an empty line, and have one before them."""
    done: list[tuple[str, int]] = []
    for paragraph in text.rstrip("\n").split("\n\n"):
        lines = paragraph.split("\n")
        times = 1
        if not lines[0].startswith("- "):
            header = HEADER.fullmatch(lines.pop(0))
            assert header is not None
            times = int(header["times"] or 1)
            assert times == 1 or times >= 2
        assert lines
        group = []
        for line in lines:
            found = STEP.fullmatch(line)
            assert found is not None, line
            assert not MEANT.search(found["cue"]), found["cue"]
            group.append((found["cue"], 3600 * int(found["h"] or 0) + 60 * int(found["m"] or 0) + int(found["s"] or 0)))
        done += group * times
    return done


@settings(max_examples=120, deadline=None)
@given(SESSIONS)
def test_any_session_comes_back_with_its_seconds_and_ways(session: Session) -> None:
    written = written_or_refused(session, "intervals")
    assert written is not None
    done = read(written.content.decode())
    assert [seconds for _, seconds in done] == [s.duration_s for s in whole_seconds(session)[0].steps]
    for (said, _), made in zip(done, session.steps, strict=True):
        assert said.startswith("BACK") == (made.direction == Direction.BACKWARD)


def test_the_first_day() -> None:
    assert write(demo_session(), "intervals").content.decode() == (
        "Warmup\n"
        "- Warm-up walk 2m\n"
        "- BACK at a walk, turn round, look over both shoulders 20s\n"
        "- Warm-up walk 1m\n"
        "- BACK at a walk, turn round, look over both shoulders 20s\n"
        "- Warm-up walk 1m20s\n"
        "\n"
        "Main set 6x\n"
        "- BACK, turn round, look over both shoulders 20s\n"
        "- Walk 1m\n"
        "\n"
        "Cooldown\n"
        "- Cool-down walk 3m\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("relaxed arms", "BACK, turn round, look over both shoulders, relaxed arms"),
        ("10 m sprint", "BACK, turn round, look over both shoulders"),
        ("max", "BACK, turn round, look over both shoulders"),
        ("to the lap post", "BACK, turn round, look over both shoulders"),
        ("80%", "BACK, turn round, look over both shoulders"),
    ],
)
def test_cues_hold_no_word_that_means_something(name: str, said: str) -> None:
    assert cue(step(BACK, 20, name)) == said
    assert cue(step(STAND, 20)) == "Stand"
    assert cue(step(WALK, 20, "tall walk")) == "Tall walk"


def test_what_is_left_out_is_told() -> None:
    session = Session("S", (step(BACK_WALK, 20.5, "Z2 please", 0.8), step(WALK, 30, "easy")))
    notes = " ".join(write(session, "intervals", Options(limits=LIMITS)).notes)
    for told in ("“Z2 please”", "Speeds are left out", "never backward above 6.5 km/h", "whole seconds"):
        assert told in notes
    assert write(intervals(6, 20), "intervals").notes == ()


def test_a_programme_is_a_zip_of_texts() -> None:
    with zipfile.ZipFile(io.BytesIO(write(programme(4), "intervals").content)) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name != "days.txt"]
    assert len(texts) == 8
    assert all(read(text) for text in texts)

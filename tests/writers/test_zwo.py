"""ZWO: only elements and attributes that Zwift's own workouts use, every second of the plan, and words that say the way."""

import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from lxml import etree

from made_plans import (
    BACK,
    BACK_WALK,
    CLEARANCE,
    LIMITS,
    SESSIONS,
    WALK,
    intervals,
    programme,
    step,
    written_or_refused,
)
from retropace.errors import OutOfRange
from retropace.programme import Programme
from retropace.quantities import Direction
from retropace.session import Session
from retropace.simulate.demo import demo_session
from retropace.writers import Options, write
from retropace.writers.steps import whole_seconds

#: What may stand in what, and with which attributes.
CHILDREN = {
    "workout_file": ["author", "name", "description", "sportType", "tags", "workout"],
    "tags": ["tag"],
    "workout": ["FreeRide"],
    "FreeRide": ["textevent"],
}
ATTRIBUTES = {"tag": {"name"}, "FreeRide": {"Duration", "FlatRoad"}, "textevent": {"timeoffset", "message", "duration"}}


def check(content: bytes) -> list[tuple[int, list[tuple[int, str, int]]]]:
    """Seconds of each block, and its texts: when, what, for how long."""
    root = etree.fromstring(content)
    for element in root.iter():
        name = str(element.tag)
        assert set(element.attrib) == ATTRIBUTES.get(name, set())
        assert all(str(child.tag) in CHILDREN[name] for child in element)
    assert [str(child.tag) for child in root] == CHILDREN["workout_file"]
    assert root.findtext("sportType") == "run"
    return [
        (
            int(block.attrib["Duration"]),
            [(int(t.get("timeoffset", "")), t.get("message", ""), int(t.get("duration", ""))) for t in block],
        )
        for block in root.findall("workout/FreeRide")
    ]


@settings(max_examples=80, deadline=None)
@given(SESSIONS)
def test_any_session_keeps_its_seconds_and_its_texts_stay_in_their_block(session: Session) -> None:
    written = written_or_refused(session, "zwo")
    assert written is not None
    blocks = check(written.content)
    assert [seconds for seconds, _ in blocks] == [s.duration_s for s in whole_seconds(session)[0].steps]
    for made, (seconds, texts) in zip(session.steps, blocks, strict=True):
        assert texts[0][0] == 0
        assert all(at >= 0 and at + shown <= seconds for at, _, shown in texts)
        assert all(one[0] + one[2] <= other[0] for one, other in pairwise(texts))
        if made.direction == Direction.BACKWARD:
            assert "turn round" in texts[0][1]


def test_the_first_day_in_words() -> None:
    written = write(demo_session(), "zwo")
    blocks = check(written.content)
    assert blocks[5] == (
        20,
        [
            (0, "Reverse run 20 s: turn round, stand tall, nose over toes, small steps", 10),
            (15, "Next: walk 60 s", 5),
        ],
    )
    assert any("set the belt by hand" in note for note in written.notes)
    assert "stop button" in written.content.decode()


def test_limits_hold_without_being_asked_for_a_treadmill() -> None:
    with pytest.raises(OutOfRange, match="walking backward only"):
        write(intervals(6, 20), "zwo", Options(limits=LIMITS))
    walk = Session("Walk", (step(BACK_WALK, 60), step(WALK, 60)))
    assert check(write(walk, "zwo", Options(limits=LIMITS)).content)
    assert check(write(Session("Fast", (step(BACK, 20, speed_mps=3.0),)), "zwo").content)


def walking_programme() -> Programme:
    """The programme's backward walks alone."""
    made = programme(2)
    weeks = tuple(
        replace(week, days=tuple(replace(d, session=None) if d.kind == "reverse" else d for d in week.days))
        for week in made.weeks
    )
    return replace(made, weeks=weeks)


def test_a_programme_is_a_zip_or_refused_by_its_own_limits() -> None:
    with pytest.raises(OutOfRange, match="walking backward only"):
        write(programme(2), "zwo")
    running = replace(CLEARANCE, limits=replace(LIMITS, treadmill_run=True))
    assert write(programme(2, running), "zwo").content
    written = write(walking_programme(), "zwo")
    assert written.file_name == "retropace-reverse-2026-11-23-zwo.zip"
    with zipfile.ZipFile(io.BytesIO(written.content)) as archive:
        names = archive.namelist()
        assert len(names) == 3
        assert all(check(archive.read(name)) for name in names if name.endswith(".zwo"))
        assert "2026-11-25  Wed  01-backward-walk-5-x-1-min.zwo" in archive.read("days.txt").decode()

"""The visible list: every format answers for every feature, gives the same bytes twice, and refuses in a sentence."""

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge_readers import by_fitdecode
from made_plans import (
    BACK,
    BACK_WALK,
    CLEARANCE,
    LIMITS,
    SESSIONS,
    WALK,
    built,
    intervals,
    programme,
    step,
    written_or_refused,
)
from retropace.errors import OutOfRange, UnusableInput
from retropace.place import Place, Surface
from retropace.programme import Goal, Programme
from retropace.quantities import Direction
from retropace.screening import Level
from retropace.session import Session
from retropace.witness import said_by_name
from retropace.writers import BY_KEY, WRITERS, Degree, Feature, Options, Writer, write

KEYS = [writer.key for writer in WRITERS]
OPTIONS = Options(zone="Europe/Berlin", person="Ada", where="Park")


@pytest.mark.parametrize("writer", WRITERS, ids=KEYS)
def test_every_writer_answers_for_every_feature(writer: Writer) -> None:
    assert set(writer.features) == set(Feature)
    for support in writer.features.values():
        assert support.says.endswith(".")
        assert "  " not in support.says
    assert writer.suffix.startswith(".")
    assert writer.delivery.endswith(".")
    assert writer.takes in ("session", "programme", "session or programme")


def test_the_list_is_the_promised_one() -> None:
    assert KEYS == ["fit", "tcx", "zwo", "intervals", "ics", "markdown", "json", "pdf"]
    assert len(BY_KEY) == len(WRITERS)


@pytest.mark.parametrize("key", [key for key in KEYS if key != "ics"])
def test_a_session_gives_the_same_bytes_twice(key: str) -> None:
    one, two = (write(intervals(6, 20), key, OPTIONS) for _ in range(2))
    assert one == two
    assert one.content
    assert one.file_name == f"reverse-6-x-20-s{BY_KEY[key].suffix}"
    assert one.media_type == BY_KEY[key].media_type


@pytest.mark.parametrize("key", [key for key in KEYS if key != "zwo"])
def test_a_programme_gives_the_same_bytes_twice(key: str) -> None:
    one, two = (write(programme(3), key, OPTIONS) for _ in range(2))
    assert one == two
    assert one.file_name.startswith("retropace-reverse-2026-11-23")


@pytest.mark.parametrize("key", ["fit", "ics", "pdf"])
def test_when_it_was_made_is_an_argument(key: str) -> None:
    later = replace(OPTIONS, made=dt.datetime(2027, 5, 6, 7, 8, tzinfo=dt.UTC))
    assert write(programme(1), key, later).content != write(programme(1), key, OPTIONS).content


def test_bytes_do_not_depend_on_the_process() -> None:
    """Hash seeds and the machine's time zone change nothing."""
    root = Path(__file__).parents[2]
    code = (
        "import sys, hashlib; sys.path[:0] = ['src', 'tests']\n"
        "from made_plans import programme, intervals\n"
        "from retropace.writers import Options, write\n"
        "o = Options(zone='Europe/Berlin')\n"
        "for k in ('fit', 'tcx', 'intervals', 'ics', 'markdown', 'json', 'pdf'):\n"
        "    print(k, hashlib.sha256(write(programme(2), k, o).content).hexdigest())\n"
        "print(hashlib.sha256(write(intervals(6, 20), 'zwo', o).content).hexdigest())\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert told[0] == told[1]
    assert len(told[0].splitlines()) == 8


@pytest.mark.parametrize(
    ("what", "key", "says"),
    [
        (intervals(6, 20), "docx", "There is no format 'docx' .* Use one of: fit, tcx"),
        (intervals(6, 20), "ics", "iCalendar holds a whole programme"),
        (Session("None", ()), "pdf", "no steps"),
        (replace(programme(1), weeks=()), "pdf", "no sessions"),
    ],
)
def test_what_cannot_be_written_is_refused(what: Session | Programme, key: str, says: str) -> None:
    with pytest.raises(UnusableInput, match=says):
        write(what, key)


@settings(max_examples=40, deadline=None)
@given(SESSIONS, st.sampled_from(["fit", "tcx", "zwo", "intervals", "markdown", "json"]))
def test_any_session_in_any_format(session: Session, key: str) -> None:
    options = replace(OPTIONS, limits=LIMITS)
    written = written_or_refused(session, key, options)
    assert written is None or written.content
    if written is not None:
        assert all(note.endswith(".") and "\n" not in note for note in written.notes)
        assert written.file_name == Path(written.file_name).name
        assert written.file_name.isascii()


@pytest.mark.parametrize("key", KEYS)
def test_a_speed_is_told_where_the_list_says_it_is_lost(key: str) -> None:
    if BY_KEY[key].session is None:
        return
    plain = write(Session("S", (step(BACK, 20),)), key)
    fast = write(Session("S", (step(BACK, 20, speed_mps=1.5),)), key)
    if BY_KEY[key].features[Feature.SPEEDS].degree == Degree.EXACT:
        assert fast.notes == plain.notes
    assert (fast.content != plain.content) == (BY_KEY[key].features[Feature.SPEEDS].degree != Degree.UNSUPPORTED)


def test_somebody_who_is_not_cleared_is_told_whom_to_see() -> None:
    waiting = replace(CLEARANCE, level=Level.NOT_NOW, see="a doctor")
    refused = replace(programme(1, waiting), weeks=())
    with pytest.raises(UnusableInput, match=r"not cleared to go backward for now\. First see a doctor\."):
        write(refused, "pdf")


@pytest.mark.parametrize("goal", Goal)
def test_what_the_coach_plans_goes_into_every_format_but_zwift(goal: Goal) -> None:
    for key in KEYS:
        if key == "zwo" and goal != Goal.TREADMILL:
            continue
        written = write(built(goal), key, OPTIONS)
        assert written.content
        for note in written.notes:
            assert "Equal steps" not in note
            assert "cannot be shown" not in note


@pytest.mark.parametrize("goal", Goal)
def test_what_the_coach_plans_is_the_same_plan_on_a_watch(goal: Goal) -> None:
    for session in {day.session for week in built(goal).weeks for day in week.days if day.session}:
        read = by_fitdecode(write(session, "fit").content).written_out()
        assert [step.seconds for step in read] == [step.duration_s for step in session.steps]
        backward_s = sum(s.seconds or 0 for s in read if said_by_name(s.name) == Direction.BACKWARD)
        assert backward_s == sum(s.duration_s for s in session.steps if s.direction == Direction.BACKWARD)


def test_a_treadmill_is_known_from_goal_or_place() -> None:
    belt = Options(place=Place(surface=Surface.TREADMILL))
    walk = Session("Walk", (step(BACK_WALK, 60), step(WALK, 60)))
    for written in (write(walk, "markdown", belt), write(built(Goal.TREADMILL), "markdown")):
        assert b"manual mode, level, clip on" in written.content
        assert b"Walk the straight" not in written.content
    assert b"Walk the straight" in write(walk, "markdown").content
    with pytest.raises(OutOfRange, match="walking backward only"):
        write(intervals(6, 20), "tcx", replace(belt, limits=LIMITS))


def test_odd_names_of_people_and_places_are_one_line() -> None:
    odd = replace(OPTIONS, person="A\r\nBEGIN:VEVENT\x00", where="B\nATTACH:x")
    content = write(programme(1), "ics", odd).content
    assert b"\nATTACH" not in content
    assert b"\x00" not in content


def test_the_list_loads_nothing_heavy() -> None:
    heavy = "lxml icalendar typst msgspec jinja2 rich fitdecode"
    code = f"import sys, retropace.writers; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, cwd=Path("src").resolve()
    )
    assert done.stdout.strip() == "[]"

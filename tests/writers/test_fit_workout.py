"""FIT workouts: three readers by other people find every field, and the plan is the same when read back."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from judge_readers import ReadWorkout, by_fit_file_parser, by_fit_tool, by_fitdecode, needs_node, strictly
from made_plans import BACK, BACK_WALK, LIMITS, SESSIONS, STAND, WALK, intervals, programme, step, written_or_refused
from retropace.errors import OutOfRange
from retropace.quantities import Direction
from retropace.session import Session
from retropace.simulate.demo import demo_session
from retropace.witness import said_by_name
from retropace.writers import Options, write
from retropace.writers.fit_workout import LONGEST_TEXT, MOST_STEPS, cut, fitting

SAMPLES = (
    demo_session(),
    intervals(10, 30),
    Session("Halb & halb <ü>", (step(BACK, 7.5, "Rückwärts, ganz locker bleiben"), step(STAND, 90)) * 2),
    Session("x" * 300, (step(BACK_WALK, 60, speed_mps=0.9), step(WALK, 45.125)) * 15),
)


def assert_same_plan(read: ReadWorkout, session: Session) -> None:
    """Every step's seconds in order, its direction, and so the reverse seconds and the work to rest."""
    done = read.written_out()
    assert [s.seconds for s in done] == [round(s.duration_s, 3) for s in session.steps]
    backward = [said_by_name(s.name) or said_by_name(s.notes) for s in done]
    assert [way == Direction.BACKWARD for way in backward] == [s.direction == Direction.BACKWARD for s in session.steps]


def assert_within_limits(read: ReadWorkout) -> None:
    assert [s.index for s in read.steps] == list(range(len(read.steps)))
    assert read.declared == len(read.steps) <= MOST_STEPS
    for one in read.steps:
        assert len(one.name) <= 15
        assert len(one.notes.encode()) <= LONGEST_TEXT
        assert one.times is None or (one.times >= 2 and one.first is not None and 0 <= one.first < one.index)
        assert (one.intensity is None) == (one.times is not None)
    assert len(read.name.encode()) <= LONGEST_TEXT


@pytest.mark.parametrize("session", SAMPLES, ids=lambda s: s.name[:12])
def test_two_strict_readers_agree_and_find_the_plan(session: Session) -> None:
    data = write(session, "fit").content
    read = by_fitdecode(data)
    assert read == by_fit_tool(data)
    assert_within_limits(read)
    assert_same_plan(read, session)


@needs_node
def test_a_third_reader_in_javascript_agrees(tmp_path: Path) -> None:
    files = [write(session, "fit").content for session in SAMPLES]
    assert by_fit_file_parser(files, tmp_path) == [by_fitdecode(data) for data in files]


@settings(max_examples=80, deadline=None)
@given(SESSIONS)
def test_any_session_is_the_same_plan_or_refused_in_a_sentence(session: Session) -> None:
    written = written_or_refused(session, "fit")
    if written is None:
        return
    read = by_fitdecode(written.content)
    assert_within_limits(read)
    assert_same_plan(read, session)


def test_field_by_field() -> None:
    found = strictly(write(demo_session(), "fit", Options(limits=LIMITS)).content)
    head = found["file_id"][0]
    assert (head["type"], head["manufacturer"]) == ("workout", "development")
    assert head["serial_number"] > 0
    assert head["time_created"] == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert list(found) == ["file_id", "workout", "workout_step"]
    workout, steps = found["workout"][0], found["workout_step"]
    assert (workout["sport"], workout["sub_sport"], workout["wkt_name"]) == ("running", "generic", "First day")
    assert "chest pressure" in workout["wkt_description"]
    back, walk, again = steps[5], steps[6], steps[7]
    assert (back["wkt_step_name"], back["intensity"], back["duration_value"]) == ("BACK 20s", "active", 20.0)
    assert (walk["wkt_step_name"], walk["intensity"], walk["duration_value"]) == ("WALK 60s", "recovery", 60.0)
    assert (again["duration_type"], again["duration_value"], again["target_value"]) == (
        "repeat_until_steps_cmplt",
        5,
        6,
    )
    assert {s["target_type"] for s in steps} == {"open"}
    assert [s["intensity"] for s in steps][:2] == ["warmup", "warmup"]
    assert steps[-1]["intensity"] == "cooldown"
    assert "every 4 s" in back["notes"]
    assert "6.5 km/h" in back["notes"]


def test_a_treadmill_is_told_and_its_limits_hold() -> None:
    walking = Session("Belt", (step(BACK_WALK, 300, speed_mps=0.8), step(WALK, 120)))
    read = by_fitdecode(write(walking, "fit", Options(limits=LIMITS, treadmill=True)).content)
    assert read.sub_sport == "treadmill"
    assert "manual mode" in read.about
    assert "Look behind" not in read.steps[0].notes
    assert "Never above 4.0 km/h" in read.steps[0].notes
    none = replace(LIMITS, treadmill_kmh=None)
    fast = Session("Fast", (step(BACK_WALK, 60, speed_mps=1.2),))
    for session, limits, why in (
        (walking, none, "no treadmill"),
        (intervals(6, 20), LIMITS, "walking backward only"),
        (fast, LIMITS, "faster than your 4 km/h"),
    ):
        with pytest.raises(OutOfRange, match=why):
            write(session, "fit", Options(limits=limits, treadmill=True))
        assert write(session, "fit", Options(limits=limits)).content


def test_names_in_the_way_of_repeats_give_way_and_say_so() -> None:
    named = tuple(
        s for k in range(30) for s in (step(BACK, 20, f"Reverse {k + 1} of 30"), step(WALK, 60, f"Walk {k + 1}"))
    )
    written = write(Session("Long", named), "fit")
    assert "Equal steps carry one name" in written.notes[0]
    read = by_fitdecode(written.content)
    assert len(read.written_out()) == 60
    assert_same_plan(read, Session("Long", named))


def test_too_many_different_steps_are_refused() -> None:
    odd = Session("Odd", tuple(step(BACK if k % 2 else WALK, 20 + k) for k in range(60)))
    with pytest.raises(OutOfRange, match="needs 60 lines with repeats folded, and a workout of a watch holds 40"):
        write(odd, "fit")


def test_what_is_lost_comes_back_as_notes() -> None:
    session = Session("n" * 300, (step(BACK, 20, "A very long name of a step", 1.7), step(WALK, 60, "s" * 300)))
    notes = " ".join(write(session, "fit").notes)
    for told in ("cut to 254 bytes", "“A very long name of a step” is “BACK 20s”", "no alarm", "advice did not fit"):
        assert told in notes
    assert write(demo_session(), "fit").notes == ()


def test_texts_are_cut_between_characters_and_advice_between_sentences() -> None:
    assert cut("ü" * 127) == "ü" * 127
    assert cut("ü" * 128) == "ü" * 125 + "…"
    assert len(cut("日" * 200).encode()) <= LONGEST_TEXT
    assert fitting(["a" * 200, "b" * 60, "c"]) == "a" * 200
    assert fitting(["a" * 100, "b" * 60]) == "a" * 100 + " " + "b" * 60
    assert fitting(["a" * 300]).endswith("…")
    assert fitting([]) == ""


def test_equal_sessions_are_one_workout_and_different_ones_differ() -> None:
    one, two = (write(intervals(6, s), "fit").content for s in (20, 21))
    assert one == write(intervals(6, 20), "fit").content
    serials = {strictly(data)["file_id"][0]["serial_number"] for data in (one, two)}
    assert len(serials) == 2


def test_a_programme_is_a_zip_whose_schedule_names_its_workouts() -> None:
    made = programme(4)
    written = write(made, "fit", Options(at=dt.time(7, 30)))
    assert written.file_name == "retropace-reverse-2026-11-23-fit.zip"
    with zipfile.ZipFile(io.BytesIO(written.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    schedule = strictly(files.pop("schedule.fit"))
    days = files.pop("days.txt").decode()
    by_serial = {strictly(data)["file_id"][0]["serial_number"]: by_fitdecode(data).name for data in files.values()}
    assert len(by_serial) == len(files) == 8
    planned = [(day.date, day.session.name) for week in made.weeks for day in week.days if day.session]
    assert schedule["file_id"][0]["type"] == "schedules"
    rows = [
        (row["scheduled_time"].replace(tzinfo=None), by_serial[row["serial_number"]]) for row in schedule["schedule"]
    ]
    assert rows == [(dt.datetime.combine(date, dt.time(7, 30)), name) for date, name in planned]
    assert {row["time_created"] for row in schedule["schedule"]} == {dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}
    assert all(date.isoformat() in days for date, _ in planned)


def test_a_long_programme_says_how_far_watches_look_ahead() -> None:
    assert any("36 days are scheduled" in note for note in write(programme(12), "fit").notes)

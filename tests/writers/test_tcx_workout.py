"""TCX workouts keep every rule of the format's schema, written down here one by one; the plan comes back the same."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from lxml import etree
from lxml.etree import _Element

from made_plans import BACK, BACK_WALK, SESSIONS, WALK, intervals, programme, step, written_or_refused
from retropace.errors import OutOfRange
from retropace.quantities import Direction
from retropace.session import Session
from retropace.simulate.demo import demo_session
from retropace.witness import said_by_name
from retropace.writers import Options, write
from retropace.writers.steps import whole_seconds
from retropace.writers.tcx_workout import _workout_name

TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def names(element: _Element) -> list[str]:
    return [str(child.tag).removeprefix(TCX) for child in element]


def text(element: _Element, name: str) -> str:
    found = element.findall(TCX + name)
    assert len(found) == 1, f"{element.tag} holds {len(found)} {name}"
    assert found[0].text is not None
    return found[0].text


def check_token(word: str) -> None:
    """A restricted token: 1 to 15 characters, no line break, no space at an end, no two in a row."""
    assert 1 <= len(word) <= 15
    assert word == " ".join(word.split())


def check_step(element: _Element, ids: list[int]) -> None:
    kind = element.get(TYPE)
    number = text(element, "StepId")
    assert re.fullmatch(r"[1-9]\d?", number)
    ids.append(int(number))
    if kind == "Repeat_t":
        assert names(element)[:2] == ["StepId", "Repetitions"]
        assert set(names(element)[2:]) == {"Child"}
        assert 2 <= int(text(element, "Repetitions")) <= 99
        for child in element.findall(f"{TCX}Child"):
            assert child.get(TYPE) == "Step_t", "no nested repeats"
            check_step(child, ids)
        return
    assert kind == "Step_t"
    assert names(element) == ["StepId", "Name", "Duration", "Intensity", "Target"]
    check_token(text(element, "Name"))
    duration = element.find(f"{TCX}Duration")
    assert duration is not None
    assert duration.get(TYPE) == "Time_t"
    assert names(duration) == ["Seconds"]
    assert re.fullmatch(r"[1-9]\d*", text(duration, "Seconds"))
    assert int(text(duration, "Seconds")) <= 65_535
    assert text(element, "Intensity") in ("Active", "Resting")
    target = element.find(f"{TCX}Target")
    assert target is not None
    assert target.get(TYPE) == "None_t"
    assert len(target) == 0


def check(content: bytes) -> list[_Element]:
    """The workouts of a document that breaks no rule."""
    root = etree.fromstring(content)
    assert root.tag == f"{TCX}TrainingCenterDatabase"
    assert names(root) == ["Workouts"]
    workouts = root[0].findall(f"{TCX}Workout")
    assert len(workouts) == len(root[0]) >= 1
    for workout in workouts:
        assert workout.get("Sport") in ("Running", "Biking", "Other")
        order = [name for k, name in enumerate(names(workout)) if k == 0 or name != names(workout)[k - 1]]
        assert order in (["Name", "Step", "Notes"], ["Name", "Step", "ScheduledOn", "Notes"])
        check_token(text(workout, "Name"))
        ids: list[int] = []
        for element in workout.findall(f"{TCX}Step"):
            check_step(element, ids)
        assert len(set(ids)) == len(ids)
        assert max(ids) <= 20
        for date in workout.findall(f"{TCX}ScheduledOn"):
            dt.date.fromisoformat(date.text or "")
    called = [text(workout, "Name") for workout in workouts]
    assert len(set(called)) == len(called)
    return workouts


def written_out(workout: _Element) -> Iterator[tuple[str, int]]:
    """Name and seconds of every step in the order it is done."""
    for element in workout.findall(f"{TCX}Step"):
        repeat = element.get(TYPE) == "Repeat_t"
        group = element.findall(f"{TCX}Child") if repeat else [element]
        for _ in range(int(text(element, "Repetitions")) if repeat else 1):
            for one in group:
                duration = one.find(f"{TCX}Duration")
                assert duration is not None
                yield text(one, "Name"), int(text(duration, "Seconds"))


@settings(max_examples=120, deadline=None)
@given(SESSIONS)
def test_any_session_keeps_every_rule_and_its_seconds_or_is_refused(session: Session) -> None:
    written = written_or_refused(session, "tcx")
    if written is None:
        return
    (workout,) = check(written.content)
    assert [seconds for _, seconds in written_out(workout)] == [s.duration_s for s in whole_seconds(session)[0].steps]


def test_reverse_seconds_and_work_to_rest_are_the_plans() -> None:
    session = demo_session()
    (workout,) = check(write(session, "tcx").content)
    backward_s = sum(s for name, s in written_out(workout) if said_by_name(name) == Direction.BACKWARD)
    assert backward_s == sum(s.duration_s for s in session.steps if s.direction == Direction.BACKWARD)
    resting = workout.findall(f".//{TCX}Child[{TCX}Intensity='Resting']")
    assert [text(one, "Name") for one in resting] == ["WALK 60s"]


def test_two_hundred_passes_are_repeats_of_at_most_ninety_nine() -> None:
    session = Session("Many", (step(BACK, 10), step(WALK, 10)) * 200)
    (workout,) = check(write(session, "tcx").content)
    assert [text(r, "Repetitions") for r in workout.findall(f"{TCX}Step")] == ["99", "99", "2"]
    assert len(list(written_out(workout))) == 400


def test_what_does_not_fit_is_refused() -> None:
    odd = Session("Odd", tuple(step(BACK if k % 2 else WALK, 20 + k) for k in range(21)))
    with pytest.raises(OutOfRange, match="needs 21 lines"):
        write(odd, "tcx")
    with pytest.raises(OutOfRange, match="65535 s at most"):
        write(Session("Long", (step(WALK, 70_000),)), "tcx")


def test_parts_of_seconds_and_long_names_are_told() -> None:
    session = Session("A session with a long name", (step(BACK_WALK, 20.5, "slowly backward with arms", 0.8),))
    written = write(session, "tcx")
    notes = " ".join(written.notes)
    for told in ("whole seconds", "“A session with a long name” is “A session with”", "is “BACK 20s walk”", "Speeds"):
        assert told in notes
    (workout,) = check(written.content)
    assert "A session with a long name" in text(workout, "Notes")
    assert "Slowly backward with arms" in text(workout, "Notes")


def test_a_programme_is_one_file_with_days() -> None:
    made = programme(4)
    workouts = check(write(made, "tcx", Options()).content)
    due = {
        dt.date.fromisoformat(date.text or ""): text(workout, "Notes").splitlines()[0]
        for workout in workouts
        for date in workout.findall(f"{TCX}ScheduledOn")
    }
    assert due == {day.date: day.session.name for week in made.weeks for day in week.days if day.session}


def test_names_stay_apart() -> None:
    taken: list[str] = []
    for name in ("Backward walk 5 × 1 min", "Backward walk 6 × 1 min", "x" * 30, "x" * 31, "A b", "A b"):
        taken.append(_workout_name(name, taken))
        check_token(taken[-1])
    assert len(set(taken)) == len(taken)
    assert _workout_name(intervals(6, 20).name, []) == "Reverse 6x20s"

"""JSON: valid by its published schema, and the session is the same read back."""

import json
from pathlib import Path

import jsonschema
import msgspec
from hypothesis import given, settings

from made_plans import SESSIONS, programme, written_or_refused
from retropace.quantities import Direction
from retropace.session import Session
from retropace.simulate.demo import demo_session
from retropace.writers import write
from retropace.writers.plan_json import Plan, schema_text, session_of
from retropace.writers.steps import checked

SCHEMA = Path(__file__).parents[2] / "docs" / "plan.schema.json"


def read(content: bytes) -> Plan:
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(json.loads(content))
    return msgspec.json.decode(content, type=Plan)


def test_the_published_schema_is_fresh() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run: PYTHONPATH=src .venv/bin/python docs/generate.py"
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@settings(max_examples=80, deadline=None)
@given(SESSIONS)
def test_any_session_is_the_same_read_back(session: Session) -> None:
    written = written_or_refused(session, "json")
    assert written is not None
    part = read(written.content).session
    assert part is not None
    assert session_of(part) == checked(session)[0]
    for repeat in part.repeats:
        group = part.steps[repeat.first : repeat.first + repeat.steps]
        assert part.steps[repeat.first : repeat.first + repeat.steps * repeat.times] == group * repeat.times
    backward = [s.duration_s for s in session.steps if s.direction == Direction.BACKWARD]
    assert part.backward_s == sum(backward)


def test_the_first_day_names_its_repeats() -> None:
    part = read(write(demo_session(), "json").content).session
    assert part is not None
    assert [(r.first, r.steps, r.times) for r in part.repeats] == [(5, 2, 6)]


def test_a_programme_keeps_days_limits_reasons_and_sources() -> None:
    made = programme(4)
    plan = read(write(made, "json").content)
    assert plan.session is None
    assert plan.programme is not None
    for ours, theirs in zip(made.weeks, plan.programme.weeks, strict=True):
        assert theirs.backward_s == ours.reverse_s
        for day, told in zip(ours.days, theirs.days, strict=True):
            assert (told.date, told.kind) == (day.date, day.kind)
            assert (None if told.session is None else session_of(told.session)) == day.session
            assert (told.workout is None) == (day.workout is None)
    assert plan.programme.clearance.limits.speed_mps == made.clearance.limits.speed_mps
    assert plan.programme.reasons[0].inputs == {"longest_s": 120.0}
    assert set(plan.sources) == {"design", "hreljac_2005"}
    exercises = plan.programme.weeks[0].days[1].workout
    assert exercises is not None
    assert [e.exercise for e in exercises.exercises][:2] == ["calf_raise", "glute_bridge"]

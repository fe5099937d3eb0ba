"""Screening, told as people: who, what they answer, where, and what comes of it. Readable by a physiotherapist."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from retropace.place import Place, Surface, Watcher
from retropace.rules.questionnaire import home_tests
from retropace.screening import Answers, Group, Level, screen
from screened import DAY, FIELDS, GREEN, HEALTH, RULES, keys_of

CASES = Path(__file__).parent / "cases" / "screening"
READ = [
    pytest.param(person, id=f"{path.stem}: {person['who'][:60]}")
    for path in sorted(CASES.glob("*.toml"))
    for person in tomllib.loads(path.read_text(encoding="utf-8"))["person"]
]


def told_answers(written: dict[str, Any]) -> Answers:
    """Answers as a case writes them: `yes` and `open` list health questions, the rest is no; `tests` may say "green"."""
    fields = {key: written[key] for key in FIELDS if key in written}
    health = {key: key in written.get("yes", ()) for key in [*HEALTH, "clinician_agrees"] if key != "pregnant"}
    assert set(written.get("yes", ())) | set(written.get("open", ())) <= set(health), "a question that nobody asks"
    if "clinician_agrees" not in written.get("yes", ()):
        del health["clinician_agrees"]
    tests = {**(GREEN if written.get("green") else {}), **written.get("tests", {})}
    known = {measure for test in home_tests(DAY).values() for measure in test.measures}
    assert set(tests) <= known, "a test that nobody does"
    return Answers(
        DAY, health={k: v for k, v in health.items() if k not in written.get("open", ())}, tests=tests, **fields
    )


def told_place(written: dict[str, Any]) -> Place:
    words: dict[str, Any] = {"surface": Surface, "watcher": Watcher}
    told: dict[str, Any] = {key: words[key](value) if key in words else value for key, value in written.items()}
    return Place(**told)


@pytest.mark.parametrize("person", READ)
def test_a_person(person: dict[str, Any]) -> None:
    cleared = screen(told_answers(person["answers"]), told_place(person.get("place", {})), RULES)
    expected = dict(person["expect"])
    reasons = expected.pop("reasons")
    assert (cleared.level, cleared.group) == (expected.pop("level"), expected.pop("group"))
    assert cleared.see == expected.pop("see", None)
    assert cleared.valid_until == DAY + dt.timedelta(days=expected.pop("days", (cleared.valid_until - DAY).days))
    for name, value in expected.items():
        shown = getattr(cleared.limits, name)
        shown = [str(kind) for kind in shown] if name == "watchers" else shown
        assert shown == (value if value != "none" else None), name
    keys = keys_of(cleared)
    assert keys[0] == reasons[0], "what decides comes first"
    assert [key for key in keys if key in reasons] == reasons, "these, in this order"


def test_enough_people_of_every_group_and_level() -> None:
    people = [param.values[0] for param in READ]
    assert len(people) >= 25
    assert len({person["who"] for person in people}) == len(people)  # type: ignore[index]
    assert {person["expect"]["group"] for person in people} == {str(group) for group in Group}  # type: ignore[index]
    assert {person["expect"]["level"] for person in people} == {str(level) for level in Level}  # type: ignore[index]

"""Cases of the coach that a physiotherapist can read: who, what they are cleared for, what they tell, what comes of it.

Each file of tests/cases/coach is one person. `row`, `well` and `before` (day, seconds backward, longest repeat) say where
they stand already; a log that gives `screened_again` is told under a new screening; `told_on` is the day they ask.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coach_people import MONDAY, RULES, clearance
from retropace.log import Done, LogEntry, Part, Side, Where
from retropace.place import Watcher
from retropace.programme import Calendar, Goal, build
from retropace.progression import Next, Past, State, next_session, start
from retropace.rules import Rules
from retropace.screening import Clearance, Group, Level

CASES = sorted((Path(__file__).parent / "cases" / "coach").glob("*.toml"))
BY_PLACE = ("pain_during", "pain_hour", "pain_morning", "soreness_24h", "soreness_48h")
EXPECTED = {"decision", "next", "on", "because", "says", "told_on", "screened_again", "this_morning"}


def places(told: dict[str, float]) -> dict[Where, float]:
    split = ((name.rpartition(" "), value) for name, value in told.items())
    return {(Part(part), Side(side)): value for (part, _, side), value in split}


def clearance_of(said: dict[str, Any]) -> Clearance:
    said = {k: v for k, v in said.items() if k not in ("row", "before", "began", "well")}
    level, group = Level(said.pop("level")), Group(said.pop("group"))
    if "watchers" in said:
        said["watchers"] = tuple(Watcher(watcher) for watcher in said["watchers"])
    said.setdefault("treadmill_kmh", None)
    return clearance(level, group, **said)


def state_of(case: dict[str, Any], cleared: Clearance) -> State:
    said = case["clearance"]
    state = start(Goal(case["goal"]), cleared, RULES, began=said.get("began", MONDAY))
    before = said.get("before", [])
    if "row" in said and not before:
        before = [[MONDAY - dt.timedelta(days=3 * k), 120, 20] for k in (3, 2, 1)]
    past = tuple(Past(day, seconds, bout, row=said["row"]) for day, seconds, bout in before)
    return replace(state, row=said.get("row", state.row), past=past, well=said.get("well", 0))


def entry_of(log: dict[str, Any]) -> LogEntry:
    told = {name: value for name, value in log.items() if name not in EXPECTED}
    told |= {name: places(told[name]) for name in BY_PLACE if name in told}
    return LogEntry(**{**told, "done": Done(told["done"]), "red_flags": tuple(told.get("red_flags", ()))})


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    for answer, log in follow(path):
        check(answer, log)


def follow(path: Path, rules: Rules = RULES) -> Iterator[tuple[Next, dict[str, Any]]]:
    """Each answer of a case beside the log that led to it; the plan of the first week is checked on the way."""
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    assert case["who"]
    cleared = clearance_of(case["clearance"])
    if "first_week" in case:
        check_week(case, cleared, rules)
    state = state_of(case, cleared)
    for log in case.get("log", []):
        if "screened_again" in log:
            day = log["screened_again"]
            cleared = replace(cleared, screened=day, valid_until=day + dt.timedelta(days=84))
        today = log.get("told_on", log["day"])
        morning = places(log.get("this_morning", {}))
        answer = next_session(state, entry_of(log), cleared, rules, today, this_morning=morning)
        yield answer, log
        state = answer.state


def check_week(case: dict[str, Any], cleared: Clearance, rules: Rules) -> None:
    weekdays = frozenset(case.get("weekdays", range(7)))
    plan = build(cleared, Goal(case["goal"]), Calendar(MONDAY, case.get("weeks", 4), weekdays), rules)
    backward = {f"{day.date:%a}": day.session.name for day in plan.weeks[0].days if day.session}
    assert backward == case["first_week"]
    assert all(week.reasons for week in plan.weeks)


def check(answer: Next, log: dict[str, Any]) -> None:
    reasons = [reason.rule for reason in answer.reasons]
    assert answer.decision.value == log["decision"], (log["day"], reasons)
    assert reasons == log["because"], log["day"]
    assert (answer.session is None) == (log["decision"] in ("stop", "refer"))
    if "next" in log:
        assert answer.session is not None
        assert answer.session.name == log["next"]
    if "on" in log:
        assert answer.day == log["on"]
    if "says" in log:
        assert log["says"] in " ".join(reason.text for reason in answer.reasons)


def test_there_are_many_cases_of_every_kind() -> None:
    read = [tomllib.loads(path.read_text(encoding="utf-8")) for path in CASES]
    assert len(read) >= 20
    assert {case["clearance"]["group"] for case in read} == set(Group)
    assert {case["clearance"]["level"] for case in read} == set(Level)
    assert {log["decision"] for case in read for log in case.get("log", [])} >= {
        "hold",
        "cut",
        "stop",
        "refer",
        "advance",
    }

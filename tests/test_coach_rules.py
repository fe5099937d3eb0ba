"""Rules of programme and progression: every one is used, complete and said well."""

import random

import pytest

from coach_people import DAY, MONDAY, RULES, Someone, any_log, anybody, clearance, good, live, past
from retropace.caps import capped
from retropace.doses import Goal, Track, rows
from retropace.log import Done, LogEntry, Part, Side
from retropace.prescription import prescription
from retropace.programme import Calendar, build
from retropace.progression import next_session
from retropace.quantities import Direction, Gait
from retropace.rules import Basis, Rule, Rules
from retropace.screening import Group, Level
from retropace.session import Session, Step
from retropace.sources import bibliography
from test_coach_cases import CASES, follow

OURS = {key: rule for key, rule in RULES.by_key.items() if key.split(".")[0] in ("programme", "progression")}


class Watched(dict[str, Rule]):
    """Rules that remember who asked for them."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules.by_key)
        self.asked: set[str] = set()

    def get(self, key: str, default: Rule | None = None) -> Rule | None:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


def test_no_rule_is_dead() -> None:
    watched = Watched(RULES)
    rules = Rules(MONDAY, watched)
    everybody(rules)
    assert sorted(set(OURS) - watched.asked) == []


def everybody(rules: Rules) -> None:
    """All the cases, people at random, and the rare things."""
    for path in CASES:
        tuple(follow(path, rules))
    for seed in range(60):
        rng = random.Random(seed)
        someone = anybody(rng)
        build(someone.clearance, someone.goal, someone.calendar, rules)
        for _ in live(someone, rng, 8, any_log, (0, 1, 9, 17, 33), rules):
            pass
    for goal in Goal:
        long = Someone(clearance(group=Group.ATHLETE, longest_bout_s=300.0), goal, Calendar(MONDAY, 30))
        build(long.clearance, long.goal, long.calendar, rules)
    rare(rules)


def rare(rules: Rules) -> None:
    """What needs a session that the tables never ask for, or a log that people seldom tell."""
    top = prescription(rows(Track.REVERSE, RULES)[9], rules)
    walk = Session("any", (Step(Gait.WALK, Direction.BACKWARD, 900.0, "x", 2.0),))
    before = (past(MONDAY - 9 * DAY, 700, 60), past(MONDAY - 4 * DAY, 120, 20, challenge=True))
    for cleared in (clearance(), clearance(Level.WALK), clearance(Level.NOT_NOW), clearance(longest_bout_s=1.0)):
        for session, treadmill in ((top, False), (walk, False), (walk, True)):
            capped(session, MONDAY, (), cleared, rules, challenge=True, treadmill=treadmill)
            capped(session, MONDAY, before, cleared, rules, challenge=True, treadmill=treadmill)
    state = next(iter(live(Someone(clearance(), Goal.REVERSE, Calendar(MONDAY, 9)), random.Random(1), 1, good))).before
    tired = LogEntry(MONDAY, Done.ALL, effort=4, sleep_hours=3, soreness_24h={(Part.CALF, Side.LEFT): 7})
    for entry in (tired, LogEntry(MONDAY, Done.ALL, effort=4, backward_walk=True)):
        next_session(state, entry, clearance(days=2), rules, MONDAY, calendar=Calendar(MONDAY, 9, frozenset({0})))
    next_session(state, None, clearance(), rules, MONDAY, calendar=Calendar(MONDAY, 9, frozenset()))
    next_session(state, None, clearance(Level.WALK), rules, MONDAY)


@pytest.mark.parametrize("rule", OURS.values(), ids=lambda rule: rule.key)
def test_rule_is_said_well(rule: Rule) -> None:
    assert rule.says[0].isupper() or rule.says.startswith("{")
    assert rule.says.endswith(".")
    assert "!" not in rule.says
    assert len(rule.says) <= 240
    seen = [bibliography()[key].seen for key in rule.sources]
    if rule.basis is Basis.SEEN:
        assert any(seen)
        assert rule.sources != ("design",)
    if rule.basis is Basis.DESIGN:
        assert "design" in rule.sources

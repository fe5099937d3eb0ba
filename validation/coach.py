"""People at random and what the coach plans and answers for them: no rule may ever be broken.

Run: .venv/bin/python validation/coach.py --people 10000
Each person gets a plan and twelve sessions of three kinds of log: anything, only bad, and pain added to anything. Prints a
table of what was checked how often and how often it failed, with the seed of the first failure.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from coach_people import (  # noqa: E402
    MONDAY,
    PAINS,
    RULES,
    Judge,
    Lived,
    amount,
    any_log,
    anybody,
    bad,
    chance,
    faults_of_plan,
    good,
    live,
    really_done,
    telling,
    where,
)
from retropace.doses import WALKED, Track, last_row  # noqa: E402
from retropace.log import Done  # noqa: E402
from retropace.programme import Programme, build  # noqa: E402
from retropace.progression import next_session, start  # noqa: E402
from retropace.rules import Reason  # noqa: E402

WAITS = (0, 0, 0, 1, 3, 9, 17, 33)
SESSIONS = 12


@dataclass
class Table:
    """How often each thing was checked and failed, and the first seed that failed."""

    checked: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, seed: int, *, holds: bool) -> None:
        """Count one check."""
        self.checked[what] += 1
        if not holds:
            self.failed[what] += 1
            self.first.setdefault(what, seed)

    def lines(self) -> Iterator[str]:
        """The table, line by line."""
        yield "| what must hold | checked | failed | first seed |"
        yield "| --- | --- | --- | --- |"
        for what, count in self.checked.items():
            yield f"| {what} | {count} | {self.failed[what]} | {self.first.get(what, '–')} |"


def check_plan(seed: int, table: Table) -> Programme:
    rng = chance(seed)
    someone = anybody(rng)
    plan = build(someone.clearance, someone.goal, someone.calendar, RULES)
    table.note(
        "a plan breaks no cap, rest rule, clearance or speed limit", seed, holds=not faults_of_plan(plan, someone)
    )
    again = build(someone.clearance, someone.goal, someone.calendar, RULES)
    table.note("the same input gives the same plan", seed, holds=plan == again)
    for week in plan.weeks:
        table.note("a planned week has reasons with rule and source", seed, holds=explained(week.reasons))
    table.note("a plan has reasons with rule and source", seed, holds=explained(plan.reasons))
    return plan


def explained(reasons: tuple[Reason, ...]) -> bool:
    return bool(reasons) and all(r.rule in RULES.by_key and r.sources and r.text and "{" not in r.text for r in reasons)


def check_anything(seed: int, table: Table) -> None:
    rng = chance(seed)
    judge = None
    for lived in live(anybody(rng), rng, SESSIONS, any_log, WAITS):
        judge = judge or Judge(lived.clearance, treadmill=lived.before.track is Track.TREADMILL)
        judge.clearance = lived.clearance
        holds = followed(lived, judge)
        table.note("a session after any log breaks no cap, rest rule, clearance or speed limit", seed, holds=holds)
        if lived.entry.red_flags or lived.entry.falls:
            table.note("a red flag or a fall stops", seed, holds=lived.answer.session is None)
        table.note("an answer has reasons with rule and source", seed, holds=explained(lived.answer.reasons))
        again = next_session(lived.before, lived.entry, lived.clearance, RULES, lived.entry.day)
        table.note("the same log gives the same answer", seed, holds=again == lived.answer)
        check_pain(lived, rng, seed, table)


def followed(lived: Lived, judge: Judge) -> bool:
    session = lived.asked.session
    if session is None:
        return True
    challenge = session.name.startswith("Challenge")
    broken = judge.broken(lived.entry.day, session, challenge=challenge)
    if lived.entry.done is not Done.NOT:
        done = really_done(lived)
        judge.add(lived.entry.day, done.run_s, done.walk_s, challenge=challenge)
    return not broken


def check_pain(lived: Lived, rng: random.Random, seed: int, table: Table) -> None:
    name, place = rng.choice(PAINS), where(rng)
    told = dict(getattr(lived.entry, name))
    more = min(10.0, told.get(place, 0.0) + rng.choice([0.5, 1.0, 2.0, 4.0, 8.0]))
    worse = telling(lived.entry, **{name: {**told, place: more}})
    answer = next_session(lived.before, worse, lived.clearance, RULES, worse.day)
    holds = amount(answer.session).within(amount(lived.answer.session))
    table.note("pain added to a log never raises the next dose", seed, holds=holds)


def check_bad(seed: int, table: Table) -> None:
    rng, before = chance(seed), None
    for lived in live(anybody(rng), rng, SESSIONS, bad, (0, 0, 1, 9, 17, 33)):
        asked = amount(lived.asked.session)
        holds = (before is None or asked.within(before)) and amount(lived.answer.session).within(asked)
        table.note("bad logs never raise the dose", seed, holds=holds)
        before = asked


def check_good(seed: int, table: Table) -> None:
    """Good logs reach the last row within the weeks its sessions need, lighter weeks and a few days of slack included."""
    rng = chance(seed)
    someone = anybody(rng, tame=True)
    cleared = replace(someone.clearance, valid_until=MONDAY.replace(year=2040))
    if cleared.limits.longest_bout_s < RULES.numbers("programme.cap_bout")[0]:
        return
    state, day = start(someone.goal, cleared, RULES, began=MONDAY), MONDAY
    goal = last_row(state.track, RULES)
    bound = (goal + 1) * (3 if state.track in WALKED else 2) * 4 / 3 + 4
    while state.row < goal and (day - MONDAY).days / 7 <= bound:
        answer = next_session(state, None, cleared, RULES, day, calendar=someone.calendar)
        if answer.day is None:
            break
        state = next_session(state, good(answer.day, rng), cleared, RULES, answer.day).state
        day = answer.day
    table.note("good logs reach the goal in bounded weeks", seed, holds=state.row >= goal)


def main() -> int:
    parser = argparse.ArgumentParser(description="Plans and answers for people at random; no rule may be broken.")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    table, began, weeks = Table(), time.perf_counter(), 0
    for seed in range(options.seed, options.seed + options.people):
        weeks += len(check_plan(seed, table).weeks)
        for check in (check_anything, check_bad, check_good):
            check(seed, table)
    print(f"{options.people} people, {weeks} planned weeks, {time.perf_counter() - began:.0f} s\n")
    print("\n".join(table.lines()))
    return 1 if sum(table.failed.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

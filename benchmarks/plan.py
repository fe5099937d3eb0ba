"""How long a 12-week programme takes, and 1,000 people who follow theirs for 12 weeks and tell a log after each session.

Run: .venv/bin/python benchmarks/plan.py [--people 1000]
Beside each figure stands its ratio to a plain loop of 100,000 additions, timed in the same run: the machine may be busy.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from coach_people import DAY, MONDAY, RULES, any_log, anybody, chance, clearance  # noqa: E402
from retropace.programme import Calendar, Goal, build  # noqa: E402
from retropace.progression import next_session, start  # noqa: E402

BUDGET_MS, STRETCH_MS = 20.0, 2.0
WEEKS = 12


def milliseconds(work: Callable[[], object], times: int) -> float:
    """Median CPU time of `times` runs after one to warm up [ms]."""
    work()
    taken = []
    for _ in range(times):
        start_s = time.process_time()
        work()
        taken.append((time.process_time() - start_s) * 1e3)
    return statistics.median(taken)


def reference() -> int:
    total = 0
    for number in range(100_000):
        total += number
    return total


def follow(seed: int) -> int:
    """One person for twelve weeks: a plan, then a log after each session; the number of logs."""
    rng = chance(seed)
    someone = anybody(rng, weeks=WEEKS, tame=True)
    build(someone.clearance, someone.goal, someone.calendar, RULES)
    state, day, logs = start(someone.goal, someone.clearance, RULES, began=MONDAY), MONDAY, 0
    while (day - MONDAY).days < 7 * WEEKS:
        answer = next_session(state, any_log(day, rng), someone.clearance, RULES, day, calendar=someone.calendar)
        state, logs = answer.state, logs + 1
        day = answer.day or day + 7 * DAY
    return logs


def main() -> None:
    parser = argparse.ArgumentParser(description="Times programmes and progression.")
    parser.add_argument("--people", type=int, default=1000)
    people = parser.parse_args().people
    loop = milliseconds(reference, 31)
    print(f"reference loop {loop:.2f} ms; medians of CPU time")
    for goal in (Goal.REVERSE, Goal.WALK, Goal.WARM_UP):
        cleared, calendar = clearance(), Calendar(MONDAY, WEEKS)
        taken = milliseconds(lambda g=goal, c=cleared, k=calendar: build(c, g, k, RULES), 61)  # type: ignore[misc]
        ratio = f"÷ loop {taken / loop:5.2f}"
        print(f"  12 weeks, {goal:8} {taken:6.2f} ms   {ratio}   budget {BUDGET_MS:g}, stretch {STRETCH_MS:g}")
    began, logs = time.process_time(), 0
    for seed in range(people):
        logs += follow(seed)
    spent = time.process_time() - began
    each = spent * 1e3 / max(1, logs)
    print(
        f"  {people} people × 12 weeks: {spent:.1f} s for {people} plans and {logs} logs, {each:.2f} ms a log with its plan"
    )
    print(f"  one person {spent * 1e3 / people:.1f} ms   ÷ loop {spent * 1e3 / people / loop:.2f}")


if __name__ == "__main__":
    main()

"""History: the plan of a past week is what a person would have been shown on its first day; decisions as they were told."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from retropace.change import Supposed
from retropace.doses import Goal
from retropace.log import Done, LogEntry, Part, Side
from retropace.progress.history import NoPlan, history, week_start
from retropace.progression import Decision, replay
from retropace.rules import rules_on
from retropace.screening import screen
from retropace.situation import situation
from retropace.store import Screened, Wanted
from retropace.timetable import Calendar
from screened import HEALTHY, STRAIGHT

MONDAY = dt.date(2026, 10, 5)
TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)
CALF = (Part.CALF, Side.LEFT)


class Told:
    """What somebody told, held in memory."""

    def __init__(
        self, entries: Sequence[LogEntry] = (), screened: Sequence[Screened] | None = None, weeks: int = 12
    ) -> None:
        answers = replace(HEALTHY, day=MONDAY - 3 * DAY)
        self._screened = [Screened(answers, STRAIGHT)] if screened is None else screened
        self._wanted = Wanted(Goal.REVERSE, Calendar(MONDAY, weeks))
        self._entries = entries

    def screenings(self) -> Sequence[Screened]:
        return self._screened

    def wanted(self) -> Wanted | None:
        return self._wanted if self._screened else None

    def log(self) -> Sequence[LogEntry]:
        return self._entries


def some_log(seed: int) -> list[LogEntry]:
    """Seven weeks of a person who trains three times a week, is sore now and then, and once in a while misses one."""
    chance = random.Random(seed)
    entries = []
    for week in range(7):
        for weekday in (0, 2, 4):
            if chance.random() < 0.15:
                continue
            sore = chance.choice([0, 0, 0, 2, 4, 6])
            entries.append(
                LogEntry(
                    MONDAY + (7 * week + weekday) * DAY,
                    chance.choice([Done.ALL, Done.ALL, Done.ALL, Done.PARTLY, Done.NOT]),
                    effort=float(chance.choice([3, 4, 5, 7])),
                    soreness_24h={CALF: float(sore)} if sore else {},
                    nothing=("pain_morning",),
                    stumbles=int(chance.random() < 0.1),
                )
            )
    return entries


@pytest.mark.parametrize("seed", range(4))
def test_each_plan_is_what_was_shown_on_its_first_day(seed: int) -> None:
    store = Told(some_log(seed))
    for plan in history(store, TODAY).plans:
        known = Supposed(store, tuple(e for e in store.log() if e.day < plan.start), plan.start)
        shown = situation(known, plan.start).programme.weeks[0]
        assert (plan.number, plan.reverse_s, plan.lighter) == (shown.number, shown.reverse_s, shown.deload)
        assert plan.sessions == {day.date: day.session for day in shown.days if day.session is not None}


@pytest.mark.parametrize("seed", range(4))
def test_each_decision_is_that_of_a_replay_up_to_its_day(seed: int) -> None:
    store = Told(some_log(seed))
    rules = rules_on(TODAY)
    (kept,) = store.screenings()
    clearance = screen(kept.answers, kept.place, rules_on(kept.answers.day))
    wanted = store.wanted()
    assert wanted is not None
    for decided in history(store, TODAY).decisions:
        told = [entry for entry in store.log() if entry.day <= decided.day]
        found = replay(
            told, wanted.goal, [clearance], rules, decided.day, began=wanted.calendar.start, calendar=wanted.calendar
        )
        assert (decided.decision, (decided.what, *decided.why)) == (found.decision, found.reasons)


def test_what_is_told_later_does_not_change_an_earlier_plan() -> None:
    entries = some_log(1)
    whole, half = history(Told(entries), TODAY), history(Told(entries[: len(entries) // 2]), TODAY)
    last = entries[len(entries) // 2 - 1].day
    early = [plan for plan in whole.plans if plan.start <= last]
    assert early == [plan for plan in half.plans if plan.start <= last]


def test_a_sign_to_stop_is_a_decision_and_rest_a_plan() -> None:
    told = [LogEntry(MONDAY, Done.ALL, effort=4.0, red_flags=("new_vertigo",))]
    found = history(Told(told), TODAY)
    assert [one.decision for one in found.decisions] in ([Decision.REFER], [Decision.STOP])
    assert [plan.reverse_s for plan in found.plans[1:]] == [0.0] * (len(found.plans) - 1)


def test_nobody_screened_has_no_history() -> None:
    found = history(Told(screened=[]), TODAY)
    assert (found.plans, found.decisions) == ((), ())


def test_no_plan_before_the_first_screening() -> None:
    late = Screened(replace(HEALTHY, day=MONDAY + 10 * DAY), STRAIGHT)
    first, second, *_ = history(Told(screened=[late]), TODAY).plans
    assert (first.reverse_s, first.why_none) == (None, NoPlan.BEFORE)
    assert second.reverse_s is not None
    assert min(second.sessions) >= late.answers.day


def test_not_cleared_is_said() -> None:
    refused = Screened(replace(HEALTHY, day=MONDAY - DAY, health=dict(HEALTHY.health) | {"chest_pain": True}), STRAIGHT)
    assert {plan.why_none for plan in history(Told(screened=[refused]), TODAY).plans} == {NoPlan.NOT_CLEARED}


def test_after_the_last_week_the_plan_is_over() -> None:
    plans = history(Told(weeks=3), TODAY).plans
    assert [plan.why_none for plan in plans] == [None] * 3 + [NoPlan.OVER] * (len(plans) - 3)


@pytest.mark.parametrize("weekday", range(7))
def test_a_week_begins_on_or_before_its_days(weekday: int) -> None:
    anchor = MONDAY + weekday * DAY
    for day in (MONDAY + n * DAY for n in range(-20, 20)):
        start = week_start(anchor, day)
        assert start <= day < start + 7 * DAY
        assert start.weekday() == anchor.weekday()

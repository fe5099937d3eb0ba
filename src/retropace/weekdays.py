"""Weekdays: which days of a week go backward, and on which of them one only walks. Plan and next session ask the same."""

import datetime as dt
from dataclasses import dataclass
from itertools import islice

from retropace.caps import earliest, present_run
from retropace.doses import WALKED, Goal
from retropace.quantities import Gait
from retropace.rules import Rules
from retropace.standing import State
from retropace.timetable import Calendar, free, spread

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A day to go backward; `walk` where it is the walking day beside a running track."""

    day: dt.date
    walk: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The backward days of one week: how many are wanted, those that were done, those to come."""

    wanted: int
    done: tuple[dt.date, ...]
    slots: tuple[Slot, ...]


def layout(state: State, first_day: dt.date, calendar: Calendar, rules: Rules, since: dt.date | None = None) -> Layout:
    """The week that begins on `first_day`, nothing before `since`, around what was done in it already."""
    week = [first_day + k * _DAY for k in range(7)]
    done = [past for past in state.past if week[0] <= past.day <= week[-1]]
    first = max(earliest(state.past, week[0], rules), since or week[0])
    possible = sum(1 << k for k, day in enumerate(week) if day >= first and free(calendar, day, rules))
    between, after_first = (int(days) for days in rules.numbers("programme.cap_rest_days"))
    gap = between if present_run(state.past, max(first, week[0]), rules) else after_first
    wanted = _wanted(state, rules)
    taken = spread(possible, wanted, between, gap, sum(1 << (past.day - week[0]).days for past in done))
    days = [week[k] for k in taken if all(past.day != week[k] for past in done)]
    runs_left = int(rules.number("programme.days_reverse")) - sum(past.gait is Gait.RUN for past in done)
    return Layout(wanted, tuple(past.day for past in done), _slots(state, days, len(done), runs_left))


def _wanted(state: State, rules: Rules) -> int:
    """Backward days a week."""
    if state.goal is Goal.TRY:
        return 1
    if state.track in WALKED:
        return int(rules.number("programme.days_walk_goal"))
    return int(rules.number("programme.days_reverse") + rules.number("programme.days_walk"))


def _slots(state: State, days: list[dt.date], done: int, runs_left: int) -> tuple[Slot, ...]:
    """Of three days beside a running track the middle one is walked, and whatever is left when the runs are done."""
    if state.track in WALKED:
        return tuple(Slot(day, walk=False) for day in days)
    slots = []
    for number, day in enumerate(days, start=done):
        walk = runs_left <= 0 or (number == 1 and done + len(days) > runs_left + 1)
        runs_left -= not walk
        slots.append(Slot(day, walk))
    return tuple(slots)


def next_main_day(state: State, first: dt.date, calendar: Calendar | None, rules: Rules) -> dt.date | None:
    """The first day from `first` on for a session of the dose table; `first` itself where there is no calendar.

    None where the calendar leaves none for as long as the rule progression.no_free_day looks ahead.
    """
    if calendar is None:
        return first
    began = state.began or calendar.start
    week = began + (first - began).days // 7 * 7 * _DAY
    ahead = int(rules.number("progression.no_free_day")) // 7 + 1
    weeks = (layout(state, week + 7 * k * _DAY, calendar, rules, first) for k in range(ahead))
    return next(islice((slot.day for found in weeks for slot in found.slots if not slot.walk), 1), None)

"""History: what the plan of each past week was as it began, and what each entry of the log changed, by replaying the log.

Nothing of a past plan is kept anywhere; it is worked out anew from what was known then: the screenings and entries of
before, today's rules, and the goal and calendar as they are now. Nobody knows the plan of a week before that calendar.
"""

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from retropace.findings import Level
from retropace.log import LogEntry
from retropace.programme import build
from retropace.progression import Decision, Next, State, next_session, start
from retropace.rules import Reason, Rules, rules_on
from retropace.screening import Clearance, screen
from retropace.session import Session
from retropace.store import Screened, Told, Wanted

_WEEK = dt.timedelta(days=7)


class NoPlan(enum.StrEnum):
    """Why a week has no plan."""

    BEFORE = "before"  # nobody was screened yet, or the calendar had not begun
    NOT_CLEARED = "not_cleared"  # the screening said: not now
    OVER = "over"  # the calendar's last week was before


@dataclass(frozen=True, slots=True)
class Plan:
    """One week as it was planned when it began. `reverse_s` is None where there was no plan, and `why_none` says why.

    `number` counts from the first week of the calendar. `sessions` are by day.
    """

    start: dt.date
    number: int
    reverse_s: float | None = None
    lighter: bool = False
    sessions: Mapping[dt.date, Session] = field(default_factory=dict)
    why_none: NoPlan | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What one entry of the log led to: the decision, what to do, and why."""

    day: dt.date
    decision: Decision
    what: Reason
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Every week from the first of the calendar to the one of today, and every decision, oldest first."""

    plans: tuple[Plan, ...]
    decisions: tuple[Decided, ...]


def week_start(anchor: dt.date, day: dt.date) -> dt.date:
    """The first day of the week that `day` lies in, where weeks begin on the weekday of `anchor`.

    >>> week_start(dt.date(2026, 11, 18), dt.date(2026, 11, 24))
    datetime.date(2026, 11, 18)
    """
    return day - dt.timedelta(days=(day - anchor).days % 7)


def history(store: Told, today: dt.date) -> History:
    """The plans and decisions up to `today`; empty where nobody was screened or wants anything yet."""
    screenings, wanted = store.screenings(), store.wanted()
    entries = sorted((entry for entry in store.log() if entry.day <= today), key=lambda entry: entry.day)
    if not screenings or wanted is None:
        return History((), ())
    return _Replay(screenings, wanted, rules_on(today), today).through(entries)


class _Replay:
    """One pass through the log: at the beginning of each week it looks at the plan, after each entry at the decision."""

    def __init__(self, screenings: Sequence[Screened], wanted: Wanted, rules: Rules, today: dt.date) -> None:
        self.clearances = sorted(
            (screen(s.answers, s.place, rules_on(s.answers.day)) for s in screenings), key=lambda c: c.screened
        )
        self.wanted = wanted
        self.rules = rules
        self.today = today

    def through(self, entries: Sequence[LogEntry]) -> History:
        """Plans of the weeks and decisions of the entries."""
        first = self.clearances[0] if not entries else self._in_force(entries[0].day)
        state = start(self.wanted.goal, first, self.rules, began=self.wanted.calendar.start)
        plans: list[Plan] = []
        decisions: list[Decided] = []
        waiting = list(entries)
        for number, monday in enumerate(self._mondays(), start=1):
            while waiting and waiting[0].day < monday:
                state = self._heard(state, waiting.pop(0), decisions)
            plans.append(self._plan(state, monday, number))
        for entry in waiting:
            state = self._heard(state, entry, decisions)
        return History(tuple(plans), tuple(decisions))

    def _mondays(self) -> list[dt.date]:
        begins = self.wanted.calendar.start
        return [begins + k * _WEEK for k in range((self.today - begins).days // 7 + 1)] if begins <= self.today else []

    def _in_force(self, day: dt.date) -> Clearance:
        return next((c for c in reversed(self.clearances) if c.screened <= day), self.clearances[0])

    def _heard(self, state: State, entry: LogEntry, decisions: list[Decided]) -> State:
        found = self._next(state, entry, entry.day)
        if found.reasons:
            decisions.append(Decided(entry.day, found.decision, found.reasons[0], found.reasons[1:]))
        return found.state

    def _next(self, state: State, entry: LogEntry | None, day: dt.date) -> Next:
        return next_session(state, entry, self._in_force(day), self.rules, day, calendar=self.wanted.calendar)

    def _plan(self, state: State, monday: dt.date, number: int) -> Plan:
        """The plan of one week as it stood on its first day, or on the day of the very first screening."""
        calendar = self.wanted.calendar
        begins = max(monday, self.clearances[0].screened)
        if begins >= monday + _WEEK:
            return Plan(monday, number, why_none=NoPlan.BEFORE)
        clearance = self._in_force(begins)
        if number > calendar.weeks:
            return Plan(monday, number, why_none=NoPlan.OVER)
        if clearance.level is Level.NOT_NOW:
            return Plan(monday, number, why_none=NoPlan.NOT_CLEARED)
        stands = self._next(state, None, begins).state
        week = replace(calendar, start=monday, weeks=1)
        made = build(clearance, self.wanted.goal, week, self.rules, state=stands, since=begins)
        if not made.weeks:  # stopped or referred: rest was the plan
            return Plan(monday, number, 0.0)
        days = made.weeks[0].days
        sessions = {day.date: day.session for day in days if day.session is not None}
        return Plan(monday, number, made.weeks[0].reverse_s, made.weeks[0].deload, sessions)

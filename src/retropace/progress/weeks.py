"""Weeks: minutes backward against the plan of their time, and which weeks were kept. A week of rest by plan is kept."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retropace.digest import Digest
from retropace.programme import Week as Coming
from retropace.progress.days import Known, Trained, counted
from retropace.progress.history import NoPlan, Plan, week_start

_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """One week. `recorded_s` a sensor saw, `told_s` rests on the person's word; `sessions` counts days.

    `unmeasured` of them nobody knows the length of, and `unknown_s` of recordings has no known direction: neither is
    counted. `planned_s` is None where there was no plan, and `why_none` says why. `number` counts from the first week of the
    calendar, None before it. `ahead`: it has not begun.
    """

    start: dt.date
    number: int | None
    planned_s: float | None
    why_none: NoPlan | None = None
    lighter: bool = False
    recorded_s: float = 0.0
    told_s: float = 0.0
    sessions: int = 0
    unmeasured: int = 0
    unknown_s: float = 0.0
    simulated: bool = False
    ahead: bool = False

    @property
    def reverse_s(self) -> float:
        """Seconds backward, as far as anybody knows."""
        return self.recorded_s + self.told_s

    @property
    def rest_by_plan(self) -> bool:
        """Whether the plan had nothing backward: kept by doing nothing."""
        return self.planned_s == 0.0 and not self.sessions

    @property
    def kept(self) -> bool:
        """Whether there was a session, or rest was the plan."""
        return self.sessions > 0 or self.rest_by_plan


def weeks(
    days: Sequence[Trained],
    digests: Iterable[Digest],
    plans: Sequence[Plan],
    coming: Sequence[Coming],
    anchor: dt.date,
    today: dt.date,
) -> tuple[Week, ...]:
    """Every week from the first with a session or a plan to the last that is planned, the one of today among them.

    Weeks begin on the weekday of `anchor`. `coming` are the weeks of the programme as it goes on from today.
    """
    this = week_start(anchor, today)
    by_start = {plan.start: plan for plan in plans}
    first = min([this, *by_start, *(week_start(anchor, day.day) for day in days)])
    unknown = _unknown(digests, anchor)
    found, start = [], first
    while start <= this:
        of_week = [day for day in days if start <= day.day < start + _WEEK]
        found.append(_week(start, of_week, by_start.get(start), unknown.get(start, 0.0)))
        start += _WEEK
    return (*found, *(_ahead(week) for week in coming if week.days and week.days[0].date > this))


def _unknown(digests: Iterable[Digest], anchor: dt.date) -> dict[dt.date, float]:
    found: dict[dt.date, float] = {}
    for one in counted(digests):
        start = week_start(anchor, one.day)
        found[start] = found.get(start, 0.0) + one.unknown_s
    return found


def _week(start: dt.date, days: Sequence[Trained], plan: Plan | None, unknown_s: float) -> Week:
    recorded = [day for day in days if day.known is Known.RECORDED]
    told = [day for day in days if day.known in (Known.TOLD, Known.AS_PLANNED)]
    return Week(
        start,
        None if plan is None else plan.number,
        None if plan is None else plan.reverse_s,
        NoPlan.BEFORE if plan is None else plan.why_none,
        lighter=plan is not None and plan.lighter,
        recorded_s=sum(day.reverse_s or 0.0 for day in recorded),
        told_s=sum(day.reverse_s or 0.0 for day in told),
        sessions=len(days),
        unmeasured=sum(day.reverse_s is None for day in days),
        unknown_s=unknown_s,
        simulated=any(day.simulated for day in days),
    )


def _ahead(week: Coming) -> Week:
    return Week(week.days[0].date, week.number, week.reverse_s, lighter=week.deload, ahead=True)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many of the last weeks were kept: `kept` of `of`, `resting` of them by resting as planned."""

    kept: int
    of: int
    resting: int


def keeping(found: Sequence[Week], last: int = 12) -> Keeping:
    """Which of the last weeks were kept, from the first kept one on. The week of today counts once it is kept.

    Nothing is lost by a week that was not: there is no chain that could break.
    """
    past = [week for week in found if not week.ahead]
    over = past[:-1] + [week for week in past[-1:] if week.kept]
    begun = next((n for n, week in enumerate(over) if week.sessions), len(over))
    chosen = over[begun:][-last:]
    return Keeping(sum(w.kept for w in chosen), len(chosen), sum(w.rest_by_plan for w in chosen))

"""Progress: what somebody's sessions amount to over weeks and months. Pure: told and measured things in, figures out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retropace.digest import Digest
from retropace.doses import WALKED, track_of
from retropace.log import LogEntry
from retropace.person import Person
from retropace.progress.body import Fading, HomeSeries, home_series, pains, soreness
from retropace.progress.days import Known, Trained, counted, trained
from retropace.progress.history import Decided, History, Plan, history, week_start
from retropace.progress.records import Best, Cost, cost_per_km, records
from retropace.progress.trends import (
    Change,
    Economy,
    Point,
    SameDose,
    change,
    economy,
    longest,
    same_dose,
    speed_ratios,
)
from retropace.progress.weeks import Keeping, Week, keeping, weeks
from retropace.quantities import Direction, Gait
from retropace.rules import rules_on
from retropace.session import Session
from retropace.situation import Situation
from retropace.store import Screened, Told

__all__ = [
    "Best",
    "Change",
    "Cost",
    "Decided",
    "Economy",
    "Fading",
    "History",
    "HomeSeries",
    "Keeping",
    "Known",
    "Plan",
    "Point",
    "Progress",
    "SameDose",
    "Trained",
    "Week",
    "change",
    "cost_per_km",
    "counted",
    "economy",
    "history",
    "home_series",
    "keeping",
    "longest",
    "pains",
    "progress",
    "records",
    "same_dose",
    "soreness",
    "speed_ratios",
    "trained",
    "week_start",
    "weeks",
]

_MONDAY = dt.date(2026, 1, 5)
#: What the page shows unless all of it is asked for.
USUAL_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything the progress page and the report tell. `since` is the first day of the range; records are of all time.

    `weeks` are those of the range and the ones ahead. `ratios`, `backward` and `forward` heart rates, `longest` and `doses`
    are by gait.
    """

    today: dt.date
    since: dt.date | None
    weeks: tuple[Week, ...]
    keeping: Keeping
    days: tuple[Trained, ...]
    ratios: dict[Gait, tuple[Point, ...]]
    heart: dict[tuple[Gait, Direction], Economy]
    longest: dict[Gait, tuple[Point, ...]]
    doses: dict[Gait, SameDose]
    cost: Cost | None
    soreness: tuple[Fading, ...]
    entries: tuple[LogEntry, ...]
    tests: tuple[HomeSeries, ...]
    records: tuple[Best, ...]
    decisions: tuple[Decided, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing at all was done, told or tested yet."""
        return not self.days and not self.entries and not self.tests

    def without_log(self) -> "Progress":
        """The same without what only the log tells: soreness, pain, effort and what they led to."""
        unsaid = {gait: SameDose(gait, 0.0, ()) for gait in _BOTH}
        silent = tuple(replace(day, effort=None) for day in self.days)
        return replace(self, days=silent, soreness=(), entries=(), decisions=(), doses=unsaid)


_BOTH = (Gait.RUN, Gait.WALK)


def progress(
    store: Told,
    digests: Sequence[Digest],
    today: dt.date,
    *,
    here: Situation | None = None,
    person: Person | None = None,
    last_weeks: int | None = USUAL_WEEKS,
) -> Progress:
    """What the sessions of the last weeks (None: all of them) amount to.

    `here` gives the weeks ahead, None where there is no programme; `person` mass and age.
    """
    past = history(store, today)
    entries = tuple(entry for entry in store.log() if entry.day <= today)
    made = tuple(one for one in digests if one.day <= today)
    days = trained(entries, made, _planned(past.plans), _usual(here))
    anchor = past.plans[0].start if past.plans else _anchor(store)
    coming = () if here is None else here.programme.weeks
    every = weeks(days, made, past.plans, coming, anchor, today)
    since = None if last_weeks is None else week_start(anchor, today) - dt.timedelta(days=7 * (last_weeks - 1))
    shown = [one for one in made if since is None or one.day >= since]
    in_range = tuple(day for day in days if since is None or day.day >= since)
    body = person or Person()
    return Progress(
        today=today,
        since=since,
        weeks=tuple(week for week in every if since is None or week.start >= since),
        keeping=keeping(every),
        days=in_range,
        ratios={gait: _since(speed_ratios(made, gait), since) for gait in _BOTH},
        heart={
            (gait, way): economy(shown, gait, way) for gait in _BOTH for way in (Direction.BACKWARD, Direction.FORWARD)
        },
        longest={gait: longest(in_range, gait) for gait in _BOTH},
        doses={gait: same_dose(in_range, gait) for gait in _BOTH},
        cost=cost_per_km(shown, body.mass_kg),
        soreness=soreness(entry for entry in entries if since is None or entry.day >= since),
        entries=tuple(entry for entry in entries if since is None or entry.day >= since),
        tests=home_series(store.screenings(), _age(store.screenings(), body), rules_on(today)),
        records=records(days, every, made),
        decisions=tuple(one for one in past.decisions if since is None or one.day >= since),
    )


def _since(points: tuple[Point, ...], since: dt.date | None) -> tuple[Point, ...]:
    return tuple(point for point in points if since is None or point.day >= since)


def _planned(plans: Sequence[Plan]) -> dict[dt.date, Session]:
    return {day: session for plan in plans for day, session in plan.sessions.items()}


def _usual(here: Situation | None) -> Gait:
    if here is None:
        return Gait.RUN
    return Gait.WALK if track_of(here.wanted.goal, here.clearance, here.rules) in WALKED else Gait.RUN


def _anchor(store: Told) -> dt.date:
    """Weeks begin as the calendar's do, on Mondays where there is none."""
    wanted = store.wanted()
    return _MONDAY if wanted is None else wanted.calendar.start


def _age(screenings: Sequence[Screened], body: Person) -> float | None:
    told = [s.answers.age_years for s in screenings if s.answers.age_years is not None]
    return told[-1] if told else body.age_years

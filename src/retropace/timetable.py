"""Timetable: when somebody can, and which of these days go backward: spread out, never squeezed."""

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from retropace.rules import Rules

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody can: weekdays (0 = Monday), days that are out, and events by day with their name."""

    start: dt.date
    weeks: int
    weekdays: frozenset[int] = frozenset(range(7))
    blackout: frozenset[dt.date] = frozenset()
    events: Mapping[dt.date, str] = field(default_factory=dict)

    def available(self, day: dt.date) -> bool:
        """Whether the person can train that day at all."""
        return day.weekday() in self.weekdays and day not in self.blackout and day not in self.events


def eve_of(calendar: Calendar, day: dt.date, rules: Rules) -> str | None:
    """The event that is on `day` or so soon after it that nothing backward goes before, else None."""
    if not calendar.events:
        return None
    days = int(rules.number("programme.event"))
    near = (calendar.events.get(day + dt.timedelta(days=ahead)) for ahead in range(days + 1))
    return next((name for name in near if name is not None), None)


def free(calendar: Calendar, day: dt.date, rules: Rules) -> bool:
    """Whether `day` may go backward as far as the calendar is concerned."""
    return calendar.available(day) and eve_of(calendar, day, rules) is None


def next_free(calendar: Calendar | None, day: dt.date, rules: Rules) -> dt.date | None:
    """The first free day from `day` on; `day` itself where there is no calendar, None where none comes soon."""
    if calendar is None:
        return day
    ahead = range(int(rules.number("progression.no_free_day")))
    days = (day + dt.timedelta(days=k) for k in ahead)
    return next((d for d in days if free(calendar, d, rules)), None)


@lru_cache(maxsize=4096)
def spread(possible: int, wanted: int, apart: int, apart_after_first: int) -> tuple[int, ...]:
    """Which days of a week to take, of those whose bit is set in `possible`: as many as wanted, as even as can be.

    No two lie closer than `apart` days, the first two not closer than `apart_after_first`, and the same days fit again next
    week. Of equal choices the earliest is taken.

    >>> spread(0b1111111, 3, 2, 2), spread(0b0000011, 2, 2, 2)
    ((0, 2, 4), (0,))
    """
    choices = (
        tuple(k for k in range(_WEEK) if taken >> k & 1) for taken in range(1 << _WEEK) if taken & ~possible == 0
    )
    fitting = [days for days in choices if len(days) <= wanted and _apart(days, apart, apart_after_first)]
    return max(fitting, key=lambda days: (len(days), _evenness(days), tuple(-day for day in days)))


def _apart(days: tuple[int, ...], apart: int, apart_after_first: int) -> bool:
    gaps = [later - day for day, later in itertools.pairwise(days)]
    if gaps and gaps[0] < apart_after_first:
        return False
    return all(gap >= apart for gap in gaps) and (len(days) < 2 or days[0] + _WEEK - days[-1] >= apart)


def _evenness(days: tuple[int, ...]) -> int:
    """The smallest gap, that to the same day next week among them."""
    around = (*days[1:], *(day + _WEEK for day in days[:1]))
    return min((later - day for day, later in zip(days, around, strict=True)), default=0)

"""Timetable: when somebody can, which of these days go backward (spread out, never squeezed), and what they moved."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from retropace.errors import UnusableInput, require_within
from retropace.rules import Rules

_WEEK = 7
#: A programme is at most this long.
MOST_WEEKS = 104


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody can: weekdays (0 = Monday), days that are out, and events by day with their name.

    `moved` are single sessions the person moved, by the day they were planned on; `skipped` the days whose session they
    leave out. Both are wishes: rest and every other cap come first (see `weekdays.layout`).
    """

    start: dt.date
    weeks: int
    weekdays: frozenset[int] = frozenset(range(7))
    blackout: frozenset[dt.date] = frozenset()
    events: Mapping[dt.date, str] = field(default_factory=dict)
    moved: Mapping[dt.date, dt.date] = field(default_factory=dict)
    skipped: frozenset[dt.date] = frozenset()

    def available(self, day: dt.date) -> bool:
        """Whether the person can train that day at all."""
        return day.weekday() in self.weekdays and day not in self.blackout and day not in self.events


def require_plausible(calendar: Calendar, file: str | None = None) -> None:
    """Raise UnusableInput for a weekday that is none, no weekday at all, or a number of weeks that nobody plans."""
    require_within(calendar.weeks, 1, MOST_WEEKS, "calendar.weeks", file)
    for weekday in sorted(calendar.weekdays):
        require_within(weekday, 0, _WEEK - 1, "calendar.weekdays", file)
    if not calendar.weekdays:
        remedy = "Name at least one day of the week: 0 is Monday, 6 is Sunday."
        raise UnusableInput("There is no day to train on", file=file, field="calendar.weekdays", remedy=remedy)


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


def chosen(calendar: Calendar, day: dt.date, rules: Rules) -> bool:
    """Whether somebody may choose `day` on purpose to go backward: any weekday, but nothing away and no eve of an event."""
    return day not in calendar.blackout and eve_of(calendar, day, rules) is None


@lru_cache(maxsize=4096)
def spread(
    possible: int, wanted: int, apart: int, apart_after_first: int, fixed: int = 0, held: int = 0
) -> tuple[int, ...]:
    """Which days of a week to take, of those whose bit is set in `possible`: as many as wanted, as even as can be.

    No two lie closer than `apart` days, the first two not closer than `apart_after_first`, and the same days fit again next
    week. Of equal choices the earliest is taken. Days in `fixed` are taken in any case: they are over. Days in `held` are
    taken where that fits: they were planned, and were moved or left out since.

    >>> spread(0b1111111, 3, 2, 2), spread(0b0000011, 2, 2, 2)
    ((0, 2, 4), (0,))
    """
    most = max(wanted, fixed.bit_count())

    def fitting(held: int) -> list[tuple[int, ...]]:
        choices = (tuple(k for k in range(_WEEK) if taken >> k & 1) for taken in _supersets(fixed | held, possible))
        return [days for days in choices if len(days) <= most and _apart(days, apart, apart_after_first, fixed, held)]

    found = fitting(held) or fitting(0)
    return max(found, key=lambda days: (len(days), _evenness(days), tuple(-day for day in days)))


def _supersets(fixed: int, possible: int) -> Iterator[int]:
    """Every set of days that holds `fixed` and else only what is in `possible`."""
    return (taken for taken in range(1 << _WEEK) if taken & fixed == fixed and taken & ~(possible | fixed) == 0)


def _apart(days: tuple[int, ...], apart: int, apart_after_first: int, fixed: int, held: int) -> bool:
    """Whether every gap is long enough, that to the same day next week among them.

    Gaps between days that are over do not count, nor that to a day next week on which this week's session is not held.
    """
    around = (*days[1:], *(day + _WEEK for day in days[:1])) if len(days) > 1 else ()
    for number, (day, later) in enumerate(zip(days, around, strict=False)):
        over = fixed >> day & 1 and fixed >> later % _WEEK & 1
        free_again = later >= _WEEK and held >> later % _WEEK & 1
        least = apart_after_first if number == 0 and not fixed >> day & 1 else apart
        if not over and not free_again and later - day < least:
            return False
    return True


def _evenness(days: tuple[int, ...]) -> int:
    """The smallest gap, that to the same day next week among them."""
    around = (*days[1:], *(day + _WEEK for day in days[:1]))
    return min((later - day for day, later in zip(days, around, strict=True)), default=0)

"""Outing: one recording as a row of a list: when, what it was, a small ribbon, figures in short, and what is still open."""

import datetime as dt
import enum
from collections.abc import Collection
from dataclasses import dataclass

from retropace.digest import Digest
from retropace.quantities import Direction, Gait, System
from retropace.store.recordings import Kept
from retropace.views.figures import Figure, clock, figure
from retropace.web.days import short_day
from retropace.web.language import say
from retropace.web.small_ribbon import small_ribbon

#: An unknown share of the way up to this is not worth a question where nothing was seen to go backward.
_BARELY = 0.05


class Logged(enum.StrEnum):
    """Whether the log tells of a day."""

    TOLD = "told"
    OPEN = "open"
    NOT_ASKED = "not asked"  # it was before anybody wanted to know


@dataclass(frozen=True, slots=True)
class Outing:
    """A row. `what` is the sentence of what it was, `note` what its owner calls it, `trouble` why there are no figures.

    `unknown` is how long the direction is unknown, "" where that is not worth a question. `same_as` is an earlier recording
    of the same outing. `worked_out` is False while there are no figures yet.
    """

    id: str
    when: str
    what: str
    note: str
    name: str
    ribbon: str
    figures: tuple[Figure, ...]
    unknown: str
    simulated: bool
    trouble: str | None
    same_as: str | None
    day: dt.date
    logged: Logged
    worked_out: bool = True

    @property
    def title(self) -> str:
        """What it is called, or else what it was."""
        return self.note or self.what


def outing(kept: Kept, found: Digest | None, state: Logged, system: System, today: dt.date) -> Outing:
    """The row of one recording; without its digest, what is known without working it out."""
    told = found or Digest(kept.id, kept.name, kept.day, None, kept.duration_s)
    return Outing(
        kept.id,
        when(told, today),
        say("Not worked out yet") if found is None else what_it_was(found),
        kept.note,
        kept.name,
        small_ribbon(told),
        _figures(told, system),
        _unknown(told),
        told.simulated,
        told.trouble,
        told.same_as,
        kept.day,
        state,
        worked_out=found is not None,
    )


def what_it_was(found: Digest) -> str:
    """The first sentence of its headline, "2:00 backward in 6 repeats, as planned", without why that is not surer."""
    if found.trouble is not None:
        return say("It cannot be read any more")
    first = found.headline.partition(". ")[0].partition(": nothing")[0].rstrip(".")
    return first or say("Nothing to tell")


def when(found: Digest, today: dt.date) -> str:
    """Day and time: "Tue 17 Nov · 18:04", another year named."""
    clock_time = f" · {found.start:%H:%M}" if found.start is not None else ""
    return f"{short_day(found.day, today)}{clock_time}"


def _figures(found: Digest, system: System) -> tuple[Figure, ...]:
    """Length, way and heart rate, those that are known."""
    known = [
        figure(key, found.whole[key], system)
        for key in ("distance_m", "heart_rate_bpm")
        if key in found.whole and found.whole[key].value is not None
    ]
    length = Figure("duration_s", "", clock(found.duration_s), "", "", "measured", ("device",))
    return (length, *known)


def _unknown(found: Digest) -> str:
    moving = [way for way in found.ways if way.direction is not Direction.NONE and way.gait is not Gait.OTHER]
    whole = sum(way.seconds for way in moving)
    if not found.unknown_s or (not found.reverse_s and found.unknown_s <= _BARELY * whole):
        return ""
    return clock(found.unknown_s)


def logged(day: dt.date, told: Collection[dt.date], since: dt.date) -> Logged:
    """Whether the log tells of a day; nobody asks of days before `since`."""
    if day in told:
        return Logged.TOLD
    return Logged.OPEN if day >= since else Logged.NOT_ASKED

"""Picture: one drawing of the progress page with its sentence and its table; and the words they share."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from retropace.progress.trends import Change, Point
from retropace.quantities import Gait, System, shown
from retropace.views.figures import clock as clock
from retropace.views.figures import moment as moment
from retropace.views.trend import Dot
from retropace.web.language import say


@dataclass(frozen=True, slots=True)
class Table:
    """The same as the drawing, in figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """One card of the page. Without `narrow` there is nothing to draw yet, and `reading` says what will appear when.

    `wide` is drawn on broad screens instead of `narrow`, where there is one. `value` with `band` is the figure of now,
    `beside` says what it is of; `notes` are quiet sentences under the drawing, each with its sources.
    """

    key: str
    title: str
    reading: str
    narrow: str = ""
    wide: str = ""
    value: str = ""
    band: str = ""
    beside: str = ""
    sources: tuple[str, ...] = ()
    notes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    table: Table | None = None
    simulated: bool = False


def capital(words: str) -> str:
    """Words with a capital letter in front.

    >>> capital("left calf")
    'Left calf'
    """
    return f"{words[:1].upper()}{words[1:]}"


def short_day(day: dt.date) -> str:
    """A day as it stands under a drawing.

    >>> short_day(dt.date(2026, 11, 20))
    '20 Nov'
    """
    return f"{day.day} {say(_MONTHS[day.month - 1])}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def between(low: str, high: str) -> str:
    """A band, nothing where it has no width.

    >>> between("0.67", "0.75"), between("4", "4")
    ('0.67–0.75', '')
    """
    return "" if low == high else f"{low}–{high}"


def speed_words(mps: float, system: System) -> str:
    """A speed in the reader's unit.

    >>> speed_words(1.5, "metric")
    '5.4 km/h'
    """
    value, unit = shown(mps * 3.6, "km/h", system)
    return f"{value:.1f} {unit}"


def way_words(gait: Gait) -> str:
    """How somebody goes backward."""
    return say("running backward") if gait is Gait.RUN else say("walking backward")


def dots(points: Sequence[Point]) -> list[Dot]:
    """The points as they are drawn."""
    return [Dot(point.day, point.value, point.low, point.high) for point in points]


def since_first(found: Change | None, write: str, points: int) -> str:
    """What became of a figure, in one sentence; `write` is the format of its numbers."""
    if found is None:
        return say("{count} of 3 sessions so far; from three on you see where it goes.", count=points)
    first = format(found.first, write)
    if not found.real:
        return say("About the same as at first ({first}), within its spread.", first=first)
    if found.up:
        return say("Up from {first} at first.", first=first)
    return say("Down from {first} at first.", first=first)


def point_table(points: Sequence[Point], title: str, write: str) -> Table:
    """Points as rows: day, figure, band."""
    made_up = any(point.simulated for point in points)
    rows = tuple(_point_row(point, write, made_up=made_up) for point in points)
    return Table((say("Day"), title, say("Band"), *([say("Known how")] if made_up else [])), rows)


def _point_row(point: Point, write: str, *, made_up: bool) -> tuple[str, ...]:
    band = between(format(point.low, write), format(point.high, write)) or "–"
    known = [say("simulated") if point.simulated else say("recorded")] if made_up else []
    return (f"{short_day(point.day)} {point.day.year}", format(point.value, write), band, *known)


def sources_of(points: Sequence[Point]) -> tuple[str, ...]:
    """Every source once."""
    return tuple(dict.fromkeys(source for point in points for source in point.sources))

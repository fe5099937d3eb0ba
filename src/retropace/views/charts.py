"""Charts: speed, heart rate and cadence over the same time as the ribbon, one picture with one shared axis.

Direction is told by marks, not by colour alone: chevrons pointing left for backward, dots for forward, rings where it is
unknown. Where a sensor was silent nothing is drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from retropace.bout import Bout
from retropace.plan import FollowedStep
from retropace.quantities import Direction, Gait, System, shown
from retropace.recording import FloatArray
from retropace.signals import Grid
from retropace.summary import Summary
from retropace.views import drawing, ribbon
from retropace.views.chances import STRIP_PX, TITLE_PX, Chances, chances, strip_marks
from retropace.views.ribbon import GUTTER_PX
from retropace.views.story import all_bouts
from retropace.views.timeline import BoolArray, Columns, IntArray, columns, timeline

#: Distance between two marks of a marked chart [px].
_MARK_PX = 5.0


@dataclass(frozen=True, slots=True)
class Channel:
    """One chart: a title, the reader's unit, and the grid's channel in that unit (n,). `marked` shows direction marks.

    The axis spans at least `least_spread`, and starts at zero where `from_zero`. `key` is the channel's own word.
    """

    key: str
    title: str
    unit: str
    values: FloatArray
    decimals: int
    least_spread: float
    marked: bool
    from_zero: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What a figure shows: a grid, its bouts and, where there are such, the plan as it was found and probabilities."""

    grid: Grid
    bouts: Sequence[Bout]
    plan: Sequence[FollowedStep] = ()
    chances: Chances | None = None

    def between(self, start_s: float, end_s: float) -> "Frame":
        """The part from start_s to end_s; bouts are clipped to it."""
        clipped = [
            Bout(max(b.start_s, start_s), min(b.end_s, end_s), b.gait, b.direction, b.probability, b.known_by, b.reason)
            for b in self.bouts
            if b.end_s > start_s and b.start_s < end_s
        ]
        first, last = np.searchsorted(self.grid.time_s, [start_s, end_s]).tolist()
        part = None if self.chances is None else self.chances.between(first, last)
        return Frame(self.grid.between(start_s, end_s), clipped, self.plan, part)


def frame_of(summary: Summary) -> Frame:
    """All of a recording, with the plan and the probabilities where there are any."""
    bouts = all_bouts(summary)
    followed = summary.followed.steps if summary.followed else ()
    return Frame(summary.grid, bouts, followed, chances(summary.grid, bouts, summary.probability))


def channels(frame: Frame, system: System, *, speed: bool = False) -> list[Channel]:
    """The charts this frame can show: those whose sensor said anything."""
    grid = frame.grid
    factor, unit = shown(1.0, "m/s", system)
    moving = np.where(np.isfinite(direction_signs(frame)), 1.0, np.nan)
    offered = [
        Channel("heart_rate", "Heart rate", "/min", grid.heart_rate_bpm, 0, 40.0, marked=False),
        Channel("cadence", "Cadence", "steps/min", grid.cadence_spm * moving, 0, 40.0, marked=True),
    ]
    if speed:
        offered.insert(
            0, Channel("speed", "Speed", unit, grid.speed_mps * factor * moving, 1, 2.0, marked=True, from_zero=True)
        )
    return [channel for channel in offered if np.isfinite(channel.values).any()]


def form_channels(frame: Frame) -> list[Channel]:
    """Charts of how the feet moved, each by direction: those of which anything is known."""
    grid = frame.grid
    moving = np.where(np.isfinite(direction_signs(frame)), 1.0, np.nan)
    offered = [
        Channel("contact", "Foot on the ground", "ms", grid.contact_time_ms * moving, 0, 80.0, marked=True),
        Channel("rise", "Rise and fall", "mm", grid.vertical_oscillation_mm * moving, 0, 30.0, marked=True),
        Channel("step", "Step length", "m", grid.step_length_m * moving, 2, 0.4, marked=True),
    ]
    return [channel for channel in offered if np.isfinite(channel.values).any()]


def form_figure(frame: Frame, *, label: str, width: float) -> str:
    """The charts of form alone, over the same time as the ribbon: an SVG element; nothing drawn where none is known."""
    drawn = ribbon.profile(frame.grid, frame.bouts, GUTTER_PX, width)
    found = form_channels(frame)
    if drawn is None or not found:
        return drawing.image(width, 0, label, [])
    marks: list[str] = []
    for number, channel in enumerate(found):
        marks += _chart(channel, frame, drawn, 18 + number * _CHART_PX)
    height = 18 + len(found) * _CHART_PX
    return drawing.image(width, height, label, [*marks, *ribbon.time_axis(drawn.line, height - 4)], "figure")


def direction_signs(frame: Frame) -> FloatArray:
    """+1 forward, -1 backward, 0 unknown; NaN where nobody asks: standing, sideways, other sports (n,)."""
    meaning = {2: 1.0, 3: 1.0, 4: -1.0, 5: 0.0}
    return np.array([meaning.get(code, np.nan) for code in range(len(WAYS))])[_way_codes(frame)]


def figure(frame: Frame, *, label: str, width: float, name: str, system: System = "metric", speed: bool = False) -> str:
    """Ribbon above, charts below, one time axis: an SVG element read out as `label`; `speed` adds a chart of path speed.

    Time stands between x = `GUTTER_PX` and x = `width`. `name` must be its own within a page.
    """
    drawn = ribbon.profile(frame.grid, frame.bouts, GUTTER_PX, width)
    if drawn is None:
        return drawing.image(width, 0, label, [])
    top, bottom = _reach(width)
    fit = ribbon.scale(drawn, top, bottom, frame.plan)
    marks = ribbon.panel(drawn, fit, (top, bottom), name, system, frame.plan)
    if frame.chances is not None:
        marks += strip_marks(frame.chances, drawn, bottom + _BELOW_PX, name)
    below = _first_chart(frame, bottom)
    for channel in channels(frame, system, speed=speed):
        marks += _chart(channel, frame, drawn, below)
        below += _CHART_PX
    height = below
    return drawing.image(width, height, label, [*marks, *ribbon.time_axis(drawn.line, height - 4)], "figure")


def _first_chart(frame: Frame, bottom: float) -> float:
    """Where the first chart begins [px] under a ribbon that ends at `bottom`."""
    return bottom + _BELOW_PX + (0.0 if frame.chances is None else STRIP_PX + TITLE_PX + 16)


def _reach(width: float) -> tuple[float, float]:
    """Between which two y [px] the ribbon stands."""
    return 22.0, 22.0 + (182.0 if width >= 500 else 154.0)


#: Height of one chart with its title [px], of its title, and of the words between ribbon and charts.
_CHART_PX, _TITLE_PX, _BELOW_PX = 106.0, 20.0, 50.0


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where a chart's values stand: y = `at_zero` + `per_unit` × value. `figures` are written beside it."""

    at_zero: float
    per_unit: float
    bottom: float
    figures: list[float]

    def y(self, values: FloatArray | float) -> FloatArray:
        return np.asarray(self.at_zero + self.per_unit * np.asarray(values))


def _axis(channel: Channel, top: float) -> _Axis:
    low, high, figures = round_scale(
        np.append(channel.values, 0.0 if channel.from_zero else np.nan), channel.least_spread
    )
    bottom = top + _CHART_PX - 30.0
    per_unit = -(bottom - top - _TITLE_PX) / (high - low)
    return _Axis(bottom - per_unit * low, per_unit, bottom, figures)


def _chart(channel: Channel, frame: Frame, drawn: ribbon.Profile, top: float) -> list[str]:
    left, right = float(drawn.line.left[0]), float(drawn.line.right[-1])
    axis = _axis(channel, top)
    bottom, y = axis.bottom, axis.y
    marks = [
        drawing.text(left, top, channel.title, "strong"),
        drawing.text(right, top, _said(channel, frame, brief=right < 500), "lab", "end"),
    ]
    for number in axis.figures:
        marks.append(drawing.path(drawing.level(left, right, float(y(number))), "grid"))
        marks.append(drawing.text(left - 6, float(y(number)) + 4.5, f"{number:g}", "lab", "end"))
    marks += _marks(channel, frame, drawn, y) if channel.marked else [_trace(channel.values, drawn, y)]
    return [*marks, *ribbon.break_marks(drawn.line, bottom - 4, bottom + 4)]


def round_scale(values: FloatArray, least_spread: float) -> tuple[float, float, list[float]]:
    """Low and high end of an axis that holds `values` and spans `least_spread`, and two or three round figures on it.

    >>> round_scale(np.array([104.0, 146.0]), 30.0)
    (100.0, 146.0, [100.0, 120.0, 140.0])
    """
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = max(least_spread - (high - low), 0.0) / 2
    low, high = max(low - margin, min(low, 0.0)), high + margin
    step = next(s for s in _STEPS if (high - low) / s <= 2.9 or s == _STEPS[-1])
    first = float(np.floor(low / step + 0.4) * step)
    figures = [round(float(n), 6) for n in np.arange(first, max(high, first) + 0.2 * step, step)]
    return min(first, low), max(figures[-1], high), figures


_STEPS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def _said(channel: Channel, frame: Frame, *, brief: bool) -> str:
    """The chart's own numbers: average and highest, or the medians by direction."""
    number = f"{{:.{channel.decimals}f}}".format
    if not channel.marked:
        return (
            f"{number(np.nanmean(channel.values))} {channel.unit} average, {number(np.nanmax(channel.values))} highest"
        )
    signs = direction_signs(frame)
    parts = []
    for sign, word in ((-1.0, "back"), (1.0, "forward")):
        chosen = channel.values[signs == sign]
        if np.isfinite(chosen).any():
            parts.append(f"{number(np.nanmedian(chosen))} {word}")
    return f"{'' if brief else 'median '}{', '.join(parts)}, {channel.unit}" if parts else channel.unit


def _trace(values: FloatArray, drawn: ribbon.Profile, y: Callable[[FloatArray], FloatArray]) -> str:
    """A line through each column's mean, interrupted where the sensor was silent."""
    means = drawn.columns.mean(values)
    x = _middles(drawn)
    pieces = []
    for first, last in ribbon.stretches(drawn, np.isfinite(means)):
        if last - first == 1:
            pieces.append(drawing.level(float(x[first]) - 0.5, float(x[first]) + 0.5, float(y(means[first]))))
        else:
            pieces.append(drawing.polyline(x[first:last], y(means[first:last])))
    return drawing.path("".join(pieces), "trace")


def _middles(drawn: ribbon.Profile) -> FloatArray:
    return (drawn.line.x(drawn.columns.start_s) + drawn.line.x(drawn.columns.end_s)) / 2


def _marks(channel: Channel, frame: Frame, drawn: ribbon.Profile, y: Callable[[FloatArray], FloatArray]) -> list[str]:
    """A mark every few pixels: left-pointing chevrons backward, dots forward, rings unknown."""
    signs = direction_signs(frame)
    drawn_marks = []
    for sign, css in ((1.0, "fdot"), (-1.0, "chev"), (0.0, "udot")):
        x, height = _sparse(channel.values, signs == sign, drawn)
        shapes = (_MARKS[css](a, b) for a, b in zip(x.tolist(), y(height).tolist(), strict=True))
        drawn_marks.append(drawing.path("".join(shapes), css))
    return drawn_marks


def _sparse(values: FloatArray, where: BoolArray, drawn: ribbon.Profile) -> tuple[FloatArray, FloatArray]:
    """Places [px] and means of `values`, at most one every `_MARK_PX` pixels."""
    means, x = drawn.columns.mean(values, where), _middles(drawn)
    known = np.flatnonzero(np.isfinite(means))
    if not known.size:
        return np.empty(0), np.empty(0)
    slot = np.floor(x[known] / _MARK_PX).astype(np.int64)
    _, index = np.unique(slot, return_inverse=True)
    count = np.bincount(index)
    return np.bincount(index, x[known]) / count, np.bincount(index, means[known]) / count


def _chevron(x: float, y: float) -> str:
    return f"M{drawing.short(x + 2)} {drawing.short(y - 3)}l-4 3l4 3"


def _dot(x: float, y: float) -> str:
    return f"M{drawing.short(x)} {drawing.short(y)}h.1"


def _ring(x: float, y: float) -> str:
    return f"M{drawing.short(x - 2)} {drawing.short(y)}a2 2 0 1 0 4 0a2 2 0 1 0-4 0"


_MARKS: dict[str, Callable[[float, float], str]] = {"chev": _chevron, "fdot": _dot, "udot": _ring}


#: What a cursor may say of a moment.
WAYS = (
    "",
    "standing",
    "forward ›",
    "forward ›, assumed",
    "‹ backward",
    "which way is unknown",
    "sideways",
    "other sport",
)
_STILL = (0, 1)


def readings(frame: Frame, columns: Columns, system: System) -> dict[str, list[float | None]]:
    """The numbers under a cursor, one entry per column: time, way (index into `WAYS`), speed, heart rate, cadence.

    None where missing. Where a column holds several ways, it tells the one that fills most of it.
    """
    factor, _ = shown(1.0, "m/s", system)
    ways = _way_codes(frame)
    most = np.argmax([columns.share(ways == code) for code in range(len(WAYS))], axis=0)
    same = (ways == most[columns.of_sample]) & ~np.isin(ways, _STILL)
    return {
        "t": [round(float(s), 1) for s in columns.start_s],
        "way": most.tolist(),
        "speed": _plain(columns.mean(frame.grid.speed_mps * factor, same), 2),
        "heart_rate": _plain(columns.mean(frame.grid.heart_rate_bpm), 0),
        "cadence": _plain(columns.mean(frame.grid.cadence_spm, same), 0),
    }


def cursor(frame: Frame, widths: Sequence[float], system: System, *, speed: bool = False) -> dict[str, Any]:
    """What a cursor over the figure needs, ready for JSON; empty where the frame is.

    `readings`, one entry per column of the widest drawing; `places`: by width the pieces of time as [start s, end s, x from,
    x to]; `lines`: by width and channel [y at zero, y per unit], the ribbon's for signed speed.
    """
    wide = timeline(frame.grid, GUTTER_PX, max(widths))
    if wide is None:
        return {}
    told: dict[str, Any] = readings(frame, columns(wide, frame.grid), system)
    return told | {
        "places": {str(int(width)): _places(frame, width) for width in widths},
        "lines": {str(int(width)): _lines(frame, width, system, speed=speed) for width in widths},
        "ways": WAYS,
        "unit": shown(1.0, "m/s", system)[1],
    }


def _places(frame: Frame, width: float) -> list[list[float]]:
    line = timeline(frame.grid, GUTTER_PX, width)
    if line is None:
        return []
    pieces = zip(line.start_s, line.end_s, line.left, line.right, strict=True)
    return [[round(float(v), 1) for v in piece] for piece in pieces]


def _lines(frame: Frame, width: float, system: System, *, speed: bool) -> dict[str, list[float]]:
    drawn = ribbon.profile(frame.grid, frame.bouts, GUTTER_PX, width)
    if drawn is None:
        return {}
    top, bottom = _reach(width)
    fit = ribbon.scale(drawn, top, bottom, frame.plan)
    found = {"ribbon": [round(fit.zero, 1), round(-fit.px_per_mps / shown(1.0, "m/s", system)[0], 3)]}
    for number, channel in enumerate(channels(frame, system, speed=speed)):
        axis = _axis(channel, _first_chart(frame, bottom) + number * _CHART_PX)
        found[channel.key] = [round(axis.at_zero, 1), round(axis.per_unit, 4)]
    return found


def _way_codes(frame: Frame) -> IntArray:
    """Index into `WAYS` of each second (n,), 0 where no bout covers it."""
    codes = np.zeros(len(frame.grid), np.int64)
    known = {
        Direction.NONE: 1,
        Direction.FORWARD: 2,
        Direction.BACKWARD: 4,
        Direction.UNKNOWN: 5,
        Direction.SIDEWAYS: 6,
    }
    for bout in frame.bouts:
        first, last = np.searchsorted(frame.grid.time_s, [bout.start_s, bout.end_s])
        codes[first:last] = 7 if bout.gait is Gait.OTHER else 3 if bout.assumed else known[bout.direction]
    return codes


def _plain(values: FloatArray, decimals: int) -> list[float | None]:
    return [round(v, decimals) if np.isfinite(v) else None for v in values.tolist()]

"""Trend: figures of sessions over the days, each with its band; backward as chevrons, forward as dots, all else as rings.

Direction is told by the shape of the marks and by words, not by colour alone.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from retropace.recording import FloatArray
from retropace.views import drawing
from retropace.views.charts import round_scale
from retropace.views.picture import words_px

#: Room above, for figures on the right, and for days below [px].
_TOP, _RIGHT, _BELOW = 12.0, 44.0, 26.0
#: Room for one line of words above [px].
_WORDS = 20.0
#: More figures than these are specks, without a line.
_MOST_MARKS = 40
#: Band, line and mark of each kind.
_CSS = {"back": ("bandb", "be"), "forward": ("bandf", "fe"), "ink": ("bandi", "trace"), "other": ("bandi", "thin")}
_WORDS_CSS = {"back": "lb", "forward": "lf"}


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure with its band on one day."""

    day: dt.date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trace:
    """Figures that belong together. `kind` is back, forward, ink or other; `words` name it in a line above."""

    dots: Sequence[Dot]
    kind: str = "ink"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What figures are compared with: a band from `low` to `high`, or a dashed line where both are one."""

    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class Scale:
    """How figures are drawn: the axis spans at least `least`; `write` writes a figure; `down` puts larger ones lower."""

    least: float
    write: Callable[[float], str] = field(default=lambda value: f"{value:g}")
    down: bool = False


def trend(
    traces: Sequence[Trace],
    scale: Scale,
    *,
    label: str,
    day_words: Callable[[dt.date], str],
    reference: Reference | None = None,
    width: float = 288.0,
    height: float = 136.0,
) -> str:
    """The traces as an SVG element read out as `label`; nothing is drawn where there is no figure."""
    dots = [dot for trace in traces for dot in trace.dots]
    if not dots:
        return ""
    named = [trace for trace in traces if trace.words]
    frame = _Frame(dots, scale, reference, width, height, lines=bool(named) + (reference is not None))
    marks = _figures(frame, scale, width) + _names(named) + _reference(frame, reference, lines=bool(named))
    for trace in traces:
        marks += _trace(trace, frame)
    marks += _days(frame, day_words, height)
    return drawing.image(width, height, label, marks, "trend")


def spark(
    traces: Sequence[Trace],
    scale: Scale,
    *,
    label: str,
    reference: Reference | None = None,
    width: float = 132.0,
    height: float = 60.0,
) -> str:
    """The same without any words, small; a reference is a dashed line."""
    dots = [dot for trace in traces for dot in trace.dots]
    if not dots:
        return ""
    frame = _Frame(dots, scale, reference, width + _RIGHT - 8, height + _BELOW - 10, lines=0)
    edge = "" if reference is None else drawing.path(drawing.level(0, frame.right, frame.y(reference.low)), "edge")
    marks = [mark for trace in traces for mark in _trace(trace, frame)]
    return drawing.image(width, height, label, [edge, *marks], "spark")


class _Frame:
    """Where days and figures stand [px]."""

    def __init__(
        self, dots: Sequence[Dot], scale: Scale, reference: Reference | None, width: float, height: float, lines: int
    ) -> None:
        ends = [edge for dot in dots for edge in (dot.low, dot.high)]
        ends += [] if reference is None else [reference.low, reference.high]
        self.low, self.high, self.figures = round_scale(np.array(ends), scale.least)
        self.top = _TOP + _WORDS * lines
        self.bottom = height - _BELOW
        self.right = width - _RIGHT
        self.first, self.last = min(dot.day for dot in dots), max(dot.day for dot in dots)
        self.down = scale.down

    def x(self, day: dt.date) -> float:
        span = (self.last - self.first).days
        return 8.0 + ((day - self.first).days / span if span else 0.5) * (self.right - 16.0)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.top + (share if self.down else 1 - share) * (self.bottom - self.top)


def _figures(frame: _Frame, scale: Scale, width: float) -> list[str]:
    marks = []
    for figure in frame.figures:
        if frame.low <= figure <= frame.high:
            marks.append(drawing.path(drawing.level(0, frame.right, frame.y(figure)), "grid"))
            marks.append(drawing.text(width, frame.y(figure) + 5, scale.write(figure), "lab", "end"))
    return marks


def _names(traces: Sequence[Trace]) -> list[str]:
    """Each trace's mark with its words, side by side."""
    marks, x = [], 0.0
    for trace in traces:
        marks.append(_mark(trace.kind, x + 5, _TOP - 4))
        marks.append(drawing.text(x + 14, _TOP + 1, trace.words, _WORDS_CSS.get(trace.kind, "lab")))
        x += 14 + words_px(trace.words, 14) + 18
    return marks


def _reference(frame: _Frame, reference: Reference | None, *, lines: int) -> list[str]:
    if reference is None:
        return []
    high, low = sorted((frame.y(reference.low), frame.y(reference.high)))
    words = drawing.text(0, _TOP + 1 + _WORDS * lines, reference.words)
    if low - high < 1:
        return [drawing.path(drawing.level(0, frame.right, high), "edge"), words]
    return [drawing.rectangle(0, high, frame.right, low - high, "ref"), words]


def _trace(trace: Trace, frame: _Frame) -> list[str]:
    dots = sorted(trace.dots, key=lambda dot: dot.day)
    if not dots:
        return []
    band, line = _CSS[trace.kind]
    x = np.array([frame.x(dot.day) for dot in dots])
    low, value, high = (np.array([frame.y(getattr(dot, name)) for dot in dots]) for name in ("low", "value", "high"))
    marks = [drawing.path(_around(x, low, high), band)]
    if len(dots) > _MOST_MARKS:
        return [*marks, *(_speck(line, float(a), float(b)) for a, b in zip(x, value, strict=True))]
    if len(dots) > 1:
        marks.append(drawing.path(drawing.polyline(x, value), line))
    return [*marks, *(_mark(trace.kind, float(a), float(b)) for a, b in zip(x, value, strict=True))]


def _around(x: FloatArray, low: FloatArray, high: FloatArray) -> str:
    """Path data of a band; a band of one day is an upright stroke as wide as a mark."""
    if np.allclose(low, high):
        return ""
    if len(x) == 1:
        x, low, high = (np.repeat(values, 2) for values in (x, low, high))
        x = x + np.array([-4.0, 4.0])
    there = drawing.polyline(x, high)
    back = drawing.polyline(x[::-1], low[::-1]).replace("M", "L", 1)
    return f"{there}{back}Z"


def _speck(css: str, x: float, y: float) -> str:
    """A mark among so many that a line through them would show nothing."""
    return drawing.path(f"M{drawing.short(x - 0.8)} {drawing.short(y)}h1.6", css)


def _mark(kind: str, x: float, y: float) -> str:
    if kind == "back":
        return drawing.path(f"M{drawing.short(x + 2.5)} {drawing.short(y - 4)}l-5 4l5 4", "chevb")
    if kind == "forward":
        return f'<circle cx="{drawing.short(x)}" cy="{drawing.short(y)}" r="3.2" class="dotf"/>'
    css = "doti" if kind == "ink" else "doto"
    return f'<circle cx="{drawing.short(x)}" cy="{drawing.short(y)}" r="3.2" class="{css}"/>'


def _days(frame: _Frame, day_words: Callable[[dt.date], str], height: float) -> list[str]:
    """The first and the last day."""
    if frame.first == frame.last:
        return [drawing.text(frame.x(frame.first), height - 4, day_words(frame.first), "lab", "middle")]
    return [
        drawing.text(0, height - 4, day_words(frame.first)),
        drawing.text(frame.right, height - 4, day_words(frame.last), "lab", "end"),
    ]

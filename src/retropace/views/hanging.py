"""Hanging bars: what was gone backward, growing down from the line and hatched; the plan beside it as a dashed outline."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retropace.views import drawing

#: Steps of the scale [s]: from a few seconds to hours, in round minutes.
_STEPS_S = (5, 10, 15, 30, 60, 120, 240, 300, 600, 1200, 1800, 3600, 7200, 14_400, 36_000)
#: Room for the words above the line, the scale's figures on the right and the marks below [px].
_TOP, _RIGHT, _BELOW = 24.0, 46.0, 30.0
#: A bar takes this share of its place, and is never wider [px].
_SHARE, _WIDEST = 0.7, 56.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One week or session: `recorded` a sensor saw and `told` rests on somebody's word, `planned` beside them [s].

    `mark` stands below the bar; `lighter` weeks carry a diamond; `now` is set strong.
    """

    mark: str
    recorded: float = 0.0
    told: float = 0.0
    planned: float | None = None
    lighter: bool = False
    now: bool = False


def hanging(
    bars: Sequence[Bar],
    *,
    label: str,
    title: str,
    clock: Callable[[float], str],
    width: float,
    height: float,
    name: str,
) -> str:
    """The bars as an SVG element read out as `label`. `title` stands above the line; `clock` writes the scale's figures.

    `name` must be its own within a page.
    """
    highest = max((max(bar.recorded + bar.told, bar.planned or 0.0) for bar in bars), default=0.0)
    figures = scale_s(highest)
    reach = max(highest, figures[-1] if figures else 1.0)
    deep = height - _TOP - _BELOW
    per_s = deep / reach
    place = (width - _RIGHT) / max(len(bars), 1)
    marks = [f"<defs>{drawing.hatch(f'{name}h')}{drawing.hatch(f'{name}t', 7.0, 1.0)}</defs>"]
    marks += _scale(figures, per_s, width, clock)
    for number, bar in enumerate(bars):
        marks += _bar(bar, place * number, place, per_s, name)
    marks += _below(bars, place, height)
    marks.append(drawing.path(drawing.level(0, width, _TOP), "line"))
    marks.append(drawing.text(0, _TOP - 9, f"‹ {title}", "lb"))
    return drawing.image(width, height, label, marks, "hanging")


def scale_s(highest: float) -> list[float]:
    """One to three round figures up to `highest` [s].

    >>> scale_s(952), scale_s(0)
    ([240, 480, 720], [])
    """
    if highest <= 0:
        return []
    step = next((step for step in _STEPS_S if highest / step < 4), _STEPS_S[-1])
    return [step * k for k in range(1, max(1, math.floor(highest / step)) + 1)]


def _scale(figures: Sequence[float], per_s: float, width: float, clock: Callable[[float], str]) -> list[str]:
    marks = []
    for figure in figures:
        y = _TOP + figure * per_s
        marks.append(drawing.path(drawing.level(0, width - _RIGHT, y), "grid"))
        marks.append(drawing.text(width, y + 5, clock(figure), "lab", "end"))
    return marks


def _bar(bar: Bar, left: float, place: float, per_s: float, name: str) -> list[str]:
    wide = min(place * _SHARE, _WIDEST)
    x = left + (place - wide) / 2
    marks = []
    if bar.planned:
        marks.append(drawing.rectangle(x, _TOP, wide, bar.planned * per_s, "plan", radius=2))
    seen, told = bar.recorded * per_s, bar.told * per_s
    if told > 0:
        marks.append(drawing.rectangle(x, _TOP + seen, wide, told, "bb told", f"url(#{name}t)", radius=2))
    if seen > 0:
        marks.append(drawing.rectangle(x, _TOP, wide, seen, "bb", f"url(#{name}h)", radius=2))
    return marks


def _below(bars: Sequence[Bar], place: float, height: float) -> list[str]:
    marks = []
    for number, bar in enumerate(bars):
        middle = place * (number + 0.5)
        if bar.lighter:
            y = height - _BELOW + 8
            marks.append(drawing.path(f"M{drawing.short(middle)} {drawing.short(y - 4)}l4 4l-4 4l-4-4z", "diamond"))
        if bar.mark:
            x, anchor = (0.0, "start") if middle < 3.5 * len(bar.mark) else (middle, "middle")
            marks.append(drawing.text(x, height - 2, bar.mark, "strong" if bar.now else "lab", anchor))
    return marks

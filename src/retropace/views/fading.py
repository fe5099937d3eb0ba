"""Fading: what was felt after each session, one short line a session, in ink: a day and two days after, for example."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retropace.views import drawing

_TOP, _RIGHT, _BELOW = 26.0, 52.0, 26.0


@dataclass(frozen=True, slots=True)
class After:
    """What was said of one session, in the order of time; None where nothing was."""

    mark: str
    scores: tuple[float | None, ...]


def fading(
    sessions: Sequence[After],
    *,
    label: str,
    title: str,
    of_most: str,
    worst: float,
    width: float = 288.0,
    height: float = 124.0,
) -> str:
    """The sessions as an SVG element read out as `label`, `title` above. `of_most` writes the scale's top, `worst`."""
    top = max(worst, 1.0)
    deep = height - _TOP - _BELOW
    place = (width - _RIGHT) / max(len(sessions), 1)
    marks = [drawing.path(drawing.level(0, width - _RIGHT, y), "grid") for y in (_TOP, height - _BELOW)]
    marks.append(drawing.text(0, 12, title, "strong"))
    marks.append(drawing.text(width, _TOP + 5, of_most, "lab", "end"))
    marks.append(drawing.text(width, height - _BELOW + 5, "0", "lab", "end"))

    def y(value: float) -> float:
        return height - _BELOW - deep * min(value, top) / top

    for number, after in enumerate(sessions):
        left = place * number
        marks += _line(after, left, place, y)
        if after.mark:
            marks.append(drawing.text(left + place / 2, height - 4, after.mark, "lab", "middle"))
    return drawing.image(width, height, label, marks, "fading")


def _line(after: After, left: float, place: float, y: Callable[[float], float]) -> list[str]:
    step = place / max(2, len(after.scores))
    points = [(left + step * (n + 0.5), value) for n, value in enumerate(after.scores)]
    marks = [
        drawing.path(drawing.stroke(x0, y(first), x1, y(second)), "trace")
        for (x0, first), (x1, second) in pairwise(points)
        if first is not None and second is not None
    ]
    for x, value in points:
        if value is not None:
            marks.append(f'<circle cx="{drawing.short(x)}" cy="{drawing.short(y(value))}" r="2.8" class="doti"/>')
    return marks

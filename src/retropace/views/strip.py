"""Strip: the mirror ribbon in characters, for a terminal. Forward above the line, backward below it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retropace.bout import Bout
from retropace.recording import FloatArray
from retropace.signals import Grid
from retropace.views.chances import Chances
from retropace.views.figures import moment
from retropace.views.ribbon import Profile, profile

#: Eighths of a character growing up from the line; hanging below it only these three are in every font.
_UP = " ▁▂▃▄▅▆▇█"
_DOWN = " ▔▀█"
_ROWS = 2
#: Without block characters: one sign a row.
_PLAIN_UP, _PLAIN_DOWN = " #", " ="


@dataclass(frozen=True, slots=True)
class Strip:
    """Lines of equal width: `above` the line from the top, the `line` itself, `below` it downwards, and time marks."""

    above: tuple[str, ...]
    line: str
    below: tuple[str, ...]
    times: str


def strip(grid: Grid, bouts: Sequence[Bout], width: int, *, blocks: bool = True) -> Strip | None:
    """The ribbon `width` characters wide; None where there is nothing to draw. `blocks` False keeps to ASCII.

    On the line: "?" unknown, "." standing, "~" sideways or other.
    """
    drawn = profile(grid, bouts, 0.0, float(width))
    if drawn is None:
        return None
    cells = _cells(drawn, width)
    forward = np.fmax(_on(drawn, cells, "forward run", width), _on(drawn, cells, "forward walk", width))
    backward = np.fmax(_on(drawn, cells, "backward run", width), _on(drawn, cells, "backward walk", width))
    highest = max(float(np.max(np.nan_to_num(forward))), float(np.max(np.nan_to_num(backward))), 1.0)
    up, down = (_UP, _DOWN) if blocks else (_PLAIN_UP, _PLAIN_DOWN)
    return Strip(
        above=tuple(reversed(_grown(forward / highest, up))),
        line=_line(drawn, cells, width, blocks=blocks),
        below=tuple(_grown(backward / highest, down)),
        times=_times(drawn, width),
    )


def _cells(drawn: Profile, width: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The character cell (m,) of each column, by where its middle stands."""
    middle = (drawn.line.x(drawn.columns.start_s) + drawn.line.x(drawn.columns.end_s)) / 2
    return np.clip(np.floor(middle), 0, width - 1).astype(np.int64)


def _on(drawn: Profile, cells: np.ndarray[tuple[int], np.dtype[np.int64]], strand: str, width: int) -> FloatArray:
    """Highest speed [m/s] of a strand in each cell (width,); NaN where it is absent. A short recording fills its gaps."""
    speeds = drawn.speed_mps[strand]
    highest = np.full(width, -np.inf)
    known = np.isfinite(speeds)
    first = drawn.line.x(drawn.columns.start_s[known])
    last = drawn.line.x(drawn.columns.end_s[known])
    np.maximum.at(highest, cells[known], speeds[known])
    for begin, end, speed in zip(np.ceil(first - 0.5), np.ceil(last - 0.5), speeds[known], strict=True):
        highest[int(begin) : int(end)] = np.maximum(highest[int(begin) : int(end)], speed)
    return np.where(np.isfinite(highest), highest, np.nan)


def _grown(share: FloatArray, signs: str) -> list[str]:
    """Rows from the line outwards, for heights of 0 to 1 of all rows (width,); whatever is there shows at least once."""
    steps = len(signs) - 1
    height = np.where(np.isfinite(share), np.maximum(np.round(np.nan_to_num(share) * _ROWS * steps), 1), 0).astype(int)
    return ["".join(signs[min(max(h - row * steps, 0), steps)] for h in height.tolist()) for row in range(_ROWS)]


def _line(drawn: Profile, cells: np.ndarray[tuple[int], np.dtype[np.int64]], width: int, *, blocks: bool) -> str:
    signs = ["─" if blocks else "-"] * width
    for strand, sign in (("standing", "·" if blocks else "."), ("other", "~"), ("unknown", "?")):
        there = np.flatnonzero(np.isfinite(_on(drawn, cells, strand, width)))
        for cell in there.tolist():
            signs[cell] = sign
    for begin, end, _ in drawn.line.breaks():
        for cell in range(int(begin), max(int(np.ceil(end)), int(begin) + 1)):
            signs[min(cell, width - 1)] = "/"
    return "".join(signs)


def _times(drawn: Profile, width: int) -> str:
    """The clock at the beginning and the end, and in the middle where there is room."""
    start, end = moment(float(drawn.line.start_s[0])), moment(float(drawn.line.end_s[-1]))
    halfway = np.interp(
        width / 2,
        np.ravel([drawn.line.left, drawn.line.right], "F"),
        np.ravel([drawn.line.start_s, drawn.line.end_s], "F"),
    )
    middle = moment(float(halfway))
    room = max(width - len(start) - len(end), 1)
    return start + (middle.center(room) if room > len(middle) + 8 else " " * room) + end


def chance_strip(grid: Grid, chances: Chances, width: int, *, blocks: bool = True) -> tuple[str, str]:
    """How probable forward and backward are, a line of `width` characters each: the taller the more; "?" where open."""
    drawn = profile(grid, (), 0.0, float(width))
    if drawn is None:
        return "", ""
    cells = _cells(drawn, width)
    signs = _UP if blocks else " .:#"
    known = ~chances.open_
    lines = []
    for share in (chances.forward, chances.backward):
        mean, seen = (drawn.columns.mean(np.where(known, values, 0.0)) for values in (share, np.ones(len(grid))))
        height = np.full(width, np.nan)
        for cell in range(width):
            inside = (cells == cell) & np.isfinite(mean)
            if inside.any():
                height[cell] = np.nan if seen[inside].mean() < 0.5 else mean[inside].mean()
            elif cell:
                height[cell] = height[cell - 1]
        lines.append("".join("?" if np.isnan(h) else signs[round(h * (len(signs) - 1))] for h in height.tolist()))
    return lines[0], lines[1]

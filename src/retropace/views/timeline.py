"""Timeline: where each second stands on a drawing, shared by the ribbon and the charts under it.

Time runs right. Silences that would waste the picture are cut out and leave a break mark. However long the recording, a
drawing has about one column per pixel: `Columns` says which seconds share one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retropace.recording import FloatArray
from retropace.signals import STEP_S, Grid

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: A silence is cut out where it is longer than both: seconds, and this share of what was recorded.
CUT_S, CUT_SHARE = 60.0, 0.04
#: Width of one break mark [px], and the share of the drawing that all of them may take.
BREAK_PX, BREAKS_SHARE = 14.0, 0.2
#: Distances between time marks [s] that a reader can count in.
_TICK_STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
_LEAST_TICK_PX = 62.0
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Pieces of recorded time side by side: piece i shows [start_s[i], end_s[i]) from x left[i] to right[i]."""

    start_s: FloatArray
    end_s: FloatArray
    left: FloatArray
    right: FloatArray

    @property
    def recorded_s(self) -> float:
        """Seconds shown."""
        return float(np.sum(self.end_s - self.start_s))

    @property
    def px_per_s(self) -> float:
        """Scale, one for all pieces."""
        return float(np.sum(self.right - self.left)) / self.recorded_s

    def x(self, time_s: float | FloatArray) -> FloatArray:
        """Where `time_s` stands; a moment within a cut stands within its break mark."""
        times = np.stack([self.start_s, self.end_s], axis=1).ravel()
        places = np.stack([self.left, self.right], axis=1).ravel()
        return np.asarray(np.interp(time_s, times, places))

    def breaks(self) -> list[tuple[float, float, float]]:
        """(x from, x to, seconds left out) of every cut."""
        lost = self.start_s[1:] - self.end_s[:-1]
        return list(zip(self.right[:-1].tolist(), self.left[1:].tolist(), lost.tolist(), strict=True))


def timeline(grid: Grid, left: float, right: float) -> Timeline | None:
    """The grid's time between two x [px]; None where there is none."""
    if not len(grid):
        return None
    starts, ends = _pieces(grid)
    cuts = starts.size - 1
    gap = min(BREAK_PX, BREAKS_SHARE * (right - left) / cuts) if cuts else 0.0
    length = ends - starts
    scale = (right - left - gap * cuts) / length.sum()
    lefts = left + np.concatenate([[0.0], np.cumsum(length * scale + gap)[:-1]])
    return Timeline(starts, ends, lefts, lefts + length * scale)


def _pieces(grid: Grid) -> tuple[FloatArray, FloatArray]:
    """Start and end [s] of the pieces left when long silences are cut out."""
    jumps = np.diff(grid.time_s) - STEP_S
    longest = max(CUT_S, CUT_SHARE * len(grid) * STEP_S)
    cuts = np.flatnonzero(jumps > longest)
    first, last = np.append(0, cuts + 1), np.append(cuts, len(grid) - 1)
    return grid.time_s[first], grid.time_s[last] + STEP_S


@dataclass(frozen=True, slots=True)
class Columns:
    """Which seconds share a pixel: `of_sample` (n,) numbers the column of each second of the grid.

    Column i shows [start_s[i], end_s[i]); `piece` (m,) is its piece of the timeline.
    """

    of_sample: IntArray
    start_s: FloatArray
    end_s: FloatArray
    piece: IntArray

    def __len__(self) -> int:
        return int(self.start_s.size)

    def mean(self, values: FloatArray, where: BoolArray | None = None) -> FloatArray:
        """Mean (m,) of the finite `values` (n,) of each column, only those `where` True; NaN where there is none."""
        chosen = np.isfinite(values) if where is None else np.isfinite(values) & where
        total = np.bincount(self.of_sample[chosen], values[chosen], minlength=len(self))
        count = np.bincount(self.of_sample[chosen], minlength=len(self))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(total / count)

    def share(self, where: BoolArray) -> FloatArray:
        """Share (m,) of each column's seconds that are True; zero where a column holds no second."""
        count = np.bincount(self.of_sample, minlength=len(self))
        hits = np.bincount(self.of_sample[where], minlength=len(self))
        return np.asarray(hits / np.maximum(count, 1))


def columns(line: Timeline, grid: Grid, px: float = 1.0) -> Columns:
    """Columns at least `px` wide and at least a second long: no more than the drawing's width, plus one per piece."""
    step = max(STEP_S, px / line.px_per_s)
    count = np.maximum(np.ceil((line.end_s - line.start_s) / step - 1e-9), 1).astype(np.int64)
    offset = np.concatenate([[0], np.cumsum(count)[:-1]])
    piece = np.repeat(np.arange(count.size), count)
    within = np.arange(count.sum()) - offset[piece]
    start = line.start_s[piece] + within * step
    sample_piece = np.clip(np.searchsorted(line.start_s, grid.time_s, side="right") - 1, 0, count.size - 1)
    place = np.floor((grid.time_s - line.start_s[sample_piece]) / step + 1e-9).astype(np.int64)
    of_sample = offset[sample_piece] + np.clip(place, 0, count[sample_piece] - 1)
    return Columns(of_sample, start, np.minimum(start + step, line.end_s[piece]), piece)


def ticks(line: Timeline) -> list[tuple[float, str]]:
    """Place and words of the time marks: elapsed time at round steps, far enough apart to be read."""
    if line.end_s[-1] - line.start_s[0] > 2 * _DAY_S:
        return _thinned([(float(line.x(moment)), f"day {int(moment // _DAY_S) + 1}") for moment in _day_starts(line)])
    step = next((s for s in _TICK_STEPS_S if s * line.px_per_s >= _LEAST_TICK_PX), _TICK_STEPS_S[-1])
    hours = bool(line.end_s[-1] > 7200)
    marks = []
    for start, end in zip(line.start_s, line.end_s, strict=True):
        moments = np.arange(np.ceil(start / step) * step, end + 1e-9, step)
        marks.extend([(float(line.x(s)), _elapsed(s, step, hours=hours)) for s in moments.tolist()])
    return _thinned(marks)


def _thinned(marks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    kept: list[tuple[float, str]] = []
    for mark in marks:
        if not kept or (mark[0] - kept[-1][0] >= 0.9 * _LEAST_TICK_PX and mark[1] != kept[-1][1]):
            kept.append(mark)
    return kept


def _day_starts(line: Timeline) -> list[float]:
    """The first shown moment of every day of 24 hours since the recording's start."""
    moments: list[float] = []
    for start, end in zip(line.start_s.tolist(), line.end_s.tolist(), strict=True):
        moments += [start, *np.arange(np.floor(start / _DAY_S + 1) * _DAY_S, end, _DAY_S).tolist()]
    return moments


def _elapsed(seconds: float, step: float, *, hours: bool) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if hours:
        return (
            f"{minutes // 60}:{minutes % 60:02d} h" if step >= 60 else f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
        )
    return f"{minutes} min" if step >= 60 else f"{minutes}:{rest:02d}"

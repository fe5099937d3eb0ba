"""Ribbon: the mirror ribbon. Time runs right; speed along facing runs up (forward) and down (backward)."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retropace.bout import Bout
from retropace.plan import FollowedStep
from retropace.quantities import Direction, Gait, System, shown
from retropace.recording import FloatArray
from retropace.signals import Grid
from retropace.views import drawing
from retropace.views.timeline import BoolArray, Columns, Timeline, columns, ticks, timeline

#: Strands of the ribbon, in the order they are drawn.
STRANDS = ("forward run", "forward walk", "backward run", "backward walk", "other", "standing", "unknown")
_FORWARD, _BACKWARD = ("forward run", "forward walk"), ("backward run", "backward walk")
#: Height [m/s] drawn where a bout's speed is unknown, and for planned steps without a speed nobody has run yet.
NOMINAL_MPS = 1.0
#: The scale shows at least this much [m/s] above the line and below it, so that an all-forward run keeps its mirror.
_LEAST_UP_MPS, _LEAST_DOWN_MPS = 1.0, 0.6
#: Sideways and other movement has no speed along facing: a band of this half height [px] on the line.
_OTHER_PX = 5.0
#: An unknown stretch is outlined at least this far [px] to both sides, and named where it is this wide [px].
_UNKNOWN_PX, _NAMED_PX = 7.0, 58.0
_MOST_PLAN_BLOCKS = 240
#: Left of the drawing, for the figures of its axis [px].
GUTTER_PX = 36.0
#: About how wide one letter of a 14 px label is [px].
_LETTER_PX = 7.4


def strand_of(bout: Bout) -> str:
    """The strand that `bout` is drawn on."""
    if bout.direction is Direction.SIDEWAYS or bout.gait is Gait.OTHER:
        return "other"
    if bout.direction is Direction.UNKNOWN:
        return "unknown"
    if bout.direction is Direction.NONE:
        return "standing"
    return f"{bout.direction.value} {'walk' if bout.gait is Gait.WALK else 'run'}"


def strand_codes(grid: Grid, bouts: Sequence[Bout]) -> FloatArray:
    """Index into `STRANDS` of each second (n,), NaN where no bout covers it."""
    codes = np.full(len(grid), np.nan)
    for bout in bouts:
        first, last = np.searchsorted(grid.time_s, [bout.start_s, bout.end_s])
        codes[first:last] = STRANDS.index(strand_of(bout))
    return codes


def assumed_seconds(grid: Grid, bouts: Sequence[Bout]) -> BoolArray:
    """Which seconds (n,) are forward by assumption only."""
    marked = np.zeros(len(grid), bool)
    for bout in bouts:
        if bout.assumed:
            first, last = np.searchsorted(grid.time_s, [bout.start_s, bout.end_s])
            marked[first:last] = True
    return marked


@dataclass(frozen=True, slots=True)
class Profile:
    """The ribbon's numbers, one column per pixel: `speed_mps` by strand (m,), NaN where the strand is absent."""

    line: Timeline
    columns: Columns
    speed_mps: dict[str, FloatArray]
    assumed: FloatArray
    speed_seen: bool

    def highest(self, strands: Iterable[str]) -> float:
        """The largest speed [m/s] drawn on any of `strands`; 0.0 where there is none."""
        return max((float(np.nanmax(v)) for s in strands if np.isfinite(v := self.speed_mps[s]).any()), default=0.0)


def profile(grid: Grid, bouts: Sequence[Bout], left: float, right: float) -> Profile | None:
    """The ribbon between two x [px]; None where the grid is empty."""
    line = timeline(grid, left, right)
    if line is None:
        return None
    shared = columns(line, grid)
    codes = strand_codes(grid, bouts)
    moving = np.isin(codes, [STRANDS.index(s) for s in (*_FORWARD, *_BACKWARD, "unknown")])
    seen = np.isfinite(grid.speed_mps)
    speed = np.where(seen, grid.speed_mps, NOMINAL_MPS)
    by_strand = {strand: shared.mean(speed, codes == index) for index, strand in enumerate(STRANDS)}
    return Profile(line, shared, by_strand, shared.share(assumed_seconds(grid, bouts)), bool(seen[moving].any()))


@dataclass(frozen=True, slots=True)
class Scale:
    """Speed to y: `zero` is the line's y [px]; one scale on both sides."""

    zero: float
    px_per_mps: float

    def y(self, velocity_mps: FloatArray | float) -> FloatArray:
        """Where a signed speed stands: forward up, backward down."""
        return np.asarray(self.zero - self.px_per_mps * np.asarray(velocity_mps))


def scale(ribbon: Profile, top: float, bottom: float, plan: Sequence[FollowedStep] = ()) -> Scale:
    """The scale that fits the ribbon (and the plan's own speeds) between two y [px]."""
    steps = [followed.step for followed in plan]
    asked = {d: max((s.speed_mps or 0.0 for s in steps if s.direction is d), default=0.0) for d in Direction}
    unknown = ribbon.highest(["unknown"])
    up = max(ribbon.highest(_FORWARD), unknown, asked[Direction.FORWARD], _LEAST_UP_MPS)
    backward = max(ribbon.highest(_BACKWARD), unknown, asked[Direction.BACKWARD])
    down = max(backward, 0.25 * up, _LEAST_DOWN_MPS)
    per_mps = (bottom - top) / (up + down) * 0.97
    return Scale(top + up * per_mps / 0.97, per_mps)


def marks(ribbon: Profile, fit: Scale, name: str, *, bold: bool = True) -> list[str]:
    """The ribbon's own shapes, without axis or words. `name` prefixes its patterns; `bold` False for thumbnails."""
    pitch = (4.6, 1.8) if bold else (3.6, 1.2)
    drawn = [f"<defs>{drawing.hatch(f'{name}h', *pitch)}{drawing.dots(f'{name}d')}</defs>"]
    for strand in (*_FORWARD, *_BACKWARD):
        drawn.extend(_strand(ribbon, fit, strand, name))
    drawn.extend(_other(ribbon, fit, name))
    drawn.extend(_unknown(ribbon, fit))
    ends = zip(ribbon.line.left.tolist(), ribbon.line.right.tolist(), strict=True)
    drawn.append(drawing.path("".join(drawing.level(a, b, fit.zero) for a, b in ends), "line"))
    drawn.extend(_standing(ribbon, fit))
    drawn.extend(break_marks(ribbon.line, fit.zero - 7, fit.zero + 7))
    return drawn


def _edges(ribbon: Profile, first: int, last: int) -> tuple[FloatArray, FloatArray]:
    """Where the left and right edges of columns first..last-1 stand."""
    x = ribbon.line.x
    return x(ribbon.columns.start_s[first:last]), x(ribbon.columns.end_s[first:last])


def stretches(ribbon: Profile, present: BoolArray) -> list[tuple[int, int]]:
    """Runs of columns that touch: a run ends where its piece of the timeline ends."""
    found: list[tuple[int, int]] = []
    for first, last in drawing.runs(present):
        cuts = first + 1 + np.flatnonzero(np.diff(ribbon.columns.piece[first:last]))
        edges = [first, *cuts.tolist(), last]
        found.extend(itertools.pairwise(edges))
    return found


def _outline(ribbon: Profile, fit: Scale, heights: FloatArray, first: int, last: int) -> tuple[FloatArray, FloatArray]:
    """Points along the top (or bottom) of a run of columns: its two edges and the middles between."""
    left, right = _edges(ribbon, first, last)
    tops = fit.y(heights[first:last])
    x = np.concatenate([left[:1], (left + right) / 2, right[-1:]])
    return x, np.concatenate([tops[:1], tops, tops[-1:]])


def _strand(ribbon: Profile, fit: Scale, strand: str, name: str) -> list[str]:
    """One strand's areas and edges; what is forward by assumption only is pale, with a dashed edge."""
    backward = strand in _BACKWARD
    heights = ribbon.speed_mps[strand] * (-1.0 if backward else 1.0)
    assumed = ribbon.assumed > 0.5
    css = {"forward run": "fr", "forward walk": "fw", "backward run": "", "backward walk": "bw"}[strand]
    if backward:
        return _areas(ribbon, fit, heights, (css, "be"), f"url(#{name}h)")
    return [
        *_areas(ribbon, fit, np.where(assumed, np.nan, heights), (css, "fe")),
        *_areas(ribbon, fit, np.where(assumed, heights, np.nan), ("fp", "fa")),
    ]


def _areas(ribbon: Profile, fit: Scale, heights: FloatArray, css: tuple[str, str], paint: str = "") -> list[str]:
    areas, edges = [], []
    for first, last in stretches(ribbon, np.isfinite(heights)):
        x, y = _outline(ribbon, fit, heights, first, last)
        edge = drawing.polyline(x, y)
        close = f"V{drawing.short(fit.zero)}H{drawing.short(float(x[0]))}Z"
        areas.append(edge + close)
        edges.append(edge + close if paint else edge)
    return [drawing.path("".join(areas), css[0], paint), drawing.path("".join(edges), css[1])]


def _other(ribbon: Profile, fit: Scale, name: str) -> list[str]:
    drawn = []
    for first, last in stretches(ribbon, np.isfinite(ribbon.speed_mps["other"])):
        left, right = _edges(ribbon, first, last)
        x, width = float(left[0]), float(right[-1] - left[0])
        drawn.append(drawing.rectangle(x, fit.zero - _OTHER_PX, width, 2 * _OTHER_PX, "se", f"url(#{name}d)"))
    return drawn


def _unknown(ribbon: Profile, fit: Scale) -> list[str]:
    """Outlined to both sides: it was as fast as this, and either way."""
    least = _UNKNOWN_PX / fit.px_per_mps
    heights = np.maximum(ribbon.speed_mps["unknown"], least)
    shapes = []
    for first, last in stretches(ribbon, np.isfinite(heights)):
        x, above = _outline(ribbon, fit, heights, first, last)
        below = 2 * fit.zero - above
        shapes.append(drawing.polyline(np.concatenate([x, x[::-1]]), np.concatenate([above, below[::-1]])) + "Z")
    return [drawing.path("".join(shapes), "un")]


def _standing(ribbon: Profile, fit: Scale) -> list[str]:
    lines = []
    for first, last in stretches(ribbon, np.isfinite(ribbon.speed_mps["standing"])):
        left, right = _edges(ribbon, first, last)
        start = float(left[0]) + 1.5
        lines.append(drawing.level(start, max(float(right[-1]) - 1.5, start + 0.1), fit.zero))
    return [drawing.path("".join(lines), "st")]


def break_marks(line: Timeline, top: float, bottom: float) -> list[str]:
    """// where time was cut out."""
    strokes = []
    for start, end, _ in line.breaks():
        middle, lean = (start + end) / 2, min(3.0, (end - start) / 4)
        strokes += [drawing.stroke(x - lean, bottom, x + lean, top) for x in (middle - lean, middle + lean)]
    return [drawing.path("".join(strokes), "slash")]


def plan_marks(ribbon: Profile, fit: Scale, plan: Sequence[FollowedStep]) -> list[str]:
    """The planned steps as dashed outlines, each as long as prescribed from where it was begun.

    A step without a speed is as high as what was run that way.
    """
    heights = {strand: _typical(ribbon, strand) for strand in (*_FORWARD, *_BACKWARD)}
    blocks = []
    for followed in plan[:_MOST_PLAN_BLOCKS]:
        step, begin = followed.step, followed.start_s
        strand = strand_of(Bout(begin, followed.end_s, step.gait, step.direction, 1.0, ()))
        x0, x1 = (float(ribbon.line.x(t)) for t in (begin, begin + step.duration_s))
        if strand in heights and x1 - x0 >= 1.0:
            height = (heights[strand] if step.speed_mps is None else step.speed_mps) * fit.px_per_mps
            y = fit.zero if strand in _BACKWARD else fit.zero - height
            blocks.append(drawing.rectangle(x0, y, x1 - x0, height, "plan"))
    return blocks


def _typical(ribbon: Profile, strand: str) -> float:
    known = ribbon.speed_mps[strand][np.isfinite(ribbon.speed_mps[strand])]
    return float(np.median(known)) if known.size else NOMINAL_MPS


def speed_axis(fit: Scale, top: float, bottom: float, left: float, right: float, system: System) -> list[str]:
    """Grid lines and figures at round speeds, the same magnitude above the line and below it."""
    factor, _ = shown(1.0, "m/s", system)
    px = fit.px_per_mps / factor
    step = next((s for s in (0.5, 1, 2, 5, 10) if s * px >= 30), 20)
    drawn = [drawing.text(left - 6, fit.zero + 4.5, "0", "lab", "end")]
    for side in (-1, 1):
        for count in range(1, 40):
            y = fit.zero + side * count * step * px
            if not top - 2 <= y <= bottom + 2:
                break
            drawn.append(drawing.path(drawing.level(left, right, y), "grid"))
            drawn.append(drawing.text(left - 6, y + 4.5, f"{count * step:g}", "lab", "end"))
    return drawn


def time_axis(line: Timeline, y: float) -> list[str]:
    """Time marks along the bottom, kept inside the drawing and clear of each other."""
    left, right = float(line.left[0]), float(line.right[-1])
    drawn, free_from = [], -math.inf
    for x, words in ticks(line):
        wide = _LETTER_PX * len(words)
        anchor = "start" if x - left < 2 else "end" if right - x < wide / 2 else "middle"
        begin = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        if begin >= free_from:
            drawn.append(drawing.text(x, y, words, "lab", anchor))
            free_from = begin + wide + 8
    return drawn


def unknown_names(ribbon: Profile, fit: Scale) -> list[str]:
    """The word "unknown" over stretches wide enough, or over the widest one."""
    spans = []
    for first, last in stretches(ribbon, np.isfinite(ribbon.speed_mps["unknown"])):
        left, right = _edges(ribbon, first, last)
        height = float(np.nanmax(ribbon.speed_mps["unknown"][first:last])) * fit.px_per_mps
        spans.append(
            (float(right[-1] - left[0]), float(left[0] + right[-1]) / 2, fit.zero - max(height, _UNKNOWN_PX) - 5)
        )
    widest = max(spans, default=None)
    low, high = float(ribbon.line.left[0]) + 29, float(ribbon.line.right[-1]) - 29
    return [
        drawing.text(min(max(x, low), high), y, "unknown", "strong", "middle")
        for width, x, y in spans
        if width >= _NAMED_PX or (width, x, y) == widest
    ]


def ribbon_svg(
    grid: Grid,
    bouts: Sequence[Bout],
    *,
    label: str,
    width: float = 600,
    height: float = 240,
    plan: Sequence[FollowedStep] = (),
    system: System = "metric",
    name: str = "r",
) -> str:
    """The mirror ribbon as an SVG element with axes and words. `label` is read out in its place, `name` must be its own.

    Where the grid is empty, the element is empty too.
    """
    left, right, top, bottom = GUTTER_PX, width, 22.0, height - 46.0
    drawn = profile(grid, bouts, left, right)
    if drawn is None:
        return drawing.image(width, height, label, [])
    fit = scale(drawn, top, bottom, plan)
    marked = panel(drawn, fit, (top, bottom), name, system, plan)
    return drawing.image(width, height, label, [*marked, *time_axis(drawn.line, height - 4)])


def panel(
    drawn: Profile,
    fit: Scale,
    reach: tuple[float, float],
    name: str,
    system: System,
    plan: Sequence[FollowedStep],
) -> list[str]:
    """Ribbon, speed axis, plan and words between the two y [px] of `reach`; words stand just outside."""
    top, bottom = reach
    left, right = float(drawn.line.left[0]), float(drawn.line.right[-1])
    marked = speed_axis(fit, top, bottom, left, right, system) if drawn.speed_seen else []
    marked += plan_marks(drawn, fit, plan)
    marked += marks(drawn, fit, name)
    marked += unknown_names(drawn, fit)
    moves = any(np.isfinite(drawn.speed_mps[strand]).any() for strand in (*_FORWARD, *_BACKWARD, "unknown"))
    without = "no speed: heights say nothing" if moves else ""
    unit = shown(1.0, "m/s", system)[1] if drawn.speed_seen else without
    marked += [drawing.text(left, top - 12, "forward ›", "lf"), drawing.text(right, top - 12, unit, "lab", "end")]
    marked.append(drawing.text(left, bottom + 20, "‹ backward", "lb"))
    if plan:
        marked.append(drawing.text(right, bottom + 20, "dashed outline: planned", "lab", "end"))
    return marked


def thumbnail(
    grid: Grid,
    bouts: Sequence[Bout],
    *,
    label: str,
    width: float = 350,
    height: float = 44,
    selected_s: tuple[float, float] | None = None,
    name: str = "t",
) -> str:
    """The ribbon alone, small, without words; a frame around `selected_s` where given."""
    drawn = profile(grid, bouts, 1.0, width - 1.0)
    if drawn is None:
        return drawing.image(width, height, label, [])
    marked = marks(drawn, scale(drawn, 4.0, height - 4.0), name, bold=False)
    if selected_s is not None:
        x0, x1 = (float(drawn.line.x(moment)) for moment in selected_s)
        marked.append(drawing.rectangle(x0, 1, max(x1 - x0, 2.0), height - 2, "select", radius=4))
    return drawing.image(width, height, label, marked)

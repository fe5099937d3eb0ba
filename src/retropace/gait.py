"""Gait: how the feet moved in one stretch, from what the device wrote once a second, or raw motion in its stead.

Nothing here knows a direction. Where walking ends and running begins is decided below, in `witness`. A watch's contact time
and vertical oscillation come from methods made for forward running; nobody has checked them backward.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, pairwise, starmap

import numpy as np

from retropace.form import Form
from retropace.recording import FloatArray
from retropace.signals import STEP_S, BoolArray, Grid, IntArray, Parts
from retropace.sources import cited

#: Slower seconds do not count as moving. Older people who fall walk backward at up to 0.6 m/s, so it lies well below.
MOVING_MPS = cited(0.2, "m/s", "design", "fritz_2013")
#: A figure needs its channel in at least this share of the seconds it stands for.
ENOUGH = cited(0.5, "ratio", "design")
#: Files write whole cycles of one leg per minute: cadence is no finer than this many steps per minute.
CADENCE_RESOLUTION_SPM = cited(1.0, "steps/min", "design")
#: Mean absolute distance error of the worst of eight watches with positioning, over 404 to 4297 m.
POSITION_ERROR = cited(0.061, "ratio", "gilgen_ammann_2020")
#: Without positions nobody knows where the distance comes from, a foot pod, a treadmill, a wrist: our caution.
BLIND_ERROR = cited(0.10, "ratio", "design")
#: Steps that raw motion counts too many or too few: nine of ten counted walks and runs, at any placement, lie within 5.7 %.
MOTION_STEPS_ERROR = cited(0.06, "ratio", "own_validation")
#: Median contact time of a walk that raw motion of a foot gives, against a laboratory: the worst of 36 walks.
MOTION_CONTACT_MS = cited(40.0, "ms", "own_validation")


@dataclass(frozen=True, slots=True)
class Spread:
    """Median with the middle half of the seconds around it."""

    low: float
    median: float
    high: float

    def times(self, factor: float) -> "Spread":
        """The same times a positive `factor`."""
        return Spread(self.low * factor, self.median * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class GaitFigures:
    """What one stretch shows; None where the recording has no such channel for at least half of it.

    `step_length_own` says whether the step length is the device's own or speed divided by cadence. `impact`, `lean_deg`,
    `symmetry` and `smoothness` are those of `Form`. `by_motion` names the channels that raw motion filled here because the
    device was silent.
    """

    paused_s: float
    moving_s: float | None
    distance_m: float | None
    positioned: bool
    cadence_spm: float | None
    steps: float | None
    step_length_m: Spread | None
    step_length_own: bool
    contact_time_ms: Spread | None
    vertical_oscillation_mm: Spread | None
    heart_rate_bpm: float | None
    heart_rate_max_bpm: float | None
    impact: Spread | None
    lean_deg: Spread | None
    symmetry: Spread | None
    smoothness: Spread | None
    by_motion: frozenset[str]

    @property
    def speed_mps(self) -> float | None:
        """Distance over moving time [m/s]; None where either is missing or nothing moved."""
        if self.distance_m is None or self.moving_s is None or self.moving_s <= 0:
            return None
        return self.distance_m / self.moving_s

    @property
    def duty_factor(self) -> Spread | None:
        """Share of a stride that one foot is on the ground; a step is half a stride.

        None where contact time or cadence is missing.
        """
        contact, cadence = self.contact_time_ms, self.cadence_spm
        if contact is None or not cadence:
            return None
        return contact.times(cadence / 60 / 2 / 1000)

    @property
    def flight_time_ms(self) -> Spread | None:
        """Time in the air between one foot's final and the other's initial contact: what contact leaves of a step.

        None where either is missing, or a foot is always down.
        """
        contact, cadence = self.contact_time_ms, self.cadence_spm
        if contact is None or not cadence:
            return None
        step_ms = 60_000 / cadence
        left = Spread(step_ms - contact.high, step_ms - contact.median, step_ms - contact.low)
        return left if left.median > 0 else None


def figures(grid: Grid, parts: Parts, form: Form | None = None) -> list[GaitFigures]:
    """Every figure of each of the `parts` of `grid`, and of `form` where there was raw motion."""
    going = parts.only(~grid.paused[parts.rows])
    path, cadence = path_speed_mps(grid)[going.rows], grid.cadence_spm[going.rows]
    moving = moving_seconds(path, cadence)
    moved = going.only(moving)
    way, by_motion = totals(path * STEP_S, going), _by_motion(grid, parts, form)
    steps = _steps(cadence, going, form, by_motion)
    own_length = middles(grid.step_length_m[moved.rows], moved)
    length = middles(step_length_m(path[moving], cadence[moving]), moved)
    moving_s = (moved.size * STEP_S).tolist()
    shown = {
        "paused_s": ((parts.size - going.size) * STEP_S).tolist(),
        "moving_s": [None if w is None and n is None else s for w, n, s in zip(way, steps, moving_s, strict=True)],
        "distance_m": way,
        "positioned": (parts.count(np.isfinite(grid.latitude_deg)[parts.rows]) > 0).tolist(),
        "cadence_spm": means(cadence[moving], moved),
        "steps": steps,
        "step_length_m": [own or other for own, other in zip(own_length, length, strict=True)],
        "step_length_own": [own is not None for own in own_length],
        "contact_time_ms": middles(grid.contact_time_ms[moved.rows], moved),
        "vertical_oscillation_mm": middles(grid.vertical_oscillation_mm[moved.rows], moved),
        "heart_rate_bpm": means(grid.heart_rate_bpm[going.rows], going),
        "heart_rate_max_bpm": highest(grid.heart_rate_bpm[going.rows], going),
        **{key: _of_form(form, key, going) for key in ("impact", "lean_deg", "symmetry", "smoothness")},
        "by_motion": by_motion,
    }
    return [GaitFigures(**dict(zip(shown, one, strict=True))) for one in zip(*shown.values(), strict=True)]


def _by_motion(grid: Grid, parts: Parts, form: Form | None) -> list[frozenset[str]]:
    """The channels of each part that are mostly filled by motion."""
    filled = [] if form is None else [key for key, mask in form.filled.items() if mask.any()]
    if form is None or not filled:
        return [frozenset()] * len(parts)
    mostly = np.stack([form.mostly(key, grid, parts) for key in filled], axis=1)
    return [frozenset(compress(filled, one)) for one in mostly.tolist()]


def _steps(
    cadence_spm: FloatArray, going: Parts, form: Form | None, by_motion: Sequence[frozenset[str]]
) -> list[float | None]:
    """Steps of each part, those that motion counted where cadence is its own."""
    counted = step_counts(cadence_spm, going)
    if form is None:
        return counted
    taken = totals(form.steps[going.rows], going)
    return [t if "cadence_spm" in keys else c for t, c, keys in zip(taken, counted, by_motion, strict=True)]


def _of_form(form: Form | None, key: str, going: Parts) -> list[Spread | None]:
    return [None] * len(going) if form is None else middles(getattr(form, key)[going.rows], going)


def path_speed_mps(grid: Grid) -> FloatArray:
    """Path speed (n,) [m/s]: metres of each second, or the speed channel where they are missing."""
    return np.where(np.isfinite(grid.moved_m), grid.moved_m / STEP_S, grid.speed_mps)


def moving_seconds(path_mps: FloatArray, cadence_spm: FloatArray) -> BoolArray:
    """Which seconds (n,) moved: by path where it is known, else by steps; where neither speaks, all."""
    by_path, by_steps = path_mps > MOVING_MPS.value, cadence_spm > 0
    silent = np.isnan(path_mps) & np.isnan(cadence_spm)
    return np.where(np.isfinite(path_mps), by_path, by_steps | silent)


def means(values: FloatArray, parts: Parts) -> list[float | None]:
    """Mean of the finite `values` (k,) of each part; None where they are fewer than `ENOUGH` of its seconds.

    >>> means(np.array([170.0, 174.0, np.nan, 170.0, np.nan, np.nan]), Parts.between(np.arange(6.0), [0, 3], [3, 6]))
    [172.0, None]
    """
    known = np.isfinite(values)
    count, total = parts.count(known), parts.total(np.where(known, values, 0.0))
    told = zip(_enough(count, parts).tolist(), total.tolist(), count.tolist(), strict=True)
    return [added / number if enough else None for enough, added, number in told]


def highest(values: FloatArray, parts: Parts) -> list[float | None]:
    """The highest of the finite `values` (k,) of each part; None where there is none."""
    known = np.isfinite(values)
    found = parts.only(known)
    begins = np.flatnonzero(np.diff(found.number, prepend=-1))
    peaks = dict(zip(found.number[begins].tolist(), np.maximum.reduceat(values[known], begins).tolist(), strict=True))
    return [peaks.get(part) for part in range(len(parts))]


def totals(per_second: FloatArray, parts: Parts) -> list[float | None]:
    """Sum over all seconds of each part, missing ones taken as the mean of its others; None where there are too few.

    >>> totals(np.array([2.0, np.nan, 3.0]), Parts.between(np.arange(3.0), [0], [3]))
    [7.5]
    """
    sizes = parts.size.tolist()
    return [None if m is None else m * size for m, size in zip(means(per_second, parts), sizes, strict=True)]


def step_counts(cadence_spm: FloatArray, parts: Parts) -> list[float | None]:
    """Steps of both feet in each part: cadence (k,) [steps/min] added up over its seconds.

    >>> step_counts(np.full(60, 180.0), Parts.between(np.arange(60.0), [0], [60]))
    [180.0]
    """
    return totals(cadence_spm * (STEP_S / 60), parts)


def step_length_m(speed_mps: FloatArray, cadence_spm: FloatArray) -> FloatArray:
    """Path length of one step (n,) [m]; NaN where cadence is below its own resolution.

    >>> step_length_m(np.array([3.0, 1.0]), np.array([180.0, 0.0]))
    array([ 1., nan])
    """
    stepping = cadence_spm >= CADENCE_RESOLUTION_SPM.value
    return np.where(stepping, 60 * speed_mps / np.where(stepping, cadence_spm, 1.0), np.nan)


def middles(values: FloatArray, parts: Parts) -> list[Spread | None]:
    """Median and quartiles of the finite `values` (k,) of each part; None where they are too few.

    >>> middles(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), Parts.between(np.arange(5.0), [0], [5]))
    [Spread(low=2.0, median=3.0, high=4.0)]
    """
    known = np.isfinite(values)
    if not known.any():
        return [None] * len(parts)
    ordered, count = values[known], parts.count(known)
    ends = np.cumsum(count)
    for first, last in pairwise([0, *ends.tolist()]):
        ordered[first:last].sort()
    enough = _enough(count, parts)
    spreads = starmap(Spread, _quartiles(ordered, ends[enough], count[enough]).T.tolist())
    return [next(spreads) if one else None for one in enough.tolist()]


def _quartiles(ordered: FloatArray, ends: IntArray, count: IntArray) -> FloatArray:
    """(3, p) of each part of `ordered`, its `count` values up to before `ends`; straight between neighbours."""
    place = np.multiply.outer([0.25, 0.5, 0.75], count - 1)
    before = place.astype(np.int64)
    lower, upper = (ordered[np.minimum(ends - count + at, ends - 1)] for at in (before, before + 1))
    quartiles: FloatArray = lower + (place - before) * (upper - lower)
    return quartiles


def _enough(count: IntArray, parts: Parts) -> BoolArray:
    """(p,) of which parts so many seconds are known that a figure may stand for all."""
    enough: BoolArray = (count > 0) & (count >= ENOUGH.value * parts.size)
    return enough

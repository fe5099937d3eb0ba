"""Gait: how the feet moved in one stretch, from what the device wrote once a second, or raw motion in its stead.

Nothing here knows a direction. Where walking ends and running begins is decided below, in `witness`. A watch's contact time
and vertical oscillation come from methods made for forward running; nobody has checked them backward.
"""

from dataclasses import dataclass

import numpy as np

from retropace.form import Form
from retropace.recording import FloatArray
from retropace.signals import STEP_S, BoolArray, Grid
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

    `path_mps` and `slope` (n,) belong to the seconds that were not paused, NaN where missing. `step_length_own` says
    whether the step length is the device's own or speed divided by cadence. `by_motion` names the channels that raw motion
    filled here because the device was silent.
    """

    path_mps: FloatArray
    slope: FloatArray
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
    by_motion: frozenset[str] = frozenset()

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


def figures(grid: Grid, form: Form | None = None) -> GaitFigures:
    """Every figure of the stretch that `grid` covers, and `form` with it where there was raw motion."""
    going = ~grid.paused
    path = path_speed_mps(grid)[going]
    cadence, pulse = grid.cadence_spm[going], grid.heart_rate_bpm[going]
    moving = moving_seconds(path, cadence)
    by_motion = frozenset() if form is None else frozenset(key for key in form.filled if form.fills(key, grid))
    way, steps = total(path * STEP_S), step_count(cadence)
    if form is not None and "cadence_spm" in by_motion:
        steps = total(form.steps[going])
    own_length = middle(grid.step_length_m[going][moving])
    return GaitFigures(
        path_mps=path,
        slope=grid.slope[going],
        paused_s=float(np.count_nonzero(grid.paused)) * STEP_S,
        moving_s=None if way is None and steps is None else float(np.count_nonzero(moving)) * STEP_S,
        distance_m=way,
        positioned=bool(np.isfinite(grid.latitude_deg).any()),
        cadence_spm=mean(cadence[moving]),
        steps=steps,
        step_length_m=own_length or middle(step_length_m(path[moving], cadence[moving])),
        step_length_own=own_length is not None,
        contact_time_ms=middle(grid.contact_time_ms[going][moving]),
        vertical_oscillation_mm=middle(grid.vertical_oscillation_mm[going][moving]),
        heart_rate_bpm=mean(pulse),
        heart_rate_max_bpm=highest(pulse),
        by_motion=by_motion,
    )


def path_speed_mps(grid: Grid) -> FloatArray:
    """Path speed (n,) [m/s]: metres of each second, or the speed channel where they are missing."""
    return np.where(np.isfinite(grid.moved_m), grid.moved_m / STEP_S, grid.speed_mps)


def moving_seconds(path_mps: FloatArray, cadence_spm: FloatArray) -> BoolArray:
    """Which seconds (n,) moved: by path where it is known, else by steps; where neither speaks, all."""
    by_path, by_steps = path_mps > MOVING_MPS.value, cadence_spm > 0
    silent = np.isnan(path_mps) & np.isnan(cadence_spm)
    return np.where(np.isfinite(path_mps), by_path, by_steps | silent)


def mean(values: FloatArray) -> float | None:
    """Mean of the finite values; None where they are fewer than `ENOUGH` of all.

    >>> mean(np.array([170.0, 174.0, np.nan])), mean(np.array([170.0, np.nan, np.nan]))
    (172.0, None)
    """
    known = values[np.isfinite(values)]
    return float(known.sum()) / known.size if _enough(known, values) else None


def highest(values: FloatArray) -> float | None:
    """The highest finite value; None where there is none."""
    known = values[np.isfinite(values)]
    return float(known.max()) if known.size else None


def total(per_second: FloatArray) -> float | None:
    """Sum over all seconds, missing ones taken as the mean of the others; None where there are too few.

    >>> total(np.array([2.0, np.nan, 3.0]))
    7.5
    """
    average = mean(per_second)
    return None if average is None else average * per_second.size


def step_count(cadence_spm: FloatArray) -> float | None:
    """Steps of both feet: cadence (n,) [steps/min] added up over its seconds.

    >>> step_count(np.full(60, 180.0))
    180.0
    """
    return total(cadence_spm * (STEP_S / 60))


def step_length_m(speed_mps: FloatArray, cadence_spm: FloatArray) -> FloatArray:
    """Path length of one step (n,) [m]; NaN where cadence is below its own resolution.

    >>> step_length_m(np.array([3.0, 1.0]), np.array([180.0, 0.0]))
    array([ 1., nan])
    """
    stepping = cadence_spm >= CADENCE_RESOLUTION_SPM.value
    return np.where(stepping, 60 * speed_mps / np.where(stepping, cadence_spm, 1.0), np.nan)


def middle(values: FloatArray) -> Spread | None:
    """Median and quartiles of the finite values; None where they are too few.

    >>> middle(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    Spread(low=2.0, median=3.0, high=4.0)
    """
    known = values[np.isfinite(values)]
    if not _enough(known, values):
        return None
    known.sort()
    return Spread(*(_quantile(known, share) for share in (0.25, 0.5, 0.75)))


def _quantile(ordered: FloatArray, share: float) -> float:
    """Straight between neighbours; written out because numpy's takes longer than the sorting."""
    place = share * (ordered.size - 1)
    before = int(place)
    lower, upper = float(ordered[before]), float(ordered[min(before + 1, ordered.size - 1)])
    return lower + (place - before) * (upper - lower)


def _enough(known: FloatArray, values: FloatArray) -> bool:
    return known.size > 0 and known.size >= ENOUGH.value * values.size

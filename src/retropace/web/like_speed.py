"""Like speed: heart rate of two sessions over the same speeds, so that going faster does not pass for being less fit."""

import math
from dataclasses import dataclass

import numpy as np

from retropace.estimate import Estimate
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.signals import STEP_S
from retropace.sources import Grade, cited
from retropace.summary import Summary

#: Speeds within one such step count as like [m/s].
SPEED_STEP_MPS = cited(0.2, "m/s", "design")
#: Fewer seconds than this at like speed, in either session, say nothing [s]; a speed passed by more quickly than that
#: is on the way to another.
LEAST_S, LEAST_AT_SPEED_S = cited(30.0, "s", "design"), cited(10.0, "s", "design")
#: A stretch counts as one look at the heart rate, a long one as one a minute [s]: neighbouring seconds are alike.
LOOK_S = cited(60.0, "s", "design")
#: Fewer looks than this give no spread, and without it no band.
_LEAST_LOOKS = 2
#: Files write whole beats, so no mean is surer than one beat either way.
_RESOLUTION_BPM = 1.0


@dataclass(frozen=True, slots=True)
class LikeSpeed:
    """Heart rate [1/min] of both at speeds that both have, from `low_mps` to `high_mps`, `seconds` of each.

    The band is two standard errors over stretches, for heart rate comes late and each stretch is one look at it.
    """

    first: Estimate
    second: Estimate
    low_mps: float
    high_mps: float
    seconds: float


@dataclass(frozen=True, slots=True)
class _Seconds:
    """Seconds of one gait and direction: `level` numbers the speed step, `look` the stretch; all (n,)."""

    level: FloatArray
    look: FloatArray
    heart_rate_bpm: FloatArray


def heart_rate_at_like_speed(first: Summary, second: Summary, direction: Direction, gait: Gait) -> LikeSpeed | None:
    """Heart rate of both over the speeds they share in one gait and direction; None where they share too little."""
    pair = [_seconds(summary, direction, gait) for summary in (first, second)]
    shared = {
        level: min(int(np.sum(pair[0].level == level)), int(np.sum(pair[1].level == level)))
        for level in set(pair[0].level.tolist()) & set(pair[1].level.tolist())
    }
    shared = {level: count for level, count in shared.items() if count * STEP_S >= LEAST_AT_SPEED_S.value}
    seconds = STEP_S * sum(shared.values())
    if seconds < LEAST_S.value:
        return None
    means = [_mean(part, shared) for part in pair]
    if means[0] is None or means[1] is None:
        return None
    step = SPEED_STEP_MPS.value
    return LikeSpeed(means[0], means[1], min(shared) * step, (max(shared) + 1) * step, seconds)


def _seconds(summary: Summary, direction: Direction, gait: Gait) -> _Seconds:
    grid = summary.grid
    look = np.full(len(grid), np.nan)
    for number, item in enumerate(summary.bouts):
        if item.bout.direction is direction and item.bout.gait is gait:
            first, last = np.searchsorted(grid.time_s, [item.bout.start_s, item.bout.end_s])
            within = np.floor((grid.time_s[first:last] - item.bout.start_s) / LOOK_S.value)
            look[first:last] = number * 1e6 + within
    chosen = np.isfinite(look) & np.isfinite(grid.speed_mps) & np.isfinite(grid.heart_rate_bpm) & ~grid.paused
    level = np.floor(grid.speed_mps[chosen] / SPEED_STEP_MPS.value + 1e-9)
    return _Seconds(level, look[chosen], grid.heart_rate_bpm[chosen])


def _mean(part: _Seconds, shared: dict[float, int]) -> Estimate | None:
    """Mean heart rate with every speed weighed as it is shared, and its band; None where one stretch is all there is."""
    count = {level: int(np.sum(part.level == level)) for level in shared}
    inside = np.isin(part.level, list(shared))
    weight = np.array([shared[level] / count[level] for level in part.level[inside].tolist()])
    rate, look = part.heart_rate_bpm[inside], part.look[inside]
    mean = float(np.sum(weight * rate) / np.sum(weight))
    looks = [float(np.mean(rate[look == number])) for number in np.unique(look).tolist()]
    if len(looks) < _LEAST_LOOKS:
        return None
    wide = max(_RESOLUTION_BPM, 2 * float(np.std(looks, ddof=1)) / math.sqrt(len(looks)))
    return Estimate.banded(mean, mean - wide, mean + wide, Grade.DERIVED, "device", "design")

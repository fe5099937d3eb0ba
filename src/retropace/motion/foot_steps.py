"""Foot, steps: the moments at which a foot rests on the ground, or comes nearest to resting, in either direction.

A foot that stands neither accelerates nor turns. In quick running it never quite rests, and the moment of least motion takes
its place. Nothing here knows what comes before and what after, so that time reversed the moments are the same.
"""

import numpy as np
import numpy.typing as npt

from retropace.motion.frame import HALO_S, SLOW_HZ, WINDOW_S, Frame, once
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray
from retropace.signals import BoolArray

IntArray = npt.NDArray[np.intp]

#: Level rotation of a window [rad/s, root mean square] and share of it really felt, below which nobody's foot steps there:
#: less than half of what the slowest virtual walkers show (accad, cmu, simulate: from 1.7).
_TURNING_RADPS, _KNOWN_SHARE = 0.7, 0.7
#: Level rotation of a running foot [rad/s]: those of captured runners turn 4.7 and more, a walker's thigh at most 3.6.
#: Arms and thighs of runners may reach it (6.5): that they are no feet is for `placement` to tell.
RUNNING_RADPS = 4.0
#: Share of a window's mean motion below which a walking foot falls at rest (accad, cmu: 0.001 to 0.05, once 0.09); of
#: thighs, trunks and wrists 19 of 20 windows do not (from 0.05 to 0.2).
_REST_SHARE = 0.1
#: Mean motion of somebody who stands; samples of the slow copy within which a walking foot rests: two thirds of the longest
#: stride.
_STANDING, _WAIT = 0.3, 44
#: What counts as equally much motion [m/s2], [rad/s]: design, about a quarter of what a walking foot reaches in its swing.
_ACCELERATION_MPS2, _ROTATION_RADPS = 5.0, 2.0
#: Motion below which all is equally still, less than any sensor's noise.
_STILL = 1e-6
#: Motion is averaged over this many samples; a rest is the least within so many samples either side.
_SMOOTH, _REACH = 9, 20
#: Nor is there half as much motion within this many samples either side: less than the quickest stride.
_STRIDE, _TWICE = 35, 2.0
#: Half-width of what motion and height at rest are compared with, in samples; a rest has less than the first share of
#: it, and less than the second wherever it lies.
_AROUND, _SHARE, _SURE_SHARE = 60, 0.55, 0.2
#: Mean motion below which nobody steps: slow walkers (captured ones, played half as quickly) show 0.2 and more.
_STEPPING = 0.2


@once
def stepping(frame: Frame) -> BoolArray:
    """(count,) the seconds in which this may be a stepping foot at all.

    A walking foot comes to rest once a stride, as no other part of the body does; a running one turns as no other does.
    """
    if not frame.turns:
        return np.zeros(frame.count, bool)
    turning = turning_radps(frame)
    seen = (turning > _TURNING_RADPS) & (frame.share_known > _KNOWN_SHARE)
    if not seen.any():
        return seen
    resting = _rests_now(frame)
    return np.asarray(seen & ((resting[:-2] & resting[1:-1] & resting[2:]) | (turning > RUNNING_RADPS)))


def _rests_now(frame: Frame) -> BoolArray:
    """(count + 2,) from the second before: does the slow motion rest in every 1.2 s of a second's window, or all along."""
    amount = motion(frame.slow[:, :3], frame.slow[:, 3:], 1)
    length, wait = WINDOW_S * SLOW_HZ, _WAIT
    first = (HALO_S - 1) * SLOW_HZ - (length - SLOW_HZ) // 2
    begins = first + SLOW_HZ * np.arange(frame.count + 2)
    lowest = least(amount, wait // 2)[begins[:, None] + wait // 2 + np.arange(0, length - wait + 1, 10)].max(axis=1)
    total = np.concatenate([[0.0], np.cumsum(amount)])
    mean = (total[begins + length] - total[begins]) / length
    return np.asarray((lowest < _REST_SHARE * mean) | (mean < _STANDING))


@once
def turning_radps(frame: Frame) -> FloatArray:
    """(count,) level rotation in the window of each second, root mean square."""
    total = np.concatenate([[0.0], np.cumsum(squared(frame.slow[:, 3:5]))])
    length = WINDOW_S * SLOW_HZ
    begins = HALO_S * SLOW_HZ - (length - SLOW_HZ) // 2 + SLOW_HZ * np.arange(frame.count)
    return np.asarray(np.sqrt((total[begins + length] - total[begins]) / length))


def motion(acceleration_mps2: FloatArray, rotation_radps: FloatArray, smooth: int = _SMOOTH) -> FloatArray:
    """(n,) how much a foot moves, without unit: 1 is a middling swing; averaged over `smooth` samples.

    `acceleration_mps2`, `rotation_radps` (n, 3).
    """
    amount = squared(acceleration_mps2) / _ACCELERATION_MPS2**2 + squared(rotation_radps) / _ROTATION_RADPS**2
    return np.maximum(averaged(amount, smooth), _STILL)


def squared(vectors: FloatArray) -> FloatArray:
    """(n,) squared length of `vectors` (n, c)."""
    total = np.zeros(vectors.shape[0])
    for component in vectors.T:
        total += component * component
    return total


def rests(amount: FloatArray, height_m: FloatArray) -> IntArray:
    """Samples at which the foot rests between steps, rising; `amount` (n,) as of `motion`.

    `height_m` (n,) is the upward acceleration integrated twice, from anywhere. A quick foot moves least at rest and, nearly
    as little, at the height of its swing: a rest lies below its surroundings.
    """
    around = averaged(amount, 2 * _AROUND + 1)
    low = (amount < _SHARE * around) & (around > _STEPPING) & (amount <= least(amount, _REACH))
    found = np.flatnonzero(low & (amount <= _TWICE * least(amount, _STRIDE)))
    below = (height_m < averaged(height_m, 2 * _AROUND + 1)) | (amount < _SURE_SHARE * around)
    return _apart(found[below[found]])


def _apart(found: IntArray) -> IntArray:
    """One moment of each run of neighbouring ones, or one near either end of a long run (a sensor without any noise)."""
    if not found.size:
        return found
    ends = np.flatnonzero(np.diff(found, append=found[-1:] + 2) > 1)
    begins = np.concatenate([[0], ends[:-1] + 1])
    inward = np.minimum((found[ends] - found[begins]) // 2, _REACH)
    return np.unique(np.concatenate([found[begins] + inward, found[ends] - inward]))


def integrated(values: FloatArray) -> FloatArray:
    """(c, n) integral of `values` (c, n) from the first sample, by trapezoids: the same from either end."""
    total = np.zeros(values.shape)
    np.cumsum(values[:, 1:] + values[:, :-1], axis=1, out=total[:, 1:])
    total /= 2 * RATE_HZ
    return total


def averaged(values: FloatArray, width: int) -> FloatArray:
    """`values` (n,) averaged over `width` (odd) samples around each; beyond the ends lies nothing."""
    from scipy.ndimage import uniform_filter1d

    smooth: FloatArray = uniform_filter1d(values, width, mode="constant")
    return smooth


def least(values: FloatArray, either_side: int) -> FloatArray:
    """(n,) the least of `values` (n,) within so many samples either side of each."""
    from scipy.ndimage import minimum_filter1d

    lowest: FloatArray = minimum_filter1d(values, 2 * either_side + 1, mode="nearest")
    return lowest

"""Foot, steps: the moments at which a foot rests on the ground, or comes nearest to resting, in either direction.

A foot that stands neither accelerates nor turns. In quick running it never quite rests, and the moment of least motion takes
its place. Nothing here knows what comes before and what after, so that time reversed the moments are the same.
"""

import numpy as np
import numpy.typing as npt

from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray

IntArray = npt.NDArray[np.intp]

#: What counts as equally much motion [m/s2], [rad/s]: design, about a quarter of what a walking foot reaches in its swing.
_ACCELERATION_MPS2, _ROTATION_RADPS = 5.0, 2.0
#: Motion is averaged over this many samples; a rest is the least within so many samples either side.
_SMOOTH, _REACH = 9, 20
#: Nor is there half as much motion within this many samples either side: less than the quickest stride.
_STRIDE, _TWICE = 35, 2.0
#: Half-width of what motion and height at rest are compared with, in samples; a rest has less than the first share of
#: it, and less than the second wherever it lies.
_AROUND, _SHARE, _SURE_SHARE = 60, 0.55, 0.2
#: Mean motion below which nobody steps.
_STEPPING = 0.3


def motion(acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> FloatArray:
    """(n,) how much a foot moves, without unit: 1 is a middling swing; `acceleration_mps2`, `rotation_radps` (n, 3)."""
    amount = np.einsum("ij,ij->i", acceleration_mps2, acceleration_mps2) / _ACCELERATION_MPS2**2
    amount += np.einsum("ij,ij->i", rotation_radps, rotation_radps) / _ROTATION_RADPS**2
    return averaged(amount, _SMOOTH)


def rests(acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> IntArray:
    """Samples at which the foot rests between steps, rising; arguments (n, 3) on level axes at `RATE_HZ`.

    A quick foot moves least at rest and, nearly as little, at the height of its swing: a rest lies below its surroundings.
    """
    amount = motion(acceleration_mps2, rotation_radps)
    around = averaged(amount, 2 * _AROUND + 1)
    low = (amount < _SHARE * around) & (around > _STEPPING) & (amount <= least(amount, _REACH))
    found = np.flatnonzero(low & (amount <= _TWICE * least(amount, _STRIDE)))
    below = (_height(acceleration_mps2[:, 2]) < 0) | (amount < _SURE_SHARE * around)
    return found[below[found]]


def _height(upward_mps2: FloatArray) -> FloatArray:
    """(n,) height above the mean of what lies around [m]."""
    height = integrated(integrated(upward_mps2[:, None]))[:, 0]
    return np.asarray(height - averaged(height, 2 * _AROUND + 1))


def integrated(values: FloatArray) -> FloatArray:
    """(n, k) integral of `values` from the first sample, by trapezoids: the same from either end."""
    total = np.zeros_like(values)
    np.cumsum((values[1:] + values[:-1]) / (2 * RATE_HZ), axis=0, out=total[1:])
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

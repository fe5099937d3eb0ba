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
#: Motion is averaged over this many samples; a rest is the least within this many samples either side.
_SMOOTH, _REACH = 9, 20
#: Half-width of what motion at rest is compared with, in samples; a rest has less than this share of it.
_AROUND, _SHARE = 60, 0.25
#: Mean motion below which nobody steps.
_STEPPING = 0.3
#: How far a rest may depend on what is around it [s]; for the halo.
REST_REACH_S = (_AROUND + _SMOOTH) / RATE_HZ


def motion(acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> FloatArray:
    """(n,) how much a foot moves, without unit: 1 is a middling swing; `acceleration_mps2`, `rotation_radps` (n, 3)."""
    amount = np.square(acceleration_mps2).sum(axis=1) / _ACCELERATION_MPS2**2
    amount += np.square(rotation_radps).sum(axis=1) / _ROTATION_RADPS**2
    return averaged(amount, _SMOOTH)


def rests(acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> IntArray:
    """Samples at which the foot rests between steps, rising; arguments (n, 3) on level axes at `RATE_HZ`."""
    amount = motion(acceleration_mps2, rotation_radps)
    around = averaged(amount, 2 * _AROUND + 1)
    low = np.flatnonzero((amount < _SHARE * around) & (around > _STEPPING))
    beyond = np.pad(amount, _REACH, constant_values=np.inf)
    near = np.lib.stride_tricks.sliding_window_view(beyond, 2 * _REACH + 1)
    return low[amount[low] <= near[low].min(axis=1)] if low.size else low


def averaged(values: FloatArray, width: int) -> FloatArray:
    """`values` (n,) averaged over `width` (odd) samples around each; beyond the ends lies nothing."""
    from scipy.ndimage import uniform_filter1d

    smooth: FloatArray = uniform_filter1d(values, width, mode="constant")
    return smooth

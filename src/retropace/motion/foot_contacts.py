"""Foot, contacts: when one foot came to the ground and when it left, forward and backward, walking and in flight.

Between two rests lies one swing; its quickest moment parts what belongs to leaving from what belongs to landing.

* Initial contact: the ground stops the foot, whichever end of it lands first. It shows as a burst of jerk; the contact is
  its onset, the first sample that reaches half of the burst.
* Final contact: before it the foot rolls, after it the leg pulls it. The quickest roll comes a little before it, the hardest
  pull a little after; the contact is taken midway.

Neither needs to know which way the person goes, nor looks for a heel.
"""

import numpy as np

from retropace.motion import foot_path
from retropace.motion.foot_path import Strides
from retropace.motion.foot_steps import IntArray, averaged
from retropace.motion.frame import HALO_S, Frame
from retropace.motion.heard import Contacts
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray

#: What turns less [rad] and goes less far [m] than both of these is no step.
_LEAST_RAD, _LEAST_M = 0.35, 0.15
#: Share of the landing's jerk at which the ground was met.
_ONSET = 0.5
#: A landing and the leaving that follows belong together if the strides around them lie within this time of each [s]: so
#: both are known from either.
_TOGETHER_S = 2.25
_LONGEST = round(foot_path.LONGEST_S * RATE_HZ) + 1


def contacts(frame: Frame) -> Contacts:
    """Initial contacts of this foot and the final ones after them [s on the recording's clock]; NaN where not seen."""
    if not frame.turns:
        return np.empty(0), np.empty(0)
    found = stepped(foot_path.strides(frame.acceleration_mps2, frame.rotation_radps))
    initial, final = moments(frame.acceleration_mps2, frame.rotation_radps, found)
    begins, ends = _paired(initial, final, found)
    counts = np.where(np.isfinite(begins), begins, ends) / RATE_HZ - HALO_S
    own = (counts >= 0) & (counts < frame.count)
    start_s = frame.first_s - HALO_S
    return begins[own] / RATE_HZ + start_s, ends[own] / RATE_HZ + start_s


def stepped(found: Strides) -> Strides:
    """The strides in which the foot was lifted at all."""
    return found.those((found.turned_rad > _LEAST_RAD) | (found.length_m > _LEAST_M))


def moments(acceleration_mps2: FloatArray, rotation_radps: FloatArray, found: Strides) -> tuple[IntArray, IntArray]:
    """Sample (k,) at which the foot landed at the end of each stride, and at which it left at its beginning."""
    at = np.minimum(found.first[:, None] + np.arange(_LONGEST), found.last[:, None])
    quickest = _quickest(found)[:, None]
    leaving, landing = at <= quickest, at >= quickest
    step = np.diff(acceleration_mps2, axis=0, prepend=acceleration_mps2[:1])
    jerk = np.where(landing, np.sqrt(np.einsum("ij,ij->i", step, step))[at], 0.0)
    initial = np.argmax(jerk >= _ONSET * jerk.max(axis=1, keepdims=True), axis=1)
    roll = averaged(np.hypot(rotation_radps[:, 0], rotation_radps[:, 1]), 3)
    pull = averaged(np.hypot(acceleration_mps2[:, 0], acceleration_mps2[:, 1]), 5)
    rolled, pulled = (np.where(leaving, values[at], 0.0).argmax(axis=1) for values in (roll, pull))
    return found.first + initial, found.first + (rolled + pulled) // 2


def _quickest(found: Strides) -> IntArray:
    """Sample (k,) of each stride at which the foot went quickest over the ground."""
    speed = np.hypot(found.velocity_mps[:, :, 0], found.velocity_mps[:, :, 1])
    share = speed.argmax(axis=1) / (speed.shape[1] - 1)
    quickest: IntArray = np.round(found.first + share * (found.last - found.first)).astype(np.intp)
    return quickest


def _paired(initial: IntArray, final: IntArray, found: Strides) -> tuple[FloatArray, FloatArray]:
    """Samples of each contact's beginning and end, in order; NaN where the foot's coming or going was not seen."""
    reach = _TOGETHER_S * RATE_HZ
    known = (found.last[1:] - initial[:-1] <= reach) & (final[1:] - found.first[:-1] <= reach)
    follows = np.append((found.first[1:] == found.last[:-1]) & known, False)
    leads = np.concatenate([[False], follows[:-1]])
    begins = np.concatenate([initial.astype(float), np.full(final.size, np.nan)])
    ends = np.concatenate([np.where(follows, np.append(final[1:], 0), np.nan), final.astype(float)])
    kept = np.concatenate([np.ones(initial.size, bool), ~leads])
    order = np.argsort(np.where(np.isfinite(begins), begins, ends)[kept], kind="stable")
    return begins[kept][order], ends[kept][order]

"""Foot, contacts: when one foot came to the ground and when it left, forward and backward, walking and in flight.

Between two rests lies one swing. The foot leaves while it gets going, and lands while it comes to a stop.

* Initial contact: the ground stops the foot, whichever end of it lands first. It shows as a burst of jerk; the contact is
  its onset, the first sample that reaches half of the burst.
* Final contact: before it the foot rolls, after it the leg pulls it. The quickest roll comes a little before it, the hardest
  pull a little after; the contact is taken midway. A runner's leg pulls hardest long after the foot left, where it whips
  through: then the roll alone tells.

Neither needs to know which way the person goes, nor looks for a heel.
"""

from dataclasses import dataclass

import numpy as np

from retropace.motion import foot_path, foot_steps
from retropace.motion.foot_path import Strides
from retropace.motion.foot_steps import IntArray, averaged, squared
from retropace.motion.frame import HALO_S, Frame
from retropace.motion.heard import Contacts
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: What turns less [rad] and goes less far [m] than both of these is no step.
_LEAST_RAD, _LEAST_M = 0.35, 0.15
#: Share of the landing's jerk at which the ground was met.
_ONSET = 0.5
#: Shares of its greatest speed between which a foot leaves the ground, getting going, and lands, coming to a stop.
_LEAVES, _LANDS = (0.12, 0.55), (0.35, 0.12)
#: A pull further from the roll than this [samples] is the swing's: walkers pull 0.02 to 0.07 s after it, runners 0.13 to
#: 0.17 (accad, cmu).
_SAME_LEAVING = 12
#: A landing and the leaving that follows belong together if the strides around them lie within this time of each [s]: so
#: both are known from either.
_TOGETHER_S = 2.25


def contacts(frame: Frame) -> Contacts:
    """Initial contacts of this foot and the final ones after them [s on the recording's clock]; NaN where not seen."""
    stepping = foot_steps.stepping(frame)
    if not stepping.any():
        return np.empty(0), np.empty(0)
    found = stepped(foot_path.seen(frame))
    found = found.those(foot_path.felt(found, frame.known) > 0)
    if not found.first.size:
        return np.empty(0), np.empty(0)
    initial, final = moments(frame.acceleration_mps2, frame.rotation_radps, found)
    begins, ends = _paired(initial, final, found)
    counts = np.where(np.isfinite(begins), begins, ends) / RATE_HZ - HALO_S
    second = np.floor(counts).astype(np.intp)
    own = (second >= 0) & (second < frame.count)
    own[own] = stepping[second[own]]
    start_s = frame.first_s - HALO_S
    return begins[own] / RATE_HZ + start_s, ends[own] / RATE_HZ + start_s


def stepped(found: Strides) -> Strides:
    """The strides in which the foot was lifted at all."""
    return found.those((found.turned_rad > _LEAST_RAD) | (found.length_m > _LEAST_M))


def moments(acceleration_mps2: FloatArray, rotation_radps: FloatArray, found: Strides) -> tuple[IntArray, IntArray]:
    """Sample (k,) at which the foot landed at the end of each stride, and at which it left at its beginning."""
    going, stopping = _changes(found)
    step = np.diff(acceleration_mps2, axis=0, prepend=acceleration_mps2[:1])
    jerk = stopping(squared(step))
    initial = np.argmax(jerk >= _ONSET**2 * jerk.max(axis=1, keepdims=True), axis=1)
    roll = averaged(squared(rotation_radps[:, :2]), 3)
    pull = averaged(squared(acceleration_mps2[:, :2]), 5)
    rolled, pulled = (going(values).argmax(axis=1) for values in (roll, pull))
    same = np.abs(pulled - rolled) <= _SAME_LEAVING
    final = np.where(same, (rolled + pulled) // 2, np.minimum(rolled, pulled))
    return stopping.first + initial, going.first + final


@dataclass(frozen=True, slots=True)
class _Spans:
    """Looks at values (n,) of the samples `first` to `last` (k,): (k, w), zero beyond the last."""

    first: IntArray
    last: IntArray

    def __call__(self, values: FloatArray) -> FloatArray:
        after = np.arange(int((self.last - self.first).max()) + 1)
        at = self.first[:, None] + after
        return np.where(at <= self.last[:, None], values[np.minimum(at, values.size - 1)], 0.0)


def _changes(found: Strides) -> tuple[_Spans, _Spans]:
    """In which samples of each stride the foot gets going, and in which it comes to a stop."""
    speed = np.hypot(found.level_mps[:, :, 0], found.level_mps[:, :, 1])
    quickest = speed.argmax(axis=1)[:, None]
    share = speed / np.maximum(speed.max(axis=1, keepdims=True), 1e-9)
    points = np.arange(share.shape[1])
    going = [_edge(share > limit, points > quickest) for limit in _LEAVES]
    stopping = [points[-1] - _edge((share > limit)[:, ::-1], (points < quickest)[:, ::-1]) for limit in _LANDS]
    spacing = (found.last - found.first) / points[-1]

    def span(begins: IntArray, ends: IntArray) -> _Spans:
        edges = [np.round(found.first + spacing * edge).astype(np.intp) for edge in (begins, ends)]
        return _Spans(np.maximum(edges[0], found.first), np.minimum(edges[1], found.last))

    return span(going[0] - 1, going[1] + 1), span(stopping[0] - 1, stopping[1] + 2)


def _edge(over: BoolArray, beyond: BoolArray) -> IntArray:
    """(k,) the first point of each row that is `over`, or `beyond`."""
    return np.asarray(np.argmax(over | beyond, axis=1), np.intp)


def _paired(initial: IntArray, final: IntArray, found: Strides) -> tuple[FloatArray, FloatArray]:
    """Samples of each contact's beginning and end, in order; NaN where the foot's coming or going was not seen."""
    reach = _TOGETHER_S * RATE_HZ
    known = (found.last[1:] - initial[:-1] <= reach) & (final[1:] - found.first[:-1] <= reach)
    follows = np.append(known, False)
    leads = np.concatenate([[False], follows[:-1]])
    begins = np.concatenate([initial.astype(float), np.full(final.size, np.nan)])
    ends = np.concatenate([np.where(follows, np.append(final[1:], 0), np.nan), final.astype(float)])
    kept = np.concatenate([np.ones(initial.size, bool), ~leads])
    order = np.argsort(np.where(np.isfinite(begins), begins, ends)[kept], kind="stable")
    return begins[kept][order], ends[kept][order]

"""Foot, path: where a foot went from one rest to the next, how it was turned on the way, and which way it then faced.

Between two rests the level acceleration is integrated; what velocity is left at the second rest is drift and is taken off
evenly. That gives the displacement. The foot turns about its own left-right axis, which is therefore the principal axis of
its level rotation, sign unknown; the foot lies across it. Which end is the toe is anatomy, and the same in both directions:
while it swings, the foot hangs toe down, and it goes further toe down than toe up, because the knee bends one way only. So
the displacement is forward or backward without knowing how the sensor sits.

Everything here is either even under time reversal (lengths, lift, which end is the toe) or odd (displacement), exactly.
"""

from dataclasses import dataclass, fields

import numpy as np

from retropace.motion.foot_steps import IntArray, integrated, rests
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: A stride lasts at least and at most so long [s]: a sprinter's, and a slow walker's with a rest on either side.
SHORTEST_S, LONGEST_S = 0.35, 1.7
#: Points at which each stride is looked at, evenly from rest to rest.
_POINTS = 41
_SHARE = np.linspace(0.0, 1.0, _POINTS)
#: A stride of which less than the first share was felt is none; from the second on it counts in full.
_INVENTED, _FELT = 0.65, 0.85
#: What keeps quotients finite: far below what any step reaches, whatever the unit.
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Strides:
    """Strides of one foot, each from sample `first` to `last` (k,).

    `travel_m` (k, 3) is the displacement on level axes; `axis` (k, 2) the level axis about which the foot turned, of
    either sign; `pitch_rad` (k, p) the turn about it since rest, `velocity_mps` (k, p, 3) and `lift_m` (k, p) of the sensor,
    the latter above the line from rest to rest; p points evenly from rest to rest. `roundness` (k,) is the share of the
    rotation's lesser level axis, 0 for a foot that only pitches.
    """

    first: IntArray
    last: IntArray
    travel_m: FloatArray
    axis: FloatArray
    pitch_rad: FloatArray
    velocity_mps: FloatArray
    lift_m: FloatArray
    roundness: FloatArray

    @property
    def duration_s(self) -> FloatArray:
        """(k,) from rest to rest."""
        return np.asarray((self.last - self.first) / RATE_HZ)

    @property
    def length_m(self) -> FloatArray:
        """(k,) level distance from rest to rest."""
        return np.asarray(np.hypot(self.travel_m[:, 0], self.travel_m[:, 1]))

    @property
    def turned_rad(self) -> FloatArray:
        """(k,) how far the foot turned, from the furthest one way to the furthest the other way."""
        return np.asarray(np.ptp(self.pitch_rad, axis=1))

    @property
    def along(self) -> FloatArray:
        """(k,) cosine of displacement against the foot's long axis, positive where `axis` is its left if it faces so."""
        long_axis = np.stack([self.axis[:, 1], -self.axis[:, 0]], axis=1)
        return np.asarray((self.travel_m[:, :2] * long_axis).sum(axis=1) / (self.length_m + _TINY))

    def those(self, chosen: BoolArray) -> "Strides":
        """The strides where `chosen` (k,)."""
        return Strides(*(getattr(self, field.name)[chosen] for field in fields(self)))


def strides(acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> Strides:
    """The strides between neighbouring rests; the motion (n, 3) on level axes at `RATE_HZ`."""
    resting = rests(acceleration_mps2, rotation_radps)
    first, last = resting[:-1], resting[1:]
    whole = (last - first >= SHORTEST_S * RATE_HZ) & (last - first <= LONGEST_S * RATE_HZ)
    first, last = first[whole], last[whole]
    velocity, place = _path(acceleration_mps2, first, last)
    turned = _between(integrated(rotation_radps[:, :2]), first, last)
    axis, roundness = _principal(np.diff(turned, axis=1))
    pitch = ((turned - turned[:, :1] - _SHARE[:, None] * (turned[:, -1:] - turned[:, :1])) * axis[:, None]).sum(axis=2)
    lift = place[:, :, 2] - _SHARE * place[:, -1:, 2]
    return Strides(first, last, place[:, -1], axis, pitch, velocity, lift, roundness)


def _path(acceleration: FloatArray, first: IntArray, last: IntArray) -> tuple[FloatArray, FloatArray]:
    """Velocity and place (k, p, 3) since rest, with the velocity that is left at the second rest taken off evenly."""
    total = integrated(acceleration)
    twice = integrated(total)
    begins, ends = total[first][:, None], total[last][:, None]
    time_s = (last - first)[:, None, None] / RATE_HZ * _SHARE[None, :, None]
    drift = ends - begins
    share = _SHARE[:, None]
    velocity = _between(total, first, last) - begins - share * drift
    place = _between(twice, first, last) - twice[first][:, None] - time_s * (begins + share * drift / 2)
    return velocity, place


def _between(values: FloatArray, first: IntArray, last: IntArray) -> FloatArray:
    """(k, p, c) `values` (n, c) at even shares of each stride, straight between samples."""
    at = first[:, None] + (last - first)[:, None] * _SHARE
    below = np.minimum(at.astype(np.intp), len(values) - 2)
    part = (at - below)[:, :, None]
    return np.asarray(values[below] * (1 - part) + values[below + 1] * part)


def _principal(steps: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Principal axis (k, 2) of `steps` (k, p, 2), and the lesser axis' share (k,) of the greater."""
    xx, yy = np.square(steps).sum(axis=1).T
    xy = (steps[:, :, 0] * steps[:, :, 1]).sum(axis=1)
    angle = np.arctan2(2 * xy, xx - yy) / 2
    spread = np.hypot(2 * xy, xx - yy)
    axis = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return axis, (xx + yy - spread) / (xx + yy + spread + _TINY)


def felt(strides: Strides, known: BoolArray) -> FloatArray:
    """(k,) how far each stride was felt, 0 to 1: what is bridged in it is invented. `known` (n,)."""
    count = np.concatenate([[0], np.cumsum(known)])
    share = (count[strides.last + 1] - count[strides.first]) / (strides.last + 1 - strides.first)
    return np.clip((share - _INVENTED) / (_FELT - _INVENTED), 0.0, 1.0)


# -- which way it faced -----------------------------------------------------------------------------------------------


def sweep(strides: Strides) -> FloatArray:
    """(k,) how much the foot hangs toe down while it moves along itself: positive forward, negative backward, at most 1."""
    long_axis = np.stack([strides.axis[:, 1], -strides.axis[:, 0]], axis=1)
    along = (strides.velocity_mps[:, :, :2] * long_axis[:, None]).sum(axis=2)
    speed = np.sqrt(np.square(strides.velocity_mps[:, :, :2]).sum(axis=2).mean(axis=1))
    hanging = np.sqrt(np.square(strides.pitch_rad).mean(axis=1))
    return np.asarray((strides.pitch_rad * along).mean(axis=1) / (hanging * speed + _TINY))


def reach(strides: Strides) -> FloatArray:
    """(k,) how much further it goes toe down than toe up, times the cosine of its displacement: odd as `sweep`."""
    most, least = strides.pitch_rad.max(axis=1), strides.pitch_rad.min(axis=1)
    return np.asarray((most + least) / (most - least + _TINY) * strides.along)


def trail(strides: Strides) -> FloatArray:
    """(k,) whether the end that trails leaves the ground first: positive in any step along the foot, in both directions."""
    rate = np.square(np.diff(strides.pitch_rad, axis=1))
    middle = (_SHARE[1:] + _SHARE[:-1]) / 2
    centre = (rate * middle).sum(axis=1, keepdims=True) / (rate.sum(axis=1, keepdims=True) + _TINY)
    weighed = strides.pitch_rad * (centre - _SHARE)
    return np.asarray(weighed.sum(axis=1) / (np.abs(weighed).sum(axis=1) + _TINY) * strides.along)

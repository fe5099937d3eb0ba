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

from retropace.motion.foot_steps import IntArray, integrated, motion, rests
from retropace.motion.frame import Frame, once
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: A stride lasts at least and at most so long [s]: a sprinter's, and that of somebody who feels their way backward at
#: 0.4 m/s, with a rest on either side.
SHORTEST_S, LONGEST_S = 0.35, 2.6
#: Points at which each stride is looked at, evenly from rest to rest.
_POINTS = 33
_SHARE = np.linspace(0.0, 1.0, _POINTS)
#: A stride of which less than the first share was felt is none; from the second on it counts in full.
_INVENTED, _FELT = 0.65, 0.85
#: Up to the first drift a stride is sound: 19 of 20 strides of virtual feet stay below (accad, cmu: 0.3 to 0.47). From the
#: second on it is lost: what drifts by as much as it moves at its quickest may have gone either way.
_SOUND, _LOST = 0.45, 0.9
#: A sensor that is at the end of its range for less than the first share of a stride is felt, beyond the second it is numb
#: (design).
_DULL, _NUMB = 0.5, 0.7
#: Nobody steps up or down more steeply than steep stairs (0.7, 35 degrees); from 45 degrees on it is no step at all.
_STAIRS, _STEEP = 0.7, 1.0
#: Before and after a steady stride there is at least this share of its motion [within so many s].
_STEADY, _AROUND_S = 0.15, 0.8
#: What keeps quotients finite: far below what any step reaches, whatever the unit.
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Strides:
    """Strides of one foot, each from sample `first` to `last` (k,).

    `steady` (k,) is where it moved shortly before and shortly after as well: no half step from or into standing.
    `drift` (k,) is the velocity that was left at its end, up and down as well, as a share of its greatest: 0 for a perfect
    sensor; beyond 1 what is felt is no motion of a foot at all. Upward it tells best: gravity leaks in wherever the two
    sensors do not agree on how the foot is turned, because one of them is late, at its limit, or told at the wrong rate.

    `travel_m` (k, 3) is the displacement on level axes; `axis` (k, 2) the level axis about which the foot turned, of
    either sign; `pitch_rad` (k, p) the turn about it since rest, `level_mps` (k, p, 2) the level velocity of the sensor
    and `lift_m` (k, p) its height above the line from rest to rest; p points evenly from rest to rest.
    """

    first: IntArray
    last: IntArray
    steady: BoolArray
    drift: FloatArray
    travel_m: FloatArray
    axis: FloatArray
    pitch_rad: FloatArray
    level_mps: FloatArray
    lift_m: FloatArray

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
        across = self.travel_m[:, 0] * self.axis[:, 1] - self.travel_m[:, 1] * self.axis[:, 0]
        return np.asarray(across / (self.length_m + _TINY))

    def those(self, chosen: BoolArray) -> "Strides":
        """The strides where `chosen` (k,)."""
        return Strides(*(getattr(self, field.name)[chosen] for field in fields(self)))


@once
def seen(frame: Frame) -> Strides:
    """The strides of a frame."""
    return strides(frame.acceleration_mps2, frame.rotation_radps)


def strides(acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> Strides:
    """The strides between neighbouring rests; the motion (n, 3) on level axes at `RATE_HZ`."""
    velocity = integrated(acceleration_mps2.T)
    place = integrated(velocity)
    amount = motion(acceleration_mps2, rotation_radps)
    resting = rests(amount, place[2])
    first, last = resting[:-1], resting[1:]
    whole = (last - first >= SHORTEST_S * RATE_HZ) & (last - first <= LONGEST_S * RATE_HZ)
    between = _Between(first[whole], last[whole], acceleration_mps2.shape[0])
    level, along = between.freed(velocity[:2]), between.freed(place, velocity)
    turned = between(integrated(rotation_radps.T[:2]))
    axis = _principal(np.diff(turned, axis=2))
    pitch = ((turned - turned[:, :, :1] - _SHARE * (turned[:, :, -1:] - turned[:, :, :1])) * axis.T[:, :, None]).sum(
        axis=0
    )
    return Strides(
        between.first,
        between.last,
        _steady(amount, between.first, between.last),
        _drift(velocity, level, between.first, between.last),
        along[:, :, -1].T,
        axis,
        pitch,
        np.moveaxis(level, 0, 2),
        along[2] - _SHARE * along[2, :, -1:],
    )


def _steady(amount: FloatArray, first: IntArray, last: IntArray) -> BoolArray:
    """Where `amount` (n,) of motion shortly before and after each stride is no small part of that in it."""
    total = np.concatenate([[0.0], np.cumsum(amount)])
    around = round(_AROUND_S * RATE_HZ)
    before = total[first] - total[np.maximum(first - around, 0)]
    after = total[np.minimum(last + 1 + around, amount.size)] - total[last + 1]
    least = _STEADY * (total[last + 1] - total[first]) / (last + 1 - first) * around
    return np.asarray((before > least) & (after > least))


def _drift(velocity: FloatArray, level: FloatArray, first: IntArray, last: IntArray) -> FloatArray:
    """Velocity (3, n) left at the end of each stride, as a share of the greatest of `level` (2, k, p)."""
    left = np.sqrt(np.square(velocity[:, last] - velocity[:, first]).sum(axis=0))
    fastest = np.sqrt(np.square(level).sum(axis=0).max(axis=1, initial=0.0))
    return np.asarray(left / (fastest + _TINY))


class _Between:
    """Looks at values (c, n) at even shares of each stride, straight between samples: (c, k, p)."""

    def __init__(self, first: IntArray, last: IntArray, count: int) -> None:
        self.first, self.last = first, last
        at = first[:, None] + (last - first)[:, None] * _SHARE
        self._below = np.minimum(at.astype(np.intp), count - 2)
        self._part = at - self._below
        self._time_s = (last - first)[:, None] / RATE_HZ * _SHARE

    def __call__(self, values: FloatArray) -> FloatArray:
        below = values[:, self._below]
        return np.asarray(below + self._part * (values[:, self._below + 1] - below))

    def freed(self, values: FloatArray, rate: FloatArray | None = None) -> FloatArray:
        """`values` since the first rest, freed of the drift: of what velocity is left at the second, taken off evenly.

        Without `rate` `values` is the velocity itself; else its integral, and `rate` the velocity.
        """
        speed = values if rate is None else rate
        begins, drift = speed[:, self.first, None], (speed[:, self.last] - speed[:, self.first])[:, :, None]
        if rate is None:
            return np.asarray(self(values) - begins - _SHARE * drift)
        return np.asarray(self(values) - values[:, self.first, None] - self._time_s * (begins + _SHARE * drift / 2))


def _principal(steps: FloatArray) -> FloatArray:
    """Principal axis (k, 2) of `steps` (2, k, p)."""
    xx, yy = np.einsum("ckp,ckp->ck", steps, steps)
    xy = np.einsum("kp,kp->k", steps[0], steps[1])
    angle = np.arctan2(2 * xy, xx - yy) / 2
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def felt(strides: Strides, known: BoolArray, clipped: BoolArray | None = None) -> FloatArray:
    """(k,) how far each stride was felt, 0 to 1: what is bridged in it is invented, and drift is an error. `known` (n,).

    With `clipped` (n,), where a sensor was at the end of its range, what was there for most of a stride was not felt either.
    """
    sound = np.clip((_LOST - strides.drift) / (_LOST - _SOUND), 0.0, 1.0)
    steep = np.abs(strides.travel_m[:, 2]) / (strides.length_m + _TINY)
    sound *= np.clip((_STEEP - steep) / (_STEEP - _STAIRS), 0.0, 1.0)
    if clipped is not None and clipped.any():
        sound *= np.clip((_NUMB - _share(strides, clipped)) / (_NUMB - _DULL), 0.0, 1.0)
    return np.asarray(sound * np.clip((_share(strides, known) - _INVENTED) / (_FELT - _INVENTED), 0.0, 1.0))


def _share(strides: Strides, of: BoolArray) -> FloatArray:
    """(k,) share of each stride's samples that are `of` (n,)."""
    count = np.concatenate([[0], np.cumsum(of)])
    return np.asarray((count[strides.last + 1] - count[strides.first]) / (strides.last + 1 - strides.first))


# -- which way it faced -----------------------------------------------------------------------------------------------


def sweep(strides: Strides) -> FloatArray:
    """(k,) how much the foot hangs toe down while it moves along itself: positive forward, negative backward, at most 1."""
    along = strides.level_mps[:, :, 0] * strides.axis[:, 1:] - strides.level_mps[:, :, 1] * strides.axis[:, :1]
    speed = np.square(strides.level_mps).sum(axis=(1, 2))
    hanging = np.square(strides.pitch_rad).sum(axis=1)
    return np.asarray(np.einsum("kp,kp->k", strides.pitch_rad, along) / (np.sqrt(hanging * speed) + _TINY))


def reach(strides: Strides) -> FloatArray:
    """(k,) how much further it goes toe down than toe up, times the cosine of its displacement: odd as `sweep`."""
    most, least = strides.pitch_rad.max(axis=1), strides.pitch_rad.min(axis=1)
    return np.asarray((most + least) / (most - least + _TINY) * strides.along)

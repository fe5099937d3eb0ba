"""Waist contacts: when a foot met and left the ground, as felt on the trunk; the same forward, backward and in flight.

Walking, the trunk is lowest in the middle of double support, whichever way it goes: the leading foot has come down half a
double support before, the trailing one leaves half a double support after. Running, the ground carries the trunk from
initial to final contact, and hardly any force is left in flight.

The trunk tells only that a foot came down, not which one, and a single contact to some hundredths of a second at best.
"""

from dataclasses import dataclass

import numpy as np

from retropace.motion.frame import HALO_S, SLOW_HZ, Frame
from retropace.motion.heard import Contacts
from retropace.motion.samples import RATE_HZ
from retropace.motion.waist import AROUND_S, SWING_MPS2, ComplexArray, bounce
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.signals import BoolArray, IntArray
from retropace.sources import cited

#: Both feet on the ground, as a share of a walking step: stance is about 62 % of the stride.
DOUBLE_SUPPORT_SHARE = cited(0.24, "", "design", note="textbook figure, not verified; as the simulated runner")
#: Vertical force that counts as carried by the ground; what is felt in flight is noise, clothes and skin.
GROUND_FORCE_MPS2 = cited(1.0, "m/s2", "design")
#: No step takes longer [s]: the trailing foot of a slower one is not followed.
LONGEST_STEP_S = 0.9
#: A running foot comes down and leaves within this share of a step before and after the trunk is lowest.
_REACH_SHARE = 0.6
#: Where between the middles of two seconds each slow sample lies, from the one middle to the other.
_SHARE = np.arange(SLOW_HZ + 1) / SLOW_HZ
#: Half-width of the smoothing of the vertical force [samples]: 30 ms in all.
_SMOOTHED = 1


@dataclass(frozen=True, slots=True)
class Lowest:
    """Moments (k,) at which the trunk was lowest [s], the step's length then [s], and whether it was run."""

    time_s: FloatArray
    step_s: FloatArray
    runs: BoolArray


def contacts(frame: Frame) -> Contacts:
    """Initial contacts (k,) of both feet in the seconds of `frame`, and the final contacts that belong to them [s]."""
    lowest = lowest_moments(frame)
    walked, ran = _walked(lowest), _run(frame, lowest)
    initial, final = (np.where(lowest.runs, run, walk) for walk, run in zip(walked, ran, strict=True))
    inside = (initial >= frame.first_s) & (initial < frame.first_s + frame.count)
    return initial[inside], final[inside]


def lowest_moments(frame: Frame) -> Lowest:
    """Every moment around the seconds of `frame` at which a stepping trunk was lowest.

    The vertical acceleration at step frequency turns like a pointer; that of each second is handed over to that of the
    next from middle to middle. It points along the real axis when the trunk is lowest.
    """
    seen = bounce(frame)
    swing, step_hz = seen.swing[:, 2], seen.step_hz
    bounces = np.abs(swing) > SWING_MPS2.low
    pairs = np.flatnonzero(bounces[:-1] | bounces[1:])  # from the middle of each second to the next one's
    if not pairs.size:
        return Lowest(np.empty(0), np.empty(0), np.empty(0, bool))
    pointer = _pointer(swing, 2 * np.pi * step_hz / SLOW_HZ, pairs)
    behind = pointer.imag < 0
    rows, at = np.divmod(np.flatnonzero(behind[:, :-1] & ~behind[:, 1:]), SLOW_HZ)
    before, after = pointer[rows, at], pointer[rows, at + 1]
    lowest = np.flatnonzero((before.real + after.real > 0) & (np.abs(before) > SWING_MPS2.low))
    short_rad, beyond_rad = -np.angle(before[lowest]), np.angle(after[lowest])
    share = short_rad / np.maximum(short_rad + beyond_rad, 1e-9)
    second = pairs[rows[lowest]] + (at[lowest] + share) / SLOW_HZ  # from the first middle
    nearest = np.rint(second).astype(int)
    begins_s = frame.first_s - AROUND_S + 0.5 - 0.5 / RATE_HZ  # in the middle of samples, not of the second
    return Lowest(begins_s + second, 1 / step_hz[nearest], seen.run_nats[nearest] > 0)


def _pointer(swing: ComplexArray, turn_rad: FloatArray, pairs: IntArray) -> ComplexArray:
    """(k, 26) the pointer from the middle of each second in `pairs` (k,) to that of the next, sample by slow sample.

    It turns by `turn_rad` (n,) from one to the other.
    """
    powers = np.ones((turn_rad.size, SLOW_HZ + 1), complex)
    power, known = np.exp(1j * turn_rad)[:, None], 1
    while known < powers.shape[1]:
        powers[:, known : 2 * known] = powers[:, :known][:, : powers.shape[1] - known] * power
        power, known = power * power, 2 * known
    here = (swing[:, None] * powers)[pairs]
    there = (swing[:, None] * np.conj(powers))[pairs + 1, ::-1]
    return np.asarray((1 - _SHARE) * here + _SHARE * there)


def _walked(lowest: Lowest) -> Contacts:
    half_s = 0.5 * DOUBLE_SUPPORT_SHARE.value * lowest.step_s
    leaves = np.append(lowest.time_s + half_s, np.nan)[1:]
    follows = np.append(np.diff(lowest.time_s), np.inf) <= LONGEST_STEP_S
    return lowest.time_s - half_s, np.where(follows, leaves, np.nan)


def _run(frame: Frame, lowest: Lowest) -> Contacts:
    """Where the force on the ground begins and ends around each lowest moment; NaN where there is no flight to tell."""
    if not lowest.runs.any():
        return np.full(lowest.time_s.size, np.nan), np.full(lowest.time_s.size, np.nan)
    begins, ends = _carried(frame)
    reach = _REACH_SHARE * lowest.step_s
    before = np.append(begins, np.nan)[np.searchsorted(begins, lowest.time_s) - 1]
    after = np.append(ends, np.nan)[np.searchsorted(ends, lowest.time_s)]
    landed = np.where(lowest.time_s - before <= reach, before, np.nan)
    left = np.where(after - lowest.time_s <= reach, after, np.nan)
    unseen = lowest.time_s - 0.5 * lowest.step_s  # when the force is least
    return np.where(np.isfinite(landed), landed, unseen), np.where(np.isfinite(landed), left, np.nan)


def _carried(frame: Frame) -> Contacts:
    """Moments [s] from which the ground carries the trunk, and from which it does so no longer."""
    vertical, width = frame.acceleration_mps2[:, 2], 2 * _SMOOTHED + 1
    size = vertical.size - width + 1
    total = sum((vertical[at : at + size] for at in range(1, width)), vertical[:size])
    least = width * (GROUND_FORCE_MPS2.value - STANDARD_GRAVITY_MPS2)
    carried = total >= least
    changes = np.flatnonzero(carried[1:] != carried[:-1])
    here, there = total[changes] - least, total[changes + 1] - least
    moments = frame.first_s - HALO_S + (changes + _SMOOTHED + here / (here - there)) / RATE_HZ
    return moments[here < 0], moments[here >= 0]

"""Waist contacts: when a foot met and left the ground, as felt on the trunk; the same forward, backward and in flight.

Walking, the trunk is lowest in the middle of double support, whichever way it goes: the leading foot has come down half a
double support before, the trailing one leaves half a double support after. Running, the ground carries the trunk from
initial to final contact, and hardly any force is left in flight.

The trunk tells only that a foot came down, not which one, and a single contact to some hundredths of a second at best.
"""

from dataclasses import dataclass

import numpy as np

from retropace.motion.frame import HALO_S, SLOW_HZ, WINDOW_S, Frame
from retropace.motion.heard import Contacts
from retropace.motion.samples import RATE_HZ
from retropace.motion.waist import SWING_MPS2, ComplexArray, amplitudes, running_nats, step_frequency_hz
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.signals import BoolArray
from retropace.sources import cited

#: Both feet on the ground, as a share of a walking step: stance is about 62 % of the stride.
DOUBLE_SUPPORT_SHARE = cited(0.24, "", "design", note="textbook figure, not verified; as the simulated runner")
#: Vertical force that counts as carried by the ground; what is felt in flight is noise, clothes and skin.
GROUND_FORCE_MPS2 = cited(1.0, "m/s2", "design")
#: No step takes longer [s]: the trailing foot of a slower one is not followed.
LONGEST_STEP_S = 0.9
#: A running foot comes down and leaves within this share of a step before and after the trunk is lowest.
_REACH_SHARE = 0.6
#: Seconds around the asked ones in which the steps before and after may lie.
_AROUND_S = 1
#: Where between the middles of two seconds each slow sample lies.
_SHARE = np.arange(SLOW_HZ) / SLOW_HZ
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
    step_hz, swing, run_nats = _by_second(frame)
    turned = np.repeat(np.exp(2j * np.pi * step_hz / SLOW_HZ)[:, None], SLOW_HZ, axis=1)
    turned[:, 0] = 1.0
    turned = np.cumprod(turned, axis=1)  # by one slow sample after the other
    back = np.conj(turned[1:, ::-1] * turned[1:, 1:2])
    here, there = swing[:-1, None] * turned[:-1], swing[1:, None] * back
    pointer = ((1 - _SHARE) * here + _SHARE * there).ravel()
    before, after = pointer[:-1], pointer[1:]
    passes = np.flatnonzero((before.imag < 0) & (after.imag >= 0) & (before.real + after.real > 0))
    passes = passes[np.abs(pointer[passes]) > SWING_MPS2.low]
    behind, beyond = -np.angle(pointer[passes]), np.angle(pointer[passes + 1])
    second = (passes + behind / np.maximum(behind + beyond, 1e-9)) / SLOW_HZ  # from the middle of the first window
    nearest = np.rint(second).astype(int)
    begins_s = frame.first_s - _AROUND_S - 0.5 - 0.5 / RATE_HZ  # in the middle of samples, not of the second
    return Lowest(begins_s + second, 1 / step_hz[nearest], run_nats[nearest] > 0)


def _by_second(frame: Frame) -> tuple[FloatArray, ComplexArray, FloatArray]:
    """Step frequency, amplitude and running against walking of all seconds from two before to two after the frame's."""
    seconds = frame.count + 2 * _AROUND_S + 2
    first = (HALO_S - _AROUND_S - 1) * SLOW_HZ - (WINDOW_S * SLOW_HZ - SLOW_HZ) // 2
    every = np.lib.stride_tricks.sliding_window_view(frame.slow[:, 2], WINDOW_S * SLOW_HZ)
    felt = every[first : first + seconds * SLOW_HZ : SLOW_HZ]
    step_hz = step_frequency_hz(felt)
    return step_hz, amplitudes(felt[:, None], step_hz)[:, 0], running_nats(felt, step_hz)


def _walked(lowest: Lowest) -> Contacts:
    half_s = 0.5 * DOUBLE_SUPPORT_SHARE.value * lowest.step_s
    leaves = np.append(lowest.time_s + half_s, np.nan)[1:]
    follows = np.append(np.diff(lowest.time_s), np.inf) <= LONGEST_STEP_S
    return lowest.time_s - half_s, np.where(follows, leaves, np.nan)


def _run(frame: Frame, lowest: Lowest) -> Contacts:
    """Where the force on the ground begins and ends around each lowest moment; NaN where there is no flight to tell."""
    start_s = frame.first_s - HALO_S
    force = _smoothed(frame.acceleration_mps2[:, 2]) + STANDARD_GRAVITY_MPS2 - GROUND_FORCE_MPS2.value
    up = np.flatnonzero((force[:-1] < 0) & (force[1:] >= 0))
    down = np.flatnonzero((force[:-1] >= 0) & (force[1:] < 0))
    begins, ends = (start_s + (at - force[at] / (force[at + 1] - force[at])) / RATE_HZ for at in (up, down))
    reach = _REACH_SHARE * lowest.step_s
    before = np.append(begins, np.nan)[np.searchsorted(begins, lowest.time_s) - 1]
    after = np.append(ends, np.nan)[np.searchsorted(ends, lowest.time_s)]
    landed = np.where(lowest.time_s - before <= reach, before, np.nan)
    left = np.where(after - lowest.time_s <= reach, after, np.nan)
    unseen = lowest.time_s - 0.5 * lowest.step_s  # when the force is least
    return np.where(np.isfinite(landed), landed, unseen), np.where(np.isfinite(landed), left, np.nan)


def _smoothed(values: FloatArray) -> FloatArray:
    width = 2 * _SMOOTHED + 1
    return np.convolve(values, np.full(width, 1 / width), mode="same")

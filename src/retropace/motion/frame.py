"""Frame: some whole seconds of level motion with `HALO_S` around them, as what looks at motion gets to see it.

Whatever is said of a second may use that second and the halo, and nothing else: no sum over the recording, no state. That is
why pieces make up the whole, and why nothing waits longer than the halo.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retropace.motion.level import Levelled
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: How far what is said of a second may look before and after it [s].
HALO_S = 3
#: Rate of the slow copy [Hz], in which steps and swings live and impacts do not; the last frequency it passes [Hz].
SLOW_HZ, SLOW_PASS_HZ = 25, 8.0
#: Length of the window that stands for a second [s]; its middle is the middle of the second.
WINDOW_S = 2


@dataclass(frozen=True)
class Frame:
    """Seconds `first_s` to `first_s + count` (whole numbers on the recording's clock), with the halo at both ends.

    All arrays are (N, ...) with N = (count + 2 * HALO_S) * RATE_HZ; where nothing was known (before a piece, after it, in
    a bridged silence) they are zero and `known` is False. Fields as in `Levelled`.
    """

    first_s: int
    count: int
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray
    up: FloatArray
    heading_rad: FloatArray
    north_rad: FloatArray
    known: BoolArray
    clipped: BoolArray
    turns: bool

    @cached_property
    def slow(self) -> FloatArray:
        """(N/4, 6) acceleration [m/s2] and rotation [rad/s] below `SLOW_PASS_HZ`, at `SLOW_HZ`; shifts nothing in time."""
        both = np.concatenate([self.acceleration_mps2, self.rotation_radps], axis=1)
        return slowed(both)

    @cached_property
    def slow_windows(self) -> FloatArray:
        """(count, 6, WINDOW_S * SLOW_HZ): the window of each second, centred on its middle."""
        return windows(self.slow, SLOW_HZ, self.count)

    @cached_property
    def share_known(self) -> FloatArray:
        """(count,) share of each second's window that was really felt."""
        mean: FloatArray = windows(self.known[:, None].astype(float), int(RATE_HZ), self.count)[:, 0].mean(axis=1)
        return mean


def windows(values: FloatArray, rate_hz: int, count: int) -> FloatArray:
    """(count, k, WINDOW_S * rate) windows of the seconds of a frame's `values` (N, k), each centred on its second."""
    length = WINDOW_S * rate_hz
    first = HALO_S * rate_hz - (length - rate_hz) // 2
    every = np.lib.stride_tricks.sliding_window_view(values, length, axis=0)
    return every[first : first + count * rate_hz : rate_hz]


_TAPS = 41
_REACH = _TAPS // 2


def _low_pass() -> FloatArray:
    """(41,) symmetric taps, sum 1: a windowed sinc, so that nothing is shifted in time and reversal is exact."""
    n = np.arange(_TAPS) - _REACH
    taps = np.sinc(2 * SLOW_PASS_HZ / RATE_HZ * n) * np.hamming(_TAPS)
    symmetric: FloatArray = taps / taps.sum()
    return symmetric


def slowed(values: FloatArray) -> FloatArray:
    """`values` (N, k) at `RATE_HZ`, low-passed without delay, at `SLOW_HZ`: (N/4, k). Zero beyond the ends."""
    every = int(RATE_HZ) // SLOW_HZ
    padded = np.pad(values, ((_REACH, _REACH), (0, 0)))
    views = np.lib.stride_tricks.sliding_window_view(padded, _TAPS, axis=0)[::every]
    return np.asarray(views @ _low_pass())


def frame(level: Levelled, first_s: int, count: int) -> Frame:
    """Seconds `first_s` to `first_s + count` of one piece."""
    rate = int(RATE_HZ)
    begins = round((first_s - HALO_S) * rate)
    length = (count + 2 * HALO_S) * rate
    offset = round(level.start_s * rate) - begins  # where the piece's first sample lies in the frame
    first, last = max(0, -offset), min(len(level), length - offset)
    inside = slice(first, max(first, last))
    target = slice(first + offset, max(first, last) + offset)

    def laid(values: FloatArray) -> FloatArray:
        room = np.zeros((length, *values.shape[1:]), values.dtype)
        room[target] = values[inside]
        return room

    return Frame(
        first_s,
        count,
        laid(level.acceleration_mps2),
        laid(level.rotation_radps),
        laid(level.up),
        laid(level.heading_rad),
        laid(level.north_rad),
        _laid_marks(level.known, inside, target, length),
        _laid_marks(level.clipped, inside, target, length),
        level.turns,
    )


def _laid_marks(marks: BoolArray, inside: slice, target: slice, length: int) -> BoolArray:
    room = np.zeros(length, bool)
    room[target] = marks[inside]
    return room

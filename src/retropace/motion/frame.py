"""Frame: some whole seconds of level motion with `HALO_S` around them, as what looks at motion gets to see it.

Whatever is said of a second may use that second and the halo, and nothing else: no sum over the recording, no state. That is
why pieces make up the whole, and why nothing waits longer than the halo.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Protocol, TypeVar, cast

import numpy as np

from retropace.motion.level import Levelled
from retropace.motion.samples import RATE_HZ
from retropace.motion.taps import Sieve, between
from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: How far what is said of a second may look before and after it [s].
HALO_S = 3
#: Rate of the slow copy [Hz], in which steps and swings live and impacts do not; the last frequency it passes [Hz].
SLOW_HZ, SLOW_PASS_HZ = 25, 8.0
#: Length of the window that stands for a second [s]; its middle is the middle of the second.
WINDOW_S = 2

#: Each slow sample of a window in its mean; each sample of half a second in its sum.
_SHARE_OF_WINDOW = np.full(SLOW_HZ, 1 / (WINDOW_S * SLOW_HZ))
_HALF_SECOND = np.ones(int(RATE_HZ) // 2)

Worked = TypeVar("Worked")


@dataclass(frozen=True)
class Frame:
    """Seconds `first_s` to `first_s + count` (whole numbers on the recording's clock), with the halo at both ends.

    All arrays are (N, ...) with N = (count + 2 * HALO_S) * RATE_HZ, fields as in `Levelled`. Before the piece and after it
    motion is zero, the heading that of the nearest sample, north NaN, and `known` is False; in a bridged silence `known` is
    False as well.
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
    #: What functions marked `once` gave of this frame.
    worked: dict[object, object] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def slow(self) -> FloatArray:
        """(N/4, 6) acceleration [m/s2] and rotation [rad/s] below `SLOW_PASS_HZ`, at `SLOW_HZ`, as `slowed`."""
        return _SIEVE.kept(self.acceleration_mps2.T, self.rotation_radps.T).T

    @cached_property
    def slow_windows(self) -> FloatArray:
        """(count, 6, WINDOW_S * SLOW_HZ): the window of each second, centred on its middle; a view of `slow`."""
        return windows(self.slow, SLOW_HZ, self.count)

    @cached_property
    def slow_mean(self) -> FloatArray:
        """(count, 6) mean of `slow` over the window of each second."""
        return window_means(self.slow.T).T

    @cached_property
    def slow_spread(self) -> FloatArray:
        """(count, 6) standard deviation of `slow` over the window of each second."""
        variance = window_means(np.square(self.slow.T)).T - np.square(self.slow_mean)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))

    @cached_property
    def whole(self) -> bool:
        """Whether all of it was really felt."""
        return bool(self.known.all())

    @cached_property
    def felt(self) -> FloatArray:
        """(2 * (count + 2 * HALO_S),) how many samples of each half second were really felt."""
        if self.whole:
            return np.full(self.known.size // _HALF_SECOND.size, float(_HALF_SECOND.size))
        return halves(self.known.astype(float))

    @cached_property
    def share_known(self) -> FloatArray:
        """(count,) share of each second's window that was really felt."""
        return np.asarray(around(self.felt) / (WINDOW_S * RATE_HZ))


class Remembers(Protocol):
    """What keeps beside itself what was worked out of it."""

    @property
    def worked(self) -> dict[object, object]:
        """What functions marked `once` gave."""


Subject = TypeVar("Subject", bound=Remembers)


def once(work: Callable[[Subject], Worked]) -> Callable[[Subject], Worked]:
    """`work`, done once for each frame, or whatever else remembers, however many ask for it."""

    @wraps(work)
    def done(subject: Subject) -> Worked:
        if work not in subject.worked:
            subject.worked[work] = work(subject)
        return cast("Worked", subject.worked[work])

    return done


def windows(values: FloatArray, rate_hz: int, count: int) -> FloatArray:
    """(count, k, WINDOW_S * rate) windows of the seconds of a frame's `values` (N, k), each centred on its second."""
    length = WINDOW_S * rate_hz
    first = HALO_S * rate_hz - (length - rate_hz) // 2
    return rows(values.T, length, rate_hz, count, first).swapaxes(0, 1)


def rows(values: FloatArray, length: int, every: int, count: int, first: int = 0) -> FloatArray:
    """(..., count, length) views of `values` (..., n), not to be written: each begins `every` samples after the last.

    The first of them begins with sample `first`. Much quicker to make than the library's windows, most of all where
    `values` lie in a row as they are: so give `first` rather than a part of them.
    """
    if not 0 <= (count - 1) * every + length <= values.shape[-1] - first:
        raise ValueError(f"{count} rows of {length} from {first} on do not lie in {values.shape[-1]}")
    step = values.strides[-1]
    shape, strides = (*values.shape[:-1], count, length), (*values.strides[:-1], every * step, step)
    if not values.flags.c_contiguous:
        return np.lib.stride_tricks.as_strided(values[..., first:], shape, strides, writeable=False)
    view: FloatArray = np.ndarray(shape, values.dtype, values, first * step, strides)
    view.flags.writeable = False
    return view


def window_means(slow: FloatArray) -> FloatArray:
    """(k, count) means of a frame's `slow` values (k, N/4) over the window of each second, which is two half ones."""
    first = HALO_S * SLOW_HZ - (WINDOW_S - 1) * SLOW_HZ // 2
    seconds = slow.shape[1] // SLOW_HZ - 2 * HALO_S + WINDOW_S - 1
    each = slow[:, first : first + seconds * SLOW_HZ].reshape(len(slow), seconds, SLOW_HZ)
    half = each @ _SHARE_OF_WINDOW
    mean: FloatArray = half[:, :-1] + half[:, 1:]
    return mean


def halves(values: FloatArray) -> FloatArray:
    """(..., 2 * seconds) sums of `values` (..., N) over every half second of a frame, of which windows are made up."""
    total: FloatArray = values.reshape(*values.shape[:-1], -1, _HALF_SECOND.size) @ _HALF_SECOND
    return total


def around(halved: FloatArray) -> FloatArray:
    """(..., count) sums over the window of each second of a frame, of its `halves`."""
    return stretch(halved, (1 - WINDOW_S), 2 * WINDOW_S)


def stretch(halved: FloatArray, first: int, length: int) -> FloatArray:
    """(..., count) sums over `length` of the `halves` that begin `first` of them after each second of a frame does."""
    count = halved.shape[-1] // 2 - 2 * HALO_S
    begins = 2 * HALO_S + first
    total = np.zeros((*halved.shape[:-1], count))
    for half in range(begins, begins + length):
        total += halved[..., half : half + 2 * count - 1 : 2]
    return total


_EVERY = int(RATE_HZ) // SLOW_HZ
#: How far the slow copy looks either side [samples]: 0.2 s.
_REACH = 20
_SIEVE = Sieve.of(between(_REACH, SLOW_PASS_HZ / RATE_HZ), _EVERY, int(RATE_HZ))


def slowed(values: FloatArray) -> FloatArray:
    """`values` (N, k) at `RATE_HZ`, low-passed without delay, at `SLOW_HZ`: (N/4, k). Zero beyond the ends.

    Slow sample n lies halfway between samples 4n - 1 and 4n. So the slow windows of a frame turned round in time are
    exactly those of the frame, turned round: with whole samples their middles would be off by one.
    """
    room = np.zeros((values.shape[1], -(-len(values) // int(RATE_HZ)) * int(RATE_HZ)))
    room[:, : len(values)] = values.T
    return _SIEVE.kept(room).T[: -(-len(values) // _EVERY)]


class Room:
    """Where the level motion of a piece is laid as it comes, so that frames are views of it.

    It is used again and again: a frame of it is good until more is laid.
    """

    def __init__(self, seconds: int) -> None:
        self._store = Levelled.empty(0, seconds * int(RATE_HZ))
        self._first = self._begins = self._filled = 0
        self._turns = True

    @property
    def last(self) -> int:
        """The even sample after the last one laid."""
        return self._first + self._filled

    def clear(self, first: int, *, turns: bool) -> None:
        """Nothing is in it, and even sample `first` will be its first, of a piece that `turns` or has no gyroscope."""
        self._first, self._begins, self._filled, self._turns = first, 0, 0, turns

    def space(self, first: int, count: int) -> Levelled:
        """Where the next `count` samples are laid, from even sample `first` on: the piece goes on there, or begins."""
        if not self._filled:
            self._leave(first - self._first)
            self._begins = self._filled
        self._filled += count
        return self._store.between(self._filled - count, self._filled)

    def lay(self, part: Levelled) -> None:
        """Lays a copy of `part`; what of it does not fit is left out."""
        begins, ends = max(part.first, self._first), min(part.last, self._first + len(self._store))
        if ends > begins:
            chosen = part.between(begins - part.first, ends - part.first)
            for room, values in zip(self.space(begins, len(chosen)).arrays, chosen.arrays, strict=True):
                room[:] = values

    def end(self, count: int) -> None:
        """Nothing more comes of the piece: `count` samples after it are left empty, with the heading of its last."""
        last = self._filled
        self._leave(count)
        self._store.heading_rad[last : self._filled] = self._store.heading_rad[last - 1] if last else 0.0

    def _leave(self, count: int) -> None:
        """Leaves `count` samples without motion."""
        empty = self._store.between(self._filled, self._filled + count)
        for values in empty.arrays:
            values[:] = 0
        empty.north_rad[:] = np.nan
        self._filled += count

    def forget(self, before: int) -> None:
        """What comes before even sample `before` goes, and what is left moves to the front."""
        gone = before - self._first
        for values in self._store.arrays:
            values[: self._filled - gone] = values[gone : self._filled]
        self._first, self._begins, self._filled = before, max(self._begins - gone, 0), self._filled - gone

    def has_room_for(self, count: int) -> bool:
        """Whether `count` more samples fit."""
        return self._filled + count <= len(self._store)

    def frame(self, first_s: int, count: int) -> Frame:
        """Seconds `first_s` to `first_s + count`, which lie in it with their halo."""
        begins = (first_s - HALO_S) * int(RATE_HZ) - self._first
        ends = begins + (count + 2 * HALO_S) * int(RATE_HZ)
        if begins < self._begins < ends:
            self._store.heading_rad[begins : self._begins] = self._store.heading_rad[self._begins]
        level = self._store.between(begins, ends)
        return Frame(
            first_s,
            count,
            level.acceleration_mps2,
            level.rotation_radps,
            level.up,
            level.heading_rad,
            level.north_rad,
            level.known,
            level.clipped,
            self._turns,
        )


def frame(level: Levelled, first_s: int, count: int) -> Frame:
    """Seconds `first_s` to `first_s + count` of one piece."""
    return frame_of([level], first_s, count)


def frame_of(parts: Sequence[Levelled], first_s: int, count: int) -> Frame:
    """Seconds `first_s` to `first_s + count` of one piece that lies in consecutive parts."""
    room = Room(count + 2 * HALO_S)
    begins = (first_s - HALO_S) * int(RATE_HZ)
    room.clear(begins, turns=parts[0].turns)
    for part in parts:
        room.lay(part)
    room.end(begins + (count + 2 * HALO_S) * int(RATE_HZ) - room.last)
    return room.frame(first_s, count)

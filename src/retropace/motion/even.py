"""Even: one sensor as it came, put on the even clock bit by bit; the rules are told in `samples`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retropace.motion.taps import passed, sinc, spread
from retropace.recording import MOTION_CHANNELS, FloatArray, Stream
from retropace.signals import BoolArray, IntArray

#: Even rate of everything that follows [Hz]: the impact of a foot lies below 50 Hz.
RATE_HZ = 100.0
#: A silence longer than this ends a run [s]: three packets of a radio that sends five times a second, half a stride.
LONGEST_BRIDGE_S = 0.65
#: A step longer than this many usual steps is bridged, not felt.
_KNOWN_STEPS = 1.75
#: How many steps tell the usual one, and within which time [s]; fewer than two tell nothing.
_COUNTED, _COUNTED_S = 32, 0.75
#: Below the first rate [Hz] steps cannot be followed; below the second the upper half of the even clock is empty and
#: stays so; above the third what the even clock cannot hold is taken out first.
_SLOWEST_HZ, _FULL_HZ, _FASTER_HZ = 18.0, 80.0, 110.0
#: Nearer to a sample than this [s] is on it: times are written with microseconds.
_ON_S = 1e-6
#: How near to the largest value so far an extreme is the same one (the sensor's end), as a share.
_SAME_END = 1e-4


@dataclass(frozen=True, slots=True)
class Sense:
    """What is plausible of a kind of sensor.

    `largest` no sensor of the kind can give; from `end_from` on an extreme may be the end of the range (just below the
    smallest range sold: 2 g, 250 °/s). `bridge_s` is the longest silence in a run, `slowest_hz` the lowest rate of use.
    Only its mean matters of one that is not `swift`.
    """

    channels: tuple[str, ...]
    largest: float
    end_from: float
    bridge_s: float = LONGEST_BRIDGE_S
    slowest_hz: float = _SLOWEST_HZ
    swift: bool = True


#: The raw sensors heard.
SENSES = {
    "accelerometer": Sense(MOTION_CHANNELS["accelerometer"], largest=4000.0, end_from=18.6),
    "gyroscope": Sense(MOTION_CHANNELS["gyroscope"], largest=150.0, end_from=4.3),
    "magnetometer": Sense(
        MOTION_CHANNELS["magnetometer"], 10_000.0, math.inf, bridge_s=0.45, slowest_hz=4.5, swift=False
    ),
}


@dataclass(frozen=True, slots=True)
class Even:
    """A part of a run on the even clock, from sample `first` (of the recording's clock times `RATE_HZ`) on.

    `values` (3, n); `known` (n,) False where bridged; `clipped` (n,) True at the end of the sensor's range.
    """

    first: int
    values: FloatArray
    known: BoolArray
    clipped: BoolArray

    @property
    def last(self) -> int:
        """The sample after the last one."""
        return self.first + self.known.size

    def between(self, first: int, last: int) -> "Even":
        """Samples `first` to before `last` of it."""
        part = slice(max(first - self.first, 0), max(last - self.first, 0))
        return Even(max(first, self.first), self.values[:, part], self.known[part], self.clipped[part])


#: Times (m,) [s], strictly increasing, and the three axes (m,) of one sensor, as they came; not copied.
Came = tuple[FloatArray, Sequence[FloatArray]]


def came(stream: Stream, sense: Sense, part: slice = slice(None)) -> Came:
    """The three axes of a `part` of `stream`; nothing where it lacks one."""
    if not all(key in stream.channels for key in sense.channels):
        return np.empty(0), [np.empty(0)] * 3
    return stream.time_s[part], [np.asarray(stream.channels[key][part], float) for key in sense.channels]


@dataclass(frozen=True, slots=True)
class _Raw:
    """Samples as they came: `time_s` (m,), `values` (3, m), `clipped` (m,)."""

    time_s: FloatArray
    values: FloatArray
    clipped: BoolArray

    def __len__(self) -> int:
        return int(self.time_s.size)

    def part(self, first: int, last: int | None = None) -> "_Raw":
        chosen = slice(first, last)
        return _Raw(self.time_s[chosen], self.values[:, chosen], self.clipped[chosen])

    def then(self, came: Came, clipped: BoolArray) -> "_Raw":
        """These samples, and after them those that came."""
        time_s, axes = came
        values = np.empty((3, len(self) + time_s.size))
        values[:, : len(self)] = self.values
        for room, axis in zip(values[:, len(self) :], axes, strict=True):
            room[:] = axis
        return _Raw(np.concatenate([self.time_s, time_s]), values, np.concatenate([self.clipped, clipped]))


_NONE = _Raw(np.empty(0), np.empty((3, 0)), np.empty(0, bool))


class Evener:
    """Puts one sensor on the even clock. What comes out does not depend on how what goes in was cut."""

    def __init__(self, sense: Sense) -> None:
        self._sense = sense
        #: The largest value so far of each axis, of those that may be the end of the range.
        self._most = np.full(3, -1.0)
        self.last_s = -math.inf
        self._run = _NONE
        self._plan: _Plan | None = None
        self._next: int | None = None

    @property
    def settled(self) -> float:
        """The even sample before which nothing more will come; minus infinity where that is not known."""
        if self._next is not None:
            return self._next
        return math.ceil((self._run.time_s[0] - _ON_S) * RATE_HZ) if len(self._run) else -math.inf

    def push(self, came: Came) -> list[Even]:
        """What is settled now that `came` came after all that came before. Older samples are let go."""
        if not came[0].size:
            return []
        largest = [_largest(axis) for axis in came[1]]
        time_s, axes = self._heard(came, largest)
        if not time_s.size:
            return []
        clipped = self._ends(axes, largest)
        breaks = _silences(time_s, self._sense.bridge_s)
        if time_s[0] - self.last_s > self._sense.bridge_s:
            breaks = [0, *breaks]
        self.last_s = float(time_s[-1])
        parts: list[Even | None] = []
        for first, last in pairwise(sorted({0, *breaks, time_s.size})):
            if first in breaks:
                parts.append(self._close())
            part = slice(first, last)
            self._run = self._run.then((time_s[part], [axis[part] for axis in axes]), clipped[part])
            parts.append(self._settle(closed=False))
        return [part for part in parts if part is not None]

    def close(self) -> list[Even]:
        """The rest of the run: nothing more will come that could belong to it."""
        rest = self._close()
        return [] if rest is None else [rest]

    def _heard(self, came: Came, largest: Sequence[float]) -> Came:
        """The samples that are later than all before, whole, and possible; `largest` is not a number where one is none."""
        time_s, axes = came
        if time_s[0] > self.last_s and all(size <= self._sense.largest for size in largest):
            return came
        good = np.all(np.abs(axes) <= self._sense.largest, axis=0) & (time_s > self.last_s)
        return time_s[good], [axis[good] for axis in axes]

    def _ends(self, axes: Sequence[FloatArray], largest: Sequence[float]) -> BoolArray:
        """Where an axis is as large as it ever was, and was so before: the sensor's end."""
        ends = np.zeros(axes[0].size, bool)
        for number, axis in enumerate(axes):
            # What is smaller than the largest so far is no end, and changes nothing.
            least = max(self._sense.end_from, float(self._most[number]) * (1 - _SAME_END))
            if largest[number] < least:
                continue
            beyond = np.flatnonzero(np.abs(axis) >= least)
            size = np.abs(axis[beyond])
            most = np.maximum.accumulate(np.append(self._most[number], size))
            before, self._most[number] = most[:-1], most[-1]
            ends[beyond[(size >= before * (1 - _SAME_END)) & (size <= before * (1 + _SAME_END))]] = True
        return ends

    def _close(self) -> Even | None:
        if not len(self._run):
            return None
        rest = self._settle(closed=True)
        self._run, self._plan, self._next = _NONE, None, None
        return rest

    def _settle(self, *, closed: bool) -> Even | None:
        """What of the run is settled and was not given before."""
        plan = self._judged(closed=closed)
        if plan is None:
            return None
        first = plan.first if self._next is None else self._next
        last = plan.settled(self._run, closed=closed)
        if last <= first:
            return None
        even = plan.evened(self._run, first, last)
        self._next = last
        self._run = self._run.part(plan.needed_from(self._run, last))
        return even

    def _judged(self, *, closed: bool) -> "_Plan | None":
        """How the run is put on the clock. What is too slow to be of use goes, and the rest is judged anew.

        Phones begin at their usual five samples a second, and only then at the rate they were asked for.
        """
        while self._plan is None and len(self._run):
            plan = _planned(self._run, self._sense, closed=closed)
            if plan is None:
                return None
            if plan.of_use:
                self._plan = plan
            else:
                self._run = self._run.part(plan.judged)
        return self._plan


def _largest(axis: FloatArray) -> float:
    """The largest size of the values (m,), not a number where one is none."""
    most, least = float(np.maximum.reduce(axis)), float(np.minimum.reduce(axis))
    return most if most >= -least or math.isnan(most) else -least


def _silences(time_s: FloatArray, bridge_s: float) -> list[int]:
    """The samples that come more than `bridge_s` after the one before."""
    step = time_s[1:] - time_s[:-1]
    if step.max(initial=0.0) <= bridge_s:
        return []
    return (np.flatnonzero(step > bridge_s) + 1).tolist()


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a run is put on the even clock: when it begins, its usual step, and whether it is quick enough to be `of_use`.

    It was told from the first `judged` steps. Between its samples runs a `smooth` curve, or lines. What comes between is
    `times` times as fine as the even clock; `taps`, symmetric, take out what the clock cannot hold, or what the sensor
    could not.
    """

    begins_s: float
    judged: int
    step_s: float
    of_use: bool
    times: int
    taps: FloatArray
    spread: FloatArray
    smooth: bool

    @property
    def first(self) -> int:
        """The first even sample of the run."""
        return math.ceil((self.begins_s - _ON_S) * RATE_HZ)

    @property
    def _fine_hz(self) -> float:
        return RATE_HZ * self.times

    @property
    def _reach(self) -> int:
        return self.taps.size // 2

    def settled(self, run: _Raw, *, closed: bool) -> int:
        """The even sample before which nothing can change: a curve needs two samples after it, the taps their reach."""
        if closed:
            return math.floor((float(run.time_s[-1]) + _ON_S) * RATE_HZ) + 1
        if len(run) < 3:
            return self.first
        fine = math.ceil((run.time_s[-2] - _ON_S) * self._fine_hz)
        return int((fine - 1 - self._reach) // self.times + 1)

    def needed_from(self, run: _Raw, first: int) -> int:
        """The first sample of `run` that even samples from `first` on still need."""
        begins_s = (first * self.times - self._reach) / self._fine_hz - _ON_S
        return max(int(np.searchsorted(run.time_s, begins_s)) - 3, 0)

    def evened(self, run: _Raw, first: int, last: int) -> Even:
        """Even samples `first` to before `last`."""
        begins = max(first * self.times - self._reach, math.ceil((self.begins_s - _ON_S) * self._fine_hz))
        ends = math.floor((run.time_s[-1] + _ON_S) * self._fine_hz) + 1
        fine = _curve(run, begins, min((last - 1) * self.times + self._reach + 1, ends), self._fine_hz, self)
        if not self._reach:
            return fine
        before = first * self.times - begins
        chosen = slice(before, before + (last - first - 1) * self.times + 1, self.times)
        values = self._passed(fine.values, before, last - first)
        return Even(first, values, fine.known[chosen], _near(fine.clipped, self.times)[chosen])

    def _passed(self, values: FloatArray, first: int, count: int) -> FloatArray:
        """`values` (3, n) through the taps at `first`, `first + times`, ...; beyond the ends nothing weighs."""
        room = np.zeros((4, (count - 1) * self.times + self.taps.size))
        begins = self._reach - first
        part = values[:, : room.shape[1] - begins]
        room[:3, begins : begins + part.shape[1]] = part
        room[3, begins : begins + part.shape[1]] = 1.0
        total = passed(room, self.spread, self.times, count)
        return np.asarray(total[:3] / total[3])


#: No worn sensor is quicker; times that lie closer together were given by a clock, not by a sensor.
_QUICKEST_HZ = 4000.0


def _planned(run: _Raw, sense: Sense, *, closed: bool) -> _Plan | None:
    """How `run` is put on the even clock, None where it is too young to tell."""
    early = run.time_s[: _COUNTED + 1]
    early = early[early <= early[0] + _COUNTED_S]
    if len(run) <= max(early.size, 2) and not closed:
        return None
    starved = early.size <= _SLOWEST_HZ * _COUNTED_S  # a slow sensor, or a radio that lost most: quick steps tell
    step_s = float(np.quantile(np.diff(early), 0.25 if starved else 0.5)) if early.size > 2 else math.inf
    step_s = max(step_s, 1 / _QUICKEST_HZ)
    rate_hz = 1 / step_s
    of_use = rate_hz >= sense.slowest_hz
    times, taps = _taps(rate_hz) if sense.swift and of_use else (1, np.ones(1))
    weights = spread(taps, times) if taps.size > 1 else taps
    return _Plan(float(run.time_s[0]), max(early.size - 1, 1), step_s, of_use, times, taps, weights, sense.swift)


def _taps(rate_hz: float) -> tuple[int, FloatArray]:
    """How much finer a sensor is first put, and the taps that follow.

    They pass half at 42 Hz where the sensor is quicker than the clock, at half the sensor's rate where it is slower.
    """
    times = max(1, math.ceil(rate_hz / _FASTER_HZ))
    if times > 1:
        return times, sinc(8 * times, 42.0 / (RATE_HZ * times))
    if rate_hz < _FULL_HZ:
        return 1, sinc(20, rate_hz / 2 / RATE_HZ)
    return 1, np.ones(1)


def _curve(run: _Raw, begins: int, ends: int, rate_hz: float, plan: _Plan) -> Even:
    """The samples `begins` to before `ends` of a clock of `rate_hz`, on a curve through those of `run`."""
    ticks = run.time_s * rate_hz
    starts = round(float(ticks[0]))
    if _on_clock(ticks, starts, _ON_S * rate_hz):
        here = slice(begins - starts, ends - starts)
        return Even(begins, run.values[:, here], np.ones(ends - begins, bool), run.clipped[here])
    number = _bracket(np.ceil(ticks - _ON_S * rate_hz).astype(np.int64), begins, ends)
    lag_s = np.arange(begins, ends) / rate_hz - run.time_s[number]
    on = lag_s <= _ON_S
    step = np.diff(run.time_s)
    felt = step <= _KNOWN_STEPS * plan.step_s
    before = np.minimum(number, step.size - 1)
    share = np.where(on, 0.0, lag_s / step[before])
    share[number == step.size] = 1.0
    shape = _cubics(run.values, step, felt, plan.step_s) if plan.smooth else _lines(run.values)
    values = shape[-1].take(before, axis=1)
    for part in shape[-2::-1]:
        values *= share
        values += part.take(before, axis=1)
    clipped = np.where(on, run.clipped[number], (run.clipped[:-1] | run.clipped[1:])[before])
    return Even(begins, values, felt[before] | on, clipped)


def _on_clock(ticks: FloatArray, starts: int, near: float) -> bool:
    """Whether `ticks` (m,) are the whole numbers from `starts` on, all of them `near` enough."""
    if abs(float(ticks[-1]) - (starts + ticks.size - 1)) > near:
        return False
    off = np.arange(starts, starts + ticks.size, dtype=float)
    off -= ticks
    return bool(off.max() <= near and off.min() >= -near)


def _bracket(starts: IntArray, begins: int, ends: int) -> IntArray:
    """For each sample of the even clock the last of `run` at or before it, given which even sample each starts."""
    bounds = np.clip(np.append(starts, ends), begins, ends)
    return np.repeat(np.arange(starts.size), np.diff(bounds))


def _lines(values: FloatArray) -> tuple[FloatArray, ...]:
    """Coefficients (3, m - 1) of each interval's straight line in the share of it that is over."""
    return values[:, :-1], values[:, 1:] - values[:, :-1]


def _cubics(values: FloatArray, step: FloatArray, felt: BoolArray, step_s: float) -> tuple[FloatArray, ...]:
    """Coefficients (3, m - 1) of each interval's cubic in the share of it that is over; straight where not `felt`.

    Slopes come from the samples either side, the nearer one counting more.
    """
    rise = values[:, 1:] - values[:, :-1]
    near = 1 / np.maximum(step, step_s / 2)  # two samples nearly at once differ by noise, not by a slope
    weight = np.where(felt, near, 0.0)
    around = np.zeros(weight.size + 1)
    around[:-1] += weight
    around[1:] += weight
    rate = rise * (near * weight)
    slopes = np.zeros_like(values)
    slopes[:, :-1] = rate
    slopes[:, 1:] += rate
    slopes /= np.where(around > 0, around, 1.0)
    begin, twist = slopes[:, :-1] * step, slopes[:, 1:] * step
    straight = np.flatnonzero(~felt)
    begin[:, straight] = twist[:, straight] = rise[:, straight]
    twist += begin
    twist -= 2 * rise
    bend = rise - begin
    bend -= twist
    return values[:, :-1], begin, bend, twist


def _near(marks: BoolArray, times: int) -> BoolArray:
    """Marked where a mark lies within half a sample of the even clock."""
    if not marks.any():
        return marks
    return np.convolve(marks, np.ones(2 * (times // 2) + 1), "same")[: marks.size] > 0

"""Samples: raw sensors of one recording, brought to one even clock; nothing is invented where they were silent.

The rules, for any sensor from 18 to 800 Hz, at once or as it comes (`Resampler`), with the same result:

* The even clock has `RATE_HZ`, and its samples lie on whole hundredths of the recording's clock. Between the samples of a
  sensor runs a cubic, through each of them: a sample on the clock stays as it is. Times are believed.
* A sensor quicker than 110 Hz is first put on a multiple of the clock, then filtered symmetrically (half at 42 Hz), so that
  nothing aliases. One slower than 80 Hz is filtered at half its own rate: above it nothing is invented.
* A sample that is not a number, or beyond what any sensor of its kind can give, is as good as missing; so is one that is not
  later than the one before it (a clock set back).
* A step of more than 1.75 usual steps is bridged by a straight line and not `known`. Beyond `LONGEST_BRIDGE_S` nothing is
  bridged: there a piece ends. The usual step is the median of a run's first ones.
* A value as large as any before it on that axis, met again, and beyond the smallest range sold, is the end of the sensor's
  range: `clipped`. The first time it is met it cannot be told.
* Sensors need not share times or rates. A piece has a gyroscope throughout or not at all; where one falls silent while the
  accelerometer goes on, another piece begins. A magnetometer may come and go (NaN).
* Sensors of one person arrive together: what comes more than `LATE_S` behind another sensor comes too late, and is let go.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from retropace.motion.even import LONGEST_BRIDGE_S, RATE_HZ, SENSES, Came, Even, Evener, came
from retropace.recording import FloatArray, Stream
from retropace.signals import BoolArray

__all__ = ["LATE_S", "LONGEST_BRIDGE_S", "RATE_HZ", "Resampler", "Samples", "pieces"]

#: How far one sensor may lag behind another and still be waited for [s].
LATE_S = 1.0


@dataclass(frozen=True, slots=True)
class Samples:
    """One unbroken piece, or a part of one, on an even clock of `RATE_HZ`, on the sensor's own axes.

    `force_mps2` (n, 3) is what the accelerometer felt, gravity included; `rotation_radps` (n, 3) and `magnetic_ut` (n, 3)
    are None where there was no such sensor, the latter NaN where it was silent. `known` (n,) is False where a value was
    bridged, `clipped` (n,) True where the sensor was at the end of its range.
    """

    start_s: float
    force_mps2: FloatArray
    rotation_radps: FloatArray | None
    magnetic_ut: FloatArray | None
    known: BoolArray
    clipped: BoolArray

    def __len__(self) -> int:
        return int(self.force_mps2.shape[0])

    @property
    def first(self) -> int:
        """The number of the first sample on the even clock."""
        return round(self.start_s * RATE_HZ)

    @property
    def last(self) -> int:
        """The number after that of the last sample."""
        return self.first + len(self)

    def goes_on(self, later: "Samples") -> bool:
        """Whether `later` is the next part of the same piece."""
        return self.last == later.first and (self.rotation_radps is None) == (later.rotation_radps is None)

    def between(self, first: int, last: int | None = None) -> "Samples":
        """Samples number `first` to before `last` of this part, counted from its own first."""
        part = slice(first, last)
        return Samples(
            (self.first + first) / RATE_HZ,
            self.force_mps2[part],
            None if self.rotation_radps is None else self.rotation_radps[part],
            None if self.magnetic_ut is None else self.magnetic_ut[part],
            self.known[part],
            self.clipped[part],
        )


def joined(parts: list[Samples]) -> Samples:
    """Consecutive parts of one piece as one, which shares nothing with them; each channel lies in a row."""
    first = parts[0]
    rotation = [part.rotation_radps for part in parts if part.rotation_radps is not None]
    magnetic = [part.magnetic_ut for part in parts if part.magnetic_ut is not None]
    return Samples(
        first.start_s,
        _in_rows([part.force_mps2 for part in parts]),
        _in_rows(rotation) if rotation else None,
        _in_rows(magnetic) if magnetic else None,
        np.concatenate([part.known for part in parts]),
        np.concatenate([part.clipped for part in parts]),
    )


def _in_rows(parts: list[FloatArray]) -> FloatArray:
    """(n, 3) all `parts` (k, 3) together, laid as (3, n): much quicker to write and to work on."""
    return np.concatenate([part.T for part in parts], axis=1).T


def pieces(motion: Mapping[str, Stream]) -> list[Samples]:
    """The unbroken pieces of a recording's raw motion, in order; empty where there is no accelerometer."""
    resampler = Resampler(present(motion))
    found: list[list[Samples]] = []
    for part in [*resampler.push(all_came(motion)), *resampler.finish()]:
        if found and found[-1][-1].goes_on(part):
            found[-1].append(part)
        else:
            found.append([part])
    return [parts[0] if len(parts) == 1 else joined(parts) for parts in found]


def all_came(motion: Mapping[str, Stream]) -> dict[str, Came]:
    """The samples of the sensors heard."""
    return {name: came(motion[name], SENSES[name]) for name in SENSES if name in motion}


def present(motion: Mapping[str, Stream]) -> list[str]:
    """The sensors heard that are in `motion`."""
    return [name for name in SENSES if name in motion and len(motion[name])]


class Resampler:
    """Takes the raw streams of `sensors` as they come, and gives the parts of pieces that are settled."""

    def __init__(self, sensors: Collection[str]) -> None:
        self._eveners = {name: Evener(sense) for name, sense in SENSES.items() if name in sensors}
        self._parts: dict[str, list[Even]] = {name: [] for name in SENSES}
        #: The even sample before which nothing more will come.
        self.settled = -math.inf

    def push(self, motion: Mapping[str, Came]) -> list[Samples]:
        """What is settled now that `motion` came, each sensor's samples after what came of it before."""
        for name, evener in self._eveners.items():
            if name in motion:
                self._parts[name] += evener.push(motion[name])
        latest_s = max((evener.last_s for evener in self._eveners.values()), default=-math.inf)
        for name, evener in self._eveners.items():
            if evener.last_s < latest_s - LATE_S:
                self._parts[name] += evener.close()
        return self._until(self._settled(latest_s - LATE_S))

    def _settled(self, late_s: float) -> float:
        """The even sample before which nothing more will come: a silent sensor is waited for until `late_s`."""
        late = late_s if math.isinf(late_s) else math.floor(late_s * RATE_HZ)
        told = [evener.settled for evener in self._eveners.values()]
        return min((late if math.isinf(settled) else settled for settled in told), default=-math.inf)

    def finish(self) -> list[Samples]:
        """The rest."""
        for name, evener in self._eveners.items():
            self._parts[name] += evener.close()
        return self._until(math.inf)

    def _until(self, settled: float) -> list[Samples]:
        """The parts before even sample `settled`, which go from what is kept."""
        before, self.settled = self.settled, max(self.settled, settled)
        chosen = {name: list(_before(parts, before, self.settled)) for name, parts in self._parts.items()}
        self._parts = {name: list(_before(parts, self.settled, math.inf)) for name, parts in self._parts.items()}
        magnetic = chosen["magnetometer"] if "magnetometer" in self._eveners else None
        return [
            _together(felt.between(first, last), turning, magnetic)
            for felt in chosen["accelerometer"]
            for first, last, turning in _spans(felt, chosen["gyroscope"])
        ]


def _before(parts: Iterable[Even], first: float, last: float) -> Iterable[Even]:
    """What of `parts` lies from even sample `first` to before `last`."""
    for part in parts:
        begins, ends = max(part.first, first), min(part.last, last)
        if ends > begins:
            yield part.between(int(begins), int(ends))


def _spans(felt: Even, turning: list[Even]) -> list[tuple[int, int, Even | None]]:
    """First sample, the one after the last, and the gyroscope's part, of the stretches with and without it."""
    spans: list[tuple[int, int, Even | None]] = []
    at = felt.first
    for part in _before(turning, felt.first, felt.last):
        if part.first > at:
            spans.append((at, part.first, None))
        spans.append((part.first, part.last, part))
        at = part.last
    return [*spans, (at, felt.last, None)] if at < felt.last else spans


def _together(felt: Even, turning: Even | None, magnetic: list[Even] | None) -> Samples:
    return Samples(
        felt.first / RATE_HZ,
        felt.values.T,
        None if turning is None else turning.values.T,
        None if magnetic is None else _laid(magnetic, felt.first, felt.last),
        felt.known if turning is None else felt.known & turning.known,
        felt.clipped if turning is None else felt.clipped | turning.clipped,
    )


def _laid(parts: list[Even], first: int, last: int) -> FloatArray:
    """Samples `first` to before `last` of a sensor that may be silent, (n, 3)."""
    if len(parts) == 1 and parts[0].first <= first and last <= parts[0].last:
        return parts[0].between(first, last).values.T
    room = np.full((3, last - first), np.nan)
    for part in _before(parts, first, last):
        room[:, part.first - first : part.last - first] = part.values
    return room.T

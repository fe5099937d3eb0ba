"""Listener: takes raw motion as it comes and keeps what every look says of each second.

A whole recording is heard by the same listener, block by block, so that memory grows by the rows only. What is said of a
second is final once `HALO_S` seconds after it were felt, and never changes; how the streams were cut makes no difference.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from retropace.motion import (
    foot,
    foot_contacts,
    heading,
    placement,
    pocket,
    steps,
    synchrony,
    trunk,
    waist,
    waist_contacts,
)
from retropace.motion.even import SENSES, Came, came
from retropace.motion.frame import HALO_S, Frame, Room
from retropace.motion.heard import ContactFinder, Contacts, Heard, Look
from retropace.motion.level import Learnt, Levelled, Leveller
from retropace.motion.samples import LATE_S, RATE_HZ, Resampler, Samples, all_came, present
from retropace.recording import FloatArray, Stream

#: Everything that looks at motion. Each costs about ten milliseconds an hour.
LOOKS: tuple[Look, ...] = (
    steps.look,
    heading.look,
    placement.look,
    synchrony.look,
    foot.look,
    waist.look,
    trunk.look,
    pocket.look,
)
#: What finds contacts, by the placement for which it does.
CONTACTS: Mapping[str, ContactFinder] = MappingProxyType(
    {"foot": foot_contacts.contacts, "waist": waist_contacts.contacts}
)
#: A whole recording is looked at in blocks of this length [s], so that memory does not grow with it, and comes in parts
#: of this length [s], which the fast memory of a processor holds.
BLOCK_S, PART_S = 480, 240
#: A second's row is there at the latest so long after the second began [s]: as a rule a quarter second after
#: `HALO_S` + 1, later only where a sensor is slow or lags behind another.
DELAY_S = HALO_S + 1 + 2 * LATE_S
_RATE = int(RATE_HZ)


class Listener:
    """Hears the raw streams of `sensors` ("accelerometer", "gyroscope", "magnetometer") piece by piece.

    >>> listener = Listener(["accelerometer"], looks=[])
    >>> time_s = np.arange(1000) / 100
    >>> still = {f"acceleration_{axis}_mps2": np.full(1000, value) for axis, value in zip("xyz", (0.0, 0.0, 9.8))}
    >>> listener.push({"accelerometer": Stream(time_s, still)})
    >>> len(listener.heard()), len(listener.finish())
    (6, 10)
    """

    def __init__(
        self,
        sensors: Collection[str],
        looks: Sequence[Look] = LOOKS,
        finders: Mapping[str, ContactFinder] = CONTACTS,
    ) -> None:
        self._looks, self._finders = looks, finders
        self._resampler = Resampler(sensors)
        self._learnt = Learnt()
        self._piece: _Piece | None = None
        self._room = Room(BLOCK_S + PART_S + 8 * HALO_S)
        self._rows = _Rows({name: _Growing(2) for name in finders})

    def push(self, motion: Mapping[str, Stream]) -> None:
        """More of the streams; each begins after what came of it before, and none lags more than `LATE_S` behind."""
        self.take(all_came(motion))

    def take(self, motion: Mapping[str, Came]) -> None:
        """The same for samples that are known to be in order."""
        self._hear(self._resampler.push(motion))
        if self._piece is not None and self._resampler.settled > self._piece.last:
            self._close()

    def finish(self) -> Heard:
        """Everything: nothing more will come."""
        self._hear(self._resampler.finish())
        self._close()
        return self.heard()

    def heard(self) -> Heard:
        """What is final so far."""
        if self._piece is not None:
            self._look(self._piece.due())
        return self._rows.heard()

    def _hear(self, parts: Sequence[Samples]) -> None:
        for part in parts:
            if self._piece is not None and not self._piece.goes_on(part):
                self._close()
            if self._piece is None:
                self._piece = _Piece(part, self._learnt, self._room)
            self._look(self._piece.push(part))

    def _close(self) -> None:
        if self._piece is not None:
            self._look(self._piece.finish())
            self._rows.end_piece()
            self._piece = None

    def _look(self, frames: Iterator[Frame]) -> None:
        for seen in frames:
            columns = {name: values for look in self._looks for name, values in look(seen).items()}
            self._rows.append(seen, columns)
            for name, finder in self._finders.items():
                self._rows.contacts[name].append(np.stack(finder(seen)))


def listen(
    motion: Mapping[str, Stream], looks: Sequence[Look] = LOOKS, finders: Mapping[str, ContactFinder] = CONTACTS
) -> Heard:
    """Everything that the raw streams of a recording say, second by second."""
    listener = Listener(present(motion), looks, finders)
    for block in _blocks({name: motion[name] for name in present(motion)}):
        listener.take(block)
    return listener.finish()


def _blocks(motion: Mapping[str, Stream]) -> Iterator[dict[str, Came]]:
    """The streams cut at common times, `PART_S` at most from the first sample of each block."""
    at = dict.fromkeys(motion, 0)
    while left := [float(motion[name].time_s[i]) for name, i in at.items() if i < len(motion[name])]:
        ends = {name: int(np.searchsorted(stream.time_s, min(left) + PART_S)) for name, stream in motion.items()}
        yield {name: came(stream, SENSES[name], slice(at[name], ends[name])) for name, stream in motion.items()}
        at = ends


class _Piece:
    """One unbroken piece while it is heard."""

    def __init__(self, first: Samples, learnt: Learnt, room: Room) -> None:
        self._leveller = Leveller(learnt, self._space)
        self._so_far = first
        self._next_s = -(-first.first // _RATE)
        self._room = room
        room.clear((self._next_s - HALO_S) * _RATE, turns=first.rotation_radps is not None)

    @property
    def last(self) -> int:
        """The even sample after the last one."""
        return self._so_far.last

    def goes_on(self, part: Samples) -> bool:
        return self._so_far.goes_on(part)

    def push(self, part: Samples) -> Iterator[Frame]:
        """More of it, and the blocks that are full now: the next one comes into their room."""
        self._so_far = part
        for first in range(0, len(part), PART_S * _RATE):
            self._leveller.push(part.between(first, first + PART_S * _RATE))
            if self._room.last // _RATE - HALO_S - self._next_s >= BLOCK_S:
                yield from self.due()

    def due(self) -> Iterator[Frame]:
        """The seconds that are complete and were not given before."""
        return self._frames(self._room.last // _RATE - HALO_S)

    def finish(self) -> Iterator[Frame]:
        """The rest up to the last whole second."""
        self._leveller.finish()
        until_s = self._room.last // _RATE
        self._room.end((until_s + HALO_S) * _RATE - self._room.last)
        return self._frames(until_s)

    def _space(self, first: int, count: int) -> Levelled:
        """Where the next `count` samples are laid; there is always room for a halo after them."""
        if not self._room.has_room_for(count + 2 * HALO_S * _RATE):
            self._room.forget((self._next_s - HALO_S) * _RATE)
        return self._room.space(first, count)

    def _frames(self, until_s: int) -> Iterator[Frame]:
        if until_s > self._next_s:
            first_s, self._next_s = self._next_s, until_s
            yield self._room.frame(first_s, until_s - first_s)


class _Growing:
    """Rows of `channels` numbers that grow at the end; what was given out of them stays as it is."""

    def __init__(self, channels: int) -> None:
        self._room = np.empty((channels, 256))
        self.size = 0

    def append(self, values: FloatArray) -> None:
        """`values` (channels, n) after all others."""
        size = self.size + values.shape[1]
        if size > self._room.shape[1]:
            room = np.empty((self._room.shape[0], max(size, self._room.shape[1] * 3 // 2)))
            room[:, : self.size] = self._room[:, : self.size]
            self._room = room
        self._room[:, self.size : size] = values
        self.size = size

    @property
    def rows(self) -> FloatArray:
        """(channels, size) so far."""
        return self._room[:, : self.size]


@dataclass(slots=True)
class _Rows:
    """The rows of a `Heard` while they grow."""

    contacts: dict[str, _Growing]
    _clock: _Growing = field(default_factory=lambda: _Growing(2))
    _columns: _Growing = field(default_factory=lambda: _Growing(0))
    _names: dict[str, None] = field(default_factory=dict)
    _piece: int = 0
    _piece_begins: int = 0

    def append(self, seen: Frame, columns: Mapping[str, FloatArray]) -> None:
        """What was said of the seconds of a frame."""
        self._name(columns)
        time_s = np.arange(seen.first_s, seen.first_s + seen.count, dtype=float)
        self._clock.append(np.stack([time_s, np.full(seen.count, float(self._piece))]))
        silent = np.full(seen.count, np.nan)
        self._columns.append(np.array([columns.get(name, silent) for name in self._names]).reshape(-1, seen.count))

    def _name(self, columns: Mapping[str, FloatArray]) -> None:
        """Columns that were never heard of have been silent so far."""
        if columns.keys() <= self._names.keys():
            return
        before = self._columns.rows
        self._names.update(dict.fromkeys(columns))
        silent = np.full((len(self._names) - len(before), self._clock.size), np.nan)
        self._columns = _Growing(len(self._names))
        self._columns.append(np.concatenate([before, silent]))

    def end_piece(self) -> None:
        """What comes next belongs to another piece; one without a whole second is not counted."""
        if self._clock.size > self._piece_begins:
            self._piece, self._piece_begins = self._piece + 1, self._clock.size

    def heard(self) -> Heard:
        """What is there so far."""
        time_s, piece = self._clock.rows
        contacts: dict[str, Contacts] = {name: (found.rows[0], found.rows[1]) for name, found in self.contacts.items()}
        return Heard(time_s, piece, dict(zip(self._names, self._columns.rows, strict=True)), contacts)

"""Listener: takes raw motion as it comes and keeps what every look says of each second.

A whole recording is heard by the same listener, block by block, so that memory grows by the rows only. What is said of a
second is final once `HALO_S` seconds after it were felt, and never changes; how the streams were cut makes no difference.
Who cannot wait may let some look at every second at once, and the others a little later, in turn.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from types import MappingProxyType
from typing import Generic, TypeVar

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
from retropace.motion.heard import Columns, ContactFinder, Contacts, Heard, Look
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
BLOCK_S, PART_S = 720, 240
#: Of those who wait one has its turn every so many seconds of the clock, after odd ones: even ones leave room to think.
TURN_S = 2
#: A second's row is there at the latest so long after the second began [s]: as a rule a quarter second after
#: `HALO_S` + 1, later only where a sensor is slow or lags behind another.
DELAY_S = HALO_S + 1 + 2 * LATE_S
_RATE = int(RATE_HZ)
Told = TypeVar("Told")


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
        self._looks = [_Looker(look) for look in looks]
        self._finders = {name: _Looker(finder) for name, finder in finders.items()}
        self._resampler = Resampler(sensors)
        self._learnt = Learnt()
        self._piece: _Piece | None = None
        self._room = Room(BLOCK_S + PART_S + 8 * HALO_S)
        self._rows = _Rows({name: _Growing(2) for name in finders})

    def press(self, looks: Collection[Look]) -> None:
        """From now on only these `looks` see each second at once; of the others one does every `TURN_S`, in turn."""
        for one in self._everybody:
            one.waits = one.look not in looks

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
        """What is final so far; NaN in the last seconds of columns of those who wait for their turn."""
        if self._piece is not None:
            self._look(self._piece)
        return self._rows.heard()

    @property
    def _everybody(self) -> "list[_Looker[Columns] | _Looker[Contacts]]":
        return [*self._looks, *self._finders.values()]

    def _hear(self, parts: Sequence[Samples]) -> None:
        for part in parts:
            if self._piece is not None and not self._piece.goes_on(part):
                self._close()
            if self._piece is None:
                self._piece = _Piece(part, self._learnt, self._room)
                self._rows.begin_piece(self._piece.seen_s)
                for one in self._everybody:
                    one.next_s = self._piece.seen_s
            for _ in self._piece.push(part):
                self._look(self._piece, everybody=True)

    def _close(self) -> None:
        if self._piece is not None:
            self._piece.finish()
            self._look(self._piece, everybody=True)
            self._piece = None

    def _look(self, piece: "_Piece", *, everybody: bool = False) -> None:
        """Whoever is to look does so, at all complete seconds that they have not seen."""
        until_s = piece.complete_s
        fresh = self._rows.reach(until_s)
        late = [] if everybody else self._late(until_s // TURN_S - (until_s - fresh) // TURN_S)
        columns: dict[int, Columns] = {}
        for look in self._looks:
            if look not in late and look.next_s < until_s:
                columns.setdefault(look.next_s, {}).update(look(piece.frame(look.next_s, until_s)))
        for first_s, found in columns.items():
            self._rows.lay(first_s, found)
        for name, finder in self._finders.items():
            if finder not in late and finder.next_s < until_s:
                self._rows.contacts[name].append(np.stack(finder(piece.frame(finder.next_s, until_s))))
        piece.seen_s = min((one.next_s for one in self._everybody), default=until_s)

    def _late(self, turns: int) -> "list[_Looker[Columns] | _Looker[Contacts]]":
        """Who waits on after so many `turns`, which those have who looked longest ago."""
        waiting = [one for one in self._everybody if one.waits]
        return sorted(waiting, key=attrgetter("next_s"))[turns:]


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


@dataclass(slots=True, eq=False)
class _Looker(Generic[Told]):
    """Who looks, and has done so at everything before second `next_s` of the piece; who `waits` does so in turn."""

    look: Callable[[Frame], Told]
    next_s: int = 0
    waits: bool = False

    def __call__(self, seen: Frame) -> Told:
        self.next_s = seen.first_s + seen.count
        return self.look(seen)


class _Piece:
    """One unbroken piece while it is heard. Everybody has looked at what comes before second `seen_s`."""

    def __init__(self, first: Samples, learnt: Learnt, room: Room) -> None:
        self._leveller = Leveller(learnt, self._space)
        self._so_far = first
        self._room = room
        self._frames: dict[tuple[int, int], Frame] = {}
        self._begins_s = self.seen_s = -(-first.first // _RATE)
        room.clear((self.seen_s - HALO_S) * _RATE, turns=first.rotation_radps is not None)

    @property
    def last(self) -> int:
        """The even sample after the last one."""
        return self._so_far.last

    @property
    def complete_s(self) -> int:
        """The second after the last that can be looked at."""
        return max(self._room.last // _RATE - HALO_S, self._begins_s)

    def goes_on(self, part: Samples) -> bool:
        return self._so_far.goes_on(part)

    def push(self, part: Samples) -> Iterator[None]:
        """More of it; pauses where a block is full, for the next one comes into its room."""
        self._so_far = part
        for first in range(0, len(part), PART_S * _RATE):
            self._leveller.push(part.between(first, first + PART_S * _RATE))
            if self.complete_s - self.seen_s >= BLOCK_S:
                yield

    def finish(self) -> None:
        """Nothing more comes: the rest up to the last whole second is complete."""
        self._leveller.finish()
        self._room.end((self._room.last // _RATE + HALO_S) * _RATE - self._room.last)

    def frame(self, first_s: int, until_s: int) -> Frame:
        """The seconds from `first_s` to before `until_s`, the same frame for all who ask before more comes."""
        if (first_s, until_s) not in self._frames:
            self._frames[first_s, until_s] = self._room.frame(first_s, until_s - first_s)
        return self._frames[first_s, until_s]

    def _space(self, first: int, count: int) -> Levelled:
        """Where the next `count` samples are laid; there is always room for a halo after them."""
        self._frames.clear()
        if not self._room.has_room_for(count + 2 * HALO_S * _RATE):
            self._room.forget((self.seen_s - HALO_S) * _RATE)
        return self._room.space(first, count)


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
    _names: dict[str, int] = field(default_factory=dict)
    #: The last piece's number, its first row, and that row's second.
    _piece: int = -1
    _first: int = 0
    _begins_s: int = 0

    def begin_piece(self, begins_s: int) -> None:
        """What comes next belongs to another piece; one without a whole second was none."""
        self._piece += self._piece < 0 or self._clock.size > self._first
        self._first, self._begins_s = self._clock.size, begins_s

    def reach(self, until_s: int) -> int:
        """Rows, silent so far, of all seconds of the piece before `until_s`; how many of them are new."""
        time_s = np.arange(self._begins_s + self._clock.size - self._first, until_s, dtype=float)
        if time_s.size:
            self._clock.append(np.stack([time_s, np.full(time_s.size, float(self._piece))]))
            self._columns.append(np.full((len(self._names), time_s.size), np.nan))
        return time_s.size

    def lay(self, first_s: int, columns: Columns) -> None:
        """What was said of the seconds from `first_s` on."""
        if columns:
            self._name(columns)
            said = np.array(list(columns.values()))
            first = self._first + first_s - self._begins_s
            self._columns.rows[[self._names[name] for name in columns], first : first + said.shape[1]] = said

    def _name(self, columns: Columns) -> None:
        """Columns that were never heard of have been silent so far."""
        if columns.keys() <= self._names.keys():
            return
        before = self._columns.rows
        for name in columns:
            self._names.setdefault(name, len(self._names))
        self._columns = _Growing(len(self._names))
        silent = np.full((len(self._names) - len(before), self._clock.size), np.nan)
        self._columns.append(np.concatenate([before, silent]))

    def heard(self) -> Heard:
        """What is there so far."""
        time_s, piece = self._clock.rows
        contacts: dict[str, Contacts] = {name: (found.rows[0], found.rows[1]) for name, found in self.contacts.items()}
        return Heard(time_s, piece, dict(zip(self._names, self._columns.rows, strict=True)), contacts)

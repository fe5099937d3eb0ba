"""FIT salvage: the messages of a part whose bytes cannot be trusted.

A FIT file has no marks between messages: one lost byte, and everything behind it is read from the wrong place. Timestamps
give that away. A message whose time is far from the times before it is believed only if what follows it is well formed;
otherwise the next place is searched from which well-formed messages with fitting times run on.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from retropace.fit_profile import SMALLEST_CLOCK_TIME
from retropace.readers.fit_frames import (
    COMPRESSED,
    DEFINITION,
    RESERVED,
    Book,
    Damage,
    Group,
    Part,
    layout_at,
    oddities,
    time_of,
)

#: Times farther than this [s] from the previous one are suspect: a month; a misread time is off by years.
FARTHEST_STEP_S = 31 * 86_400
#: A misread one is seldom inside these dates (2006 to 2036) either.
_EARLIEST, _LATEST = 0x2000_0000, 0x5800_0000
#: So many well-formed messages in a row are no accident.
CHAIN = 3
#: A definition that this share of odd fields makes up is none (garbage has two thirds).
MOST_ODD = 1 / 4
#: A part with more wounds than this is given up at that point.
MOST_WOUNDS = 300
#: ... or after so many places tried in vain: made to waste our time.
MOST_TRIES = 100_000
#: Bytes searched at once for the next message: few at first, it is seldom far.
_FIRST_WINDOW, _WIDEST_WINDOW = 1 << 10, 1 << 18
#: What is left behind the last message may be the checksum.
_CRC_SIZE = 2
#: The bits of a definition's first byte that tell it from others; the rest are its local number and developer flag.
_TELLING = COMPRESSED | DEFINITION | RESERVED


def _fits(instant: int, near: int | None) -> bool:
    if near is None:
        return 0 < instant < SMALLEST_CLOCK_TIME or _EARLIEST <= instant < _LATEST
    return abs(instant - near) <= FARTHEST_STEP_S


def salvage(data: bytes, part: Part, book: Book) -> list[Damage]:
    """Fill `book` with what can be made out in `part`, and say where the bytes made no sense."""
    walk = _Walk(data, part, book)
    damage: list[Damage] = []
    position = part.body
    while (wound := walk.on(position)) is not None:
        found = walk.next_message(wound) if len(damage) < MOST_WOUNDS else None
        if found is None:
            damage.append(Damage(wound, part.stop, at_end=True))
            break
        damage.append(Damage(*found))
        position = found[1]
    return damage


class _Walk:
    """A walk through one part: the message just before (None after anything else), and the last time that made sense."""

    def __init__(self, data: bytes, part: Part, book: Book) -> None:
        self.data = data
        self.body, self.stop = part.body, part.stop
        self.book = book
        self.time: int | None = None
        self.last: Group | None = None
        self.tries = 0

    def on(self, position: int) -> int | None:
        """Read messages from `position`; where it makes no sense any more, or None where the part ends well."""
        data, by_header = self.data, self.book.by_header
        while position < self.stop:
            group = by_header[data[position]]
            if group is None:
                length = self._define(position)
                if length is None:
                    return None if self._is_end(position) else position
                self.last = None
                position += length
                continue
            after = position + group.layout.stride
            if after > self.stop or not self._believable(group, position, after):
                return None if self._is_end(position) else position
            group.starts.append(position)
            self.last = group
            position = after
        return None

    def _is_end(self, position: int) -> bool:
        return self.stop - position <= _CRC_SIZE

    def _define(self, position: int) -> int | None:
        """Take in the definition at `position` if it is one; its length."""
        data = self.data
        if data[position] & (COMPRESSED | DEFINITION) != DEFINITION:
            return None
        found = layout_at(data, position, self.stop)
        if found is None:
            return None
        layout, length = found
        local = data[position] & 0x0F
        odd = oddities(layout) + (data[position + 1] != 0) + (data[position + 2] > 1)
        if odd > max(1, len(layout.fields) * MOST_ODD) or (odd and not self._leads_on(position + length, local)):
            return None
        definition = data[position + 1 : position + length]
        return length if self.book.define(local, definition, layout, strict=True) else None

    def _leads_on(self, position: int, local: int) -> bool:
        """Whether a message of `local`, or of a known kind, or another definition could begin at `position`."""
        if position >= self.stop:
            return False
        head = self.data[position]
        return head == local or self.book.by_header[head] is not None or head & _TELLING == DEFINITION

    def _believable(self, group: Group, position: int, after: int) -> bool:
        instant = time_of(self.data, group.layout, position)
        if instant is None:
            return True
        if _fits(instant, self.time):
            self.time = instant
            return True
        if self._well_formed(after, self.time):  # this time alone is wrong
            return True
        if _EARLIEST <= instant < _LATEST and self._well_formed(after, instant):  # the clock was set
            self.time = instant
            return True
        return False

    def _well_formed(self, position: int, near: int | None) -> bool:
        """Whether `CHAIN` messages with times near `near`, a plausible definition or the part's end come at `position`."""
        for _ in range(CHAIN):
            if position >= self.stop - _CRC_SIZE:
                return position in (self.stop, self.stop - _CRC_SIZE)
            group = self.book.by_header[self.data[position]]
            if group is None:
                found = layout_at(self.data, position, self.stop) if self._defines(position) else None
                return found is not None and len(found[0].fields) > 0 and oddities(found[0]) == 0
            instant = time_of(self.data, group.layout, position) if self._whole(group, position) else None
            if instant is not None and not _fits(instant, near):
                return False
            position += group.layout.stride
        return True

    def _whole(self, group: Group, position: int) -> bool:
        return position + group.layout.stride <= self.stop

    def _defines(self, position: int) -> bool:
        head = self.data[position : position + 3]
        return len(head) == 3 and head[0] & _TELLING == DEFINITION and head[1] == 0 and head[2] < 2

    def next_message(self, wound: int) -> tuple[int, int] | None:
        """The bytes [start, stop) around `wound` behind which messages run on; None where they do not.

        The search begins inside the last message understood: bytes may be missing from it, and then it swallowed the
        beginning of the next one. In that case it is struck out.
        """
        last = self.last
        start = wound if last is None else last.starts[-1]
        for place in self._candidates(start + 1):
            self.tries += 1
            if self.tries > MOST_TRIES:
                return None
            if self._well_formed(place, self.time):
                if last is not None and place < start + last.layout.stride:
                    wound = last.starts.pop()
                self.last = None
                return wound, place
        return None

    def _candidates(self, start: int) -> Iterator[int]:
        """Places from `start` on where a message with a fitting time, or a definition, could begin; ascending."""
        octets = np.frombuffer(self.data, dtype=np.uint8)
        timed = {id(g): g for g in self.book.by_header if g is not None and g.layout.time_at is not None}
        window = _FIRST_WINDOW
        while start < self.stop - _CRC_SIZE:
            stop = min(start + window, self.stop - _CRC_SIZE)
            heads = octets[start:stop]
            possible = (
                (heads & _TELLING == DEFINITION)
                & (octets[start + 1 : stop + 1] == 0)
                & (octets[start + 2 : stop + 2] < 2)
            )
            for group in timed.values():
                possible |= self._timed(group, heads, start)
            yield from (np.flatnonzero(possible) + start).tolist()
            start, window = stop, min(2 * window, _WIDEST_WINDOW)

    def _timed(self, group: Group, heads: npt.NDArray[np.uint8], start: int) -> npt.NDArray[np.bool_]:
        """Which of the places from `start` on, where `heads` lie, may begin a message of `group` with a fitting time."""
        known = np.array([other is group for other in self.book.by_header])
        possible = known[heads]
        at = start + (group.layout.time_at or 0)
        reach = max(0, min(heads.size, self.stop - 3 - at))
        possible[reach:] = False
        if not reach:
            return possible
        times = np.ndarray((reach,), group.layout.order + "u4", self.data, at, (1,)).astype(np.int64)
        low, high = (
            (_EARLIEST, _LATEST) if self.time is None else (self.time - FARTHEST_STEP_S, self.time + FARTHEST_STEP_S)
        )
        possible[:reach] &= (times >= low) & (times <= high)
        return np.asarray(possible)

"""FIT scan: from bytes to frames, hopping from header to header.

A part whose checksum is right is taken at its word. Any other part goes through `fit_salvage`. No length that a file
declares is trusted further than the bytes there are.
"""

import re
from collections.abc import Iterator
from itertools import islice

import fastcrc

from retropace.readers.fit_frames import COMPRESSED, DEFINITION, Book, Damage, Frames, Group, Part, layout_at
from retropace.readers.fit_salvage import salvage

#: More chained files than this are no recording (a triathlon with its heart rate strap holds four).
MOST_PARTS = 64
_HEADER = re.compile(rb".{8}\.FIT", re.DOTALL)
_HEADER_SIZES = (12, 14)
_CRC_SIZE = 2


def find_header(data: bytes, start: int) -> int | None:
    """Offset of the next FIT file header at or after `start`."""
    found = _HEADER.search(data, start)
    return found.start() if found else None


def frames_of(data: bytes) -> Frames:
    """Where every message of a FIT file lies, and what could not be made out."""
    parts: list[Part] = []
    groups: list[Group] = []
    damage: list[Damage] = []
    read_to = 0
    for part in islice(_parts(data), MOST_PARTS):
        damage += _between(data, read_to, part.start)
        book, wounds = _messages(data, part, len(parts))
        parts.append(part)
        groups += book.groups.values()
        damage += wounds
        read_to = part.stop + _CRC_SIZE if part.sound else part.stop
    damage += _between(data, read_to, len(data)) if parts else []
    return Frames(data, tuple(parts), tuple(group for group in groups if group.starts), tuple(damage))


def _parts(data: bytes) -> Iterator[Part]:
    start = find_header(data, 0)
    while start is not None:
        part = _part_at(data, start)
        yield part
        start = find_header(data, part.stop)


def _part_at(data: bytes, start: int) -> Part:
    declared = int.from_bytes(data[start + 4 : start + 8], "little")
    body = start + (data[start] if data[start] in _HEADER_SIZES else _HEADER_SIZES[-1])
    after = body + declared + _CRC_SIZE
    if declared and after <= len(data) and fastcrc.crc16.arc(memoryview(data)[start:after]) == 0:
        return Part(start, body, after - _CRC_SIZE, sound=True, declared=declared)
    following = find_header(data, min(body, len(data)))
    limit = len(data) if following is None else following
    stop = after - _CRC_SIZE if declared and after == limit else limit
    return Part(start, min(body, limit), stop, sound=False, declared=declared)


def _messages(data: bytes, part: Part, number: int) -> tuple[Book, list[Damage]]:
    book = Book(number)
    if part.sound and _scan(data, part, book):
        return book, []
    book = Book(number)
    return book, salvage(data, part, book)


def _between(data: bytes, start: int, stop: int) -> list[Damage]:
    """What lies between two parts or behind the last; filling zeros and a stray checksum are no damage."""
    left = data[start:stop]
    return [Damage(start, stop)] if len(left) > _CRC_SIZE and left.strip(b"\0") else []


def _scan(data: bytes, part: Part, book: Book) -> bool:
    """Fill `book` with the messages of a sound part; False where they do not end where it ends."""
    position, stop = part.body, part.stop
    by_header = book.by_header
    while position < stop:
        head = data[position]
        group = by_header[head]
        if group is not None:
            group.starts.append(position)
            position += group.layout.stride
            continue
        found = layout_at(data, position, stop) if head & (COMPRESSED | DEFINITION) == DEFINITION else None
        if found is None:
            return False
        layout, length = found
        if not book.define(head & 0x0F, data[position + 1 : position + length], layout, strict=False):
            return False
        position += length
    return position == stop

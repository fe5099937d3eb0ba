"""FIT frames: where in the bytes each message lies, grouped by definition.

Messages of one definition have a fixed length, so it is enough to know where each begins; the values are read later, all
messages of a definition at once (`fit_columns`).
"""

from array import array
from dataclasses import dataclass, field

from retropace.fit_profile import BASE_TYPE_BY_NUMBER

#: More definitions than this in one part are no recording: the busiest real files hold about a hundred.
MOST_DEFINITIONS = 1000
#: Bits of a message's first byte.
COMPRESSED, DEFINITION, DEVELOPER, RESERVED = 0x80, 0x40, 0x20, 0x10
#: Number of the timestamp in every message that has one, and the value that stands for none.
TIMESTAMP_NUMBER = 253
NO_TIME = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Layout:
    """A definition: fields as (number, size, base type code), developer fields as (number, size, developer index).

    `order` is the byte order, "<" or ">"; `stride` the length of a message with its header byte; `time_at` where in it the
    timestamp lies, None without one.
    """

    number: int
    order: str
    fields: tuple[tuple[int, int, int], ...]
    developer: tuple[tuple[int, int, int], ...]
    stride: int
    time_at: int | None


@dataclass(slots=True)
class Group:
    """The messages of one definition in one part of a chained file: byte offsets of their headers, ascending."""

    layout: Layout
    part: int
    starts: "array[int]" = field(default_factory=lambda: array("q"))


@dataclass(frozen=True, slots=True)
class Part:
    """One of a file's chained FIT files: its header lies at `start`, its messages in data[body:stop].

    `sound` says that its checksum is right, `declared` how many bytes of messages its header promises.
    """

    start: int
    body: int
    stop: int
    sound: bool
    declared: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes [start, stop) that made no sense; `at_end` where nothing was understood behind them in their part."""

    start: int
    stop: int
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Frames:
    """A file's bytes, its parts, its messages by definition, and what made no sense."""

    data: bytes
    parts: tuple[Part, ...]
    groups: tuple[Group, ...]
    damage: tuple[Damage, ...]


class Book:
    """The groups of one part while it is being scanned, and which first byte of a message stands for which of them."""

    def __init__(self, part: int) -> None:
        self.part = part
        self.groups: dict[bytes, Group] = {}
        self.by_header: list[Group | None] = [None] * 256

    def define(self, local: int, definition: bytes, layout: Layout, *, strict: bool) -> bool:
        """Let `local` stand for `layout`; False where there are too many definitions to believe in.

        `strict` takes only headers with their reserved bits clear.
        """
        group = self.groups.get(definition)
        if group is None:
            if len(self.groups) >= MOST_DEFINITIONS:
                return False
            group = self.groups[definition] = Group(layout, self.part)
        for reserved in (0,) if strict else (0, RESERVED, DEVELOPER, RESERVED | DEVELOPER):
            self.by_header[local | reserved] = group
        if local < 4:
            first = COMPRESSED | local << 5
            self.by_header[first : first + 32] = [group] * 32
        return True


def layout_at(data: bytes, start: int, stop: int) -> tuple[Layout, int] | None:
    """The definition message at `start` and its length; None where it reaches beyond `stop`.

    >>> layout, length = layout_at(bytes([0x40, 0, 0, 20, 0, 1, 253, 4, 0x86]), 0, 9)
    >>> layout.number, layout.stride, layout.time_at, length
    (20, 5, 1, 9)
    """
    if start + 6 > stop:
        return None
    count, more = data[start + 5], 0
    end = start + 6 + 3 * count
    if data[start] & DEVELOPER:
        if end >= stop:
            return None
        more = data[end]
        end += 1 + 3 * more
    if end > stop:
        return None
    fields = _triples(data[start + 6 : start + 6 + 3 * count])
    developer = _triples(data[end - 3 * more : end])
    big = bool(data[start + 2])
    number = int.from_bytes(data[start + 3 : start + 5], "big" if big else "little")
    stride = 1 + sum(size for _, size, _ in fields) + sum(size for _, size, _ in developer)
    return Layout(number, ">" if big else "<", fields, developer, stride, _time_at(fields)), end - start


def _triples(row: bytes) -> tuple[tuple[int, int, int], ...]:
    return tuple(zip(row[0::3], row[1::3], row[2::3], strict=True))


def _time_at(fields: tuple[tuple[int, int, int], ...]) -> int | None:
    offset = 1
    for number, size, _ in fields:
        if number == TIMESTAMP_NUMBER and size == 4:
            return offset
        offset += size
    return None


def oddities(layout: Layout) -> int:
    """How many fields of `layout` have an unknown base type or a size that does not fit it."""
    return sum(
        size == 0 or (base := BASE_TYPE_BY_NUMBER.get(code & 0x1F)) is None or size % base.size != 0
        for _, size, code in layout.fields
    )


def time_of(data: bytes, layout: Layout, position: int) -> int | None:
    """Timestamp of the message at `position`, None where it has none."""
    if layout.time_at is None:
        return None
    at = position + layout.time_at
    instant = int.from_bytes(data[at : at + 4], "big" if layout.order == ">" else "little")
    return None if instant == NO_TIME else instant

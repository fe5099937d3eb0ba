"""FIT encoder: rows of values → a FIT file, byte for byte the same every time.

    encode([Rows(MESSAGES["file_id"], {"type": np.array([4.0])}), Rows(MESSAGES["record"], {"timestamp": times, ...})])

A value that its field cannot hold raises OutOfRange; NaN is written as "no value". Definitions are written when first
needed and kept as long as one of the sixteen local numbers is free for them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import fastcrc
import numpy as np
import numpy.typing as npt

from retropace.errors import OutOfRange
from retropace.fit_profile import BASE_TYPES, BaseType, Field, Message
from retropace.recording import FloatArray

_LOCAL_NUMBERS = 16
_LONGEST_FIELD = 255
_DEFINITION, _DEVELOPER = 0x40, 0x20
_HEADER_SIZE = 14
#: Protocol 2.0 (developer fields) and the profile release whose fields are used, as major · 100 + minor.
_PROTOCOL, _PROFILE = 0x20, 2100


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """A field of our own: `number` in the name space of developer data `index`."""

    name: str
    index: int
    number: int
    base: BaseType
    units: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """n messages of one kind: for each field the values (n,) in its unit, (n, k) for an array, or n texts.

    Neighbouring `Rows` that carry times `at_s` (n,) are woven together by time; of equal times the earlier `Rows` goes
    first.
    """

    message: Message
    columns: Mapping[str, FloatArray | Sequence[str]]
    developer: Mapping[DeveloperField, FloatArray] = field(default_factory=dict)
    at_s: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class _Packed:
    """Messages ready to write: their definition without its first byte, and their bytes without theirs."""

    definition: bytes
    developed: bool
    messages: list[bytes]
    at_s: FloatArray | None


def one(message: Message, **values: float | str) -> Rows:
    """A single message."""
    columns = {name: [v] if isinstance(v, str) else np.array([v], dtype=np.float64) for name, v in values.items()}
    return Rows(message, columns)


def timed(rows: Rows, at_s: FloatArray) -> Rows:
    """`rows`, to be woven in at the times `at_s` (n,)."""
    return replace(rows, at_s=at_s)


def encode(rows: Iterable[Rows]) -> bytes:
    """A FIT file of `rows`, in the given order. Raises OutOfRange naming the field whose value does not fit."""
    packed = [_pack(one) for one in rows]
    known: dict[tuple[bytes, bool], int] = {}
    body: list[bytes] = []
    for one, message in _sequence(packed):
        key = (one.definition, one.developed)
        local = known.get(key)
        if local is None:
            local = _free_number(known)
            known[key] = local
            body.append(bytes([_DEFINITION | (_DEVELOPER if one.developed else 0) | local]) + one.definition)
        body.append(bytes([local]) + message)
    return _closed(b"".join(body))


def _free_number(known: dict[tuple[bytes, bool], int]) -> int:
    if len(known) < _LOCAL_NUMBERS:
        return len(known)
    return known.pop(next(iter(known)))


def _closed(body: bytes) -> bytes:
    head = bytes([_HEADER_SIZE, _PROTOCOL]) + _PROFILE.to_bytes(2, "little") + len(body).to_bytes(4, "little") + b".FIT"
    content = head + fastcrc.crc16.arc(head).to_bytes(2, "little") + body
    return content + fastcrc.crc16.arc(content).to_bytes(2, "little")


def _sequence(packed: list[_Packed]) -> Iterator[tuple[_Packed, bytes]]:
    for woven, neighbours in groupby(packed, key=lambda one: one.at_s is not None):
        together = list(neighbours)
        if not woven:
            yield from ((one, message) for one in together for message in one.messages)
            continue
        at_s = np.concatenate([one.at_s for one in together if one.at_s is not None])
        flat = [(one, message) for one in together for message in one.messages]
        yield from (flat[row] for row in np.argsort(at_s, kind="stable"))


def _pack(rows: Rows) -> _Packed:
    cells = [(rows.message.fields[name], _cells(rows.message.fields[name], v)) for name, v in rows.columns.items()]
    own = [(f, _cells(Field(f.name, f.number, f.base), values)) for f, values in rows.developer.items()]
    blocks = [block for _, block in (*cells, *own)]
    count = {block.shape[0] for block in blocks}
    if len(count) != 1 or (rows.at_s is not None and count != {rows.at_s.size}):
        raise OutOfRange("All fields of a message need as many values", field=rows.message.name)
    definition = b"\0\0" + rows.message.number.to_bytes(2, "little") + bytes([len(cells)])
    for described, block in cells:
        definition += bytes([described.number, block.shape[1], described.base.code])
    if own:
        definition += bytes([len(own)]) + b"".join(bytes([f.number, b.shape[1], f.index]) for f, b in own)
    table = np.concatenate(blocks, axis=1)
    return _Packed(definition, bool(own), [row.tobytes() for row in table], rows.at_s)


def _cells(described: Field, values: FloatArray | Sequence[str]) -> npt.NDArray[np.uint8]:
    """Bytes (n, size) of a field."""
    if described.base is BASE_TYPES["string"]:
        return _texts(described, [str(text) for text in values])
    numbers = np.asarray(values, dtype=np.float64)
    numbers = numbers[:, None] if numbers.ndim == 1 else numbers
    stored = _stored(described, numbers)
    if stored.shape[1] * stored.itemsize > _LONGEST_FIELD:
        raise OutOfRange(f"An array of {stored.shape[1]} values is too long", field=described.name)
    return np.ascontiguousarray(stored).view(np.uint8).reshape(numbers.shape[0], -1)


def _stored(described: Field, numbers: FloatArray) -> npt.NDArray[np.generic]:
    """`numbers` (n, k) as the file holds them. Raises OutOfRange."""
    base = described.base
    if base.invalid is None:
        if (np.abs(numbers) > np.finfo(base.kind).max).any():
            raise OutOfRange(f"{np.nanmax(np.abs(numbers)):g} does not fit into {base.name}", field=described.name)
        return numbers.astype(f"<{base.kind}")
    scaled = np.rint((numbers + described.offset) * described.scale)
    limits = np.iinfo(base.kind)
    missing = np.isnan(scaled)
    # The largest float below 2⁶⁴ keeps the comparison honest for eight-byte integers.
    wrong = ~missing & ~((scaled >= limits.min) & (scaled <= np.nextafter(float(limits.max) + 1, 0)))
    wrong |= ~missing & (scaled == base.invalid) & (base.name != "byte")
    if wrong.any():
        raise OutOfRange(f"{numbers[wrong][0]:g} does not fit into {base.name}", field=described.name)
    whole = np.where(missing, 0, scaled).astype(f"<{base.kind}")
    whole[missing] = base.invalid
    return whole


def _texts(described: Field, texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Texts as UTF-8, each closed and filled up with zeros to the longest."""
    encoded = [text.replace("\0", " ").encode("utf-8") for text in texts]
    size = max((len(text) for text in encoded), default=0) + 1
    if size > _LONGEST_FIELD:
        raise OutOfRange(f"A text of {size - 1} bytes is too long", field=described.name)
    return np.frombuffer(b"".join(text.ljust(size, b"\0") for text in encoded), np.uint8).reshape(-1, size)

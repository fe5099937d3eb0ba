"""FIT columns: from frames to values, all messages of a definition at once.

Values are numbers in the profile's units (a stored r is r / scale − offset), NaN where the file holds "no value".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retropace.fit_profile import BASE_TYPE_BY_NUMBER, MESSAGE_BY_NUMBER, MESSAGES, BaseType, Field, Message
from retropace.readers.fit_frames import COMPRESSED, Frames, Group, Layout
from retropace.recording import FloatArray

IntArray = npt.NDArray[np.int64]
Octets = npt.NDArray[np.uint8]
Texts = npt.NDArray[np.object_]

_STRING, _BYTE = 0x07, 0x0D
_ROLLOVER = 32  # a compressed timestamp counts seconds modulo this


@dataclass(frozen=True, slots=True)
class Block:
    """All messages of one definition: offsets `at` (n,) in the file and `rows` (n, stride) of their bytes."""

    layout: Layout
    part: int
    at: IntArray
    rows: Octets

    def octets(self, field: Field) -> Octets | None:
        """Bytes (n, size) of `field`; None where the definition lacks it."""
        found = self._place(field)
        return None if found is None else self.rows[:, found[0] : found[0] + found[1]]

    def numbers(self, field: Field) -> FloatArray | None:
        """Values (n, k) of `field` in its unit; None where the definition lacks it or its size makes no number."""
        found = self._place(field)
        if found is None:
            return None
        offset, size, code = found
        raw = _numbers(self.rows, offset, size, BASE_TYPE_BY_NUMBER.get(code & 0x1F), self.layout.order)
        return None if raw is None else _scaled(raw, field.scale, field.offset)

    def number(self, field: Field) -> FloatArray | None:
        """Value (n,) of `field`, of an array its first; None where the definition lacks it."""
        values = self.numbers(field)
        return None if values is None else values[:, 0]

    def texts(self, field: Field) -> Texts:
        """Text (n,) of `field`, None where empty or absent; bytes that are no UTF-8 become a question mark."""
        read = np.full(self.at.size, None)
        octets = self.octets(field)
        if octets is not None:
            known: dict[bytes, str | None] = {}
            for row in np.flatnonzero(octets[:, 0]):
                written = octets[row].tobytes()
                if written not in known:
                    known[written] = _text(written)
                read[row] = known[written]
        return read

    def _place(self, field: Field) -> tuple[int, int, int] | None:
        offset = 1
        for number, size, code in self.layout.fields:
            if number == field.number and size:
                return offset, size, code
            offset += size
        return None


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """A developer field as its own description in the file declares it."""

    application_id: bytes
    name: str
    base: BaseType | None
    scale: float
    offset: float


@dataclass(frozen=True, slots=True)
class Table:
    """All n messages of one kind in the file's order: byte offsets `at` (n,), numbers (n,) and texts by field name.

    Fields that hold several values are left to `Block`. `developer` holds developer fields by (application_id, name).
    """

    at: IntArray
    columns: Mapping[str, FloatArray]
    texts: Mapping[str, Texts]
    developer: Mapping[tuple[bytes, str], FloatArray]

    def __len__(self) -> int:
        return int(self.at.size)

    def text(self, name: str) -> list[str | None]:
        """The n texts of the field `name`, None where empty or absent."""
        return self.texts[name].tolist() if name in self.texts else [None] * self.at.size

    def column(self, name: str) -> FloatArray:
        """Values (n,) of the field `name`, NaN throughout where the file lacks it."""
        values = self.columns.get(name)
        return np.full(self.at.size, np.nan) if values is None else values


#: Developer fields by (part, developer index, field number).
_Described = Mapping[tuple[int, int, int], DeveloperField]


def blocks(frames: Frames, message: str) -> list[Block]:
    """The messages called `message`, one block for each definition, in the order of their first."""
    number = MESSAGES[message].number
    return [_block(frames, group) for group in frames.groups if group.layout.number == number]


def _block(frames: Frames, group: Group) -> Block:
    at = np.frombuffer(group.starts, dtype=np.int64)
    stride = group.layout.stride
    whole = np.ndarray((len(frames.data) - stride + 1,), f"V{stride}", frames.data, 0, (1,))
    return Block(group.layout, group.part, at, whole[at].view(np.uint8).reshape(at.size, stride))


def _table(frames: Frames, message: Message, described: _Described) -> Table:
    """All messages of one kind with their fields side by side."""
    found = blocks(frames, message.name)
    places = np.concatenate([block.at for block in found])
    order = np.argsort(places, kind="stable")
    merge = _merger([block.at for block in found], order)
    numbers, texts = {}, {}
    for field in message.fields.values():
        if field.base.code == _STRING:
            texts[field.name] = np.concatenate([block.texts(field) for block in found])[order]
        elif field.parts == 1 and (values := merge([block.number(field) for block in found])) is not None:
            numbers[field.name] = values
    if "timestamp" in message.fields:
        _fill_compressed_times(frames, found, numbers, merge)
    return Table(places[order], numbers, texts, _developer_columns(found, described, merge))


#: Every kind of message that a file holds and the profile knows, by global number.
Messages = Mapping[int, Table]


def messages_of(frames: Frames) -> Messages:
    """All messages of a file that the profile knows."""
    present = sorted({group.layout.number for group in frames.groups} & MESSAGE_BY_NUMBER.keys())
    described = _descriptions(frames)
    return {number: _table(frames, MESSAGE_BY_NUMBER[number], described) for number in present}


def table(messages: Messages, message: str) -> Table:
    """All messages called `message`; an empty table where there are none."""
    found = messages.get(MESSAGES[message].number)
    return Table(np.empty(0, np.int64), {}, {}, {}) if found is None else found


_Merge = Callable[[list[FloatArray | None]], FloatArray | None]


def _merger(places: list[IntArray], order: IntArray) -> _Merge:
    """A function that puts one column (n_i,) of each block together in the file's order; None for a block is NaN."""
    if len(places) == 1:
        return lambda columns: columns[0]

    def merge(columns: list[FloatArray | None]) -> FloatArray | None:
        if all(values is None for values in columns):
            return None
        filled = [np.full(at.size, np.nan) if v is None else v for v, at in zip(columns, places, strict=True)]
        joined: FloatArray = np.concatenate(filled)[order]
        return joined

    return merge


def _text(octets: bytes) -> str | None:
    return octets.split(b"\0", 1)[0].decode("utf-8", errors="replace").replace("\ufffd", "?") or None


def _numbers(rows: Octets, offset: int, size: int, base: BaseType | None, order: str) -> FloatArray | None:
    """Stored numbers (n, k) at `offset`; None where `size` bytes of `base` are no number.

    A field shorter than its type holds a shorter integer, as some writers do; other sizes that do not fit mean nothing.
    """
    if base is None or base.code == _STRING:
        return None
    kind, invalid = base.kind, base.invalid
    if size % base.size:
        if size not in (1, 2, 4) or size > base.size or invalid is None:
            return None
        kind = f"{kind[0]}{size}"
        invalid = 0 if invalid == 0 else invalid >> 8 * (base.size - size)
    width = int(kind[1])
    shape, strides = (rows.shape[0], size // width), (rows.strides[0], width)
    stored = np.ndarray(shape, f"{order}{kind}", rows, offset, strides)
    with np.errstate(invalid="ignore"):  # some bit patterns of a float are a NaN that complains
        values = stored.astype(np.float64)
    if invalid is not None:
        missing = stored == invalid
        if base.code == _BYTE:
            missing &= missing.all(axis=1, keepdims=True)
        values[missing] = np.nan
    return values


def _scaled(raw: FloatArray, scale: float, offset: float) -> FloatArray:
    if scale != 1.0:
        raw /= scale
    if offset != 0.0:
        raw -= offset
    return raw


def _fill_compressed_times(frames: Frames, found: list[Block], numbers: dict[str, FloatArray], merge: _Merge) -> None:
    """Times of messages whose first byte carries the last five bits of it, from the timestamps before them in the file."""
    if not any((block.rows[:, 0] >= COMPRESSED).any() for block in found):
        return
    places, instants = _all_times(frames)
    told = merge([instants[np.searchsorted(places, block.at)] for block in found])
    if told is not None:
        numbers["timestamp"] = told


def _all_times(frames: Frames) -> tuple[IntArray, FloatArray]:
    """Byte offset (n,) and timestamp (n,) of every message of the file, compressed ones worked out, NaN without one."""
    timestamp = MESSAGES["record"].fields["timestamp"]
    found = [_block(frames, group) for group in frames.groups]
    # Each part begins without a time; the byte before its first message stands for that.
    places = np.concatenate([*(block.at for block in found), [part.body - 1 for part in frames.parts]]).astype(np.int64)
    written = [block.number(timestamp) for block in found]
    silent = [np.full(block.at.size, np.nan) if w is None else w for w, block in zip(written, found, strict=True)]
    instants = np.concatenate([*silent, np.full(len(frames.parts), np.nan)])
    heads = np.concatenate([*(block.rows[:, 0] for block in found), np.zeros(len(frames.parts), np.uint8)])
    order = np.argsort(places)
    places, instants, heads = places[order], instants[order], heads[order]
    starting = np.isin(places, [part.body - 1 for part in frames.parts])
    return places, _unrolled(instants, heads, starting)


def _unrolled(instants: FloatArray, heads: Octets, starting: npt.NDArray[np.bool_]) -> FloatArray:
    compressed = np.isnan(instants) & (heads >= COMPRESSED)
    anchors = ~np.isnan(instants) | starting
    number = np.arange(instants.size)
    anchor = np.maximum.accumulate(np.where(anchors, number, 0))
    steady = anchors | compressed
    low = np.where(compressed, heads % _ROLLOVER, np.nan_to_num(instants) % _ROLLOVER)[steady]
    steps = np.zeros(instants.size)
    steps[steady] = np.where(compressed[steady], np.diff(low, prepend=0.0) % _ROLLOVER, 0.0)
    run = np.cumsum(steps)
    return np.where(compressed, instants[anchor] + run - run[anchor], instants)


def _developer_columns(found: list[Block], described: _Described, merge: _Merge) -> dict[tuple[bytes, str], FloatArray]:
    read = [dict(_developer_values(block, described)) for block in found]
    columns = {}
    for key in dict.fromkeys(key for values in read for key in values):
        merged = merge([values.get(key) for values in read])
        if merged is not None:
            columns[key] = merged
    return columns


def _developer_values(block: Block, described: _Described) -> Iterator[tuple[tuple[bytes, str], FloatArray]]:
    offset = block.layout.stride - sum(size for _, size, _ in block.layout.developer)
    for number, size, index in block.layout.developer:
        field = described.get((block.part, index, number))
        raw = _numbers(block.rows, offset, size, field.base, block.layout.order) if field and size else None
        if field is not None and raw is not None:
            yield (field.application_id, field.name), _scaled(raw, field.scale, field.offset)[:, 0]
        offset += size


def _descriptions(frames: Frames) -> _Described:
    """What the file says of its developer fields; of two descriptions of one the later holds."""
    applications: dict[tuple[int, int], bytes] = {}
    for block in blocks(frames, "developer_data_id"):
        fields = MESSAGES["developer_data_id"].fields
        ids, index = block.octets(fields["application_id"]), block.number(fields["developer_data_index"])
        for row in range(block.at.size):
            if ids is not None and index is not None and index[row] == index[row]:
                applications[block.part, int(index[row])] = ids[row].tobytes()
    described = {}
    for block in blocks(frames, "field_description"):
        for place, number, field in _described(block, applications):
            described[block.part, place, number] = field
    return described


def _described(
    block: Block, applications: Mapping[tuple[int, int], bytes]
) -> Iterator[tuple[int, int, DeveloperField]]:
    fields = MESSAGES["field_description"].fields
    wanted = ("developer_data_index", "field_definition_number", "fit_base_type_id", "scale", "offset")
    read = [block.number(fields[name]) for name in wanted]
    columns = [np.full(block.at.size, np.nan) if values is None else values for values in read]
    for (index, number, code, scale, offset), name in zip(
        zip(*(column.tolist() for column in columns), strict=True), block.texts(fields["field_name"]), strict=True
    ):
        if index == index and number == number:
            base = BASE_TYPE_BY_NUMBER.get(int(code) & 0x1F) if code == code else None
            application = applications.get((block.part, int(index)), b"")
            real_scale, real_offset = (scale if scale > 0 else 1.0), (offset if offset == offset else 0.0)
            yield int(index), int(number), DeveloperField(application, name or "", base, real_scale, real_offset)

"""Arrays: MATLAB files (up to version 7) and NumPy's .npy and .npz, whose arrays are columns of a table.

Arrays of one length belong together. Their names tell what they are, as a header does; where they do not, physics does, as
for a table without a header.
"""

import io
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from tokenize import TokenError

import numpy as np

from retropace.errors import RetropaceError, UnreadableFile, UnsupportedFile
from retropace.readers.archive import HIGHEST_RATIO, LARGEST_BYTES, Bundle
from retropace.readers.column_map import ANY, Columns, Wish
from retropace.readers.columns import found_map, taken_from
from retropace.readers.headers import is_time
from retropace.readers.matlab import variables
from retropace.readers.several import chosen_part, repairs_of
from retropace.readers.streams import whole
from retropace.readers.table import Table
from retropace.readers.words import lower_words
from retropace.recording import UNNAMED, Chosen, FloatArray, Origin, Recording, Repair

MAT_MARK = b"MATLAB 5.0 MAT-file"
NPY_MARK = b"\x93NUMPY"
#: Fewer rows are settings, not samples.
_FEWEST_ROWS = 50
#: A matrix with more columns than this, whichever way round, is a picture or worse.
_MOST_COLUMNS = 300
_DEEPEST = 8
_PERIODS = frozenset({"dt", "ts", "sampleperiod", "sampletime", "samplingperiod", "deltat"})
_RATES = frozenset(
    {"fs", "rate", "freq", "frequency", "hz", "samplerate", "samplingrate", "samplefrequency", "samplingfrequency"}
)
_NAMES = frozenset({"name", "label", "location", "position", "placement", "segment", "sensor", "body", "site", "id"})
_HOW = "Save acceleration, rotation and time as arrays of those names, or as a CSV with a header."


def sniff(name: str, data: bytes) -> bool:  # noqa: ARG001 (all readers are asked alike)
    """Whether this is a MATLAB or NumPy file."""
    return data.startswith((MAT_MARK, NPY_MARK))


def is_recording(bundle: Bundle) -> bool:
    """Whether the bundle is an .npz, or a folder of .npy files alone."""
    return bool(bundle.members) and all(path.endswith(".npy") for path in bundle.members)


def read(name: str, data: bytes, columns: Columns | None = None) -> Recording:
    """The recording in the arrays of a file, `columns` as for a table. Raises UnsupportedFile where none is understood."""
    held = _in_mat(name, data) if data.startswith(MAT_MARK) else _in_npy(name, data)
    return _recording(name, dict(_flattened("", held, _DEEPEST)), columns)


def read_bundle(bundle: Bundle, columns: Columns | None = None) -> Recording:
    """The recording in several arrays, each in a file of its own. Raises as `read`."""
    held = {path.removesuffix(".npy"): _in_npy(path, load()) for path, load in bundle.members.items()}
    return _recording(bundle.name, dict(_flattened("", held, _DEEPEST)), columns)


def _recording(name: str, arrays: Mapping[str, FloatArray], columns: Columns | None) -> Recording:
    scalars = {path: float(values.flat[0]) for path, values in arrays.items() if values.size == 1}
    parts = list(_tables(arrays, scalars))
    if not parts:
        raise UnsupportedFile("The file holds no arrays of samples", file=name, remedy=_HOW)
    table, told, lengths = _chosen(name, parts, columns or Columns({}))
    taken = taken_from(name, table, columns and replace(columns, wish=told[1]))
    if told[0].of:
        rest = [repair for repair in taken.repairs if repair.kind != "several"]
        taken = replace(taken, chosen=told[0], repairs=(*rest, *repairs_of(told[0])))
    passed = [Repair("unknown_part", lengths, "(Arrays of other lengths.)")] if lengths else []
    return whole(Origin(name, "arrays"), [taken], repairs=passed)


def _chosen(name: str, parts: Sequence["_Named"], columns: Columns) -> tuple[Table, tuple[Chosen, Wish], int]:
    """The table to read, which sensor that is of all and the wish by which it is found in it; how many other lengths.

    Arrays whose names are understood come before those that only physics knows.
    """
    if columns.channels:
        return parts[0].table, (UNNAMED, ANY), 0
    unasked = replace(columns, wish=replace(columns.wish, sensor=None))
    found = [(part, held) for part in parts if (held := found_map(part.table, name, unasked))]
    found = [one for one in found if not one[0].name] or found
    if not found:
        raise _not_understood(name, [part.table for part in parts])
    sensors = [
        (part.table, own, part.name or own, held.channels) for part, held in found for own in held.chosen.of or ("",)
    ]
    if len(sensors) < 2 or not all(called for _, _, called, _ in sensors):
        return found[0][0].table, (UNNAMED, columns.wish), len({part.table.count for part, _ in found}) - 1
    at, told = chosen_part([(called, held) for _, _, called, held in sensors], columns.wish)
    table, own, _, _ = sensors[at]
    return table, (told, Wish(own or None)), 0


def _not_understood(name: str, tables: Sequence[Table]) -> UnsupportedFile:
    """Why nothing was read: that only the rate lacks is worth more than anything else."""
    told = [_refusal(name, table) for table in tables]
    rateless = next((error for error in told if "no rate" in error.what), None)
    if rateless is not None:
        remedy = "Say it with --rate 100 (its own samples per second)."
        return UnsupportedFile(rateless.what, file=name, remedy=remedy)
    return UnsupportedFile(told[0].what, file=name, remedy=_HOW)


def _refusal(name: str, table: Table) -> RetropaceError:
    try:
        taken_from(name, table)
    except RetropaceError as error:
        return error
    return UnsupportedFile("The columns are not understood", file=name)


# -- from the file ----------------------------------------------------------------------------------------------------------


def _in_mat(name: str, data: bytes) -> Mapping[str, object]:
    _refuse_bomb(name, data)
    try:
        return variables(data)
    except ValueError as error:
        raise UnreadableFile("The MATLAB file is damaged", file=name, remedy="Save it again, with -v7.") from error


def _refuse_bomb(name: str, data: bytes) -> None:
    """Raise UnreadableFile where what is packed in a MATLAB file unpacks to more than is sensible."""
    order, at, total = ("<" if data[126:128] == b"IM" else ">"), 128, 0
    limit = min(LARGEST_BYTES, max(20_000_000, HIGHEST_RATIO * len(data)))
    while at + 8 <= len(data):
        kind, size = (int(word) for word in np.frombuffer(data[at : at + 8], dtype=f"{order}u4"))
        if kind == 15:
            total += _unpacked_size(data[at + 8 : at + 8 + size], limit)
        if total > limit:
            raise UnreadableFile("The file unpacks to more than is sensible", file=name)
        at += 8 + size


def _unpacked_size(packed: bytes, limit: int) -> int:
    """How long it becomes [bytes], counted until it is beyond the limit; 0 where it is damaged."""
    unpacker, total, rest = zlib.decompressobj(), 0, packed
    try:
        while rest and total <= limit:
            total += len(unpacker.decompress(rest, 1_000_000))
            rest = unpacker.unconsumed_tail
    except zlib.error:
        return 0
    return total


def _in_npy(name: str, data: bytes) -> object:
    try:
        return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False) if _holds_all(data) else None
    except (ValueError, TypeError, SyntaxError, TokenError, EOFError, OverflowError) as error:
        what = "The array is damaged, or holds something else than numbers"
        raise UnreadableFile(what, file=name, remedy="Save it as numbers, without pickle.") from error


def _holds_all(data: bytes) -> bool:
    """Whether an array is as long as its head says: memory is asked for before it is filled."""
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    head = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, kind = head(stream)
    return math.prod(shape) * kind.itemsize <= len(data)


def _flattened(path: str, value: object, depth: int) -> Iterator[tuple[str, FloatArray]]:
    """The arrays of numbers within structs and cells, with the names on the way to each."""
    if depth == 0:
        return
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield from _flattened(f"{path}_{key}".strip("_"), inside, depth - 1)
    elif isinstance(value, list):
        for number, inside in enumerate(value[:1000]):
            yield from _flattened(f"{path}_{_called(inside) or number}".strip("_"), inside, depth - 1)
    elif isinstance(value, int | float):
        yield path, np.array([float(value)])
    elif isinstance(value, np.ndarray) and value.dtype.names:
        yield from _flattened(path, {key: value[key] for key in value.dtype.names}, depth - 1)
    elif isinstance(value, np.ndarray) and value.dtype.kind == "O":
        yield from _flattened(path, list(value.flat), depth - 1)
    elif isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fiu" and 0 < np.ndim(value) <= 2:
        yield path, np.asarray(value, dtype=np.float64)
    elif isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fiu" and np.ndim(value) == 0:
        yield path, np.array([float(value)])


def _called(struct: object) -> str | None:
    """What a struct in a row of them says that it is called."""
    if not isinstance(struct, Mapping):
        return None
    told = (value for key, value in struct.items() if key.lower() in _NAMES and isinstance(value, str))
    return next((value for value in told if 0 < len(value) < 40), None)


# -- as tables --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """An array as columns (n, k) under its path."""

    path: str
    columns: FloatArray

    @property
    def names(self) -> list[str]:
        count = self.columns.shape[1]
        if count == 1:
            return [self.path]
        marks = "xyz" if count == 3 else [str(number) for number in range(1, count + 1)]
        return [f"{self.path}_{mark}" for mark in marks]

    @property
    def is_time(self) -> bool:
        last = self.path.rpartition("_")[2]
        return self.columns.shape[1] == 1 and (is_time(self.path) or is_time(last))


@dataclass(frozen=True, slots=True)
class _Named:
    """A table to try; `name` is that of the one array in it, "" where its columns have names."""

    name: str
    table: Table


def _tables(arrays: Mapping[str, FloatArray], scalars: Mapping[str, float]) -> Iterator[_Named]:
    """Tables to try: arrays of one length by their names, then each matrix without them; longest first."""
    parts = [_Part(path, columns) for path, values in arrays.items() if (columns := _upright(values)) is not None]
    preamble = tuple(_said(path, value) for path, value in scalars.items())
    for count in sorted({len(part.columns) for part in parts}, reverse=True):
        alike = [part for part in parts if len(part.columns) == count]
        times = [part for part in alike if part.is_time]
        others = [part for part in alike if not part.is_time]
        named = [*times[:1], *others]
        header = [name for part in named for name in (["time"] if part.is_time else part.names)]
        yield _Named("", _table(header, preamble, named))
        for part in others:
            if part.columns.shape[1] >= 3:
                bare = [*times[:1], part]
                table = _table([""] * sum(one.columns.shape[1] for one in bare), preamble, bare)
                yield _Named(" ".join(lower_words(part.path)), table)


def _table(header: list[str], preamble: tuple[str, ...], parts: list[_Part]) -> Table:
    grid = np.concatenate([part.columns for part in parts], axis=1)
    return Table(tuple(header), preamble, len(grid), (), grid)


def _upright(values: FloatArray) -> FloatArray | None:
    """The array with samples down the rows, None where it is no such thing."""
    columns = values.reshape(-1, 1) if values.ndim == 1 else values if values.shape[0] >= values.shape[1] else values.T
    return columns if len(columns) >= _FEWEST_ROWS and 0 < columns.shape[1] <= _MOST_COLUMNS else None


def _said(path: str, value: float) -> str:
    """A single number as a line above a table would say it: rates are read there."""
    word = "".join(filter(str.isalpha, path.rpartition("_")[2])).lower()
    whole_word = "".join(filter(str.isalpha, path)).lower()
    if {word, whole_word} & _PERIODS and value > 0:
        return f"Sampling rate: {1 / value:.6f} Hz"
    if {word, whole_word} & _RATES:
        return f"Sampling rate: {value:.6f} Hz"
    return f"{path} = {value:g}"

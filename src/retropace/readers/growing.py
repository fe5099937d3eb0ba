"""Growing: a table of raw motion that is still being written, read as it comes: by lines, never twice.

What its columns mean is found out once, from its first rows, by the rules of `columns`. A last line that breaks off waits
for its rest. Where the clock jumps back, as after a new file took the place of the old one, it goes on from where it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retropace.errors import UnreadableFile
from retropace.readers.column_map import Columns
from retropace.readers.columns import found_map, index_of, table_as_told, taken_from
from retropace.readers.moments import counted, written_moments
from retropace.readers.table import Table
from retropace.recording import MOTION_CHANNELS, UNNAMED, Chosen, FloatArray, Stream

#: Rows from which units are told where no header says them, the fewest and the most: whoever stands still turns little.
_HEAD_ROWS, _LONGEST_HEAD_ROWS = 200, 3000
#: A header and what stands before it is shorter than this [bytes].
_LONGEST_HEADER = 65_536
#: What goes on after the clock jumped back begins so much later [s]: a gap, so that nothing is bridged.
_AFTER_JUMP_S = 2.0


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the columns are: by channel its column and factor; of time its column and factor, None for dates.

    Where no column holds the time, rows come at `rate_hz`. `header` goes before every part. `open_`: the unit of some axes
    could not be told.
    """

    header: bytes
    channels: Mapping[str, tuple[int, float]]
    time_column: int | None
    time_factor: float | None
    rate_hz: float | None
    open_: bool
    plus: Mapping[str, int]
    chosen: Chosen


class GrowingTable:
    """Takes bytes as they come, gives streams of raw sensors as `Recording.motion` has them; time from the first row on."""

    def __init__(self, name: str, columns: Columns | None = None) -> None:
        self.name = name
        self._columns = columns
        self._rest = b""
        self._meaning: _Meaning | None = None
        self._shift_s: float | None = None
        self._last_s = 0.0
        #: Rows that were given so far.
        self.rows = 0
        #: Which of several sensors is read, once that is known.
        self.chosen = UNNAMED

    @property
    def sensors(self) -> list[str]:
        """The sensors it holds; empty while that is not known."""
        known = self._meaning.channels if self._meaning else {}
        return [name for name, keys in MOTION_CHANNELS.items() if all(key in known for key in keys)]

    def push(self, data: bytes, *, ends: bool = False) -> dict[str, Stream]:
        """What is whole now that `data` came; with `ends` nothing more will come. Raises UnsupportedFile, UnreadableFile."""
        self._rest += data
        whole, mark, broken = self._rest.rpartition(b"\n")
        if self._meaning is None:
            if not self._begun(whole + mark, ends=ends):
                return {}
        elif not whole:
            return {}
        self._rest = broken
        return {} if self._meaning is None else self._streams(whole + mark, self._meaning)

    def _begun(self, head: bytes, *, ends: bool) -> bool:
        """Whether the meaning of the columns is known now."""
        lines = head.count(b"\n")
        if lines < _HEAD_ROWS and not ends:
            return False
        table = table_as_told(head, self._columns)
        if table is None:
            if ends or len(head) > _LONGEST_HEADER:
                raise UnreadableFile("No rows of numbers came", file=self.name, remedy="Send a header and then rows.")
            return False
        meaning = _meaning(self.name, head, table, self._columns)
        if meaning.open_ and not ends and lines < _LONGEST_HEAD_ROWS:
            return False
        self._meaning, self.chosen = meaning, meaning.chosen
        return True

    def _streams(self, data: bytes, meaning: _Meaning) -> dict[str, Stream]:
        own = data.removeprefix(meaning.header) if self.rows == 0 else data
        table = table_as_told(meaning.header + own, self._columns)
        if table is None:  # one row alone is no table: it waits for the next
            self._rest = own + self._rest
            return {}
        before_s = self._last_s if self._shift_s is not None else -np.inf
        time_s = self._clock(_moments(table, meaning, self.rows))
        self.rows += table.count
        known = np.where(np.isfinite(time_s), time_s, -np.inf)
        good = known > np.maximum.accumulate(np.concatenate([[before_s], known[:-1]]))
        values = {
            key: _cells(table, column, meaning.plus.get(key)) * factor
            for key, (column, factor) in meaning.channels.items()
        }
        return {
            name: Stream(time_s[good], {key: values[key][good] for key in keys})
            for name, keys in MOTION_CHANNELS.items()
            if all(key in values for key in keys)
        }

    def _clock(self, moments_s: FloatArray) -> FloatArray:
        """Seconds since the first row, always rising; where the clock jumped back it goes on a moment later."""
        known = np.flatnonzero(np.isfinite(moments_s))
        if not known.size:
            return moments_s
        if self._shift_s is None:
            self._shift_s = -float(moments_s[known[0]])
        time_s = moments_s + self._shift_s
        jumps = known[np.flatnonzero(np.diff(time_s[known], prepend=self._last_s) < -_AFTER_JUMP_S)]
        for at in jumps.tolist():
            before = time_s[known[known < at][-1]] if (known < at).any() else self._last_s
            back = float(before + _AFTER_JUMP_S - time_s[at])
            time_s[at:] += back
            self._shift_s += back
        self._last_s = float(np.nanmax(time_s))
        return time_s


def _meaning(name: str, head: bytes, table: Table, told: Columns | None) -> _Meaning:
    """What the columns of `head` are. Raises UnsupportedFile where nobody can tell, UnreadableFile where nothing moves."""
    taken = taken_from(name, table, told)
    columns = told if told is not None and told.channels else found_map(table, name, told)
    motion = {key: values for held in taken.motion.values() for key, values in held.items()}
    if columns is None or "acceleration_x_mps2" not in motion:
        raise UnreadableFile(
            "There is no time or no accelerometer in the columns",
            file=name,
            remedy="Send t and the axes of both sensors.",
        )
    at = {key: index_of(table, column, name) for key, (column, _) in columns.channels.items() if key in motion}
    plus = {key: index_of(table, column, name) for key, column in columns.plus.items() if key in motion}
    time_column = None if columns.time_column is None else index_of(table, columns.time_column, name)
    if columns.rate_hz is not None and np.array_equal(taken.moments_s, counted(table, columns.rate_hz)):
        time_column = None  # its times were too coarse
    return _Meaning(
        _header(head, table),
        {key: (column, _factor(_cells(table, column, plus.get(key)), motion[key])) for key, column in at.items()},
        time_column,
        None if time_column is None else _time_factor(table.numbers(time_column), taken.moments_s),
        columns.rate_hz,
        any(key in columns.channels and key not in motion for keys in MOTION_CHANNELS.values() for key in keys),
        plus,
        columns.chosen,
    )


def _cells(table: Table, column: int, plus: int | None) -> FloatArray:
    values = table.numbers(column)
    return values if plus is None else values + table.numbers(plus)


def _time_factor(raw: FloatArray, moments_s: FloatArray) -> float | None:
    """Seconds in one of a column's own units, by its ends; None where it is written out."""
    known = np.flatnonzero(np.isfinite(raw) & np.isfinite(moments_s))
    if not known.size:
        return None
    length = raw[known[-1]] - raw[known[0]]
    return float((moments_s[known[-1]] - moments_s[known[0]]) / length) if length > 0 else _factor(raw, moments_s)


def _factor(raw: FloatArray, scaled: FloatArray) -> float:
    """What a column was multiplied by; 1 where it is all zeros."""
    largest = int(np.argmax(np.where(np.isfinite(raw), np.abs(raw), -1.0)))
    return float(scaled[largest] / raw[largest]) if raw[largest] and np.isfinite(raw[largest]) else 1.0


def _header(head: bytes, table: Table) -> bytes:
    """Everything before the first row."""
    lines = head.splitlines(keepends=True)
    filled = [number for number, line in enumerate(lines) if line.strip()]
    dropped = sum(repair.count for repair in table.repairs)
    first = filled[max(len(filled) - table.count - dropped, 0)] if table.count < len(filled) else 0
    return b"".join(lines[:first])


def _moments(table: Table, meaning: _Meaning, rows: int) -> FloatArray:
    """Seconds of each row of `table`, which `rows` went before."""
    if meaning.time_column is None:
        return np.asarray((rows + np.arange(table.count)) / (meaning.rate_hz or 1.0))
    if meaning.time_factor is None:
        return written_moments(table.texts(meaning.time_column)).s
    return table.numbers(meaning.time_column) * meaning.time_factor

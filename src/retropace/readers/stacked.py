"""Stacked: tables in which a column says of each row whose it is: `time, sensor, x, y, z` or `time, position, ax, ay, ...`.

Read as they stand, two sensors would seem to be one of twice the rate, or one would seem to follow the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retropace.readers.clock import IntArray
from retropace.readers.places import place_of, tells_apart
from retropace.readers.table import Table
from retropace.readers.words import lower_words, sensor_named, words_of
from retropace.recording import FloatArray

#: Words over a column that may say of which sensor a row is.
_SAYS_WHOSE = words_of(
    "sensor sensors imu node device mac tag unit position location placement place limb segment side body"
    " bodypart foot stream type name source id"
)
_MOST_SENSORS = 24


@dataclass(frozen=True, slots=True)
class Stack:
    """The rows of each sensor, by what the column calls it; `by_kind` where that is the kind of sensor, not its place."""

    tables: Mapping[str, Table]
    by_kind: bool


def stacked(table: Table) -> Stack | None:
    """The tables that stand in one, None where all rows are of one sensor."""
    for column, header in enumerate(table.header):
        if not _SAYS_WHOSE & set(lower_words(header)):
            continue
        texts = [text.removesuffix(".0") for text in table.texts(column)]
        values = list(dict.fromkeys(texts))
        if not 2 <= len(values) <= _MOST_SENSORS or "" in values:
            continue
        kinds = [_kind(value) for value in values]
        if len({kind for kind in kinds if kind}) > 1:
            named = [value for value, kind in zip(values, kinds, strict=True) if kind]
            return Stack(_tables(table, texts, named), by_kind=True)
        if all(map(_is_whose, values)) and _side_by_side(table, column, texts, values):
            return Stack(_tables(table, texts, values), by_kind=False)
    return None


def _kind(value: str) -> str | None:
    return next((kind for word in lower_words(value) if len(word) > 2 and (kind := sensor_named(word))), None)


def _is_whose(value: str) -> bool:
    """Whether a value may be the name of a sensor: a place, a side, a number."""
    words = lower_words(value)
    return any(map(tells_apart, words)) or place_of(words).placement is not None or value.replace(".", "").isalnum()


def _side_by_side(table: Table, column: int, texts: Sequence[str], values: Sequence[str]) -> bool:
    """Whether some column tells the same times again for each of the values, as no activity or trial would."""
    whose = np.array(texts)
    for other in range(len(table.header)):
        if other == column:
            continue
        numbers = table.numbers(other)
        parts = [numbers[whose == value] for value in values]
        if all(map(_rises, parts)):
            return bool(np.any(np.diff(numbers) <= 0)) and _overlap(parts)
    return False


def _rises(numbers: FloatArray) -> bool:
    return numbers.size > 2 and bool(np.isfinite(numbers).all() and np.mean(np.diff(numbers) > 0) > 0.99)


def _overlap(parts: Sequence[FloatArray]) -> bool:
    """Whether the times of all lie within each other's, for half of the shortest at least."""
    begin, end = max(float(part[0]) for part in parts), min(float(part[-1]) for part in parts)
    return end - begin >= min(float(part[-1] - part[0]) for part in parts) / 2


def _tables(table: Table, texts: Sequence[str], values: Sequence[str]) -> dict[str, Table]:
    whose = np.array(texts)
    return {value: _rows(table, np.flatnonzero(whose == value)) for value in values}


def _rows(table: Table, rows: IntArray) -> Table:
    """Some of a table's rows."""
    if table.grid is not None:
        return replace(table, count=rows.size, grid=table.grid[rows])
    kept = rows.tolist()
    return replace(table, count=rows.size, cells=[[column[row] for row in kept] for column in table.cells])

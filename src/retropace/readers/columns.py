"""Columns: plain tables of raw motion or of a track, by a column map or by the names in their header.

Where neither says a unit, the values may tell it by a few rules that leave no doubt; what was assumed is reported as
`units_assumed`, and what stays in doubt is left out (`unknown_part`).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from retropace.errors import UnreadableFile, UnusableInput
from retropace.quantities import QUANTITIES
from retropace.readers.cadence import both_feet
from retropace.readers.column_map import ANY, TRACK_CHANNELS, Columns, UnknownColumns, Wish
from retropace.readers.felt import Windows, contradicts, field_unit, force_unit, turning_unit, windows
from retropace.readers.headers import is_weightless_named, named_rate, recognised, sensor_in_name
from retropace.readers.moments import (
    Moments,
    NoMoments,
    is_counter_named,
    moments_of,
    numbers_rows,
    time_unit,
    written_moments,
)
from retropace.readers.places import place_of
from retropace.readers.several import at_name, best_of, repairs_of
from retropace.readers.stacked import stacked
from retropace.readers.streams import Taken, whole
from retropace.readers.table import SEPARATORS, Table, is_wide, table_of, text_of
from retropace.readers.units import TIME_UNITS, factor
from retropace.readers.unnamed import is_lively, unnamed
from retropace.readers.words import lower_words
from retropace.recording import MOTION_CHANNELS, Chosen, FloatArray, Origin, Recording, Repair

#: A first column that rises in so many rows is the time.
_MOSTLY = 0.9
#: In a table without a header the time stands among the first columns.
_TIME_AMONG = 4
#: With any rate at all, and with a likely one [Hz], a table shows whether the rate is all that lacks.
_ANY_RATE, _USUAL_HZ = ("Sampling rate: 1 Hz",), 100.0
#: Words of what alone is not enough, and what to say of it.
_LACKS = (
    (("freeacc", "free_acc", "linear", "useracc", "lin_acc"), " (acceleration without gravity says too little)"),
    (("quat", "euler", "orientation"), " (orientation without acceleration says too little)"),
)
#: Rows shown to whoever is asked what the columns are.
_SHOWN_ROWS = 3
_MOTION_KEYS = frozenset(key for keys in MOTION_CHANNELS.values() for key in keys)
_HOW = "Say which column is what with --columns map.toml; docs/formats.md shows one."
_HOW_MANY = (
    "Say it with --counts: 16384,131 are 1 g and 1 °/s of an MPU-6050 as it is switched on; the sensor's data sheet or the"
    " program that set it up tells. Or name the units with --columns map.toml."
)
#: Whole numbers beyond this are counts.
_LEAST_COUNTS = 250.0
_HOW_FAST = 'Say it with --rate 100 (its own samples per second), or write "Sampling rate: 100 Hz" in the first line.'


def sniff(name: str, data: bytes) -> bool:  # noqa: ARG001 (all readers are asked alike)
    """Whether the file begins like a text table."""
    head = data[:65_536]
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff") and not is_wide(head):
        return False
    if len(head) < len(data):
        head = head[: head.rfind(b"\n") + 1] or head
    return table_of(head) is not None


def refuse_without_rows(name: str, data: bytes) -> None:
    """Raise UnreadableFile where a file holds the names of columns, and no two rows of numbers."""
    for line in text_of(data[:65_536]).splitlines()[:200]:
        for separator in SEPARATORS:
            header = [word.strip(" \"'") for word in line.lstrip("#% ").split(separator)]
            if len(header) > 2 and recognised(header, _ANY_RATE, name):
                what = "The file names its columns, but holds no two rows of numbers"
                raise UnreadableFile(what, file=name, remedy="Record for longer, or export it again.")


def read(
    name: str, data: bytes, columns: Columns | None = None, neighbour: tuple[str, bytes] | None = None
) -> Recording:
    """The recording in a table, by `columns` or by its header; `neighbour` is the name and bytes of the file beside it.

    Raises UnsupportedFile naming the columns where they are not understood, UnusableInput where the map does not fit.
    """
    if columns is None or not columns.channels:
        return _with_both_feet(whole(Origin(name, "columns"), all_taken(name, table_in(name, data, columns), columns)))
    parts = [taken_from(name, table_in(name, data, columns), columns)]
    if neighbour and columns.beside:
        beside = columns.beside.columns
        parts.append(taken_from(neighbour[0], table_in(*neighbour, beside), beside))
    return whole(Origin(name, "columns"), parts)


def _with_both_feet(recording: Recording) -> Recording:
    """Cadence that nobody explained, judged by speed."""
    track, doubled = both_feet(recording.track, frozenset(), format_says_one=False)
    return replace(recording, track=track, repairs=(*recording.repairs, *doubled))


def all_taken(name: str, table: Table, columns: Columns | None) -> list[Taken]:
    """What a table holds that nobody explained, in parts where its rows are of several sensors."""
    stack = stacked(table)
    if stack is None:
        return [taken_from(name, table, columns)]
    if stack.by_kind:
        return [taken_from(f"{kind}.csv", rows, columns) for kind, rows in stack.tables.items() if rows.count > 1]
    names = tuple(stack.tables)
    words = [tuple(lower_words(each)) for each in names]
    wish = ANY if columns is None else columns.wish
    at = at_name(wish.sensor, names) if wish.sensor else best_of([(True, place_of(each)) for each in words], wish)
    taken = taken_from(name, stack.tables[names[at]], columns and replace(columns, wish=ANY))
    told = Chosen(names[at], names, place_of(words[at]).placement)
    return [replace(taken, chosen=told, repairs=(*taken.repairs, *repairs_of(told)))]


def taken_from(name: str, table: Table, columns: Columns | None = None) -> Taken:
    """What one table holds, in our channels and units."""
    chosen = columns if columns and columns.channels else found_map(table, name, columns)
    if chosen is None:
        raise _not_understood(table, name)
    when = _when(table, chosen, name)
    held = {key: _values(table, column, name) for key, (column, _) in chosen.channels.items()}
    held |= {key: held[key] + _values(table, column, name) for key, column in chosen.plus.items()}
    counts = None if columns is None else columns.counts
    units = {key: unit or (counts.unit(key) if counts else "") for key, (_, unit) in chosen.channels.items()}
    scaled, told, wrong = _scaled(held, units, when.s)
    if not any(table.header) and not (columns and columns.channels):
        told.append(Repair("units_assumed", 1, f"({_places(chosen)}.)"))
    told += repairs_of(chosen.chosen)
    if chosen.others:
        told.append(Repair("unknown_part", chosen.others, f"(Read from: {_first_words(chosen)}.)"))
    if not _has_force(scaled) and _speaks_of_weightless(table):
        told.append(Repair("unknown_part", 1, "(Acceleration without gravity.)"))
    if counts is not None and wrong:
        raise UnusableInput(wrong[0], file=name, field="--counts", remedy="Say other numbers of counts.")
    if not scaled and wrong:
        raise UnusableInput(wrong[0], file=name, remedy="Record the acceleration with gravity, or name its unit.")
    if not scaled and _are_counts(held):
        raise _unknown(
            "The numbers are a converter's counts, and nothing says how many are 1 g", table, name, _HOW_MANY
        )
    if not scaled:
        raise _unknown(f"The units of the columns cannot be told: {_named(table)}", table, name)
    motion = {
        stream: {key: scaled[key] for key in keys if key in scaled}
        for stream, keys in MOTION_CHANNELS.items()
        if any(key in scaled for key in keys)
    }
    track = {key: scaled[key] for key in TRACK_CHANNELS if key in scaled}
    repairs = (*table.repairs, *when.repairs, *told)
    return Taken(when.s, track, motion, when.are_dates, when.utc_offset, repairs, chosen.chosen)


def _are_counts(held: Mapping[str, FloatArray]) -> bool:
    """Whether an accelerometer's numbers are whole and too large for any unit."""
    axes = [held[key] for key in MOTION_CHANNELS["accelerometer"] if key in held]
    known = np.concatenate(axes) if axes else np.empty(0)
    known = known[np.isfinite(known)]
    return known.size > 0 and bool(np.all(known == np.round(known))) and float(np.max(np.abs(known))) > _LEAST_COUNTS


def _has_force(channels: Collection[str]) -> bool:
    return any(key in channels for key in MOTION_CHANNELS["accelerometer"])


def _speaks_of_weightless(table: Table) -> bool:
    """Whether a column holds acceleration without gravity, by its name."""
    said = (" ".join(lower_words(header)) for header in table.header)
    return any(re.search(r"\b(?:lin|linear|free|user)\w* ?acc", words) for words in said)


def _when(table: Table, columns: Columns, name: str) -> Moments:
    """When each row was measured. Raises UnsupportedFile where nothing tells it."""
    at = None if columns.time_column is None else index_of(table, columns.time_column, name)
    try:
        return moments_of(table, columns, at)
    except NoMoments as error:
        raise _unknown(str(error), table, name, _HOW_FAST) from error


def found_map(table: Table, name: str, told: Columns | None = None) -> Columns | None:
    """What the columns hold by their header, or without one by physics; None where it stays in doubt.

    `told` is a map without channels: it says the rate, or which column is the time.
    """
    wish = ANY if told is None else told.wish
    found = _read_off(table, table.preamble, name, wish) or _unnamed(table, name, named_rate(table.preamble), wish)
    if told is None or (told.rate_hz is None and told.time_column is None):
        return found
    rate_hz = told.rate_hz or _USUAL_HZ
    found = found or _read_off(table, _at(rate_hz), name, wish) or _unnamed(table, name, rate_hz, wish)
    if found is None or told.time_column is None:
        return found and replace(found, rate_hz=told.rate_hz)
    return replace(found, time_column=told.time_column, time_unit=told.time_unit, rate_hz=None)


def _at(rate_hz: float) -> tuple[str, ...]:
    """Lines above a table that name its rate."""
    return (f"Sampling rate: {rate_hz} Hz",)


def _read_off(table: Table, preamble: Sequence[str], name: str, wish: Wish) -> Columns | None:
    """What the header says; where it names no time, its first column if that rises as a clock; x, y, z alone by physics."""
    found = recognised(table.header, preamble, name, wish)
    if found is None and not is_weightless_named(name):
        found = _bare_force(table, preamble)
    if found is not None:
        return found
    timeless = recognised(table.header, _ANY_RATE, name, wish)
    if timeless is None or not any(key in timeless.channels for key in _MOTION_KEYS):
        return None
    used = {index_of(table, column, name) for column, _ in timeless.channels.values()}
    if 0 in used or is_counter_named(table.header[0]) or _rising(table, 0, table.numbers(0)) is None:
        return None
    return replace(timeless, time_column="#1", rate_hz=None)


def _bare_force(table: Table, preamble: Sequence[str]) -> Columns | None:
    """Columns x, y, z of which nothing says whose they are, where gravity is in them and they are alive."""
    found = recognised(table.header, preamble, "accelerometer")
    keys = MOTION_CHANNELS["accelerometer"]
    if found is None or not set(keys) <= set(found.channels) or found.channels[keys[0]][1]:
        return None
    axes = np.stack([table.numbers(table.header.index(found.channels[key][0])) for key in keys])
    every = windows(np.arange(table.count) / _USUAL_HZ)
    return found if force_unit(axes, every) and is_lively(axes) else None


def _unnamed(table: Table, name: str, rate_hz: float | None, wish: Wish = ANY) -> Columns | None:
    """What the columns of a table without a header hold, by physics; None where it has one, or that stays in doubt."""
    if any(table.header) or table.count < 2:
        return None
    cells = np.stack([table.numbers(column) for column in range(len(table.header))], axis=1)
    for column in range(min(len(table.header) - 3, _TIME_AMONG)):
        moments = _rising(table, column, cells[:, column])
        if moments is not None:
            return unnamed(cells, column, moments, rate_hz, sensor_in_name(name), wish)
    if not rate_hz:
        return None
    return unnamed(cells, None, np.arange(table.count) / rate_hz, rate_hz, sensor_in_name(name), wish)


def _rising(table: Table, column: int, numbers: FloatArray) -> FloatArray | None:
    """A column as moments [s], None where it does not tell the time."""
    if np.isfinite(numbers).any():
        rises = bool(np.mean(np.diff(numbers) > 0) > _MOSTLY) and not numbers_rows(numbers)
        unit = time_unit(numbers, moving=True) if rises else None
        return numbers * TIME_UNITS[unit] if unit else None
    moments = written_moments(table.texts(column)).s
    return moments if np.mean(np.isfinite(moments)) > _MOSTLY and np.mean(np.diff(moments) >= 0) > _MOSTLY else None


def _not_understood(table: Table, name: str) -> UnknownColumns:
    """Why nothing was read, in a sentence."""
    if recognised(table.header, _ANY_RATE, name) or _unnamed(table, name, _USUAL_HZ):
        return _unknown(f"No column holds the time and no rate is named: {_named(table)}", table, name, _HOW_FAST)
    said = " ".join((*table.header, *table.preamble)).lower()
    why = next((why for words, why in _LACKS if any(word in said for word in words)), "")
    return _unknown(f"The columns are not understood{why}: {_named(table)}", table, name)


def _places(columns: Columns) -> str:
    """In which columns of a table without names each sensor was found, and in which unit."""
    firsts = [
        (key, *columns.channels[key])
        for keys in MOTION_CHANNELS.values()
        for key in keys[:1]
        if key in columns.channels
    ]
    return ", ".join(
        f"{QUANTITIES[key].name.rsplit(' ', 1)[0]} from column {at} on in {unit}" for key, at, unit in firsts
    )


def _first_words(columns: Columns) -> str:
    """The first column of each sensor that was read."""
    return ", ".join(column for key, (column, _) in columns.channels.items() if "_x_" in key)


def table_in(name: str, data: bytes, columns: Columns | None = None) -> Table:
    """The table in a file. Raises UnreadableFile where there is none."""
    table = table_as_told(data, columns)
    if table is None:
        raise UnreadableFile("No table of numbers was found in the file", file=name, remedy=_HOW)
    return table


def table_as_told(data: bytes, columns: Columns | None) -> Table | None:
    """The table in `data`, written as a column map says where it does; None where there is none."""
    if columns is None:
        return table_of(data)
    return table_of(data, separator=columns.separator, decimal_comma=columns.decimal_comma, comment=columns.comment)


def _unknown(what: str, table: Table, name: str, how: str = _HOW) -> UnknownColumns:
    shown = range(min(table.count, _SHOWN_ROWS))
    columns = [table.texts(column)[: len(shown)] for column in range(len(table.header))]
    return UnknownColumns(what, name, how, table.header, [[column[row] for column in columns] for row in shown])


def _named(table: Table) -> str:
    names = [header or f"#{number}" for number, header in enumerate(table.header, 1)]
    shown = ", ".join(name[:30] for name in names[:12])
    return shown + (" and more" if len(names) > 12 else "")


def index_of(table: Table, column: str, name: str) -> int:
    """Position of a column that a map names; raises UnusableInput where there is none."""
    if column.startswith("#") and column[1:].isdecimal() and 1 <= int(column[1:]) <= len(table.header):
        return int(column[1:]) - 1
    if column in table.header:
        return table.header.index(column)
    raise UnusableInput(
        f"The column map names {column!r}, but the columns are: {_named(table)}", file=name, field="column"
    )


def _values(table: Table, column: str, name: str) -> FloatArray:
    return table.numbers(index_of(table, column, name))


def _scaled(
    held: Mapping[str, FloatArray], units: Mapping[str, str], moments_s: FloatArray
) -> tuple[dict[str, FloatArray], list[Repair], list[str]]:
    """Channels in our units, told from the values where no unit is given, without those in doubt; and what is wrong."""
    assumed = _Assumed(windows(moments_s))
    scaled: dict[str, FloatArray] = {}
    for stream, keys in MOTION_CHANNELS.items():
        own = [key for key in keys if key in held]
        unit = next((units[key] for key in own if units[key]), None)
        if unit is None and own:
            unit = assumed.unit(stream, np.stack([held[key] for key in own]), scaled)
        factors = {key: None if unit is None else factor(key, units[key] or unit) for key in own}
        known = {key: held[key] * times for key, times in factors.items() if times is not None}
        if unit is not None and len(known) < len(own):
            assumed.doubtful.append(stream)
        elif unit is not None and not assumed.contradicted(stream, known):
            scaled.update(known)
    for key in TRACK_CHANNELS:
        if key in held and (given := factor(key, units[key])) is not None:
            scaled[key] = held[key] * given
        elif key in held:
            assumed.doubtful.append(key)
    if "course_deg" in scaled:
        scaled["course_deg"] = scaled["course_deg"] % 360
    return scaled, assumed.repairs(), assumed.wrong


@dataclass(slots=True)
class _Assumed:
    """Units told from values in `parts` of two seconds, and channels whose unit stayed in doubt."""

    parts: Windows
    units: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def unit(self, stream: str, axes: FloatArray, scaled: Mapping[str, FloatArray]) -> str | None:
        """The unit of a sensor's axes (k, n), None (and noted) where the values do not tell."""
        if stream not in ("accelerometer", "gyroscope", "magnetometer"):
            return ""
        unit = self._told(stream, axes, scaled) if len(axes) == 3 else None
        if unit is None:
            self.doubtful.append(stream)
        else:
            self.units.append(f"{stream} in {unit}")
        return unit

    def _told(self, stream: str, axes: FloatArray, scaled: Mapping[str, FloatArray]) -> str | None:
        if stream == "accelerometer":
            return force_unit(axes, self.parts)
        if stream == "magnetometer":
            return field_unit(axes)
        if "accelerometer" in self.doubtful:  # counts of no unit, both of them perhaps
            return None
        beside = [scaled[key] for key in MOTION_CHANNELS["accelerometer"] if key in scaled]
        return turning_unit(axes, np.stack(beside) if len(beside) == 3 else None, self.parts)

    def contradicted(self, stream: str, known: Mapping[str, FloatArray]) -> bool:
        """Whether a sensor is left out, and noted, because its values are not of its unit."""
        asked = len(known) == 3 and (stream == "accelerometer" or not self.told_by_values(stream))
        why = contradicts(stream, np.stack(list(known.values())), self.parts) if asked else None
        self.wrong += [why] if why else []
        return why is not None

    def told_by_values(self, stream: str) -> bool:
        """Whether a sensor's unit was told from its values, which then cannot contradict it."""
        return any(told.startswith(stream) for told in self.units)

    def repairs(self) -> list[Repair]:
        told = [Repair("units_assumed", len(self.units), f"({', '.join(self.units)}.)")] if self.units else []
        if self.doubtful:
            told.append(Repair("unknown_part", len(self.doubtful), f"(Unit in doubt: {', '.join(self.doubtful)}.)"))
        return [*told, *(Repair("unknown_part", 1, f"({why}.)") for why in self.wrong)]

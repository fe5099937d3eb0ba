"""Moments: when each row of a table was measured, by its column of time, however that counts, or by a rate.

Nothing is guessed where two answers would do: a column that may only number the rows, or counts ticks of no length that
is told, is no time unless somebody says how fast the rows follow each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from retropace.readers.column_map import Columns
from retropace.readers.headers import counts_ticks, date_column, is_ticks, parts_of_time
from retropace.readers.instants import clock_times, dates, instants, over_midnight
from retropace.readers.table import Table
from retropace.readers.units import TIME_UNITS
from retropace.recording import MOTION_CHANNELS, FloatArray, Repair

#: Sampling rates [Hz] of motion and of tracks: the unit of time is the one that gives such a rate.
_MOTION_HZ, _TRACK_HZ = (8.0, 2000.0), (0.02, 5.0)
#: Dates need less proof; pauses make the mean rate this many times lower.
_LENIENCE = 50.0
#: Steps longer than this are pauses, where so few of the steps are [s].
_PAUSE_S, _PAUSES_SHARE = 10.0, 0.005
#: Seconds since 1970 that mean a date: from September 2001 on, to the year 2200.
DATES_S = (1e9, 7.26e9)
#: What a time without a unit may count.
_TICKS_S = {unit: TIME_UNITS[unit] for unit in ("s", "ms", "us", "ns")}
#: Ticks of the small sensors' own clocks: Xsens DOT counts microseconds, MTw tenths of a millisecond.
_SENSOR_TICKS_S = {"us": 1e-6, "0.1 ms": 1e-4}
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class _Era:
    """A count that begins at a day of its own: `unit_s` [s] each, zero at `zero_s` since 1970."""

    name: str
    unit_s: float
    zero_s: float


#: Days since the end of 1899 (Excel) and since the year 0 (MATLAB), tenths of a microsecond since the year 1 (.NET).
_ERAS = (
    _Era("days, as Excel counts them", _DAY_S, -25_569 * _DAY_S),
    _Era("days, as MATLAB counts them", _DAY_S, -719_529 * _DAY_S),
    _Era("ticks of 100 ns, as .NET counts them", 1e-7, -62_135_596_800.0),
)
#: Names of columns that number the samples.
_COUNTERS = frozenset(
    {"packetcounter", "packetnumber", "packet", "counter", "sample", "samplenumber", "frame", "index"}
)
_COUNTER_WRAPS = 65_536  # a packet counter of 16 bits
#: A clock in a chip begins anew where its bits are used up: after 71.6 minutes where it counts microseconds in 32.
_WRAPS = (2.0**16, 2.0**24, 2.0**32)
#: In so large a share of the rows a column that numbers them rises by one.
_NEARLY_ALL = 0.95
#: A date as one number has so many digits, to the second or with parts of it; so many of them are tried.
_COMPACT_DIGITS, _TRIED = (14, 15, 16, 17, 20), 200
#: More rows than this in one moment, and moments farther apart than this [s], are no time of motion.
_ROWS_OF_ONE, _COARSE_S = 20, 2.0


class NoMoments(ValueError):
    """Why a column does not tell the time, in a sentence."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Seconds of each row (n,) in the file's own clock; `repairs` say what was assumed."""

    s: FloatArray
    utc_offset: timedelta | None = None
    repairs: tuple[Repair, ...] = ()

    @property
    def are_dates(self) -> bool:
        """Whether they count from 1970."""
        known = self.s[np.isfinite(self.s)]
        return known.size > 0 and bool(DATES_S[0] <= np.median(known) <= DATES_S[1])


def moments_of(table: Table, columns: Columns, at: int | None) -> Moments:
    """When each row was measured, by column `at`, else at the rate of `columns`. Raises NoMoments."""
    if at is None:
        return Moments(counted(table, columns.rate_hz or 1.0))
    moving = any(key in columns.channels for keys in MOTION_CHANNELS.values() for key in keys)
    try:
        return _fine(_by_column(table, columns, at, moving=moving), columns, moving=moving)
    except NoMoments:
        if columns.rate_hz is None:
            raise
    return Moments(counted(table, columns.rate_hz))


def _fine(found: Moments, columns: Columns, *, moving: bool) -> Moments:
    """The same moments. Raises NoMoments where they are too coarse to tell a rate of motion."""
    if moving and _are_coarse(found.s):
        raise NoMoments(f"The times in column {columns.time_column!r} are too coarse: many rows carry the same one")
    return found


def _by_column(table: Table, columns: Columns, at: int, *, moving: bool) -> Moments:
    name, numbers = columns.time_column or "", table.numbers(at)
    parts = parts_of_time(table.header)
    if at in parts.values():
        return Moments(_together(table, parts))
    if columns.time_unit == "iso" or not np.isfinite(numbers).any():
        found = _written(table, at)
        if not np.isfinite(found.s).any():
            shown = next(iter(table.texts(at)), "")[:40]
            raise NoMoments(f"The times in column {name!r} are not understood, as {shown!r}")
        return found
    if columns.time_unit:
        return Moments(unwrapped(numbers) * TIME_UNITS[columns.time_unit])
    if is_ticks(name):
        tick = _tick(numbers)
        found_unit = None if tick is None else (tick, _SENSOR_TICKS_S[tick])
        return _counting(name, unwrapped(numbers), found_unit)
    if (dated := _compact(numbers)) is not None:
        return Moments(dated, None, (Repair("zone_assumed", 1),))
    if (era := _era(numbers, moving=moving)) is not None:
        return Moments(numbers * era.unit_s + era.zero_s, None, (Repair("units_assumed", 1, f"Time in {era.name}."),))
    if counts_ticks(name):
        raise NoMoments(f"The time column {name!r} counts ticks, and nothing says how long one is")
    if moving and numbers_rows(numbers):
        raise NoMoments(f"The time column {name!r} only numbers the rows")
    plain = unwrapped(numbers)
    unit = time_unit(plain, moving=moving)
    return _counting(name, plain, None if unit is None else (unit, _TICKS_S[unit]))


#: What a part of a time counts [s].
_PARTS_S = {"hour": 3600.0, "minute": 60.0, "second": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def _together(table: Table, parts: Mapping[str, int]) -> FloatArray:
    """Times of rows (n,) whose hours, minutes, seconds and parts of them stand in columns of their own [s]."""
    seconds = np.zeros(table.count)
    for part, at in parts.items():
        seconds += table.numbers(at) * _PARTS_S[part]
    return over_midnight(seconds) if "hour" in parts else seconds


def _counting(name: str, numbers: FloatArray, unit: tuple[str, float] | None) -> Moments:
    if unit is None:
        raise NoMoments(f"The unit of the time column {name!r} cannot be told")
    return Moments(numbers * unit[1], None, (Repair("units_assumed", 1, f"Time in {unit[0]}."),))


def _written(table: Table, at: int) -> Moments:
    """Moments written out in column `at`, the day perhaps in a column of its own."""
    texts = table.texts(at)
    date = date_column(table.header)
    if date is not None and table.header.index(date) != at:
        dated = [f"{day} {time}" for day, time in zip(table.texts(table.header.index(date)), texts, strict=True)]
        found = written_moments(dated)
        if np.isfinite(found.s).any():
            return found
    return written_moments(texts, month_first=any("m/d/y" in line.lower() for line in table.preamble))


def written_moments(texts: Sequence[str], *, month_first: bool = False) -> Moments:
    """Moments written out: dates, or else the time of day alone, which counts on over midnight.

    `month_first` is whether the file says that its days are written 5/3/2026; where a date could be read both ways and
    nothing says which, its time of day is all that is taken.
    """
    read = instants(texts)
    if not np.isfinite(read.epoch_s).any():
        read = dates(texts, month_first=month_first)
    if np.isfinite(read.epoch_s).any():
        return Moments(read.epoch_s, read.utc_offset, tuple(read.repairs))
    return Moments(clock_times(texts))


def counted(table: Table, rate_hz: float) -> FloatArray:
    """Times of rows (n,) at a fixed rate [s]; a packet counter shows the rows that were lost."""
    counts = [index for index, header in enumerate(table.header) if is_counter_named(header)]
    if not counts:
        return np.arange(table.count) / rate_hz
    counter = table.numbers(counts[0])
    steps = np.diff(counter)
    wraps = np.concatenate([[0.0], np.cumsum(np.where(steps < -_COUNTER_WRAPS / 2, _COUNTER_WRAPS, 0))])
    if _letters(table.header[counts[0]]) != "packetcounter" and np.median(steps) != 1:  # counts something else
        return np.arange(table.count) / rate_hz
    return np.asarray((counter + wraps) / rate_hz)


def unwrapped(numbers: FloatArray) -> FloatArray:
    """A count (n,) without its leaps back to where its bits begin anew.

    >>> unwrapped(np.array([65534.0, 65535.0, 0.0, 1.0])).tolist()
    [65534.0, 65535.0, 65536.0, 65537.0]
    """
    known = np.flatnonzero(np.isfinite(numbers))
    steps = np.diff(numbers[known])
    usual = float(np.median(steps)) if steps.size else 0.0
    back = np.flatnonzero(steps < 0)
    if not back.size or usual <= 0:
        return numbers
    plain = numbers.copy()
    for at in back.tolist():
        wrap = next((wrap for wrap in _WRAPS if 0 < steps[at] + wrap <= 10 * usual), 0.0)
        plain[known[at] + 1 :] += wrap
    return plain


def time_unit(numbers: FloatArray, *, moving: bool) -> str | None:
    """The unit in which the times are dates at a likely sampling rate, or else give a sensible one."""
    known = numbers[np.isfinite(numbers)]
    if known.size < 2 or known.max() == known.min():
        return None
    middle, steps = float(np.median(known)), np.abs(np.diff(known))
    low, high = _MOTION_HZ if moving else _TRACK_HZ
    rates = {unit: _mean_hz(known, seconds) for unit, seconds in _TICKS_S.items()}
    for unit, rate_hz in rates.items():
        dated = DATES_S[0] <= middle * _TICKS_S[unit] <= DATES_S[1]
        if dated and low / _LENIENCE <= rate_hz <= high * _LENIENCE:
            return unit
    found = next((unit for unit, rate_hz in rates.items() if low <= rate_hz <= high), None)
    if not moving:
        return found
    # A long pause makes the mean rate too low, and so the unit too small.
    coarser = [unit for unit in _TICKS_S if found is None or _TICKS_S[unit] > _TICKS_S[found]]
    return next((unit for unit in coarser if low <= _rate_but_for_pauses(steps * _TICKS_S[unit]) <= high), found)


def _mean_hz(known: FloatArray, unit_s: float) -> float:
    mean = float(known.max() - known.min()) / (known.size - 1)
    return 1 / max(mean * unit_s, 1e-30)


def _era(numbers: FloatArray, *, moving: bool) -> _Era | None:
    """The count by which the numbers are dates of our time at a likely rate."""
    known = numbers[np.isfinite(numbers)]
    if known.size < 2 or known.max() == known.min():
        return None
    low, high = _MOTION_HZ if moving else _TRACK_HZ
    for era in _ERAS:
        dated = DATES_S[0] / 2 <= float(known[known.size // 2]) * era.unit_s + era.zero_s <= DATES_S[1]
        if dated and low <= _mean_hz(known, era.unit_s) <= high:
            return era
    return None


def _compact(numbers: FloatArray) -> FloatArray | None:
    """Dates that are written as one number, 20240503100001250; None where they are none."""
    known = numbers[np.isfinite(numbers)]
    if not known.size:
        return None
    digits = int(np.floor(np.log10(max(float(known[known.size // 2]), 1.0)))) + 1
    sample = [f"{value:.0f}" for value in known[:: max(1, known.size // _TRIED)]]
    if digits not in _COMPACT_DIGITS or not np.isfinite(instants(sample).epoch_s).all():
        return None
    return instants([f"{value:.0f}" if np.isfinite(value) else None for value in numbers]).epoch_s


def numbers_rows(numbers: FloatArray) -> bool:
    """Whether a column may only number the rows: it counts by ones, and tells no date.

    >>> numbers_rows(np.arange(900.0, 1000.0)), numbers_rows(np.arange(0.0, 1000.0, 10.0))
    (True, False)
    """
    known = numbers[np.isfinite(numbers)]
    if known.size < 2 or np.mean(np.diff(known) == 1) <= _NEARLY_ALL:
        return False
    return not any(DATES_S[0] <= float(np.median(known)) * seconds <= DATES_S[1] for seconds in _TICKS_S.values())


def is_counter_named(header: str) -> bool:
    """Whether a column is called a number of the sample."""
    return _letters(header) in _COUNTERS


def _letters(header: str) -> str:
    return "".join(filter(str.isalpha, header)).lower()


def _are_coarse(moments_s: FloatArray) -> bool:
    """Whether many rows carry one time, and times lie far apart: nothing tells then when a row was measured."""
    distinct = np.unique(moments_s[np.isfinite(moments_s)])
    if distinct.size < 2 or moments_s.size <= _ROWS_OF_ONE * distinct.size:
        return False
    return bool(np.median(np.diff(distinct)) > _COARSE_S)


def _rate_but_for_pauses(steps_s: FloatArray) -> float:
    """Samples per second [Hz] between the few steps that are long pauses; 0.0 where they are not few."""
    within = steps_s[steps_s <= _PAUSE_S]
    total = float(np.sum(within))
    return within.size / total if total > 0 and within.size >= (1 - _PAUSES_SHARE) * steps_s.size else 0.0


def _tick(numbers: FloatArray) -> str | None:
    """What a sensor's own clock counts."""
    steps = np.abs(np.diff(numbers[np.isfinite(numbers)]))
    step = float(np.median(steps[steps > 0])) if np.any(steps > 0) else 0.0
    low, high = _MOTION_HZ
    return next(
        (unit for unit, seconds in _SENSOR_TICKS_S.items() if step and low <= 1 / (step * seconds) <= high), None
    )

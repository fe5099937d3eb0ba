"""Instants: the many ways a file writes a moment, and the recording's own clock made of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from retropace.readers.mend import Channels, mend_motion, mend_track
from retropace.recording import FloatArray, Repair, Stream

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Years in which somebody can have recorded something: before, a clock was not set; after, `datetime` ends.
_EARLIEST_S = 0.0
_LATEST_S = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Instants:
    """Moments `epoch_s` (n,) [s since 1970, UTC], NaN where unreadable; `utc_offset` where the file wrote one.

    `zoned` says whether the first readable moment named its zone; without one it was taken as UTC.
    """

    epoch_s: FloatArray
    utc_offset: timedelta | None = None
    zoned: bool = True

    @property
    def repairs(self) -> list[Repair]:
        """The assumption of UTC, where it was made."""
        return [] if self.zoned else [Repair("zone_assumed", 1)]


def instants(texts: Sequence[str | None]) -> Instants:
    """ISO 8601 texts as moments.

    >>> instants(["2026-05-04T07:00:00+02:00", "noon"]).epoch_s.tolist()
    [1777870800.0, nan]
    """
    epoch_s = np.full(len(texts), np.nan)
    first: datetime | None = None
    for row, text in enumerate(texts):
        if text is None or (moment := _moment(text)) is None:
            continue
        first = first or moment
        epoch_s[row] = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH).total_seconds()
    offset = first.utcoffset() if first else None
    # "Z" and +00:00 say where zero is, not where the person is.
    return Instants(epoch_s, offset or None, zoned=first is None or first.tzinfo is not None)


def instant(text: str | None) -> float:
    """One ISO 8601 text as seconds since 1970, NaN where unreadable."""
    return float(instants([text]).epoch_s[0])


#: Dates as sensors' programs write them: 2024/5/3 10:00:01:250, 2024-05-03T10.00.01.250.
_LOOSE_DATE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T _]+(\d{1,2})[:.](\d{2})[:.](\d{2})(?:[.,:](\d{1,9}))?\s*$"
)
#: Without signs between: 20240503_100001_250, 20240503100001.250.
_COMPACT_DATE = re.compile(r"([12]\d{3})([01]\d)([0-3]\d)[T _-]?([0-2]\d)([0-5]\d)([0-6]\d)(?:[._, :-]?(\d{1,9}))?\s*$")
#: Day and month before the year: 3.5.2024 10:00:01,25, 5/3/2024 10:00:01.250 PM.
_DAY_BEFORE_YEAR = re.compile(
    r"\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4})[T _,]+(\d{1,2})[:.](\d{2})[:.](\d{2})(?:[.,:](\d{1,9}))?\s*([AaPp][Mm])?\s*$"
)
#: A time of day behind whatever date, and before a zone or, as Unix writes it, the year.
_CLOCK = re.compile(
    r"(?:.*\d[T _,]+)?\s*(\d{1,2}):(\d{2}):(\d{2})(?:[.,:](\d{1,9}))?"
    r"\s*(?:UTC|GMT|Z)?(?:[+-]\d\d:?\d\d)?(?:\s+\d{4})?\s*$"
)
#: Minutes and seconds since the start; only a part of a second tells them from hours and minutes.
_MINUTES = re.compile(r"()\s*(\d{1,3}):(\d{2})[.,](\d{1,9})\s*$")
_DAY_S = 86_400.0


def dates(texts: Sequence[str], *, month_first: bool = False) -> Instants:
    """Moments whose day and month stand before the year, taken as UTC; none where it is not known which is which.

    A number above 12, dots, or AM and PM tell it, or the file does: `month_first`.

    >>> dates(["3.5.2024 10:00:01,25"]).epoch_s.tolist(), dates(["5/3/2024 10:00:00"]).epoch_s.tolist()
    ([1714730401.25], [nan])
    """
    found = [_DAY_BEFORE_YEAR.match(text) for text in texts]
    first = next((match for match in found if match), None)
    numbers = [(int(match[1]), int(match[3])) for match in found if match]
    if any(ahead > 12 for ahead, _ in numbers) or (first and first[2] == "."):
        month_first = False
    elif not month_first and not any(behind > 12 for _, behind in numbers) and not (first and first[9]):
        return Instants(np.full(len(texts), np.nan))
    else:
        month_first = True
    epoch_s = np.array([np.nan if match is None else _dated(match, month_first=month_first) for match in found])
    return Instants(epoch_s, None, zoned=False)


def _dated(match: re.Match[str], *, month_first: bool) -> float:
    month, day = (1, 3) if month_first else (3, 1)
    hour = int(match[5])
    if match[9]:
        hour = hour % 12 + 12 * (match[9].lower() == "pm")
    try:
        at = datetime(int(match[4]), int(match[month]), int(match[day]), hour, int(match[6]), int(match[7]), tzinfo=UTC)
    except ValueError:
        return np.nan
    return at.timestamp() + float(f"0.{match[8] or 0}")


def clock_times(texts: Sequence[str]) -> FloatArray:
    """Times of day as seconds, NaN where unreadable; after midnight they count on.

    >>> clock_times(["23:59:59.5", "00:00:00:250"]).tolist(), clock_times(["61:02.5"]).tolist()
    ([86399.5, 86400.25], [3662.5])
    """
    found = [_CLOCK.match(text) or _MINUTES.match(text) for text in texts]
    seconds = np.array([np.nan if match is None else _of_day(*match.groups()) for match in found])
    return over_midnight(seconds)


def over_midnight(time_of_day_s: FloatArray) -> FloatArray:
    """Times of day (n,) that count on after midnight.

    >>> over_midnight(np.array([86399.0, np.nan, 1.0])).tolist()
    [86399.0, nan, 86401.0]
    """
    seconds = time_of_day_s.copy()
    known = np.flatnonzero(np.isfinite(seconds))
    days = np.cumsum(np.diff(seconds[known], prepend=seconds[known[:1]]) < -_DAY_S / 2)
    seconds[known] += _DAY_S * days
    return seconds


def _of_day(hours: str, minutes: str, seconds: str, part: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(f"{seconds}.{part or 0}")


def _moment(text: str) -> datetime | None:
    plain = _zoneless(text.strip())
    if plain.isdecimal():  # digits alone would be taken apart wherever it fits
        return _loose(plain)
    try:
        return datetime.fromisoformat(plain)
    except (ValueError, OverflowError):
        return _loose(plain)


def _zoneless(text: str) -> str:
    """A date with Greenwich's time written as ISO does."""
    return re.sub(r"\s*(?:UTC|GMT)$", "Z", text) if text[-3:] in ("UTC", "GMT") else text


def _loose(text: str) -> datetime | None:
    found = _LOOSE_DATE.match(text) or _COMPACT_DATE.match(text)
    if found is None:
        return None
    *date, part = found.groups()
    try:
        year, month, day, hour, minute, second = (int(number) for number in date)
        return datetime(year, month, day, hour, minute, second, int((part or "0").ljust(6, "0")[:6]))
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A recording's clock: `zero_s` is its start in the file's own seconds; `start` the same as an instant, if absolute."""

    zero_s: float
    start: datetime | None

    def since(self, seconds: float) -> float:
        """Seconds from the start of a moment in the file's own seconds."""
        return seconds - self.zero_s


def timeline(zero_s: float, *, absolute: bool) -> Timeline:
    """The clock that starts at `zero_s`; `absolute` where that counts from 1970."""
    if absolute and _EARLIEST_S <= zero_s <= _LATEST_S:
        return Timeline(zero_s, EPOCH + timedelta(seconds=zero_s))
    return Timeline(zero_s, None)


def middle(seconds: FloatArray) -> float:
    """A moment in the midst of `seconds`, to count from: 0.0 where none is finite."""
    known = seconds[np.isfinite(seconds)]
    return float(np.floor(np.median(known))) if known.size else 0.0


def track_from(instants_s: FloatArray, channels: Channels) -> tuple[Stream, float, list[Repair]]:
    """A mended track that begins at 0, and where that is in the file's own seconds (NaN for an empty track)."""
    near = middle(instants_s)
    stream, repairs, _ = mend_track(instants_s - near, channels)
    if not len(stream):
        return stream, np.nan, repairs
    first = float(stream.time_s[0])
    return shifted(stream, -first), near + first, repairs


def motion_from(instants_s: FloatArray, channels: Channels, near: float) -> tuple[Stream, list[Repair]]:
    """A mended stream of a raw sensor, in seconds from `near`."""
    return mend_motion(instants_s - near, channels)


def shifted(stream: Stream, by_s: float) -> Stream:
    """The same stream, `by_s` later."""
    moved = stream.time_s + by_s
    if len(stream) and not np.all(np.diff(moved) > 0):  # times nearer to each other than the sum can tell apart
        moved, kept = np.unique(moved, return_index=True)
        return Stream(moved, {key: values[kept] for key, values in stream.channels.items()})
    return Stream(moved, stream.channels)

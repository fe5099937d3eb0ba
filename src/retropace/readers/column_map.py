"""Column maps: which column of a plain table is what, written by a person or recognised from the header.

A map is a TOML file:

    rate_hz = 100            # where no column holds the time; it may stand alone, then the header tells the rest
    comment = "#"            # lines to pass over; also separator = ";" and decimal_comma = true

    [time]
    column = "timestamp"     # by name, or "#1" for the first
    unit = "ms"              # s, ms, us, ns or iso

    [channels.acceleration_x_mps2]
    column = "Acc_X"
    unit = "g"               # "-g" turns the sign, as Apple's raw accelerometer needs

    [beside]                 # another sensor of the same moments, in a file beside this one, by the same clock
    instead_of = "_acc_"     # this part of the name ...
    name_has = "_gyro_"      # ... reads so there
    [beside.channels.rotation_x_radps]
    column = "x"
    unit = "rad/s"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from retropace.errors import UnsupportedFile, UnusableInput
from retropace.files import read_table
from retropace.quantities import QUANTITIES
from retropace.readers.units import TIME_UNITS, UNITS, factor, own_unit
from retropace.recording import MOTION_CHANNELS, UNNAMED, Chosen

#: Channels of a track that a table may hold.
TRACK_CHANNELS = (
    "latitude_deg",
    "longitude_deg",
    "position_error_m",
    "altitude_m",
    "distance_m",
    "speed_mps",
    "cadence_spm",
    "heart_rate_bpm",
    "power_w",
    "temperature_degc",
    "course_deg",
    "heading_deg",
    "step_length_m",
    "contact_time_ms",
    "contact_balance_pct",
    "vertical_oscillation_mm",
    "direction_code",
)
CHANNELS = (*TRACK_CHANNELS, *(key for keys in MOTION_CHANNELS.values() for key in keys))
_FIELDS = ("time", "channels", "rate_hz", "comment", "separator", "decimal_comma", "beside")
_LONGEST_RATE_HZ = 10_000.0


class UnknownColumns(UnsupportedFile):
    """A table that nobody explained: its columns' names in order, and what stands in its first rows."""

    def __init__(self, what: str, file: str, remedy: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        super().__init__(what, file=file, remedy=remedy)
        self.header = tuple(header)
        self.rows = tuple(tuple(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which of several sensors somebody wants: by a part of its name, or by where it was worn; None for the best."""

    sensor: str | None = None
    placement: str | None = None


ANY = Wish()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many counts of a sensor's converter are 1 g, and how many 1 °/s."""

    of_1_g: float
    of_1_dps: float

    def unit(self, channel: str) -> str:
        """The unit of counts in a channel, "" where they are of something else.

        >>> Counts(16384, 131).unit("rotation_x_radps")
        'deg/s/131'
        """
        known = {"mps2": ("g", self.of_1_g), "radps": ("deg/s", self.of_1_dps)}
        unit, number = known.get(own_unit(channel), ("", 0.0))
        return f"{unit}/{number:g}" if unit else ""


@dataclass(frozen=True, slots=True)
class Columns:
    """A column map. `channels`: channel → (column, unit). `unit` is "" where the values have to tell.

    `others` is how many further sensors of the same kinds the table holds, `plus` which column is added to a channel's
    own: gravity to acceleration without it. Without channels, the header is to tell them, and of several sensors those of
    the `wish`; `chosen` says which they are. `counts` is for numbers without a unit.
    """

    channels: Mapping[str, tuple[str, str]]
    time_column: str | None = None
    time_unit: str = ""
    rate_hz: float | None = None
    comment: str | None = None
    separator: str | None = None
    decimal_comma: bool | None = None
    beside: "Beside | None" = None
    others: int = 0
    plus: Mapping[str, str] = field(default_factory=dict)
    wish: Wish = ANY
    counts: Counts | None = None
    chosen: Chosen = UNNAMED


@dataclass(frozen=True, slots=True)
class Beside:
    """A neighbour file: its name has `name_has` where this one's has `instead_of`, and its own map."""

    instead_of: str
    name_has: str
    columns: Columns

    def neighbour_of(self, name: str) -> str | None:
        """Name of the neighbour of a file, None where the file is no such file itself."""
        head, mark, tail = name.rpartition(self.instead_of)
        return head + self.name_has + tail if mark else None


def at_rate(rate_hz: float) -> Columns:
    """A map that says how many samples a second there are where no column tells the time. Raises UnusableInput."""
    if not 0.01 <= rate_hz <= _LONGEST_RATE_HZ:
        what = f"{rate_hz:g} samples a second cannot be"
        raise UnusableInput(what, field="--rate", remedy="Give the sensor's own rate, for example 100.")
    return Columns({}, rate_hz=rate_hz)


def load_columns(path: Path) -> Columns:
    """The column map in a TOML file. Raises UnusableInput naming the field that cannot be used."""
    content = read_table(path, "The column map")
    columns = _columns(content, path)
    return replace(columns, beside=_beside(content["beside"], content, path)) if "beside" in content else columns


def _columns(content: Mapping[str, Any], path: Path) -> Columns:
    for name in content:
        if name not in _FIELDS:
            raise _unusable(path, name, f"`{name}` is not known here", f"Known fields: {', '.join(_FIELDS)}.")
    time_column, time_unit = _time(content.get("time"), path)
    rate_hz = _rate(content.get("rate_hz"), path)
    if time_column is None and rate_hz is None:
        raise _unusable(path, "time", "The map names no time", "Give [time] with a column and unit, or rate_hz.")
    return Columns(
        _channels(content.get("channels"), path),
        time_column,
        time_unit,
        rate_hz,
        _text(content, "comment", path),
        _text(content, "separator", path),
        _flag(content, "decimal_comma", path),
    )


def _unusable(path: Path, field: str, what: str, remedy: str | None = None) -> UnusableInput:
    return UnusableInput(what, file=path.name, field=field, remedy=remedy)


def _time(entry: Any, path: Path) -> tuple[str | None, str]:
    if entry is None:
        return None, ""
    if not isinstance(entry, dict) or not isinstance(entry.get("column"), str):
        raise _unusable(path, "time.column", "The time names no column", 'Write column = "timestamp".')
    unit = entry.get("unit")
    if unit != "iso" and unit not in TIME_UNITS:
        raise _unusable(path, "time.unit", f"The unit is {unit!r}", "Use s, ms, us, ns or iso.")
    return entry["column"], unit


def _rate(value: Any, path: Path) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.01 <= value <= _LONGEST_RATE_HZ:
        raise _unusable(path, "rate_hz", f"rate_hz is {value!r}", "Give samples per second, for example 100.")
    return float(value)


def _channels(entries: Any, path: Path) -> dict[str, tuple[str, str]]:
    if entries is None:
        return {}
    if not isinstance(entries, dict) or not entries:
        raise _unusable(path, "channels", "The map names no channels", "Write [channels.acceleration_x_mps2].")
    return {key: _channel(key, entry, path) for key, entry in entries.items()}


def _channel(key: str, entry: Any, path: Path) -> tuple[str, str]:
    field = f"channels.{key}"
    if key not in CHANNELS:
        raise _unusable(path, field, f"There is no channel {key!r}", f"Known channels: {', '.join(CHANNELS)}.")
    if not isinstance(entry, dict) or not isinstance(entry.get("column"), str):
        raise _unusable(path, f"{field}.column", "The channel names no column", 'Write column = "Acc_X".')
    unit = entry.get("unit", own_unit(key))
    if not isinstance(unit, str) or factor(key, unit) is None:
        known = ", ".join(UNITS.get(own_unit(key), ())) or f"none: {QUANTITIES[key].name} is a plain number"
        raise _unusable(path, f"{field}.unit", f"The unit is {unit!r}", f"Known units: {known}.")
    return entry["column"], unit


def _text(content: Mapping[str, Any], name: str, path: Path) -> str | None:
    value = content.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value or (name == "separator" and len(value) > 1):
        raise _unusable(path, name, f"{name} is {value!r}", 'Give one character, for example ";".')
    return value


def _flag(content: Mapping[str, Any], name: str, path: Path) -> bool | None:
    value = content.get(name)
    if value is not None and not isinstance(value, bool):
        raise _unusable(path, name, f"{name} is {value!r}", "Write true or false.")
    return value


def _beside(entry: Any, content: Mapping[str, Any], path: Path) -> Beside:
    """The neighbour's map; what it does not say is as in the file's own."""
    names = ("instead_of", "name_has")
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) and entry[name] for name in names):
        remedy = 'Write instead_of = "_acc_" and name_has = "_gyro_".'
        raise _unusable(path, "beside", "The neighbour file is not described", remedy)
    own = {name: value for name, value in content.items() if name not in ("beside", "channels")}
    told = {name: value for name, value in entry.items() if name not in names}
    return Beside(entry["instead_of"], entry["name_has"], _columns({**own, **told}, path))

"""Column form: which column of somebody's table is what, asked column by column with a few of its values shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retropace.errors import UnusableInput
from retropace.intake import explained
from retropace.quantities import QUANTITIES
from retropace.readers import Columns, UnknownColumns
from retropace.readers.column_map import CHANNELS
from retropace.readers.headers import recognised
from retropace.readers.units import TIME_UNITS, factor
from retropace.web.language import say
from retropace.web.visit import Visit

#: More columns than this are not asked about.
MOST_COLUMNS = 60
_LONGEST_HEADER = 20_000
_LEAST_HZ, _MOST_HZ = 0.01, 10_000.0
#: The units offered for each channel of a track, the likeliest first.
_TRACK_UNITS: Mapping[str, tuple[str, ...]] = {
    "speed_mps": ("m/s", "km/h", "mph"),
    "distance_m": ("m", "km", "mi"),
    "latitude_deg": ("°",),
    "longitude_deg": ("°",),
    "altitude_m": ("m", "ft"),
    "heart_rate_bpm": ("beats/min",),
    "cadence_spm": ("steps/min", "strides/min"),
    "power_w": ("W",),
    "course_deg": ("°",),
    "direction_code": ("",),
}
_MOTION_UNITS: Mapping[str, tuple[str, ...]] = {
    "acceleration": ("m/s²", "g", "mg"),
    "rotation": ("rad/s", "°/s"),
    "magnetic": ("µT",),
}
_AXES = ("x", "y", "z")


@dataclass(frozen=True, slots=True)
class Option:
    """What a column may be: `value` is "time|ms" or "speed_mps|km/h"."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Options under one heading."""

    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One column: its `field` in the form, its name, a few of its values, and what it was said or seems to be."""

    field: str
    name: str
    values: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class ColumnForm:
    """What is asked about one table. `header` goes along as JSON; `left_out` columns are not asked about."""

    header: str
    asked: tuple[Asked, ...]
    left_out: int
    rate_hz: str
    refused: UnusableInput | None = None


def groups() -> tuple[Group, ...]:
    """Everything a column may be."""
    times = {
        "s": say("time in seconds"),
        "ms": say("time in milliseconds"),
        "us": say("time in microseconds"),
        "ns": say("time in nanoseconds"),
        "iso": say("date and time"),
    }
    track = [Option(f"{key}|{unit}", _words(key, unit)) for key, units in _TRACK_UNITS.items() for unit in units]
    motion = [
        Option(f"{_axis(sensor, axis)}|{unit}", _words(_axis(sensor, axis), unit))
        for sensor, units in _MOTION_UNITS.items()
        for unit in units
        for axis in _AXES
    ]
    return (
        Group(say("Time"), tuple(Option(f"time|{unit}", words) for unit, words in times.items())),
        Group(say("As a watch writes"), tuple(track)),
        Group(say("Raw motion"), tuple(motion)),
    )


def _axis(sensor: str, axis: str) -> str:
    return next(key for key in CHANNELS if key.startswith(f"{sensor}_{axis}_"))


def _words(key: str, unit: str) -> str:
    if key == "direction_code":
        return say("direction: −1 backward, 1 forward")
    name = say(QUANTITIES[key].name)
    return f"{name} ({unit})" if unit else name


# -- asking -----------------------------------------------------------------------------------------------------------


def form_for(visit: Visit, unknown: UnknownColumns, known: Columns | None = None) -> ColumnForm:
    """The form about a table that was not understood, filled in as it is known, or was said before, or can be guessed."""
    typed = visit.text("header", _LONGEST_HEADER) == json.dumps(unknown.header)
    known = known or explained(visit.notebook, unknown.header) or _guessed(unknown.header)
    chosen = _typed(visit, len(unknown.header)) if typed else _chosen(known, unknown.header)
    shown = [[row[number].removesuffix(".0")[:24] for row in unknown.rows] for number in range(len(unknown.header))]
    return ColumnForm(
        json.dumps(unknown.header),
        tuple(
            Asked(f"c{number}", name or f"#{number + 1}", tuple(shown[number]), what)
            for number, (name, what) in enumerate(zip(unknown.header, chosen, strict=True))
        )[:MOST_COLUMNS],
        max(0, len(unknown.header) - MOST_COLUMNS),
        visit.text("rate_hz", 40) if typed else _plain(known),
    )


def _plain(known: Columns | None) -> str:
    return "" if known is None or known.rate_hz is None else f"{known.rate_hz:g}"


def _typed(visit: Visit, count: int) -> list[str]:
    return [visit.text(f"c{number}", 60) for number in range(count)]


def _chosen(known: Columns | None, header: Sequence[str]) -> list[str]:
    """The option of each column by a map, "" where it says nothing of it."""
    if known is None:
        return [""] * len(header)
    by_column = {column: _offered(key, unit) for key, (column, unit) in known.channels.items()}
    if known.time_column is not None and known.time_unit:
        by_column[known.time_column] = f"time|{known.time_unit}"
    return [by_column.get(f"#{number + 1}", by_column.get(name, "")) for number, name in enumerate(header)]


def _offered(key: str, unit: str) -> str:
    """The option that means the same, "" where none does: a unit has several names."""
    options = [option.value for group in groups() for option in group.options if option.value.startswith(f"{key}|")]
    wanted = factor(key, unit)
    same = (option for option in options if factor(key, option.partition("|")[2]) == wanted)
    return next(same, "") if wanted is not None else ""


def _guessed(header: Sequence[str]) -> Columns | None:
    """What the names let guess: a time, or a channel, that is missing must not hide the rest."""
    return recognised(header) or recognised((*header, "time (s)")) or recognised((*header, "heart rate"))


# -- what was said ----------------------------------------------------------------------------------------------------


def said(visit: Visit) -> tuple[tuple[str, ...], Columns] | None:
    """Header and map of a column form that was sent, None where none was. Raises UnusableInput."""
    text = visit.text("header", _LONGEST_HEADER)
    if not text:
        return None
    header = _header(text)
    time: tuple[str, str] | None = None
    channels: dict[str, tuple[str, str]] = {}
    for number, what in enumerate(_typed(visit, len(header))):
        key, _, unit = what.partition("|")
        column = f"#{number + 1}"
        if not what:
            continue
        if key == "time" and time is None and (unit == "iso" or unit in TIME_UNITS):
            time = (column, unit)
        elif key in CHANNELS and key not in channels and factor(key, unit) is not None:
            channels[key] = (column, unit)
        else:
            raise _twice(header[number] or column)
    return header, _columns(channels, time, visit.number("rate_hz", _LEAST_HZ, _MOST_HZ))


def _header(text: str) -> tuple[str, ...]:
    try:
        header = json.loads(text)
    except ValueError:
        header = None
    if not isinstance(header, list) or not all(isinstance(name, str) for name in header):
        raise UnusableInput(say("The form cannot be read"), field="header", remedy=say("Send the file again."))
    return tuple(header)


def _twice(column: str) -> UnusableInput:
    what = say("Two columns are said to be the same thing")
    return UnusableInput(what, field=column, remedy=say("Choose one of them, and leave the other out."))


def _columns(channels: Mapping[str, tuple[str, str]], time: tuple[str, str] | None, rate_hz: float | None) -> Columns:
    if not channels:
        remedy = say("Choose at least one, as speed or heart rate.")
        raise UnusableInput(say("No column is said to be a measurement"), remedy=remedy)
    if time is None and rate_hz is None:
        remedy = say("Choose the column of the time, or write how many rows there are in a second.")
        raise UnusableInput(say("Nothing says when each row was measured"), remedy=remedy)
    if time is None:
        return Columns(channels, rate_hz=rate_hz)
    return Columns(channels, *time)

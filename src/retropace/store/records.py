"""Records: frozen dataclasses as plain tables and back, with one sentence for whatever cannot be used.

Both the readable folder (TOML) and the database (JSON) keep records in this one shape.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from retropace import place, screening, timetable
from retropace.errors import UnusableInput, require_within
from retropace.files import require_sound
from retropace.log import LogEntry, Part, Side, Where, require_plausible
from retropace.store import Screened, Settings, Wanted

T = TypeVar("T")

#: The fields of a log entry that are told by body part and side.
BY_PART = ("pain_during", "pain_hour", "pain_morning", "soreness_24h", "soreness_48h")


def table(record: Any) -> dict[str, Any]:
    """A frozen dataclass as a table; what is None or empty is left out."""
    import msgspec

    found: dict[str, Any] = _without_nothing(msgspec.to_builtins(record, builtin_types=(dt.date,), str_keys=True))
    return found


def packed(record: Any) -> str:
    """A frozen dataclass as JSON that `unpacked` reads back; the same record gives the same text."""
    import msgspec

    plain = entry_table(record) if isinstance(record, LogEntry) else record
    return msgspec.json.encode(msgspec.to_builtins(plain, str_keys=True, order="deterministic")).decode()


def unpacked(text: str, kind: type[T]) -> T:
    """The record of `kind` in JSON of our own. Raises UnusableInput where somebody else wrote it."""
    import msgspec

    try:
        if kind is LogEntry:
            return entry_from(msgspec.json.decode(text), "the database")  # type: ignore[return-value]
        return msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError as error:
        raise UnusableInput(f"What was kept cannot be read: {error}", field=kind.__name__) from error


def entry_table(entry: LogEntry) -> dict[str, Any]:
    """A log entry as a table, pains and soreness by words like "calf left"."""
    told = {name: {f"{part} {side}": value for (part, side), value in getattr(entry, name).items()} for name in BY_PART}
    without: dict[str, Any] = {name: {} for name in BY_PART}
    return table(replace(entry, **without)) | {name: values for name, values in told.items() if values}


def entry_from(told: Mapping[str, Any], file: str) -> LogEntry:
    """The log entry in such a table. Raises UnusableInput naming the field that does not fit."""
    plain = dict(told)
    by_part = {name: _by_part(plain.pop(name), name, file) for name in BY_PART if name in plain}
    changed: dict[str, Any] = dict(by_part)
    entry = replace(record(plain, LogEntry, file), **changed)
    require_plausible(entry, file)
    return entry


def _by_part(told: Any, field: str, file: str) -> Mapping[Where, float]:
    if not isinstance(told, Mapping):
        raise UnusableInput(
            "Body parts are missing", file=file, field=field, remedy='Write for example: "calf left" = 3.'
        )
    return {where(name, field, file): value for name, value in told.items()}


def where(text: str, field: str, file: str | None = None) -> Where:
    """Body part and side in words like "calf left". Raises UnusableInput."""
    part, _, side = text.strip().lower().rpartition(" ")
    try:
        return Part(part.replace(" ", "_")), Side(side)
    except ValueError as error:
        parts = ", ".join(Part)
        remedy = f"Write a part and a side, as calf left. Parts: {parts}. Sides: left, right, both."
        raise UnusableInput(f"{text!r} is no body part with a side", file=file, field=field, remedy=remedy) from error


def _without_nothing(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _without_nothing(inner) for key, inner in value.items() if inner is not None}
        return {key: inner for key, inner in kept.items() if inner not in ({}, [])}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_nothing(inner) for inner in value]
    return value


def record(table: Mapping[str, Any], kind: type[T], file: str) -> T:
    """`table` as a record of `kind`. Raises UnusableInput naming the field that does not fit."""
    import msgspec

    _refuse_unknown(table, kind, file)
    require_sound(table, file)
    try:
        made = msgspec.convert(dict(table), kind, str_keys=True)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        field = place.strip("`.") or None
        raise UnusableInput(_plainly(what), file=file, field=field, remedy="Correct it or leave it out.") from error
    require_meant(made, file)
    return made


def require_meant(record: object, file: str | None = None) -> None:
    """Raise UnusableInput for what no person or place has, such as an age of 999 or an eighth day of the week."""
    if isinstance(record, Screened):
        screening.require_plausible(record.answers, file)
        place.require_plausible(record.place, file)
    elif isinstance(record, Wanted):
        timetable.require_plausible(record.calendar, file)
    elif isinstance(record, Settings):
        _require_usable(record, file)


def _require_usable(settings: Settings, file: str | None) -> None:
    """Raise UnusableInput for a time zone that is none, or a home that is nowhere."""
    latitude, longitude = settings.home or (None, None)
    require_within(latitude, -90, 90, "home", file)
    require_within(longitude, -180, 180, "home", file)
    require_within(settings.hide_radius_m, 0, 5000, "hide_radius_m", file)
    try:
        ZoneInfo(settings.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "Write it as Europe/Berlin, or leave it out."
        raise UnusableInput(f"{settings.zone!r} is no time zone", file=file, field="zone", remedy=remedy) from error


def _refuse_unknown(table: Mapping[str, Any], kind: type, file: str) -> None:
    if not is_dataclass(kind):
        return
    known = [field.name for field in fields(kind)]
    for name in table:
        if name not in known:
            raise UnusableInput(
                f"{name} is not known here", file=file, field=name, remedy=f"Known: {', '.join(known)}."
            )


_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "date": "a date",
    "null": "nothing",
}


def _plainly(what: str) -> str:
    """The library's sentence in plain words."""
    expected = re.fullmatch(r"Expected `(.+)`, got `(.+)`", what)
    if not expected:
        return what.removesuffix(".")
    wanted, got = ([_KINDS.get(word, word) for word in side.split(" | ")] for side in expected.groups())
    return f"Expected {' or '.join(word for word in wanted if word != 'nothing')}, got {' or '.join(got)}"

"""TOML: records as readable text and back, with one sentence for whatever cannot be used."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from retropace.errors import UnusableInput
from retropace.files import require_sound

T = TypeVar("T")


def written(record: Any) -> str:
    """A frozen dataclass as TOML; what is None or empty is left out."""
    import msgspec
    import tomli_w

    return tomli_w.dumps(_without_nothing(msgspec.to_builtins(record, builtin_types=(dt.date,), str_keys=True)))


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
        return msgspec.convert(dict(table), kind)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        field = place.strip("`.") or None
        raise UnusableInput(_plainly(what), file=file, field=field, remedy="Correct it or leave it out.") from error


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

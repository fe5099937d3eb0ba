"""Files: the small TOML files a person writes, read or refused in one sentence; and files written whole or not at all."""

import datetime as dt
import math
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from retropace.errors import UnusableInput

#: Far more than anybody writes by hand [bytes]; what is longer was meant for something else.
LARGEST_BYTES = 5_000_000
#: Years in which somebody reading this may train; a day outside them is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1900, 2199


def read_table(path: Path, what: str = "This file") -> dict[str, Any]:
    """The table in a TOML file called `what`. Raises UnusableInput where it cannot be read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise UnusableInput(f"{what} is too long to be written by hand", file=path.name, remedy="Check the name.")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise UnusableInput(f"{what} cannot be read: {error.strerror or error}", file=str(path)) from error
    except RecursionError as error:
        raise UnusableInput(f"{what} is nested too deeply", file=path.name) from error
    except ValueError as error:  # no UTF-8, no TOML, or a number of thousands of digits
        raise UnusableInput(f"{what} cannot be read: {error}", file=path.name) from error


def write_whole(path: Path, content: bytes, remedy: str = "Name another place, or make room.") -> None:
    """Write a file whole or not at all, making its folder; a device or pipe gets the bytes. Raises UnusableInput."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise UnusableInput("This is a folder", file=str(path), remedy="Name a file in it.")
        if path.exists() and not path.is_file():
            path.write_bytes(content)  # to put a file in the place of a device would break it for everybody
        else:
            _put_in_place(path.resolve(), content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnusableInput(f"Could not write: {reason}", file=str(path), remedy=remedy) from error


def _put_in_place(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name[:50]}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def require_near(day: dt.date, field: str | None, file: str | None = None) -> None:
    """Raise UnusableInput for a day so far away that no calendar reaches it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        remedy = f"Give a day from {FIRST_YEAR} to {LAST_YEAR}."
        raise UnusableInput(f"{day} is too far away", file=file, field=field, remedy=remedy)


def require_sound(table: Mapping[str, Any], file: str) -> None:
    """Raise UnusableInput for a day too far away, or a number that is infinite or none, anywhere in `table`."""
    for field, value in _leaves(table):
        if isinstance(value, dt.date):
            require_near(value, field, file)
        elif isinstance(value, float) and not math.isfinite(value):
            raise UnusableInput(f"{value} is no number", file=file, field=field, remedy="Correct it or leave it out.")


def _leaves(value: Any, field: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that holds no others, with its place in words like calendar.start."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, field)
    else:
        yield field, value

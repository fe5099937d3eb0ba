"""Asked: whose notebook and which day a command speaks of, and its answer as JSON."""

import datetime as dt
import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from retropace.errors import UnusableInput
from retropace.files import require_near
from retropace.store.database import FILE_NAME, sqlite_url
from retropace.store.notebook import Notebook
from retropace.store.takeover import open_folder

#: Where a person's files are unless they say otherwise.
FOLDER_VARIABLE, DEFAULT_FOLDER = "RETROPACE_FOLDER", "retropace"
#: An address with a password in it does not belong on a command line, where others see it.
DATABASE_VARIABLE = "RETROPACE_DATABASE"


def folder_of(options: Namespace) -> Path:
    """The person's folder: --folder, else RETROPACE_FOLDER, else ~/retropace."""
    asked: Path | None = options.folder
    if asked is None and (named := os.environ.get(FOLDER_VARIABLE)):
        asked = Path(named)
    return asked or _home() / DEFAULT_FOLDER


def notebook_of(options: Namespace, *, make: bool = True) -> Notebook:
    """The notebook in the person's folder, the same as the app's; without `make` nothing is made where nothing is yet."""
    return open_folder(folder_of(options), print_note, make=make)


def database_of(options: Namespace) -> str:
    """The address of a server's database: --database, else RETROPACE_DATABASE, else a file in the folder."""
    named: str = options.database or os.environ.get(DATABASE_VARIABLE) or sqlite_url(folder_of(options) / FILE_NAME)
    return named


def print_note(words: str) -> None:
    """Say something beside the answer."""
    sys.stderr.write(f"retropace: {words}\n")


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise UnusableInput("You have no home folder here", remedy="Name a folder with --folder.") from error


def today_of(options: Namespace) -> dt.date:
    """The day to speak of: --on, else today."""
    if options.on is None:
        return dt.date.today()
    return day_from(options.on, "--on")


def day_from(text: str, field: str) -> dt.date:
    """A date as 2026-11-22. Raises UnusableInput naming the option."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise UnusableInput(f"{text!r} is no date", field=field, remedy="Write it as 2026-11-22.") from error
    require_near(day, field)
    return day


def as_json(value: Any) -> str:
    """A record as indented JSON."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(msgspec.to_builtins(value, str_keys=True)), indent=2).decode() + "\n"

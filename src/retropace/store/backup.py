"""Backup: a copy of the whole database while it is in use, checked before it counts as one."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from retropace.errors import StoreFailure, UnusableInput
from retropace.store.database import Database
from retropace.store.sqlite import Sqlite, plainly

#: How long a copy waits for whoever writes just now [s].
_PATIENCE_S = 60.0


def back_up(database: Database, out: Path) -> int:
    """Copy everything to the file `out`, whole or not at all; its size [bytes]. Nobody has to stop meanwhile.

    Raises UnusableInput where it cannot be written there, or for PostgreSQL, which copies itself; StoreFailure where the
    database is damaged.
    """
    if not isinstance(database, Sqlite):
        remedy = f"Use its own tool: pg_dump --format=custom --file={out} (and pg_restore to bring it back)."
        raise UnusableInput("A PostgreSQL database is not copied by retropace", field="backup", remedy=remedy)
    part = out.with_name(f".{out.name[:50]}.part")
    try:
        _require_another(Path(database.path), out)
        out.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with plainly(str(out)):
            _copy(database.path, part)
        _put_in_place(part, out)
        return out.stat().st_size
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        remedy = "Name another place, or make room."
        raise UnusableInput(f"Could not write: {reason}", file=str(out), remedy=remedy) from error
    finally:
        for leftover in (part, part.with_name(f"{part.name}-journal")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _require_another(path: Path, out: Path) -> None:
    if out.is_dir():
        raise UnusableInput("This is a folder", file=str(out), remedy="Name a file in it.")
    if out.exists() and out.samefile(path):
        raise UnusableInput("This is the database itself", file=str(out), remedy="Name another file.")


def _copy(path: str, part: Path) -> None:
    """One state of the whole database, in a file that needs no other beside it."""
    with (
        closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as source,
        closing(sqlite3.connect(part, isolation_level=None)) as copy,
    ):
        source.backup(copy)  # in one step: nobody who writes meanwhile makes it begin again
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != ("ok",):
        remedy = "Bring back an earlier backup; until then, take out what can be read: ./run export-all OUT.zip"
        raise StoreFailure("The database is damaged, so this would be no backup", file=path, remedy=remedy)


def _put_in_place(part: Path, out: Path) -> None:
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(out)
    with suppress(OSError):  # some systems do not let a folder be opened
        folder = os.open(out.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

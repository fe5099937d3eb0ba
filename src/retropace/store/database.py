"""Database: one way to speak to SQLite and PostgreSQL. Statements are plain SQL that both understand; values are named.

>>> with open_database("sqlite:///:memory:").transaction() as now:
...     now.one("SELECT CAST(:number AS INTEGER) + 1", number=2)
(3,)
"""

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from retropace.errors import StoreFailure, UnusableInput

Value = str | int | float | bytes | None
Row = tuple[Value, ...]

#: What a person's database is called in their folder.
FILE_NAME = "retropace.db"
#: Whole numbers that both databases can hold.
_LARGEST = 2**63 - 1


class Transaction(Protocol):
    """What can be done between begin and commit. A statement that fails takes back the whole transaction.

    Raises Conflict where a row contradicts what is kept already, UnusableInput for a value that no column holds.
    """

    def run(self, sql: str, /, **values: Value) -> int:
        """Carry out one statement; how many rows it changed."""

    def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row, None where there is none."""

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        """Every row."""


class Database(Protocol):
    """A database that several threads may use. Raises StoreFailure with one sentence where it cannot."""

    #: What it is called in messages: a path, or where it is on the server; never with a password.
    name: str
    #: What a column of bytes is called here.
    bytes_type: str
    #: A query for the names of all tables.
    table_names: str
    #: What a query ends with so that others wait before they write the rows it found.
    row_lock: str

    def transaction(self, *, write: bool = True) -> AbstractContextManager[Transaction]:
        """Everything inside is kept together, or nothing of it. `write=False` promises only to read.

        Do not begin one inside another: the inner waits for the outer, and gives up.
        """

    def alone(self) -> AbstractContextManager[Transaction]:
        """A transaction beside which no other program is alone; it waits as long as the other one takes."""

    def release(self) -> None:
        """Give back the room of what was deleted, so that it is gone from the disk as well."""

    def close(self) -> None:
        """Let go of every connection."""


def open_database(url: str) -> Database:
    """The database at `url`, its tables brought up to date: sqlite:///PATH, sqlite:///:memory: or postgresql://...

    Raises UnusableInput for an address of neither kind, StoreFailure where it cannot be opened.
    """
    from retropace.store.migration import migrate

    database = _connected(url)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def sqlite_url(path: Path) -> str:
    """The address of the SQLite database in a file."""
    return f"sqlite:///{path}"


def _connected(url: str) -> Database:
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" and separator:
        from retropace.store.sqlite import Sqlite

        return Sqlite(rest.removeprefix("/"))
    if scheme in ("postgresql", "postgres") and separator:
        from retropace.store.postgres import Postgres

        return Postgres(url)
    remedy = "Give sqlite:///PATH or postgresql://USER@HOST/NAME."
    raise UnusableInput(f"{scheme!r} is no kind of database we know", field="database", remedy=remedy)


def sound(values: Mapping[str, Value]) -> dict[str, Value]:
    """Values as both databases keep them: text without characters that none can hold. Raises UnusableInput for numbers."""
    return {name: _sound(name, value) for name, value in values.items()}


def _sound(name: str, value: Value) -> Value:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    too_large = isinstance(value, int) and not -_LARGEST <= value <= _LARGEST
    if too_large or (isinstance(value, float) and not math.isfinite(value)):
        raise UnusableInput("This number cannot be kept", field=name, remedy="Give a smaller one.")
    return value


class Failed:
    """Remembers that a statement of a transaction failed: what follows it must not be kept as if nothing had been."""

    def __init__(self) -> None:
        self.failed = False

    def require_whole(self) -> None:
        """Raise StoreFailure where a statement failed and somebody went on all the same."""
        if self.failed:
            raise StoreFailure("A part of it could not be kept, so nothing was", remedy="Try again.")

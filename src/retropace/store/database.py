"""Database: one way to speak to SQLite and PostgreSQL. Statements are plain SQL that both understand; values are named.

>>> with open_database("sqlite:///:memory:").transaction() as now:
...     now.one("SELECT CAST(:number AS INTEGER) + 1", number=2)
(3,)
"""

from contextlib import AbstractContextManager
from typing import Protocol

from retropace.errors import UnusableInput

Value = str | int | float | bytes | None
Row = tuple[Value, ...]


class Transaction(Protocol):
    """What can be done between begin and commit. A statement that fails takes back the whole transaction."""

    def run(self, sql: str, /, **values: Value) -> int:
        """Carry out one statement; how many rows it changed."""

    def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row, None where there is none."""

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        """Every row."""


class Database(Protocol):
    """A database that several threads may use. Raises StoreFailure with one sentence where it cannot."""

    #: What a column of bytes is called here.
    bytes_type: str

    def transaction(self, *, write: bool = True) -> AbstractContextManager[Transaction]:
        """Everything inside is kept together, or nothing of it. `write=False` promises only to read."""

    def close(self) -> None:
        """Let go of every connection."""


def open_database(url: str) -> Database:
    """The database at `url`, its tables brought up to date: sqlite:///PATH, sqlite:///:memory: or postgresql://...

    Raises UnusableInput for an address of neither kind, StoreFailure where it cannot be opened.
    """
    from retropace.store.migration import migrate

    database = _connected(url)
    migrate(database)
    return database


def _connected(url: str) -> Database:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        from retropace.store.sqlite import Sqlite

        return Sqlite(rest.removeprefix("/"))
    if scheme in ("postgresql", "postgres"):
        from retropace.store.postgres import Postgres

        return Postgres(url)
    remedy = "Give sqlite:///PATH or postgresql://USER@HOST/NAME."
    raise UnusableInput(f"{scheme or url!r} is no kind of database we know", field="database", remedy=remedy)

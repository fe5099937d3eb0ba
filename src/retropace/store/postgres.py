"""PostgreSQL: the server's store. The same statements as for SQLite, with psycopg's way of naming values."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from queue import Empty, LifoQueue
from typing import Any

import psycopg

from retropace.errors import StoreFailure
from retropace.store.database import Row, Transaction, Value


class Postgres:
    """Connections to one server, handed from thread to thread."""

    bytes_type = "BYTEA"

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: LifoQueue[psycopg.Connection[Row]] = LifoQueue()
        self._idle.put(self._connect())

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Transaction]:
        """Begin, and commit where nothing fails."""
        connection = self._take()
        try:
            with _plainly():
                connection.read_only = not write
                with connection.transaction():
                    yield _PostgresTransaction(connection)
        finally:
            if connection.closed:
                connection.close()
            else:
                self._idle.put(connection)

    def close(self) -> None:
        """Close every idle connection."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _take(self) -> psycopg.Connection[Row]:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._connect()

    def _connect(self) -> psycopg.Connection[Row]:
        with _plainly():
            return psycopg.connect(self.url, autocommit=True, connect_timeout=5)


class _PostgresTransaction:
    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def run(self, sql: str, /, **values: Value) -> int:
        return self._done(sql, values).rowcount

    def one(self, sql: str, /, **values: Value) -> Row | None:
        return self._done(sql, values).fetchone()

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        return self._done(sql, values).fetchall()

    def _done(self, sql: str, values: dict[str, Value]) -> psycopg.Cursor[Row]:
        statement: Any = _named(sql)
        return self._connection.execute(statement, values)


@lru_cache(maxsize=512)
def _named(sql: str) -> str:
    """The statement with :name written as psycopg wants it; a cast's :: stays."""
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", sql.replace("%", "%%"))


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except psycopg.IntegrityError:
        raise
    except psycopg.Error as error:
        what = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        remedy = "Check that the server runs and that its address is right. Nothing was changed."
        raise StoreFailure(f"The database says: {what}", remedy=remedy) from error

"""PostgreSQL: the server's store. The same statements as for SQLite, with psycopg's way of naming values."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from retropace.errors import Conflict, StoreFailure, UnusableInput
from retropace.store.database import Failed, Row, Transaction, Value, sound
from retropace.store.pool import PATIENCE_S, Pool

Connection = psycopg.Connection[Row]

#: Any number will do, as long as every retropace asks for the same one.
_ALONE = 0x7265_7472_6F70_6163
_CONNECT_S = 5


class Postgres:
    """Connections to one server, handed from thread to thread; one that died is replaced."""

    bytes_type = "BYTEA"
    table_names = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    row_lock = " FOR NO KEY UPDATE"

    def __init__(self, url: str) -> None:
        self.url, self.name = url, _named_place(url)
        self._pool: Pool[Connection] = Pool(partial(_connected, url), psycopg.Connection.close, _spoilt)

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Transaction]:
        """Begin, and commit where nothing fails."""
        with self._begun("BEGIN READ WRITE" if write else "BEGIN READ ONLY") as now:
            yield now

    @contextmanager
    def alone(self) -> Iterator[Transaction]:
        """Write, after every other program that is alone now."""
        with self._begun("BEGIN READ WRITE") as now:
            now.run("SET LOCAL lock_timeout = 0")
            now.one("SELECT pg_advisory_xact_lock(:number)", number=_ALONE)
            yield now

    def release(self) -> None:
        """Nothing: the server sweeps by itself."""

    def close(self) -> None:
        """Close every idle connection."""
        self._pool.close()

    @contextmanager
    def _begun(self, begin: str) -> Iterator[Transaction]:
        statement: Any = begin
        with _plainly(), self._pool.lent(lambda connection: _run(connection, statement)) as connection:
            now = _PostgresTransaction(connection)
            try:
                yield now
                now.require_whole()
            except BaseException:
                if connection.info.transaction_status is not TransactionStatus.UNKNOWN:
                    connection.rollback()
                raise
            _commit(connection)


class _PostgresTransaction(Failed):
    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def run(self, sql: str, /, **values: Value) -> int:
        return self._done(sql, values).rowcount

    def one(self, sql: str, /, **values: Value) -> Row | None:
        return self._done(sql, values).fetchone()

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        return self._done(sql, values).fetchall()

    def _done(self, sql: str, values: dict[str, Value]) -> psycopg.Cursor[Row]:
        statement: Any = named(sql)
        try:
            return self._connection.execute(statement, sound(values))
        except errors.IntegrityError as error:
            self.failed = True
            raise Conflict("What is kept already says otherwise", remedy="Look again, then try once more.") from error
        except errors.DataError as error:
            self.failed = True
            raise UnusableInput("This cannot be kept", field=_first_line(error), remedy="Shorten it.") from error
        except BaseException:
            self.failed = True
            raise


#: What may stand in a statement: texts, quoted names and comments, in which nothing is a value; casts; named values.
_PARTS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|::|:([a-z_][a-z0-9_]*)|%""")


@lru_cache(maxsize=512)
def named(sql: str) -> str:
    """The statement with :name written as psycopg wants it; texts and casts stay as they are.

    >>> named("SELECT ':no 50 %', :x::text FROM t WHERE y = :y2")
    "SELECT ':no 50 %%', %(x)s::text FROM t WHERE y = %(y2)s"
    """
    return _PARTS.sub(lambda part: f"%({part[1]})s" if part[1] else part[0].replace("%", "%%"), sql)


def _named_place(url: str) -> str:
    """Host and database of an address. Raises UnusableInput where it is none."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        remedy = "Write it as postgresql://USER@HOST/NAME."
        raise UnusableInput("The database's address cannot be read", field="database", remedy=remedy) from error
    return f"{parts.get('dbname') or 'postgres'} on {parts.get('host') or 'localhost'}"


def _connected(url: str) -> Connection:
    made = psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_S, client_encoding="utf8")
    made.execute(f"SET lock_timeout = {int(1000 * PATIENCE_S)}")
    return made


def _run(connection: Connection, statement: Any) -> None:
    connection.execute(statement)


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except psycopg.OperationalError as error:
        remedy = "Look whether the last change is there, and make it again where it is not."
        raise StoreFailure("The database was lost while it kept something", remedy=remedy) from error


def _spoilt(error: BaseException) -> bool:
    """Whether the connection is dead, or may be."""
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | StoreFailure)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


_UNCHANGED = "Nothing was changed."


@contextmanager
def _plainly() -> Iterator[None]:
    """What PostgreSQL says, in one sentence with what to do."""
    try:
        yield
    except errors.LockNotAvailable as error:
        remedy = f"Try again in a moment. {_UNCHANGED}"
        raise StoreFailure("Another program is writing to the database", remedy=remedy) from error
    except errors.DiskFull as error:
        remedy = f"Make room there and try again. {_UNCHANGED}"
        raise StoreFailure("The database server's disk is full", remedy=remedy) from error
    except psycopg.Error as error:
        remedy = f"Check that the server runs and that its address is right. {_UNCHANGED}"
        raise StoreFailure(f"The database says: {_first_line(error)}", remedy=remedy) from error

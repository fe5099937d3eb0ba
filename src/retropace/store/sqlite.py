"""SQLite: the default store, one file. Write-ahead log, every commit on the disk before it counts."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from retropace.errors import Conflict, StoreFailure
from retropace.store.database import Failed, Row, Transaction, Value, sound
from retropace.store.pool import PATIENCE_S, Pool

#: How long a program waits for another one's migration [s]: long, for nothing can be done before it.
_MIGRATION_S = 600.0
#: The write-ahead log is cut back to this after a large import [bytes].
_LOG_BYTES = 64 << 20
_MEMORY = ":memory:"


class Sqlite:
    """Connections to one file; one writer at a time, readers never wait. The file is for its owner's eyes only."""

    bytes_type = "BLOB"
    table_names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    row_lock = ""  # there is one writer at a time

    def __init__(self, path: str) -> None:
        self.path = self.name = path
        self._writing = threading.Lock()
        in_memory = path == _MEMORY
        if not in_memory:
            _make_file(Path(path))
        self._pool = Pool(
            partial(_connected, path), sqlite3.Connection.close, _never if in_memory else _spoilt, 1 if in_memory else 8
        )

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Transaction]:
        """Begin, and commit where nothing fails."""
        if not write:
            with self._begun("BEGIN", PATIENCE_S) as now:
                yield now
            return
        with self._turn(PATIENCE_S), self._begun("BEGIN IMMEDIATE", PATIENCE_S) as now:
            yield now

    @contextmanager
    def alone(self) -> Iterator[Transaction]:
        """Write, after whoever writes now."""
        with self._turn(_MIGRATION_S), self._begun("BEGIN IMMEDIATE", _MIGRATION_S) as now:
            yield now

    def release(self) -> None:
        """Give the room of what was deleted back to the disk, and leave no copy of it in the write-ahead log.

        Where somebody else is at work just now, that waits for the next time, or for the last program to close the file.
        """
        with suppress(StoreFailure), plainly(self.path), self._pool.lent(_at_once) as connection:
            connection.execute("PRAGMA incremental_vacuum").fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close every idle connection."""
        self._pool.close()

    @contextmanager
    def _turn(self, patience_s: float) -> Iterator[None]:
        """Writers of this program take turns; SQLite itself would let them race."""
        if not self._writing.acquire(timeout=patience_s):
            raise _sentence("locked", self.path)
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def _begun(self, begin: str, patience_s: float) -> Iterator[Transaction]:
        def start(connection: sqlite3.Connection) -> None:
            connection.execute(f"PRAGMA query_only = {int(begin == 'BEGIN')}")
            connection.execute(f"PRAGMA busy_timeout = {int(1000 * patience_s)}")
            connection.execute(begin)

        with plainly(self.path), self._pool.lent(start) as connection:
            now = _SqliteTransaction(connection)
            try:
                yield now
                now.require_whole()
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


class _SqliteTransaction(Failed):
    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def run(self, sql: str, /, **values: Value) -> int:
        return self._done(sql, values).rowcount

    def one(self, sql: str, /, **values: Value) -> Row | None:
        row: Row | None = self._done(sql, values).fetchone()
        return row

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        return self._done(sql, values).fetchall()

    def _done(self, sql: str, values: dict[str, Value]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, sound(values))
        except sqlite3.IntegrityError as error:
            self.failed = True
            raise Conflict("What is kept already says otherwise", remedy="Look again, then try once more.") from error
        except BaseException:
            self.failed = True
            raise


def _connected(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        if (
            path != _MEMORY and Path(path).stat().st_size == 0
        ):  # it counts for a new file only, and would wait for writers
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        _to_write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")  # the default would lose the last commits with the power
        connection.execute("PRAGMA fullfsync = ON")  # macOS: past the disk's own cache
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


def _spoilt(error: BaseException) -> bool:
    """Whether a connection is better made anew after `error`: not where it only had to wait, or a row was refused."""
    if not isinstance(error, sqlite3.Error) or isinstance(error, sqlite3.IntegrityError):
        return False
    return error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _never(error: BaseException) -> bool:  # noqa: ARG001 - a connection in memory holds all there is
    return False


def _at_once(connection: sqlite3.Connection) -> None:
    """Wait for nobody."""
    connection.execute("PRAGMA query_only = 0")
    connection.execute("PRAGMA busy_timeout = 0")


def _to_write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on. The first time somebody else may be doing the same, and SQLite does not wait for them."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _make_file(path: Path) -> None:
    """Make the file, and its folder, readable for their owner only. What is there already stays as it is."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        remedy = "Name another folder, make room, or make it writable."
        raise StoreFailure(f"The database cannot be opened: {reason}", file=str(path), remedy=remedy) from error


_UNCHANGED = "Nothing was changed."
#: What SQLite says, what a person reads, and what to do.
_SENTENCES = (
    ("disk is full", "The disk is full", f"Make room and try again. {_UNCHANGED}"),
    ("disk I/O error", "The disk does not take or give what it should", f"Make room, or try another. {_UNCHANGED}"),
    ("readonly", "The database can only be read", f"Make the file and its folder writable. {_UNCHANGED}"),
    ("unable to open", "The database cannot be opened", "Check that its folder exists and is yours to write."),
    ("locked", "Another program is writing to the database", f"Try again in a moment. {_UNCHANGED}"),
    ("not a database", "This file is no database", "Name another folder, or bring back a backup."),
    ("malformed", "The database is damaged", "Stop retropace and bring back a backup."),
)


def _sentence(says: str, path: str) -> StoreFailure:
    """The sentence for what SQLite says."""
    found = next(((what, remedy) for words, what, remedy in _SENTENCES if words in says), None)
    what, remedy = found or (f"The database says: {says}", _UNCHANGED)
    return StoreFailure(what, file=path, remedy=remedy)


@contextmanager
def plainly(path: str) -> Iterator[None]:
    """What SQLite says inside, in one sentence about the file at `path`. Raises StoreFailure."""
    try:
        yield
    except sqlite3.Error as error:
        raise _sentence(str(error), path) from error

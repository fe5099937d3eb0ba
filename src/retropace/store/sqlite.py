"""SQLite: the default store, one file. Write-ahead log, every commit on the disk before it counts."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue

from retropace.errors import StoreFailure
from retropace.store.database import Row, Transaction, Value

#: How long one writer waits for another [s].
_PATIENCE_S = 10.0


class Sqlite:
    """Connections to one file, handed from thread to thread; one writer at a time, readers never wait."""

    bytes_type = "BLOB"

    def __init__(self, path: str) -> None:
        self.path = path
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        if path != ":memory:":
            _make_folder(Path(path).parent)
        self._give_back(self._connect())

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Transaction]:
        """Begin, and commit where nothing fails."""
        connection = self._take()
        try:
            with _plainly(self.path):
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                try:
                    yield _SqliteTransaction(connection)
                except BaseException:
                    connection.execute("ROLLBACK") if connection.in_transaction else None
                    raise
                connection.execute("COMMIT")
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Close every idle connection."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.get(block=self.path == ":memory:", timeout=_PATIENCE_S)
        except Empty:
            return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        self._idle.put(connection)

    def _connect(self) -> sqlite3.Connection:
        with _plainly(self.path):
            connection = sqlite3.connect(
                self.path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # durable: in WAL mode the default loses the last commits
            connection.execute("PRAGMA foreign_keys = ON")
            return connection


class _SqliteTransaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, /, **values: Value) -> int:
        return self._connection.execute(sql, values).rowcount

    def one(self, sql: str, /, **values: Value) -> Row | None:
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = "Name another folder, or make it writable."
        raise StoreFailure(f"Could not make the folder: {error.strerror}", file=str(folder), remedy=remedy) from error


@contextmanager
def _plainly(path: str) -> Iterator[None]:
    """What SQLite says, in one sentence with what to do."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        remedy = next((remedy for words, remedy in _REMEDIES.items() if words in str(error)), "Nothing was changed.")
        raise StoreFailure(f"The database says: {error}", file=path, remedy=remedy) from error


_REMEDIES = {
    "disk is full": "Make room on the disk and try again. Nothing was changed.",
    "readonly": "Make the file and its folder writable. Nothing was changed.",
    "unable to open": "Check that the folder exists and is yours to write.",
    "locked": "Another program is writing to it. Try again. Nothing was changed.",
    "not a database": "This file is something else. Name another one, or bring back a backup.",
    "malformed": "The file is damaged. Bring back a backup.",
}

"""Files of empty stores. Their tables are made once in a process and copied: only tests of the store ask about migration."""

import tempfile
from functools import cache
from pathlib import Path

from retropace.store.database import Database, open_database, sqlite_url
from retropace.store.notebook import Notebook


def empty_store(path: Path) -> Database:
    """A database in a new file at `path`, up to date and with nobody in it."""
    path.write_bytes(_tables())
    path.chmod(0o600)
    return open_database(sqlite_url(path))


def begun_store(path: Path) -> Database:
    """The same with the one person of a house in it, who has told nothing."""
    database = empty_store(path)
    Notebook(database).begin()
    return database


@cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "retropace.db"
        open_database(sqlite_url(path)).close()
        return path.read_bytes()

"""Every test of the store runs on both databases: a SQLite file, and a real PostgreSQL where that is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from postgres import cluster, postgres_url
from retropace.store.database import Database, open_database, sqlite_url
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings

__all__ = ["cluster", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of either kind."""
    if request.param == "postgresql":
        made: str = request.getfixturevalue("postgres_url")
        return made
    return sqlite_url(tmp_path / "retropace.db")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = open_database(url)
    yield made
    made.close()


@pytest.fixture
def notebook(database: Database) -> Notebook:
    made = Notebook(database)
    made.begin()
    return made


@pytest.fixture
def recordings(notebook: Notebook) -> Recordings:
    return Recordings(notebook.database, notebook.person_id)

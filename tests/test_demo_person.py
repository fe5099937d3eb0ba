"""The demo person: the same every time, whole, and marked as simulated."""

import datetime as dt
from pathlib import Path

import pytest

from retropace.demo_person import WEEKS_DONE, fill
from retropace.readers import read_bytes
from retropace.situation import situation
from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Notebook, Recordings, list[dt.date]]:
    path: Path = tmp_path_factory.mktemp("demo") / "retropace.db"
    notebook = Notebook(open_database(f"sqlite:///{path}"))
    recordings = Recordings(notebook.database, notebook.person_id)
    days: list[dt.date] = []
    fill(notebook, recordings, TODAY, tell=days.append)
    return notebook, recordings, days


def test_five_weeks_were_lived(lived: tuple[Notebook, Recordings, list[dt.date]]) -> None:
    notebook, recordings, days = lived
    assert len(days) == 7 * WEEKS_DONE + TODAY.weekday()
    assert len(notebook.log()) >= 3 * WEEKS_DONE - 2
    assert 0 < len(recordings.all()) <= len(notebook.log())
    assert situation(notebook, TODAY).following.session is not None


def test_everything_says_that_it_is_simulated(lived: tuple[Notebook, Recordings, list[dt.date]]) -> None:
    notebook, recordings, _ = lived
    assert notebook.simulated
    assert all(read_bytes(kept.name, recordings.original(kept)).origin.simulated for kept in recordings.all())


def test_what_was_told_was_measured(lived: tuple[Notebook, Recordings, list[dt.date]]) -> None:
    notebook, recordings, _ = lived
    recorded = {kept.day for kept in recordings.all()}
    assert {entry.day for entry in notebook.log() if entry.measured} == recorded

"""Review: what a summary of a kept recording rests on."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from made import FIRST_DAY, recording
from retropace.errors import NotFound, UnusableInput
from retropace.motion.placement import Placement
from retropace.person import Person
from retropace.review import made_from, tell_placement, told_placement
from retropace.store.database import open_database, sqlite_url
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings


@pytest.fixture
def recordings(tmp_path: Path) -> Iterator[Recordings]:
    database = open_database(sqlite_url(tmp_path / "retropace.db"))
    notebook = Notebook(database, "me")
    notebook.begin()
    yield Recordings(database, "me")
    database.close()


def kept_in(recordings: Recordings) -> Kept:
    return recordings.add("run.fit", b"FIT", recording(FIRST_DAY), dt.date(2026, 11, 20))[0]


def test_where_the_sensor_was_is_a_part_of_what_figures_rest_on(recordings: Recordings) -> None:
    kept = kept_in(recordings)
    before = made_from(kept, Person(), ())
    tell_placement(recordings, kept.id, "pocket")
    told = recordings.get(kept.id)
    assert told_placement(told) is Placement.POCKET
    assert made_from(told, Person(), ()) != before
    tell_placement(recordings, kept.id, "")
    assert told_placement(recordings.get(kept.id)) is None
    assert made_from(recordings.get(kept.id), Person(), ()) == before


def test_a_word_that_is_no_placement_is_refused(recordings: Recordings) -> None:
    kept = kept_in(recordings)
    with pytest.raises(UnusableInput, match="no place to wear"):
        tell_placement(recordings, kept.id, "hat")
    with pytest.raises(NotFound):
        tell_placement(recordings, "nowhere", "foot")

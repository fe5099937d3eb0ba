"""File: a name, and the way out for good, said before."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from made_files import fit
from retropace.intake import intake
from retropace.log import Done, LogEntry
from retropace.quantities import Direction
from retropace.recording import Declared
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings

from .conftest import TODAY

if TYPE_CHECKING:
    from .conftest import Client


@pytest.fixture
def kept(notebook: Notebook, recordings: Recordings) -> Kept:
    """One session."""
    (outcome,) = intake(notebook, recordings, "run.fit", fit(), TODAY)
    assert outcome.kept is not None
    return outcome.kept


def test_it_is_named_and_the_name_taken_off(client: "Client", kept: Kept, recordings: Recordings) -> None:
    answer = client.submit(f"/sessions/{kept.id}/name", note="Boathouse, with Sam")
    assert answer.url.path == f"/sessions/{kept.id}"
    assert "It is called “Boathouse, with Sam” now." in answer.text
    assert recordings.get(kept.id).note == "Boathouse, with Sam"
    assert 'value="Boathouse, with Sam"' in client.get(f"/sessions/{kept.id}/file").text
    client.submit(f"/sessions/{kept.id}/name", note="  ")
    assert recordings.get(kept.id).note == ""


def test_a_name_that_is_too_long_is_refused_beside_the_field(client: "Client", kept: Kept) -> None:
    answer = client.submit(f"/sessions/{kept.id}/name", note="x" * 121)
    assert answer.status_code == 400
    assert "This is longer than 120 characters." in answer.text
    assert 'aria-describedby="refused"' in answer.text


def test_what_goes_and_what_stays_is_said_before(
    client: "Client", kept: Kept, notebook: Notebook, recordings: Recordings
) -> None:
    recordings.correct(kept.id, Declared(10, 20, Direction.FORWARD, "person"))
    notebook.keep_entry(LogEntry(kept.day, Done.ALL))
    page = client.get(f"/sessions/{kept.id}/delete").text
    for words in (
        "It is final.",
        "The file run.fit, as it came in",
        "1 correction you made",
        "What you logged for Fri 20 Nov",
    ):
        assert words in page
    assert f'href="/sessions/{kept.id}/original"' in page
    assert len(recordings.all()) == 1, "asking deletes nothing"


def test_deleted_is_deleted_and_can_come_again(
    client: "Client", kept: Kept, notebook: Notebook, recordings: Recordings
) -> None:
    original = client.get(f"/sessions/{kept.id}/original").content
    assert original == fit()
    notebook.keep_entry(LogEntry(kept.day, Done.ALL))
    answer = client.submit(f"/sessions/{kept.id}/delete")
    assert answer.url.path == "/sessions"
    assert "run.fit is deleted." in answer.text
    assert not recordings.all()
    with recordings.database.transaction(write=False) as now:
        for table in ("original", "piece", "figures", "correction"):
            assert now.one(f"SELECT COUNT(*) FROM {table}") == (0,), table
    assert len(notebook.log()) == 1
    assert client.submit(f"/sessions/{kept.id}/delete").status_code == 404
    (again,) = intake(notebook, recordings, "run.fit", original, TODAY)
    assert again.new


@pytest.mark.parametrize("rest", ["/file", "/delete"])
def test_nobody_elses_file(rest: str, client: "Client") -> None:
    answer = client.get(f"/sessions/0123456789ab{rest}")
    assert answer.status_code == 404
    assert "There is no such session." in answer.text


def test_a_file_that_explains_itself_is_not_asked_about(client: "Client", kept: Kept) -> None:
    assert "Which column is what" not in client.get(f"/sessions/{kept.id}/file").text
    assert client.submit(f"/sessions/{kept.id}/columns").url.path == f"/sessions/{kept.id}/file"


def test_deleting_needs_the_token(client: "Client", kept: Kept, recordings: Recordings) -> None:
    opener: Callable[..., object] = client.post
    opener(f"/sessions/{kept.id}/delete")
    assert len(recordings.all()) == 1

"""What was told before a change is kept: every change can be taken back exactly, the latest first."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retropace.errors import NotFound
from retropace.log import Done, LogEntry, Part, Side
from retropace.store.database import open_database
from retropace.store.notebook import Notebook

DAY = dt.date(2026, 11, 22)
TOLD = st.builds(
    LogEntry,
    st.just(DAY),
    st.sampled_from(Done),
    effort=st.none() | st.floats(0, 10),
    pain_during=st.dictionaries(st.tuples(st.sampled_from(Part), st.sampled_from(Side)), st.floats(0, 10)),
    notes=st.text(max_size=20),
    nothing=st.sampled_from([(), ("soreness_24h",)]),
)


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    made = Notebook(open_database(f"sqlite:///{tmp_path / 'one.db'}"))
    made.begin()
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | TOLD, max_size=6))
def test_undo_walks_back_through_every_change(notebook: Notebook, changes: list[LogEntry | None]) -> None:
    seen: list[LogEntry | None] = [None]
    for told in changes:
        if told is not None:
            notebook.keep_entry(told)
        elif seen[-1] is not None:
            notebook.remove_entry(DAY)
        if told != seen[-1]:
            seen.append(told)
    while (changed := notebook.entry_before(DAY)) is not None:
        number, before = changed
        assert list(notebook.log()) == [entry for entry in [seen.pop()] if entry is not None]
        assert before == seen[-1]
        assert notebook.undo_entry(DAY, number)
    assert seen == [None]
    assert list(notebook.log()) == []


def test_only_the_change_that_was_seen_is_taken_back(notebook: Notebook) -> None:
    notebook.keep_entry(LogEntry(DAY, Done.ALL))
    notebook.keep_entry(LogEntry(DAY, Done.PARTLY))
    assert not notebook.undo_entry(DAY, 1)
    assert not notebook.undo_entry(DAY, 3)
    assert [entry.done for entry in notebook.log()] == [Done.PARTLY]


def test_the_same_again_is_no_change(notebook: Notebook) -> None:
    entry = LogEntry(DAY, Done.ALL, effort=4.0)
    notebook.keep_entry(entry)
    notebook.keep_entry(entry)
    changed = notebook.entry_before(DAY)
    assert changed is not None
    assert changed[0] == 1


def test_what_was_never_told_cannot_be_removed(notebook: Notebook) -> None:
    with pytest.raises(NotFound):
        notebook.remove_entry(DAY)
    assert notebook.entry_before(DAY) is None

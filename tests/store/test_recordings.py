"""Recordings on either database: originals byte for byte, twice is once, corrections a layer with undo."""

import datetime as dt
import gzip
import hashlib
import random
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import FIRST_DAY, recording, session_of
from retropace.errors import Damaged, NotFound, UnusableInput
from retropace.quantities import Direction
from retropace.recording import Declared, Recording
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings, looks_like

START = dt.datetime(2026, 11, 20, 17, 0, 0, 250_000, tzinfo=dt.UTC)
MADE = replace(recording(FIRST_DAY), start=START)
NOISE = random.Random(1).randbytes(3_300_000)


def add(recordings: Recordings, content: bytes = b"FIT", made: Recording = MADE, name: str = "run.fit") -> Kept:
    return recordings.add(name, content, made, (made.start or START).date())[0]


CONTENTS = {
    "empty": b"",
    "one byte": b"x",
    "several pieces": NOISE,
    "one piece": NOISE[: 1 << 20],
    "one byte more": NOISE[: (1 << 20) + 1],
    "zip": b"PK\x03\x04" + NOISE,
    "gzip": gzip.compress(b"x"),
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_an_original_comes_back_byte_for_byte(content: bytes, recordings: Recordings) -> None:
    kept = add(recordings, content)
    assert recordings.original(kept) == content
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert recordings.get(kept.id) == kept


def test_twice_is_once_and_two_people_have_their_own(recordings: Recordings) -> None:
    first = recordings.add("run.fit", b"FIT", MADE, START.date())
    again = recordings.add("copy.fit", b"FIT", MADE, START.date())
    assert (first[1], again[1], again[0]) == (True, False, first[0])
    Notebook(recordings.database, "other").begin()
    other = Recordings(recordings.database, "other")
    assert other.add("run.fit", b"FIT", MADE, START.date())[1]
    recordings.remove(first[0].id)
    assert not recordings.all()
    assert other.original(other.all()[0]) == b"FIT"


def test_names_that_are_no_unicode(recordings: Recordings) -> None:
    kept = add(recordings, name="caf\udce9\x1b[2J\0.fit")
    assert kept.name == "caf??[2J?.fit"
    assert recordings.get(kept.id) == kept


def test_the_latest_first(recordings: Recordings) -> None:
    starts = [
        START,
        START + dt.timedelta(milliseconds=250),
        START - dt.timedelta(hours=2),
        START + dt.timedelta(days=1),
    ]
    ids = [add(recordings, str(k).encode(), replace(MADE, start=start)).id for k, start in enumerate(starts)]
    undated = recordings.add("old.csv", b"undated", replace(MADE, start=None), START.date())[0].id
    assert [kept.id for kept in recordings.all()] == [ids[3], ids[1], ids[0], ids[2], undated]


def test_what_is_removed_is_gone_with_all_of_it(recordings: Recordings) -> None:
    kept = add(recordings)
    recordings.correct(kept.id, Declared(1, 2, Direction.FORWARD, "person"))
    recordings.keep_digest(kept.id, "x", "{}")
    recordings.remove(kept.id)
    with recordings.database.transaction(write=False) as now:
        for table in ("recording", "original", "piece", "correction", "figures"):
            assert now.one(f"SELECT COUNT(*) FROM {table}") == (0,)
    calls = (
        lambda: recordings.get(kept.id),
        lambda: recordings.remove(kept.id),
        lambda: recordings.keep_session(kept.id, None),
        lambda: recordings.keep_note(kept.id, "x"),
        lambda: recordings.correct(kept.id, Declared(1, 2, Direction.FORWARD, "person")),
        lambda: recordings.keep_digest(kept.id, "x", "{}"),
    )
    for call in calls:
        with pytest.raises(NotFound):
            call()


def test_session_and_note_are_kept(recordings: Recordings) -> None:
    kept = add(recordings)
    recordings.keep_session(kept.id, session_of(FIRST_DAY))
    recordings.keep_note(kept.id, "windy")
    assert recordings.get(kept.id) == replace(kept, session=session_of(FIRST_DAY), note="windy")
    recordings.keep_session(kept.id, None)
    assert recordings.get(kept.id).session is None


STEPS = st.lists(
    st.sampled_from(["undo", "redo"]) | st.tuples(st.floats(0, 50), st.sampled_from(Direction)), max_size=12
)


@given(steps=STEPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_corrections_are_undone_and_redone_as_in_any_editor(
    recordings: Recordings, steps: list[str | tuple[float, Direction]]
) -> None:
    """The same steps on two stacks give the same corrections."""
    kept = add(recordings)
    done: list[Declared] = []
    undone: list[Declared] = []
    for step in steps:
        if isinstance(step, tuple):
            correction = Declared(step[0], step[0] + 1, step[1], "person")
            recordings.correct(kept.id, correction)
            done.append(correction)
            undone.clear()
        elif step == "undo":
            assert recordings.undo(kept.id) == bool(done)
            undone.extend([done.pop()] if done else [])
        else:
            assert recordings.can_redo(kept.id) == bool(undone)
            assert recordings.redo(kept.id) == bool(undone)
            done.extend([undone.pop()] if undone else [])
        assert recordings.corrections(kept.id) == tuple(done)
        assert recordings.all_corrections() == ({kept.id: tuple(done)} if done else {})
    recordings.remove(kept.id)


def test_a_damaged_original_is_told_and_healed_by_the_file(recordings: Recordings) -> None:
    kept, other = add(recordings, NOISE), add(recordings, b"other")
    recordings.keep_digest(kept.id, "x", "{}")
    with recordings.database.transaction() as now:
        now.run("DELETE FROM piece WHERE sha256 = :sha256 AND number = 1", sha256=kept.sha256)
    with pytest.raises(Damaged, match=r"run\.fit"):
        recordings.original(kept)
    assert recordings.original(other) == b"other"
    assert recordings.add("again.fit", NOISE, MADE, START.date()) == (kept, False)
    assert recordings.original(kept) == NOISE
    assert not recordings.digests()


def test_put_back_is_what_was_taken(recordings: Recordings) -> None:
    kept = replace(add(recordings), note="x", session=session_of(FIRST_DAY))
    recordings.remove(kept.id)
    corrections = (Declared(1, 2.5, Direction.FORWARD, "person"), Declared(2, 3, Direction.NONE, "person"))
    assert recordings.put_back(kept, b"FIT", corrections)
    assert not recordings.put_back(kept, b"FIT")
    assert recordings.get(kept.id) == kept
    assert recordings.corrections(kept.id) == corrections
    with pytest.raises(UnusableInput, match="not the one"):
        recordings.put_back(kept, b"something else")


def test_many_bring_the_same_at_once(recordings: Recordings) -> None:
    news: list[bool] = []

    def work() -> None:
        news.append(recordings.add("run.fit", NOISE, MADE, START.date())[1])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(news) == [False] * 7 + [True]
    assert recordings.original(recordings.all()[0]) == NOISE


def test_what_looks_like_the_same_outing(recordings: Recordings) -> None:
    first = add(recordings, b"1")
    near = add(recordings, b"2", replace(MADE, start=START + dt.timedelta(seconds=59)))
    far = add(recordings, b"3", replace(MADE, start=START + dt.timedelta(seconds=125)))
    short = add(recordings, b"4", replace(recording(FIRST_DAY[:-1]), start=START))
    undated = add(recordings, b"5", replace(MADE, start=None))
    assert recordings.alike(near) == first
    assert [recordings.alike(one) for one in (far, short, undated)] == [None, None, None]
    for one in recordings.all():
        assert recordings.alike(one) == looks_like(one, recordings.all())


def test_where_the_sensor_was_can_be_said_changed_and_taken_back(recordings: Recordings) -> None:
    kept = add(recordings)
    assert kept.placement is None
    for word in ("pocket", "waist", None):
        recordings.keep_placement(kept.id, word)
        assert recordings.get(kept.id).placement == word
    with pytest.raises(NotFound):
        recordings.keep_placement("nowhere", "foot")

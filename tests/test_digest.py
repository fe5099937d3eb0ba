"""Digests: what a list shows is what the review says; kept until something it rests on changes; kept JSON reads back."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from made import FIRST_DAY, recording, session_of
from retropace import digest as module
from retropace.correction import span
from retropace.digest import Digest, digests, ratio, remade, stale
from retropace.estimate import Estimate
from retropace.intake import intake
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.review import reviewed
from retropace.sources import Grade
from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.store.records import packed, unpacked
from retropace.writers.fit import activity_bytes

START = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
PARTS = (*FIRST_DAY, replace(FIRST_DAY[1], direction=Direction.FORWARD, seconds=120, speed_mps=2.6, cadence_spm=165))


@pytest.fixture
def recordings() -> Iterator[Recordings]:
    database = open_database("sqlite:///:memory:")
    Notebook(database).begin()
    yield Recordings(database, "local")
    database.close()


@pytest.fixture
def notebook(recordings: Recordings) -> Notebook:
    return Notebook(recordings.database)


def added(recordings: Recordings, days_ago: int = 0) -> Kept:
    made = replace(recording(PARTS, code=True), start=START - dt.timedelta(days=days_ago))
    content = activity_bytes(made, made.track.channels["direction_code"])
    return recordings.add("run.fit", content, made, made.start.date() if made.start else START.date())[0]


def test_it_says_what_the_review_says(notebook: Notebook, recordings: Recordings) -> None:
    kept = added(recordings)
    recordings.keep_session(kept.id, session_of(PARTS))
    (found,) = digests(notebook, recordings)
    summary = reviewed(notebook, recordings, kept.id).summary
    assert found.reverse_s == pytest.approx(120, abs=6)
    assert found.reverse_s == pytest.approx(summary.session["reverse_seconds"].value)
    assert found.longest_reverse_s == pytest.approx(20, abs=3)
    assert sum(stretch.end_s - stretch.start_s for stretch in found.stretches) == pytest.approx(found.duration_s, abs=2)
    assert found.whole["distance_m"] == summary.session["distance_m"]
    back, ahead = (
        next(way for way in found.ways if (way.gait, way.direction) == (Gait.RUN, direction))
        for direction in (Direction.BACKWARD, Direction.FORWARD)
    )
    assert found.speed_ratio == ratio(back.speed_mps, ahead.speed_mps)
    assert found.speed_ratio.value == pytest.approx(1.9 / 2.6, abs=0.05)
    assert found.simulated
    assert found.planned == "made"
    assert found.planned_reverse_s == 120


def test_it_is_kept_until_something_changes(
    notebook: Notebook, recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = added(recordings)
    assert [one.id for one in stale(notebook, recordings)] == [kept.id]
    (first,) = digests(notebook, recordings)
    monkeypatch.setattr(module, "reviewed", lambda *_: pytest.fail("computed again"))
    assert digests(notebook, recordings) == [first]
    monkeypatch.undo()
    recordings.correct(kept.id, span("5:00-5:20", Direction.FORWARD))
    assert stale(notebook, recordings)
    assert digests(notebook, recordings)[0].reverse_s == pytest.approx(first.reverse_s - 20, abs=2)
    notebook.keep_person(Person(mass_kg=70))
    assert stale(notebook, recordings)


def test_newest_first_and_twins_are_told(notebook: Notebook, recordings: Recordings) -> None:
    old, new = added(recordings, 3), added(recordings)
    other = activity_bytes(replace(recording(PARTS, seed=2), start=START))
    (outcome,) = intake(notebook, recordings, "other.fit", other)
    assert outcome.kept is not None
    found = {one.id: one for one in digests(notebook, recordings)}
    assert list(found)[-1] == old.id
    assert {found[new.id].same_as, found[outcome.kept.id].same_as} == {None, min_added(new, outcome.kept).id}


def min_added(*kept: Kept) -> Kept:
    return min(kept, key=lambda one: (one.added, one.id))


def test_an_original_in_trouble_says_so_and_stops_no_other(
    notebook: Notebook, recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(recordings, 1)
    recordings.add("broken.fit", b"rubbish" * 50, recording(PARTS), START.date())
    broken, whole = digests(notebook, recordings)
    assert broken.trouble is not None
    assert "broken.fit" in broken.trouble
    assert whole.trouble is None
    assert not stale(notebook, recordings)


def test_a_recording_that_is_gone_has_none(notebook: Notebook, recordings: Recordings) -> None:
    kept = added(recordings)
    recordings.remove(kept.id)
    assert remade(notebook, recordings, kept) is None


def test_kept_json_reads_back(notebook: Notebook, recordings: Recordings) -> None:
    added(recordings)
    (found,) = digests(notebook, recordings)
    assert unpacked(packed(found), Digest) == found


def test_a_ratio_takes_the_outermost_of_both_bands() -> None:
    above = Estimate.banded(2.0, 1.8, 2.2, Grade.MEASURED, "device")
    assert ratio(above, above).high == pytest.approx(2.2 / 1.8)
    assert ratio(above, Estimate.unknown("no heart rate")).why_unknown == "no heart rate"
    assert ratio(above, Estimate.banded(1.0, 0.0, 2.0, Grade.MEASURED, "device")).value is None

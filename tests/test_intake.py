"""Intake: files of every kind come in whole, twice is once, and what is kept reads again to the same recording."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from made import FIRST_DAY, recording
from made_files import HEADER, table
from made_sessions import reverse, walk
from retropace.digest import digest_of
from retropace.errors import UnusableInput
from retropace.intake import Outcome, explain, intake, intake_again
from retropace.readers import Columns, UnknownColumns, read_bytes
from retropace.review import reviewed
from retropace.session import Session
from retropace.simulate import Place, Runner, simulate
from retropace.simulate.demo import DEMO_PHONE
from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.writers.fit import activity_bytes
from retropace.writers.sensor_logger import archive_bytes

TODAY = dt.date(2026, 11, 22)
START = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
SHORT = Session("Two repeats", (walk(60), reverse(20), walk(60), reverse(20)))


@pytest.fixture
def recordings() -> Iterator[Recordings]:
    database = open_database("sqlite:///:memory:")
    Notebook(database).begin()
    yield Recordings(database, "local")
    database.close()


def brought(recordings: Recordings, name: str, content: bytes | Path) -> list[Outcome]:
    return list(intake(Notebook(recordings.database), recordings, name, content, TODAY))


def fit(start: dt.datetime = START, seed: int = 1) -> bytes:
    from dataclasses import replace

    return activity_bytes(replace(recording(FIRST_DAY, seed=seed), start=start))


@cache
def phone() -> bytes:
    felt, _ = simulate(SHORT, Runner(), Place(), DEMO_PHONE, 3, START)
    return archive_bytes(felt)


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


def test_twice_is_once(recordings: Recordings) -> None:
    (first,), (again,) = brought(recordings, "run.fit", fit()), brought(recordings, "copy.fit", fit())
    assert (first.new, again.new) == (True, False)
    assert first.kept == again.kept
    assert first.kept is not None
    assert first.kept.day == dt.date(2026, 11, 20)
    assert recordings.original(first.kept) == fit()


def test_a_zip_is_kept_member_by_member_and_one_bad_file_stops_nothing(recordings: Recordings) -> None:
    content = zipped(a_fit=fit(), b_fit=b"rubbish" * 40, day__c_fit=fit(START + dt.timedelta(days=1)))
    outcomes = brought(recordings, "all.zip", content)
    assert [(o.name, o.new, o.error is None) for o in outcomes] == [
        ("all.zip/a.fit", True, True),
        ("all.zip/b.fit", False, False),
        ("all.zip/day/c.fit", True, True),
    ]
    assert len(recordings.all()) == 2


@pytest.mark.parametrize("where", ["whole", "unpacked in a zip", "packed in a zip", "folder"])
def test_what_is_kept_reads_again_to_the_same(where: str, recordings: Recordings, tmp_path: Path) -> None:
    """A sensor recording of many files is kept with all of them, however it came."""
    whole = phone()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        archive.extractall(tmp_path / "felt")
        members = {name: archive.read(name) for name in archive.namelist()}
    contents: dict[str, bytes | Path] = {
        "whole": whole,
        "unpacked in a zip": zipped(**{f"felt__{name.replace('.', '_')}": data for name, data in members.items()}),
        "packed in a zip": zipped(felt_zip=whole),
        "folder": tmp_path / "felt",
    }
    (outcome,) = brought(recordings, "felt.zip", contents[where])
    assert outcome.kept is not None
    again = read_bytes(outcome.kept.name, recordings.original(outcome.kept))
    plain = read_bytes("felt.zip", whole)
    assert (again.start, again.duration_s) == (plain.start, plain.duration_s)
    assert {key: len(stream) for key, stream in again.motion.items()} == {
        key: len(stream) for key, stream in plain.motion.items()
    }
    assert not brought(recordings, "felt.zip", contents[where])[0].new


def test_the_same_outing_in_other_bytes_is_told(recordings: Recordings) -> None:
    (first,) = brought(recordings, "run.fit", fit())
    (other,) = brought(recordings, "other.fit", fit(START + dt.timedelta(seconds=30), seed=2))
    (later,) = brought(recordings, "later.fit", fit(START + dt.timedelta(seconds=85)))
    assert first.looks_like is None
    assert other.new
    assert other.looks_like == first.kept
    assert later.looks_like == other.kept  # 55 s after it, 85 s after the first


# -- tables somebody explained ------------------------------------------------------------------------------------------


def test_a_table_is_read_as_its_owner_said(recordings: Recordings) -> None:
    notebook = Notebook(recordings.database)
    (asked,) = brought(recordings, "trip.csv", table())
    assert isinstance(asked.error, UnknownColumns)
    assert (asked.error.header, asked.error.rows[1]) == (HEADER, ("1000.0", "9.5", "141.0"))
    explain(notebook, HEADER, Columns({"speed_mps": ("#2", "km/h")}, "#1", "s"))
    (told,) = brought(recordings, "trip.csv", table())
    assert told.kept is not None
    assert told.kept.duration_s == pytest.approx(239_000)
    # Another word on the columns changes what was kept, and a bad one nothing.
    columns = Columns({"speed_mps": ("#2", "km/h")}, "#1", "ms")
    intake_again(notebook, recordings, told.kept, columns, TODAY)
    kept = recordings.get(told.kept.id)
    assert kept.duration_s == pytest.approx(239)
    speed = reviewed(notebook, recordings, kept.id).summary.recording.track.channels["speed_mps"]
    assert float(speed[0]) == pytest.approx(9.4 / 3.6)
    with pytest.raises(UnusableInput, match="names '#9'"):
        intake_again(notebook, recordings, kept, Columns({"speed_mps": ("#9", "km/h")}, "#1", "ms"), TODAY)
    assert recordings.get(kept.id) == kept


def test_what_was_just_read_is_not_read_again(recordings: Recordings, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*given: object) -> bytes:
        raise AssertionError("the original was read once more")

    monkeypatch.setattr(Recordings, "original", unreadable)
    (outcome,) = brought(recordings, "run.fit", fit())
    assert outcome.kept is not None
    made = digest_of(Notebook(recordings.database), recordings, outcome.kept, outcome.recording)
    assert made is not None
    assert made.trouble is None
    assert digest_of(Notebook(recordings.database), recordings, outcome.kept) == made, "and then stands"

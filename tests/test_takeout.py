"""A takeout holds everything, reads without us, and put back into an empty store gives the same person again."""

import csv
import datetime as dt
import io
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import FIRST_DAY, recording, session_of
from retropace.correction import load_corrections, span
from retropace.digest import digests
from retropace.doses import Goal
from retropace.errors import RetropaceError, UnusableInput
from retropace.intake import Outcome, intake
from retropace.log import Done, LogEntry, Part, Side
from retropace.person import ForwardBaseline, Person, load_person
from retropace.place import Place, Surface
from retropace.quantities import Direction
from retropace.readers import read
from retropace.screening import Answers
from retropace.session import load_session
from retropace.store import Screened, Settings, Wanted
from retropace.store.contents import contents_of
from retropace.store.database import Database, open_database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.takeout import take_out
from retropace.timetable import Calendar
from retropace.writers.fit import activity_bytes

DAY = dt.date(2026, 11, 22)
START = dt.datetime(2026, 11, 20, 17, 30, 0, 250_000, tzinfo=dt.UTC)
FIT = activity_bytes(replace(recording(FIRST_DAY, code=True), start=START))
#: Every table with something of a person, and where a takeout has it; the others are secrets, or can be made anew.
TAKEN = {
    "screening": "screening/",
    "unfinished": "screening-unfinished.toml",
    "wanted": "wanted.toml",
    "log_entry": "log/",
    "exercise_done": "exercises.toml",
    "column_map": "columns/",
    "original": "recordings/",
    "piece": "recordings/",
    "recording": "recordings/",
    "correction": "corrections.toml",
    "figures": "sessions.csv",
    "audit": "audit.csv",
}


@pytest.fixture
def database() -> Iterator[Database]:
    made = open_database("sqlite:///:memory:")
    yield made
    made.close()


@pytest.fixture
def empty() -> Iterator[Database]:
    made = open_database("sqlite:///:memory:")
    Notebook(made).begin()
    yield made
    made.close()


@pytest.fixture
def me(database: Database) -> Notebook:
    """Somebody of whom everything is kept that can be."""
    notebook = Notebook(database)
    notebook.begin()
    notebook.keep_settings(Settings("Áine", "imperial", home=(50.1, 8.2), zone="Europe/Berlin"))
    baseline = ForwardBaseline(42.5, 160.0, 9.5)
    notebook.keep_person(Person(70.5, 1.72, 40, "female", backward_sessions=3, baseline=baseline))
    for day, age in ((DAY - dt.timedelta(days=90), 39.0), (DAY, 40.0)):
        place = Place(Surface.TRACK, 0.01, 80.0, dry=True)
        notebook.keep_screened(Screened(Answers(day, age, health={"chest_pain": False}), place))
    notebook.keep_unfinished(Screened(Answers(DAY, 41.0)))
    calendar = Calendar(
        DAY, 12, frozenset({0, 2}), frozenset({DAY}), {DAY: 'Lauf "A"'}, {DAY: DAY + dt.timedelta(days=1)}
    )
    for goal in (Goal.TRY, Goal.REVERSE):
        notebook.keep_wanted(Wanted(goal, calendar))
    for k in range(3):
        notebook.keep_entry(
            LogEntry(DAY + dt.timedelta(days=k), Done.ALL, 3.5, soreness_24h={(Part.CALF, Side.LEFT): 2})
        )
    notebook.keep_exercise_done(DAY, "calf_raise")
    notebook.keep_exercise_done(DAY, "bridge")
    notebook.keep_column_map("ab" * 32, '{"time_column":"t"}')
    recordings = Recordings(database, notebook.person_id)
    (outcome,) = intake(notebook, recordings, "day 1.zip/Läufe/run.fit", FIT, DAY)
    assert outcome.kept is not None
    recordings.keep_session(outcome.kept.id, session_of(FIRST_DAY, "Erster Tag"))
    recordings.keep_note(outcome.kept.id, "windy")
    recordings.keep_placement(outcome.kept.id, "pocket")
    recordings.correct(outcome.kept.id, span("5:00-5:20.5", Direction.FORWARD))
    recordings.correct(outcome.kept.id, span("6:20-6:40", Direction.UNKNOWN))
    return notebook


@pytest.fixture
def zipped(me: Notebook, tmp_path: Path) -> Path:
    out = tmp_path / "new" / "everything.zip"
    take_out(me, recordings_of(me), out)
    return out


def recordings_of(notebook: Notebook) -> Recordings:
    return Recordings(notebook.database, notebook.person_id)


def brought(into: Database, content: bytes | Path, name: str = "everything.zip") -> list[Outcome]:
    return list(intake(Notebook(into), Recordings(into, "local"), name, content, DAY))


def require_same(one: Notebook, other: Notebook) -> None:
    assert contents_of(other) == contents_of(one)
    mine, theirs = recordings_of(one), recordings_of(other)
    assert theirs.all() == mine.all()
    for kept in mine.all():
        assert theirs.original(kept) == mine.original(kept)
    assert theirs.all_corrections() == mine.all_corrections()
    assert digests(other, theirs) == digests(one, mine)


def test_an_empty_store_gets_all_of_it(me: Notebook, zipped: Path, empty: Database) -> None:
    assert [(one.new, one.error) for one in brought(empty, zipped)] == [(True, None)]
    require_same(me, Notebook(empty))
    assert [(one.new, one.error) for one in brought(empty, zipped.read_bytes())] == [(False, None)]
    require_same(me, Notebook(empty))
    assert zipped.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("form", ["unpacked", "in a folder of its own"])
def test_unpacked_or_packed_again_it_is_the_same(
    form: str, me: Notebook, zipped: Path, empty: Database, tmp_path: Path
) -> None:
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(zipped) as archive, zipfile.ZipFile(again, "w") as other:
        archive.extractall(tmp_path / "unpacked")
        for name in archive.namelist():
            other.writestr(f"everything/{name}", archive.read(name))
    brought(empty, tmp_path / "unpacked" if form == "unpacked" else again)
    require_same(me, Notebook(empty))


def test_what_is_there_stays(zipped: Path, empty: Database) -> None:
    mine = Notebook(empty)
    entry, wish = LogEntry(DAY, Done.NOT, 9.0), Wanted(Goal.WALK, Calendar(DAY, 4))
    mine.keep_entry(entry)
    mine.keep_wanted(wish)
    mine.keep_settings(Settings("somebody else"))
    brought(empty, zipped)
    assert [one.effort for one in mine.log()] == [9.0, 3.5, 3.5]
    assert mine.wanted() == wish
    assert mine.settings().name == "somebody else"
    assert mine.person().mass_kg == 70.5


def test_it_can_be_read_without_us(zipped: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
        assert "everything.zip" in archive.read("README.txt").decode()
        rows = list(csv.DictReader(io.StringIO(archive.read("sessions.csv").decode())))
    (folder,) = (tmp_path / "recordings").iterdir()
    assert folder.name.startswith("2026-11-20-")
    assert (folder / "run.fit").read_bytes() == FIT
    assert read(folder / "run.fit").start == START
    assert [one.start_s for one in load_corrections(folder / "corrections.toml")] == [300.0, 380.0]
    assert load_session(folder / "session.toml") == session_of(FIRST_DAY, "Erster Tag")
    assert load_person(tmp_path / "person.toml").baseline == ForwardBaseline(42.5, 160.0, 9.5)
    assert [(row["day"], row["corrections"]) for row in rows] == [("2026-11-20", "2")]
    assert float(rows[0]["reverse_run_s"]) == pytest.approx(80, abs=4)
    for path in tmp_path.rglob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))


def test_no_table_is_forgotten(database: Database, zipped: Path) -> None:
    with database.transaction(write=False) as now:
        made = [str(row[0]) for row in now.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        speaking = {
            table
            for table in made
            if any(row[1] == "person" for row in now.all(f"SELECT * FROM pragma_table_info('{table}')"))
        }
    secret_or_undo = {
        "account",
        "sign_in",
        "api_token",
        "secret_link",
        "recovery_code",
        "invitation",
        "share",
        "log_before",
    }
    under_way = {"coached_run", "coached_part"}  # still on the phone as well; once done, an original as any other
    assert speaking - secret_or_undo - under_way == set(TAKEN)
    with zipfile.ZipFile(zipped) as archive:
        names = "\n".join(archive.namelist())
    assert not [file for table, file in TAKEN.items() if file not in names and table != "audit"]


def test_a_demo_person_is_never_mixed_with_somebody(me: Notebook, zipped: Path, tmp_path: Path) -> None:
    database = open_database("sqlite:///:memory:")
    demo = Notebook(database)
    demo.begin(simulated=True)
    demo.keep_entry(LogEntry(DAY, Done.ALL))
    with pytest.raises(UnusableInput, match="demo person's"):
        brought(database, zipped)
    out = tmp_path / "demo.zip"
    take_out(demo, recordings_of(demo), out)
    with pytest.raises(UnusableInput, match="simulated"):
        brought(me.database, out)
    Notebook(database, "local").end()
    demo.begin()
    assert brought(database, out) == []
    assert demo.simulated
    database.close()


def test_a_damaged_original_keeps_no_other_in(me: Notebook, tmp_path: Path) -> None:
    recordings = recordings_of(me)
    other = activity_bytes(replace(recording(FIRST_DAY, seed=5), start=START + dt.timedelta(days=1)))
    list(intake(me, recordings, "other.fit", other, DAY))
    damaged = next(kept for kept in recordings.all() if kept.name != "other.fit")
    with me.database.transaction() as now:
        now.run("UPDATE piece SET content = :rubbish WHERE sha256 = :sha256", rubbish=b"rubbish", sha256=damaged.sha256)
    take_out(me, recordings, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        names = archive.namelist()
    assert any(name.endswith("other.fit") for name in names)
    assert any(name.endswith("DAMAGED.txt") for name in names)


def test_a_damaged_member_stops_no_other(zipped: Path, empty: Database, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(zipped) as archive, zipfile.ZipFile(broken, "w") as other:
        for name in archive.namelist():
            other.writestr(name, b"something else" if name.endswith("run.fit") else archive.read(name))
    (outcome,) = brought(empty, broken)
    assert outcome.error is not None
    assert "not the one" in str(outcome.error)
    assert len(Notebook(empty).log()) == 3


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("retropace.toml", b"kind = 2\n", "another version"),
        ("retropace.toml", b"kind =", "retropace.toml"),
        ("log/2026-11-22.toml", b"day = 2026-11-22\ndone = 'most'\n", "2026-11-22.toml"),
        ("settings.toml", b"system = 'cubits'\n", "settings.toml"),
        ("settings.toml", b"zone = 'Nowhere/At_all'\n", "zone"),
        ("settings.toml", b"zone = '../../etc/passwd'\n", "zone"),
        ("settings.toml", b"home = [91.0, 8.0]\n", "home"),
        ("exercises.toml", b"soon = ['x']\n", "exercises.toml"),
        ("wanted.toml", b"\xff\xfe", "wanted.toml"),
    ],
)
def test_what_was_broken_by_hand_is_one_sentence_and_nothing_comes_in(
    name: str, content: bytes, says: str, zipped: Path, empty: Database, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(zipped) as archive, zipfile.ZipFile(broken, "w") as other:
        for member in archive.namelist():
            other.writestr(member, content if member == name else archive.read(member))
    with pytest.raises(UnusableInput, match=says):
        brought(empty, broken)
    assert not Notebook(empty).log()


def test_no_path_leads_out(zipped: Path, empty: Database, tmp_path: Path) -> None:
    evil = tmp_path / "deep" / "er" / "evil.zip"
    evil.parent.mkdir(parents=True)
    with zipfile.ZipFile(zipped) as archive, zipfile.ZipFile(evil, "w") as other:
        for member in archive.namelist():
            other.writestr(member, archive.read(member))
        for path in ("../evil.toml", "/tmp/evil.toml", "log/../../evil.toml", "recordings/x/recording.toml"):
            other.writestr(path, b"day = 2026-11-22\ndone = 'all'\n")
    outcomes = brought(empty, evil)
    assert [one.error is None for one in outcomes] == [True, False]
    assert not list(tmp_path.rglob("evil.toml"))


def test_a_place_that_cannot_be_written(me: Notebook, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path, tmp_path / "file" / "out.zip"):
        with pytest.raises(UnusableInput, match=r"folder|write"):
            take_out(me, recordings_of(me), out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


@given(content=st.binary(max_size=300), name=st.sampled_from(["recording.toml", "session.toml", "corrections.toml"]))
@settings(max_examples=30, deadline=None)
def test_any_bytes_are_a_sentence(content: bytes, name: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("retropace.toml", b"kind = 1\n")
        archive.writestr("recordings/x/recording.toml", b"name = 'x'\n")
        archive.writestr(f"recordings/x/{name}" if name != "recording.toml" else "recordings/y/recording.toml", content)
    database = open_database("sqlite:///:memory:")
    Notebook(database).begin()
    assert all(isinstance(one.error, RetropaceError) for one in brought(database, made.getvalue()))
    database.close()

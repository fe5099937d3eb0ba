"""Faults of disks, files and servers: one sentence each, nothing lost, and all is well once they are gone."""

import datetime as dt
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from made import FIRST_DAY, recording
from postgres import Cluster
from retropace.errors import StoreFailure, UnusableInput
from retropace.store import sqlite
from retropace.store.backup import back_up
from retropace.store.database import Database, open_database, sqlite_url
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.store.takeover import open_folder
from retropace.writers.fit import activity_bytes

MADE = recording(FIRST_DAY)
LARGE = os.urandom(3_000_000)


def kept_in(database: Database) -> Recordings:
    Notebook(database).begin()
    return Recordings(database, "local")


def add(recordings: Recordings, content: bytes) -> None:
    recordings.add("run.fit", content, MADE, dt.date(2026, 11, 22))


def require_well(path: Path, originals: list[bytes]) -> None:
    """The database is whole and holds exactly these."""
    database = open_database(sqlite_url(path))
    recordings = Recordings(database, "local")
    assert sorted(recordings.original(kept) for kept in recordings.all()) == sorted(originals)
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# -- disks --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root can mount a small disk; the limit on file sizes below stands in for it")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    database = open_database(sqlite_url(small_disk / "retropace.db"))
    recordings = kept_in(database)
    add(recordings, b"small")
    with pytest.raises(StoreFailure, match="disk"):
        add(recordings, LARGE)
    assert len(recordings.all()) == 1
    add(recordings, b"small again")
    database.close()
    require_well(small_disk / "retropace.db", [b"small", b"small again"])


def test_a_disk_that_can_only_be_read(small_disk: Path) -> None:
    database = open_database(sqlite_url(small_disk / "retropace.db"))
    add(kept_in(database), b"small")
    database.close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StoreFailure, match=r"[Rr]ead-only|only be read"):
        open_folder(small_disk)
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    require_well(small_disk / "retropace.db", [b"small"])


def test_files_that_may_not_grow(tmp_path: Path) -> None:
    """A program whose files the system keeps small imports a large one: a sentence, and what was kept stays."""
    folder, runs = tmp_path / "me", tmp_path / "runs"
    runs.mkdir()
    run = activity_bytes(MADE)
    (runs / "a.fit").write_bytes(run)
    (runs / "b.csv").write_text(
        "time,heart_rate,speed\n" + "".join(f"{k},{100 + k % 60},{k % 7}.5\n" for k in range(120_000))
    )
    done = subprocess.run(
        [sys.executable, "-m", "retropace", "import", str(runs), "--folder", str(folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert "a.fit: new" in done.stdout
    assert "room" in done.stderr
    assert done.stderr.count("\n") == 1
    require_well(folder / "retropace.db", [run])


@contextmanager
def nobody() -> Iterator[None]:
    """Somebody who may write only what is open to all."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield Path(place)


def test_a_folder_that_is_not_ours_to_write(open_place: Path) -> None:
    database = open_database(sqlite_url(open_place / "retropace.db"))
    add(kept_in(database), b"small")
    database.close()
    (open_place / "retropace.db").chmod(0o444)
    open_place.chmod(0o555)
    for folder in (open_place, open_place / "new"):
        with nobody(), pytest.raises(StoreFailure, match=r"Permission denied.*writable"):
            open_folder(folder)
    open_place.chmod(0o755)
    require_well(open_place / "retropace.db", [b"small"])


def test_a_file_that_was_made_read_only_meanwhile(open_place: Path) -> None:
    open_place.chmod(0o777)
    with nobody():
        database = open_database(sqlite_url(open_place / "retropace.db"))
        add(kept_in(database), b"small")
        database.close()
        (open_place / "retropace.db").chmod(0o444)
        with pytest.raises(StoreFailure, match="writable"):
            open_folder(open_place)
        (open_place / "retropace.db").chmod(0o644)
    require_well(open_place / "retropace.db", [b"small"])


# -- files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"these are my notes, not a database\n" * 200, b"SQLite format 3\0" + b"x" * 5000])
def test_a_file_that_is_no_database(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "retropace.db"
    path.write_bytes(content)
    with pytest.raises(StoreFailure, match=r"no database|damaged") as caught:
        open_folder(tmp_path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_a_damaged_database_says_so_and_a_backup_brings_it_back(tmp_path: Path) -> None:
    path, copy = tmp_path / "retropace.db", tmp_path / "copy.db"
    database = open_database(sqlite_url(path))
    recordings = kept_in(database)
    for number in range(40):
        add(recordings, f"run {number} ".encode() * 3000)
    back_up(database, copy)
    database.close()
    whole = path.read_bytes()
    for start in range(8192, len(whole), 4096 * 7):
        with path.open("r+b") as stream:
            stream.seek(start)
            stream.write(b"\xaa" * 4096)
    with pytest.raises(StoreFailure, match="backup"):
        read_everything(tmp_path)
    with pytest.raises(StoreFailure, match=r"damaged|backup"):
        back_up(open_database(sqlite_url(path)), tmp_path / "other.db")
    assert not (tmp_path / "other.db").exists()
    path.write_bytes(copy.read_bytes())
    assert read_everything(tmp_path) == 40


def read_everything(folder: Path) -> int:
    notebook = open_folder(folder)
    recordings = Recordings(notebook.database, "local")
    return len([recordings.original(kept) for kept in recordings.all()])


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "retropace.db").mkdir()
    with pytest.raises(StoreFailure, match="directory"):
        open_folder(tmp_path)


# -- others who write ---------------------------------------------------------------------------------------------------


def test_another_program_that_does_not_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_S", 1.0)
    database = open_database(sqlite_url(tmp_path / "retropace.db"))
    recordings = kept_in(database)
    with closing(sqlite3.connect(tmp_path / "retropace.db", isolation_level=None)) as other:
        with database.transaction(write=False), database.transaction(write=False), database.transaction(write=False):
            pass  # leaves three connections idle
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with pytest.raises(StoreFailure, match="Another program is writing"):
            add(recordings, b"one")
        assert time.monotonic() - begun < 3  # it waits once, not once a connection
        assert not recordings.all()
        other.execute("ROLLBACK")
    add(recordings, b"one")
    database.close()


def test_a_backup_while_somebody_writes_is_one_state(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "retropace.db"))
    recordings, stop = kept_in(database), threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            add(recordings, f"{len(written)}".encode() * 20_000)
            written.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            while len(written) < 3 * number:
                stop.wait(0.01)
            back_up(database, tmp_path / f"{number}.db")
    finally:
        stop.set()
        thread.join(30)
    for number in range(5):
        copy = open_database(sqlite_url(tmp_path / f"{number}.db"))
        held = Recordings(copy, "local")
        originals = [held.original(kept) for kept in held.all()]
        assert len(originals) >= 3 * number
        copy.close()
    database.close()


# -- PostgreSQL ---------------------------------------------------------------------------------------------------------


def test_a_server_that_goes_down_and_comes_back(cluster: Cluster, postgres_url: str) -> None:
    database = open_database(postgres_url)
    recordings = kept_in(database)
    add(recordings, b"one")
    cluster.stop()
    try:
        for call in (recordings.all, lambda: add(recordings, b"two"), lambda: open_database(postgres_url)):
            with pytest.raises(StoreFailure, match="Check that the server runs") as caught:
                call()
            assert "\n" not in str(caught.value)
    finally:
        cluster.start()
    add(recordings, b"two")
    assert len(recordings.all()) == 2
    database.close()


def test_a_connection_that_dies_while_idle_is_replaced(postgres_url: str) -> None:
    database = open_database(postgres_url)
    recordings = kept_in(database)
    terminate_all(postgres_url)
    add(recordings, b"one")
    assert len(recordings.all()) == 1
    database.close()


def test_a_connection_that_dies_at_work_keeps_nothing(postgres_url: str) -> None:
    database = open_database(postgres_url)
    recordings = kept_in(database)

    def work() -> None:
        with database.transaction() as now:
            now.run('UPDATE person SET settings = \'{"name": "half"}\'')
            terminate_all(postgres_url)
            now.run("UPDATE person SET body = '{}'")

    with pytest.raises(StoreFailure, match="server"):
        work()
    assert Notebook(database).settings().name == ""
    add(recordings, b"one")
    database.close()


def terminate_all(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_server_that_is_not_there_never_tells_the_password() -> None:
    with pytest.raises(StoreFailure) as caught:
        open_database("postgresql://sam:secret-word@127.0.0.1:1/x")
    assert "secret-word" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_postgresql_store_is_backed_up_with_its_own_tool(postgres_url: str, tmp_path: Path) -> None:
    database = open_database(postgres_url)
    with pytest.raises(UnusableInput, match="pg_dump"):
        back_up(database, tmp_path / "x")
    database.close()

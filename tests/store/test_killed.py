"""Killed while importing, at any moment: every recording is whole or not there, and the next import brings the rest."""

import datetime as dt
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from made import FIRST_DAY, recording
from retropace.digest import digests
from retropace.errors import RetropaceError
from retropace.intake import intake
from retropace.store.database import Database, open_database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.writers.fit import activity_bytes

START = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
RUNS = 10
KILLS = 5


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of runs, one of them large, and one that cannot be read."""
    path = tmp_path_factory.mktemp("runs") / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(RUNS - 1):
            made = replace(recording(FIRST_DAY, seed=number), start=START - dt.timedelta(days=number))
            archive.writestr(f"{number}.fit", activity_bytes(made))
        archive.writestr("5-rubbish.fit", b"rubbish" * 40)
        archive.writestr("6-large.gpx", large_track())
    return path


def large_track() -> bytes:
    """A small track in a large file that does not pack well, so that it is kept in several pieces."""
    points = "".join(
        f'<trkpt lat="{50 + k / 1e5:.5f}" lon="8"><time>2026-11-19T17:{k // 60:02}:{k % 60:02}Z</time></trkpt>'
        for k in range(600)
    )
    ballast = random.Random(3).randbytes(3_000_000).hex()
    return f'<gpx version="1.1"><trk><trkseg>{points}</trkseg></trk><!-- {ballast} --></gpx>'.encode()


IMPORTING = """
import sys
from pathlib import Path
from retropace.intake import intake
from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
database = open_database(sys.argv[2])
for outcome in intake(Notebook(database), Recordings(database, "local"), "", Path(sys.argv[1])):
    print("new" if outcome.new else "known" if outcome.kept else "refused", flush=True)
database.close()
"""


def importing(path: Path, url: str) -> "subprocess.Popen[str]":
    """A program that imports, and tells of each recording when it is safe."""
    return subprocess.Popen(
        [sys.executable, "-c", IMPORTING, str(path), url],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed_after(program: "subprocess.Popen[str]", told: int, later_s: float) -> list[str]:
    """What the program told of before it was killed: `later_s` after it had told of so many."""
    assert program.stdout is not None
    heard = [program.stdout.readline().strip() for _ in range(told)]
    time.sleep(later_s)
    program.send_signal(signal.SIGKILL)
    rest, _ = program.communicate(timeout=60)
    return [*heard, *rest.split()]


def whole(database: Database) -> int:
    """How many recordings are kept; the original of every one is what came in, by its checksum."""
    recordings = Recordings(database, "local")
    for kept in recordings.all():
        recordings.original(kept)
    with database.transaction(write=False) as now:
        orphans = (
            "SELECT COUNT(*) FROM original WHERE sha256 NOT IN (SELECT sha256 FROM recording)",
            "SELECT COUNT(*) FROM piece WHERE sha256 NOT IN (SELECT sha256 FROM original)",
        )
        assert [now.one(sql) for sql in orphans] == [(0,), (0,)]
    return len(recordings.all())


def test_killed_while_importing(url: str, runs: Path, tmp_path: Path) -> None:
    database, chance = open_database(url), random.Random(7)
    notebook = Notebook(database)
    notebook.begin()
    for number in range(KILLS):
        before = whole(database)
        told = killed_after(importing(runs, url), 2 * number % RUNS, chance.random() * 0.08)
        after = whole(database)
        assert after in (before + told.count("new"), before + told.count("new") + 1)
        if after > RUNS / 2:  # from the beginning again, so that every moment is hit
            notebook.end()
            notebook.begin()
    before = whole(database)
    out, error = importing(runs, url).communicate(timeout=120)
    assert not error
    assert sorted(out.split()) == sorted(["refused"] + before * ["known"] + (RUNS - before) * ["new"])
    assert whole(database) == RUNS
    found = digests(notebook, Recordings(database, "local"))
    assert [one.trouble for one in found] == [None] * RUNS
    database.close()
    path = tmp_path / "retropace.db"
    if path.exists():
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert not connection.execute("PRAGMA foreign_key_check").fetchall()


def test_an_import_that_is_broken_off_keeps_what_it_told_of(url: str, runs: Path) -> None:
    """Each recording is safe when its outcome is given."""
    database = open_database(url)
    notebook = Notebook(database)
    notebook.begin()
    told = []
    for outcome in intake(notebook, Recordings(database, "local"), "", runs):
        told.append(outcome)
        if len(told) == 4:
            break
    assert [isinstance(one.error, RetropaceError) for one in told] == [False] * 4
    assert whole(database) == 4
    database.close()

"""Coached runs on both databases: every part once and for good, nobody else's, no more than there is room for."""

import datetime as dt
import hashlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from retropace.errors import Conflict, NotFound, RetropaceError, UnusableInput
from retropace.store import coached_runs
from retropace.store.coached_runs import MOST_OPEN, CoachedRuns, Part, Run, is_place, is_run_id, missing
from retropace.store.database import Database, open_database
from retropace.store.notebook import Notebook

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
GUIDE = {"name": "Läufe\0", "pieces": [{"start_s": 0, "end_s": 20.5, "doing": "reverse_run"}]}


def run_of(number: int = 1, **changes: object) -> Run:
    made = Run(f"00000000-0000-4000-8000-{number:012}", NOW.date(), NOW, 60, GUIDE)
    return replace(made, **changes)  # type: ignore[arg-type]


RUN = run_of()


@pytest.fixture
def runs(database: Database, notebook: Notebook) -> CoachedRuns:
    found = CoachedRuns(database, notebook.person_id)
    found.begin(RUN, NOW)
    return found


def put(runs: CoachedRuns, stream: str, part: int, body: bytes, run: str = RUN.id) -> Part:
    return runs.put(run, stream, part, body, hashlib.sha256(body).hexdigest())


def test_begun_once(runs: CoachedRuns) -> None:
    assert runs.get(RUN.id) == RUN
    put(runs, "motion", 0, b"abc")
    again = runs.begin(run_of(guide={"name": "another"}, offset_min=0), NOW)
    assert again == replace(RUN, size_bytes=3), "one of this name stays as it is"
    assert runs.all() == [again]
    assert RUN.began_local.isoformat() == "2026-11-22T10:00:00+01:00"


def test_a_part_is_kept_once(runs: CoachedRuns) -> None:
    first = put(runs, "motion", 0, b"abc")
    assert put(runs, "motion", 0, b"abc") == first
    with pytest.raises(Conflict, match="motion 0"):
        put(runs, "motion", 0, b"abd")
    put(runs, "lines", 0, b"{}\n")
    put(runs, "motion", 1, b"")
    assert runs.manifest(RUN.id) == [
        Part("lines", 0, 3, hashlib.sha256(b"{}\n").hexdigest()),
        first,
        Part("motion", 1, 0, hashlib.sha256(b"").hexdigest()),
    ]
    assert runs.bodies(RUN.id) == {"motion": [b"abc", b""], "orientation": [], "lines": [b"{}\n"]}
    assert runs.get(RUN.id).size_bytes == 6


def test_ten_at_once_are_one(runs: CoachedRuns) -> None:
    """As two pages of one phone would send them."""
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda part: put(runs, "motion", part // 5, bytes([part // 5])), range(10)))
    assert sorted({part.part for part in found}) == [0, 1]
    assert runs.bodies(RUN.id)["motion"] == [b"\0", b"\1"]
    assert runs.get(RUN.id).size_bytes == 2


@pytest.mark.parametrize(
    ("stream", "part", "body", "sha256", "kind"),
    [
        ("motion", 0, b"abc", hashlib.sha256(b"abd").hexdigest(), UnusableInput),
        ("motion", 0, b"abc", "", UnusableInput),
        ("motion", 0, b"abc", "a" * 64, UnusableInput),
        ("sound", 0, b"abc", hashlib.sha256(b"abc").hexdigest(), NotFound),
        ("motion", 10_000, b"abc", hashlib.sha256(b"abc").hexdigest(), NotFound),
        ("motion", -1, b"abc", hashlib.sha256(b"abc").hexdigest(), NotFound),
    ],
)
def test_what_is_no_part(
    runs: CoachedRuns, stream: str, part: int, body: bytes, sha256: str, kind: type[RetropaceError]
) -> None:
    with pytest.raises(kind):
        runs.put(RUN.id, stream, part, body, sha256)
    assert not runs.manifest(RUN.id)
    assert runs.get(RUN.id).size_bytes == 0


def test_no_more_than_there_is_room_for(runs: CoachedRuns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coached_runs, "LARGEST_PART_BYTES", 10)
    monkeypatch.setattr(coached_runs, "LARGEST_RUN_BYTES", 25)
    with pytest.raises(UnusableInput, match="larger than 4 MB"):
        put(runs, "motion", 0, b"x" * 11)
    for part in range(2):
        put(runs, "motion", part, b"x" * 10)
    with pytest.raises(UnusableInput, match="300 MB"):
        put(runs, "motion", 2, b"x" * 6)
    put(runs, "lines", 0, b"x" * 5)
    put(runs, "motion", 0, b"x" * 10)


def test_no_more_than_anybody_has_under_way(runs: CoachedRuns) -> None:
    for number in range(2, MOST_OPEN + 1):
        runs.begin(run_of(number), NOW)
    with pytest.raises(UnusableInput, match="under way"):
        runs.begin(run_of(99), NOW)
    runs.begin(RUN, NOW)
    runs.finish(RUN.id, None)
    runs.begin(run_of(99), NOW)


def test_what_is_old_and_empty_or_done_is_forgotten(runs: CoachedRuns) -> None:
    """But never what came and has not become a recording."""
    put(runs, "motion", 0, b"abc")
    runs.begin(run_of(2), NOW)
    for number, recording in ((5, "f00"), (6, None)):
        runs.begin(run_of(number), NOW)
        put(runs, "lines", 0, b"{}", run_of(number).id)
        runs.finish(run_of(number).id, recording)
    runs.begin(run_of(3, began=NOW + dt.timedelta(days=1)), NOW)
    later = NOW + dt.timedelta(days=90, minutes=1)
    runs.begin(run_of(4, began=later), later)
    assert [run.id[-1] for run in runs.all()] == ["4", "3", "1", "6"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "../../etc"}, "run"),
        ({"id": RUN.id.upper().replace("0", "A")}, "run"),
        ({"began": NOW.replace(year=1)}, "began_ms"),
        ({"began": NOW.replace(year=9000)}, "began_ms"),
        ({"day": dt.date(9000, 1, 1)}, "began_ms"),
        ({"offset_min": 901}, "offset_min"),
        ({"offset_min": -2000}, "offset_min"),
        ({"guide": {"a": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}}, "guide"),
    ],
)
def test_what_no_phone_sends(runs: CoachedRuns, changes: dict[str, object], field: str) -> None:
    with pytest.raises(UnusableInput) as error:
        runs.begin(run_of(7, **changes), NOW)
    assert error.value.field == field
    assert len(runs.all()) == 1


def test_done_once(runs: CoachedRuns) -> None:
    """Its bytes go; what came stays told, so that the phone can compare before it forgets."""
    part = put(runs, "motion", 0, b"abc")
    assert runs.finish(RUN.id, "f00") == replace(RUN, state="done", recording="f00", size_bytes=3)
    assert runs.finish(RUN.id, "another").recording == "f00"
    assert runs.manifest(RUN.id) == [part]
    assert runs.bodies(RUN.id)["motion"] == [b""]
    assert put(runs, "motion", 0, b"abc") == part
    with pytest.raises(Conflict, match="finished"):
        put(runs, "motion", 1, b"abc")
    with pytest.raises(Conflict, match="Other bytes"):
        put(runs, "motion", 0, b"abd")
    assert runs.begin(RUN, NOW).state == "done"


def test_what_became_nothing_keeps_its_bytes(runs: CoachedRuns) -> None:
    put(runs, "lines", 0, b"{}")
    assert runs.finish(RUN.id, None).recording is None
    assert runs.bodies(RUN.id)["lines"] == [b"{}"]


def test_forgotten(runs: CoachedRuns) -> None:
    put(runs, "motion", 0, b"abc")
    runs.forget(RUN.id)
    for act in (lambda: runs.get(RUN.id), lambda: runs.forget(RUN.id), lambda: put(runs, "motion", 0, b"abc")):
        with pytest.raises(NotFound):
            act()
    assert not runs.manifest(RUN.id)
    runs.begin(RUN, NOW)
    assert not runs.bodies(RUN.id)["motion"]


def test_everybody_has_their_own_and_it_goes_with_them(database: Database, runs: CoachedRuns) -> None:
    Notebook(database, "other").begin()
    theirs = CoachedRuns(database, "other")
    put(runs, "motion", 0, b"mine")
    for act in (lambda: theirs.get(RUN.id), lambda: theirs.finish(RUN.id, None), lambda: theirs.forget(RUN.id)):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        put(theirs, "motion", 0, b"mine")
    assert not theirs.manifest(RUN.id)
    theirs.begin(RUN, NOW)
    put(theirs, "motion", 0, b"theirs")
    assert runs.bodies(RUN.id)["motion"] == [b"mine"]
    Notebook(database, "other").end()
    with database.transaction(write=False) as now:
        assert now.all("SELECT person FROM coached_part") == [("local",)]
        assert now.all("SELECT person FROM coached_run") == [("local",)]


def test_names() -> None:
    assert is_run_id(RUN.id)
    assert not is_run_id(RUN.id + "\n")
    assert is_place("lines", "9999")
    assert not is_place("lines", "10000")
    assert not is_place("lines", "٣")
    there = [Part("motion", 0, 1, ""), Part("motion", 2, 1, "")]
    assert missing(there, {"motion": 3, "orientation": 0, "lines": 1}) == [("lines", 0), ("motion", 1)]


SENDING = """
import datetime as dt, hashlib, sys
from retropace.store.coached_runs import CoachedRuns, Run
from retropace.store.database import open_database
runs = CoachedRuns(open_database(sys.argv[1]), "local")
for part in range(400):
    body = bytes([part % 256]) * 20_000
    runs.put(sys.argv[2], "motion", part, body, hashlib.sha256(body).hexdigest())
    print(part, flush=True)
"""


def test_killed_while_sending(url: str) -> None:
    """Killed five times in the middle: what was answered is there, whole, and sending goes on where it was."""
    database = open_database(url)
    Notebook(database).begin()
    runs = CoachedRuns(database, "local")
    runs.begin(RUN, NOW)
    told = -1
    for after in (1, 2, 9, 30, 4):
        program = subprocess.Popen(
            [sys.executable, "-c", SENDING, url, RUN.id],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert program.stdout is not None
        heard = [int(program.stdout.readline()) for _ in range(after)]
        program.send_signal(signal.SIGKILL)
        rest = program.stdout.read()
        program.wait(60)
        program.stdout.close()
        told = max(told, *heard, *(int(line) for line in rest.split()))
        kept = runs.bodies(RUN.id)["motion"]
        assert len(kept) in (told + 1, told + 2), "nothing that was answered is lost"
        assert kept == [bytes([part % 256]) * 20_000 for part in range(len(kept))]
        assert runs.get(RUN.id).size_bytes == 20_000 * len(kept)
    database.close()

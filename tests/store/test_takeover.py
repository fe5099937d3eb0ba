"""The earlier version's folder becomes a database: all of it or nothing, once, and no file is ever lost."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from retropace.doses import Goal
from retropace.errors import StoreFailure, UnusableInput
from retropace.log import Done, LogEntry, Part, Side
from retropace.place import Place, Surface
from retropace.screening import Answers
from retropace.store import Screened, Wanted
from retropace.store.folder import Folder
from retropace.store.takeover import open_folder
from retropace.timetable import Calendar

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
DAY = dt.date(2026, 11, 22)
SCREENED = Screened(Answers(DAY, 40.0, health={"chest_pain": False}), Place(Surface.TRACK))
BEGUN = Screened(Answers(DAY, 41.0))
WANTED = Wanted(Goal.REVERSE, Calendar(DAY, 12, frozenset({0, 2}), frozenset({DAY}), {DAY: "Silvester run"}))
ENTRIES = [
    LogEntry(DAY + dt.timedelta(days=k), Done.ALL, 3.0, soreness_24h={(Part.CALF, Side.LEFT): 2.5}) for k in range(3)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the earlier version left it."""
    store = Folder(tmp_path / "me")
    store.keep_screened(SCREENED)
    store.keep_unfinished(BEGUN)
    store.keep_wanted(WANTED)
    for entry in ENTRIES:
        store.keep_entry(entry)
    return store.path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.toml")}


def require_everything(folder: Path) -> None:
    notebook = open_folder(folder)
    assert list(notebook.screenings()) == [SCREENED]
    assert notebook.unfinished() == BEGUN
    assert list(notebook.wishes()) == [WANTED]
    assert list(notebook.log()) == ENTRIES
    notebook.database.close()


def test_everything_moves_in_and_the_files_stay_aside(folder: Path) -> None:
    before, said = files(folder), list[str]()
    open_folder(folder, said.append).database.close()
    assert files(folder) == {f"taken-over/{name}": content for name, content in before.items()}
    assert sorted(found.name for found in folder.iterdir()) == ["retropace.db", "taken-over"]
    assert len(said) == 1
    assert "6 readable files" in said[0]
    require_everything(folder)
    open_folder(folder, said.append).database.close()
    assert len(said) == 1


def test_a_broken_file_takes_nothing_over(folder: Path) -> None:
    (folder / "log" / "2026-11-23.toml").write_text("day = 2026-11-23\ndone = 'most'\n")
    before = files(folder)
    with pytest.raises(UnusableInput, match=r"2026-11-23\.toml"):
        open_folder(folder)
    assert files(folder) == before
    (folder / "log" / "2026-11-23.toml").unlink()
    assert len(open_folder(folder).log()) == 2


def test_what_the_app_has_stays(folder: Path) -> None:
    notebook = open_folder(folder)
    changed = LogEntry(DAY, Done.PARTLY, 9.0)
    notebook.keep_entry(changed)
    Folder(folder).keep_entry(LogEntry(DAY, Done.ALL, 1.0))
    Folder(folder).keep_entry(LogEntry(DAY - dt.timedelta(days=1), Done.ALL, 1.0))
    notebook.database.close()
    log = open_folder(folder).log()
    assert [entry.effort for entry in log] == [1.0, 9.0, 3.0, 3.0]
    assert (folder / "taken-over/log/2026-11-22-2.toml").exists()


def test_nothing_is_made_where_nothing_is_asked_for(tmp_path: Path) -> None:
    assert not open_folder(tmp_path / "me", make=False).log()
    assert not (tmp_path / "me").exists()


def test_files_that_cannot_be_moved_are_told_and_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(StoreFailure, match="Everything in it is kept"):
        open_folder(folder)
    monkeypatch.undo()
    require_everything(folder)


@pytest.mark.parametrize("moved", range(7))
def test_killed_between_keeping_and_moving(folder: Path, moved: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `moved` files of six, the process is gone; the next start has all of it, once."""
    before = sorted(files(folder).values())
    code = f"""
import os, pathlib
from retropace.store import takeover
move, left = takeover._move_aside, iter(range({moved}))
takeover._move_aside = lambda *to: move(*to) if next(left, None) is not None else os.kill(os.getpid(), 9)
takeover.open_folder(pathlib.Path({str(folder)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=False)
    assert done.returncode == (0 if moved == 6 else -9)
    require_everything(folder)
    assert sorted(files(folder).values()) == before
    assert all(name.startswith("taken-over/") for name in files(folder))


def test_two_programs_at_once(folder: Path) -> None:
    before = sorted(files(folder).values())
    code = f"import pathlib; from retropace.store import takeover; takeover.open_folder(pathlib.Path({str(folder)!r}))"
    starts = [subprocess.Popen([sys.executable, "-c", code], env=ENVIRONMENT, stderr=subprocess.PIPE) for _ in range(4)]
    for start in starts:
        _, error = start.communicate(timeout=60)
        assert (start.returncode, error.decode()) == (0, "")
    require_everything(folder)
    assert sorted(files(folder).values()) == before

"""Import, recompute, backup and export-all: what comes in goes out again, and every fault is one sentence."""

import datetime as dt
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from made import FIRST_DAY, recording
from retropace import review
from retropace.cli import main
from retropace.digest import Digest, remade, stale
from retropace.log import Done, LogEntry
from retropace.store.accounts import Accounts
from retropace.store.database import open_database, sqlite_url
from retropace.store.folder import Folder
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.store.takeover import open_folder
from retropace.writers.fit import activity_bytes
from told_answers import answers_toml

START = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Two runs, a copy in a zip, and rubbish."""
    folder = tmp_path / "runs"
    folder.mkdir()
    for number in (1, 2):
        made = replace(recording(FIRST_DAY, seed=number), start=START + dt.timedelta(days=number))
        (folder / f"{number}.fit").write_bytes(activity_bytes(made))
    with zipfile.ZipFile(folder / "3.zip", "w") as archive:
        archive.write(folder / "1.fit", "copy.fit")
    (folder / "4.fit").write_bytes(b"rubbish" * 40)
    return folder


def me(tmp_path: Path, name: str = "me") -> list[str]:
    return ["--folder", str(tmp_path / name)]


def recordings_in(folder: Path) -> Recordings:
    return Recordings(open_folder(folder).database, "local")


def test_import_tells_of_each_file(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(runs), *me(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "runs/1.fit: new, 21 Nov 2026" in said.out
    assert "3.zip/copy.fit: known already" in said.out
    assert "2 new, 1 known already, 1 not read." in said.out
    assert said.err.startswith("retropace: ")
    assert "4.fit" in said.err
    assert main(["import", str(runs / "1.fit"), *me(tmp_path), "--json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert line["became"] == "known"
    assert main(["import", str(runs / "4.fit"), *me(tmp_path)]) == 2
    assert len(recordings_in(tmp_path / "me").all()) == 2


def test_sensors_in_files_of_their_own_come_in_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{n / 50},{n % 7 / 7},{n % 5 / 5},{9.8 + n % 3}\n" for n in range(400))
    pair = [tmp_path / f"walk_{sensor}.csv" for sensor in ("acc", "gyro")]
    for path in pair:
        path.write_text(f"time (s),x,y,z\n{rows}", encoding="utf-8")
    assert main(["import", *map(str, pair), *me(tmp_path)]) == 0
    assert "walk_acc.csv + walk_gyro.csv: new" in capsys.readouterr().out
    assert main(["import", *map(str, pair), *me(tmp_path)]) == 0
    assert "known already" in capsys.readouterr().out


def test_everything_out_and_in_again(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.toml").write_text(answers_toml())
    main(["screen", "--answers", str(tmp_path / "answers.toml"), *me(tmp_path), "--on", "2026-11-19"])
    main(["plan", "--goal", "reverse", *me(tmp_path), "--on", "2026-11-19"])
    main(["import", str(runs / "1.fit"), str(runs / "2.fit"), *me(tmp_path)])
    out = tmp_path / "all.zip"
    assert main(["export-all", str(out), *me(tmp_path)]) == 0
    assert main(["import", str(out), *me(tmp_path, "other")]) == 0
    assert "2 answers, wishes and log entries" in capsys.readouterr().out
    one, other = open_folder(tmp_path / "me"), open_folder(tmp_path / "other")
    assert one.screenings() == other.screenings()
    assert one.wanted() == other.wanted()
    assert recordings_in(tmp_path / "me").all() == recordings_in(tmp_path / "other").all()


def test_a_readable_folder_comes_in_and_stays(tmp_path: Path) -> None:
    readable = Folder(tmp_path / "readable")
    readable.keep_entry(LogEntry(START.date(), Done.ALL, 3.0))
    assert main(["import", str(readable.path), *me(tmp_path)]) == 0
    assert open_folder(tmp_path / "me").log() == list(readable.log())


def test_a_backup_brought_back_is_the_same(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(runs / "1.fit"), *me(tmp_path)])
    copy = tmp_path / "safe" / "copy.db"
    assert main(["backup", str(copy), *me(tmp_path)]) == 0
    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]
    (tmp_path / "again").mkdir()
    shutil.copy(copy, tmp_path / "again" / "retropace.db")
    assert recordings_in(tmp_path / "again").all() == recordings_in(tmp_path / "me").all()
    capsys.readouterr()
    assert main(["import", str(copy), *me(tmp_path)]) == 2
    assert "copy it to retropace.db" in capsys.readouterr().err
    for out, says in (
        (tmp_path / "me" / "retropace.db", "itself"),
        (tmp_path, "folder"),
        (runs / "1.fit" / "x", "write"),
    ):
        assert main(["backup", str(out), *me(tmp_path)]) == 2
        assert says in capsys.readouterr().err


def test_recompute_after_an_update(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["import", str(runs / "1.fit"), str(runs / "2.fit"), *me(tmp_path)])
    assert main(["recompute", *me(tmp_path)]) == 0
    assert "up to date" in capsys.readouterr().out
    monkeypatch.setattr(review, "ENGINE", 999)
    assert main(["recompute", *me(tmp_path)]) == 0
    assert "2 recordings were computed anew" in capsys.readouterr().out
    assert not stale(open_folder(tmp_path / "me"), recordings_in(tmp_path / "me"))


def test_recompute_can_be_stopped(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["import", str(runs / "1.fit"), str(runs / "2.fit"), *me(tmp_path)])
    monkeypatch.setattr(review, "ENGINE", 999)
    left = iter([True])

    def stopped(notebook: Notebook, recordings: Recordings, kept: Kept) -> Digest | None:
        if not next(left, False):
            raise KeyboardInterrupt
        return remade(notebook, recordings, kept)

    monkeypatch.setattr("retropace.cli.recompute.remade", stopped)
    assert main(["recompute", *me(tmp_path)]) == 130
    assert len(stale(open_folder(tmp_path / "me"), recordings_in(tmp_path / "me"))) == 1


def test_on_a_server_one_says_whose(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = sqlite_url(tmp_path / "server.db")
    database = open_database(url)
    account = Accounts(database).add("sam@example.org", "a long enough pass phrase", START)
    assert main(["import", str(runs / "1.fit"), "--database", url]) == 2
    assert "--login" in capsys.readouterr().err
    assert main(["import", str(runs / "1.fit"), "--database", url, "--login", "nobody"]) == 2
    assert main(["import", str(runs / "1.fit"), "--database", url, "--login", "Sam@example.org"]) == 0
    assert len(Recordings(database, account.person_id).all()) == 1
    assert main(["export-all", str(tmp_path / "sam.zip"), "--database", url, "--login", "sam@example.org"]) == 0
    assert main(["recompute", "--database", url]) == 0
    database.close()


def test_an_address_that_leads_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for url, says in (("mysql://x", "mysql"), (f"postgresql:///x?host={tmp_path}&user=x", "server runs")):
        assert main(["recompute", "--database", url]) == 2
        error = capsys.readouterr().err
        assert says in error
        assert error.count("\n") == 1


def test_a_table_is_imported_by_its_column_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "puls.csv"
    table.write_text("a,b,c\n" + "".join(f"{second},{100 + second % 50},2.1\n" for second in range(120)))
    columns = tmp_path / "map.toml"
    columns.write_text('[time]\ncolumn = "a"\nunit = "s"\n[channels.heart_rate_bpm]\ncolumn = "b"\n')
    assert main(["import", str(table), *me(tmp_path)]) == 2
    assert "--columns" in capsys.readouterr().err
    assert main(["import", str(table), "--columns", str(columns), *me(tmp_path)]) == 0
    (kept,) = recordings_in(tmp_path / "me").all()
    assert kept.duration_s == 119
    assert not stale(open_folder(tmp_path / "me"), recordings_in(tmp_path / "me"))


@pytest.mark.parametrize("name", ["a folder, mine", "100% ?#x://y", "é😀", "caf\udce9"])
def test_folders_of_any_name(name: str, runs: Path, tmp_path: Path) -> None:
    folder = tmp_path / name
    assert main(["import", str(runs / "1.fit"), "--folder", str(folder)]) == 0
    assert (folder / "retropace.db").exists()
    assert len(recordings_in(folder).all()) == 1

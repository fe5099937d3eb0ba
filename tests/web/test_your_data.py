"""Your data: all of it taken out; and deleted so that not a byte of it is left in any file."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browsing import Browser
from made_files import gpx
from made_kept import keep_bytes
from neighbours import PASSWORD, Neighbourhood, neighbourhood
from retropace.store import Settings
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.recordings import Recordings
from retropace.store.takeover import TAKEN
from retropace.web.app import app
from retropace.web.house import House

if TYPE_CHECKING:
    from .conftest import Client


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path) as made:
        yield made


def found_in_files(folder: Path, *words: bytes) -> list[tuple[str, bytes]]:
    """Which of `words` stand in which file of a folder, write-ahead logs and all."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.name, word) for path in files for word in words if word in path.read_bytes()]


def test_everything_in_one_zip(where: Neighbourhood) -> None:
    ada = where.somebody("ada")
    kept = ada.live()
    answer = where.browser(ada).get("/settings/export.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="retropace-2026-11-22.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for mark in ("adaName", "adaNote", "adaEvent", "adaTitle"):
        assert mark.encode() in everything, mark
    assert ada.recordings.original(kept) in [archive.read(name) for name in archive.namelist()]


def test_nothing_of_the_zip_stays_behind(where: Neighbourhood, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = tmp_path / "waiting"
    waiting.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(waiting))
    where.browser(where.somebody("ada")).get("/settings/export.zip")
    assert not list(waiting.iterdir())


def test_what_would_go_is_counted(client: "Client", recordings: Recordings) -> None:
    keep_bytes(recordings, "run.gpx", gpx())
    page = re.sub(r"\s+", " ", client.get("/settings/delete").text)
    assert "1 recording, the original file with it" in page
    assert "0 screenings with your health answers" in page


@pytest.mark.parametrize("typed", ["", "yes", "delete", "delete everythin"])
def test_nothing_is_deleted_by_mistake(client: "Client", notebook: Notebook, typed: str) -> None:
    notebook.keep_settings(Settings(name="Ada"))
    answer = client.submit("/settings/delete", sure=typed)
    assert answer.status_code == 400
    assert "Nothing was deleted." in answer.text
    assert notebook.settings().name == "Ada"


def test_deleted_means_gone_from_every_file(house: House, notebook: Notebook, tmp_path: Path) -> None:
    taken = tmp_path / TAKEN / "log"
    taken.mkdir(parents=True)
    (taken / "2026-11-20.toml").write_text('notes = "unmistakableReadable"')
    notebook.keep_settings(Settings(name="unmistakableName"))
    content = gpx() + b"<!-- unmistakableOriginal -->" * 40
    kept = keep_bytes(Recordings(house.database, LOCAL), "unmistakableFile.gpx", content)
    Recordings(house.database, LOCAL).keep_note(kept.id, "unmistakableTitle")
    with house.database.transaction(write=False) as store:
        piece = store.one("SELECT content FROM piece")
    assert piece is not None
    assert isinstance(piece[0], bytes)
    words = (b"unmistakable", piece[0][1000:1100], kept.sha256.encode())
    assert {word for _, word in found_in_files(tmp_path, *words)} == set(words)
    browser = Browser(app(replace(house, folder=tmp_path)), base_url="http://testserver")
    assert browser.submit("/settings/delete", sure="Delete Everything").url.path == "/welcome"
    assert found_in_files(tmp_path, *words) == []
    assert not (tmp_path / TAKEN).exists()
    assert Notebook(house.database, LOCAL).settings() == Settings()


def test_an_account_goes_with_everything_and_takes_nobody_along(where: Neighbourhood, tmp_path: Path) -> None:
    ada, ben, coach = (where.somebody(name) for name in ("ada", "ben", "coach"))
    for person in (ada, ben):
        person.live()
        person.share(coach)
    token, browser, viewer = ada.api_token(), where.browser(ada), where.browser(coach)
    viewer.get("/with/ada-id/plan")
    wrong = browser.submit("/settings/delete", sure="delete everything", password="not this one")
    assert "This is not your password." in wrong.text
    gone = browser.submit("/settings/delete", sure="delete everything", password=PASSWORD)
    assert gone.url.path == "/sign-in"
    assert "Everything kept of you is deleted" in gone.text
    assert found_in_files(tmp_path, b"adaN", b"adaE", b"adaF", b"adaT", b"adaP", b"adaG", b"ada-id") == []
    assert browser.get("/settings").url.path == "/sign-in"
    assert browser.get("/api/v1/log", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert viewer.get("/with/ada-id/plan").status_code == 404
    assert viewer.get("/with/ben-id/plan").status_code == 200
    assert ben.notebook.settings().name == "benName"


def test_a_coach_who_leaves_stays_in_the_others_records(where: Neighbourhood) -> None:
    ada, coach = where.somebody("ada"), where.somebody("coach")
    ada.live()
    ada.share(coach, called="Kim, physio")
    viewer = where.browser(coach)
    viewer.get("/with/ada-id/plan")
    viewer.submit("/settings/delete", sure="delete everything", password=PASSWORD)
    assert "Kim, physio" in where.browser(ada).get("/sharing/looks").text
    assert "Nobody sees anything of yours" in where.browser(ada).get("/sharing").text


def test_the_demo_person_is_left_and_not_deleted(client: "Client") -> None:
    client.submit("/demo/enter")
    answer = client.submit("/settings/delete", sure="delete everything")
    assert "This is the demo person." in answer.text

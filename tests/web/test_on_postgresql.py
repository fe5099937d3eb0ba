"""The app on PostgreSQL: somebody with weeks behind them moves there, and every page says what it said on SQLite."""

import re
import shutil
from pathlib import Path

from starlette.testclient import TestClient

from every_door import addresses, get_doors, values_of
from postgres import cluster, postgres_url
from retropace.intake import intake
from retropace.store.database import Database, open_database, sqlite_url
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.recordings import Recordings
from retropace.takeout import take_out
from retropace.web.app import app
from retropace.web.house import House
from served import HOSTS, NOW, TODAY

#: Doors of a server with accounts, and secret links, lead nowhere here, on either.
NOBODY = {"code": ["nothing"], "owner": ["nobody"], "token": ["nothing"]}
#: What a change can be taken back to is not taken along.
NOT_MOVED = {"/log/{day}/kept"}
__all__ = ["cluster", "postgres_url"]


def test_every_page_is_the_same_on_both(postgres_url: str, tmp_path: Path, lived_file: Path) -> None:
    shutil.copy(lived_file, tmp_path / "retropace.db")
    here, there = open_database(sqlite_url(tmp_path / "retropace.db")), open_database(postgres_url)
    notebook, recordings = Notebook(here), Recordings(here, LOCAL)
    Notebook(there).begin(simulated=True)
    moved = Recordings(there, LOCAL)
    take_out(notebook, recordings, tmp_path / "all.zip")
    assert all(outcome.new for outcome in intake(Notebook(there), moved, "", tmp_path / "all.zip"))
    values = values_of(notebook, recordings, TODAY)
    assert values == values_of(Notebook(there), moved, TODAY)
    doors = [door for door in get_doors() if door.path not in NOT_MOVED]
    one, other = client_of(here), client_of(there)
    pages = {address: page(one, address) for door in doors for address in addresses(door, values | NOBODY)}
    assert len(pages) > 30
    assert [address for address, words in pages.items() if page(other, address) != words] == []
    here.close()
    there.close()


def client_of(database: Database) -> TestClient:
    house = House(database, secret=b"test", clock=lambda: NOW, hosts=HOSTS)
    return TestClient(app(house), base_url="http://testserver", follow_redirects=False)


def page(client: TestClient, address: str) -> tuple[int, str]:
    """Status and words of a page for somebody who was never here, without what is drawn by lot each time."""
    client.cookies.clear()
    answer = client.get(address)
    assert answer.status_code < 500, address
    words = answer.text if "text" in answer.headers.get("content-type", "") else ""
    return answer.status_code, re.sub(r'(csrf"[^>]*(content|value)=)"[^"]*"', r"\1", words)

"""Rooms: the first answers before the others are loaded; all answer as if they had always been there."""

import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retropace.web import app as rooms
from retropace.web.doors import Door
from retropace.web.house import House

if TYPE_CHECKING:
    from .conftest import Client

SRC = Path(__file__).parents[2] / "src"
#: What takes long to load, and no first page needs.
HEAVY = ("lxml", "typst", "resvg_py", "tzfpy", "psycopg", "argon2", "rich", "icalendar", "segno", "pyotp")
_START = """
import sys
from pathlib import Path
from starlette.testclient import TestClient
before = set(sys.modules)
from retropace.web import app as rooms
from retropace.web.server import local_house
rooms.Rooms._open = lambda self: None  # which would load the others in the background
client = TestClient(rooms.app(local_house(Path(sys.argv[1]))), base_url="http://127.0.0.1")
assert client.get("/").url.path == "/welcome"
print(*(set(sys.modules) - before))
"""


def test_nothing_heavy_is_loaded_for_the_first_page(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _START, str(tmp_path)]
    told = subprocess.run(command, env={"PYTHONPATH": str(SRC)}, capture_output=True, text=True, check=True)
    loaded = set(told.stdout.split())
    assert "retropace.web.pages.welcome" in loaded
    assert "retropace.web.api" not in loaded
    assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)


def test_every_room_answers_whichever_is_asked_first(client: "Client", house: House) -> None:
    assert client.get("/evidence").status_code == 200
    assert client.get("/no-such-page").status_code == 404
    assert client.get("/welcome").status_code == 200
    assert client.request("DELETE", "/").status_code == 405


def test_a_form_for_the_first_room_finds_its_door(house: House, client: "Client") -> None:
    """What the first room does not take is looked for in the others, not refused."""
    assert client.request("POST", "/").status_code == 405
    assert client.get("/", follow_redirects=False).headers["location"] == "/welcome"


def test_many_who_come_at_once_open_the_rooms_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[str, ...]] = []
    doors = rooms.doors

    def counted(names: Iterable[str] = rooms.ROOMS) -> tuple[Door, ...]:
        opened.append(tuple(names))
        return doors(names)

    monkeypatch.setattr(rooms, "doors", counted)
    made = rooms.Rooms(house)
    with ThreadPoolExecutor(8) as pool:
        found = {id(opening) for opening in pool.map(lambda _: made._open(), range(8))}
    assert len(found) == 1
    assert opened == [rooms.FIRST, rooms.ROOMS]

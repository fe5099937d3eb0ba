"""The demo person in the app: entered, looked at, thrown away; one's own notebook stays as it was."""

from starlette.testclient import TestClient

from retropace.store.notebook import DEMO, Notebook
from retropace.store.recordings import Recordings
from retropace.web.house import House


def submit(client: TestClient, path: str) -> str:
    page = client.get("/demo").text
    token = page.split('name="csrf" content="')[1].split('"')[0]
    return str(client.post(path, data={"csrf": token}).text)


def test_entered_and_left(client: TestClient, house: House, notebook: Notebook) -> None:
    assert "Nobody ran this" in submit(client, "/demo/enter")
    assert Recordings(house.database, DEMO).all()
    assert "Leave the demo" in client.get("/sessions").text
    assert not notebook.log()
    assert client.get("/api/v1/log").json() == [], "a program never gets the demo person"
    gone = submit(client, "/demo/leave")
    assert "Nobody ran this" not in gone
    assert not Recordings(house.database, DEMO).all()
    assert not Notebook(house.database, DEMO).simulated


def test_a_cookie_alone_opens_nothing(client: TestClient) -> None:
    client.cookies.set("retropace_who", DEMO)
    assert "Nobody ran this" not in client.get("/evidence").text

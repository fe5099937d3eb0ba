"""Sockets: who may come into a run's room, by which address; STOP by post; what a wrong address costs."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from browsing import Browser
from neighbours import NOW, RUN, Neighbourhood, Somebody, neighbourhood
from retropace.store import Settings
from retropace.web.link import ENDED, MALFORMED, NOBODY, NOT_YOURS, TOO_MANY

OURS = {"origin": "http://testserver"}
STOP = {"k": "stop", "id": "press-one", "at_ms": 1.0}


@pytest.fixture
def where(tmp_path: Any) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path) as made:
        yield made


@pytest.fixture
def ada(where: Neighbourhood) -> Somebody:
    made = where.somebody("ada")
    made.notebook.keep_settings(Settings(name="Ada King"))
    return made


@pytest.fixture
def runs(where: Neighbourhood, ada: Somebody) -> Iterator[Browser]:
    """Ada's browser; all sockets of a test are opened while it is."""
    with where.browser(ada) as made:
        yield made


def invite(browser: Browser, run: str = RUN) -> str:
    """The path of a new invitation."""
    answer = browser.post(f"/coach/runs/{run}/spotter", headers={"x-csrf": browser.token()})
    assert answer.status_code == 200
    return str(answer.json()["url"]).removeprefix("http://testserver")


@contextmanager
def opened(browser: Browser, path: str, page: str = "some-page", **headers: str) -> Iterator[WebSocketTestSession]:
    with browser.websocket_connect(f"{path}/link?page={page}", headers=OURS | headers) as socket:
        yield socket


def heard(socket: WebSocketTestSession, kind: str) -> dict[str, Any]:
    """The next message of a kind."""
    while True:
        message: dict[str, Any] = socket.receive_json()
        if message["k"] == kind:
            return message


def closed(browser: Browser, path: str, **headers: str) -> int:
    """With which code a socket is closed at once."""
    with pytest.raises(WebSocketDisconnect) as gone, opened(browser, path, **headers) as socket:
        socket.receive_json()
    return gone.value.code


# -- who comes in -------------------------------------------------------------------------------------------------------


def test_a_stop_from_a_phone_without_account(runs: Browser) -> None:
    path = invite(runs)
    with opened(runs, f"/coach/runs/{RUN}") as runner:
        runs.cookies.clear()
        with opened(runs, path) as spotter:
            spotter.send_json(STOP)
            assert heard(runner, "stop") == STOP
            runner.send_json({"k": "stopped", "id": "press-one"})
            assert heard(spotter, "stopped")["id"] == "press-one"


def test_only_ones_own_run(where: Neighbourhood, runs: Browser) -> None:
    with opened(runs, f"/coach/runs/{RUN}"):
        runs.cookies.clear()
        assert closed(runs, f"/coach/runs/{RUN}") == NOBODY
        runs.cookies.set("retropace", where.somebody("ben").sign_in(), domain="testserver.local")
        assert closed(runs, f"/coach/runs/{RUN}") == NOT_YOURS


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://testserver.evil.example", "null", "", "http://[", "x"]
)
def test_no_page_elsewhere_opens_a_socket(runs: Browser, origin: str) -> None:
    """Before it is accepted: such a page learns nothing but that it may not."""
    path = invite(runs)
    for address in (path, f"/coach/runs/{RUN}"):
        with pytest.raises(WebSocketDisconnect) as gone, opened(runs, address, origin=origin) as socket:
            socket.receive_json()
        assert gone.value.code == 1008


def test_a_program_that_says_nothing_of_where_it_is_does_not_either(runs: Browser) -> None:
    with pytest.raises(WebSocketDisconnect), runs.websocket_connect(f"{invite(runs)}/link?page=some-page"):
        pass


def test_another_name_is_refused(client: TestClient) -> None:
    """A page elsewhere may point its own name at this machine, and would be its own origin there."""
    elsewhere = {"host": "evil.example", "origin": "http://evil.example"}
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect(f"/coach/runs/{RUN}/link?page=some-page", headers=elsewhere),
    ):
        pass
    assert refused.value.status_code == 421


def test_a_page_says_which_it_is(runs: Browser) -> None:
    with pytest.raises(WebSocketDisconnect) as gone, opened(runs, invite(runs), page="?") as socket:
        socket.receive_json()
    assert gone.value.code == MALFORMED


def test_what_is_no_text_is_malformed(runs: Browser) -> None:
    with opened(runs, invite(runs)) as socket:
        socket.send_bytes(b"\x00\x01")
        with pytest.raises(WebSocketDisconnect) as gone:
            heard(socket, "nothing at all")
    assert (gone.value.code, gone.value.reason) == (MALFORMED, "This is no message")


def test_no_such_address(runs: Browser) -> None:
    with pytest.raises(WebSocketDisconnect), runs.websocket_connect("/nothing", headers=OURS):
        pass


# -- tokens -------------------------------------------------------------------------------------------------------------


def test_an_invitation(runs: Browser, ada: Somebody) -> None:
    answer = runs.post(f"/coach/runs/{RUN}/spotter", headers={"x-csrf": runs.token()}).json()
    assert answer["url"].startswith("http://testserver/spot/")
    assert answer["qr"].startswith("<svg")
    assert dt.datetime.fromisoformat(answer["expires"]) == NOW + dt.timedelta(hours=12)
    assert answer["reachable"]
    runs.cookies.clear()
    page = runs.get(answer["url"])
    assert page.status_code == 200
    assert "Look out for Ada" in page.text
    assert "King" not in page.text
    assert (page.headers["referrer-policy"], page.headers["x-robots-tag"]) == ("no-referrer", "noindex")
    assert page.headers["cache-control"] == "no-store"


def test_an_invitation_from_this_machine_reaches_no_other_phone(runs: Browser) -> None:
    headers = {"x-csrf": runs.token(), "host": "127.0.0.1:8417"}
    answer = runs.post(f"/coach/runs/{RUN}/spotter", headers=headers).json()
    assert answer["url"].startswith("http://127.0.0.1:8417/spot/")
    assert not answer["reachable"]


def test_without_a_name_it_is_your_runner(runs: Browser, ada: Somebody) -> None:
    ada.notebook.keep_settings(Settings(system="imperial"))
    words = runs.get(invite(runs)).text
    assert "Look out for your runner" in words
    assert "feet to the line" in words


def test_a_run_has_a_name(runs: Browser) -> None:
    answer = runs.post("/coach/runs/x%20y/spotter", headers={"x-csrf": runs.token(), "accept": "application/json"})
    assert answer.status_code == 404


def test_a_new_invitation_ends_the_old_one_at_once(runs: Browser) -> None:
    path = invite(runs)
    with opened(runs, path) as spotter:
        spotter.send_json({"k": "beat", "t": 1, "visible": True})
        heard(spotter, "echo")
        newer = invite(runs)
        with pytest.raises(WebSocketDisconnect) as gone:
            heard(spotter, "nothing at all")
    assert gone.value.code == ENDED
    assert runs.get(path).status_code == 404
    assert runs.post(f"{path}/stop", json=STOP).status_code == 404
    assert runs.get(newer).status_code == 200


def test_it_ends_when_it_is_taken_back_and_after_half_a_day(where: Neighbourhood, runs: Browser) -> None:
    path, headers = invite(runs), {"x-csrf": runs.token()}
    assert runs.delete("/coach/runs/another-run/spotter", headers=headers).json() == {"ended": False}
    assert runs.get(path).status_code == 200
    assert runs.delete(f"/coach/runs/{RUN}/spotter", headers=headers).json() == {"ended": True}
    assert closed(runs, path) == ENDED
    path = invite(runs)
    assert runs.post(f"{path}/stop", json=STOP).status_code == 200
    where.clock.wait(hours=12)
    assert runs.get(path).status_code == 404
    assert runs.post(f"{path}/stop", json=STOP).status_code == 404
    assert closed(runs, path) == ENDED


def test_a_wrong_address_says_so_in_one_sentence_and_guessing_is_slowed_down(runs: Browser) -> None:
    good = invite(runs)
    answer = runs.get("/spot/AAAAAAAAAAAAAAAAAAAAAA")
    assert answer.status_code == 404
    assert "This invitation has ended, or never was one. Ask your runner for a new one." in answer.text
    statuses = [runs.post(f"/spot/guess-{number}/stop", json=STOP).status_code for number in range(30)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    assert runs.get("/spot/guess").status_code == 429
    assert closed(runs, "/spot/guess") == 1013
    assert runs.get(good).status_code == 200, "whoever has a good address is not held up"
    assert runs.post(f"{good}/stop", json=STOP).status_code == 200


# -- STOP by post -------------------------------------------------------------------------------------------------------


def test_a_stop_by_post_needs_no_cookie_and_no_socket(runs: Browser) -> None:
    path = invite(runs)
    with opened(runs, f"/coach/runs/{RUN}") as runner:
        runs.cookies.clear()
        headers = {"origin": "http://elsewhere.example", "sec-fetch-site": "cross-site"}
        answer = runs.post(f"{path}/stop", json=STOP, headers=headers)
        assert answer.json() == {"id": "press-one", "state": "latched", "runner": True}
        assert heard(runner, "stop") == STOP
        runner.send_json({"k": "stopped", "id": "press-one"})
        runner.send_json({"k": "beat", "t": 1})
        heard(runner, "echo")
        assert runs.post(f"{path}/stop", json=STOP).json()["state"] == "stopped"


def test_a_stop_by_post_waits_for_the_runner(runs: Browser) -> None:
    path = invite(runs)
    assert runs.post(f"{path}/stop", json=STOP).json() == {"id": "press-one", "state": "latched", "runner": False}
    with opened(runs, f"/coach/runs/{RUN}") as runner:
        assert heard(runner, "stop") == STOP


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"k":"stop"}', b'{"k":"hello","name":"x"}', b"x" * 10_000])
def test_what_is_no_stop_is_refused_in_words(runs: Browser, body: bytes) -> None:
    answer = runs.post(f"{invite(runs)}/stop", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["what"] == "This STOP cannot be understood"


def test_stops_come_at_a_pace(runs: Browser) -> None:
    path = invite(runs)
    statuses = {runs.post(f"{path}/stop", json=STOP).status_code for _ in range(200)}
    assert statuses == {200, 429}


def test_on_its_way_a_stop_asks_no_database(runs: Browser, where: Neighbourhood, monkeypatch: Any) -> None:
    path = invite(runs)
    runs.get(path)
    with opened(runs, f"/coach/runs/{RUN}") as runner, opened(runs, path) as spotter:

        def gone(*_: object, **__: object) -> None:
            raise AssertionError("the disk was asked")

        monkeypatch.setattr(type(where.house.database), "transaction", gone)
        spotter.send_json(STOP)
        assert heard(runner, "stop") == STOP
        answer = runs.post(f"{path}/stop", json=STOP | {"id": "press-two"})
        assert answer.json()["state"] == "latched"
        assert heard(runner, "stop")["id"] == "press-two"


def test_more_spotters_than_there_is_room_for(runs: Browser) -> None:
    path = invite(runs)
    sockets = [runs.websocket_connect(f"{path}/link?page=spotter-{n}", headers=OURS) for n in range(8)]
    for socket in sockets:
        socket.__enter__()
    assert closed(runs, path) == TOO_MANY
    for socket in sockets:
        socket.__exit__(None, None, None)

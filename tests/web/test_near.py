"""Near: phones on the same network are let in by a code, nobody else is; what they see before holds nothing of anybody."""

import asyncio
import datetime as dt
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from retropace.errors import UnusableInput
from retropace.store.notebook import LOCAL
from retropace.store.sign_ins import SignIns
from retropace.web import near as near_module
from retropace.web.app import app
from retropace.web.authority import Certificates
from retropace.web.house import House, Near
from retropace.web.near import help_app, is_ours, nearby, own_addresses, pairing_code, same_code
from retropace.web.server import config
from served import HOSTS, NOW

CODE = "ABCD-EFGH-JKMN"
NEAR = Near("https://testserver", "http://testserver:81", "AA:BB", CODE)


@pytest.fixture
def phones(house: House) -> House:
    """The house as phones reach it."""
    return replace(house, near=NEAR, paired=True, https=True)


@pytest.fixture
def phone(phones: House) -> Iterator[TestClient]:
    """A phone that nobody let in yet."""
    with TestClient(app(phones), base_url="https://testserver", follow_redirects=False) as made:
        yield made


def csrf(client: TestClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert found
    return found[1]


def let_in(client: TestClient, code: str = CODE) -> int:
    return client.post("/pair", data={"csrf": csrf(client, "/pair"), "code": code}).status_code


@pytest.mark.parametrize("path", ["/", "/plan", "/settings", "/log/all", "/sessions", "/phones"])
def test_whoever_was_not_let_in_sees_where_to_say_the_code(phone: TestClient, path: str) -> None:
    answer = phone.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/pair"


def test_a_program_on_the_network_needs_a_token(phone: TestClient) -> None:
    assert phone.get("/api/v1/today").status_code == 401
    assert phone.get("/coach/session.json").status_code == 401
    assert let_in(phone) == 303
    assert phone.get("/api/v1/today").status_code == 401, "a browser's cookie counts for nothing there"


def test_with_the_code_a_phone_is_let_in_and_stays_in(phone: TestClient, phones: House) -> None:
    assert f'value="{CODE}"' in phone.get(f"/pair/{CODE}").text
    assert let_in(phone) == 303
    assert phone.get("/").headers["location"] == "/welcome"
    cookie = next(cookie for cookie in phone.cookies.jar if cookie.name == "__Host-retropace")
    assert cookie.secure
    assert phone.get("/pair").headers["location"] == "/"
    again = replace(phones, near=replace(NEAR, pairing=pairing_code()))
    with TestClient(app(again), base_url="https://testserver", cookies=phone.cookies, follow_redirects=False) as later:
        assert later.get("/").headers["location"] == "/welcome", "a new start does not send it away"


@pytest.mark.parametrize("code", ["", "ABCD-EFGH-JKMM", "ABCD", CODE + "A", "é" * 12])
def test_a_wrong_code_lets_nobody_in(phone: TestClient, code: str) -> None:
    assert let_in(phone, code) == 400
    assert phone.get("/").headers["location"] == "/pair"


def test_guessing_is_held_up(phone: TestClient) -> None:
    assert 429 in [let_in(phone, f"GUESS{n}") for n in range(25)]


def test_the_computer_sends_a_phone_away(phone: TestClient, house: House) -> None:
    let_in(phone)
    desk = TestClient(app(replace(house, near=NEAR)), base_url="http://testserver", follow_redirects=False)
    page = desk.get("/phones").text
    assert CODE in page
    assert NEAR.fingerprint in page
    known = SignIns(house.database).of(LOCAL, NOW)
    assert len(known) == 1
    assert desk.post(f"/phones/{known[0].id}/forget", data={"csrf": csrf(desk, "/phones")}).status_code == 303
    assert phone.get("/").headers["location"] == "/pair"


def test_without_near_the_computer_says_how(house: House) -> None:
    desk = TestClient(app(house), base_url="http://testserver")
    page = desk.get("/phones").text
    assert "./run serve --lan" in page
    assert 'svg class="qr"' not in page
    assert 'href="/phones"' in desk.get("/settings").text


def test_what_is_told_without_encryption_holds_nothing_of_anybody(phones: House, tmp_path: Path) -> None:
    authority = tmp_path / "authority.crt"
    authority.write_text("certificate")
    shown = Certificates(authority, authority, authority, "AA:BB")
    with TestClient(help_app(phones, shown), base_url="http://testserver", follow_redirects=False) as stranger:
        page = stranger.get("/").text
        assert "AA:BB" in page
        assert CODE not in page
        assert stranger.get("/retropace.crt").content == b"certificate"
        for path in ("/plan", "/pair", "/coach/session.json", "/api/v1/today"):
            assert stranger.get(path).status_code == 404
        assert not stranger.cookies


def test_a_page_elsewhere_cannot_point_its_name_here(phones: House) -> None:
    with TestClient(app(phones), base_url="https://evil.example") as client:
        assert client.get("/pair").status_code == 421


# -- codes and addresses ------------------------------------------------------------------------------------------------


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_can_be_compared_as_codes(one: str, other: str) -> None:
    assert same_code(one, one)
    assert same_code(one, other) == same_code(other, one)


def test_codes_differ_and_have_no_signs_that_look_alike() -> None:
    codes = {pairing_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"([A-HJKMNP-TV-Z2-9]{4}-){2}[A-HJKMNP-TV-Z2-9]{4}", code) for code in codes)


def test_own_addresses_are_ones_a_phone_can_reach() -> None:
    for address in own_addresses():
        assert not address.startswith(("127.", "169.254.", "fe80"))


@pytest.mark.parametrize(("name", "ours"), [("desk.local", True), ("localhost", True), ("desk.tail1.ts.net", False)])
def test_names_our_authority_may_vouch_for(name: str, *, ours: bool) -> None:
    assert is_ours(name) is ours


def test_outside_a_network_that_is_said(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(near_module, "own_addresses", list)
    with pytest.raises(UnusableInput, match="in no private network"):
        nearby(replace(house, folder=tmp_path), 8417, NOW)


def test_the_house_for_phones_answers_to_its_addresses_and_names(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(near_module, "own_addresses", lambda: ["192.168.7.9"])
    phones, shown = nearby(replace(house, folder=tmp_path), 8417, NOW, ["desk.tail1.ts.net"])
    assert phones.paired
    assert phones.https
    assert phones.hosts is not None
    assert {"192.168.7.9", "desk.tail1.ts.net"} <= phones.hosts
    assert phones.near is not None
    assert re.fullmatch(r"https://192\.168\.7\.9:\d+", phones.near.address)
    assert shown.chain.exists()


def test_an_encrypted_page_for_a_phone_that_trusts(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The real server with its real certificate, asked by a client that trusts the authority and nothing else."""
    import uvicorn

    monkeypatch.setattr(near_module, "own_addresses", lambda: ["127.0.0.1"])
    phones, shown = nearby(replace(house, folder=tmp_path), 8417, dt.datetime.now(dt.UTC))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(config(app(replace(phones, hosts=HOSTS)), "127.0.0.1", 0, certificates=shown))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        trusting = ssl.create_default_context(cafile=str(shown.authority))
        with (
            socket.create_connection(listening.getsockname()) as plain,
            trusting.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
        ):
            secure.sendall(b"GET /pair HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
            assert secure.recv(15) == b"HTTP/1.1 200 OK"
        server.should_exit = True
        thread.join(10)

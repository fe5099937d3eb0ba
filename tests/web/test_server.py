"""The server: whom it listens to, what it is called, how long it waits, and what stays over a restart."""

import asyncio
import datetime as dt
import io
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pyotp
import pytest
import uvicorn
from starlette.exceptions import HTTPException

from browsing import Browser
from neighbours import PASSWORD, neighbourhood
from retropace.cli import main
from retropace.errors import UnusableInput
from retropace.store import Settings
from retropace.store.accounts import Accounts
from retropace.store.database import open_database, sqlite_url
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.second_step import SecondStep, new_secret
from retropace.store.sign_ins import SignIns
from retropace.web.app import app
from retropace.web.guard import PATIENCE_S, Message, in_time
from retropace.web.protocol import PatientProtocol
from retropace.web.server import free_port, local_house, require_loopback, shared_house

# -- whom it listens to -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_is_enough(host: str) -> None:
    require_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",
        "::",
        "192.168.1.7",
        "example.org",
        "",
        "localhost.example.org",
        "127.0.0.1.example.org",
        "::ffff:10.0.0.1",
    ],
)
def test_without_accounts_nobody_else_is_listened_to(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UnusableInput):
        require_loopback(host)
    assert main(["serve", "--folder", str(tmp_path), "--host", host]) == 2
    assert "--accounts" in capsys.readouterr().err
    assert not list(tmp_path.iterdir()), "nothing was made"


@pytest.mark.parametrize(
    "option", [["--sign-up"], ["--behind-proxy"], ["--name", "x.example"], ["--database", "sqlite:///x"]]
)
def test_what_is_for_many_needs_accounts(option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--folder", str(tmp_path), *option]) == 2
    assert "Add --accounts" in capsys.readouterr().err


def test_passwords_do_not_cross_a_network_in_the_clear(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--accounts", "--folder", str(tmp_path), "--host", "0.0.0.0"]) == 2
    assert "passwords would travel unencrypted" in capsys.readouterr().err


def test_a_port_in_use_is_told_to_whoever_set_up_a_proxy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port) != port
        assert main(["serve", "--accounts", "--folder", str(tmp_path), "--port", str(port)]) == 2
    assert "is in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8417", 200), ("LOCALHOST", 200), ("[::1]:8417", 200), ("evil.example", 421),
     ("127.0.0.1.evil.example", 421), ("", 421), ("localhost:8417.evil.example", 421), ("[::1", 421)],
)  # fmt: skip
def test_names_that_are_not_ours_are_refused(tmp_path: Path, host: str, status: int) -> None:
    """A page elsewhere may point its own name at this machine: then its browser calls us by that name."""
    browser = Browser(app(local_house(tmp_path)))
    assert browser.get("/evidence", headers={"host": host}).status_code == status


def test_a_server_answers_to_its_names(tmp_path: Path) -> None:
    house = shared_house(sqlite_url(tmp_path / "people.db"), names=["Run.Example.org"])
    browser = Browser(app(house))
    assert browser.get("/evidence", headers={"host": "run.example.org"}).status_code == 200
    assert browser.get("/evidence", headers={"host": "10.0.0.7"}).status_code == 421
    open_house = shared_house(sqlite_url(tmp_path / "people.db"))
    assert Browser(app(open_house)).get("/evidence", headers={"host": "10.0.0.7"}).status_code == 200


# -- over a restart -----------------------------------------------------------------------------------------------------


def test_an_open_form_outlives_a_restart(tmp_path: Path) -> None:
    before = Browser(app(local_house(tmp_path)), base_url="http://127.0.0.1")
    token = before.token()
    after = Browser(app(local_house(tmp_path)), base_url="http://127.0.0.1", cookies=dict(before.cookies))
    assert after.post("/settings/display", data={"csrf": token, "name": "Ada"}).url.path == "/settings"
    other = Browser(app(local_house(tmp_path / "other")), base_url="http://127.0.0.1", cookies=dict(before.cookies))
    assert other.post("/settings/display", data={"csrf": token, "name": "Ada"}).status_code == 400


def test_the_served_app_in_a_process_of_its_own(tmp_path: Path) -> None:
    """`serve` as people start it: it says where it is, answers there, and leaves with Ctrl-C."""
    command = [sys.executable, "-m", "retropace", "serve", "--folder", str(tmp_path), "--port", "0", "--quiet"]
    source = str(Path(__file__).parents[2] / "src")
    environment = os.environ | {"PYTHONPATH": source}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http"))
        deadline, page = time.monotonic() + 20, ""
        while not page and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{address}settings", timeout=5) as answer:
                    page = answer.read().decode()
            except OSError:
                time.sleep(0.05)
        process.terminate()
        process.wait(10)
    assert "<h1>Settings</h1>" in page


# -- how long it waits --------------------------------------------------------------------------------------------------


class _Hurried(PatientProtocol):
    head_s = 0.3


@contextmanager
def listening(tmp_path: Path) -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app(local_house(tmp_path)), http=_Hurried, log_level="critical", lifespan="off", ws="none"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)


def told(calling: socket.socket) -> bytes:
    """Everything until the other side hangs up."""
    calling.settimeout(5)
    found = b""
    while part := calling.recv(65536):
        found += part
    return found


def test_whoever_says_nothing_is_hung_up_on(tmp_path: Path) -> None:
    with listening(tmp_path) as port:
        for beginning in (b"", b"GET /evidence HTTP/1.1\r\nHost: 127.0.0.1\r\n"):
            with socket.create_connection(("127.0.0.1", port)) as calling:
                calling.sendall(beginning)
                began = time.monotonic()
                assert told(calling) == b""
                assert time.monotonic() - began < 3


def test_dripping_does_not_help(tmp_path: Path) -> None:
    with listening(tmp_path) as port, socket.create_connection(("127.0.0.1", port)) as calling:
        calling.sendall(b"GET / HTTP/1.1\r\n")
        began = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - began < 5:
                calling.sendall(b"x: y\r\n")
                time.sleep(0.05)
        assert time.monotonic() - began < 3


def test_a_whole_head_is_answered_and_the_next_one_awaited(tmp_path: Path) -> None:
    with listening(tmp_path) as port, socket.create_connection(("127.0.0.1", port)) as calling:
        asked = b"HEAD /s/x/icon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        for _ in range(2):
            calling.sendall(asked)
            assert calling.recv(65536).startswith(b"HTTP/1.1 200")
        calling.sendall(b"GET /s/x/icon.svg HTTP/1.1\r\n")
        began = time.monotonic()
        told(calling)
        assert time.monotonic() - began < 3


class Slow:
    """A sender whose parts come with `gap_s` between them, by a clock that only it moves."""

    def __init__(self, gap_s: float, part: int, parts: int) -> None:
        self.now, self.gap_s, self.part, self.left = 0.0, gap_s, part, parts

    async def __call__(self) -> Message:
        self.now += self.gap_s
        self.left -= 1
        return {"type": "http.request", "body": b"x" * self.part, "more_body": self.left > 0}


def run_alone(sender: Slow) -> int:
    """In a thread of its own: a browser of another test may have a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, receive_all(sender)).result()


async def receive_all(sender: Slow) -> int:
    receive, count = in_time(sender, lambda: sender.now), 0
    while True:
        message = await receive()
        count += len(message["body"])
        if not message["more_body"]:
            return count


@pytest.mark.parametrize(("gap_s", "part", "parts"), [(1.0, 1200, 500), (59.0, 10, 1), (0.1, 1, 500)])
def test_what_comes_on_is_waited_for(gap_s: float, part: int, parts: int) -> None:
    assert run_alone(Slow(gap_s, part, parts)) == part * parts


@pytest.mark.parametrize(("gap_s", "part", "parts"), [(1.0, 500, 500), (PATIENCE_S, 1, 3), (10.0, 1, 10)])
def test_what_does_not_come_on_is_given_up(gap_s: float, part: int, parts: int) -> None:
    with pytest.raises(HTTPException) as refused:
        run_alone(Slow(gap_s, part, parts))
    assert refused.value.status_code == 408


# -- headers ------------------------------------------------------------------------------------------------------------


def test_every_answer_keeps_a_page_to_itself(tmp_path: Path) -> None:
    with neighbourhood(tmp_path) as where:
        browser = where.browser(where.somebody("ada"))
        for path in ("/settings", "/nothing", "/s/x/icon.svg", "/settings/export.zip", "/api/v1/log", "/sign-in"):
            headers = browser.get(path).headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"], path
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert "strict-transport-security" not in headers, "browsers reach it without"
        for path in ("/settings", "/settings/tokens", "/sign-in", "/api/v1/log"):
            assert "no-store" in browser.get(path).headers.get("cache-control", "no-store"), path


# -- accounts by command ------------------------------------------------------------------------------------------------


def run(tmp_path: Path, *arguments: str, typed: str = "") -> int:
    before, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        return main(["accounts", *arguments, "--folder", str(tmp_path)])
    finally:
        sys.stdin = before


def test_accounts_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "list") == 0
    assert "There are no accounts yet" in capsys.readouterr().out
    assert run(tmp_path, "add", "Ada@Example.org", typed=f"{PASSWORD}\n") == 0
    assert run(tmp_path, "add", "ada@example.org", typed=f"{PASSWORD}\n") == 2
    assert run(tmp_path, "add", "ben", typed="short\n") == 2
    assert run(tmp_path, "add", typed=f"{PASSWORD}\n") == 2
    told = capsys.readouterr()
    assert "ada@example.org may sign in." in told.out
    for words in ("This name is taken", "too short", "Whose account"):
        assert words in told.err
    assert PASSWORD not in told.out + told.err
    assert run(tmp_path, "list") == 0
    assert "ada@example.org" in capsys.readouterr().out


def test_whoever_cannot_get_in_is_let_in_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = dt.datetime.now(dt.UTC)
    run(tmp_path, "add", "ada", typed=f"{PASSWORD}\n")
    database = open_database(sqlite_url(tmp_path / "retropace.db"))
    accounts = Accounts(database)
    ada, secret = accounts.of(accounts.all()[0].person_id), new_secret()
    SecondStep(database).begin(ada, secret, pyotp.TOTP(secret).at(now), now)
    token = SignIns(database).begin(ada.person_id, "stolen phone", now)
    assert run(tmp_path, "reset", "ada", typed="another four word thing\n") == 0
    renewed = accounts.of(ada.person_id)
    assert renewed.totp_secret is None
    assert accounts.knows(renewed, "another four word thing")
    assert not accounts.knows(renewed, PASSWORD)
    assert SignIns(database).find(token, now) is None
    database.close()


def test_an_account_is_removed_only_when_somebody_is_sure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, "add", "ada", typed=f"{PASSWORD}\n")
    assert run(tmp_path, "remove", "ada") == 2
    assert "Nothing was deleted" in capsys.readouterr().err
    assert run(tmp_path, "remove", "ada", "--yes") == 0
    assert run(tmp_path, "remove", "ada", "--yes") == 2
    assert "Nobody is called ada here" in capsys.readouterr().err


def test_what_was_kept_without_accounts_goes_on_with_one(tmp_path: Path) -> None:
    house = local_house(tmp_path)
    Notebook(house.database, LOCAL).keep_settings(Settings(name="Ada"))
    assert run(tmp_path, "add", "ada", "--mine", typed=f"{PASSWORD}\n") == 0
    many = shared_house(sqlite_url(tmp_path / "retropace.db"))
    browser = Browser(app(many))
    browser.submit("/sign-in", login="ada", password=PASSWORD)
    assert 'value="Ada"' in browser.get("/settings/display").text

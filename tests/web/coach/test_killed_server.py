"""A server killed again and again while a phone sends: one call of upload gets through, and every part is kept once."""

import os
import random
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from made_coached import FIRST, guide_of
from recorded_runs import PAGE, in_page, kept, modules, record
from served import PHONE, context_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: A run of two minutes: 12 parts of motion, 12 of orientation, 3 of lines.
SECONDS, PARTS = 120, 27
KILLS = 3

_SEND = """async (modules, run) => {
  const { upload } = await import(modules.upload);
  const known = await fetch("/coach/session.json", { method: "HEAD" });
  globalThis.progress = 0;
  const csrf = known.headers.get("x-csrf"), told = ({ sent }) => { globalThis.progress = sent; };
  const options = { csrf, wait_ms: 200, attempts: 20, progress: told };
  globalThis.sending = upload(keep, run, options);
}"""


class Served:
    """`serve` in a process of its own, always on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.at = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, and wait until it answers."""
        place = ("--folder", str(self.folder), "--port", str(self.port), "--quiet")
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3] / "src")}
        command = [sys.executable, "-m", "retropace", "serve", *place]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(self.at + PAGE, timeout=5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("retropace did not start")

    def kill(self) -> None:
        """kill -9: no time to write anything down."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """A server over a database on the disk."""
    made = Served(tmp_path)
    made.start()
    yield made
    made.kill()


def _kept(folder: Path, run: str) -> list[tuple[str, int, str, bytes]]:
    (file,) = folder.glob("*.db")
    with sqlite3.connect(file) as store:
        found: list[Any] = store.execute(
            "SELECT stream, part, sha256, body FROM coached_part WHERE run = ? ORDER BY stream, part", (run,)
        ).fetchall()
    store.close()
    return found


def test_a_server_killed_while_parts_arrive_has_each_of_them_once(server: Served, browser: "Browser") -> None:
    context = context_of(browser, PHONE)
    page = context.new_page()
    page.goto(server.at + PAGE)
    run = record(page, SECONDS, guide=guide_of(FIRST))
    # Each part takes a fifth of a second: the server dies in the middle of some, and none is the last while we are late.
    slow = {"offline": False, "latency": 10, "downloadThroughput": -1, "uploadThroughput": 150_000}
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    in_page(page, _SEND, modules(), run)
    confirmed = 0
    for number in range(1, KILLS + 1):
        while (confirmed := in_page(page, "async () => progress")) < number * PARTS // (KILLS + 1):
            page.wait_for_timeout(5)
        page.wait_for_timeout(random.uniform(0, 40))
        server.kill()
        found = _kept(server.folder, run)
        assert confirmed <= len(found) < PARTS  # whatever was answered is on the disk
        server.start()
    told = in_page(page, "async () => sending")
    assert (told["done"], told["parts"], told["failed"]) == (True, PARTS, 0)
    parts = kept(page, run).parts()
    found = _kept(server.folder, run)
    assert {(stream, part): body for stream, part, _, body in found} == parts
    assert len(found) == len(parts) == PARTS
    assert all(sha256(body).hexdigest() == told_sha for _, _, told_sha, body in found)
    context.close()

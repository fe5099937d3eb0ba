"""WebKit as Debian has it, by WebDriver over plain HTTP: the nearest to a phone's Safari that runs here."""

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

_PATIENCE_S = 20.0
_QUIET = subprocess.DEVNULL
_NEEDED = "install WebKit to test the coach in a second browser (Debian: apt install webkit2gtk-driver xvfb)"


class WebKit:
    """A page in WebKit; everything it is told waits for its answer."""

    def __init__(self, port: int, browser: Path) -> None:
        self.address = f"http://127.0.0.1:{port}/session"
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.address += f"/{self.tell('', wanted)['sessionId']}"

    def tell(self, path: str, body: object = None, method: str = "POST") -> Any:
        """What the driver answers to `body` sent to `path`."""
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, sent, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def go(self, address: str) -> None:
        """Open `address`."""
        self.tell("/url", {"url": address})

    def click(self, selector: str) -> None:
        """Click the first element that `selector` finds, as a hand would."""
        found = self.tell("/element", {"using": "css selector", "value": selector})
        self.tell(f"/element/{next(iter(found.values()))}/click", {})

    def evaluate(self, expression: str) -> Any:
        """The value of `expression`, a promise waited for."""
        then = "((value) => arguments[0]([value]), (error) => arguments[0](`${error}`))"
        script = f"Promise.resolve({expression}).then{then};"
        told = self.tell("/execute/async", {"script": script, "args": []})
        if isinstance(told, str):
            raise AssertionError(told)
        return told[0]


@contextmanager
def webkit() -> Iterator[WebKit]:
    """WebKit on a screen of its own; ended afterwards."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None)
    if driver is None or screen is None or browser is None:
        pytest.skip(_NEEDED)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _running(
        [screen, "-displayfd", "1", "-screen", "0", "800x900x24", "-nolisten", "tcp"], stdout=subprocess.PIPE
    ) as shown:
        assert shown.stdout is not None
        display = f":{shown.stdout.readline().decode().strip()}"
        with _running([driver, f"--port={port}", "--host=127.0.0.1"], env=os.environ | {"DISPLAY": display}):
            _listening(port)
            made = WebKit(port, browser)
            yield made
            with suppress(OSError):
                made.tell("", method="DELETE")


@contextmanager
def _running(command: list[str], **how: Any) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, **{"stdout": _QUIET, "stderr": _QUIET, "start_new_session": True, **how})
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _listening(port: int) -> None:
    until = time.monotonic() + _PATIENCE_S
    for _ in itertools.count():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert time.monotonic() < until, "WebKit's driver did not start"
        time.sleep(0.05)

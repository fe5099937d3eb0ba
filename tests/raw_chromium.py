"""Chromium by its own protocol: here pages are really hidden, slowed, frozen and killed.

Drivers of pages keep every page awake. A page that another tab stands before is hidden (`browser.page()`, `page.show()`),
and so is one whose window is put away; `kill` leaves what was stored in the folder, to be found by the next browser on it.
"""

import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

#: The program itself where there is one: what stands in /usr/bin is a script around it.
_PROGRAMS = ("/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome")
#: Pages of the browser's own that wait behind its address bar: they cost more than ours, and nobody sees them.
UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
_FLAGS = (
    f"--disable-features={','.join(UNSEEN)}",
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update"),
    *("--disable-background-networking", "--disable-sync", "--remote-debugging-port=0"),
)
_PATIENCE_S = 30.0


class Refused(Exception):
    """What the browser, or a script in a page, answered with an error."""


class RawChromium:
    """A running browser; everything it is told waits for its answer."""

    def __init__(self, folder: Path, flags: tuple[str, ...] = ()) -> None:
        program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
        if program is None:
            pytest.skip("install Chromium to test the pages in a browser (Debian: apt install chromium)")
        told = folder / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        command = [program, *_FLAGS, *flags, f"--user-data-dir={folder}", "about:blank"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
        self.port, path = _told(told)
        self.opened = ExitStack()
        self.socket = self.opened.enter_context(connect(f"ws://127.0.0.1:{self.port}{path}", max_size=None, proxy=None))
        self.numbers = itertools.count(1)
        self.answers: dict[int, Any] = {}
        self.hearing: dict[tuple[str, str], list[Callable[[Any], None]]] = defaultdict(list)

    def call(self, method: str, session: str = "", /, **params: Any) -> Any:
        """What the browser answers to `method`. Raises Refused."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self.socket.send(json.dumps(message))
        answer = self._read(number, time.monotonic() + _PATIENCE_S)
        if answer is None:
            raise Refused(f"{method}: no answer within {_PATIENCE_S:.0f} s")
        if "error" in answer:
            raise Refused(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def hear(self, method: str, then: Callable[[Any], None], session: str = "") -> None:
        """Let `then` have every event `method`; they arrive while something is called, or `listen` waits."""
        self.hearing[session, method].append(then)

    def listen(self, seconds: float) -> None:
        """Wait, and hear what happens."""
        self._read(0, time.monotonic() + seconds)

    def _read(self, number: int, until: float) -> Any:
        """The answer to `number`; whoever hears an event may ask something while others wait for their answers."""
        while number not in self.answers and (left_s := until - time.monotonic()) > 0:
            try:
                message = json.loads(self.socket.recv(left_s))
            except TimeoutError:
                return None
            if "id" in message:
                self.answers[message["id"]] = message
                continue
            for then in self.hearing.get((message.get("sessionId", ""), message["method"]), ()):
                then(message["params"])
        return self.answers.pop(number, None)

    def page(self, address: str = "about:blank") -> "RawPage":
        """A new tab, in front of all others, at `address`."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = RawPage(self, target, session)
        page.show()
        if address != "about:blank":
            page.go(address)
        return page

    def kill(self) -> None:
        """Kill -9 of the whole process group: what was not stored is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with suppress(ConnectionClosed):
            self.opened.close()


class RawPage:
    """One tab."""

    def __init__(self, browser: RawChromium, target: str, session: str) -> None:
        self.browser, self.target, self.session = browser, target, session

    def call(self, method: str, /, **params: Any) -> Any:
        """What the browser answers to `method`, of this page. Raises Refused."""
        return self.browser.call(method, self.session, **params)

    def hear(self, method: str, then: Callable[[Any], None]) -> None:
        """Let `then` have every event `method` of this page; its domain must be enabled."""
        self.browser.hear(method, then, self.session)

    def go(self, address: str) -> None:
        """Open `address`, and wait until it is there."""
        loaded: list[Any] = []
        self.call("Page.enable")
        self.hear("Page.loadEventFired", loaded.append)
        failed = self.call("Page.navigate", url=address).get("errorText")
        until = time.monotonic() + _PATIENCE_S
        while not failed and not loaded and time.monotonic() < until:
            self.browser.listen(0.02)
        if not loaded:
            raise Refused(f"{address}: {failed or 'did not load'}")

    def evaluate(self, expression: str, *, gesture: bool = False) -> Any:
        """The value of `expression`, a promise waited for; with `gesture` as if somebody had tapped. Raises Refused."""
        options = {"awaitPromise": True, "returnByValue": True, "userGesture": gesture}
        answer = self.call("Runtime.evaluate", expression=expression, **options)
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise Refused(thrown.get("exception", {}).get("description", thrown["text"]))
        return answer["result"].get("value")

    def show(self) -> None:
        """Bring it to the front: the tab that was there is hidden."""
        self.browser.call("Target.activateTarget", targetId=self.target)

    def minimize(self) -> None:
        """Put its window away: hidden."""
        self._window("minimized")

    def restore(self) -> None:
        """Bring its window back."""
        self._window("normal")

    def _window(self, state: str) -> None:
        window = self.browser.call("Browser.getWindowForTarget", targetId=self.target)["windowId"]
        self.browser.call("Browser.setWindowBounds", windowId=window, bounds={"windowState": state})

    def freeze(self) -> None:
        """Let nothing run in it any more, as phones do with pages out of sight."""
        self.call("Page.setWebLifecycleState", state="frozen")

    def thaw(self) -> None:
        """Let it go on, in front: a page that was frozen takes itself for hidden until its window comes back."""
        self.call("Page.setWebLifecycleState", state="active")
        self.minimize()
        self.restore()

    def slow(self, factor: float) -> None:
        """A processor so many times slower; 1 for as it is."""
        self.call("Emulation.setCPUThrottlingRate", rate=factor)

    def close(self) -> None:
        """Close it."""
        self.browser.call("Target.closeTarget", targetId=self.target)


def _told(file: Path) -> tuple[int, str]:
    """Port and path the browser writes down once it listens."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        with suppress(FileNotFoundError, ValueError):
            port, path = file.read_text().split("\n")[:2]
            return int(port), path
        time.sleep(0.02)
    raise Refused("Chromium did not start")


@contextmanager
def raw_chromium(folder: Path, *flags: str) -> Iterator[RawChromium]:
    """A browser whose profile is `folder`; killed afterwards."""
    browser = RawChromium(folder, flags)
    try:
        yield browser
    finally:
        browser.kill()

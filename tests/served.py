"""A house on a real port, and a browser's page that notes what goes wrong in it."""

import datetime as dt
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import uvicorn

from retropace.web.app import app
from retropace.web.house import House
from retropace.web.link_messages import MOST_BYTES
from retropace.web.protocol import PatientProtocol

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

#: The instant every test's house believes it is: a Sunday morning.
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
#: By these names a test's house is reached.
HOSTS = frozenset({"testserver", "127.0.0.1", "localhost"})
#: The two sizes every page is looked at.
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def on_the_day(context: "BrowserContext") -> None:
    """Let every clock of its pages go from the instant that the house believes in, whatever the day really is."""
    ahead_ms = round((NOW - dt.datetime.now(dt.UTC)).total_seconds() * 1000)
    context.add_init_script(f"({_SET_CLOCKS})({ahead_ms})")


_SET_CLOCKS = """(ahead) => {
  const Real = Date, origin = performance.timeOrigin;
  globalThis.Date = class Date extends Real {
    constructor(...told) { told.length ? super(...told) : super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
  Object.defineProperty(performance, "timeOrigin", { get: () => origin + ahead });
}"""


@contextmanager
def serving(house: House) -> Iterator[str]:
    """The house on a port of its own; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(
            uvicorn.Config(
                app(house),
                http=PatientProtocol,
                log_level="warning",
                lifespan="off",
                ws="websockets-sansio",
                ws_max_size=MOST_BYTES,
                ws_per_message_deflate=False,
                ws_ping_interval=None,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)


def context_of(
    browser: "Browser", size: dict[str, int], *, dark: bool = False, scripts: bool = True, keeps: bool = False
) -> "BrowserContext":
    """A browser of one's own, without cookies; `keeps`: its service worker may keep pages."""
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    return browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=scheme,
        reduced_motion="reduce",
        java_script_enabled=scripts,
        service_workers="allow" if keeps else "block",
    )


def listen(page: "Page", origin: str, troubles: list[str]) -> None:
    """Note every error in the console and every request to anywhere but `origin` in `troubles`."""

    def noted(message: "ConsoleMessage") -> None:
        # A day without a session is answered with 404, which every browser calls an error.
        rests = message.location["url"].endswith("/coach/session.json") and "404" in message.text
        if message.type == "error" and not rests:
            troubles.append(f"{page.url}: {message.text}")

    page.on("console", noted)
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("request", lambda r: None if r.url.startswith((origin, "blob:", "data:")) else troubles.append(r.url))

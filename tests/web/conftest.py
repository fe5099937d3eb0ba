"""A house on a file of its own, its clock stopped at the day this was written; a client without a browser, and a browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from argon2 import PasswordHasher

from browsing import Browser
from made_stores import begun_store
from raw_chromium import UNSEEN
from retropace.store.database import open_database, sqlite_url
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.recordings import Recordings
from retropace.web.app import app
from retropace.web.house import House
from served import DESKTOP, HOSTS, NOW, PHONE, TODAY, context_of, listen, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import BrowserType, Page

__all__ = ["DESKTOP", "FLAGS", "NOW", "PHONE", "TODAY", "Client"]


@pytest.fixture(autouse=True, scope="module")
def _quick_passwords() -> Iterator[None]:
    """Hashes of passwords at no cost here; tests/store/test_people.py holds what they cost elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("retropace.store.passwords._hasher", lambda: quick)
        yield


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """An empty house of one person; that of the demo person for tests that ask for `lived`."""
    path = tmp_path / "retropace.db"
    if "lived" in request.fixturenames:
        shutil.copy(request.getfixturevalue("lived_file"), path)
        database = open_database(sqlite_url(path))
    else:
        database = begun_store(path)
    yield House(database, secret=b"test", clock=lambda: NOW, hosts=HOSTS)
    database.close()


@pytest.fixture
def notebook(house: House) -> Notebook:
    """The one person's notebook."""
    return Notebook(house.database, LOCAL)


@pytest.fixture
def lived(notebook: Notebook) -> Notebook:
    """The notebook of somebody with weeks behind them."""
    return notebook


@pytest.fixture
def recordings(house: House) -> Recordings:
    """The one person's recordings."""
    return Recordings(house.database, LOCAL)


class Client(Browser):
    """A client that sends forms as our pages do, and reads their answers unpacked."""

    def submit(self, path: str, **fields: object) -> httpx2.Response:
        """Post a form with its token; the page that follows."""
        self.headers.setdefault("accept-encoding", "identity")
        return super().submit(path, **fields)


@pytest.fixture
def client(house: House) -> Iterator[Client]:
    """A client of the empty house."""
    with Client(app(house), base_url="http://testserver") as made:
        yield made


# -- a real browser -----------------------------------------------------------------------------------------------------

#: The driver's own list, which a second one would replace.
_DRIVER_DISABLES = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
FLAGS = (
    f"--disable-features={','.join(_DRIVER_DISABLES + UNSEEN)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[BrowserType]":
    """What starts Chromium, where it is installed."""
    if _chromium() is None:
        pytest.skip("install Chromium to test the pages in a browser (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium: "BrowserType") -> "Iterator[Chromium]":
    """Headless Chromium, without the windows around a page where that is installed: a third less work."""
    made = chromium.launch(executable_path=_chromium_alone(), args=list(FLAGS))
    yield made
    made.close()


@pytest.fixture(scope="session")
def whole_browser(chromium: "BrowserType") -> "Iterator[Chromium]":
    """Chromium as people have it: with sensors, screen locks, and sound that waits for a touch."""
    made = chromium.launch(executable_path=_chromium(), args=list(FLAGS))
    yield made
    made.close()


@pytest.fixture(scope="session")
def large_print_browser(chromium: "BrowserType") -> "Iterator[Chromium]":
    """Chromium as somebody set it who needs letters twice as large."""
    made = chromium.launch(executable_path=_chromium_alone(), args=[*FLAGS, "--blink-settings=defaultFontSize=32"])
    yield made
    made.close()


def _chromium_alone() -> str | None:
    return shutil.which("chromium-headless-shell") or _chromium()


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture
def served(house: House) -> Iterator[str]:
    """The house on a real port; its address."""
    with serving(house) as address:
        yield address


@pytest.fixture
def open_page(browser: "Chromium", served: str) -> "Iterator[Callable[..., Page]]":
    """Opens an address of the served house in a page of its own; fails on console errors and on requests elsewhere."""
    troubles: list[str] = []
    contexts = []

    def opened(path: str = "/", *, size: dict[str, int] = PHONE, dark: bool = False) -> "Page":
        context = context_of(browser, size, dark=dark)
        contexts.append(context)
        page = context.new_page()
        listen(page, served, troubles)
        page.goto(served + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not troubles

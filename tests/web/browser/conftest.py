"""The lived-in houses, made once, served once, and looked at in a page that is used again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.testclient import TestClient

from houses import Houses, lived_in
from retropace.web.app import app
from served import PHONE, context_of, listen, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory, lived_file: Path) -> Iterator[Houses]:
    """One person's house and a shared one over the same notebook."""
    made = lived_in(tmp_path_factory.mktemp("lived"), lived_file)
    yield made
    made.alone.database.close()


class Walker:
    """Goes to addresses without a browser: to the house of one person, and where that has no such page to the shared one."""

    def __init__(self, houses: Houses) -> None:
        self.houses = houses
        self.alone = TestClient(app(houses.alone), base_url="http://testserver")
        self.shared = TestClient(app(houses.shared), base_url="http://testserver")
        self._alone: dict[str, bool] = {}

    def is_page_alone(self, path: str) -> bool:
        """Whether a whole page stands at an address of one person's house."""
        if path not in self._alone:
            self._alone[path] = is_page(self.alone.get(path, follow_redirects=False))
        return self._alone[path]

    def is_page(self, path: str) -> bool:
        """Whether a whole page stands at an address of either house."""
        return self.is_page_alone(path) or is_page(self.go_shared(path))

    def go(self, path: str) -> httpx2.Response:
        """What stands at an address, wherever it is."""
        answer: httpx2.Response = self.alone.get(path, follow_redirects=False)
        return answer if answer.status_code != 404 else self.go_shared(path)

    def go_shared(self, path: str) -> httpx2.Response:
        """What stands at an address of the shared house."""
        self.shared.cookies.clear()
        self.shared.cookies.update(self.houses.cookies_for(path))
        answer: httpx2.Response = self.shared.get(path, follow_redirects=False)
        return answer


def is_page(answer: httpx2.Response) -> bool:
    """Whether it is shown as a page: not a part of one, not a file to keep."""
    shown = answer.status_code == 200 and "attachment" not in answer.headers.get("content-disposition", "")
    return shown and answer.text.lstrip().startswith("<!doctype html>")


@pytest.fixture(scope="session")
def walker(houses: Houses) -> Walker:
    """One who goes from door to door."""
    return Walker(houses)


@dataclass
class Eyes:
    """A browser whose page is used again, at any size; what went wrong in it since the last look."""

    browser: "Browser"
    houses: Houses
    alone: str
    shared: str
    troubles: list[str] = field(default_factory=list)

    def at(self, path: str, size: dict[str, int], *, shared: bool = False) -> "Page":
        """An address in the page at this size, in a light room."""
        page = self._page
        page.context.clear_cookies()
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(size)  # type: ignore[arg-type]
        origin = self.alone
        if shared:
            origin = self.shared
            for name, value in self.houses.cookies_for(path).items():
                page.context.add_cookies([{"name": name, "value": value, "url": origin}])
        page.goto(origin + path)
        return page

    def settled(self) -> list[str]:
        """What went wrong since the last time this was asked."""
        found, self.troubles[:] = list(self.troubles), []
        return found

    @cached_property
    def _page(self) -> "Page":
        context: BrowserContext = context_of(self.browser, PHONE)
        page = context.new_page()
        listen(page, "http://127.0.0.1:", self.troubles)
        return page


@pytest.fixture(scope="session")
def served_twice(houses: Houses) -> Iterator[tuple[str, str]]:
    """Where the house of one person stands, and the shared one."""
    with serving(houses.alone) as alone, serving(houses.shared) as shared:
        yield alone, shared


@pytest.fixture(scope="session")
def eyes(browser: "Browser", houses: Houses, served_twice: tuple[str, str]) -> Eyes:
    """The lived-in houses, seen in a browser."""
    return Eyes(browser, houses, *served_twice)


@pytest.fixture(scope="session")
def eyes_for_large_print(large_print_browser: "Browser", houses: Houses, served_twice: tuple[str, str]) -> Eyes:
    """The same, with letters twice as large."""
    return Eyes(large_print_browser, houses, *served_twice)

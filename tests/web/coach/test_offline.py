"""Offline: what a phone keeps opens with the server gone, holds nothing personal, and a new edition waits for its turn."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from retropace.web import assets, offline
from retropace.web.app import app
from retropace.web.house import House
from served import PHONE, context_of, listen, on_the_day, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: What stands in the pages of the runner's house and nowhere in what is kept.
PERSONAL = re.compile(r'name="csrf"|repeats of|Signed in|retropace_', re.IGNORECASE)


@pytest.fixture
def client(runner: House) -> Iterator[TestClient]:
    """A client of a house in which somebody has a session today."""
    with TestClient(app(runner), base_url="http://testserver") as made:
        yield made


def test_kept_pages_hold_nothing_personal(client: TestClient) -> None:
    for path in (*offline.PAGES, "/offline"):
        assert not PERSONAL.search(client.get(path).text), path


def test_everything_that_a_kept_page_asks_for_is_kept(client: TestClient) -> None:
    kept = {assets.address(name) for name in offline.kept_assets()}
    for path in (*offline.PAGES, "/offline"):
        asked = set(re.findall(r'(?:href|src)="(/s/[^"]+)"', client.get(path).text))
        assert asked <= kept, path
    for name in offline.kept_assets():
        if name.endswith(".js"):
            text = assets.assets()[name].content.decode()
            imported = set(re.findall(r'(?:from|import)\s*\(?\s*"\./([\w.-]+)"', text))
            assert imported <= set(offline.kept_assets()), name


def test_the_worker_names_an_edition_that_follows_what_it_keeps(client: TestClient) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.text == client.get("/sw.js").text
    assert assets.edition() in answer.text
    assert "%EDITION%" not in answer.text
    assert offline.service_worker(b"one") != offline.service_worker(b"other")


def test_whoever_may_see_nothing_may_keep_the_coach(runner: House) -> None:
    with TestClient(
        app(replace(runner, accounts=True)), base_url="http://testserver", follow_redirects=False
    ) as anybody:
        for path in (*offline.PAGES, "/offline", "/sw.js"):
            assert anybody.get(path).status_code == 200, path


# -- in a browser -------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept_page(browser: "Browser") -> "Iterator[Callable[[str], Page]]":
    """Opens a page whose service worker keeps it; waits until it does."""
    contexts, troubles = [], list[str]()

    def opened(address: str) -> "Page":
        context = context_of(browser, PHONE, keeps=True)
        contexts.append(context)
        on_the_day(context)
        page = context.new_page()
        listen(page, address.rpartition("/")[0], troubles)
        page.goto(address)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        for _ in range(100):
            if page.evaluate("Boolean(navigator.serviceWorker.controller)"):
                return page
            time.sleep(0.05)
        raise AssertionError("the worker never took over")

    yield opened
    for context in contexts:
        context.close()


def heading(page: "Page") -> str:
    return page.locator("h1").first.inner_text()


def test_the_coach_opens_with_the_server_gone(runner: House, kept_page: "Callable[[str], Page]") -> None:
    with serving(runner) as address:
        page = kept_page(f"{address}/coach")
        page.locator("text=Six repeats").first.wait_for()
        asked = page.locator("h1").first.inner_text()
    page.reload()
    until(lambda: heading(page) == asked)
    page.goto(f"{address}/phone")
    assert heading(page) == "This phone"
    page.goto(f"{address}/plan")
    assert heading(page) == "There is no connection to your retropace"
    page.get_by_role("link", name="Open the coach").click()
    until(lambda: heading(page) == asked)  # kept pages are filled in after they are shown


def test_a_new_edition_waits_for_the_end_of_a_session(
    runner: House, kept_page: "Callable[[str], Page]", monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(runner) as address:
        page = kept_page(f"{address}/phone")
        before = page.evaluate("caches.keys()")
        page.evaluate(
            "() => { navigator.locks.request('retropace-session', () => new Promise((end) => { window.end = end })) }"
        )
        made = offline.service_worker
        monkeypatch.setattr("retropace.web.pages.phone.service_worker", lambda pages: made(pages + b"new"))
        page.evaluate("navigator.serviceWorker.getRegistration().then((kept) => kept.update()).then(() => true)")
        waiting = "navigator.serviceWorker.getRegistration().then((kept) => Boolean(kept.waiting))"
        until(lambda: page.evaluate(waiting))
        page.evaluate(
            """navigator.serviceWorker.getRegistration().then((kept) => kept.waiting.postMessage("activate-when-idle"))"""
        )
        time.sleep(0.5)
        assert page.evaluate(waiting), "it never comes under a runner"
        assert set(before) < set(page.evaluate("caches.keys()")), "what the running page needs stays"
        page.evaluate("() => window.end()")
        page.goto("about:blank")  # nobody has the old one open any more, and the next page asks
        page.goto(f"{address}/phone")
        until(lambda: not page.evaluate(waiting))
        until(lambda: page.evaluate("caches.keys()") != before and len(page.evaluate("caches.keys()")) == 1)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 45  # the browser lets a new worker in once the old one has been idle for 30 s at most
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)

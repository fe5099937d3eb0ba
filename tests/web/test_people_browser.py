"""In a real browser: signing in with a phone's code, inviting somebody, and what scripts add to settings."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyotp
import pytest

from neighbours import PASSWORD, Neighbourhood, neighbourhood
from retropace.store.notebook import Notebook
from retropace.web.assets import address as asset
from served import PHONE, context_of, listen, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path) as made:
        yield made


def sign_in(page: "Page", login: str) -> None:
    page.get_by_label("E-mail or name").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


#: How many days are still kept once nobody forgets one any more, at the latest after five seconds.
DAYS_LEFT = """
  for (let looks = 0; looks < 50; looks += 1) {
    const { length } = await keep.every("guides", "day");
    if (!length || looks === 49) return length;
    await new Promise((over) => setTimeout(over, 100));
  }
"""


def keep(does: str) -> str:
    """Script for a page: `does` something with what the coach keeps on this phone."""
    opened = f"const keep = await (await import('{asset('coach-keep.js')}')).openKeep();"
    return f"async () => {{ {opened} {does} }}"


def test_two_people_a_second_step_and_an_invitation(browser: "Browser", where: Neighbourhood) -> None:
    troubles: list[str] = []
    where.somebody("ada").live()
    where.somebody("kim@clinic.example")
    with serving(where.house) as address:
        ada, kim = (context_of(browser, PHONE) for _ in range(2))
        ada.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        mine, theirs = ada.new_page(), kim.new_page()
        for page in (mine, theirs):
            listen(page, address, troubles)
        mine.goto(f"{address}/settings/second-step")
        sign_in(mine, "ada")
        secret = mine.locator("input[name=secret]").get_attribute("value") or ""
        mine.get_by_label("Write the six digits it shows").fill(pyotp.TOTP(secret).at(where.clock.now))
        mine.get_by_label("And your password").fill(PASSWORD)
        mine.get_by_role("button", name="Turn it on").click()
        assert mine.locator(".codes li").count() == 10
        where.clock.wait(minutes=1)
        mine.goto(f"{address}/settings")
        mine.evaluate(keep("await keep.keepGuide('2026-11-22', {}); await keep.beginRun({ id: 'unsent' });"))
        mine.get_by_role("button", name="Sign out").click()
        assert mine.evaluate(keep(DAYS_LEFT)) == 0
        assert mine.evaluate(keep("return (await keep.runs()).length")) == 1
        mine.goto(f"{address}/sharing")
        sign_in(mine, "ada")
        mine.get_by_label("Code").fill(pyotp.TOTP(secret).at(where.clock.now))
        mine.get_by_role("button", name="Go on").click()
        assert mine.url == f"{address}/sharing"
        mine.get_by_label("Whom").fill("Kim, physiotherapy")
        mine.get_by_role("button", name="Make the link").click()
        mine.get_by_role("button", name="Copy").click()
        mine.get_by_role("button", name="Copied").wait_for()
        link = mine.evaluate("navigator.clipboard.readText()")
        theirs.goto(link)
        sign_in(theirs, "kim@clinic.example")
        theirs.get_by_role("button", name="Accept").click()
        theirs.get_by_role("link", name="adaName").click()
        theirs.locator("main").get_by_role("link", name="Plan").click()
        assert "You look at adaName’s pages." in theirs.locator(".simulated").inner_text()
        for context in (ada, kim):
            context.close()
    assert not troubles


def test_where_the_browser_is(open_page: "Callable[..., Page]", notebook: Notebook) -> None:
    from playwright.sync_api import expect

    page = open_page("/settings/display")
    here = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    page.locator("#zone-here button").click()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("heading", name="Settings").wait_for()
    assert notebook.settings().zone == here
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 48.137, "longitude": 11.575})
    page.goto(page.url.replace("/settings", "/settings/home"))
    page.get_by_role("button", name="Where I am now").click()
    expect(page.locator("#home")).to_have_value("48.13700, 11.57500")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept. It counts at once").wait_for()
    assert notebook.settings().home == (48.137, 11.575)

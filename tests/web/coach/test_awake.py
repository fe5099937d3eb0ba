"""Awake: the screen stays on, and where it does not, that is told with its reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from phone import Phone, phone_in
from raw_chromium import raw_chromium
from retropace.web.assets import address

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOLD = """
const { Awake } = await asset("coach-awake.js");
const awake = self.awake = new Awake();
self.heard = [];
awake.addEventListener("held", ({ detail }) => self.heard.push([detail.held, detail.why]));
return awake.hold();
"""


@pytest.fixture
def phone(whole_browser: "Browser", served: str) -> Iterator[Phone]:
    with phone_in(whole_browser, served) as made:
        yield made


def test_held_and_let_go(phone: Phone) -> None:
    assert phone.run(HOLD) is True
    assert phone.run("return [self.heard, self.awake.held]") == [[[True, None]], True]
    assert phone.run("await self.awake.hold(); return self.heard.length") == 1, "told once"
    phone.run("self.awake.release()")
    assert phone.run("return [self.heard.length, self.awake.held]") == [1, False], "letting go is no loss"


def test_refused(phone: Phone) -> None:
    phone.permit("screen-wake-lock", "denied")
    assert phone.run(HOLD) is False
    assert phone.run("return self.heard") == [[False, "refused"]]
    phone.permit("screen-wake-lock", "granted")
    phone.page.mouse.click(5, 5)  # Safari grants it inside a tap only
    phone.wait(0.2)
    assert phone.run("return [self.heard, self.awake.held]") == [[[False, "refused"], [True, None]], True]


def test_a_browser_without_a_lock(phone: Phone) -> None:
    phone.run("delete Navigator.prototype.wakeLock")
    assert phone.run(HOLD) is False
    assert phone.run("return self.heard") == [[False, "absent"]]


#: Locks that a test can take away.
LOCKS = """
self.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
  const lock = Object.assign(new EventTarget(), { released: false });
  lock.release = async () => { lock.released = true; lock.dispatchEvent(new Event("release")); };
  self.locks.push(lock);
  return lock;
} } });
"""


def test_taken_while_in_sight_is_told_and_asked_for_again(phone: Phone) -> None:
    phone.run(LOCKS)
    phone.run(HOLD)
    phone.run("await self.locks[0].release()")
    assert phone.run("return self.heard") == [[True, None], [False, "taken"]]
    phone.page.mouse.click(5, 5)
    phone.wait(0.1)
    assert phone.run("return [self.heard.at(-1), self.locks.length]") == [[True, None], 2]


def test_let_go_while_it_was_asked_for(phone: Phone) -> None:
    phone.run(LOCKS)
    phone.run(HOLD.replace("return awake.hold()", "const held = awake.hold(); awake.release(); await held"))
    assert phone.run("return [self.heard, self.locks[0].released, self.awake.held]") == [[], True, False]


def test_out_of_sight_it_is_lost_and_back_in_sight_held_again(served: str, tmp_path: Path) -> None:
    body = HOLD.replace('await asset("coach-awake.js")', f"await import('{address('coach-awake.js')}')")
    with raw_chromium(tmp_path) as browser:
        page = browser.page(served + "/evidence")
        assert page.evaluate(f"(async () => {{ {body} }})()") is True
        front = browser.page()
        browser.listen(0.3)
        assert page.evaluate("heard") == [[True, None], [False, "hidden"]]
        page.show()
        front.close()
        browser.listen(0.3)
        assert page.evaluate("[heard.length, heard.at(-1), awake.held]") == [3, [True, None], True]

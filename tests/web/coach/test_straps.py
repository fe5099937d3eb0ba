"""The card of straps and treadmills, and what a belt is told while a session runs."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from coach_flow import Json, give, is_there, live, marks, phone, shortened, tick, wait
from fake_gatt import GATT
from served import PHONE, listen
from web.browser.look import ALL_RULES, axe, tangled, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Opens = Callable[..., "Page"]
SMALL = {"width": 320, "height": 640}
#: A browser that finds these devices, one after the other.
FINDS = "self.mill = gatt.mill(); self.strap = gatt.strap();"
FINDS += "Object.defineProperty(navigator, 'bluetooth', { value: gatt.chooser(self.strap, self.mill) });"


def on_belt(told: Json) -> Json:
    """Today's session on a treadmill that may go 5.5 km/h, in a few seconds."""
    for guide in (told["guide"], told["walking"]["guide"]):
        guide["safety"] |= {"treadmill": True, "treadmill_kmh": 5.5, "speed_mps": 2.0, "spotter_required": False}
    return shortened(told, (("walk", 1.0), ("reverse", 15.0), ("walk", 30.0)))


@pytest.fixture
def opens(browser: "Browser", coach_at: str) -> "Iterator[Opens]":
    """Opens the coach in a browser that finds a strap and a treadmill; fails on console errors."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def opened(change: Callable[[Json], Json] = on_belt) -> "Page":
        context = browser.new_context(viewport=PHONE, reduced_motion="reduce", service_workers="block")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(GATT + FINDS)
        listen(page, coach_at, troubles)
        phone(page, context)
        give(page, change)
        page.goto(coach_at + "/coach")
        is_there(page)
        page.wait_for_selector("#bluetooth:not([hidden])")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not troubles


def pair(page: "Page", name: str) -> None:
    page.click("#bluetooth [data-do=pair]")
    page.wait_for_selector(f"#bluetooth [data-part=devices] b:text-is('{name}')")


def belt(page: "Page", kmh: float) -> None:
    """Have the treadmill tell its speed."""
    hundredths = round(kmh * 100)
    page.evaluate("(bytes) => mill.at(0x1826, 0x2acd).notify(bytes)", [0, 0, hundredths & 255, hundredths >> 8])


def commands(page: "Page") -> list[list[int]]:
    """What the treadmill was told."""
    found: list[list[int]] = page.evaluate("mill.at(0x1826, 0x2ad9).written")
    return found


def test_a_strap_a_treadmill_and_nothing(opens: Opens) -> None:
    page = opens()
    pair(page, "strap")
    assert page.locator("#bluetooth [data-part=belt]").is_hidden()
    pair(page, "mill")
    rows = page.locator("#bluetooth [data-part=devices] li").all_inner_texts()
    assert [row.split("\n\n") for row in rows] == [
        ["strap\nconnected", "heart rate"],
        ["mill\nconnected", "the belt's speed"],
    ]
    assert "down to your limit of 5.5 km/h" in page.inner_text("#bluetooth")
    page.click("#bluetooth [data-do=pair]")
    page.wait_for_selector("#bluetooth [data-part=state]:has-text('Nothing was chosen')")
    page.evaluate("strap.refuses = 9; strap.drop()")
    page.wait_for_selector("#bluetooth li:has-text('out of reach')")
    assert commands(page) == [], "to be heard is not to be told"
    assert axe(page, ALL_RULES) == []
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    assert too_wide(page) + tangled(page) == []


def test_a_treadmill_that_lets_nobody_set_it(opens: Opens) -> None:
    page = opens()
    page.evaluate("navigator.bluetooth.requestDevice = async () => mill")
    pair(page, "mill")
    page.evaluate("mill.at(0x1826, 0x2ad9).answer = () => 5; 0")
    page.click("#bluetooth .tickrow")
    page.wait_for_selector("#bluetooth [data-part=refused]:has-text('Set it by hand')")
    assert not page.is_checked("#bluetooth [data-part=allow]")
    begin(page)
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-part=todo]:has-text('The belt did not answer. Hold on and press its own stop.')")


def begin(page: "Page") -> None:
    tick(page)
    page.click("[data-do=begin]")
    live(page, "running", "reverse")


@pytest.mark.parametrize("allowed", [True, False])
def test_the_belt_is_slowed_where_it_may_be_and_stopped_in_any_case(opens: Opens, allowed: Any) -> None:
    page = opens()
    page.evaluate("navigator.bluetooth.requestDevice = async () => mill")
    pair(page, "mill")
    if allowed:
        page.check("#bluetooth [data-part=allow]")
    begin(page)
    belt(page, 5.0)
    belt(page, 6.0)
    page.wait_for_timeout(200)
    slowed = [[0], [2, 550 & 255, 550 >> 8]] if allowed else []
    wait(page, "({ many }) => mill.at(0x1826, 0x2ad9).written.length >= many", many=len(slowed))
    assert commands(page) == slowed
    page.keyboard.press("Escape")
    live(page, "stopped")
    wait(page, "mill.at(0x1826, 0x2ad9).written.some(([code]) => code === 8)")
    assert commands(page) == [*(slowed or [[0]]), [8, 1]]
    todo = page.inner_text("[data-part=todo]")
    assert todo == "Hold on, press the belt's own stop, and walk until it stands. Look round."


def test_a_belt_above_the_limit_is_walked_off(opens: Opens) -> None:
    page = opens()
    page.evaluate("navigator.bluetooth.requestDevice = async () => mill")
    pair(page, "mill")
    begin(page)
    for _ in range(9):
        belt(page, 7.0)
        page.wait_for_timeout(500)
    live(page, "running", "walk")
    assert [mark["why"] for mark in marks(page) if mark["mark"] == "walk"] == ["speed"]

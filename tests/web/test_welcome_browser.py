"""The first visit in a real browser, on a phone: by keyboard alone, with the watch of a home test, and without scripts."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from retropace.doses import Goal
from retropace.store import Screened, Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from screened import DAY, HEALTHY, STRAIGHT
from welcomed import HEALTHY_YOU

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: What a healthy adult's happy path takes; more than this is a step back.
MOST_SCREENS, MOST_TAPS = 12, 24


class Hand:
    """A hand that only taps, and counts its taps and the screens it saw. Typing a number is one tap into its field."""

    def __init__(self, page: "Page") -> None:
        self.page, self.taps, self.screens = page, 0, 1

    def tap(self, selector: str) -> None:
        self.taps += 1
        self.page.locator(selector).first.click()

    def type(self, field: str, words: str) -> None:
        self.tap(f"#{field}")
        self.page.keyboard.type(words)

    def on(self, words: str, path: str) -> None:
        self.tap(f".btn:has-text('{words}')")
        self.page.wait_for_url(f"**{path}")
        self.screens += 1


def test_from_nothing_to_weeks_in_few_taps(open_page: "Callable[..., Page]", notebook: Notebook) -> None:
    hand = Hand(open_page("/welcome"))
    hand.on("Make my plan", "/plan/you")
    hand.type("age_years", "34")
    for choice in ("sex][value=male", "active][value=yes", "knee_rehabilitation][value=no"):
        hand.tap(f"input[name={choice}]")
    hand.type("ordinary_runs_per_week", "2")
    hand.on("Next", "/plan/heart")
    for path in ("balance", "body", "smaller", "tests"):
        hand.on("No to all of these", f"/plan/{path}")
    hand.on("Another day", "/plan/place")
    hand.tap("input[name=surface][value=grass]")
    hand.type("clear_length", "60")
    hand.type("clear_width", "4")
    for choice in ("slope][value=flat", "dry][value=yes", "daylight][value=yes", "others][value=no"):
        hand.tap(f"input[name={choice}]")
    hand.tap("input[name=watcher][value=spotter]")
    hand.on("See what suits me", "/welcome/result")
    assert hand.page.locator("h1").inner_text().startswith("You can run backward")
    hand.on("See my first week", "/plan/goal")
    hand.on("Next", "/plan/days")
    hand.on("Show my weeks", "/plan/programme")
    assert hand.page.locator(".weeks > li").count() == 12
    wanted = notebook.wanted()
    assert wanted is not None
    assert wanted.goal is Goal.REVERSE
    assert hand.screens <= MOST_SCREENS
    assert hand.taps <= MOST_TAPS


def test_by_keyboard_alone(open_page: "Callable[..., Page]", notebook: Notebook) -> None:
    page = open_page("/welcome/try/you")
    page.locator("#age_years").focus()
    page.keyboard.type("34")
    _tab_to(page, "sex")
    page.keyboard.press("Space")  # female, the first
    page.keyboard.press("ArrowRight")  # male
    page.keyboard.press("Enter")  # a form is sent by Enter
    page.wait_for_url("**/try/heart")
    for path in ("balance", "body", "place"):
        _tab_to(page, "rest")
        page.keyboard.press("Space")
        page.wait_for_url(f"**/try/{path}")
    _tab_to(page, "surface")
    page.keyboard.press("ArrowRight")
    assert page.locator("input[value=grass]").is_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/try/session")
    kept = notebook.screenings()[-1]
    assert (kept.answers.sex, str(kept.place.surface)) == ("male", "grass")


def _tab_to(page: "Page", name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_the_watch_counts_down_is_stopped_by_space_and_by_tap(
    open_page: "Callable[..., Page]", notebook: Notebook
) -> None:
    page = open_page("/welcome/plan/you")
    page.clock.install()
    page.goto(page.url.replace("/you", "/tests/backward_walk_3m"))
    page.locator(".watch button").focus()
    page.keyboard.press("Space")
    assert page.locator(".count").inner_text() == "3"
    page.clock.run_for(3050)
    assert page.locator(".hint").inner_text().startswith("Tap anywhere")
    page.clock.run_for(3000)
    page.keyboard.press("Space")
    first = float(page.locator("#backward_walk_3m_s").input_value())
    assert 2.9 <= first <= 4.0
    assert page.evaluate("document.activeElement.closest('.watch') !== null")
    page.keyboard.press("Space")
    page.clock.run_for(5050)
    page.locator("dialog button").click(position={"x": 30, "y": 700})
    middle = float(page.locator("#backward_walk_3m_s").input_value())
    told = page.locator(".watch [role=status]").inner_text()
    second = float(re.search(r"Try 2: ([\d.]+) s", told)[1])  # type: ignore[index]
    assert middle == pytest.approx((first + second) / 2, abs=0.06)
    assert "middle" in told
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    assert float(page.locator("#backward_walk_3m_s").input_value()) == middle
    page.clock.resume()
    page.wait_for_function("() => document.querySelector('dialog[open]') === null")
    page.click(".btn:has-text('Next')")
    page.wait_for_url("**/tests/single_leg_stance")
    kept = notebook.unfinished()
    assert kept is not None
    assert kept.answers.tests["backward_walk_3m_s"] == middle


def test_an_answer_survives_a_closed_tab_and_back_shows_it(
    open_page: "Callable[..., Page]", notebook: Notebook
) -> None:
    page = open_page("/welcome/plan/heart")
    with page.expect_response("**/plan/heart"):
        page.click("input[name=chest_pain][value=no]")
    kept = notebook.unfinished()
    assert kept is not None
    assert kept.answers.health == {"chest_pain": False}
    assert page.locator("[data-rest]").inner_text() == "No to the rest"
    page.click(".btn:has-text('No to the rest')")
    page.wait_for_url("**/plan/balance")
    page.go_back()
    page.wait_for_url("**/plan/heart")
    assert page.locator("input[value=no]:checked").count() == 5
    assert page.locator("[data-rest]").count() == 0, "nothing is left to say no to"
    page.click(".btn:has-text('Next')")
    page.wait_for_url("**/plan/balance")


def test_without_scripts(browser: "Browser", served: str, notebook: Notebook) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{served}/welcome/plan/you")
    page.fill("#age_years", HEALTHY_YOU["age_years"])
    page.click(".btn:has-text('Next')")
    for _ in range(4):
        page.click(".btn:has-text('No to all of these')")
    page.click(".btn:has-text('Do them now')")
    assert not page.locator(".watch button").is_visible()
    page.fill("#backward_walk_3m_s", "2.8")
    page.click(".btn:has-text('Next')")
    page.goto(f"{served}/welcome/plan/place")
    assert not page.locator("input[name=treadmill_clip]").first.is_visible()
    page.click("input[value=treadmill]")
    assert page.locator("input[name=treadmill_clip]").first.is_visible()
    page.click(".btn:has-text('See what suits me')")
    page.wait_for_url("**/welcome/result")
    assert notebook.screenings()[-1].answers.tests == {"backward_walk_3m_s": 2.8}
    context.close()


WIDE = (
    "/welcome",
    "/welcome/plan/you",
    "/welcome/plan/smaller",
    "/welcome/plan/tests",
    "/welcome/plan/tests/neck_rotation",
    "/welcome/plan/tests/heel_raise",
    "/welcome/plan/place",
)
AFTERWARDS = (
    "/welcome/result",
    "/welcome/again",
    "/welcome/try/session",
    "/welcome/plan/goal",
    "/welcome/plan/days",
    "/welcome/plan/programme",
)


def test_on_a_small_phone_nothing_is_cut_off_or_unnamed(open_page: "Callable[..., Page]", notebook: Notebook) -> None:
    page = open_page("/welcome", size={"width": 320, "height": 640})
    start = page.url.removesuffix("/welcome")
    for path in WIDE:
        _looked_over(page, start + path)
    notebook.keep_screened(Screened(HEALTHY, STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(DAY, 12)))
    for path in AFTERWARDS:
        _looked_over(page, start + path)


def _looked_over(page: "Page", address: str) -> None:
    """No sideways scrolling, and nothing that the accessibility checker finds."""
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    found = Axe().run(page).response["violations"]
    assert not found, (address, [each["id"] for each in found])

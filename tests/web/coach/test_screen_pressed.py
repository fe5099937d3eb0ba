"""The live screen's buttons: STOP at once and always, nothing else by a pocket, going on after a stop only by a hold."""

from typing import TYPE_CHECKING

import pytest

from coach_screen import LOOK, REPEAT, WALK, WARM_UP, Opened, show, told, words_of
from retropace.web.assets import address

if TYPE_CHECKING:
    from playwright.sync_api import Page


# -- stopped --------------------------------------------------------------------------------------------------------------


def test_every_reason_has_words_of_its_own(live: Opened, coach_at: str) -> None:
    page = live()
    keys: list[str] = page.evaluate("async (module) => (await import(module)).REASONS", address("coach-safety.js"))
    assert {"you", "spotter", "clock", "sound", "hidden", "room", "speed", "awake"} <= set(keys)
    words = {}
    for key in keys:
        show(page, piece=REPEAT, left_s=12, status="stopped", why=key)
        words[key] = (words_of(page, "why"), words_of(page, "todo"))
        assert "{" not in "".join(words[key])
        assert words[key][1].startswith("Stand still.")
        show(page, piece=REPEAT, warnings=[{"key": key}])
        if key not in ("you", "spotter"):
            assert words_of(page, "warnings") not in ("", "Something is not right"), key
    assert len({why for why, _ in words.values()}) == len(keys)
    assert words["spotter"][0] == "by Sam, your spotter"
    show(page, piece=REPEAT, left_s=12, status="stopped", why="spotter", spotter=None)
    assert words_of(page, "why") == "by your spotter"
    assert words_of(page, "where") == "12 seconds left in repeat 4"
    show(page, piece=REPEAT, left_s=12, status="stopped", why="never heard of")
    assert words_of(page, "why") == "Something was not right"


def test_stopped_shows_nothing_else_and_does_not_flash(live: Opened) -> None:
    page = live()
    show(page, piece=REPEAT, left_s=12, locked=True)
    show(page, piece=REPEAT, left_s=12, status="stopped", why="you")
    assert page.locator(".halt").is_hidden()
    assert page.locator(".stage .word").is_hidden()
    assert page.locator(".mirror-slot .lr").is_visible()
    assert page.evaluate("() => document.getAnimations().length") == 0
    assert page.evaluate("() => document.activeElement.dataset.part") == "stopped"
    show(page, piece=WALK, left_s=60)
    assert page.locator(".stopped").is_hidden()
    assert page.locator(".stage .lr").is_visible()
    assert page.evaluate("() => document.activeElement.className") == "halt"


def held(page: "Page", name: str, ms: int) -> None:
    """A finger on the button for so long."""
    box = page.locator(f"[data-hold={name}]").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.clock.run_for(ms)
    page.mouse.up()


def test_going_on_takes_a_hold_of_two_seconds(live: Opened) -> None:
    page = live(frozen=True)
    show(page, piece=REPEAT, left_s=12, status="stopped", why="you")
    button = page.locator("[data-hold=resume]")
    assert button.inner_text() == "Hold 2 s: go on walking"
    for _ in range(4):  # short ones do not add up
        held(page, "resume", 1500)
    assert told(page) == []
    assert button.evaluate("one => one.style.getPropertyValue('--held')") == "0.000"
    page.mouse.down()
    page.clock.run_for(1000)
    assert float(button.evaluate("one => one.style.getPropertyValue('--held')")) == pytest.approx(0.5, abs=0.06)
    page.mouse.move(5, 5)  # the finger slid off
    page.clock.run_for(3000)
    page.mouse.up()
    assert told(page) == []
    held(page, "resume", 2100)
    assert told(page) == ["resume"]
    assert page.evaluate("() => window.told[0][1].from") == "stopped"


def test_a_page_that_stood_still_saw_no_finger(live: Opened) -> None:
    page = live(frozen=True)
    show(page, piece=REPEAT, left_s=12, status="stopped", why="you")
    page.locator("[data-hold=resume]").hover()
    page.mouse.down()
    page.clock.run_for(100)
    page.clock.fast_forward(10_000)  # one late turn of the timer, not two hundred
    assert told(page) == []
    page.mouse.up()


def test_going_on_by_keys_and_by_a_screen_reader(live: Opened) -> None:
    page = live(frozen=True)
    show(page, piece=REPEAT, left_s=12)
    show(page, piece=REPEAT, left_s=12, status="stopped", why="you")
    for _ in range(5):  # somebody still hammers on STOP's key
        page.keyboard.press(" ")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.dataset.hold") == "resume"
    for _ in range(3):
        page.keyboard.press("Enter")
    assert told(page) == []
    page.keyboard.down("Enter")
    page.clock.run_for(2100)
    page.keyboard.up("Enter")
    assert told(page) == ["resume"]
    page.evaluate("() => document.querySelector('[data-hold=resume]').click()")  # as a screen reader presses
    assert words_of(page, "resume") == "Hold on, or press once more"
    assert told(page) == ["resume"]
    page.evaluate("() => document.querySelector('[data-hold=resume]').click()")
    assert told(page) == ["resume", "resume"]
    page.clock.run_for(6000)
    page.evaluate("() => document.querySelector('[data-hold=resume]').click()")
    assert told(page) == ["resume", "resume"]


def test_ending_asks(live: Opened) -> None:
    page = live()
    for now, box in (({"status": "stopped", "why": "you"}, ".choices"), ({"locked": False}, ".keys")):
        show(page, piece=WALK, left_s=30, **now)
        page.locator(f"{box}:not(.ask) [data-do=end]").click()
        assert "end" not in told(page)
        page.locator(f"{box}.ask [data-do=end-no]").click()
        assert page.locator(f"{box}:not(.ask)").is_visible()
        assert "end" not in told(page)
    page.locator(".keys:not(.ask) [data-do=end]").click()
    assert page.locator(".halt").is_visible()
    page.locator(".keys.ask [data-do=end-yes]").click()
    assert told(page)[-1] == "end"


# -- what is pressed ------------------------------------------------------------------------------------------------------


def test_stop_acts_as_the_finger_comes_down(live: Opened) -> None:
    page = live()
    for locked in (False, True):
        show(page, piece=REPEAT, left_s=12, locked=locked)
        page.locator(".halt").hover()
        before = len(told(page))
        page.mouse.down()
        assert told(page)[before:] == ["stop"]
        page.mouse.up()
        assert told(page)[before:] == ["stop"]  # once, though a click follows
    at_ms = page.evaluate("() => window.told.find(([kind]) => kind === 'stop')[1].at_ms")
    assert abs(at_ms - page.evaluate("() => Date.now()")) < 60_000
    page.evaluate("() => document.querySelector('.halt').click()")  # a screen reader
    assert told(page).count("stop") == 3


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("key", ["Escape", " ", "Enter"])
def test_stop_by_key_from_anywhere(live: Opened, key: str, locked: bool) -> None:
    page = live()
    show(page, piece=REPEAT, left_s=12, locked=locked)
    assert page.evaluate("() => document.activeElement.className") == "halt"
    page.keyboard.press(key)
    assert told(page).count("stop") == 1
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press(key)
    assert told(page).count("stop") == 2
    show(page, piece=REPEAT, status="done")
    page.keyboard.press(key)
    assert told(page).count("stop") == 2


def test_keys_of_a_button_are_its_own(live: Opened) -> None:
    page = live()
    show(page, piece=WALK, left_s=12, locked=False)
    page.locator("[data-do=pause]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert told(page) == ["pause", "stop"]


def test_what_is_pressed_leaves_as_events(live: Opened) -> None:
    page = live()
    show(page, piece=WALK, left_s=30, locked=False)
    for name in ("pause", "skip", "extend", "sun"):
        page.locator(f"[data-do={name}]").click()
    assert page.evaluate("() => window.told") == [
        ["pause", {}],
        ["skip", {}],
        ["extend", {"seconds": 30}],
        ["sun", {"sun": True}],
    ]
    assert page.locator(".live").get_attribute("data-look") == "sun"
    show(page, piece=WALK, left_s=30, status="paused")
    assert page.locator("[data-do=pause]").is_hidden()
    page.locator("[data-do=resume]").click()
    assert page.evaluate("() => window.told.at(-1)") == ["resume", {"from": "paused"}]
    show(page, piece=REPEAT, left_s=10)
    assert page.locator("[data-do=extend]").is_disabled()


def test_it_locks_itself_and_locked_only_stop_is_alive(live: Opened) -> None:
    page = live(frozen=True)
    show(page, piece=WARM_UP, left_s=300, position_s=-5)
    page.clock.run_for(20_000)
    assert told(page) == []  # not before it has begun
    show(page, piece=WALK, left_s=50)
    spots = page.locator(".keys button:visible, .live-top button:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.x + box.width / 2, box.y + box.height / 2])"
    )
    assert len(spots) == 6
    page.clock.run_for(5100)
    assert told(page) == ["lock"]
    for x, y in spots:
        page.mouse.click(x, y)
    for name in ("pause", "skip", "extend", "end", "sun", "lock"):
        page.locator(f"[data-do={name}]").first.dispatch_event("click")
    assert told(page) == ["lock"]
    assert page.locator("[data-do]:visible").evaluate_all("all => all.map(one => one.dataset.do)") == ["stop"]
    page.locator(".halt").dispatch_event("pointerdown")
    assert told(page) == ["lock", "stop"]


def test_unlocked_by_a_hold_and_locked_again_when_nothing_is_touched(live: Opened) -> None:
    page = live(frozen=True)
    show(page, piece=WALK, left_s=50, locked=True)
    held(page, "unlock", 900)
    page.locator("[data-hold=unlock]").click()
    assert told(page) == ["lock"]
    held(page, "unlock", 1100)
    assert told(page) == ["lock", "unlock"]
    assert page.locator("[data-do=pause]").is_visible()
    page.clock.run_for(8000)
    page.locator("[data-do=sun]").click()
    page.clock.run_for(8000)
    assert told(page) == ["lock", "unlock", "sun"]
    page.locator(".stage").click()  # a pocket
    page.clock.run_for(3000)
    assert told(page) == ["lock", "unlock", "sun", "lock"]


def test_unlocked_by_keys(live: Opened) -> None:
    page = live(frozen=True)
    show(page, piece=WALK, left_s=50, locked=True)
    page.locator("[data-hold=unlock]").focus()
    page.keyboard.down(" ")
    page.clock.run_for(1100)
    page.keyboard.up(" ")
    assert told(page) == ["lock", "unlock"]
    page.locator("[data-do=lock]").click()
    page.locator("[data-hold=unlock]").focus()
    page.keyboard.press("Enter")
    assert words_of(page, "unlock") == "Hold on, or press once more"
    page.keyboard.press("Enter")
    assert told(page) == ["lock", "unlock", "lock", "unlock"]


def test_a_closed_screen_is_deaf(live: Opened) -> None:
    page = live()
    show(page, piece=REPEAT, left_s=12)
    page.evaluate("() => screen_.close()")
    page.keyboard.press("Escape")
    page.locator(".halt").dispatch_event("pointerdown")
    assert told(page) == []


def test_what_a_hand_feels(live: Opened) -> None:
    page = live()
    page.evaluate("() => { window.felt = []; navigator.vibrate = (pattern) => felt.push(JSON.stringify(pattern)) }")
    show(page, piece=WALK, left_s=60)
    show(page, piece=REPEAT, left_s=20)
    show(page, piece=REPEAT, left_s=12, cue=LOOK)
    show(page, piece=REPEAT, left_s=10, cue=LOOK | {"side": "right"})
    show(page, piece=REPEAT, left_s=9, status="stopped", why="you")
    felt = page.evaluate("() => felt")
    assert len(felt) == len(set(felt)) == 5

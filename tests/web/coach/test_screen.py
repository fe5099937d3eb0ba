"""The live screen: read at two metres, nothing over its edge, and words for everything."""

from typing import TYPE_CHECKING, Any

import pytest

from coach_screen import (
    DRILLS,
    LEAST_MM,
    LONG,
    LOOK,
    LOWEST_CAPITAL,
    PHONES,
    REPEAT,
    SIZES,
    TROUBLES,
    WALK,
    WARM_UP,
    Opened,
    every_state,
    seen,
    show,
    words_of,
)
from retropace.guide import Guide

if TYPE_CHECKING:
    from playwright.sync_api import Page


# -- large enough ---------------------------------------------------------------------------------------------------------

#: Font size of each big word as it stands on the screen [CSS px], and where its ink begins and ends.
_LETTERS = """names => Object.fromEntries(names.map(name => {
    const text = document.querySelector(`[data-part=${name}]`), box = text.getBoundingClientRect()
    const scale = text.ownerSVGElement.getScreenCTM().d, px = parseFloat(getComputedStyle(text).fontSize) * scale
    return [name, {px, left: box.left, right: box.right, words: text.textContent}]
}))"""


def letters(page: "Page", *names: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = page.evaluate(_LETTERS, list(names))
    assert all(one["words"] for one in found.values())
    return found


def capital_mm(page: "Page", mm_per_px: float, *names: str) -> dict[str, float]:
    return {name: one["px"] * LOWEST_CAPITAL * mm_per_px for name, one in letters(page, *names).items()}


@pytest.mark.parametrize("phone", PHONES)
def test_word_digits_and_side_are_read_at_two_metres(live: Opened, phone: str) -> None:
    page, mm = live(phone, words=LONG), PHONES[phone][2]
    for piece, left_s in ((REPEAT, 20), (REPEAT, 9), (WALK, 60), (WARM_UP, 299), (WARM_UP, 5999), (DRILLS, 99)):
        show(page, piece=piece, left_s=left_s, locked=True)
        large = capital_mm(page, mm, "word", "digits")
        assert min(large.values()) >= LEAST_MM, (piece, left_s, large)
    for side in ("left", "right"):
        show(page, piece=REPEAT, left_s=12, cue=LOOK | {"side": side}, warnings=TROUBLES[:1])
        large = capital_mm(page, mm, "word", "digits", "shout")
        assert min(large.values()) >= LEAST_MM, (side, large)
    show(page, piece=REPEAT, left_s=12, status="stopped", why="spotter")
    assert capital_mm(page, mm, "stopped-word")["stopped-word"] >= LEAST_MM


@pytest.mark.parametrize("size", SIZES)
def test_long_words_are_squeezed_and_never_lowered(live: Opened, size: str) -> None:
    page = live(size, words=LONG)
    show(page, piece=WALK)
    low = letters(page, "word")["word"]["px"]
    show(page, piece=REPEAT, left_s=12, cue=LOOK | {"side": "right"})
    for one in letters(page, "word", "shout").values():
        assert one["left"] >= 0
        assert one["right"] <= SIZES[size][0] + 1
    assert letters(page, "word")["word"]["px"] == low


# -- nothing over the edge, STOP in its place -----------------------------------------------------------------------------

#: What sticks out of the screen or of its own box, and rows of the stage that lie on each other.
_TANGLED = """() => {
    const found = [], wide = innerWidth, high = innerHeight, live = document.querySelector(".live")
    const seen = (one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(".sr, .live-signs, defs")
    for (const one of live.querySelectorAll("*")) {
        if (!seen(one) || one.localName === "text" || one.closest(".here") || one.matches(".fill")) continue
        const box = one.getBoundingClientRect()
        if (!box.width || !box.height) continue
        if (box.left < -1 || box.right > wide + 1 || box.top < -1 || box.bottom > high + 1)
            found.push(`outside: ${one.outerHTML.slice(0, 80)} ${[box.left, box.top, box.right, box.bottom]}`)
        const style = getComputedStyle(one), nodes = [...one.childNodes]
        const text = one instanceof HTMLElement && nodes.some((node) => node.nodeType === 3 && node.data.trim())
        if (text && style.display !== "inline" && !one.closest(".spotter") &&
            (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 4))
            found.push(`cut off: ${one.textContent.slice(0, 60)}`)
    }
    const stopped = live.dataset.status === "stopped"
    const rows = stopped ? ".stopped .full > *, .mirror-slot, .stopped .choice"
        : ".live-top > *, .live-warn p, .stage > :not(.wash), .keys > *, .halt"
    const boxes = [...live.querySelectorAll(rows)].filter(seen).map((one) => [one, one.getBoundingClientRect()])
    boxes.forEach(([one, a], at) => boxes.slice(at + 1).forEach(([other, b]) => {
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
        const [first, second] = [one, other].map((each) => each.outerHTML.slice(0, 60))
        if (down > 1 && across > 1) found.push(`on each other: ${first} / ${second}`)
    }))
    const [left, right] = [...live.querySelectorAll(".score dd")].map((one) => one.getBoundingClientRect())
    if (!stopped && left.right > right.left && left.bottom > right.top) found.push("repeat and next on each other")
    return found
}"""
_BOX = """() => {
    const {x, y, width, height} = document.querySelector(".halt").getBoundingClientRect()
    return [x, y, width, height]
}"""


@pytest.mark.parametrize("size", SIZES)
def test_nothing_overflows_and_stop_keeps_its_place(live: Opened, size: str) -> None:
    page = live(size)
    places = set()
    for name, _ in every_state(page):
        assert page.evaluate(_TANGLED) == [], name
        x, y, width, height = page.evaluate(_BOX)
        assert width >= 177, name
        assert height >= 72, name
        places.add((x, y, width, height))
        under = page.evaluate("([x, y]) => document.elementFromPoint(x, y).className", [x + width / 2, y + height / 2])
        assert under == "halt", name
    assert len(places) == 1
    page.locator(".keys [data-do=end]").click()
    assert page.evaluate(_TANGLED) == []
    assert tuple(page.evaluate(_BOX)) in places
    for why in ("spotter", "spotter-lost", "hidden", "gps"):
        show(page, piece=REPEAT, left_s=12, status="stopped", why=why)
        assert page.evaluate(_TANGLED) == [], why


def test_the_line_is_the_horizon(live: Opened) -> None:
    page = live()
    top = "name => document.querySelector(name).getBoundingClientRect().top"

    def order() -> tuple[float, float]:
        return page.evaluate(top, ".stage .mirror"), page.evaluate(top, ".stage .word")

    show(page, piece=REPEAT, left_s=12)
    line, word = order()
    assert line < word
    assert page.evaluate('() => getComputedStyle(document.querySelector(".wash rect")).fill').startswith("url")
    show(page, piece=WALK, left_s=12)
    line, word = order()
    assert word < line
    assert page.evaluate('() => getComputedStyle(document.querySelector(".wash rect")).fill').startswith("rgba")
    show(page, piece=DRILLS, left_s=12)
    assert page.locator(".wash").is_hidden()


# -- what is told ---------------------------------------------------------------------------------------------------------


def test_words_of_a_session(live: Opened) -> None:
    page = live()
    show(page, piece=WARM_UP, left_s=300, position_s=-3.2)
    assert [words_of(page, part) for part in ("word", "digits", "next")] == ["READY", "4", "Walk 5:00"]
    show(page, piece=WARM_UP, left_s=300)
    assert [words_of(page, part) for part in ("word", "digits", "unit", "next")] == [
        "WALK",
        "5:00",
        "minutes",
        "Stand 2:00",
    ]
    assert [words_of(page, part) for part in ("repeat-is", "repeat")] == ["repeats left", "6 of 6"]
    show(page, piece=DRILLS, left_s=99.2)
    assert [words_of(page, part) for part in ("word", "digits", "says")] == ["STAND", "1:40", "Warm-up drills"]
    show(page, piece=REPEAT, left_s=12)
    assert [words_of(page, part) for part in ("word", "digits", "unit", "next")] == [
        "REVERSE",
        "12",
        "seconds",
        "Walk 60",
    ]
    assert [words_of(page, part) for part in ("repeat-is", "repeat", "says")] == ["repeat", "4 of 6", "Reverse run"]
    show(page, piece=WALK, left_s=0.4)
    assert [words_of(page, part) for part in ("digits", "repeat-is", "repeat")] == ["1", "repeats left", "2 of 6"]
    show(page, piece=17, left_s=3)
    assert [words_of(page, part) for part in ("repeat", "next")] == ["0 of 6", "Done"]
    assert page.locator("[data-part=next] use").get_attribute("href") == "#live-end"


def test_direction_of_what_comes_is_a_sign_too(live: Opened) -> None:
    page = live()
    signs = {}
    for piece in (WALK, REPEAT, 3):
        show(page, piece=piece, left_s=9)
        signs[words_of(page, "next").split()[0]] = page.locator("[data-part=next] use").get_attribute("href")
    assert signs == {"Reverse": "#live-back", "Walk": "#live-forth"}


def test_a_cue_stays_as_long_as_it_counts_and_no_longer(live: Opened) -> None:
    page = live(frozen=True)
    cue, shout = page.locator("[data-part=cue]"), page.locator("[data-part=shout]")
    show(page, piece=REPEAT, left_s=12, cue=LOOK)
    assert cue.get_attribute("data-side") == "left"
    assert shout.text_content() == "LEFT"
    assert page.locator(".side").bounding_box()["x"] < shout.bounding_box()["x"]  # type: ignore[index]
    show(page, piece=REPEAT, left_s=11, cue=LOOK | {"side": "right"})
    assert page.locator(".side").bounding_box()["x"] > shout.bounding_box()["x"]  # type: ignore[index]
    page.evaluate("() => { window.last = {kind: 'look', side: 'right', say: 'Look right.', duration_s: 1.8} }")
    page.evaluate(f"() => show({{piece: {REPEAT}, left_s: 11, cue: last}})")
    page.clock.run_for(3000)
    page.evaluate(f"() => show({{piece: {REPEAT}, left_s: 9, cue: last}})")
    assert cue.get_attribute("data-side") is None
    assert words_of(page, "says") == "Reverse run"
    show(page, piece=REPEAT, left_s=8, cue=LOOK)
    show(page, piece=WALK, left_s=60, cue=LOOK | {"kind": "walk", "side": None, "say": "Walk."})
    assert cue.get_attribute("data-side") is None


def test_what_is_read_out(live: Opened) -> None:
    page = live()
    assert page.locator("[data-part=timer]").get_attribute("role") == "timer"
    assert page.locator("[data-part=timer]").get_attribute("aria-live") == "off"
    show(page, piece=REPEAT, left_s=20, cue=LOOK)
    assert page.locator("[role=status][data-part=says-state]").text_content() == "Reverse. 20 seconds."
    assert page.locator("[aria-live=assertive]").text_content() == "Look left."
    show(page, piece=REPEAT, left_s=12)
    assert page.locator("[data-part=timer]").get_attribute("aria-label") == "12 seconds left"
    assert page.locator("[role=status][data-part=says-state]").text_content() == "Reverse. 20 seconds."


def test_the_last_three_seconds_stand_out(live: Opened) -> None:
    page = live()
    counting = []
    for left_s in (4, 3, 2, 1, 0):
        show(page, piece=REPEAT, left_s=left_s)
        counting.append(page.locator(".live[data-count]").count())
    assert counting == [0, 1, 1, 1, 0]


def test_the_ribbon_tells_what_is_done(live: Opened, made: Guide) -> None:
    page = live()
    show(page, piece=REPEAT, left_s=10)
    blocks = page.locator(".lr [data-piece]")
    kinds = dict(blocks.evaluate_all("all => all.map(one => [+one.dataset.piece, one.getAttribute('class')])"))
    assert len(kinds) == len(made.pieces)
    assert {at: kind for at, kind in kinds.items() if at in (0, REPEAT - 1, REPEAT, REPEAT + 1)} == {
        0: "done",
        REPEAT - 1: "done",
        REPEAT: "now",
        REPEAT + 1: "ahead",
    }
    where = page.evaluate(
        "() => { const {left, width} = document.querySelector('.here').getBoundingClientRect(); return left / width }"
    )
    assert where == pytest.approx((made.pieces[REPEAT].end_s - 10) / made.pieces[-1].end_s, abs=0.001)
    # Without motion the marker moves once a second.
    show(page, piece=REPEAT, left_s=9.1)
    still = page.locator(".here").get_attribute("style")
    show(page, piece=REPEAT, left_s=9.4)
    assert page.locator(".here").get_attribute("style") == still


def test_spotter_and_warnings_in_words(live: Opened) -> None:
    page = live()
    spotter, warnings = page.locator("[data-part=spotter]"), page.locator("[data-part=warnings]")
    show(page, piece=REPEAT)
    assert spotter.inner_text() == "Sam linked"
    assert warnings.inner_text() == ""
    show(
        page,
        piece=REPEAT,
        spotter={"linked": False, "name": ""},
        sound=False,
        warnings=[{"key": "gps", "words": "Own words"}],
    )
    assert spotter.inner_text() == "Spotter lost"
    assert warnings.locator("p").all_inner_texts() == ["No sound", "Own words"]
    assert warnings.locator("use").evaluate_all("all => all.map(one => one.getAttribute('href'))") == [
        "#live-sound",
        "#live-gps",
    ]
    show(page, piece=REPEAT, spotter=None, warnings=TROUBLES)
    assert spotter.inner_text() == "No spotter"
    assert warnings.locator("p").count() == 2
    assert "and 2 more" in (warnings.text_content() or "")


def test_what_sensors_see_has_its_place(live: Opened) -> None:
    page = live()
    show(page, piece=REPEAT)
    assert page.locator("[data-part=seen]").is_hidden()
    line, block = page.locator("[data-part=seen]"), page.locator(".mirror .otherwise")
    for state, way, words in (
        ("backward", "back", "seen: backward"),
        ("forward", "forth", "seen: forward"),
        ("standing", "still", "seen: standing"),
        ("sideways", "side", "seen: sideways"),
    ):
        show(page, piece=REPEAT, seen=seen(state))
        assert line.inner_text().strip() == words
        assert line.get_attribute("data-way") == way
        assert line.locator("use").get_attribute("href") == f"#live-{way}"
    show(page, piece=REPEAT, seen=seen("unknown", why="gyroscope"))
    assert line.inner_text().split("\n") == ["cannot tell", "no gyroscope here"]
    assert not block.count()


def test_another_way_than_asked_stands_on_its_side_of_the_ribbon(live: Opened, made: Guide) -> None:
    page = live()
    line, blocks, ends_s = (
        page.locator("[data-part=seen]"),
        page.locator(".mirror .otherwise"),
        made.pieces[REPEAT].end_s,
    )
    for left_s in (12, 8):
        show(page, piece=REPEAT, left_s=left_s, seen=seen("forward", against=True, since_s=ends_s - 15))
    assert line.get_attribute("data-against") == "yes"
    assert blocks.count() == 1
    box, ribbon = blocks.bounding_box(), page.locator(".mirror").first.bounding_box()
    assert box is not None
    assert ribbon is not None
    assert box["y"] + box["height"] / 2 < ribbon["y"] + ribbon["height"] / 2
    show(page, piece=REPEAT, left_s=7, seen=seen("backward"))
    show(page, piece=WALK, left_s=2, seen=seen("backward", against=True, since_s=made.pieces[WALK].end_s - 9))
    assert blocks.count() == 2
    assert blocks.last.get_attribute("class") == "otherwise back"

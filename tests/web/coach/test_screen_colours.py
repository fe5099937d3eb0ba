"""The live screen's colours: letters stand out, in the dark, in the sun and in the browser's own."""

from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from coach_screen import DRILLS, LOOK, REPEAT, WALK, Opened, every_state, show
from retropace.views.palette import DARK, SUN

if TYPE_CHECKING:
    from playwright.sync_api import Page


# -- for everybody's eyes -------------------------------------------------------------------------------------------------


#: Rules of the checker: all of them, and those that other colours can break.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL, COLOURS = {"type": "tag", "values": _TAGS}, {"type": "rule", "values": ["color-contrast"]}


@pytest.mark.parametrize(
    ("size", "theme", "rules"),
    [
        ("iPhone", "dark", ALL),
        ("iPhone", "light", COLOURS),
        ("on its side", "light", ALL),
        ("on its side", "dark", COLOURS),
    ],
)
def test_the_checker_finds_nothing(live: Opened, size: str, theme: str, rules: dict[str, Any]) -> None:
    page = live(size, theme=theme)
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    for name, _ in every_state(page):
        if name in ("reverse", "in trouble", "walk in trouble", "paused"):
            assert faults(page, rules) == [], name
    show(page, piece=REPEAT, left_s=12, status="stopped", why="spotter")
    assert faults(page, rules) == []


def faults(page: "Page", rules: dict[str, Any]) -> list[str]:
    found: list[str] = page.evaluate(
        """async (runOnly) => {
            const {violations} = await axe.run(document, {runOnly, resultTypes: ["violations"]})
            return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`))
        }""",
        rules,
    )
    return found


@pytest.mark.parametrize(("look", "palette", "on_stop"), [("dark", DARK, "#14161A"), ("sun", SUN, "#FFFFFF")])
def test_letters_stand_out(look: str, palette: dict[str, str], on_stop: str) -> None:
    ground = palette["ground"]
    assert contrast(on_stop, palette["stop"]) >= 4.5
    for hue in ("back", "fwd"):
        assert contrast(palette[hue], ground) >= 7  # the word; a rim of the ground keeps the hatch from it
        assert contrast(ground, palette[hue]) >= 4.5  # digits of the countdown
    assert contrast(palette["fwd"], mixed(palette["fwd"], ground, 0.1)) >= 6.9  # on the wash above the line
    assert contrast(palette["ink"], mixed(palette["back"], ground, 0.18)) >= 7
    assert contrast(palette["stop"], ground) >= 4.5
    assert contrast(palette["quiet"], ground) >= 7
    if look == "sun":
        assert contrast(palette["ink"], ground) == pytest.approx(21.0)


@pytest.mark.parametrize(("theme", "palette"), [("dark", DARK), ("light", SUN)])
def test_the_screen_shows_these_colours(live: Opened, theme: str, palette: dict[str, str]) -> None:
    page = live(theme=theme)
    colour = "([name, what]) => getComputedStyle(document.querySelector(name))[what]"
    for piece, hue in ((REPEAT, "back"), (WALK, "fwd"), (DRILLS, "ink")):
        show(page, piece=piece, left_s=12)
        assert page.evaluate(colour, ["[data-part=word]", "fill"]) == rgb(palette[hue])
        assert page.evaluate(colour, ["[data-part=digits]", "fill"]) == rgb(palette["ink"])
    assert page.evaluate(colour, [".live", "backgroundColor"]) == rgb(palette["ground"])
    assert page.evaluate(colour, [".halt", "backgroundColor"]) == rgb(palette["stop"])
    show(page, piece=REPEAT, left_s=2)
    assert page.evaluate(colour, [".time", "backgroundColor"]) == rgb(palette["back"])
    assert page.evaluate(colour, ["[data-part=digits]", "fill"]) == rgb(palette["ground"])


def test_the_browsers_own_colours_serve_as_well(live: Opened) -> None:
    page = live()
    page.emulate_media(forced_colors="active")
    show(page, piece=REPEAT, left_s=12, cue=LOOK)
    edge = "name => parseFloat(getComputedStyle(document.querySelector(name)).borderTopWidth)"
    assert page.evaluate(edge, ".halt") >= 2
    seen = "([name, what]) => getComputedStyle(document.querySelector(name))[what]"
    for part in ("word", "digits"):
        assert page.evaluate(seen, [f"[data-part={part}]", "fill"]) != page.evaluate(seen, [".live", "backgroundColor"])
    assert page.evaluate(seen, ["[data-part=shout]", "fill"]) != page.evaluate(seen, [".cue", "backgroundColor"])
    show(page, piece=REPEAT, left_s=12, status="stopped", why="you")
    assert page.evaluate(seen, ["[data-part=stopped-word]", "fill"]) != page.evaluate(
        seen, [".stopped", "backgroundColor"]
    )


def parts_of(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def rgb(colour: str) -> str:
    return f"rgb({', '.join(map(str, parts_of(colour)))})"


def mixed(over: str, under: str, share: float) -> str:
    pairs = zip(parts_of(over), parts_of(under), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02X}" for one, other in pairs)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2)."""
    shares = [part / 255 for part in parts_of(colour)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)

"""What is wrong with a page as a browser shows it: for people who cannot see it, on a small phone, with large letters."""

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}
#: What another set of colours can break.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
#: Rows of a kind look alike: of each list and table only some are looked at, else a long page takes half a minute.
_ROWS = """most => {
    for (const list of document.querySelectorAll("main :is(ul, ol, tbody, dl, table, div, section, details)")) {
        const seen = {}
        for (const row of [...list.children]) {
            const kind = row.localName + row.className
            seen[kind] = (seen[kind] ?? 0) + 1
            if (seen[kind] > most) row.remove()
        }
    }
}"""
_ROWS_OF_A_KIND, _ROWS_IN_OTHER_COLOURS = 4, 2
#: What the bar at the lower edge of a phone covers can be scrolled free: it is laid under the page meanwhile.
_AXE = """async (asked) => {
    const bar = document.querySelector(".tabs")
    if (bar) bar.style.position = "static"
    const found = await axe.run(document, asked)
    if (bar) bar.style.position = ""
    return found.violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) =>
        `${rule.id}: ${node.html.slice(0, 200)} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message})`))
}"""
#: Elements beyond the right edge, the outermost of them; what scrolls or is cut off inside a box of its own is fine.
_WIDE = """() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    const beyond = [...document.querySelectorAll("main *, header *, nav *")].filter((element) =>
        element.getBoundingClientRect().right > width + 0.5)
    const told = beyond.filter((element) => !beyond.includes(element.parentElement)).slice(0, 3)
    return [`${document.documentElement.scrollWidth} px wide`, ...told.map((element) => element.outerHTML.slice(0, 160))]
}"""
#: Words that lie on words of another element, and words that are cut off by their own box.
_TANGLED = """() => {
    const found = [], lines = []
    const isCut = (element) => element && (getComputedStyle(element).clipPath !== "none" || isCut(element.parentElement))
    const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const element = node.parentElement
        if (!node.data.trim() || element.closest("svg, .sr, .src, [hidden], option, script, dialog:not([open])")) continue
        if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true}) || isCut(element)) continue
        const range = document.createRange()
        range.selectNodeContents(node)
        for (const box of range.getClientRects()) if (box.width > 1) lines.push({node, box, words: node.data.trim()})
        const style = getComputedStyle(element)
        const cut = element.scrollWidth > element.clientWidth + 1 && style.overflowX === "hidden"
        if (cut && style.display !== "inline" && element.clientWidth > 1) found.push(`cut off: ${node.data.trim()}`)
    }
    lines.sort((one, other) => one.box.top - other.box.top)
    lines.forEach((one, at) => {
        for (let next = at + 1; next < lines.length && lines[next].box.top < one.box.bottom; next++) {
            const other = lines[next]
            if (other.node === one.node) continue
            const high = Math.min(one.box.bottom, other.box.bottom) - other.box.top
            const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
            if (wide > 3 && high > 0.35 * Math.min(one.box.height, other.box.height))
                found.push(`on each other: ${one.words.slice(0, 60)} / ${other.words.slice(0, 60)}`)
        }
    })
    return found.slice(0, 8)
}"""


@cache
def _axe_source() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def axe(page: "Page", asked: dict[str, Any], rows: int = 0) -> list[str]:
    """What the accessibility checker says against the page as it is now. The page loses all but so many rows of a kind."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe_source())
    page.evaluate(_ROWS, rows or (_ROWS_OF_A_KIND if asked is ALL_RULES else _ROWS_IN_OTHER_COLOURS))
    found: list[str] = page.evaluate(_AXE, asked)
    return found


def too_wide(page: "Page") -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(_WIDE)
    return found


def tangled(page: "Page") -> list[str]:
    """Words that cannot be read because of others, or because their box is too small."""
    found: list[str] = page.evaluate(_TANGLED)
    return found

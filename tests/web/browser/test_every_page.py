"""Every page of the app in a browser: readable for everybody, quiet, alone, and no wider than a small phone."""

import re
from typing import TYPE_CHECKING

import pytest

from every_door import addresses, get_doors
from retropace.web.doors import Door
from served import DESKTOP, PHONE

from .look import ALL_RULES, COLOURS, axe, tangled, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Eyes, Walker

SMALL, HALF = {"width": 320, "height": 640}, {"width": 640, "height": 400}
#: Addresses whose pages differ only in words from one already looked at.
ALIKE = re.compile(r"^/welcome/try/(?!session)|/tests/(?!heel_raise|neck_rotation)|[?](range|show|day)=")
#: Doors that give a file, or a part of a page.
NO_PAGE = re.compile(r"^/api/|[.][a-z]+$|/(original|part|enlarged|{format})$")
PAGES = [door for door in get_doors() if not NO_PAGE.search(door.path)]


def pages_of(door: Door, walker: "Walker") -> list[str]:
    """The addresses of a door at which a whole page stands."""
    found = [path for path in addresses(door, walker.houses.values) if not ALIKE.search(path)]
    return [path for path in found if walker.is_page(path)]


@pytest.mark.parametrize("door", get_doors(), ids=lambda door: door.path)
def test_a_door_opens(door: Door, walker: "Walker") -> None:
    found = {path: walker.go(path).status_code for path in addresses(door, walker.houses.values)}
    assert found
    assert not {path: status for path, status in found.items() if status not in (200, 303)}


@pytest.mark.parametrize("door", PAGES, ids=lambda door: door.path)
def test_a_page_can_be_used_by_everybody(door: Door, walker: "Walker", eyes: "Eyes") -> None:
    faults = {}
    for path in pages_of(door, walker):
        page = eyes.at(path, SMALL, shared=not walker.is_page_alone(path))
        narrow = fits(page, {"320": SMALL, "1280, enlarged by two": HALF})
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        headings = page.locator("h1").count()
        found = [] if headings == 1 else [f"{headings} h1"]
        found += [] if re.fullmatch(r"\S.* · retropace", page.title(), re.DOTALL) else [f"title {page.title()!r}"]
        faults[path] = [*narrow, *found, *seen_by_day_and_night(page), *eyes.settled()]
    assert not {where: found for where, found in faults.items() if found}


def fits(page: "Page", sizes: dict[str, dict[str, int]]) -> list[str]:
    """What scrolls sideways or cannot be read at these sizes, with their names."""
    found = []
    for name, size in sizes.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"at {name}: {fault}" for fault in too_wide(page) + tangled(page)]
    return found


def seen_by_day_and_night(page: "Page") -> list[str]:
    """What is wrong on a phone by day and at a desk by night; the other way round too where pictures differ by width."""
    drawn_twice = page.locator(".on-wide, .on-narrow").count() > 0
    found = [f"phone: {fault}" for fault in axe(page, ALL_RULES)]
    if drawn_twice:
        page.emulate_media(color_scheme="dark")
        found += [f"phone, dark: {fault}" for fault in axe(page, COLOURS)]
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    found += [f"desktop, dark: {fault}" for fault in axe(page, ALL_RULES, rows=2)]
    if drawn_twice:
        page.emulate_media(color_scheme="light")
        found += [f"desktop: {fault}" for fault in axe(page, COLOURS)]
    return found


@pytest.mark.parametrize("door", PAGES, ids=lambda door: door.path)
def test_a_page_fits_letters_twice_as_large(door: Door, walker: "Walker", eyes_for_large_print: "Eyes") -> None:
    faults = {}
    for path in pages_of(door, walker):
        page = eyes_for_large_print.at(path, PHONE, shared=not walker.is_page_alone(path))
        faults[path] = fits(page, {"390": PHONE, "1280": DESKTOP})
    assert not {where: found for where, found in faults.items() if found}

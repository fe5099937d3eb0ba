"""Somebody who has a session today, in a house on a real port."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from coach_screen import SIZES, Opened, guided, open_live
from made_stores import begun_store
from retropace.doses import Goal
from retropace.guide import Guide
from retropace.store import Screened, Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from retropace.web.house import House
from screened import HEALTHY, STRAIGHT
from served import HOSTS, NOW, TODAY, context_of, listen, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def begin_today(notebook: Notebook) -> None:
    """A healthy runner on a track whose plan begins today: six repeats of 20 seconds backward, with a spotter."""
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - dt.timedelta(days=1)), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY, 12)))


@pytest.fixture
def runner(house: House) -> House:
    """The house of somebody with a session today."""
    begin_today(Notebook(house.database))
    return house


@pytest.fixture
def coach_at(runner: House) -> Iterator[str]:
    """Where that house stands."""
    with serving(runner) as address:
        yield address


@pytest.fixture(scope="module")
def screened_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Such a house for tests that change nothing in it."""
    database = begun_store(tmp_path_factory.mktemp("screen") / "retropace.db")
    begin_today(Notebook(database))
    yield House(database, secret=b"test", clock=lambda: NOW, hosts=HOSTS)
    database.close()


@pytest.fixture(scope="module")
def screen_at(screened_house: House) -> Iterator[str]:
    """Where that house stands."""
    with serving(screened_house) as address:
        yield address


@pytest.fixture(scope="module")
def made(screened_house: House) -> Guide:
    """What its person is coached through today."""
    return guided(screened_house)


@pytest.fixture
def live(browser: "Browser", screen_at: str, made: Guide) -> Iterator[Opened]:
    """Opens the live screen alone in a page of its own; fails on console errors and on requests elsewhere.

    `frozen`: its clock goes only by hand.
    """
    troubles: list[str] = []
    contexts = []

    def opened(size: str = "iPhone", *, frozen: bool = False, **given: Any) -> "Page":
        wide, high = SIZES[size]
        context = context_of(browser, {"width": wide, "height": high})
        contexts.append(context)
        page = context.new_page()
        listen(page, screen_at, troubles)
        if frozen:
            page.clock.install(time=NOW)
        open_live(page, screen_at, made, **given)
        if frozen:
            page.clock.pause_at(NOW + dt.timedelta(hours=1))  # until then it goes on by itself
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not troubles

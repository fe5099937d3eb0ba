"""Somebody who has a session today, in a house on a real port."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from retropace.doses import Goal
from retropace.store import Screened, Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from retropace.web.house import House
from screened import HEALTHY, STRAIGHT
from served import TODAY, serving


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

"""The home workout: seven days, doses, ticks that stay, and a timer that counts as it says."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retropace.doses import Goal
from retropace.exercises import EXERCISES, Workout
from retropace.situation import situation
from retropace.store import Screened, Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from screened import GREEN, HEALTHY, STRAIGHT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.conftest import Client

TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def begun(notebook: Notebook) -> None:
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - DAY), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY, 12)))


def work_of(notebook: Notebook, day: dt.date = TODAY) -> Workout:
    found = next(d for w in situation(notebook, TODAY).programme.weeks for d in w.days if d.date == day)
    assert found.workout
    return found.workout


def test_the_seven_days_and_the_workout_of_today(client: "Client", notebook: Notebook) -> None:
    page = client.get("/home").text
    work = work_of(notebook)
    assert f"<h1>{work.name}</h1>" in page
    assert page.count('href="/home?day=') == 7
    assert page.count('class="card exercise"') == len(work.items)
    assert page.count('role="img"') >= len(work.items), "each with its figure"
    for words in ("Why", "Feel", "Avoid", "How to do it"):
        assert page.count(words) >= len(work.items)


def test_a_tick_stays_and_can_be_taken_back(client: "Client", notebook: Notebook) -> None:
    key = work_of(notebook).items[0].exercise
    page = client.submit("/home/done", day=str(TODAY), exercise=key, done="yes").text
    assert notebook.exercises_done() == {TODAY: {key}}
    assert 'aria-pressed="true"' in page
    assert re.search(r"1/\d", page)
    client.submit("/home/done", day=str(TODAY), exercise=key, done="no")
    assert notebook.exercises_done() == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"day": str(TODAY + DAY)},
        {"day": str(TODAY - 20 * DAY)},
        {"day": ""},
        {"exercise": "push_up"},
        {"done": "perhaps"},
    ],
)
def test_odd_ticks_are_a_sentence(client: "Client", notebook: Notebook, fields: dict[str, str]) -> None:
    told = {"day": str(TODAY), "exercise": work_of(notebook).items[0].exercise, "done": "yes", **fields}
    assert client.submit("/home/done", **told).status_code == 400
    assert notebook.exercises_done() == {}


def test_another_day_of_the_week(client: "Client", notebook: Notebook) -> None:
    days = [d for d in situation(notebook, TODAY).programme.weeks[0].days if d.workout is None]
    page = client.get(f"/home?day={days[0].date}").text
    assert "Nothing at home on this day." in page
    assert "A free day is part of the plan." in page
    assert client.get("/home?day=someday").status_code == 400
    ahead = client.get(f"/home?day={TODAY + 30 * DAY}").text
    assert 'name="done"' not in ahead, "days to come cannot be ticked off"


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ({}, "Your level: gentle"),
        (GREEN, "Your heel raises decide: 24 on the weaker side. From 25 on it is strong."),
        (GREEN | {"heel_raises_left": 30.0, "heel_raises_right": 31.0}, "Your level: strong"),
    ],
)
def test_the_level_and_why(client: "Client", notebook: Notebook, tests: dict[str, float], words: str) -> None:
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY, tests=tests), STRAIGHT))
    assert words in client.get("/home").text


def test_every_exercise_there_is(client: "Client") -> None:
    page = client.get("/home/exercises").text
    for exercise in EXERCISES:
        assert f'id="{exercise.key}"' in page
        for other in (exercise.easier, exercise.harder):
            assert other is None or f'href="/home/exercises#{other}"' in page


def test_without_weeks_nothing_is_made_up(client: "Client", notebook: Notebook) -> None:
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY - 60 * DAY, 2)))
    page = client.get("/home").text
    assert "<h1>No week is planned now.</h1>" in page
    assert 'href="/home/exercises"' in page


# -- the timer ----------------------------------------------------------------------------------------------------------


def test_the_timer_counts_holds_rests_and_ticks_off(notebook: Notebook, open_page: "Callable[..., Page]") -> None:
    """The stretch of a day with mobility: two sets of 30 s, each side; by a clock that is moved by hand."""
    item = next(item for item in work_of(notebook).items if item.exercise == "calf_stretch")
    assert (item.dose.sets, item.dose.hold_s, item.dose.each_side) == (2, 30.0, True)
    page = open_page("/home")
    page.clock.install()
    page.locator("#calf_stretch [data-start=one]").click()
    phase, count, player = page.locator("[data-part=phase]"), page.locator("[data-part=count]"), page.locator("dialog")

    def at(ms: int) -> tuple[str, str]:
        page.clock.run_for(ms)
        return phase.inner_text(), count.inner_text()

    assert at(200) == ("Get ready", "3")
    assert at(1000) == ("Get ready", "2")
    assert at(2000) == ("Hold", "30")
    assert "Set 1 of 2" in page.locator("[data-part=place]").inner_text()
    page.keyboard.press("Space")
    assert at(20_000) == ("Hold", "30"), "paused"
    page.keyboard.press("Space")
    assert at(10_000)[1] == "20"
    assert at(20_000) == ("Other side", "3")
    page.keyboard.press("ArrowRight")
    assert at(100)[0] == "Hold"
    page.clock.run_for(200_000)
    assert not player.is_visible()
    page.locator("#calf_stretch.ticked").wait_for()
    assert notebook.exercises_done() == {TODAY: {"calf_stretch"}}


def test_what_was_skipped_is_not_ticked_off(notebook: Notebook, open_page: "Callable[..., Page]") -> None:
    page = open_page("/home")
    page.locator("#calf_stretch [data-start=one]").click()
    while page.locator("dialog").is_visible():
        page.get_by_role("button", name="Next").click()
    assert page.locator(".ticked").count() == 0
    page.locator("#calf_stretch [data-start=one]").click()
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert notebook.exercises_done() == {}

"""Today: what kind of day it is, what it says first, and the one thing to do next, in every state somebody can be in."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from starlette.datastructures import FormData

from made import Part as Stretch
from made import recording
from retropace.doses import Goal
from retropace.log import Done, LogEntry, Part, Side
from retropace.place import Place, Surface, Watcher
from retropace.readers import read_bytes
from retropace.situation import situation
from retropace.store import Screened, Settings, Wanted
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.timetable import Calendar
from retropace.web.house import House
from retropace.web.plan.why import as_shared
from retropace.web.visit import Visit
from retropace.writers.fit import activity_bytes
from screened import HEALTHY, STRAIGHT

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from starlette.requests import Request

    from web.conftest import Client

#: A Sunday, as in every test's house.
TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


def begun(notebook: Notebook, start: dt.date, **changed: object) -> None:
    """A healthy runner on a track whose plan began on `start`."""
    notebook.keep_screened(Screened(replace(HEALTHY, day=min(start, TODAY) - DAY), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(start, 12, **changed)))  # type: ignore[arg-type]


def h1(client: "Client", path: str = "/") -> str:
    found = re.search(r"<h1>(.*?)</h1>", client.get(path).text, re.DOTALL)
    assert found
    return found.group(1).strip()


def test_nobody_is_known_yet(client: "Client") -> None:
    assert client.get("/", follow_redirects=False).headers["location"] == "/welcome"


def test_the_session_of_today(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY)
    page = client.get("/").text
    assert h1(client) == "Six repeats of 20 seconds backward, a minute walking between."
    assert "week 1 of 12" in page
    assert page.count('aria-label="Six repeats of 20 seconds backward') == 2, "one ribbon for a phone, one for a desk"
    assert re.search(r"<dt>backward</dt><dd>2:40", page)
    assert re.search(r"<dt>at most</dt><dd>1.8 m/s", page)
    assert 'href="/plan/export">Print, or send to your watch' in page
    assert 'href="/log">Log it after' in page
    assert "Begin with six repeats" in page
    assert "#source-wang_2006" in page or "#source-design" in page
    assert "need 41 m" in page
    assert "100 m clear" in page
    assert "Your spotter looks out" in page


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (replace(STRAIGHT, clear_length_m=None), "Pace out your straight: you need"),
        (replace(STRAIGHT, watcher=Watcher.NOBODY), "You look out yourself"),
        (replace(STRAIGHT, watcher=Watcher.MIRROR), "Your mirror looks out"),
        (Place(Surface.TREADMILL, treadmill_clip=True, treadmill_helper=True), "Manual mode, flat, clip on"),
    ],
)
def test_before_you_start(client: "Client", notebook: Notebook, place: Place, words: str) -> None:
    begun(notebook, TODAY)
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY), place))
    if place.surface is Surface.TREADMILL:
        notebook.keep_wanted(Wanted(Goal.TREADMILL, Calendar(TODAY, 12)))
    assert words in client.get("/").text


def test_feet_and_miles(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY)
    notebook.keep_settings(Settings(system="imperial"))
    page = client.get("/").text
    assert "4.0 mph" in page
    assert "328 ft clear" in page


def test_done_for_today(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY)
    notebook.keep_entry(LogEntry(TODAY, Done.ALL, effort=4.0))
    page = client.get("/").text
    assert h1(client) == "Done for today."
    assert "2:40 backward. Effort 4 of 10." in page
    assert 'Next: <a href="/plan/2026-11-25">Wednesday</a>' in re.sub(r"</?h2>", "", page)


@pytest.mark.parametrize(
    ("changed", "title", "lead"),
    [
        ({"events": {TODAY: "City run"}}, "City run today.", "Nothing backward today"),
        ({"blackout": frozenset({TODAY})}, "Rest today.", "You are away. The plan waits"),
        ({"skipped": frozenset({TODAY})}, "Strength at home today.", "You left today&#39;s session out."),
    ],
)
def test_a_day_without_a_session(
    client: "Client", notebook: Notebook, changed: dict[str, object], title: str, lead: str
) -> None:
    begun(notebook, TODAY, **changed)
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY, tests={}), STRAIGHT))
    assert h1(client) == title
    assert lead in client.get("/").text
    assert "Print, or send" not in client.get("/").text


def test_home_work_is_the_thing_to_do_on_its_day(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY - DAY)
    notebook.keep_entry(LogEntry(TODAY - DAY, Done.ALL, effort=4.0))
    page = client.get("/").text
    assert h1(client) in ("Strength at home today.", "An easy day.")
    assert 'class="btn go" href="/home"' in page
    work = next(d for d in situation(notebook, TODAY).programme.weeks[0].days if d.date == TODAY).workout
    assert work is not None
    for item in work.items:
        notebook.keep_exercise_done(TODAY, item.exercise)
    page = client.get("/").text
    assert "All done." in page
    assert 'class="btn go" href="/home"' not in page


def test_a_plan_that_has_not_begun_and_one_that_is_over(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY + 8 * DAY)
    assert h1(client) == "You begin on Monday 30 November."
    assert "/plan/2026-11-30" in client.get("/").text
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY - 30 * DAY, 4)))
    notebook.keep_entry(LogEntry(TODAY - 30 * DAY, Done.ALL, effort=4.0, reverse_s=160.0))
    page = client.get("/").text
    assert h1(client) == "Your weeks are done."
    assert "1 session, 2:40 backward in all." in page
    assert 'href="/plan/change">Plan the next weeks' in page


@pytest.mark.parametrize(
    ("entry", "title", "first"),
    [
        ({"falls": 1, "red_flags": ("head_knock",)}, "See somebody first.", "Stop for today, and do not stay alone."),
        ({"pain_during": {(Part.KNEE, Side.LEFT): 7.0}}, "Stop for now.", "Nothing backward for now."),
    ],
)
def test_where_nothing_may_be_done_that_is_said_first(
    client: "Client", notebook: Notebook, entry: dict[str, object], title: str, first: str
) -> None:
    begun(notebook, TODAY - DAY)
    notebook.keep_entry(replace(LogEntry(TODAY - DAY, Done.ALL, effort=4.0), **entry))  # type: ignore[arg-type]
    page = client.get("/").text
    assert h1(client) == title
    assert page.index(first) < page.index("/welcome/again")
    assert "At home today" not in page


def test_a_screening_that_ran_out_comes_first(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY - 200 * DAY)
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY - 200 * DAY, 60)))
    assert h1(client) == "Answer the questions again first."
    assert 'class="btn go" href="/welcome/again"' in client.get("/").text


def test_a_screening_that_runs_out_soon_is_spoken_of(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY)
    assert "Time to answer again" not in client.get("/").text
    clearance = situation(notebook, TODAY).clearance
    holds = clearance.valid_until - clearance.screened
    notebook.end()
    notebook.begin()
    begun(notebook, TODAY - holds + 10 * DAY)
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - holds + 10 * DAY), STRAIGHT))
    page = client.get("/").text
    assert "Time to answer again" in page
    assert "Answer the questions again by Wednesday 2 December" in page


def test_just_one_session(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY)
    notebook.keep_wanted(Wanted(Goal.TRY, Calendar(TODAY, 1)))
    assert "backward" in h1(client)
    assert "week 1 of" not in client.get("/").text
    notebook.keep_entry(LogEntry(TODAY, Done.ALL, effort=3.0))
    assert h1(client) == "You have tried it."
    assert 'href="/welcome/plan/goal">Choose a goal' in client.get("/").text


def test_the_morning_after_asks_ten_seconds(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY - DAY)
    notebook.keep_entry(LogEntry(TODAY - DAY, Done.ALL, effort=4.0))
    page = client.get("/").text
    assert "How are your legs after yesterday?" in page
    assert f'href="/log/morning?day={TODAY - DAY}"' in page


def test_a_walking_day_says_why_one_walks(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY - 3 * DAY)
    notebook.keep_entry(LogEntry(TODAY - 3 * DAY, Done.ALL, effort=4.0))
    assert "walking backward" in h1(client)
    assert "Once a week you only walk backward" in client.get("/").text


def test_a_name_with_signs_stays_words(client: "Client", notebook: Notebook) -> None:
    begun(notebook, TODAY, events={TODAY: '<script>"&'})
    page = client.get("/").text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_who_is_shown_the_plan_alone_does_not_read_the_log_out_of_it(house: House, notebook: Notebook) -> None:
    begun(notebook, TODAY - DAY)
    notebook.keep_entry(replace(LogEntry(TODAY - DAY, Done.ALL, 4.0), pain_during={(Part.KNEE, Side.LEFT): 7.0}))
    reasons = situation(notebook, TODAY).following.reasons

    def seen(*shares: str) -> list[str]:
        visit = Visit(cast("Request", None), house, "local", "kim", FormData(), "", frozenset(shares))
        return [reason.rule for reason in as_shared(visit, reasons)]

    assert seen("plan", "log") == [reason.rule for reason in reasons]
    assert seen("plan") == ["progression.still_stopped"]


def test_somebody_elses_forward_run_is_no_session_done(
    client: "Client", notebook: Notebook, recordings: Recordings
) -> None:
    begun(notebook, TODAY)
    content = activity_bytes(recording((Stretch(600, 2.8, 165),)))
    recordings.add("run.fit", content, read_bytes("run.fit", content), TODAY)
    assert h1(client) == "Six repeats of 20 seconds backward, a minute walking between."


def test_in_a_browser_the_week_leads_to_its_days(notebook: Notebook, open_page: "Callable[..., Page]") -> None:
    begun(notebook, TODAY - 3 * DAY)
    page = open_page("/")
    assert page.locator(".rib svg:visible").count() == 1
    page.locator(".days7 a").nth(1).click()
    assert "/plan/" in page.url

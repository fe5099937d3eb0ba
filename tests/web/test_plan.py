"""The plan: weeks with what was done, one day with its steps, changes said before they are made, and taken back."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from retropace.doses import Goal
from retropace.log import Done, LogEntry
from retropace.situation import situation
from retropace.store import Screened, Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from screened import HEALTHY, STRAIGHT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.conftest import Client

#: A Sunday, as in every test's house: the plan's first day. Wednesday walks, Friday runs again.
TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)
WEDNESDAY, THURSDAY, FRIDAY = (TODAY + k * DAY for k in (3, 4, 5))


@pytest.fixture
def begun(notebook: Notebook) -> Notebook:
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - DAY), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY, 12)))
    return notebook


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def calendar(notebook: Notebook) -> Calendar:
    wanted = notebook.wanted()
    assert wanted is not None
    return wanted.calendar


# -- weeks and days -----------------------------------------------------------------------------------------------------


def test_every_week_to_come_with_its_days(client: "Client", begun: Notebook) -> None:
    page = client.get("/plan").text
    assert page.count('<tr class="days">') == 12
    assert page.count('scope="col"') == 7
    assert page.count('scope="rowgroup"') == 12
    assert "lighter" in page
    assert f'href="/plan/{WEDNESDAY}"' in page
    assert "Weeks behind you" not in page
    assert 'aria-current="date"' in page


def test_weeks_behind_show_what_was_done_over_what_was_planned(client: "Client", lived: Notebook) -> None:
    page = client.get("/plan").text
    behind = text(page[page.index("Weeks behind you") :])
    assert re.search(r"Week 5 .*?\d+:\d\d of \d+:\d\d backward", behind)
    assert "done" in behind
    assert "part done" in behind
    entry = lived.log()[-1]
    day = text(client.get(f"/plan/{entry.day}").text)
    assert "Done." in day
    assert "As it was planned" in day
    assert "See the session" in day


def test_a_day_in_steps_with_its_reasons(client: "Client", begun: Notebook) -> None:
    page = client.get(f"/plan/{TODAY}").text
    words = text(page)
    assert "6 × ‹ Run backward 20 s Tall, nose over toes, small quick steps. At most 1.8 m/s. between each two" in words
    assert "Practise the stop 10 s" in words
    assert "six repeats of 20 seconds backward" in words
    assert 'href="/coach"' in page
    assert f'href="/plan/{TODAY + DAY}"' in page


@pytest.mark.parametrize("day", ["1999-01-01", "2026-11-20", "2027-05-01"])
def test_a_day_outside_the_plan(client: "Client", begun: Notebook, day: str) -> None:
    assert "Nothing was planned." in client.get(f"/plan/{day}").text


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "0001-01-01"])
def test_what_is_no_day_is_a_sentence(client: "Client", begun: Notebook, day: str) -> None:
    assert client.get(f"/plan/{day}").status_code in (400, 404)


def test_days_that_cannot_be_are_named_with_the_reason(client: "Client", begun: Notebook) -> None:
    page = client.get(f"/plan/{WEDNESDAY}").text
    monday = re.search(r'<option value="2026-11-23"( disabled)?>([^<]*)', page)
    assert monday
    assert monday.group(1)
    assert "too soon after the session before" in monday.group(2)
    assert re.search(rf'<option value="{THURSDAY}">Thursday 26 November<', page)


# -- changes ------------------------------------------------------------------------------------------------------------


def test_a_move_is_said_then_made_then_taken_back(client: "Client", begun: Notebook) -> None:
    before = situation(begun, TODAY)
    asked = client.get(f"/plan/{WEDNESDAY}/change?do=move&to={THURSDAY}")
    words = text(asked.text)
    assert "Wednesday's backward walk to Thursday?" in words
    assert "Wednesday's backward walk moves to Thursday." in words
    assert "Friday's session moves on to Saturday, because a rest day belongs between." in words
    assert re.search(r"This week stays at \d+ minutes backward\.", words)
    assert calendar(begun).moved == {}, "asking keeps nothing"
    made = client.submit(f"/plan/{WEDNESDAY}/change", do="move", to=str(THURSDAY))
    assert made.status_code == 200
    assert "Moved to Thursday." in made.text
    assert calendar(begun).moved == {WEDNESDAY: THURSDAY}
    assert "Moved here from Wednesday." in client.get(f"/plan/{THURSDAY}").text
    undone = client.submit("/plan/undo")
    assert "It is as it was before." in undone.text
    assert situation(begun, TODAY) == before
    assert "There is nothing left to take back." in client.submit("/plan/undo").text


def test_left_out_and_brought_back(client: "Client", begun: Notebook) -> None:
    words = text(client.get(f"/plan/{FRIDAY}/change?do=skip").text)
    assert "Friday's session is left out. It is not added anywhere else." in words
    client.submit(f"/plan/{FRIDAY}/change", do="skip", to="")
    assert calendar(begun).skipped == {FRIDAY}
    page = client.get(f"/plan/{FRIDAY}").text
    assert "You left out the session of this day." in page
    assert "Bring the session back" in page
    assert "left out" in client.get("/plan").text
    client.submit(f"/plan/{FRIDAY}/change", do="restore", to="")
    assert calendar(begun).skipped == frozenset()


def test_two_days_change_places(client: "Client", begun: Notebook) -> None:
    assert f'<option value="{FRIDAY}">Friday 27 November: run' in client.get(f"/plan/{WEDNESDAY}").text
    client.submit(f"/plan/{WEDNESDAY}/change", do="swap", to=str(FRIDAY))
    assert calendar(begun).moved == {WEDNESDAY: FRIDAY, FRIDAY: WEDNESDAY}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("do=move&to=2026-11-23", "That is too soon after the session before."),
        ("do=move&to=2026-11-27", "There is a session on Friday already."),
        ("do=move&to=2027-11-27", "Your plan does not reach"),
        ("do=move&to=yesterday", "is no date"),
        ("do=dance", "Choose what to change."),
        ("", "Choose what to change."),
    ],
)
def test_what_cannot_be_is_said_beside_the_day(client: "Client", begun: Notebook, query: str, words: str) -> None:
    answer = client.get(f"/plan/{WEDNESDAY}/change?{query}")
    assert answer.status_code == 422
    assert words in text(answer.text)
    fields = dict(part.split("=") for part in query.split("&") if part)
    assert client.submit(f"/plan/{WEDNESDAY}/change", **fields).status_code == 422
    assert calendar(begun).moved == {}


def test_done_is_done(client: "Client", begun: Notebook) -> None:
    begun.keep_entry(LogEntry(TODAY, Done.ALL, effort=4.0))
    assert "Change this day" not in client.get(f"/plan/{TODAY}").text
    assert client.submit(f"/plan/{TODAY}/change", do="skip", to="").status_code == 422


# -- another wish -------------------------------------------------------------------------------------------------------

FORM = {
    "goal": "reverse",
    "weekday": ["0", "2", "4"],
    "weeks": "16",
    "event_day_0": "2026-12-31",
    "event_name_0": "Run\x07\nday",
}


def test_another_wish_is_shown_then_kept_then_taken_back(client: "Client", begun: Notebook) -> None:
    before = begun.wanted()
    assert 'value="reverse" checked' in client.get("/plan/change").text
    shown = text(client.submit("/plan/change", **FORM).text)
    assert "You go backward on Monday, Wednesday and Friday instead of" in shown
    assert "The plan ends on Saturday 13 March." in shown
    assert begun.wanted() == before
    client.submit("/plan/change", keep="yes", **FORM)
    kept = calendar(begun)
    assert (kept.weekdays, kept.weeks) == (frozenset({0, 2, 4}), 16)
    assert list(kept.events.values()) == ["Run day"], "nothing that cannot be shown"
    client.submit("/plan/undo")
    assert begun.wanted() == before


def test_the_form_comes_back_with_what_was_typed(client: "Client", begun: Notebook) -> None:
    answer = client.submit("/plan/change", goal="reverse", weeks="16", away_from_0="2026-13-45")
    assert answer.status_code == 422
    assert "2026-13-45" in answer.text
    assert "Tick at least one day." in answer.text
    back = client.submit("/plan/change", back="yes", **FORM)
    assert 'value="2026-12-31"' in back.text


def test_nothing_changes_by_nothing(client: "Client", begun: Notebook) -> None:
    same = {"goal": "reverse", "weekday": list("0123456"), "weeks": "12"}
    assert "Nothing would change." in client.submit("/plan/change", **same).text
    client.submit("/plan/change", keep="yes", **same)
    assert len(begun.wishes()) == 1


def test_after_the_last_week_the_next_ones_are_planned(client: "Client", begun: Notebook) -> None:
    begun.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY - 40 * DAY, 4)))
    assert "No week is left in this plan." in client.get("/plan").text
    page = client.get("/plan/change").text
    assert "The next weeks" in page
    assert 'value="today" checked' in page
    client.submit("/plan/change", keep="yes", goal="reverse", weekday=list("0123456"), weeks="8", start="monday")
    assert calendar(begun).start == TODAY + DAY
    assert "Week 1" in client.get("/plan").text


# -- in a browser -------------------------------------------------------------------------------------------------------


def test_in_a_browser_a_session_moves_by_keyboard_alone(begun: Notebook, open_page: "Callable[..., Page]") -> None:
    page = open_page(f"/plan/{WEDNESDAY}")
    page.locator("#to").focus()
    page.locator("#to").select_option(str(THURSDAY))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move it").focus()
    page.keyboard.press("Enter")
    assert "Moved to Thursday." in page.locator(".said").inner_text()
    page.get_by_role("button", name="Undo").click()
    assert calendar(begun).moved == {}

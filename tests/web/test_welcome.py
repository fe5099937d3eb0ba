"""The first visit from end to end: what opens when, what is kept, what stops it, and how one comes back."""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from retropace.doses import Goal
from retropace.place import Place, Surface
from retropace.rules.questionnaire import questions
from retropace.screening import Answers, Level
from retropace.store import Screened, Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from retropace.web.app import app
from retropace.web.house import House
from retropace.web.pages.welcome_kept import clearance_of
from retropace.web.pages.welcome_steps import AGREES, Step, Way, asked, steps
from screened import CAUTIONS, DAY, HEALTHY, STRAIGHT
from welcomed import FLAGS, GROUPS, HEALTHY_YOU, STRAIGHT_PLACE, answer_until, keys_of, no_to, screening_done

if TYPE_CHECKING:
    from web.conftest import Client


def where(client: "Client", path: str = "/welcome") -> str:
    """The page that `path` ends on."""
    return urlsplit(str(client.get(path).url)).path


# -- the whole way ------------------------------------------------------------------------------------------------------


def test_from_nothing_to_a_programme(client: "Client", notebook: Notebook) -> None:
    assert "Learn to run backward" in client.get("/welcome").text
    assert "2 of 9" in client.submit("/welcome/plan/you", **HEALTHY_YOU).text
    for step, number in zip(GROUPS, (3, 4, 5, 6), strict=True):
        assert f"{number} of 9" in client.submit(f"/welcome/plan/{step}", **no_to(step)).text
    assert "7 of 9" in client.submit("/welcome/plan/tests").text
    result = client.submit("/welcome/plan/place", **STRAIGHT_PLACE)
    assert "Cleared with limits" in result.text
    assert "You can run backward, in short repeats" in result.text
    assert "9 of 9" in client.submit("/welcome/plan/goal", goal="reverse").text
    weeks = client.submit("/welcome/plan/days", weekday=["0", "2", "5"], weeks="8", start="monday")
    assert "You begin on Wednesday 25 November" in weeks.text
    wanted = notebook.wanted()
    assert wanted == Wanted(Goal.REVERSE, Calendar(dt.date(2026, 11, 23), 8, frozenset({0, 2, 5})))
    assert notebook.unfinished() is None
    assert where(client) == "/"


def test_everybody_unscreened_is_led_here(client: "Client") -> None:
    assert where(client, "/welcome/plan/programme") == "/welcome"
    assert where(client, "/welcome/result") == "/welcome"
    assert where(client, "/welcome/again") == "/welcome"
    assert where(client, "/welcome/plan/goal") == "/welcome"
    assert where(client, "/welcome/plan/days") == "/welcome"
    assert where(client, "/welcome/plan/programme") == "/welcome"
    assert where(client, "/welcome/try/session") == "/welcome"


def test_what_was_screened_is_what_was_answered(client: "Client", notebook: Notebook) -> None:
    screening_done(client)
    kept = notebook.screenings()[-1]
    assert kept.place == STRAIGHT
    assert kept.answers.day == DAY
    assert set(kept.answers.health) == {key for step in GROUPS for key in keys_of(step)}
    assert not any(kept.answers.health.values())
    assert clearance_of(kept).limits.start_low is False
    assert "Cleared</p>" in client.get("/welcome/result").text
    person = notebook.person()
    assert (person.age_years, person.sex) == (34, "male")


def test_every_question_stands_on_one_screen() -> None:
    everybody = Answers(DAY, 30, "female", health={"falls": True})
    found = [
        question.key for step in steps(Way.PLAN, everybody) if step in _asking() for question in asked(step, everybody)
    ]
    assert sorted(found) == sorted(questions(DAY))
    short = [question.key for step in (Step.YOU, *GROUPS[:3]) for question in asked(step, everybody, Way.TRY)]
    assert {"age_years", "sex", *FLAGS, "heart_disease"} == set(short)


def _asking() -> tuple[Step, ...]:
    return (Step.YOU, *GROUPS, Step.AGREED)


# -- red flags ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("way", ["plan", "try"])
def test_every_red_flag_stops_and_names_whom_to_see(client: "Client", notebook: Notebook, flag: str, way: str) -> None:
    step = next(step for step in GROUPS if flag in keys_of(step, "female"))
    answer_until(client, step, way, sex="female")
    shown = client.submit(f"/welcome/{way}/{step}", **no_to(step, flag, sex="female"))
    if questions(DAY)[flag].agreed:
        for each in GROUPS[GROUPS.index(step) + 1 : 3]:
            shown = client.submit(f"/welcome/{way}/{each}", **no_to(each, sex="female"))
        assert urlsplit(str(shown.url)).path == f"/welcome/{way}/agreed"
        shown = client.submit(f"/welcome/{way}/agreed", **{AGREES: "no"})
    assert urlsplit(str(shown.url)).path == "/welcome/result"
    see = questions(DAY)[flag].see
    assert see is not None
    assert see in shown.text
    assert "/home" in shown.text
    assert "/evidence" in shown.text
    assert clearance_of(notebook.screenings()[-1]).level is Level.NOT_NOW
    assert where(client, "/welcome/plan/programme") == "/welcome/result"
    assert where(client, "/welcome/try/session") == "/welcome/result"
    assert where(client, "/welcome/plan/goal") == "/welcome/result"
    assert notebook.wanted() is None


def test_a_clinician_who_agrees_makes_limits_of_it(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.BALANCE)
    client.submit("/welcome/plan/balance", **no_to(Step.BALANCE, "vertigo"))
    client.submit("/welcome/plan/body", **no_to(Step.BODY))
    assert "6 of 10" in client.submit("/welcome/plan/agreed", **{AGREES: "yes"}).text
    client.submit("/welcome/plan/smaller", **no_to(Step.SMALLER))
    client.submit("/welcome/plan/tests")
    assert "You can walk backward" in client.submit("/welcome/plan/place", **STRAIGHT_PLACE).text
    assert clearance_of(notebook.screenings()[-1]).level is Level.WALK


def test_a_red_home_test_stops_and_can_be_done_again(client: "Client") -> None:
    answer_until(client, Step.TESTS)
    shown = client.submit("/welcome/plan/tests/backward_walk_3m", backward_walk_3m_s="6.1")
    assert "physiotherapist" in shown.text
    assert urlsplit(str(shown.url)).path == "/welcome/result"
    better = client.submit("/welcome/plan/tests/backward_walk_3m?then=again", backward_walk_3m_s="2.9")
    assert "Does all of this still hold" in client.get("/welcome/again").text
    assert better.status_code == 200
    assert "your place" in client.submit("/welcome/again").text


def test_not_today_asks_again_tomorrow(client: "Client", notebook: Notebook, house: House) -> None:
    answer_until(client, Step.BODY)
    shown = client.submit("/welcome/plan/body", **no_to(Step.BODY, "alcohol_today"))
    assert "Not today" in shown.text
    tomorrow = replace(house, clock=lambda: house.clock() + dt.timedelta(days=1))
    with type(client)(app(tomorrow), base_url="http://testserver") as later:
        assert where(later) == "/welcome/again"
        on = later.submit("/welcome/again", alcohol_today="no")
        assert urlsplit(str(on.url)).path == "/welcome/plan/smaller"
    kept = notebook.unfinished()
    assert kept is not None
    assert kept.answers.day == DAY + dt.timedelta(days=1)


def test_a_yes_taken_back_goes_on_where_it_stopped(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.HEART)
    client.submit("/welcome/plan/heart", **no_to(Step.HEART, "chest_pain"))
    assert where(client) == "/welcome/result"
    again = client.submit("/welcome/plan/heart?then=again", chest_pain="no")
    assert urlsplit(str(again.url)).path == "/welcome/again"
    on = client.submit("/welcome/again")
    assert urlsplit(str(on.url)).path == "/welcome/plan/balance"
    assert clearance_of(notebook.screenings()[-1]).level is Level.NOT_NOW, "counts until the new one is finished"


@pytest.mark.parametrize("caution", CAUTIONS)
def test_a_caution_limits_and_does_not_stop(client: "Client", notebook: Notebook, caution: str) -> None:
    answer_until(client, Step.SMALLER, sex="female")
    shown = client.submit("/welcome/plan/smaller", **no_to(Step.SMALLER, caution, sex="female"))
    assert urlsplit(str(shown.url)).path == "/welcome/plan/tests"
    client.submit("/welcome/plan/tests")
    result = client.submit("/welcome/plan/place", **STRAIGHT_PLACE)
    clearance = clearance_of(notebook.screenings()[-1])
    assert clearance.level is not Level.NOT_NOW
    reason = next(reason for reason in clearance.reasons if reason.rule == f"screening.{caution}")
    assert reason.text in result.text


# -- leaving and coming back --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [*GROUPS, Step.TESTS])
def test_closing_the_browser_loses_nothing(client: "Client", notebook: Notebook, step: Step) -> None:
    answer_until(client, step)
    page = client.get("/welcome").text
    assert "Welcome back" in page
    assert f"/welcome/plan/{step}" in page
    kept = notebook.unfinished()
    assert kept is not None
    assert kept.answers.age_years == 34
    assert 'value="34"' in client.get("/welcome/plan/you").text


def test_an_answer_is_kept_while_somebody_still_reads(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.HEART)
    quiet = client.submit("/welcome/plan/heart", chest_pain="no", keep="quietly")
    assert quiet.status_code == 204
    kept = notebook.unfinished()
    assert kept is not None
    assert kept.answers.health == {"chest_pain": False}
    quiet = client.submit("/welcome/plan/heart", chest_pain="yes", keep="quietly")
    assert quiet.status_code == 204
    assert not notebook.screenings(), "nothing is decided before somebody goes on"


def test_a_field_that_is_missing_says_nothing_and_an_empty_one_takes_back(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.BALANCE)
    client.submit("/welcome/plan/heart")  # an old tab, sent without its answers
    kept = notebook.unfinished()
    assert kept is not None
    assert kept.answers.health["chest_pain"] is False
    client.submit("/welcome/plan/heart", chest_pain="")
    kept = notebook.unfinished()
    assert kept is not None
    assert "chest_pain" not in kept.answers.health


def test_no_to_the_rest_leaves_what_was_said(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.SMALLER)
    client.submit("/welcome/plan/smaller", knee_pain="yes", rest="no")
    kept = notebook.unfinished()
    assert kept is not None
    told = {key: kept.answers.health[key] for key in keys_of(Step.SMALLER)}
    assert told == {**dict.fromkeys(keys_of(Step.SMALLER), False), "knee_pain": True}


def test_sent_twice_is_once(client: "Client", notebook: Notebook) -> None:
    screening_done(client)
    client.submit("/welcome/plan/place", **STRAIGHT_PLACE)
    client.submit("/welcome/plan/place", **STRAIGHT_PLACE)
    assert len(notebook.screenings()) == 1
    for _ in range(2):
        client.submit("/welcome/plan/goal", goal="walk")
    assert not notebook.undo_wanted(), "one wish"


def test_beginning_anew_forgets_what_was_begun(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.BODY)
    assert "Who are you" in client.submit("/welcome/anew").text
    assert notebook.unfinished() is None


def test_a_pause_of_months_goes_through_all_of_it_with_answers_filled_in(client: "Client", notebook: Notebook) -> None:
    old = replace(HEALTHY, day=DAY - dt.timedelta(days=60))
    notebook.keep_unfinished(Screened(old, Place(Surface.GRASS)))
    page = client.get("/welcome").text
    assert "/welcome/plan/you" in page
    assert 'value="34"' in client.get("/welcome/plan/you").text
    assert "alcohol" in client.get("/welcome/plan/body").text


# -- screening again ----------------------------------------------------------------------------------------------------


def test_old_answers_are_confirmed_on_one_page(client: "Client", notebook: Notebook) -> None:
    before = DAY - dt.timedelta(days=90)
    notebook.keep_screened(Screened(replace(HEALTHY, day=before), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(before, 30)))
    assert where(client) == "/welcome/again"
    page = client.get("/welcome/again").text
    assert "Monday 24 August" in page
    assert questions(DAY)["alcohol_today"].asks in page, "asked anew: it was about that day"
    assert questions(DAY)["chest_pain"].asks in page
    done = client.submit("/welcome/again", alcohol_today="no")
    assert urlsplit(str(done.url)).path == "/welcome/result"
    assert notebook.screenings()[-1].answers.day == DAY
    assert notebook.screenings()[-1].answers.health["alcohol_today"] is False
    assert len(notebook.screenings()) == 2
    assert where(client) == "/"


def test_another_place_later_on_asks_whether_the_rest_holds(client: "Client", notebook: Notebook) -> None:
    notebook.keep_screened(Screened(replace(HEALTHY, day=DAY - dt.timedelta(days=20)), STRAIGHT))
    shown = client.submit("/welcome/plan/place?then=result", clear_length="40")
    assert urlsplit(str(shown.url)).path == "/welcome/again"
    assert "40 m long" in shown.text
    assert notebook.screenings()[-1].place == STRAIGHT, "nothing changes before it is confirmed"
    client.submit("/welcome/again")
    assert notebook.screenings()[-1].place.clear_length_m == 40
    assert notebook.screenings()[0].place == STRAIGHT


def test_old_answers_never_count_anew_by_opening_a_page(client: "Client", notebook: Notebook) -> None:
    notebook.keep_screened(Screened(replace(HEALTHY, day=DAY - dt.timedelta(days=20)), STRAIGHT))
    for path in ("place", "tests", "smaller"):
        client.submit(f"/welcome/plan/{path}", clear_length="50")
    assert len(notebook.screenings()) == 1
    assert where(client) == "/welcome/again"


def test_after_a_stop_everything_may_stay_open_and_it_still_ends(client: "Client", notebook: Notebook) -> None:
    day = DAY - dt.timedelta(days=2)
    begun = {key: key == "alcohol_today" for step in GROUPS[:3] for key in keys_of(step)}
    notebook.keep_screened(Screened(Answers(day, 34, "male", active=True, health=begun)))
    shown = client.submit("/welcome/again", alcohol_today="no")
    for step in (Step.SMALLER, Step.TESTS, Step.PLACE):
        assert urlsplit(str(shown.url)).path == f"/welcome/plan/{step}"
        shown = client.submit(f"/welcome/plan/{step}?then=on")
    assert urlsplit(str(shown.url)).path == "/welcome/result"
    assert notebook.screenings()[-1].answers.day == DAY


def test_on_the_day_itself_a_limit_can_be_lifted_at_once(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.TESTS)
    client.submit("/welcome/plan/tests")
    result = client.submit("/welcome/plan/place", **{**STRAIGHT_PLACE, "others": "yes"})
    assert "/welcome/plan/tests?then=result" in result.text
    assert "/welcome/plan/place?then=result" in result.text
    after = client.submit("/welcome/plan/place?then=result", others="no")
    assert urlsplit(str(after.url)).path == "/welcome/result"
    assert notebook.screenings()[-1].place.others is False


# -- just one session ---------------------------------------------------------------------------------------------------


def test_one_session_is_screened_in_short_and_binds_to_nothing(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.SMALLER, "try")
    assert "5 of 5" in client.get("/welcome/try/place").text
    session = client.submit("/welcome/try/place", **STRAIGHT_PLACE)
    assert urlsplit(str(session.url)).path == "/welcome/try/session"
    assert "repeats of 20 seconds backward" in session.text
    assert "spotter" in session.text
    assert notebook.wanted() is None
    client.submit("/welcome/try/session")
    assert notebook.wanted() == Wanted(Goal.TRY, Calendar(DAY, 1))


def test_a_plan_can_be_made_of_it_without_asking_twice(client: "Client") -> None:
    answer_until(client, Step.SMALLER, "try")
    session = client.submit("/welcome/try/place", **STRAIGHT_PLACE)
    assert "/welcome/plan/smaller" in session.text
    client.submit("/welcome/plan/smaller", rest="no")
    client.submit("/welcome/plan/tests")
    assert 'value="100"' in client.get("/welcome/plan/place").text


def test_trying_first_does_not_replace_a_plan(client: "Client", notebook: Notebook) -> None:
    notebook.keep_screened(Screened(HEALTHY, STRAIGHT))
    wanted = Wanted(Goal.WALK, Calendar(DAY, 8))
    notebook.keep_wanted(wanted)
    client.submit("/welcome/try/session")
    assert notebook.wanted() == wanted


def test_a_place_too_short_has_a_result_and_no_session(client: "Client") -> None:
    answer_until(client, Step.SMALLER, "try")
    shown = client.submit("/welcome/try/place", **{**STRAIGHT_PLACE, "clear_length": "4"})
    assert urlsplit(str(shown.url)).path == "/welcome/result"
    assert "Find a longer place" in shown.text
    goal = client.submit("/welcome/plan/goal", goal="walk")
    assert goal.status_code == 200
    assert client.submit("/welcome/plan/days", weekday="1", weeks="4").status_code == 200

"""The first visit's forms: what cannot be used is a sentence at its field, what was typed stays, and nothing ever breaks."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retropace.doses import Goal
from retropace.place import Place, Surface, Watcher
from retropace.rules.questionnaire import home_tests, questions
from retropace.store import Screened, Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from retropace.web.pages.welcome_steps import Step
from screened import DAY, HEALTHY, STRAIGHT
from welcomed import HEALTHY_YOU, STRAIGHT_PLACE, answer_until, figures_of

if TYPE_CHECKING:
    from web.conftest import Client

RUBBISH = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "yes", "no", "NaN", "inf", "-1", "1e309", "0", "34", "١٢", "12,5", "2026-02-30", "2026-12-24"]
    ),
    st.integers().map(str),
    st.floats().map(str),
)


def sentence_at(text: str, field: str) -> str:
    """The sentence beside a field."""
    found = re.search(rf'id="trouble-{field}".*?</svg>(.*?)</p>', text, re.DOTALL)
    return unescape(found[1]) if found else ""


# -- a sentence at the field --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "field", "typed", "usual"),
    [
        ("/welcome/plan/you", "age_years", "999", HEALTHY_YOU),
        ("/welcome/plan/you", "age_years", "3", HEALTHY_YOU),
        ("/welcome/plan/you", "age_years", "thirty", HEALTHY_YOU),
        ("/welcome/plan/you", "ordinary_runs_per_week", "-2", HEALTHY_YOU),
        ("/welcome/plan/you", "mass_kg", "7000", HEALTHY_YOU),
        ("/welcome/plan/you", "height_cm", "1.8", HEALTHY_YOU),
        ("/welcome/plan/you", "height_ft", "60", {**HEALTHY_YOU, "system": "imperial"}),
        ("/welcome/plan/tests/backward_walk_3m", "backward_walk_3m_s", "0.2", {}),
        ("/welcome/plan/tests/backward_walk_3m", "backward_walk_3m_s", "-3", {}),
        ("/welcome/plan/tests/single_leg_stance", "single_leg_left_s", "1e9", {}),
        ("/welcome/plan/tests/heel_raise", "heel_raises_right", "many", {}),
        ("/welcome/plan/place", "clear_length", "-5", STRAIGHT_PLACE),
        ("/welcome/plan/place", "clear_width", "900", STRAIGHT_PLACE),
        ("/welcome/plan/place", "slope_pct", "95", {**STRAIGHT_PLACE, "slope": "slopes"}),
        ("/welcome/plan/place", "slope_pct", "", {**STRAIGHT_PLACE, "slope": "slopes"}),
    ],
)
def test_out_of_human_range_is_a_sentence_at_its_field_and_what_was_typed_stays(
    client: "Client", path: str, field: str, typed: str, usual: Mapping[str, str]
) -> None:
    answer_until(client, Step.HEART if path.endswith("you") else Step.TESTS)
    shown = client.submit(path, **{**usual, field: typed})
    assert shown.status_code == 422
    assert sentence_at(shown.text, field)
    at_field = re.search(rf'<input id="{field}"[^>]*>', shown.text)
    assert at_field is not None
    assert f'value="{typed}"' in at_field[0]
    assert f'aria-describedby="trouble-{field}"' in at_field[0]


def test_what_can_be_used_is_kept_beside_what_cannot(client: "Client", notebook: Notebook) -> None:
    client.submit("/welcome/plan/you", **{**HEALTHY_YOU, "age_years": "999"})
    kept = notebook.unfinished()
    assert kept is not None
    assert (kept.answers.age_years, kept.answers.sex, kept.answers.active) == (None, "male", True)


def test_pounds_feet_and_inches_are_kept_in_si(client: "Client", notebook: Notebook) -> None:
    size = {"system": "imperial", "mass_lb": "150", "height_ft": "5", "height_in": "10"}
    client.submit("/welcome/plan/you", **{**HEALTHY_YOU, **size})
    person = notebook.person()
    assert person.mass_kg == pytest.approx(68.04, abs=0.01)
    assert person.height_m == pytest.approx(1.778, abs=0.001)
    page = client.get("/welcome/plan/you").text
    for field, value in (("mass_lb", "150"), ("height_ft", "5"), ("height_in", "10"), ("mass_kg", "68")):
        assert re.search(rf'id="{field}"[^>]* value="{value}"', page), field
    client.submit("/welcome/plan/place", **{**STRAIGHT_PLACE, "clear_length": "200"})
    assert notebook.screenings()[-1].place.clear_length_m == pytest.approx(60.96)
    assert 'value="200"' in client.get("/welcome/plan/place").text


def test_an_emptied_field_takes_the_figure_back(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.TESTS)
    client.submit("/welcome/plan/tests/sit_to_stand", **figures_of("sit_to_stand"))
    client.submit("/welcome/plan/tests/sit_to_stand", sit_to_stand_5_s="")
    kept = notebook.unfinished()
    assert kept is not None
    assert kept.answers.tests == {}


def test_another_day_leaves_what_was_measured(client: "Client", notebook: Notebook) -> None:
    answer_until(client, Step.TESTS)
    client.submit("/welcome/plan/tests/sit_to_stand", **figures_of("sit_to_stand"))
    shown = client.submit("/welcome/plan/tests/sit_to_stand", sit_to_stand_5_s="99", later="yes")
    assert "Heel raises" in shown.text
    kept = notebook.unfinished()
    assert kept is not None
    assert kept.answers.tests == {"sit_to_stand_5_s": 9.0}


def test_a_treadmill_keeps_what_is_known_of_the_ground(client: "Client", notebook: Notebook) -> None:
    notebook.keep_screened(Screened(HEALTHY, STRAIGHT))
    belt = {"treadmill_clip": "yes", "treadmill_helper": "yes", "treadmill_harness": "no"}
    client.submit("/welcome/plan/place?then=result", surface="treadmill", clear_length="", **belt)
    here = notebook.screenings()[-1].place
    assert (here.surface, here.clear_length_m, here.treadmill_clip) == (Surface.TREADMILL, 100.0, True)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"weekday": []}, "weekday"),
        ({"weekday": ["8", "x"]}, "weekday"),
        ({"weeks": "0"}, "weeks"),
        ({"weeks": "500"}, "weeks"),
        ({"start": "day", "start_day": ""}, "start_day"),
        ({"start": "day", "start_day": "2019-01-01"}, "start_day"),
        ({"start": "day", "start_day": "soon"}, "start_day"),
        ({"away_from_0": "2026-12-24", "away_to_0": "2026-12-20"}, "away_to_0"),
        ({"away_from_0": "2026-12-24", "away_to_0": "2199-12-20"}, "away_to_0"),
        ({"event_day_1": "", "event_name_1": "Race"}, "event_day_1"),
        ({"event_day_1": "24 December"}, "event_day_1"),
    ],
)
def test_days_that_cannot_be_are_a_sentence_and_the_calendar_stays(
    client: "Client", notebook: Notebook, fields: dict[str, Any], at: str
) -> None:
    notebook.keep_screened(Screened(HEALTHY, STRAIGHT))
    before = Wanted(Goal.REVERSE, Calendar(DAY, 12))
    notebook.keep_wanted(before)
    shown = client.submit("/welcome/plan/days", **{"weekday": ["1", "3"], "weeks": "8", "start": "today", **fields})
    assert shown.status_code == 422
    assert sentence_at(shown.text, at)
    assert notebook.wanted() == before


def test_days_away_and_events_are_kept_and_shown_again(client: "Client", notebook: Notebook) -> None:
    notebook.keep_screened(Screened(HEALTHY, STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(DAY, 12)))
    away = {"away_from_0": "2026-12-24", "away_to_0": "2026-12-26", "event_day_0": "2026-12-31", "event_name_0": "Run"}
    client.submit("/welcome/plan/days", weekday=["0", "1"], weeks="12", start="kept", **away)
    wanted = notebook.wanted()
    assert wanted is not None
    assert wanted.calendar.blackout == {dt.date(2026, 12, 24 + k) for k in range(3)}
    assert wanted.calendar.events == {dt.date(2026, 12, 31): "Run"}
    page = client.get("/welcome/plan/days").text
    assert 'value="2026-12-26"' in page
    assert 'value="Run"' in page


def test_no_goal_is_a_sentence(client: "Client", notebook: Notebook) -> None:
    notebook.keep_screened(Screened(HEALTHY, STRAIGHT))
    for fields in ({}, {"goal": "fly"}):
        shown = client.submit("/welcome/plan/goal", **fields)
        assert shown.status_code == 422
        assert sentence_at(shown.text, "goal")
    assert notebook.wanted() is None


@pytest.mark.parametrize(
    "path", ["/welcome/fly/you", "/welcome/plan/nothing", "/welcome/plan/tests/nothing", "/welcome/x/tests/heel_raise"]
)
def test_pages_that_there_are_not(client: "Client", path: str) -> None:
    assert client.get(path).status_code == 404


# -- anything at all ----------------------------------------------------------------------------------------------------

_YOU = ("age_years", "sex", "active", "ordinary_runs_per_week", "knee_rehabilitation", "name", "system", "mass_kg")
_SIZE = ("mass_lb", "height_cm", "height_ft", "height_in", "keep", "then", "rest", "later", "goal")
_PLACE = ("surface", "slope", "slope_pct", "clear_length", "clear_width", "dry", "others", "watcher", "treadmill_clip")
_DAYS = ("weekday", "weeks", "start", "start_day", "away_from_0", "away_to_0", "event_day_0", "event_name_0")
_MEASURES = tuple(measure for test in home_tests(DAY).values() for measure in test.measures)
FIELDS = (*_YOU, *_SIZE, *_PLACE, *_DAYS, *_MEASURES, *questions(DAY))
PATHS = (
    *(f"/welcome/{way}/{step}" for way in ("plan", "try") for step in ("you", "heart", "balance", "body", "agreed")),
    *(f"/welcome/plan/{step}" for step in ("smaller", "tests", "place", "goal", "days", "days", "goal", "place")),
    *(f"/welcome/plan/tests/{test}" for test in list(home_tests(DAY))[:5]),
    "/welcome/again",
    "/welcome/anew",
    "/welcome/try/session",
    "/welcome/plan/place?then=result",
    "/welcome/plan/heart?then=again",
)
AFTER = ("/welcome", "/welcome/result", "/welcome/again", "/welcome/plan/programme", "/welcome/try/session")


@RUBBISH
@given(
    st.lists(st.tuples(st.sampled_from(PATHS), st.dictionaries(st.sampled_from(FIELDS), WORDS, max_size=8)), max_size=4)
)
def test_whatever_a_form_brings_is_answered(client: "Client", sent: list[tuple[str, dict[str, str]]]) -> None:
    for path, fields in sent:
        answer = client.submit(path, **fields)
        # the app's own today and home pages belong to others; what is checked here is this visit's pages
        assert answer.status_code < 500 or "/welcome" not in str(answer.url), (path, fields)
    for path in AFTER:
        assert client.get(path, follow_redirects=False).status_code < 500


@RUBBISH
@given(
    st.builds(
        Place,
        surface=st.none() | st.sampled_from(Surface),
        slope=st.none() | st.floats(-0.6, 0.6),
        clear_length_m=st.none() | st.floats(0, 10_000),
        clear_width_m=st.none() | st.floats(0, 1000),
        dry=st.none() | st.booleans(),
        others=st.none() | st.booleans(),
        watcher=st.none() | st.sampled_from(Watcher),
        treadmill_clip=st.none() | st.booleans(),
    ),
    st.dictionaries(st.sampled_from(_MEASURES), st.floats(0, 100), max_size=8),
    st.none() | st.floats(5, 110),
    st.sampled_from(Goal),
)
def test_whatever_was_kept_is_shown(
    client: "Client", notebook: Notebook, place: Place, tests: dict[str, float], age: float | None, goal: Goal
) -> None:
    notebook.keep_screened(Screened(replace(HEALTHY, tests=tests, age_years=age), place))
    notebook.keep_wanted(Wanted(goal, Calendar(DAY, 6)))
    pages = ("/welcome/result", "/welcome/again", "/welcome/plan/goal", "/welcome/plan/days", "/welcome/try/session")
    for path in (*pages, "/welcome/plan/tests", "/welcome/plan/place", "/welcome/plan/you", "/welcome/plan/programme"):
        assert client.get(path).status_code == 200, path

"""Records: what no person, place or calendar can be is answered with the file and the field."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import UnusableInput
from retropace.home_tests import LARGEST
from retropace.place import Place, Surface
from retropace.rules.questionnaire import home_tests, stop_signs
from retropace.screening import Answers
from retropace.store import Screened, Wanted
from retropace.store.records import entry_from, record, table

if TYPE_CHECKING:
    from retropace.log import LogEntry

DAY = dt.date(2026, 11, 22)
START = {"start": DAY, "weeks": 12}


def screened(**answers: Any) -> dict[str, Any]:
    return {"answers": {"day": DAY, **answers}}


@pytest.mark.parametrize(
    ("told", "kind", "field"),
    [
        (screened(age_years=999), Screened, "age_years"),
        (screened(age_years=-1), Screened, "age_years"),
        (screened(ordinary_runs_per_week=900), Screened, "ordinary_runs_per_week"),
        (screened(sex="other"), Screened, "sex"),
        (screened(health={"chest_pian": True}), Screened, "health"),
        (screened(health={"pregnant": True}), Screened, "health"),
        (screened(tests={"backward_walk": 3.0}), Screened, "tests"),
        (screened(tests={"backward_walk_3m_s": -3.0}), Screened, "backward_walk_3m_s"),
        (screened(tests={"heel_raises_left": 1e9}), Screened, "heel_raises_left"),
        ({**screened(), "place": {"slope": 3.0}}, Screened, "place.slope"),
        ({**screened(), "place": {"clear_length_m": -5.0}}, Screened, "clear_length_m"),
        ({**screened(), "place": {"clear_width_m": 1e6}}, Screened, "clear_width_m"),
        ({"goal": "walk", "calendar": {**START, "weekdays": [0, 9]}}, Wanted, "weekdays"),
        ({"goal": "walk", "calendar": {**START, "weekdays": []}}, Wanted, "weekdays"),
        ({"goal": "walk", "calendar": {"start": DAY, "weeks": 0}}, Wanted, "weeks"),
        ({"goal": "walk", "calendar": {"start": DAY, "weeks": 10**30}}, Wanted, "weeks"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(told: dict[str, Any], kind: type, field: str) -> None:
    with pytest.raises(UnusableInput, match=field) as caught:
        record(told, kind, "mine.toml")
    assert "mine.toml" in str(caught.value)
    assert caught.value.remedy


def test_a_sign_that_we_do_not_know_is_not_passed_over() -> None:
    with pytest.raises(UnusableInput, match="chest_presure"):
        entry_from({"day": DAY, "done": "not", "red_flags": ["chest_presure"]}, "log.toml")
    told: LogEntry = entry_from({"day": DAY, "done": "not", "red_flags": list(stop_signs(DAY))}, "log.toml")
    assert told.red_flags == tuple(stop_signs(DAY))


FIGURES = {measure: st.floats(0, LARGEST[test.unit]) for test in home_tests(DAY).values() for measure in test.measures}


@given(
    st.none() | st.floats(5, 110), st.fixed_dictionaries({}, optional=FIGURES), st.floats(-0.6, 0.6), st.floats(0, 1e4)
)
def test_whatever_can_be_meant_is_read_back_equal(
    age: float | None, tests: dict[str, float], slope: float, length_m: float
) -> None:
    meant = Screened(Answers(DAY, age, tests=tests), Place(Surface.GRASS, slope, length_m))
    assert record(table(meant), Screened, "mine.toml") == meant


def test_every_home_test_has_a_largest_figure() -> None:
    assert {test.unit for test in home_tests(DAY).values()} == set(LARGEST)

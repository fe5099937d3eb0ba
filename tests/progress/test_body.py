"""Soreness and pain by part and side, where silence is not zero; home tests by day with the edge of one's age."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_progress import MONDAY, entry, sore
from retropace.log import Done, Part, Side
from retropace.progress.body import home_series, pains, soreness
from retropace.rules import rules_on
from retropace.store import Screened
from screened import HEALTHY

DAY = dt.timedelta(days=1)
CALF, OTHER = (Part.CALF, Side.LEFT), (Part.CALF, Side.RIGHT)
RULES = rules_on(dt.date(2026, 11, 22))


def test_silence_is_not_zero() -> None:
    told = [sore(MONDAY, {CALF: 4.0}, {CALF: 2.0}), entry(MONDAY + 2 * DAY), sore(MONDAY + 4 * DAY, {}, {})]
    (calf,) = soreness(told)
    assert [(s.number, s.after_24h, s.after_48h) for s in calf.sessions] == [
        (1, 4.0, 2.0),
        (2, None, None),
        (3, 0.0, 0.0),
    ]
    assert [s.number for s in calf.answered] == [1, 3]


def test_both_sides_are_each_side() -> None:
    found = soreness([sore(MONDAY, {(Part.CALF, Side.BOTH): 3.0, CALF: 5.0})])
    assert {one.where: one.worst for one in found} == {CALF: 5.0, OTHER: 3.0}


def test_the_sorest_place_comes_first() -> None:
    found = soreness([sore(MONDAY, {OTHER: 2.0, CALF: 1.0}), sore(MONDAY + DAY, {OTHER: 2.0, CALF: 4.0})])
    assert [one.where for one in found] == [CALF, OTHER]


def test_a_session_not_done_made_nobody_sore() -> None:
    assert soreness([entry(MONDAY, Done.NOT, soreness_24h={CALF: 3.0})]) == ()


def test_fading_compares_the_first_with_the_last_answers() -> None:
    values = (4.0, 3.0, 2.0, 0.0, 0.0, 0.0)
    (calf,) = soreness([sore(MONDAY + n * DAY, {CALF: v} if v else {}) for n, v in enumerate(values)])
    assert calf.first_and_last == (3.0, 0.0)


def test_three_answers_are_too_few_to_see_it_fade() -> None:
    (calf,) = soreness([sore(MONDAY + n * DAY, {CALF: 3.0}) for n in range(3)])
    assert calf.first_and_last is None


@given(
    st.lists(st.dictionaries(st.sampled_from([CALF, OTHER, (Part.KNEE, Side.BOTH)]), st.integers(0, 10)), max_size=8)
)
def test_scores_stay_within_what_was_told(told: list) -> None:  # type: ignore[type-arg]
    for one in soreness([sore(MONDAY + n * DAY, scores) for n, scores in enumerate(told)]):
        assert 0 < one.worst <= 10
        assert len(one.sessions) == len(told)


def test_pain_by_when_and_where() -> None:
    knee = (Part.KNEE, Side.RIGHT)
    told = [entry(MONDAY, pain_during={knee: 3.0, CALF: 5.0}, nothing=("pain_hour",)), entry(MONDAY + DAY)]
    first, second = pains(told)
    assert (first.during, first.hour, first.morning, first.where) == (5.0, 0.0, None, (CALF, knee))
    assert (second.during, second.where) == (None, ())


# -- home tests ---------------------------------------------------------------------------------------------------------


def screened(day: dt.date, **figures: float) -> Screened:
    from dataclasses import replace

    return Screened(replace(HEALTHY, day=day, tests=figures))


def test_a_test_over_time_with_its_weaker_side() -> None:
    told = [
        screened(MONDAY + 30 * DAY, single_leg_left_s=40.0, single_leg_right_s=45.0),
        screened(MONDAY, single_leg_left_s=30.0, single_leg_right_s=25.0),
    ]
    (stance,) = home_series(told, 34, RULES)
    assert [day.day for day in stance.days] == [MONDAY, MONDAY + 30 * DAY]
    assert [stance.weakest(day) for day in stance.days] == [25.0, 40.0]


def test_lower_is_better_for_times() -> None:
    (walk,) = home_series([screened(MONDAY, backward_walk_3m_s=2.9)], 34, RULES)
    assert (walk.test.better, walk.weakest(walk.days[0])) == ("low", 2.9)


@pytest.mark.parametrize(("age", "rule"), [(34, "screening.stance_green"), (70, "screening.stance_green_60")])
def test_the_edge_is_the_one_of_ones_age(age: float, rule: str) -> None:
    (stance,) = home_series([screened(MONDAY, single_leg_left_s=30.0)], age, RULES)
    assert stance.edge is not None
    assert stance.edge.rule == rule


def test_a_test_of_zero_was_done() -> None:
    (stance,) = home_series([screened(MONDAY, single_leg_left_s=0.0)], 34, RULES)
    assert stance.weakest(stance.days[0]) == 0.0


def test_a_figure_that_nobody_can_mean_is_left_out() -> None:
    assert home_series([screened(MONDAY, single_leg_left_s=-1.0)], 34, RULES) == ()


def test_no_test_is_no_series() -> None:
    assert home_series([screened(MONDAY)], None, RULES) == ()

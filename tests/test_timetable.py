"""Timetable: free days, events, and backward days spread over the week."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_people import DAY, MONDAY, RULES
from retropace.timetable import Calendar, chosen, eve_of, free, spread


@pytest.mark.parametrize(
    ("possible", "wanted", "days"),
    [
        ((0, 1, 2, 3, 4, 5, 6), 3, (0, 2, 4)),
        ((0, 1, 2, 3, 4, 5, 6), 2, (0, 3)),
        ((1, 3, 5), 3, (1, 3, 5)),
        ((5, 6), 3, (5,)),
        ((0, 6), 2, (0,)),  # Sunday and Monday touch over the weekend
        ((0, 1, 3), 3, (0, 3)),
        ((), 3, ()),
    ],
)
def test_days_are_spread(possible: tuple[int, ...], wanted: int, days: tuple[int, ...]) -> None:
    assert spread(sum(1 << day for day in possible), wanted, 2, 2) == days


def test_the_first_two_days_ever_lie_further_apart() -> None:
    assert spread(0b1111111, 3, 2, 3) == (0, 3, 5)
    assert spread(0b0010101, 3, 2, 3) == (0, 4)


@given(st.integers(0, 127), st.integers(0, 4))
def test_spread_is_never_squeezed(possible: int, wanted: int) -> None:
    days = spread(possible, wanted, 2, 3)
    assert len(days) <= wanted
    assert all(possible >> day & 1 for day in days)
    assert all(later - day >= 2 for day, later in pairwise((*days, *(day + 7 for day in days[:1] if len(days) > 1))))
    assert len(days) < 2 or days[1] - days[0] >= 3
    assert days or not possible or not wanted


def test_days_that_are_over_are_built_around() -> None:
    assert spread(0b1111100, 3, 2, 2, 0b0000001) == (0, 2, 4)
    assert spread(0b1111000, 3, 2, 2, 0b0000011) == (0, 1, 3)  # too close together, but over
    assert spread(0b1111111, 1, 2, 2, 0b0010101) == (0, 2, 4)
    assert spread(0, 3, 2, 2, 0b1000001) == (0, 6)


def test_an_event_keeps_its_day_and_the_eve_free() -> None:
    calendar = Calendar(MONDAY, 1, events={MONDAY + 3 * DAY: "Park run"})
    assert [free(calendar, MONDAY + k * DAY, RULES) for k in range(5)] == [True, True, False, False, True]
    assert eve_of(calendar, MONDAY + 2 * DAY, RULES) == "Park run"


def test_days_whose_session_was_moved_or_left_out_keep_the_others_in_place() -> None:
    assert spread(0b1110000, 3, 2, 2, 0b0000001) == (0, 4)
    assert spread(0b1110000, 3, 2, 2, 0b0000001, 0b0000100) == (0, 2, 4), "Wednesday was, and is over"
    assert spread(0b1110000, 3, 2, 2, 0b0000001, 0b0000010) == (0, 4), "it does not fit, so it does not count"
    assert spread(0b1000000, 2, 2, 2, 0, 0b0000001) == (0, 6), "next week's Monday is free again"


def test_any_weekday_may_be_chosen_but_nothing_away_or_near_an_event() -> None:
    calendar = Calendar(MONDAY, 1, frozenset({0}), frozenset({MONDAY + DAY}), {MONDAY + 5 * DAY: "Park run"})
    assert [chosen(calendar, MONDAY + k * DAY, RULES) for k in range(7)] == [
        True,
        False,
        True,
        True,
        False,
        False,
        True,
    ]

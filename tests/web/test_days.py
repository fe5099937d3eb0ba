"""Days: weeks and dates in words, also around a new year."""

import datetime as dt

import pytest

from retropace.web.days import month, short_day, week

TODAY = dt.date(2027, 1, 6)


@pytest.mark.parametrize(
    ("monday", "words"),
    [
        (dt.date(2027, 1, 4), "This week"),
        (dt.date(2026, 12, 28), "Last week"),
        (dt.date(2026, 12, 21), "21 – 27 December"),
        (dt.date(2026, 11, 30), "30 November – 6 December"),
    ],
)
def test_weeks(monday: dt.date, words: str) -> None:
    assert week(monday, TODAY) == words


def test_another_year_is_named() -> None:
    assert short_day(dt.date(2026, 12, 31), TODAY) == "Thu 31 Dec 2026"
    assert short_day(dt.date(2027, 1, 1), TODAY) == "Fri 1 Jan"
    assert month(dt.date(2026, 12, 31)) == "December 2026"

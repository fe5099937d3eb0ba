"""Weeks: what was done against what was planned then; rest by plan is kept, a missing week is not shamed."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_progress import MONDAY, TODAY, days, digest, stretch, trained_day
from retropace.progress.days import Known
from retropace.progress.history import NoPlan, Plan, week_start
from retropace.progress.weeks import Week, keeping, weeks

WEEK = dt.timedelta(days=7)


def plan(number: int, reverse_s: float | None = 300.0, **changed: object) -> Plan:
    return Plan(MONDAY + (number - 1) * WEEK, number, reverse_s, **changed)  # type: ignore[arg-type]


def test_recorded_told_and_unknown_are_told_apart() -> None:
    made = [
        trained_day(MONDAY, 100.0),
        trained_day(MONDAY + dt.timedelta(1), 50.0, known=Known.TOLD),
        trained_day(MONDAY + dt.timedelta(2), 40.0, known=Known.AS_PLANNED),
        trained_day(MONDAY + dt.timedelta(3), None, known=Known.UNKNOWN),
    ]
    (week,) = weeks(made, [digest(MONDAY, stretch(0, 100), unknown_s=30.0)], [plan(1)], (), MONDAY, MONDAY)
    assert (week.recorded_s, week.told_s, week.sessions, week.unmeasured) == (100.0, 90.0, 4, 1)
    assert (week.unknown_s, week.planned_s, week.number) == (30.0, 300.0, 1)


def test_a_week_before_the_calendar_has_no_plan_and_says_so() -> None:
    first, second = weeks([trained_day(MONDAY - WEEK, 60.0)], [], [plan(1)], (), MONDAY, MONDAY)
    assert (first.planned_s, first.why_none, first.number) == (None, NoPlan.BEFORE, None)
    assert second.planned_s == 300.0


def test_weeks_begin_on_the_calendars_weekday() -> None:
    thursday = MONDAY + dt.timedelta(3)
    found = weeks([trained_day(MONDAY, 60.0)], [], [], (), thursday, thursday)
    assert [week.start for week in found] == [thursday - WEEK, thursday]
    assert [week.reverse_s for week in found] == [60.0, 0.0]


def test_nothing_at_all_is_one_empty_week() -> None:
    (week,) = weeks([], [], [], (), MONDAY, TODAY)
    assert (week.start, week.reverse_s, week.kept) == (week_start(MONDAY, TODAY), 0.0, False)


@given(st.lists(days, max_size=20, unique=True), st.integers(0, 6))
def test_every_session_is_in_one_week(found: list[dt.date], weekday: int) -> None:
    made = [trained_day(day, 10.0) for day in sorted(found)]
    told = weeks(made, [], [], (), MONDAY + dt.timedelta(weekday), TODAY)
    assert sum(week.sessions for week in told) == len(found)
    assert all((b.start - a.start).days == 7 for a, b in pairwise(told))
    assert told[-1].start <= TODAY < told[-1].start + WEEK


# -- kept ---------------------------------------------------------------------------------------------------------------


def week(number: int, sessions: int = 1, planned_s: float | None = 300.0, **changed: object) -> Week:
    return Week(MONDAY + number * WEEK, number, planned_s, sessions=sessions, **changed)  # type: ignore[arg-type]


def test_rest_by_plan_is_kept() -> None:
    found = keeping([week(1), week(2, sessions=0, planned_s=0.0), week(3)])
    assert (found.kept, found.of, found.resting) == (3, 3, 1)


def test_a_missing_week_breaks_nothing() -> None:
    found = keeping([week(1), week(2, sessions=0), week(3)])
    assert (found.kept, found.of) == (2, 3)


def test_weeks_before_the_first_session_are_not_counted() -> None:
    assert keeping([week(1, sessions=0), week(2, sessions=0), week(3)]).of == 1


def test_this_week_counts_once_it_is_kept() -> None:
    assert keeping([week(1), week(2, sessions=0)]).of == 1
    assert keeping([week(1), week(2)]).of == 2


def test_a_session_in_a_week_of_rest_is_a_session() -> None:
    found = keeping([week(1), week(2, sessions=1, planned_s=0.0)])
    assert (found.kept, found.resting) == (2, 0)


@pytest.mark.parametrize("ahead", [0, 3])
def test_weeks_ahead_are_no_past(ahead: int) -> None:
    to_come = [week(2 + n, sessions=0, ahead=True) for n in range(ahead)]
    assert keeping([week(1), *to_come]).of == 1


@given(st.lists(st.integers(0, 3), max_size=30))
def test_one_more_session_never_keeps_fewer(sessions: list[int]) -> None:
    told = [week(n, sessions=count) for n, count in enumerate(sessions)]
    before = keeping(told)
    for n, one in enumerate(told):
        more: list[Week] = [*told]
        more[n] = week(n, sessions=one.sessions + 1)
        assert keeping(more).kept >= before.kept

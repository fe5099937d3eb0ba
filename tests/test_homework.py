"""Homework: the seven days never tire a leg before a day that goes backward, and every week has its strength."""

import datetime as dt
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_people import DAY, MONDAY, RULES
from retropace.exercises import WorkKind, WorkLevel, workout
from retropace.homework import Woven, homework, made
from retropace.timetable import Calendar

WEEK = [MONDAY + k * DAY for k in range(7)]
levels = st.sampled_from(list(WorkLevel))
weekdays = st.sets(st.integers(0, 6))


def woven(backward: set[int], at: WorkLevel = WorkLevel.STEADY, quiet: set[dt.date] | None = None) -> Woven:
    runs = {MONDAY + (k + 7 * week) * DAY: True for week in (0, 1) for k in backward}
    return Woven(runs, Calendar(MONDAY, 2), RULES, made(lambda kind: workout(kind, at)), quiet or set())


@given(levels, weekdays, st.integers(1, 3))
def test_hard_work_never_before_or_on_a_reverse_day_nor_two_days_running(
    at: WorkLevel, backward: set[int], number: int
) -> None:
    plan = woven(backward, at)
    kinds = homework(WEEK, None, plan, number=number)
    hard = [day for day, kind in kinds.items() if plan.workouts[kind].hard_posterior]
    assert not {*hard} & {*plan.backward}
    assert not {day + DAY for day in hard} & {*plan.backward}
    assert all((later - day).days >= 2 for day, later in combinations(hard, 2))
    assert {WEEK[k] for k in backward} <= set(kinds)
    if len(backward) < 7:
        assert len(kinds) < 7


@given(levels, st.sets(st.integers(0, 6), max_size=3))
def test_strength_twice_a_week_where_the_week_has_room(at: WorkLevel, backward: set[int]) -> None:
    kinds = list(homework(WEEK, None, woven(backward, at)).values())
    assert sum(kind in (WorkKind.STRENGTH_A, WorkKind.STRENGTH_B, WorkKind.TRUNK) for kind in kinds) == 2


def test_the_usual_week() -> None:
    """Reverse runs on Monday and Friday."""
    kinds = homework(WEEK, None, woven({0, 4}))
    assert [kinds[day].value if day in kinds else None for day in WEEK] == [
        "mobility",
        "strength_a",
        "balance",
        None,
        "mobility",
        "strength_b",
        None,
    ]


def test_one_hard_day_takes_a_and_b_in_turn() -> None:
    hard = [
        next(kind.value for kind in homework(WEEK, None, woven({0, 2, 4}), number=n).values() if "strength" in kind)
        for n in (1, 2, 3)
    ]
    assert hard == ["strength_a", "strength_b", "strength_a"]


@pytest.mark.parametrize(("last", "first"), [(None, 1), (-1, 1), (0, 2)])
def test_hard_days_keep_away_from_the_last_one_before(last: int | None, first: int) -> None:
    kinds = homework(WEEK, None if last is None else MONDAY + last * DAY, woven({0, 4}))
    assert min(day for day, kind in kinds.items() if "strength" in kind) == WEEK[first]


def test_quiet_days_spare_the_calves() -> None:
    kinds = homework(WEEK, None, woven({0, 4}, quiet={WEEK[1], WEEK[2]}))
    assert not {WEEK[1], WEEK[2]} & {day for day, kind in kinds.items() if "strength" in kind}

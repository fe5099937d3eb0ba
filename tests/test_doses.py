"""Doses: tables that only grow, lighter weeks within their share, and who enters where."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_people import RULES, clearance
from retropace.doses import Goal, MainSet, Track, entry, last_row, may_run, rows, track_of, walking_day
from retropace.quantities import Gait
from retropace.screening import Group, Level

LEAST, MOST = RULES.numbers("programme.deload_cut")


@pytest.mark.parametrize("track", Track)
def test_no_row_is_below_the_one_before(track: Track) -> None:
    for before, after in pairwise(rows(track, RULES)):
        assert before.total_s <= after.total_s
        assert before.bout_s <= after.bout_s
        assert before.speed_mps <= after.speed_mps
        assert after.total_s - before.total_s <= 60, "a row must be in reach of the one before"


@pytest.mark.parametrize("track", Track)
def test_a_lighter_week_takes_a_quarter_to_a_third_and_keeps_the_order_of_the_rows(track: Track) -> None:
    lighter = [row.lightened(LEAST, MOST) for row in rows(track, RULES)]
    for row, light in zip(rows(track, RULES), lighter, strict=True):
        assert LEAST <= 1 - light.total_s / row.total_s <= MOST
        assert sum(light.bouts_s) == light.total_s
        assert light.bout_s <= row.bout_s
    for before, after in pairwise(lighter):
        assert before.total_s <= after.total_s
        assert before.bout_s <= after.bout_s


def test_the_first_twelve_weeks_are_those_of_the_plan() -> None:
    totals = [row.total_s for row in rows(Track.REVERSE, RULES)][1:10]
    assert totals == [120, 160, 200, 225, 270, 300, 360, 360, 405]
    assert [row.bout_s for row in rows(Track.REVERSE, RULES)][1:10] == [20, 20, 25, 25, 30, 30, 40, 45, 45]


def test_intervals_end_in_a_minute_forward_and_half_a_minute_reverse() -> None:
    last = rows(Track.INTERVALS, RULES)[-1]
    assert (last.bouts_s, last.recovery_s, last.recovery) == ((30.0,) * 15, 60.0, Gait.RUN)


def test_five_minutes_stand_inside_a_run_only_in_one_piece() -> None:
    *before, last = rows(Track.WARM_UP, RULES)
    assert last.bouts_s == (300.0,)
    assert last.run_s > 0
    assert all(row.run_s == 0 for row in before)


def test_walking_ends_in_ten_minutes_without_a_break() -> None:
    assert rows(Track.WALK, RULES)[-1].bouts_s == (600.0,)
    assert rows(Track.TREADMILL, RULES)[-1].speed_mps == pytest.approx(4.0 / 3.6)


def test_the_walking_day_follows_the_row() -> None:
    assert [walking_day(row, RULES).total_s for row in (0, 1, 4, 99)] == [240, 300, 480, 600]


mains = st.builds(
    MainSet,
    st.sampled_from([Gait.RUN, Gait.WALK]),
    st.integers(30, 900).map(float),
    st.integers(10, 600).map(float),
    st.floats(0.5, 2.5),
)


@given(mains)
def test_bouts_sum_to_the_total(main: MainSet) -> None:
    assert sum(main.bouts_s) == main.total_s
    assert max(main.bouts_s) <= main.bout_s


@given(mains, st.floats(5, 900), st.floats(5, 600), st.floats(0.1, 3))
def test_a_ceiling_only_takes_away(main: MainSet, total_s: float, bout_s: float, speed_mps: float) -> None:
    less = main.at_most(total_s, bout_s, speed_mps)
    assert 0 < less.total_s <= min(main.total_s, total_s)
    assert less.bout_s <= min(main.bout_s, bout_s)
    assert less.speed_mps == min(main.speed_mps, speed_mps)
    assert less.at_most(total_s, bout_s, speed_mps) == less


@pytest.mark.parametrize(
    ("group", "start_low", "goal", "row", "leap"),
    [
        (Group.BEGINNER, False, Goal.REVERSE, 1, 0),
        (Group.BEGINNER, True, Goal.REVERSE, 0, 0),
        (Group.ATHLETE, False, Goal.REVERSE, 1, 3),
        (Group.ATHLETE, True, Goal.REVERSE, 0, 0),
        (Group.OLDER, False, Goal.REVERSE, 0, 0),
        (Group.REHABILITATION, False, Goal.KNEE, 0, 0),
        (Group.YOUTH, False, Goal.INTERVALS, 1, 0),
        (Group.ATHLETE, False, Goal.WALK, 1, 0),
    ],
)
def test_where_people_enter(group: Group, start_low: bool, goal: Goal, row: int, leap: int) -> None:
    cleared = clearance(Level.RUN, group, start_low=start_low)
    enters = entry(track_of(goal, cleared, RULES), cleared, RULES)
    assert (enters.row, enters.leap) == (row, leap)


@pytest.mark.parametrize("goal", Goal)
def test_who_may_only_walk_walks_whatever_the_goal(goal: Goal) -> None:
    for cleared in (clearance(Level.WALK), clearance(speed_mps=1.4), clearance(backward_run=False)):
        assert not may_run(cleared, RULES)
        assert track_of(goal, cleared, RULES) in (Track.WALK, Track.TREADMILL)


def test_without_a_treadmill_one_walks_on_the_ground() -> None:
    assert track_of(Goal.TREADMILL, clearance(treadmill_kmh=None), RULES) is Track.WALK
    assert track_of(Goal.TREADMILL, clearance(), RULES) is Track.TREADMILL
    assert last_row(Track.WALK, RULES) == len(rows(Track.WALK, RULES)) - 1

"""Trends: too little data says so, scatter is no change, ratios need enough of both ways."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_progress import MONDAY, digest, digests, stretch, trained_day
from retropace.progress.trends import LEAST_SESSIONS, Point, change, economy, longest, same_dose, speed_ratios
from retropace.quantities import Direction, Gait

DAY = dt.timedelta(days=1)


def points(*values: float, half: float = 0.5) -> list[Point]:
    return [Point(MONDAY + n * DAY, v, v - half, v + half) for n, v in enumerate(values)]


def test_two_sessions_make_no_trend() -> None:
    assert change(points(150, 120)) is None


def test_a_change_beyond_its_scatter_is_real() -> None:
    found = change(points(158, 156, 157, 150, 146, 144, 145))
    assert found is not None
    assert (found.real, found.up) == (True, False)


def test_scatter_is_no_change() -> None:
    found = change(points(6, 4, 6, 7, 3, 5, 3, 6, 3))
    assert found is not None
    assert not found.real


def test_with_few_sessions_the_bands_must_lie_apart_too() -> None:
    near, far = change(points(150, 149, 148, half=5)), change(points(150, 149, 130, half=5))
    assert near is not None
    assert far is not None
    assert (near.real, far.real) == (False, True)


@given(st.lists(st.floats(40, 200), min_size=LEAST_SESSIONS, max_size=12))
def test_a_change_read_in_reverse_order_turns_round(values: list[float]) -> None:
    there, back = change(points(*values)), change(points(*reversed(values)))
    assert there is not None
    assert back is not None
    assert there.real == back.real
    assert (there.first, there.last) == pytest.approx((back.last, back.first))


def test_a_constant_is_never_a_change() -> None:
    found = change(points(*[140.0] * 9, half=0.0))
    assert found is not None
    assert not found.real


# -- backward ÷ forward speed -------------------------------------------------------------------------------------------


def both(day: dt.date, backward_mps: float, forward_mps: float, seconds: float = 90.0) -> object:
    return digest(
        day,
        stretch(0, seconds, speed_mps=backward_mps),
        stretch(seconds, 2 * seconds, Direction.FORWARD, speed_mps=forward_mps),
    )


def test_the_ratio_of_one_recording_with_its_band() -> None:
    (point,) = speed_ratios([both(MONDAY, 1.6, 2.5)], Gait.RUN)  # type: ignore[list-item]
    assert point.value == pytest.approx(0.64)
    assert point.low == pytest.approx(0.64 * 0.94 / 1.06)
    assert point.high == pytest.approx(0.64 * 1.06 / 0.94)
    assert not point.beside


def test_a_few_steps_are_no_comparison() -> None:
    assert speed_ratios([both(MONDAY, 1.6, 2.5, seconds=30.0)], Gait.RUN) == ()  # type: ignore[list-item]


def test_a_forward_run_of_the_weeks_before_stands_beside_it() -> None:
    run = digest(MONDAY, stretch(0, 1800, Direction.FORWARD, speed_mps=2.5))
    soon, late = (digest(MONDAY + n * DAY, stretch(0, 120, speed_mps=1.5)) for n in (20, 80))
    (point,) = speed_ratios([late, soon, run], Gait.RUN)
    assert (point.day, point.beside) == (MONDAY + 20 * DAY, True)
    assert point.value == pytest.approx(0.6)


def test_a_later_forward_run_is_not_looked_at() -> None:
    run = digest(MONDAY + DAY, stretch(0, 1800, Direction.FORWARD, speed_mps=2.5))
    assert speed_ratios([run, digest(MONDAY, stretch(0, 120))], Gait.RUN) == ()


def test_walking_is_compared_with_walking_only() -> None:
    walked = digest(
        MONDAY,
        stretch(0, 100, gait=Gait.WALK, speed_mps=1.0),
        stretch(100, 400, Direction.FORWARD, Gait.RUN, speed_mps=2.5),
    )
    assert speed_ratios([walked], Gait.WALK) == ()


# -- heart rate ---------------------------------------------------------------------------------------------------------


def steady(day: dt.date, *beats: float, seconds: float = 60.0, speed_mps: float = 1.6) -> object:
    return digest(
        day,
        *(stretch(100 * n, 100 * n + seconds, speed_mps=speed_mps, heart_rate_bpm=b) for n, b in enumerate(beats)),
    )


def test_heart_rate_at_one_speed_with_its_spread() -> None:
    found = economy([steady(MONDAY + n * DAY, 140 - n, 150 - n) for n in range(3)], Gait.RUN, Direction.BACKWARD)  # type: ignore[misc]
    assert found.speed_mps == 1.6
    assert [(p.value, p.low, p.high) for p in found.points] == [(145, 140, 150), (144, 139, 149), (143, 138, 148)]


def test_two_sessions_are_too_few_and_are_counted() -> None:
    found = economy([steady(MONDAY, 140), steady(MONDAY + DAY, 139)], Gait.RUN, Direction.BACKWARD)  # type: ignore[list-item]
    assert (found.points, found.sessions) == ((), 2)


def test_short_stretches_say_nothing_of_the_heart() -> None:
    short = [steady(MONDAY + n * DAY, 140, 141, seconds=20.0) for n in range(5)]
    assert economy(short, Gait.RUN, Direction.BACKWARD).sessions == 0  # type: ignore[arg-type]


def test_another_speed_is_not_compared() -> None:
    made = [steady(MONDAY + n * DAY, 140, 141) for n in range(3)] + [steady(MONDAY + 9 * DAY, 170, speed_mps=2.4)]
    found = economy(made, Gait.RUN, Direction.BACKWARD)  # type: ignore[arg-type]
    assert len(found.points) == 3
    assert found.sessions == 4


@given(st.lists(digests(), max_size=8))
def test_every_point_lies_in_its_spread(found: list) -> None:  # type: ignore[type-arg]
    for gait in (Gait.RUN, Gait.WALK):
        for direction in (Direction.BACKWARD, Direction.FORWARD):
            for point in (*economy(found, gait, direction).points, *speed_ratios(found, gait)):
                assert point.low <= point.value <= point.high


@given(st.lists(digests(), max_size=6), st.randoms())
def test_the_order_of_recordings_does_not_matter(found: list, chance: random.Random) -> None:  # type: ignore[type-arg]
    """As long as no two of one day vie for the latest forward run."""
    unlike = list({one.day: one for one in found}.values())
    mixed = unlike.copy()
    chance.shuffle(mixed)
    assert speed_ratios(unlike, Gait.RUN) == speed_ratios(mixed, Gait.RUN)


# -- length and effort --------------------------------------------------------------------------------------------------


def test_the_longest_of_each_day_of_one_gait() -> None:
    days = [
        trained_day(MONDAY, 40.0, longest={Gait.RUN: 20.0, Gait.WALK: 19.0}),
        trained_day(MONDAY + DAY, 300.0, longest={Gait.WALK: 60.0}, gait=Gait.WALK),
    ]
    assert [point.value for point in longest(days, Gait.RUN)] == [20.0]
    assert [point.value for point in longest(days, Gait.WALK)] == [60.0]


def test_effort_of_the_dose_done_most_often() -> None:
    doses = (120, 122, 118, 119, 300, 305)
    days = [trained_day(MONDAY + n * DAY, float(dose), effort=6.0 - n) for n, dose in enumerate(doses)]
    found = same_dose(days, Gait.RUN)
    assert [point.value for point in found.points] == [6, 5, 4, 3]
    assert found.reverse_s == pytest.approx(119.5)


def test_effort_zero_is_an_answer() -> None:
    days = [trained_day(MONDAY + n * DAY, 120.0, effort=0.0) for n in range(3)]
    assert [(p.value, p.low) for p in same_dose(days, Gait.RUN).points] == [(0.0, 0.0)] * 3


def test_efforts_nobody_told_are_no_points() -> None:
    days = [trained_day(MONDAY + n * DAY, 120.0, effort=None if n else 4.0) for n in range(5)]
    assert same_dose(days, Gait.RUN).points == ()

"""Surroundings: room to run, to see and to stop, and what a treadmill allows."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retropace.place import Place, Surface, Watcher
from retropace.screening import Answers, Level, screen
from retropace.surroundings import clear_distance_m, glance_interval_s
from screened import GOOD_PLACES, HEALTHY, PEOPLE, RULES, STRAIGHT, keys_of, no_looser, with_yes


@settings(deadline=None, max_examples=200)
@given(
    answers=PEOPLE,
    place=GOOD_PLACES,
    worse=st.sampled_from(
        [
            {"slope": 0.03},
            {"slope": -0.02},
            {"clear_width_m": 1.0},
            {"clear_length_m": 4.0},
            {"clear_length_m": 15.0},
            {"clear_length_m": 36.0},
            {"dry": False},
            {"daylight": False},
            {"others": True},
            {"surface": Surface.TRAIL},
        ]
    ),
)
def test_a_worse_place_never_loosens(answers: Answers, place: Place, worse: dict[str, Any]) -> None:
    assume(not ("surface" in worse and place.surface is Surface.HALL))
    assert no_looser(screen(answers, replace(place, **worse), RULES), screen(answers, place, RULES))


@pytest.mark.parametrize(
    ("length", "speed", "bout"),
    [(21, 1.6, 10), (37, 1.6, 20), (41, 1.6, 22), (50, 1.8, 25), (60, 2.2, 25), (65, 2.4, 25), (100, 2.4, 39)],
)
def test_a_short_straight_takes_speed_first(length: float, speed: float, bout: float) -> None:
    limits = screen(HEALTHY, replace(STRAIGHT, clear_length_m=length), RULES).limits
    assert (limits.speed_mps, limits.longest_bout_s) == (speed, bout)


def test_the_article_s_session_fits_a_straight_of_sixty_metres() -> None:
    limits = screen(HEALTHY, replace(STRAIGHT, clear_length_m=60), RULES).limits
    assert limits.bout_at(1.8, RULES) >= 30
    assert limits.longest_bout_s >= 20


def test_no_room_no_stretch() -> None:
    for length in (0.0, 5.0, 9.5, -3.0):
        cleared = screen(HEALTHY, replace(STRAIGHT, clear_length_m=length), RULES)
        assert cleared.limits.longest_bout_s == 0
        assert cleared.limits.bout_at(0.8, RULES) == 0
        assert cleared.reasons[0].rule == "place.clear_distance"


def test_the_table_of_clear_distances() -> None:
    """The distances the design was made with, rounded to metres."""
    table = {(0.8, 5): 7, (1.2, 5): 10, (1.6, 4): 11, (2.0, 4): 13, (2.5, 3): 14, (3.0, 3): 17}
    for (speed, every), needed in table.items():
        assert clear_distance_m(speed, every, RULES) == pytest.approx(needed, abs=0.6)
        assert glance_interval_s(speed, None, RULES) <= every


@given(speed=st.floats(0.1, 4), length=st.floats(0, 200))
def test_the_way_is_clear_until_the_next_look(speed: float, length: float) -> None:
    every = glance_interval_s(speed, length, RULES)
    assert every >= 0
    assert every == 0 or clear_distance_m(speed, every, RULES) <= length + 1e-6


def test_a_hall_is_for_walking_with_two_metres_to_stop() -> None:
    cleared = screen(HEALTHY, replace(STRAIGHT, surface=Surface.HALL, clear_length_m=14), RULES)
    assert cleared.level is Level.WALK
    assert cleared.limits.clear_run_m == 12
    assert cleared.limits.longest_bout_s == 10


@pytest.mark.parametrize(
    ("clip", "helper", "harness", "runs", "kmh"),
    [
        (True, True, None, True, 6.5),
        (True, True, True, True, 8.0),
        (True, False, True, False, 4.0),
        (None,) * 3 + (False, 4.0),
    ],
)
def test_the_treadmill(clip: bool | None, helper: bool | None, harness: bool | None, runs: bool, kmh: float) -> None:
    place = Place(Surface.TREADMILL, treadmill_clip=clip, treadmill_helper=helper, treadmill_harness=harness)
    limits = screen(HEALTHY, place, RULES).limits
    assert limits.treadmill_run == limits.backward_run == runs
    assert limits.treadmill_kmh == kmh
    assert limits.speed_mps == pytest.approx(kmh / 3.6)
    assert limits.clear_run_m is None


def test_whoever_is_cleared_may_walk_on_a_treadmill() -> None:
    for answers in (
        replace(HEALTHY, age_years=75, tests={}),
        with_yes(HEALTHY, "unsteady"),
        replace(HEALTHY, tests={}),
    ):
        limits = screen(answers, STRAIGHT, RULES).limits
        assert limits.treadmill_kmh is not None
        assert not limits.treadmill_run
        assert limits.treadmill_kmh <= 4.0


def test_no_treadmill_under_13() -> None:
    child = replace(HEALTHY, age_years=11)
    assert screen(child, STRAIGHT, RULES).limits.treadmill_kmh is None
    on_belt = screen(child, Place(Surface.TREADMILL, treadmill_clip=True, treadmill_helper=True), RULES)
    assert (on_belt.limits.speed_mps, on_belt.limits.longest_bout_s, on_belt.limits.treadmill_kmh) == (0, 0, None)
    assert on_belt.reasons[0].rule == "screening.under_13"


def test_a_watcher_that_is_missing_is_asked_for() -> None:
    open_tests = replace(HEALTHY, tests={})
    alone = screen(open_tests, replace(STRAIGHT, watcher=Watcher.NOBODY), RULES)
    assert "place.watcher" in keys_of(alone)
    assert "you have nobody yet" in next(r.text for r in alone.reasons if r.rule == "place.watcher")
    assert "place.watcher_needed" in keys_of(screen(open_tests, STRAIGHT, RULES))
    assert not {"place.watcher", "place.watcher_needed"} & set(keys_of(screen(HEALTHY, STRAIGHT, RULES)))

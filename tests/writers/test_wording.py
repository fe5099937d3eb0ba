"""Wording: short names say which way to face, care follows the limits, doses and durations read well."""

from dataclasses import replace

import pytest
from hypothesis import given

from made_plans import BACK, BACK_WALK, HOME, LIMITS, MONDAY, RUN, SIDE, STAND, STEPS, WALK, step
from retropace.exercises import Dose, minutes
from retropace.place import Place, Surface, Watcher
from retropace.quantities import Direction
from retropace.rules import rules_on
from retropace.session import Step
from retropace.witness import said_by_name
from retropace.writers import wording


@given(STEPS)
def test_a_watch_shows_which_way_to_face(made: Step) -> None:
    name = wording.watch_name(made)
    assert 1 <= len(name) <= 15
    said = said_by_name(name) or said_by_name(" ".join(wording.step_care(made, LIMITS)))
    assert (said == Direction.BACKWARD) == (made.direction == Direction.BACKWARD)


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (step(BACK, 20), "BACK 20s"),
        (step(BACK, 300), "BACK 5min"),
        (step(BACK, 90), "BACK 90s"),
        (step(BACK_WALK, 60), "BACK 60s walk"),
        (step(BACK_WALK, 7200), "BACK walk"),
        (step(RUN, 60, "run"), "RUN 60s"),
        (step(WALK, 240, "warm-up walk"), "warm-up walk"),
        (step(WALK, 60, "Back to start, walk"), "WALK 60s"),
        (step(WALK, 60, "BACK 60s"), "WALK 60s"),
        (step(BACK, 20, "Relaxed"), "BACK 20s"),
        (step(BACK, 20, "Reverse"), "BACK 20s"),
        (step(BACK_WALK, 60, "Backward walk"), "BACK 60s walk"),
        (step(WALK, 60, "Walk"), "WALK 60s"),
        (step(STAND, 10, "Practice stop"), "Practice stop"),
        (step(BACK, 20, "Reverse 1 of 6"), "Reverse 1 of 6"),
        (step(SIDE, 15), "SIDE 15s walk"),
        (step(STAND, 10), "STAND 10s"),
    ],
)
def test_names_on_a_watch(made: Step, name: str) -> None:
    assert wording.watch_name(made) == name


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (step(BACK, 20), "reverse run 20 s"),
        (step(BACK, 20, "relaxed", 1.8), "reverse run (relaxed) 20 s, about 6.5 km/h"),
        (step(WALK, 240, "warm-up walk"), "warm-up walk 4 min"),
        (step(WALK, 75, "Backward walk"), "walk (Backward walk) 1:15 min"),
        (step(BACK, 20, "Reverse run, tall"), "Reverse run, tall 20 s"),
        (step(RUN, 3660), "run 1 h 1 min"),
        (step(STAND, 10, "Practice stop"), "Practice stop 10 s"),
        (step(RUN, 75.5), "run 75.5 s"),
        (step(BACK_WALK, 60.5), "backward walk 60.5 s"),
    ],
)
def test_steps_in_words(made: Step, told: str) -> None:
    assert wording.step_line(made) == told


def test_imperial_speeds() -> None:
    assert wording.step_line(step(BACK, 20, speed_mps=1.788), "imperial") == "reverse run 20 s, about 4.0 mph"


def test_care_follows_the_limits() -> None:
    told = " ".join(wording.care(LIMITS))
    assert "a spotter who faces the way you go or a mirror" in told
    assert "every 4 s" in told
    alone = replace(LIMITS, watchers=(Watcher.NOBODY, Watcher.SPOTTER))
    assert not any("Only with" in line for line in wording.care(alone))
    mill = " ".join(wording.care(LIMITS, treadmill=True))
    assert "manual mode" in mill
    assert "Look behind" not in mill
    for limits in (None, LIMITS):
        for treadmill in (False, True):
            assert "chest pressure" in wording.care(limits, treadmill=treadmill, brief=True)[-1]


def test_limits_in_words() -> None:
    told = dict(wording.limit_words(LIMITS))
    assert told["Fastest"] == "6.5 km/h"
    assert told["Treadmill"] == "up to 4.0 km/h, manual mode, walking only"
    assert told["Start"] == "at the short end"
    easy = dict(wording.limit_words(replace(LIMITS, treadmill_kmh=None, start_low=False, backward_run=False)))
    assert easy["Treadmill"] == "none"
    assert easy["Backward"] == "walking only"
    assert "Start" not in easy


def test_places_in_words() -> None:
    place = Place(surface=Surface.TRACK, clear_length_m=100.0, watcher=Watcher.SPOTTER)
    assert (
        wording.place_words("Park", place)
        == "Park, track, 100 m clear, looking out: a spotter who faces the way you go"
    )
    assert wording.place_words("", Place(watcher=Watcher.NOBODY)) == ""
    assert wording.place_words("", None) == ""


@pytest.mark.parametrize(
    ("dose", "told"),
    [
        (Dose(3, 12, None, "2-0-3", 60, each_side=True), "3 × 12 each side, 2-0-3 s, rest 60 s"),
        (Dose(2, None, 20, None, 45, each_side=False), "2 × hold 20 s, rest 45 s"),
        (Dose(2, 5, 10, None, 0, each_side=False), "2 × 5, hold 10 s"),
    ],
)
def test_doses_in_words(dose: Dose, told: str) -> None:
    assert wording.dose_words(dose) == told


def test_a_workout_takes_what_its_doses_take_to_the_next_five_minutes() -> None:
    needs_min = minutes(HOME, rules_on(MONDAY))
    assert 0 <= wording.workout_s(HOME, MONDAY) / 60 - needs_min < 5
    assert wording.workout_s(HOME, MONDAY) % 300 == 0


def test_shortened_names_in_words() -> None:
    assert wording.shortened({}, "x") == ()
    names = {str(k): "s" for k in range(5)}
    assert "and 2 more" in wording.shortened(names, "the notes")[0]

"""Exercises: complete, cited, doses that grow with the level."""

import datetime as dt
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace import exercises as module
from retropace.errors import UncitedValue, UnusableInput
from retropace.exercises import (
    EXERCISES,
    Dose,
    Exercise,
    Target,
    WorkKind,
    WorkLevel,
    Workout,
    exercises,
    level,
    level_reason,
    minutes,
    workout,
)
from retropace.rules import rules_on
from retropace.texts import LANGUAGES, length, lines, texts

RULES = rules_on(dt.date(2026, 11, 22))
LEVELS = list(WorkLevel)
levels = st.sampled_from(LEVELS)
GREEN = {
    "heel_raises_left": 20.0,
    "heel_raises_right": 19.0,
    "single_leg_left_s": 25.0,
    "single_leg_right_s": 28.0,
    "sit_to_stand_5_s": 11.0,
}
TOP = dict.fromkeys(GREEN, 40.0) | {"sit_to_stand_5_s": 8.0}


# -- exercises --------------------------------------------------------------------------------------------------------


def test_enough_for_every_target() -> None:
    assert len(EXERCISES) >= 14
    assert {target for exercise in EXERCISES for target in exercise.targets} == set(Target)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
def test_an_exercise_says_what_to_do_and_why(exercise: Exercise) -> None:
    assert 3 <= len(exercise.how) <= 5
    words = [exercise.name, exercise.why, exercise.feel, exercise.avoid, *exercise.how]
    assert all(words)
    assert all(part.endswith(".") for part in words[1:])
    assert not any("!" in part for part in words)
    assert len(exercise.why.split(". ")) <= 2
    assert exercise.needs in ("", "wall", "chair", "counter")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
def test_doses_are_whole_and_grow_with_the_level(exercise: Exercise) -> None:
    amounts = []
    for one in LEVELS:
        dose = exercise.doses[one]
        assert (dose.reps is None) != (dose.hold_s is None)
        assert 1 <= dose.sets <= 4
        assert 0 <= dose.rest_s <= 120
        if dose.tempo is not None:
            assert [part.isdigit() for part in dose.tempo.split("-")] == [True] * 3
        amounts.append(dose.sets * (dose.reps if dose.reps is not None else dose.hold_s or 0))
    assert amounts == sorted(amounts)


def test_strength_stays_inside_what_the_sources_give() -> None:
    """Up to 3 sets; repeats 5 to 20 without load, more sets only as repeats allow."""
    for exercise in EXERCISES:
        for dose in exercise.doses.values():
            if exercise.hard_posterior:
                assert dose.sets <= 3
                assert dose.reps is not None
                assert 5 <= dose.reps <= 15
                assert 60 <= dose.rest_s <= 120


def test_easier_and_harder_lead_back_to_each_other() -> None:
    known = exercises()
    for exercise in EXERCISES:
        if exercise.harder is not None:
            assert known[exercise.harder].easier == exercise.key
        chain, at = [exercise.key], exercise
        while at.easier is not None:
            at = known[at.easier]
            assert at.key not in chain
            chain.append(at.key)


def test_an_exercise_without_a_source_or_with_a_stranger_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {**module._content()["exercises"]["calf_raise"]}
    with pytest.raises(UncitedValue):
        module._exercise("calf_raise", entry | {"sources": []}, "en")
    stray = {"exercises": {"calf_raise": entry | {"harder": "handstand"}}}
    monkeypatch.setattr(module, "_content", lambda: stray)
    with pytest.raises(UncitedValue, match="handstand"):
        exercises.__wrapped__()


# -- level ------------------------------------------------------------------------------------------------------------


def test_level_by_the_weakest_test() -> None:
    assert level(GREEN, 40, RULES) == WorkLevel.STEADY
    assert level(TOP, 40, RULES) == WorkLevel.STRONG
    assert level(TOP | {"heel_raises_left": 14.0}, 40, RULES) == WorkLevel.GENTLE
    assert level(TOP | {"single_leg_right_s": 25.0}, 40, RULES) == WorkLevel.STEADY
    assert level(TOP | {"sit_to_stand_5_s": 12.5}, 40, RULES) == WorkLevel.GENTLE


def test_what_was_not_measured_starts_gentle() -> None:
    assert level({}, 30, RULES) == WorkLevel.GENTLE
    for measure in TOP:
        assert level({k: v for k, v in TOP.items() if k != measure}, 30, RULES) == WorkLevel.GENTLE
        assert level(TOP | {measure: math.nan}, 30, RULES) == WorkLevel.GENTLE


def test_from_sixty_on_one_leg_is_asked_less_of() -> None:
    shaky = GREEN | {"single_leg_left_s": 12.0}
    assert [level(shaky, age, RULES) for age in (59, 60, None)] == [
        WorkLevel.GENTLE,
        WorkLevel.STEADY,
        WorkLevel.GENTLE,
    ]


@given(
    st.dictionaries(st.sampled_from(sorted(TOP)), st.floats(0, 60)),
    st.one_of(st.none(), st.floats(13, 95)),
)
def test_a_better_test_never_lowers_the_level_and_every_level_has_a_reason(
    tests: dict[str, float], age: float | None
) -> None:
    now, reason = level_reason(tests, age, RULES)
    assert reason.sources
    assert reason.rule in RULES.by_key
    for measure in tests:
        better = tests | {measure: tests[measure] + (-1 if measure == "sit_to_stand_5_s" else 1)}
        assert LEVELS.index(level(better, age, RULES)) >= LEVELS.index(now)


# -- workouts ---------------------------------------------------------------------------------------------------------


def made(kind: WorkKind, at: WorkLevel) -> Workout:
    found = workout(kind, at)
    assert found is not None
    return found


@pytest.mark.parametrize("at", LEVELS)
@pytest.mark.parametrize("kind", list(WorkKind))
def test_every_workout_in_a_time_people_have(kind: WorkKind, at: WorkLevel) -> None:
    found = made(kind, at)
    assert 3 <= len(found.items) <= 6
    assert 5 <= minutes(found, RULES) <= 25
    assert found.name
    assert found.hard_posterior == (kind in (WorkKind.STRENGTH_A, WorkKind.STRENGTH_B))
    assert workout(kind.value, at) == found


def test_minutes_by_hand() -> None:
    """2 sets × 2 sides × 20 s and one rest of 45 s; half a minute to change; 2 × 15 × 4 s and 45 s."""
    plank = Dose(2, None, 20.0, None, 45.0, each_side=True)
    toes = Dose(2, 15, None, "1-1-2", 45.0, each_side=False)
    told = Workout("two", (module.Prescribed("side_plank", plank), module.Prescribed("tibialis_raise", toes)), False)
    assert minutes(told, RULES) == pytest.approx((80 + 45 + 30 + 120 + 45) / 60)


def test_all_parts_of_the_body_in_a_week_of_work() -> None:
    for at in LEVELS:
        kinds = (WorkKind.STRENGTH_A, WorkKind.STRENGTH_B, WorkKind.BALANCE, WorkKind.MOBILITY)
        keys = [item.exercise for kind in kinds for item in made(kind, at).items]
        assert {target for key in keys for target in exercises()[key].targets} == set(Target)


def test_a_sore_calf_leaves_its_exercises_out() -> None:
    spared = workout("strength_a", WorkLevel.STEADY, without=[Target.CALF])
    assert spared is not None
    assert "calf_raise_single" not in [item.exercise for item in spared.items]
    assert len(spared.items) == len(made(WorkKind.STRENGTH_A, WorkLevel.STEADY).items) - 1
    legs = [Target.CALF, Target.GLUTE, Target.HAMSTRING]
    light = workout("strength_b", WorkLevel.STEADY, without=legs)
    assert light is not None
    assert not light.hard_posterior
    assert workout("balance", WorkLevel.GENTLE, without=list(Target)) is None


# -- texts ------------------------------------------------------------------------------------------------------------


def test_every_language_holds_the_same_keys() -> None:
    for language in LANGUAGES:
        assert texts(language).keys() == texts().keys()
    with pytest.raises(UnusableInput, match="'tlh'"):
        texts("tlh")


def test_texts_keep_the_coachs_voice() -> None:
    for key in texts():
        assert all("!" not in line and "  " not in line for line in lines(key))


def test_durations_as_they_are_said() -> None:
    assert [length(s) for s in (0, 1, 59, 61, 120, 3600)] == [
        "0 seconds",
        "1 second",
        "59 seconds",
        "1 minute 1 second",
        "2 minutes",
        "60 minutes",
    ]


def test_no_two_exercises_tell_the_same() -> None:
    for one, other in pairwise(sorted(EXERCISES, key=lambda e: e.name)):
        assert one.name != other.name
    assert len({exercise.why for exercise in EXERCISES}) == len(EXERCISES)

"""Home tests: where green ends and red begins, and figures that cannot be."""

import math
from dataclasses import replace

import pytest

from retropace.findings import Effect
from retropace.home_tests import undone
from retropace.place import Watcher
from retropace.screening import Level, screen
from screened import GREEN, HEALTHY, RULES, STRAIGHT, keys_of


@pytest.mark.parametrize(
    ("measure", "value", "effect"),
    [
        ("backward_walk_3m_s", 3.5, Effect.NOTE),
        ("backward_walk_3m_s", 3.6, Effect.CAREFUL),
        ("backward_walk_3m_s", 5.6, Effect.NOT_NOW),
        ("single_leg_left_s", 20.0, Effect.NOTE),
        ("single_leg_left_s", 19.0, Effect.GENTLE),
        ("single_leg_right_s", 9.9, Effect.CAREFUL),
        ("single_leg_right_s", 0.0, Effect.NOT_NOW),
        ("sit_to_stand_5_s", 12.1, Effect.GENTLE),
        ("sit_to_stand_5_s", 15.1, Effect.NOT_NOW),
        ("heel_raises_left", 14.0, Effect.GENTLE),
        ("heel_raises_right", 0.0, Effect.GENTLE),
        ("neck_left_deg", 59.0, Effect.EYES),
        ("neck_right_deg", 44.0, Effect.CAREFUL),
        ("neck_dizzy", 1.0, Effect.NOT_NOW),
        ("walk_30min_pain", 3.0, Effect.CAREFUL),
        ("walk_30min_pain", 6.0, Effect.NOT_NOW),
        ("prep_stumbles", 1.0, Effect.GENTLE),
    ],
)
def test_where_green_ends_and_red_begins(measure: str, value: float, effect: Effect) -> None:
    cleared = screen(replace(HEALTHY, tests={**HEALTHY.tests, measure: value}), STRAIGHT, RULES)
    level = {Effect.NOT_NOW: Level.NOT_NOW, Effect.CAREFUL: Level.WALK}.get(effect, Level.RUN)
    assert cleared.level is level
    assert (cleared.see is not None) == (effect is Effect.NOT_NOW)
    assert ("screening.tests_green" in keys_of(cleared)) == (effect is Effect.NOTE)
    assert (Watcher.NOBODY in cleared.limits.watchers) == (effect is Effect.NOTE)


def test_an_impossible_figure_counts_as_not_done_and_never_as_good() -> None:
    for value in (0.0, -3.0, math.nan):
        cleared = screen(replace(HEALTHY, tests={**GREEN, "backward_walk_3m_s": value}), STRAIGHT, RULES)
        assert "screening.tests_open" in keys_of(cleared)
        assert cleared.limits.start_low


def test_ten_seconds_on_one_leg_are_enough_from_sixty_on() -> None:
    standing = replace(HEALTHY, tests={**GREEN, "single_leg_left_s": 12.0})
    assert screen(replace(standing, age_years=61), STRAIGHT, RULES).limits.start_low is False
    assert screen(replace(standing, age_years=59.5), STRAIGHT, RULES).limits.start_low is True


def test_the_five_are_open_at_first_and_the_extra_ones_only_when_asked_for() -> None:
    assert next(iter(undone({}, RULES))).key == "backward_walk_3m"
    assert len(undone({}, RULES)) == 5
    assert undone(GREEN, RULES) == ()
    assert len(undone(GREEN, RULES, extra=True)) == 3

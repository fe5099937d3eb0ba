"""Exercises: the home work that surrounds reverse running, each with doses by level and a drawn figure."""

import enum
import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from retropace.errors import UncitedValue
from retropace.rules import Basis, Reason, Rules
from retropace.sources import require_known
from retropace.texts import lines, sentence


class Target(enum.StrEnum):
    """What an exercise is for."""

    CALF = "calf"
    SHIN = "shin"
    HAMSTRING = "hamstring"
    GLUTE = "glute"
    THIGH = "thigh"
    BALANCE = "balance"
    TRUNK = "trunk"
    NECK = "neck"
    SHOULDER = "shoulder"


class WorkLevel(enum.StrEnum):
    """How much home work somebody is ready for, from the home tests."""

    GENTLE = "gentle"
    STEADY = "steady"
    STRONG = "strong"


class WorkKind(enum.StrEnum):
    """The home workouts there are."""

    STRENGTH_A = "strength_a"
    STRENGTH_B = "strength_b"
    TRUNK = "trunk"  # strength that spares calves, hamstrings and buttocks
    BALANCE = "balance"
    MOBILITY = "mobility"


@dataclass(frozen=True, slots=True)
class Dose:
    """Sets of repetitions, or of holds [s]; `tempo` is seconds up-hold-down; `rest_s` between sets."""

    sets: int
    reps: int | None
    hold_s: float | None
    tempo: str | None
    rest_s: float
    each_side: bool


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. `how` is what to do step by step, `easier` and `harder` are keys of its other forms.

    `key` names its figure too. `needs` says what is at hand at home (wall, chair, counter), empty where nothing is needed.
    `hard_posterior` where it loads calves, hamstrings or buttocks to tiredness.
    """

    key: str
    name: str
    targets: tuple[Target, ...]
    how: tuple[str, ...]
    why: str
    feel: str
    avoid: str
    easier: str | None
    harder: str | None
    doses: Mapping[WorkLevel, Dose]
    needs: str
    hard_posterior: bool
    basis: Basis
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prescribed:
    """One exercise of a workout: its key in `EXERCISES` and the dose."""

    exercise: str
    dose: Dose


@dataclass(frozen=True, slots=True)
class Workout:
    """A home workout: exercises in order. `hard_posterior` where calves, hamstrings or glutes are loaded to tiredness."""

    name: str
    items: tuple[Prescribed, ...]
    hard_posterior: bool


# -- what there is ----------------------------------------------------------------------------------------------------


@cache
def exercises(language: str = "en") -> Mapping[str, Exercise]:
    """Every exercise by key, its words in `language`. Raises UncitedValue where one is incomplete or cites nothing."""
    found = {key: _exercise(key, entry, language) for key, entry in _content()["exercises"].items()}
    for exercise in found.values():
        strangers = {exercise.easier, exercise.harder} - {None, *found}
        if strangers:
            raise UncitedValue(f"The exercise {exercise.key!r} leads to {strangers}", file="exercises.toml")
    return found


@cache
def _content() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files("retropace").joinpath("exercises.toml").read_text(encoding="utf-8"))


def _exercise(key: str, entry: Mapping[str, Any], language: str) -> Exercise:
    sources = tuple(entry["sources"])
    require_known(sources, f"The exercise {key!r}")
    words = {part: sentence(f"exercises.{key}.{part}", language) for part in ("name", "why", "feel", "avoid")}
    return Exercise(
        key=key,
        targets=tuple(Target(target) for target in entry["targets"]),
        how=lines(f"exercises.{key}.how", language),
        easier=entry.get("easier"),
        harder=entry.get("harder"),
        doses={level: _dose(entry, entry[level.value]) for level in WorkLevel},
        needs=entry.get("needs", ""),
        hard_posterior=entry.get("hard_posterior", False),
        basis=Basis(entry["basis"]),
        sources=sources,
        **words,
    )


def _dose(entry: Mapping[str, Any], dose: Mapping[str, Any]) -> Dose:
    holds = dose.get("hold_s")
    return Dose(
        sets=dose["sets"],
        reps=dose.get("reps"),
        hold_s=None if holds is None else float(holds),
        tempo=entry.get("tempo"),
        rest_s=float(dose["rest_s"]),
        each_side=entry.get("each_side", False),
    )


#: Every exercise, in English, in the order of exercises.toml.
EXERCISES: tuple[Exercise, ...] = tuple(exercises().values())


# -- who gets what ----------------------------------------------------------------------------------------------------

#: The two sides or the one figure of each home test that counts, the edge of steady and that of strong, and which is better.
_EDGES = (
    (("heel_raises_left", "heel_raises_right"), "screening.heel_raise_green", "exercises.strong_heel_raises", "high"),
    (("single_leg_left_s", "single_leg_right_s"), "screening.stance_green", "exercises.strong_stance", "high"),
    (("sit_to_stand_5_s",), "screening.chair_green", "exercises.strong_chair", "low"),
)


def level(tests: Mapping[str, float], age_years: float | None, rules: Rules) -> WorkLevel:
    """How much home work somebody is ready for: the least that any of the three tests for legs and balance says.

    A test that was not done says gentle. The weaker side counts. Of standing on one leg, screening asks less from 60 on.

    >>> import datetime as dt; from retropace.rules import rules_on
    >>> level({"heel_raises_left": 18, "heel_raises_right": 20}, 40, rules_on(dt.date(2026, 11, 22))).value
    'gentle'
    """
    return level_reason(tests, age_years, rules)[0]


def level_reason(tests: Mapping[str, float], age_years: float | None, rules: Rules) -> tuple[WorkLevel, Reason]:
    """The level and the rule that decided it."""
    found: list[tuple[WorkLevel, str, str, float]] = []
    for measures, steady, strong, better in _EDGES:
        figures = [tests.get(measure, math.nan) for measure in measures]
        if any(math.isnan(figure) for figure in figures):
            return WorkLevel.GENTLE, rules.reason("exercises.gentle", missing=measures[0])
        figure = min(figures) if better == "high" else max(figures)
        found.append(
            (*_reached(figure, better, _for_age(steady, age_years, rules), strong, rules), measures[0], figure)
        )
    order = list(WorkLevel)
    least, key, measure, figure = min(found, key=lambda one: order.index(one[0]))
    return least, rules.reason(key, measure=measure, value=figure)


def _reached(figure: float, better: str, steady: str, strong: str, rules: Rules) -> tuple[WorkLevel, str]:
    def passes(key: str) -> bool:
        edge = rules.number(key)
        return figure >= edge if better == "high" else figure <= edge

    if not passes(steady):
        return WorkLevel.GENTLE, "exercises.gentle"
    return (WorkLevel.STRONG, strong) if passes(strong) else (WorkLevel.STEADY, steady)


def _for_age(key: str, age_years: float | None, rules: Rules) -> str:
    older = age_years is not None and age_years >= rules.number("screening.second_person")
    return "screening.stance_green_60" if older and key == "screening.stance_green" else key


def workout(
    kind: WorkKind | str, level: WorkLevel, *, without: Collection[Target] = (), language: str = "en"
) -> Workout | None:
    """The home workout of `kind` at `level`; exercises for a target in `without` (a sore calf) are left out.

    None where nothing is left.
    """
    kind = WorkKind(kind)
    known = exercises(language)
    keys = _content()["workouts"][kind.value][level.value]
    kept = [known[key] for key in keys if not set(known[key].targets) & set(without)]
    items = tuple(Prescribed(exercise.key, exercise.doses[level]) for exercise in kept)
    name = sentence(f"workouts.{kind.value}", language)
    return Workout(name, items, any(exercise.hard_posterior for exercise in kept)) if items else None


def minutes(workout: Workout, rules: Rules) -> float:
    """About how long a workout takes [min], with rests and changes."""
    change_s = rules.number("exercises.change_over")
    total_s = sum(_lasts_s(item.dose, rules) for item in workout.items) + change_s * max(0, len(workout.items) - 1)
    return total_s / 60


def _lasts_s(dose: Dose, rules: Rules) -> float:
    """All sets of both sides; the other side works while the first one rests."""
    repeat_s = rules.number("exercises.repeat") if dose.tempo is None else sum(map(float, dose.tempo.split("-")))
    set_s = dose.hold_s if dose.hold_s is not None else (dose.reps or 0) * repeat_s
    sides = 2 if dose.each_side else 1
    return dose.sets * sides * set_s + (dose.sets - 1) * dose.rest_s

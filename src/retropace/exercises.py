"""Exercises: the home work that surrounds reverse running, each with doses by level and a drawn figure."""

import enum
from dataclasses import dataclass


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

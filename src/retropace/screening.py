"""Screening: who may run backward, where, and within which limits; with reasons.

Caution shows as limits, not as refusals; only red flags refuse, and say whom to see.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from retropace.place import Watcher
from retropace.rules import Reason


class Group(enum.StrEnum):
    """Whom a programme is made for."""

    BEGINNER = "beginner"
    ATHLETE = "athlete"  # runs forward at least three times a week
    OLDER = "older"
    REHABILITATION = "rehabilitation"
    YOUTH = "youth"


class Level(enum.StrEnum):
    """What somebody is cleared for."""

    RUN = "run"  # reverse running within limits
    WALK = "walk"  # backward walking, with a spotter or rail where the limits say so
    NOT_NOW = "not_now"  # a red flag: see somebody first


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered; None, or no entry, where they did not.

    `health` maps the keys of the health questions to yes or no, `tests` the keys of the home tests to what was measured
    (see rules/screening.toml for both). `ordinary_runs_per_week` are forward runs.
    """

    day: dt.date
    age_years: float | None = None
    sex: str | None = None
    pregnant: bool | None = None
    active: bool | None = None
    ordinary_runs_per_week: float | None = None
    knee_rehabilitation: bool | None = None
    health: Mapping[str, bool] = field(default_factory=dict)
    tests: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What nobody's goal can switch off.

    `watchers`: any one of these must look out (NOBODY among them: none is needed). `start_low`: begin at the short end.
    `treadmill_kmh` is None where no treadmill may be used; `treadmill_run` whether slow reverse jogging on it may be.
    """

    backward_run: bool
    speed_mps: float
    longest_bout_s: float
    glance_every_s: float
    watchers: tuple[Watcher, ...]
    start_low: bool
    treadmill_kmh: float | None
    treadmill_run: bool


@dataclass(frozen=True, slots=True)
class Clearance:
    """The answer of a screening. `see` says whom to see first, where the level is NOT_NOW."""

    level: Level
    group: Group
    limits: Limits
    reasons: tuple[Reason, ...]
    screened: dt.date
    valid_until: dt.date
    see: str | None = None

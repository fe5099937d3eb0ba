"""Programme: weeks of days from clearance, goal and calendar; caps come last and no goal switches them off."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from retropace.exercises import Workout
from retropace.quantities import Direction
from retropace.rules import Reason
from retropace.screening import Clearance
from retropace.session import Session


class Goal(enum.StrEnum):
    """What somebody comes for."""

    TRY = "try"  # just one session
    REVERSE = "reverse"  # reverse intervals that grow
    INTERVALS = "intervals"  # 1 min forward, 30 s reverse
    WARM_UP = "warm_up"  # 5 minutes reverse inside an ordinary run
    WALK = "walk"  # backward walking
    KNEE = "knee"  # backward walking beside knee rehabilitation
    TREADMILL = "treadmill"  # backward walking on a treadmill in manual mode


class Kind(enum.StrEnum):
    """What a day holds."""

    REVERSE = "reverse"
    CHALLENGE = "challenge"
    BACKWARD_WALK = "backward_walk"
    STRENGTH = "strength"
    EASY = "easy"
    REST = "rest"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody can: weekdays (0 = Monday), days that are out, and events by day with their name."""

    start: dt.date
    weeks: int
    weekdays: frozenset[int] = frozenset(range(7))
    blackout: frozenset[dt.date] = frozenset()
    events: Mapping[dt.date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `session` for the days that move backward, `workout` for home exercises (both may be there)."""

    date: dt.date
    kind: Kind
    session: Session | None = None
    workout: Workout | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """One week. `row` is the row of the dose table, `deload` a lighter week."""

    number: int
    row: int
    deload: bool
    days: tuple[Day, ...]
    reasons: tuple[Reason, ...]

    @property
    def reverse_s(self) -> float:
        """Planned seconds backward, running and walking."""
        steps = [step for day in self.days if day.session for step in day.session.steps]
        return sum(step.duration_s for step in steps if step.direction == Direction.BACKWARD)


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme: what was asked, what is allowed, and the weeks that follow from both."""

    goal: Goal
    clearance: Clearance
    calendar: Calendar
    weeks: tuple[Week, ...]
    reasons: tuple[Reason, ...]

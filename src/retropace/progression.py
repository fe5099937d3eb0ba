"""Progression: a small pure state machine from what somebody reports to the next session, with reasons."""

import datetime as dt
import enum
from dataclasses import dataclass

from retropace.programme import Goal
from retropace.rules import Reason
from retropace.session import Session


class Decision(enum.StrEnum):
    """What becomes of the dose."""

    ADVANCE = "advance"
    HOLD = "hold"
    CUT = "cut"
    STOP = "stop"  # no reverse session until what stopped it has settled
    REFER = "refer"  # see somebody first


@dataclass(frozen=True, slots=True)
class Past:
    """A reverse session that was done: its reverse seconds, longest bout and speed (None where not known)."""

    day: dt.date
    reverse_s: float
    longest_bout_s: float
    speed_mps: float | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody stands: the row of the dose table, what was earned towards the next, what holds them, what was done."""

    goal: Goal
    row: int = 0
    earned: int = 0
    held: int = 0
    stopped: bool = False
    referred: bool = False
    past: tuple[Past, ...] = ()
    resting_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """The answer: the new state, what was decided, the next session and its day (None where there is none), and why."""

    state: State
    decision: Decision
    session: Session | None
    day: dt.date | None
    reasons: tuple[Reason, ...]

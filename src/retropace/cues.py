"""Cues: a session as a timeline of what is said, shown and felt, at absolute times; pure, so that any player can play it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class CueKind(enum.StrEnum):
    """What a cue is for; a player has a sound of its own for the first four."""

    REVERSE = "reverse"
    WALK = "walk"
    STOP = "stop"
    DONE = "done"
    RUN = "run"
    NEXT = "next"  # names the step to come
    COUNT = "count"  # 3, 2, 1, or 10 and 5 seconds left
    HALFWAY = "halfway"
    FORM = "form"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: `at_s` from the session's start, the key of its text and what fills it; `side` for looks.

    `duration_s` is how long it takes to say, so that nothing else is said meanwhile.
    """

    at_s: float
    kind: CueKind
    text: str
    duration_s: float
    step: int
    filling: Mapping[str, str | int] = field(default_factory=dict)
    side: str | None = None

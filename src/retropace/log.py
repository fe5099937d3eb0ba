"""Log: what a person says after a session and the next days."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from retropace.errors import UnusableInput
from retropace.rules.questionnaire import stop_signs


class Part(enum.StrEnum):
    """Body parts that hurt or get sore from running backward; each has a side."""

    CALF = "calf"
    ACHILLES = "achilles"
    SHIN = "shin"
    ANKLE = "ankle"
    FOOT = "foot"
    KNEE = "knee"
    THIGH_FRONT = "thigh_front"
    HAMSTRING = "hamstring"
    GLUTE = "glute"
    HIP = "hip"
    LOW_BACK = "low_back"
    NECK = "neck"
    SHOULDER = "shoulder"


class Side(enum.StrEnum):
    """Which side of the body."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Done(enum.StrEnum):
    """How much of the session was done."""

    ALL = "all"
    PARTLY = "partly"
    NOT = "not"


Where = tuple[Part, Side]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One session as the person tells it. Scales run from 0 to 10; None where nobody said.

    `pain_during`, `pain_hour` (worst within the hour after) and `pain_morning` (next morning), `soreness_24h` and
    `soreness_48h` are by body part and side. `red_flags` are keys of screening's stop signs. `reverse_s`,
    `reverse_longest_s` and `reverse_speed_mps` come from the measured `Summary` where there is one, else from the person.
    `backward_walk` marks the walking day beside a running programme, which earns nothing. `nothing` names the fields by
    body part that were asked and where there was nothing to tell; an empty field beside it was never answered.
    """

    day: dt.date
    done: Done
    effort: float | None = None
    pain_during: Mapping[Where, float] = field(default_factory=dict)
    pain_hour: Mapping[Where, float] = field(default_factory=dict)
    pain_morning: Mapping[Where, float] = field(default_factory=dict)
    soreness_24h: Mapping[Where, float] = field(default_factory=dict)
    soreness_48h: Mapping[Where, float] = field(default_factory=dict)
    neck_strain: float | None = None
    stumbles: int = 0
    falls: int = 0
    red_flags: tuple[str, ...] = ()
    sleep_hours: float | None = None
    notes: str = ""
    reverse_s: float | None = None
    reverse_longest_s: float | None = None
    reverse_speed_mps: float | None = None
    measured: bool = False
    backward_walk: bool = False
    nothing: tuple[str, ...] = ()

    def answered(self, name: str) -> bool:
        """Whether a field by body part was answered, be it with nothing.

        >>> LogEntry(dt.date(2026, 11, 22), Done.ALL, nothing=("soreness_24h",)).answered("soreness_24h")
        True
        """
        return bool(getattr(self, name)) or name in self.nothing


def require_plausible(entry: LogEntry, file: str | None = None) -> None:
    """Raise UnusableInput for a scale beyond 0 to 10, a negative count or time, a longer night than a day, no known sign."""
    scales: list[tuple[str, float | None]] = [("effort", entry.effort), ("neck_strain", entry.neck_strain)]
    for name in ("pain_during", "pain_hour", "pain_morning", "soreness_24h", "soreness_48h"):
        scales += [(f"{name}.{part} {side}", value) for (part, side), value in getattr(entry, name).items()]
    for name, value in scales:
        _require(name, value, 10, file)
    for name, high in (
        ("sleep_hours", 24),
        ("reverse_s", 86_400),
        ("reverse_longest_s", 86_400),
        ("reverse_speed_mps", 8),
    ):
        _require(name, getattr(entry, name), high, file)
    _require("stumbles", entry.stumbles, 1000, file)
    _require("falls", entry.falls, 100, file)
    signs = stop_signs(entry.day)
    for sign in entry.red_flags:
        if sign not in signs:
            remedy = f"Known signs: {', '.join(signs)}."
            raise UnusableInput(f"{sign!r} is no sign to stop", file=file, field="red_flags", remedy=remedy)


def _require(name: str, value: float | None, high: float, file: str | None) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (number and 0 <= value <= high):
        raise UnusableInput(
            f"{value!r} is out of range", file=file, field=name, remedy=f"Give a number from 0 to {high:g}."
        )

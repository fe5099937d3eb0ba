"""Writer: what gives a session or a programme to a watch, a platform, a calendar or paper, and how well it can."""

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from retropace.place import Place
from retropace.programme import Programme
from retropace.quantities import System
from retropace.screening import Limits
from retropace.session import Session

#: When a file is said to have been made where nobody says but the format must: the same content gives the same bytes.
UNDATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Feature(enum.StrEnum):
    """What a plan holds and a format may or may not."""

    REPEATS = "repeats"
    NAMES = "step names"
    CUES = "cues and care"
    DIRECTION = "direction"
    TIMES = "step times"
    ROLES = "warm-up, recovery, cool-down"
    SPEEDS = "step speeds"
    DAYS = "days"
    SESSIONS = "many sessions"
    WORKOUTS = "home workouts"
    REASONS = "limits, reasons, sources"


class Degree(enum.StrEnum):
    """How well a format holds a feature."""

    EXACT = "exact"
    DEGRADED = "degraded"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Support:
    """How well one format holds one feature, and what becomes of it, in a sentence."""

    degree: Degree
    says: str


@dataclass(frozen=True, slots=True)
class Options:
    """What a writer may be told; each uses what concerns it.

    `made` (aware) is when the file is said to have been made, None where nobody says; `person` whom it is for. `limits`
    bound a bare session; a programme brings its own. `treadmill`: to be done on one. `where` is what the person calls the
    place, `place` what is known of it. `zone` is an IANA time zone (None: the calendar's own local time), `at` when sessions
    begin, `alarm_min` minutes of warning (None: no alarm), `busy_only` hides what the time is for, `sequence` grows with
    every change of a calendar already given out. `figures` gives drawings of exercises by key as SVG, None for our own.
    """

    made: dt.datetime | None = None
    person: str = ""
    limits: Limits | None = None
    treadmill: bool = False
    where: str = ""
    place: Place | None = None
    zone: str | None = None
    at: dt.time = dt.time(18)
    alarm_min: int | None = None
    busy_only: bool = False
    sequence: int = 0
    paper: Literal["a4", "us-letter"] = "a4"
    system: System = "metric"
    figures: Callable[[str], str | None] | None = None

    @property
    def stamp(self) -> dt.datetime:
        """When the file is said to have been made, for formats that must say something."""
        return UNDATED if self.made is None else self.made


@dataclass(frozen=True, slots=True)
class Written:
    """A file's name and bytes; `notes` are sentences on what this format could not hold of this session or programme."""

    file_name: str
    media_type: str
    content: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: its key on the command line, what it is called, how well it holds each feature, and where files go.

    `session` and `programme` write one that has passed `steps.checked`; None where the format cannot hold it.
    """

    key: str
    name: str
    suffix: str
    media_type: str
    delivery: str
    features: Mapping[Feature, Support]
    session: Callable[[Session, Options], Written] | None = None
    programme: Callable[[Programme, Options], Written] | None = None

    @property
    def takes(self) -> str:
        """What it can be given, in words."""
        given = [word for word, make in (("session", self.session), ("programme", self.programme)) if make]
        return " or ".join(given)


def exact(says: str) -> Support:
    """The format holds it whole."""
    return Support(Degree.EXACT, says)


def degraded(says: str) -> Support:
    """The format holds part of it, or holds it as words."""
    return Support(Degree.DEGRADED, says)


def unsupported(says: str) -> Support:
    """The format has no place for it."""
    return Support(Degree.UNSUPPORTED, says)

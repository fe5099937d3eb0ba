"""Store: what is kept of a person between sessions. Only what they said and did; all else is worked out anew from it.

`Store` is the seam. `notebook.Notebook` keeps one person's in a database, with their recordings (`recordings.Recordings`);
`folder.Folder` is the same as readable files, for taking out and bringing in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from retropace.doses import Goal
from retropace.log import LogEntry
from retropace.place import Place
from retropace.quantities import System
from retropace.screening import Answers
from retropace.timetable import Calendar


@dataclass(frozen=True, slots=True)
class Screened:
    """A screening as it was answered."""

    answers: Answers
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants: their goal and when they can."""

    goal: Goal
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Settings:
    """How a person wants it shown and shared.

    `zone` is an IANA time zone, None: the machine's own. A shared track is hidden within `hide_radius_m` of `home` (latitude
    and longitude), where there is none round its own start and end.
    """

    name: str = ""
    system: System = "metric"
    theme: Literal["system", "light", "dark"] = "system"
    zone: str | None = None
    language: str = "en"
    hide_radius_m: float = 200.0
    home: tuple[float, float] | None = None


class Told(Protocol):
    """What was said so far: all that a programme and the next session rest on. Raises UnusableInput, StoreFailure."""

    def screenings(self) -> Sequence[Screened]:
        """Every screening, oldest first."""

    def wanted(self) -> Wanted | None:
        """What the person wants at present."""

    def log(self) -> Sequence[LogEntry]:
        """Every log entry, oldest first."""


class Store(Told, Protocol):
    """What any store can do. Raises UnusableInput where what is kept cannot be read, StoreFailure where nothing can be."""

    def keep_screened(self, screened: Screened) -> None:
        """Keep a screening; earlier ones stay."""

    def unfinished(self) -> Screened | None:
        """A screening that was stopped half way; it counts for nothing until it is finished."""

    def keep_unfinished(self, screened: Screened | None) -> None:
        """Keep a screening stopped half way in place of an earlier one; None where it is finished."""

    def keep_wanted(self, wanted: Wanted) -> None:
        """Keep what the person wants."""

    def keep_entry(self, entry: LogEntry) -> None:
        """Keep one entry; one of the same day is replaced."""

"""Shapes: records as the API gives and takes them, where they differ from our own; field names are the same throughout."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from retropace.digest import Digest
from retropace.doses import Goal
from retropace.estimate import Estimate
from retropace.intake import Outcome
from retropace.log import Done, LogEntry
from retropace.place import Place
from retropace.progression import Decision, Next
from retropace.quantities import Direction, System
from retropace.screening import Answers
from retropace.sources import Verdict
from retropace.store import Screened, Wanted
from retropace.store.records import entry_from, entry_table, record, table
from retropace.writers.plan_json import ClearancePart, DayPart, ReasonPart, SessionPart, reason_parts, session_part

#: What errors of this kind name as their file.
BODY = "the request"


@dataclass(frozen=True, slots=True)
class Error:
    """What happened, in which file and field, and what to do."""

    what: str
    where: str | None
    field: str | None
    remedy: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """The one shape of every answer that is no success."""

    error: Error


@dataclass(frozen=True, slots=True)
class Shown:
    """How it is shown: name, units and time zone."""

    name: str
    system: System
    zone: str | None


@dataclass(frozen=True, slots=True)
class Done2xx:
    """That something was done, or that there was nothing to do."""

    done: bool


@dataclass(frozen=True, slots=True)
class NextPart:
    """What comes next and why; no session where something must come first."""

    decision: Decision
    day: dt.date | None
    session: SessionPart | None
    reasons: tuple[ReasonPart, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """A day and what comes next."""

    day: DayPart
    next: NextPart


@dataclass(frozen=True, slots=True)
class ScreenedPart:
    """Answers and place of one screening."""

    answers: Answers
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Screening:
    """A screening and the clearance that follows from it."""

    screened: ScreenedPart
    clearance: ClearancePart


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """When somebody can; weekdays count from Monday = 0."""

    start: dt.date
    weeks: int
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    blackout: tuple[dt.date, ...] = ()
    events: dict[str, str] = field(default_factory=dict)
    moved: dict[str, dt.date] = field(default_factory=dict)
    skipped: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedPart:
    """A goal and a calendar."""

    goal: Goal
    calendar: CalendarPart


@dataclass(frozen=True, slots=True)
class Entry:
    """One day's log; pains and soreness by words like "calf left", 0 to 10.

    `nothing` names those of which there was none.
    """

    done: Done
    effort: float | None = None
    pain_during: dict[str, float] = field(default_factory=dict)
    pain_hour: dict[str, float] = field(default_factory=dict)
    pain_morning: dict[str, float] = field(default_factory=dict)
    soreness_24h: dict[str, float] = field(default_factory=dict)
    soreness_48h: dict[str, float] = field(default_factory=dict)
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


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """An entry and its day."""

    day: dt.date
    entry: Entry


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its band, or null and why."""

    value: float | None
    low: float | None
    high: float | None
    why_unknown: str | None


@dataclass(frozen=True, slots=True)
class Outing:
    """One recording in short."""

    id: str
    name: str
    day: dt.date
    start: str | None
    duration_s: float
    simulated: bool
    headline: str
    reverse_run_s: float
    reverse_walk_s: float
    longest_reverse_s: float
    unknown_s: float
    corrections: int
    planned: str | None
    speed_ratio: Figure
    heart_rate_ratio: Figure
    trouble: str | None
    same_as: str | None


@dataclass(frozen=True, slots=True)
class Outings:
    """A page of recordings, newest first; `total` counts all."""

    total: int
    first: int
    outings: tuple[Outing, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one file."""

    name: str
    id: str | None
    new: bool
    looks_like: str | None
    error: Error | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What the person says of a stretch; seconds from the recording's start."""

    start_s: float
    end_s: float
    direction: Direction


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """A popular claim, what holds of it, its best number and where that comes from."""

    key: str
    claim: str
    topic: str
    verdict: Verdict
    holds: str
    number: str
    explanation: str
    sources: tuple[str, ...]


# -- between our records and these ---------------------------------------------------------------------------------------


def next_part(found: Next) -> NextPart:
    """What comes next, as the API gives it."""
    session = None if found.session is None else session_part(found.session)
    return NextPart(found.decision, found.day, session, reason_parts(found.reasons))


def screened_of(part: ScreenedPart) -> Screened:
    """The screening in what was brought, held to the same ranges as a file. Raises UnusableInput."""
    return record(table(part), Screened, BODY)


def wanted_of(part: WantedPart) -> Wanted:
    """The wish in what was brought. Raises UnusableInput."""
    return record(table(part), Wanted, BODY)


def wanted_part(wanted: Wanted) -> WantedPart:
    """The wish, as the API gives it."""
    calendar = wanted.calendar
    return WantedPart(
        wanted.goal,
        CalendarPart(
            calendar.start,
            calendar.weeks,
            tuple(sorted(calendar.weekdays)),
            tuple(sorted(calendar.blackout)),
            {day.isoformat(): name for day, name in sorted(calendar.events.items())},
            {day.isoformat(): to for day, to in sorted(calendar.moved.items())},
            tuple(sorted(calendar.skipped)),
        ),
    )


def entry_of(day: dt.date, part: Entry) -> LogEntry:
    """The log entry in what was brought. Raises UnusableInput."""
    return entry_from({"day": day, **table(part)}, BODY)


def dated(entry: LogEntry) -> DatedEntry:
    """A log entry, as the API gives it."""
    told: Mapping[str, object] = {key: value for key, value in entry_table(entry).items() if key != "day"}
    return DatedEntry(entry.day, record(told, Entry, BODY))


def outing(found: Digest) -> Outing:
    """A recording in short, as the API gives it."""
    return Outing(
        found.id,
        found.name,
        found.day,
        None if found.start is None else found.start.isoformat(),
        found.duration_s,
        found.simulated,
        found.headline,
        found.reverse_run_s,
        found.reverse_walk_s,
        found.longest_reverse_s,
        found.unknown_s,
        found.corrections,
        found.planned,
        figure(found.speed_ratio),
        figure(found.heart_rate_ratio),
        found.trouble,
        found.same_as,
    )


def figure(estimate: Estimate) -> Figure:
    """A number with its band."""
    return Figure(estimate.value, estimate.low, estimate.high, estimate.why_unknown)


def brought(outcome: Outcome) -> Brought:
    """What became of one file, as the API gives it."""
    error = outcome.error
    return Brought(
        outcome.name,
        None if outcome.kept is None else outcome.kept.id,
        outcome.new,
        None if outcome.looks_like is None else outcome.looks_like.id,
        None if error is None else Error(error.what, error.file, error.field, error.remedy),
    )

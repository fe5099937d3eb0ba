"""JSON: a session or a programme for other programs, in a form that docs/plan.schema.json fixes.

Metric units, ISO dates, unknown is null. Steps stand one by one; `repeats` says where equal groups of them lie.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from retropace import __version__
from retropace.exercises import Workout
from retropace.place import Watcher
from retropace.programme import Day, Goal, Kind, Programme, Week
from retropace.quantities import Direction, Gait
from retropace.rules import Reason
from retropace.screening import Clearance, Group, Level, Limits
from retropace.session import Session, Step
from retropace.writers import archive, wording
from retropace.writers.steps import Played, Role, folded, played
from retropace.writers.writer import Feature, Options, Writer, Written, exact, unsupported

#: Name and version of the document.
SCHEMA: Literal["retropace.plan/1"] = "retropace.plan/1"


@dataclass(frozen=True, slots=True)
class StepPart:
    """One step. `role` is the part it plays; `speed_mps` null where the person chooses."""

    gait: Gait
    direction: Direction
    duration_s: float
    name: str
    speed_mps: float | None
    role: Role


@dataclass(frozen=True, slots=True)
class RepeatPart:
    """Steps `first` to `first + steps - 1` are gone through `times` times: the next (times - 1) * steps equal them."""

    first: int
    steps: int
    times: int


@dataclass(frozen=True, slots=True)
class SessionPart:
    """A session: every step in order, repeats written out."""

    name: str
    duration_s: float
    backward_s: float
    steps: tuple[StepPart, ...]
    repeats: tuple[RepeatPart, ...]


@dataclass(frozen=True, slots=True)
class ExercisePart:
    """An exercise and its dose: `sets` of `reps`, or of holds [s]; `tempo` is seconds up-hold-down."""

    exercise: str
    sets: int
    reps: int | None
    hold_s: float | None
    tempo: str | None
    rest_s: float
    each_side: bool


@dataclass(frozen=True, slots=True)
class WorkoutPart:
    """A home workout. `hard_posterior` where calves, hamstrings or glutes are loaded to tiredness."""

    name: str
    hard_posterior: bool
    exercises: tuple[ExercisePart, ...]


@dataclass(frozen=True, slots=True)
class ReasonPart:
    """Why: the sentence, the rule behind it, its sources (keys of the document's `sources`) and what went in."""

    rule: str
    text: str
    sources: tuple[str, ...]
    inputs: dict[str, float | str | bool]


@dataclass(frozen=True, slots=True)
class LimitsPart:
    """What no goal switches off; null where there is no such limit, and for `treadmill_kmh` where there may be no treadmill.

    One of `watchers` must look out. `clear_run_m` is the straight without its run-off.
    """

    backward_run: bool
    speed_mps: float
    longest_bout_s: float
    glance_every_s: float
    watchers: tuple[Watcher, ...]
    start_low: bool
    treadmill_kmh: float | None
    treadmill_run: bool
    clear_run_m: float | None
    first_weeks_mps: float | None


@dataclass(frozen=True, slots=True)
class ClearancePart:
    """What the person is cleared for, until when, and why. `see` says whom to see first."""

    level: Level
    group: Group
    limits: LimitsPart
    reasons: tuple[ReasonPart, ...]
    screened: date
    valid_until: date
    see: str | None


@dataclass(frozen=True, slots=True)
class DayPart:
    """One day: a session, a home workout, both, or neither."""

    date: date
    kind: Kind
    session: SessionPart | None
    workout: WorkoutPart | None
    note: str


@dataclass(frozen=True, slots=True)
class WeekPart:
    """One week; `deload` where it is a lighter one."""

    number: int
    deload: bool
    backward_s: float
    days: tuple[DayPart, ...]
    reasons: tuple[ReasonPart, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePart:
    """A programme: what for, from when, what is allowed, and the weeks."""

    goal: Goal
    start: date
    clearance: ClearancePart
    weeks: tuple[WeekPart, ...]
    reasons: tuple[ReasonPart, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The document. Either `session` or `programme` is there; `sources` are the words for every source key in it."""

    schema: Literal["retropace.plan/1"]
    version: str
    session: SessionPart | None
    programme: ProgrammePart | None
    sources: dict[str, str]


def session_file(session: Session, _options: Options) -> Written:
    """The session as JSON."""
    plan = Plan(SCHEMA, __version__, session_part(session), None, {})
    return Written(f"{archive.slug(session.name)}.json", WRITER.media_type, _encoded(plan))


def programme_file(programme: Programme, _options: Options) -> Written:
    """The programme as JSON."""
    plan = Plan(SCHEMA, __version__, None, programme_part(programme), _sources(programme))
    return Written(f"{archive.programme_name(programme)}.json", WRITER.media_type, _encoded(plan))


def _encoded(plan: Plan) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(plan), indent=2) + b"\n"


def schema_text() -> str:
    """The schema of `Plan` as it is written to docs/plan.schema.json."""
    import msgspec

    made: dict[str, Any] = msgspec.json.schema(Plan)
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **made}
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


# -- parts ------------------------------------------------------------------------------------------------------------


def session_part(session: Session) -> SessionPart:
    """A session as it stands in the document."""
    items = played(session.steps)
    backward_s = sum(step.duration_s for step in session.steps if step.direction == Direction.BACKWARD)
    return SessionPart(session.name, session.duration_s, backward_s, tuple(map(_step, items)), tuple(_repeats(items)))


def _step(item: Played) -> StepPart:
    step = item.step
    return StepPart(step.gait, step.direction, step.duration_s, step.name, step.speed_mps, item.role)


def _repeats(items: tuple[Played, ...]) -> Iterable[RepeatPart]:
    at = 0
    for block in folded(items):
        if block.times > 1:
            yield RepeatPart(at, len(block.items), block.times)
        at += block.times * len(block.items)


def session_of(part: SessionPart) -> Session:
    """The session back from the document."""
    steps = (Step(s.gait, s.direction, s.duration_s, s.name, s.speed_mps) for s in part.steps)
    return Session(part.name, tuple(steps))


def programme_part(programme: Programme) -> ProgrammePart:
    """A programme as a part of the document."""
    return ProgrammePart(
        programme.goal,
        programme.first_day,
        clearance_part(programme.clearance),
        tuple(map(week_part, programme.weeks)),
        reason_parts(programme.reasons),
    )


def week_part(week: Week) -> WeekPart:
    """A week as a part of the document."""
    return WeekPart(
        week.number, week.deload, week.reverse_s, tuple(map(day_part, week.days)), reason_parts(week.reasons)
    )


def day_part(day: Day) -> DayPart:
    """A day as a part of the document."""
    session = session_part(day.session) if day.session is not None else None
    workout = _workout(day.workout) if day.workout is not None else None
    return DayPart(day.date, day.kind, session, workout, day.note)


def _workout(workout: Workout) -> WorkoutPart:
    exercises = (
        ExercisePart(i.exercise, i.dose.sets, i.dose.reps, i.dose.hold_s, i.dose.tempo, i.dose.rest_s, i.dose.each_side)
        for i in workout.items
    )
    return WorkoutPart(workout.name, workout.hard_posterior, tuple(exercises))


def clearance_part(clearance: Clearance) -> ClearancePart:
    """A clearance as a part of the document."""
    c = clearance
    return ClearancePart(c.level, c.group, _limits(c.limits), reason_parts(c.reasons), c.screened, c.valid_until, c.see)


def _limits(limits: Limits) -> LimitsPart:
    x = limits
    return LimitsPart(
        x.backward_run,
        x.speed_mps,
        x.longest_bout_s,
        x.glance_every_s,
        x.watchers,
        x.start_low,
        x.treadmill_kmh,
        x.treadmill_run,
        x.clear_run_m,
        x.first_weeks_mps if math.isfinite(x.first_weeks_mps) else None,
    )


def reason_parts(reasons: Iterable[Reason]) -> tuple[ReasonPart, ...]:
    """Reasons as parts of the document."""
    return tuple(ReasonPart(r.rule, r.text, r.sources, dict(r.inputs)) for r in reasons)


def _sources(programme: Programme) -> dict[str, str]:
    reasons = [*programme.clearance.reasons, *programme.reasons, *(r for week in programme.weeks for r in week.reasons)]
    cited = sorted({key for reason in reasons for key in reason.sources})
    return {key: wording.source_words(key) for key in cited}


WRITER = Writer(
    key="json",
    name="JSON",
    suffix=".json",
    media_type="application/json",
    delivery="For other programs; its form is fixed by docs/plan.schema.json.",
    features={
        Feature.REPEATS: exact("Steps written out, and where equal groups lie."),
        Feature.NAMES: exact("In full."),
        Feature.CUES: unsupported("Left out: they follow from steps and limits."),
        Feature.DIRECTION: exact("As a field of every step."),
        Feature.TIMES: exact("Seconds, with every decimal."),
        Feature.ROLES: exact("As a field of every step."),
        Feature.SPEEDS: exact("Metres a second."),
        Feature.DAYS: exact("ISO dates."),
        Feature.SESSIONS: exact("The whole programme."),
        Feature.WORKOUTS: exact("Exercises by key, with their doses."),
        Feature.REASONS: exact("All of them, with rules, inputs and sources."),
    },
    session=session_file,
    programme=programme_file,
)

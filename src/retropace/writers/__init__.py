"""Writers: what we give to watches, platforms, calendars and paper.

`write` gives a session or a programme in one of `WRITERS`, the visible list; each says for every feature of a plan whether
its format holds it exactly, in part or not at all. What a format cannot hold of this very plan comes back as notes; what it
cannot hold without becoming another plan is refused.
"""

from collections.abc import Iterable
from dataclasses import replace

from retropace.errors import OutOfRange, UnusableInput
from retropace.place import Surface
from retropace.programme import Day, Goal, Programme
from retropace.quantities import Direction, Gait
from retropace.rules import Reason
from retropace.screening import Level, Limits
from retropace.session import Session
from retropace.writers import fit_workout, icalendar_feed, intervals_icu, markdown, pdf, plan_json, tcx_workout, zwo
from retropace.writers.archive import days, sessions
from retropace.writers.steps import checked, one_line
from retropace.writers.writer import Degree, Feature, Options, Support, Writer, Written

__all__ = ["BY_KEY", "WRITERS", "Degree", "Feature", "Options", "Support", "Writer", "Written", "write"]

#: Every writer, in the order in which they are listed.
WRITERS: tuple[Writer, ...] = (
    fit_workout.WRITER,
    tcx_workout.WRITER,
    zwo.WRITER,
    intervals_icu.WRITER,
    icalendar_feed.WRITER,
    markdown.WRITER,
    plan_json.WRITER,
    pdf.WRITER,
)
BY_KEY: dict[str, Writer] = {writer.key: writer for writer in WRITERS}


def write(what: Session | Programme, kind: str, options: Options | None = None) -> Written:
    """`what` as a file of `kind` (a key of `BY_KEY`); the same input gives the same bytes.

    A programme brings its own limits. It is done on a treadmill where the options, their place or the goal say so. Raises
    UnusableInput for what cannot be written at all, OutOfRange for what this format has no room for.
    """
    options = _checked_options(options or Options())
    writer = BY_KEY.get(kind)
    if writer is None:
        raise UnusableInput(f"There is no format {kind!r}", field="format", remedy=f"Use one of: {', '.join(BY_KEY)}.")
    return _session(what, writer, options) if isinstance(what, Session) else _programme(what, writer, options)


def _session(session: Session, writer: Writer, options: Options) -> Written:
    session, notes = checked(session)
    if writer.session is None:
        raise UnusableInput(f"{writer.name} holds a whole programme, not one session", field="format")
    _check_treadmill(session, options.limits, treadmill=_on_treadmill(writer, options))
    return _noted(writer.session(session, options), notes)


def _programme(programme: Programme, writer: Writer, options: Options) -> Written:
    programme, notes = _checked_programme(programme)
    if writer.programme is None:
        raise UnusableInput(f"{writer.name} holds one session, not a programme", field="format")
    treadmill = options.treadmill or programme.goal == Goal.TREADMILL
    options = replace(options, limits=programme.clearance.limits, treadmill=treadmill)
    for session in sessions(programme):
        _check_treadmill(session, options.limits, treadmill=_on_treadmill(writer, options))
    return _noted(writer.programme(programme, options), notes)


def _on_treadmill(writer: Writer, options: Options) -> bool:
    """Whether it is done on a treadmill; Zwift is run on one whatever anybody says."""
    return options.treadmill or writer.key == zwo.WRITER.key


def _noted(written: Written, notes: tuple[str, ...]) -> Written:
    return replace(written, notes=tuple(dict.fromkeys((*notes, *written.notes))))


def _checked_options(options: Options) -> Options:
    if options.made is not None and options.made.tzinfo is None:
        raise UnusableInput("When the file was made needs a time zone", field="made")
    belt = options.place is not None and options.place.surface == Surface.TREADMILL
    person, where = one_line(options.person), one_line(options.where)
    return replace(options, person=person, where=where, treadmill=options.treadmill or belt)


def _checked_programme(programme: Programme) -> tuple[Programme, tuple[str, ...]]:
    """The programme with every session checked. Raises UnusableInput where it holds nothing, or nothing that may be done."""
    clearance = programme.clearance
    if clearance.level == Level.NOT_NOW and not any(day.workout is not None for day in days(programme)):
        remedy = f"First see {clearance.see}." if clearance.see else "Answer the screening again first."
        raise UnusableInput("There is nothing to write: you are not cleared to go backward for now", remedy=remedy)
    if not any(day.session is not None or day.workout is not None for day in days(programme)):
        raise UnusableInput("The programme has no sessions", field="weeks", remedy="Plan at least one day.")
    notes: list[str] = []

    def check(day: Day) -> Day:
        if day.session is None:
            return replace(day, note=one_line(day.note))
        session, told = checked(day.session)
        notes.extend(told)
        return replace(day, session=session, note=one_line(day.note))

    weeks = tuple(
        replace(week, days=tuple(map(check, week.days)), reasons=_in_one_line(week.reasons)) for week in programme.weeks
    )
    events = {day: one_line(name) for day, name in programme.calendar.events.items()}
    calendar, reasons = replace(programme.calendar, events=events), _in_one_line(programme.reasons)
    return replace(programme, weeks=weeks, calendar=calendar, reasons=reasons), tuple(dict.fromkeys(notes))


def _in_one_line(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons without what nothing can show: they may quote what somebody called an event."""
    return tuple(
        replace(
            reason,
            text=one_line(reason.text),
            inputs={key: one_line(value) if isinstance(value, str) else value for key, value in reason.inputs.items()},
        )
        for reason in reasons
    )


def _check_treadmill(session: Session, limits: Limits | None, *, treadmill: bool) -> None:
    """Raises OutOfRange where limits forbid this session on a treadmill."""
    backward = [step for step in session.steps if step.direction == Direction.BACKWARD]
    if not treadmill or limits is None or not backward:
        return
    if limits.treadmill_kmh is None:
        told = "Your limits allow no treadmill for going backward"
        raise OutOfRange(told, field=session.name, remedy="Do it on the ground, or be screened for one.")
    if not limits.treadmill_run and any(step.gait == Gait.RUN for step in backward):
        told = "On a treadmill your limits allow walking backward only"
        raise OutOfRange(told, field=session.name, remedy="Do this session on the ground.")
    if any(step.speed_mps is not None and step.speed_mps * 3.6 > limits.treadmill_kmh + 1e-6 for step in backward):
        told = f"A backward step is faster than your {limits.treadmill_kmh:g} km/h on a treadmill"
        raise OutOfRange(told, field=session.name, remedy="Lower its speed.")

"""TCX workout: sessions for Garmin's older software and the platforms that read its files, with the days they are due.

At most twenty steps and repeats, names of fifteen characters, whole seconds, and only two intensities: what is not active
is resting. Direction is in the names, care in the workout's notes.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

from retropace.errors import OutOfRange
from retropace.programme import Programme
from retropace.session import Session
from retropace.writers import archive, wording
from retropace.writers.steps import Block, Played, Role, fitted, whole_seconds
from retropace.writers.writer import Feature, Options, Writer, Written, degraded, exact, unsupported

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Step and repeat ids run from 1 to 20, repetitions from 2 to 99, seconds up to 65535.
MOST_STEPS, MOST_REPETITIONS, LONGEST_S = 20, 99, 65_535
_NAMESPACE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def session_file(session: Session, options: Options) -> Written:
    """A TCX file of one workout. Raises OutOfRange where it needs more than twenty steps and repeats."""
    content, notes = _document({session: []}, options)
    return Written(f"{archive.slug(session.name)}.tcx", WRITER.media_type, content, notes)


def programme_file(programme: Programme, options: Options) -> Written:
    """A TCX file with a workout for each different session, each with its days."""
    content, notes = _document(archive.sessions(programme), options)
    return Written(f"{archive.programme_name(programme)}.tcx", WRITER.media_type, content, notes)


def _document(due: Mapping[Session, Sequence[dt.date]], options: Options) -> tuple[bytes, tuple[str, ...]]:
    from lxml import etree

    root = etree.XML(f'<TrainingCenterDatabase xmlns="{_NAMESPACE}" xmlns:xsi="{_INSTANCE}"/>')
    workouts = _child(root, "Workouts")
    names: list[str] = []
    notes: list[str] = []
    for session, dates in due.items():
        names.append(_workout_name(session.name, names))
        notes += _workout(workouts, names[-1], session, dates, options)
    renamed = {session.name: name for session, name in zip(due, names, strict=True) if session.name != name}
    notes += wording.shortened(renamed, "the workouts' notes")
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content, tuple(dict.fromkeys(notes))


def _child(parent: "_Element", name: str, text: str | None = None, kind: str | None = None) -> "_Element":
    from lxml import etree

    child = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    child.text = text
    if kind is not None:
        child.set(f"{{{_INSTANCE}}}type", kind)
    return child


def _workout_name(name: str, taken: Sequence[str]) -> str:
    """At most fifteen characters, cut between words where there are several, and unlike those `taken`.

    >>> _workout_name("Reverse 6 × 20 s", []), _workout_name("Backward walking", ["Backward"])
    ('Reverse 6x20s', 'Backward 2')
    """
    most = wording.LONGEST_NAME
    short = name if len(name) <= most else re.sub(r" ?× ?", "x", re.sub(r"(\d) (s|min)\b", r"\1\2", name))
    if len(short) > most:
        short = (short[: most + 1].rpartition(" ")[0] or short[:most]).strip()
    number, unlike = 1, short
    while unlike in taken:
        number += 1
        unlike = f"{short[: most - len(f' {number}')].strip()} {number}"
    return unlike


def _workout(
    workouts: "_Element", name: str, session: Session, dates: Sequence[dt.date], options: Options
) -> list[str]:
    """Append the workout; what it could not hold."""
    session, rounded = whole_seconds(session)
    if max(step.duration_s for step in session.steps) > LONGEST_S:
        raise OutOfRange(f"A TCX step lasts {LONGEST_S} s at most", field=session.name, remedy="Use FIT instead.")
    blocks, alike = fitted(session.steps, MOST_STEPS, "a TCX workout", MOST_REPETITIONS)
    workout = _child(workouts, "Workout")
    workout.set("Sport", "Running")
    _child(workout, "Name", name)
    _blocks(workout, blocks)
    for date in dates:
        _child(workout, "ScheduledOn", date.isoformat())
    _child(workout, "Notes", _about(session, options))
    return [*rounded, *alike, *_notes(session)]


def _notes(session: Session) -> Iterator[str]:
    names = {step.name: wording.watch_name(step) for step in session.steps if wording.not_shown(step)}
    yield from wording.shortened(names, "the workout's notes")
    if any(step.speed_mps is not None for step in session.steps):
        yield "Speeds stand in the notes only."


def _blocks(workout: "_Element", blocks: Sequence[Block[Played]]) -> None:
    number = count(1)
    for block in blocks:
        if block.times == 1:
            for item in block.items:
                _step(_child(workout, "Step", kind="Step_t"), next(number), item)
            continue
        repeat = _child(workout, "Step", kind="Repeat_t")
        _child(repeat, "StepId", str(next(number)))
        _child(repeat, "Repetitions", str(block.times))
        for item in block.items:
            _step(_child(repeat, "Child", kind="Step_t"), next(number), item)


def _step(parent: "_Element", number: int, item: Played) -> None:
    _child(parent, "StepId", str(number))
    _child(parent, "Name", wording.watch_name(item.step))
    duration = _child(parent, "Duration", kind="Time_t")
    _child(duration, "Seconds", str(int(item.step.duration_s)))
    _child(parent, "Intensity", "Resting" if item.role in (Role.RECOVERY, Role.REST) else "Active")
    _child(parent, "Target", kind="None_t")


def _about(session: Session, options: Options) -> str:
    care = wording.care(options.limits, treadmill=options.treadmill) if wording.backward_s(session) else ()
    lines = wording.session_lines(session, options.system)
    return "\n".join([session.name, wording.extent(session), *lines, *care])


WRITER = Writer(
    key="tcx",
    name="TCX workout",
    suffix=".tcx",
    media_type="application/vnd.garmin.tcx+xml",
    delivery="Import it where TCX workouts are taken: Garmin Training Center and programs that read its files.",
    features={
        Feature.REPEATS: exact("Repeats of 2 to 99 passes, one level deep; at most twenty steps and repeats."),
        Feature.NAMES: degraded("Fifteen characters, direction first; the workout's name as well."),
        Feature.CUES: degraded("As notes of the whole workout."),
        Feature.DIRECTION: degraded("In each backward step's name."),
        Feature.TIMES: degraded("Whole seconds; parts of a second are rounded to the safe side."),
        Feature.ROLES: degraded("Active or resting, no more."),
        Feature.SPEEDS: degraded("In the notes; no target is set."),
        Feature.DAYS: exact("Each workout carries its days."),
        Feature.SESSIONS: exact("All in one file, equal sessions once."),
        Feature.WORKOUTS: unsupported("Left out."),
        Feature.REASONS: degraded("Limits stand in the notes; reasons and sources are left out."),
    },
    session=session_file,
    programme=programme_file,
)

"""FIT workout: a session as a watch runs it; a programme as workouts and the schedule that puts them on their days.

Main fields only, never subfields; a repeat stands behind its steps; targets are open, because a pace alarm is of no use in
a step of twenty seconds. Direction is in each step's name and notes: FIT has no field for it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from retropace.fit_profile import DEVELOPMENT, EPOCH, INTENSITIES, MESSAGES, SPORTS, SUB_SPORTS
from retropace.programme import Programme
from retropace.session import Session
from retropace.writers import archive, wording
from retropace.writers.fit_encoder import Rows, encode, one
from retropace.writers.steps import Block, Played, Role, fitted
from retropace.writers.writer import Feature, Options, Writer, Written, degraded, exact, unsupported

#: Steps and repeats together: watches are said to take 50 and have not been tried.
MOST_STEPS = 40
#: Bytes of a text in UTF-8: its size with the closing zero is one byte.
LONGEST_TEXT = 254
#: What a watch loads ahead, as its users report.
_MOST_SCHEDULED = 30
_WORKOUT_FILE, _SCHEDULE_FILE = 5, 7
_FOR_TIME, _REPEAT, _OPEN_TARGET = 0, 6, 2
_SCHEDULED_WORKOUT = 0
_INTENSITY = {
    Role.WARM_UP: "warmup",
    Role.ACTIVE: "active",
    Role.RECOVERY: "recovery",
    Role.REST: "rest",
    Role.COOL_DOWN: "cooldown",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """One workout_step: a step to do, or `times` passes from the step `first` on."""

    played: Played | None
    first: int = 0
    times: int = 0


def session_file(session: Session, options: Options) -> Written:
    """A workout file (type 5) of the session. Raises OutOfRange where it needs more than 40 steps."""
    lines, notes = _laid_out(session)
    workout = _workout(session, lines, options)
    content = encode([_file_id(_WORKOUT_FILE, serial(session, options), options.stamp), *workout])
    told = (*notes, *_notes(session, lines, options))
    return Written(f"{archive.slug(session.name)}.fit", WRITER.media_type, content, told)


def serial(session: Session, options: Options) -> int:
    """The number that tells this workout from others on a watch, from all that it says; never zero."""
    workout = encode(_workout(session, _laid_out(session)[0], options))
    return int.from_bytes(sha256(workout).digest()[:4], "little") % (2**32 - 1) + 1


def _laid_out(session: Session) -> tuple[tuple[_Line, ...], tuple[str, ...]]:
    blocks, notes = fitted(session.steps, MOST_STEPS, "a workout of a watch")
    return tuple(_lines(blocks)), notes


def _lines(blocks: Sequence[Block[Played]]) -> Iterator[_Line]:
    at = 0
    for block in blocks:
        yield from (_Line(item) for item in block.items)
        if block.times > 1:
            yield _Line(None, at, block.times)
        at += block.lines


def _file_id(kind: int, number: int, made: dt.datetime) -> Rows:
    return one(
        MESSAGES["file_id"],
        type=kind,
        manufacturer=DEVELOPMENT,
        product=0,
        serial_number=number,
        time_created=_fit_time(made),
    )


def _fit_time(moment: dt.datetime) -> float:
    return float(int((moment - EPOCH).total_seconds()))


def _workout(session: Session, lines: Sequence[_Line], options: Options) -> Iterator[Rows]:
    yield one(
        MESSAGES["workout"],
        sport=_code(SPORTS, "running"),
        sub_sport=_code(SUB_SPORTS, "treadmill" if options.treadmill else "generic"),
        num_valid_steps=len(lines),
        wkt_name=cut(session.name),
        wkt_description=fitting(_about(session, options)),
    )
    yield Rows(
        MESSAGES["workout_step"],
        {
            "message_index": np.arange(len(lines), dtype=np.float64),
            "wkt_step_name": ["" if line.played is None else wording.watch_name(line.played.step) for line in lines],
            "notes": [fitting(_step_notes(line.played, options)) for line in lines],
            "intensity": np.array([_intensity(line.played) for line in lines]),
            "duration_type": np.array([float(_FOR_TIME if line.played else _REPEAT) for line in lines]),
            "duration_value": np.array([_duration(line) for line in lines]),
            "target_type": np.full(len(lines), float(_OPEN_TARGET)),
            "target_value": np.array([float(line.times) for line in lines]),
        },
    )


def _duration(line: _Line) -> float:
    """Milliseconds of a step; for a repeat the first step it goes back to."""
    return float(line.first) if line.played is None else float(round(line.played.step.duration_s * 1000))


def _intensity(played: Played | None) -> float:
    return np.nan if played is None else float(INTENSITIES.index(_INTENSITY[played.role]))


def _about(session: Session, options: Options) -> list[str]:
    care = wording.care(options.limits, treadmill=options.treadmill, brief=True) if wording.backward_s(session) else ()
    return [f"{wording.extent(session)}.", *care]


def _step_notes(played: Played | None, options: Options) -> list[str]:
    if played is None:
        return []
    step = played.step
    told = list(wording.step_care(step, options.limits, options.system, treadmill=options.treadmill))
    own = wording.not_shown(step)
    return [*told, f"{own}."] if own else told


def fitting(sentences: Sequence[str]) -> str:
    """The first of `sentences` that fit whole into 254 bytes of UTF-8, in order; a first one too long is cut."""
    told = ""
    for sentence in sentences:
        longer = f"{told} {sentence}" if told else sentence
        if len(longer.encode()) > LONGEST_TEXT:
            return told or cut(sentence)
        told = longer
    return told


def cut(text: str) -> str:
    """`text` in at most 254 bytes of UTF-8, cut between characters, with an ellipsis where something is missing."""
    encoded = text.encode()
    if len(encoded) <= LONGEST_TEXT:
        return text
    return encoded[: LONGEST_TEXT - 3].decode(errors="ignore").rstrip() + "…"


def _code(words: Mapping[int, str], word: str) -> float:
    return float(next(number for number, known in words.items() if known == word))


# -- what this format could not hold ----------------------------------------------------------------------------------


def _notes(session: Session, lines: Sequence[_Line], options: Options) -> Iterator[str]:
    if cut(session.name) != session.name:
        yield f"The session's name is cut to {LONGEST_TEXT} bytes."
    steps = list(dict.fromkeys(line.played for line in lines if line.played))
    names = {played.step.name: wording.watch_name(played.step) for played in steps if wording.not_shown(played.step)}
    yield from wording.shortened(names, "the steps' notes")
    if any(played.step.speed_mps is not None for played in steps):
        yield "Speeds stand in the steps' notes: the watch sounds no alarm for them."
    texts = [_about(session, options), *(_step_notes(played, options) for played in steps)]
    if any(fitting(sentences) != " ".join(sentences) for sentences in texts):
        yield "Some advice did not fit into the watch's notes; Markdown and PDF hold all of it."


# -- a programme ------------------------------------------------------------------------------------------------------


def programme_file(programme: Programme, options: Options) -> Written:
    """A zip: a workout for each different session, and a schedule file (type 7) that puts them on their days."""
    files, due = archive.one_each(programme, options, session_file)
    numbers = dict(zip(files, (serial(session, options) for session in archive.sessions(programme)), strict=True))
    contents = {name: written.content for name, written in files.items()}
    contents["schedule.fit"] = schedule_bytes({numbers[name]: dates for name, dates in due.items()}, options)
    contents["days.txt"] = archive.calendar_text(programme, due)
    content = archive.zipped(contents, options.stamp)
    scheduled = sum(map(len, due.values()))
    many = (
        (f"{scheduled} days are scheduled; watches are said to load about {_MOST_SCHEDULED} ahead.",)
        if scheduled > _MOST_SCHEDULED
        else ()
    )
    return Written(
        f"{archive.programme_name(programme)}-fit.zip", archive.ZIP, content, (*archive.gathered(files), *many)
    )


def schedule_bytes(due: Mapping[int, Sequence[dt.date]], options: Options) -> bytes:
    """A schedule file that puts workouts, by their serial number, on days at the time sessions begin."""
    rows = sorted(
        (dt.datetime.combine(date, options.at, dt.UTC), number) for number, dates in due.items() for date in dates
    )
    return encode(
        [_file_id(_SCHEDULE_FILE, 1, options.stamp), *(_scheduled(at, number, options.stamp) for at, number in rows)]
    )


def _scheduled(at: dt.datetime, number: int, made: dt.datetime) -> Rows:
    return one(
        MESSAGES["schedule"],
        manufacturer=DEVELOPMENT,
        product=0,
        serial_number=number,
        time_created=_fit_time(made),
        completed=0,
        type=_SCHEDULED_WORKOUT,
        scheduled_time=_fit_time(at),
    )


WRITER = Writer(
    key="fit",
    name="FIT workout",
    suffix=".fit",
    media_type="application/vnd.ant.fit",
    delivery="Copy it by USB into the watch's GARMIN/NewFiles folder. Connect's web upload takes activities only.",
    features={
        Feature.REPEATS: exact("A repeat behind its steps, one level deep; at most 40 lines in all."),
        Feature.NAMES: degraded("Fifteen characters, direction first; a longer name goes into the step's notes."),
        Feature.CUES: degraded("As notes of 254 bytes for each step; nothing is spoken."),
        Feature.DIRECTION: degraded("In each backward step's name and notes; our own reader takes it back from there."),
        Feature.TIMES: exact("Milliseconds."),
        Feature.ROLES: exact("As the steps' intensity."),
        Feature.SPEEDS: degraded("In the notes; the target stays open, as a pace alarm is of no use in 20 s."),
        Feature.DAYS: degraded("A schedule file beside the workouts; not every watch takes one."),
        Feature.SESSIONS: degraded("A zip with a file for each different session."),
        Feature.WORKOUTS: unsupported("Left out."),
        Feature.REASONS: degraded("Limits stand in the notes; reasons and sources are left out."),
    },
    session=session_file,
    programme=programme_file,
)

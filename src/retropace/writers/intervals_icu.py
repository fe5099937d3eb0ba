"""intervals.icu: a session as the text of its workout builder.

A line is "- cue 20s"; what stands before the first duration is the cue. Digits, units and key words inside a cue would be
read as targets, so cues are plain words. Repeats are "6x" between empty lines, never nested.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from retropace.quantities import Direction, Gait
from retropace.saying import sentence
from retropace.session import DOINGS, Session, Step
from retropace.writers import archive, wording
from retropace.writers.steps import Block, Played, Role, folded, played, whole_seconds
from retropace.writers.writer import Feature, Options, Writer, Written, degraded, exact, unsupported

#: Words that mean something in this language, and may not stand in a cue.
_KEY_WORD = re.compile(
    r"\b(m|s|h|x|w|z|km|mi|mtr|y|hr|lthr|pace|ramp|freeride|press|lap|rpm|ftp|mmp|max|min|sec|power|cadence|rpe|warmup"
    r"|cooldown|intensity|active|rest|recovery|interval|other|auto|hidepower)\b",
    re.IGNORECASE,
)
_CUES = {
    (Gait.RUN, Direction.BACKWARD): "BACK, turn round, look over both shoulders",
    (Gait.WALK, Direction.BACKWARD): "BACK at a walk, turn round, look over both shoulders",
    (Gait.RUN, Direction.FORWARD): "Run",
    (Gait.WALK, Direction.FORWARD): "Walk",
    (Gait.RUN, Direction.SIDEWAYS): "Sideways at a run",
    (Gait.WALK, Direction.SIDEWAYS): "Sideways at a walk",
    (Gait.STAND, Direction.NONE): "Stand",
}
_HEADERS = {Role.WARM_UP: "Warmup", Role.COOL_DOWN: "Cooldown"}


def session_file(session: Session, options: Options) -> Written:
    """The session as text to paste into the workout builder."""
    whole, rounded = whole_seconds(session)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(folded(played(whole.steps))))).strip() + "\n"
    notes = (*rounded, *_notes(whole, options))
    return Written(f"{archive.slug(session.name)}.txt", WRITER.media_type, text.encode(), notes)


def _lines(blocks: Sequence[Block[Played]]) -> Iterator[str]:
    """Lines of the blocks; repeats, and sections with their header, stand between empty lines."""
    section = ""
    for block in blocks:
        before, section = section, _HEADERS.get(block.items[0].role, "Main set")
        header = [section] if section != before else []
        times = [f"{block.times}x"] if block.times > 1 else []
        if header or times:
            yield from ("", " ".join(header + times))
        yield from (f"- {cue(item.step)} {duration(item.step.duration_s)}" for item in block.items)
        if times:
            yield ""


def cue(step: Step) -> str:
    """What to do, in words that mean nothing else here; the step's own name where it is plain."""
    said = _CUES[step.gait, step.direction]
    called = wording.called(step)
    if called == wording.movement(step) or not plain(step.name):
        return said
    return sentence(called) if called == step.name and step.direction == Direction.FORWARD else f"{said}, {step.name}"


def plain(name: str) -> bool:
    """Whether `name` can stand in a cue: letters, spaces, commas and hyphens, and none of the key words.

    >>> plain("relaxed arms"), plain("5 m sprint"), plain("max")
    (True, False, False)
    """
    return all(c.isalpha() or c in " ,-" for c in name) and not _KEY_WORD.search(name)


def duration(seconds: float) -> str:
    """A whole number of seconds as the builder writes it.

    >>> duration(20), duration(60), duration(90), duration(3720)
    ('20s', '1m', '1m30s', '1h2m')
    """
    hours, rest = divmod(int(seconds), 3600)
    parts = ((hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)


def _notes(session: Session, options: Options) -> Iterator[str]:
    dropped = {s.name for s in session.steps if s.name and s.name not in DOINGS and not plain(s.name)}
    if dropped:
        yield f"Left out, as their words would be read as targets: {', '.join(f'“{name}”' for name in sorted(dropped))}."
    if any(step.speed_mps is not None for step in session.steps):
        yield "Speeds are left out: a pace here would be checked against forward running."
    if options.limits is not None:
        top = wording.fastest(options.limits, treadmill=options.treadmill)
        yield f"Not in the text: never backward above {wording.speed(top, options.system)}."


WRITER = Writer(
    key="intervals",
    name="intervals.icu text",
    suffix=".txt",
    media_type="text/plain; charset=utf-8",
    delivery="Paste it into the workout builder of intervals.icu, which hands it on to most watches.",
    features={
        Feature.REPEATS: exact("6x between empty lines."),
        Feature.NAMES: degraded("Kept where they have no digits, units or key words."),
        Feature.CUES: degraded("The shortest of them in each backward step's cue."),
        Feature.DIRECTION: degraded("As the first word of the cue."),
        Feature.TIMES: degraded("Whole seconds; parts of a second are rounded to the safe side."),
        Feature.ROLES: degraded("Warm-up, main set and cool-down as headers."),
        Feature.SPEEDS: unsupported("Left out: a pace would be checked against forward running."),
        Feature.DAYS: degraded("In a list beside the files."),
        Feature.SESSIONS: degraded("A zip with a file for each different session."),
        Feature.WORKOUTS: unsupported("Left out."),
        Feature.REASONS: unsupported("Left out."),
    },
    session=session_file,
    programme=partial(archive.package, write=session_file, kind="intervals"),
)

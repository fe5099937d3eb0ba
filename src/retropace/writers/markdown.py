"""Markdown: a session or a whole programme as text that people read and version control compares."""

import re
from collections.abc import Iterable, Iterator

from retropace.programme import Day, Programme, Week
from retropace.quantities import System, elapsed, in_units
from retropace.rules import Reason
from retropace.saying import sentence
from retropace.session import Session
from retropace.writers import archive, wording
from retropace.writers.steps import folded, played
from retropace.writers.writer import Feature, Options, Writer, Written, degraded, exact

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
_LEADING = re.compile(r"^(\d+)([.)])|^([-+=>])")


def session_file(session: Session, options: Options) -> Written:
    """The session as Markdown."""
    text = "\n".join(_session(session, options, "#")) + "\n"
    return Written(f"{archive.slug(session.name)}.md", WRITER.media_type, text.encode())


def programme_file(programme: Programme, options: Options) -> Written:
    """The programme as Markdown: limits, the weeks at a glance, every day, why, and the sources."""
    text = "\n".join(_programme(programme, options)) + "\n"
    return Written(f"{archive.programme_name(programme)}.md", WRITER.media_type, text.encode())


def escaped(text: str) -> str:
    r"""`text` that means nothing to Markdown.

    >>> escaped("1. <b>*reverse*</b>")
    '1\\. \\<b\\>\\*reverse\\*\\</b\\>'
    """
    return _LEADING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", _SPECIAL.sub(r"\\\1", text))


def _session(session: Session, options: Options, heading: str) -> Iterator[str]:
    yield from (f"{heading} {escaped(session.name)}", "", f"{wording.extent(session)}.", "")
    yield from _steps(session, options)
    if wording.backward_s(session):
        yield from ("", f"{heading}# Take care", "")
        yield from (f"- {line}" for line in wording.care(options.limits, treadmill=options.treadmill))


def _steps(session: Session, options: Options) -> Iterator[str]:
    for block in folded(played(session.steps)):
        lines = [escaped(sentence(wording.step_line(item.step, options.system))) for item in block.items]
        if block.times == 1:
            yield from (f"- {line}" for line in lines)
        else:
            yield f"- {block.times} times:"
            yield from (f"  - {line}" for line in lines)


def _programme(programme: Programme, options: Options) -> Iterator[str]:
    clearance = programme.clearance
    yield f"# {wording.goal_words(programme.goal)}"
    yield from ("", f"{wording.weeks_words(len(programme.weeks))} from {programme.first_day.isoformat()}.")
    if options.person:
        yield f"For {escaped(options.person)}."
    yield from ("", "## What you are cleared for", "", f"{wording.level_words(clearance.level)}.", "")
    yield from ([f"First see: {escaped(clearance.see)}.", ""] if clearance.see else [])
    yield from (f"- {name}: {told}" for name, told in wording.cleared_for(clearance, options.system))
    yield f"- Valid until {clearance.valid_until.isoformat()}, or until a fall, dizziness or new pain"
    yield from ("", "## Take care", "")
    yield from (f"- {line}" for line in wording.care(clearance.limits, treadmill=options.treadmill))
    yield from ("", "## The weeks", "", *_table(programme))
    for week in programme.weeks:
        yield from _week(week, options)
    yield from _why((*clearance.reasons, *programme.reasons), options.system)


def _table(programme: Programme) -> Iterator[str]:
    yield from ("| week | from | backward | days |", "|---:|---|---:|---|")
    for week in programme.weeks:
        begins = week.days[0].date.isoformat() if week.days else ""
        kinds = ", ".join(f"{day.date:%a} {wording.kind_words(day.kind).lower()}" for day in week.days if _told(day))
        light = " (lighter)" if week.deload else ""
        yield f"| {week.number}{light} | {begins} | {elapsed(week.reverse_s)} | {kinds} |"


def _told(day: Day) -> bool:
    return day.session is not None or day.workout is not None or bool(day.note)


def _week(week: Week, options: Options) -> Iterator[str]:
    yield from ("", f"## Week {week.number}{', lighter' if week.deload else ''}", "")
    yield from (escaped(in_units(reason.text, options.system)) + "\n" for reason in week.reasons)
    for day in week.days:
        if _told(day):
            yield from _day(day, options)


def _day(day: Day, options: Options) -> Iterator[str]:
    yield from (f"### {day.date:%A} {day.date.isoformat()}: {wording.kind_words(day.kind)}", "")
    yield from ([escaped(day.note), ""] if day.note else [])
    if day.session is not None:
        yield from (f"**{escaped(day.session.name)}**, {wording.extent(day.session)}.", "")
        yield from (*_steps(day.session, options), "")
    if day.workout is not None:
        yield from (f"**{escaped(day.workout.name)}**", "")
        yield from (*(f"- {escaped(line)}" for line in wording.workout_lines(day.workout)), "")


def _why(reasons: Iterable[Reason], system: System) -> Iterator[str]:
    told = list(dict.fromkeys((reason.text, reason.sources) for reason in reasons))
    cited = list(dict.fromkeys(key for _, keys in told for key in keys))
    if not told:
        return
    yield from ("## Why", "")
    for text, keys in told:
        yield f"- {escaped(in_units(text, system))} [{', '.join(map(escaped, keys))}]"
    yield from ("", "## Sources", "")
    for key in cited:
        yield f"- {escaped(key)}: {escaped(wording.source_words(key))}"


WRITER = Writer(
    key="markdown",
    name="Markdown",
    suffix=".md",
    media_type="text/markdown; charset=utf-8",
    delivery="Read it, send it, keep it under version control.",
    features={
        Feature.REPEATS: exact("As lists in lists."),
        Feature.NAMES: exact("In full."),
        Feature.CUES: degraded("Care in words; nothing is spoken."),
        Feature.DIRECTION: exact("In every step's words."),
        Feature.TIMES: exact("In words, with parts of a second."),
        Feature.ROLES: degraded("As the steps are called."),
        Feature.SPEEDS: exact("In the reader's units, to a tenth."),
        Feature.DAYS: exact("Every day by date."),
        Feature.SESSIONS: exact("The whole programme."),
        Feature.WORKOUTS: degraded("Exercises and doses, without figures."),
        Feature.REASONS: exact("All of them, with their sources."),
    },
    session=session_file,
    programme=programme_file,
)

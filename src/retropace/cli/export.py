"""`retropace export`: the next session or the whole programme for watch, calendar or paper."""

import datetime as dt
import sys
from argparse import Namespace
from pathlib import Path

from retropace.cli.asked import notebook_of, today_of
from retropace.cli.output import write_bytes
from retropace.doses import Goal
from retropace.errors import UnusableInput
from retropace.programme import Programme
from retropace.session import Session
from retropace.situation import Situation, situation
from retropace.views.pose import figure_svg
from retropace.writers import BY_KEY, WRITERS, Options, Writer, write

#: A calendar given out on a later day replaces an earlier one: its sequence counts the days from here.
_SEQUENCE_BEGINS = dt.date(2026, 1, 1)


def run(options: Namespace) -> int:
    """Write one file and say what its format could not hold; without a format, list the formats."""
    if options.format is None:
        sys.stdout.write(_listed())
        return 0
    writer = BY_KEY.get(options.format)
    if writer is None:
        raise UnusableInput(
            f"There is no format {options.format!r}", field="FORMAT", remedy=f"Use one of: {', '.join(BY_KEY)}."
        )
    here = situation(notebook_of(options, make=False), today_of(options))
    what = _what(writer, here, options.what)
    written = write(what, writer.key, _options(here, options))
    path = _place(options.out, written.file_name)
    write_bytes(path, written.content)
    if str(path) != "-":
        sys.stdout.write(f"{path}\n{writer.delivery}\n")
    for note in written.notes:
        sys.stderr.write(f"retropace: {note}\n")
    return 0


def _options(here: Situation, asked: Namespace) -> Options:
    """What the writers are told; made at the day's beginning, so that one day gives the same bytes."""
    return Options(
        made=dt.datetime.combine(here.today, dt.time(), dt.UTC),
        person=asked.name,
        limits=here.clearance.limits,
        treadmill=here.wanted.goal is Goal.TREADMILL,
        where=asked.where,
        place=here.screened.place,
        zone=asked.zone,
        at=_time(asked.at) if asked.at else dt.time(18),
        alarm_min=asked.alarm,
        busy_only=asked.busy,
        sequence=max(0, (here.today - _SEQUENCE_BEGINS).days),
        paper=asked.paper,
        system=asked.units,
        figures=figure_svg,
    )


def _time(text: str) -> dt.time:
    try:
        return dt.time.fromisoformat(text)
    except ValueError as error:
        raise UnusableInput(f"{text!r} is no time of day", field="--at", remedy="Write it as 18:00.") from error


def _what(writer: Writer, here: Situation, asked: str | None) -> Session | Programme:
    """The whole programme where the format holds one and no session was asked for, else the next session."""
    if asked == "programme" or (asked is None and writer.programme is not None):
        return here.programme
    if here.following.session is None:
        raise UnusableInput("There is no session to export", remedy="See why: ./run next")
    return here.following.session


def _place(asked: Path | None, name: str) -> Path:
    if asked is None:
        return Path(name)
    try:
        return asked / name if asked.is_dir() else asked
    except OSError:  # a name no disk can hold: refused when it is written
        return asked


def _listed() -> str:
    lines = ["Formats:"]
    for writer in WRITERS:
        holds = " and ".join(
            word for word, given in (("session", writer.session), ("programme", writer.programme)) if given
        )
        lines.append(f"  {writer.key:14} {writer.name} ({holds})")
    return "\n".join([*lines, "", "For example: ./run export " + WRITERS[0].key]) + "\n"

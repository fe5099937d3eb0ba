"""`retropace export`: the next session or the whole programme for watch, calendar or paper."""

import datetime as dt
import sys
from argparse import Namespace
from pathlib import Path

from retropace.cli.output import write_bytes
from retropace.cli.situation import Situation, folder_of, situation, today_of
from retropace.doses import Goal
from retropace.errors import UnusableInput
from retropace.programme import Programme
from retropace.session import Session
from retropace.views.pose import figure_svg
from retropace.writers import BY_KEY, WRITERS, Options, Writer, write


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
    here = situation(folder_of(options), today_of(options))
    what = _what(writer, here, options.what)
    written = write(what, writer.key, _options(here))
    path = _place(options.out, written.file_name)
    write_bytes(path, written.content)
    if str(path) != "-":
        sys.stdout.write(f"{path}\n{writer.delivery}\n")
    for note in written.notes:
        sys.stderr.write(f"retropace: {note}\n")
    return 0


def _options(here: Situation) -> Options:
    """What the writers are told; made at the day's beginning, so that one day gives the same bytes."""
    return Options(
        made=dt.datetime.combine(here.today, dt.time(), dt.UTC),
        limits=here.clearance.limits,
        treadmill=here.wanted.goal is Goal.TREADMILL,
        place=here.screened.place,
        figures=figure_svg,
    )


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
    return asked / name if asked.is_dir() else asked


def _listed() -> str:
    lines = ["Formats:"]
    for writer in WRITERS:
        holds = " and ".join(
            word for word, given in (("session", writer.session), ("programme", writer.programme)) if given
        )
        lines.append(f"  {writer.key:14} {writer.name} ({holds})")
    return "\n".join([*lines, "", "For example: ./run export " + WRITERS[0].key]) + "\n"

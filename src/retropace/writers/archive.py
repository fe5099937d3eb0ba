"""Archive: file names, and several files of a programme in one zip."""

import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping

from retropace.programme import Day, Programme
from retropace.session import Session
from retropace.writers.writer import Options, Written

ZIP = "application/zip"
_EARLIEST_YEAR = 1980


def slug(name: str) -> str:
    """`name` as part of a file name: lower case ASCII letters, digits and hyphens, never empty.

    >>> slug("Reverse 6 × 20 s"), slug("Rückwärts"), slug("日本")
    ('reverse-6-x-20-s', 'ruckwarts', 'session')
    """
    plain = unicodedata.normalize("NFKD", name.replace("×", "x")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "session"


def programme_name(programme: Programme) -> str:
    """A programme's file name without its ending: what for, and from when."""
    return f"retropace-{slug(programme.goal)}-{programme.first_day.isoformat()}"


def days(programme: Programme) -> Iterator[Day]:
    """Every day in order."""
    for week in programme.weeks:
        yield from week.days


def sessions(programme: Programme) -> dict[Session, list[dt.date]]:
    """Each different session with its days, in order."""
    found: dict[Session, list[dt.date]] = {}
    for day in days(programme):
        if day.session is not None:
            found.setdefault(day.session, []).append(day.date)
    return found


def one_each(
    programme: Programme, options: Options, write: Callable[[Session, Options], Written]
) -> tuple[dict[str, Written], dict[str, list[dt.date]]]:
    """A file for each different session by its name, numbered in order of first use, and the days it belongs to."""
    files: dict[str, Written] = {}
    due: dict[str, list[dt.date]] = {}
    for number, (session, dates) in enumerate(sessions(programme).items(), start=1):
        written = write(session, options)
        name = f"{number:02}-{written.file_name}"
        files[name], due[name] = written, dates
    return files, due


def calendar_text(programme: Programme, due: Mapping[str, list[dt.date]]) -> bytes:
    """Which file belongs to which day, a line a day."""
    rows = sorted((date, name) for name, dates in due.items() for date in dates)
    lines = [f"{date.isoformat()}  {date:%a}  {name}" for date, name in rows]
    return "\n".join([f"{programme_name(programme)}", "", *lines, ""]).encode()


def zipped(files: Mapping[str, bytes], made: dt.datetime) -> bytes:
    """A zip of `files`, the same bytes for the same files."""
    stamp = (max(made.year, _EARLIEST_YEAR), made.month, made.day, 0, 0, 0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, stamp), content)
    return buffer.getvalue()


def gathered(files: Mapping[str, Written]) -> tuple[str, ...]:
    """The notes of several files, each once, saying which it concerns where not all."""
    by_note: dict[str, list[str]] = {}
    for name, written in files.items():
        for note in written.notes:
            by_note.setdefault(note, []).append(name)
    return tuple(
        note if len(names) == len(files) else f"{', '.join(names[:3])}{' and more' * (len(names) > 3)}: {note}"
        for note, names in by_note.items()
    )


def package(programme: Programme, options: Options, write: Callable[[Session, Options], Written], kind: str) -> Written:
    """A zip with one file of `kind` for each different session, and a list of the days."""
    files, due = one_each(programme, options, write)
    contents = {name: written.content for name, written in files.items()}
    contents["days.txt"] = calendar_text(programme, due)
    return Written(f"{programme_name(programme)}-{kind}.zip", ZIP, zipped(contents, options.stamp), gathered(files))

"""Intake: recordings come into a person's store, from the command line or the app alike. Twice is once."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from retropace.digest import digest_of
from retropace.errors import RetropaceError, UnusableInput
from retropace.log import LogEntry
from retropace.putback import parcel_in, put_back_contents, put_back_recordings
from retropace.readers import Columns, each_original, read_bytes
from retropace.readers.column_map import Wish
from retropace.recording import Recording
from retropace.session import Session
from retropace.signals import grid
from retropace.situation import day_of, situation
from retropace.store import Screened, Told, Wanted
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.store.records import packed, unpacked
from retropace.summary import local_start


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `kept`, and whether it is `new`; or the `error` why it could not be read.

    `looks_like` is another recording of the same time and length in other bytes: the same outing, brought twice perhaps.
    `recording` is what was read, for whoever wants figures at once.
    """

    name: str
    kept: Kept | None = None
    new: bool = False
    looks_like: Kept | None = None
    error: RetropaceError | None = None
    recording: Recording | None = None


def intake(
    notebook: Notebook,
    recordings: Recordings,
    name: str,
    content: bytes | Path,
    today: dt.date | None = None,
    columns: Columns | None = None,
) -> Iterator[Outcome]:
    """Keep every recording in a file, zip or folder, one after the other; each is safe when its outcome is given.

    `name` is what `content` is called where it is bytes. A recording without a date counts for `today`. A takeout brings
    everything else that is in it as well. `columns` is for tables that nobody explained before. Raises StoreFailure where
    nothing can be kept just now; what was kept before stays.
    """
    for outcome in _kept(notebook, recordings, name, content, today or dt.date.today(), columns):
        yield outcome
        if outcome.new and outcome.kept is not None:  # worked out now, so that no list has to wait for it later
            digest_of(notebook, recordings, outcome.kept, outcome.recording)


def _kept(
    notebook: Notebook,
    recordings: Recordings,
    name: str,
    content: bytes | Path,
    today: dt.date,
    columns: Columns | None,
) -> Iterator[Outcome]:
    parcel = parcel_in(name, content)
    if parcel is not None:
        put_back_contents(notebook, parcel)
        for each, back in put_back_recordings(recordings, parcel):
            if isinstance(back, RetropaceError):
                yield Outcome(each, error=back)
            else:
                yield Outcome(each, *back)
        return
    zone = notebook.settings().zone
    originals = each_original(
        name,
        content,
        lambda unknown: explained(notebook, unknown.header) or columns,
        lambda data: recordings.whole(data) is not None,
    )
    for each, found in originals:
        if isinstance(found, RetropaceError):
            yield Outcome(each, error=found)
            continue
        if found.recording is None:
            kept = recordings.whole(found.content)
            yield Outcome(each, kept, looks_like=None if kept is None else recordings.alike(kept))
            continue
        day = _local_day(found.recording, zone, today)
        column_map = None if found.columns is None else packed(found.columns)
        played = found.recording.played  # a coach knows what it asked for; else the plan does
        session = prescribed(notebook, day) if played is None else played.session
        kept, new = recordings.add(each, found.content, found.recording, day, session, column_map)
        yield Outcome(each, kept, new, recordings.alike(kept), recording=found.recording)


def intake_again(notebook: Notebook, recordings: Recordings, kept: Kept, columns: Columns, today: dt.date) -> None:
    """Read a kept table anew by another word on its columns. Raises as the readers do, and then nothing has changed."""
    recording = read_bytes(kept.name, recordings.original(kept), columns=columns)
    day = _local_day(recording, notebook.settings().zone, today)
    recordings.keep_column_map(kept.id, packed(columns), recording, day)


def read_sensor(notebook: Notebook, recordings: Recordings, kept: Kept, name: str, today: dt.date) -> None:
    """Read a kept file's sensor of that `name`, as `intake_again`; where another one was worn is told of that one alone.

    Raises UnusableInput where no sensor is called so.
    """
    columns = Columns({}) if kept.column_map is None else unpacked(kept.column_map, Columns)
    intake_again(notebook, recordings, kept, replace(columns, wish=Wish(name)), today)
    recordings.keep_placement(kept.id, None)


def explained(notebook: Notebook, header: Sequence[str]) -> Columns | None:
    """Which column is what in a table with this header, where the person said so of an earlier one."""
    record = notebook.column_map(checksum_of(header))
    return None if record is None else unpacked(record, Columns)


def explain(notebook: Notebook, header: Sequence[str], columns: Columns) -> None:
    """Keep which column is what for every file that comes in with this header."""
    notebook.keep_column_map(checksum_of(header), packed(columns))


def checksum_of(header: Sequence[str]) -> str:
    """The checksum of a table's header; tables without names are told by their number of columns."""
    return hashlib.sha256("\t".join(header).encode()).hexdigest()


def _local_day(recording: Recording, zone: str | None, today: dt.date) -> dt.date:
    """The day it began where the person was; by their own clock where the file does not say."""
    started, known_by = local_start(recording, grid(recording))
    if started is None:
        return today
    if known_by.startswith("not known"):
        started = started.astimezone(ZoneInfo(zone) if zone else None)
    return started.date()


@dataclass(frozen=True, slots=True)
class _Before:
    """What had been told before `day`. It satisfies `Told`."""

    told: Told
    day: dt.date

    def screenings(self) -> Sequence[Screened]:
        return [screened for screened in self.told.screenings() if screened.answers.day <= self.day]

    def wanted(self) -> Wanted | None:
        return self.told.wanted()

    def log(self) -> Sequence[LogEntry]:
        return [entry for entry in self.told.log() if entry.day < self.day]


def prescribed(told: Told, day: dt.date) -> Session | None:
    """The session of `day` as it stood that morning; None where there was none."""
    try:
        return day_of(situation(_Before(told, day), day)).session
    except UnusableInput:  # not screened by then, or nothing wanted: a recording is welcome all the same
        return None

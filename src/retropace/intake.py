"""Intake: recordings come into a person's store, from the command line or the app alike. Twice is once."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from retropace.errors import RetropaceError, UnusableInput
from retropace.log import LogEntry
from retropace.readers import each_original
from retropace.recording import Recording
from retropace.session import Session
from retropace.signals import grid
from retropace.situation import day_of, situation
from retropace.store import Screened, Told, Wanted
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.summary import local_start

#: Two recordings that begin within these seconds of each other, and differ less than this in length, look like one outing.
LIKE_START_S, LIKE_DURATION = 60.0, 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `kept`, and whether it is `new`; or the `error` why it could not be read.

    `looks_like` is another recording of the same time and length in other bytes: the same outing, brought twice perhaps.
    """

    name: str
    kept: Kept | None = None
    new: bool = False
    looks_like: Kept | None = None
    error: RetropaceError | None = None


def intake(
    notebook: Notebook, recordings: Recordings, name: str, content: bytes | Path, today: dt.date | None = None
) -> Iterator[Outcome]:
    """Keep every recording in a file, zip or folder, one after the other; each is safe when its outcome is given.

    `name` is what `content` is called where it is bytes. A recording without a date counts for `today`. Raises
    StoreFailure where nothing can be kept just now; what was kept before stays.
    """
    zone = notebook.settings().zone
    for each, found in each_original(name, content):
        if isinstance(found, RetropaceError):
            yield Outcome(each, error=found)
            continue
        day = _local_day(found.recording, zone, today or dt.date.today())
        kept, new = recordings.add(each, found.content, found.recording, day, prescribed(notebook, day))
        yield Outcome(each, kept, new, looks_like(kept, recordings.all()))


def looks_like(kept: Kept, others: Sequence[Kept]) -> Kept | None:
    """The earliest kept of the other recordings that seem to be of the same outing."""
    return min((other for other in others if _alike(kept, other)), key=lambda other: other.added, default=None)


def _alike(one: Kept, other: Kept) -> bool:
    if one.id == other.id or one.started is None or other.started is None:
        return False
    apart = abs((one.started - other.started).total_seconds())
    longer = max(one.duration_s, other.duration_s)
    return apart <= LIKE_START_S and abs(one.duration_s - other.duration_s) <= LIKE_DURATION * longer


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

"""Measured: what the recording of a day shows of its session, for the log in place of what somebody remembers."""

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import lru_cache

from retropace.errors import RetropaceError
from retropace.log import Done, LogEntry
from retropace.progression import with_summary
from retropace.review import made_from, reviewed
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings


@dataclass(frozen=True, slots=True)
class Measured:
    """What one recording shows: seconds backward at the session's gait, the longest stretch and the speed, where known."""

    recording: Kept
    reverse_s: float
    longest_s: float | None
    speed_mps: float | None

    def applied(self, entry: LogEntry) -> LogEntry:
        """The entry with what was measured in place of what was told."""
        return replace(
            entry,
            reverse_s=self.reverse_s,
            reverse_longest_s=self.longest_s,
            reverse_speed_mps=self.speed_mps,
            measured=True,
        )


def measured_on(notebook: Notebook, recordings: Recordings, day: dt.date) -> Measured | None:
    """What the recordings of `day` show backward, None where none does.

    Two recordings of one day are most often two devices in one session: the one that saw most counts.
    """
    found = [_measured(_asked(notebook, recordings, kept)) for kept in recordings.all() if kept.day == day]
    return max((one for one in found if one is not None), key=lambda one: one.reverse_s, default=None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A recording, and whatever its figures rest on as one fingerprint: they are worked out once."""

    fingerprint: str
    kept: Kept = field(compare=False)
    notebook: Notebook = field(compare=False)
    recordings: Recordings = field(compare=False)


def _asked(notebook: Notebook, recordings: Recordings, kept: Kept) -> _Asked:
    fingerprint = made_from(kept, notebook.person(), recordings.corrections(kept.id))
    return _Asked(fingerprint, kept, notebook, recordings)


@lru_cache(maxsize=32)
def _measured(asked: _Asked) -> Measured | None:
    try:
        found = reviewed(asked.notebook, asked.recordings, asked.kept.id)
    except RetropaceError:  # a damaged original: its own page says so, and the person can still tell
        return None
    entry = with_summary(LogEntry(asked.kept.day, Done.ALL), found.summary)
    if not entry.measured or entry.reverse_s is None:
        return None
    return Measured(asked.kept, entry.reverse_s, entry.reverse_longest_s, entry.reverse_speed_mps)

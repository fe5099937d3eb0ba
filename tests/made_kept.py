"""Recordings made for tests, kept as if they had come in."""

import datetime as dt
from functools import cache

from retropace.readers import read_bytes
from retropace.recording import Recording
from retropace.session import Session
from retropace.simulate.demo import demo
from retropace.store.recordings import Kept, Recordings
from retropace.writers.fit import activity_bytes

#: The day every made recording is kept under.
DAY = dt.date(2026, 11, 20)
#: Where nobody knows the direction in `doubtful_run` [s].
DOUBT_S = (468.0, 483.0)


def keep(recordings: Recordings, recording: Recording, session: Session | None = None, day: dt.date = DAY) -> Kept:
    """Keep what `recording` is as a FIT file."""
    return keep_bytes(recordings, "made.fit", activity_bytes(recording), session, day)


def keep_bytes(
    recordings: Recordings, name: str, content: bytes, session: Session | None = None, day: dt.date = DAY
) -> Kept:
    kept, _ = recordings.add(name, content, read_bytes(name, content), day, session)
    return kept


@cache
def doubtful_run() -> Recording:
    """The demo's first day without its plan: seven repeats told by lap names, and `DOUBT_S` told by nothing."""
    return read_bytes("made.fit", activity_bytes(demo(1)[0]))

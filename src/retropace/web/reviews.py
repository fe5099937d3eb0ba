"""Reviews: what was worked out lately stays in memory, so that zooming and correcting do not read the file again."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np

from retropace.recording import Recording, Stream
from retropace.review import Reviewed, made_from, summarised
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.summary import Summary

#: What is remembered takes no more than this [bytes]; a three-hour watch recording takes 2 MB, a whole day about 20 MB.
MOST_BYTES = 64_000_000


class Remembered:
    """Summaries by what they were made from, the longest unused dropped first. Several threads may use it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._summaries: OrderedDict[str, tuple[Summary, int]] = OrderedDict()

    def find(self, key: str) -> Summary | None:
        """The summary, None where it is not remembered."""
        with self._lock:
            if key not in self._summaries:
                return None
            self._summaries.move_to_end(key)
            return self._summaries[key][0]

    def keep(self, key: str, summary: Summary) -> None:
        """Remember a summary; the latest stays however large it is."""
        with self._lock:
            self._summaries[key] = summary, _bytes(summary)
            self._summaries.move_to_end(key)
            while len(self._summaries) > 1 and self.bytes > self._most_bytes:
                self._summaries.popitem(last=False)

    @property
    def bytes(self) -> int:
        """How much is remembered."""
        return sum(size for _, size in self._summaries.values())


_remembered = Remembered()


def review(
    notebook: Notebook, recordings: Recordings, recording_id: str, remembered: Remembered = _remembered
) -> Reviewed:
    """What happened in one recording; the raw motion behind it is let go. Raises as `review.reviewed` does."""
    kept = recordings.get(recording_id)
    person = notebook.person()
    corrections = recordings.corrections(recording_id)
    fingerprint = made_from(kept, person, corrections)
    key = f"{fingerprint} {kept.name}"  # a summary names its file, and somebody else may call the same file otherwise
    summary = remembered.find(key)
    if summary is None:
        summary = _without_motion(summarised(recordings, kept, person, corrections))
        remembered.keep(key, summary)
    return Reviewed(kept, corrections, fingerprint, summary)


def _without_motion(summary: Summary) -> Summary:
    """Raw motion fills a hundred megabytes an hour, and nothing is drawn from it: its first and last moment are kept."""
    motion = {name: Stream(_ends(stream), {}) for name, stream in summary.recording.motion.items()}
    return replace(summary, recording=replace(summary.recording, motion=motion))


def _ends(stream: Stream) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.unique(stream.time_s[[0, -1]]) if len(stream) else np.empty(0)


def _bytes(summary: Summary) -> int:
    return sum(array.nbytes for array in _arrays(summary.recording, summary))


def _arrays(recording: Recording, summary: Summary) -> "Iterator[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]":
    yield recording.track.time_s
    yield from recording.track.channels.values()
    yield from (getattr(summary.grid, field.name) for field in fields(summary.grid))

"""Spans: pauses and sports of a recording, from where a file's parts begin; all of them within the recording."""

from collections.abc import Sequence

import numpy as np

from retropace.readers.instants import Timeline
from retropace.recording import FloatArray, Pause, SportSpan

#: A silence between two parts of a track is a pause from this many seconds and this many usual intervals on. Devices
#: begin a part after each lap too, without any pause.
SHORTEST_PAUSE_S = 3.0
PAUSE_INTERVALS = 3.0


def clipped(start_s: float, end_s: float, duration_s: float) -> tuple[float, float] | None:
    """The part of a span that lies within the recording, None where there is none.

    >>> clipped(-3.0, 20.0, 15.0), clipped(16.0, 20.0, 15.0)
    ((0.0, 15.0), None)
    """
    start_s, end_s = max(0.0, start_s), min(end_s, duration_s)
    return (start_s, end_s) if start_s < end_s else None


def pauses_between(starts: Sequence[int], epoch_s: FloatArray, clock: Timeline, duration_s: float) -> tuple[Pause, ...]:
    """Pauses between the parts of a track that begin at the rows `starts`; `epoch_s` (n,) in the file's own seconds."""
    steps = np.diff(epoch_s[np.isfinite(epoch_s)])
    usual = float(np.median(steps[steps > 0])) if np.any(steps > 0) else 0.0
    shortest = max(SHORTEST_PAUSE_S, PAUSE_INTERVALS * usual)
    found = []
    for start in starts:
        if not 0 < start < epoch_s.size:
            continue
        last, resumed = float(epoch_s[start - 1]), float(epoch_s[start])
        span = clipped(clock.since(last), clock.since(resumed), duration_s)
        if span and resumed - last > shortest:
            found.append(Pause(*span))
    return tuple(found)


def sport_spans(
    parts: Sequence[tuple[float, tuple[str, str | None] | None]], clock: Timeline, duration_s: float
) -> tuple[SportSpan, ...]:
    """Spans of the parts that begin at the given moments, each until the next; parts of unknown sport have none."""
    begins = [clock.since(begin) for begin, _ in parts]
    spans = [clipped(begin, end, duration_s) for begin, end in zip(begins, [*begins, duration_s][1:], strict=True)]
    return tuple(SportSpan(*span, *sport) for span, (_, sport) in zip(spans, parts, strict=True) if span and sport)

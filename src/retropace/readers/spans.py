"""Spans: pauses and sports of a recording, from where a file's parts begin."""

from collections.abc import Sequence

import numpy as np

from retropace.readers.instants import Timeline
from retropace.recording import FloatArray, Pause, SportSpan

#: A silence between two parts of a track is a pause from this many seconds and this many usual intervals on. Devices
#: begin a part after each lap too, without any pause.
SHORTEST_PAUSE_S = 3.0
PAUSE_INTERVALS = 3.0


def pauses_between(starts: Sequence[int], epoch_s: FloatArray, clock: Timeline) -> tuple[Pause, ...]:
    """Pauses between the parts of a track that begin at the rows `starts`; `epoch_s` (n,) in the file's own seconds."""
    steps = np.diff(epoch_s[np.isfinite(epoch_s)])
    usual = float(np.median(steps[steps > 0])) if np.any(steps > 0) else 0.0
    shortest = max(SHORTEST_PAUSE_S, PAUSE_INTERVALS * usual)
    found = []
    for start in starts:
        if not 0 < start < epoch_s.size:
            continue
        last, resumed = float(epoch_s[start - 1]), float(epoch_s[start])
        if resumed - last > shortest:
            found.append(Pause(clock.since(last), clock.since(resumed)))
    return tuple(found)


def sport_spans(
    parts: Sequence[tuple[float, tuple[str, str | None] | None]], end_s: float, clock: Timeline
) -> tuple[SportSpan, ...]:
    """Spans of the parts that begin at the given moments, each until the next; parts of unknown sport have none."""
    ends = [*(start for start, _ in parts), end_s][1:]
    return tuple(
        SportSpan(max(0.0, clock.since(start)), clock.since(end), *sport)
        for (start, sport), end in zip(parts, ends, strict=True)
        if sport and end > start
    )

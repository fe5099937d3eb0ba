"""FIT with direction: what was recognised goes back into an activity file, so that it survives in other tools.

Each second carries the developer field of `writers.fit`, each stretch of one gait and direction becomes a lap with its name.
What is unknown, or forward by assumption only, is written as nothing at all: no value, no lap.
"""

from dataclasses import replace

import numpy as np

from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray, Lap
from retropace.session import Step
from retropace.summary import Summary
from retropace.writers import wording
from retropace.writers.fit import activity_bytes

_CODES = {Direction.BACKWARD: -1.0, Direction.NONE: 0.0, Direction.FORWARD: 1.0, Direction.SIDEWAYS: 2.0}
_GAITS = (Gait.WALK, Gait.RUN, Gait.STAND)
#: Sideways stretches carry their code only: readers take a lap between backward ones for forward.
_IN_LAPS = (Direction.BACKWARD, Direction.FORWARD, Direction.NONE)


def activity_with_direction(summary: Summary) -> bytes:
    """An activity file of the summary's recording, with the direction of every second and a lap for each stretch.

    Laps of the device give way to these; where no direction was seen, they stay, and the file says nothing of direction.
    Raises OutOfRange where FIT cannot hold a value.
    """
    known = [item.bout for item in summary.bouts if item.bout.direction in _CODES and not item.bout.assumed]
    if not any(bout.direction != Direction.NONE for bout in known):
        return activity_bytes(summary.recording)
    laps = tuple(_lap(bout) for bout in known if bout.direction in _IN_LAPS and bout.gait in _GAITS)
    return activity_bytes(replace(summary.recording, laps=laps), direction_codes(summary))


def direction_codes(summary: Summary) -> FloatArray:
    """The direction code (n,) of each row of the recording's track; NaN where it is unknown or only assumed."""
    time_s = summary.recording.track.time_s
    codes = np.full(time_s.size, np.nan)
    for item in summary.bouts:
        bout = item.bout
        if bout.direction in _CODES and not bout.assumed:
            first, last = np.searchsorted(time_s, [bout.start_s, bout.end_s])
            codes[first:last] = _CODES[bout.direction]
    return codes


def _lap(bout: Bout) -> Lap:
    backward = bout.direction == Direction.BACKWARD
    name = wording.short_name(Step(bout.gait, bout.direction, round(bout.duration_s)))
    intensity = "active" if backward or bout.gait == Gait.RUN else "recovery"
    return Lap(bout.start_s, bout.end_s, name, intensity, "Backward" if backward else None)

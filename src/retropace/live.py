"""Live: which way somebody goes now, from raw motion as it comes; the same model as for a whole recording, on what is there.

What is said of a second rests on that second, a few after it, and all before it; what comes later may still change it, so
that the answer for the whole is told anew at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retropace.bout import Bout
from retropace.direction import recognise
from retropace.motion.heard import Heard
from retropace.motion.listener import DELAY_S, Listener
from retropace.motion.placement import Placed, Placement, placed
from retropace.motion_witness import moved
from retropace.person import Person
from retropace.recording import Origin, Recording, Stream
from retropace.signals import grid

#: Of a long session so much of what was last is weighed again each second [s]; the end is told from all of it. Our choice.
LATELY_S = 600

__all__ = ["DELAY_S", "LATELY_S", "Live", "Moment"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A second that can be told: `time_s` since the first sample, the bout it lies in as far as known, and where worn."""

    time_s: float
    bout: Bout
    placed: Placed


class Live:
    """Raw motion of `sensors` pushed as it comes; `placement` is where somebody said that the sensor is."""

    def __init__(self, sensors: Sequence[str], placement: Placement | None = None) -> None:
        self._listener = Listener(sensors)
        self._told = placement
        self._last_s = -np.inf

    def push(self, motion: Mapping[str, Stream]) -> list[Moment]:
        """The seconds that can be told now that `motion` came."""
        self._listener.push(motion)
        return self._fresh(self._listener.heard())

    def finish(self) -> tuple[list[Moment], tuple[Bout, ...], Placed]:
        """The last seconds; and of the whole session its bouts, told anew with all that is known, and where it was worn."""
        heard = self._listener.finish()
        bouts, where = _bouts(heard, self._told)
        return self._fresh(heard), bouts, where

    def _fresh(self, heard: Heard) -> list[Moment]:
        if not len(heard) or heard.time_s[-1] <= self._last_s:
            return []
        fresh = heard.time_s[heard.time_s > self._last_s].tolist()
        self._last_s = fresh[-1]
        bouts, where = _bouts(_since(heard, fresh[0] - LATELY_S), self._told)
        found = [(second, next((b for b in bouts if b.start_s <= second < b.end_s), None)) for second in fresh]
        return [Moment(second, bout, where) for second, bout in found if bout is not None]


def _since(heard: Heard, start_s: float) -> Heard:
    if not len(heard) or heard.time_s[0] >= start_s:
        return heard
    rows = heard.time_s >= start_s
    columns = {name: values[rows] for name, values in heard.columns.items()}
    return Heard(heard.time_s[rows], heard.piece[rows], columns, heard.contacts)


def _bouts(heard: Heard, told: Placement | None) -> tuple[tuple[Bout, ...], Placed]:
    if not len(heard):
        return (), placed(heard, told)
    recording = Recording(Origin("live", "columns"), None, motion={"accelerometer": Stream(heard.time_s, {})})
    found = moved(heard, grid(recording), told)
    return recognise(recording, found.grid, Person(), None, found.evidence).bouts, found.placed

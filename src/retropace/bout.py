"""Bout: a stretch of one gait and one direction, how that is known and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray


@dataclass(frozen=True, slots=True)
class Bout:
    """Half-open stretch [start_s, end_s) of a recording.

    `probability` is that of `direction` being right (of the most likely direction where the answer is unknown; 1.0 for
    standing). `known_by` names the witnesses that decided, strongest first, by their key in `witness.WITNESSES`;
    ("assumed",) means that nothing in the recording saw which way the person faced. `reason` says in a sentence why an
    unknown direction is unknown.
    """

    start_s: float
    end_s: float
    gait: Gait
    direction: Direction
    probability: float
    known_by: tuple[str, ...]
    reason: str | None = None

    @property
    def duration_s(self) -> float:
        """Length [s]."""
        return self.end_s - self.start_s

    @property
    def assumed(self) -> bool:
        """Whether the direction rests on the assumption that people run forward, and on nothing else."""
        return self.known_by == ("assumed",)


def bout_of(time_s: FloatArray, bouts: Sequence[Bout]) -> npt.NDArray[np.int64]:
    """(n,) number, among `bouts` in order of time, of the one in which the second from `time_s` lies wholly; -1 for none.

    >>> walk = Bout(0.0, 2.5, Gait.WALK, Direction.FORWARD, 1.0, ("lap",))
    >>> bout_of(np.array([0.0, 1.0, 2.0]), [walk])
    array([ 0,  0, -1])
    """
    if not bouts:
        return np.full(time_s.size, -1)
    number = np.searchsorted([bout.start_s for bout in bouts], time_s, side="right") - 1
    ends_s = np.array([bout.end_s for bout in bouts])
    return np.where(time_s + 1 <= ends_s[number], number, -1)


def whole_seconds(time_s: FloatArray, bouts: Sequence[Bout]) -> dict[tuple[Gait, Direction], npt.NDArray[np.bool_]]:
    """For each gait and direction there is, which seconds (n,) lie wholly in a bout of them."""
    number, ways = bout_of(time_s, bouts), [(bout.gait, bout.direction) for bout in bouts]
    return {way: np.array([*(other == way for other in ways), False])[number] for way in dict.fromkeys(ways)}

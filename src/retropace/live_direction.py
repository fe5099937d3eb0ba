"""Live: the same engine while the motion still comes, second by second.

From time to time everything is thought through anew, exactly as offline. Between these times only the last minutes are:
what came before them keeps the probabilities it had, its readings what they had come to, and where the sensor is worn stays
decided. So after every thorough thought, and at the end, the answer is that of the whole; in between it may differ from it
only as far as the latest seconds would change what was thought of those before the last minutes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retropace.bout import Bout
from retropace.direction import Thought, bouts_of, thought_through
from retropace.motion.heard import Heard
from retropace.motion.listener import DELAY_S, Listener
from retropace.motion.placement import Placed, Placement, placed
from retropace.motion_witness import motion_evidence, part_of, with_motion
from retropace.readings import Tally, tally
from retropace.recording import FloatArray, Stream
from retropace.signals import Grid, silent_grid
from retropace.witness import Evidence, gait_evidence

#: What is older than the first [s] keeps what was thought of it, from the beginning of its bout on, the second at most.
REVISED_S, MOST_REVISED_S = 90, 180
#: Everything is thought through anew after so many seconds, and after this share of what has been heard.
ANEW_S, ANEW_SHARE = 120, 1 / 10


@dataclass(frozen=True, slots=True)
class _Before:
    """What was thought of everything before the row `first`, and when all is due again [rows].

    `entering` (readings, 7) and `came_to` are None where nothing came before.
    """

    first: int
    due: int
    placed: Placed
    bouts: tuple[Bout, ...]
    entering: FloatArray | None
    came_to: Tally | None
    settled: tuple[str, ...]
    readings: tuple[int, ...]


class Live:
    """Hears the raw streams of `sensors` as they come, and says what has been done so far.

    A second is answered at the latest `delay_s` after it began. `placement` is where the sensor is said to be.
    """

    delay_s = DELAY_S

    def __init__(self, sensors: Collection[str], placement: Placement | None = None) -> None:
        self._listener = Listener(sensors)
        self._told = placement
        self._before: _Before | None = None
        self._bouts: tuple[Bout, ...] = ()
        self._rows = 0

    @property
    def placed(self) -> Placed | None:
        """Where the sensor is taken to be, None where nothing was heard yet."""
        return None if self._before is None else self._before.placed

    def push(self, motion: Mapping[str, Stream]) -> tuple[Bout, ...]:
        """More of the streams, each after what came of it before; the bouts so far."""
        self._listener.push(motion)
        return self._said(self._listener.heard())

    def finish(self) -> tuple[Bout, ...]:
        """Nothing more will come: the bouts of everything, as offline."""
        self._before = None
        return self._said(self._listener.finish())

    def _said(self, heard: Heard) -> tuple[Bout, ...]:
        if len(heard) == self._rows and self._before is not None:
            return self._bouts
        self._rows = len(heard)
        if len(heard):
            latest = self._latest(heard) if self._before is not None and len(heard) < self._before.due else None
            self._bouts = self._anew(heard) if latest is None else latest
        return self._bouts

    def _latest(self, heard: Heard) -> tuple[Bout, ...] | None:
        """The bouts by what the last minutes say beside what came before; None where the readings are other ones now."""
        before = self._before
        if before is None:
            return None
        near = part_of(heard, slice(max(before.first - REVISED_S, 0), None))
        grid = with_motion(silent_grid(heard.time_s[before.first :]), near)
        evidence = _evidence(heard, before.placed, grid)
        if tuple(len(item.log_odds) for item in evidence) != before.readings:
            return None
        thought = thought_through(grid, evidence, before.entering, before.came_to)
        return _joined(before.bouts, _bouts(grid, thought, before.settled))

    def _anew(self, heard: Heard) -> tuple[Bout, ...]:
        """The bouts of everything, as offline."""
        where = placed(heard, self._told)
        grid, evidence, thought = _everything(heard, where)
        bouts = _bouts(grid, thought)
        self._before = _kept(heard, where, grid, evidence, thought, bouts)
        return bouts


def bouts_heard(heard: Heard, told: Placement | None = None) -> tuple[Bout, ...]:
    """The bouts of everything that was `heard` and of nothing else; `told` is where the sensor is said to be."""
    if not len(heard):
        return ()
    grid, _, thought = _everything(heard, placed(heard, told))
    return _bouts(grid, thought)


def _everything(heard: Heard, where: Placed) -> tuple[Grid, list[Evidence], Thought]:
    grid = with_motion(silent_grid(heard.time_s), heard)
    evidence = _evidence(heard, where, grid)
    return grid, evidence, thought_through(grid, evidence)


def _evidence(heard: Heard, where: Placed, grid: Grid) -> list[Evidence]:
    return [gait_evidence(grid), *motion_evidence(heard, where, grid)]


def _bouts(grid: Grid, thought: Thought, settled: Collection[str] = ()) -> tuple[Bout, ...]:
    seconds = len(grid)
    everywhere, unasked = np.ones(seconds, bool), np.zeros(seconds)
    return bouts_of(grid, thought.probability, thought.understood, everywhere, unasked, settled)


def _kept(
    heard: Heard, where: Placed, grid: Grid, evidence: Sequence[Evidence], thought: Thought, bouts: Sequence[Bout]
) -> _Before:
    """What stays of a thorough thought until the next."""
    now_s = float(heard.time_s[-1])
    begins = max((bout.start_s for bout in bouts if bout.start_s <= now_s - REVISED_S), default=0.0)
    cut_s = max(begins, now_s - MOST_REVISED_S)
    first = int(np.searchsorted(heard.time_s, cut_s))
    second = int(np.searchsorted(grid.time_s, heard.time_s[first]))
    due = len(heard) + max(ANEW_S, int(ANEW_SHARE * len(heard)))
    settled = tuple(item.key for item in thought.understood if item.settled)
    readings = tuple(len(item.log_odds) for item in evidence)
    if not second:
        return _Before(0, due, where, (), None, None, (), readings)
    earlier = [replace(item, log_odds=item.log_odds[:, :second]) for item in evidence]
    came_to = tally(earlier, thought.said[:, :second], thought.each[:, :second], np.zeros(len(thought.chosen)))
    return _Before(
        first,
        due,
        where,
        _until(bouts, float(grid.time_s[second])),
        thought.so_far(second - 1),
        came_to,
        settled,
        readings,
    )


def _until(bouts: Sequence[Bout], end_s: float) -> tuple[Bout, ...]:
    return tuple(replace(bout, end_s=min(bout.end_s, end_s)) for bout in bouts if bout.start_s < end_s)


def _joined(before: tuple[Bout, ...], after: tuple[Bout, ...]) -> tuple[Bout, ...]:
    """Both, with a bout that goes on across the cut in one piece."""
    if not before or not after:
        return before + after
    last, first = before[-1], after[0]
    if last.end_s != first.start_s or (last.gait, last.direction) != (first.gait, first.direction):
        return before + after
    return (*before[:-1], replace(first, start_s=last.start_s), *after[1:])

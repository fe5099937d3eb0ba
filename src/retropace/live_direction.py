"""Live: the same engine while the motion still comes, second by second.

From time to time everything is thought through anew, exactly as offline, a part of it at a time. Between these times only
the last minutes are: what came before them keeps the probabilities it had, its readings what they had come to, and where
the sensor is worn, how its wearer steps and where their front lies stay as they were found. So a thorough thought makes the
answer that of the whole, up to the second in which it began, and so does the end; in between the answer may differ from it
as far as the seconds since would change what was thought of those before the last minutes, or of wearer and sensor. What is
new of these, a gait in which nothing was said yet, a sensor put on anew, brings the next thorough thought forward; until it
is through such a gait is taken as most people's, and a sensor that was put on anew says nothing of travel.

No second waits for what does not tell its direction: who looks at a foot when the sensor is on the waist, for a placement,
for contacts or for the form, does so in turn, some seconds later, and finds the same. In the other seconds it is worked
out anew how often somebody steps.
"""

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retropace.bout import Bout
from retropace.chain import without_pause
from retropace.direction import finding_bouts
from retropace.model import TOGETHER_STEPS, Thought, thinking, thought_through
from retropace.motion import foot, heading, pocket, steps, waist
from retropace.motion.cadence import steady_hz
from retropace.motion.heard import Heard, Look
from retropace.motion.listener import DELAY_S, LOOKS, TURN_S, Listener
from retropace.motion.placement import Placed, Placement, placed
from retropace.motion_witness import (
    SETTLED_ROWS,
    Habits,
    asked_where,
    by_body,
    is_elsewhere,
    learnt,
    part_of,
    saying,
    sittings,
    strange,
    with_motion,
    worn_rows,
)
from retropace.readings import Tally, tally
from retropace.recording import FloatArray, Stream
from retropace.signals import Grid, IntArray, silent_grid
from retropace.witness import Evidence, gait_evidence

#: Who looks at every second at once, beside `steps` and `heading`, by where the sensor is; the others do so in turn. Where
#: it is not known, or nobody asks, all do: it is found the sooner.
_ALWAYS = (steps.look, heading.look)
PRESSING: dict[Placement, Sequence[Look]] = {
    Placement.FOOT: (*_ALWAYS, foot.look),
    Placement.WAIST: (*_ALWAYS, waist.look),
    Placement.POCKET: (*_ALWAYS, pocket.look),
    Placement.WRIST: _ALWAYS,
    Placement.HAND: _ALWAYS,
}
#: What is older than the first [s] keeps what was thought of it, from the beginning of its bout on, the second at most;
#: looked at anew whenever so many seconds are revised, `AROUND_ROWS` before them are needed to understand the first.
REVISED_S, MOST_REVISED_S, LONGEST_S, AROUND_ROWS = 60, 90, 110, 30
#: Everything is thought through anew after so many seconds, and after this share of what has been heard.
ANEW_S, ANEW_SHARE = 120, 1 / 10
#: Where something new was found, after so many seconds, and after this share; it is looked for every so many rows.
SOON_S, SOON_SHARE, LOOKED_FOR_ROWS = 5, 1 / 100, 5
#: A part of a thorough thought is so many steps of a chain, and each round of calls counts as so many of them; with rows,
#: each of which is as two steps, it is more: about half a millisecond, as measured. Chains of so many steps are taken at
#: once; rows so many, with so many on either side.
PART_STEPS, ROUND_STEPS, ROWS_STEPS = 3000, 400, 3000
CHAIN_STEPS, WEIGHED_ROWS, BESIDE_ROWS = 2500, 250, 60
#: How often somebody steps is worked out anew every so many seconds, while nobody waits who looks in turn; the newest
#: second counts as it came until then.
PACED_S = TURN_S


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the last thorough thought learnt of the whole, up to row `rows`.

    `sat` counts how often the sensor had come to sit anew; in the stretches `elsewhere` it was not where it belongs.
    """

    rows: int
    habits: Habits
    sat: int
    elsewhere: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Before:
    """What was thought of everything before the row `first`.

    `entering` (readings, 7) and `came_to` are None where nothing came before. At row `anchor` the sensor had come to sit
    anew `sat` times, which is settled.
    """

    first: int
    bouts: tuple[Bout, ...]
    entering: FloatArray | None
    came_to: Tally | None
    settled: frozenset[str]
    anchor: int
    sat: int


class Live:
    """Hears the raw streams of `sensors` as they come, and says what has been done so far.

    A second is answered at the latest `delay_s` after it began, where what came is pushed each second. `placement` is where
    the sensor is said to be.
    """

    delay_s = DELAY_S

    def __init__(self, sensors: Collection[str], placement: Placement | None = None) -> None:
        self._listener = Listener(sensors)
        self._told = placement
        self._known: tuple[_Whole, _Before] | None = None
        self._thinking: Generator[int, None, tuple[_Whole, _Before, tuple[Bout, ...]]] | None = None
        self._due = self._looked_for = self._paced_rows = 0
        self._pace: FloatArray = np.empty(0)
        self._bouts: tuple[Bout, ...] = ()
        self._rows = 0

    @property
    def placed(self) -> Placed | None:
        """Where the sensor is taken to be, None where nothing was heard yet."""
        return None if self._known is None else self._known[0].habits.where

    def push(self, motion: Mapping[str, Stream]) -> tuple[Bout, ...]:
        """More of the streams, each after what came of it before; the bouts so far."""
        self._listener.push(motion)
        heard = self._listener.heard()
        if len(heard) > self._rows:
            fresh, self._rows = len(heard) - self._rows, len(heard)
            self._think(heard, fresh)
        return self._bouts

    def finish(self) -> tuple[Bout, ...]:
        """Nothing more will come: the bouts of everything, as offline."""
        heard = self._listener.finish()
        if len(heard):
            self._at_once(heard)
        return self._bouts

    def _think(self, heard: Heard, fresh: int) -> None:
        """What the `fresh` rows change; and for each of them a part of the thorough thought, where one is due."""
        if self._known is None:
            self._at_once(heard)
            return
        if self._thinking is None and len(heard) >= self._due:
            self._thinking = _thorough(heard, self._told, WEIGHED_ROWS, CHAIN_STEPS)
        for _ in range(fresh):
            if self._thinking is not None:
                self._think_on(self._thinking)
        self._latest(heard)

    def _at_once(self, heard: Heard) -> None:
        self._thinking = None
        whole, before, self._bouts = without_pause(_thorough(heard, self._told))
        self._remember(whole, before)

    def _think_on(self, thorough: Generator[int, None, tuple[_Whole, _Before, tuple[Bout, ...]]]) -> None:
        left = PART_STEPS
        try:
            while left > 0:
                left -= ROUND_STEPS + next(thorough)
        except StopIteration as done:
            self._thinking = None
            self._remember(*done.value[:2])

    def _remember(self, whole: _Whole, before: _Before) -> None:
        self._known = whole, before
        self._listener.press(PRESSING.get(whole.habits.where.placement, LOOKS))
        self._due = whole.rows + max(ANEW_S, int(ANEW_SHARE * whole.rows))

    def _latest(self, heard: Heard) -> None:
        """The bouts by what the last minutes say beside what came before."""
        if self._known is None:
            return
        whole, before = self._known
        near, number, worn = _near(heard, whole, before)
        grid = with_motion(silent_grid(heard.time_s[before.first :]), near, self._paced(near, len(heard)))
        evidence = _evidence(near, whole.habits, worn, grid)
        if len(heard) - self._looked_for >= LOOKED_FOR_ROWS:
            self._looked_for = len(heard)
            if number[-1] > whole.sat or strange(near, whole.habits, worn):
                self._due = min(self._due, whole.rows + max(SOON_S, int(SOON_SHARE * whole.rows)))
        thought = thought_through(grid, evidence, before.entering, before.came_to)
        self._bouts = _joined(before.bouts, without_pause(_finding(grid, thought, before.settled)))
        if len(grid) > LONGEST_S:
            anchor = len(heard) - 1 - SETTLED_ROWS
            sat = int(number[len(near) - 1 - SETTLED_ROWS])
            self._known = whole, _kept(before, heard, (anchor, sat), grid, evidence, thought, self._bouts)

    def _paced(self, near: Heard, rows: int) -> FloatArray:
        """(m,) steps per second of the last of so many `rows`."""
        known, fresh = self._pace, rows - self._paced_rows
        if near.time_s[-1] % PACED_S and fresh < PACED_S and known.size + fresh >= len(near):
            newest = near["step_hz"][len(near) - fresh :]
            return np.concatenate([known, np.where(np.isnan(newest), 0.0, newest)])[-len(near) :]
        self._pace, self._paced_rows = steady_hz(near), rows
        return self._pace


def _near(heard: Heard, whole: _Whole, before: _Before) -> tuple[Heard, IntArray, IntArray]:
    """The last rows (m,), how often the sensor had come to sit anew by each, and their wearings."""
    from_row = max(before.first - AROUND_ROWS, 0)
    near = part_of(heard, slice(from_row, None))
    handled, number = sittings(near, whole.habits.where)
    number += before.sat - number[before.anchor - from_row]
    return near, number, worn_rows(handled, number, whole.elsewhere)


def bouts_heard(heard: Heard, told: Placement | None = None) -> tuple[Bout, ...]:
    """The bouts of everything that was `heard` and of nothing else; `told` is where the sensor is said to be."""
    return without_pause(_thorough(heard, told))[2] if len(heard) else ()


_NOTHING_BEFORE = _Before(0, (), None, None, frozenset(), 0, 0)


def _thorough(
    heard: Heard, told: Placement | None, weighed: int | None = None, together: int = TOGETHER_STEPS
) -> Generator[int, None, tuple[_Whole, _Before, tuple[Bout, ...]]]:
    """Everything thought through anew, exactly as offline; what was learnt, what stays, and the bouts.

    Each pause says how many steps of chains what was thought of since the last counts as: chains of so many are taken
    `together`, and so many rows `weighed` (None: all).
    """
    where = placed(heard, told)
    yield _steps(len(heard))
    handled, number = sittings(heard, where)
    yield len(heard)
    away = []
    for kind in asked_where(where, handled, number):
        rows = ~handled & (number == kind)
        away += [kind] if is_elsewhere(heard, where, rows) else []
        yield _steps(int(np.count_nonzero(rows)))
    worn = worn_rows(handled, number, away)
    for _ in saying(heard, where):
        yield _steps(len(heard))
    habits = learnt(heard, where, worn)
    yield _steps(len(heard))
    grid, evidence = yield from _weighing(heard, habits, worn, weighed or len(heard))
    thought = yield from thinking(grid, evidence, together=together)
    bouts = yield from _finding(grid, thought)
    yield PART_STEPS
    anchor = max(len(heard) - 1 - SETTLED_ROWS, 0)
    before = _kept(_NOTHING_BEFORE, heard, (anchor, int(number[anchor])), grid, evidence, thought, bouts)
    return _Whole(len(heard), habits, int(number[-1]), tuple(away)), before, bouts


def _weighing(
    heard: Heard, habits: Habits, worn: IntArray, seconds: int
) -> Generator[int, None, tuple[Grid, list[Evidence]]]:
    """The grid and the evidence, so many `seconds` of them at a time."""
    grid = silent_grid(heard.time_s)
    grids, found = [], []
    for first in range(0, len(grid), seconds):
        time_s = grid.time_s[first : first + seconds]
        around = np.searchsorted(heard.time_s, [time_s[0] - BESIDE_ROWS, time_s[-1] + BESIDE_ROWS + 1])
        rows = slice(*around.tolist())
        near = part_of(heard, rows)
        grids.append(with_motion(grid.between(time_s[0], time_s[-1] + 1), near))
        yield _steps(len(near))
        found.append(_evidence(near, habits, worn[rows], grids[-1]))
        yield _steps(len(near))
    if len(found) == 1:
        return grids[0], found[0]
    columns = ("cadence_spm", "moving_nats", "running_nats")
    filled = {name: np.concatenate([getattr(part, name) for part in grids]) for name in columns}
    whole = [
        replace(one[0], log_odds=np.concatenate([part.log_odds for part in one], axis=1))
        for one in zip(*found, strict=True)
    ]
    return replace(grid, **filled), whole


def _evidence(heard: Heard, habits: Habits, worn: IntArray, grid: Grid) -> list[Evidence]:
    body = by_body(heard, habits, worn, grid)
    return [gait_evidence(grid)] if body is None else [gait_evidence(grid), body]


def _steps(rows: int) -> int:
    """As how many steps of a chain so many `rows` count."""
    return ROWS_STEPS + 2 * rows


def _finding(grid: Grid, thought: Thought, settled: Collection[str] = ()) -> Generator[int, None, tuple[Bout, ...]]:
    seconds = len(grid)
    everywhere, unasked = np.ones(seconds, bool), np.zeros(seconds)
    return finding_bouts(grid, thought.probability, thought.understood, everywhere, unasked, settled)


def _kept(
    before: _Before,
    heard: Heard,
    sat: tuple[int, int],
    grid: Grid,
    evidence: Sequence[Evidence],
    thought: Thought,
    bouts: Sequence[Bout],
) -> _Before:
    """What stays of `thought` about the seconds of `grid`, after `before`: all but the last minute, from a bout's beginning.

    `sat` is a settled row, and how often the sensor had come to sit anew by then.
    """
    now_s = float(heard.time_s[-1])
    begins = max((bout.start_s for bout in bouts if bout.start_s <= now_s - REVISED_S), default=0.0)
    first = int(np.searchsorted(heard.time_s, max(begins, now_s - MOST_REVISED_S)))
    second = int(np.searchsorted(grid.time_s, heard.time_s[first]))
    if not second:
        return replace(before, anchor=sat[0], sat=sat[1])
    earlier = [replace(item, log_odds=item.log_odds[:, :second]) for item in evidence]
    came_to = tally(earlier, thought.said[:, :second], thought.each[:, :second], np.zeros(len(thought.chosen)))
    return _Before(
        first,
        _until(bouts, float(grid.time_s[second])),
        thought.so_far(second - 1),
        came_to if before.came_to is None else before.came_to + came_to,
        before.settled | {item.key for item in thought.understood if item.settled},
        *sat,
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

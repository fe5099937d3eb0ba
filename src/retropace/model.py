"""Model: a hidden Markov model over the states of `witness.STATES`, one step a second, in every reading of the evidence.

Its prior knows that people nearly always face the way they go: it takes about 10.7 nats of evidence to establish a backward
bout (7.3 to enter, 3.4 to leave).
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from retropace.chain import Passed, passing, without_pause
from retropace.quantities import Direction
from retropace.readings import Tally, added, choices, log_weights, tally
from retropace.recording import FloatArray
from retropace.signals import Grid
from retropace.witness import BACKWARD_COST_NATS, SHARE, STATES, TURNED_BOUT_S, Evidence

#: Prior mean time of one gait, of moving and of standing [s]. Our choice.
GAIT_BOUT_S, MOVING_S, STANDING_S = 60.0, 120.0, 30.0
#: After standing, and when a recording begins, a backward start is as rare as a whole backward bout among walking [nats].
SETS_OFF_NATS = {
    Direction.FORWARD: 0.0,
    Direction.BACKWARD: -BACKWARD_COST_NATS,
    Direction.SIDEWAYS: -BACKWARD_COST_NATS - 2.3,
}
#: So many steps of chains are taken side by side: more gain nothing, and take memory.
TOGETHER_STEPS = 32_000


@cache
def transition_matrix() -> FloatArray:
    """(7, 7) probability of each state a second after each state.

    While moving, direction and gait change independently of each other; with gait evidence that is the same for every
    direction, how the feet move can then never speak for or against a direction.
    """
    turn = np.array([[_turn(before, after) for after in SHARE] for before in SHARE])
    gait = np.array([[1 - 1 / GAIT_BOUT_S, 1 / GAIT_BOUT_S], [1 / GAIT_BOUT_S, 1 - 1 / GAIT_BOUT_S]])
    matrix = np.empty((len(STATES), len(STATES)))
    matrix[1:, 1:] = np.kron(turn, gait) * (1 - 1 / MOVING_S)
    matrix[1:, 0] = 1 / MOVING_S
    matrix[0, 0] = 1 - 1 / STANDING_S
    matrix[0, 1:] = _setting_off() / STANDING_S
    return matrix


def _turn(before: Direction, after: Direction) -> float:
    """Probability of travelling in direction `after` a second after `before`."""
    if before == Direction.FORWARD:
        leave = {d: SHARE[d] / SHARE[Direction.FORWARD] / TURNED_BOUT_S for d in SHARE if d != before}
        return leave[after] if after in leave else 1 - sum(leave.values())
    if after == before:
        return 1 - 1 / TURNED_BOUT_S
    return (1 / TURNED_BOUT_S) * (0.99 if after == Direction.FORWARD else 0.01)


def _setting_off() -> FloatArray:
    """(6,) probability of each moving state as the first."""
    weight = np.repeat(np.exp([SETS_OFF_NATS[d] for d in SHARE]), 2)
    first: FloatArray = weight / weight.sum()
    return first


@cache
def initial_probabilities() -> FloatArray:
    """(7,) probability of each state in a recording's first second."""
    return np.concatenate([[0.5], 0.5 * _setting_off()])


def state_probabilities(grid: Grid, evidence: Sequence[Evidence]) -> tuple[FloatArray, tuple[Evidence, ...]]:
    """(n, 7) probability of each state each second given all evidence, and the evidence as it was understood.

    Where witnesses have several readings, every combination is tried and weighed by how likely it was beforehand and how
    well it explains the whole recording; in the evidence given back each witness's likeliest reading comes first.
    """
    if not len(grid):
        return np.empty((0, len(STATES))), tuple(evidence)
    found = thought_through(grid, evidence)
    return found.probability, found.understood


@dataclass(frozen=True, slots=True)
class Thought:
    """Every combination of readings thought through: together, and each by itself.

    `each` (readings, n, 7) are the probabilities in each of them, `said` (readings, n, 7) the log-odds that went in,
    `came_to` what that comes to, `passed` the chains themselves.
    """

    probability: FloatArray
    understood: tuple[Evidence, ...]
    chosen: tuple[tuple[int, ...], ...]
    each: FloatArray
    said: FloatArray
    came_to: Tally
    passed: tuple[Passed, ...]

    def so_far(self, second: int) -> FloatArray:
        """(readings, 7) probability of each state in each reading at `second`, given what came up to it."""
        return np.concatenate([part.so_far(second) for part in self.passed])


def thought_through(
    grid: Grid, evidence: Sequence[Evidence], entering: FloatArray | None = None, earlier: Tally | None = None
) -> Thought:
    """All readings of the evidence.

    `entering` (readings, 7) is where each was before, `earlier` what it had come to by then.
    """
    return without_pause(thinking(grid, evidence, entering, earlier))


def thinking(
    grid: Grid,
    evidence: Sequence[Evidence],
    entering: FloatArray | None = None,
    earlier: Tally | None = None,
    together: int = TOGETHER_STEPS,
) -> Generator[int, None, Thought]:
    """The same in parts, chains of so many steps `together`; each pause says how many steps were taken before it."""
    restarts = np.concatenate([[entering is None], np.diff(grid.stretch) != 0])
    chosen, said = choices(evidence), added(evidence)
    steps = len(chosen) * len(grid)
    yield steps // 4
    initial = initial_probabilities()
    entries = np.tile(initial, (len(chosen), 1)) if entering is None else entering
    at_once = max(1, together // len(grid))
    parts = []
    for k in range(0, len(chosen), at_once):
        some = slice(k, k + at_once)
        parts.append((yield from passing(said[some], transition_matrix(), initial, entries[some], restarts)))
        yield len(entries[some]) * len(grid)
    each = parts[0].probability if len(parts) == 1 else np.concatenate([part.probability for part in parts])
    came_to = tally(evidence, said, each, np.concatenate([part.fit for part in parts]))
    came_to = came_to if earlier is None else earlier + came_to
    yield steps // 2
    logs = log_weights(evidence, came_to)
    weights = np.exp(logs - np.logaddexp.reduce(logs))
    likeliest = chosen[int(weights.argmax())]
    understood = tuple(item.read_as(number) for item, number in zip(evidence, likeliest, strict=True))
    return Thought(np.tensordot(weights, each, 1), understood, chosen, each, said, came_to, tuple(parts))

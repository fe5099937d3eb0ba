"""Plan: where in a recording a prescribed session was followed, step by step, from speed, cadence and lap marks.

The steps are laid over the seconds in order, each allowed to last longer or shorter than prescribed or to be left out, so
that walking seconds fall on walking steps and running seconds on running steps (a semi-Markov alignment, found exactly by
dynamic programming). How well that works decides how much the plan may say about direction: a plan that the recording does
not show says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray, Lap
from retropace.session import Session, Step
from retropace.signals import Grid
from retropace.witness import CAPS, FORWARD, FORWARD_NATS, Evidence, evidence_of, gait_evidence, spread_over

#: A step may last this much longer than prescribed: the larger of a share of it and a number of seconds [s]. It may be
#: given up as early as a quarter of the way.
TOLERANCE_SHARE, TOLERANCE_S, SHORTEST_SHARE = 0.35, 8.0, 0.25
#: Cost of a deviation of one tolerance [nats], of leaving a step out, and gain of an edge on a lap mark.
DEVIATION_COST, OMISSION_COST, LAP_MARK_GAIN = 4.0, 9.0, 4.0
#: Neighbouring seconds of a gait are alike (speeding up alone takes three), so each counts for a third of a witness.
SECOND_WEIGHT = 1 / 3
#: Speed and cadence show a change late and smeared: so near a backward step [s] the plan says little for forward [nats].
EDGE_S, EDGE_NATS = 8.0, 0.4
#: The plan speaks with full weight where at least this share of a step's time shows its gait; the rest is its edges.
FULL_AGREEMENT = 0.85
#: The recording must show the prescribed gait in at least this share of the steps' seconds, else the plan is silent.
LEAST_AGREEMENT = 0.7


@dataclass(frozen=True, slots=True)
class FollowedStep:
    """A prescribed step as it was found: half-open [start_s, end_s), `agreement` = mean probability of its gait there."""

    step: Step
    start_s: float
    end_s: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Followed:
    """A session as it was followed. `agreement` is the steps' mean, weighted by time; `timed` whether edges were seen."""

    steps: tuple[FollowedStep, ...]
    agreement: float
    timed: bool

    @property
    def start_s(self) -> float:
        """When the first step began on the recording's clock [s]."""
        return self.steps[0].start_s


def follow(grid: Grid, session: Session, laps: Sequence[Lap] = ()) -> Followed | None:
    """How `session` was followed in `grid`; None where the recording does not show it."""
    if len(grid) < 10 or not session.steps:
        return None
    probability = gait_probabilities(grid)
    edges = _align(SECOND_WEIGHT * np.log(np.maximum(probability, 1e-3)), session.steps, _lap_gain(grid, laps))
    steps = _followed_steps(grid, session.steps, edges, probability)
    seconds = sum(s.end_s - s.start_s for s in steps)
    if not steps or seconds < 0.5 * session.duration_s or not _shows_backward(session.steps, steps):
        return None
    agreement = sum(s.agreement * (s.end_s - s.start_s) for s in steps) / seconds
    if agreement < LEAST_AGREEMENT:
        return None
    return Followed(tuple(steps), agreement, _timed(session.steps) or _on_laps(steps, laps))


def plan_evidence(grid: Grid, followed: Followed) -> Evidence:
    """The followed session's word on direction, stronger the better each step agrees with what was recorded."""
    backward = np.zeros(len(grid))
    turned = [step for step in followed.steps if step.step.direction == Direction.BACKWARD]
    for found in followed.steps:
        first, last = np.searchsorted(grid.time_s, [found.start_s, found.end_s])
        share = np.clip((found.agreement - 0.5) / (FULL_AGREEMENT - 0.5), 0.0, 1.0)
        strength = CAPS["plan"] * float(share) * (1.0 if followed.timed else 0.6)
        if strength <= 0:
            continue
        if found.step.direction == Direction.BACKWARD:
            backward[first:last] = spread_over(strength, last - first)
        elif found.step.direction == Direction.FORWARD:
            apart = _seconds_from(grid.time_s[first:last], turned)
            backward[first:last] = np.where(apart < EDGE_S, -EDGE_NATS, -FORWARD_NATS)
    return evidence_of("plan", backward)


def _seconds_from(time_s: FloatArray, steps: Sequence[FollowedStep]) -> FloatArray:
    """How far each of `time_s` lies from the nearest of `steps` [s]."""
    apart = [np.maximum(step.start_s - time_s, time_s - step.end_s) for step in steps]
    nearest: FloatArray = np.min(apart, axis=0) if apart else np.full(time_s.size, np.inf)
    return nearest


def gait_probabilities(grid: Grid) -> FloatArray:
    """(n, 3) probability of standing, walking and running each second, direction left open."""
    log_odds = gait_evidence(grid).log_odds[0]
    probability: FloatArray = np.exp(log_odds[:, [0, *FORWARD]])
    return probability


_GAIT_COLUMN = {Gait.STAND: 0, Gait.WALK: 1, Gait.RUN: 2}


def _lap_gain(grid: Grid, laps: Sequence[Lap]) -> FloatArray:
    """(n + 1,) gain of an edge at each second: a person who presses the lap key marks a change."""
    gain = np.zeros(len(grid) + 1)
    for lap in laps:
        at = int(np.searchsorted(grid.time_s, lap.start_s))
        for apart, share in ((0, 1.0), (1, 0.7), (-1, 0.7), (2, 0.3), (-2, 0.3)):
            if 0 < at + apart < len(grid):
                gain[at + apart] = max(gain[at + apart], share * LAP_MARK_GAIN)
    return gain


def _align(log_probability: FloatArray, steps: Sequence[Step], edge_gain: FloatArray) -> list[tuple[int, int]]:
    """First and last grid index of each step (equal where left out) of the best alignment.

    `score[t]` is the best total with the steps so far ending at t, relative to seconds outside the plan, which earn the
    mean of the three gaits' log-probabilities.
    """
    outside = log_probability.mean(axis=1, keepdims=True)
    earned = np.concatenate([np.zeros((1, 3)), np.cumsum(log_probability - outside, axis=0)])
    score = np.zeros(len(edge_gain))
    choices = []
    for step in steps:
        score, lasted = _add_step(score, earned[:, _GAIT_COLUMN[step.gait]], step.duration_s, edge_gain)
        choices.append(lasted)
    end = int(np.argmax(score))
    edges = []
    for lasted in reversed(choices):
        start = end - int(lasted[end])
        edges.append((start, end))
        end = start
    return edges[::-1]


def _add_step(
    score: FloatArray, earned: FloatArray, planned_s: float, edge_gain: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Best score with one more step ending at each second, and how long that step lasted."""
    tolerance = max(TOLERANCE_S, TOLERANCE_SHARE * planned_s)
    best = score - OMISSION_COST
    lasted = np.zeros(score.size)
    for duration in range(max(2, int(SHORTEST_SHARE * planned_s)), int(planned_s + tolerance) + 1):
        if duration >= score.size:
            break
        cost = DEVIATION_COST * abs(duration - planned_s) / tolerance
        candidate = score[:-duration] + earned[duration:] - earned[:-duration] + edge_gain[:-duration] - cost
        better = candidate > best[duration:]
        best[duration:][better] = candidate[better]
        lasted[duration:][better] = duration
    return best, lasted


def _followed_steps(
    grid: Grid, steps: Sequence[Step], edges: Sequence[tuple[int, int]], probability: FloatArray
) -> list[FollowedStep]:
    found = []
    for step, (first, last) in zip(steps, edges, strict=True):
        if last > first:
            agreement = float(np.mean(probability[first:last, _GAIT_COLUMN[step.gait]]))
            end_s = float(grid.time_s[last - 1]) + 1.0
            found.append(FollowedStep(step, float(grid.time_s[first]), end_s, agreement))
    return found


def _shows_backward(planned: Sequence[Step], found: Sequence[FollowedStep]) -> bool:
    """Whether at least half of the planned backward seconds were found, and in their own gait."""
    asked_s = sum(step.duration_s for step in planned if step.direction == Direction.BACKWARD)
    done = [f for f in found if f.step.direction == Direction.BACKWARD]
    shown_s = sum((f.end_s - f.start_s) * f.agreement for f in done)
    return shown_s >= 0.5 * LEAST_AGREEMENT * asked_s


def _timed(steps: Sequence[Step]) -> bool:
    """Whether each backward step differs in gait from its neighbours, so that its edges show in speed and cadence."""
    pairs = [
        (one.gait, other.gait)
        for one, other in pairwise(steps)
        if Direction.BACKWARD in (one.direction, other.direction) and one.direction != other.direction
    ]
    return bool(pairs) and sum(one != other for one, other in pairs) >= len(pairs) / 2


def _on_laps(steps: Sequence[FollowedStep], laps: Sequence[Lap]) -> bool:
    """Whether most steps begin within 3 s of a lap mark."""
    marks = np.array([lap.start_s for lap in laps])
    if marks.size < 2:
        return False
    near = [np.abs(marks - found.start_s).min() <= 3.0 for found in steps[1:]]
    return bool(near) and sum(near) >= 0.7 * len(near)

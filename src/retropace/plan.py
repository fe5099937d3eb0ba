"""Plan: where in a recording a prescribed session was followed, step by step, from speed, cadence and lap marks.

The steps are laid over the seconds in order, each allowed to last longer or shorter than prescribed or to be left out, so
that walking seconds fall on walking steps and running seconds on running steps (a semi-Markov alignment, found exactly by
dynamic programming). How well that works decides how much the plan may say about direction: a plan that the recording does
not show says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from retropace.quantities import Direction, Gait
from retropace.readings import OBEYED_NATS
from retropace.recording import FloatArray, Lap
from retropace.session import Played, Session, Step
from retropace.signals import Grid
from retropace.sources import cited
from retropace.witness import (
    BACKWARD_COST_NATS,
    BACKWARD_TRANSITION_MPS,
    CAPS,
    FORWARD,
    FORWARD_NATS,
    Evidence,
    evidence_of,
    gait_evidence,
    run_log_odds,
    spread_over,
)

#: A step may last this much longer than prescribed: the larger of a share of it and a number of seconds [s]. It may be
#: given up as early as a quarter of the way.
TOLERANCE_SHARE, TOLERANCE_S, SHORTEST_SHARE = 0.35, 8.0, 0.25
#: Cost of a deviation of one tolerance [nats], of leaving a step out, and gain of an edge on a lap mark.
DEVIATION_COST, OMISSION_COST, LAP_MARK_GAIN = 4.0, 9.0, 4.0
#: What going on across a long silence costs, and beginning after it is given back [nats].
BREAK_NATS = 50.0
#: Neighbouring seconds of a gait are alike (speeding up alone takes three), so each counts for a third of a witness.
SECOND_WEIGHT = 1 / 3
#: Speed and cadence show a change late and smeared: so near a backward step [s] the plan says little for forward [nats].
EDGE_S, EDGE_NATS = 8.0, 0.4
#: A step of another kind that lasts so long [s] ends one stretch backward, and the next is another.
PARTING_S = 5.0
#: The plan speaks with full weight where at least this share of a step's time shows its gait; the rest is its edges.
FULL_AGREEMENT = 0.85
#: The recording must show what was prescribed in at least this share of the steps' seconds, and this share of the
#: backward seconds must be there at all, else the plan is silent.
LEAST_AGREEMENT, LEAST_SHOWN = 0.7, 0.5
#: Faster is not backward: the 10 000 m record was run at 4.0 m/s, only sprints are faster. Else a share of the speed asked.
FASTEST_BACKWARD_MPS = cited(4.5, "m/s", "design", "aretz_site")
FASTEST_SHARE = 1.6
#: Who is told what to do does it so much earlier at most, hearing the count, or so much later [s], speed as recorded
#: included. Our choice.
EARLIEST_S, LATEST_S = 3, 8
#: An edge is seen where a step is done within this many seconds inside by this much more than outside, or near a lap mark.
EDGE_LOOK, EDGE_CONTRAST, LAP_REACH_S = 8, 0.4, 3.0
#: How much a step may say with none, one or both of its edges seen; where it is known when it was asked for, its place needs
#: no edge, but that it was done does: with none, backward stays below 90 %. Our choice.
EDGE_WEIGHTS, PLAYED_WEIGHTS = (0.6, 0.8, 1.0), (0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class FollowedStep:
    """A prescribed step as it was found: half-open [start_s, end_s), `agreement` = mean probability that it was done there.

    `seen_start` and `seen_end`: gait changes there, or a lap was pressed; what else would place the step? `number` is its
    place among the session's steps, from 0.
    """

    step: Step
    start_s: float
    end_s: float
    agreement: float
    seen_start: bool
    seen_end: bool
    number: int = 0


@dataclass(frozen=True, slots=True)
class Followed:
    """A session as it was followed. `agreement` is the steps' mean, weighted by time.

    `asked`: a coach played it, so that it is known when each step was asked for.
    """

    steps: tuple[FollowedStep, ...]
    agreement: float
    asked: bool = False

    @property
    def start_s(self) -> float:
        """When the first step began on the recording's clock [s]."""
        return self.steps[0].start_s


def follow(grid: Grid, session: Session, laps: Sequence[Lap] = ()) -> Followed | None:
    """How `session` was followed in `grid`; None where the recording does not show it."""
    if len(grid) < 10 or not session.steps:
        return None
    probability = _step_probabilities(grid, session.steps)
    edges = _align(probability, gait_probabilities(grid), session.steps, _edge_gain(grid, laps))
    return _shown(session, _followed_steps(grid, session.steps, edges, probability, laps))


def follow_played(grid: Grid, played: Played) -> Followed | None:
    """How a session was followed that a coach played; None where the recording does not show it.

    When each step was asked for is known, so none is searched for: only how early or late it was begun. Somebody who was to
    run backward and went as slowly as a walk did not leave it out, so a step backward agrees where they moved. An edge is
    no sign that somebody obeyed because the coach marked it, nor because they stood before or after: that they set off when
    told says nothing of which way. It counts as seen where one way of moving becomes another.
    """
    steps = played.session.steps
    if len(grid) < 10 or not steps:
        return None
    probability = _step_probabilities(grid, steps, _backward_gait_probabilities(grid))
    edges = _answered(grid, played, probability)
    found = _followed_steps(grid, steps, edges, probability, ())
    followed = _shown(played.session, [_as_asked(grid, steps, one) if _turned(one.step) else one for one in found])
    return None if followed is None else replace(followed, asked=True)


def _shown(session: Session, steps: Sequence[FollowedStep]) -> Followed | None:
    """The steps as followed, None where the recording does not show the session in them."""
    seconds = sum(s.end_s - s.start_s for s in steps)
    if not steps or seconds < 0.5 * session.duration_s or not _shows_backward(session.steps, steps):
        return None
    agreement = sum(s.agreement * (s.end_s - s.start_s) for s in steps) / seconds
    return Followed(tuple(steps), agreement) if agreement >= LEAST_AGREEMENT else None


def plan_evidence(grid: Grid, followed: Followed, *, motion_heard: bool = False) -> Evidence:
    """The followed session's word on direction, stronger the better each step agrees and the more of its edges are seen.

    Backward steps that follow one another without a break are one stretch, and speak as one. Where there is raw motion to
    hear, the plan alone is not enough: somebody who disobeys in direction alone disobeys throughout, however many the steps.
    """
    backward = np.zeros(len(grid))
    turned = [step for step in followed.steps if _turned(step.step)]
    for found in followed.steps:
        if found.step.direction == Direction.FORWARD and found.agreement > 0.5:
            first, last = np.searchsorted(grid.time_s, [found.start_s, found.end_s])
            apart = _seconds_from(grid.time_s[first:last], turned)
            backward[first:last] = np.where(apart < EDGE_S, -EDGE_NATS, -FORWARD_NATS)
    stretches = _stretches(turned)
    most = BACKWARD_COST_NATS + OBEYED_NATS / max(len(stretches), 1) if motion_heard else CAPS["plan"]
    for stretch in stretches:
        first, last = np.searchsorted(grid.time_s, [stretch[0].start_s, stretch[-1].end_s])
        strength = _strength(stretch, PLAYED_WEIGHTS if followed.asked else EDGE_WEIGHTS)
        backward[first:last] = spread_over(min(strength, most), last - first)
    return evidence_of("plan", backward, cuts=_between(grid, followed) if followed.asked else ())


def _between(grid: Grid, followed: Followed) -> list[int]:
    """Grid indices in the middle of steps that are not backward and long enough to part those before and after them."""
    parting = [one for one in followed.steps if not _turned(one.step) and one.end_s - one.start_s >= PARTING_S]
    return [int(np.searchsorted(grid.time_s, (one.start_s + one.end_s) / 2)) for one in parting]


def _stretches(turned: Sequence[FollowedStep]) -> list[list[FollowedStep]]:
    """Backward steps that touch one another, together."""
    found: list[list[FollowedStep]] = []
    for step in turned:
        if found and step.start_s - found[-1][-1].end_s <= 1.0:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def _strength(stretch: Sequence[FollowedStep], weights: Sequence[float]) -> float:
    """Nats that a backward stretch may add in all."""
    agreement = float(np.mean([step.agreement for step in stretch]))
    share = float(np.clip((agreement - 0.5) / (FULL_AGREEMENT - 0.5), 0.0, 1.0))
    return CAPS["plan"] * share * weights[stretch[0].seen_start + stretch[-1].seen_end]


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


def _backward_gait_probabilities(grid: Grid) -> FloatArray:
    """The same for somebody who goes backward: they begin to run at a lower speed."""
    moving = 1 - gait_probabilities(grid)[:, 0]
    running = 1 / (1 + np.exp(-run_log_odds(grid, BACKWARD_TRANSITION_MPS.value)))
    return np.stack([1 - moving, moving * (1 - running), moving * running], axis=1)


_GAIT_COLUMN = {Gait.STAND: 0, Gait.WALK: 1, Gait.RUN: 2}


def _step_probabilities(grid: Grid, steps: Sequence[Step], turned: FloatArray | None = None) -> dict[Step, FloatArray]:
    """(n,) probability for each distinct step that it is being done: its gait, and for backward no impossible speed.

    `turned` (n, 3) are the gaits of who goes backward for certain; else they count as everybody's, which is more careful.
    """
    gaits = gait_probabilities(grid)
    found = {}
    for step in dict.fromkeys(steps):
        found[step] = (gaits if turned is None or not _turned(step) else turned)[:, _GAIT_COLUMN[step.gait]]
        if _turned(step):
            found[step] = found[step] * _not_too_fast(grid, step)
    return found


def _turned(step: Step) -> bool:
    return step.direction == Direction.BACKWARD


def _not_too_fast(grid: Grid, step: Step) -> FloatArray:
    """(n,) how far the speed allows that a backward step is being done."""
    fastest = FASTEST_SHARE * step.speed_mps if step.speed_mps else FASTEST_BACKWARD_MPS.value
    excess = np.nan_to_num((grid.speed_mps - fastest) / 0.3, nan=-30.0)  # no speed known is no speed too high
    allowed: FloatArray = 1 / (1 + np.exp(np.clip(excess, -30, 30)))
    return allowed


def _as_asked(grid: Grid, steps: Sequence[Step], found: FollowedStep) -> FollowedStep:
    """A backward step of a played session: how far somebody moved in it, and its edges towards other ways of moving."""
    k = found.number
    beside = (steps[at].gait if 0 <= at < len(steps) else Gait.STAND for at in (k - 1, k + 1))
    before, after = (gait is not Gait.STAND for gait in beside)
    return replace(
        found,
        agreement=_on_the_way(grid, found),
        seen_start=found.seen_start and before,
        seen_end=found.seen_end and after,
    )


def _on_the_way(grid: Grid, found: FollowedStep) -> float:
    """Mean probability that somebody moved, no faster than people do backward, while a backward step was asked for."""
    during = grid.between(found.start_s, found.end_s)
    moved = 1 - gait_probabilities(during)[:, 0]
    return float(np.mean(moved * _not_too_fast(during, found.step)))


def _edge_gain(grid: Grid, laps: Sequence[Lap]) -> FloatArray:
    """(n + 1,) gain of an edge at each second: a lap key marks a change, and no step goes on across a long silence."""
    gain = np.zeros(len(grid) + 1)
    for lap in laps:
        at = int(np.searchsorted(grid.time_s, lap.start_s))
        for apart, share in ((0, 1.0), (1, 0.7), (-1, 0.7), (2, 0.3), (-2, 0.3)):
            if 0 < at + apart < len(grid):
                gain[at + apart] = max(gain[at + apart], share * LAP_MARK_GAIN)
    gain[1:-1][np.diff(grid.stretch) != 0] = BREAK_NATS
    return gain


def _align(
    probability: Mapping[Step, FloatArray], gaits: FloatArray, steps: Sequence[Step], edge_gain: FloatArray
) -> list[tuple[int, int]]:
    """First and last grid index of each step (equal where left out) of the best alignment.

    `score[t]` is the best total with the steps so far ending at t, relative to seconds outside the plan, which earn the
    mean of the three gaits' log-probabilities.
    """
    outside = _weighed(gaits).mean(axis=1) + np.where(edge_gain[:-1] >= BREAK_NATS, BREAK_NATS, 0.0)
    earned = {step: np.concatenate([[0.0], np.cumsum(_weighed(done) - outside)]) for step, done in probability.items()}
    score = np.zeros(len(edge_gain))
    choices = []
    for step in steps:
        score, lasted = _add_step(score, earned[step], step.duration_s, edge_gain)
        choices.append(lasted)
    end = int(np.argmax(score))
    edges = []
    for lasted in reversed(choices):
        start = end - int(lasted[end])
        edges.append((start, end))
        end = start
    return edges[::-1]


def _weighed(probability: FloatArray) -> FloatArray:
    """Nats of each second, as much as one of many alike may count."""
    nats: FloatArray = SECOND_WEIGHT * np.log(np.maximum(probability, 1e-3))
    return nats


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


def _answered(grid: Grid, played: Played, probability: Mapping[Step, FloatArray]) -> list[tuple[int, int]]:
    """First and last grid index of each step: as asked, each change moved to where the gait changes soon before or after."""
    steps = played.session.steps
    asked_s = played.start_s + np.cumsum([0.0, *(step.duration_s for step in steps)])
    asked = [int(at) for at in np.searchsorted(grid.time_s, asked_s - 0.5)]
    edges = [asked[0]]
    for k in range(1, len(steps)):
        before, after = steps[k - 1], steps[k]
        first = max(asked[k] - EARLIEST_S, (asked[k - 1] + asked[k]) // 2)
        last = min(asked[k] + LATEST_S, (asked[k] + asked[k + 1]) // 2)
        gain = _weighed(probability[before][first:last]) - _weighed(probability[after][first:last])
        late = np.abs(np.arange(first, last + 1) - asked[k])
        score = np.concatenate([[0.0], np.cumsum(gain)]) - DEVIATION_COST * late / LATEST_S
        at = max(edges[-1], first + int(np.argmax(score)))
        changes = _changes(probability[before], at, -1) or _changes(probability[after], at, 1)
        edges.append(at if changes else max(edges[-1], asked[k]))
    return list(pairwise([*edges, max(edges[-1], asked[-1])]))


def _followed_steps(
    grid: Grid,
    steps: Sequence[Step],
    edges: Sequence[tuple[int, int]],
    probability: Mapping[Step, FloatArray],
    laps: Sequence[Lap],
) -> list[FollowedStep]:
    marks = np.array([lap.start_s for lap in laps] + [lap.end_s for lap in laps])
    found = []
    for number, (step, (first, last)) in enumerate(zip(steps, edges, strict=True)):
        if last > first:
            done = probability[step]
            start_s, end_s = float(grid.time_s[first]), float(grid.time_s[last - 1]) + 1.0
            begun, ended = (
                _changes(done, at, inward) or bool(np.any(np.abs(marks - at_s) <= LAP_REACH_S))
                for at, inward, at_s in ((first, 1, start_s), (last, -1, end_s))
            )
            found.append(FollowedStep(step, start_s, end_s, float(np.mean(done[first:last])), begun, ended, number))
    return found


def _changes(done: FloatArray, edge: int, inward: int) -> bool:
    """Whether a step is clearly done on the inner side of one of its edges and clearly not on the outer side."""
    before, after = done[max(0, edge - EDGE_LOOK) : edge], done[edge : edge + EDGE_LOOK]
    inner, outer = (after, before) if inward > 0 else (before, after)
    return bool(inner.size and outer.size and inner.mean() - outer.mean() >= EDGE_CONTRAST)


def _shows_backward(planned: Sequence[Step], found: Sequence[FollowedStep]) -> bool:
    """Whether at least half of the planned backward seconds were found, each as far as it agrees."""
    asked_s = sum(step.duration_s for step in planned if step.direction == Direction.BACKWARD)
    done = [f for f in found if f.step.direction == Direction.BACKWARD]
    return sum((f.end_s - f.start_s) * f.agreement for f in done) >= LEAST_SHOWN * asked_s

"""Readings: which of several readings of the evidence is true, once each has been thought through to its end.

A compass of unknown angle reads two ways; somebody's thigh may move the other way round than most. The likelihood of a
whole chain would make that a matter of bouts: each bout backward costs anew, so that with six of them nearly any other
reading is cheaper, and a plan that asks for six pays six times, although who disobeys once disobeys throughout. So
readings of raw motion are weighed by the session: how well each explains what was seen away from the edges, what going
backward at all costs, once, and what a plan may say, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import BoolArray
from retropace.witness import BACKWARD, BACKWARD_COST_NATS, TURNED_BOUT_S, Evidence

#: Beside raw motion, a whole session's plan says that it was obeyed with no more than this [nats]: 82 %. Our choice.
OBEYED_NATS = 1.5
#: Whoever goes both ways goes forward most of the time: a session that is backward for a share r of it is so much less
#: likely than its mirror image, `MOSTLY_FORWARD` × log(r ÷ (1 - r)), and no more than `MOST_FORWARD_NATS`. Our choice.
MOSTLY_FORWARD, MOST_FORWARD_NATS = 5.0, 4.0
#: Seconds either side of a change of direction that say nothing of the reading: whoever turns is between two ways.
EDGE_S = 3


@dataclass(frozen=True, slots=True)
class Tally:
    """What each of some readings came to over a stretch of time, (readings,) each.

    `fit` is the log-likelihood of the chain; `explained` what the clear seconds say for the states found in them [nats];
    `backward_s` and `moving_s` how long was gone backward, and at all; `planned` what a plan says for the former [nats].
    """

    fit: FloatArray
    explained: FloatArray
    backward_s: FloatArray
    moving_s: FloatArray
    planned: FloatArray
    turned: BoolArray

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.fit + other.fit,
            self.explained + other.explained,
            self.backward_s + other.backward_s,
            self.moving_s + other.moving_s,
            self.planned + other.planned,
            self.turned | other.turned,
        )


def choices(evidence: Sequence[Evidence]) -> tuple[tuple[int, ...], ...]:
    """Every combination of readings: the number of one reading of each witness."""
    return tuple(product(*(range(len(item.log_odds)) for item in evidence)))


def added(evidence: Sequence[Evidence]) -> FloatArray:
    """(readings, n, 7) all that is said in each of `choices`, in their order."""
    total: FloatArray = np.zeros_like(evidence[0].log_odds[:1])
    for item in sorted(evidence, key=lambda item: len(item.log_odds) > 1):
        total = (total[:, None] + item.log_odds).reshape(-1, *total.shape[1:])
    return total


def tally(evidence: Sequence[Evidence], said: FloatArray, probability: FloatArray, fit: FloatArray) -> Tally:
    """What the readings came to: `said` and `probability`, (readings, n, 7) each.

    A plan is no measurement: what it says counts as planned, not as explained.
    """
    backward = probability[:, :, BACKWARD[0]] + probability[:, :, BACKWARD[1]]
    turned = backward > 0.5
    plan = next((item for item in evidence if item.key == "plan" and item.favours_backward.any()), None)
    measured = said if plan is None else said - plan.log_odds[0]
    planned = np.zeros(len(said)) if plan is None else turned @ (plan.favours_backward - 1 / TURNED_BOUT_S)
    explained = np.einsum("hns,hns->hn", probability, measured) @ ~_edges(turned)
    moving_s = backward.shape[1] - probability[:, :, 0].sum(axis=1)
    return Tally(fit, explained, backward.sum(axis=1), moving_s, planned, np.asarray(turned.any(axis=1)))


def log_weights(evidence: Sequence[Evidence], came_to: Tally) -> FloatArray:
    """(readings,) log weight of each of `choices`, of what it came to."""
    priors = np.zeros(1)
    for item in evidence:
        priors = np.add.outer(priors, item.priors).ravel()
    if not any(item.key.startswith("motion_") and len(item.log_odds) > 1 for item in evidence):
        return priors + came_to.fit
    once = np.minimum(came_to.planned, BACKWARD_COST_NATS + OBEYED_NATS) - BACKWARD_COST_NATS
    share = came_to.backward_s / np.maximum(came_to.moving_s, 1e-9)
    mostly = np.array([_mostly(one) for one in share.tolist()])
    weights: FloatArray = priors + came_to.explained + np.where(came_to.turned, once, 0.0) - mostly
    return weights


def _edges(turned: BoolArray) -> BoolArray:
    """(n,) seconds that in any of the readings (readings, n) are so near to a change that they say nothing."""
    change = np.zeros(turned.shape[1] + 2 * EDGE_S + 1, bool)
    for after in (np.flatnonzero((turned[:, 1:] != turned[:, :-1]).any(axis=0)) + 1).tolist():
        change[after : after + 2 * EDGE_S + 1] = True
    return change[EDGE_S : EDGE_S + turned.shape[1]]


def _mostly(share: float) -> float:
    """What being backward most of the time costs [nats].

    >>> round(_mostly(0.3), 2), round(_mostly(0.6), 2), _mostly(1.0)
    (0.0, 2.03, 4.0)
    """
    odds = max(share, 1e-9) / max(1 - share, 1e-9)
    return float(np.clip(MOSTLY_FORWARD * np.log(odds), 0.0, MOST_FORWARD_NATS))

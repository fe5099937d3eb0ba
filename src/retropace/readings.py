"""Readings: which of several readings of the evidence is true, once each has been thought through to its end.

A compass of unknown angle reads two ways; somebody's thigh may move the other way round than most. The likelihood of a
whole chain would make that a matter of bouts: each bout backward costs anew, so that with six of them nearly any other
reading is cheaper, and a plan that asks for six pays six times, although who disobeys once disobeys throughout. So
readings of raw motion are weighed by the session: how well each explains what was seen away from the edges, what going
backward at all costs, once, and what a plan may say, once.
"""

from collections.abc import Sequence

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

Choice = Sequence[int]
#: (n, 7) probability of each state in each second, and the log-likelihood of all.
Outcome = tuple[FloatArray, float]


def log_weights(evidence: Sequence[Evidence], chosen: Sequence[Choice], outcomes: Sequence[Outcome]) -> FloatArray:
    """(readings,) log weight of each choice of readings, of the outcome it has."""
    priors = [sum(item.readings[k][1] for item, k in zip(evidence, choice, strict=True)) for choice in chosen]
    if not any(item.key.startswith("motion_") and len(item.log_odds) > 1 for item in evidence):
        return np.array(priors) + [fit for _, fit in outcomes]
    backward = [probability[:, BACKWARD].sum(axis=1) > 0.5 for probability, _ in outcomes]
    clear = ~np.any([_edges(turned) for turned in backward], axis=0)
    fits = [
        _explained(evidence, choice, probability, clear)
        for choice, (probability, _) in zip(chosen, outcomes, strict=True)
    ]
    shares = [_share(probability) for probability, _ in outcomes]
    once = [_once(evidence, turned) - _mostly(share) for turned, share in zip(backward, shares, strict=True)]
    return np.array(priors) + fits + once


def _edges(turned: BoolArray) -> BoolArray:
    """(n,) seconds so near to a change that they say nothing."""
    change = np.diff(turned.astype(float), prepend=float(turned[0]) if turned.size else 0.0) != 0
    near = np.convolve(change, np.ones(2 * EDGE_S + 1), "same")[: turned.size] > 0
    return np.asarray(near)


def _explained(evidence: Sequence[Evidence], choice: Choice, probability: FloatArray, clear: BoolArray) -> float:
    """What the clear seconds say for the states that this reading finds in them [nats]; the plan is heard by itself."""
    seen = (item.log_odds[k] for item, k in zip(evidence, choice, strict=True) if item.key != "plan")
    return float(sum(np.vdot(probability[clear], layer[clear]) for layer in seen))


def _share(probability: FloatArray) -> float:
    """Share of the moving time that is gone backward."""
    return float(probability[:, BACKWARD].sum() / max(probability[:, 1:].sum(), 1e-9))


def _mostly(share: float) -> float:
    """What being backward most of the time costs [nats].

    >>> round(_mostly(0.3), 2), round(_mostly(0.6), 2), _mostly(1.0)
    (0.0, 2.03, 4.0)
    """
    odds = max(share, 1e-9) / max(1 - share, 1e-9)
    return float(np.clip(MOSTLY_FORWARD * np.log(odds), 0.0, MOST_FORWARD_NATS))


def _once(evidence: Sequence[Evidence], turned: BoolArray) -> float:
    """What going backward costs in a session, and what a plan may pay of it [nats]."""
    if not turned.any():
        return 0.0
    plans = [item.favours_backward for item in evidence if item.key == "plan"]
    said = sum(float((nats - 1 / TURNED_BOUT_S)[turned].sum()) for nats in plans)
    return min(said, BACKWARD_COST_NATS + OBEYED_NATS) - BACKWARD_COST_NATS

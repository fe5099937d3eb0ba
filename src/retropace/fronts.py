"""Fronts: where a person's front lies on the axes of a device that nobody knows how it sits on them.

Travel lies along one axis as long as the device is not moved on the body. That axis is found by its mean; which of its ends
is the front is left open, as readings of the same evidence.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import IntArray
from retropace.witness import BACKWARD, FORWARD, HEADING_OUTLIERS, SIDEWAYS, STATES

#: Less than this, all in all, is not heard at all: nats, or sums of concentrations.
LEAST_SAID = 1.0
#: An axis of travel directions clearer than this is one: mean of the doubled angles, 0 to 1.
LEAST_AXIS = 0.3
#: Two wearings whose axes of travel lie nearer than this are alike; how rarely such a one is the other way round [nats].
SAME_AXIS_RAD, TURNED_NATS = np.deg2rad(25.0), -2.3


def fronts(
    angle: FloatArray, kappa: FloatArray, worn: IntArray, most: int
) -> tuple[list[tuple[FloatArray, float]], FloatArray]:
    """Where the front may lie (m,) on the device's axes with its log prior, and how sharply travel is known then.

    `most` readings at most. A wearing whose axis lies where another's did was hardly put on anew, and if so, not often the
    other way round.
    """
    front, sharp = np.full(angle.size, np.nan), kappa.copy()
    wearing = heard_most(worn, kappa, most)
    axes: list[float] = []
    for kind in wearing:
        rows = worn == kind
        axis, sharpness = _axis(angle[rows], kappa[rows])
        front[rows], sharp[rows] = nearer_end(axis, axes[0] if axes else axis), np.minimum(kappa[rows], sharpness)
        axes.append(float(front[rows][0]))
    alike = [abs(axis - axes[0]) < SAME_AXIS_RAD for axis in axes[1:]]
    found = []
    for ends in product((0.0, np.pi), repeat=len(wearing)):
        prior = sum(turned_nats(same_end=end == ends[0]) for end, same in zip(ends[1:], alike, strict=True) if same)
        found.append((front + by_wearing(worn, wearing, ends), prior))
    return found, sharp


def nearer_end(axis: float, to: float) -> float:
    """The end of `axis` [rad] that lies nearer to the direction `to`."""
    return to + float(np.mod(axis - to + np.pi / 2, np.pi) - np.pi / 2)


def turned_nats(*, same_end: bool) -> float:
    """Log prior that a sensor put on anew along the same axis has its front at the same end, or at the other."""
    return float(-np.log1p(np.exp(TURNED_NATS))) + (0.0 if same_end else TURNED_NATS)


def heard_most(worn: IntArray, weight: FloatArray, most: int) -> list[int]:
    """The wearings in which most was heard, as many as give `most` readings at most with two ends each."""
    heard = np.bincount(worn[worn >= 0], weight[worn >= 0])
    kinds = [int(kind) for kind in np.argsort(-heard) if heard[kind] >= LEAST_SAID]
    return kinds[: max(most, 1).bit_length() - 1]


def by_wearing(worn: IntArray, wearing: Sequence[int], values: Sequence[float]) -> FloatArray:
    """(m,) the value of each row's wearing, NaN in those that are not heard."""
    found = np.full(worn.size, np.nan)
    for kind, value in zip(wearing, values, strict=True):
        found[worn == kind] = value
    return found


def _axis(angle: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """Where the axis of all `angle` (k,) lies, and how sharply they lie on it, as a concentration; 0 where on none."""
    total = float(weight.sum())
    mean = complex(np.sum(weight * np.exp(2j * np.nan_to_num(angle)))) / max(total, 1e-12)
    clear = min(abs(mean), 0.999)
    if clear < LEAST_AXIS:
        return 0.0, 0.0
    return float(np.angle(mean)) / 2, 2.0 / max(-np.log(clear), 1e-3)  # doubled angles spread twice as far


def angle_layer(apart: FloatArray, kappa: FloatArray, share: float) -> FloatArray:
    """(n, 7) of the angle between travel and the front: 0 forward, half a turn backward, a quarter sideways."""
    known = np.isfinite(apart) & (np.nan_to_num(kappa) > 0)
    angle, sharp = np.where(known, apart, 0.0), np.where(known, kappa, 0.0)

    def likelihood(centre: float) -> FloatArray:
        peak = np.exp(sharp * (np.cos(angle - centre) - 1)) / _scaled_i0(sharp)
        nats: FloatArray = np.log((1 - HEADING_OUTLIERS) * peak + HEADING_OUTLIERS)
        return nats

    layer = np.zeros((apart.size, len(STATES)))
    either = np.logaddexp(likelihood(np.pi / 2), likelihood(-np.pi / 2)) - np.log(2.0)
    for columns, nats in ((FORWARD, likelihood(0.0)), (BACKWARD, likelihood(np.pi)), (SIDEWAYS, either)):
        layer[:, columns] = np.where(known, share * nats, 0.0)[:, None]
    return layer


def _scaled_i0(kappa: FloatArray) -> FloatArray:
    """exp(-kappa) I0(kappa), which stays finite."""
    bounded = np.minimum(kappa, 500.0)
    scaled: FloatArray = np.exp(-bounded) * np.i0(bounded)
    return scaled

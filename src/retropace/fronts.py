"""Fronts: where a person's front lies on the axes of a device that nobody knows how it sits on them.

Travel lies along one axis as long as the device is not moved on the body. That axis is found by its mean; which of its ends
is the front is left open, as readings of the same evidence.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import BoolArray, IntArray
from retropace.witness import FORWARD, HEADING_OUTLIERS, STATES

#: Less than this, all in all, is not heard at all: nats, or sums of concentrations.
LEAST_SAID = 1.0
#: An axis of travel directions clearer than this is one: mean of the doubled angles, 0 to 1.
LEAST_AXIS = 0.3
#: The end of an axis that is tried first is where these first seconds went [s].
BEGINNING_S = 15
#: Two wearings whose axes of travel lie nearer than this are alike; how rarely such a one is the other way round [nats].
SAME_AXIS_RAD, TURNED_NATS = np.deg2rad(25.0), -2.3


@dataclass(frozen=True, slots=True)
class Axes:
    """Where the front lies on the device's axes in each of the wearings `wearing`, and how sharply they are known.

    What may be otherwise: each of `ends` says of each wearing whether its front lies at the other end, with the log prior.
    """

    wearing: tuple[int, ...]
    front_rad: tuple[float, ...]
    sharpness: tuple[float, ...]
    ends: tuple[tuple[tuple[bool, ...], float], ...]

    def on(self, worn: IntArray, kappa: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The front (m,) [rad] of rows in the wearings `worn` (m,), NaN in those not heard, and `kappa` (m,) no sharper."""
        front, sharp = np.full(worn.size, np.nan), kappa.copy()
        for kind, towards, sharpness in zip(self.wearing, self.front_rad, self.sharpness, strict=True):
            rows = worn == kind
            front[rows], sharp[rows] = towards, np.minimum(kappa[rows], sharpness)
        return front, sharp

    def at_other_end(self, worn: IntArray) -> list[BoolArray]:
        """(m,) rows whose front lies at the other end, of each of `ends`."""
        return [at_other_end(worn, self.wearing, turned) for turned, _ in self.ends]


def fronts(angle: FloatArray, kappa: FloatArray, worn: IntArray, most: int) -> Axes:
    """The fronts of travel along `angle` (m,), `most` readings at most.

    A wearing whose axis lies where another's did was hardly put on anew, and if so, not often the other way round.
    """
    wearing = heard_most(worn, kappa, most)
    axes: list[float] = []
    sharpnesses: list[float] = []
    for kind in wearing:
        rows = worn == kind
        axis, sharpness = _axis(angle[rows], kappa[rows])
        towards = axes[0] if axes else _beginning(angle[rows], kappa[rows], axis)
        axes.append(nearer_end(axis, towards))
        sharpnesses.append(sharpness)
    alike = [abs(axis - axes[0]) < SAME_AXIS_RAD for axis in axes[1:]]
    ends = []
    for turned in product((False, True), repeat=len(wearing)):
        beside = zip(turned[1:], alike, strict=True)
        prior = sum(turned_nats(same_end=other == turned[0]) for other, same in beside if same)
        ends.append((turned, float(prior)))
    return Axes(tuple(wearing), tuple(axes), tuple(sharpnesses), tuple(ends))


def at_other_end(worn: IntArray, wearing: Sequence[int], turned: Sequence[bool]) -> BoolArray:
    """(m,) rows of the wearings that are turned."""
    return in_any(worn, [kind for kind, other in zip(wearing, turned, strict=True) if other])


def in_any(worn: IntArray, wearings: Sequence[int]) -> BoolArray:
    """(m,) rows of any of a few `wearings`: the library's search is for many."""
    rows = np.zeros(worn.shape, bool)
    for kind in wearings:
        rows |= worn == kind
    return rows


def _beginning(angle: FloatArray, kappa: FloatArray, axis: float) -> float:
    """Which way most of the first seconds went along `axis`, so that its ends keep their names while more is heard."""
    first = np.flatnonzero(kappa > 0)[:BEGINNING_S]
    along = float(np.sum(kappa[first] * np.cos(angle[first] - axis)))
    return axis if along >= 0 else axis + np.pi


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


def _axis(angle: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """Where the axis of all `angle` (k,) lies, and how sharply they lie on it, as a concentration; 0 where on none."""
    total = float(weight.sum())
    mean = complex(np.sum(weight * np.exp(2j * np.nan_to_num(angle)))) / max(total, 1e-12)
    clear = min(abs(mean), 0.999)
    if clear < LEAST_AXIS:
        return 0.0, 0.0
    return float(np.angle(mean)) / 2, 2.0 / max(-np.log(clear), 1e-3)  # doubled angles spread twice as far


def angle_ways(apart: FloatArray, kappa: FloatArray, share: float) -> FloatArray:
    """(3, n) nats for forward, backward and sideways, of travel `apart` from the front: 0, half a turn, a quarter."""
    ways = np.zeros((3, apart.size))
    known = np.flatnonzero(np.isfinite(apart) & (kappa > 0))
    if not known.size:
        return ways
    sharp, along, across = kappa[known], np.cos(apart[known]), np.sin(apart[known])
    size = (1 - HEADING_OUTLIERS) / _scaled_i0(sharp)
    peaks = np.exp(sharp * (np.stack([along, -along, across, -across]) - 1)) * size + HEADING_OUTLIERS
    peaks[2] = (peaks[2] + peaks[3]) / 2
    ways[:, known] = share * np.log(peaks[:3])
    return ways


def turned_ways(ways: FloatArray, turned: BoolArray) -> FloatArray:
    """(..., 3, n) `ways` (3, n) with forward and backward changed about in the seconds `turned` (..., n)."""
    return np.where(turned[..., None, :], ways[[1, 0, 2]], ways)


def layer_of(ways: FloatArray) -> FloatArray:
    """(..., n, 7) log-odds of (..., 3, n) nats for forward, backward and sideways, the same in every gait."""
    by_state = np.zeros((*ways.shape[:-2], len(STATES), ways.shape[-1]))
    for gait in FORWARD:
        by_state[..., gait::2, :] = ways
    return by_state.swapaxes(-1, -2)


def _scaled_i0(kappa: FloatArray) -> FloatArray:
    """exp(-kappa) I0(kappa): the mean of exp(kappa (cos - 1)) over a circle, at so many points that no more change it.

    >>> float(_scaled_i0(np.array([1.0]))[0].round(9))
    0.465759608
    """
    bounded = np.minimum(kappa, 500.0)
    half = math.ceil(math.sqrt(18 * float(bounded.max())) + 4)
    weight = np.full(half + 1, 1 / half)
    weight[[0, -1]] /= 2
    around = np.exp(np.multiply.outer(bounded, np.cos(np.pi * np.arange(half + 1) / half) - 1))
    return np.asarray(around @ weight)

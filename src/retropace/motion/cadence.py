"""Cadence: how often somebody stepped, second by second, from what was heard around each: gaps filled, slips mended.

A look judges a second by what lies within the halo. Where packets were lost, a foot turned or a hand did something else, it
finds no stride, or one of twice or two thirds the length; the seconds around know better. Nothing here is odd in time.
"""

import numpy as np

from retropace.motion.heard import Heard
from retropace.recording import FloatArray
from retropace.signals import BoolArray, IntArray

#: How far around a second its neighbours are asked [s], and how many of them must step.
AROUND_S, FEWEST = 4, 2
#: A second that differs from those around it by more than this share has slipped.
SLIPPED = 0.15
#: A second without a stride still steps if it moves at least this hard, as a share of those around that step.
AS_HARD = 0.5


def steady_hz(heard: Heard) -> FloatArray:
    """(m,) steps of both feet per second; 0 where nothing steps."""
    if not len(heard):
        return np.empty(0)
    found, row = heard["step_hz"], _neighbours(heard)
    usual = _median(_of(found, row), _of(heard["step_trust"], row))
    with np.errstate(invalid="ignore", divide="ignore"):
        agrees: BoolArray = np.abs(np.log(found / usual)) <= SLIPPED
    filled = np.isfinite(usual) & _as_hard(heard, row)
    return np.where(agrees, found, np.where(filled, usual, 0.0))


def steps_taken(heard: Heard) -> FloatArray:
    """(m,) steps of both feet taken in each second.

    The first and the last second of a walk, and those beside it, count as far as they move.
    """
    hz = steady_hz(heard)
    if not hz.size:
        return hz
    beside = np.nan_to_num(_of(hz, _neighbours(heard))[:, AROUND_S - 1 : AROUND_S + 2])
    amid = np.all(beside > 0, axis=1)
    return np.where(amid, hz, beside.max(axis=1) * heard["step_share"])


def _neighbours(heard: Heard) -> IntArray:
    """(m, 2 AROUND_S + 1) rows of the seconds around each in the same piece, -1 where there are none."""
    number = np.arange(len(heard))
    row = number[:, None] + np.arange(-AROUND_S, AROUND_S + 1)
    inside = np.clip(row, 0, len(heard) - 1)
    same = (row == inside) & (heard.piece[inside] == heard.piece[:, None])
    return np.where(same, inside, -1)


def _of(values: FloatArray, row: IntArray) -> FloatArray:
    return np.append(values, np.nan)[row]


def _median(values: FloatArray, weight: FloatArray) -> FloatArray:
    """Of each row (m, k) the value with half the weight on either side; NaN where fewer than `FEWEST` are finite."""
    known = np.isfinite(values)
    order = np.argsort(np.where(known, values, np.inf), axis=1)
    below = np.cumsum(np.take_along_axis(np.where(known, weight, 0.0), order, axis=1), axis=1)
    half = np.argmax(below >= 0.5 * below[:, -1:], axis=1)
    number = np.arange(values.shape[0])
    return np.where(known.sum(axis=1) >= FEWEST, values[number, order[number, half]], np.nan)


def _as_hard(heard: Heard, row: IntArray) -> BoolArray:
    """Whether each second moves about as hard as those around it that step."""
    hard = np.hypot(heard["step_vertical_rms"], heard["step_level_rms"])
    stepping = np.where(np.isfinite(heard["step_hz"]), hard, np.nan)
    with np.errstate(invalid="ignore"):
        return np.asarray(hard >= AS_HARD * _median(_of(stepping, row), np.ones(row.shape)))

"""Heading: which way the device points, how fast it turns, how it hangs; whoever wears it may turn the other way round.

None of this says anything of direction by itself. The session model lays it beside a course over ground, and sees from it
when the device was taken out or put on anew. Under time reversal the rate of turn changes its sign, all else stays.
"""

import numpy as np

from retropace.motion.frame import WINDOW_S, Frame, around, halves, stretch
from retropace.motion.heard import Columns
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray

#: Least share of a second's window that must really have been felt.
LEAST_KNOWN = 0.5
#: How the device hung is the mean over this many seconds before and after a second.
HUNG_S = 2


def look(frame: Frame) -> Columns:
    """What `turn_` columns say of each second, NaN where too little was felt.

    `turn_heading_rad` is the device's heading on the level axes, anticlockwise and unwrapped, mean over the window;
    `turn_rate_radps` the mean rate of turn about the vertical in the second; `turn_north_rad` where magnetic north lies;
    `turn_up_x`, `_y`, `_z` which way is up on the sensor's own axes; `turn_tilt_rad` the angle by which that changes from
    the `HUNG_S` seconds before to those after. A device in a pocket keeps its tilt but for its swing, which the means
    take out.
    """
    felt, upward = frame.felt, _where_felt(frame, frame.up.T)
    often = around(felt)
    with np.errstate(invalid="ignore", divide="ignore"):
        up_x, up_y, up_z = around(upward) / often
        heading = around(_where_felt(frame, frame.heading_rad)) / often
    columns = {
        "turn_heading_rad": heading,
        "turn_rate_radps": _rate(frame),
        "turn_north_rad": _north(frame, felt, often),
        "turn_up_x": up_x,
        "turn_up_y": up_y,
        "turn_up_z": up_z,
        "turn_tilt_rad": _tilt(upward, felt),
    }
    if not frame.turns:
        columns["turn_heading_rad"] = columns["turn_rate_radps"] = np.full(frame.count, np.nan)
    unfelt = often < LEAST_KNOWN * WINDOW_S * int(RATE_HZ)
    return {name: np.where(unfelt, np.nan, values) for name, values in columns.items()}


def _where_felt(frame: Frame, values: FloatArray) -> FloatArray:
    """`halves` of `values` (..., N) where motion was felt."""
    return halves(values if frame.whole else values * frame.known)


def _rate(frame: Frame) -> FloatArray:
    return stretch(halves(frame.rotation_radps[:, 2]), 0, 2) / RATE_HZ


def _north(frame: Frame, felt: FloatArray, often: FloatArray) -> FloatArray:
    """(count,) mean direction of north, NaN where the magnetometer was not believed for half of the window."""
    north_rad = frame.north_rad[:: int(RATE_HZ) // 2]  # one value holds for a whole second
    told = np.isfinite(north_rad)
    if not told.any():
        return np.full(frame.count, np.nan)
    angle, weight = np.where(told, north_rad, 0.0), felt * told
    east, north, share = around(np.array([np.cos(angle) * weight, np.sin(angle) * weight, weight]))
    return np.where(share >= LEAST_KNOWN * often, np.arctan2(north, east), np.nan)


def _tilt(upward: FloatArray, felt: FloatArray) -> FloatArray:
    """(count,) angle [rad] between the mean upward direction of the `HUNG_S` seconds before each second and after it.

    Both come as sums over half seconds: `upward` (3, h) where it was felt, `felt` (h,) how often that was.
    """
    before, after = (stretch(upward, first, 2 * HUNG_S) for first in (-2 * HUNG_S, 2))
    often = np.minimum(*(stretch(felt, first, 2 * HUNG_S) for first in (-2 * HUNG_S, 2)))
    lengths = np.sqrt((before**2).sum(axis=0) * (after**2).sum(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = (before * after).sum(axis=0) / lengths
    enough = often >= LEAST_KNOWN * HUNG_S * int(RATE_HZ)
    return np.where(enough, np.arccos(np.clip(cosine, -1.0, 1.0)), np.nan)

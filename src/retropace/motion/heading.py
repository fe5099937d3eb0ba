"""Heading: which way the device points, how fast it turns, how it hangs; whoever wears it may turn the other way round.

None of this says anything of direction by itself. The session model lays it beside a course over ground, and sees from it
when the device was taken out or put on anew. Under time reversal the rate of turn changes its sign, all else stays.
"""

import numpy as np

from retropace.motion.frame import HALO_S, Frame, windows
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
    known = windows(frame.known[:, None].astype(float), int(RATE_HZ), frame.count)[:, 0]
    unfelt = frame.share_known < LEAST_KNOWN
    up = _mean(frame.up, known, frame.count)
    columns = {
        "turn_heading_rad": _mean(frame.heading_rad[:, None], known, frame.count)[:, 0],
        "turn_rate_radps": _rate(frame),
        "turn_north_rad": _north(frame, known),
        "turn_up_x": up[:, 0],
        "turn_up_y": up[:, 1],
        "turn_up_z": up[:, 2],
        "turn_tilt_rad": _tilt(frame),
    }
    if not frame.turns:
        columns["turn_heading_rad"] = columns["turn_rate_radps"] = np.full(frame.count, np.nan)
    return {name: np.where(unfelt, np.nan, values) for name, values in columns.items()}


def _mean(values: FloatArray, known: FloatArray, count: int) -> FloatArray:
    """(count, k) mean over each second's window of what was felt of `values` (N, k), NaN where nothing was."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: FloatArray = np.einsum("cks,cs->ck", windows(values, int(RATE_HZ), count), known) / known.sum(1)[:, None]
    return mean


def _rate(frame: Frame) -> FloatArray:
    inside = frame.rotation_radps[HALO_S * int(RATE_HZ) : -HALO_S * int(RATE_HZ), 2]
    mean: FloatArray = inside.reshape(frame.count, int(RATE_HZ)).mean(axis=1)
    return mean


def _north(frame: Frame, known: FloatArray) -> FloatArray:
    """(count,) mean direction of north, NaN where the magnetometer was not believed for half of the window."""
    told = np.isfinite(frame.north_rad)
    if not told.any():
        return np.full(frame.count, np.nan)
    angle = np.where(told, frame.north_rad, 0.0)
    parts = np.stack([np.cos(angle) * told, np.sin(angle) * told, told.astype(float)], axis=1)
    east, north, share = _mean(parts, known, frame.count).T
    return np.where(share >= LEAST_KNOWN, np.arctan2(north, east), np.nan)


def _tilt(frame: Frame) -> FloatArray:
    """(count,) angle [rad] between the mean upward direction of the `HUNG_S` seconds before each second and after it."""
    rate = int(RATE_HZ)
    felt = np.concatenate([frame.up * frame.known[:, None], frame.known[:, None]], axis=1)
    total = np.concatenate([np.zeros((1, 4)), np.cumsum(felt, axis=0)])
    starts = HALO_S * rate + np.arange(frame.count) * rate
    before, after = (total[at + HUNG_S * rate] - total[at] for at in (starts - HUNG_S * rate, starts + rate))
    lengths = np.linalg.norm(before[:, :3], axis=1) * np.linalg.norm(after[:, :3], axis=1)
    enough = np.minimum(before[:, 3], after[:, 3]) >= LEAST_KNOWN * HUNG_S * rate
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.einsum("ck,ck->c", before[:, :3], after[:, :3]) / lengths
    return np.where(enough, np.arccos(np.clip(cosine, -1.0, 1.0)), np.nan)

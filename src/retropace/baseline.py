"""Baseline: how one person runs forward, learned from their own forward recordings."""

from collections.abc import Sequence

import numpy as np

from retropace.errors import OutOfRange
from retropace.person import ForwardBaseline
from retropace.recording import FloatArray
from retropace.signals import BoolArray, Grid
from retropace.witness import CADENCE_MEMORY_S, HEART_RATE_MEMORY_S, LEAST_BASELINE_MIN, level_running, steady

#: No baseline is more certain of one's cadence [steps/min] or heart rate [/min] than this; days differ. Our choice.
LEAST_CADENCE_SD_SPM, LEAST_HEART_RATE_SD_BPM = 3.0, 5.0


def forward_baseline(grids: Sequence[Grid]) -> ForwardBaseline:
    """Cadence and heart rate over speed, fitted on all level forward running in `grids`.

    Each point is the mean of one memory length (10 s cadence, 60 s heart rate). Raises OutOfRange with less than
    `LEAST_BASELINE_MIN` minutes, because a witness would not use it.
    """
    running = [level_running(grid, 1.5, 6.5) for grid in grids]
    minutes = sum(int(r.sum()) for r in running) / 60
    if minutes < LEAST_BASELINE_MIN:
        remedy = "Add more recordings of ordinary forward runs."
        what = f"Only {minutes:.0f} minutes of level forward running found, {LEAST_BASELINE_MIN:.0f} are needed"
        raise OutOfRange(what, remedy=remedy)
    pairs = list(zip(grids, running, strict=True))
    cadence = _fitted([_means(g.speed_mps, g.cadence_spm, use, CADENCE_MEMORY_S) for g, use in pairs])
    heart = _fitted([_means(g.speed_mps, g.heart_rate_bpm, use & steady(g), HEART_RATE_MEMORY_S) for g, use in pairs])
    speed = np.concatenate([grid.speed_mps[use] for grid, use in pairs])
    low, high = np.percentile(speed, [2, 98])
    return ForwardBaseline(
        minutes=round(minutes, 1),
        cadence_spm_at_3=cadence and cadence[0],
        cadence_slope=cadence and cadence[1],
        cadence_sd_spm=cadence and max(cadence[2], LEAST_CADENCE_SD_SPM),
        heart_rate_bpm_at_3=heart and heart[0],
        heart_rate_slope=heart and heart[1],
        heart_rate_sd_bpm=heart and max(heart[2], LEAST_HEART_RATE_SD_BPM),
        speed_low_mps=round(float(low), 2),
        speed_high_mps=round(float(high), 2),
    )


def _means(speed: FloatArray, values: FloatArray, use: BoolArray, length_s: float) -> FloatArray:
    """(m, 2) mean speed and value of every full block of `length_s` usable seconds."""
    usable = use & np.isfinite(speed) & np.isfinite(values)
    length = int(length_s)
    count = usable.sum() // length * length
    if not count:
        return np.empty((0, 2))
    columns = np.stack([speed[usable][:count], values[usable][:count]], axis=1)
    blocks: FloatArray = columns.reshape(-1, length, 2).mean(axis=1)
    return blocks


def _fitted(parts: Sequence[FloatArray]) -> tuple[float, float, float] | None:
    """Value at 3 m/s, slope and residual sd of a straight line; a flat line where speed hardly varied; None with too few."""
    points = np.concatenate(parts)
    if len(points) < 10:
        return None
    speed, values = points[:, 0] - 3.0, points[:, 1]
    slope, at_3 = np.polyfit(speed, values, 1) if speed.std() > 0.1 else (0.0, float(values.mean()))
    spread = float(np.std(values - at_3 - slope * speed))
    return round(float(at_3), 2), round(float(slope), 3), round(spread, 2)

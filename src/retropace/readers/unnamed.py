"""Unnamed: what the columns of a table without a header hold, where physics leaves no doubt.

The first column is the time, or a rate is named above the numbers. Then come sensors, three columns each: the only one that
shows gravity is the accelerometer, the only one that averages out is the gyroscope.
"""

import numpy as np

from retropace.readers.column_map import Columns
from retropace.readers.felt import force_unit, turning_unit, windows
from retropace.readers.units import factor
from retropace.recording import MOTION_CHANNELS, FloatArray

#: Rotation averages out: this much of its root mean square is left at most. A magnetic field does not.
_LARGEST_MEAN = 0.35
_FEWEST_ROWS = 50


def unnamed(cells: FloatArray, moments_s: FloatArray | None, rate_hz: float | None) -> Columns | None:
    """A map of `cells` (n, k), None where it stays in doubt.

    `moments_s` (n,) is the first column as time, None where it is none; then `rate_hz` has to be known.
    """
    count = len(cells)
    timed = moments_s is not None
    clock = moments_s if moments_s is not None else np.arange(count) / rate_hz if rate_hz else None
    if clock is None or count < _FEWEST_ROWS:
        return None
    begin = 1 if timed or _counts(cells[:, 0]) else 0
    triples = [cells[:, at : at + 3].T for at in range(begin, cells.shape[1] - 2, 3)]
    force = _force(triples, clock)
    if force is None:
        return None
    channels = _named("accelerometer", begin + 3 * force[0], force[1])
    turns = _turns(triples, force, clock)
    if turns is not None:
        channels |= _named("gyroscope", begin + 3 * turns[0], turns[1])
    elif len(triples) == 2:
        return None
    return Columns(channels, "#1" if timed else None, "", rate_hz)


def _counts(values: FloatArray) -> bool:
    return bool(np.median(np.diff(values)) == 1)


def is_counter(values: FloatArray) -> bool:
    """Whether a first column only numbers the rows.

    >>> is_counter(np.arange(5.0)), is_counter(np.arange(5.0) * 10)
    (True, False)
    """
    return values.size > 1 and bool(abs(values[0]) <= 1 and np.all(np.diff(values) == 1))


def _force(triples: list[FloatArray], clock_s: FloatArray) -> tuple[int, str] | None:
    """Which of the sensors shows gravity, and its unit; None where not exactly one does."""
    parts = windows(clock_s)
    found = [(number, unit) for number, axes in enumerate(triples) if (unit := force_unit(axes, parts))]
    return found[0] if len(found) == 1 else None


def _turns(triples: list[FloatArray], force: tuple[int, str], clock_s: FloatArray) -> tuple[int, str] | None:
    """Which of the other sensors averages out, and its unit; None where not exactly one does."""
    scale = factor("acceleration_x_mps2", force[1]) or 1.0
    felt, parts = triples[force[0]] * scale, windows(clock_s)
    quiet = [number for number, axes in enumerate(triples) if number != force[0] and _averages_out(axes)]
    unit = turning_unit(triples[quiet[0]], felt, parts) if len(quiet) == 1 else None
    return None if unit is None else (quiet[0], unit)


def _averages_out(axes: FloatArray) -> bool:
    known = axes[:, np.all(np.isfinite(axes), axis=0)]
    size = float(np.sqrt(np.mean(np.sum(known**2, axis=0)))) if known.size else 0.0
    return size > 0 and float(np.linalg.norm(known.mean(axis=1))) < _LARGEST_MEAN * size


def _named(stream: str, begin: int, unit: str) -> dict[str, tuple[str, str]]:
    return {key: (f"#{begin + axis + 1}", unit) for axis, key in enumerate(MOTION_CHANNELS[stream])}

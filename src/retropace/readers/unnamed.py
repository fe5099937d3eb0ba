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
#: The accelerometer is one of the first three sensors; farther on, columns that are no threes may have shifted everything.
_LAST_FORCE = 2
#: With more threes than this there are several places on a body, or other things than sensors.
_ONE_BODY = 4
#: The size of what a moving accelerometer feels changes by more than this share; of a field or of gravity itself by this
#: share of the accelerometer's at most.
_LEAST_LIVELY, _MUCH_LESS = 0.03, 0.35


def unnamed(
    cells: FloatArray, timed_by: int | None, moments_s: FloatArray, rate_hz: float | None, hint: str | None = None
) -> Columns | None:
    """A map of `cells` (n, k), NaN where they are no numbers; None where it stays in doubt.

    Column `timed_by` tells the time, or a rate does; `moments_s` (n,) is that time. `hint` is the sensor that the file's
    name speaks of: the only three columns of a gyroscope are known by nothing else.
    """
    if len(cells) < _FEWEST_ROWS:
        return None
    begin = _begin(cells) if timed_by is None else timed_by + 1
    triples = [cells[:, at : at + 3].T for at in range(begin, cells.shape[1] - 2, 3)]
    force = _force(triples, moments_s)
    time_column = None if timed_by is None else f"#{timed_by + 1}"
    if force is None:
        channels = _alone(triples, moments_s, begin) if hint == "gyroscope" else {}
        return Columns(channels, time_column, "", rate_hz) if channels else None
    channels = _named("accelerometer", begin + 3 * force[0], force[1])
    turns = _turns(triples, force, moments_s)
    if turns is not None:
        channels |= _named("gyroscope", begin + 3 * turns[0], turns[1])
    elif len(triples) == 2:
        return None
    return Columns(channels, time_column, "", rate_hz, others=force[2])


def _begin(cells: FloatArray) -> int:
    """The first column that holds a sensor: words and what numbers the rows stand before."""
    known = [column for column in range(cells.shape[1]) if np.isfinite(cells[:, column]).any()]
    first = known[0] if known else 0
    return first + 1 if known and _counts(cells[:, first]) else first


def _alone(triples: list[FloatArray], clock_s: FloatArray, begin: int) -> dict[str, tuple[str, str]]:
    """The channels of a gyroscope that is all there is."""
    unit = turning_unit(triples[0], None, windows(clock_s)) if len(triples) == 1 else None
    return _named("gyroscope", begin, unit) if unit and _averages_out(triples[0]) else {}


def _counts(values: FloatArray) -> bool:
    return bool(np.median(np.diff(values)) == 1)


def is_counter(values: FloatArray) -> bool:
    """Whether a first column only numbers the rows.

    >>> is_counter(np.arange(5.0)), is_counter(np.arange(5.0) * 10)
    (True, False)
    """
    return values.size > 1 and bool(abs(values[0]) <= 1 and np.all(np.diff(values) == 1))


def _force(triples: list[FloatArray], clock_s: FloatArray) -> tuple[int, str, int] | None:
    """Which of the sensors is the accelerometer, its unit, and how many others may be one too; None where in doubt.

    A magnetic field may look like gravity by its size, and gravity itself may stand beside: neither changes its size as
    an accelerometer's readings do.
    """
    parts = windows(clock_s)
    found = [(number, unit) for number, axes in enumerate(triples) if (unit := force_unit(axes, parts))]
    if len(triples) == 1:
        return (*found[0], 0) if found else None
    lively = [_liveliness(triples[number]) for number, _ in found]
    most = max(lively, default=0.0)
    felt = [one for one, size in zip(found, lively, strict=True) if size > max(_LEAST_LIVELY, _MUCH_LESS * most)]
    if felt and felt[0][0] > _LAST_FORCE:
        return None
    if len(felt) > 1:  # of several, or of what only looks so, the first that has its gyroscope at its side
        quiet = [number for number, axes in enumerate(triples) if _averages_out(axes)]
        with_turns = [one for one in felt if {one[0] - 1, one[0] + 1} & set(quiet)]
        near = with_turns and with_turns[0][0] - felt[0][0] <= 1  # or columns between are no threes, and all is shifted
        return (*with_turns[0], len(felt) - 1) if near else None
    return (*felt[0], 0) if felt else None


def _liveliness(axes: FloatArray) -> float:
    """How much the size of (3, n) readings changes against itself."""
    sizes = np.sqrt(np.sum(axes**2, axis=0))
    known = sizes[np.isfinite(sizes)]
    return float(np.std(known) / np.mean(known)) if known.size and np.mean(known) > 0 else 0.0


def _turns(triples: list[FloatArray], force: tuple[int, str, int], clock_s: FloatArray) -> tuple[int, str] | None:
    """Which of the other sensors averages out, and its unit; None where not exactly one does."""
    scale = factor("acceleration_x_mps2", force[1]) or 1.0
    felt, parts = triples[force[0]] * scale, windows(clock_s)
    quiet = [
        number
        for number, axes in enumerate(triples)
        if number != force[0] and _averages_out(axes) and not _lacks_only_gravity(axes, triples[force[0]])
    ]
    if len(quiet) > 1 or len(triples) > _ONE_BODY:  # others may average out, but nobody writes them between the two
        quiet = [number for number in quiet if abs(number - force[0]) == 1]
    unit = turning_unit(triples[quiet[0]], felt, parts) if len(quiet) == 1 else None
    return None if unit is None else (quiet[0], unit)


def _lacks_only_gravity(axes: FloatArray, felt: FloatArray) -> bool:
    """Whether (3, n) readings are those of the accelerometer without gravity: what is left keeps its size."""
    return _liveliness(felt - axes) < _LEAST_LIVELY


def _averages_out(axes: FloatArray) -> bool:
    known = axes[:, np.all(np.isfinite(axes), axis=0)]
    size = float(np.sqrt(np.mean(np.sum(known**2, axis=0)))) if known.size else 0.0
    return size > 0 and float(np.linalg.norm(known.mean(axis=1))) < _LARGEST_MEAN * size


def _named(stream: str, begin: int, unit: str) -> dict[str, tuple[str, str]]:
    return {key: (f"#{begin + axis + 1}", unit) for axis, key in enumerate(MOTION_CHANNELS[stream])}

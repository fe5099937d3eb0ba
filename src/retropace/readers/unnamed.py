"""Unnamed: what the columns of a table without a header hold, where physics leaves no doubt.

The first column is the time, or a rate is named above the numbers. Then come sensors, three columns each: the only one that
shows gravity is the accelerometer, the only one that averages out is the gyroscope.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.readers.column_map import ANY, Columns, Wish
from retropace.readers.felt import Windows, force_unit, turning_unit, windows
from retropace.readers.several import at_name
from retropace.readers.units import factor
from retropace.recording import MOTION_CHANNELS, UNNAMED, Chosen, FloatArray

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
#: Gravity is looked at in moments so long [s]; other columns are the accelerometer where theirs is off by less than this
#: share of what the first ones' is.
_MOMENT_S, _SURELY_BETTER = 0.25, 0.6
#: So many rows show it; more would take long.
_ENOUGH_ROWS = 60_000
#: Rest: the accelerometer shakes by less [m/s2], in so many moments at least; rotation is below this share of its usual.
_STILL_MPS2, _FEWEST_STILL, _REST_SHARE = 0.3, 4, 0.25
#: Readings of which so large a share repeat the one before are none of motion.
_LEAST_IDLE = 0.8


def unnamed(
    cells: FloatArray,
    timed_by: int | None,
    moments_s: FloatArray,
    rate_hz: float | None,
    hint: str | None = None,
    wish: Wish = ANY,
) -> Columns | None:
    """A map of `cells` (n, k), NaN where they are no numbers; None where it stays in doubt.

    Column `timed_by` tells the time, or a rate does; `moments_s` (n,) is that time. `hint` is the sensor that the file's
    name speaks of: the only three columns of a gyroscope are known by nothing else. Of several places it is the one of the
    `wish`, "column 12", else the first.
    """
    if len(cells) < _FEWEST_ROWS:
        return None
    begin = _begin(cells) if timed_by is None else timed_by + 1
    triples = [cells[:, at : at + 3].T for at in range(begin, cells.shape[1] - 2, 3)]
    forces = _forces(triples, moments_s)
    names = tuple(f"column {begin + 3 * number + 1}" for number, _ in forces.sure)
    force = forces.sure[at_name(wish.sensor, names) if wish.sensor else 0] if forces.sure else None
    time_column = None if timed_by is None else f"#{timed_by + 1}"
    if force is None:
        channels = _alone(triples, moments_s, begin) if hint == "gyroscope" else {}
        return Columns(channels, time_column, "", rate_hz) if channels else None
    if _is_shifted(cells[:_ENOUGH_ROWS], begin, force, moments_s[:_ENOUGH_ROWS]):
        return None
    channels = _named("accelerometer", begin + 3 * force[0], force[1])
    turns = _turns(triples, force, [number for number, _ in forces.sure], moments_s)
    if turns is not None:
        channels |= _named("gyroscope", begin + 3 * turns[0], turns[1])
    elif len(triples) == 2 and not _is_idle(triples[1 - force[0]]):
        return None
    chosen = Chosen(f"column {begin + 3 * force[0] + 1}", names) if len(names) > 1 else UNNAMED
    return Columns(channels, time_column, "", rate_hz, others=forces.others, chosen=chosen)


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


#: Which of the threes a sensor is, and its unit.
_Known = tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Forces:
    """The accelerometers that are `sure`, in their order, and how many `others` may be one too."""

    sure: tuple[_Known, ...] = ()
    others: int = 0


def _forces(triples: list[FloatArray], clock_s: FloatArray) -> _Forces:
    """Which of the sensors are accelerometers; none where that stays in doubt.

    A magnetic field may look like gravity by its size, and gravity itself may stand beside: neither changes its size as
    an accelerometer's readings do.
    """
    parts = windows(clock_s)
    found = [(number, unit) for number, axes in enumerate(triples) if (unit := force_unit(axes, parts))]
    if len(triples) == 1:
        return _Forces(tuple(found))
    lively = [_liveliness(triples[number]) for number, _ in found]
    most = max(lively, default=0.0)
    felt = [one for one, size in zip(found, lively, strict=True) if size > max(_LEAST_LIVELY, _MUCH_LESS * most)]
    if not felt or felt[0][0] > _LAST_FORCE:
        return _Forces()
    if len(felt) == 1:
        return _Forces(tuple(felt))
    # Of several, or of what only looks so, those that have their gyroscope at their side.
    quiet = [number for number, axes in enumerate(triples) if _averages_out(axes)]
    with_turns = [one for one in felt if {one[0] - 1, one[0] + 1} & set(quiet)]
    near = with_turns and with_turns[0][0] - felt[0][0] <= 1  # or columns between are no threes, and all is shifted
    return _Forces(tuple(with_turns), len(felt) - len(with_turns)) if near else _Forces()


def _is_shifted(cells: FloatArray, begin: int, force: _Known, clock_s: FloatArray) -> bool:
    """Whether other three columns than the first, second, ... three behind `begin` are an accelerometer, and plainly so.

    Then columns that are no threes stand between: an electrocardiogram, a pulse, a temperature.
    """
    at, parts = begin + 3 * force[0], windows(clock_s)
    short = windows(clock_s, _MOMENT_S)
    taken = _off_gravity(cells[:, at : at + 3].T, force[1], short)
    beside = [other for other in range(begin, cells.shape[1] - 2) if (other - at) % 3]
    for other in beside:
        axes = cells[:, other : other + 3].T
        if force_unit(axes, parts) == force[1] and _liveliness(axes) > _LEAST_LIVELY:
            off = _off_gravity(axes, force[1], short)
            aligned = [_off_gravity(cells[:, near : near + 3].T, force[1], short) for near in _near(other, at, cells)]
            if off < _SURELY_BETTER * min((*aligned, np.inf if abs(other - at) > 2 else taken)):
                return True
    return False


def _near(other: int, at: int, cells: FloatArray) -> list[int]:
    """Where the threes that are in step with `at` begin that share columns with those at `other`."""
    return [near for near in range(max(other - 2, 0), other + 3) if (near - at) % 3 == 0 and near + 3 <= cells.shape[1]]


def _off_gravity(axes: FloatArray, unit: str, short: Windows) -> float:
    """How far the size of (3, n) readings is from 1 g where they change least, as a share; infinite where never whole."""
    means = np.stack([short.means(axis) for axis in axes])
    shakes = np.sqrt(np.sum([short.spread(axis) ** 2 for axis in axes], axis=0))
    size = np.sqrt(np.sum(means**2, axis=0)) * (factor("acceleration_x_mps2", unit) or 1.0) / STANDARD_GRAVITY_MPS2
    known = np.flatnonzero(np.isfinite(size) & np.isfinite(shakes))
    still = known[np.argsort(shakes[known], kind="stable")][: max(3, known.size // 20)]
    return float(np.sqrt(np.mean((size[still] - 1) ** 2))) if still.size else np.inf


def _is_idle(axes: FloatArray) -> bool:
    """Whether (3, n) readings mostly stay as they are from row to row: light, a button, a temperature."""
    return bool(np.mean(np.diff(axes, axis=1) == 0) > _LEAST_IDLE)


def _liveliness(axes: FloatArray) -> float:
    """How much the size of (3, n) readings changes against itself."""
    sizes = np.sqrt(np.sum(axes**2, axis=0))
    known = sizes[np.isfinite(sizes)]
    return float(np.std(known) / np.mean(known)) if known.size and np.mean(known) > 0 else 0.0


def is_lively(axes: FloatArray) -> bool:
    """Whether the size of (3, n) readings changes as that of an accelerometer that is moved: no field, no gravity itself."""
    return _liveliness(axes) > _LEAST_LIVELY


def _turns(triples: list[FloatArray], force: _Known, forces: Sequence[int], clock_s: FloatArray) -> _Known | None:
    """Which of the other sensors averages out, and its unit; None where not exactly one does, or it turns at rest.

    Where one stands on either side of the accelerometer, it is on the side on which all `forces` have one.
    """
    scale = factor("acceleration_x_mps2", force[1]) or 1.0
    felt, parts = triples[force[0]] * scale, windows(clock_s)
    quiet = [
        number
        for number, axes in enumerate(triples)
        if number != force[0] and _averages_out(axes) and not _lacks_only_gravity(axes, triples[force[0]])
    ]
    if len(quiet) > 1 or len(triples) > _ONE_BODY:  # others may average out, but nobody writes them between the two
        sides = [side for side in (1, -1) if all(number + side in quiet for number in (force[0], *forces))]
        quiet = [force[0] + side for side in sides[:1]] or [number for number in quiet if abs(number - force[0]) == 1]
    if len(quiet) != 1 or not _rests(triples[quiet[0]], felt, windows(clock_s, _MOMENT_S)):
        return None
    unit = turning_unit(triples[quiet[0]], felt, parts)
    return None if unit is None else (quiet[0], unit)


def _rests(axes: FloatArray, felt_mps2: FloatArray, short: Windows) -> bool:
    """Whether each of (3, n) readings is near nothing while the accelerometer rests, as rotation is; True without rest.

    An electrocardiogram goes on at rest, a field and a pulse stay where they are.
    """
    shakes = np.sqrt(np.sum([short.spread(axis) ** 2 for axis in felt_mps2], axis=0))
    still = np.flatnonzero(shakes < _STILL_MPS2)
    if still.size < _FEWEST_STILL:
        return True
    rows = np.isin(short.of_row, still[np.argsort(shakes[still], kind="stable")][: max(_FEWEST_STILL, still.size // 4)])
    moving = np.sqrt(np.nanmean(axes**2, axis=1))
    return bool(np.all(np.nanmedian(np.abs(axes[:, rows]), axis=1) < _REST_SHARE * moving))


def _lacks_only_gravity(axes: FloatArray, felt: FloatArray) -> bool:
    """Whether (3, n) readings are those of the accelerometer without gravity: what is left keeps its size."""
    return _liveliness(felt - axes) < _LEAST_LIVELY


def _averages_out(axes: FloatArray) -> bool:
    known = axes[:, np.all(np.isfinite(axes), axis=0)]
    size = float(np.sqrt(np.mean(np.sum(known**2, axis=0)))) if known.size else 0.0
    return size > 0 and float(np.linalg.norm(known.mean(axis=1))) < _LARGEST_MEAN * size


def _named(stream: str, begin: int, unit: str) -> dict[str, tuple[str, str]]:
    return {key: (f"#{begin + axis + 1}", unit) for axis, key in enumerate(MOTION_CHANNELS[stream])}

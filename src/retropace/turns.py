"""Turns: where a device pointed against where its wearer went, kept in the books second by second.

A gyroscope tells how far the device has turned, satellites how far the course has. As long as somebody faces the way they
go, or always goes backward, the difference stays but for slow drift. Half a turn of one without the other, and they go
the other way: spun round on the same course, or stopped and gone back without turning.
"""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np

from retropace.fronts import (
    LEAST_AXIS,
    SAME_AXIS_RAD,
    angle_ways,
    at_other_end,
    heard_most,
    layer_of,
    nearer_end,
    turned_nats,
    turned_ways,
)
from retropace.motion.heard import Heard
from retropace.recording import FloatArray
from retropace.signals import POSITION_HALF_WINDOW_S, BoolArray, Grid, IntArray, running_mean
from retropace.witness import Evidence

#: The heading of a gyroscope wanders: its axis is sought over this many seconds either side.
WANDERS_S = 45
#: Course and heading of a steady second differ by this, as the concentration of a von Mises distribution (sd about 20°),
#: and errors of satellites last so long [s].
COURSE_KAPPA, COURSE_MEMORY_S = 8.0, 4.0
#: The needle strays by more than this from its own mean over `NEEDLE_S` seconds either side: iron, not north [rad].
STRAYED_RAD, NEEDLE_S = np.deg2rad(20.0), 15


def by_turns(key: str, heard: Heard, grid: Grid, on: IntArray, worn: IntArray, most: int) -> Evidence | None:
    """The device's heading against the course, `most` readings at most; None where either is not known.

    `on` (n,) is the row of `heard` of each second of `grid`, -1 for none; `worn` (m,) the wearing of each row. A gyroscope's
    heading wanders, so the axis may move slowly. Where a phone's own compass is in the recording, that is heard instead.
    """
    if np.isfinite(grid.device_heading_deg).any() or not np.isfinite(grid.course_deg).any():
        return None
    heading = _steady(_device_heading(heard), np.where(worn >= 0, heard.piece, np.nan))
    course = np.pi / 2 - np.deg2rad(grid.course_deg)
    angle = course - np.append(heading, np.nan)[on]
    sitting = np.where(on >= 0, _sitting(heard, worn)[on], -1)
    known = np.isfinite(angle) & (sitting >= 0)
    kinds = heard_most(np.where(known, sitting, -1), known.astype(float), most)
    if not kinds or known.sum() < WANDERS_S:
        return None
    front, kappa = np.full(angle.size, np.nan), np.zeros(angle.size)
    axes: list[tuple[float, float, int]] = []  # at the beginning and end of each, and its piece
    for kind in sorted(kinds):
        rows = np.flatnonzero(known & (sitting == kind))
        axis, kappa[rows] = _wandering_axis(grid.time_s[rows], angle[rows])
        front[rows] = axis + (nearer_end(float(axis[0]), axes[-1][1]) - axis[0] if axes else 0.0)
        axes.append((float(front[rows[0]]), float(front[rows[-1]]), int(heard.piece[on[rows[0]]])))
    ways = angle_ways(angle - front, kappa, 1 / COURSE_MEMORY_S)
    readings = list(product((False, True), repeat=len(axes)))
    layers = [layer_of(turned_ways(ways, at_other_end(sitting, sorted(kinds), turned))) for turned in readings]
    return Evidence(key, np.stack(layers), np.array([_unmoved_nats(axes, turned) for turned in readings]))


def _unmoved_nats(axes: Sequence[tuple[float, float, int]], turned: Sequence[bool]) -> float:
    """Log prior of which end is the front in each sitting: in one piece, along one axis, it hardly ever changes."""
    prior = 0.0
    for (before, end), (after, next_end) in pairwise(zip(axes, turned, strict=True)):
        if before[2] == after[2] and abs(after[0] - before[1]) < SAME_AXIS_RAD:
            prior += turned_nats(same_end=end == next_end)
    return prior


def _device_heading(heard: Heard) -> FloatArray:
    """(m,) heading [rad], from magnetic north where the needle is steady, else as the gyroscope tells it."""
    north = heard["turn_north_rad"]
    steady = _steady_needle(north)
    if np.count_nonzero(steady) < 0.8 * np.count_nonzero(np.isfinite(heard["turn_heading_rad"])):
        return heard["turn_heading_rad"]
    rows = np.arange(north.size)
    needle = np.interp(rows, rows[steady], np.unwrap(north[steady]))
    return heard["turn_heading_rad"] - needle


def _steady_needle(north: FloatArray) -> BoolArray:
    """(m,) seconds in which north lies where it lay around them: the level axes turn slowly, iron comes and goes."""
    told = np.isfinite(north)
    turned = np.where(told, np.exp(1j * np.nan_to_num(north)), np.nan)
    usual = running_mean(turned.real, NEEDLE_S) + 1j * running_mean(turned.imag, NEEDLE_S)
    with np.errstate(invalid="ignore"):
        strayed = np.abs(np.angle(turned * np.conj(usual))) > STRAYED_RAD
    steady: BoolArray = told & ~strayed
    return steady


def _sitting(heard: Heard, worn: IntArray) -> IntArray:
    """(m,) number of the stretch of one wearing and one piece: a gyroscope's heading does not last across a gap."""
    changes = (np.diff(heard.piece, prepend=heard.piece[0]) != 0) | (np.diff(worn, prepend=worn[0]) != 0)
    return np.where(worn >= 0, np.cumsum(changes), -1)


def _steady(heading: FloatArray, apart: FloatArray) -> FloatArray:
    """(m,) mean heading over the seconds from which a course is taken, none from across a gap: both turn alike then."""
    smooth = np.full(heading.size, np.nan)
    for kind in np.unique(apart[np.isfinite(apart)]):
        rows = apart == kind
        mean = [running_mean(part(heading[rows]), POSITION_HALF_WINDOW_S) for part in (np.cos, np.sin)]
        smooth[rows] = np.arctan2(mean[1], mean[0])
    return smooth


def _wandering_axis(time_s: FloatArray, angle: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The axis (k,) of `angle` (k,) as it wanders, and how sharply they lie on it; neither knows which end is which."""
    doubled = np.exp(2j * angle)
    around = np.searchsorted(time_s, [time_s - WANDERS_S, time_s + WANDERS_S])
    total = np.concatenate([[0.0], np.cumsum(doubled)])
    count = around[1] - around[0]
    mean = (total[around[1]] - total[around[0]]) / count
    clear = np.clip(np.abs(mean), 1e-3, 0.999)
    sharpness = np.where(clear < LEAST_AXIS, 0.0, np.minimum(COURSE_KAPPA, 2.0 / np.maximum(-np.log(clear), 1e-3)))
    return np.unwrap(np.angle(mean)) / 2, sharpness

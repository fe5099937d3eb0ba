"""Steps: how often the feet step, wherever the sensor sits, and how hard everything moves; the same forward and backward.

A stride repeats, whatever carries the sensor. Foot, thigh and wrist swing once a stride; the trunk bounces once a step, and
so repeats after half a stride already. What is sought is therefore the stride after which the whole motion, acceleration
and rotation on all axes together, is most like itself (`strides`). A trunk that walks and a limb that runs twice as fast
repeat after the same time: they are told apart by how hard they move, for whoever walks never leaves the ground.

Everything here is even under reversal of time, and depends neither on where the level axes point nor on left and right.
"""

import numpy as np

from retropace.motion.frame import HALO_S, SLOW_HZ, Frame, rows
from retropace.motion.heard import Columns
from retropace.motion.samples import RATE_HZ
from retropace.motion.strides import TURN_WEIGHT_MPS, strides
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.signals import BoolArray
from retropace.sources import cited

#: How hard everything must move at least to be steps [m/s2].
WEAKEST_MPS2 = 0.4
#: Vertical acceleration, rms, of a trunk on a half sine of force that lasts the whole step: the gentlest run, or the
#: liveliest walk, there is [m/s2]. Without gravity's pull back nobody bounces harder and stays on the ground.
BOUNCE_MPS2 = STANDARD_GRAVITY_MPS2 * np.sqrt(np.pi**2 / 8 - 1)
#: Half-way between walking and running, and how surely a step frequency tells them apart [Hz per nat] (our choices).
BOUNCE_HZ, BOUNCE_SPREAD_HZ = cited(2.3, "1/s", "design"), 0.15
#: A part of a second moves where it is harder than this share of the hardest so many seconds around.
SHARE_LEVEL, SHARE_AROUND_S = 0.2, 2
#: Whatever departs less than this from the mean of its window counts as still [m/s2], [rad/s].
STILL_MPS2, STILL_RADPS = 0.5, 0.3
#: What a sensor may show all the time while it lies still: a scale wrong by 15 %, an offset of 20 degrees a second (what
#: common ones promise). A steady acceleration or turn beyond that is no error, and nobody who stands feels it.
OFFSET_MPS2, OFFSET_RADPS = 0.15 * STANDARD_GRAVITY_MPS2, np.deg2rad(20.0)
#: A foot lies quiet where it moves with less than this share of its mean power. Walking, it is on the ground for more
#: than half of its stride and quiet for 0.2 to 0.4 of it; running, on the ground for less than half, and quiet for 0.16 at
#: most (captured people of ACCAD and CMU, virtual ones; both ways alike). Trunk, thigh and arm never lie quiet so long.
QUIET_POWER, QUIET_SHARE = 0.1, 0.18
#: How surely that tells them apart [share per nat], and by how much at most [nats] (our choices).
QUIET_SPREAD, QUIET_NATS = 0.01, 8.0

#: Parts of a second for which it is told whether they move.
_PARTS = 5


def look(frame: Frame) -> Columns:
    """How each second steps and moves, (count,) each.

    `step_hz` steps of both feet per second, NaN where there are none; `step_alike` how alike two strides are, 1 for
    twins; `step_trust` the same times what a stride leaves to compare; `step_share` how much of the second itself moves.
    Over the window of the second `step_vertical_rms`, `step_level_rms` [m/s2] and `step_turn_rms` [rad/s] about their
    means, `step_still` the share without movement, `step_run_nats` running against walking.
    """
    moved, (still, quiet) = np.square(frame.slow_spread.T), _stillness(frame)
    vertical, level = frame.slow_spread[:, 2].copy(), np.sqrt(moved[0] + moved[1])
    turn = np.sqrt(moved[3:].sum(axis=0))
    hardness = np.sqrt(vertical**2 + level**2 + (TURN_WEIGHT_MPS * turn) ** 2)
    found_hz, alike, trust = strides(frame, hardness, vertical)
    step_hz = np.where(hardness >= WEAKEST_MPS2, found_hz, np.nan)
    return {
        "step_hz": step_hz,
        "step_alike": alike,
        "step_trust": trust,
        "step_vertical_rms": vertical,
        "step_level_rms": level,
        "step_turn_rms": turn,
        "step_still": still,
        "step_share": _share(frame),
        "step_run_nats": run_nats(step_hz, vertical, quiet),
    }


def run_nats(step_hz: FloatArray, vertical_rms: FloatArray, quiet: FloatArray) -> FloatArray:
    """Log-likelihood ratio of running against walking, whichever way: quicker steps, harder bounce, no long rest.

    `quiet` is the share of time in which the sensor lies quiet between movements, as only that on a walking foot does.

    >>> run_nats(np.array([1.8, 2.8, 2.1]), np.array([2.0, 8.0, 9.0]), np.array([0.0, 0.0, 0.3])).round(1)
    array([-6. ,  5.4, -6. ])
    """
    quick = (step_hz - BOUNCE_HZ.value) / BOUNCE_SPREAD_HZ
    hard = 4 * np.log(np.maximum(vertical_rms, 0.1) / BOUNCE_MPS2)
    rests = np.clip((quiet - QUIET_SHARE) / QUIET_SPREAD, 0.0, QUIET_NATS)
    nats: FloatArray = np.clip(quick + hard - rests, -6.0, 6.0)
    return nats


def _stillness(frame: Frame) -> tuple[FloatArray, FloatArray]:
    """Share (count,) of the window of each second that is still, and that is quiet.

    Quiet is what lies so between movements, in the half of the window that has less of it: setting off is no rest.
    """
    near, mean = frame.slow_windows.transpose(1, 0, 2), frame.slow_mean.T
    taken = np.concatenate([_taken(mean[:3], OFFSET_MPS2), _taken(mean[3:], OFFSET_RADPS)])
    apart = near - taken[:, :, None]
    force, turn = (np.einsum("cst,cst->st", axes, axes) for axes in (apart[:3], apart[3:]))
    still = _shares((force < STILL_MPS2**2) & (turn < STILL_RADPS**2))
    turn *= TURN_WEIGHT_MPS**2
    force += turn
    rests = force < QUIET_POWER * _shares(force)[:, None]
    quiet = _shares(rests.reshape(2 * frame.count, -1))
    return still, np.minimum(quiet[::2], quiet[1::2])


def _shares(values: FloatArray | BoolArray) -> FloatArray:
    """Mean (n,) of each row of `values` (n, k)."""
    return np.asarray(values @ np.ones(values.shape[1]) / values.shape[1])


def _taken(mean: FloatArray, offset: float) -> FloatArray:
    """The `mean` (3, n) of three axes, or as much of it as a sensor's error of the size `offset` explains."""
    size = np.sqrt(np.square(mean).sum(axis=0))
    return np.asarray(mean * (offset / np.maximum(size, offset)))


def _share(frame: Frame) -> FloatArray:
    """Share (count,) of each second itself that moves as hard as what lies around it, at a stride's resolution.

    Movement is smoothed over about a stride, so that a foot at rest in stance still counts; where it begins, half of it is
    reached at the very beginning. To the first and the last second of a piece is added what moves beside them: it belongs
    to no whole second.
    """
    smooth = _smooth(frame.slow.T)
    hardest = np.maximum.reduce(list(smooth.T))
    near = range(HALO_S - SHARE_AROUND_S, HALO_S + SHARE_AROUND_S + 1)
    least = SHARE_LEVEL * np.maximum.reduce([hardest[first : first + frame.count] for first in near])[:, None]
    share = _shares(_above(smooth[HALO_S : HALO_S + frame.count], least))
    if not frame.whole:
        known = frame.known.reshape(-1, int(RATE_HZ))
        share += _beside(known, smooth, least)
        share += _beside(known[::-1, ::-1], smooth[::-1, ::-1], least[::-1])[::-1]
    return share


def _above(smooth: FloatArray, least: FloatArray) -> FloatArray:
    """(n, _PARTS) share of every part of a second in which `smooth` (n, _PARTS + 1) lies above `least` (n, 1)."""
    begins, ends = smooth[:, :-1], smooth[:, 1:]
    highest = np.maximum(begins, ends)
    return np.clip((highest - least) / np.maximum(2 * highest - begins - ends, 1e-12), 0.0, 1.0)


def _beside(known: BoolArray, smooth: FloatArray, least: FloatArray) -> FloatArray:
    """(count,) share of the second after each that moves, where the piece ends in it."""
    there: BoolArray = np.any(known, axis=1)
    own = HALO_S + np.arange(len(least))
    own = own[there[own] & there[own + 1] & ~known[own + 1, -1] & ~there[own + 2] & ~there[own + 3]]
    lasts = 1 - np.argmax(known[own + 1, ::-1], axis=1) / known.shape[1]
    within = np.clip(_PARTS * lasts[:, None] - np.arange(_PARTS), 0.0, 1.0)
    share = np.zeros(len(least))
    share[own - HALO_S] = np.minimum(_above(smooth[own + 1], least[own - HALO_S]), within).mean(axis=1)
    return share


def _smooth(slow: FloatArray) -> FloatArray:
    """(seconds, _PARTS + 1) mean square of `slow` (6, n) over a second about the beginning and the end of every part.

    Less the mean there as in `_taken`. Zero where that second reaches beyond them.
    """
    size, first = SLOW_HZ // _PARTS, SLOW_HZ // 2 + 1
    count = (slow.shape[1] - first) // SLOW_HZ
    felt = slow[:, first : first + count * SLOW_HZ]
    square = np.array([np.einsum("cn,cn->n", axes, axes) for axes in (felt[:3], felt[3:])])
    each = np.zeros((8, (count + 1) * _PARTS))
    for some, room in ((felt, each[:6]), (square, each[6:])):
        room[:, : count * _PARTS] = some.reshape(len(some), -1, size) @ np.full(size, 1 / SLOW_HZ)
    within = np.add.reduce([each[:, part : part + count * _PARTS] for part in range(_PARTS)])
    smooth = np.zeros((count + 1) * _PARTS + 1)
    smooth[_PARTS:-1] = TURN_WEIGHT_MPS**2 * _left(within[3:6], within[7], OFFSET_RADPS)
    smooth[_PARTS:-1] += _left(within[:3], within[6], OFFSET_MPS2)
    return rows(smooth, _PARTS + 1, _PARTS, count + 1)


def _left(mean: FloatArray, square: FloatArray, offset: float) -> FloatArray:
    """What is left (...) of a mean `square` (...) of three axes, less their `mean` (3, ...) as in `_taken`."""
    x, y, z = mean
    size = np.sqrt(x * x + y * y + z * z)
    most = np.minimum(size, offset)
    return np.asarray(np.maximum(square - most * (2 * size - most), 0.0))

"""Steps: how often the feet step, wherever the sensor sits, and how hard everything moves; the same forward and backward.

A stride repeats, whatever carries the sensor. Foot, thigh and wrist swing once a stride; the trunk bounces once a step, and
so repeats after half a stride already. What is sought is therefore the stride after which the whole motion, acceleration
and rotation on all axes together, is most like itself. A trunk that walks and a limb that runs twice as fast repeat after
the same time: they are told apart by how hard they move, for whoever walks never leaves the ground.

Everything here is even under reversal of time, and depends neither on where the level axes point nor on left and right.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from retropace.motion.frame import HALO_S, SLOW_HZ, WINDOW_S, Frame
from retropace.motion.heard import Columns
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.signals import IntArray
from retropace.sources import cited

#: Steps of both feet per second: from shuffling to sprinting. Between them they are sought this finely.
SLOWEST_HZ, FASTEST_HZ, CANDIDATES = 1.0, 4.4, 64
#: Length of the windows in which a stride is sought [s], two slow strides. Those centred on the second before, the
#: second itself and the one after are asked together, with these weights: as far as the halo reaches.
SOUGHT_S = 4
TOGETHER = (0.3, 0.4, 0.3)
#: So many candidates either side of the likeliest its top is sought: a twentieth of it.
NEAR = 2
#: Below the first nothing of a stride shows, above the second nothing more of it is needed [Hz].
SLOWEST_TONE_HZ, FASTEST_TONE_HZ = 0.5, 5.0
#: Rotation weighs as much as the acceleration it gives a limb of 0.2 m that swings 1.5 times a second [m/s2 per rad/s].
TURN_WEIGHT_MPS = 2.0
#: A trunk that rises and falls 2.5 cm either way of its middle once a step, rms [m/s2 per Hz2]: no placement moves less.
TRUNK_MPS2_PER_HZ2 = 0.025 * (2 * np.pi) ** 2 / np.sqrt(2)
#: Vertical acceleration, rms, of a trunk on a half sine of force that lasts the whole step: the gentlest run, or the
#: liveliest walk, there is [m/s2]. Without gravity's pull back nobody bounces harder and stays on the ground.
BOUNCE_MPS2 = STANDARD_GRAVITY_MPS2 * np.sqrt(np.pi**2 / 8 - 1)
#: Walking and running together step about this often; what is twice or half as quick costs this much likeness (ours).
USUAL_HZ, UNUSUAL = cited(2.0, "1/s", "design"), 0.14
#: Below this part of the trunk's movement a step frequency begins to cost likeness, at this rate for each e-fold.
GENTLE_SHARE, GENTLE = 0.6, 1.0
#: Nothing on the body rises and falls harder than this in its steps, not even a foot; beyond it a step frequency costs
#: likeness at this rate for each e-fold: what shakes so hard runs, and steps quicker.
FIERCE_MPS2_PER_HZ2, FIERCE = 2.8, 0.5
#: A quicker stride that explains as much is preferred by this power of what it leaves of the window to compare: every
#: motion repeats after two strides as well.
QUICKER = 0.5
#: Less of two windows than this must not lie on known samples of both, for them to be compared.
LEAST_OVERLAP = 0.05
#: How alike two strides must be to count as stepping, times the root of what they leave of the window to compare: one
#: second in forty of white noise is so by chance. How hard everything must move at least [m/s2].
ALIKE, WEAKEST_MPS2 = 0.2, 0.4
#: Half-way between walking and running, and how surely a step frequency tells them apart [Hz per nat] (our choices).
BOUNCE_HZ, BOUNCE_SPREAD_HZ = cited(2.3, "1/s", "design"), 0.15
#: A part of a second moves where it is harder than this share of the hardest so many seconds around.
SHARE_LEVEL, SHARE_AROUND_S = 0.2, 2
#: Share of the window that lies below its low force.
LOW_SHARE = 0.05
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


def look(frame: Frame) -> Columns:
    """How each second steps and moves, (count,) each.

    `step_hz` steps of both feet per second, NaN where there are none; `step_alike` how alike two strides are, 1 for
    twins; `step_trust` the same times what a stride leaves to compare; `step_share` how much of the second itself moves.
    Over the window of the second `step_vertical_rms`, `step_level_rms` [m/s2] and `step_turn_rms` [rad/s] about their
    means, `step_still` the share without movement, `step_low_force` the fifth percentile of vertical specific force
    [m/s2], which at the trunk is below 2.5 only in flight; `step_run_nats` running against walking.
    """
    spread = _spread(frame)
    vertical, level = spread[:, 2], np.sqrt(spread[:, 0] ** 2 + spread[:, 1] ** 2)
    turn = np.sqrt(spread[:, 3] ** 2 + spread[:, 4] ** 2 + spread[:, 5] ** 2)
    hardness = np.sqrt(vertical**2 + level**2 + (TURN_WEIGHT_MPS * turn) ** 2)
    found_hz, alike, trust = _stride(frame, hardness, vertical)
    step_hz = np.where(hardness >= WEAKEST_MPS2, found_hz, np.nan)
    still, quiet = _calm(frame)
    return {
        "step_hz": step_hz,
        "step_alike": alike,
        "step_trust": trust,
        "step_vertical_rms": vertical,
        "step_level_rms": level,
        "step_turn_rms": turn,
        "step_still": still,
        "step_share": _share(frame),
        "step_low_force": _low_force(frame),
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


def _spread(frame: Frame) -> FloatArray:
    """(count, 6) standard deviation over the window of each second."""
    near = frame.slow_windows
    samples = near.shape[2]
    mean = near @ np.full(samples, 1 / samples)
    spread: FloatArray = np.sqrt(np.maximum(np.einsum("sct,sct->sc", near, near) / samples - np.square(mean), 0.0))
    return spread


def _calm(frame: Frame) -> tuple[FloatArray, FloatArray]:
    """Share (count,) of each window that is still, and share in which it lies quiet between movements.

    The latter in the half of the window that has less of it, so that setting off from standing is no rest.
    """
    force = _about_mean(frame.slow_windows[:, :3], OFFSET_MPS2)
    turn = _about_mean(frame.slow_windows[:, 3:], OFFSET_RADPS)
    still: FloatArray = ((force < STILL_MPS2**2) & (turn < STILL_RADPS**2)).mean(axis=1)
    power = force + TURN_WEIGHT_MPS**2 * turn
    quiet = power < QUIET_POWER * power.mean(axis=1, keepdims=True)
    return still, quiet.reshape(frame.count, 2, -1).mean(axis=2).min(axis=1)


def _about_mean(near: FloatArray, offset: float) -> FloatArray:
    """(count, samples) squared length of `near` (count, 3, samples) less its mean, or less so much of it as `offset`."""
    mean = near.mean(axis=2, keepdims=True)
    size = np.sqrt(np.square(mean).sum(axis=1, keepdims=True))
    apart = near - mean * (offset / np.maximum(size, offset))
    squared: FloatArray = np.einsum("sct,sct->st", apart, apart)
    return squared


def _share(frame: Frame) -> FloatArray:
    """Share (count,) of each second itself that moves as hard as what lies around it, at a stride's resolution.

    Movement is smoothed over about a stride, so that a foot at rest in stance still counts; where it begins, half of it is
    reached at the very beginning.
    """
    smooth = _smooth(frame.slow[:, :3], OFFSET_MPS2) + TURN_WEIGHT_MPS**2 * _smooth(frame.slow[:, 3:], OFFSET_RADPS)
    seconds = np.lib.stride_tricks.sliding_window_view(smooth, SLOW_HZ + 1)[::SLOW_HZ]  # from its beginning to its end
    around = np.lib.stride_tricks.sliding_window_view(seconds.max(axis=1), 2 * SHARE_AROUND_S + 1).max(axis=1)
    skipped = HALO_S - SHARE_AROUND_S
    moves = seconds[HALO_S : HALO_S + frame.count] > SHARE_LEVEL * around[skipped : skipped + frame.count, None]
    weight = np.ones(SLOW_HZ + 1)
    weight[[0, -1]] = 0.5
    share: FloatArray = moves @ weight / SLOW_HZ
    return share


def _smooth(slow: FloatArray, offset: float) -> FloatArray:
    """(n,) mean square over a second about each sample of `slow` (n, 3), about its mean there as in `_about_mean`."""
    reach = SLOW_HZ // 2
    running = np.zeros((4, slow.shape[0] + 1))
    np.cumsum(slow.T, axis=1, out=running[:3, 1:])
    np.cumsum(np.einsum("nc,nc->n", slow, slow), out=running[3, 1:])
    within = (running[:, 2 * reach + 1 :] - running[:, : -2 * reach - 1]) / (2 * reach + 1)
    steady = np.square(within[:3]).sum(axis=0)
    part = offset / np.maximum(np.sqrt(steady), offset)
    smooth = np.zeros(slow.shape[0])
    smooth[reach : slow.shape[0] - reach] = np.maximum(within[3] - (2 - part) * part * steady, 0.0)
    return smooth


def _low_force(frame: Frame) -> FloatArray:
    """Fifth percentile of the vertical specific force [m/s2] in the window of each second."""
    low = LOW_SHARE * (WINDOW_S * SLOW_HZ - 1)
    lowest = np.partition(frame.slow_windows[:, 2], (int(low), int(low) + 1), axis=1)
    below, above = lowest[:, int(low)], lowest[:, int(low) + 1]
    force: FloatArray = below + (low - int(low)) * (above - below) + STANDARD_GRAVITY_MPS2
    return force


@dataclass(frozen=True, slots=True)
class _Bank:
    """What the search for strides is made of.

    `waves` (samples, 2 tones) are cosines, then sines, under a Hann window; `step_hz` (k,) is what is sought; `strides`
    (tones, k) the cosine of every tone after every stride, `taper` (k,) how much of the window it leaves to compare.
    """

    waves: FloatArray
    step_hz: FloatArray
    strides: FloatArray
    taper: FloatArray


#: Tones lie so close that the end of a window stays apart from its beginning, one turn on [Hz].
_SPACING_HZ = 1 / (2 * SOUGHT_S)
_FIRST_TONE = round(SLOWEST_TONE_HZ / _SPACING_HZ)


@cache
def _bank() -> _Bank:
    samples = SOUGHT_S * SLOW_HZ // 2
    time_s = (np.arange(samples) - (samples - 1) / 2) * 2 / SLOW_HZ
    tone_hz = np.arange(0.0, FASTEST_TONE_HZ, _SPACING_HZ)
    phase = 2 * np.pi * time_s[:, None] * tone_hz
    hann = np.cos(np.pi * time_s / SOUGHT_S) ** 2
    waves = np.concatenate([np.cos(phase), np.sin(phase)], axis=1) * hann[:, None]
    step_hz = np.geomspace(SLOWEST_HZ, FASTEST_HZ, CANDIDATES)
    strides = np.cos(2 * np.pi * tone_hz[:, None] * 2 / step_hz)
    taper = _repeated(_power(waves.sum(axis=0)[None, None]), strides)
    return _Bank(waves, step_hz, strides, taper[0])


def _power(tones: FloatArray) -> FloatArray:
    """Power (n, tones) of cosines and sines (n, axes, 2 tones), all axes together; the constant counts half, being real."""
    both = np.einsum("nak,nak->nk", tones, tones)
    power: FloatArray = both[:, : both.shape[1] // 2] + both[:, both.shape[1] // 2 :]
    power[:, 0] *= 0.5
    return power


def _repeated(power: FloatArray, strides: FloatArray) -> FloatArray:
    """Autocorrelation (..., k) after each stride, as a share of that after none."""
    shared: FloatArray = power @ strides / (power.sum(axis=-1, keepdims=True) + 1e-9)
    return shared


def _stride(frame: Frame, hardness: FloatArray, vertical: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Steps per second (count,), NaN where no two strides are alike; how alike the likeliest are; how far to trust that."""
    bank = _bank()
    tones = _tones(frame)
    power, known = _power(tones[:, :6]), _power(tones[:, 6:])
    power[:, :_FIRST_TONE] = 0.0
    each = _repeated(power, bank.strides) / np.maximum(_repeated(known, bank.strides), LEAST_OVERLAP)
    alike = TOGETHER[0] * (each[:-2] + each[2:]) + TOGETHER[1] * each[1:-1]
    score = alike * bank.taper**QUICKER - _unlikely(bank.step_hz, hardness, vertical)
    hz, likeness = _top(alike, np.argmax(score, axis=1))
    compared = np.interp(hz, bank.step_hz, bank.taper)
    enough = likeness * np.sqrt(compared) >= ALIKE
    return np.where(enough, hz, np.nan), likeness, np.maximum(likeness, 0.0) * compared


def _tones(frame: Frame) -> FloatArray:
    """(count + 2, 7, 2 tones): the six axes, zero where unknown, and what is known, in windows about each second.

    At half the slow rate. A second being an odd number of slow samples, the windows take turns at two ways of halving.
    """
    every = frame.known.size // frame.slow.shape[0]
    known = frame.known[::every].astype(float)
    known[1:] *= frame.known[every - 1 : -1 : every]  # a slow sample lies half-way between two
    axes = np.concatenate([frame.slow.T * known, known[None]])
    axes[3:6] *= TURN_WEIGHT_MPS
    first = (HALO_S - 1) * SLOW_HZ + (SLOW_HZ + 1) // 2 - SOUGHT_S * SLOW_HZ // 2
    waves = _bank().waves
    tones = np.empty((frame.count + 2, 7, waves.shape[1]))
    for turn in (0, 1):
        begins = axes[:, first + turn * SLOW_HZ :]
        halved = 0.5 * (begins[:, :-1:2] + begins[:, 1::2])
        windows = np.lib.stride_tricks.sliding_window_view(halved, waves.shape[0], axis=1)[:, ::SLOW_HZ]
        mine = tones[turn::2]
        np.matmul(windows[:, : mine.shape[0]].transpose(1, 0, 2), waves, out=mine)
    return tones


def _unlikely(step_hz: FloatArray, hardness: FloatArray, vertical: FloatArray) -> FloatArray:
    """What speaks against each step frequency (k,), (count, k): nobody steps so, or nobody so gently, or so hard."""
    slow = 2 * np.log(step_hz)
    unusual = UNUSUAL * np.square(np.log2(step_hz / USUAL_HZ.value))
    gentle = slow + np.log(GENTLE_SHARE * TRUNK_MPS2_PER_HZ2) - np.log(np.maximum(hardness, 1e-6))[:, None]
    fierce = np.log(np.maximum(vertical, 1e-6) / FIERCE_MPS2_PER_HZ2)[:, None] - slow
    against: FloatArray = GENTLE * np.maximum(gentle, 0.0) + FIERCE * np.maximum(fierce, 0.0) + unusual
    return against


def _top(alike: FloatArray, best: IntArray) -> tuple[FloatArray, FloatArray]:
    """The step frequency (count,) at the top of the likeness near the `best` candidate, and the likeness there.

    What speaks against a candidate leans to one side, and so is left out once the candidate is chosen.
    """
    seconds, last = np.arange(best.size), CANDIDATES - 1
    near = np.clip(best[:, None] + np.arange(-NEAR, NEAR + 1), 0, last)
    top = near[seconds, np.argmax(alike[seconds[:, None], near], axis=1)]
    inner = np.clip(top, 1, last - 1)
    left, middle, right = (alike[seconds, inner + side] for side in (-1, 0, 1))
    bend = 2 * middle - left - right
    shift = np.where(bend > 0, 0.5 * (right - left) / np.where(bend > 0, bend, 1.0), 0.0)
    place = (top + np.where(inner == top, np.clip(shift, -0.5, 0.5), 0.0)) / last
    return SLOWEST_HZ * (FASTEST_HZ / SLOWEST_HZ) ** place, alike[seconds, top]

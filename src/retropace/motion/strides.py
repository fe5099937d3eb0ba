"""Strides: after which stride the whole motion of each second is most like itself, and how far to trust that.

Windows are tapered and taken apart into tones; the power of all axes together, put together again at the length of every
stride, is how alike the motion is after it. Each window is folded about its middle first: the sum of its halves has all the
cosines, their difference all the sines. Everything here is even under reversal of time.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from retropace.motion.frame import HALO_S, SLOW_HZ, Frame
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
#: Walking and running together step about this often; what is twice or half as quick costs this much likeness (ours).
USUAL_HZ, UNUSUAL = cited(2.0, "1/s", "design"), 0.14
#: Below this part of the trunk's movement a step frequency begins to cost likeness, at this rate for each e-fold.
GENTLE_SHARE, GENTLE = 0.6, 1.0
#: Little on the body rises and falls harder than this in its steps (a foot up to 4.4, in the longest strides of ACCAD and
#: CMU); beyond it a step frequency costs likeness at this rate for each e-fold: what shakes so hard runs, and steps
#: quicker. Of 2.8, 3.6, 4.4 and none, the first leaves the fewest wrong seconds at their virtual sensors.
FIERCE_MPS2_PER_HZ2, FIERCE = 2.8, 0.5
#: A quicker stride that explains as much is preferred by this power of what it leaves of the window to compare: every
#: motion repeats after two strides as well.
QUICKER = 0.5
#: Less of two windows than this must not lie on known samples of both, for them to be compared.
LEAST_OVERLAP = 0.05
#: How alike two strides must be to count as stepping, times the root of what they leave of the window to compare: one
#: second in forty of white noise is so by chance.
ALIKE = 0.2

#: Tones lie so close that the end of a window stays apart from its beginning, one turn on [Hz].
_SPACING_HZ = 1 / (2 * SOUGHT_S)
_FIRST_TONE = round(SLOWEST_TONE_HZ / _SPACING_HZ)
#: Samples of half a window, at half the slow rate.
_HALF = SOUGHT_S * SLOW_HZ // 4
#: The slow sample with which the window of the second before the first one begins.
_BEGINS = (HALO_S - 1) * SLOW_HZ + (SLOW_HZ + 1) // 2 - SOUGHT_S * SLOW_HZ // 2
#: So many windows of either half second are taken apart at once: few enough that they stay in the fast memory of a
#: processor, and that the library for products of matrices (up to 2^18 multiplications) stays on one.
_WINDOWS = 24


def strides(frame: Frame, hardness: FloatArray, vertical: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Steps per second (count,), NaN where no two strides are alike; how alike the likeliest are; how far to trust that.

    `hardness` and `vertical` (count,) [m/s2] are how hard everything moves, and how hard up and down.
    """
    bank = _bank()
    each = _each(frame)
    alike = each[:-2] + each[2:]
    alike *= TOGETHER[0]
    alike += TOGETHER[1] * each[1:-1]
    score = alike * bank.quicker
    score -= _unlikely(bank, hardness, vertical)
    hz, likeness = _top(alike, np.argmax(score, axis=1))
    compared = np.interp(hz, bank.step_hz, bank.taper)
    enough = likeness * np.sqrt(compared) >= ALIKE
    return np.where(enough, hz, np.nan), likeness, np.maximum(likeness, 0.0) * compared


@dataclass(frozen=True, slots=True)
class _Bank:
    """What the search for strides is made of.

    `waves` (2, _HALF, tones) are the early halves of a window's cosines and sines, under a Hann window; `strides`
    (tones, k + 1) is the cosine of every tone after every stride, then a column of ones. `step_hz` (k,) is what is sought,
    `taper` (k,) how much of the window it leaves to compare, `quicker` what that is worth. `square` is the logarithm of
    `step_hz` squared, `unusual` what speaks against it by itself.
    """

    waves: FloatArray
    strides: FloatArray
    step_hz: FloatArray
    taper: FloatArray
    quicker: FloatArray
    square: FloatArray
    unusual: FloatArray


@cache
def _bank() -> _Bank:
    time_s = (np.arange(_HALF) - _HALF + 0.5) * 2 / SLOW_HZ
    tone_hz = np.arange(0.0, FASTEST_TONE_HZ, _SPACING_HZ)
    phase = 2 * np.pi * time_s[:, None] * tone_hz
    waves = np.stack([np.cos(phase), np.sin(phase)]) * np.cos(np.pi * time_s / SOUGHT_S)[:, None] ** 2
    step_hz = np.geomspace(SLOWEST_HZ, FASTEST_HZ, CANDIDATES)
    strides = np.cos(2 * np.pi * tone_hz[:, None] * 2 / step_hz)
    strides = np.concatenate([strides, np.ones((tone_hz.size, 1))], axis=1)
    strides[0] *= 0.5  # the constant is real, and counts half
    taper = _repeated(np.square(waves[0].sum(axis=0))[None], strides)[0]
    unusual = UNUSUAL * np.square(np.log2(step_hz / USUAL_HZ.value))
    return _Bank(waves, strides, step_hz, taper, taper**QUICKER, 2 * np.log(step_hz), unusual)


def _repeated(power: FloatArray, strides: FloatArray) -> FloatArray:
    """Autocorrelation (..., k) after each stride, as a share of that after none, of `power` (..., tones)."""
    shared = power @ strides
    return np.asarray(shared[..., :-1] / (shared[..., -1:] + 1e-9))


def _each(frame: Frame) -> FloatArray:
    """(count + 2, k) how alike the window about each second is after each stride, from the second before the first on."""
    count, slow = frame.count + 2, frame.slow.T
    if frame.whole:
        return _seconds(_alike(_halves(slow, count), _FIRST_TONE), count) / _bank().taper
    every = frame.known.size // slow.shape[1]
    known = frame.known[None, ::every].astype(float)
    known[:, 1:] *= frame.known[every - 1 : -1 : every]  # a slow sample lies half-way between two
    alike = _alike(_halves(slow * known, count), _FIRST_TONE) / _compared(_halves(known, count))
    return _seconds(alike, count)


def _seconds(alike: FloatArray, count: int) -> FloatArray:
    """(count, k) of each second, of what is `alike` (2, windows, k) of every other and of the others."""
    return alike.swapaxes(0, 1).reshape(-1, CANDIDATES)[:count]


def _halves(slow: FloatArray, count: int) -> FloatArray:
    """(axes, 2, windows + 1, _HALF) halves of the windows of every other of `count` seconds, then those of the others.

    At half the rate of `slow` (axes, n). A second being an odd number of its samples, there are two ways of halving them.
    """
    windows = (count + 1) // 2 + 1
    halved = np.zeros((len(slow), 2, windows * _HALF))
    for way in (0, 1):
        part = slow[:, _BEGINS + way * SLOW_HZ :][:, : 2 * windows * _HALF]
        kept = part.shape[1] // 2
        np.add(part[:, : 2 * kept : 2], part[:, 1 : 2 * kept : 2], out=halved[:, way, :kept])
    halved[:3] *= 0.5
    halved[3:] *= 0.5 * TURN_WEIGHT_MPS
    return halved.reshape(len(slow), 2, windows, _HALF)


def _alike(halves: FloatArray, tone: int) -> FloatArray:
    """(2, windows, k) how alike the windows of `halves` are after each stride, by their tones from number `tone` on."""
    bank, windows = _bank(), halves.shape[2] - 1
    alike = np.empty((2, windows, CANDIDATES))
    for first in range(0, windows, _WINDOWS):
        power = _power(halves[:, :, first : first + _WINDOWS + 1], bank.waves[:, :, tone:])
        alike[:, first : first + _WINDOWS] = _repeated(power, bank.strides[tone:])
    return alike


def _power(halves: FloatArray, waves: FloatArray) -> FloatArray:
    """(2, windows, tones) power of all axes of the windows of `halves` in tones with these `waves`."""
    early, late = halves[:, :, :-1], halves[:, :, 1:, ::-1]
    folded = np.empty((2, *early.shape))
    np.add(early, late, out=folded[0])
    np.subtract(early, late, out=folded[1])
    tones = (folded.reshape(2, -1, _HALF) @ waves).reshape(2 * len(halves), -1)
    power: FloatArray = np.einsum("an,an->n", tones, tones)
    return power.reshape(*early.shape[1:3], -1)


def _compared(known: FloatArray) -> FloatArray:
    """(2, windows, k) what each stride leaves to compare of windows of which the `_halves` (1, ...) are `known`."""
    taper, whole = _bank().taper, (known[0] == 1.0).all(axis=2)
    if whole.all():
        return taper
    compared = np.where((whole[:, :-1] & whole[:, 1:])[..., None], taper, _alike(known, 0))
    return np.asarray(np.maximum(compared, LEAST_OVERLAP, out=compared))


def _unlikely(bank: _Bank, hardness: FloatArray, vertical: FloatArray) -> FloatArray:
    """What speaks against each step frequency (count, k): nobody steps so, or nobody so gently, or so hard."""
    hard, rise = np.log(np.maximum(hardness, 1e-6)), np.log(np.maximum(vertical, 1e-6))
    gentle = GENTLE * (np.log(GENTLE_SHARE * TRUNK_MPS2_PER_HZ2) - hard)
    fierce = FIERCE * (rise - np.log(FIERCE_MPS2_PER_HZ2))
    against: FloatArray = gentle[:, None] + (GENTLE * bank.square + bank.unusual)
    np.maximum(against, bank.unusual, out=against)
    too_hard = fierce[:, None] - FIERCE * bank.square
    against += np.maximum(too_hard, 0.0, out=too_hard)
    return against


def _top(alike: FloatArray, best: IntArray) -> tuple[FloatArray, FloatArray]:
    """The step frequency (count,) at the top of the likeness near the `best` candidate, and the likeness there.

    What speaks against a candidate leans to one side, and so is left out once the candidate is chosen.
    """
    last, row = CANDIDATES - 1, CANDIDATES * np.arange(best.size)
    near = np.minimum(np.maximum(best[:, None] + np.arange(-NEAR, NEAR + 1), 0), last) + row[:, None]
    top = near.ravel()[np.argmax(alike.take(near), axis=1) + near.shape[1] * np.arange(best.size)]
    inner = np.minimum(np.maximum(top, row + 1), row + last - 1)
    left, middle, right = (alike.take(inner + side) for side in (-1, 0, 1))
    bend = 2 * middle - left - right
    shift = np.minimum(np.maximum((right - left) / np.maximum(2 * bend, 1e-12), -0.5), 0.5)
    place = (top - row + np.where((inner == top) & (bend > 0), shift, 0.0)) / last
    return SLOWEST_HZ * (FASTEST_HZ / SLOWEST_HZ) ** place, alike.take(top)

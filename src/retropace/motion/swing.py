"""Swing: what turns once a stride, as complex amplitudes of a limb's pendulum and of the push and lift that go with it.

A limb swings about a level axis, once a stride. Of each second, the stride frequency f is sought, the axis n of what
turns at f, and in a least-squares fit of f and its multiples k, over a window that weighs both ends alike, the
amplitudes, for the first two k, of

    angle  T_k  about n, from the rotation (divided by 2 pi i k f)
    push   F_k  of the level acceleration along n x z
    lift   Z_k  of the vertical acceleration

and what of the level acceleration lies along n, `aside`.

Which of its two ends n points with is anybody's guess: turning it round changes the sign of T_k and F_k, not of Z_k.
Played backward in time every amplitude becomes its complex conjugate. A mirror changes the sign of T_k alone with
that of n x z, and so is the same as turning n round. Products in which T and F appear an even number of times in all,
and whose frequencies cancel, therefore know nothing of mounting, side or of when the window began; their imaginary
parts change sign with time, their real parts do not.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt

from retropace.motion.frame import HALO_S, SLOW_HZ, WINDOW_S, Frame, rows
from retropace.recording import FloatArray

ComplexArray = npt.NDArray[np.complex128]

#: Strides a second that are sought: from a dawdle to quick backward running; spacing of the search.
SLOWEST_HZ, FASTEST_HZ, SEARCH_STEP_HZ = 0.6, 2.6, 0.05
#: Multiples of stride frequency that are fitted together, and those that are told.
HARMONICS, WAVES = 4, 2
#: A stride is sought in this many windows before and after a second's own: strides do not change from one to the next.
_NEIGHBOURS = 1
_SAMPLES = WINDOW_S * SLOW_HZ
_EACH = np.full(_SAMPLES // 2, 2 / _SAMPLES)
_TIME_S = (np.arange(_SAMPLES) - (_SAMPLES - 1) / 2) / SLOW_HZ
#: What a size is at least, so that silence is zero and no quotient of noises.
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Swing:
    """Of n seconds: `stride_hz` (n,), `axis_rad` (n,) of the axis on the level axes, and amplitudes (n, WAVES).

    `turned` (n,) is the share of the level rotation that lies at stride frequency.
    """

    stride_hz: FloatArray
    axis_rad: FloatArray
    angle: ComplexArray
    push: ComplexArray
    aside: ComplexArray
    lift: ComplexArray
    turned: FloatArray


def swing(frame: Frame) -> Swing:
    """The swing of each second of `frame`."""
    first = (HALO_S - _NEIGHBOURS) * SLOW_HZ - (_SAMPLES - SLOW_HZ) // 2
    near = rows(frame.slow.T[:5], _SAMPLES, SLOW_HZ, frame.count + 2 * _NEIGHBOURS, first)
    own = slice(_NEIGHBOURS, _NEIGHBOURS + frame.count)
    told, turned = _shares(near[2:])
    score = np.add.reduce([told[k : k + frame.count] for k in range(2 * _NEIGHBOURS + 1)])
    best = score.argmax(axis=1)
    parts = near[:, own].transpose(1, 0, 2) @ _fits()[best]
    found: ComplexArray = parts[:, :, :WAVES] - 1j * parts[:, :, WAVES:]
    stride_hz = _searched_hz()[best]
    axis_rad = _axis(found[:, 3, 0], found[:, 4, 0])
    ahead, aside = np.cos(axis_rad)[:, None], np.sin(axis_rad)[:, None]
    rate = 2j * np.pi * stride_hz[:, None] * np.arange(1, WAVES + 1)
    return Swing(
        stride_hz,
        axis_rad,
        (ahead * found[:, 3] + aside * found[:, 4]) / rate,
        aside * found[:, 0] - ahead * found[:, 1],
        ahead * found[:, 0] + aside * found[:, 1],
        found[:, 2],
        turned[own][np.arange(frame.count), best],
    )


def _axis(rate_x: ComplexArray, rate_y: ComplexArray) -> FloatArray:
    """(n,) direction of the axis, one of its two ends, of rotation with amplitudes `rate_x`, `rate_y` (n,)."""
    together = 2 * (rate_x * np.conj(rate_y)).real
    return np.asarray(0.5 * np.arctan2(together, np.abs(rate_x) ** 2 - np.abs(rate_y) ** 2))


def _shares(near: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n, frequencies) of lift and level rotation `near` (3, n, 50): how well each stride frequency explains them.

    That is the share of the rotation that lies at it and at twice that, and of the lift at twice that; and, by itself,
    the share of the rotation at it.
    """
    pairs = near[:, :, 0::2] + near[:, :, 1::2]
    mean = pairs @ _EACH
    spread = np.einsum("knt,knt->kn", pairs, pairs) / (4 * _EACH.size) - np.square(mean) / 4
    both, seconds = _search()
    size = seconds.shape[1] // 2
    turns, lifts = pairs[1:].reshape(-1, _EACH.size) @ both, pairs[0] @ seconds
    turns, lifts = turns.reshape(2, -1, 2, 2 * size), lifts.reshape(-1, 2, size)
    turned = np.einsum("knwf,knwf->nf", turns, turns)
    turned /= 2 * (spread[1] + spread[2])[:, None] + _LEAST
    told = np.einsum("nwf,nwf->nf", lifts, lifts)
    told /= 2 * spread[0][:, None] + _LEAST
    told += turned[:, :size]
    told += turned[:, size:]
    return told, turned[:, :size]


@cache
def _searched_hz() -> FloatArray:
    return np.arange(SLOWEST_HZ, FASTEST_HZ + SEARCH_STEP_HZ / 2, SEARCH_STEP_HZ)


@cache
def _fits() -> FloatArray:
    """(frequencies, 50, 2 WAVES) what gives the cosine, then the sine parts of a frequency's first multiples.

    All `HARMONICS` are fitted together.
    """
    weight = np.sqrt(np.cos(np.pi * _TIME_S * SLOW_HZ / (_SAMPLES + 1)) ** 2)
    told = [*range(WAVES), *range(HARMONICS, HARMONICS + WAVES)]
    fits = []
    for stride_hz in _searched_hz():
        angles = [2 * np.pi * k * stride_hz * _TIME_S for k in range(1, HARMONICS + 1)]
        shapes = [wave(angle) for wave, angle in product((np.cos, np.sin), angles)]
        model = np.stack([*shapes, np.ones(_SAMPLES)], axis=1)
        fits.append((np.linalg.pinv(model * weight[:, None]) * weight)[told].T)
    return np.stack(fits)


@cache
def _search() -> tuple[FloatArray, FloatArray]:
    """(25, 4 frequencies) cosine parts of the first and the second multiple, then sine parts, from sums of two samples.

    And (25, 2 frequencies) those of the second alone.
    """
    fits = (_fits()[:, 0::2] + _fits()[:, 1::2]) / 2
    parts = [fits[:, :, k].T for k in (0, 1, WAVES, WAVES + 1)]
    return np.concatenate(parts, axis=1), np.concatenate(parts[1::2], axis=1)

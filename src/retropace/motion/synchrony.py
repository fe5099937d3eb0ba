"""Synchrony: whether accelerometer and gyroscope tell of the same moment, or one of them a little later.

Two files from two apps, two clocks, a phone that begins one sensor later: a tenth of a second apart, and a foot or thigh
seems to move the other way round, because what is pushed is laid beside what turned before or after. Nothing in either
sensor alone tells. But both sit on one rigid body, and what shakes it shakes both at once: the ground that is met, the
foot that leaves it. So above about 10 Hz, where shocks live and gravity and the swing of the limb do not, the size of
what the one feels rises and falls with the size of what the other feels, wherever the sensor is worn and however it is
mounted. The lag at which the two sizes go together best is the lag between the sensors.

A sensor that hardly shakes, and one that lost much, says nothing. Time reversed the lag changes its sign.
"""

import numpy as np

from retropace.motion.frame import HALO_S, Frame, rows
from retropace.motion.heard import Columns, Heard
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray
from retropace.signals import BoolArray, IntArray

#: A second in so many is looked at: clocks do not jump.
EVERY_S = 10
#: Rate of the sizes of shocks [Hz]; lags are found finer than its samples, between which a parabola is laid.
_SIZE_HZ = 25
#: Longest lag that is sought, and half of what is looked at, in samples of the sizes: 0.52 s and 3 s.
_REACH, _HALF = 13, 75
#: Sizes that go together less than this (correlation) tell no lag, nor do seconds of which less than this was felt.
_TOGETHER, _KNOWN_SHARE = 0.4, 0.7
#: Neighbouring lags are one another's likes: only what goes together by so much better counts as a lag at all (design).
_BETTER = 0.1
#: So many seconds that were looked at decide together: shocks that come as evenly as steps do are now and then mistaken.
_TOGETHER_DECIDE = 5
#: Beyond this lag [s] the direction of a foot begins to suffer: feet of runners turn 0.5 rad meanwhile (10 rad/s).
OUT_OF_STEP_S = 0.05


def look(frame: Frame) -> Columns:
    """`sync_lag_s`: how much later the gyroscope tells of what the accelerometer feels, each `EVERY_S` seconds."""
    lag = np.full(frame.count, np.nan)
    own = np.arange(-frame.first_s % EVERY_S, frame.count, EVERY_S)
    if frame.turns and own.size:
        together = _together(_shocks(frame.acceleration_mps2, own), _shocks(frame.rotation_radps, own))
        known = frame.known[::10].reshape(-1, int(RATE_HZ) // 10).mean(axis=1)
        felt = known[own[:, None] + np.arange(2 * HALO_S + 1)].min(axis=1)
        lag[own] = np.where(felt > _KNOWN_SHARE, _lag_s(together), np.nan)
    return {"sync_lag_s": lag}


def _shocks(motion: FloatArray, seconds: IntArray) -> FloatArray:
    """(k, 2 * `_HALF` + 1) size at `_SIZE_HZ` of what is quicker than about 10 Hz in a frame's `motion` (N, 3).

    Around each of `seconds` (k,), which are `EVERY_S` apart; by second differences over 20 ms.
    """
    first = (int(seconds[0]) + HALO_S) * _SIZE_HZ + _SIZE_HZ // 2 - _HALF
    around = rows(motion.T[:, 4 * first - 2 :], 8 * _HALF + 7, EVERY_S * int(RATE_HZ), seconds.size)[..., ::2]
    square = np.zeros((seconds.size, 4 * _HALF + 2))
    for channel in around:
        bent = channel[:, 1:-1] * -2.0
        bent += channel[:, :-2]
        bent += channel[:, 2:]
        square += np.square(bent, out=bent)
    return np.asarray(np.sqrt(square[:, ::2] + square[:, 1::2]))


def _together(felt: FloatArray, turned: FloatArray) -> FloatArray:
    """(k, 2 * `_REACH` + 1) correlation of both sizes (k, 2 * `_HALF` + 1), at lags rising from -`_REACH`."""
    length = 2 * (_HALF - _REACH)
    first = felt[:, _REACH : _REACH + length] - felt[:, _REACH : _REACH + length].mean(axis=1, keepdims=True)
    both = np.lib.stride_tricks.sliding_window_view(turned, length, axis=1) @ first[:, :, None]
    total, squares = (np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1) for values in (turned, turned * turned))
    mean, mean_square = ((sums[:, length:] - sums[:, :-length]) / length for sums in (total, squares))
    size = np.sqrt(np.maximum(mean_square - mean * mean, 0.0)) * np.linalg.norm(first, axis=1, keepdims=True)
    return np.asarray(both[:, :, 0] / np.maximum(size * np.sqrt(length), np.finfo(float).tiny))


def _lag_s(together: FloatArray) -> FloatArray:
    """(k,) the lag at the peak of each row, zero where hardly any better than none; NaN where nothing goes together."""
    rows = np.arange(len(together))
    best = np.clip(together.argmax(axis=1), 1, 2 * _REACH - 1)
    before, peak, after = together[rows, best - 1], together[rows, best], together[rows, best + 1]
    curve = before - 2 * peak + after
    finer = np.divide((before - after) / 2, curve, out=np.zeros_like(curve), where=curve < 0)
    lag_s = (best - _REACH + np.clip(finer, -1.0, 1.0)) / _SIZE_HZ
    none = together[:, _REACH - 1 : _REACH + 2].max(axis=1)
    highest = together.max(axis=1)
    return np.where(highest < _TOGETHER, np.nan, np.where(highest - none < _BETTER, 0.0, lag_s))


def lag_s(heard: Heard) -> FloatArray:
    """(m,) how much later the gyroscope tells, at each row by the `_TOGETHER_DECIDE` told lags around it; NaN if none is.

    >>> time_s = np.arange(20.0)
    >>> told = np.where(time_s % 5 == 0, 0.2, np.nan)
    >>> float(lag_s(Heard(time_s, time_s * 0, {"sync_lag_s": told}, {}))[7])
    0.2
    """
    told = heard.columns.get("sync_lag_s", np.empty(0))
    at = np.flatnonzero(np.isfinite(told))
    if not at.size:
        return np.full(len(heard), np.nan)
    either_side = _TOGETHER_DECIDE // 2
    padded = told[np.concatenate([at[:1].repeat(either_side), at, at[-1:].repeat(either_side)])]
    decided = np.sort(rows(padded, _TOGETHER_DECIDE, 1, at.size), axis=1)[:, either_side]
    middle_s = (heard.time_s[at[1:]] + heard.time_s[at[:-1]]) / 2
    return np.asarray(decided[np.searchsorted(middle_s, heard.time_s)])


def out_of_step(heard: Heard, beyond_s: float = OUT_OF_STEP_S) -> BoolArray:
    """(m,) where the two sensors are too far apart to be laid side by side; False where that is not known."""
    return np.asarray(np.abs(lag_s(heard)) > beyond_s)

"""Steps: how often the feet step, wherever the sensor sits, and how hard everything moves; the same forward and backward.

A stride repeats, whatever carries the sensor. Foot, thigh and wrist swing once a stride; the trunk bounces once a step, and so
repeats after half a stride already. What is sought is therefore the stride after which the whole motion, acceleration and
rotation on all axes together, is most like itself. A trunk that walks and a limb that runs twice as fast repeat after
the same time: they are told apart by how hard they move, for what walks cannot bounce harder than gravity pulls back.

Everything here is even under reversal of time, and does not depend on where the level axes point, nor on left and right.
"""

from functools import cache

import numpy as np

from retropace.motion.frame import HALO_S, SLOW_HZ, Frame
from retropace.motion.heard import Columns
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray

#: Steps of both feet per second that a person walks or runs with: shuffling to sprinting.
SLOWEST_HZ, FASTEST_HZ = 1.1, 4.4
#: Length of the window in which a stride is sought [s]: four slow strides, as much as the halo gives.
SOUGHT_S = 6
#: Below this rate nothing of a stride shows, above `_HALF_RATE_HZ` nothing is needed [Hz].
_LOWEST_HZ, _HALF_RATE_HZ = 0.5, 6.25
#: Rotation is weighed as the acceleration it gives a limb of 0.2 m that swings 1.5 times a second [m/s2 per rad/s].
TURN_WEIGHT_MPS = 2.0
#: Vertical acceleration of a walking trunk whose middle rises and falls by 2.5 cm either way, rms [m/s2 per Hz2].
TRUNK_MPS2_PER_HZ2 = 0.025 * (2 * np.pi) ** 2 / np.sqrt(2)
#: How alike the motion must be after a stride to count as stepping, and how hard at least [m/s2].
ALIKE, WEAKEST_MPS2 = 0.4, 0.4
#: Movement below these counts as still [m/s2], [rad/s].
STILL_MPS2, STILL_RADPS = 0.5, 0.3


def look(frame: Frame) -> Columns:
    """Step frequency and strength of movement of each second; see the contract of the columns in `COLUMNS`."""
    near = frame.slow_windows
    spread = near.std(axis=2)
    vertical = spread[:, 2]
    level, turn = np.hypot(spread[:, 0], spread[:, 1]), np.sqrt((spread[:, 3:] ** 2).sum(axis=1))
    hardness = np.hypot(np.hypot(vertical, level), TURN_WEIGHT_MPS * turn)
    hz, alike = _stride(frame, hardness)
    stepping = (alike >= ALIKE) & (hardness >= WEAKEST_MPS2) & (frame.share_known > 0.5)
    hz = np.where(stepping, hz, np.nan)
    low = np.percentile(near[:, 2], 5, axis=1) + STANDARD_GRAVITY_MPS2
    return {
        "step_hz": hz,
        "step_alike": alike,
        "step_vertical_rms": vertical,
        "step_level_rms": level,
        "step_turn_rms": turn,
        "step_still": _still(near),
        "step_low_force": low,
        "step_run_nats": run_nats(hz, vertical),
    }


def run_nats(step_hz: FloatArray, vertical_rms: FloatArray) -> FloatArray:
    """Log-likelihood ratio of running against walking."""
    quick = (step_hz - 2.3) / 0.15
    hard = 4 * np.log(np.maximum(vertical_rms, 0.1) / (0.48 * STANDARD_GRAVITY_MPS2))
    return np.clip(quick + hard, -6.0, 6.0)


def _still(near: FloatArray) -> FloatArray:
    force, turn = np.einsum("sct,sct->st", near[:, :3], near[:, :3]), np.einsum("sct,sct->st", near[:, 3:], near[:, 3:])
    share: FloatArray = ((force < STILL_MPS2**2) & (turn < STILL_RADPS**2)).mean(axis=1)
    return share


@cache
def _bank() -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Waves (samples, 2 frequencies) under a Hann window, candidates (k,) [Hz], their strides as cosines, the taper."""
    half = SLOW_HZ / 2
    samples = int(SOUGHT_S * half)
    time_s = (np.arange(samples) - (samples - 1) / 2) / half
    taper = np.cos(np.pi * time_s / SOUGHT_S) ** 2
    spacing = 1 / (2 * SOUGHT_S)
    tone_hz = np.arange(np.ceil(_LOWEST_HZ / spacing), np.floor(_HALF_RATE_HZ / spacing)) * spacing
    phase = 2 * np.pi * time_s[:, None] * tone_hz
    waves = np.concatenate([np.cos(phase), np.sin(phase)], axis=1) * taper[:, None]
    step_hz = np.geomspace(SLOWEST_HZ, FASTEST_HZ, 100)
    stride_s = 2 / step_hz
    cosines = np.cos(2 * np.pi * tone_hz[:, None] * stride_s)
    lag = np.round(stride_s * 1000).astype(int)
    fine = np.cos(np.pi * np.arange(-SOUGHT_S / 2, SOUGHT_S / 2, 0.001) / SOUGHT_S) ** 2
    shrink = np.array([float(fine[k:] @ fine[: fine.size - k]) for k in lag]) / float(fine @ fine)
    return waves, step_hz, cosines, shrink


def _stride(frame: Frame, hardness: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Steps per second (count,) and how alike the motion is after a stride."""
    waves, step_hz, cosines, shrink = _bank()
    length = SOUGHT_S * SLOW_HZ
    first = HALO_S * SLOW_HZ + (SLOW_HZ + 1) // 2 - length // 2
    halved = frame.slow[first:]
    halved = halved[: halved.shape[0] // 2 * 2]
    every = np.lib.stride_tricks.sliding_window_view(frame.slow, length, axis=0)[first :: SLOW_HZ][: frame.count]
    pairs = every[:, :, 0::2] + every[:, :, 1::2]
    pairs = pairs - pairs.mean(axis=2, keepdims=True)
    pairs[:, 3:] *= TURN_WEIGHT_MPS
    tones = pairs @ waves
    power = np.einsum("sck,sck->sk", tones, tones)
    power = power[:, : power.shape[1] // 2] + power[:, power.shape[1] // 2 :]
    alike = (power @ cosines) / (power.sum(axis=1, keepdims=True) + 1e-12) / shrink
    ratio = np.log(np.maximum(hardness, 1e-6)[:, None] / (TRUNK_MPS2_PER_HZ2 * step_hz**2))
    score = alike * shrink**0.3 + 0.5 * np.minimum(ratio + 0.5, 0.0)
    best = np.argmax(score, axis=1)
    return step_hz[best], np.take_along_axis(alike, best[:, None], 1)[:, 0]

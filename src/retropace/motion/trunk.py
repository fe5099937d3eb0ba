"""Trunk: how a trunk moves over its steps, second by second; the same forward and backward unless a line says otherwise.

What needs the whole session, lean against standing and step length by satellites, are functions of what was heard.
"""

import functools
from collections.abc import Sequence

import numpy as np

from retropace.bout import Bout, whole_seconds
from retropace.motion.frame import HALO_S, SLOW_HZ, SLOW_PASS_HZ, WINDOW_S, Frame, around, rows, window_means
from retropace.motion.heard import Columns, Heard
from retropace.motion.samples import RATE_HZ
from retropace.motion.waist import AROUND_S, FELT, SWING_MPS2, bounce
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.signals import BoolArray, Grid, IntArray
from retropace.sources import cited

#: Over whole steps the ground carries the trunk and no more: a larger mean than this is a lift, a fall or a fault.
LARGEST_MEAN_MPS2 = cited(1.0, "m/s2", "design")
#: The rise of an impact is taken over this time [s]: shorter than any first peak, longer than the noise of one sample.
RISE_S = 0.02
#: Length of the windows that are compared with themselves a step and a stride later [s]; half-width of the search for
#: the best match, as a share of the step.
LIKENESS_S, LIKENESS_SEARCH = 4, 0.15
#: No stride is longer than this many slow samples, 2.4 s.
LONGEST_LAG = 60
#: Somebody stands in a second of which this share is still; so many such seconds make a reference.
STANDING_SHARE = cited(0.9, "ratio", "design")
STANDING_SECONDS = 3
#: Seconds with a speed over ground that a calibration needs, in one gait and one direction, and the slowest of them.
CALIBRATION_SECONDS = cited(20.0, "s", "design")
SLOWEST_CALIBRATION_MPS = cited(0.5, "m/s", "design")


def look(frame: Frame) -> Columns:
    """What a trunk does over its steps, per second, NaN where it does not step.

    `trunk_oscillation_m` from lowest to highest once a step. `trunk_impact_mps2` is the greatest rise of the vertical
    acceleration within `RISE_S`, mean over half seconds: compare it only with the same person's own forward.
    `trunk_regularity` and `trunk_symmetry`: likeness of strides, and that of steps over it. `trunk_smoothness`: log of
    dimensionless jerk, about -3.7 for a pure wave, lower the jerkier.
    """
    found, asked = bounce(frame), slice(AROUND_S, -AROUND_S)
    step_hz, swing = found.step_hz[asked], np.abs(found.swing[asked, 2])
    stepping = (swing > SWING_MPS2.low) & (frame.share_known > FELT.low)
    regularity, symmetry = _likeness(frame, step_hz)
    columns = {
        "trunk_oscillation_m": _oscillation_m(frame.slow_mean[:, 2], swing, step_hz),
        "trunk_impact_mps2": _impact_mps2(frame),
        "trunk_regularity": regularity,
        "trunk_symmetry": symmetry,
        "trunk_smoothness": _smoothness(frame, step_hz),
    }
    return {name: np.where(stepping, values, np.nan) for name, values in columns.items()}


def standing(heard: Heard) -> BoolArray:
    """Which seconds (m,) somebody stood still in."""
    return np.asarray(heard["step_still"] >= STANDING_SHARE.value)


def lean_rad(heard: Heard, ahead_rad: float, stood: BoolArray) -> FloatArray:
    """How far the trunk leans forward (m,) against how it stood in the seconds `stood` (m,); negative leans back.

    `ahead_rad` is where the person's front lies on the level axes that turn with the device, as the session model finds it.
    NaN throughout where nobody stood for `STANDING_SECONDS`.
    """
    up = np.stack([heard[f"turn_up_{axis}"] for axis in "xyz"], axis=1)
    reference = up[stood & np.isfinite(up).all(axis=1)]
    if len(reference) < STANDING_SECONDS:
        return np.full(len(heard), np.nan)
    upright = reference.mean(axis=0) / np.linalg.norm(reference.mean(axis=0))
    ahead = _righted(upright).T @ np.array([np.cos(ahead_rad), np.sin(ahead_rad), 0.0])
    lean: FloatArray = np.arctan2(-(up @ ahead), up @ upright)
    return lean


def axis_rad(heard: Heard, axis: tuple[float, float, float]) -> float:
    """Where an axis of the sensor points on the level axes that turn with the device [rad], anticlockwise.

    For somebody who says which side of the sensor faces the front: (0, 0, -1) where z points out of the lower back.
    NaN where too little was heard to know which way is up.
    """
    up = np.stack([heard[f"turn_up_{name}"] for name in "xyz"], axis=1)
    up = up[np.isfinite(up).all(axis=1)]
    if not len(up):
        return float("nan")
    hung = up[:HALO_S].mean(axis=0)
    level = _righted(hung / np.linalg.norm(hung)) @ np.array(axis)
    return float(np.arctan2(level[1], level[0]))


def _righted(upright: FloatArray) -> FloatArray:
    """(3, 3) the shortest turn that brings `upright` (3,) to z, as the device's axes are brought level."""
    x, y, z = upright.tolist()
    crossed = np.array([[0.0, 0.0, -x], [0.0, 0.0, -y], [x, y, 0.0]])
    return np.asarray(np.eye(3) + crossed + crossed @ crossed / max(1 + z, 1e-9))


def contact_s(heard: Heard) -> FloatArray:
    """Contact time (m,) of the running steps that begin in the two seconds around each second's middle.

    A single step is good to a tenth of a second only (limits of agreement of one sensor on the sacrum, forward): report
    medians of twenty steps and more. NaN where nobody runs. It needs no direction.
    """
    initial, final = heard.contacts.get("waist", (np.empty(0), np.empty(0)))
    begins = heard.time_s - (WINDOW_S - 1) / 2
    first, last = np.searchsorted(initial, begins), np.searchsorted(initial, begins + WINDOW_S)
    return np.where(heard["waist_run_nats"] > 0, _mean_between(final - initial, first, last), np.nan)


def step_length_m(heard: Heard, contact_s: FloatArray, grid: Grid, bouts: Sequence[Bout]) -> FloatArray:
    """Length of a step (m,), from how the trunk moved and a speed over ground that was known for some of the time.

    A walker rolls over a stiff leg: length grows with the root of the rise. A runner's trunk passes over the planted foot
    by much the same length at all speeds: speed grows with one over contact time. What is left is one factor, a person's
    own for each gait and direction: it is the median over the seconds of that gait and direction whose speed is known.
    Forward never stands in for backward. NaN where there are fewer than `CALIBRATION_SECONDS` of them.
    """
    shape = {Gait.WALK: np.sqrt(heard["trunk_oscillation_m"]), Gait.RUN: 1 / (contact_s * heard["waist_hz"])}
    speed = _speed_mps(heard, grid)
    known = np.where(speed >= SLOWEST_CALIBRATION_MPS.value, speed, np.nan) / heard["waist_hz"]
    length = np.full(len(heard), np.nan)
    for (gait, direction), inside in whole_seconds(heard.time_s, bouts).items():
        if gait in shape and direction in (Direction.FORWARD, Direction.BACKWARD):
            relation = shape[gait][inside]
            factors = known[inside] / relation
            factors = factors[np.isfinite(factors)]
            if factors.size >= CALIBRATION_SECONDS.value:
                length[inside] = np.median(factors) * relation
    return length


def _speed_mps(heard: Heard, grid: Grid) -> FloatArray:
    """The track's speed in the seconds heard (m,), NaN where it has none."""
    speed = np.full(len(heard), np.nan)
    _, rows, there = np.intersect1d(heard.time_s, grid.time_s, return_indices=True)
    speed[rows] = grid.speed_mps[there]
    return speed


def _oscillation_m(mean_mps2: FloatArray, swing: FloatArray, step_hz: FloatArray) -> FloatArray:
    """Twice the amplitude of the double integral at step frequency; higher waves hardly move the highest and lowest."""
    steady = np.abs(mean_mps2) <= LARGEST_MEAN_MPS2.value
    return np.where(steady, 2 * swing / (2 * np.pi * step_hz) ** 2, np.nan)


def _mean_between(values: FloatArray, first: IntArray, last: IntArray) -> FloatArray:
    known = np.isfinite(values)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    count = np.concatenate([[0], np.cumsum(known)])
    number = count[last] - count[first]
    return np.where(number > 0, (total[last] - total[first]) / np.maximum(number, 1), np.nan)


def _impact_mps2(frame: Frame) -> FloatArray:
    vertical = frame.acceleration_mps2[:, 2]
    later = round(RISE_S * RATE_HZ)
    rise = np.zeros(vertical.size)
    rise[:-later] = vertical[later:] - vertical[:-later]
    steepest = rise.reshape(-1, int(RATE_HZ) // 2).max(axis=1)
    return around(steepest) / (2 * WINDOW_S)


def _likeness(frame: Frame, step_hz: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Correlation (count,) of the vertical acceleration with itself a stride later, and that of a step later over it."""
    length = LIKENESS_S * SLOW_HZ
    first = HALO_S * SLOW_HZ - (length - SLOW_HZ) // 2
    waves, lags = _lagging()
    parts = rows(frame.slow[first:, 2], length, SLOW_HZ, frame.count) @ waves
    power = np.square(parts, out=parts).reshape(frame.count, 2, -1).sum(axis=1)
    alike = power @ lags / np.maximum(power.sum(axis=1), 1e-9)[:, None]
    step, stride = _best_near(alike, SLOW_HZ / step_hz, (1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return stride, np.where(stride > 0, step / stride, np.nan)


@functools.cache
def _lagging() -> tuple[FloatArray, FloatArray]:
    """Cosines and sines (100, 2 f) of a window less its mean, and from their power (f,) the likeness at each lag (f, lags).

    Only as many lags are wanted, and nothing above `SLOW_PASS_HZ` is in there: cheaper than a Fourier transform.
    """
    length = LIKENESS_S * SLOW_HZ
    hz = np.arange(1, SLOW_PASS_HZ * (length + LONGEST_LAG) / SLOW_HZ) * SLOW_HZ / (length + LONGEST_LAG)
    angle = 2 * np.pi * np.outer(np.arange(length) / SLOW_HZ, hz)
    lag = np.arange(LONGEST_LAG)
    lags = np.cos(2 * np.pi * np.outer(hz, lag / SLOW_HZ)) / (1 - lag / length)
    waves = np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
    return waves - waves.mean(axis=0), lags


def _best_near(alike: FloatArray, lag: FloatArray, times: Sequence[int]) -> FloatArray:
    """(k, n) the highest likeness within `LIKENESS_SEARCH` of each of k multiples of `lag` (n,) samples."""
    wide = np.multiply.outer(times, 1 + LIKENESS_SEARCH * np.linspace(-1, 1, 9))
    around_it = np.minimum(np.rint(wide[:, None] * lag[:, None]), alike.shape[1] - 1).astype(int)
    best: FloatArray = alike[np.arange(lag.size)[:, None], around_it].max(axis=2)
    return best


def _smoothness(frame: Frame, step_hz: FloatArray) -> FloatArray:
    felt = frame.slow[:, :3].T
    changed = np.zeros(felt.shape[1])
    step = felt[:, 1:] - felt[:, :-1]
    np.einsum("kt,kt->t", step, step, out=changed[:-1])
    samples = WINDOW_S * SLOW_HZ
    beyond = rows(changed[HALO_S * SLOW_HZ - (samples - SLOW_HZ) // 2 :], samples, SLOW_HZ, frame.count)[:, -1]
    rough = (samples * window_means(changed[None])[0] - beyond) / (samples - 1) * SLOW_HZ**2
    spread = np.square(frame.slow_spread[:, :3]).sum(axis=1)
    return np.asarray(-np.log(np.maximum(rough, 1e-12) / np.maximum(spread, 1e-9) / step_hz**2))

"""Waist: which way a trunk travels, read off its own bouncing, on the level axes that turn with the sensor.

Take the vertical velocity V and the level acceleration A at step frequency as complex amplitudes. A walker is an inverted
pendulum: highest is slowest, so the trunk gains speed along the travel while it falls, and the part of A that swings with V
points against the travel. A runner bounces: lowest is slowest, the trunk gains speed while it rises, and it points along.
Both hold whichever way the person faces, and nothing of them tells the facing: played backward in time V changes sign and A
does not, so the travel turns round, as it must.

    d = Re(A conj V);  walking: travel = -d / |d|;  running: travel = +d / |d|

Where the mark of walking and running is blurred, |d| is small and its sign is anybody's guess: silence. Skewness, jerk and
every other time-odd mark of the pelvis tells the person rather than the direction on real sensors, and is not used here.
"""

import functools

import numpy as np
import numpy.typing as npt

from retropace.motion.frame import SLOW_HZ, WINDOW_S, Frame, windows
from retropace.motion.heard import Columns, Heard
from retropace.motion.said import Said
from retropace.motion.samples import RATE_HZ
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.signals import BoolArray
from retropace.sources import Cited, cited

ComplexArray = npt.NDArray[np.complex128]

#: Step frequencies that are sought [Hz]: from a shuffle to a sprint; spacing of the search and of the fit.
SLOWEST_HZ, FASTEST_HZ = 0.9, 4.6
SEARCH_STEP_HZ, FIT_STEP_HZ = 0.1, 0.02
#: So many search steps may a peak of the velocity lie below that of the acceleration.
_LEANING = 2
#: Grounds on which the travel is known, each from where it counts nothing to where it counts in full. Share of the push
#: that swings with the rise; share of the vertical acceleration's variance that lies at step frequency; size of the
#: vertical and of the level acceleration there; nats of walking against running, either way.
IN_STEP = cited(0.6, "", "design", low=0.3, high=0.9)
REGULAR = cited(0.3, "", "design", low=0.1, high=0.45)
SWING_MPS2 = cited(0.8, "m/s2", "design", low=0.4, high=1.2)
PUSH_MPS2 = cited(0.35, "m/s2", "design", low=0.2, high=0.5)
SURE_NATS = cited(2.0, "", "design", low=1.0, high=3.0)
#: Share of the window that was really felt.
FELT = cited(0.85, "", "design", low=0.7, high=0.95)
_GROUNDS = (IN_STEP, REGULAR, SWING_MPS2, PUSH_MPS2, SURE_NATS, FELT)
_FROM = np.array([[ground.low] for ground in _GROUNDS])
_PER = 1 / (np.array([[ground.high] for ground in _GROUNDS]) - _FROM)
#: Vertical force at the lightest moment at which walking and running are equally likely, and the change that makes one e
#: times likelier: walkers keep 4 m/s2 or more on the ground, runners fly and have next to none.
FORCE_BETWEEN_MPS2 = cited(3.0, "m/s2", "design")
FORCE_PER_NAT_MPS2 = cited(0.5, "m/s2", "design")
#: The same of step frequency: somebody who steps slower than this walks, however lively. Quick steps alone say little.
STEP_BETWEEN_HZ = cited(2.2, "Hz", "design")
STEP_PER_NAT_HZ = cited(0.08, "Hz", "design")
STEP_NATS = cited(0.0, "", "design", low=-6.0, high=1.5)
#: Nobody is surer than this of walking or running [nats].
SUREST_NATS = 8.0
#: Concentration of a faultless window: a spread of about 14 degrees walking, 20 running.
BEST_KAPPA_WALKING = cited(16.0, "", "design")
BEST_KAPPA_RUNNING = cited(8.0, "", "design")
#: Bouncing and stepping differ in frequency by no more than this (as a logarithm).
OUT_OF_STEP = cited(0.22, "", "design")
#: Less than this is not worth saying.
LEAST_KAPPA = cited(0.3, "", "design")
#: Without a gyroscope the tilting of the trunk leaks into its level acceleration.
NO_GYROSCOPE_SHARE = cited(0.5, "", "design")
#: Log-odds that somebody's trunk pushes the other way round all session. Walking: nobody in validation/waist_events.md did.
#: Running rests on motion capture and few real runners.
INVERTED_WALKING_NATS = cited(-4.0, "", "design")
INVERTED_RUNNING_NATS = cited(-2.5, "", "design")

_SAMPLES = WINDOW_S * SLOW_HZ
#: Sample times of a window from its middle [s], and its weights: the same read from either end.
_TIME_S = (np.arange(_SAMPLES) - (_SAMPLES - 1) / 2) / SLOW_HZ
_HANN = 0.5 + 0.5 * np.cos(2 * np.pi * _TIME_S * SLOW_HZ / (_SAMPLES + 1))
_WEIGHT = _HANN / _HANN.sum()
#: Multiples of step frequency that are fitted together with it, so that none leaks into it: strides, and the second wave.
_HARMONICS = (0.5, 1.0, 1.5, 2.0)
#: Slower waves than this cannot be told from a trend in a window [Hz].
_SLOWEST_WAVE_HZ = 0.55


def look(frame: Frame) -> Columns:
    """Direction of travel of every second as felt on a trunk; NaN where nobody steps surely one way or the other.

    `waist_travel_rad` anticlockwise from the axis whose heading the device has, `waist_kappa` its concentration, `waist_hz`
    steps a second, `waist_run_nats` running against walking (the same either way in time).
    """
    felt = windows(on_device_axes(frame), SLOW_HZ, frame.count)
    step_hz = step_frequency_hz(felt[:, 2])
    swing = amplitudes(felt, step_hz)
    rising = swing[:, 2] / 1j  # its size, over 2 pi f, turns no direction
    pushed = (swing[:, :2] * np.conj(rising)[:, None]).real
    run_nats = running_nats(felt[:, 2], step_hz)
    travel = np.where(run_nats > 0, 1.0, -1.0)[:, None] * pushed
    stepping = (np.abs(swing[:, 2]) > SWING_MPS2.low) & (frame.share_known > FELT.low)
    kappa = _concentration(felt[:, 2], swing, pushed, run_nats, frame.share_known)
    kappa *= 1.0 if frame.turns else NO_GYROSCOPE_SHARE.value
    sure = stepping & (kappa > LEAST_KAPPA.value)
    return {
        "waist_travel_rad": np.where(sure, np.arctan2(travel[:, 1], travel[:, 0]), np.nan),
        "waist_kappa": np.where(sure, kappa, np.nan),
        "waist_hz": np.where(stepping, step_hz, np.nan),
        "waist_run_nats": np.where(stepping, run_nats, np.nan),
    }


def say(heard: Heard) -> Said:
    """What the travel of a trunk says: where it went on the device's axes, and never which way the person faced."""
    return _said("waist", heard, np.ones(len(heard), bool), INVERTED_WALKING_NATS)


def say_walking(heard: Heard) -> Said:
    """The same of the seconds that were walked."""
    return _said("waist_walk", heard, heard["waist_run_nats"] < 0, INVERTED_WALKING_NATS)


def say_running(heard: Heard) -> Said:
    """The same of the seconds that were run: another sign, and somebody may have that one alone the wrong way round."""
    return _said("waist_run", heard, heard["waist_run_nats"] > 0, INVERTED_RUNNING_NATS)


def _said(key: str, heard: Heard, asked: BoolArray, inverted: Cited) -> Said:
    silent = np.full(len(heard), np.nan)
    spoken = asked & _in_step(heard)
    travel, kappa = (np.where(spoken, heard[name], np.nan) for name in ("waist_travel_rad", "waist_kappa"))
    return Said(key, silent, silent, travel, kappa, inverted.value)


def _in_step(heard: Heard) -> BoolArray:
    """Where the trunk bounces (m,) as often as the whole motion steps, and both call it walking or both running.

    An overtone of the steps has a phase of its own, and the sign of the travel hangs on the gait: where two ways of telling
    either are at odds, nothing is said. What the steps do not know is no objection.
    """
    with np.errstate(invalid="ignore"):
        apart = np.abs(np.log(heard["waist_hz"] / heard["step_hz"])) > OUT_OF_STEP.value
    return np.asarray(~apart & ~(heard["waist_run_nats"] * heard["step_run_nats"] < 0))


def on_device_axes(frame: Frame) -> FloatArray:
    """(N/4, 3) slow acceleration on level axes that turn with the device, z up."""
    slow = frame.slow
    fine, every = frame.heading_rad, int(RATE_HZ) // SLOW_HZ
    heading = np.append(fine[:1], 0.5 * (fine[every - 1 : -1 : every] + fine[every::every]))  # as `slowed`
    turned = (slow[:, 0] + 1j * slow[:, 1]) * np.exp(-1j * heading)
    return np.stack([turned.real, turned.imag, slow[:, 2]], axis=1)


def step_frequency_hz(vertical_mps2: FloatArray) -> FloatArray:
    """Steps a second (n,) of windows (n, 50) of vertical acceleration.

    The highest peak of the vertical velocity tells steps from their overtones; where exactly it lies, the acceleration.
    """
    centred = vertical_mps2 - vertical_mps2.mean(axis=1, keepdims=True)
    found_hz, bank = _search()
    power = ((centred @ bank) ** 2).reshape(len(centred), 2, found_hz.size).sum(axis=1)
    last = found_hz.size - 2
    near = (power / found_hz**2)[:, 1:-1].argmax(axis=1)[:, None] + np.arange(1 - _LEANING, 2 + _LEANING)
    near = np.minimum(np.maximum(near, 1), last)
    top = near[np.arange(len(near)), np.take_along_axis(power, near, axis=1).argmax(axis=1)]
    below, at, above = np.log(np.take_along_axis(power, top[:, None] + np.arange(-1, 2), axis=1) + 1e-12).T
    bend = np.minimum(below - 2 * at + above, -1e-9)
    return np.asarray(found_hz[top] + SEARCH_STEP_HZ * _between(0.5 * (below - above) / bend, -0.5, 0.5))


def amplitudes(felt: FloatArray, step_hz: FloatArray) -> ComplexArray:
    """(n, k) complex amplitudes at `step_hz` (n,) of windows `felt` (n, k, 50): Hann-weighted least squares."""
    fit_hz, bank = _fit()
    nearest = np.rint((step_hz - fit_hz[0]) / FIT_STEP_HZ).astype(int)
    parts = felt @ bank[nearest]
    return np.asarray(parts[:, :, 0] - 1j * parts[:, :, 1])


def running_nats(vertical_mps2: FloatArray, step_hz: FloatArray) -> FloatArray:
    """Running against walking (n,): hardly any force on the ground at the lightest moment, and quick steps."""
    lightest = STANDARD_GRAVITY_MPS2 + np.partition(vertical_mps2, 2, axis=1)[:, 2]
    by_force = (FORCE_BETWEEN_MPS2.value - lightest) / FORCE_PER_NAT_MPS2.value
    by_steps = (step_hz - STEP_BETWEEN_HZ.value) / STEP_PER_NAT_HZ.value
    told = _between(by_force, -SUREST_NATS, SUREST_NATS) + _between(by_steps, STEP_NATS.low, STEP_NATS.high)
    return _between(told, -SUREST_NATS, SUREST_NATS)


def _between(values: FloatArray, low: float, high: float) -> FloatArray:
    return np.minimum(np.maximum(values, low), high)


def _concentration(
    vertical: FloatArray, swing: ComplexArray, pushed: FloatArray, run_nats: FloatArray, known: FloatArray
) -> FloatArray:
    """How surely (n,) the travel is known; zero where one of its grounds is missing altogether."""
    push, lift = np.sqrt((np.abs(swing[:, :2]) ** 2).sum(axis=1)), np.abs(swing[:, 2])
    in_step = np.hypot(pushed[:, 0], pushed[:, 1]) / np.maximum(push * lift, 1e-9)
    spread = (vertical**2) @ _WEIGHT - (vertical @ _WEIGHT) ** 2
    share = 0.5 * lift**2 / np.maximum(spread, 1e-9)
    grounds = np.stack([in_step, share, lift, push, np.abs(run_nats), known])
    best = np.where(run_nats > 0, BEST_KAPPA_RUNNING.value, BEST_KAPPA_WALKING.value)
    counts = np.minimum(np.maximum((grounds - _FROM) * _PER, 0.0), 1.0)
    return np.asarray(best * counts.prod(axis=0))


@functools.cache
def _search() -> tuple[FloatArray, FloatArray]:
    """Frequencies (f,) and weighted cosines and sines (50, 2 f) to find them with."""
    found_hz = np.arange(SLOWEST_HZ - SEARCH_STEP_HZ, FASTEST_HZ + 1.5 * SEARCH_STEP_HZ, SEARCH_STEP_HZ)
    angle = 2 * np.pi * np.outer(_TIME_S, found_hz)
    return found_hz, np.concatenate([np.cos(angle), np.sin(angle)], axis=1) * _HANN[:, None]


@functools.cache
def _fit() -> tuple[FloatArray, FloatArray]:
    """Frequencies (f,) and the rows (f, 50, 2) that give the cosine and sine at each, all harmonics fitted at once."""
    fit_hz = np.arange(SLOWEST_HZ - SEARCH_STEP_HZ, FASTEST_HZ + 1.5 * SEARCH_STEP_HZ, FIT_STEP_HZ)
    return fit_hz, np.stack([_rows(float(step_hz)) for step_hz in fit_hz])


def _rows(step_hz: float) -> FloatArray:
    waves = [step_hz] + [k * step_hz for k in _HARMONICS if k != 1.0 and k * step_hz > _SLOWEST_WAVE_HZ]
    angles = [2 * np.pi * hz * _TIME_S for hz in waves]
    shapes = [part(angle) for angle in angles for part in (np.cos, np.sin)]
    model = np.stack([*shapes, np.ones(_SAMPLES), _TIME_S], axis=1)
    weight = np.sqrt(_HANN)
    return np.asarray((np.linalg.pinv(model * weight[:, None]) * weight)[:2].T)

"""Waist: which way a trunk travels, read off its own bouncing, on the level axes that turn with the sensor.

Take the vertical velocity V and the level acceleration A at step frequency as complex amplitudes. A walker is an inverted
pendulum: highest is slowest, so the trunk gains speed along the travel while it falls, and the part of A that swings with V
points against the travel. A runner bounces: lowest is slowest, the trunk gains speed while it rises, and it points along.
Both hold whichever way the person faces, and nothing of them tells the facing: played backward in time V changes sign and A
does not, so the travel turns round, as it must.

    d = Re(A conj V);  walking: travel = -d / |d|;  running: travel = +d / |d|

Where the mark of walking and running is blurred, |d| is small and its sign is anybody's guess: silence. The same where the
sensor, off the middle of the trunk, may rise and fall by the trunk's turning rather than with its weight. Skewness, jerk
and every other time-odd mark of the pelvis tells the person rather than the direction on real sensors: not used here.
"""

import functools
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from retropace.motion.constancy import begun, constant
from retropace.motion.frame import HALO_S, SLOW_HZ, WINDOW_S, Frame, once, rows
from retropace.motion.heard import Columns, Heard
from retropace.motion.said import Said
from retropace.motion.samples import RATE_HZ
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.signals import BoolArray, running_mean
from retropace.sources import Cited, cited

ComplexArray = npt.NDArray[np.complex128]

#: Step frequencies that are sought [Hz]: from a shuffle to a sprint; spacing of the search and of the fit.
SLOWEST_HZ, FASTEST_HZ = 0.9, 4.6
SEARCH_STEP_HZ, FIT_STEP_HZ = 0.1, 0.02
#: Slower steps are not looked for behind what may be their overtone: that is a shuffle, which has no such wave [Hz].
SLOWEST_WALK_HZ = 1.1
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
#: A sensor on a belt sits so far from the middle of the trunk [m], so that turning at step frequency adds to its rise or
#: takes from it. How many times as much as that it must rise: 1/1.7 of it may shift its phase by 36 degrees, and many a
#: gait's own phase is 45 degrees off.
OFF_MIDDLE_M = cited(0.1, "m", "design")
OUTDOES_TURNING = cited(2.5, "", "design", low=1.7, high=3.3)
#: Vertical acceleration at step frequency of a trunk on half sines of force without flight between them [m/s2]: whoever
#: flies has more of it, whoever walks less. How far from it, as a logarithm either way, the sign of the push is known.
BOUNCE_MPS2 = 2 / 3 * STANDARD_GRAVITY_MPS2
FROM_BOUNCE = cited(0.25, "", "design", low=0.15, high=0.35)
#: Share of the window that was really felt.
FELT = cited(0.85, "", "design", low=0.7, high=0.95)
_GROUNDS = (IN_STEP, REGULAR, SWING_MPS2, PUSH_MPS2, SURE_NATS, OUTDOES_TURNING, FROM_BOUNCE, FELT)
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
#: An even gait pushes always at the same moment of its rise. Mean length of unit vectors for that moment over the seconds
#: that are joined: 0.8 is a spread of 38 degrees, 0.5 one of 67.
STEADY = cited(0.65, "", "design", low=0.5, high=0.8)
#: Whoever is less sure says nothing: of five seconds that are so sure, each counted half for their overlap, one in a hundred
#: points to the wrong half.
LEAST_KAPPA = cited(1.5, "", "design")
#: Without a gyroscope the tilting of the trunk leaks into its level acceleration.
NO_GYROSCOPE_SHARE = cited(0.5, "", "design")
#: Log-odds that somebody's trunk pushes the other way round all session. Walking: nobody in validation/waist_events.md did.
#: Running rests on motion capture and few real runners.
INVERTED_WALKING_NATS = cited(-4.0, "", "design")
INVERTED_RUNNING_NATS = cited(-2.5, "", "design")

#: How long before and after a change of gait the two are compared [s]; how surely each must be heard, as a sum of
#: concentrations: as three sure seconds; what a change says at most, and all of them [nats]: the phases of one person err
#: together, and one of them may have turned round unseen (design).
CHANGING_S = 12
CHANGED_KAPPA = 15.0
CHANGED_NATS, MOST_CHANGED_NATS = 2.0, 4.0

_SAMPLES = WINDOW_S * SLOW_HZ
#: Sample times of a window from its middle [s], and its weights: the same read from either end.
_TIME_S = (np.arange(_SAMPLES) - (_SAMPLES - 1) / 2) / SLOW_HZ
_HANN = 0.5 + 0.5 * np.cos(2 * np.pi * _TIME_S * SLOW_HZ / (_SAMPLES + 1))
_WEIGHT = _HANN / _HANN.sum()
_EVEN = np.full(_SAMPLES, 1 / _SAMPLES)
#: Multiples of step frequency that are fitted together with it, so that none leaks into it: strides, and the second wave.
_HARMONICS = (0.5, 1.0, 1.5, 2.0)
#: Slower waves than this cannot be told from a trend in a window [Hz].
_SLOWEST_WAVE_HZ = 0.55
#: Seconds before and after those of a frame whose bouncing is worked out as well.
AROUND_S = 2


@dataclass(frozen=True, slots=True)
class Bounce:
    """How a trunk bounces in n windows of two seconds; whoever does not stir has no swing.

    `step_hz` (n,) steps a second; `swing` (n, 5) complex amplitudes there of the level acceleration on axes that turn with
    the device, of the vertical one [m/s2], and of the level rotation [rad/s]; `run_nats` (n,) running against walking;
    `spread` (n,) variance of the vertical acceleration, less that of an overtone that had been taken for the steps.
    """

    step_hz: FloatArray
    swing: ComplexArray
    run_nats: FloatArray
    spread: FloatArray


def look(frame: Frame) -> Columns:
    """Direction of travel of every second as felt on a trunk; NaN where nobody steps surely one way or the other.

    `waist_travel_rad` anticlockwise from the axis whose heading the device has, `waist_kappa` its concentration, `waist_hz`
    steps a second, `waist_run_nats` running against walking (the same either way in time).
    """
    found, known = bounce(frame), _share_known(frame)
    phase = np.nan_to_num(found.swing[:, :2] * np.conj(found.swing[:, 2:3] / 1j))  # 2 pi f turns no direction
    stepping = (np.abs(found.swing[:, 2]) > SWING_MPS2.low) & (known > FELT.low)
    kappa = np.where(stepping, np.nan_to_num(_concentration(found, phase.real, known)), 0.0)  # no axes, no direction
    kappa *= 1.0 if frame.turns else NO_GYROSCOPE_SHARE.value
    way = np.where(found.run_nats > 0, 1.0, -1.0)
    travel_rad, kappa = _joined(way * (phase[:, 0].real + 1j * phase[:, 1].real), kappa)
    kappa *= _between((_steadiness(phase, stepping) - STEADY.low) / (STEADY.high - STEADY.low), 0.0, 1.0)
    asked = slice(AROUND_S, -AROUND_S)
    stepping, sure = stepping[asked], stepping[asked] & (kappa > LEAST_KAPPA.value)
    return {
        "waist_travel_rad": np.where(sure, travel_rad, np.nan),
        "waist_kappa": np.where(sure, kappa, np.nan),
        "waist_hz": np.where(stepping, found.step_hz[asked], np.nan),
        "waist_run_nats": np.where(stepping, found.run_nats[asked], np.nan),
    }


def _joined(towards: ComplexArray, kappa: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Travel [rad] of each second but the first and last `AROUND_S`, joined with those around it, and how surely.

    Whoever goes `towards` somewhere (n,) goes there for a while: what only a window or two say among silent ones counts
    little, and nothing what those around it gainsay.
    """
    own = towards / np.maximum(np.abs(towards), 1e-12)
    mean = _around(kappa * own) / (2 * AROUND_S + 1)
    return np.angle(mean), np.maximum((mean * np.conj(own[AROUND_S:-AROUND_S])).real, 0.0)


def _steadiness(phase: ComplexArray, stepping: BoolArray) -> FloatArray:
    """How alike the push (n, 2) lies to the rise in the seconds around each but the outermost: 1 in an even gait."""
    size = np.sqrt(np.square(np.abs(phase)).sum(axis=1))
    x, y = (phase * np.where(stepping, 1 / np.maximum(size, 1e-12), 0.0)[:, None]).T
    mean = np.sqrt(np.abs(_around(x)) ** 2 + np.abs(_around(y)) ** 2)
    return np.asarray(mean / np.maximum(_around(stepping.astype(complex)).real, 1.0))


def _around(values: ComplexArray) -> ComplexArray:
    """Sums over the seconds around each of `values` (n,) but the first and last `AROUND_S`."""
    size = values.size - 2 * AROUND_S
    return sum((values[at : at + size] for at in range(2 * AROUND_S + 1)), np.zeros(size, complex))


def _share_known(frame: Frame) -> FloatArray:
    """Share (n,) of each window that was really felt, of the seconds of `frame` and `AROUND_S` before and after them."""
    first, count = 2 * (HALO_S - AROUND_S) - 1, 2 * (frame.count + 2 * AROUND_S)
    felt = sum((frame.felt[at : at + count : 2] for at in range(first, first + 2 * WINDOW_S)), np.zeros(count // 2))
    return np.asarray(felt / (WINDOW_S * RATE_HZ))


def say(heard: Heard) -> Said:
    """What the travel of a trunk says: where it went on the device's axes, and never which way the person faced."""
    return _said("waist", heard, np.ones(len(heard), bool), INVERTED_WALKING_NATS)


def say_walking(heard: Heard) -> Said:
    """The same of the seconds that were walked."""
    return _said("waist_walk", heard, heard["waist_run_nats"] < 0, INVERTED_WALKING_NATS)


def say_running(heard: Heard) -> Said:
    """The same of the seconds that were run: another sign, and somebody may have that one alone the wrong way round."""
    said = _said("waist_run", heard, heard["waist_run_nats"] > 0, INVERTED_RUNNING_NATS)
    return replace(said, shown_nats=lambda: -_carried_over_nats(heard))


def _carried_over_nats(heard: Heard) -> float:
    """What says that this trunk, when it runs, points as it does when it walks, rather than the other way [nats].

    Who breaks into a run, or falls back into a walk, without a stop or a spin goes on the same way (`constancy`). So where
    both gaits are heard on either side of such a change, they are seen to agree, or not: of this very person.
    """
    walked, ran = (_heard_to_go(heard, runs=runs) for runs in (False, True))
    number = np.cumsum(begun(heard))
    runs = running_mean(np.nan_to_num(heard["waist_run_nats"]), AROUND_S) > 0
    changes = np.flatnonzero((runs[1:] != runs[:-1]) & (number[1:] == number[:-1])) + 1
    nats = 0.0
    for at in changes.tolist():
        first, last = (walked, ran) if runs[at] else (ran, walked)
        before = first[max(at - CHANGING_S, 0) : at] @ (number[max(at - CHANGING_S, 0) : at] == number[at])
        after = last[at : at + CHANGING_S] @ (number[at : at + CHANGING_S] == number[at])
        if min(abs(before), abs(after)) >= CHANGED_KAPPA:
            nats += CHANGED_NATS * float(np.cos(np.angle(before * np.conj(after))))
    return float(np.clip(nats, -MOST_CHANGED_NATS, MOST_CHANGED_NATS))


def _heard_to_go(heard: Heard, *, runs: bool) -> ComplexArray:
    """(m,) where the trunk goes in one gait on the device's axes, as long as sure; 0 where it is silent."""
    asked = (heard["waist_run_nats"] > 0) == runs
    spoken = asked & _in_step(heard) & np.isfinite(heard["waist_travel_rad"])
    towards = np.nan_to_num(heard["waist_kappa"]) * np.exp(1j * np.nan_to_num(heard["waist_travel_rad"]))
    return np.where(spoken, towards, 0.0)


def _said(key: str, heard: Heard, asked: BoolArray, inverted: Cited) -> Said:
    silent = np.full(len(heard), np.nan)
    spoken = asked & _in_step(heard)
    travel, kappa = (np.where(spoken, heard[name], np.nan) for name in ("waist_travel_rad", "waist_kappa"))
    return constant(Said(key, silent, silent, travel, kappa, inverted.value), heard)


@once
def _in_step(heard: Heard) -> BoolArray:
    """Where the trunk bounces (m,) as often as the whole motion steps, and both call it walking or both running.

    An overtone of the steps has a phase of its own, and the sign of the travel hangs on the gait: where two ways of telling
    either are at odds, nothing is said. What the steps do not know, or not surely, is no objection.
    """
    with np.errstate(invalid="ignore"):
        apart = np.abs(np.log(heard["waist_hz"] / heard["step_hz"])) > OUT_OF_STEP.value
        surely = np.abs(heard["step_run_nats"]) > SURE_NATS.low
    return np.asarray(~apart & ~(surely & (heard["waist_run_nats"] * heard["step_run_nats"] < 0)))


@once
def bounce(frame: Frame) -> Bounce:
    """The bouncing of every second of `frame`, and of `AROUND_S` more before and after them."""
    felt = _felt(frame)
    vertical = np.ascontiguousarray(felt[:, 2])
    if _stirs(vertical):
        return _bounce(felt, vertical)
    n = len(felt)
    return Bounce(np.full(n, SLOWEST_HZ), np.zeros((n, 5), complex), np.zeros(n), np.zeros(n))


def _felt(frame: Frame) -> FloatArray:
    """(n, 5, 50) windows: acceleration on level axes that turn with the device, z up, and level rotation on any axes."""
    axes = _device_axes(frame)
    first = (HALO_S - AROUND_S) * SLOW_HZ - (_SAMPLES - SLOW_HZ) // 2
    return rows(axes[:, first:], _SAMPLES, SLOW_HZ, frame.count + 2 * AROUND_S).transpose(1, 0, 2).copy()


def _stirs(vertical_mps2: FloatArray) -> bool:
    """Whether a swing that counts may be in any of the windows (n, 50)."""
    variance = np.square(vertical_mps2) @ _EVEN - np.square(vertical_mps2 @ _EVEN)
    return bool(_fit()[2] * _SAMPLES * variance.max() > SWING_MPS2.low**2)


def _bounce(felt: FloatArray, vertical: FloatArray) -> Bounce:
    step_hz = step_frequency_hz(vertical)
    swing = amplitudes(felt, step_hz)
    spread = np.square(vertical) @ _WEIGHT - np.square(vertical @ _WEIGHT)
    size = np.abs(swing[:, 2])
    doubtful = np.flatnonzero((step_hz >= 2 * SLOWEST_WALK_HZ) & (SWING_MPS2.low < size) & (size < BOUNCE_MPS2))
    if doubtful.size:
        half = amplitudes(felt[doubtful], step_hz[doubtful] / 2)
        overtone = _is_overtone(swing[doubtful], half)
        mended, half = doubtful[overtone], half[overtone]
        spread[mended] -= 0.5 * size[mended] ** 2
        step_hz[mended] /= 2
        swing[mended] = half
    return Bounce(step_hz, swing, running_nats(vertical, step_hz), spread)


def _is_overtone(swing: ComplexArray, half: ComplexArray) -> BoolArray:
    """Where what was taken for steps (n, 5) is their overtone: the trunk goes further `half` as often on the same axis.

    Half as often as steps come strides, in which a trunk sways; but that is across the travel.
    """
    (x, y, z), (half_x, half_y, half_z) = swing[:, :3].T, half[:, :3].T
    more, aslant, level = _axes(x, y)
    half_more, half_aslant, half_level = _axes(half_x, half_y)
    shared = more * half_more + aslant * half_aslant
    on_axis = 0.5 * (half_level + shared / np.maximum(np.hypot(more, aslant), 1e-9))
    further = 4 * on_axis > level + np.abs(z) ** 2  # half the frequency: twice the speed for as much acceleration
    return np.asarray(further & (np.abs(half_z) > SWING_MPS2.low))


def _axes(x: ComplexArray, y: ComplexArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How much more of two amplitudes lies along x than y, along their diagonal than the other, and along both."""
    across, up = np.abs(x) ** 2, np.abs(y) ** 2
    return across - up, 2 * (x * np.conj(y)).real, across + up


def _device_axes(frame: Frame) -> FloatArray:
    """(5, N/4) slow acceleration on level axes that turn with the device, z up, and level rotation as it is."""
    x, y, z, tilt, roll = frame.slow.T[:5]
    fine, every = frame.heading_rad, int(RATE_HZ) // SLOW_HZ
    heading = np.empty(x.size)
    heading[0] = fine[0]
    np.add(fine[every - 1 : -1 : every], fine[every::every], out=heading[1:])  # as the slow copy lies
    heading[1:] *= 0.5
    ahead, aside = np.cos(heading), np.sin(heading)
    return np.stack([x * ahead + y * aside, y * ahead - x * aside, z, tilt, roll])


def step_frequency_hz(vertical_mps2: FloatArray) -> FloatArray:
    """Steps a second (n,) of windows (n, 50) of vertical acceleration.

    The highest peak of the vertical velocity tells steps from their overtones; where exactly it lies, the acceleration.
    """
    found_hz, bank, slowness = _search()
    power = np.square(vertical_mps2 @ bank)
    power = power[:, : found_hz.size] + power[:, found_hz.size :]
    begins, last = np.arange(0, power.size, found_hz.size), found_hz.size - 2
    near = (power * slowness)[:, 1:-1].argmax(axis=1)[:, None] + np.arange(1 - _LEANING, 2 + _LEANING)
    near = np.minimum(np.maximum(near, 1), last) + begins[:, None]
    power = power.ravel()
    at = near[np.arange(len(near)), power[near].argmax(axis=1)]
    below, middle, above = np.log(power[np.stack([at - 1, at, at + 1])] + 1e-12)
    bend = np.minimum(below - 2 * middle + above, -1e-9)
    return np.asarray(found_hz[at - begins] + SEARCH_STEP_HZ * _between(0.5 * (below - above) / bend, -0.5, 0.5))


def amplitudes(felt: FloatArray, step_hz: FloatArray) -> ComplexArray:
    """(n, k) complex amplitudes at `step_hz` (n,) of windows `felt` (n, k, 50): Hann-weighted least squares."""
    fit_hz, bank, _ = _fit()
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


def _concentration(found: Bounce, pushed: FloatArray, known: FloatArray) -> FloatArray:
    """How surely (n,) the travel is known; zero where one of its grounds is missing altogether."""
    size = np.abs(found.swing)
    push, lift, turning = np.hypot(size[:, 0], size[:, 1]), size[:, 2], np.hypot(size[:, 3], size[:, 4])
    in_step = np.hypot(pushed[:, 0], pushed[:, 1]) / np.maximum(push * lift, 1e-9)
    share = 0.5 * lift**2 / np.maximum(found.spread, 1e-9)
    by_turning = 2 * np.pi * found.step_hz * turning * OFF_MIDDLE_M.value
    from_bounce = np.abs(np.log(np.maximum(lift, 1e-9) / BOUNCE_MPS2))
    over = lift / np.maximum(by_turning, 1e-9)
    grounds = np.stack([in_step, share, lift, push, np.abs(found.run_nats), over, from_bounce, known])
    best = np.where(found.run_nats > 0, BEST_KAPPA_RUNNING.value, BEST_KAPPA_WALKING.value)
    counts = np.minimum(np.maximum((grounds - _FROM) * _PER, 0.0), 1.0)
    return np.asarray(best * counts.prod(axis=0))


@functools.cache
def _search() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Frequencies (f,), weighted cosines and sines (50, 2 f) to find them with whatever the mean, 1 / frequency squared."""
    found_hz = np.arange(SLOWEST_HZ - SEARCH_STEP_HZ, FASTEST_HZ + 1.5 * SEARCH_STEP_HZ, SEARCH_STEP_HZ)
    angle = 2 * np.pi * np.outer(_TIME_S, found_hz)
    bank = np.concatenate([np.cos(angle), np.sin(angle)], axis=1) * _HANN[:, None]
    return found_hz, bank - bank.mean(axis=0), 1 / found_hz**2


@functools.cache
def _fit() -> tuple[FloatArray, FloatArray, float]:
    """Frequencies (f,), the rows (f, 50, 2) that give the cosine and sine at each, all harmonics fitted at once.

    And the squared size of the largest of them: no amplitude is larger, squared, than that times the sum of squares.
    """
    fit_hz = np.arange(SLOWEST_HZ - SEARCH_STEP_HZ, FASTEST_HZ + 1.5 * SEARCH_STEP_HZ, FIT_STEP_HZ)
    bank = np.stack([_rows(float(step_hz)) for step_hz in fit_hz])
    return fit_hz, bank, float((bank**2).sum(axis=(1, 2)).max())


def _rows(step_hz: float) -> FloatArray:
    waves = [step_hz] + [k * step_hz for k in _HARMONICS if k != 1.0 and k * step_hz > _SLOWEST_WAVE_HZ]
    angles = [2 * np.pi * hz * _TIME_S for hz in waves]
    shapes = [part(angle) for angle in angles for part in (np.cos, np.sin)]
    model = np.stack([*shapes, np.ones(_SAMPLES), _TIME_S], axis=1)
    weight = np.sqrt(_HANN)
    return np.asarray((np.linalg.pinv(model * weight[:, None]) * weight)[:2].T)

"""Centre of mass: its acceleration, velocity and position in closed form, step by step.

A running step is a push of the ground followed by free flight; a walking step is an inverted pendulum, highest and slowest
over the planted foot. Each axis of each step is the sum of a constant (gravity in flight), two harmonics (walking) and two
pulses inside the support: a push with a given impulse, and a brake-then-push without any. The sizes of the two pulses follow
from the velocities at both ends of the step and the distance covered, so velocity and position join without a seam, and a
step covers exactly its speed times its time.

Backward is forward with time reversed: forward the landing is hard and the take-off soft, backward the reverse (Cavagna
2011). Only the order of the two is published; the shares below are design.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.simulate.footsteps import Footing, Footsteps
from retropace.simulate.stride import DOUBLE_SUPPORT_SHARE
from retropace.sources import cited

#: Share of a running contact in which the vertical push rises, forward; backward it is one minus that.
RISE_SHARE = cited(0.42, "", "cavagna_2011", "design", note="the order is published, the share is ours")
#: Share of a running contact in which the ground brakes, forward; backward it is one minus that.
BRAKE_SHARE = cited(0.45, "", "cavagna_2011", "design", note="the order is published, the share is ours")
#: Speed lost in the braking half of a running contact, as a share of speed.
BRAKE_IMPULSE = cited(0.07, "", "design")
#: Rise of the centre of mass of a walker, as a share of that of a stiff-legged pendulum.
PENDULUM_SHARE = cited(0.55, "", "design")
#: Share of that rise's energy which comes out of the forward speed.
EXCHANGE_SHARE = cited(0.6, "", "design")
#: Largest half-swing of walking speed, as a share of speed.
LARGEST_RIPPLE = cited(0.15, "", "design")
#: Second harmonic of a walker's vertical acceleration, as a share of the first: hard landing forward, reversed backward.
SECOND_HARMONIC = cited(
    0.35, "", "cavagna_2011", "design", note="the order is published for running, the share is ours"
)
#: Sideways speed at initial contact, towards the landing foot [m/s].
SWAY_WALK_MPS = cited(0.15, "m/s", "design")
SWAY_RUN_MPS = cited(0.05, "m/s", "design")


@dataclass(frozen=True, slots=True)
class Motion:
    """Position [m], velocity [m/s], acceleration [m/s2], each (m, 3): along the travel, to its left, up."""

    position_m: FloatArray
    velocity_mps: FloatArray
    acceleration_mps2: FloatArray


@dataclass(frozen=True, slots=True)
class _Axis:
    """Coefficients of one axis, each (n,): `cosine`, `sine`, `sine_twice` are accelerations at the step frequency."""

    position_m: FloatArray
    velocity_mps: FloatArray
    constant: FloatArray
    cosine: FloatArray
    sine: FloatArray
    sine_twice: FloatArray
    push: FloatArray
    brake: FloatArray


def centre_of_mass(steps: Footsteps, time_s: FloatArray, leg_length_m: float) -> Motion:
    """Motion of the centre of mass at `time_s` (m,); position counts from each step's start, height from standing."""
    number, tau = steps.under_way(time_s)
    axes = (_along(steps, leg_length_m), _sideways(steps), _upward(steps, leg_length_m))
    shapes = _Shapes.at(steps, number, tau)
    states = [_state(axis, shapes, number, tau) for axis in axes]
    return Motion(*(np.stack(columns, axis=1) for columns in zip(*states, strict=True)))


def in_flight(steps: Footsteps, time_s: FloatArray) -> npt.NDArray[np.bool_]:
    """Where neither foot is on the ground (m,)."""
    number, tau = steps.under_way(time_s)
    return np.asarray((steps.footing[number] == Footing.RUN) & (tau > steps.support_s[number]))


def free_fall(acceleration_mps2: FloatArray, flying: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """How far a body in flight is from free fall: medians of |a_z + g| and of the horizontal acceleration [m/s2].

    `acceleration_mps2` (m, 3) with z up, `flying` (m,). A motion that claims flight and shows more than 2 in either is not
    that of a thrown body (the gate of the direction work). NaN where nothing flies.

    >>> free_fall(np.array([[0.1, 0.0, -9.80665], [3.0, 0.0, 12.0]]), np.array([True, False]))
    (0.0, 0.1)
    """
    if not np.any(flying):
        return float("nan"), float("nan")
    air = acceleration_mps2[flying]
    vertical = np.abs(air[:, 2] + STANDARD_GRAVITY_MPS2)
    return float(np.median(vertical)), float(np.median(np.hypot(air[:, 0], air[:, 1])))


def shared(values: FloatArray, planted: npt.NDArray[np.bool_]) -> FloatArray:
    """Values (n + 1,) at the ends of steps: the mean of both neighbours, zero beside a planted stretch."""
    padded = np.concatenate((values[:1], values, values[-1:]))
    still = np.concatenate(([True], planted, [True])) if planted.any() else np.zeros(padded.size, bool)
    return np.where(still[1:] | still[:-1], 0.0, (padded[1:] + padded[:-1]) / 2)


def pulse(tau: FloatArray, width: FloatArray, rise: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """A push of unit impulse from 0 to `width`, peaking at `rise` of it: acceleration and its first and second integral."""
    top = rise * width
    fall = width - top
    up = 0.5 * np.pi * np.clip(tau, 0, top) / top
    down = 0.5 * np.pi * np.clip(tau - top, 0, fall) / fall
    sin_down, cos_up = np.sin(down), np.cos(up)
    acceleration = (0.5 * np.pi / width) * np.where(tau < top, np.sin(up), np.cos(down))
    velocity = rise * (1 - cos_up) + (1 - rise) * sin_down
    rising = rise * (2 / np.pi) * (top * (up - np.sin(up)) + fall * down)
    falling = (1 - rise) * fall * (2 / np.pi) * (1 - np.cos(down))
    return acceleration, velocity, rising + falling + np.maximum(tau - width, 0)


def brake_then_push(tau: FloatArray, width: FloatArray, share: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Unit impulse backwards in time `share` of `width`, then the same forwards: acceleration and its two integrals."""
    half = np.full_like(width, 0.5)
    brake = pulse(tau, share * width, half)
    push = pulse(tau - share * width, (1 - share) * width, half)
    return push[0] - brake[0], push[1] - brake[1], push[2] - brake[2]


def peak_height_m(speed_mps: FloatArray, period_s: FloatArray, leg_length_m: float) -> FloatArray:
    """Rise of a walker's centre of mass from its lowest to its highest point."""
    half_step = np.minimum(speed_mps * period_s / 2, 0.6 * leg_length_m)
    return np.asarray(PENDULUM_SHARE.value * (leg_length_m - np.sqrt(leg_length_m**2 - half_step**2)))


def _mirrored(share: float, steps: Footsteps) -> FloatArray:
    return np.where(steps.backward(), 1 - share, share)


def _rise(steps: Footsteps) -> FloatArray:
    return np.where(steps.footing == Footing.RUN, _mirrored(RISE_SHARE.value, steps), 0.5)


def _brake(steps: Footsteps) -> FloatArray:
    return np.where(steps.footing == Footing.RUN, _mirrored(BRAKE_SHARE.value, steps), 0.5)


def _walks(steps: Footsteps) -> npt.NDArray[np.bool_]:
    return np.asarray(steps.footing == Footing.WALK)


def _along(steps: Footsteps, leg_length_m: float) -> _Axis:
    rise_m = peak_height_m(steps.speed_mps, steps.period_s, leg_length_m)
    speed = np.maximum(steps.speed_mps, 1e-9)
    ripple = np.minimum(
        0.5 * EXCHANGE_SHARE.value * STANDARD_GRAVITY_MPS2 * rise_m / speed, LARGEST_RIPPLE.value * speed
    )
    sine = np.where(_walks(steps), -ripple * 2 * np.pi / steps.period_s, 0.0)
    lost = np.where(steps.footing == Footing.RUN, BRAKE_IMPULSE.value * steps.speed_mps, 0.0)
    zero = np.zeros(len(steps))
    at_contact = (
        steps.speed_mps + lost * steps.support_s / (2 * steps.period_s) + _harmonic(steps, zero, sine, zero, zero)[1]
    )
    return _joined(steps, at_contact, steps.speed_mps * steps.period_s, zero, (zero, sine, zero), zero)


def _sideways(steps: Footsteps) -> _Axis:
    runs = steps.footing == Footing.RUN
    sway = np.where(runs, SWAY_RUN_MPS.value, np.where(steps.planted, 0.0, SWAY_WALK_MPS.value))
    flight_s = np.where(runs, steps.period_s - steps.support_s, 0.0)
    outer = np.concatenate((steps.side, [-steps.side[-1]]))
    place = outer * shared(sway * flight_s / 2, steps.planted)
    zero = np.zeros(len(steps))
    speed = outer * shared(sway, steps.planted)
    return _joined_at(steps, speed, np.diff(place), zero, (zero, zero, zero), place[:-1])


def _upward(steps: Footsteps, leg_length_m: float) -> _Axis:
    omega = 2 * np.pi / steps.period_s
    rise_m = peak_height_m(steps.speed_mps, steps.period_s, leg_length_m)
    cosine = np.where(_walks(steps), 0.5 * rise_m * omega**2, 0.0)
    twice = SECOND_HARMONIC.value * cosine * np.where(steps.backward(), 1.0, -1.0)
    zero = np.zeros(len(steps))
    falling = np.where(steps.footing == Footing.RUN, -STANDARD_GRAVITY_MPS2, 0.0)
    whole = pulse(steps.period_s, steps.support_s, _rise(steps))[2]
    at_contact = -falling * (steps.period_s / 2 - whole) + _harmonic(steps, cosine, zero, twice, zero)[1]
    return _joined(steps, at_contact, zero, falling, (cosine, zero, twice), zero)


def _joined(
    steps: Footsteps,
    at_contact: FloatArray,
    distance_m: FloatArray,
    constant: FloatArray,
    harmonics: tuple[FloatArray, FloatArray, FloatArray],
    position_m: FloatArray,
) -> _Axis:
    """The axis whose velocity at each initial contact is that of its neighbours' steady gaits, shared."""
    return _joined_at(steps, shared(at_contact, steps.planted), distance_m, constant, harmonics, position_m)


def _joined_at(
    steps: Footsteps,
    velocity_mps: FloatArray,
    distance_m: FloatArray,
    constant: FloatArray,
    harmonics: tuple[FloatArray, FloatArray, FloatArray],
    position_m: FloatArray,
) -> _Axis:
    """The axis with `velocity_mps` (n + 1,) at the ends of steps that covers `distance_m` (n,) in each."""
    period = steps.period_s
    entry, leave = velocity_mps[:-1], velocity_mps[1:]
    push = leave - entry - constant * period
    steady = entry - _harmonic(steps, *harmonics, np.zeros(len(steps)))[1]
    covered = steady * period + 0.5 * constant * period**2 + push * pulse(period, steps.support_s, _rise(steps))[2]
    brake = (covered - distance_m) / (0.5 * steps.support_s)
    return _Axis(position_m, entry, constant, *harmonics, push, brake)


def _harmonic(
    steps: Footsteps, cosine: FloatArray, sine: FloatArray, sine_twice: FloatArray, tau: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    omega = 2 * np.pi / steps.period_s
    return _harmonics(omega, omega * (tau - _lowest_s(steps)), cosine, sine, sine_twice)


def _lowest_s(steps: Footsteps) -> FloatArray:
    """When a walker is lowest and fastest: in the middle of double support."""
    return 0.5 * DOUBLE_SUPPORT_SHARE.value * steps.period_s


def _harmonics(
    omega: FloatArray, angle: FloatArray, cosine: FloatArray, sine: FloatArray, sine_twice: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Acceleration and its two periodic integrals."""
    c, s = np.cos(angle), np.sin(angle)
    s2, c2 = 2 * s * c, 1 - 2 * s * s
    acceleration = cosine * c + sine * s + sine_twice * s2
    velocity = (cosine * s - sine * c - 0.5 * sine_twice * c2) / omega
    position = -(cosine * c + sine * s + 0.25 * sine_twice * s2) / omega**2
    return acceleration, velocity, position


@dataclass(frozen=True, slots=True)
class _Shapes:
    """What all three axes share at the asked times."""

    omega: FloatArray
    angle: FloatArray
    first_angle: FloatArray
    push: tuple[FloatArray, FloatArray, FloatArray]
    brake: tuple[FloatArray, FloatArray, FloatArray]

    @classmethod
    def at(cls, steps: Footsteps, number: npt.NDArray[np.int64], tau: FloatArray) -> "_Shapes":
        omega = (2 * np.pi / steps.period_s)[number]
        first_angle = -omega * _lowest_s(steps)[number]
        support = steps.support_s[number]
        push = pulse(tau, support, _rise(steps)[number])
        brake = brake_then_push(tau, support, _brake(steps)[number])
        return cls(omega, first_angle + omega * tau, first_angle, push, brake)


def _state(
    axis: _Axis, shapes: _Shapes, number: npt.NDArray[np.int64], tau: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Position, velocity and acceleration of one axis."""
    waves = (axis.cosine[number], axis.sine[number], axis.sine_twice[number])
    now = _harmonics(shapes.omega, shapes.angle, *waves)
    first = _harmonics(shapes.omega, shapes.first_angle, *waves)
    constant, push, brake = axis.constant[number], axis.push[number], axis.brake[number]
    steady = axis.velocity_mps[number] - first[1]
    position = axis.position_m[number] + steady * tau + now[2] - first[2] + 0.5 * constant * tau**2
    velocity = steady + now[1] + constant * tau
    return (
        position + push * shapes.push[2] + brake * shapes.brake[2],
        velocity + push * shapes.push[1] + brake * shapes.brake[1],
        constant + now[0] + push * shapes.push[0] + brake * shapes.brake[0],
    )

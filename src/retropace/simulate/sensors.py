"""Sensors: what an accelerometer, gyroscope, magnetometer and compass on the virtual runner would have written."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import MOTION_CHANNELS, FloatArray, Stream
from retropace.simulate.centre_of_mass import Motion, centre_of_mass
from retropace.simulate.footsteps import Footsteps, IntArray
from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Runner
from retropace.simulate.segments import Cycle, carried, turn_x, turn_y, turn_z

#: Span of the central differences that turn a smooth pose into rates [s].
_SPAN_S = 1e-3
#: What an accelerometer at rest feels, on level axes [m/s2].
_UPWARD_GRAVITY = np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])
#: Earth's field in middle latitudes: horizontal and downward [µT] (design).
_FIELD_UT = (19.0, 46.0)
#: Constant offset of a phone's magnetometer and its noise [µT] (design).
_HARD_IRON_UT, _MAGNETIC_NOISE_UT = 5.0, 0.4
#: Range and resolution of a consumer gyroscope: 2000 °/s in 16 bits, and the accelerometer's 16 bits.
_FULL_ROTATION_RADPS = math.radians(2000)
_LEVELS = 2**15
#: Correlation time and uncorrelated part of a compass error [s], [°] (design).
_COMPASS_TAU_S, _COMPASS_WHITE_DEG = 8.0, 3.0
_COMPASS_HZ = 10.0


@dataclass(frozen=True, slots=True)
class Felt:
    """What a perfect sensor feels at `time_s` (m,): specific force [m/s2] and angular velocity [rad/s], (m, 3) each.

    The angles (m,) are those of the body part, as in `segments.Pose`.
    """

    time_s: FloatArray
    force_mps2: FloatArray
    rotation_radps: FloatArray
    yaw_rad: FloatArray
    pitch_rad: FloatArray
    roll_rad: FloatArray


def level_acceleration(steps: Footsteps, place: Place, time_s: FloatArray, leg_length_m: float) -> FloatArray:
    """Acceleration of the centre of mass (m, 3) on the local axes: x along the bearing, y left of it, z up."""
    return _on_local_axes(centre_of_mass(steps, time_s, leg_length_m), steps, place, time_s)


def _on_local_axes(motion: Motion, steps: Footsteps, place: Place, time_s: FloatArray) -> FloatArray:
    number, _ = steps.under_way(time_s)
    along = steps.along[number]
    path_m = steps.path_m[number] + along * motion.position_m[:, 0]
    bend = along * place.curvature_per_m(path_m) * motion.velocity_mps[:, 0] ** 2
    travel = motion.acceleration_mps2 + np.stack([np.zeros_like(bend), bend, np.zeros_like(bend)], axis=1)
    return turn_z(travel, place.tangent_rad(path_m) + np.where(along > 0, 0.0, np.pi))


def felt(steps: Footsteps, runner: Runner, place: Place, device: Device, time_s: FloatArray) -> Felt:
    """What a perfect sensor at the device's placement feels, on the axes of the body part."""
    pose_at, riding = carried(device.placement, _side(device), steps, place, runner.height_m)
    before, now, after = (pose_at(time_s + shift) for shift in (-_SPAN_S, 0.0, _SPAN_S))
    acceleration = (after.position_m - 2 * now.position_m + before.position_m) / _SPAN_S**2
    if riding:
        acceleration = acceleration + level_acceleration(steps, place, time_s, runner.leg_length_m)
    if device.resonance_hz is not None:
        acceleration = rung(acceleration, time_s, device.resonance_hz, device.resonance_damping)
    force = _into_part(acceleration + _UPWARD_GRAVITY, now.yaw_rad, now.pitch_rad, now.roll_rad)
    rates = [(getattr(after, n) - getattr(before, n)) / (2 * _SPAN_S) for n in ("yaw_rad", "pitch_rad", "roll_rad")]
    return Felt(
        time_s, force, _body_rates(now.pitch_rad, now.roll_rad, *rates), now.yaw_rad, now.pitch_rad, now.roll_rad
    )


def _side(device: Device) -> float:
    return 1.0 if device.side == "left" else -1.0


def _into_part(v: FloatArray, yaw: FloatArray, pitch: FloatArray, roll: FloatArray) -> FloatArray:
    return turn_x(turn_y(turn_z(v, -yaw), -pitch), -roll)


def _body_rates(
    pitch: FloatArray, roll: FloatArray, yaw_rate: FloatArray, pitch_rate: FloatArray, roll_rate: FloatArray
) -> FloatArray:
    x = roll_rate - yaw_rate * np.sin(pitch)
    y = pitch_rate * np.cos(roll) + yaw_rate * np.cos(pitch) * np.sin(roll)
    z = yaw_rate * np.cos(pitch) * np.cos(roll) - pitch_rate * np.sin(roll)
    return np.stack([x, y, z], axis=1)


def rung(acceleration: FloatArray, time_s: FloatArray, natural_hz: float, damping: float) -> FloatArray:
    """`acceleration` (m, 3) as soft tissue passes it on: a mass on a damped spring with `natural_hz`, even sampling."""
    rate_hz = (time_s.size - 1) / (time_s[-1] - time_s[0])
    size = 2 ** math.ceil(math.log2(time_s.size + 2 * rate_hz))
    ratio = np.fft.rfftfreq(size, 1 / rate_hz) / natural_hz
    passed = (1 + 2j * damping * ratio) / (1 - ratio**2 + 2j * damping * ratio)
    spectrum = np.fft.rfft(acceleration, size, axis=0) * passed[:, None]
    return np.asarray(np.fft.irfft(spectrum, size, axis=0)[: time_s.size])


def mounted(v: FloatArray, mount_deg: tuple[float, float, float]) -> FloatArray:
    """`v` (m, 3) on the axes of a sensor turned by yaw, pitch, roll [°] on its body part."""
    yaw, pitch, roll = (np.full(len(v), math.radians(angle)) for angle in mount_deg)
    return _into_part(v, yaw, pitch, roll)


def motion_streams(
    steps: Footsteps, runner: Runner, place: Place, device: Device, random: np.random.Generator
) -> dict[str, Stream]:
    """The raw streams of `device`, as `Recording.motion` names them; empty where it keeps none."""
    streams: dict[str, Stream] = {}
    if device.rate_hz is not None:
        time_s = np.arange(0, steps.end_s, 1 / device.rate_hz)
        streams |= written(felt(steps, runner, place, device, time_s), place, device, random)
    if device.heading == "device":
        streams["heading"] = _compass(steps, place, device, random)
    return streams


def written(truth: Felt, place: Place, device: Device, random: np.random.Generator) -> dict[str, Stream]:
    """What the inertial sensors and the magnetometer of `device` write of what a perfect sensor felt."""
    told_s, kept = _told_times(truth.time_s, device, random)
    streams = dict(_inertial(truth, device, random, told_s, kept))
    if device.magnetometer:
        streams["magnetometer"] = _stream("magnetometer", told_s, _magnetic(truth, place, device, random)[kept])
    return streams


def _told_times(time_s: FloatArray, device: Device, random: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """Time stamps as written, and which samples were written at all."""
    kept = random.random(time_s.size) >= device.dropped_share
    late = np.abs(random.normal(0.0, device.jitter_s, time_s.size)) if device.jitter_s > 0 else np.zeros(time_s.size)
    told = np.maximum.accumulate((time_s + late)[kept])
    kept_numbers = np.flatnonzero(kept)
    fresh = np.concatenate(([True], np.diff(told) > 0))
    return told[fresh], kept_numbers[fresh]


def _inertial(
    truth: Felt, device: Device, random: np.random.Generator, told_s: FloatArray, kept: IntArray
) -> Mapping[str, Stream]:
    force = _measured(
        mounted(truth.force_mps2, device.mount_deg),
        device.acceleration_bias_mps2,
        device.acceleration_noise_mps2,
        device.clip_mps2,
        device,
        random,
    )
    rotation = _measured(
        mounted(truth.rotation_radps, device.mount_deg),
        device.rotation_bias_radps,
        device.rotation_noise_radps,
        _FULL_ROTATION_RADPS,
        device,
        random,
    )
    return {
        "accelerometer": _stream("accelerometer", told_s, force[kept]),
        "gyroscope": _stream("gyroscope", told_s, rotation[kept]),
    }


def _measured(
    true: FloatArray, bias: float, noise: float, full: float, device: Device, random: np.random.Generator
) -> FloatArray:
    values = true + random.normal(0.0, bias, 3) + random.normal(0.0, noise, true.shape)
    values = np.clip(values, -full, full)
    return np.round(values * (_LEVELS / full)) * (full / _LEVELS) if device.quantised else values


def _magnetic(truth: Felt, place: Place, device: Device, random: np.random.Generator) -> FloatArray:
    bearing = math.radians(place.bearing_deg)
    level, down = _FIELD_UT
    field = np.tile([level * math.cos(bearing), level * math.sin(bearing), -down], (truth.time_s.size, 1))
    part = _into_part(field, truth.yaw_rad, truth.pitch_rad, truth.roll_rad)
    noise = random.normal(0.0, _HARD_IRON_UT, 3) + random.normal(0.0, _MAGNETIC_NOISE_UT, part.shape)
    return mounted(part, device.mount_deg) + noise


def _compass(steps: Footsteps, place: Place, device: Device, random: np.random.Generator) -> Stream:
    """The device's own compass: facing plus the unknown mount yaw plus a slowly wandering error."""
    hz = _COMPASS_HZ if device.rate_hz is not None else 1.0
    time_s = np.arange(0, steps.end_s, 1 / hz)
    facing = place.heading_deg(Cycle(steps).yaw_rad(time_s))
    error = wandering(time_s, device.heading_noise_deg, _COMPASS_TAU_S, random)
    error = error + random.normal(0.0, _COMPASS_WHITE_DEG, time_s.size)
    return _stream("heading", time_s, np.mod(facing - device.mount_deg[0] + error, 360.0)[:, None])


def wandering(time_s: FloatArray, spread: float, tau_s: float, random: np.random.Generator) -> FloatArray:
    """A slowly wandering error (m,) with standard deviation `spread` and correlation time `tau_s`, even sampling."""
    draws = random.standard_normal(time_s.size)
    keep = math.exp(-(time_s[1] - time_s[0]) / tau_s) if time_s.size > 1 else 0.0
    fresh = spread * math.sqrt(1 - keep * keep)
    values = np.empty(time_s.size)
    level = spread * float(draws[0]) if time_s.size else 0.0
    for i, draw in enumerate(draws.tolist()):
        level = keep * level + fresh * draw if i else level
        values[i] = level
    return values


def _stream(sensor: str, time_s: FloatArray, values: FloatArray) -> Stream:
    return Stream(time_s, dict(zip(MOTION_CHANNELS[sensor], np.ascontiguousarray(values.T), strict=True)))

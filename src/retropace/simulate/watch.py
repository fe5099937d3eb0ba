"""Watch: the once-a-second track and the laps that a watch on the virtual runner writes."""

import math

import numpy as np

from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray, Lap, Stream
from retropace.session import Session, Step
from retropace.simulate.centre_of_mass import centre_of_mass
from retropace.simulate.footsteps import Footing, Footsteps, Intention, directions
from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Following, Runner
from retropace.simulate.segments import Cycle
from retropace.simulate.sensors import wandering
from retropace.sources import cited

#: Heart rate of 13 athletes walking at 1.34 and running at 2.23 m/s, forward and backward.
HEART_WALK_FORWARD_BPM = cited(113, "/min", "williford_1998")
HEART_WALK_BACKWARD_BPM = cited(132, "/min", "williford_1998")
HEART_RUN_FORWARD_BPM = cited(146, "/min", "williford_1998")
HEART_RUN_BACKWARD_BPM = cited(168, "/min", "williford_1998")
HEART_WALK_MPS, HEART_RUN_MPS = 1.34, 2.23
#: Standing before a run, above rest; and every m/s beyond 2.23 [/min].
HEART_STANDING_BPM = cited(14, "/min", "design")
HEART_SLOPE_BPM = cited(18, "/min per m/s", "design")
HIGHEST_HEART_BPM = cited(192, "/min", "design")
#: Wander of the heart around its demand: size and correlation time (design).
_HEART_WANDER_BPM, _HEART_WANDER_S = 2.0, 20.0
#: Correlation time of a receiver's slow position error, and of a barometer's [s] (design).
_DRIFT_TAU_S, _PRESSURE_TAU_S, _PRESSURE_WANDER_M = 60.0, 300.0, 0.6
#: What the receiver believes of its own error, as a multiple of the true one (design).
_CLAIMED_SHARE = 1.5
#: Window over which a watch counts steps [s] (design).
_CADENCE_WINDOW_S = 4.0
#: Below this a watch shows no cadence at all [steps/min] (design).
_SLOWEST_TOLD_SPM = 40.0
#: Direction → direction code of a track.
CODES = {Direction.FORWARD: 1.0, Direction.BACKWARD: -1.0, Direction.SIDEWAYS: 2.0, Direction.NONE: 0.0}


def seconds(steps: Footsteps) -> FloatArray:
    """Whole seconds from the recording's start to its end (m,)."""
    return np.arange(0.0, math.floor(steps.end_s) + 1.0)


def true_speed_mps(steps: Footsteps, time_s: FloatArray) -> FloatArray:
    """Speed of the step under way (m,), its mean from one initial contact to the next."""
    return steps.speed_mps[steps.under_way(time_s)[0]]


def true_code(steps: Footsteps, time_s: FloatArray) -> FloatArray:
    """Direction code (m,) of the step under way: 1 forward, -1 backward, 2 sideways, 0 none."""
    codes = np.array([CODES[direction] for direction in directions(steps)])
    return np.asarray(codes[steps.under_way(time_s)[0]])


def true_distance_m(steps: Footsteps, time_s: FloatArray) -> FloatArray:
    """Path covered since the start (m,), whichever way one faced."""
    number, tau = steps.under_way(time_s)
    covered = np.concatenate(([0.0], np.cumsum(steps.speed_mps * steps.period_s)))
    inside = np.minimum(tau, steps.period_s[number])
    return np.asarray(covered[number] + steps.speed_mps[number] * inside)


def true_heading_deg(steps: Footsteps, place: Place, time_s: FloatArray) -> FloatArray:
    """Compass direction the person faces (m,)."""
    return place.heading_deg(Cycle(steps).yaw_rad(time_s))


def track(steps: Footsteps, runner: Runner, place: Place, device: Device, random: np.random.Generator) -> Stream:
    """What `device` writes every second."""
    time_s = seconds(steps)
    channels: dict[str, FloatArray] = {}
    if device.positions:
        channels |= _position(steps, place, device, time_s, random)
    channels |= _speed(steps, device, time_s, random)
    channels["cadence_spm"] = _cadence(steps, device, time_s, random)
    if device.heart_rate:
        channels["heart_rate_bpm"] = _heart_rate(steps, runner, time_s, random)
    if device.running_dynamics:
        channels |= _dynamics(steps, runner, time_s)
    if device.heading == "facing":
        channels["heading_deg"] = true_heading_deg(steps, place, time_s)
    if device.declares_direction:
        channels["direction_code"] = true_code(steps, time_s)
    return Stream(time_s, channels)


def _position(
    steps: Footsteps, place: Place, device: Device, time_s: FloatArray, random: np.random.Generator
) -> dict[str, FloatArray]:
    number, tau = steps.under_way(time_s)
    path_m = steps.path_m[number] + steps.along[number] * steps.speed_mps[number] * tau
    drift = [wandering(time_s, device.position_drift_m, _DRIFT_TAU_S, random) for _ in range(2)]
    white = random.normal(0.0, device.position_noise_m, (2, time_s.size))
    x, y = (axis + slow + quick for axis, slow, quick in zip(place.point_m(path_m), drift, white, strict=True))
    latitude, longitude = place.coordinates_deg(x, y)
    height = place.altitude_m + wandering(time_s, _PRESSURE_WANDER_M, _PRESSURE_TAU_S, random)
    claimed_m = _CLAIMED_SHARE * math.hypot(device.position_drift_m, device.position_noise_m)
    return {
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "position_error_m": np.full(time_s.size, claimed_m),
        "altitude_m": np.round(height * 5) / 5,
    }


def _speed(steps: Footsteps, device: Device, time_s: FloatArray, random: np.random.Generator) -> dict[str, FloatArray]:
    """Speed as a receiver smooths it, and the distance it adds up."""
    followed = _following(true_speed_mps(steps, time_s), device.speed_lag_s, 0.0)
    noise = random.normal(0.0, device.speed_noise_mps, time_s.size)
    speed = np.where(followed > 0.1, np.maximum(followed + noise, 0.0), 0.0)
    return {"speed_mps": np.round(speed, 3), "distance_m": np.round(np.cumsum(speed) - speed[0], 2)}


def _cadence(steps: Footsteps, device: Device, time_s: FloatArray, random: np.random.Generator) -> FloatArray:
    """Steps of the last seconds, per minute, to the whole number; zero while standing."""
    rate = np.where(steps.planted | (steps.footing == Footing.IN_PLACE), 0.0, 60 / steps.period_s)
    moments = time_s[:, None] - np.linspace(0, _CADENCE_WINDOW_S, 9)
    mean = rate[steps.under_way(moments.ravel())[0]].reshape(moments.shape).mean(axis=1)
    told = np.round(mean + random.normal(0.0, device.cadence_noise_spm, time_s.size))
    return np.where(mean > _SLOWEST_TOLD_SPM, told, 0.0)


def demand_bpm(runner: Runner, direction: Direction, speed_mps: FloatArray) -> FloatArray:
    """Heart rate (m,) this runner would settle at; sideways like backward.

    >>> float(demand_bpm(Runner(), Direction.BACKWARD, np.array([2.23]))[0])
    168.0
    """
    forward = direction in (Direction.FORWARD, Direction.NONE)
    walk = HEART_WALK_FORWARD_BPM if forward else HEART_WALK_BACKWARD_BPM
    run = HEART_RUN_FORWARD_BPM if forward else HEART_RUN_BACKWARD_BPM
    standing = runner.resting_heart_rate_bpm + HEART_STANDING_BPM.value
    fast = run.value + HEART_SLOPE_BPM.value * np.maximum(speed_mps - HEART_RUN_MPS, 0)
    steady = np.interp(speed_mps, [0, HEART_WALK_MPS, HEART_RUN_MPS], [standing, walk.value, run.value])
    return np.minimum(np.where(speed_mps > HEART_RUN_MPS, fast, steady), HIGHEST_HEART_BPM.value)


def _heart_rate(steps: Footsteps, runner: Runner, time_s: FloatArray, random: np.random.Generator) -> FloatArray:
    speed, code = true_speed_mps(steps, time_s), true_code(steps, time_s)
    forward, backward = (demand_bpm(runner, d, speed) for d in (Direction.FORWARD, Direction.BACKWARD))
    demand = np.where((code == 1) | (code == 0), forward, backward)
    start = runner.resting_heart_rate_bpm + HEART_STANDING_BPM.value
    lagged = _following(demand, runner.heart_rate_tau_s, start)
    return np.round(lagged + wandering(time_s, _HEART_WANDER_BPM, _HEART_WANDER_S, random))


def _following(values: FloatArray, tau_s: float, start: float) -> FloatArray:
    """First-order lag of `values`, one a second, beginning at `start`."""
    gain = 1 - math.exp(-1 / tau_s) if tau_s > 0 else 1.0
    level, followed = start, []
    for value in values.tolist():
        level += gain * (value - level)
        followed.append(level)
    return np.array(followed)


def _dynamics(steps: Footsteps, runner: Runner, time_s: FloatArray) -> dict[str, FloatArray]:
    """What a chest strap adds while running: contact time, step length and rise of the trunk; NaN otherwise."""
    number, _ = steps.under_way(time_s)
    running = (steps.footing == Footing.RUN)[number]
    moments = steps.start_s[:, None] + steps.period_s[:, None] * np.linspace(0, 1, 24, endpoint=False)
    height = centre_of_mass(steps, moments.ravel(), runner.leg_length_m).position_m[:, 2].reshape(moments.shape)
    rise_mm = 1000 * (height.max(axis=1) - height.min(axis=1))
    values = {
        "contact_time_ms": 1000 * steps.support_s,
        "step_length_m": steps.speed_mps * steps.period_s,
        "vertical_oscillation_mm": rise_mm,
    }
    return {key: np.where(running, np.round(value[number], 3), np.nan) for key, value in values.items()}


def laps(session: Session, aims: tuple[Intention, ...], following: Following, end_s: float) -> tuple[Lap, ...]:
    """Laps as pressed: one per step of the session, at the moment the runner changed; a forgotten press joins two."""
    pressed = [aim for aim in aims if aim.step not in following.missed_presses or aim.step == 0]
    starts = [0.0 if aim.step == 0 else aim.start_s for aim in pressed]
    stops = [*starts[1:], end_s]
    steps = [session.steps[aim.step] for aim in pressed]
    return tuple(
        Lap(start, stop, step.name or None, intensity(step))
        for step, start, stop in zip(steps, starts, stops, strict=True)
        if stop > start
    )


def intensity(step: Step) -> str:
    """The lap intensity a watch would give `step`, from its name or what is done in it."""
    name = step.name.lower()
    if name.startswith("warm"):
        return "warmup"
    if name.startswith("cool"):
        return "cooldown"
    eased = step.gait is Gait.STAND or (step.gait is Gait.WALK and step.direction is Direction.FORWARD)
    return "rest" if eased else "active"

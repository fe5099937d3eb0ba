"""What the virtual sensors write: mechanics, mounting, and the faults of real sensors."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.quantities import STANDARD_GRAVITY_MPS2, Direction, Gait
from retropace.recording import FloatArray, Stream
from retropace.session import Session, Step
from retropace.simulate.centre_of_mass import free_fall, in_flight
from retropace.simulate.footsteps import Footing, Footsteps, footsteps, intentions
from retropace.simulate.place import Place
from retropace.simulate.runner import PUNCTUAL, Device, Runner
from retropace.simulate.segments import turn_x, turn_y, turn_z
from retropace.simulate.sensors import Felt, felt, level_acceleration, motion_streams, mounted, rung, wandering
from virtual_steps import STRAIGHT, jerk_skewness, steady, travel_component, whole_strides

FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD
RUNNER = Runner()
PERFECT: dict[str, Any] = {
    "acceleration_bias_mps2": 0.0,
    "acceleration_noise_mps2": 0.0,
    "rotation_bias_radps": 0.0,
    "rotation_noise_radps": 0.0,
    "quantised": False,
    "clip_mps2": 1e4,
}
PLACEMENTS = ["foot", "waist", "pocket", "wrist"]
GAITS = [
    (Footing.WALK, FORWARD, 1.35),
    (Footing.WALK, BACKWARD, 1.0),
    (Footing.RUN, FORWARD, 2.8),
    (Footing.RUN, BACKWARD, 2.07),
]
angles = st.floats(-180, 180)


def levelled(felt: Felt, v: FloatArray) -> FloatArray:
    return turn_z(turn_y(turn_x(v, felt.roll_rad), felt.pitch_rad), felt.yaw_rad)


def streams(steps: Footsteps, device: Device, seed: int = 0, place: Place = STRAIGHT) -> dict[str, Stream]:
    return motion_streams(steps, RUNNER, place, device, np.random.default_rng(seed))


def matrix(stream: Stream) -> FloatArray:
    return np.stack(list(stream.channels.values()), axis=1)


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize(("footing", "direction", "speed_mps"), GAITS)
def test_levelled_specific_force_is_gravity_on_the_whole(
    placement: Any, footing: Footing, direction: Direction, speed_mps: float
) -> None:
    steps = steady(footing, direction, speed_mps)
    truth = felt(steps, RUNNER, STRAIGHT, Device(placement=placement), whole_strides(steps, 1000.0))
    mean = levelled(truth, truth.force_mps2).mean(axis=0)
    assert mean == pytest.approx([0, 0, STANDARD_GRAVITY_MPS2], abs=0.02)


@pytest.mark.parametrize("placement", ["foot", "pocket", "wrist"])
def test_rotation_adds_up_to_nothing_over_whole_strides(placement: Any) -> None:
    steps = steady(Footing.RUN, BACKWARD, 2.0)
    truth = felt(steps, RUNNER, STRAIGHT, Device(placement=placement), whole_strides(steps, 1000.0))
    assert truth.rotation_radps[:, 1].mean() == pytest.approx(0, abs=0.01)


def test_angular_velocity_turns_the_part_as_its_angles_say() -> None:
    steps = steady(Footing.RUN, FORWARD, 2.8)
    time_s = 5 + np.arange(0, 1.5, 1e-4)
    truth = felt(steps, RUNNER, STRAIGHT, Device(placement="waist"), time_s)
    axes = [levelled(truth, np.tile(axis, (time_s.size, 1))) for axis in np.eye(3)]
    world_rate = levelled(truth, truth.rotation_radps)
    for axis in axes:
        moved = np.gradient(axis, time_s, axis=0)
        assert moved[2:-2] == pytest.approx(np.cross(world_rate, axis)[2:-2], abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(PLACEMENTS), angles, angles, angles)
def test_turning_the_mount_leaves_the_sizes_alone(placement: Any, yaw: float, pitch: float, roll: float) -> None:
    steps = steady(Footing.RUN, BACKWARD, 2.0, count=12)
    plain = Device(placement=placement, rate_hz=100.0, **PERFECT)
    turned = streams(steps, replace(plain, mount_deg=(yaw, pitch, roll)))
    straight = streams(steps, plain)
    for sensor in ("accelerometer", "gyroscope"):
        # The made-up steps begin in full swing, which no body can: the first sample is left out.
        sizes = [np.linalg.norm(matrix(s[sensor])[1:], axis=1) for s in (turned, straight)]
        assert sizes[0] == pytest.approx(sizes[1], abs=1e-9)


def test_mount_angles_turn_the_sensor_not_the_world() -> None:
    up = np.array([[0.0, 0.0, 1.0]])
    assert mounted(up, (0.0, 0.0, 90.0))[0] == pytest.approx([0, 1, 0], abs=1e-12)
    ahead = np.array([[1.0, 0.0, 0.0]])
    assert mounted(ahead, (90.0, 0.0, 0.0))[0] == pytest.approx([0, -1, 0], abs=1e-12)


@pytest.mark.parametrize(("footing", "direction", "speed_mps"), GAITS)
def test_a_belt_sensor_shows_the_direction_of_travel(footing: Footing, direction: Direction, speed_mps: float) -> None:
    steps = steady(footing, direction, speed_mps)
    time_s = whole_strides(steps, 100.0)
    device = Device(placement="waist", resonance_hz=11.0)
    truth = felt(steps, RUNNER, STRAIGHT, device, time_s)
    level = levelled(truth, truth.force_mps2)
    step_hz = 1 / float(steps.period_s[0])
    along = travel_component(level[:, 0], level[:, 2], step_hz, time_s)
    assert (along > 0.9) if footing is Footing.RUN else (along < -0.9)


@pytest.mark.parametrize("footing", [Footing.WALK, Footing.RUN])
def test_jerk_skewness_at_the_belt_turns_with_direction_and_with_time(footing: Footing) -> None:
    found = {}
    for direction in (FORWARD, BACKWARD):
        steps = steady(footing, direction, 1.8)
        truth = felt(steps, RUNNER, STRAIGHT, Device(placement="waist"), whole_strides(steps, 200.0))
        vertical = levelled(truth, truth.force_mps2)[:, 2]
        found[direction] = jerk_skewness(vertical)
        assert jerk_skewness(vertical[::-1]) == pytest.approx(-found[direction], abs=1e-9)
    assert found[FORWARD] > 0.1
    assert found[BACKWARD] < -0.1


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_a_tight_turn_pulls_inward_whichever_way_round(way: float) -> None:
    place = Place(clear_length_m=1.0, turn_radius_m=50.0)
    walking = steady(Footing.WALK, FORWARD, 1.5)
    middle_m = 60.0
    steps = replace(walking, along=way * walking.along, path_m=middle_m + way * 1.5 * (walking.start_s - 15.0))
    time_s = whole_strides(steps, 500.0)
    pulled = level_acceleration(steps, place, time_s, 0.93)
    angle = place.tangent_rad(middle_m + way * 1.5 * (time_s - 15.0))
    inward = pulled[:, 1] * np.cos(angle) - pulled[:, 0] * np.sin(angle)
    assert inward.mean() == pytest.approx(1.5**2 / 50, rel=0.05)


def test_level_acceleration_falls_freely_on_a_straight() -> None:
    steps = steady(Footing.RUN, BACKWARD, 2.0)
    time_s = np.arange(2, 8, 0.01)
    fall = free_fall(level_acceleration(steps, STRAIGHT, time_s, 0.93), in_flight(steps, time_s))
    assert max(fall) < 1e-9


@pytest.mark.parametrize("direction", [FORWARD, BACKWARD])
def test_a_whole_run_with_starts_and_turns_passes_the_free_fall_gate(direction: Direction) -> None:
    random, place = np.random.default_rng(2), Place(clear_length_m=60.0)
    session = Session("run", (Step(Gait.RUN, direction, 120),))
    steps = footsteps(intentions(session, RUNNER, PUNCTUAL, random), RUNNER, place, PUNCTUAL, random)
    time_s = np.arange(0, steps.end_s, 0.01)
    acceleration, flying = level_acceleration(steps, place, time_s, RUNNER.leg_length_m), in_flight(steps, time_s)
    vertical, horizontal = free_fall(acceleration, flying)
    assert vertical < 2
    assert horizontal < 2
    assert flying.sum() > 1000
    sideways_in_turns = np.hypot(*acceleration[flying][:, :2].T)
    assert sideways_in_turns.max() < 2, "only the tight turn bends the path of a body in the air"


def test_soft_tissue_rings_at_its_own_frequency_and_passes_slow_motion() -> None:
    time_s = np.arange(0, 20, 0.01)
    ratios = {}
    for hz in (1.0, 11.0, 35.0):
        wave = np.sin(2 * np.pi * hz * time_s)[:, None]
        ratios[hz] = float(rung(wave, time_s, 11.0, 0.3)[500:1500].std() / wave[500:1500].std())
    assert ratios[1.0] == pytest.approx(1.0, abs=0.02)
    assert ratios[11.0] > 1.5
    assert ratios[35.0] < 0.5


def test_a_sensor_clips_and_rounds() -> None:
    steps = steady(Footing.RUN, FORWARD, 3.5, count=30)
    narrow = streams(
        steps, Device(placement="foot", rate_hz=200.0, **(PERFECT | {"quantised": True, "clip_mps2": 20.0}))
    )
    force = matrix(narrow["accelerometer"])
    assert np.abs(force).max() == 20.0
    level = 20.0 / 2**15
    assert np.abs(force / level - np.round(force / level)).max() < 1e-6


def test_bias_and_noise_have_the_asked_size() -> None:
    steps = steady(Footing.WALK, FORWARD, 1.3, count=400)
    clean = matrix(streams(steps, Device(placement="waist", rate_hz=100.0, **PERFECT))["accelerometer"])
    device = Device(placement="waist", rate_hz=100.0, **(PERFECT | {"acceleration_noise_mps2": 0.05}))
    error = matrix(streams(steps, device)["accelerometer"]) - clean
    assert error.std() == pytest.approx(0.05, rel=0.03)
    biased = [
        matrix(
            streams(steps, Device(rate_hz=25.0, **(PERFECT | {"acceleration_bias_mps2": 0.1})), seed)["accelerometer"]
        )
        - matrix(streams(steps, Device(rate_hz=25.0, **PERFECT), seed)["accelerometer"])
        for seed in range(8)
    ]
    assert np.std([error[0] for error in biased]) == pytest.approx(0.1, rel=0.5)


def test_jitter_and_dropped_samples_keep_times_in_order() -> None:
    steps = steady(Footing.WALK, FORWARD, 1.3, count=100)
    device = Device(placement="pocket", rate_hz=100.0, jitter_s=0.004, dropped_share=0.05)
    told = streams(steps, device)["accelerometer"].time_s
    assert np.all(np.diff(told) > 0)
    assert told.size == pytest.approx(0.95 * steps.end_s * 100, rel=0.05)
    assert np.std(np.diff(told)) > 0.002


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 800.0])
def test_any_rate_samples_the_same_motion(rate_hz: float) -> None:
    steps = steady(Footing.RUN, FORWARD, 2.8, count=20)
    fine = streams(steps, Device(placement="waist", rate_hz=400.0, **PERFECT))["accelerometer"]
    other = streams(steps, Device(placement="waist", rate_hz=rate_hz, **PERFECT))["accelerometer"]
    at = np.isin(np.round(other.time_s * 400, 6), np.round(fine.time_s * 400, 6))
    same = np.searchsorted(fine.time_s, other.time_s[at] - 1e-9)
    assert matrix(other)[at] == pytest.approx(matrix(fine)[same], abs=1e-9)
    assert at.sum() > 100


def test_magnetometer_and_compass_point_north() -> None:
    steps = steady(Footing.WALK, FORWARD, 1.3, count=300)
    east = Place(clear_length_m=1e6, bearing_deg=90.0)
    device = Device(placement="waist", rate_hz=50.0, magnetometer=True, heading="device", heading_noise_deg=5.0)
    told = streams(steps, replace(device, mount_deg=(30.0, 0.0, 0.0)), place=east)
    bearing = told["heading"].channels["device_heading_deg"]
    assert np.degrees(np.angle(np.exp(1j * np.radians(bearing)).mean())) == pytest.approx(60.0, abs=4.0)
    field = np.linalg.norm(matrix(told["magnetometer"]), axis=1)
    assert field.mean() == pytest.approx(np.hypot(19, 46), abs=12)
    level = np.hypot(*matrix(streams(steps, device, place=east)["magnetometer"])[:, :2].T)
    assert level.mean() == pytest.approx(19, abs=12)


def test_wandering_has_its_size_and_its_memory() -> None:
    error = wandering(np.arange(0, 40_000.0), 2.0, 60.0, np.random.default_rng(3))
    assert error.std() == pytest.approx(2.0, rel=0.1)
    assert np.corrcoef(error[:-60], error[60:])[0, 1] == pytest.approx(np.exp(-1), abs=0.1)

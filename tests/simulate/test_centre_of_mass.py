"""The virtual body obeys mechanics, and running it backward is running time backward."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.quantities import STANDARD_GRAVITY_MPS2, Direction
from retropace.recording import FloatArray
from retropace.simulate.centre_of_mass import brake_then_push, centre_of_mass, free_fall, in_flight, pulse
from retropace.simulate.footsteps import Footing, Footsteps
from virtual_steps import at_frequency, jerk_skewness, steady, timing, travel_component, whole_strides

LEG_M = 0.93
FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD
GAITS = [
    (Footing.WALK, FORWARD, 1.35),
    (Footing.WALK, BACKWARD, 1.0),
    (Footing.RUN, FORWARD, 2.8),
    (Footing.RUN, BACKWARD, 2.07),
]


def acceleration(steps: Footsteps, time_s: FloatArray) -> FloatArray:
    return centre_of_mass(steps, time_s, LEG_M).acceleration_mps2


@given(st.floats(0.1, 0.4), st.floats(0.2, 0.8))
def test_a_pulse_gives_unit_impulse_and_its_integrals_belong_to_it(width_s: float, rise: float) -> None:
    time_s = np.linspace(-0.1, 0.6, 14_001)
    force, speed, place = pulse(time_s, np.full_like(time_s, width_s), np.full_like(time_s, rise))
    assert speed[0] == 0.0
    assert speed[-1] == pytest.approx(1.0, abs=1e-12)
    assert np.trapezoid(force, time_s) == pytest.approx(1.0, abs=1e-5)
    assert np.abs(np.gradient(place, time_s) - speed).max() < 2e-3
    assert np.trapezoid(speed, time_s) == pytest.approx(place[-1], abs=1e-5)


@given(st.floats(0.1, 0.4), st.floats(0.2, 0.8))
def test_brake_then_push_leaves_the_speed_alone_and_costs_half_a_width(width_s: float, share: float) -> None:
    end = np.array([0.5])
    force, speed, place = brake_then_push(end, np.array([width_s]), np.array([share]))
    assert force[0] == pytest.approx(0.0, abs=1e-9)
    assert speed[0] == pytest.approx(0.0, abs=1e-12)
    assert place[0] == pytest.approx(-width_s / 2, abs=1e-12)


@pytest.mark.parametrize(("footing", "direction", "speed_mps"), GAITS)
def test_velocity_and_position_are_the_integrals_and_join_without_a_seam(
    footing: Footing, direction: Direction, speed_mps: float
) -> None:
    steps = steady(footing, direction, speed_mps)
    time_s = np.arange(2.0, 8.0, 1e-4)
    motion = centre_of_mass(steps, time_s, LEG_M)
    assert np.abs(np.diff(motion.velocity_mps, axis=0)).max() < 1e-4 * 60
    integral = motion.velocity_mps[0] + np.cumsum(motion.acceleration_mps2, axis=0) * 1e-4
    assert np.abs(integral - motion.velocity_mps).max() < 2e-3
    number, _ = steps.under_way(time_s)
    place = steps.path_m[number] + motion.position_m[:, 0]
    assert place[-1] - place[0] == pytest.approx(np.trapezoid(motion.velocity_mps[:, 0], time_s), abs=1e-4)


@pytest.mark.parametrize(("footing", "direction", "speed_mps"), GAITS)
def test_over_whole_strides_the_ground_carries_the_weight_and_nothing_more(
    footing: Footing, direction: Direction, speed_mps: float
) -> None:
    steps = steady(footing, direction, speed_mps)
    force = acceleration(steps, whole_strides(steps, 4000.0)) + [0.0, 0.0, STANDARD_GRAVITY_MPS2]  # noqa: RUF005
    assert force.mean(axis=0) == pytest.approx([0.0, 0.0, STANDARD_GRAVITY_MPS2], abs=2e-3)


@pytest.mark.parametrize(("footing", "direction", "speed_mps"), GAITS)
def test_distance_is_speed_times_time(footing: Footing, direction: Direction, speed_mps: float) -> None:
    steps = steady(footing, direction, speed_mps)
    time_s = whole_strides(steps, 2000.0)
    velocity = centre_of_mass(steps, time_s, LEG_M).velocity_mps[:, 0]
    assert velocity.mean() == pytest.approx(speed_mps, rel=1e-4)


@pytest.mark.parametrize("direction", [FORWARD, BACKWARD])
@pytest.mark.parametrize("speed_mps", [1.5, 2.07, 2.8, 4.5])
def test_in_flight_the_body_falls_freely(direction: Direction, speed_mps: float) -> None:
    steps = steady(Footing.RUN, direction, speed_mps)
    time_s = np.arange(1.0, 9.0, 0.01)
    flying = in_flight(steps, time_s)
    vertical, horizontal = free_fall(acceleration(steps, time_s), flying)
    assert flying.mean() > 0.1
    assert vertical < 1e-9
    assert horizontal < 1e-9


def test_free_fall_catches_a_body_that_does_not() -> None:
    steps = steady(Footing.RUN, FORWARD, 2.8)
    time_s = np.arange(1.0, 9.0, 0.01)
    held_up = acceleration(steps, time_s) + [1.0, 0.0, 3.5]  # noqa: RUF005
    vertical, horizontal = free_fall(held_up, in_flight(steps, time_s))
    assert vertical == pytest.approx(3.5)
    assert horizontal == pytest.approx(1.0)


def test_a_walker_never_flies() -> None:
    steps = steady(Footing.WALK, FORWARD, 1.35)
    time_s = np.arange(1.0, 9.0, 0.01)
    assert np.isnan(free_fall(acceleration(steps, time_s), in_flight(steps, time_s))).all()


@pytest.mark.parametrize(("footing", "direction", "speed_mps"), GAITS)
def test_the_ground_never_pulls(footing: Footing, direction: Direction, speed_mps: float) -> None:
    steps = steady(footing, direction, speed_mps)
    assert acceleration(steps, np.arange(0.5, 9.0, 0.002))[:, 2].min() >= -STANDARD_GRAVITY_MPS2 - 1e-9


@pytest.mark.parametrize(("footing", "speed_mps"), [(Footing.WALK, 1.3), (Footing.RUN, 2.8)])
def test_backward_is_forward_with_time_reversed(footing: Footing, speed_mps: float) -> None:
    clock = timing(footing, FORWARD, speed_mps)
    forward = steady(footing, FORWARD, speed_mps, clock=clock)
    backward = steady(footing, BACKWARD, speed_mps, clock=clock)
    period_s, support_s = clock
    # The double support of a walker straddles initial contact; a runner's support ends at final contact.
    turning_s = 40 * period_s + (support_s if footing is Footing.RUN else 0.24 * period_s)
    time_s = np.arange(0.0, 20 * period_s, 0.003) + 10 * period_s
    there = acceleration(forward, time_s)
    back = acceleration(backward, turning_s - time_s)
    assert back[:, 2] == pytest.approx(there[:, 2], abs=1e-9)
    assert back[:, 0] == pytest.approx(-there[:, 0], abs=1e-9)


@settings(max_examples=30)
@given(st.sampled_from([Footing.WALK, Footing.RUN]), st.sampled_from([FORWARD, BACKWARD]), st.floats(0.9, 3.5))
def test_hard_landing_forward_and_hard_take_off_backward(
    footing: Footing, direction: Direction, speed_mps: float
) -> None:
    steps = steady(footing, direction, speed_mps)
    vertical = acceleration(steps, whole_strides(steps, 500.0))[:, 2]
    skewness = jerk_skewness(vertical)
    assert (skewness > 0.1) if direction is FORWARD else (skewness < -0.1)
    assert jerk_skewness(vertical[::-1]) == pytest.approx(-skewness, abs=1e-9)


@pytest.mark.parametrize(("footing", "direction", "speed_mps"), GAITS)
def test_pendulum_when_walking_bounce_when_running(footing: Footing, direction: Direction, speed_mps: float) -> None:
    steps = steady(footing, direction, speed_mps)
    time_s, step_hz = whole_strides(steps, 500.0), 1 / float(steps.period_s[0])
    accelerated = acceleration(steps, time_s)
    cosine = travel_component(accelerated[:, 0], accelerated[:, 2], step_hz, time_s)
    assert cosine == pytest.approx(1.0 if footing is Footing.RUN else -1.0, abs=0.05)
    facing = 1.0 if direction is FORWARD else -1.0
    lag = at_frequency(facing * accelerated[:, 0], step_hz, time_s) / at_frequency(accelerated[:, 2], step_hz, time_s)
    expected_deg = facing * (-90 if footing is Footing.RUN else 90)
    assert np.degrees(np.angle(lag)) == pytest.approx(expected_deg, abs=10)


def test_backward_running_strikes_the_ground_harder() -> None:
    def peak(direction: Direction) -> float:
        steps = steady(Footing.RUN, direction, 2.78)
        return float(acceleration(steps, np.arange(2.0, 8.0, 0.001))[:, 2].max())

    ratio = peak(BACKWARD) / peak(FORWARD)
    assert 1.1 < ratio < 1.35, "published 15.7 against 13.2 m/s2 (Cavagna 2012)"

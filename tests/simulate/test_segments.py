"""Body parts: feet that stand still, limbs that swing the right way, backward as time reversed."""

import numpy as np
import pytest

from retropace.quantities import Direction
from retropace.recording import FloatArray
from retropace.simulate.footsteps import Footing, Footsteps, contacts
from retropace.simulate.runner import Placement
from retropace.simulate.segments import Pose, carried
from virtual_steps import STRAIGHT, steady, timing, whole_strides

FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD
FOOT_CASES = [
    (Footing.WALK, FORWARD, 1.35),
    (Footing.WALK, BACKWARD, 1.0),
    (Footing.RUN, FORWARD, 2.8),
    (Footing.RUN, BACKWARD, 2.07),
]


def poses(steps: Footsteps, placement: Placement, time_s: FloatArray, side: float = 1.0) -> Pose:
    return carried(placement, side, steps, STRAIGHT, 1.75)[0](time_s)


def stances(steps: Footsteps, side: float) -> list[tuple[float, float]]:
    feet = contacts(steps)
    mine = (feet.side == side) & np.isfinite(feet.initial_s) & np.isfinite(feet.final_s)
    return list(zip(feet.initial_s[mine].tolist(), feet.final_s[mine].tolist(), strict=True))[4:20]


@pytest.mark.parametrize(("footing", "direction", "speed_mps"), FOOT_CASES)
def test_the_foot_is_still_in_mid_stance_and_strides_along_the_travel(
    footing: Footing, direction: Direction, speed_mps: float
) -> None:
    steps = steady(footing, direction, speed_mps)
    middles = []
    for lands_s, leaves_s in stances(steps, 1.0):
        middle_s = lands_s + (0.4 if direction is FORWARD else 0.6) * (leaves_s - lands_s)
        around = poses(steps, "foot", middle_s + np.linspace(-0.02, 0.02, 9))
        assert np.abs(around.position_m - around.position_m[0]).max() < 1e-9
        assert np.abs(around.pitch_rad).max() == 0.0
        middles.append(around.position_m[0])
    strides = np.diff(middles, axis=0)
    assert strides[:, 0] == pytest.approx(2 * speed_mps * float(steps.period_s[0]))
    assert strides[:, 1:] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("footing", "direction", "speed_mps"), FOOT_CASES)
def test_toes_land_first_backward_and_leave_last_forward(
    footing: Footing, direction: Direction, speed_mps: float
) -> None:
    steps = steady(footing, direction, speed_mps)
    moments = np.array(stances(steps, 1.0))
    landing = poses(steps, "foot", moments[:, 0]).pitch_rad
    leaving = poses(steps, "foot", moments[:, 1]).pitch_rad
    if direction is FORWARD:
        assert np.all(landing < -0.05), "heel first: toes up"
        assert np.all(leaving > 0.2)
    else:
        assert np.all(landing > 0.2), "toes first"
        assert np.all(leaving < -0.05)


@pytest.mark.parametrize("direction", [FORWARD, BACKWARD])
def test_toe_down_comes_after_the_stance_forward_and_before_it_backward(direction: Direction) -> None:
    steps = steady(Footing.RUN, direction, 2.5)
    (_, leaves_s), (lands_s, _) = stances(steps, 1.0)[:2]
    swing = np.linspace(leaves_s, lands_s, 200)
    pitch = poses(steps, "foot", swing).pitch_rad
    assert np.degrees(pitch.max()) == pytest.approx(65, abs=1)
    assert np.degrees(-pitch.min()) == pytest.approx(22, abs=1)
    assert (np.argmax(pitch) < 100) == (direction is FORWARD)


@pytest.mark.parametrize("footing", [Footing.WALK, Footing.RUN])
def test_the_thigh_swings_in_reverse_when_going_backward(footing: Footing) -> None:
    clock = timing(footing, FORWARD, 1.5)
    forward, backward = (steady(footing, direction, 1.5, clock=clock) for direction in (FORWARD, BACKWARD))
    period_s, support_s = clock
    duty_s = support_s if footing is Footing.RUN else 1.24 * period_s
    time_s = 20 * period_s + np.linspace(0, 4 * period_s, 300)
    there = poses(forward, "pocket", time_s).pitch_rad
    back = poses(backward, "pocket", 44 * period_s + duty_s - time_s).pitch_rad
    assert back == pytest.approx(there, abs=1e-9)


def test_the_thigh_is_flexed_when_its_foot_lands_forward_and_extended_backward() -> None:
    for direction, flexed in ((FORWARD, True), (BACKWARD, False)):
        steps = steady(Footing.WALK, direction, 1.3)
        landing = np.array(stances(steps, 1.0))[:, 0]
        nose_down = poses(steps, "pocket", landing).pitch_rad
        assert np.all(nose_down < -0.2) if flexed else np.all(nose_down > 0.05)


def test_arms_swing_against_the_legs_at_stride_frequency() -> None:
    steps = steady(Footing.RUN, FORWARD, 2.8)
    time_s = whole_strides(steps, 200.0)
    arm = poses(steps, "wrist", time_s).position_m[:, 0]
    thigh = poses(steps, "pocket", time_s).position_m[:, 0]
    assert np.corrcoef(arm, thigh)[0, 1] < -0.5
    spectrum = np.abs(np.fft.rfft(arm - arm.mean()))
    assert int(np.argmax(spectrum)) == 16, "16 strides in the window"


@pytest.mark.parametrize("placement", ["waist", "pocket", "wrist"])
def test_left_and_right_mirror_each_other_half_a_stride_later(placement: Placement) -> None:
    steps = steady(Footing.RUN, BACKWARD, 2.0)
    time_s = whole_strides(steps, 100.0)
    left = poses(steps, placement, time_s)
    right = poses(steps, placement, time_s + float(steps.period_s[0]), side=-1.0)
    assert right.pitch_rad == pytest.approx(left.pitch_rad, abs=1e-9)
    assert np.cos(right.yaw_rad - np.pi) == pytest.approx(np.cos(left.yaw_rad - np.pi), abs=1e-9)
    assert right.position_m[:, 2] == pytest.approx(left.position_m[:, 2], abs=1e-9)
    assert right.position_m[:, 0] == pytest.approx(left.position_m[:, 0], abs=1e-9)

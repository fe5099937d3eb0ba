"""Knee: the joint model against its traps, and ratios that promise nothing beyond what was found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import UnusableInput
from retropace.estimate import Estimate
from retropace.knee import (
    AREAS,
    FASTEST_MPS,
    STIFFNESS_BACKWARD,
    STIFFNESS_FORWARD,
    cadence_ratio,
    contact_area_mm2,
    force_ratio,
    lever_arm_m,
    peak_backward_bw,
    peak_force_n,
    peak_forward_bw,
    relative_per_km,
    relative_per_step,
    stress_mpa,
)
from retropace.witness import CADENCE_RATIO

SPEEDS = st.floats(0, FASTEST_MPS.value)


def ends(estimate: Estimate) -> tuple[float, float, float]:
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.value, estimate.high


@pytest.mark.parametrize(
    ("moment_nm", "flexion_deg", "bodyweights"), [(157.0, 44.0, 4.5), (124.0, 41.0, 3.4)], ids=["forward", "backward"]
)
def test_roos_from_moment_and_flexion(moment_nm: float, flexion_deg: float, bodyweights: float) -> None:
    """At an assumed 75 kg; the paper's mass was not seen. 4.58 and 3.42 against the printed 4.5 and 3.4."""
    force = peak_force_n(np.array([moment_nm]), np.array([flexion_deg]))
    assert force[0] / (75 * 9.80665) == pytest.approx(bodyweights, abs=0.1)


def test_stress_of_the_roos_steps() -> None:
    moment, flexion = np.array([157.0, 124.0]), np.array([44.0, 41.0])
    np.testing.assert_allclose(stress_mpa(moment, flexion), [13.9, 10.5], atol=0.1)
    np.testing.assert_allclose(stress_mpa(moment, flexion, "kernozek_area"), [16.5, 12.8], atol=0.1)


@pytest.mark.parametrize("method", AREAS)
def test_contact_area_has_the_right_sign(method: str) -> None:
    """With + instead of - before the cube the area at 45 degrees is 845 mm²; whole kneecaps have less."""
    area = contact_area_mm2(np.linspace(0, 75, 76), method)
    assert np.all((area > 50) & (area < 400))
    assert 200 < contact_area_mm2(np.array([45.0]), method)[0] < 250


def test_lever_arm_is_in_metres() -> None:
    arm = lever_arm_m(np.linspace(0, 90, 91))
    assert np.all((arm > 0.01) & (arm < 0.06))


def test_a_flexion_moment_loads_nothing() -> None:
    assert peak_force_n(np.array([-50.0, 0.0]), np.array([40.0, 40.0])).tolist() == [0.0, 0.0]


@given(st.floats(0, 400), st.floats(0, 75))
def test_force_grows_in_proportion_to_moment(moment_nm: float, flexion_deg: float) -> None:
    once, twice = peak_force_n(np.array([moment_nm, 2 * moment_nm]), np.array([flexion_deg, flexion_deg]))
    assert once >= 0
    assert twice == pytest.approx(2 * once)


def test_outside_the_joint_model_is_unknown() -> None:
    flexion = np.array([-1.0, 91.0, np.nan])
    assert np.all(np.isnan(force_ratio(flexion)))
    assert np.all(np.isnan(lever_arm_m(flexion)))
    assert np.all(np.isnan(contact_area_mm2(np.array([76.0, -1.0]))))


def test_an_unknown_area_names_those_there_are() -> None:
    with pytest.raises(UnusableInput, match="nunes_2018, kernozek_area"):
        contact_area_mm2(np.array([40.0]), "salsich_2003")


def test_cadence_ratio_is_what_stiffness_gives() -> None:
    derived = cadence_ratio(STIFFNESS_BACKWARD.value, STIFFNESS_FORWARD.value)
    assert derived == pytest.approx(CADENCE_RATIO.value, abs=0.005)
    assert cadence_ratio(499, 352, 0.0) == pytest.approx(CADENCE_RATIO.high, abs=0.005), "no part above: the upper end"
    assert cadence_ratio(352, 352) == 1.0


def test_at_walking_pace_nothing_is_promised() -> None:
    low, value, high = ends(relative_per_step(1.0))
    assert low < 1 < high
    assert value == pytest.approx(3.51 / 3.41)


def test_at_running_speed_ten_to_thirty_five_percent_less() -> None:
    assert ends(relative_per_step(3.0)) == pytest.approx((0.65, 0.756, 0.90), abs=0.001)


def test_faster_than_anybody_measured_is_unknown() -> None:
    for figure in (relative_per_step, relative_per_km, peak_forward_bw, peak_backward_bw):
        assert figure(3.6).value is None
        assert "3.5 m/s" in str(figure(3.6).why_unknown)
        assert figure(float("nan")).value is None


@given(SPEEDS, SPEEDS)
def test_relief_never_shrinks_with_speed(a: float, b: float) -> None:
    slow, fast = sorted((a, b))
    pairs = zip(ends(relative_per_step(fast)), ends(relative_per_step(slow)), strict=True)
    assert all(faster <= slower for faster, slower in pairs)


@given(SPEEDS)
def test_per_kilometre_is_less_relief_and_a_wider_band(speed: float) -> None:
    step, kilometre = ends(relative_per_step(speed)), ends(relative_per_km(speed))
    assert kilometre[1] == pytest.approx(step[1] * CADENCE_RATIO.value)
    assert kilometre[2] / kilometre[1] > step[2] / step[1]
    assert kilometre[0] / kilometre[1] < step[0] / step[1]


@given(SPEEDS)
def test_backward_is_forward_times_the_ratio(speed: float) -> None:
    forward, backward, ratio = (
        ends(peak_forward_bw(speed)),
        ends(peak_backward_bw(speed)),
        ends(relative_per_step(speed)),
    )
    assert backward[1] == pytest.approx(forward[1] * ratio[1])
    assert backward[0] < backward[1] < backward[2]


def test_people_differ_more_than_directions() -> None:
    """One standard deviation between people is wider than the difference: no promise to an individual."""
    low, _, high = ends(peak_forward_bw(3.0))
    assert low < ends(peak_backward_bw(3.0))[1] < high

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.quantities import Direction, Gait
from retropace.simulate import stride


def running(direction: Direction, speed_mps: float) -> tuple[float, float]:
    period_s = 60 / stride.cadence_spm(Gait.RUN, direction, speed_mps, 170, 8)
    return period_s, stride.contact_time_s(direction, speed_mps, period_s)


def test_aerial_phase_is_the_published_one_at_the_mean_speed() -> None:
    speed = stride.AERIAL_MEAN_SPEED_MPS.value
    for direction, published_s in ((Direction.FORWARD, 0.072), (Direction.BACKWARD, 0.098)):
        period_s, contact_s = running(direction, speed)
        assert period_s - contact_s == pytest.approx(published_s, abs=1e-9)


def test_what_remains_for_contact_agrees_with_the_derived_ratio() -> None:
    ratio = running(Direction.BACKWARD, 3.0)[1] / running(Direction.FORWARD, 3.0)[1]
    assert stride.CONTACT_RATIO_RUN.low < ratio < stride.CONTACT_RATIO_RUN.high
    assert ratio == pytest.approx(stride.CONTACT_RATIO_RUN.value, abs=0.05)


def test_cadence_rises_backward_when_running_and_not_when_walking() -> None:
    def cadence(gait: Gait, direction: Direction) -> float:
        return stride.cadence_spm(gait, direction, 1.8, 170, 8)

    run = cadence(Gait.RUN, Direction.BACKWARD) / cadence(Gait.RUN, Direction.FORWARD)
    walk = cadence(Gait.WALK, Direction.BACKWARD) / cadence(Gait.WALK, Direction.FORWARD)
    assert run == pytest.approx(1.09)
    assert walk == pytest.approx(1.0)


@given(st.sampled_from([Direction.FORWARD, Direction.BACKWARD]), st.floats(0.3, 8.0))
def test_a_running_step_always_has_contact_and_flight(direction: Direction, speed_mps: float) -> None:
    period_s, contact_s = running(direction, speed_mps)
    assert 0.06 < contact_s < period_s < 0.5

"""Energy: laws every model obeys, and what a bout costs when things are missing or beyond what was measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace import energy
from retropace.energy import (
    JOULES_PER_KCAL,
    MODELS,
    RESTING_WPKG,
    RUNNING_RATIO,
    WALKING_RATIO,
    CostModel,
    methods,
    net_energy_jpkg,
    net_power_wpkg,
    practice_factor,
    resting_energy_jpkg,
)
from retropace.errors import UnusableInput
from retropace.estimate import Estimate
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.sources import Cited

FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD
ALL = [(gait, direction, model) for (gait, direction), models in MODELS.items() for model in models]
EVERY = pytest.mark.parametrize(("gait", "direction", "model"), ALL, ids=[f"{g}-{d}-{m.key}" for g, d, m in ALL])


def within(model: CostModel, steps: int = 21) -> tuple[FloatArray, FloatArray]:
    """Speeds and slopes all over the model's range."""
    speeds, slopes = np.linspace(*model.speeds_mps, steps), np.linspace(*model.slopes, steps)
    speed, slope = np.meshgrid(speeds, slopes)
    return speed.ravel(), slope.ravel()


def cost(gait: Gait, direction: Direction, speed: float = 2.0, slope: float = 0.0, **person: float) -> Estimate:
    n = 600
    return net_energy_jpkg(gait, direction, np.full(n, speed), np.full(n, slope), Person(**person))  # type: ignore[arg-type]


def ends(estimate: Estimate) -> tuple[float, float, float]:
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.value, estimate.high


# -- laws -------------------------------------------------------------------------------------------------------------


@EVERY
def test_power_is_finite_and_never_negative(gait: Gait, direction: Direction, model: CostModel) -> None:
    power = net_power_wpkg(*within(model), gait, direction, model.key)
    assert np.all(np.isfinite(power))
    assert np.all(power >= 0)


@EVERY
def test_power_stays_small_as_speed_vanishes(gait: Gait, direction: Direction, model: CostModel) -> None:
    level = min(max(0.0, model.slopes[0]), model.slopes[1])
    power = model.power_wpkg(np.array([1e-9, 1e-3]), np.array([level, level]))
    standing = (energy.STANDING.value - 1) * RESTING_WPKG
    assert np.all(power <= standing + 0.2)


@EVERY
def test_power_rises_with_speed(gait: Gait, direction: Direction, model: CostModel) -> None:
    speeds = np.linspace(max(model.speeds_mps[0], 0.1), model.speeds_mps[1], 30)
    level = np.zeros(30)
    assert np.all(np.diff(net_power_wpkg(speeds, level, gait, direction, model.key)) > 0)


@EVERY
def test_power_rises_uphill(gait: Gait, direction: Direction, model: CostModel) -> None:
    slopes = np.linspace(0.0, model.slopes[1], 30)
    speed = np.full(30, sum(model.speeds_mps) / 2)
    assert np.all(np.diff(net_power_wpkg(speed, slopes, gait, direction, model.key)) >= 0)


@EVERY
def test_time_reversed_input_gives_time_reversed_output(gait: Gait, direction: Direction, model: CostModel) -> None:
    speed, slope = within(model)
    there = net_power_wpkg(speed, slope, gait, direction, model.key)
    np.testing.assert_array_equal(net_power_wpkg(speed[::-1], slope[::-1], gait, direction, model.key), there[::-1])


@EVERY
def test_outside_its_range_a_model_is_silent(gait: Gait, direction: Direction, model: CostModel) -> None:
    (slowest, fastest), (lowest, highest) = model.speeds_mps, model.slopes
    speed = np.array([fastest + 0.01, fastest, slowest - 0.01, fastest, fastest, np.nan])
    slope = np.array([highest, highest + 0.001, highest, lowest - 0.001, np.nan, highest])
    assert np.all(np.isnan(net_power_wpkg(speed, slope, gait, direction, model.key)))


@EVERY
def test_models_name_what_they_rest_on(gait: Gait, direction: Direction, model: CostModel) -> None:
    assert model.sources
    assert model.power_wpkg.__doc__


@pytest.mark.parametrize("gait", [Gait.RUN, Gait.WALK])
def test_rivals_agree_within_a_third(gait: Gait) -> None:
    """Where several models cover a speed on the level, none is far from the best."""
    for direction in (FORWARD, BACKWARD):
        best, *others = MODELS[gait, direction]
        for rival in others:
            speed = np.linspace(max(rival.speeds_mps[0], 0.8), min(rival.speeds_mps[1], best.speeds_mps[1]), 9)
            ratio = rival.power_wpkg(speed, np.zeros(9)) / best.power_wpkg(speed, np.zeros(9))
            assert np.all((ratio > 0.67) & (ratio < 1.33)), rival.key


def test_backward_never_costs_less_than_forward_at_the_same_speed() -> None:
    for gait, fastest in ((Gait.RUN, 3.5), (Gait.WALK, 2.0)):
        speed, level = np.linspace(0.5, fastest, 20), np.zeros(20)
        forward, backward = (net_power_wpkg(speed, level, gait, direction) for direction in (FORWARD, BACKWARD))
        assert np.all(backward > forward)


def test_walking_and_running_backward_cost_alike_where_hreljac_found_it() -> None:
    """Energetically optimal transition 1.85 ± 0.09 m/s: the two pooled models cross within two standard deviations."""
    speed, level = np.linspace(1.0, 2.0, 1001), np.zeros(1001)
    walking, running = (net_power_wpkg(speed, level, gait, BACKWARD) for gait in (Gait.WALK, Gait.RUN))
    crossing = float(speed[np.argmin(np.abs(walking - running))])
    assert crossing == pytest.approx(1.85, abs=0.18)


# -- choosing a model --------------------------------------------------------------------------------------------------


def test_the_best_is_the_first() -> None:
    speed, level = np.array([2.0]), np.array([0.0])
    for (gait, direction), models in MODELS.items():
        if models[0].speeds_mps[1] >= 2.0:
            best = net_power_wpkg(speed, level, gait, direction, models[0].key)
            np.testing.assert_array_equal(net_power_wpkg(speed, level, gait, direction), best)


def test_an_unknown_method_names_those_there_are() -> None:
    with pytest.raises(UnusableInput, match="minetti_2002, williford_1998"):
        net_power_wpkg(np.array([2.0]), np.array([0.0]), Gait.RUN, FORWARD, "pandolf_1977")
    with pytest.raises(UnusableInput, match="nobody has measured"):
        net_power_wpkg(np.array([2.0]), np.array([0.0]), Gait.RUN, Direction.SIDEWAYS)
    assert methods(Gait.WALK, Direction.SIDEWAYS) == ()


# -- a bout -----------------------------------------------------------------------------------------------------------


def test_seventy_kilograms_over_five_kilometres() -> None:
    kcal = 70 / JOULES_PER_KCAL * 5000 / 1200
    assert cost(Gait.RUN, FORWARD).scaled(kcal).value == pytest.approx(301, abs=0.5)
    assert ends(cost(Gait.RUN, BACKWARD).scaled(kcal)) == pytest.approx((346, 392, 437), abs=1)


@pytest.mark.parametrize(("gait", "ratio"), [(Gait.RUN, RUNNING_RATIO), (Gait.WALK, WALKING_RATIO)])
def test_a_backward_band_is_that_of_the_ratio(gait: Gait, ratio: Cited) -> None:
    _, forward, _ = ends(cost(gait, FORWARD, 1.5))
    expected = [forward * end for end in (ratio.low, ratio.value, ratio.high)]
    assert ends(cost(gait, BACKWARD, 1.5)) == pytest.approx(expected)


@pytest.mark.parametrize("gait", [Gait.RUN, Gait.WALK])
def test_a_ratio_of_your_own_replaces_that_of_others(gait: Gait) -> None:
    _, forward, _ = ends(cost(gait, FORWARD))
    own = ends(cost(gait, BACKWARD, backward_energy_ratio=1.2, backward_sessions=12))
    assert own == pytest.approx((1.2 * 0.95 * forward, 1.2 * forward, 1.2 * 1.05 * forward))


def test_practice_counts_only_where_it_was_told() -> None:
    novice, told = cost(Gait.WALK, BACKWARD), cost(Gait.WALK, BACKWARD, backward_sessions=12)
    assert "heath_2001" not in novice.sources
    assert "heath_2001" in told.sources
    resting = RESTING_WPKG * 600
    assert (ends(told)[1] + resting) / (ends(novice)[1] + resting) == pytest.approx(1.66 / 2.05, abs=0.002)
    assert told.high == novice.high, "practice may not have worked here"


@given(st.integers(0, 10_000), st.sampled_from([Gait.WALK, Gait.RUN]))
def test_practice_helps_up_to_a_point(sessions: int, gait: Gait) -> None:
    factor = practice_factor(sessions, gait)
    assert (0.81 if gait is Gait.WALK else 0.90) <= factor <= 1.0
    assert practice_factor(sessions + 1, gait) <= factor


def test_running_practice_never_moves_the_upper_band() -> None:
    low, value, high = ends(cost(Gait.RUN, BACKWARD, backward_sessions=50))
    plain = ends(cost(Gait.RUN, BACKWARD))
    assert (low, value, high) == pytest.approx((0.9 * plain[0], 0.9 * plain[1], plain[2]))


def test_a_missing_slope_counts_as_level() -> None:
    speed = np.full(60, 2.5)
    assert net_energy_jpkg(Gait.RUN, BACKWARD, speed, np.full(60, np.nan), Person()) == net_energy_jpkg(
        Gait.RUN, BACKWARD, speed, np.zeros(60), Person()
    )


def test_downhill_the_upper_band_saves_nothing() -> None:
    level, down = ends(cost(Gait.RUN, BACKWARD)), ends(cost(Gait.RUN, BACKWARD, slope=-0.04))
    assert down[1] < level[1]
    assert down[2] == pytest.approx(level[2])
    assert down[2] / down[1] > level[2] / level[1]


def test_slope_noise_about_level_adds_no_cost() -> None:
    noise = np.random.default_rng(3).normal(0, 0.01, 3600)
    speed = np.full(3600, 2.5)
    noisy = net_energy_jpkg(Gait.RUN, BACKWARD, speed, noise, Person())
    assert ends(noisy)[1] == pytest.approx(
        ends(net_energy_jpkg(Gait.RUN, BACKWARD, speed, 0 * noise, Person()))[1], rel=0.01
    )


@pytest.mark.parametrize(
    ("gait", "direction", "speed", "slope", "why"),
    [
        (Gait.RUN, BACKWARD, 2.0, -0.10, "down more than 5 %"),
        (Gait.RUN, BACKWARD, 2.0, 0.30, "up more than 25 %"),
        (Gait.WALK, BACKWARD, 1.0, 0.20, "up more than 10 %"),
        (Gait.RUN, BACKWARD, 4.5, 0.0, "3.5 m/s"),
        (Gait.WALK, FORWARD, 3.0, 0.0, "2.2 m/s"),
        (Gait.RUN, Direction.SIDEWAYS, 2.0, 0.0, "Nobody has measured"),
        (Gait.RUN, FORWARD, np.nan, 0.0, "no speed"),
    ],
)
def test_beyond_what_was_measured_is_unknown_and_says_why(
    gait: Gait, direction: Direction, speed: float, slope: float, why: str
) -> None:
    found = cost(gait, direction, speed, slope)
    assert found.value is None
    assert found.why_unknown is not None
    assert why in found.why_unknown


def test_a_few_seconds_beyond_are_taken_like_the_rest() -> None:
    speed = np.full(100, 2.5)
    speed[:20] = 3.8
    found = net_energy_jpkg(Gait.RUN, BACKWARD, speed, np.zeros(100), Person())
    assert ends(found)[1] == pytest.approx(1.3 * 3.6 * speed.sum())
    speed[:20] = np.nan
    found = net_energy_jpkg(Gait.RUN, BACKWARD, speed, np.zeros(100), Person())
    assert ends(found)[1] == pytest.approx(1.3 * 3.6 * 250)


def test_no_seconds_no_figure() -> None:
    assert net_energy_jpkg(Gait.RUN, FORWARD, np.empty(0), np.empty(0), Person()).value is None


def test_standing_costs_nothing_above_resting() -> None:
    found = cost(Gait.STAND, Direction.NONE, 0.0)
    low, value, high = ends(found)
    assert (low, value) == (0.0, 0.0)
    assert high == pytest.approx(0.3 * RESTING_WPKG * 600)


def test_resting_reaches_down_to_what_people_measured() -> None:
    low, value, high = ends(resting_energy_jpkg(60, Gait.RUN))
    assert value == high == pytest.approx(3.5 * 20.9)
    assert low == pytest.approx(2.6 * 20.9)
    assert ends(resting_energy_jpkg(60, Gait.STAND))[2] == pytest.approx(1.3 * value)


@given(st.floats(0.3, 3.4), st.floats(-0.049, 0.24), st.sampled_from([Gait.RUN, Gait.WALK]))
def test_bands_hold_their_value_everywhere(speed: float, slope: float, gait: Gait) -> None:
    for direction in (FORWARD, BACKWARD):
        found = cost(gait, direction, speed, slope)
        if found.value is not None:
            low, value, high = ends(found)
            assert 0 <= low <= value <= high

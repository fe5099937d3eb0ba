import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from felt_streams import (
    Motion,
    Placement,
    between,
    chosen,
    constant,
    still,
    stream,
    swung,
    time_reversed,
    true_up,
    turned,
    values_of,
    worn,
)
from retropace.motion.level import SETTLE_S, Learnt, Levelled, Leveller, levelled, matrices
from retropace.motion.north import Compass
from retropace.motion.samples import RATE_HZ, pieces
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray

SHORT = settings(deadline=None, max_examples=15)
PLACEMENTS: tuple[Placement, ...] = ("foot", "waist", "pocket", "wrist")


def level(motion: Motion) -> Levelled:
    return levelled(pieces(motion)[0])


def flat(vectors: FloatArray) -> FloatArray:
    """The level part as complex numbers (n,)."""
    return np.asarray(vectors[:, 0] + 1j * vectors[:, 1])


def turn_between(one: FloatArray, other: FloatArray) -> complex:
    """The one turn about the vertical that best takes level vectors `one` to `other`."""
    product = complex((flat(other) * flat(one).conj()).sum())
    return product / abs(product)


@st.composite
def rotations(draw: st.DrawFn) -> FloatArray:
    parts = np.array(draw(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(x * x for x in q) > 0.01)))
    return matrices((parts / np.linalg.norm(parts))[:, None])[:, :, 0]


@given(rotations(), st.sampled_from(PLACEMENTS))
@SHORT
def test_any_mounting_gives_the_same_but_for_one_turn(matrix: FloatArray, placement: Placement) -> None:
    motion = between(worn(placement), 3, 25)
    one, other = level(motion), level(turned(motion, matrix))
    turn = turn_between(one.acceleration_mps2, other.acceleration_mps2)
    for before, after in (
        (one.acceleration_mps2, other.acceleration_mps2),
        (one.rotation_radps, other.rotation_radps),
    ):
        assert np.abs(turn * flat(before) - flat(after)).max() < 1e-6
        assert np.abs(before[:, 2] - after[:, 2]).max() < 1e-6
    assert np.abs(one.up @ matrix.T - other.up).max() < 1e-6
    assert np.ptp(one.heading_rad - other.heading_rad) < 1e-6
    north = np.exp(1j * (other.north_rad - one.north_rad)) / turn
    assert np.array_equal(np.isnan(one.north_rad), np.isnan(other.north_rad))
    assert np.nanmax(np.abs(north - 1)) < 1e-6


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_backward_in_time_the_level_axes_agree_within_the_filters_lag(placement: Placement) -> None:
    motion = {k: s for k, s in worn(placement).items() if k != "magnetometer"}
    one, other = level(motion), level(time_reversed(motion))
    tilt = np.arccos(np.clip((one.up * other.up[::-1]).sum(axis=1), -1, 1))
    assert np.degrees(np.sqrt((tilt**2).mean())) < 4.0
    turn = turn_between(one.acceleration_mps2, other.acceleration_mps2[::-1])
    off = np.abs(turn * flat(one.acceleration_mps2) - flat(other.acceleration_mps2[::-1]))
    assert np.sqrt((off**2).mean()) < 0.08 * STANDARD_GRAVITY_MPS2


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_up_is_up_while_somebody_walks_and_runs(placement: Placement) -> None:
    motion = worn(placement)
    found = level(motion)
    true = true_up(placement)[: len(found)]
    off = np.degrees(np.arccos(np.clip((found.up * true).sum(axis=1), -1, 1)))
    assert np.sqrt((off**2).mean()) < 3.0
    assert off[: SETTLE_S * 100].max() < 1.5


def test_who_starts_in_full_run_is_level_at_once() -> None:
    motion = between(worn("waist"), 25.0, 38.0)
    found = level(motion)
    off = np.degrees(np.arccos(np.clip((found.up * true_up("waist")[2500 : 2500 + len(found)]).sum(axis=1), -1, 1)))
    assert off[:300].max() < 4.0


def test_still_sensors_are_level_and_still() -> None:
    found = level(still(10))
    assert np.abs(found.acceleration_mps2).max() < 0.01
    assert np.abs(found.rotation_radps).max() == 0
    assert np.ptp(found.heading_rad) < 1e-9


@pytest.mark.parametrize("hung", [(0.0, 0.0, 9.8), (0.0, 0.0, -9.8), (9.8, 0.0, 0.0), (0.0, -9.8, 0.0)])
def test_it_may_hang_any_way(hung: tuple[float, float, float]) -> None:
    found = level({"accelerometer": constant("accelerometer", np.arange(800) / 100, hung)})
    assert np.abs(found.up - np.array(hung) / 9.8).max() < 1e-6
    assert not found.turns
    assert np.isfinite(found.heading_rad).all()


@pytest.mark.parametrize("offset_degps", [(1.0, -0.5, 0.8), (6.0, -4.0, 5.0)])
def test_the_offset_of_a_gyroscope_is_learnt_at_rest(offset_degps: tuple[float, float, float]) -> None:
    motion = still(20)
    offset = np.radians(offset_degps)[:, None]
    noise = np.random.default_rng(1).normal(0, 0.003, (3, 2000))
    motion["gyroscope"] = stream("gyroscope", np.arange(2000) / 100, offset + noise)
    found = level(motion)
    assert np.degrees(np.abs(found.rotation_radps[500:].mean(axis=0)).max()) < 0.05
    assert np.degrees(np.ptp(found.heading_rad[500:])) < 1.0


def test_who_rocks_while_lifted_is_level_though_the_filter_is_told_of_four_samples_at_once() -> None:
    """Were the force taken as felt at the last of them, up would lean by 4 degrees; the mean of the last two, by 1.4."""
    time_s = np.arange(3000) / 100
    phase = 2 * np.pi * 2.0 * time_s
    sine, cosine, lift = np.sin(0.5 * np.sin(phase)), np.cos(0.5 * np.sin(phase)), 9.81 + 15 * np.cos(phase)
    force = [-sine * lift, 0 * lift, cosine * lift]
    rate = [0 * phase, 0.5 * 4 * np.pi * np.cos(phase), 0 * phase]
    motion = {"accelerometer": stream("accelerometer", time_s, np.stack(force))}
    found = level(motion | {"gyroscope": stream("gyroscope", time_s, np.stack(rate))})
    lean = np.arctan2(-found.up[:, 0], found.up[:, 2]) - 0.5 * np.sin(phase)
    assert abs(np.degrees(lean[1500:].mean())) < 0.1


def test_slow_movement_is_not_taken_for_an_offset() -> None:
    time_s = np.arange(2000) / 100
    lift = 9.81 + 2 * np.sin(2 * np.pi * 1.8 * time_s)
    found = level(
        {
            "accelerometer": stream("accelerometer", time_s, np.stack([0 * lift, 0 * lift, lift])),
            "gyroscope": constant("gyroscope", time_s, (0, 0, 0.04)),
        }
    )
    assert np.allclose(found.rotation_radps[:, 2], 0.04)


def about_z(rates: FloatArray) -> Motion:
    """A level sensor that turns about the vertical at `rates` (n,) [rad/s], in a field that points north."""
    time_s = np.arange(rates.size) / 100
    angle = np.cumsum(rates) / 100
    field = np.stack([20 * np.cos(angle), -20 * np.sin(angle), np.full(rates.size, -43.0)])
    return {
        "accelerometer": constant("accelerometer", time_s, (0, 0, 9.81)),
        "gyroscope": stream("gyroscope", time_s, np.stack([0 * rates, 0 * rates, rates])),
        "magnetometer": stream("magnetometer", time_s, field),
    }


def test_the_heading_follows_every_turn_and_north_stays() -> None:
    rates = np.concatenate([np.zeros(500), np.full(1000, 2.0), np.zeros(500), np.full(800, -1.5), np.zeros(200)])
    found = level(about_z(rates))
    assert np.abs(found.heading_rad - found.heading_rad[0] - np.cumsum(rates) / 100).max() < 0.02
    north = np.unwrap(found.north_rad[np.isfinite(found.north_rad)])
    assert np.isfinite(found.north_rad[300:]).all()
    assert np.ptp(north) < 0.05


def test_swinging_through_a_wide_angle_does_not_turn_the_heading() -> None:
    time_s = np.arange(2000) / 100
    angle = 1.2 * np.sin(2 * np.pi * 0.9 * time_s)  # nearly 70° either way about the sensor's y
    rate = np.gradient(angle, time_s)
    force = 9.81 * np.stack([-np.sin(angle), 0 * angle, np.cos(angle)])
    found = level(
        {
            "accelerometer": stream("accelerometer", time_s, force),
            "gyroscope": stream("gyroscope", time_s, np.stack([0 * rate, rate, 0 * rate])),
        }
    )
    assert np.degrees(np.ptp(found.heading_rad)) < 3.0


def test_upside_down_against_how_it_hung_there_is_no_heading() -> None:
    rate = np.where((np.arange(1500) >= 500) & (np.arange(1500) < 600), math.pi, 0.0)
    angle = np.cumsum(rate) / 100
    found = level(
        {
            "accelerometer": stream(
                "accelerometer", np.arange(1500) / 100, 9.81 * np.stack([0 * angle, np.sin(angle), np.cos(angle)])
            ),
            "gyroscope": stream("gyroscope", np.arange(1500) / 100, np.stack([rate, 0 * rate, 0 * rate])),
        }
    )
    assert np.isfinite(found.heading_rad[:550]).all()
    assert np.isnan(found.heading_rad[700:]).all()
    assert np.isfinite(found.acceleration_mps2).all()


def test_a_next_piece_keeps_the_axis_if_it_hangs_alike() -> None:
    learnt, hung = Learnt(), []
    for samples in pieces(chosen(worn("waist"), lambda t: (t < 20) | (t > 22))):
        leveller = Leveller(learnt)
        leveller.push(samples)
        leveller.finish()
        hung.append(learnt.hung)
    assert len(hung) == 2
    assert hung[0] == hung[1] is not None


def test_a_magnetic_storm_is_not_believed_and_north_comes_back() -> None:
    motion = about_z(np.zeros(4000))
    values = values_of(motion["magnetometer"])
    values[:, 1500:2500] += np.array([25.0, 30.0, 0.0])[:, None]
    found = level({**motion, "magnetometer": stream("magnetometer", np.arange(4000) / 100, values)})
    assert np.isnan(found.north_rad[:200]).all()
    assert np.isfinite(found.north_rad[300:1500]).all()
    assert np.isnan(found.north_rad[1500:2500]).all()
    assert np.isfinite(found.north_rad[2500:]).all()
    assert np.nanmax(np.abs(np.angle(np.exp(1j * (found.north_rad - found.north_rad[400]))))) < 0.02


def test_a_new_field_that_stays_is_believed_after_a_while() -> None:
    seen = np.repeat(np.array([[20.0, 0, -43], [30.0, 0, -20]]).T, [10, 30], axis=1)[:, :, None]
    north = Compass().north_rad(np.repeat(seen, 5, axis=2))
    assert np.flatnonzero(np.isfinite(north)).tolist() == [*range(2, 10), *range(29, 40)]


def test_a_piece_shorter_than_the_filter_needs_is_level_all_the_same() -> None:
    found = level(between(worn("waist"), 0, 1.2))
    assert len(found) == 120
    assert np.abs(found.acceleration_mps2).max() < 1.0


def test_a_single_sample() -> None:
    (piece,) = pieces(swung(np.arange(3) / 100))
    found = levelled(piece.between(0, 1))
    assert np.isfinite(found.acceleration_mps2).all()
    assert len(found) == 1
    assert found.start_s * RATE_HZ == piece.first

"""The symmetries that what is heard rests on: turned sensors, film run backward, other rates, mirrored bodies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from felt_streams import Motion, Placement, between, swung, time_reversed, turned, worn
from retropace.motion.frame import Frame, frame
from retropace.motion.heard import Columns, Heard
from retropace.motion.level import levelled, matrices
from retropace.motion.listener import listen
from retropace.motion.samples import pieces
from retropace.recording import FloatArray

PLACEMENTS: tuple[Placement, ...] = ("foot", "waist", "pocket", "wrist")
#: Columns that say where something points on axes of which only the vertical is known, or how the device hangs.
POINTING = ("_rad", "turn_up_")


def sizes(seen: Frame) -> Columns:
    """How strongly each second is moved, on axes that need no yaw."""
    power = (seen.slow_windows**2).mean(axis=2)
    return {
        "size_level": np.sqrt(power[:, 0] + power[:, 1]),
        "size_vertical": np.sqrt(power[:, 2]),
        "size_level_turn": np.sqrt(power[:, 3] + power[:, 4]),
        "size_turn": np.sqrt(power[:, 5]),
    }


def matrix_of(parts: tuple[float, ...]) -> FloatArray:
    return matrices((np.array(parts) / np.linalg.norm(parts))[:, None])[:, :, 0]


def heard_alike(one: Heard, other: Heard, share: float) -> None:
    assert np.array_equal(one.time_s, other.time_s)
    for name in one.columns:
        assert np.allclose(one[name], other[name], rtol=share, atol=share * np.nanmax(np.abs(one[name]))), name


@given(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(x * x for x in q) > 0.01), st.sampled_from(PLACEMENTS))
@settings(deadline=None, max_examples=10)
def test_a_turned_sensor_says_the_same(parts: tuple[float, ...], placement: Placement) -> None:
    motion = between(worn(placement), 2, 40)
    heard_alike(listen(motion, [sizes], {}), listen(turned(motion, matrix_of(parts)), [sizes], {}), 1e-6)


@pytest.mark.parametrize("rate_hz", [50.0, 200.0])
def test_any_rate_says_the_same(rate_hz: float) -> None:
    usual, other = (listen(swung(np.arange(round(20 * hz)) / hz), [sizes], {}) for hz in (100.0, rate_hz))
    inside = slice(3, 17)
    for name in ("size_level", "size_vertical", "size_level_turn", "size_turn"):
        assert np.allclose(usual[name][inside], other[name][inside], rtol=0.01), name


@pytest.mark.parametrize("rate_hz", [50.0, 200.0])
def test_any_rate_of_a_worn_sensor_says_nearly_the_same(rate_hz: float) -> None:
    """Noise and lost samples differ, so single seconds may; the run as a whole does not."""
    usual, other = (listen(worn("waist", hz), [sizes], {}) for hz in (100.0, rate_hz))
    for name in usual.columns:
        assert np.median(other[name]) == pytest.approx(np.median(usual[name]), rel=0.01), name


def mirrored(motion: Motion) -> Motion:
    """As worn by a person seen in a mirror: across the sensor's x-z plane."""
    flips = {"accelerometer": (1, -1, 1), "gyroscope": (-1, 1, -1)}
    return {name: turned({name: motion[name]}, np.diag(np.array(flip, float)))[name] for name, flip in flips.items()}


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_a_mirrored_person_moves_as_much(placement: Placement) -> None:
    motion = between({k: s for k, s in worn(placement).items() if k != "magnetometer"}, 2, 40)
    heard_alike(listen(motion, [sizes], {}), listen(mirrored(motion), [sizes], {}), 1e-6)


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_a_mirror_flips_the_level_axes_and_nothing_else(placement: Placement) -> None:
    motion = between({k: s for k, s in worn(placement).items() if k != "magnetometer"}, 2, 12)
    (one,), (other,) = pieces(motion), pieces(mirrored(motion))
    before, after = levelled(one), levelled(other)
    assert np.allclose(before.acceleration_mps2[:, 2], after.acceleration_mps2[:, 2], atol=1e-6)
    assert np.allclose(before.rotation_radps[:, 2], -after.rotation_radps[:, 2], atol=1e-6)


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_a_film_run_backward_moves_as_much(placement: Placement) -> None:
    motion = between({k: s for k, s in worn(placement).items() if k != "magnetometer"}, 0, 40)
    one, other = (frame(levelled(pieces(m)[0]), 0, 40) for m in (motion, time_reversed(motion)))
    forward, backward = sizes(one), sizes(other)
    steady = slice(8, 18)  # neither starting nor stopping, where a filter that looks back lags
    for name in forward:
        assert np.allclose(forward[name][steady], backward[name][::-1][steady], rtol=0.1, atol=0.1), name


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_every_look_says_the_same_of_a_turned_sensor(placement: Placement) -> None:
    motion = between(worn(placement), 2, 40)
    one, other = listen(motion), listen(turned(motion, matrix_of((0.3, -0.7, 0.2, 0.5))))
    for name in one.columns:
        if not any(part in name for part in POINTING):
            assert np.allclose(one[name], other[name], rtol=1e-6, atol=1e-6, equal_nan=True), name

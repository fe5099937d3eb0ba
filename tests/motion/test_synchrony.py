"""Two sensors on one body shake at once: how far apart they tell of it is found, and a foot out of step is silent."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made_feet
from made_feet import RUN, SPOT, WALK, backward, mirrored, seen, stepping, turned
from retropace.motion import foot, pocket, steps, synchrony
from retropace.motion.heard import Heard
from retropace.motion.listener import listen
from retropace.motion.synchrony import EVERY_S, OUT_OF_STEP_S, lag_s, look, out_of_step
from retropace.quantities import Direction, Gait
from retropace.readers import read
from retropace.recording import FloatArray, Stream
from retropace.session import Session, Step
from retropace.simulate import Device, Place, Runner, simulate

DATA = Path(__file__).parents[2] / "../shared/data"
FEET = DATA / "feet-and-lower-back-imu"


def shaken(seconds: int, late_s: float = 0.0, seed: int = 0) -> FloatArray:
    """(n, 6) motion that is shaken about twice a second, unevenly; rotation tells of it `late_s` later."""
    random = np.random.default_rng(seed)
    time_s = np.arange(0, seconds, 0.01)
    shocks_s = np.cumsum(random.uniform(0.3, 0.8, 2 * seconds))
    sizes = random.uniform(0.5, 1.5, shocks_s.size)

    def rung(after_s: float) -> FloatArray:
        since = np.maximum(time_s - shocks_s[:, None] - after_s, 0.0)
        wave = np.exp(-since / 0.03) * np.sin(2 * np.pi * 20 * since)
        return np.asarray(sizes @ wave)

    swing = np.sin(2 * np.pi * 0.9 * time_s)
    motion = np.stack([8 * rung(0), 4 * swing, 20 * rung(0), 3 * swing, 2 * rung(late_s), rung(late_s)], axis=1)
    return np.asarray(motion + random.normal(0, 0.02, motion.shape))


def found_s(motion: FloatArray) -> FloatArray:
    lag = look(seen(motion))["sync_lag_s"]
    return lag[np.isfinite(lag)]


def later(motion: dict[str, Stream], late_s: float) -> dict[str, Stream]:
    turning = motion["gyroscope"]
    return motion | {"gyroscope": Stream(turning.time_s + late_s, turning.channels)}


# -- the lag -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late_s", [-0.4, -0.2, -0.1, 0.1, 0.17, 0.33, 0.5])
def test_the_lag_is_found(late_s: float) -> None:
    found = found_s(shaken(60, late_s))
    assert found.size >= 3
    np.testing.assert_allclose(found, late_s, atol=0.02)


def test_in_step_is_no_lag() -> None:
    np.testing.assert_array_equal(found_s(shaken(60)), 0.0)


@pytest.mark.parametrize("seed", range(4))
def test_time_reversed_the_lag_changes_its_sign(seed: int) -> None:
    motion = shaken(4 * EVERY_S + 1, 0.23, seed)
    there, back = (found_s(way) for way in (motion, backward(motion)))
    np.testing.assert_allclose(back[::-1], -there, atol=0.025)


def test_heading_and_side_change_nothing() -> None:
    motion = shaken(40, 0.2)
    plain = found_s(motion)
    for other in (turned(motion, 1.1), mirrored(motion)):
        np.testing.assert_allclose(found_s(other), plain, atol=1e-9)


def test_what_does_not_shake_says_nothing() -> None:
    assert not found_s(np.zeros((3000, 6))).size
    assert not found_s(np.random.default_rng(2).normal(0, 0.05, (6000, 6))).size


def test_what_was_hardly_felt_or_never_turned_says_nothing() -> None:
    frame = seen(shaken(40, 0.2))
    rarely = np.arange(frame.known.size) % 3 == 0
    for other in (replace(frame, known=rarely), replace(frame, turns=False)):
        assert not np.any(np.isfinite(look(other)["sync_lag_s"]))


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 30))
@settings(deadline=None, max_examples=20)
def test_any_motion_is_looked_at(seed: int, size: float) -> None:
    lag = look(seen(np.random.default_rng(seed).normal(0, size, (2500, 6))))["sync_lag_s"]
    assert np.all(np.isnan(lag) | (np.abs(lag) <= 0.55))


# -- what several decide together -----------------------------------------------------------------------------------------


def rows(told: dict[int, float], count: int) -> Heard:
    lag = np.full(count, np.nan)
    lag[list(told)] = list(told.values())
    return Heard(np.arange(count, dtype=float), np.zeros(count), {"sync_lag_s": lag}, {})


def test_one_mistake_among_several_does_not_count() -> None:
    assert not np.any(out_of_step(rows({0: 0.0, 10: 0.3, 20: 0.0, 30: 0.0}, 40)))
    assert np.all(out_of_step(rows({0: 0.3, 10: 0.0, 20: 0.31, 30: 0.3}, 40)))


def test_a_clock_that_drifts_is_followed() -> None:
    lag = lag_s(rows({second: second / 1000 for second in range(0, 400, 10)}, 400))
    np.testing.assert_allclose(lag, np.arange(400) / 1000, atol=0.03)


def test_unknown_is_not_out_of_step() -> None:
    assert np.all(np.isnan(lag_s(rows({}, 8))))
    assert not np.any(out_of_step(rows({}, 8)))
    bare = Heard(np.arange(3.0), np.zeros(3), {}, {})
    assert not np.any(out_of_step(bare))


# -- feet ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late_s", [-0.3, -0.2, 0.2, 0.3])
@pytest.mark.parametrize("gait", [Gait.WALK, Gait.RUN])
def test_a_virtual_foot_out_of_step_never_says_the_wrong_way(gait: Gait, late_s: float) -> None:
    for direction in (Direction.FORWARD, Direction.BACKWARD):
        device = Device(kind="pod", placement="foot", rate_hz=100.0, mount_deg=(40.0, 10.0, -30.0))
        recording, _ = simulate(Session("one way", (Step(gait, direction, 40),)), Runner(), Place(), device, seed=5)
        heard = listen(later(dict(recording.motion), late_s), [foot.look, synchrony.look], {})
        wrong = 1 if direction is Direction.FORWARD else -1
        assert np.nansum(np.maximum(wrong * foot.say(heard).backward_nats, 0)) < 5  # a backward bout costs 13.5


@pytest.mark.parametrize("late_s", [-0.3, -0.2, 0.2, 0.3])
def test_a_virtual_foot_out_of_step_is_silent_where_it_is_taken_for_a_thigh(late_s: float) -> None:
    device = Device(kind="pod", placement="foot", rate_hz=100.0, mount_deg=(40.0, 10.0, -30.0))
    session = Session("there and back", (Step(Gait.RUN, Direction.BACKWARD, 40), Step(Gait.RUN, Direction.FORWARD, 40)))
    recording, _ = simulate(session, Runner(), Place(), device, seed=5)
    heard = listen(later(dict(recording.motion), late_s), [steps.look, pocket.look, synchrony.look], {})
    assert not np.any(np.isfinite(pocket.say_running(heard).backward_nats))


@pytest.mark.parametrize("gait", [WALK, RUN, SPOT], ids=["walk", "run", "spot"])
def test_smooth_feet_are_not_called_out_of_step(gait: made_feet.Gait) -> None:
    motion = stepping(gait, 40)
    motion += np.random.default_rng(3).normal(0, 0.02, motion.shape)
    heard = look(seen(motion))
    count = heard["sync_lag_s"].size
    assert not np.any(out_of_step(Heard(np.arange(count, dtype=float), np.zeros(count), heard, {})))


@pytest.mark.parametrize("late_s", [0.0, 0.1, -0.2, 0.5])
def test_real_feet(late_s: float) -> None:
    paths = sorted(FEET.glob("*_lf.txt"))
    if not paths:
        pytest.skip(f"no recordings in {FEET}")
    apart = []
    for path in paths:
        heard = listen(later(dict(read(path).motion), late_s), [synchrony.look], {})
        apart.append(np.mean(out_of_step(heard)))
    assert np.mean(apart) == 0 if late_s == 0 else np.mean(apart) > 0.9
    assert OUT_OF_STEP_S < 0.1

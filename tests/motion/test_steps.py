"""Steps: the same however time runs, the axes point or the body is sided; walking and running told at every placement."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.motion import steps
from retropace.motion.frame import frame
from retropace.motion.level import Levelled
from retropace.recording import FloatArray

#: Whole seconds of the made-up motion, halo included.
SECONDS = 16
NAMES = {
    "step_hz",
    "step_alike",
    "step_trust",
    "step_vertical_rms",
    "step_level_rms",
    "step_turn_rms",
    "step_still",
    "step_share",
    "step_run_nats",
}


def levelled(acceleration: FloatArray, rotation: FloatArray, known: np.ndarray | None = None) -> Levelled:
    n = len(acceleration)
    return Levelled(
        0.0,
        acceleration,
        rotation,
        np.tile([0.0, 0.0, 1.0], (n, 1)),
        np.zeros(n),
        np.full(n, np.nan),
        np.ones(n, bool) if known is None else known,
        np.zeros(n, bool),
        turns=True,
    )


def looked(level: Levelled) -> dict[str, FloatArray]:
    seconds = len(level) // 100
    return steps.look(frame(level, 3, seconds - 6))


def motion(seed: int) -> Levelled:
    """Strides of 1.1 s that are anything but symmetric in time, on all six axes, with noise."""
    random = np.random.default_rng(seed)
    phase = 2 * np.pi * np.arange(SECONDS * 100) / 110
    waves = np.stack([np.sin(k * phase + p) for k in (1, 2, 3) for p in random.uniform(0, 6, 2)], axis=1)
    parts = waves @ random.normal(0, 1.5, (6, 6)) + random.normal(0, 0.5, (phase.size, 6))
    return levelled(parts[:, :3], parts[:, 3:] / 3)


def walk(
    step_hz: float, trunk_mps2: float, limb_mps2: float = 0.0, turn_radps: float = 0.0, seconds: int = 20
) -> Levelled:
    """A trunk bouncing once a step, and a limb that swings once a stride, with its second and third waves."""
    time_s = np.arange(seconds * 100) / 100
    step, stride = 2 * np.pi * step_hz * time_s, np.pi * step_hz * time_s
    swing = np.sin(stride) + 0.5 * np.sin(2 * stride + 1) + 0.3 * np.sin(3 * stride + 2)
    acceleration = np.zeros((time_s.size, 3))
    acceleration[:, 2] = trunk_mps2 * np.sqrt(2) * np.sin(step)
    acceleration[:, 0] = limb_mps2 * np.sqrt(2) * swing + 0.3 * trunk_mps2 * np.sin(step + 1)
    rotation = np.zeros_like(acceleration)
    rotation[:, 1] = turn_radps * np.sqrt(2) * np.sin(stride + 0.5)
    return levelled(acceleration, rotation)


def assert_alike(one: dict[str, FloatArray], other: dict[str, FloatArray], tolerance: float = 1e-9) -> None:
    assert set(one) == set(other) == NAMES
    for name in one:
        np.testing.assert_allclose(one[name], other[name], atol=tolerance, rtol=1e-9, err_msg=name)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_time_reversed_changes_nothing(seed: int) -> None:
    level = motion(seed)
    back = replace(
        level, acceleration_mps2=level.acceleration_mps2[::-1].copy(), rotation_radps=-level.rotation_radps[::-1]
    )
    there = looked(level)
    assert np.isfinite(there["step_hz"]).all()
    assert_alike(there, {name: values[::-1] for name, values in looked(back).items()})


@given(st.integers(0, 2**32 - 1), st.floats(-np.pi, np.pi))
@settings(max_examples=25, deadline=None)
def test_heading_of_the_axes_and_side_of_the_body_change_nothing(seed: int, yaw: float) -> None:
    level = motion(seed)
    turn = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    turned = replace(
        level, acceleration_mps2=level.acceleration_mps2 @ turn.T, rotation_radps=level.rotation_radps @ turn.T
    )
    assert_alike(looked(level), looked(turned), 1e-8)
    mirrored = replace(
        level, acceleration_mps2=level.acceleration_mps2 * [1, -1, 1], rotation_radps=level.rotation_radps * [-1, 1, -1]
    )
    assert_alike(looked(level), looked(mirrored))


@pytest.mark.parametrize(
    ("step_hz", "level"),
    [
        (1.2, walk(1.2, 0.9)),
        (1.8, walk(1.8, 2.0)),
        (1.8, walk(1.8, 2.0, turn_radps=0.3)),
        (2.2, walk(2.2, 3.4)),
        (2.7, walk(2.7, 8.0)),
        (3.3, walk(3.3, 9.0)),
        (1.7, walk(1.7, 2.0, limb_mps2=3.5, turn_radps=1.8)),
        (1.5, walk(1.5, 2.0, limb_mps2=7.0, turn_radps=3.5)),
        (2.5, walk(2.5, 8.0, limb_mps2=8.0, turn_radps=4.0)),
        (3.0, walk(3.0, 8.0, limb_mps2=10.0, turn_radps=5.0)),
    ],
    ids=[
        "slow trunk",
        "trunk",
        "hips",
        "quick trunk",
        "run",
        "sprint",
        "wrist",
        "foot",
        "running wrist",
        "running foot",
    ],
)
def test_stride_or_step_is_told_by_what_it_takes(step_hz: float, level: Levelled) -> None:
    found = looked(level)["step_hz"]
    assert found == pytest.approx(np.full(found.size, step_hz), abs=1 / 60)


def test_without_a_gyroscope_too() -> None:
    still = replace(walk(1.7, 2.0, limb_mps2=3.5), turns=False)
    assert looked(still)["step_hz"] == pytest.approx(np.full(14, 1.7), abs=1 / 60)


def test_running_and_walking_are_told_apart() -> None:
    assert np.all(looked(walk(1.8, 2.0))["step_run_nats"] < -3)
    assert np.all(looked(walk(2.8, 8.0))["step_run_nats"] > 3)


def test_still_is_still_and_noise_does_not_step() -> None:
    random = np.random.default_rng(4)
    still = looked(levelled(random.normal(0, 0.05, (6000, 3)), random.normal(0, 0.01, (6000, 3))))
    assert np.all(still["step_still"] == 1)
    assert np.isnan(still["step_hz"]).all()
    shaken = looked(levelled(random.normal(0, 2, (60_000, 3)), random.normal(0, 0.5, (60_000, 3))))
    assert np.mean(np.isfinite(shaken["step_hz"])) < 0.06


def test_a_sensor_that_is_off_is_still_still() -> None:
    """An offset of 5 degrees a second on each axis, a scale wrong by 10 %, and force tilted aside by the former."""
    random = np.random.default_rng(5)
    force, turn = random.normal(0, 0.05, (2000, 3)), random.normal(0, 0.01, (2000, 3))
    assert np.all(looked(levelled(force, turn + np.deg2rad(5.0)))["step_still"] == 1)
    assert np.all(looked(levelled(np.add(force, [0.3, -0.2, 0.98]), turn))["step_still"] == 1)


def test_what_no_offset_explains_is_not_still() -> None:
    """Turned steadily by hand, at the end of the sensor's range, noise beyond anybody's movement."""
    random = np.random.default_rng(6)
    force, turn = random.normal(0, 0.05, (2000, 3)), random.normal(0, 0.01, (2000, 3))
    for level in (
        levelled(force, np.add(turn, [0.0, 0.0, 1.0])),
        levelled(np.add(force, [0.0, 0.0, 60.0]), turn),
        levelled(random.normal(0, 30, (2000, 3)), turn),
    ):
        assert np.all(looked(level)["step_still"] == 0)


def test_who_sways_or_walks_is_not_still_for_an_offset() -> None:
    walks = walk(1.4, 1.2, turn_radps=0.6)
    off = replace(walks, rotation_radps=walks.rotation_radps + np.deg2rad(5.0))
    assert np.all(looked(off)["step_still"] < 0.3)


def stepping_foot(step_hz: float, duty: float, force_mps2: float, seconds: int = 20) -> Levelled:
    """A foot that lies on the ground for `duty` of its stride, quiet for the middle half of that, and swings between."""
    stride_hz = step_hz / 2
    share = (np.arange(seconds * 100) / 100 * stride_hz) % 1.0
    swing = np.clip((share - duty / 2) / (1 - duty / 2), 0.0, 1.0)
    acceleration = np.zeros((share.size, 3))
    acceleration[:, 2] = force_mps2 * np.sin(4 * np.pi * swing)
    acceleration[:, 0] = force_mps2 * np.sin(2 * np.pi * swing)
    rotation = np.zeros_like(acceleration)
    rotation[:, 1] = 5.0 * np.sin(2 * np.pi * swing)
    return levelled(acceleration, rotation)


@pytest.mark.parametrize("step_hz", [1.8, 2.0, 2.2])
def test_a_foot_that_rests_long_walks_however_hard_it_swings(step_hz: float) -> None:
    found = looked(stepping_foot(step_hz, 0.6, 14.0))
    assert np.all(found["step_vertical_rms"] > 7)
    assert np.all(found["step_run_nats"] < -2)


def test_a_foot_that_rests_briefly_runs() -> None:
    assert np.all(looked(stepping_foot(2.8, 0.3, 14.0))["step_run_nats"] > 3)


def test_setting_off_running_from_standing_is_no_rest() -> None:
    runs = walk(2.8, 8.0, limb_mps2=8.0, turn_radps=4.0)
    going = (np.arange(2000) >= 1000)[:, None]
    begun = replace(runs, acceleration_mps2=runs.acceleration_mps2 * going, rotation_radps=runs.rotation_radps * going)
    assert np.all(looked(begun)["step_run_nats"][8:] > 4)


def test_lost_samples_are_not_heard_as_strides() -> None:
    """A tenth of the time lost, in packets of 0.2 s: the straight line across them is left out."""
    level = walk(1.8, 2.0, limb_mps2=3.0, turn_radps=1.5, seconds=60)
    known = np.repeat(np.random.default_rng(2).random(300) > 0.1, 20)
    felt, turned = (np.where(known[:, None], values, 0.0) for values in (level.acceleration_mps2, level.rotation_radps))
    found = looked(levelled(felt, turned, known))["step_hz"]
    assert np.mean(np.isfinite(found)) > 0.9
    assert np.nanmedian(found) == pytest.approx(1.8, abs=0.02)


@pytest.mark.parametrize("offset_radps", [0.0, np.deg2rad(5.0)])
def test_a_second_in_which_somebody_sets_off_is_no_whole_one(offset_radps: float) -> None:
    level = walk(1.8, 2.0, turn_radps=0.5)
    going = (np.arange(2000) >= 1040)[:, None]
    begun = replace(
        level,
        acceleration_mps2=level.acceleration_mps2 * going + [0.3, 0.4, 0.0],
        rotation_radps=level.rotation_radps * going + offset_radps,
    )
    share = looked(begun)["step_share"]  # of second 3 and those that follow
    assert share[7] == pytest.approx(0.6, abs=0.3)
    assert share[6] < 0.3
    assert np.all(share[8:] == 1)


def test_what_belongs_to_no_whole_second_is_added_to_the_one_beside_it() -> None:
    """A piece from 4.3 s to 13.8 s of a walk that goes on: whole seconds 5 to 12, and 0.7 and 0.8 s beside them."""
    level = walk(1.8, 2.0, turn_radps=0.5)
    felt = (np.arange(2000) >= 430) & (np.arange(2000) < 1380)
    cut = replace(
        level,
        acceleration_mps2=level.acceleration_mps2 * felt[:, None],
        rotation_radps=level.rotation_radps * felt[:, None],
        known=felt,
    )
    share = looked(cut)["step_share"][2:10]
    assert share == pytest.approx([1.7, 1, 1, 1, 1, 1, 1, 1.8], abs=0.02)
    back = replace(cut, **{name: getattr(cut, name)[::-1] for name in ("acceleration_mps2", "rotation_radps", "known")})
    assert looked(back)["step_share"] == pytest.approx(looked(cut)["step_share"][::-1], abs=1e-9)


def test_a_bridged_silence_is_no_end() -> None:
    level = walk(1.8, 2.0, turn_radps=0.5)
    known = np.ones(2000, bool)
    known[[*range(860, 920), *range(1190, 1240)]] = False
    assert looked(replace(level, known=known))["step_share"] == pytest.approx(np.ones(14))

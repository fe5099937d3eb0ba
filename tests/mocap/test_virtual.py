"""Virtual sensors against motions whose acceleration and rotation are known in closed form."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from made_captures import HIP_M, Moves, captured
from retropace.errors import UnusableInput
from retropace.mocap import PLACES, Clip, in_a_row, read, sense
from retropace.mocap.virtual import PLAIN
from retropace.quantities import STANDARD_GRAVITY_MPS2, Direction, Gait
from retropace.recording import FloatArray, Recording
from retropace.simulate.sensors import mounted

DATA = Path(__file__).parents[2] / "../shared/data/mocap"
G = STANDARD_GRAVITY_MPS2
#: A sensor without errors.
PERFECT = replace(
    PLAIN,
    acceleration_bias_mps2=0.0,
    acceleration_noise_mps2=0.0,
    rotation_bias_radps=0.0,
    rotation_noise_radps=0.0,
    quantised=False,
)
AS_WORN = (0.0, 0.0, 0.0)
RATE_HZ = 120.0


def streams(recording: Recording) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Times, force (m, 3), rotation (m, 3)."""
    force, turn = (recording.motion[sensor] for sensor in ("accelerometer", "gyroscope"))
    return force.time_s, np.stack(list(force.channels.values()), 1), np.stack(list(turn.channels.values()), 1)


def exact(clip: Clip, place: str, side: str = "left") -> tuple[FloatArray, FloatArray, FloatArray]:
    """What a perfect sensor feels, half a second off either end."""
    time_s, force, turn = streams(sense(clip, place, side, AS_WORN, PERFECT, slips=False))
    inner = (time_s > 0.5) & (time_s < time_s[-1] - 0.5)
    return time_s[inner], force[inner], turn[inner]


def still() -> Clip:
    return captured(Moves.still(300), RATE_HZ)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("side", ["left", "right"])
def test_at_rest_a_sensor_feels_gravity_and_nothing_else(place: str, side: str) -> None:
    _, force, turn = exact(still(), place, side)
    assert force == pytest.approx(np.tile([0.0, 0.0, G], (len(force), 1)), abs=1e-4)
    assert np.abs(turn).max() < 1e-5


def test_a_body_in_free_fall_feels_nothing() -> None:
    count = 240
    time_s = np.arange(count) / RATE_HZ
    place = np.stack([2.0 * time_s, 0 * time_s, HIP_M + 9 * time_s - G / 2 * time_s**2], axis=1)
    still_ = Moves.still(count)
    _, force, turn = exact(captured(Moves(place, still_.yaw_rad, still_.left_rad, still_.right_rad), RATE_HZ), "waist")
    assert np.abs(force).max() < 0.02
    assert np.abs(turn).max() < 1e-6


def test_a_pendulum_of_a_thigh() -> None:
    count, size, omega = 600, 0.5, 2 * np.pi * 0.9
    moves = Moves.still(count)
    angle = size * np.sin(omega * np.arange(count) / RATE_HZ)
    time_s, force, turn = exact(captured(Moves(moves.place_m, moves.yaw_rad, angle, -angle), RATE_HZ), "pocket")
    th, rate, bend = (
        size * np.sin(omega * time_s),
        size * omega * np.cos(omega * time_s),
        -size * omega**2 * np.sin(omega * time_s),
    )
    x, z = 0.07, -0.20  # the thigh turns by -th about the axis to the left
    expected_x = bend * -z - rate**2 * x + G * np.sin(th)
    expected_z = bend * x - rate**2 * z + G * np.cos(th)
    assert force[:, 0] == pytest.approx(expected_x, abs=0.02)
    assert force[:, 1] == pytest.approx(0.0, abs=0.01)
    assert force[:, 2] == pytest.approx(expected_z, abs=0.02)
    assert turn[:, 1] == pytest.approx(-rate, abs=0.01)
    assert np.abs(turn[:, [0, 2]]).max() < 0.01


def test_a_circle() -> None:
    count, radius, omega = 600, 3.0, 0.6
    angle: FloatArray = omega * np.arange(count, dtype=float) / RATE_HZ
    place = np.stack([radius * np.sin(angle), radius * (1 - np.cos(angle)), np.full(count, HIP_M)], axis=1)
    still_ = Moves.still(count)
    _, force, turn = exact(captured(Moves(place, angle, still_.left_rad, still_.right_rad), RATE_HZ), "lower back")
    assert force[:, 1] == pytest.approx(omega**2 * radius, abs=0.01)  # pulled towards the middle, to the left
    assert force[:, 0] == pytest.approx(omega**2 * 0.10, abs=0.01)  # the back is 0.1 m behind the axis
    assert force[:, 2] == pytest.approx(G, abs=0.01)
    assert turn[:, 2] == pytest.approx(omega, abs=0.01)


def test_a_mount_turns_the_data_and_nothing_else() -> None:
    count = 400
    swing = 0.4 * np.sin(2 * np.pi * np.arange(count) / RATE_HZ)
    clip = captured(Moves(Moves.still(count).place_m, np.zeros(count), swing, -swing), RATE_HZ)
    straight, turned = (
        streams(sense(clip, "pocket", "left", mount, PERFECT, 3)) for mount in (AS_WORN, (31.0, -64.0, 170.0))
    )
    for sensor in (1, 2):
        assert turned[sensor] == pytest.approx(mounted(straight[sensor], (31.0, -64.0, 170.0)), abs=1e-9)


def test_any_mount_feels_the_same_force() -> None:
    sizes = [
        np.linalg.norm(streams(sense(still(), "pocket", "left", "random", PERFECT, s))[1], axis=1) for s in range(5)
    ]
    firsts = [streams(sense(still(), "pocket", "left", "random", PERFECT, s))[1][0] for s in range(5)]
    assert np.concatenate(sizes) == pytest.approx(G, abs=0.05)  # slipping on the skin moves it a little
    assert np.linalg.matrix_rank(np.array(firsts), tol=1.0) == 3


def test_the_same_seed_gives_the_same_recording_and_another_does_not() -> None:
    one, same, other = (streams(sense(still(), "wrist", seed=seed))[1] for seed in (5, 5, 6))
    assert np.array_equal(one, same)
    assert not np.allclose(one, other, atol=0.1)


def test_what_was_made_says_so() -> None:
    recording = sense(still(), "foot")
    assert recording.origin.simulated
    assert recording.start is None


@pytest.mark.parametrize(
    ("place", "side", "mount", "field"),
    [("ear", "left", "random", "place"), ("foot", "middle", "random", "place"), ("foot", "left", "glued", "mount")],
)
def test_what_cannot_be_worn_is_refused(place: str, side: str, mount: str, field: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        sense(still(), place, side, mount)
    assert caught.value.field == field


def test_a_clip_without_arms_has_no_wrist() -> None:
    clip = still()
    armless = replace(clip, turn={part: turn for part, turn in clip.turn.items() if "arm" not in part})
    with pytest.raises(UnusableInput, match="does not show the forearm"):
        sense(armless, "wrist")


def test_nobody_is_refused() -> None:
    with pytest.raises(UnusableInput):
        in_a_row([], "foot")


def walked(speed_mps: float, yaw_rad: float) -> Clip:
    count = 480
    time_s = np.arange(count) / RATE_HZ
    swing = 0.3 * np.sin(2 * np.pi * time_s)
    way = np.array([np.cos(yaw_rad), np.sin(yaw_rad), 0.0])
    place = Moves.still(count).place_m + np.outer(speed_mps * time_s, way)
    place[:, 2] = HIP_M + 0.02 * np.cos(4 * np.pi * time_s)
    return captured(Moves(place, np.full(count, yaw_rad), swing, -swing), RATE_HZ)


def test_clips_in_a_row_stand_between_and_join_without_a_jump() -> None:
    worn = in_a_row([walked(1.2, 0.0), walked(-0.9, 2.0)], "pocket", "right", AS_WORN, PERFECT, 2, rest_s=5.0)
    ways = [(bout.gait, bout.direction) for bout in worn.bouts]
    assert ways == [
        (Gait.WALK, Direction.FORWARD),
        (Gait.STAND, Direction.NONE),
        (Gait.WALK, Direction.BACKWARD),
    ]
    assert worn.bouts[1].duration_s == pytest.approx(7.0, abs=0.1)
    time_s, force, turn = streams(worn.recording)
    assert np.diff(time_s) == pytest.approx(0.01, abs=1e-6)
    resting = (time_s > worn.bouts[1].start_s + 1.5) & (time_s < worn.bouts[1].end_s - 1.5)
    assert np.linalg.norm(force[resting], axis=1) == pytest.approx(G, abs=1e-3)
    assert np.abs(turn[resting]).max() < 0.2
    assert np.abs(np.diff(force, axis=0)).max() < 2.5
    assert np.abs(np.diff(turn, axis=0)).max() < 0.3


def test_steady_seconds_lie_inside_their_bouts() -> None:
    worn = in_a_row([walked(1.2, 0.0), walked(-0.9, 2.0)], "pocket")
    steady = worn.time_s[worn.steady > 0]
    assert steady.tolist() == [1.0, 2.0, 11.0, 12.0]


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
def test_one_performer_keeps_one_mount_through_walking_and_running() -> None:
    """Standing between clips, gravity lies the same way on a lower back that was mounted once."""
    found = [read(DATA / f"accad/Male1_{name}.bvh") for name in ("B3_Walk", "B6_WalkBackwards", "B15_WalkTurnAround")]
    worn = in_a_row(found, "lower back", mount=AS_WORN, device=PERFECT, slips=False)
    time_s, force, _ = streams(worn.recording)
    stands = [bout for bout in worn.bouts if bout.gait is Gait.STAND and bout.duration_s > 5]
    up = [force[np.searchsorted(time_s, (bout.start_s + bout.end_s) / 2)] / G for bout in stands]
    assert len(up) == 2
    assert np.degrees(np.arccos(np.clip(up[0] @ up[1], -1, 1))) < 12

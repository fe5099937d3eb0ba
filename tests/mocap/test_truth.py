"""Facing, travel and gait, where they are known: from how a figure was moved, and from what captures are called."""

from pathlib import Path

import numpy as np
import pytest

from made_captures import HIP_M, Moves, captured
from retropace.mocap import Clip, clips, truth
from retropace.quantities import Direction, Gait

DATA = Path(__file__).parents[2] / "../shared/data/mocap"
RATE_HZ = 60.0


def straight(along_mps: float, across_mps: float = 0.0, yaw_rad: float = 0.4, seconds: float = 6.0) -> Clip:
    """Going straight while facing `yaw_rad`, legs swinging."""
    count = round(seconds * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    facing = np.array([np.cos(yaw_rad), np.sin(yaw_rad), 0.0])
    left = np.array([-np.sin(yaw_rad), np.cos(yaw_rad), 0.0])
    swing = 0.3 * np.sin(2 * np.pi * time_s)
    sink = 0.03 * np.cos(4 * np.pi * time_s)  # lowest where the legs are furthest apart
    place = Moves.still(count).place_m + np.outer(time_s, along_mps * facing + across_mps * left)
    place[:, 2] = HIP_M + sink
    return captured(Moves(place, np.full(count, yaw_rad), swing, -swing), RATE_HZ)


@pytest.mark.parametrize(
    ("along", "across", "way"),
    [
        (1.2, 0.0, Direction.FORWARD),
        (1.2, 0.7, Direction.FORWARD),
        (-0.8, 0.0, Direction.BACKWARD),
        (0.0, 0.7, Direction.SIDEWAYS),
        (0.2, -0.7, Direction.SIDEWAYS),
    ],
)
def test_direction_is_travel_against_facing(along: float, across: float, way: Direction) -> None:
    told = truth(straight(along, across))
    assert [bout.direction for bout in told.bouts] == [way]
    inner = slice(60, -60)
    assert told.along_mps[inner] == pytest.approx(along, abs=0.02)
    assert told.across_mps[inner] == pytest.approx(across, abs=0.02)
    assert told.facing_rad == pytest.approx(0.4, abs=1e-6)
    assert told.bouts[0].gait is Gait.WALK
    if across == 0:
        assert told.steady[inner].all()
    if way is Direction.SIDEWAYS:
        assert not told.steady.any()


def test_standing_is_no_travel() -> None:
    told = truth(captured(Moves.still(120), RATE_HZ))
    assert [(bout.gait, bout.direction) for bout in told.bouts] == [(Gait.STAND, Direction.NONE)]
    assert not told.steady.any()


def test_walking_round_a_circle_turns_and_stays_forward() -> None:
    count = 600
    angle = np.arange(count) / RATE_HZ * 0.5
    place = np.stack([3 * np.sin(angle), 3 - 3 * np.cos(angle), np.full(count, HIP_M)], axis=1)
    told = truth(captured(Moves(place, angle, 0.3 * np.sin(12 * angle), -0.3 * np.sin(12 * angle)), RATE_HZ))
    inner = slice(60, -60)
    assert told.turning_radps[inner] == pytest.approx(0.5, abs=0.01)
    assert told.along_mps[inner] == pytest.approx(1.5, abs=0.03)
    assert told.across_mps[inner] == pytest.approx(0.0, abs=0.05)
    assert {bout.direction for bout in told.bouts} == {Direction.FORWARD}


def test_time_reversed_swaps_forward_and_backward() -> None:
    clip = straight(1.2)
    told, swapped = truth(clip), truth(clip.time_reversed())
    assert [bout.direction for bout in swapped.bouts] == [Direction.BACKWARD]
    assert [bout.gait for bout in swapped.bouts] == [bout.gait for bout in told.bouts]
    assert swapped.along_mps == pytest.approx(-told.along_mps[::-1], abs=0.005)


def test_bouts_cover_the_clip_without_gaps() -> None:
    told = truth(straight(1.2))
    assert told.bouts[0].start_s == 0
    assert told.bouts[-1].end_s == pytest.approx(told.time_s[-1])
    assert told.at(1.0) == told.bouts[0]
    assert told.at(99.0) == told.bouts[-1]


#: What the names of captures say was done most of the time: part of a name → gait, direction.
CALLED = {
    "_B3_Walk": (Gait.WALK, Direction.FORWARD),
    "WalkTurnAround": (Gait.WALK, Direction.FORWARD),
    "_StandToWalk.": (Gait.WALK, Direction.FORWARD),
    "WalkBack": (Gait.WALK, Direction.BACKWARD),
    "C07_RunBack": (Gait.RUN, Direction.BACKWARD),
    "C03_Run": (Gait.RUN, Direction.FORWARD),
    "C17_Run": (Gait.RUN, Direction.FORWARD),
    "_walk_": (Gait.WALK, Direction.FORWARD),
    "_walk-back_": (Gait.WALK, Direction.BACKWARD),
    "_run_": (Gait.RUN, Direction.FORWARD),
    "_dash_": (Gait.RUN, Direction.FORWARD),
    "02_03": (Gait.RUN, Direction.FORWARD),
    "02_01": (Gait.WALK, Direction.FORWARD),
    "05_": (Gait.WALK, Direction.FORWARD),
    "07_": (Gait.WALK, Direction.FORWARD),
    "08_": (Gait.WALK, Direction.FORWARD),
}


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
@pytest.mark.parametrize("folder", ["accad", "bandai-namco", "cmu"])
def test_captures_do_what_they_are_called(folder: str) -> None:
    known = 0
    for clip in clips(DATA / folder):
        called = next((way for part, way in CALLED.items() if part in clip.name), None)
        if called is None:
            continue
        told = truth(clip)
        moving = [bout for bout in told.bouts if bout.gait is not Gait.STAND]
        longest = max(moving, key=lambda bout: bout.duration_s)
        assert (longest.gait, longest.direction) == called, clip.name
        wrong = {Direction.FORWARD: Direction.BACKWARD, Direction.BACKWARD: Direction.FORWARD}[called[1]]
        assert not [bout for bout in told.bouts if bout.direction is wrong], clip.name
        known += 1
    assert known >= 9


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
def test_the_side_step_and_the_backward_run() -> None:
    found = {clip.name: truth(clip) for clip in clips(DATA / "accad")}
    assert Direction.SIDEWAYS in {bout.direction for bout in found["Male1_B22_SideStepLeft.bvh"].bouts}
    assert float(np.median(found["Male1_B22_SideStepLeft.bvh"].across_mps)) >= 0
    assert -3.5 < float(np.median(found["Male1_C07_RunBack.bvh"].along_mps)) < -2.5
    stood = found["Male1_C06_StandToRunBack.bvh"].bouts
    assert (stood[-1].gait, stood[-1].direction) == (Gait.RUN, Direction.BACKWARD)

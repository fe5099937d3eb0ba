"""Loops: only what closes on itself goes round, and then without a jump."""

from pathlib import Path

import numpy as np
import pytest

from made_captures import HIP_M, Moves, captured
from retropace.mocap import Clip, clips, looped, truth
from retropace.mocap.loop import seam
from retropace.quantities import Direction, Gait

DATA = Path(__file__).parents[2] / "../shared/data/mocap"
RATE_HZ = 60.0


def walked(stride_s: float = 1.0, seconds: float = 3.3, drift: float = 0.0) -> Clip:
    """Walks at 1.2 m/s; every stride swings `drift` further than the one before."""
    count = round(seconds * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    swing = (0.3 + drift * time_s) * np.sin(2 * np.pi * time_s / stride_s)
    place = np.stack([1.2 * time_s, 0 * time_s, HIP_M + 0.02 * np.cos(4 * np.pi * time_s / stride_s)], axis=1)
    return captured(Moves(place, np.zeros(count), swing, -swing), RATE_HZ)


def test_a_loop_is_whole_strides() -> None:
    clip = walked()
    found = seam(clip, truth(clip))
    assert found is not None
    strides = (found.last - found.first) / RATE_HZ
    assert strides == pytest.approx(round(strides), abs=0.02)
    assert found.gap_m < 1e-3


def test_a_looped_walk_goes_on_as_it_went() -> None:
    clip = walked()
    longer = looped(clip, 20.0)
    assert longer is not None
    assert longer.duration_s >= 19.9
    told = truth(longer)
    assert [(bout.gait, bout.direction) for bout in told.bouts] == [(Gait.WALK, Direction.FORWARD)]
    assert told.along_mps[60:-60] == pytest.approx(1.2, abs=0.02)
    for joint, place in longer.position_m.items():
        steps = np.linalg.norm(np.diff(place, axis=0), axis=1) * RATE_HZ
        bends = np.linalg.norm(np.diff(place, 2, axis=0), axis=1) * RATE_HZ**2
        own = np.linalg.norm(np.diff(clip.position_m[joint], 2, axis=0), axis=1) * RATE_HZ**2
        assert steps.max() < 4.0, joint
        assert bends.max() < 1.3 * own.max() + 0.5, joint


def test_what_does_not_repeat_does_not_go_round() -> None:
    assert looped(walked(drift=0.25), 10.0) is None
    assert looped(captured(Moves.still(100), RATE_HZ), 10.0) is None


def test_a_clip_shorter_than_a_stride_does_not_go_round() -> None:
    assert looped(walked(stride_s=1.4, seconds=1.2), 10.0) is None


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
def test_captures_that_go_round_keep_their_direction_and_pace() -> None:
    rounds = 0
    for clip in clips(DATA / "accad"):
        longer = looped(clip, 8.0)
        if longer is None:
            continue
        rounds += 1
        short, told = truth(clip), truth(longer)
        assert len({bout.direction for bout in told.bouts}) == 1, clip.name
        pace = float(np.median(short.along_mps[short.steady]))
        assert float(np.median(told.along_mps)) == pytest.approx(pace, rel=0.15), clip.name
        assert abs(told.facing_rad[-1] - told.facing_rad[0]) / longer.duration_s < np.radians(8), clip.name
    assert rounds >= 8

"""BVH files: three makers' right, damaged ones in one sentence."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_captures import HIP_M, Moves, capture_text, captured
from retropace.errors import UnreadableFile
from retropace.mocap import bvh, read
from retropace.mocap.skeleton import named

DATA = Path(__file__).parents[2] / "../shared/data/mocap"
TEXT = capture_text(Moves.still(12), 30.0)


def walk(count: int = 60, rate_hz: float = 30.0) -> Moves:
    still = Moves.still(count)
    time_s = np.arange(count) / rate_hz
    swing = 0.4 * np.sin(2 * np.pi * time_s)
    return Moves(still.place_m + np.outer(time_s, [1.2, 0.0, 0.0]), still.yaw_rad + 0.3, swing, -swing)


def test_places_and_turns_are_those_of_the_figure() -> None:
    moves = walk()
    clip = captured(moves, 30.0)
    assert clip.rate_hz == pytest.approx(30)
    assert clip.position_m["pelvis"] == pytest.approx(moves.place_m)
    left = np.array([-np.sin(0.3), np.cos(0.3), 0.0])
    ahead = np.array([np.cos(0.3), np.sin(0.3), 0.0])
    assert clip.position_m["hip_left"] == pytest.approx(moves.place_m + 0.1 * left)
    down = np.array([0.0, 0.0, -1.0])
    thigh = np.outer(np.sin(moves.left_rad), ahead) + np.outer(np.cos(moves.left_rad), down)
    assert clip.position_m["knee_left"] - clip.position_m["hip_left"] == pytest.approx(0.42 * thigh)
    assert np.linalg.det(clip.turn["thigh_left"]) == pytest.approx(1.0)


@pytest.mark.parametrize("per_m", [1.0, 100.0, 1000.0, 0.45 / 0.0254, 1 / 0.0254])
def test_the_unit_is_told_from_the_legs(per_m: float) -> None:
    clip = captured(Moves.still(10), 60.0, per_m=per_m)
    assert clip.position_m["pelvis"][:, 2] == pytest.approx(HIP_M)
    assert [repair.kind for repair in clip.repairs] == ["units_assumed"]


def test_a_person_nobody_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no person's length"):
        captured(Moves.still(10), 60.0, per_m=7.0)


def test_side_letters_and_makers_prefixes_are_known() -> None:
    assert named(["mixamorig:Hips", "mixamorig:LeftUpLeg", "joint_Foot_R", "Toes_L", "l_shoulder"]) == {
        "pelvis": "mixamorig:Hips",
        "hip_left": "mixamorig:LeftUpLeg",
        "ankle_right": "joint_Foot_R",
        "toe_left": "Toes_L",
    }


def test_a_pose_before_the_motion_is_cut() -> None:
    moves = walk()
    place = moves.place_m.copy()
    place[0] = 0.0
    clip = captured(Moves(place, moves.yaw_rad, moves.left_rad, moves.right_rad), 30.0)
    assert len(clip) == 59
    assert "1 of 60 frames" in clip.repairs[-1].note


def test_frozen_and_empty_frames_are_cut_and_the_longest_stretch_is_kept() -> None:
    lines = capture_text(walk(), 30.0).splitlines()
    first = lines.index("MOTION") + 3
    lines[first + 10] = lines[first + 9]
    lines[first + 20] = " ".join(["0"] * len(lines[first].split()))
    clip = bvh.parse("\n".join(lines), "made.bvh")
    assert len(clip) == 39
    assert clip.repairs[-1].kind == "corrupt"
    assert clip.repairs[-1].count == 2


def test_lost_numbers_are_cut() -> None:
    lines = capture_text(walk(), 30.0).splitlines()
    first = lines.index("MOTION") + 3
    words = lines[first + 5].split()
    for word in ("nan", "inf", "1e308", "-1e999", "1e7"):
        words[0] = word
        lines[first + 5] = " ".join(words)
        assert len(bvh.parse("\n".join(lines), "made.bvh")) == 54


def test_a_file_that_ends_early_keeps_its_whole_frames() -> None:
    text = capture_text(walk(), 30.0)
    clip = bvh.parse(text[: len(text) // 2], "made.bvh")
    assert clip.repairs[0].kind == "truncated"
    assert 8 <= len(clip) < 60


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no HIERARCHY"),
        ("HIERARCHY\n", "no HIERARCHY and MOTION"),
        ("HIERARCHY\nMOTION\n", "not whole"),
        (TEXT.replace("}", "", 1), "not whole"),
        (TEXT.replace("OFFSET", "OFSET", 1), "skeleton holds"),
        (TEXT.replace("OFFSET 0.0", "OFFSET nan", 1).replace("OFFSET 0 ", "OFFSET nan ", 1), "offset is not three"),
        (TEXT.replace("Xrotation", "Wrotation", 1), "neither position nor rotation"),
        (TEXT.replace("CHANNELS 3 Zrotation Xrotation Yrotation", "CHANNELS 0", 1), "channels"),
        (TEXT.replace("LeftUpLeg", "Tail"), "no hip_left"),
        (TEXT.replace("Frames: 12", "Frames: many"), "no number or no time"),
        (TEXT.replace("Frame Time: 0.03", "Frame Time: -0.03"), "no number or no time"),
        (TEXT.replace("Frames: 12", "Frames: 3"), "too short"),
        (TEXT[: TEXT.index("MOTION")] + "MOTION\nFrames: 9\nFrame Time: 0.1\n" + "a " * 660, "too short|no number"),
    ],
)
def test_damage_is_told_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as caught:
        bvh.parse(text, "made.bvh")
    assert "made.bvh" in str(caught.value)


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.booleans())
def test_rubbish_is_refused(head: str, tail: str, begins: bool) -> None:
    with pytest.raises(UnreadableFile):
        bvh.parse(("HIERARCHY\n" if begins else "") + head + "\nMOTION\n" + tail, "made.bvh")


@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT)))
    end = data.draw(st.integers(start, min(len(TEXT), start + 400)))
    junk = data.draw(st.one_of(st.just(""), st.text(max_size=40), st.floats().map(str), st.integers().map(str)))
    try:
        clip = bvh.parse(TEXT[:start] + junk + TEXT[end:], "made.bvh")
    except UnreadableFile:
        return
    assert all(np.all(np.isfinite(values)) for values in clip.position_m.values())


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.bvh"
    path.write_text(TEXT)
    monkeypatch.setattr(bvh, "_LARGEST_BYTES", 100)
    with pytest.raises(UnreadableFile, match="too large"):
        bvh.read(path)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
@pytest.mark.parametrize(
    ("name", "rate_hz", "leg_m", "frames", "who"),
    [
        ("accad/Male1_B3_Walk", 30, 0.92, 183, ("accad", "Male1", "")),
        ("bandai-namco/dataset-1_walk_happy_001", 30, 0.80, 213, ("bandai-namco", "dataset-1", "happy")),
        ("cmu/05_01", 120, 0.82, 598, ("cmu", "05", "")),
        ("cmu/07_12", 120, 0.81, 262, ("cmu", "07", "")),
        ("cmu/08_07", 120, 0.79, 296, ("cmu", "08", "")),
        ("cmu/03_02", 120, 0.84, 315, ("cmu", "03", "")),
    ],
)
def test_three_makers(name: str, rate_hz: float, leg_m: float, frames: int, who: tuple[str, str, str]) -> None:
    clip = read(DATA / f"{name}.bvh")
    at = clip.position_m
    leg = np.linalg.norm(at["hip_left"] - at["knee_left"], axis=1) + np.linalg.norm(
        at["knee_left"] - at["ankle_left"], axis=1
    )
    assert clip.rate_hz == pytest.approx(rate_hz, rel=1e-3)
    assert float(np.median(leg)) == pytest.approx(leg_m, abs=0.02)
    assert len(clip) == frames
    assert (clip.source, clip.performer, clip.style) == who
    assert np.all(at["head"][:, 2] - at["pelvis"][:, 2] > 0.35)
    cut = [repair for repair in clip.repairs if repair.kind == "corrupt"]
    assert bool(cut) == (who[0] == "cmu")

"""Poses: bodies whose limbs keep their length, bend as people do and stand on the floor; figures that everybody can read."""

import itertools
import math
from xml.etree import ElementTree as ET

import pytest

from retropace.errors import UnusableInput
from retropace.exercises import EXERCISES
from retropace.texts import texts
from retropace.views.palette import DARK, LIGHT, PAPER, resolved
from retropace.views.pose import (
    LIMBS,
    Point,
    Pose,
    Scene,
    figure_svg,
    pose_stylesheet,
    scenes,
    standalone_figure,
    title_of,
)

KEYS = sorted(scenes())
FLOOR = 0.93
HOME_TESTS = (
    "test_backward_walk",
    "test_single_leg_stance",
    "test_sit_to_stand",
    "test_heel_raises",
    "test_neck_rotation",
)
FORM = ("form_tall", "form_nose_over_toes", "form_arms", "form_small_steps", "form_ball_of_foot", "form_longer_step")
MOVING = (
    "run_backward",
    "walk_backward",
    "run_forward",
    "walk_forward",
    "look_over_shoulder",
    "look_left",
    "look_right",
)

#: Segments as shares of stature, Drillis and Contini's table as Winter prints it; the forearm with half a hand, the trunk
#: from shoulder to hip, the neck from the shoulders to the middle of the head.
SHARES = {"thigh": 0.245, "shank": 0.246, "upper arm": 0.186, "forearm": 0.20, "trunk": 0.288, "neck": 0.117}


def segments(scene: Scene, pose: Pose) -> list[tuple[str, float]]:
    """Name and length of every segment; feet only where they are seen from the side."""
    names = {
        "trunk": ("trunk", "neck"),
        "leg": ("thigh", "shank", "ankle to heel", "foot", "toes"),
        "arm": ("upper arm", "forearm"),
    }
    found = []
    for limb, joints in pose.limbs.items():
        lengths = [math.dist(a, b) for a, b in itertools.pairwise(joints)]
        if limb.endswith("leg") and len(joints) != 6:
            lengths = lengths[:2]  # the foot of a leg seen from the front points at us
        found += list(zip(names[limb.split("_")[-1]], lengths, strict=False))
    return found


def bend_deg(a: Point, b: Point, c: Point, faces: int) -> float:
    """Turn from a-b to b-c [deg], counter-clockwise positive for somebody who faces right; y points down."""
    one, two = math.atan2(a[1] - b[1], b[0] - a[0]), math.atan2(b[1] - c[1], c[0] - b[0])
    return math.degrees(math.remainder(two - one, math.tau)) * faces


def side_poses() -> list[tuple[str, Pose]]:
    return [
        (key, pose)
        for key in KEYS
        for pose in scenes()[key].poses
        if "trunk" in pose.limbs and scenes()[key].view == "side"
    ]


# -- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_limbs_keep_their_length_within_a_figure(key: str) -> None:
    scene = scenes()[key]
    by_name: dict[str, list[float]] = {}
    for pose in scene.poses:
        for name, length in segments(scene, pose):
            by_name.setdefault(name, []).append(length)
    for name, lengths in by_name.items():
        assert max(lengths) - min(lengths) <= 0.003, (name, lengths)


@pytest.mark.parametrize("key", [key for key in KEYS if scenes()[key].view != "top"])
def test_proportions_are_those_of_people(key: str) -> None:
    scene = scenes()[key]
    lengths = {name: length for pose in scene.poses for name, length in segments(scene, pose)}
    stature = lengths["trunk"] / SHARES["trunk"]
    for name, share in SHARES.items():
        if name in lengths:
            assert lengths[name] / stature == pytest.approx(share, rel=0.1), name


@pytest.mark.parametrize(("key", "pose"), side_poses())
def test_knees_and_elbows_bend_one_way_and_hips_and_ankles_not_too_far(key: str, pose: Pose) -> None:
    hip, neck, head = pose.limbs["trunk"]
    assert abs(bend_deg(hip, neck, head, pose.faces)) <= 45
    for side in ("left", "right"):
        if f"{side}_leg" in pose.limbs:
            top, knee, ankle, heel, ball, _ = pose.limbs[f"{side}_leg"]
            assert -3 <= -bend_deg(top, knee, ankle, pose.faces) <= 140, "knee"
            assert -40 <= bend_deg(neck, top, knee, pose.faces) <= 125, "hip"
            sole = bend_deg(knee, ankle, (ankle[0] + ball[0] - heel[0], ankle[1] + ball[1] - heel[1]), pose.faces)
            assert 30 <= sole <= 125, "ankle: 90 is square, more is toes up"
        if f"{side}_arm" in pose.limbs:
            shoulder, elbow, hand = pose.limbs[f"{side}_arm"]
            assert -3 <= bend_deg(shoulder, elbow, hand, pose.faces) <= 150, "elbow"


@pytest.mark.parametrize("key", KEYS)
def test_everybody_is_on_the_floor_and_nobody_in_it(key: str) -> None:
    scene = scenes()[key]
    floor = [points for kind, points in scene.marks if kind == "line" and all(y == FLOOR for _, y in points)]
    for pose in scene.poses:
        joints = [point for chain in pose.limbs.values() for point in chain]
        assert all(y <= FLOOR + 0.003 for _, y in joints)
        if floor and joints and "left_leg" in pose.limbs and not pose.ghost:
            assert max(y for _, y in joints) >= FLOOR - 0.045


@pytest.mark.parametrize("key", KEYS)
def test_joints_have_names_and_lie_in_the_unit_box(key: str) -> None:
    for pose in scenes()[key].poses:
        for limb, joints in pose.limbs.items():
            assert 3 <= len(joints) <= len(LIMBS[limb])
            assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in joints)
        assert pose.limbs or (pose.crown and len(pose.shoulders) == 2)


# -- what there is ----------------------------------------------------------------------------------------------------


def test_every_exercise_test_cue_and_way_to_move_has_a_figure() -> None:
    wanted = {exercise.key for exercise in EXERCISES} | set(HOME_TESTS) | set(FORM) | set(MOVING) | {"spotter"}
    assert set(KEYS) == wanted


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_says_what_it_shows(key: str) -> None:
    root = ET.fromstring(figure_svg(key))
    name = "{http://www.w3.org/2000/svg}"
    title, told = root.findtext(f"{name}title"), root.findtext(f"{name}desc")
    assert title == title_of(key)
    assert told
    assert len(told) > 20
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{title}. {told}"


def test_every_text_of_figures_belongs_to_one() -> None:
    told = {key.split(".")[1] for key in texts() if key.startswith("figures.")}
    assert told == set(KEYS)


@pytest.mark.parametrize("key", ["run_backward", "walk_backward", "tandem_backward", "test_backward_walk", "form_tall"])
def test_backward_points_left_while_the_chest_faces_right(key: str) -> None:
    scene = scenes()[key]
    ways = [points for way, points in scene.arrows if way == "backward"]
    assert len(ways) == 1
    assert ways[0][0][0] > ways[0][-1][0]
    for pose in scene.poses:
        assert pose.faces == 1
        toes = [chain for name, chain in pose.limbs.items() if name.endswith("leg")]
        assert all(chain[-1][0] > chain[3][0] for chain in toes), "toes in front of heels"


def test_direction_is_not_told_by_colour_alone() -> None:
    assert "pose-hatched" in figure_svg("run_backward")
    assert "pose-hatched" not in figure_svg("run_forward")


def test_a_key_without_a_figure_is_refused_kindly() -> None:
    with pytest.raises(UnusableInput, match="no figure 'handstand'"):
        figure_svg("handstand")


# -- drawing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_same_figure_every_time_in_any_size(key: str) -> None:
    exercise = {e.key: e for e in EXERCISES}.get(key, key)
    assert figure_svg(exercise) == figure_svg(key)
    assert figure_svg(key, size=240) == figure_svg(key).replace(
        'width="120" height="120"', 'width="240" height="240"', 1
    )
    assert len(figure_svg(key)) < 6000


@pytest.mark.parametrize("key", KEYS)
def test_every_class_is_styled_with_colours_of_the_palette(key: str) -> None:
    css = pose_stylesheet()
    used = {name for part in figure_svg(key).split('class="')[1:] for name in part.split('"')[0].split()}
    assert all(f".{name}" in css for name in used)
    assert "#" not in css
    assert "var(" not in resolved(css, LIGHT)


def test_a_file_of_its_own_follows_the_readers_system() -> None:
    both = standalone_figure("calf_raise", LIGHT, dark=DARK)
    ET.fromstring(both)
    assert LIGHT["ink"] in both
    assert f"@media (prefers-color-scheme:dark){{.pose-limb{{fill:none;stroke:{DARK['ink']}" in both
    assert DARK["surface"] not in standalone_figure("calf_raise", LIGHT)


@pytest.mark.parametrize("palette", [LIGHT, DARK, PAPER], ids=["light", "dark", "paper"])
@pytest.mark.parametrize("key", KEYS)
def test_a_figure_can_be_printed(key: str, palette: dict[str, str]) -> None:
    import resvg_py

    png = bytes(resvg_py.svg_to_bytes(svg_string=standalone_figure(key, palette)))
    assert png.startswith(b"\x89PNG")
    assert len(png) > 700

"""The gate: a thrown body passes, one whose heights were scaled does not; and the captures at hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from made_captures import HIP_M, Moves, captured
from retropace.mocap import Clip, clips, gate, truth
from retropace.mocap.gate import MASS, NEAR, centre_of_mass
from retropace.quantities import STANDARD_GRAVITY_MPS2, Gait
from retropace.simulate import free_fall

DATA = Path(__file__).parents[2] / "../shared/data/mocap"
G = STANDARD_GRAVITY_MPS2
RATE_HZ = 120.0
#: Of each step of the hopping figure, in flight and on the ground [s].
AIR_S, GROUND_S = 0.22, 0.22


def runner(lift: float = 1.0) -> Clip:
    """Runs at 3 m/s: free flight, then the half sine of force that carries it; heights `lift` times what they should be."""
    count = 480
    time_s = np.arange(count) / RATE_HZ
    step_s = AIR_S + GROUND_S
    into = np.mod(time_s, step_s)
    up = G * AIR_S / 2
    air = up * into - G / 2 * into**2
    s = into - AIR_S
    push = np.pi / GROUND_S
    size = push * up  # a half sine of acceleration that turns -up into +up
    ground = -up * s + size / push * s - size / push**2 * np.sin(push * s)
    height = np.where(into < AIR_S, air, ground)
    swing = 0.2 * np.sin(np.pi * (time_s - AIR_S / 2) / step_s + np.pi / 2)
    place = np.stack([3.0 * time_s, 0 * time_s, HIP_M + lift * height], axis=1)
    return captured(Moves(place, np.zeros(count), swing, -swing), RATE_HZ)


def test_a_thrown_body_falls() -> None:
    count = 200
    time_s = np.arange(count) / RATE_HZ
    place = np.stack([3 * time_s, 0 * time_s, HIP_M + 8 * time_s - G / 2 * time_s**2], axis=1)
    still = Moves.still(count)
    clip = captured(Moves(place, still.yaw_rad, still.left_rad, still.right_rad), RATE_HZ)
    _, acceleration = centre_of_mass(clip)
    inner = np.zeros(count, bool)
    inner[40:-40] = True
    assert free_fall(acceleration, inner) == pytest.approx((0.0, 0.0), abs=0.01)


def test_the_centre_of_mass_of_the_standing_figure() -> None:
    """Symmetric, near the hips: the masses of the table on the figure's own lengths."""
    place, _ = centre_of_mass(captured(Moves.still(60), RATE_HZ))
    assert place[30, 1] == pytest.approx(0.0, abs=1e-6)
    assert place[30, 2] == pytest.approx(HIP_M + 0.04, abs=0.05)


def test_a_runner_who_flies_is_believed() -> None:
    clip = runner()
    assert {bout.gait for bout in truth(clip).bouts} == {Gait.RUN}
    judged = gate(clip)
    assert judged.trust == "dynamics", judged
    assert judged.fall_mps2 < 1.5
    assert judged.drift_mps2 < 1.0


@pytest.mark.parametrize("lift", [0.6, 1.6])
def test_a_runner_whose_heights_were_scaled_is_not(lift: float) -> None:
    judged = gate(runner(lift))
    assert judged.trust == "geometry"
    assert "thrown" in judged.why


def test_a_clip_played_at_another_speed_is_not_believed() -> None:
    assert gate(replace(runner(), rate_hz=1.5 * RATE_HZ)).trust == "geometry"


def walker(slide_mps: float) -> Clip:
    """Goes at `slide_mps` without moving a leg, up and down a little so that frames differ."""
    count = 400
    time_s = np.arange(count) / RATE_HZ
    place = Moves.still(count).place_m + np.outer(time_s, [slide_mps, 0.0, 0.0])
    return captured(Moves(place, np.zeros(count), np.zeros(count), np.zeros(count)), RATE_HZ)


def test_feet_that_slide_are_not_believed() -> None:
    judged = gate(walker(1.2))
    assert judged.trust == "geometry"
    assert judged.sliding_mps == pytest.approx(1.2, abs=0.01)
    assert "slides" in judged.why


def test_who_stands_proves_nothing() -> None:
    assert gate(walker(0.0)).why == "nobody goes anywhere"


def test_a_body_without_a_trunk_proves_nothing() -> None:
    clip = runner()
    legs = {joint: place for joint, place in clip.position_m.items() if "shoulder" not in joint}
    assert gate(replace(clip, position_m=legs)).trust == "geometry"


@pytest.mark.parametrize("joint", ["elbow_left", "shoulder_right", "wrist_left", "toe_right", "head"])
def test_a_joint_that_nobody_named_is_no_accident(joint: str) -> None:
    clip = runner()
    fewer = replace(clip, position_m={name: place for name, place in clip.position_m.items() if name != joint})
    judged = gate(fewer)
    assert judged.trust == ("geometry" if joint == "shoulder_right" else "dynamics")


def test_masses_and_places_are_shares() -> None:
    total = MASS["head"].value + MASS["trunk"].value
    total += 2 * sum(share.value for limb, share in MASS.items() if limb not in ("head", "trunk"))
    assert total == pytest.approx(1.0, abs=0.01)
    assert all(0 < share.low <= share.value <= share.high < 1 for share in NEAR.values())


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
def test_captures_pass_or_fail_as_known() -> None:
    """CMU's run is that of a thrown body, no run of ACCAD is; walks that fail do so by the feet."""
    judged = {clip.name: (gate(clip), truth(clip)) for folder in ("accad", "cmu") for clip in clips(DATA / folder)}
    assert judged["02_03.bvh"][0].trust == "dynamics"
    runs = [gated for gated, told in judged.values() if np.mean(told.flight & told.doing(Gait.RUN)) > 0.1]
    assert [gated.trust for gated in runs].count("dynamics") == 1
    assert len(runs) == 7
    assert sum(gated.trust == "dynamics" for gated, _ in judged.values()) >= 30
    assert judged["Male1_B6_WalkBackwards.bvh"][0].trust == "dynamics"

"""Placement: told from the swing, by person, forward as backward; unsure is other."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from made_thighs import DATA, EDGE_S, LOOKS, LOOP_S, inner, rough, worn
from made_trunks import mirrored, reversed_in_time, seen, turned_level
from retropace.mocap import library
from retropace.mocap.loop import looped
from retropace.mocap.virtual import sense
from retropace.motion import placement, pocket, steps
from retropace.motion.heard import NOTHING, Heard
from retropace.motion.level import Levelled
from retropace.motion.listener import listen
from retropace.motion.placement import WORDS, Placed, Placement, placed, probabilities
from retropace.quantities import Direction, Gait
from retropace.recording import Stream
from retropace.session import Session, Step
from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Runner
from retropace.simulate.virtual import simulate


def rows(motion: Levelled) -> Heard:
    frame = seen(motion)
    columns = {name: values for look in LOOKS for name, values in look(frame).items()}
    return Heard(np.arange(frame.count, dtype=float), np.zeros(frame.count), columns, {})


@pytest.mark.parametrize("seed", range(5))
def test_look_is_the_same_either_way_in_time_and_on_any_axes(seed: int) -> None:
    motion = rough(seed)
    there = placement.look(seen(motion))
    back = placement.look(seen(reversed_in_time(motion)))
    assert there.keys() == {"place_yaw", "place_rest"}
    for name, values in there.items():
        assert np.allclose(values, back[name][::-1], rtol=1e-9)
        for other in (turned_level(motion, 2.0), mirrored(motion)):
            assert np.allclose(values, placement.look(seen(other))[name], rtol=1e-9)


SESSION = Session(
    "all four",
    tuple(
        Step(gait, direction, 20)
        for gait in (Gait.WALK, Gait.RUN)
        for direction in Direction
        if direction.value in ("forward", "backward")
    ),
)


@pytest.mark.parametrize("mount", [(0.0, 0.0, 0.0), (40.0, 100.0, -70.0), (180.0, -30.0, 90.0)])
@pytest.mark.parametrize("where", ["foot", "waist", "pocket", "wrist"])
def test_simulated_sensors_are_found_whichever_way_they_sit(where: str, mount: tuple[float, float, float]) -> None:
    device = Device(kind="phone", placement=where, rate_hz=100.0, mount_deg=mount)  # type: ignore[arg-type]
    recording, _ = simulate(SESSION, Runner(), Place(), device, seed=3)
    found = placed(listen(recording.motion, LOOKS, {}))
    assert found.placement == where
    assert not found.told


#: Place on a captured body → what it may be called, besides other; of arms nothing is said.
MAY_BE = {
    "foot": {Placement.FOOT},
    "lower leg": {Placement.FOOT, Placement.WRIST, Placement.HAND},
    "pocket": {Placement.POCKET},
    "lower back": {Placement.WAIST},
    "side belt": {Placement.WAIST},
    "wrist": {Placement.WRIST, Placement.HAND, Placement.WAIST},
    "upper arm": {Placement.WRIST, Placement.HAND, Placement.WAIST},
}


@pytest.mark.parametrize("source", ["cmu", "bandai-namco"])
@pytest.mark.parametrize("where", MAY_BE)
def test_captured_people(source: str, where: str) -> None:
    clips = worn(source, where)
    if not clips:
        pytest.skip(f"no motion captures in {DATA / 'mocap' / source}")
    found = [placed(heard).placement for _, _, _, heard in clips]
    strange = [kind for kind in found if kind not in MAY_BE[where] | {Placement.OTHER}]
    # An upper arm that swings like a thigh may be taken for one; hardly any real one was (validation/placement.md).
    assert len(strange) <= (0.25 if where == "upper arm" else 0.1) * len(found)
    if where in ("foot", "pocket", "lower back"):
        assert np.mean([kind in MAY_BE[where] for kind in found]) > 0.5


def test_going_backward_is_no_other_placement() -> None:
    clips = worn("accad", "pocket") + worn("bandai-namco", "pocket")
    if not clips:
        pytest.skip(f"no motion captures in {DATA / 'mocap'}")
    found = [placed(heard).placement for _, _, direction, heard in clips if direction == "backward"]
    assert np.mean([kind is Placement.POCKET for kind in found]) > 0.8


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("source", "clip", "by"),
    [
        ("accad", "Male1_C07_RunBack", 1.0),
        ("accad", "Male1_C07_RunBack", 0.77),
        ("accad", "Male1_C03_Run", 1.0),
        ("accad", "Male1_C03_Run", 0.77),
        ("accad", "Male1_B6_WalkBackwards", 1.0),
        ("cmu", "02_03", 1.0),
        ("cmu", "02_03", 1.3),
        ("cmu", "02_01", 1.0),
    ],
)
def test_a_foot_is_a_foot_backward_too(source: str, clip: str, by: float, reverse: bool) -> None:
    folder = DATA / "mocap" / source
    found = [one for one in library.clips(folder) if clip in one.name]
    if not found:
        pytest.skip(f"no motion captures in {folder}")
    longer = looped(replace(found[0], rate_hz=found[0].rate_hz * by), LOOP_S + 2 * EDGE_S)
    assert longer is not None
    motion = sense(longer, "foot", seed=0).motion
    felt = played_backward(motion) if reverse else motion
    assert placed(inner(listen(felt, LOOKS, {}))).placement is Placement.FOOT


def played_backward(motion: Mapping[str, Stream]) -> dict[str, Stream]:
    """The same film run in reverse: accelerations stay, rotations change sign."""
    end_s = max(float(stream.time_s[-1]) for stream in motion.values())
    return {
        name: Stream(
            (end_s - stream.time_s)[::-1],
            {axis: (-values if name == "gyroscope" else values)[::-1] for axis, values in stream.channels.items()},
        )
        for name, stream in motion.items()
    }


def test_real_feet_played_backward_are_feet() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from validation.recordings import feet_and_lower_back

    feet = [one for one in feet_and_lower_back(DATA / "feet-and-lower-back-imu") if one.placement == "foot"]
    if not feet:
        pytest.skip(f"no recordings in {DATA}")
    explored = [one for one in feet if one.explored][:4]
    for one in explored:
        assert placed(listen(played_backward(one.recording.motion), LOOKS, {})).placement is Placement.FOOT


def test_what_is_usual_is_whole() -> None:
    rows = placement.usual()
    parts = {part for part, _, _ in rows}
    assert parts == {"foot", "lower leg", "waist", "pocket", "wrist", "upper arm"}
    assert {(part, gait, "once") for part in parts for gait in placement.GAITS} <= set(rows)
    for row in rows.values():
        assert len(row.mean) == len(row.spread) == len(placement.SIZES)
        assert all(spread > 0 for spread in row.spread)
        assert row.people >= 2
        assert 0 < row.share <= 1


def test_gaits_and_ways_of_finding_the_stride_are_kept_apart() -> None:
    folder = DATA / "mocap/cmu"
    found = [one for one in library.clips(folder) if "02_01" in one.name]
    if not found:
        pytest.skip(f"no motion captures in {folder}")
    longer = looped(found[0], LOOP_S + 2 * EDGE_S)
    assert longer is not None
    heard = inner(listen(sense(longer, "foot", seed=0).motion, LOOKS, {}))
    groups = placement.grouped(heard)
    assert max(groups, key=lambda kind: len(groups[kind])) == ("walk", "twice")
    assert sum(map(len, groups.values())) <= len(heard)


def test_real_recordings() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from validation.recordings import feet_and_lower_back, pockets

    real = [*feet_and_lower_back(DATA / "feet-and-lower-back-imu"), *pockets(DATA / "phone-in-pocket-imu")]
    if not real:
        pytest.skip(f"no recordings in {DATA}")
    walks = [one for one in real if one.gait == "walk"]
    right = [placed(listen(one.recording.motion, LOOKS, {})).placement == one.placement for one in walks]
    assert np.mean(right) > 0.9


def test_told_is_believed() -> None:
    assert placed(NOTHING, Placement.WRIST) == Placed(Placement.WRIST, probability=1.0, told=True)


def test_nobody_who_steps_is_nowhere() -> None:
    assert placed(NOTHING) == Placed(Placement.OTHER, probability=1.0, told=False)
    still = rough(2)
    still = replace(
        still, acceleration_mps2=still.acceleration_mps2 * 0.001, rotation_radps=still.rotation_radps * 0.001
    )
    assert placed(rows(still)).placement is Placement.OTHER


def test_without_a_gyroscope_it_is_other() -> None:
    device = Device(kind="phone", placement="pocket", rate_hz=100.0)
    recording, _ = simulate(SESSION, Runner(), Place(), device, seed=3)
    felt = {"accelerometer": recording.motion["accelerometer"]}
    assert placed(listen(felt, LOOKS, {})).placement is Placement.OTHER


def test_probabilities_make_one() -> None:
    device = Device(kind="phone", placement="pocket", rate_hz=50.0)
    recording, _ = simulate(SESSION, Runner(), Place(), device, seed=4)
    likely = probabilities(listen(recording.motion, LOOKS, {}))
    assert set(likely) == set(Placement)
    assert sum(likely.values()) == pytest.approx(1.0)


def test_a_longer_recording_is_no_surer() -> None:
    device = Device(kind="phone", placement="pocket", rate_hz=100.0)
    short, long = (
        simulate(Session("walk", (Step(Gait.WALK, Direction.FORWARD, seconds),)), Runner(), Place(), device, seed=5)[0]
        for seconds in (30, 300)
    )
    one, other = (probabilities(listen(each.motion, LOOKS, {}))[Placement.POCKET] for each in (short, long))
    assert other == pytest.approx(one, abs=0.1)


def test_every_placement_has_its_sentence() -> None:
    assert set(WORDS) == set(Placement)
    assert "--placement" in Placed(Placement.OTHER, probability=1.0, told=False).sentence
    assert all(words.endswith(".") for words in WORDS.values())


def test_looks_used_here_are_those_that_placement_needs() -> None:
    assert set(LOOKS) == {steps.look, pocket.look, placement.look}

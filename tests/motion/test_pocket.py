"""Pocket: made-up, simulated, captured and real thighs; what changes with time changes exactly."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from made_thighs import DATA, LOOKS, rough, share, thigh, worn
from made_trunks import apart, mirrored, reversed_in_time, seen, turned_level
from retropace.motion import placement, pocket
from retropace.motion.heard import Heard
from retropace.motion.level import Levelled
from retropace.motion.listener import listen
from retropace.motion.said import Said
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step
from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Runner
from retropace.simulate.virtual import simulate

#: Seconds at both ends whose windows hang over the motion's edge.
EDGE = slice(3, -3)
EVEN = ("stride_hz", "angle_rad", "lever_m", "in_step", "second", "pushed", "turned", "travel", "flick")


def columns(motion: Levelled) -> dict[str, np.ndarray]:
    return {name: values[EDGE] for name, values in pocket.look(seen(motion)).items()}


@pytest.mark.parametrize("seed", range(8))
def test_played_backward_says_exactly_the_opposite(seed: int) -> None:
    motion = rough(seed)
    there, back = columns(motion), columns(reversed_in_time(motion))
    for name in pocket.ODD:
        assert np.max(np.abs(there[name] + back[name][::-1])) < 1e-9
        assert np.median(np.abs(there[name])) > 0.01
    for name in EVEN:
        assert np.allclose(there[f"pocket_{name}"], back[f"pocket_{name}"][::-1], rtol=1e-9, atol=1e-9)
    for name in ("pocket_travel_rad", "pocket_flick_rad"):
        assert np.max(np.abs(apart(there[name], back[name][::-1]) - np.pi)) < 1e-6


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("yaw", [0.4, -2.0, 3.1])
def test_neither_the_axes_nor_the_side_matter(seed: int, yaw: float) -> None:
    motion = rough(seed)
    there, turned, other = columns(motion), columns(turned_level(motion, yaw)), columns(mirrored(motion))
    for name, values in there.items():
        sign = -1.0 if name.endswith(("travel_rad", "flick_rad")) else 1.0
        assert np.max(apart(turned[name], values) if sign < 0 else np.abs(turned[name] - values)) < 1e-9
        assert np.max(apart(other[name], -values) if sign < 0 else np.abs(other[name] - values)) < 1e-9


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("stride_hz", [0.7, 0.9, 1.1])
@pytest.mark.parametrize("ahead", [0.03, 0.06, 0.1])
def test_pendulum_in_closed_form(stride_hz: float, ahead: float, backward: bool) -> None:
    found = columns(thigh(stride_hz, 0.35, ahead, axis_rad=0.7, backward=backward))
    sign = -1.0 if backward else 1.0
    assert np.all(sign * found["pocket_walk"] > np.sin(4 * np.pi * ahead))
    goes = 0.7 + np.pi / 2 + (np.pi if backward else 0.0)
    assert np.max(apart(found["pocket_travel_rad"], goes)) < 1e-6
    assert np.max(apart(found["pocket_flick_rad"], goes)) < 1e-6


def test_without_a_gyroscope_nothing_is_said() -> None:
    found = pocket.look(seen(replace(thigh(0.9, 0.3, 0.05), turns=False)))
    assert all(np.all(np.isnan(values)) for values in found.values())


GAITS = [(gait, direction) for gait in (Gait.WALK, Gait.RUN) for direction in (Direction.FORWARD, Direction.BACKWARD)]


@pytest.fixture(scope="module")
def simulated() -> list[tuple[Gait, Direction, Heard]]:
    session = Session("all four", tuple(Step(gait, direction, 30) for gait, direction in GAITS))
    device = Device(kind="phone", placement="pocket", rate_hz=100.0, mount_deg=(40.0, 100.0, -70.0))
    recording, truth = simulate(session, Runner(), Place(), device, seed=3)
    heard = listen(recording.motion, LOOKS, {})
    found: list[tuple[Gait, Direction, Heard]] = []
    for bout in truth.bouts:
        kept = (heard.time_s >= bout.start_s + 3) & (heard.time_s < bout.end_s - 3)
        if bout.gait is not Gait.STAND and kept.sum() > 10:
            rows = {name: values[kept] for name, values in heard.columns.items()}
            found.append((bout.gait, bout.direction, Heard(heard.time_s[kept], heard.piece[kept], rows, {})))
    return found


def spoken(heard: Heard) -> Iterator[Said]:
    yield pocket.say_walking(heard)
    yield pocket.say_running(heard)


def test_simulated_thighs(simulated: list[tuple[Gait, Direction, Heard]]) -> None:
    assert [(gait, direction) for gait, direction, _ in simulated] == GAITS
    for _, direction, heard in simulated:
        wanted = 1.0 if direction is Direction.BACKWARD else -1.0
        nats = np.concatenate([said.backward_nats for said in spoken(heard)])
        assert share(nats, wanted) == 1.0
        assert np.sum(np.isfinite(nats)) > 0.3 * len(heard)


def test_travel_turns_round_with_the_direction(simulated: list[tuple[Gait, Direction, Heard]]) -> None:
    means = []
    for gait, _, heard in simulated:
        said = pocket.say_walking(heard) if gait is Gait.WALK else pocket.say_running(heard)
        known = np.isfinite(said.travel_rad)
        assert np.array_equal(known, np.isfinite(said.travel_kappa))
        means.append(np.angle(np.sum(np.exp(1j * said.travel_rad[known]))))
    walks, walks_back, runs, runs_back = means
    assert apart(walks, walks_back) > 3.0
    assert apart(runs, runs_back) > 3.0
    assert apart(walks, runs) < 0.3


def test_no_second_is_said_of_twice(simulated: list[tuple[Gait, Direction, Heard]]) -> None:
    for _, _, heard in simulated:
        walking, running = (np.isfinite(said.backward_nats) for said in spoken(heard))
        assert not np.any(walking & running)


@pytest.mark.parametrize(("source", "least"), [("accad", 9), ("cmu", 20), ("bandai-namco", 40)])
def test_virtual_pockets_on_captured_people(source: str, least: int) -> None:
    clips = worn(source, "pocket")
    if not clips:
        pytest.skip(f"no motion captures in {DATA / 'mocap' / source}")
    wrong = []
    for person, name, direction, heard in clips:
        wanted = 1.0 if direction == "backward" else -1.0
        total = sum(float(np.nansum(said.backward_nats)) for said in spoken(heard))
        if wanted * total < 0:
            wrong.append((person, name))
    assert len(clips) >= least
    assert len({name for _, name in wrong}) <= 0.05 * len(clips), wrong


THIGH = {"angle_rad": 0.3, "pushed": 1.5, "in_step": 1.0, "aside": 0.2, "lifted": 1.0, "travel": 0.9, "flick": 0.4}


def one_second(walk: float, run: float, run_nats: float) -> Heard:
    """A second of a thigh whose lift and flick point opposite ways."""
    columns = {"pocket_walk": walk, "pocket_run": run, "step_run_nats": run_nats, "step_hz": 2.0}
    columns |= {f"pocket_{name}": value for name, value in THIGH.items()}
    columns |= {"pocket_travel_rad": 0.0, "pocket_flick_rad": np.pi}
    return Heard(np.zeros(1), np.zeros(1), {name: np.array([value]) for name, value in columns.items()}, {})


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    ("walk", "run", "run_nats", "who", "travel_rad"),
    [
        (2.0, 0.5, -5.0, "walk", 0.0),
        (1.5, -0.5, 0.0, "walk", 0.0),  # steps leave it open, the thigh goes as a walking one
        (0.3, 1.2, 0.0, "run", np.pi),
        (-0.5, 1.5, 0.0, "nobody", np.nan),  # walking it would be one way, running the other
        (-0.5, 1.5, 5.0, "run", np.pi),
        (0.3, -0.4, 5.0, "nobody", np.nan),  # the parts contradict each other
        (1.6, 0.1, 3.0, "run", 0.0),  # quick steps, but the lift is that of a walk
    ],
)
def test_who_speaks_between_walking_and_running(
    walk: float, run: float, run_nats: float, who: str, travel_rad: float, sign: float
) -> None:
    heard = one_second(sign * walk, sign * run, run_nats)
    said = {"walk": pocket.say_walking(heard), "run": pocket.say_running(heard)}
    for name, each in said.items():
        assert np.isfinite(each.backward_nats[0]) == (name == who)
    if who != "nobody":
        assert sign * said[who].backward_nats[0] < 0
        assert said[who].travel_rad[0] == travel_rad


def test_real_walkers_go_forward() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from validation.recordings import pockets

    folder = DATA / "phone-in-pocket-imu"
    walks = [one for one in pockets(folder) if one.gait == "walk"]
    if not walks:
        pytest.skip(f"no recordings in {folder}")
    spoken_of = []
    for one in walks:
        nats = pocket.say_walking(listen(one.recording.motion, LOOKS, {})).backward_nats
        assert share(nats, -1.0) > 0.95, one.person
        spoken_of.append(np.isfinite(nats).mean())
    assert np.mean(spoken_of) > 0.5


def test_only_what_could_be_a_thigh_is_spoken_of() -> None:
    arm = worn("cmu", "wrist")
    if not arm:
        pytest.skip(f"no motion captures in {DATA / 'mocap'}")
    spoken_of = [pocket.thigh_like(heard).mean() for _, _, _, heard in arm]
    assert np.mean(spoken_of) < 0.15


def test_look_costs_little() -> None:
    block = seen(rough(1, seconds=66), 3, 60)
    pocket.look(block), placement.look(block)
    spent = []
    for _ in range(9):
        begun = time.process_time()
        pocket.look(block), placement.look(block)
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.004, "an hour has sixty such blocks"

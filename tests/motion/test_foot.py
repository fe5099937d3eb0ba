"""A foot tells forward from backward whichever way round its sensor sits, and says nothing where it does not step."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made_feet
import made_joggers
from made_feet import ASIDE, RUN, SHUFFLE, SPOT, UPSTAIRS, WALK, backward, mirrored, seen, stepping, turned
from retropace.mocap import in_a_row, looped, read
from retropace.motion import foot, foot_path
from retropace.motion.heard import Heard
from retropace.motion.listener import listen
from retropace.motion.said import Said
from retropace.quantities import Direction, Gait
from retropace.readers import read as read_recording
from retropace.recording import FloatArray, Recording, Stream
from retropace.session import Session, Step
from retropace.simulate import Device, Place, Runner, simulate

DATA = Path(__file__).parents[2] / "../shared/data"
FEET, ACCAD = DATA / "feet-and-lower-back-imu", DATA / "mocap/accad"
GAITS = {"walk": WALK, "run": RUN, "short": replace(WALK, along_m=0.7, stride_s=1.4), "stairs": UPSTAIRS}
#: What a foot says at most before it counts as having said something [nats a second].
SILENT = 0.4


def said(motion: FloatArray) -> tuple[Heard, Said]:
    columns = foot.look(seen(motion))
    count = columns["foot_way"].size
    heard = Heard(np.arange(count, dtype=float), np.zeros(count), columns, {})
    return heard, foot.say(heard)


def strides(motion: FloatArray) -> foot_path.Strides:
    return foot_path.strides(motion[:, :3], motion[:, 3:])


def noisy(motion: FloatArray, seed: int = 0) -> FloatArray:
    random = np.random.default_rng(seed)
    return np.asarray(motion + random.normal(0, 1, motion.shape) * ([0.05] * 3 + [0.01] * 3))


# -- what cannot be otherwise ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gait", GAITS)
def test_time_reversed_turns_every_stride_round(gait: str) -> None:
    motion = noisy(stepping(GAITS[gait], 12))
    there, back = strides(motion), strides(backward(motion))
    assert there.first.size >= 12
    np.testing.assert_array_equal(back.first, (len(motion) - 1 - there.last)[::-1])
    for odd in (foot_path.sweep, foot_path.reach, foot.way):
        np.testing.assert_allclose(odd(back)[::-1], -odd(there), atol=1e-9)
    np.testing.assert_allclose(back.drift[::-1], there.drift, atol=1e-9)
    np.testing.assert_array_equal(back.steady[::-1], there.steady)
    np.testing.assert_allclose(back.length_m[::-1], there.length_m, atol=1e-9)
    np.testing.assert_allclose(back.turned_rad[::-1], there.turned_rad, atol=1e-9)


@given(st.sampled_from(sorted(GAITS)), st.floats(-np.pi, np.pi))
@settings(deadline=None, max_examples=20)
def test_heading_of_the_axes_and_side_of_the_body_change_nothing(gait: str, yaw_rad: float) -> None:
    motion = noisy(stepping(GAITS[gait], 8))
    plain = foot.look(seen(motion))
    for other in (turned(motion, yaw_rad), mirrored(motion)):
        columns = foot.look(seen(other))
        for name in set(foot.NAMES) - {"foot_travel_rad"}:
            np.testing.assert_allclose(columns[name], plain[name], rtol=1e-6, atol=1e-6, err_msg=name)


SEEDS = st.integers(0, 2**32 - 1)


def smooth_windows(seed: int, length: int = 50) -> FloatArray:
    """(4, 6, length) windows that are smooth and far from symmetric in time."""
    random = np.random.default_rng(seed)
    rough = random.normal(0, 5, (4, 6, length + 8))
    smooth = np.apply_along_axis(lambda row: np.convolve(row, np.arange(9) / 36, "valid"), 2, rough)
    return np.asarray(smooth + random.normal(0, 3, (4, 6, 1)))


@given(SEEDS, st.integers(20, 80), st.floats(-np.pi, np.pi))
def test_the_push_flips_with_time_and_nothing_else_changes_it(seed: int, length: int, yaw_rad: float) -> None:
    windows = smooth_windows(seed, length)
    plain = foot.push(windows)
    assert np.median(np.abs(plain)) > 1e-4
    rows = np.moveaxis(windows, 1, 2)
    for other, sign in ((rows[:, ::-1] * made_feet.TIME_REVERSED, -1), (mirrored(rows), 1)):
        np.testing.assert_allclose(foot.push(np.moveaxis(other, 2, 1)), sign * plain, atol=1e-9)
    about = np.stack([turned(row, yaw_rad).T for row in rows])
    np.testing.assert_allclose(foot.push(about), plain, atol=1e-9)


def test_a_known_push_while_turning() -> None:
    phase = np.linspace(0, 4 * np.pi, 50, endpoint=False)
    windows = np.zeros((1, 6, 50))
    windows[0, 0] = 8 * np.cos(phase)
    windows[0, 4] = 3 * np.cos(phase)
    assert foot.push(windows)[0] == pytest.approx(1, abs=0.01)
    assert np.all(foot.push(np.zeros((3, 6, 50))) == 0)
    assert np.max(np.abs(foot.push(np.random.default_rng(1).normal(0, 1e-4, (3, 6, 50))))) < 0.1


def test_travel_turns_with_the_device() -> None:
    motion = stepping(WALK, 10, yaw_rad=0.5)
    ahead = foot.look(seen(motion, heading_rad=0.2))["foot_travel_rad"]
    back = foot.look(seen(backward(motion), heading_rad=0.2))["foot_travel_rad"]
    np.testing.assert_allclose(ahead[np.isfinite(ahead)], 0.3, atol=0.02)
    np.testing.assert_allclose(np.abs(back[np.isfinite(back)] - 0.3), np.pi, atol=0.02)


# -- what is said ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gait", GAITS)
def test_a_stepping_foot_is_sure_in_both_directions(gait: str) -> None:
    motion = noisy(stepping(GAITS[gait], 12))
    for direction, steps in ((-1, motion), (1, backward(motion))):
        _, says = said(steps)
        inside = direction * says.backward_nats[5:-5]
        assert np.all(inside > 1), inside
        assert np.mean(inside) > 3
        assert np.nanmax(says.sideways_nats) < 0
        assert np.nansum(inside[:5]) > 13.5 + 2.2  # what a bout of five seconds must bring


@pytest.mark.parametrize("gait", [SPOT, SHUFFLE, ASIDE], ids=["on the spot", "shuffling", "sideways"])
def test_steps_that_go_nowhere_along_the_foot_say_nothing(gait: made_feet.Gait) -> None:
    _, says = said(noisy(stepping(gait, 12)))
    assert not np.any(np.abs(says.backward_nats) > SILENT)


def test_standing_is_silent() -> None:
    heard, says = said(noisy(np.zeros((2000, 6))))
    assert not np.any(np.isfinite(says.backward_nats))
    assert all(not np.any(np.isfinite(heard[name])) for name in foot.NAMES)


def test_first_step_from_standing_is_no_stride() -> None:
    half = replace(WALK, along_m=0.65, toe_down=0.15, toe_up=0.45)  # as real walkers' first steps are
    _, says = said(noisy(stepping(half, 1)))
    assert not np.any(says.backward_nats > 0.5 * foot.MOST_NATS)


def test_sideways_is_neither() -> None:
    along, aside = noisy(stepping(WALK, 10)), noisy(stepping(ASIDE, 10))
    _, says = said(np.concatenate([along, aside]))
    first = int(len(along) / 100) + 5
    stepped = slice(first, first + 8)
    assert np.all(says.sideways_nats[stepped] > 1)
    assert not np.any(np.abs(says.backward_nats[stepped]) > SILENT)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 3), st.floats(0.1, 20))
@settings(deadline=None, max_examples=30)
def test_any_motion_is_looked_at(seed: int, turning: float, pushing: float) -> None:
    rough = np.random.default_rng(seed).normal(0, 1, (900, 6))
    smooth = np.apply_along_axis(lambda row: np.convolve(row, np.ones(9) / 3, "same"), 0, rough)
    _, says = said(smooth * ([pushing] * 3 + [turning] * 3))
    assert says.backward_nats.size == 9


def test_without_a_gyroscope_it_is_silent() -> None:
    still = replace(seen(stepping(WALK, 8)), turns=False)
    assert all(not np.any(np.isfinite(values)) for values in foot.look(still).values())


# -- virtual feet ---------------------------------------------------------------------------------------------------------

SESSION = Session(
    "both ways",
    (
        Step(Gait.WALK, Direction.FORWARD, 12, speed_mps=1.3),
        Step(Gait.WALK, Direction.BACKWARD, 12, speed_mps=0.9),
        Step(Gait.RUN, Direction.FORWARD, 12, speed_mps=3.0),
        Step(Gait.RUN, Direction.BACKWARD, 12, speed_mps=2.2),
        Step(Gait.WALK, Direction.SIDEWAYS, 10),
    ),
)


@pytest.mark.parametrize(
    ("rate_hz", "clip_mps2", "mount_deg"),
    [
        (100.0, 157.0, (0.0, 0.0, 0.0)),
        (50.0, 157.0, (0.0, 180.0, 0.0)),
        (200.0, 78.5, (123.0, 20.0, 77.0)),
        (400.0, 157.0, (10.0, -80.0, 190.0)),
    ],
)
def test_a_virtual_foot_both_ways(rate_hz: float, clip_mps2: float, mount_deg: tuple[float, float, float]) -> None:
    device = Device(kind="pod", placement="foot", rate_hz=rate_hz, mount_deg=mount_deg, clip_mps2=clip_mps2)
    recording, truth = simulate(SESSION, Runner(), Place(), device, seed=3)
    heard = listen(recording.motion, [foot.look], {})
    says = foot.say(heard)
    for bout in truth.bouts:
        inside = (heard.time_s >= bout.start_s + 2) & (heard.time_s < bout.end_s - 3)
        if bout.direction in (Direction.FORWARD, Direction.BACKWARD):
            sign = 1 if bout.direction is Direction.BACKWARD else -1
            assert np.all(sign * says.backward_nats[inside] > 2), bout
            true = np.median(np.interp(heard.time_s[inside] + 0.5, truth.time_s, truth.speed_mps))
            assert np.nanmedian(heard["foot_speed_mps"][inside]) == pytest.approx(true, rel=0.08), bout
        elif bout.direction is Direction.SIDEWAYS:
            assert np.all(says.sideways_nats[inside] > 1)
            assert np.all(np.abs(says.backward_nats[inside]) < SILENT)


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("site", made_joggers.SITES)
def test_joggers_on_the_ball_of_the_foot_are_told_or_left_open(site: str, rate_hz: int) -> None:
    told = {-1: 0, 1: 0}
    for seed in range(3):
        random = np.random.default_rng([seed, rate_hz, len(site)])
        for make, sign in ((made_joggers.forward_jog, -1), (made_joggers.backward_jog, 1)):
            jog = make(random)
            heard = listen(made_joggers.jogging(jog, site, rate_hz, random), [foot.look], {})
            inside = (heard.time_s >= 6) & (heard.time_s < 18)
            says = sign * np.nan_to_num(foot.say(heard).backward_nats)[inside]
            assert np.sum(np.maximum(-says, 0)) < 5, (seed, jog)  # a backward bout costs 13.5
            told[sign] += bool(says.sum() > 2 * 15.7)
    assert told[1] >= 2  # two of three who jog backward, at least


def disturbed(motion: dict[str, Stream], how: str) -> dict[str, Stream]:
    """`motion` as a worse sensor would have written it."""
    random = np.random.default_rng(4)
    kept = random.random(len(motion["accelerometer"])) > 0.1
    ranges = {"accelerometer": 8 * 9.81, "gyroscope": np.radians(500)}

    def worse(name: str, stream: Stream) -> Stream:
        time_s, values = stream.time_s, np.stack(list(stream.channels.values()))
        if how == "offset" and name == "gyroscope":
            values = values + np.radians(5) * np.array([[0.6], [-0.64], [0.48]])
        elif how == "dropped":
            time_s, values = time_s[kept], values[:, kept]
        elif how == "holes":
            values = np.where(random.random(time_s.size) < 0.05, np.nan, values)
        elif how == "stretched":
            time_s = 1.6 * time_s
        elif how == "clipped":
            values = np.clip(values, -ranges[name], ranges[name])
        return Stream(time_s, dict(zip(stream.channels, np.ascontiguousarray(values), strict=True)))

    return {name: worse(name, stream) for name, stream in motion.items()}


@pytest.mark.parametrize("how", ["offset", "dropped", "holes", "stretched", "clipped"])
@pytest.mark.parametrize("gait", [Gait.WALK, Gait.RUN])
def test_a_bad_sensor_never_says_the_wrong_way(gait: Gait, how: str) -> None:
    for direction in (Direction.FORWARD, Direction.BACKWARD):
        device = Device(kind="pod", placement="foot", rate_hz=100.0, mount_deg=(30.0, 60.0, 140.0))
        recording, _ = simulate(Session("one way", (Step(gait, direction, 40),)), Runner(), Place(), device, seed=1)
        motion = {name: recording.motion[name] for name in ("accelerometer", "gyroscope")}
        heard = listen(disturbed(motion, how), [foot.look], {})
        wrong = 1 if direction is Direction.FORWARD else -1
        assert np.nansum(np.maximum(wrong * foot.say(heard).backward_nats, 0)) < 5  # a backward bout costs 13.5


CLIPS = {
    "B3_Walk": -1,
    "B6_WalkBackwards": 1,
    "C03_Run": -1,
    "C07_RunBack": 1,
}


@pytest.mark.parametrize("name", CLIPS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_feet_of_a_captured_person(name: str, side: str) -> None:
    path = ACCAD / f"Male1_{name}.bvh"
    if not path.exists():
        pytest.skip(f"no motion capture in {ACCAD}")
    worn = in_a_row([read(path)] * 3, "foot", side, seed=7)
    heard = listen(worn.recording.motion, [foot.look], {})
    way = Direction.BACKWARD if CLIPS[name] > 0 else Direction.FORWARD
    bouts = [bout for bout in worn.bouts if bout.direction is way]
    inside = [any(b.start_s + 0.4 <= t + 0.5 <= b.end_s - 0.4 for b in bouts) for t in heard.time_s.tolist()]
    says = CLIPS[name] * foot.say(heard).backward_nats[inside]
    assert np.nansum(says > 1) >= 2
    assert not np.any(says < -1), says


@pytest.mark.parametrize("slower", [1.3, 1.7])
@pytest.mark.parametrize(("name", "sign"), [("B3_Walk", -1), ("B6_WalkBackwards", 1)])
def test_who_feels_their_way_is_told_as_well(name: str, sign: int, slower: float) -> None:
    """The captured walks in slow motion: strides of one and a half to two seconds."""
    path = ACCAD / f"Male1_{name}.bvh"
    if not path.exists():
        pytest.skip(f"no motion capture in {ACCAD}")
    clip = looped(read(path), 12.0)
    assert clip is not None
    worn = in_a_row([replace(clip, rate_hz=clip.rate_hz / slower)], "foot", "left", seed=7)
    heard = listen(worn.recording.motion, [foot.look], {})
    nats = sign * np.nan_to_num(foot.say(heard).backward_nats)
    assert np.median(nats[2:-2]) > 1.5
    assert nats.min() > -0.5


# -- real feet ------------------------------------------------------------------------------------------------------------


def walkers() -> list[Path]:
    return sorted(FEET.glob("*_[lr]f.txt"))


def mounted(recording: Recording, turn: FloatArray) -> dict[str, Stream]:
    """The motion of `recording` as a sensor turned by `turn` (3, 3) would have given it."""
    streams = {}
    for name in ("accelerometer", "gyroscope"):
        stream = recording.motion[name]
        values = np.stack(list(stream.channels.values())).T @ turn.T
        streams[name] = Stream(stream.time_s, dict(zip(stream.channels, np.ascontiguousarray(values.T), strict=True)))
    return streams


def test_real_forward_feet_say_forward() -> None:
    if not walkers():
        pytest.skip(f"no recordings in {FEET}")
    for path in walkers():
        says = foot.say(listen(read_recording(path).motion, [foot.look], {}))
        heard = says.backward_nats[np.abs(says.backward_nats) > SILENT]
        assert heard.size > 10, path.name
        assert np.mean(heard < -1) > 0.8, path.name
        assert np.sum(np.maximum(heard, 0)) < 5, path.name  # nowhere near the 13.5 a backward bout costs


@pytest.mark.parametrize("axis", range(3))
def test_a_sensor_the_wrong_way_round_says_the_same(axis: int) -> None:
    if not walkers():
        pytest.skip(f"no recordings in {FEET}")
    recording = read_recording(walkers()[0])
    half_turn = -np.eye(3)
    half_turn[axis, axis] = 1.0
    plain, other = (foot.say(listen(mounted(recording, turn), [foot.look], {})) for turn in (np.eye(3), half_turn))
    np.testing.assert_allclose(other.backward_nats, plain.backward_nats, atol=0.05)


def test_what_never_stands_still_must_not_contradict_itself() -> None:
    """A lower leg walks on, and says backward for a while amid forward: that much less is believed of either."""
    seconds = 60
    way = np.where((np.arange(seconds) >= 20) & (np.arange(seconds) < 30), -1.0, 1.0)
    columns = {name: np.full(seconds, np.nan) for name in foot.NAMES} | {"foot_way": way, "foot_push": 0.2 * way}
    columns |= {"foot_strides": np.full(seconds, 2.0), "foot_across": np.zeros(seconds)}
    columns |= {name: np.full(seconds, 2.0) for name in ("step_vertical_rms", "step_level_rms", "step_hz")}
    columns |= {"step_run_nats": np.full(seconds, -5.0), "turn_heading_rad": np.zeros(seconds)}
    for rest, contradicted in ((0.05, 4.0), (0.25, 0.0)):
        heard = Heard(np.arange(60.0), np.zeros(60), columns | {"place_rest": np.full(seconds, rest)}, {})
        told = foot.say(heard).backward_nats
        assert np.nanmean(told[20:30]) == pytest.approx(contradicted, abs=0.7)
        assert np.nanmax(told[40:]) < 0.0


@pytest.mark.parametrize(("run_nats", "speaks"), [(-5.0, False), (5.0, True)])
def test_a_walking_foot_that_never_rests_is_not_heard(*, run_nats: float, speaks: bool) -> None:
    """Two axes of its gyroscope changed about: no stride closes, and the push points anywhere."""
    columns = {name: np.full(20, np.nan) for name in foot.NAMES}
    columns |= {name: np.full(20, value) for name, value in (("foot_push", 0.2), ("foot_turning_radps", 5.0))}
    heard = Heard(np.arange(20.0), np.zeros(20), columns | {"step_run_nats": np.full(20, run_nats)}, {})
    assert bool(np.nansum(foot.say(heard).backward_nats) < -10) is speaks

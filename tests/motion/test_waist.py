"""Waist: the travel of made-up trunks is exact, turns round with time, and knows neither mounting nor mirror."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made_trunks
from made_trunks import RUN, WALK, apart, bouncing, level, mirrored, reversed_in_time, seen, turned_level
from retropace.motion import heading, steps, waist
from retropace.motion.heard import Columns, Heard
from retropace.motion.level import Levelled
from retropace.motion.listener import listen
from retropace.quantities import Direction
from retropace.recording import FloatArray
from retropace.simulate.centre_of_mass import centre_of_mass
from retropace.simulate.footsteps import Footing
from retropace.simulate.runner import Device, Runner
from retropace.simulate.sensors import motion_streams
from virtual_steps import STRAIGHT, steady

DATA = Path(__file__).parents[2] / "../shared/data"
#: Seconds at both ends whose windows hang over the motion's edge.
EDGE = slice(2, -2)


def travel(motion: Levelled) -> FloatArray:
    return waist.look(seen(motion))["waist_travel_rad"][EDGE]


@settings(max_examples=40, deadline=None)
@given(st.floats(1.2, 2.0), st.floats(-3.1, 3.1), st.floats(-3.1, 3.1))
def test_walker_travels_where_it_goes(step_hz: float, towards: float, facing: float) -> None:
    found = travel(level(bouncing(step_hz, WALK, towards, sway_mps2=0.8), facing))
    assert apart(found, towards - facing).max() < np.radians(4)


@settings(max_examples=40, deadline=None)
@given(st.floats(2.4, 3.6), st.floats(-3.1, 3.1))
def test_runner_travels_where_it_goes(step_hz: float, towards: float) -> None:
    found = travel(level(bouncing(step_hz, RUN, towards, sway_mps2=2.0)))
    assert apart(found, towards).max() < np.radians(4)


@pytest.mark.parametrize("direction", [Direction.FORWARD, Direction.BACKWARD])
@pytest.mark.parametrize(
    ("footing", "speed_mps"), [(Footing.WALK, 1.0), (Footing.WALK, 1.4), (Footing.RUN, 2.2), (Footing.RUN, 3.5)]
)
def test_centre_of_mass_travels_along_whichever_way_it_faces(
    footing: Footing, speed_mps: float, direction: Direction
) -> None:
    made = steady(footing, direction, speed_mps)
    time_s = made_trunks.clock(15) + 3
    found = travel(level(centre_of_mass(made, time_s, Runner().leg_length_m).acceleration_mps2))
    assert apart(found, 0.0).max() < np.radians(5)


@pytest.mark.parametrize(("step_hz", "gait"), [(1.7, WALK), (2.8, RUN)])
def test_reversed_in_time_it_travels_the_other_way_exactly(step_hz: float, gait: tuple[float, float]) -> None:
    random = np.random.default_rng(3)
    noise = np.cumsum(random.normal(0, 0.05, (made_trunks.SECONDS * 100, 3)), axis=0)
    turning = 0.3 * np.sin(made_trunks.clock() / 3)
    motion = level(bouncing(step_hz, gait, 0.7, sway_mps2=1.0) + noise - noise.mean(axis=0), turning)
    ahead, back = (waist.look(seen(each)) for each in (motion, reversed_in_time(motion)))
    assert np.isfinite(ahead["waist_travel_rad"][EDGE]).mean() > 0.8
    assert np.nanmax(apart(ahead["waist_travel_rad"][EDGE], back["waist_travel_rad"][::-1][EDGE] + np.pi)) < 1e-9
    for even in ("waist_kappa", "waist_hz", "waist_run_nats"):
        np.testing.assert_allclose(ahead[even], back[even][::-1], atol=1e-9)


def test_level_axes_and_mirror_change_nothing() -> None:
    motion = level(bouncing(1.8, WALK, 0.9, sway_mps2=0.7), 0.2)
    found = travel(motion)
    assert apart(found, travel(turned_level(motion, 2.1))).max() < 1e-9
    assert apart(found, -travel(mirrored(motion))).max() < 1e-9


def test_corners_and_a_turn_about_do_not_turn_the_travel() -> None:
    """The body turns half round in two seconds on the way, and the device with it."""
    turning = np.pi * np.clip((made_trunks.clock() - 11) / 2, 0, 1)
    straight = bouncing(1.8, WALK, 0.0)
    c, s = np.cos(turning), np.sin(turning)
    on_room = np.stack([straight[:, 0] * c, straight[:, 0] * s, straight[:, 2]], axis=1)
    assert np.nanmax(apart(travel(level(on_room, turning)), 0.0)) < np.radians(10)


def test_pieces_say_what_the_whole_says() -> None:
    motion = level(bouncing(1.8, WALK, 0.9, sway_mps2=0.7))
    whole = waist.look(seen(motion))
    parts = [waist.look(seen(motion, first, 5 if first < 20 else 4)) for first in range(0, 24, 5)]
    for name, values in whole.items():
        np.testing.assert_allclose(np.concatenate([part[name] for part in parts]), values, atol=1e-12)


def test_whoever_stands_or_fidgets_is_not_heard() -> None:
    random = np.random.default_rng(1)
    swaying = np.cumsum(random.normal(0, 0.01, (2400, 3)), axis=0)
    assert np.isnan(travel(level(np.zeros((2400, 3))))).all()
    assert np.isnan(travel(level(swaying - swaying.mean(axis=0)))).all()


def test_between_walking_and_running_it_is_silent() -> None:
    """Seven metres per second squared at 2.2 steps a second: a lively walk or a heavy-footed jog."""
    columns = waist.look(seen(level(bouncing(2.2, (6.9, -1.0), 0.0))))
    assert np.all(np.abs(columns["waist_run_nats"][EDGE]) < 1)
    assert np.isnan(columns["waist_travel_rad"][EDGE]).all()


def test_lively_walking_is_no_running() -> None:
    columns = waist.look(seen(level(bouncing(1.8, (7.5, -1.5), 0.0))))
    assert np.all(columns["waist_run_nats"][EDGE] <= 0)


def test_neither_walker_nor_runner_by_how_hard_it_bounces_is_silent() -> None:
    """Two thirds of g at step frequency is force without flight: the gentlest run there is, or the liveliest walk."""
    for lift_mps2, speaks in ((waist.BOUNCE_MPS2, False), (1.1 * waist.BOUNCE_MPS2, False), (12.0, True)):
        found = waist.look(seen(level(bouncing(2.8, (lift_mps2, 1.8), 0.0))))["waist_kappa"][EDGE]
        assert np.isfinite(found).all() == speaks, lift_mps2


def test_an_overtone_is_not_taken_for_steps() -> None:
    """A slow walker whose second wave is the higher one, also in speed: the push tells."""
    for facing in (0.0, 2.0):
        motion = bouncing(1.6, (0.8, -1.2), 0.4, sway_mps2=0.6) + bouncing(3.2, (2.0, 0.3), 0.4)
        columns = waist.look(seen(level(motion, facing)))
        np.testing.assert_allclose(columns["waist_hz"][EDGE], 1.6, atol=0.03)
        assert apart(columns["waist_travel_rad"][EDGE], 0.4 - facing).max() < np.radians(4)


def test_runners_steps_are_not_halved_by_their_sway() -> None:
    columns = waist.look(seen(level(bouncing(2.8, RUN, 0.4, sway_mps2=6.0))))
    np.testing.assert_allclose(columns["waist_hz"][EDGE], 2.8, atol=0.03)


@pytest.mark.parametrize(("turning_radps", "speaks"), [(0.3, True), (1.5, False)])
def test_a_rise_that_turning_may_make_says_nothing(turning_radps: float, *, speaks: bool) -> None:
    motion = level(bouncing(1.8, WALK, 0.0))
    motion.rotation_radps[:, 1] = turning_radps * np.sin(2 * np.pi * 1.8 * made_trunks.clock() + 1)
    assert np.isfinite(travel(motion)).all() == speaks


def test_a_gait_whose_push_wanders_says_nothing() -> None:
    """It comes at another moment of the rise every second: nobody's gait."""
    time_s = made_trunks.clock()
    steps_rad, wanders_rad = 2 * np.pi * 1.8 * time_s, 0.5 * np.pi * time_s
    push = -1.2 * np.sin(steps_rad + wanders_rad)
    motion = np.stack([push, np.zeros(time_s.size), 2.0 * np.cos(steps_rad)], axis=1)
    assert np.isnan(travel(level(motion))).all()


def test_two_weak_seconds_among_silent_ones_say_nothing() -> None:
    weak = (0.72, -0.34)
    assert np.isfinite(travel(level(bouncing(1.8, weak, 0.0)))).all()
    among = 0.6 * bouncing(1.8, weak, 0.0)
    among[1000:1200] /= 0.6
    assert np.isnan(travel(level(among))).all()


def test_who_turns_about_is_not_told_the_old_way_after_it() -> None:
    """Forward and on at once backward: a few seconds are silent, none points the other way."""
    ahead, back = bouncing(1.8, WALK, 0.0), bouncing(1.8, (1.4, -0.9), np.pi)
    found = waist.look(seen(level(np.concatenate([ahead[:1200], back[1200:]]))))["waist_travel_rad"][EDGE]
    before, after = found[:9], found[10:]
    assert np.nanmax(apart(before, 0.0)) < 0.2
    assert np.nanmax(apart(after, np.pi)) < 0.2
    assert np.isfinite(found).mean() > 0.8


def test_who_hangs_upside_down_spoils_no_other_second() -> None:
    motion = level(bouncing(1.8, WALK, 0.0))
    motion.heading_rad[1200:1220] = np.nan
    kappa = waist.look(seen(motion))["waist_kappa"]
    assert np.isnan(kappa[12])
    assert np.isfinite(kappa[[8, 16]]).all()


def test_the_still_are_skipped_and_nobody_who_stirs() -> None:
    faint = waist.SWING_MPS2.low / WALK[0]
    motion = np.concatenate([0.01 * bouncing(1.8, WALK, 0.3), faint * bouncing(1.8, WALK, 0.3, 3)])
    still, stirred = seen(level(motion[:2400])), seen(level(motion))
    assert not waist.bounce(still).swing.any()
    assert waist.bounce(stirred).swing.any()
    assert np.isnan(waist.look(still)["waist_hz"]).all()


def test_it_never_says_which_way_the_person_faced() -> None:
    rows = columns_of(bouncing(1.8, WALK, 0.0)) | {"step_run_nats": np.full(24, -3.0), "step_hz": np.full(24, 1.8)}
    heard = Heard(np.arange(24.0), np.zeros(24), rows, {})
    said = waist.say(heard)
    assert np.isnan(said.backward_nats).all()
    assert np.isnan(said.sideways_nats).all()
    assert np.isfinite(said.travel_rad[EDGE]).all()
    assert np.isfinite(waist.say_walking(heard).travel_rad[EDGE]).all()
    assert np.isnan(waist.say_running(heard).travel_rad).all()


def test_overtones_and_doubtful_gaits_say_nothing() -> None:
    rows = columns_of(bouncing(1.8, WALK, 0.0))
    walked, run = np.full(24, -3.0), np.full(24, 3.0)
    for hz, nats in ((0.9, walked), (3.6, walked), (1.8, run)):
        heard = Heard(np.arange(24.0), np.zeros(24), rows | {"step_run_nats": nats, "step_hz": np.full(24, hz)}, {})
        assert np.isnan(waist.say(heard).travel_rad).all()
    unsure = Heard(
        np.arange(24.0), np.zeros(24), rows | {"step_run_nats": np.full(24, 0.5), "step_hz": 1.8 + walked * 0}, {}
    )
    assert np.isfinite(waist.say(unsure).travel_rad[EDGE]).all()


def columns_of(acceleration: FloatArray) -> Columns:
    return waist.look(seen(level(acceleration)))


@pytest.mark.parametrize("mount_deg", [(0.0, 0.0, 0.0), (40.0, 70.0, -120.0), (200.0, -80.0, 15.0)])
def test_simulated_waist_turns_its_travel_round_when_it_goes_backward(mount_deg: tuple[float, float, float]) -> None:
    """Rotating the raw sensor any way leaves the angle between the two travels: half a turn."""
    device = Device(kind="phone", placement="waist", rate_hz=100.0, mount_deg=mount_deg)
    means = []
    for direction in (Direction.FORWARD, Direction.BACKWARD):
        made = steady(Footing.WALK, direction, 1.2, 40)
        streams = motion_streams(made, Runner(), STRAIGHT, device, np.random.default_rng(5))
        heard = listen(streams, (steps.look, heading.look, waist.look), {})
        said = waist.say(heard)
        means.append(np.angle(np.nansum(said.travel_kappa * np.exp(1j * said.travel_rad))))
    assert apart(np.array(means[0]), means[1]) > np.radians(170)


@pytest.mark.skipif(not (DATA / "feet-and-lower-back-imu").is_dir(), reason=f"needs {DATA}/feet-and-lower-back-imu")
@pytest.mark.parametrize("walker", [1, 2, 3, 4, 5, 6])
def test_real_walkers_travel_to_their_front(walker: int) -> None:
    """Their sensors' z points out of the back; a U-turn lies in the middle of each walk."""
    from retropace.motion import trunk
    from retropace.readers import read

    off = []
    for trial in (1, 2, 3):
        motion = read(DATA / f"feet-and-lower-back-imu/{walker}-{trial}_lb.txt").motion
        heard = listen(motion, (steps.look, heading.look, waist.look), {})
        said = waist.say(heard)
        surely = said.travel_kappa > 3
        off.append(apart(said.travel_rad[surely], trunk.axis_rad(heard, (0.0, 0.0, -1.0))))
    every = np.concatenate(off)
    assert every.size > 30
    assert np.mean(every < np.pi / 2) >= 0.97
    assert np.mean(every < np.pi / 4) >= 0.9


@pytest.mark.parametrize(
    ("ran_rad", "stops", "nats"), [(0.0, False, -2.0), (np.pi, False, 2.0), (np.pi / 2, False, 0.0), (0.0, True, 0.0)]
)
def test_who_breaks_into_a_run_goes_on_the_same_way(*, ran_rad: float, stops: bool, nats: float) -> None:
    """So a trunk that then points elsewhere runs the other way round than most; unless there was a stop between."""
    ran = np.arange(60) >= 30
    hardness = np.where(stops & (np.abs(np.arange(60) - 30) < 2), 0.2, 2.0)
    rows = {"waist_travel_rad": np.where(ran, ran_rad, 0.0), "waist_run_nats": np.where(ran, 8.0, -8.0)}
    rows |= {name: np.full(60, value) for name, value in (("waist_kappa", 5.0), ("waist_hz", 2.4), ("step_hz", 2.4))}
    rows |= {"step_run_nats": rows["waist_run_nats"], "step_vertical_rms": hardness, "step_level_rms": hardness}
    said = waist.say_running(Heard(np.arange(60.0), np.zeros(60), rows, {}))
    assert said.inverted_nats == pytest.approx(waist.INVERTED_RUNNING_NATS.value + nats)

"""Trunk: figures of made-up trunks against their closed form; lean and step length over sessions made by hand."""

from dataclasses import replace

import numpy as np
import pytest

import made_trunks
from made import Part, recording
from made_trunks import RUN, WALK, bouncing, level, mirrored, reversed_in_time, seen, turned_level
from retropace.bout import Bout
from retropace.motion import trunk
from retropace.motion.heard import Heard
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.signals import Grid, grid
from retropace.simulate.centre_of_mass import centre_of_mass
from retropace.simulate.footsteps import Footing
from retropace.simulate.runner import Runner
from virtual_steps import steady

EDGE = slice(3, -3)


@pytest.mark.parametrize("direction", [Direction.FORWARD, Direction.BACKWARD])
@pytest.mark.parametrize(("footing", "speed_mps"), [(Footing.WALK, 1.0), (Footing.WALK, 1.5), (Footing.RUN, 3.0)])
def test_oscillation_is_that_of_the_centre_of_mass(footing: Footing, speed_mps: float, direction: Direction) -> None:
    made = centre_of_mass(steady(footing, direction, speed_mps), made_trunks.clock(15) + 3, Runner().leg_length_m)
    found = trunk.look(seen(level(made.acceleration_mps2)))["trunk_oscillation_m"][EDGE]
    assert np.median(found) == pytest.approx(np.ptp(made.position_m[:, 2]), rel=0.04)


def test_oscillation_is_silent_where_the_mean_is_no_free_bounce() -> None:
    lifted = bouncing(1.8, WALK, 0.0) + np.array([0.0, 0.0, 1.5])
    assert np.isnan(trunk.look(seen(level(lifted)))["trunk_oscillation_m"][EDGE]).all()


def test_even_steps_are_regular_and_symmetric_and_limping_ones_are_not() -> None:
    even = trunk.look(seen(level(bouncing(1.8, WALK, 0.0))))
    limp = bouncing(1.8, WALK, 0.0)
    limp[:, 2] += 0.9 * np.cos(np.pi * 1.8 * made_trunks.clock())
    limping = trunk.look(seen(level(limp)))
    assert np.median(even["trunk_regularity"][EDGE]) > 0.97
    assert np.median(even["trunk_symmetry"][EDGE]) == pytest.approx(1.0, abs=0.03)
    assert np.median(limping["trunk_regularity"][EDGE]) > 0.95
    assert np.median(limping["trunk_symmetry"][EDGE]) < 0.8


def test_a_pure_wave_is_as_smooth_as_can_be_and_noise_takes_from_it() -> None:
    wave = bouncing(1.8, WALK, 0.0)
    rough = wave + np.random.default_rng(1).normal(0, 2.0, wave.shape)
    smooth, jerky = (
        float(np.nanmedian(trunk.look(seen(level(each)))["trunk_smoothness"][EDGE])) for each in (wave, rough)
    )
    assert smooth == pytest.approx(-np.log((2 * np.pi) ** 2), abs=0.25)
    assert jerky < smooth - 0.5


def test_a_harder_landing_is_a_greater_impact() -> None:
    soft = bouncing(2.8, RUN, 0.0)
    hard = soft.copy()
    hard[::36, 2] += 15.0
    softer, harder = (
        float(np.nanmedian(trunk.look(seen(level(each)))["trunk_impact_mps2"][EDGE])) for each in (soft, hard)
    )
    assert harder > softer + 5


def test_time_axes_and_mirror_leave_all_but_the_impact() -> None:
    noise = np.cumsum(np.random.default_rng(7).normal(0, 0.05, (2400, 3)), axis=0)
    motion = level(bouncing(1.8, WALK, 0.4, sway_mps2=0.8) + noise - noise.mean(axis=0))
    here = trunk.look(seen(motion))
    for name, values in trunk.look(seen(reversed_in_time(motion))).items():
        if name != "trunk_impact_mps2":
            np.testing.assert_allclose(values[::-1], here[name], atol=1e-9, err_msg=name)
    for other in (turned_level(motion, 1.3), mirrored(motion)):
        for name, values in trunk.look(seen(other)).items():
            np.testing.assert_allclose(values, here[name], atol=1e-9, err_msg=name)


def test_pieces_say_what_the_whole_says() -> None:
    motion = level(bouncing(1.8, WALK, 0.4, sway_mps2=0.8))
    whole = trunk.look(seen(motion))
    parts = [trunk.look(seen(motion, first, 6)) for first in range(0, 24, 6)]
    for name, values in whole.items():
        np.testing.assert_allclose(np.concatenate([part[name] for part in parts]), values, atol=1e-9, err_msg=name)


def heard(seconds: int, **columns: FloatArray | float) -> Heard:
    whole = {name: np.zeros(seconds) + values for name, values in columns.items()}
    return Heard(np.arange(float(seconds)), np.zeros(seconds), whole, {})


def leaning(lean_rad: float, ahead: FloatArray, upright: FloatArray) -> FloatArray:
    """Up on the axes of a sensor whose trunk leans: it falls back against the trunk by as much."""
    return np.asarray(np.cos(lean_rad) * upright - np.sin(lean_rad) * ahead)


@pytest.mark.parametrize("upright", [(0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (0.83, 0.1, 0.55), (-0.9, 0.2, -0.3)])
def test_lean_is_against_standing_however_the_sensor_hangs(upright: tuple[float, float, float]) -> None:
    up = np.array(upright) / np.linalg.norm(upright)
    ahead = np.cross(up, [0.3, -0.5, 0.7])
    ahead /= np.linalg.norm(ahead)
    rows = np.stack([up] * 5 + [leaning(0.2, ahead, up)] * 3 + [leaning(-0.1, ahead, up)] * 2)
    names = {f"turn_up_{axis}": rows[:, i] for i, axis in enumerate("xyz")}
    session = heard(10, step_still=np.repeat([1.0, 0.0], 5), **names)
    psi = trunk.axis_rad(session, tuple(ahead.tolist()))
    lean = trunk.lean_rad(session, psi, trunk.standing(session))
    np.testing.assert_allclose(lean, np.repeat([0.0, 0.2, -0.1], [5, 3, 2]), atol=1e-9)


def test_without_standing_nobody_knows_the_lean() -> None:
    session = heard(10, step_still=0.0, turn_up_x=0.0, turn_up_y=0.0, turn_up_z=1.0)
    assert np.isnan(trunk.lean_rad(session, 0.0, trunk.standing(session))).all()


def test_contact_comes_from_running_seconds_only() -> None:
    initial = np.arange(0.0, 20.0, 0.36)
    session = replace(
        heard(20, waist_run_nats=np.repeat([4.0, -4.0], 10)), contacts={"waist": (initial, initial + 0.25)}
    )
    contact = trunk.contact_s(session)
    np.testing.assert_allclose(contact[:10], 0.25)
    assert np.isnan(contact[10:]).all()
    assert np.isnan(trunk.contact_s(replace(session, contacts={}))).all()


FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD


def walked() -> tuple[Heard, Grid]:
    """Two minutes forward at 1.4 m/s, satellites in the first only, then a minute backward without any."""
    track = grid(recording((Part(60, 1.4, 112), Part(120, 1.0, 112))))
    speed = np.where(track.time_s < 60, 1.4, np.nan)
    rise = np.repeat([0.04, 0.01, 0.02], 60)
    return heard(180, trunk_oscillation_m=rise, waist_hz=112 / 60, waist_run_nats=-5.0), replace(track, speed_mps=speed)


def bout(start_s: float, end_s: float, direction: Direction) -> Bout:
    return Bout(start_s, end_s, Gait.WALK, direction, 1.0, ("assumed",))


def test_step_length_is_calibrated_by_satellites_and_grows_with_the_root_of_the_rise() -> None:
    session, track = walked()
    length = trunk.step_length_m(
        session, trunk.contact_s(session), track, [bout(0, 120, FORWARD), bout(120, 180, BACKWARD)]
    )
    np.testing.assert_allclose(length[:60], 1.4 * 60 / 112)
    np.testing.assert_allclose(length[60:120], 0.7 * 60 / 112)


def test_forward_never_calibrates_backward() -> None:
    session, track = walked()
    length = trunk.step_length_m(
        session, trunk.contact_s(session), track, [bout(0, 120, FORWARD), bout(120, 180, BACKWARD)]
    )
    assert np.isnan(length[120:]).all()


def test_too_few_seconds_calibrate_nothing() -> None:
    session, track = walked()
    few = replace(track, speed_mps=np.where(track.time_s < 15, 1.4, np.nan))
    assert np.isnan(trunk.step_length_m(session, trunk.contact_s(session), few, [bout(0, 180, FORWARD)])).all()

"""Cadence: gaps filled and slips mended from the seconds around, and nothing else; true to one step a minute."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.motion import steps
from retropace.motion.cadence import steady_hz, steps_taken
from retropace.motion.heard import Heard
from retropace.motion.listener import listen
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.session import Session, Step
from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Placement, Runner
from retropace.simulate.virtual import Truth, simulate

SESSION = Session(
    "both ways",
    (
        Step(Gait.STAND, Direction.NONE, 10),
        Step(Gait.WALK, Direction.FORWARD, 40),
        Step(Gait.RUN, Direction.FORWARD, 40),
        Step(Gait.STAND, Direction.NONE, 10),
        Step(Gait.WALK, Direction.BACKWARD, 40),
        Step(Gait.RUN, Direction.BACKWARD, 40),
        Step(Gait.STAND, Direction.NONE, 10),
    ),
)


def heard(hz: FloatArray, hardness: FloatArray | None = None, time_s: FloatArray | None = None) -> Heard:
    hard = np.where(np.isfinite(hz), 3.0, 0.1) if hardness is None else hardness
    columns = {
        "step_hz": hz,
        "step_trust": np.ones(hz.size),
        "step_vertical_rms": hard,
        "step_level_rms": np.zeros(hz.size),
        "step_turn_rms": np.ones(hz.size),
        "step_share": np.ones(hz.size),
    }
    return Heard(np.arange(hz.size, dtype=float) if time_s is None else time_s, np.zeros(hz.size), columns, {})


def test_a_gap_in_regularity_is_filled() -> None:
    hz = np.full(20, 1.8)
    hz[8:11] = np.nan
    assert steady_hz(heard(hz, np.full(20, 3.0))) == pytest.approx(np.full(20, 1.8))


def test_a_slip_is_mended() -> None:
    hz = np.full(20, 2.7)
    hz[9] = 1.35
    assert steady_hz(heard(hz, np.full(20, 8.0))) == pytest.approx(np.full(20, 2.7))


def test_a_stop_stays_a_stop() -> None:
    hz = np.full(20, 1.8)
    hz[8:14] = np.nan
    found = steady_hz(heard(hz))
    assert found[8:14] == pytest.approx(np.zeros(6))
    assert found[[0, 7, 14, 19]] == pytest.approx(np.full(4, 1.8))


def test_a_walk_that_becomes_a_run_stays_both() -> None:
    hz = np.repeat([1.8, 2.7], 20)
    assert steady_hz(heard(hz, np.repeat([2.0, 8.0], 20))) == pytest.approx(hz)


def test_what_lies_far_apart_does_not_know_of_each_other() -> None:
    hz = np.array([1.8] * 10 + [np.nan] * 10)
    found = steady_hz(heard(hz, np.full(20, 3.0), time_s=np.concatenate([np.arange(10), 15 + np.arange(10)])))
    assert found[10:] == pytest.approx(np.zeros(10))


def test_a_short_silence_amid_steps_is_counted() -> None:
    """Three seconds lost: six steps, half of them for the second on either side."""
    time_s = np.concatenate([np.arange(10), 13 + np.arange(10)])
    silent = heard(np.full(20, 2.0), time_s=time_s)
    taken = steps_taken(silent)
    assert taken.sum() == pytest.approx(46)
    assert taken[8:12] == pytest.approx([2, 5, 5, 2])


def test_a_long_silence_and_one_beside_standing_are_not() -> None:
    time_s = np.concatenate([np.arange(10), 15 + np.arange(10)])
    assert steps_taken(heard(np.full(20, 2.0), time_s=time_s)).sum() == pytest.approx(40)
    stood = np.repeat([2.0, np.nan], 10)
    assert steps_taken(heard(stood, time_s=time_s - 2 * (time_s > 10))).sum() == pytest.approx(20)


@pytest.mark.parametrize("first", [25, 3, 48])
def test_a_slip_that_lasts_is_mended(first: int) -> None:
    """Steps a third slower, but as hard as those around them, near an end as well."""
    hz = np.full(60, 1.6)
    hz[first : first + 9] = 1.07
    assert steady_hz(heard(hz, np.full(60, 3.0))) == pytest.approx(np.full(60, 1.6))


def test_steps_go_on_while_nothing_else_changes() -> None:
    """Sixteen seconds without a stride, as hard as those before; another hardness ends it."""
    hz = np.full(60, 1.8)
    hz[10:20] = np.nan
    hz[30:46] = np.nan
    hard = np.full(60, 3.0)
    assert steady_hz(heard(hz, hard)) == pytest.approx(np.full(60, 1.8))
    hard[34:42] = 2.0
    found = steady_hz(heard(hz, hard))
    assert found[np.r_[:34, 42:60]] == pytest.approx(np.full(52, 1.8))
    assert not found[34:42].any()


def test_a_shaken_pause_is_not_walked() -> None:
    """Shaken as hard as the walks on either side: steps go on a little from either; turned otherwise, not at all."""
    hz = np.full(90, 1.8)
    pause = slice(30, 60)
    hz[pause] = np.nan
    shaken = heard(hz, np.full(90, 3.0))
    assert steps_taken(shaken)[pause].sum() <= 26 * 1.8 + 1e-9
    assert not steady_hz(shaken)[43:47].any()
    shaken.columns["step_turn_rms"][pause] = 2.0
    assert not steady_hz(shaken)[35:55].any()


@pytest.mark.parametrize(("slower", "softer"), [(1.6, 1.0), (1.3, 1.8)])
def test_a_change_of_pace_that_is_felt_is_believed(slower: float, softer: float) -> None:
    """Ten seconds of another pace, which is softer as well."""
    hz, hard = np.full(60, 2.4), np.full(60, 6.0)
    hz[25:35], hard[25:35] = slower, softer
    assert steady_hz(heard(hz, hard)) == pytest.approx(hz)


def test_of_nothing_comes_nothing() -> None:
    empty = heard(np.empty(0))
    assert steady_hz(empty).size == steps_taken(empty).size == 0


@given(st.lists(st.one_of(st.just(np.nan), st.floats(1.0, 4.4)), min_size=1, max_size=60), st.integers(0, 2**32 - 1))
def test_never_quicker_nor_slower_than_what_was_heard(found: list[float], seed: int) -> None:
    hz = np.array(found)
    steady = steady_hz(heard(hz, np.random.default_rng(seed).uniform(0, 9, hz.size)))
    assert np.all(np.isfinite(steady))
    stepping = steady[steady > 0]
    if stepping.size:
        assert np.nanmin(hz) - 1e-9 <= stepping.min() <= stepping.max() <= np.nanmax(hz) + 1e-9


@given(st.lists(st.one_of(st.just(np.nan), st.floats(1.0, 4.4)), min_size=1, max_size=60))
def test_time_reversed_changes_nothing(found: list[float]) -> None:
    hz = np.array(found)
    assert steps_taken(heard(hz[::-1])) == pytest.approx(steps_taken(heard(hz))[::-1])


@pytest.fixture(scope="module", params=["foot", "waist", "pocket", "wrist"])
def walked(request: pytest.FixtureRequest) -> tuple[Heard, Truth]:
    placement: Placement = request.param
    device = Device(kind="phone", placement=placement, rate_hz=100.0, mount_deg=(40.0, -70.0, 110.0))
    recording, truth = simulate(SESSION, Runner(), Place(clear_length_m=1000.0, bearing_deg=30.0), device, seed=7)
    return listen(recording.motion, looks=(steps.look,), finders={}), truth


def true_cadence_spm(truth: Truth, begins_s: float, ends_s: float) -> float:
    inside = truth.initial_contacts_s[(truth.initial_contacts_s >= begins_s) & (truth.initial_contacts_s < ends_s)]
    return float(60 * (inside.size - 1) / (inside[-1] - inside[0]))


def test_cadence_of_ten_seconds_is_true_to_a_step_a_minute(walked: tuple[Heard, Truth]) -> None:
    """Forward and backward alike, once somebody has got going."""
    found, truth = walked
    cadence, off = 60 * steady_hz(found), []
    for bout in truth.bouts:
        if bout.direction in (Direction.FORWARD, Direction.BACKWARD):
            for begins_s in np.arange(np.ceil(bout.start_s) + 6, bout.end_s - 16, 5):
                rows = (found.time_s >= begins_s) & (found.time_s < begins_s + 10)
                true = true_cadence_spm(truth, begins_s, begins_s + 10)
                off.append(abs(float(cadence[rows].mean()) - true))
    assert len(off) >= 12
    assert np.quantile(off, 0.9) <= 1.0
    assert max(off) <= 2.0


def test_steps_are_counted_forward_and_backward(walked: tuple[Heard, Truth]) -> None:
    found, truth = walked
    counted = steps_taken(found)
    for way in (Direction.FORWARD, Direction.BACKWARD):
        bouts = [bout for bout in truth.bouts if bout.direction is way]
        begins_s, ends_s = bouts[0].start_s - 1, bouts[-1].end_s + 3  # before that they turn on the spot
        rows = (found.time_s >= begins_s) & (found.time_s < ends_s)
        contacts = truth.initial_contacts_s
        true = np.count_nonzero((contacts >= begins_s) & (contacts < ends_s))
        assert counted[rows].sum() == pytest.approx(true, rel=0.02)

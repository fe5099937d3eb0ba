"""Motion as a witness: what is said by the second becomes evidence in all its readings, no surer than people warrant."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace import motion_witness
from retropace.direction import recognise
from retropace.fronts import angle_ways, fronts, nearer_end
from retropace.model import thought_through
from retropace.motion.heard import Heard
from retropace.motion.placement import Placed, Placement
from retropace.motion.said import Said
from retropace.motion_witness import motion_evidence, wearings, with_motion
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray, Origin, Recording
from retropace.signals import Grid, silent_grid
from retropace.witness import BACKWARD, CAPS, FORWARD, SIDEWAYS, WITNESSES, Evidence, gait_evidence

WAIST, POCKET = Placed(Placement.WAIST, 1.0, True), Placed(Placement.POCKET, 1.0, True)
WALKING, RUNNING = -4.0, 5.0


def heard_of(run_nats: FloatArray, up: FloatArray | None = None, still: FloatArray | None = None) -> Heard:
    """Somebody who steps all the time, and runs where `run_nats` is positive."""
    n = run_nats.size
    resting = np.zeros(n) if still is None else still
    upward = np.tile([0.0, 0.0, 1.0], (n, 1)) if up is None else up
    tilt = np.zeros(n)
    tilt[2:-2] = np.arccos(np.clip(np.sum(upward[:-4] * upward[4:], axis=1), -1, 1))
    columns = {
        "step_hz": np.where(resting > 0.5, np.nan, np.where(run_nats > 0, 2.8, 1.8)),
        "step_still": resting,
        "step_run_nats": run_nats,
        "step_trust": np.ones(n),
        "step_vertical_rms": 3.0 * (1 - resting),
        "step_level_rms": 1 - resting,
        "step_turn_rms": np.full(n, 1.0),
        "step_share": np.ones(n),
        "turn_tilt_rad": tilt,
        "turn_heading_rad": np.zeros(n),
        "turn_north_rad": np.full(n, np.nan),
        **{f"turn_up_{axis}": upward[:, k] for k, axis in enumerate("xyz")},
    }
    return Heard(np.arange(float(n)), np.zeros(n), columns, {})


def said_of(
    n: int,
    *,
    nats: FloatArray | None = None,
    travel: FloatArray | None = None,
    inverted: float = -3.0,
    kappa: float = 8.0,
) -> Said:
    silent = np.full(n, np.nan)
    told = silent if nats is None else nats
    angle = silent if travel is None else travel
    return Said("made", told, silent, angle, np.where(np.isfinite(angle), kappa, np.nan), inverted)


def seconds(*parts: tuple[int, float]) -> FloatArray:
    return np.concatenate([np.full(length, value) for length, value in parts])


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> "Saying":
    return Saying(monkeypatch)


class Saying:
    """Lets a placement say what a test wants, walking and running apart."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def __call__(self, where: Placed, *said: Said) -> None:
        self.monkeypatch.setitem(motion_witness.SAYS, where.placement, tuple(_speaker(one) for one in said))


def _speaker(said: Said) -> Callable[[Heard], Said]:
    return lambda _: said


def told(heard: Heard, where: Placed) -> list[tuple[Direction, float, float]]:
    """Direction, start and end of every bout, of the motion alone."""
    grid = with_motion(silent_grid(heard.time_s), heard)
    recording = Recording(Origin("x", "made"), None)
    bouts = recognise(recording, grid, Person(), None, motion_evidence(heard, where, grid)).bouts
    return [(bout.direction, bout.start_s, bout.end_s) for bout in bouts]


def ways(heard: Heard, where: Placed) -> set[Direction]:
    return {direction for direction, _, _ in told(heard, where)}


# -- words and caps -------------------------------------------------------------------------------------------------------


def test_every_witness_of_motion_has_words_and_a_cap() -> None:
    keys = {f"motion_{placement}" for placement in motion_witness.SAYS} | {"motion_turn", "motion_turn_loose"}
    assert keys <= set(WITNESSES)
    assert keys <= set(CAPS)


def test_what_hardly_tells_can_never_decide() -> None:
    for key in ("motion_wrist", "motion_turn_loose"):
        evidence = Evidence(key, np.zeros((1, 60, 7)))
        evidence.log_odds[0][20:40, BACKWARD] = 5.0
        grid = with_motion(silent_grid(np.arange(60.0)), heard_of(np.full(60, WALKING)))
        bouts = recognise(Recording(Origin("x", "made"), None), grid, Person(), None, [evidence]).bouts
        assert not [bout for bout in bouts if bout.direction is Direction.BACKWARD]
        assert [bout for bout in bouts if bout.direction is Direction.UNKNOWN]


# -- this wearer ----------------------------------------------------------------------------------------------------------


def test_a_session_with_both_ways_is_told(says: Saying) -> None:
    nats = seconds((100, -0.7), (30, 0.8), (100, -0.7))
    says(POCKET, said_of(230, nats=nats))
    found = [one for one in told(heard_of(np.full(230, WALKING)), POCKET) if one[0] is Direction.BACKWARD]
    assert len(found) == 1
    assert found[0][1:] == pytest.approx((100, 130), abs=2)


@pytest.mark.parametrize("length", [60, 600, 3000])
def test_no_number_of_seconds_makes_an_inverted_wearer_sure(says: Saying, length: int) -> None:
    """Who seems to go backward from end to end is one in twenty rather than a session backward: it is left open."""
    says(POCKET, said_of(length, nats=np.full(length, 1.2)))
    assert ways(heard_of(np.full(length, WALKING)), POCKET) == {Direction.UNKNOWN}


def test_what_anatomy_rules_out_is_no_reading(says: Saying) -> None:
    foot = Placed(Placement.FOOT, 1.0, True)
    says(foot, said_of(60, nats=np.full(60, 1.2), inverted=-20.0))
    assert ways(heard_of(np.full(60, WALKING)), foot) == {Direction.BACKWARD}


def test_a_placement_itself_says_how_sure_a_second_is(says: Saying) -> None:
    """A foot may say 4 nats a second, and four seconds of them outweigh what a bout backward costs."""
    foot = Placed(Placement.FOOT, 1.0, True)
    says(foot, said_of(64, nats=seconds((30, -4.0), (4, 4.0), (30, -4.0)), inverted=-20.0))
    found = [one for one in told(heard_of(np.full(64, WALKING)), foot) if one[0] is Direction.BACKWARD]
    assert found == [(Direction.BACKWARD, 30.0, 34.0)]


def test_somebody_may_run_unlike_other_people(says: Saying) -> None:
    """Forward walks as everybody's, runs the other way round: the runs stay open, however many."""
    gait = seconds(*((40, WALKING), (40, RUNNING)) * 4)
    says(POCKET, said_of(320, nats=np.where(gait > 0, 1.0, -1.0)))
    found = told(heard_of(gait), POCKET)
    assert {direction for direction, start, _ in found if (start // 40) % 2 == 0} == {Direction.FORWARD}
    assert Direction.BACKWARD not in {direction for direction, _, _ in found}
    assert Direction.UNKNOWN in {direction for direction, _, _ in found}


def test_forward_that_was_seen_is_known_by_it(says: Saying) -> None:
    says(POCKET, said_of(100, nats=np.full(100, -1.0)))
    heard = heard_of(np.full(100, WALKING))
    grid = with_motion(silent_grid(heard.time_s), heard)
    bouts = recognise(
        Recording(Origin("x", "made"), None), grid, Person(), None, motion_evidence(heard, POCKET, grid)
    ).bouts
    assert [(bout.direction, bout.known_by) for bout in bouts] == [(Direction.FORWARD, ("motion_pocket",))]


# -- mounting -------------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=12)
@given(front=st.floats(-3.1, 3.1), noise=st.floats(0.0, 0.4), seed=st.integers(0, 99))
def test_one_way_only_stays_assumed_forward(front: float, noise: float, seed: int) -> None:
    """Which end of the axis is the front nobody knows: forward is assumed, whatever way the sensor sits."""
    travel = front + np.random.default_rng(seed).normal(0, noise, 300)
    with pytest.MonkeyPatch.context() as patch:
        Saying(patch)(WAIST, said_of(300, travel=travel), said_of(300))
        heard = heard_of(np.full(300, WALKING))
        grid = with_motion(silent_grid(heard.time_s), heard)
        evidence = motion_evidence(heard, WAIST, grid)
        bouts = recognise(Recording(Origin("x", "made"), None), grid, Person(), None, evidence).bouts
    assert {(bout.direction, bout.assumed) for bout in bouts} == {(Direction.FORWARD, True)}


@settings(deadline=None, max_examples=8)
@given(front=st.floats(-3.1, 3.1))
def test_half_a_turn_of_travel_is_backward_whatever_the_mounting(front: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        travel = front + seconds((200, 0.0), (40, np.pi), (200, 0.0))
        Saying(patch)(WAIST, said_of(440, travel=travel), said_of(440))
        found = [one for one in told(heard_of(np.full(440, WALKING)), WAIST) if one[0] is Direction.BACKWARD]
    assert len(found) == 1
    assert found[0][1:] == pytest.approx((200, 240), abs=2)


def test_a_quarter_turn_is_sideways(says: Saying) -> None:
    says(WAIST, said_of(500, travel=seconds((200, 0.0), (60, np.pi / 2), (240, 0.0)), kappa=12.0), said_of(500))
    found = [one for one in told(heard_of(np.full(500, WALKING)), WAIST) if one[0] is Direction.SIDEWAYS]
    assert len(found) == 1
    assert found[0][1:] == pytest.approx((200, 260), abs=2)


def test_travel_that_turns_with_the_gait_is_left_open(says: Saying) -> None:
    """Walking one way and running the other, on the device's axes: rather a wearer than a runner backward."""
    gait = seconds((200, WALKING), (60, RUNNING), (200, WALKING))
    walks, runs = np.where(gait < 0, 0.3, np.nan), np.where(gait > 0, 0.3 + np.pi, np.nan)
    says(WAIST, said_of(460, travel=walks, inverted=-4.0), said_of(460, travel=runs, inverted=-2.5))
    assert Direction.BACKWARD not in ways(heard_of(gait), WAIST)


def test_no_common_axis_is_silence(says: Saying) -> None:
    travel = np.random.default_rng(4).uniform(-np.pi, np.pi, 400)
    says(WAIST, said_of(400, travel=travel), said_of(400))
    heard = heard_of(np.full(400, WALKING))
    (evidence,) = motion_evidence(heard, WAIST, with_motion(silent_grid(heard.time_s), heard))
    assert np.abs(evidence.log_odds).max() < 1e-9


def test_ends_keep_their_names_while_more_is_heard() -> None:
    """The end where the first seconds went is tried first, however the axis wanders across half a turn of its angle."""
    for axis in (np.pi / 2 - 0.01, np.pi / 2 + 0.01, -np.pi / 2):
        angle = np.full(60, axis)
        found = fronts(angle, np.full(60, 8.0), np.ones(60, np.int64), 2)
        assert np.cos(found.front_rad[0] - axis) == pytest.approx(1.0, abs=1e-6)


def test_the_nearer_end() -> None:
    assert nearer_end(0.1, 3.0) == pytest.approx(0.1 + np.pi)
    assert nearer_end(0.1, 0.3) == pytest.approx(0.1)


def test_ways_of_an_angle_are_symmetric() -> None:
    angle = np.linspace(-3, 3, 25)
    here, there = (angle_ways(angle + turn, np.full(25, 6.0), 0.5) for turn in (0.0, np.pi))
    np.testing.assert_allclose(here[0], there[1], atol=1e-12)
    np.testing.assert_allclose(here[2], there[2], atol=1e-12)


# -- put on anew ----------------------------------------------------------------------------------------------------------


def tilted(n: int, from_s: int, by_rad: float) -> FloatArray:
    up = np.tile([0.0, 0.0, 1.0], (n, 1))
    up[from_s:] = [np.sin(by_rad), 0.0, np.cos(by_rad)]
    return up


def test_a_step_of_the_tilt_begins_another_wearing() -> None:
    still = wearings(heard_of(np.full(100, WALKING)), WAIST)
    assert np.unique(still).size == 1
    large = wearings(heard_of(np.full(100, WALKING), tilted(100, 50, 1.0)), WAIST)
    assert large[20] != large[80]
    assert -1 in large
    small = wearings(heard_of(np.full(100, WALKING), tilted(100, 50, np.deg2rad(25))), WAIST)
    assert small[20] != small[80]
    assert -1 not in small
    lean = wearings(heard_of(np.full(100, WALKING), tilted(100, 50, np.deg2rad(8))), WAIST)
    assert lean[20] == lean[80]


@pytest.mark.parametrize("turned", [0.5, 2.0, np.pi])
def test_a_belt_put_on_anew_turns_nobody_round(says: Saying, turned: float) -> None:
    travel = seconds((200, 0.2), (200, 0.2 + turned))
    says(WAIST, said_of(400, travel=travel), said_of(400))
    assert ways(heard_of(np.full(400, WALKING), tilted(400, 200, 0.6)), WAIST) == {Direction.FORWARD}


# -- beside the rest ------------------------------------------------------------------------------------------------------


def test_motion_tells_standing_walking_and_running() -> None:
    gait = seconds((20, WALKING), (60, WALKING), (60, RUNNING), (20, WALKING))
    still = seconds((20, 1.0), (120, 0.0), (20, 1.0))
    heard = heard_of(gait, still=still)
    grid = with_motion(silent_grid(heard.time_s), heard)
    bouts = recognise(Recording(Origin("x", "made"), None), grid, Person(), None, []).bouts
    assert [bout.gait for bout in bouts] == [Gait.STAND, Gait.WALK, Gait.RUN, Gait.STAND]


@pytest.mark.parametrize(("still", "hard", "gait"), [(0.0, 1.0, Gait.UNKNOWN), (0.9, 0.1, Gait.STAND)])
def test_who_moves_without_a_step_does_not_stand(still: float, hard: float, gait: Gait) -> None:
    """Half a minute of stirring between two walks: nobody knows what it was, but it was no rest."""
    heard = heard_of(np.full(150, WALKING))
    shaken = slice(60, 95)
    heard.columns["step_hz"][shaken], heard.columns["step_still"][shaken] = np.nan, still
    heard.columns["step_vertical_rms"][shaken] = hard
    grid = with_motion(silent_grid(heard.time_s), heard)
    bouts = recognise(Recording(Origin("x", "made"), None), grid, Person(), None, []).bouts
    assert [bout.gait for bout in bouts] == [Gait.WALK, gait, Gait.WALK]


def test_silent_seconds_beside_a_backward_bout_are_its_edges(says: Saying) -> None:
    """The first steps of a foot say nothing yet: that is no bout forward."""
    foot = Placed(Placement.FOOT, 1.0, True)
    silent = np.full(4, np.nan)
    nats = np.concatenate([silent, np.full(40, 3.0), silent, np.full(12, np.nan), np.full(100, -3.0)])
    still = seconds((48, 0.0), (12, 1.0), (100, 0.0))
    says(foot, said_of(160, nats=nats, inverted=-20.0))
    found = told(heard_of(np.full(160, WALKING), still=still), foot)
    assert [direction for direction, _, _ in found] == [Direction.BACKWARD, Direction.NONE, Direction.FORWARD]


def test_how_the_feet_move_says_nothing_of_direction_by_motion_either() -> None:
    grid = with_motion(silent_grid(np.arange(90.0)), heard_of(seconds((30, WALKING), (30, RUNNING), (30, WALKING))))
    layer = gait_evidence(grid).log_odds[0]
    np.testing.assert_array_equal(layer[:, FORWARD], layer[:, BACKWARD])
    np.testing.assert_array_equal(layer[:, FORWARD], layer[:, SIDEWAYS])


def test_a_watch_keeps_its_own_cadence() -> None:
    heard = heard_of(np.full(60, RUNNING))
    own = replace(silent_grid(heard.time_s), cadence_spm=np.full(60, 172.0))
    fuller = with_motion(own, heard)
    np.testing.assert_array_equal(fuller.cadence_spm, 172.0)
    assert np.all(np.isnan(fuller.running_nats))


def test_nothing_heard_is_no_evidence() -> None:
    empty = replace(heard_of(np.full(4, WALKING)), time_s=np.empty(0), columns={})
    assert motion_evidence(empty, WAIST, silent_grid(np.arange(5.0))) == []


# -- the session's arithmetic -----------------------------------------------------------------------------------------------


def test_the_tail_of_a_session_thought_through_is_that_of_the_whole() -> None:
    """Going on from where the readings stood gives what thinking of everything at once gives."""
    random = np.random.default_rng(1)
    layers = random.normal(0, 0.5, (2, 200, 7))
    grid = silent_grid(np.arange(200.0))
    evidence = [Evidence("motion_pocket", layers, np.log([0.7, 0.3]))]
    whole = thought_through(grid, evidence)
    tail = [Evidence("motion_pocket", layers[:, 120:], np.log([0.7, 0.3]))]
    later = thought_through(_after(grid, 120), tail, whole.so_far(119))
    np.testing.assert_allclose(later.each, whole.each[:, 120:], atol=1e-9)


def _after(grid: Grid, first: int) -> Grid:
    return grid.between(float(first), np.inf)


def test_readings_weigh_by_their_priors_when_they_explain_alike() -> None:
    silent = np.zeros((2, 50, 7))
    for priors in ((0.9, 0.1), (0.5, 0.5)):
        thought = thought_through(silent_grid(np.arange(50.0)), [Evidence("motion_foot", silent, np.log(priors))])
        assert thought.understood[0].log_prior is not None
        assert np.exp(thought.understood[0].log_prior[0]) == pytest.approx(max(priors))


def test_accounts_of_half_a_turn_say_nothing_until_both_ways_were_gone() -> None:
    def both_ends(nats: Sequence[float]) -> Evidence:
        layer = np.zeros((len(nats), 7))
        layer[:, BACKWARD], layer[:, FORWARD] = np.array(nats)[:, None] / 2, -np.array(nats)[:, None] / 2
        return Evidence("motion_waist", np.stack([layer, -layer]))

    one_way = both_ends([-1.0] * 50)
    assert one_way.account()(slice(0, 50)) == pytest.approx(0.0)
    both = both_ends([-1.0] * 40 + [1.0] * 10)
    assert both.account()(slice(40, 50)) == pytest.approx(10.0)
    assert one_way.account(settled=True)(slice(0, 50)) == pytest.approx(-50.0)

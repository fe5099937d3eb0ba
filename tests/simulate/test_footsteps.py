import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.errors import OutOfRange
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step
from retropace.simulate.footsteps import Footing, Footsteps, bouts, contacts, directions, footsteps, intentions
from retropace.simulate.place import Place
from retropace.simulate.runner import PUNCTUAL, Following, Runner

KINDS = [
    (Gait.WALK, Direction.FORWARD),
    (Gait.RUN, Direction.FORWARD),
    (Gait.WALK, Direction.BACKWARD),
    (Gait.RUN, Direction.BACKWARD),
    (Gait.WALK, Direction.SIDEWAYS),
    (Gait.STAND, Direction.NONE),
]
steps_of = st.builds(lambda kind, seconds: Step(kind[0], kind[1], seconds), st.sampled_from(KINDS), st.floats(1, 60))
sessions = st.builds(lambda steps: Session("drawn", tuple(steps)), st.lists(steps_of, min_size=1, max_size=8))
runners = st.builds(Runner, switch=st.sampled_from(["spin", "retrace"]), height_m=st.floats(1.4, 2.1))
followings = st.builds(Following, late_s=st.sampled_from([(0.0, 0.0), (1.0, 4.0)]), lead_s=st.floats(0, 20))


def taken(session: Session, runner: Runner, place: Place, following: Following = PUNCTUAL, seed: int = 1) -> Footsteps:
    random = np.random.default_rng(seed)
    return footsteps(intentions(session, runner, following, random), runner, place, following, random)


@settings(max_examples=60, deadline=None)
@given(sessions, runners, followings, st.floats(10, 500), st.integers(0, 2**32))
def test_steps_follow_each_other_in_time_and_place(
    session: Session, runner: Runner, following: Following, clear_m: float, seed: int
) -> None:
    steps = taken(session, runner, Place(clear_length_m=clear_m), following, seed)
    assert steps.start_s[0] == 0.0
    assert steps.start_s[1:] == pytest.approx((steps.start_s + steps.period_s)[:-1])
    covered = steps.along * steps.speed_mps * steps.period_s
    assert np.diff(steps.path_m) == pytest.approx(covered[:-1], abs=1e-9)
    assert np.all(steps.side[1:] == -steps.side[:-1])
    assert not np.any(steps.planted[1:] & steps.planted[:-1])
    assert np.all((steps.support_s > 0) & (steps.support_s <= steps.period_s))
    assert steps.end_s >= max(following.lead_s, 1.0) + session.duration_s


@settings(max_examples=60, deadline=None)
@given(sessions, runners, st.integers(0, 2**32))
def test_facing_is_what_the_direction_says(session: Session, runner: Runner, seed: int) -> None:
    place = Place()
    steps = taken(session, runner, place, seed=seed)
    travel = place.tangent_rad(steps.path_m) + np.where(steps.along > 0, 0, np.pi)
    apart = np.cos(steps.yaw_rad - travel)
    expected = {Direction.FORWARD: 1.0, Direction.BACKWARD: -1.0, Direction.SIDEWAYS: 0.0}
    for direction, cosine in zip(directions(steps), apart, strict=True):
        if direction in expected:
            assert cosine == pytest.approx(expected[direction], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(sessions, runners, st.integers(0, 2**32))
def test_feet_take_turns_and_stay_their_time(session: Session, runner: Runner, seed: int) -> None:
    feet = contacts(taken(session, runner, Place(), seed=seed))
    landed = feet.initial_s[np.isfinite(feet.initial_s)]
    assert np.all(np.diff(landed) > 0)
    for side in (-1.0, 1.0):
        mine = feet.side == side
        left, next_landing = feet.final_s[mine][:-1], feet.initial_s[mine][1:]
        assert np.all(left < next_landing), "a foot lands only after it has left"
        stayed = feet.final_s[mine] - feet.initial_s[mine]
        assert not np.any(stayed[np.isfinite(stayed)] <= 0.05)


def test_bouts_are_the_session_to_within_a_change_of_direction() -> None:
    session = Session(
        "mixed",
        (
            Step(Gait.WALK, Direction.FORWARD, 60),
            Step(Gait.RUN, Direction.BACKWARD, 20),
            Step(Gait.WALK, Direction.FORWARD, 40),
            Step(Gait.RUN, Direction.FORWARD, 30),
        ),
    )
    moving = [b for b in bouts(taken(session, Runner(), Place())) if b.gait is not Gait.STAND]
    assert [(b.gait, b.direction) for b in moving] == [(step.gait, step.direction) for step in session.steps]
    for bout, begins in zip(moving, (5, 65, 85, 125), strict=True):
        assert begins - 0.1 <= bout.start_s <= begins + 4.5
        assert bout.known_by == ("simulated",)
        assert bout.probability == 1.0


def test_spinning_keeps_the_course_and_retracing_keeps_the_facing() -> None:
    session = Session("turn", (Step(Gait.WALK, Direction.FORWARD, 20), Step(Gait.WALK, Direction.BACKWARD, 15)))
    for switch, way, turned in (("spin", 1.0, np.pi), ("retrace", -1.0, 0.0)):
        steps = taken(session, Runner(switch=switch), Place(clear_length_m=500))  # type: ignore[arg-type]
        backward = steps.backward()
        assert np.all(steps.along[backward] == way)
        assert abs(steps.yaw_rad[backward][0] - steps.yaw_rad[0]) == pytest.approx(turned)


def test_the_tight_turn_is_taken_slowly() -> None:
    place = Place(clear_length_m=60.0, turn_radius_m=1.5)
    steps = taken(Session("laps", (Step(Gait.RUN, Direction.FORWARD, 120),)), Runner(run_mps=4.0), place)
    turning = place.curvature_per_m(steps.path_m) > 0
    assert turning.sum() > 10
    assert steps.speed_mps[turning].max() < 1.7
    assert steps.speed_mps.max() > 3.5


def test_a_runner_brakes_before_walking() -> None:
    session = Session(
        "down", (Step(Gait.RUN, Direction.FORWARD, 30, speed_mps=4.0), Step(Gait.WALK, Direction.FORWARD, 30))
    )
    steps = taken(session, Runner(), Place(clear_length_m=500))
    assert steps.speed_mps[steps.footing == Footing.WALK].max() <= 2.0


def test_following_shapes_the_session() -> None:
    session = Session("three", tuple(Step(Gait.WALK, Direction.FORWARD, 20) for _ in range(3)))
    following = Following(lead_s=10.0, late_s=(1.0, 4.0), cut_short=((1, 7.0),))
    first, second, third = intentions(session, Runner(), following, np.random.default_rng(0))
    assert first.start_s == 10.0
    assert 31.0 <= second.start_s <= 34.0
    assert third.start_s == pytest.approx(50.0 - 7.0)
    assert third.end_s == 70.0


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Step(Gait.OTHER, Direction.FORWARD, 10), "cannot other forward"),
        (Step(Gait.RUN, Direction.UNKNOWN, 10), "cannot run unknown"),
        (Step(Gait.RUN, Direction.FORWARD, 10, speed_mps=0.0), "too slow"),
        (Step(Gait.RUN, Direction.FORWARD, 10, speed_mps=float("nan")), "too slow"),
    ],
)
def test_what_cannot_be_simulated_is_refused(step: Step, message: str) -> None:
    with pytest.raises(OutOfRange, match=message):
        taken(Session("odd", (step,)), Runner(), Place())

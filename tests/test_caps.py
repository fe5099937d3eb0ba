"""Caps: over any session and any past they only take away, take enough, and say what they took."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_people import DAY, MONDAY, RULES, Judge, amount, anybody, clearance, past
from retropace.caps import Capped, Past, capped, earliest, present_run, shortened
from retropace.doses import Track, rows
from retropace.prescription import core_of, prescription
from retropace.quantities import Direction, Gait
from retropace.screening import Clearance, Level
from retropace.session import Session, Step

WEEK = 7 * DAY

steps = st.builds(
    Step,
    st.sampled_from([Gait.RUN, Gait.WALK]),
    st.sampled_from([Direction.BACKWARD, Direction.BACKWARD, Direction.FORWARD]),
    st.integers(1, 900).map(float),
    st.just("step"),
    st.sampled_from([None, 0.8, 1.2, 2.0, 4.0]),
)
sessions = st.lists(steps, max_size=25).map(lambda made: Session("any", tuple(made)))


@st.composite
def pasts(draw: st.DrawFn) -> tuple[Past, ...]:
    day, made = MONDAY, []
    for _ in range(draw(st.integers(0, 8))):
        day -= draw(st.integers(1, 40)) * DAY
        seconds = draw(st.none() | st.floats(0, 900))
        gait = draw(st.sampled_from([Gait.RUN, Gait.WALK]))
        bout = None if seconds is None else min(seconds, draw(st.floats(0, 600)))
        belt = draw(st.booleans())
        made.append(
            Past(day, seconds, bout, draw(st.none() | st.floats(0.2, 2.4)), gait, challenge=True, treadmill=belt)
        )
    return tuple(reversed(made))


def clearances() -> st.SearchStrategy[Clearance]:
    return st.integers(0, 10**6).map(lambda seed: anybody(random.Random(seed)).clearance)


def judged(before: tuple[Past, ...], cleared: Clearance, treadmill: bool) -> Judge:
    judge = Judge(cleared, treadmill=treadmill)
    for one in before:
        run = (one.reverse_s or 0.0) if one.gait is Gait.RUN else 0.0
        walk = (one.reverse_s or 0.0) if one.gait is Gait.WALK else 0.0
        judge.add(one.day, run, walk, challenge=one.challenge)
    return judge


@settings(max_examples=150, deadline=None)
@given(sessions, pasts(), clearances(), st.booleans(), st.booleans())
def test_no_session_gets_past_the_caps(
    session: Session, before: tuple[Past, ...], cleared: Clearance, challenge: bool, treadmill: bool
) -> None:
    day = MONDAY + DAY
    left = capped(session, day, before, cleared, RULES, challenge=challenge, treadmill=treadmill)
    if left.session is None:
        assert left.cuts
        return
    judge = judged(before, cleared, treadmill)
    assert judge.broken(day, left.session, challenge=challenge) == []
    assert amount(left.session).run_s <= amount(session).run_s + 1e-9
    assert amount(left.session).run_s + amount(left.session).walk_s <= sum(
        s.duration_s for s in session.steps if s.direction == Direction.BACKWARD
    )
    again = capped(left.session, day, before, cleared, RULES, challenge=challenge, treadmill=treadmill)
    assert again == Capped(left.session, ())
    if amount(left.session) != amount(session) and None not in {step.speed_mps for step in session.steps}:
        assert left.cuts, "what is taken is said"
    assert all(cut.rule in RULES.by_key and cut.sources and cut.text for cut in left.cuts)


def first_row() -> Session:
    return prescription(rows(Track.REVERSE, RULES)[1], RULES)


def rules_of(left: Capped) -> list[str]:
    return [cut.rule for cut in left.cuts]


def test_a_first_session_passes_whole() -> None:
    assert capped(first_row(), MONDAY, (), clearance(), RULES) == Capped(first_row(), ())


def test_the_first_day_is_small() -> None:
    big = prescription(rows(Track.REVERSE, RULES)[9], RULES)
    left = capped(big, MONDAY, (), clearance(), RULES)
    assert left.session is not None
    assert amount(left.session).run_s <= 120
    assert "programme.cap_first_run_s" in rules_of(left)
    assert left.session.steps[-1].name == "Cool-down walk"
    assert left.session.steps[-2].direction is Direction.BACKWARD, "a dropped repeat takes its recovery along"


@pytest.mark.parametrize(
    ("longest", "days_ago", "asked", "left"),
    [(200, 5, 300, 260), (590, 5, 700, 650), (700, 5, 900, 770), (400, 31, 300, 180), (None, 5, 300, 180)],
)
def test_a_session_grows_little_beyond_the_longest_of_thirty_days(
    longest: float | None, days_ago: int, asked: float, left: float
) -> None:
    before = [Past(MONDAY - 31 * DAY, 400.0, 60.0), Past(MONDAY - 6 * DAY, 120.0, 60.0)]
    if longest is not None and days_ago < 30:
        before.append(Past(MONDAY - days_ago * DAY, longest, 60.0))
    session = Session("any", (Step(Gait.RUN, Direction.BACKWARD, asked, "x", 1.8),))
    now = capped(session, MONDAY, before, clearance(longest_bout_s=600.0), RULES).session
    assert now is not None
    assert amount(now).run_s == pytest.approx(left)


@pytest.mark.parametrize(
    ("sessions_before", "days"), [((), 0), ((3,), 3), ((2,), 3), ((10, 1), 2), ((40, 1), 3), ((29,), 0)]
)
def test_rest(sessions_before: tuple[int, ...], days: int) -> None:
    before = tuple(past(MONDAY - ago * DAY) for ago in sessions_before)
    last = before[-1].day if before else MONDAY
    assert earliest(before, last if days else MONDAY, RULES) == last + days * DAY if days else MONDAY


def test_too_soon_is_no_session_and_names_the_day() -> None:
    left = capped(first_row(), MONDAY + DAY, (past(MONDAY),), clearance(), RULES)
    assert left.session is None
    assert rules_of(left) == ["programme.cap_rest_days"]
    assert "Thursday 26 November" in left.cuts[0].text


def test_a_second_challenge_within_a_week_is_no_session() -> None:
    before = (past(MONDAY - 9 * DAY), past(MONDAY - 4 * DAY, challenge=True))
    assert rules_of(capped(first_row(), MONDAY, before, clearance(), RULES, challenge=True)) == [
        "programme.cap_challenge"
    ]
    assert capped(first_row(), MONDAY, before, clearance(), RULES).session is not None


def test_refusals() -> None:
    see = clearance(Level.NOT_NOW, see="a doctor")
    for cleared, treadmill in (
        (see, False),
        (clearance(longest_bout_s=3.0), False),
        (clearance(treadmill_kmh=None), True),
    ):
        left = capped(first_row(), MONDAY, (), cleared, RULES, treadmill=treadmill)
        assert left.session is None
        assert rules_of(left) == ["programme.cap_refused"]


def test_running_becomes_walking_where_only_that_is_cleared() -> None:
    left = capped(first_row(), MONDAY, (), clearance(Level.WALK), RULES)
    assert left.session is not None
    assert core_of(left.session.steps).gait is Gait.WALK
    assert amount(left.session).speed_mps <= 1.2
    assert "programme.cap_level" in rules_of(left)


def test_on_a_treadmill_one_runs_only_where_that_is_cleared() -> None:
    for allowed in (False, True):
        cleared = clearance(treadmill_kmh=6.5, treadmill_run=allowed)
        left = capped(first_row(), MONDAY, (), cleared, RULES, treadmill=True)
        assert left.session is not None
        assert (amount(left.session).run_s > 0) is allowed
        assert amount(left.session).speed_mps == pytest.approx(1.6 / 3.6), "the belt starts at a stroll"


def test_the_belt_grows_by_half_a_kilometre_an_hour() -> None:
    before = (past(MONDAY - WEEK, gait=Gait.WALK, treadmill=True, speed_mps=2.0 / 3.6),)
    asked = Session("any", (Step(Gait.WALK, Direction.BACKWARD, 60.0, "x", 1.2),))
    left = capped(asked, MONDAY, before, clearance(), RULES, treadmill=True)
    assert left.session is not None
    assert amount(left.session).speed_mps == pytest.approx(2.5 / 3.6)


@pytest.mark.parametrize(("weeks_ago", "fastest"), [(1, 2.2), (4, 2.2), (6, 2.4)])
def test_the_first_five_weeks_are_slower(weeks_ago: int, fastest: float) -> None:
    before = tuple(past(MONDAY - k * WEEK) for k in range(weeks_ago, 0, -1))
    asked = Session("any", (Step(Gait.RUN, Direction.BACKWARD, 20.0, "x", 2.4),))
    left = capped(asked, MONDAY, before, clearance(), RULES)
    assert left.session is not None
    assert amount(left.session).speed_mps == fastest


def test_a_short_straight_makes_shuttles_of_the_same_time() -> None:
    cleared = clearance(longest_bout_s=18.0)
    left = capped(
        prescription(rows(Track.REVERSE, RULES)[3], RULES), MONDAY, (past(MONDAY - WEEK, 200, 25),), cleared, RULES
    )
    assert left.session is not None
    names = [step.name for step in left.session.steps]
    main = left.session.steps[names.index("Reverse") :]
    assert [(step.name, step.duration_s) for step in main[:3]] == [
        ("Reverse", 13),
        ("Stop and turn", 8),
        ("Reverse", 12),
    ]
    assert core_of(left.session.steps).repeats_s == (25.0,) * 8
    assert "programme.cap_bout" in rules_of(left)


def test_slower_may_go_on_longer_on_the_same_way() -> None:
    cleared = clearance(longest_bout_s=12.5, clear_run_m=30.0)
    walk = Session("any", (Step(Gait.WALK, Direction.BACKWARD, 25.0, "x", 1.2),))
    assert capped(walk, MONDAY, (), cleared, RULES).session == walk


def test_a_present_run_ends_at_a_long_layoff() -> None:
    before = tuple(past(MONDAY - ago * DAY) for ago in (80, 40, 12, 3))
    assert [one.day for one in present_run(before, MONDAY, RULES)] == [MONDAY - ago * DAY for ago in (40, 12, 3)]
    assert present_run(before, MONDAY + 26 * DAY, RULES) == ()


def test_shortening_keeps_at_least_something() -> None:
    single = (Step(Gait.WALK, Direction.BACKWARD, 600.0, "x"),)
    assert [step.duration_s for step in shortened(single, Gait.WALK, 200.0, 5.0)] == [200.0]
    pair = (*single, Step(Gait.WALK, Direction.FORWARD, 60.0, "y"), *single)
    assert [step.duration_s for step in shortened(pair, Gait.WALK, 700.0, 5.0)] == [600.0]

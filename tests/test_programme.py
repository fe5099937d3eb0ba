"""Programme: no plan of anybody breaks a rule, good sessions reach the goal, and the plan is what progression does."""

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_people import (
    DAY,
    MONDAY,
    RULES,
    Someone,
    amount,
    anybody,
    bad,
    clearance,
    faults_of_plan,
    good,
    past,
)
from retropace.doses import WALKED, last_row, rows, track_of
from retropace.errors import UnusableInput
from retropace.exercises import WorkKind, WorkLevel, Workout, workout
from retropace.log import Done, LogEntry
from retropace.place import Watcher
from retropace.programme import Calendar, Goal, Kind, Programme, build, session_on, try_one
from retropace.progression import next_session, start
from retropace.quantities import Direction, Gait
from retropace.screening import Group, Level

people = st.integers(0, 10**9).map(lambda seed: anybody(random.Random(seed)))


def plan_of(someone: Someone) -> Programme:
    return build(someone.clearance, someone.goal, someone.calendar, RULES)


def names(programme: Programme, week: int) -> dict[str, str]:
    days = programme.weeks[week - 1].days
    return {f"{day.date:%a}": day.session.name for day in days if day.session is not None}


@settings(max_examples=60, deadline=None)
@given(people)
def test_no_plan_of_anybody_breaks_a_rule(someone: Someone) -> None:
    plan = plan_of(someone)
    assert faults_of_plan(plan, someone) == []
    assert plan == plan_of(someone), "the same input gives the same plan"


@settings(max_examples=30, deadline=None)
@given(people)
def test_every_decision_has_reasons_and_every_reason_a_rule_and_a_source(someone: Someone) -> None:
    plan = plan_of(someone)
    assert plan.reasons
    assert all(week.reasons for week in plan.weeks)
    for reason in (*plan.reasons, *(reason for week in plan.weeks for reason in week.reasons)):
        assert reason.rule in RULES.by_key
        assert reason.sources == RULES.rule(reason.rule).sources
        assert reason.text
        assert "{" not in reason.text
        assert "!" not in reason.text


@settings(max_examples=30, deadline=None)
@given(people)
def test_every_day_of_every_week_is_there_once(someone: Someone) -> None:
    plan = plan_of(someone)
    for number, week in enumerate(plan.weeks):
        first = someone.calendar.start + 7 * number * DAY
        assert [day.date for day in week.days] == [first + k * DAY for k in range(7)]
        assert week.number == number + 1
        assert week.reverse_s == sum(amount(day.session).run_s + amount(day.session).walk_s for day in week.days)
        for day in week.days:
            assert (day.session is not None) == (day.kind in (Kind.REVERSE, Kind.CHALLENGE, Kind.BACKWARD_WALK))


def test_a_healthy_adult_runs_backward_on_the_first_day_after_walking_backward() -> None:
    plan = build(clearance(), Goal.REVERSE, Calendar(MONDAY, 12), RULES)
    first = plan.weeks[0].days[0]
    assert first.kind is Kind.REVERSE
    assert first.session is not None
    steps = first.session.steps
    runs = [k for k, step in enumerate(steps) if step.gait is Gait.RUN and step.direction is Direction.BACKWARD]
    assert len(runs) == 6
    assert {steps[k].duration_s for k in runs} == {20}
    assert {steps[k + 1].duration_s for k in runs[:-1]} == {60}
    assert steps[runs[0] + 1].gait is Gait.WALK
    assert any(step.gait is Gait.WALK and step.direction is Direction.BACKWARD for step in steps[: runs[0]])


def test_the_weeks_are_those_of_the_plan_for_beginners() -> None:
    plan = build(clearance(group=Group.YOUTH), Goal.REVERSE, Calendar(MONDAY, 12), RULES)
    assert names(plan, 1) == {"Mon": "Reverse 6x20s", "Thu": "Walk back 5x60s", "Sat": "Reverse 6x20s"}
    later = [names(plan, week)["Mon"] for week in range(2, 13)]
    assert later == [
        "Reverse 8x20s",
        "Reverse 8x25s",
        "Reverse 6x25s",
        "Reverse 9x25s",
        "Reverse 9x30s",
        "Reverse 10x30s",
        "Reverse 7x30s",
        "Reverse 9x40s",
        "Reverse 8x45s",
        "Reverse 9x45s",
        "Reverse 6x45s",
    ]
    assert [week.deload for week in plan.weeks] == [number % 4 == 0 for number in range(1, 13)]


def test_every_lighter_week_is_a_quarter_to_a_third_below_its_row() -> None:
    low, high = RULES.numbers("programme.deload_cut")
    for goal in (Goal.REVERSE, Goal.INTERVALS, Goal.WARM_UP, Goal.WALK, Goal.TREADMILL):
        plan = build(clearance(longest_bout_s=600.0), goal, Calendar(MONDAY, 12), RULES)
        table = rows(track_of(goal, clearance(), RULES), RULES)
        for week in plan.weeks[3::4]:
            assert week.deload
            day = next(day for day in week.days if day.session is not None)
            assert day.session is not None
            total = sum(s.duration_s for s in day.session.steps if s.name in ("Reverse", "Backward walk"))
            assert low <= 1 - total / table[week.row].total_s <= high


def test_a_challenge_comes_once_a_week_for_healthy_adults_only() -> None:
    for group in Group:
        plan = build(clearance(group=group), Goal.REVERSE, Calendar(MONDAY, 12), RULES)
        challenges = [day for week in plan.weeks for day in week.days if day.kind is Kind.CHALLENGE]
        assert bool(challenges) is (group in (Group.BEGINNER, Group.ATHLETE))
        for week in plan.weeks:
            kinds = [day.kind for day in week.days]
            assert kinds.count(Kind.CHALLENGE) <= 1
            assert kinds.count(Kind.CHALLENGE) + kinds.count(Kind.REVERSE) <= 2
            assert Kind.CHALLENGE not in kinds or not week.deload


def test_an_athlete_keeps_the_first_week_and_then_goes_on_from_further() -> None:
    plan = build(clearance(group=Group.ATHLETE), Goal.REVERSE, Calendar(MONDAY, 3), RULES)
    assert set(names(plan, 1).values()) == {"Reverse 6x20s", "Walk back 5x60s"}
    assert names(plan, 2)["Mon"] == "Reverse 7x25s"  # a minute more at most
    assert names(plan, 2)["Fri"] == "Reverse 8x25s"
    assert "programme.cap_small" in [reason.rule for reason in plan.weeks[1].reasons]


def test_the_run_around_five_minutes_comes_first_and_last_in_turn() -> None:
    cleared = clearance(longest_bout_s=300.0, days=400)
    plan = build(cleared, Goal.WARM_UP, Calendar(MONDAY, 20), RULES)
    runs = [
        day.session for week in plan.weeks for day in week.days if day.session and "Easy run" in _steps(day.session)
    ]
    assert len(runs) >= 2
    orders = [_steps(session).index("Easy run") < _steps(session).index("Reverse") for session in runs]
    assert orders[:2] == [False, True]


def _steps(session: object) -> list[str]:
    return [step.name for step in session.steps]  # type: ignore[attr-defined]


def test_days_that_do_not_suffice_are_said_and_not_squeezed() -> None:
    plan = build(clearance(), Goal.REVERSE, Calendar(MONDAY, 2, frozenset({5, 6})), RULES)
    assert [list(names(plan, week)) for week in (1, 2)] == [["Sat"], ["Sat"]]
    few = next(reason for reason in plan.weeks[0].reasons if reason.rule == "programme.few_days")
    assert few.inputs == {"planned": 1, "wanted": 3}


def test_events_and_days_away() -> None:
    events = {MONDAY + 12 * DAY: "Park run"}
    away = frozenset(MONDAY + k * DAY for k in range(14, 19))
    plan = build(clearance(), Goal.REVERSE, Calendar(MONDAY, 3, events=events, blackout=away), RULES)
    event = session_on(plan, MONDAY + 12 * DAY)
    assert event is not None
    assert (event.kind, event.note, event.session) == (Kind.EVENT, "Park run", None)
    eve = session_on(plan, MONDAY + 11 * DAY)
    assert eve is not None
    assert eve.session is None
    assert "programme.event" in [reason.rule for reason in plan.weeks[1].reasons]
    assert all(day.session is None and day.workout is None for day in plan.weeks[2].days[:5])


def test_days_away_take_their_toll() -> None:
    def away(days: int) -> str:
        out = frozenset(MONDAY + (21 + k) * DAY for k in range(days))
        plan = build(clearance(), Goal.REVERSE, Calendar(MONDAY, 12, blackout=out), RULES)
        return next(name for week in range(5, 12) for name in names(plan, week).values() if name.startswith("Reverse"))

    assert [away(days) for days in (9, 16, 30)] == ["Reverse 8x25s", "Reverse 8x20s", "Reverse 6x20s"]


def test_hard_work_for_the_calves_is_there_and_never_before_a_reverse_day() -> None:
    for goal in Goal:
        someone = Someone(clearance(), goal, Calendar(MONDAY, 8))
        plan = plan_of(someone)
        assert faults_of_plan(plan, someone) == []
        if goal is not Goal.TRY:
            hard = [sum(1 for d in week.days if d.workout and d.workout.hard_posterior) for week in plan.weeks]
            assert hard[1:] == [2] * 7
            early = [day for day in plan.weeks[0].days[:3] if day.workout and day.workout.hard_posterior]
            assert not early, "calves rest after the very first time"


def test_a_workout_that_is_hard_whatever_its_name_is_kept_away_too() -> None:
    def always_hard(kind: WorkKind) -> Workout | None:
        made = workout(kind, WorkLevel.STRONG)
        return None if made is None else replace(made, hard_posterior=True)

    someone = Someone(clearance(), Goal.REVERSE, Calendar(MONDAY, 4))
    plan = build(someone.clearance, someone.goal, someone.calendar, RULES, workouts=always_hard)
    assert faults_of_plan(plan, someone) == []
    assert any(day.workout for week in plan.weeks for day in week.days)


def test_without_workouts_days_are_free() -> None:
    plan = build(clearance(), Goal.REVERSE, Calendar(MONDAY, 1), RULES, workouts=lambda _: None)
    assert {day.kind for day in plan.weeks[0].days} == {Kind.REVERSE, Kind.BACKWARD_WALK, Kind.REST}


@pytest.mark.parametrize("goal", Goal)
def test_not_now_is_no_programme_and_says_whom_to_see(goal: Goal) -> None:
    plan = build(clearance(Level.NOT_NOW, see="your midwife"), goal, Calendar(MONDAY, 12), RULES)
    assert plan.weeks == ()
    assert "your midwife" in plan.reasons[0].text


def test_one_session_to_try() -> None:
    session = try_one(clearance(), RULES)
    assert session.name == "Reverse 6x20s"
    assert try_one(clearance(start_low=True), RULES).name == "Reverse 4x20s"
    assert try_one(clearance(Level.WALK), RULES).name == "Walk back 5x60s"
    with pytest.raises(UnusableInput, match="your doctor"):
        try_one(clearance(Level.NOT_NOW, see="your doctor"), RULES)
    plan = build(clearance(), Goal.TRY, Calendar(MONDAY, 12), RULES)
    assert len(plan.weeks) == 1
    assert list(names(plan, 1).values()) == ["Reverse 6x20s"]


@pytest.mark.parametrize("weeks", [0, -1, 105])
def test_a_calendar_of_no_weeks_is_refused(weeks: int) -> None:
    with pytest.raises(UnusableInput, match="weeks"):
        build(clearance(), Goal.REVERSE, Calendar(MONDAY, weeks), RULES)


def test_notes_say_who_must_be_there_and_when_to_be_screened_again() -> None:
    plan = build(
        clearance(watchers=(Watcher.SPOTTER, Watcher.MIRROR), days=9), Goal.REVERSE, Calendar(MONDAY, 3), RULES
    )
    notes = [day.note for week in plan.weeks for day in week.days if day.session is not None]
    assert all("a spotter who faces the way you go or a mirror" in note for note in notes)
    assert [note.startswith("Answer the screening again") for note in notes] == [False] * 4 + [True] * 5
    rules = [reason.rule for reason in plan.reasons]
    assert "programme.watched" in rules
    assert "programme.screen_again" in rules


def test_history_counts() -> None:
    before = (past(MONDAY - 10 * DAY), past(MONDAY - DAY))
    plan = build(clearance(), Goal.REVERSE, Calendar(MONDAY, 2), RULES, before)
    assert min(day.date for day in plan.weeks[0].days if day.session) == MONDAY + DAY


def test_outside_the_programme_there_is_no_day() -> None:
    plan = build(clearance(), Goal.REVERSE, Calendar(MONDAY, 1), RULES)
    assert session_on(plan, MONDAY - DAY) is None
    assert session_on(plan, MONDAY + 7 * DAY) is None


# -- the plan and progression are one machine ---------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_good_sessions_follow_the_plan_to_the_letter(seed: int) -> None:
    someone = anybody(random.Random(seed))
    cleared = replace(someone.clearance, valid_until=dt.date(2030, 1, 1))
    plan = build(cleared, someone.goal, someone.calendar, RULES)
    if not plan.weeks:
        return
    state = start(someone.goal, cleared, RULES, began=someone.calendar.start)
    walks = track_of(someone.goal, cleared, RULES) in WALKED
    for day in (day for week in plan.weeks for day in week.days if day.session is not None):
        beside = day.kind is Kind.BACKWARD_WALK and not walks
        if not beside:
            assert next_session(state, None, cleared, RULES, day.date).session == day.session
        entry = LogEntry(day.date, Done.ALL, effort=4, backward_walk=beside)
        state = next_session(state, entry, cleared, RULES, day.date).state


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_the_next_day_is_the_one_the_plan_has(seed: int) -> None:
    someone = anybody(random.Random(seed))
    cleared = replace(someone.clearance, valid_until=dt.date(2030, 1, 1))
    plan = build(cleared, someone.goal, someone.calendar, RULES)
    walks = track_of(someone.goal, cleared, RULES) in WALKED
    days = [day for week in plan.weeks for day in week.days if day.session is not None]
    beside = [day.kind is Kind.BACKWARD_WALK and not walks for day in days]
    state = start(someone.goal, cleared, RULES, began=someone.calendar.start)
    for number, day in enumerate(days):
        entry = LogEntry(day.date, Done.ALL, effort=4, backward_walk=beside[number])
        answer = next_session(state, entry, cleared, RULES, day.date, calendar=someone.calendar)
        state = answer.state
        main = next(
            (later.date for later, walk in zip(days[number + 1 :], beside[number + 1 :], strict=True) if not walk), None
        )
        if main is not None and (main - day.date).days < 50 and someone.goal is not Goal.TRY:
            assert answer.day == main
            again = build(cleared, someone.goal, someone.calendar, RULES, state=state)
            left = [d.date for week in again.weeks for d in week.days if d.session is not None]
            assert left == [d.date for d in days[number + 1 :]]


def test_what_was_done_in_a_week_counts_and_nothing_is_planned_before_today() -> None:
    calendar = Calendar(MONDAY, 2)
    state = start(Goal.REVERSE, clearance(), RULES, began=MONDAY)
    state = next_session(state, LogEntry(MONDAY, Done.ALL, effort=4), clearance(), RULES, MONDAY).state
    plan = build(clearance(), Goal.REVERSE, calendar, RULES, state=state, since=MONDAY + 4 * DAY)
    first = plan.weeks[0].days
    assert (first[0].kind, first[0].session, first[0].note) == (Kind.REVERSE, None, "Done.")
    assert [f"{day.date:%a}" for day in first if day.session is not None] == ["Fri"]
    assert first[4].kind is Kind.REVERSE


def test_where_the_log_moved_a_session_the_log_counts() -> None:
    plan = build(clearance(), Goal.REVERSE, Calendar(MONDAY, 2), RULES)
    state = start(Goal.REVERSE, clearance(), RULES, began=MONDAY)
    answer = next_session(
        state, LogEntry(MONDAY, Done.ALL, effort=9), clearance(), RULES, MONDAY, calendar=plan.calendar
    )
    assert answer.day == MONDAY + 5 * DAY
    saturday = session_on(plan, MONDAY + 5 * DAY, answer)
    assert saturday is not None
    assert saturday.session == answer.session
    walking = session_on(plan, MONDAY + 3 * DAY, answer)
    assert walking is not None
    assert walking == session_on(plan, MONDAY + 3 * DAY), "the walking day stays"
    monday = session_on(plan, MONDAY, answer)
    assert monday is not None
    assert monday.session is None
    stopped = next_session(state, LogEntry(MONDAY, Done.ALL, effort=4, falls=1), clearance(), RULES, MONDAY)
    for day in plan.weeks[0].days:
        told = session_on(plan, day.date, stopped)
        assert told is not None
        assert told.session is None
    assert session_on(plan, MONDAY - DAY, answer) is None
    moved = replace(answer, day=MONDAY + DAY)
    tuesday = session_on(plan, MONDAY + DAY, moved)
    assert tuesday is not None
    assert tuesday.kind is Kind.REVERSE


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_a_plan_goes_on_from_where_the_log_left_off(seed: int) -> None:
    rng = random.Random(seed)
    someone = replace(anybody(rng, weeks=6), clearance=clearance(days=200))
    state, day = start(someone.goal, someone.clearance, RULES, began=MONDAY), MONDAY
    for log in (good, good, bad, good):
        answer = next_session(state, log(day, rng), someone.clearance, RULES, day)
        state, day = answer.state, day + 3 * DAY
    calendar = Calendar(MONDAY + 14 * DAY, 4)
    plan = build(someone.clearance, someone.goal, calendar, RULES, state=state)
    if state.stopped or state.referred:
        assert plan.weeks == ()
        return
    first = next(day for day in plan.weeks[0].days if day.session is not None)
    again = next_session(state, None, someone.clearance, RULES, first.date)
    assert again.session == first.session
    assert plan.weeks[0].number == 3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_good_logs_reach_the_goal_in_bounded_weeks(seed: int) -> None:
    rng = random.Random(seed)
    someone = anybody(rng, tame=True)
    cleared = replace(someone.clearance, valid_until=dt.date(2040, 1, 1))
    if cleared.limits.longest_bout_s < 5:
        return
    state = start(someone.goal, cleared, RULES, began=MONDAY)
    goal, day = last_row(state.track, RULES), MONDAY
    need = 3 if state.track in WALKED else 2
    bound = (goal + 1) * need * 4 / 3 + 4
    while state.row < goal:
        answer = next_session(state, None, cleared, RULES, day, calendar=someone.calendar)
        assert answer.session is not None
        assert answer.day is not None
        state = next_session(state, good(answer.day, rng), cleared, RULES, answer.day).state
        day = answer.day + DAY
        assert (day - MONDAY).days / 7 <= bound

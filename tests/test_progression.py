"""Progression: every red flag stops, pain never raises the dose, bad logs never harm, and every answer says why."""

import datetime as dt
import random
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_people import (
    DAY,
    FLAGS,
    MONDAY,
    PAINS,
    RULES,
    Amount,
    Judge,
    Lived,
    amount,
    any_log,
    anybody,
    bad,
    clearance,
    good,
    live,
    past,
    really_done,
    telling,
    where,
)
from retropace.bout import Bout
from retropace.doses import Track, last_row
from retropace.errors import UnusableInput
from retropace.estimate import Estimate
from retropace.log import Done, LogEntry, Part, Side
from retropace.programme import Calendar, Goal
from retropace.progression import Decision, Next, State, next_session, replay, start, with_summary
from retropace.quantities import Direction, Gait
from retropace.rules.questionnaire import stop_signs
from retropace.screening import Group, Level
from retropace.signs import same_place
from retropace.sources import Grade

WAITS = (0, 0, 0, 1, 3, 9, 17, 33)
seeds = st.integers(0, 10**9)


def lives(seed: int, sessions: int = 12, log: Any = any_log, waits: Any = WAITS) -> list[Lived]:
    rng = random.Random(seed)
    return list(live(anybody(rng), rng, sessions, log, waits))


def rules_of(answer: Next) -> list[str]:
    return [reason.rule for reason in answer.reasons]


# -- what always holds --------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_whatever_somebody_tells_no_session_breaks_a_rule(seed: int) -> None:
    rng = random.Random(seed)
    someone = anybody(rng)
    judge = None
    for lived in live(someone, rng, 15, any_log, WAITS):
        belt = lived.before.track is Track.TREADMILL
        judge = judge or Judge(lived.clearance, treadmill=belt)
        judge.clearance = lived.clearance
        assert lived.asked.session is not None
        challenge = lived.asked.session.name.startswith("Challenge")
        assert judge.broken(lived.entry.day, lived.asked.session, challenge=challenge) == []
        if lived.entry.done is not Done.NOT:
            done = really_done(lived)
            judge.add(lived.entry.day, done.run_s, done.walk_s, challenge=challenge)


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from([*FLAGS, *stop_signs(MONDAY), "never heard of"]), st.booleans())
def test_every_red_flag_stops_until_screened_again(seed: int, flag: str, fell: bool) -> None:
    rng = random.Random(seed)
    for lived in live(anybody(rng), rng, 4, good):
        entry = replace(lived.entry, red_flags=(flag,), falls=int(fell))
        answer = next_session(lived.before, entry, lived.clearance, RULES, entry.day)
        assert answer.decision in (Decision.STOP, Decision.REFER)
        assert (answer.session, answer.day) == (None, None)
        for days in (1, 8, 40):
            later = next_session(
                answer.state, None, replace(lived.clearance, valid_until=dt.date.max), RULES, entry.day + days * DAY
            )
            assert later.session is None
        seen = replace(lived.clearance, screened=entry.day + 9 * DAY, valid_until=entry.day + 90 * DAY)
        again = next_session(answer.state, None, seen, RULES, entry.day + 10 * DAY)
        assert again.session is not None
        assert amount(again.session).within(amount(lived.asked.session))


@settings(max_examples=60, deadline=None)
@given(seeds, st.sampled_from(PAINS), st.floats(0.5, 10))
def test_pain_never_raises_the_dose(seed: int, name: str, more: float) -> None:
    rng = random.Random(seed)
    for lived in live(anybody(rng), rng, 8, any_log, WAITS):
        place = where(rng)
        told = dict(getattr(lived.entry, name))
        worse = telling(lived.entry, **{name: {**told, place: min(10.0, told.get(place, 0.0) + more)}})
        answer = next_session(lived.before, worse, lived.clearance, RULES, worse.day)
        assert amount(answer.session).within(amount(lived.answer.session))


@settings(max_examples=40, deadline=None)
@given(seeds, st.floats(0, 10), st.floats(0, 10))
def test_neither_does_a_sore_morning_or_a_strained_neck(seed: int, sore: float, neck: float) -> None:
    rng = random.Random(seed)
    for lived in live(anybody(rng), rng, 6, any_log, WAITS):
        entry, day = lived.entry, lived.entry.day + 2 * DAY
        plain = next_session(lived.before, entry, lived.clearance, RULES, day)
        morning = next_session(lived.before, entry, lived.clearance, RULES, day, this_morning={where(rng): sore})
        assert amount(morning.session).within(amount(plain.session))
        strained = replace(entry, neck_strain=max(entry.neck_strain or 0, neck))
        assert amount(next_session(lived.before, strained, lived.clearance, RULES, day).session).within(
            amount(plain.session)
        )


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_bad_logs_never_raise_the_dose(seed: int) -> None:
    before: Amount | None = None
    for lived in lives(seed, 12, bad, (0, 0, 1, 9, 17, 33)):
        asked = amount(lived.asked.session)
        assert before is None or asked.within(before)
        assert amount(lived.answer.session).within(asked)
        assert lived.answer.decision is not Decision.ADVANCE
        before = asked


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_every_answer_says_why_with_a_rule_and_a_source(seed: int) -> None:
    for lived in lives(seed):
        answer = lived.answer
        assert answer.reasons
        for reason in answer.reasons:
            assert reason.rule in RULES.by_key
            assert reason.sources
            assert not reason.text[0].islower()
            assert reason.text.endswith(".")
            assert "{" not in reason.text
            assert "!" not in reason.text
        assert len({reason.text for reason in answer.reasons}) == len(answer.reasons)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_same_log_gives_the_same_answer_at_once_or_replayed(seed: int) -> None:
    rng = random.Random(seed)
    someone = anybody(rng)
    cleared = replace(someone.clearance, valid_until=dt.date.max)
    state, day, told = start(someone.goal, cleared, RULES, began=MONDAY), MONDAY, []
    answer = None
    for _ in range(6):
        entry = any_log(day, rng)
        told.append(entry)
        answer = next_session(state, entry, cleared, RULES, day)
        assert answer == next_session(state, entry, cleared, RULES, day)
        state, day = answer.state, day + rng.choice([2, 3, 9]) * DAY
    rng.shuffle(told)
    again = replay(told, someone.goal, [cleared], RULES, max(entry.day for entry in told), began=MONDAY)
    assert again == answer


# -- earning ------------------------------------------------------------------------------------------------------------

WELL = LogEntry(MONDAY, Done.ALL, effort=4)


def answer_to(entry: LogEntry, state: State | None = None, **more: Any) -> Next:
    cleared = more.pop("cleared", clearance())
    goal = more.pop("goal", Goal.REVERSE)
    return next_session(state or start(goal, cleared, RULES, began=MONDAY), entry, cleared, RULES, entry.day, **more)


def test_a_row_is_earned_once_by_two_good_sessions() -> None:
    first = answer_to(WELL)
    assert (first.state.row, first.state.earned, first.decision) == (1, 1, Decision.HOLD)
    second = answer_to(replace(WELL, day=MONDAY + 3 * DAY), first.state)
    assert (second.state.row, second.state.earned, second.decision) == (2, 0, Decision.ADVANCE)
    assert second.reasons[0].rule == "progression.sessions_to_advance"


def test_the_same_entry_cannot_earn_twice() -> None:
    first = answer_to(WELL)
    with pytest.raises(UnusableInput, match="Replay"):
        answer_to(WELL, first.state)
    with pytest.raises(UnusableInput, match="to come"):
        next_session(first.state, replace(WELL, day=MONDAY + 9 * DAY), clearance(), RULES, MONDAY + 8 * DAY)


def test_walking_takes_three_good_sessions() -> None:
    state, cleared = start(Goal.WALK, clearance(), RULES, began=MONDAY), clearance()
    rows = []
    for number in range(6):
        entry = replace(WELL, day=MONDAY + 3 * number * DAY)
        state = next_session(state, entry, cleared, RULES, entry.day).state
        rows.append(state.row)
    assert rows == [1, 1, 2, 2, 2, 3]


@pytest.mark.parametrize(
    ("changed", "decision", "rule"),
    [
        ({"done": Done.PARTLY}, "hold", "partly"),
        ({"effort": None}, "hold", "effort_unknown"),
        ({"effort": 6}, "hold", "earned"),
        ({"effort": 6.5}, "hold", "effort_hold"),
        ({"effort": 8.5}, "cut", "effort_cut"),
        ({"stumbles": 1}, "hold", "stumbles_hold"),
        ({"stumbles": 2}, "cut", "stumbles_cut"),
        ({"falls": 1}, "stop", "fall"),
        ({"neck_strain": 2}, "hold", "earned"),
        ({"neck_strain": 3}, "hold", "neck_hold"),
        ({"neck_strain": 6}, "cut", "neck_cut"),
        ({"sleep_hours": 4}, "hold", "short_sleep"),
        ({"sleep_hours": 7}, "hold", "earned"),
        ({"reverse_s": 60.0}, "hold", "underdone"),
        ({"reverse_s": 200.0}, "hold", "overdone"),
        ({"reverse_s": 120.0}, "hold", "earned"),
        ({"reverse_speed_mps": 2.5}, "hold", "earned"),
        ({"reverse_speed_mps": 2.7}, "hold", "too_fast"),
    ],
)
def test_gates(changed: dict[str, object], decision: str, rule: str) -> None:
    answer = answer_to(telling(WELL, **changed))
    assert answer.decision.value == decision
    assert f"progression.{rule}" in rules_of(answer)


KNEE = (Part.KNEE, Side.LEFT)


@pytest.mark.parametrize(
    ("name", "value", "decision", "rule"),
    [
        ("pain_during", 2, "hold", "earned"),
        ("pain_during", 2.5, "hold", "pain_hold"),
        ("pain_during", 3, "cut", "pain_cut"),
        ("pain_during", 5, "cut", "pain_cut"),
        ("pain_during", 5.5, "stop", "pain_stop"),
        ("pain_hour", 2, "hold", "earned"),
        ("pain_hour", 3, "hold", "pain_hour"),
        ("pain_hour", 6, "stop", "pain_stop"),
        ("pain_morning", 3, "cut", "pain_morning"),
        ("pain_morning", 7, "stop", "pain_stop"),
        ("soreness_24h", 5, "hold", "earned"),
        ("soreness_24h", 6, "hold", "soreness_day"),
        ("soreness_48h", 3, "hold", "earned"),
        ("soreness_48h", 4, "hold", "soreness_hold"),
        ("soreness_48h", 4.5, "cut", "soreness_cut"),
    ],
)
def test_bands_of_pain_and_soreness(name: str, value: float, decision: str, rule: str) -> None:
    answer = answer_to(telling(WELL, **{name: {KNEE: value}}))
    assert answer.decision.value == decision
    assert f"progression.{rule}" in rules_of(answer)
    for reason in answer.reasons:
        if reason.rule == f"progression.{rule}" and rule != "earned":
            assert reason.inputs["part"] == "knee"
            assert reason.inputs["side"] == "left"
            assert reason.inputs["value"] == value


def test_a_knee_in_rehabilitation_has_stricter_bands() -> None:
    cleared = clearance(Level.WALK, Group.REHABILITATION)
    entry = replace(WELL, pain_during={KNEE: 2.5})
    assert answer_to(entry).decision is Decision.HOLD
    strict = answer_to(entry, cleared=cleared, goal=Goal.KNEE)
    assert strict.decision is Decision.CUT
    assert "progression.knee_pain" in rules_of(strict)
    other = replace(WELL, pain_during={(Part.CALF, Side.LEFT): 2.5})
    assert answer_to(other, cleared=cleared, goal=Goal.KNEE).decision is Decision.HOLD


def test_mornings_of_a_knee_in_rehabilitation_must_not_get_worse() -> None:
    cleared = clearance(Level.WALK, Group.REHABILITATION)
    first = answer_to(replace(WELL, pain_morning={KNEE: 1}), cleared=cleared, goal=Goal.KNEE)
    assert "progression.knee_morning" in rules_of(first)
    same = replace(WELL, day=MONDAY + 3 * DAY, pain_morning={KNEE: 1})
    second = answer_to(same, first.state, cleared=cleared)
    assert "progression.knee_morning" not in rules_of(second)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("left", "left", True), ("left", "right", False), ("left", "both", True), ("both", "right", True)],
)
def test_the_same_place_is_the_same_part_on_the_same_side(one: str, other: str, same: bool) -> None:
    assert same_place((Part.CALF, Side(one)), (Part.CALF, Side(other))) is same
    assert not same_place((Part.CALF, Side(one)), (Part.FOOT, Side(other)))


def test_one_side_is_told_from_both() -> None:
    lone = answer_to(replace(WELL, soreness_48h={(Part.CALF, Side.LEFT): 4}))
    assert "progression.one_side" in rules_of(lone)
    two = {(Part.CALF, Side.LEFT): 4.0, (Part.CALF, Side.RIGHT): 4.0}
    for both in ({(Part.CALF, Side.BOTH): 4.0}, two):
        answer = answer_to(replace(WELL, soreness_48h=both))
        assert "progression.one_side" not in rules_of(answer)
        assert answer.decision is lone.decision


def test_a_strained_neck_shortens_each_stretch_until_it_is_calm() -> None:
    state = replace(
        start(Goal.REVERSE, clearance(), RULES, began=MONDAY), row=8, past=(past(MONDAY - 3 * DAY, 360, 45, row=8),)
    )
    strained = answer_to(replace(WELL, neck_strain=4), state)
    assert strained.session is not None
    assert max(s.duration_s for s in strained.session.steps if s.direction is Direction.BACKWARD) <= 20
    calm = answer_to(replace(WELL, day=MONDAY + 4 * DAY, neck_strain=0), strained.state)
    assert calm.session is not None
    assert max(s.duration_s for s in calm.session.steps if s.direction is Direction.BACKWARD) == 45


def test_a_cut_is_a_quarter_less_at_least_but_never_nothing() -> None:
    state = start(Goal.REVERSE, clearance(), RULES, began=MONDAY)
    doses, day = [120.0], MONDAY
    for _ in range(4):
        answer = answer_to(replace(WELL, day=day, effort=9), state)
        state, day = answer.state, day + 4 * DAY
        doses.append(amount(answer.session).run_s)
    assert doses[1] <= 0.75 * doses[0]
    assert doses == sorted(doses, reverse=True)
    assert doses[-1] == 60


def test_the_row_at_the_end_stays_and_says_so() -> None:
    last = last_row(Track.REVERSE, RULES)
    done = (past(MONDAY - 3 * DAY, 600, 60, row=last),)
    state = replace(start(Goal.REVERSE, clearance(), RULES, began=MONDAY), row=last, past=done)
    answer = answer_to(WELL, state)
    assert answer.state.row == last
    assert rules_of(answer)[0] == "progression.goal"


def test_three_troubled_sessions_in_a_row_ask_for_a_physiotherapist() -> None:
    state, day, answer = start(Goal.REVERSE, clearance(), RULES, began=MONDAY), MONDAY, None
    for _ in range(3):
        answer = answer_to(replace(WELL, day=day, effort=7), state)
        state, day = answer.state, day + 3 * DAY
    assert answer is not None
    assert rules_of(answer)[-1] == "progression.again"


def test_a_walking_day_counts_as_rest_rule_and_cap_but_earns_nothing() -> None:
    answer = answer_to(replace(WELL, backward_walk=True))
    assert (answer.state.earned, answer.state.row) == (0, 1)
    assert answer.state.past[-1].gait is Gait.WALK
    assert answer.state.past[-1].reverse_s == 340
    assert answer.day == MONDAY + 3 * DAY
    assert rules_of(answer)[0] == "progression.walk_day"


# -- days ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "row", "earned", "rule"),
    [
        (7, 6, 1, "due"),
        (8, 5, 0, "days_off_repeat"),
        (14, 5, 0, "days_off_repeat"),
        (15, 4, 0, "days_off_back"),
        (28, 4, 0, "days_off_back"),
        (29, 1, 0, "days_off_restart"),
        (90, 1, 0, "days_off_restart"),
    ],
)
def test_days_off(days: int, row: int, earned: int, rule: str) -> None:
    cleared = clearance(days=400)
    done = tuple(past(MONDAY - k * DAY, 270, 30, row=5) for k in (6, 3, 0))
    state = replace(start(Goal.REVERSE, cleared, RULES), row=6, earned=1, past=done)
    today = MONDAY + days * DAY
    answer = next_session(state, None, cleared, RULES, today)
    assert rules_of(answer)[0] == f"progression.{rule}"
    entry = next_session(state, replace(WELL, day=today), cleared, RULES, today).state
    assert (entry.past[-1].row, entry.well) == (row, 1)
    twice = next_session(answer.state, None, cleared, RULES, today)
    assert twice.session == answer.session, "asking again takes nothing more"
    assert earned in (0, 1)


def test_the_day_is_free_in_the_calendar() -> None:
    calendar = Calendar(MONDAY, 12, frozenset({1}), events={MONDAY + 8 * DAY: "Park run"})
    answer = answer_to(WELL, calendar=calendar)
    assert answer.day == MONDAY + 15 * DAY
    never = answer_to(WELL, calendar=Calendar(MONDAY, 12, frozenset()))
    assert (never.session, never.day, rules_of(never)[0]) == (None, None, "progression.no_free_day")


def test_a_sore_morning_waits_a_day_or_asks_for_no_more() -> None:
    calf = (Part.CALF, Side.LEFT)
    state = answer_to(replace(WELL, day=MONDAY + 3 * DAY), answer_to(WELL).state).state
    today = MONDAY + 5 * DAY

    def asked(sore: float) -> Next:
        return next_session(state, None, clearance(), RULES, today, this_morning={calf: sore})

    assert [asked(sore).day for sore in (3, 4, 4.5)] == [today, today, today + DAY]
    names = [session.name for session in (asked(sore).session for sore in (3, 4, 4.5)) if session]
    assert names == ["Reverse 8x20s", "Reverse 6x20s", "Reverse 6x20s"]
    assert "Your left calf is 4 of 10 sore this morning." in asked(4).reasons[1].text


def test_a_clearance_that_changes_changes_the_table() -> None:
    state = replace(start(Goal.REVERSE, clearance(), RULES, began=MONDAY), row=8, past=(past(MONDAY, 360, 45, row=8),))
    walking = clearance(Level.WALK, screened=MONDAY)
    answer = next_session(state, None, walking, RULES, MONDAY + 3 * DAY)
    assert rules_of(answer)[0] == "progression.other_track"
    assert answer.session is not None
    assert amount(answer.session).run_s == 0
    assert amount(answer.session).walk_s <= 360


def test_a_screening_that_runs_out_is_asked_for() -> None:
    cleared = clearance(days=5)
    soon = next_session(
        start(Goal.REVERSE, cleared, RULES), WELL, cleared, RULES, MONDAY, calendar=Calendar(MONDAY, 9, frozenset({0}))
    )
    assert rules_of(soon)[-1] == "progression.screen_soon"
    late = next_session(soon.state, None, cleared, RULES, MONDAY + 4 * DAY)
    assert (late.session, rules_of(late)) == (None, ["progression.screen_again"])


def test_not_now_refers() -> None:
    cleared = clearance(Level.NOT_NOW, see="your midwife")
    answer = next_session(start(Goal.REVERSE, cleared, RULES), None, cleared, RULES, MONDAY)
    assert answer.decision is Decision.REFER
    assert "your midwife" in answer.reasons[0].text


def test_a_place_too_short_leaves_no_session_and_says_so() -> None:
    cleared = clearance(longest_bout_s=2.0)
    answer = next_session(start(Goal.REVERSE, cleared, RULES), None, cleared, RULES, MONDAY)
    assert (answer.session, rules_of(answer)) == (None, ["programme.cap_refused"])


def test_training_while_stopped_earns_nothing() -> None:
    stopped = answer_to(replace(WELL, falls=1))
    later = answer_to(replace(WELL, day=MONDAY + 4 * DAY), stopped.state)
    assert later.decision is Decision.STOP
    assert later.state.earned == 0
    assert later.state.stopped


# -- replaying and measuring --------------------------------------------------------------------------------------------


def test_replay_uses_the_clearance_of_each_day() -> None:
    walking, running = clearance(Level.WALK), clearance(screened=MONDAY + 20 * DAY)
    entries = [replace(WELL, day=MONDAY + 3 * k * DAY) for k in range(7)]
    answer = replay(entries, Goal.REVERSE, [running, walking], RULES, MONDAY + 21 * DAY, began=MONDAY)
    assert answer.session is not None
    assert {one.gait for one in answer.state.past} == {Gait.WALK}
    assert answer.session.name == "Reverse 6x20s", "walking backward earned no row of running"
    assert replay([], Goal.REVERSE, [running], RULES, MONDAY + 21 * DAY).session is not None


def test_replay_corrects_what_was_told_before() -> None:
    entries = [WELL, replace(WELL, day=MONDAY + 3 * DAY)]
    told = replay(entries, Goal.REVERSE, [clearance()], RULES, MONDAY + 5 * DAY)
    mended = replay([replace(WELL, effort=9), entries[1]], Goal.REVERSE, [clearance()], RULES, MONDAY + 5 * DAY)
    assert told.state.row == 2
    assert mended.state.row == 0


def bout(direction: Direction, gait: Gait, seconds: float, speed: float | None) -> SimpleNamespace:
    metrics = {}
    if speed is not None:
        metrics["speed_mps"] = Estimate.exact(speed, Grade.MEASURED, "device")
    return SimpleNamespace(bout=Bout(0, seconds, gait, direction, 0.9, ("lap",)), metrics=metrics)


def summary(*bouts: SimpleNamespace) -> Any:
    return SimpleNamespace(bouts=bouts)


def test_what_was_measured_beats_what_was_told() -> None:
    told = replace(WELL, reverse_s=300, reverse_longest_s=60, reverse_speed_mps=3.0)
    seen = summary(
        bout(Direction.FORWARD, Gait.RUN, 600, 3.0),
        bout(Direction.BACKWARD, Gait.WALK, 40, 1.0),
        bout(Direction.BACKWARD, Gait.RUN, 20, 1.6),
        bout(Direction.BACKWARD, Gait.RUN, 40, 1.9),
        bout(Direction.BACKWARD, Gait.RUN, 10, None),
    )
    entry = with_summary(told, seen)
    assert (entry.reverse_s, entry.reverse_longest_s, entry.measured) == (70, 40, True)
    assert entry.reverse_speed_mps == pytest.approx(1.8)
    walked = with_summary(told, summary(bout(Direction.BACKWARD, Gait.WALK, 40, None)))
    assert (walked.reverse_s, walked.reverse_speed_mps) == (40, 3.0)
    assert with_summary(told, summary(bout(Direction.FORWARD, Gait.RUN, 600, 3.0))) == told


def test_a_part_of_a_session_of_unknown_length_is_not_guessed() -> None:
    answer = answer_to(replace(WELL, done=Done.PARTLY))
    assert answer.state.past[-1].reverse_s is None
    assert answer.state.past[-1].longest_bout_s is None

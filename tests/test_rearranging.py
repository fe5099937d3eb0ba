"""Rearranging: no cap is broken by any wish, leaving out never adds, what cannot be is refused with the reason."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_people import DAY, MONDAY, RULES, Someone, anybody, clearance, faults_of_plan, good
from retropace.doses import Goal
from retropace.errors import UnusableInput
from retropace.findings import Level
from retropace.programme import Calendar, Kind, Programme, build
from retropace.progression import next_session, replay, start
from retropace.rearranging import exchanged, moved, require_there, restored, skipped
from retropace.standing import State

seeds = st.integers(0, 10**9)


def at(number: int) -> dt.date:
    return MONDAY + number * DAY


class Planning:
    """A plan that is rearranged, as pages and commands do it: the wish is kept only where it can be."""

    def __init__(self, someone: Someone, state: State | None = None, today: dt.date | None = None) -> None:
        self.someone = someone
        self.state = state or start(someone.goal, someone.clearance, RULES, began=someone.calendar.start)
        self.today = today or someone.calendar.start

    @property
    def calendar(self) -> Calendar:
        return self.someone.calendar

    def plan(self, calendar: Calendar | None = None) -> Programme:
        who = self.someone
        return build(who.clearance, who.goal, calendar or who.calendar, RULES, state=self.state, since=self.today)

    def backward(self) -> list[dt.date]:
        return [day.date for week in self.plan().weeks for day in week.days if day.session is not None]

    def move(self, day: dt.date, to: dt.date) -> None:
        made = moved(self.calendar, self.plan(), self.state, day, to, self.today, RULES)
        require_there(self.plan(made), to, self.today)
        self.someone = replace(self.someone, calendar=made)

    def skip(self, day: dt.date) -> None:
        self.someone = replace(self.someone, calendar=skipped(self.calendar, self.plan(), day, self.today))

    def exchange(self, day: dt.date, other: dt.date) -> None:
        made = exchanged(self.calendar, self.plan(), day, other, self.today, RULES)
        self.someone = replace(self.someone, calendar=made)

    def restore(self, day: dt.date) -> None:
        self.someone = replace(self.someone, calendar=restored(self.calendar, day))


def any_wish(planning: Planning, rng: random.Random) -> bool:
    """One wish at random; whether it could be."""
    days = planning.backward()
    somewhere = planning.calendar.start + rng.randrange(7 * planning.calendar.weeks) * DAY
    day = rng.choice(days) if days and rng.random() < 0.9 else somewhere
    near = day + rng.randrange(-3, 8) * DAY
    wishes: list[Callable[[], None]] = [
        lambda: planning.move(day, near),
        lambda: planning.move(day, near),
        lambda: planning.skip(day),
        lambda: planning.exchange(day, rng.choice(days) if days else near),
        lambda: planning.restore(day),
    ]
    refused: UnusableInput | None = None
    try:
        rng.choice(wishes)()
    except UnusableInput as error:
        refused = error
    assert refused is None or (refused.remedy and "{" not in str(refused))
    return refused is None


# -- whatever is wished -------------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_no_wishes_break_a_rule(seed: int) -> None:
    rng = random.Random(seed)
    planning = Planning(anybody(rng))
    for _ in range(6):
        any_wish(planning, rng)
    assert faults_of_plan(planning.plan(), planning.someone) == []


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_wishes_nobody_checked_break_no_rule_either(seed: int) -> None:
    """A calendar comes from a file, or its wishes are older than what the log says now."""
    rng = random.Random(seed)
    someone = anybody(rng)
    days = [someone.calendar.start + k * DAY for k in range(7 * someone.calendar.weeks)]
    wild = replace(
        someone.calendar,
        moved={rng.choice(days): rng.choice(days) for _ in range(rng.randrange(8))},
        skipped=frozenset(rng.choice(days) for _ in range(rng.randrange(4))),
    )
    someone = replace(someone, calendar=wild)
    assert faults_of_plan(Planning(someone).plan(), someone) == []


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_leaving_out_never_adds(seed: int) -> None:
    rng = random.Random(seed)
    planning = Planning(anybody(rng))
    for _ in range(rng.randrange(3)):
        any_wish(planning, rng)
    days = planning.backward()
    if not days:
        return
    before, day = planning.plan(), rng.choice(days)
    planning.skip(day)
    after = planning.plan()
    assert sum(week.reverse_s for week in after.weeks) <= sum(week.reverse_s for week in before.weeks)
    for was, now in zip(before.weeks, after.weeks, strict=True):
        if was.days[0].date <= day <= was.days[-1].date:
            assert now.reverse_s < was.reverse_s
            assert sum(d.session is not None for d in now.days) < sum(d.session is not None for d in was.days)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_move_puts_the_session_where_it_was_wished_and_nowhere_else(seed: int) -> None:
    rng = random.Random(seed)
    planning = Planning(anybody(rng))
    days = planning.backward()
    if not days:
        return
    day = rng.choice(days)
    to = day + rng.randrange(-3, 8) * DAY
    try:
        planning.move(day, to)
    except UnusableInput:
        return
    assert to in planning.backward()
    assert day not in planning.backward()
    assert len(planning.backward()) <= len(days)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_move_there_and_back_is_none(seed: int) -> None:
    rng = random.Random(seed)
    planning = Planning(anybody(rng))
    days = planning.backward()
    if not days:
        return
    before, day = planning.calendar, rng.choice(days)
    to = day + rng.randrange(1, 7) * DAY
    try:
        planning.move(day, to)
    except UnusableInput:
        return
    planning.restore(to)
    assert planning.calendar == before


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_plan_of_the_next_mornings_is_the_one_that_was_told(seed: int) -> None:
    """Days pass, sessions go well: what was wished stays as it was said, and the next session is the plan's."""
    rng = random.Random(seed)
    planning = Planning(anybody(rng, weeks=3, tame=True))
    for _ in range(3):
        any_wish(planning, rng)
    promised = planning.plan()
    state, calendar = planning.state, planning.calendar
    for day in [d for week in promised.weeks for d in week.days]:
        who = planning.someone
        asked = next_session(state, None, who.clearance, RULES, day.date, calendar=calendar)
        again = build(who.clearance, who.goal, calendar, RULES, state=state, since=day.date)
        today = next(d for week in again.weeks for d in week.days if d.date == day.date)
        assert (today.kind, today.session) == (day.kind, day.session)
        if day.session is None:
            continue
        walk = day.kind is Kind.BACKWARD_WALK and state.track.value not in ("walk", "treadmill")
        if not walk:
            assert asked.day == day.date
        entry = replace(good(day.date), backward_walk=walk)
        state = next_session(state, entry, who.clearance, RULES, day.date, calendar=calendar).state


# -- one wish at a time -------------------------------------------------------------------------------------------------


def healthy(**changed: object) -> Planning:
    return Planning(Someone(clearance(days=200), Goal.REVERSE, Calendar(MONDAY, 8, **changed)))  # type: ignore[arg-type]


def test_what_comes_after_moves_on() -> None:
    planning = healthy()
    assert planning.backward()[:6] == [at(k) for k in (0, 3, 5, 7, 9, 11)]
    planning.move(at(3), at(4))
    assert planning.backward()[:3] == [at(0), at(4), at(6)]
    assert planning.calendar.moved == {at(3): at(4)}


def test_a_session_that_was_pushed_can_be_moved_by_where_it_stands() -> None:
    planning = healthy()
    planning.move(at(3), at(4))
    planning.move(at(6), at(9))
    assert planning.calendar.moved == {at(3): at(4), at(5): at(9)}
    assert planning.backward()[:5] == [at(0), at(4), at(7), at(9), at(11)]


def test_leaving_out_changes_no_other_day() -> None:
    planning = healthy()
    planning.move(at(3), at(4))
    planning.skip(at(4))
    assert planning.backward()[:3] == [at(0), at(6), at(8)]
    planning.skip(at(6))
    assert planning.backward()[:3] == [at(0), at(7), at(9)]
    for day, there in ((4, (0, 4, 7)), (5, (0, 4, 6)), (4, (0, 3, 5))):
        planning.restore(at(day))
        assert planning.backward()[:3] == [at(k) for k in there]


def test_into_the_next_week_is_one_less_here_and_not_one_more_there() -> None:
    planning = healthy()
    planning.move(at(5), at(8))
    weeks = planning.plan().weeks
    assert [sum(day.session is not None for day in week.days) for week in weeks[:3]] == [2, 3, 3]
    assert at(8) in planning.backward()
    assert not [reason for reason in weeks[0].reasons if reason.rule == "programme.few_days"]


def test_a_weekday_that_is_none_of_theirs_may_be_chosen_once() -> None:
    planning = healthy(weekdays=frozenset({0, 2, 4}))
    planning.move(at(9), at(10))
    assert planning.backward()[:6] == [at(k) for k in (0, 4, 7, 10, 14, 16)]


def test_two_days_change_places() -> None:
    planning = healthy()
    planning.exchange(at(7), at(9))
    kinds = [day.kind for week in planning.plan().weeks[1:2] for day in week.days if day.session is not None]
    assert kinds == [Kind.BACKWARD_WALK, Kind.REVERSE, Kind.REVERSE]
    planning.exchange(at(7), at(9))
    assert planning.calendar.moved == {}


@pytest.mark.parametrize(
    ("day", "to", "words"),
    [
        (3, 1, "too soon after the session before. Nothing backward before Thursday 26 November"),
        (3, 5, "There is a session on Saturday already"),
        (3, 3, "It is there already"),
        (3, -1, "is over"),
        (4, 5, "There is no session on Friday"),
        (3, 16, "stays in its week or goes into the next"),
        (7, 6, "stays in its week or goes into the next"),
        (3, 400, "does not reach"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(day: int, to: int, words: str) -> None:
    with pytest.raises(UnusableInput, match=words):
        healthy().move(at(day), at(to))


def test_away_and_events_come_before_a_wish() -> None:
    planning = healthy(blackout=frozenset({at(4)}), events={at(10): "Park run"})
    with pytest.raises(UnusableInput, match="You are away on Friday"):
        planning.move(at(3), at(4))
    for to in (9, 10):
        with pytest.raises(UnusableInput, match="Nothing backward on Park run or the day before"):
            planning.move(planning.backward()[3], at(to))


def test_done_and_gone_days_cannot_be_moved() -> None:
    someone = healthy().someone
    state = replay(
        [good(MONDAY)], Goal.REVERSE, [someone.clearance], RULES, at(2), began=MONDAY, calendar=someone.calendar
    ).state
    planning = Planning(someone, state, at(2))
    with pytest.raises(UnusableInput, match="over"):
        planning.move(at(0), at(4))
    with pytest.raises(UnusableInput, match="Nothing was changed"):
        planning.restore(at(4))


def test_only_unlike_days_of_one_week_change_places() -> None:
    planning = healthy()
    with pytest.raises(UnusableInput, match="one kind"):
        planning.exchange(at(0), at(5))
    with pytest.raises(UnusableInput, match="one week"):
        planning.exchange(at(3), at(7))


def test_where_nothing_is_planned_nothing_moves() -> None:
    nobody = Planning(Someone(clearance(Level.NOT_NOW, see="a doctor"), Goal.REVERSE, Calendar(MONDAY, 4)))
    with pytest.raises(UnusableInput, match="Nothing is planned"):
        nobody.move(at(0), at(1))


def test_a_wish_whose_day_was_missed_is_forgotten() -> None:
    """Thursday went to Friday, and Friday nothing was done: the week is laid out from today as if nobody had wished."""
    someone = healthy().someone
    someone = replace(someone, calendar=replace(someone.calendar, moved={at(3): at(4)}))
    plain = replace(someone, calendar=replace(someone.calendar, moved={}))
    assert Planning(someone, today=at(5)).backward() == Planning(plain, today=at(5)).backward()

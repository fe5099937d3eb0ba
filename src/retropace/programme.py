"""Programme: weeks of days from clearance, goal and calendar; caps come last and no goal switches them off.

A programme is what progression would do if every session went well: the same state machine, run ahead of time. So the plan
and the next session never contradict each other.
"""

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from retropace.caps import Past, capped, present_run
from retropace.doses import KMH_MPS, WALKED, Goal, Track, entry, rows, track_of
from retropace.errors import UnusableInput
from retropace.exercises import WorkKind, Workout
from retropace.findings import Level, told
from retropace.homework import GENTLE, Workouts, Woven, homework, made
from retropace.place import Watcher
from retropace.prescription import core_of, prescription
from retropace.progression import Next
from retropace.quantities import Direction, Gait
from retropace.rules import Reason, Rules
from retropace.saying import day_words, set_words, watcher_words
from retropace.screening import Clearance
from retropace.session import Session
from retropace.standing import (
    Prescribed,
    State,
    afresh,
    after_good,
    as_planned,
    name_of,
    prescribed,
    prescribed_walk,
    remembered,
    standing_on,
    start,
)
from retropace.timetable import MOST_WEEKS, Calendar, eve_of
from retropace.weekdays import layout

__all__ = ["Calendar", "Day", "Goal", "Kind", "Programme", "Week", "build", "session_on", "try_one"]

_DAY = dt.timedelta(days=1)
#: So many weeks before a plan that goes on have their home workouts woven again: hard days depend on those before.
_WOVEN_AGAIN = 4
#: Reasons that a week repeats though an earlier one gave them: what its sessions are.
_SAID_EACH_WEEK = frozenset({f"programme.{track}_total_s" for track in Track} | {"programme.deload_weeks"})


class Kind(enum.StrEnum):
    """What a day holds."""

    REVERSE = "reverse"
    CHALLENGE = "challenge"
    BACKWARD_WALK = "backward_walk"
    STRENGTH = "strength"
    EASY = "easy"
    REST = "rest"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `session` for the days that move backward, `workout` for home exercises (both may be there).

    `meant` is the day the session was planned on, where a wish or the rest between sessions moved it here.
    """

    date: dt.date
    kind: Kind
    session: Session | None = None
    workout: Workout | None = None
    note: str = ""
    meant: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """One week. `row` is the row of the dose table, `deload` a lighter week."""

    number: int
    row: int
    deload: bool
    days: tuple[Day, ...]
    reasons: tuple[Reason, ...]

    @property
    def reverse_s(self) -> float:
        """Planned seconds backward, running and walking."""
        steps = [step for day in self.days if day.session for step in day.session.steps]
        return sum(step.duration_s for step in steps if step.direction == Direction.BACKWARD)


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme: what was asked, what is allowed, and the weeks that follow from both.

    Of a programme that goes on, `weeks` are those to come, and `calendar` still the whole of it.
    """

    goal: Goal
    clearance: Clearance
    calendar: Calendar
    weeks: tuple[Week, ...]
    reasons: tuple[Reason, ...]

    @property
    def first_day(self) -> dt.date:
        """The first day of its weeks."""
        return self.weeks[0].days[0].date if self.weeks and self.weeks[0].days else self.calendar.start


def build(
    clearance: Clearance,
    goal: Goal,
    calendar: Calendar,
    rules: Rules,
    history: Sequence[Past] = (),
    *,
    state: State | None = None,
    since: dt.date | None = None,
    workouts: Workouts = GENTLE,
) -> Programme:
    """The weeks of `calendar` for somebody with this clearance and goal, as they go if every session goes well.

    `history` are backward sessions of before, for the caps. With `state`, where the log left them (see `progression`), the
    plan goes on from there with the week numbers it had; what was done in a week counts. Nothing is planned before `since`
    (today), nor before what was told last. `workouts` makes the home workouts. No weeks follow where the clearance refuses.
    Raises UnusableInput for a calendar of no weeks, or of too many.
    """
    if not 1 <= calendar.weeks <= MOST_WEEKS:
        remedy = f"Ask for 1 to {MOST_WEEKS}."
        raise UnusableInput(f"A programme of {calendar.weeks} weeks", field="weeks", remedy=remedy)
    before = tuple(sorted(history, key=lambda past: past.day))
    stands = state or replace(start(goal, clearance, rules, began=calendar.start), past=before)
    if stands.track is not track_of(goal, clearance, rules):
        stands = afresh(stands, calendar.start, clearance, rules)
    refused = _refused(stands, clearance, rules)
    if refused is not None:
        return Programme(goal, clearance, calendar, (), (refused,))
    planned, after = [], stands
    plan = _Plan(goal, clearance, calendar, rules, stands.began or calendar.start, _begin(stands, calendar, since))
    for number in range(1 if goal is Goal.TRY else calendar.weeks):
        week, after = _plan_week(after, calendar.start + 7 * number * _DAY, plan)
        planned.append(week)
    weeks = _weeks(planned, stands, plan, workouts)
    return Programme(goal, clearance, calendar, weeks, tuple(_reasons(stands, weeks, goal, clearance, rules)))


def _begin(state: State, calendar: Calendar, since: dt.date | None) -> dt.date:
    """The first day that may still be planned."""
    told_last = calendar.start if state.logged is None else state.logged + _DAY
    return max(calendar.start, told_last, since or calendar.start)


def session_on(programme: Programme, day: dt.date, following: Next | None = None) -> Day | None:
    """The day of the programme, None where it lies outside.

    With `following`, the answer of progression, the log counts: its session stands on its own day and on no other, and
    where nothing may be done nothing goes backward. A walking day beside a running track stays as planned otherwise.
    """
    planned = next((d for week in programme.weeks for d in week.days if d.date == day), None)
    if planned is None or following is None:
        return planned
    if following.day == day and following.session is not None:
        kind = planned.kind if planned.session is not None else _kind_of(following.session)
        return replace(planned, kind=kind, session=following.session)
    beside = planned.kind is Kind.BACKWARD_WALK and following.state.track not in WALKED
    if planned.session is None or (beside and following.session is not None):
        return planned
    return replace(planned, kind=Kind.REST if planned.workout is None else Kind.STRENGTH, session=None)


def _kind_of(session: Session) -> Kind:
    return Kind.REVERSE if core_of(session.steps).gait is Gait.RUN else Kind.BACKWARD_WALK


def try_one(clearance: Clearance, rules: Rules) -> Session:
    """Just one session, to try it: the first row, warm-up and cool-down around it, all caps applied.

    Raises UnusableInput where the clearance or the place leaves nothing to try.
    """
    track = track_of(Goal.TRY, clearance, rules)
    main = rows(track, rules)[entry(track, clearance, rules).row]
    left = capped(prescription(main, rules), rules.on, (), clearance, rules)
    if left.session is None:
        remedy = left.cuts[0].text if left.cuts else None
        raise UnusableInput("There is nothing to try backward yet", field="clearance", remedy=remedy)
    return replace(left.session, name=name_of(core_of(left.session.steps)))


# -- one week -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was asked for."""

    goal: Goal
    clearance: Clearance
    calendar: Calendar
    rules: Rules
    began: dt.date
    since: dt.date


@dataclass(frozen=True, slots=True)
class _PlannedWeek:
    """A week before the home workouts: its backward days and the reasons so far."""

    start: dt.date
    number: int
    row: int
    sessions: tuple[tuple[Kind, Prescribed], ...]
    reasons: tuple[Reason, ...]
    meant: Mapping[dt.date, dt.date]


def _plan_week(state: State, monday: dt.date, plan: _Plan) -> tuple[_PlannedWeek, State]:
    """The backward days of the week that begins on `monday` (whatever weekday that is), and the state after them."""
    week = layout(state, monday, plan.calendar, plan.rules, plan.since)
    sessions: list[tuple[Kind, Prescribed]] = []
    reasons: list[Reason] = []
    row: int | None = None
    for slot in week.slots:
        state, change = standing_on(state, slot.day, plan.clearance, plan.rules)
        asked = (prescribed_walk if slot.walk else prescribed)(state, slot.day, plan.clearance, plan.rules)
        if change is not None:
            reasons.append(told(plan.rules, change.rule, main=asked.words, days=change.days))
        if asked.session is None:
            reasons += asked.cuts
            continue
        row = asked.row if row is None and not slot.walk else row
        reasons += [*([] if slot.walk else [_reason(asked, state, plan.rules)]), *asked.cuts]
        sessions.append((_kind(asked), asked))
        past = as_planned(asked, state.track, row=None if slot.walk else asked.row)
        state = remembered(state, past) if slot.walk else after_good(state, asked, past, plan.rules)
    if any(slot.walk for slot in week.slots) and len(sessions) > 1:
        reasons.append(told(plan.rules, "programme.walk_day_s"))
    planned = len(week.done) + len(sessions)
    if planned < week.wanted:
        reasons.append(told(plan.rules, "programme.few_days", planned=planned, wanted=week.wanted))
    reasons += _events(monday, plan)
    number = (monday - plan.began).days // 7 + 1
    once = {(reason.rule, reason.text): reason for reason in reasons}
    meant = {slot.day: slot.meant for slot in week.slots if slot.meant != slot.day}
    reached = state.row if row is None else row
    return _PlannedWeek(monday, number, reached, tuple(sessions), tuple(once.values()), meant), state


def _kind(asked: Prescribed) -> Kind:
    if asked.challenge:
        return Kind.CHALLENGE
    return Kind.REVERSE if asked.gait is Gait.RUN else Kind.BACKWARD_WALK


def _reason(asked: Prescribed, state: State, rules: Rules) -> Reason:
    """Why this session: its row, a lighter week, a challenge."""
    if asked.deload:
        return told(rules, "programme.deload_weeks", main=asked.words)
    if asked.challenge:
        return told(rules, "programme.challenge_row", main=asked.words)
    if asked.main.run_s > 0:
        return told(rules, "programme.warm_up_run_s")
    return told(
        rules, f"programme.{state.track}_total_s", row=asked.row, main=asked.words, kmh=asked.main.speed_mps / KMH_MPS
    )


def _events(monday: dt.date, plan: _Plan) -> list[Reason]:
    """A reason for each event that keeps days of this week free."""
    near = (eve_of(plan.calendar, monday + k * _DAY, plan.rules) for k in range(7))
    return [told(plan.rules, "programme.event", name=name) for name in dict.fromkeys(near) if name is not None]


# -- the days around ----------------------------------------------------------------------------------------------------


def _weeks(planned: Sequence[_PlannedWeek], stands: State, plan: _Plan, workouts: Workouts) -> tuple[Week, ...]:
    """The planned weeks with their home workouts, easy and free days."""
    coming = {asked.day: asked.gait is Gait.RUN for week in planned for _, asked in week.sessions}
    first = min(coming, default=plan.calendar.start)
    begun = next((past.day for past in present_run(stands.past, first, plan.rules)), first)
    rest = int(plan.rules.numbers("programme.cap_rest_days")[1])
    done = {past.day: past for past in stands.past}
    backward = {day: past.gait is Gait.RUN for day, past in done.items()} | coming
    woven = Woven(backward, plan.calendar, plan.rules, made(workouts), {begun + k * _DAY for k in range(rest)})
    last_hard = _last_hard(planned[0].start, plan.began, woven)
    weeks: list[Week] = []
    said: set[str] = set()
    for week in planned:
        dates = [week.start + k * _DAY for k in range(7)]
        kinds = homework(dates, last_hard, woven, number=week.number)
        hard = [day for day, kind in kinds.items() if woven.workouts[kind].hard_posterior]
        last_hard = max(hard, default=last_hard)
        sessions = {asked.day: (kind, asked) for kind, asked in week.sessions}
        found = (_day(day, sessions.get(day), kinds.get(day), woven, plan.clearance, done) for day in dates)
        days = tuple(replace(day, meant=week.meant.get(day.date)) if day.session else day for day in found)
        deload = any(asked.deload for _, asked in week.sessions)
        reasons = tuple(why for why in week.reasons if why.text not in said) or week.reasons
        said.update(why.text for why in week.reasons if why.rule not in _SAID_EACH_WEEK)
        weeks.append(Week(week.number, week.row, deload, days, reasons))
    return tuple(weeks)


def _last_hard(start: dt.date, began: dt.date, woven: Woven) -> dt.date | None:
    """The latest hard day before a plan that goes on, woven as it was then, so that days do not shift from week to week."""
    last: dt.date | None = None
    for week in range(_WOVEN_AGAIN, 0, -1):
        monday = start - 7 * week * _DAY
        if monday >= began:
            dates = [monday + k * _DAY for k in range(7)]
            kinds = homework(dates, last, woven, number=(monday - began).days // 7 + 1)
            last = max((day for day, kind in kinds.items() if woven.workouts[kind].hard_posterior), default=last)
    return last


def _day(
    date: dt.date,
    planned: tuple[Kind, Prescribed] | None,
    kind: WorkKind | None,
    woven: Woven,
    clearance: Clearance,
    done: Mapping[dt.date, Past],
) -> Day:
    events, work = woven.calendar.events, None if kind is None else woven.workouts[kind]
    if date in events:
        return Day(date, Kind.EVENT, note=events[date])
    if date in done:
        return Day(
            date, Kind.REVERSE if done[date].gait is Gait.RUN else Kind.BACKWARD_WALK, workout=work, note="Done."
        )
    if planned is not None:
        holds, asked = planned
        return Day(date, holds, asked.session, work, _note(date, clearance))
    if kind in (WorkKind.BALANCE, WorkKind.MOBILITY):
        return Day(date, Kind.EASY, workout=work, note="An easy walk or run forward, 20 to 30 minutes.")
    if work is not None:
        return Day(date, Kind.STRENGTH, workout=work)
    return Day(date, Kind.REST, note="Away" if date in woven.calendar.blackout else "")


def _note(date: dt.date, clearance: Clearance) -> str:
    """Who must be there, how fast at most, and whether the screening still holds."""
    limits = clearance.limits
    alone = Watcher.NOBODY in limits.watchers or not limits.watchers
    parts = (
        "Answer the screening again first." if date >= clearance.valid_until else "",
        "" if alone else f"Only with {watcher_words(limits.watchers)}.",
    )
    return " ".join(part for part in parts if part)


# -- why ----------------------------------------------------------------------------------------------------------------


def _refused(state: State, clearance: Clearance, rules: Rules) -> Reason | None:
    """Why there is no programme now, or None."""
    if clearance.level is Level.NOT_NOW:
        return told(rules, "programme.not_now", see=clearance.see or "a doctor")
    if state.referred:
        return told(rules, "progression.still_referred")
    if state.stopped:
        return told(rules, "progression.still_stopped", rest="")
    return None


def _reasons(state: State, weeks: Sequence[Week], goal: Goal, clearance: Clearance, rules: Rules) -> list[Reason]:
    """Why the programme is as it is: where it begins, what it walks instead, who watches, how often, until when."""
    limits, walks = clearance.limits, state.track in WALKED
    found = [_beginning(state, clearance, rules)]
    if goal is Goal.TREADMILL and limits.treadmill_kmh is None:
        found.append(told(rules, "programme.ground_instead"))
    elif walks and goal not in (Goal.WALK, Goal.KNEE, Goal.TREADMILL):
        found.append(told(rules, "programme.walk_only"))
    if limits.watchers and Watcher.NOBODY not in limits.watchers:
        found.append(told(rules, "programme.watched", who=watcher_words(limits.watchers)))
    if goal is not Goal.TRY:
        beside = any(day.kind is Kind.BACKWARD_WALK for week in weeks for day in week.days)
        names = ["days_walk_goal"] if walks else ["days_reverse", *(["days_walk"] if beside else [])]
        found += [told(rules, f"programme.{name}") for name in names]
    if any(day.workout is not None and day.workout.hard_posterior for week in weeks for day in week.days):
        found.append(told(rules, "programme.strength_days"))
    if any(day.session is not None and day.date >= clearance.valid_until for week in weeks for day in week.days):
        found.append(told(rules, "programme.screen_again", until=day_words(clearance.valid_until)))
    return found


def _beginning(state: State, clearance: Clearance, rules: Rules) -> Reason:
    """Where the programme begins: the entry for somebody new, else where the last sessions left them."""
    first = rows(state.track, rules)[min(state.row, len(rows(state.track, rules)) - 1)]
    words = set_words(first)
    if any(past.row is not None for past in state.past):
        return told(rules, "progression.due", main=words)
    return told(rules, entry(state.track, clearance, rules).rule, main=words)

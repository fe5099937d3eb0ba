"""Situation: where one person stands today, worked out anew from what their store keeps."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from retropace.cues import Cue
from retropace.errors import NotBegun
from retropace.exercises import level, workout
from retropace.findings import Level
from retropace.guide import Guide, guide
from retropace.homework import Workouts
from retropace.programme import Day, Kind, Programme, Week, build, session_on
from retropace.progression import Next, replay
from retropace.rules import Rules, rules_on
from retropace.screening import Answers, Clearance, screen
from retropace.session import Session
from retropace.store import Screened, Told, Wanted
from retropace.timetable import Calendar


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is asked, what they want, what the log has led to (`following`), and the programme as it goes on from there.

    `neck_strain` is as it was last told, 0 where it never was.
    """

    today: dt.date
    rules: Rules
    screened: Screened
    clearance: Clearance
    wanted: Wanted
    following: Next
    programme: Programme
    neck_strain: float


def situation(store: Told, today: dt.date, *, supposing: Wanted | None = None) -> Situation:
    """Where the person of `store` stands on `today`, or would stand if they wanted what `supposing` says.

    Raises NotBegun where screening or goal is missing.
    """
    rules = rules_on(today)
    screenings = _screened(store)
    clearances = [screen(s.answers, s.place, rules_on(s.answers.day)) for s in screenings]
    _require_cleared(clearances[-1])
    wanted = supposing or store.wanted()
    if wanted is None:
        raise NotBegun("You have not said what you want yet", remedy="For example: ./run plan --goal reverse")
    told = [entry for entry in store.log() if entry.day <= today]
    following = replay(
        told, wanted.goal, clearances, rules, today, began=wanted.calendar.start, calendar=wanted.calendar
    )
    programme = build(
        clearances[-1],
        wanted.goal,
        _from_now_on(wanted.calendar, today),
        rules,
        state=following.state,
        since=today,
        workouts=workouts_for(screenings[-1].answers, rules),
    )
    programme = replace(programme, calendar=wanted.calendar)  # the whole of it: a calendar file knows its entries by it
    strain = next((entry.neck_strain for entry in reversed(told) if entry.neck_strain is not None), 0.0)
    return Situation(today, rules, screenings[-1], clearances[-1], wanted, following, programme, strain)


def workouts_for(answers: Answers, rules: Rules) -> Workouts:
    """Home workouts at the level of the person's home tests."""
    return partial(workout, level=level(answers.tests, answers.age_years, rules))


def _screened(store: Told) -> Sequence[Screened]:
    screenings = store.screenings()
    if not screenings:
        raise NotBegun("You have not been screened yet", remedy="Start with: ./run screen")
    return screenings


def _require_cleared(clearance: Clearance) -> None:
    if clearance.level is Level.NOT_NOW:
        remedy = f"See {clearance.see}. Then answer again: ./run screen --again"
        raise NotBegun("Your screening says: not now", remedy=remedy)


def _from_now_on(calendar: Calendar, today: dt.date) -> Calendar:
    """The calendar from this week on; its last week once it is over."""
    gone = max(0, (today - calendar.start).days // 7)
    past = min(gone, calendar.weeks - 1)
    return replace(calendar, start=calendar.start + dt.timedelta(days=7 * past), weeks=calendar.weeks - past)


def cues_of(here: Situation, session: Session) -> tuple[Cue, ...]:
    """What is said in `session` at the person's own place, with who looks out there and the neck as it was last told."""
    return guide_of(here, session).cues


def guide_of(here: Situation, session: Session) -> Guide:
    """`session` made ready for a live coach at the person's own place, with the neck as it was last told."""
    return guide(
        session,
        here.clearance.limits,
        here.screened.place,
        here.rules,
        week=_week_number(here),
        neck_strain=here.neck_strain,
    )


def _week_number(here: Situation) -> int:
    return next((week.number for week in here.programme.weeks if session_in(week, here.today)), 1)


def session_in(week: Week, day: dt.date) -> bool:
    """Whether `day` lies in `week`."""
    return any(planned.date == day for planned in week.days)


def day_of(here: Situation) -> Day:
    """Today by the programme; where the log moved the next session here or away from here, the log's word counts."""
    return session_on(here.programme, here.today, here.following) or Day(here.today, Kind.REST)

"""Home: the seven days of work at home with figures and timers, and every exercise there is."""

import datetime as dt
from dataclasses import dataclass

from starlette.responses import Response

from retropace.errors import UnusableInput
from retropace.exercises import EXERCISES, exercises, level_reason, minutes
from retropace.programme import Day, Week
from retropace.rules import rules_on
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.plan import words
from retropace.web.plan.workouts import change_s, level_why, level_words, short_name, shown
from retropace.web.visit import Visit, day_from

#: Exercises may be ticked off so many days late.
_LATE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the seven days: what there is to do at home, and how much of it is done."""

    date: dt.date
    what: str
    done: int
    count: int

    @property
    def finished(self) -> bool:
        """Whether there was something, and all of it is done."""
        return 0 < self.count <= self.done


def home(visit: Visit) -> Response:
    """The seven days, and the workout of one of them."""
    here, done = visit.situation, visit.notebook.exercises_done()
    asked = visit.asked("day")
    date = day_from(asked, "day") if asked else visit.today
    week = _week(here.programme.weeks, date, visit.today)
    day = None if week is None else next((d for d in week.days if d.date == date), week.days[0])
    answers = here.screened.answers
    level, reason = level_reason(answers.tests, answers.age_years, here.rules)
    work = None if day is None else day.workout
    ticked = done.get(day.date, frozenset()) if day is not None else frozenset()
    known = exercises()
    return page(
        visit,
        "home.html",
        tab="plan",
        day=day,
        date="" if day is None else words.date_words(day.date),
        tabs=[] if week is None else [_tab(each, done.get(each.date, frozenset())) for each in week.days],
        work=work,
        items=[
            shown(known[item.exercise], item.dose, done=item.exercise in ticked)
            for item in (work.items if work else ())
        ],
        about="" if work is None else say("about {count} min", count=f"{minutes(work, here.rules):.0f}"),
        spares=_spares(day),
        level=level_words(level),
        reason=reason,
        why=level_why(level, reason, here.rules) if visit.may_see("screening") else "",
        change_s=change_s(here.rules),
        may_tick=visit.own and day is not None and _may_tick(day.date, visit.today),
        words=words,
    )


def _week(weeks: tuple[Week, ...], date: dt.date, today: dt.date) -> Week | None:
    """The week of `date`, else the first that is not over."""
    found = next((week for week in weeks if week.days[0].date <= date <= week.days[-1].date), None)
    return found or next((week for week in weeks if week.days[-1].date >= today), None)


def _tab(day: Day, ticked: frozenset[str]) -> Tab:
    work = day.workout
    if work is None:
        return Tab(day.date, say("Free"), 0, 0)
    return Tab(day.date, short_name(work), sum(item.exercise in ticked for item in work.items), len(work.items))


def _spares(day: Day | None) -> str:
    """What the workout leaves alone, or how it goes with the session of its day."""
    if day is None or day.workout is None:
        return ""
    if day.session is not None:
        return say("After the session of this day, or hours before it.")
    return "" if day.workout.hard_posterior else say("It spares calves, back of the thigh and buttocks.")


def every(visit: Visit) -> Response:
    """Every exercise there is."""
    found = [shown(exercise, None, size=140) for exercise in EXERCISES]
    harder = rules_on(visit.today).rule("exercises.harder")
    return page(visit, "exercises.html", tab="plan", exercises=found, harder=harder)


def tick(visit: Visit) -> Response:
    """Keep that an exercise was done on a day, or that it was not."""
    day, exercise = visit.day("day"), visit.text("exercise", 60)
    if day is None or not _may_tick(day, visit.today):
        raise UnusableInput(say("This day cannot be ticked off"), remedy=say("Choose one of the last two weeks."))
    if exercise not in exercises():
        raise UnusableInput(say("There is no such exercise"), remedy=say("See all exercises."))
    visit.notebook.keep_exercise_done(day, exercise, done=visit.yes_no("done") is not False)
    return see_other(visit, f"/home?day={day}#{exercise}")


def _may_tick(day: dt.date, today: dt.date) -> bool:
    return 0 <= (today - day).days <= _LATE_DAYS


DOORS: tuple[Door, ...] = (
    Door("/home", home, shares="plan"),
    Door("/home/exercises", every, shares="plan"),
    Door("/home/done", tick, ("POST",)),
)

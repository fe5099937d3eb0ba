"""Today: the next session in one sentence and one picture, why it is so, and what this day holds besides."""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from retropace.doses import Goal
from retropace.exercises import exercises, minutes
from retropace.findings import told
from retropace.followup import Asking, OpenQuestion, open_questions
from retropace.plan_words import day_name
from retropace.programme import Day, Kind
from retropace.progression import Decision
from retropace.quantities import elapsed
from retropace.rearranging import Wish, wish_on
from retropace.rules import Reason
from retropace.screening import due
from retropace.situation import Situation, day_of
from retropace.views.folded import thumbnail_hatch
from retropace.views.pose import figure_svg
from retropace.web.doors import Door
from retropace.web.frame import page
from retropace.web.language import say, say_count
from retropace.web.plan import words
from retropace.web.plan.before import before_you_start
from retropace.web.plan.days import HATCH, Diary, WeekShown, diary, this_week
from retropace.web.plan.pictures import picture
from retropace.web.plan.why import as_shared, why_session
from retropace.web.plan.words import date_words, dose_words, need_words, weekday
from retropace.web.visit import Visit

#: So many days before it runs out a screening is spoken of.
_SOON_DAYS = 14
_DAY = dt.timedelta(days=1)


class At(enum.StrEnum):
    """What kind of day it is."""

    SESSION = "session"
    DONE = "done"
    TRIED = "tried"
    STRENGTH = "strength"
    EASY = "easy"
    REST = "rest"
    EVENT = "event"
    BEFORE = "before"
    OVER = "over"
    SCREEN = "screen"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class AtHome:
    """The home workout of the day: its first exercise that is not done, how many are, and about how long it takes."""

    name: str
    figure: str
    exercise: str
    dose: str
    others: int
    done: int
    count: int
    about: str
    spares: str


def today(visit: Visit) -> Response:
    """The page of this day, whatever kind of day it is."""
    known = diary(visit)
    here, day = known.here, day_of(known.here)
    at = kind_of_day(known, day)
    session = day.session if at is At.SESSION else None
    coming = _coming(here)
    system = visit.settings.system
    return page(
        visit,
        "today.html",
        tab="today",
        at=at,
        over=_over(visit, here, at),
        heading=_heading(visit, at, known, day),
        day=day,
        picture=None if session is None else picture(session, here.rules, system),
        before=() if session is None else before_you_start(here, session, system),
        why=_why(visit, here, day, at),
        coming=coming,
        coming_day="" if coming is None else day_name(coming.date, here.today),
        preview=_preview(here, coming, at, visit),
        week=this_week(known),
        home=at_home(known, day),
        questions=open_questions(visit.notebook, visit.today, known.recorded) if visit.own else (),
        question_words=question_words,
        notice=_notice(here, visit) if visit.own and at not in (At.SCREEN, At.STOPPED) else (),
        hatch=thumbnail_hatch(HATCH),
        week_words=week_words,
        words=words,
    )


def kind_of_day(known: Diary, day: Day) -> At:
    """What this day is, the most important first."""
    here = known.here
    following, calendar = here.following, known.calendar
    if following.decision in (Decision.STOP, Decision.REFER) and following.session is None:
        again = following.reasons and following.reasons[0].rule == "progression.screen_again"
        return At.SCREEN if again else At.STOPPED
    if here.today in known.done:
        return At.TRIED if here.wanted.goal is Goal.TRY else At.DONE
    if here.wanted.goal is Goal.TRY and any(date >= calendar.start for date in known.done):
        return At.TRIED
    if here.today < calendar.start:
        return At.BEFORE
    if here.today >= calendar.start + 7 * calendar.weeks * _DAY:
        return At.OVER
    if day.session is not None:
        return At.SESSION
    return {Kind.EVENT: At.EVENT, Kind.STRENGTH: At.STRENGTH, Kind.EASY: At.EASY}.get(day.kind, At.REST)


# -- words --------------------------------------------------------------------------------------------------------------


def _over(visit: Visit, here: Situation, at: At) -> str:
    """The date, and which week of how many it is."""
    date = date_words(visit.today)
    calendar = here.wanted.calendar
    number = (here.today - calendar.start).days // 7 + 1
    if at in (At.BEFORE, At.OVER) or here.wanted.goal is Goal.TRY:
        return date
    return say("{date} · week {number} of {weeks}", date=date, number=number, weeks=calendar.weeks)


def _heading(visit: Visit, at: At, known: Diary, day: Day) -> tuple[str, str]:
    """The one sentence of the day, and what goes with it."""
    if at is At.DONE:
        return say("Done for today."), _done_words(visit, known)
    if at is At.BEFORE:
        first = date_words(known.calendar.start)
        return say("You begin on {day}.", day=first), say("Until then: walk, sleep, and pace out your straight.")
    if at is At.EVENT:
        lead = say("Nothing backward today, so that your legs are yours.")
        return say("{event} today.", event=day.note or say("Your event")), lead
    return {
        At.SESSION: ("", ""),
        At.TRIED: (say("You have tried it."), say("If you liked it, it can grow from here, week by week.")),
        At.STRENGTH: (
            say("Strength at home today."),
            _left_out(known) or say("Nothing backward. This is what carries the next session."),
        ),
        At.EASY: (say("An easy day."), day.note),
        At.REST: (say("Rest today."), _rest_words(known, day)),
        At.OVER: (say("Your weeks are done."), _weeks_done(known)),
        At.SCREEN: (say("Answer the questions again first."), ""),
        At.STOPPED: (
            say("See somebody first.") if known.here.following.decision is Decision.REFER else say("Stop for now."),
            "",
        ),
    }[at]


def _rest_words(known: Diary, day: Day) -> str:
    if day.date in known.calendar.blackout:
        return say("You are away. The plan waits, and takes the days off into account.")
    return _left_out(known) or say("Legs grow on days like this one.")


def _left_out(known: Diary) -> str:
    """That the person left out the session of today, where they did."""
    wish = wish_on(known.calendar, known.today)
    if wish is None or wish[0] is not Wish.LEFT_OUT:
        return ""
    return say("You left today's session out. Nothing is added elsewhere.")


def _done_words(visit: Visit, known: Diary) -> str:
    done = known.done[known.today]
    if done.reverse_s is None:
        return say("How long it was backward nobody measured.")
    told_s = say("{time} backward.", time=elapsed(done.reverse_s))
    if done.effort is None or not visit.may_see("log"):
        return told_s
    return told_s + " " + say("Effort {effort} of 10.", effort=f"{done.effort:g}")


def _weeks_done(known: Diary) -> str:
    minutes_done = sum(day.reverse_s or 0.0 for day in known.done.values())
    sessions = say_count("{count} session", "{count} sessions", len(known.done))
    return say(
        "{sessions}, {time} backward in all. You can plan on from here.", sessions=sessions, time=elapsed(minutes_done)
    )


def _why(visit: Visit, here: Situation, day: Day, at: At) -> Sequence[Reason]:
    """Why this session, or why none."""
    if at is At.SESSION:
        return why_session(visit, here, day)
    return as_shared(visit, here.following.reasons) if here.following.session is None else ()


def _coming(here: Situation) -> Day | None:
    """The next day with a session after today."""
    days = (day for week in here.programme.weeks for day in week.days)
    return next((day for day in days if day.session is not None and day.date > here.today), None)


def _preview(here: Situation, coming: Day | None, at: At, visit: Visit) -> object:
    if coming is None or coming.session is None or at in (At.SESSION, At.OVER, At.STOPPED, At.SCREEN):
        return None
    return picture(coming.session, here.rules, visit.settings.system, "n")


def week_words(week: WeekShown) -> str:
    """How much of the week's minutes backward is done."""
    return say("{done} of {planned} backward", done=week.done, planned=week.planned)


def question_words(question: OpenQuestion, today_is: dt.date) -> tuple[str, str, str]:
    """An open question: what is asked, how long it takes, and where."""
    day = _day_of(question.day, today_is)
    if question.kind is Asking.MORNING:
        where = f"/log/morning?day={question.day}"
        return (
            say("How are your legs after {day}?", day=day),
            say("Ten seconds. It decides how much comes next."),
            where,
        )
    if question.kind is Asking.TWO_DAYS:
        where = f"/log/morning?day={question.day}"
        return say("How sore are you after {day}?", day=day), say("It comes late. Ten seconds."), where
    return say("How was {day}?", day=day), say("Half a minute. The plan goes on from it."), f"/log/{question.day}"


def _day_of(day: dt.date, today_is: dt.date) -> str:
    if day == today_is:
        return say("today")
    if day == today_is - _DAY:
        return say("yesterday")
    return weekday(day) if (today_is - day).days < 7 else date_words(day)


# -- notice and home ----------------------------------------------------------------------------------------------------


def _notice(here: Situation, visit: Visit) -> Sequence[Reason]:
    """Why the screening should be answered again, now or soon."""
    now = due(here.clearance, here.today, visit.notebook.log())
    until = here.clearance.valid_until
    if now or (until - here.today).days > _SOON_DAYS:
        return now
    return (told(here.rules, "programme.screen_again", until=date_words(until)),)


def at_home(known: Diary, day: Day) -> AtHome | None:
    """The home workout of the day; None where it has none."""
    work = day.workout
    if work is None:
        return None
    done = known.exercises.get(day.date, frozenset())
    open_items = [item for item in work.items if item.exercise not in done]
    first = (open_items or work.items)[0]
    exercise = exercises()[first.exercise]
    needs = need_words(exercise.needs) if exercise.needs else ""
    return AtHome(
        work.name,
        figure_svg(exercise, size=96),
        exercise.name,
        ", ".join(filter(None, (dose_words(first.dose), needs))),
        max(0, len(open_items) - 1),
        len(work.items) - len(open_items),
        len(work.items),
        say("about {count} min", count=f"{minutes(work, known.here.rules):.0f}"),
        "" if work.hard_posterior else say("Your calves rest today."),
    )


DOORS: tuple[Door, ...] = (Door("/", today, shares="plan"),)

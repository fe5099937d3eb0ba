"""Plan, one day: its session in steps, why it is so, its exercises, and what can be changed."""

import datetime as dt
from dataclasses import dataclass

from starlette.responses import Response

from retropace.errors import RetropaceError
from retropace.plan_words import day_name
from retropace.programme import Day, Kind
from retropace.quantities import elapsed
from retropace.rearranging import Wish
from retropace.saying import sentence
from retropace.views.folded import thumbnail_hatch
from retropace.views.planned import planned_svg
from retropace.web.doors import Door
from retropace.web.frame import page
from retropace.web.language import say
from retropace.web.pages.today import at_home
from retropace.web.plan import words
from retropace.web.plan.before import before_you_start
from retropace.web.plan.choices import choices
from retropace.web.plan.days import HATCH, DayShown, Diary, State, day_shown, diary
from retropace.web.plan.pictures import picture
from retropace.web.plan.steps import step_lines
from retropace.web.plan.why import why_session
from retropace.web.visit import Visit, day_from


@dataclass(frozen=True, slots=True)
class DayPage:
    """What the page of one day says first: its name, what it holds, and what was wished for it."""

    title: str
    lead: str
    wish: str


def day(visit: Visit) -> Response:
    """One day: its session in steps, why it is so, its exercises, and what can be changed."""
    return day_page(visit, day_from(visit.path("day"), "day"))


def day_page(visit: Visit, date: dt.date, error: RetropaceError | None = None) -> Response:
    """The page of one day, with the sentence on why something could not be changed."""
    known = diary(visit)
    shown, here = day_shown(known, date), known.here
    session, system = shown.planned, visit.settings.system
    ahead = date >= visit.today and shown.done is None
    return page(
        visit,
        "plan_day.html",
        status=200 if error is None else 422,
        tab="plan",
        error=error,
        over=words.date_words(date),
        told=_told(shown, known),
        shown=shown,
        picture=None if session is None else picture(session, here.rules, system),
        lines=() if session is None or shown.done is not None else step_lines(session, system),
        recorded=_recorded(shown),
        before=before_you_start(here, session, system) if session is not None and ahead else (),
        why=why_session(visit, here, shown.day) if session is not None and ahead and shown.day is not None else (),
        home=at_home(known, shown.day) if shown.day is not None and date >= visit.today else None,
        choices=choices(visit, known, shown) if visit.own and ahead else None,
        is_today=date == visit.today,
        yesterday=date - dt.timedelta(days=1),
        tomorrow=date + dt.timedelta(days=1),
        hatch=thumbnail_hatch(HATCH),
        words=words,
    )


def _recorded(shown: DayShown) -> tuple[str, ...]:
    """What was done as it was recorded, for a phone and for a large screen; nothing where no recording tells."""
    drawn = shown.drawn
    if drawn is None:
        return ()
    label = say("What was done, as it was recorded.")
    sizes = ((350.0, 140.0), (608.0, 150.0))
    return tuple(planned_svg(drawn, label=label, width=w, height=h, name=f"done{w:.0f}") for w, h in sizes)


def _told(shown: DayShown, known: Diary) -> DayPage:
    return DayPage(_title(shown, known), _lead(shown), _wish(shown, known.today))


def _title(shown: DayShown, known: Diary) -> str:
    if shown.planned is not None and shown.done is None:
        return ""  # the session's own sentence
    if shown.done is not None:
        return say("Part of it done.") if shown.state is State.PARTLY else say("Done.")
    if shown.date in known.calendar.events:
        return known.calendar.events[shown.date]
    return _what(shown.day) if shown.day is not None else say("Nothing was planned.")


def _what(day: Day) -> str:
    return {
        Kind.STRENGTH: say("Strength at home."),
        Kind.EASY: say("An easy day."),
        Kind.EVENT: day.note,
    }.get(day.kind, say("A day of rest."))


def _lead(shown: DayShown) -> str:
    done = shown.done
    if done is not None:
        if done.reverse_s is None:
            return say("How long it was backward nobody measured.")
        return say("{time} backward.", time=elapsed(done.reverse_s))
    if shown.state is State.NOT_DONE:
        return say("This session was not done. There is nothing to catch up.")
    if shown.day is not None and shown.planned is None and shown.day.kind is not Kind.EVENT:
        return shown.day.note
    return ""


def _wish(shown: DayShown, today: dt.date) -> str:
    """What the person wished for this day."""
    if shown.wish is None or shown.done is not None:
        return ""
    wish, other = shown.wish
    if wish is Wish.LEFT_OUT:
        return say("You left out the session of this day.")
    name = sentence(day_name(other, today))
    return say("Moved here from {day}.", day=name) if wish is Wish.MOVED_HERE else say("Moved to {day}.", day=name)


DOORS: tuple[Door, ...] = (Door("/plan/{day}", day, shares="plan"),)

"""Plan, changed: a session moved, exchanged or left out. What follows is said first, then it is done, with a way back."""

import datetime as dt
from dataclasses import dataclass, replace

from starlette.responses import Response

from retropace.errors import UnusableInput
from retropace.plan_words import day_name, owned
from retropace.replan import Change, Changed, Doing, changed
from retropace.situation import Situation
from retropace.views.folded import thumbnail_hatch
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.pages.plan_day import day_page
from retropace.web.plan import words
from retropace.web.plan.days import HATCH, Diary, WeekShown, diary, weeks_to_come
from retropace.web.visit import Visit, day_from


@dataclass(frozen=True, slots=True)
class Asked:
    """One change in words: what is asked, what to press, what is said when it is done."""

    asks: str
    does: str
    said: str


def ask(visit: Visit) -> Response:
    """What a change would lead to, before it is made; the day again with the reason where it cannot be."""
    date = day_from(visit.path("day"), "day")
    try:
        change = _change(date, visit.asked("do"), visit.asked("to"))
        found = changed(visit.notebook, visit.situation, change)
    except UnusableInput as error:
        return day_page(visit, date, error)
    return page(
        visit,
        "plan_change.html",
        tab="plan",
        over=words.date_words(date),
        change=change,
        asked=_words(visit.situation, change),
        follows=found.follows,
        strips=_strips(diary(visit), found),
        hatch=thumbnail_hatch(HATCH),
        words=words,
    )


def make(visit: Visit) -> Response:
    """Make the change; it can be taken back."""
    date = day_from(visit.path("day"), "day")
    try:
        change = _change(date, visit.text("do", 20), visit.text("to", 20))
        found = changed(visit.notebook, visit.situation, change)
    except UnusableInput as error:
        return day_page(visit, date, error)
    visit.notebook.keep_wanted(found.wanted)
    return see_other(visit, "/plan?changed=1", _words(visit.situation, change).said)


def undo(visit: Visit) -> Response:
    """Bring back the plan as it was before the latest change."""
    if visit.notebook.undo_wanted():
        return see_other(visit, "/plan", say("It is as it was before."))
    return see_other(visit, "/plan", say("There is nothing left to take back."))


# -- what it would be ---------------------------------------------------------------------------------------------------


def _change(date: dt.date, doing: str, to: str) -> Change:
    """The change that is asked for. Raises UnusableInput where it is none."""
    if doing not in list(Doing):
        raise UnusableInput(say("Choose what to change"), remedy=say("Move it, exchange it or leave it out."))
    other = day_from(to, "to") if doing in (Doing.MOVE, Doing.SWAP) else date
    return Change(Doing(doing), date, other)


def _words(here: Situation, change: Change) -> Asked:
    days = {day.date: day for week in here.programme.weeks for day in week.days}
    session = owned(change.day, days[change.day].kind, here.today) if change.day in days else ""
    there = day_name(change.to, here.today)
    return {
        Doing.MOVE: Asked(
            say("{session} to {day}?", session=session, day=there),
            say("Move it"),
            say("Moved to {day}.", day=there),
        ),
        Doing.SWAP: Asked(
            say("Change places with {day}?", day=there), say("Change places"), say("They have changed places.")
        ),
        Doing.SKIP: Asked(say("{session}: leave it out?", session=session), say("Leave it out"), say("Left out.")),
        Doing.RESTORE: Asked(say("As it was planned?"), say("Put it back"), say("It is as it was planned.")),
    }[change.doing]


def _strips(known: Diary, found: Changed) -> list[tuple[WeekShown, WeekShown]]:
    """The weeks that look different, as they are and as they would be."""
    then = replace(known, here=found.after, calendar=found.wanted.calendar)
    pairs = zip(weeks_to_come(known), weeks_to_come(then), strict=False)
    return [(was, now) for was, now in pairs if _look(was) != _look(now)][:3]


def _look(week: WeekShown) -> list[tuple[object, ...]]:
    return [(day.planned, day.what) for day in week.days]


DOORS: tuple[Door, ...] = (
    Door("/plan/undo", undo, ("POST",)),
    Door("/plan/{day}/change", ask),
    Door("/plan/{day}/change", make, ("POST",)),
)

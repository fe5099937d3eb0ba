"""Plan, changed: a session moved, exchanged or left out. What follows is said first, then it is done, with a way back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.responses import Response

from retropace.consequences import Consequence, Wished, consequences
from retropace.errors import UnusableInput
from retropace.plan_words import day_name, owned
from retropace.rearranging import exchanged, moved, require_there, restored, skipped
from retropace.situation import Situation, situation
from retropace.store import Wanted
from retropace.timetable import Calendar
from retropace.views.folded import thumbnail_hatch
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.pages.plan_day import day_page
from retropace.web.plan import words
from retropace.web.plan.days import HATCH, Diary, WeekShown, diary, weeks_to_come
from retropace.web.visit import Visit, day_from

_DOINGS = ("move", "swap", "skip", "restore")


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it would be: what is asked, what to press, what follows, and the plan it leads to."""

    asks: str
    does: str
    said: str
    wanted: Wanted
    after: Situation
    follows: tuple[Consequence, ...]


def ask(visit: Visit) -> Response:
    """What a change would lead to, before it is made; the day again with the reason where it cannot be."""
    date = day_from(visit.path("day"), "day")
    try:
        change = _change(visit, date, visit.asked("do"), visit.asked("to"))
    except UnusableInput as error:
        return day_page(visit, date, error)
    known = diary(visit)
    return page(
        visit,
        "plan_change.html",
        tab="plan",
        over=words.date_words(date),
        date=date,
        change=change,
        doing=visit.asked("do"),
        to=visit.asked("to"),
        strips=_strips(known, change),
        hatch=thumbnail_hatch(HATCH),
        words=words,
    )


def make(visit: Visit) -> Response:
    """Make the change; it can be taken back."""
    date = day_from(visit.path("day"), "day")
    try:
        change = _change(visit, date, visit.text("do", 20), visit.text("to", 20))
    except UnusableInput as error:
        return day_page(visit, date, error)
    visit.notebook.keep_wanted(change.wanted)
    return see_other(visit, "/plan?changed=1", change.said)


def undo(visit: Visit) -> Response:
    """Bring back the plan as it was before the latest change."""
    if visit.notebook.undo_wanted():
        return see_other(visit, "/plan", say("It is as it was before."))
    return see_other(visit, "/plan", say("There is nothing left to take back."))


# -- what it would be ---------------------------------------------------------------------------------------------------


def _change(visit: Visit, date: dt.date, doing: str, to: str) -> Change:
    """The change that is asked for. Raises UnusableInput where it cannot be, with the reason."""
    if doing not in _DOINGS:
        raise UnusableInput(say("Choose what to change"), remedy=say("Move it, exchange it or leave it out."))
    here = visit.situation
    target = day_from(to, "to") if doing in ("move", "swap") else date
    made = _CALENDARS[doing](here, date, target)
    wanted = replace(here.wanted, calendar=made)
    after = situation(visit.notebook, visit.today, supposing=wanted)
    wished = Wished()
    if doing == "move":
        require_there(after.programme, target, visit.today)
        wished = Wished({date: target})
    elif doing == "swap":
        wished = Wished({date: target, target: date})
    elif doing == "skip":
        wished = Wished(left_out=date)
    follows = consequences(here.programme, after.programme, wished, visit.today, here.rules)
    return Change(*_words(here, doing, date, target), wanted, after, follows)


def _moved(here: Situation, date: dt.date, to: dt.date) -> Calendar:
    state = here.following.state
    return moved(here.wanted.calendar, here.programme, state, date, to, here.today, here.rules)


def _exchanged(here: Situation, date: dt.date, to: dt.date) -> Calendar:
    return exchanged(here.wanted.calendar, here.programme, date, to, here.today, here.rules)


def _skipped(here: Situation, date: dt.date, _: dt.date) -> Calendar:
    return skipped(here.wanted.calendar, here.programme, date, here.today)


def _restored(here: Situation, date: dt.date, _: dt.date) -> Calendar:
    return restored(here.wanted.calendar, date)


_CALENDARS: dict[str, Callable[[Situation, dt.date, dt.date], Calendar]] = {
    "move": _moved,
    "swap": _exchanged,
    "skip": _skipped,
    "restore": _restored,
}


def _words(here: Situation, doing: str, date: dt.date, to: dt.date) -> tuple[str, str, str]:
    """What is asked, what to press, and what is said when it is done."""
    days = {day.date: day for week in here.programme.weeks for day in week.days}
    session = owned(date, days[date].kind, here.today) if date in days else ""
    there = day_name(to, here.today)
    return {
        "move": (
            say("{session} to {day}?", session=session, day=there),
            say("Move it"),
            say("Moved to {day}.", day=there),
        ),
        "swap": (say("Change places with {day}?", day=there), say("Change places"), say("They have changed places.")),
        "skip": (say("{session}: leave it out?", session=session), say("Leave it out"), say("Left out.")),
        "restore": (say("As it was planned?"), say("Put it back"), say("It is as it was planned.")),
    }[doing]


def _strips(known: Diary, change: Change) -> list[tuple[WeekShown, WeekShown]]:
    """The weeks that look different, as they are and as they would be."""
    then = replace(known, here=change.after, calendar=change.wanted.calendar)
    pairs = zip(weeks_to_come(known), weeks_to_come(then), strict=False)
    return [(was, now) for was, now in pairs if _look(was) != _look(now)][:3]


def _look(week: WeekShown) -> list[tuple[object, ...]]:
    return [(day.planned, day.what) for day in week.days]


DOORS: tuple[Door, ...] = (
    Door("/plan/undo", undo, ("POST",)),
    Door("/plan/{day}/change", ask),
    Door("/plan/{day}/change", make, ("POST",)),
)

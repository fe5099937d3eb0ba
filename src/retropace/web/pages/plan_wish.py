"""Plan, another wish: goal, days, weeks, days away and events on one form; what follows is said before it is kept."""

import datetime as dt
from collections.abc import Mapping

from starlette.responses import Response

from retropace.consequences import of_another_plan
from retropace.doses import Goal
from retropace.saying import day_words
from retropace.situation import situation
from retropace.store import Wanted
from retropace.web.days import weekdays
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.pages.welcome_goal import (
    calendar_rows,
    calendar_told,
    goal_words,
    next_monday,
    rows_shown,
)
from retropace.web.pages.welcome_typed import Typed
from retropace.web.visit import Visit

_CHOICES_OF_WEEKS = (4, 8, 12, 16, 24)
#: Fields of the form that are not part of the wish.
_OWN = frozenset({"csrf", "keep", "back"})


def wish(visit: Visit) -> Response:
    """The form, filled with what is wanted now."""
    return _form(visit, visit.situation.wanted, Typed(visit))


def change(visit: Visit) -> Response:
    """What the form would lead to; kept where that was seen and agreed to."""
    before, typed = visit.situation.wanted, Typed(visit)
    wanted = _told(typed, before)
    if typed.troubles or visit.text("back", 10):
        return _form(visit, wanted, typed, typed_again=True)
    if visit.text("keep", 10):
        if wanted != visit.notebook.wanted():
            visit.notebook.keep_wanted(wanted)
        return see_other(visit, "/plan?changed=1", say("Your plan has changed."))
    after = situation(visit.notebook, visit.today, supposing=wanted)
    return page(
        visit,
        "plan_wish_follows.html",
        tab="plan",
        goal=goal_words(wanted.goal)[0],
        same=wanted == before,
        follows=of_another_plan(visit.situation.programme, after.programme, visit.today),
        fields=[(name, value) for name, value in _fields(visit).items() if name not in _OWN],
    )


def _told(typed: Typed, before: Wanted) -> Wanted:
    goal = typed.choice("goal", list(Goal), before.goal)
    calendar = calendar_told(typed, before.calendar)
    return Wanted(before.goal if goal is None else Goal(goal), calendar)


def _fields(visit: Visit) -> Mapping[str, list[str]]:
    """Every field of the form with its values."""
    found: dict[str, list[str]] = {}
    for name, value in visit.form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


def _form(visit: Visit, wanted: Wanted, typed: Typed, *, typed_again: bool = False) -> Response:
    """The form; what was typed stands in it where it comes back."""
    calendar, known = wanted.calendar, visit.situation.wanted.calendar
    over = visit.today >= known.start + dt.timedelta(days=7 * known.weeks)
    form = {name: values[0] for name, values in _fields(visit).items()} if typed_again else {}
    ticked = {int(text) for text in visit.texts("weekday") if text in tuple("0123456")}
    return page(
        visit,
        "plan_wish.html",
        status=422 if typed.troubles else 200,
        tab="plan",
        goals=[(goal.value, *goal_words(goal)) for goal in _goals(wanted)],
        goal=form.get("goal", wanted.goal.value),
        weekdays=list(zip(range(7), weekdays(), strict=True)),
        ticked=ticked if typed_again else calendar.weekdays,
        weeks=sorted({*_CHOICES_OF_WEEKS, calendar.weeks}),
        calendar=calendar,
        may_begin=over or visit.today < known.start,
        over=over,
        start=form.get("start") or ("today" if over else "kept"),
        monday=next_monday(visit.today),
        values=form or calendar_rows(calendar),
        rows=rows_shown(calendar),
        troubles=typed.troubles,
        day_words=day_words,
    )


def _goals(wanted: Wanted) -> list[Goal]:
    return [goal for goal in Goal if goal is not Goal.TRY or wanted.goal is Goal.TRY]


DOORS: tuple[Door, ...] = (Door("/plan/change", wish), Door("/plan/change", change, ("POST",)))

"""Rearranging: single sessions of a plan moved, exchanged or left out. Rest and every other cap come before the wish.

Each function gives the calendar with one more wish in it, or refuses with the rule that forbids it. What else changes is
told by `consequences`.
"""

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import replace

from retropace.caps import Past, earliest
from retropace.errors import UnusableInput
from retropace.findings import told
from retropace.plan_words import day_name
from retropace.programme import Day, Kind, Programme, Week
from retropace.rules import Rules
from retropace.saying import sentence
from retropace.standing import State
from retropace.timetable import Calendar, eve_of


def moved(
    calendar: Calendar, programme: Programme, state: State, day: dt.date, to: dt.date, today: dt.date, rules: Rules
) -> Calendar:
    """The calendar with the session of `day` moved to `to`. Raises UnusableInput with the reason where that cannot be.

    `programme` and `state` are the plan as it stands and where the log left somebody.
    """
    planned = _planned(programme, day, today)
    week, other = _week_of(programme, day, today), _week_of(programme, to, today)
    _require_near(week, other, day, to, today)
    if _day_of(other, to).session is not None and to != day:
        remedy = "Let the two change places, or choose a day without one."
        raise UnusableInput(f"There is a session {_on(to, today)} already", remedy=remedy)
    _require_open(calendar, to, today, rules)
    counted = [d for w in programme.weeks for d in w.days if w is week or w.number < other.number]
    _require_rested([d.date for d in counted if d.session is not None and d.date != day], state, to, rules)
    return _with_move(calendar, planned, to)


def exchanged(
    calendar: Calendar, programme: Programme, day: dt.date, other: dt.date, today: dt.date, rules: Rules
) -> Calendar:
    """The calendar with the sessions of two days of one week in each other's place. Raises UnusableInput."""
    one, two = _planned(programme, day, today), _planned(programme, other, today)
    if _week_of(programme, day, today) is not _week_of(programme, other, today):
        remedy = "Move one of them instead."
        raise UnusableInput("Only sessions of one week can change places", remedy=remedy)
    if (one.kind is Kind.BACKWARD_WALK) == (two.kind is Kind.BACKWARD_WALK):
        remedy = "Move one of them instead."
        raise UnusableInput("Both are of one kind, so nothing would change", remedy=remedy)
    for moving_to in (day, other):
        _require_open(calendar, moving_to, today, rules)
    changed = _with_move(calendar, one, other)
    return _put(changed, _key(calendar, two), day)


def skipped(calendar: Calendar, programme: Programme, day: dt.date, today: dt.date) -> Calendar:
    """The calendar without the session of `day`; it is not added anywhere else. Raises UnusableInput where there is none."""
    planned = _planned(programme, day, today)
    return replace(calendar, skipped=calendar.skipped | {planned.meant or planned.date})


class Wish(enum.StrEnum):
    """What a person wished for a day."""

    LEFT_OUT = "left_out"
    MOVED_HERE = "moved_here"
    MOVED_AWAY = "moved_away"


def wish_on(calendar: Calendar, day: dt.date) -> tuple[Wish, dt.date] | None:
    """What was wished for `day`, with the day the session was planned on or went to; None where nothing was."""
    came_from = next((planned_on for planned_on, to in calendar.moved.items() if to == day), None)
    for planned_on in (day, came_from):
        if planned_on in calendar.skipped:
            return Wish.LEFT_OUT, planned_on
    if came_from is not None:
        return Wish.MOVED_HERE, came_from
    return (Wish.MOVED_AWAY, calendar.moved[day]) if day in calendar.moved else None


def restored(calendar: Calendar, day: dt.date) -> Calendar:
    """The calendar without the latest wish about `day`: what was left out comes back, what was moved goes back."""
    wish = wish_on(calendar, day)
    if wish is None:
        raise UnusableInput("Nothing was changed on this day", remedy="See your plan.")
    if wish[0] is Wish.LEFT_OUT:
        return replace(calendar, skipped=calendar.skipped - {wish[1]})
    planned_on = wish[1] if wish[0] is Wish.MOVED_HERE else day
    return replace(calendar, moved={key: to for key, to in calendar.moved.items() if key != planned_on})


def require_there(after: Programme, day: dt.date, today: dt.date) -> None:
    """Raise UnusableInput where the plan that follows from a wish has no session on `day` after all."""
    found = next((d for week in after.weeks for d in week.days if d.date == day), None)
    if found is None or found.session is None:
        why = next((reason.text for week in after.weeks for reason in week.reasons if _explains(reason.rule)), None)
        raise UnusableInput(f"No session can be {_on(day, today)}", remedy=why or "Choose another day.")


def _explains(rule: str) -> bool:
    return rule in ("programme.cap_refused", "programme.cap_rest_days", "programme.cap_challenge")


# -- what stands in the way ---------------------------------------------------------------------------------------------


def _planned(programme: Programme, day: dt.date, today: dt.date) -> Day:
    """The day of the programme, with a session that is still to come."""
    found = _day_of(_week_of(programme, day, today), day)
    if day < today:
        raise UnusableInput("This day is over", remedy="Log what you did on it instead.")
    if found.session is None:
        raise UnusableInput(f"There is no session {_on(day, today)}", remedy="Choose a day that goes backward.")
    return found


def _week_of(programme: Programme, day: dt.date, today: dt.date) -> Week:
    for week in programme.weeks:
        if week.days[0].date <= day <= week.days[-1].date:
            return week
    if not programme.weeks:
        raise UnusableInput("Nothing is planned for now", remedy="See Today for what comes first.")
    if day < min(today, programme.weeks[0].days[0].date):
        raise UnusableInput(f"{sentence(day_name(day, today))} is over", remedy="Choose a day to come.")
    remedy = "Choose a day within it, or plan more weeks."
    raise UnusableInput(f"Your plan does not reach {day_name(day, today)}", remedy=remedy)


def _day_of(week: Week, day: dt.date) -> Day:
    return week.days[(day - week.days[0].date).days]


def _require_near(week: Week, other: Week, day: dt.date, to: dt.date, today: dt.date) -> None:
    if to == day:
        raise UnusableInput("It is there already", remedy="Choose another day.")
    if to < today:
        raise UnusableInput(f"{sentence(day_name(to, today))} is over", remedy="Choose a day to come.")
    if other.number - week.number not in (0, 1):
        remedy = "Choose a day of that week or of the next, or leave the session out."
        raise UnusableInput("A session stays in its week or goes into the next", remedy=remedy)


def _require_open(calendar: Calendar, to: dt.date, today: dt.date, rules: Rules) -> None:
    if to in calendar.blackout:
        raise UnusableInput(f"You are away {_on(to, today)}", remedy="Choose another day, or change your days away.")
    event = eve_of(calendar, to, rules)
    if event is not None:
        raise UnusableInput(
            f"No session can be {_on(to, today)}", remedy=told(rules, "programme.event", name=event).text
        )


def _require_rested(planned: Iterable[dt.date], state: State, to: dt.date, rules: Rules) -> None:
    """Refuse a day too soon after what comes before it; what comes after it moves on."""
    before = [past for past in state.past if past.day < to]
    first = earliest((*before, *(Past(day, None, None) for day in planned if day < to)), to, rules)
    if first > to:
        reason = told(rules, "programme.cap_rest_days", day=f"{first:%A} {first.day} {first:%B}")
        raise UnusableInput("That is too soon after the session before", remedy=reason.text)


def _on(day: dt.date, today: dt.date) -> str:
    name = day_name(day, today)
    return name if name in ("today", "tomorrow") else f"on {name}"


# -- the wish -----------------------------------------------------------------------------------------------------------


def _key(calendar: Calendar, planned: Day) -> dt.date:
    """The day under which a session is moved: the one it was planned on, before any wish."""
    meant = planned.meant or planned.date
    if meant in calendar.moved:
        return meant
    return next((day for day, to in calendar.moved.items() if to == planned.date), meant)


def _with_move(calendar: Calendar, planned: Day, to: dt.date) -> Calendar:
    return _put(calendar, _key(calendar, planned), to)


def _put(calendar: Calendar, key: dt.date, to: dt.date) -> Calendar:
    """The calendar with one move more; back where it was planned is no move."""
    moves = {day: there for day, there in calendar.moved.items() if day != key}
    if to != key:
        moves[key] = to
    return replace(calendar, moved=dict(sorted(moves.items())))

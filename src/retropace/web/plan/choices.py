"""Choices: what can be changed about one day of the plan: where its session may go, with which it may change places."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from retropace.errors import UnusableInput
from retropace.programme import Kind, Week
from retropace.rearranging import Wish, exchanged, moved
from retropace.web.language import say
from retropace.web.plan.days import DayShown, Diary
from retropace.web.plan.words import date_words
from retropace.web.visit import Visit

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """One day to choose. `why_not` says why it cannot be, in few words; empty where it can."""

    date: dt.date
    words: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be changed about a day. `restores` is what a wish taken back would be called, empty where there is none."""

    moves: tuple[Choice, ...]
    exchanges: tuple[Choice, ...]
    may_skip: bool
    restores: str

    @property
    def any(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.moves or self.may_skip or self.restores)


def choices(visit: Visit, known: Diary, shown: DayShown) -> Choices:
    """What can be changed about `shown`."""
    week = next((week for week in known.here.programme.weeks if _holds(week, shown.date)), None)
    if week is None or shown.planned is None:
        return Choices((), (), may_skip=False, restores=_restores(shown))
    return Choices(
        tuple(_moves(visit, known, shown.date)),
        tuple(_exchanges(known, week, shown)),
        may_skip=True,
        restores=_restores(shown),
    )


def _holds(week: Week, date: dt.date) -> bool:
    return week.days[0].date <= date <= week.days[-1].date


def _moves(visit: Visit, known: Diary, date: dt.date) -> Iterator[Choice]:
    """The days of this week and the next, those that cannot be with the reason."""
    weeks = known.here.programme.weeks
    at = next(k for k, week in enumerate(weeks) if _holds(week, date))
    for week in weeks[at : at + 2]:
        for day in week.days:
            if day.date >= visit.today and day.date != date:
                yield Choice(day.date, date_words(day.date), _why_not(known, date, day.date))


def _why_not(known: Diary, date: dt.date, to: dt.date) -> str:
    here = known.here
    try:
        moved(known.calendar, here.programme, here.following.state, date, to, known.today, here.rules)
    except UnusableInput as error:
        return error.what
    return ""


def _exchanges(known: Diary, week: Week, shown: DayShown) -> Iterator[Choice]:
    here = known.here
    for day in week.days:
        if day.session is None or day.date == shown.date:
            continue
        try:
            exchanged(known.calendar, here.programme, shown.date, day.date, known.today, here.rules)
        except UnusableInput:
            continue
        what = say("backward walk") if day.kind is Kind.BACKWARD_WALK else say("run")
        yield Choice(day.date, say("{day}: {what}", what=what, day=date_words(day.date)))


def _restores(shown: DayShown) -> str:
    if shown.wish is None:
        return ""
    return {
        Wish.LEFT_OUT: say("Bring the session back"),
        Wish.MOVED_HERE: say("Put it back on {day}", day=date_words(shown.wish[1])),
        Wish.MOVED_AWAY: say("Bring the session back here"),
    }[shown.wish[0]]

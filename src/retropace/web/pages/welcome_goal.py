"""First visit: what somebody comes for, when they can, and the programme that follows."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from starlette.responses import Response

from retropace.doses import Goal, Track, may_run, track_of
from retropace.findings import Level
from retropace.place import Surface
from retropace.plan_words import asks
from retropace.prescription import core_of
from retropace.programme import Day, Kind, Programme, Week, build
from retropace.quantities import elapsed
from retropace.rules import Rules, rules_on
from retropace.saying import day_words, listed
from retropace.screening import Clearance
from retropace.session import Session
from retropace.store import Screened, Wanted
from retropace.timetable import MOST_WEEKS, Calendar
from retropace.views import drawing
from retropace.views.planned import planned_svg
from retropace.web.days import weekdays
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.pages.welcome_kept import clearance_of, last_finished
from retropace.web.pages.welcome_result import main_set
from retropace.web.pages.welcome_steps import Step, at
from retropace.web.pages.welcome_typed import Typed
from retropace.web.visit import Visit

WEEKS = 12
_CHOICES_OF_WEEKS = (4, 8, 12, 16, 24)
#: Rows for stretches away and for events; a form shows those there are and some more.
_MOST_ROWS, _MORE_ROWS, _LONGEST_NAME = 12, 2, 80
_DAY = dt.timedelta(days=1)
_LATEST = 366 * _DAY


# -- the goal -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One goal in plain words, its first session drawn, and what it grows to."""

    goal: Goal
    title: str
    words: str
    ribbon: str
    first: str
    last: str
    walks_instead: bool


def goal(visit: Visit) -> Response:
    """The goals, each with its first session."""
    screened = last_finished(visit.notebook)
    if screened is None or clearance_of(screened).level is Level.NOT_NOW:
        return see_other(visit, "/welcome")
    return _goal(visit, screened, Typed(visit))


def keep_goal(visit: Visit) -> Response:
    """Keep the goal; the calendar stays, or begins today until something else is said."""
    typed = Typed(visit)
    screened = last_finished(visit.notebook)
    if screened is None or clearance_of(screened).level is Level.NOT_NOW:
        return see_other(visit, "/welcome")
    chosen = typed.choice("goal", list(Goal))
    if chosen is None:
        typed.troubles.setdefault("goal", say("Choose one of these."))
        return _goal(visit, screened, typed)
    if chosen == Goal.TRY:
        return see_other(visit, "/welcome/try/session")
    before = visit.notebook.wanted()
    calendar = before.calendar if before and before.goal is not Goal.TRY else Calendar(visit.today, WEEKS)
    keep_wanted(visit, Wanted(Goal(chosen), calendar))
    return see_other(visit, "/welcome/plan/days")


def keep_wanted(visit: Visit, wanted: Wanted) -> None:
    """Keep what is wanted, once: a form sent twice is no second wish."""
    if wanted != visit.notebook.wanted():
        visit.notebook.keep_wanted(wanted)


def _goal(visit: Visit, screened: Screened, typed: Typed) -> Response:
    clearance, rules = clearance_of(screened), rules_on(visit.today)
    wanted = visit.notebook.wanted()
    kept = wanted.goal if wanted and wanted.goal is not Goal.TRY else fitting(screened, clearance, rules)
    choices = [choice_of(each, clearance, rules, visit.today) for each in _in_order(kept, clearance, rules)]
    return page(
        visit,
        "welcome_goal.html",
        status=422 if typed.troubles else 200,
        at=at(visit, Step.GOAL, screened.answers),
        choices=choices,
        chosen=typed.shown("goal", kept),
        troubles=typed.troubles,
        run=may_run(clearance, rules),
    )


def fitting(screened: Screened, clearance: Clearance, rules: Rules) -> Goal:
    """The goal that suits what was said: it is marked, and anybody may choose another."""
    if screened.answers.knee_rehabilitation:
        return Goal.KNEE
    if screened.place.surface is Surface.TREADMILL and clearance.limits.treadmill_kmh is not None:
        return Goal.TREADMILL
    return Goal.REVERSE if may_run(clearance, rules) else Goal.WALK


def _in_order(first: Goal, clearance: Clearance, rules: Rules) -> list[Goal]:
    """The fitting goal first, then what is as it says, then what would only be walked for now; just trying last."""
    rest = [each for each in Goal if each not in (first, Goal.TRY)]
    return [first, *sorted(rest, key=lambda each: _walks_instead(each, clearance, rules)), Goal.TRY]


def _walks_instead(goal: Goal, clearance: Clearance, rules: Rules) -> bool:
    """Whether the goal would be backward walking on the ground for now."""
    walks = track_of(goal, clearance, rules) is Track.WALK
    return walks and goal not in (Goal.WALK, Goal.KNEE, Goal.TRY)


def choice_of(goal: Goal, clearance: Clearance, rules: Rules, today: dt.date) -> Choice:
    """A goal with the first session of its programme, and the last."""
    made = build(clearance, goal, Calendar(today, WEEKS), rules)
    own = own_sessions(made)
    first = own[0] if own else None
    title, words = goal_words(goal)
    return Choice(
        goal=goal,
        title=title,
        words=words,
        ribbon="" if first is None else _ribbon(first, f"g{goal}", title),
        first="" if first is None else set_words(first),
        last="" if first is None or goal is Goal.TRY else set_words(max(own, key=_longest_s)),
        walks_instead=_walks_instead(goal, clearance, rules),
    )


def own_sessions(made: Programme) -> list[Session]:
    """The sessions of a programme's own kind: where it runs, not the walking days beside it."""
    days = [day for week in made.weeks for day in week.days if day.session]
    runs = [day for day in days if day.kind in (Kind.REVERSE, Kind.CHALLENGE)]
    return [day.session for day in runs or days if day.session]


def _longest_s(session: Session) -> float:
    return max(core_of(session.steps).repeats_s, default=0.0)


def set_words(session: Session) -> str:
    """A session's repeats in a few signs, as "6 × 20 s" or "5 min"."""
    repeats = core_of(session.steps).repeats_s
    if not repeats:
        return session.name
    longest = max(repeats)
    minutes, rest = divmod(round(longest), 60)
    length = f"{minutes}:{rest:02} min" if minutes and rest else f"{minutes} min" if minutes > 1 else f"{longest:.0f} s"
    return length if len(repeats) == 1 else f"{len(repeats)} × {length}"


def goal_words(goal: Goal) -> tuple[str, str]:
    """A goal in plain words, and what it means."""
    return {
        Goal.TRY: (say("Just one session"), say("See how it feels. Nothing is planned after it.")),
        Goal.REVERSE: (say("Run backward"), say("Short reverse repeats with a walk between. They grow, week by week.")),
        Goal.INTERVALS: (
            say("Forward and backward in turn"),
            say("Half a minute backward, a minute forward: walked at first, jogged later."),
        ),
        Goal.WARM_UP: (
            say("Five minutes in my warm-up"),
            say("A short reverse block that ends up inside an ordinary run."),
        ),
        Goal.WALK: (say("Walk backward"), say("Calm and sure, towards ten minutes without a break.")),
        Goal.KNEE: (
            say("Beside knee rehabilitation"),
            say("Backward walking in the dose that was tested for sore knees. Your physiotherapist has the last word."),
        ),
        Goal.TREADMILL: (
            say("On a treadmill"),
            say("Backward walking on a slow belt in manual mode, rails in reach."),
        ),
    }[goal]


# -- the days -----------------------------------------------------------------------------------------------------------


def days(visit: Visit) -> Response:
    """When somebody can."""
    wanted, screened = visit.notebook.wanted(), last_finished(visit.notebook)
    if wanted is None or screened is None:
        return see_other(visit, "/welcome")
    return _days(visit, screened, wanted.calendar, Typed(visit))


def keep_days(visit: Visit) -> Response:
    """Keep when somebody can."""
    typed = Typed(visit)
    wanted, screened = visit.notebook.wanted(), last_finished(visit.notebook)
    if wanted is None or screened is None:
        return see_other(visit, "/welcome")
    calendar = calendar_told(typed, wanted.calendar)
    if typed.troubles:
        return _days(visit, screened, calendar, typed)
    keep_wanted(visit, replace(wanted, calendar=calendar))
    return see_other(visit, "/welcome/plan/programme")


def calendar_told(typed: Typed, before: Calendar) -> Calendar:
    """The calendar a form tells, laid over the one of before; what cannot be used is among the form's troubles."""
    weeks = typed.number("weeks", 1, MOST_WEEKS, before.weeks)
    return replace(
        before,
        start=_start(typed, before),
        weeks=int(weeks or before.weeks),
        weekdays=_weekdays(typed, before),
        blackout=frozenset(_away(typed)),
        events=dict(_events(typed)),
    )


def _weekdays(typed: Typed, before: Calendar) -> frozenset[int]:
    told = {int(text) for text in typed.visit.texts("weekday") if text in tuple("0123456")}
    if not told:
        typed.troubles["weekday"] = say("Tick at least one day.")
        return before.weekdays
    return frozenset(told)


def _start(typed: Typed, before: Calendar) -> dt.date:
    today = typed.visit.today
    when = typed.choice("start", ("kept", "today", "monday", "day"))
    if when == "today":
        return today
    if when == "monday":
        return next_monday(today)
    if when != "day":
        return before.start
    day = typed.read("start_day", lambda: typed.visit.day("start_day"), None)
    if day is not None and today <= day <= today + _LATEST:
        return day
    typed.troubles.setdefault("start_day", say("Give a day from today on, within a year."))
    return before.start


def next_monday(today: dt.date) -> dt.date:
    """The Monday after today."""
    return today + dt.timedelta(days=7 - today.weekday())


def _away(typed: Typed) -> Iterator[dt.date]:
    """Every day of the stretches somebody is away."""
    for row in range(_MOST_ROWS):
        first = _row_day(typed, f"away_from_{row}")
        last = _row_day(typed, f"away_to_{row}") or first
        if first is None or last is None:
            continue
        if not dt.timedelta(0) <= last - first <= _LATEST:
            typed.troubles[f"away_to_{row}"] = say("Put the earlier day first, at most a year apart.")
            continue
        yield from (first + number * _DAY for number in range((last - first).days + 1))


def _events(typed: Typed) -> Iterator[tuple[dt.date, str]]:
    for row in range(_MOST_ROWS):
        day = _row_day(typed, f"event_day_{row}")
        field = f"event_name_{row}"
        name = typed.read(field, partial(typed.visit.text, field, _LONGEST_NAME), "")
        if day is not None:
            yield day, " ".join(name.split()) or say("Event")
        elif name and field not in typed.troubles:
            typed.troubles.setdefault(f"event_day_{row}", say("Say on which day this is."))


def _row_day(typed: Typed, field: str) -> dt.date | None:
    return typed.read(field, lambda: typed.visit.day(field), None)


def _days(visit: Visit, screened: Screened, calendar: Calendar, typed: Typed) -> Response:
    form = {name: value for name, value in visit.form.items() if isinstance(value, str)} if typed.troubles else {}
    return page(
        visit,
        "welcome_days.html",
        status=422 if typed.troubles else 200,
        at=at(visit, Step.DAYS, screened.answers),
        weekdays=list(zip(range(7), weekdays(), strict=True)),
        ticked={int(text) for text in visit.texts("weekday") if text in tuple("0123456")}
        if form
        else calendar.weekdays,
        weeks=sorted({*_CHOICES_OF_WEEKS, calendar.weeks}),
        calendar=calendar,
        start=form.get("start") or ("today" if calendar.start == visit.today else "kept"),
        monday=next_monday(visit.today),
        values=form or calendar_rows(calendar),
        rows=rows_shown(calendar),
        troubles=typed.troubles,
        day_words=day_words,
    )


def rows_shown(calendar: Calendar) -> range:
    """How many rows for stretches away and events a form shows: those there are, and some more."""
    return range(min(_MOST_ROWS, _MORE_ROWS + max(len(_stretches(calendar.blackout)), len(calendar.events))))


def calendar_rows(calendar: Calendar) -> Mapping[str, str]:
    """Stretches away and events by the names of their fields."""
    rows: dict[str, str] = {}
    for number, (first, last) in enumerate(_stretches(calendar.blackout)):
        rows[f"away_from_{number}"], rows[f"away_to_{number}"] = first.isoformat(), last.isoformat()
    for number, (day, name) in enumerate(sorted(calendar.events.items())):
        rows[f"event_day_{number}"], rows[f"event_name_{number}"] = day.isoformat(), name
    return rows


def _stretches(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Days as stretches without a gap.

    >>> day = dt.date(2026, 11, 22)
    >>> len(_stretches([day, day + _DAY, day + 5 * _DAY]))
    2
    """
    found: list[tuple[dt.date, dt.date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == _DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


# -- the programme ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One session of a week in small: its weekday, its repeats, and its ribbon on the time scale of all of them."""

    weekday: str
    words: str
    ribbon: str


@dataclass(frozen=True, slots=True)
class Row:
    """One week in small; `beside` says what its other days hold."""

    number: int
    dates: str
    backward: str
    light: bool
    cells: tuple[Cell, ...]
    beside: tuple[str, ...]


def programme(visit: Visit) -> Response:
    """The programme as it begins, in small, with its reasons."""
    made = visit.situation.programme
    first = next((day for week in made.weeks for day in week.days if day.session), None)
    return page(
        visit,
        "welcome_programme.html",
        title=goal_words(made.goal)[0],
        rows=rows_of(made),
        first_day="" if first is None else day_words(first.date),
        first_words="" if first is None or first.session is None else asks(first.session),
        why=[*made.reasons, *(made.weeks[0].reasons if made.weeks else ())],
    )


def rows_of(made: Programme) -> list[Row]:
    """Every week of a programme in small."""
    sets = [main_set(day.session).duration_s for week in made.weeks for day in week.days if day.session]
    return [_row(week, max(sets, default=1.0)) for week in made.weeks]


def _row(week: Week, longest_s: float) -> Row:
    first, last = week.days[0].date, week.days[-1].date
    same = first.month == last.month
    dates = f"{first.day}–{last.day} {last:%b}" if same else f"{first.day} {first:%b} – {last.day} {last:%b}"
    cells = tuple(_cell(day, day.session, week.number, longest_s) for day in week.days if day.session)
    return Row(
        week.number,
        dates,
        f"{elapsed(week.reverse_s)} min",
        week.deload,
        cells,
        tuple(_beside(week)),
    )


def _cell(day: Day, session: Session, week: int, longest_s: float) -> Cell:
    weekday = weekdays()[day.date.weekday()]
    words = set_words(session)
    label = say("{weekday}: {session}", weekday=weekday, session=asks(session))
    ribbon = _to_scale(session, longest_s, f"w{week}d{day.date.weekday()}", label)
    return Cell(weekday[:3], words, ribbon)


def _beside(week: Week) -> Iterator[str]:
    """What a week holds besides: strength at home on which days, and events."""
    strength = [weekdays()[day.date.weekday()][:3] for day in week.days if day.kind is Kind.STRENGTH]
    if strength:
        yield say("strength {days}", days=listed(strength, say("and")))
    for day in week.days:
        if day.kind is Kind.EVENT:
            yield f"{weekdays()[day.date.weekday()][:3]}: {day.note}"


_SMALL = (180.0, 48.0)


def _to_scale(session: Session, longest_s: float, name: str, label: str) -> str:
    """A session's main set on a time scale on which the longest of the programme fills the box: one sees it grow."""
    width, height = _SMALL
    main = main_set(session)
    own = max(8.0, width * main.duration_s / longest_s)
    drawn = planned_svg(main, label=label, width=own, height=height, name=name, words=False)
    return drawing.image(width, height, label, [drawing.placed(drawn, 0, 0)])


def _ribbon(session: Session, name: str, label: str) -> str:
    return planned_svg(main_set(session), label=label, width=300, height=52, name=name, words=False)


DOORS = (
    Door("/welcome/{way}/goal", goal),
    Door("/welcome/{way}/goal", keep_goal, ("POST",)),
    Door("/welcome/{way}/days", days),
    Door("/welcome/{way}/days", keep_days, ("POST",)),
    Door("/welcome/plan/programme", programme),
)

"""`retropace plan`: weeks of sessions from a goal and a calendar."""

import datetime as dt
import sys
from argparse import Namespace
from collections.abc import Iterator

from retropace.cli.asked import as_json, day_from, notebook_of, today_of
from retropace.doses import Goal
from retropace.errors import UnusableInput
from retropace.replan import Change, Doing, changed
from retropace.situation import situation
from retropace.store import Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from retropace.views.coaching import print_consequences, print_programme
from retropace.writers.steps import one_line

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def run(options: Namespace) -> int:
    """Keep what is wanted where something is said, and show the weeks that follow."""
    store, today = notebook_of(options), today_of(options)
    if options.undo and not store.undo_wanted():
        raise UnusableInput("There is nothing to take back", field="--undo", remedy="See your plan: ./run plan")
    wanted = store.wanted()
    said = any((options.goal, options.days, options.start, options.out_on, options.event, options.weeks is not None))
    if said or wanted is None:
        store.keep_wanted(_wanted(options, wanted, today))
    for change in _changes(options):
        _rearranged(store, change, today, quiet=options.json)
    here = situation(store, today)
    if options.json:
        sys.stdout.write(as_json(here.programme))
    else:
        print_programme(here.programme, store.settings().system)
    return 0


def _changes(options: Namespace) -> Iterator[Change]:
    """The single sessions to change, in the order of the options' kinds."""
    for doing in (Doing.MOVE, Doing.SWAP):
        for text in getattr(options, doing.value):
            day, equals, to = text.partition("=")
            if not equals:
                remedy = "Write it as 2026-11-26=2026-11-27."
                raise UnusableInput(f"{text!r} names no two days", field=f"--{doing.value}", remedy=remedy)
            yield Change(doing, day_from(day, f"--{doing.value}"), day_from(to, f"--{doing.value}"))
    for text in options.skip:
        day = day_from(text, "--skip")
        yield Change(Doing.SKIP, day, day)


def _rearranged(store: Notebook, change: Change, today: dt.date, *, quiet: bool) -> None:
    """Say what one change leads to, and keep it."""
    found = changed(store, situation(store, today), change)
    if not quiet:
        print_consequences(found.follows, store.settings().system)
    store.keep_wanted(found.wanted)


def _wanted(options: Namespace, known: Wanted | None, today: dt.date) -> Wanted:
    """What was said now over what was said before."""
    before = known.calendar if known else Calendar(_next_monday(today), 12)
    weeks = before.weeks if options.weeks is None else options.weeks
    if not 1 <= weeks <= 104:
        raise UnusableInput(f"{weeks} weeks cannot be planned", field="--weeks", remedy="Give 1 to 104.")
    calendar = Calendar(
        start=day_from(options.start, "--start") if options.start else before.start,
        weeks=weeks,
        weekdays=_weekdays(options.days) if options.days else before.weekdays,
        blackout=before.blackout | {day for text in options.out_on for day in _stretch(text)},
        events={**before.events, **dict(_event(text) for text in options.event)},
    )
    return Wanted(_goal(options.goal, known), calendar)


def _goal(text: str | None, known: Wanted | None) -> Goal:
    goals = ", ".join(Goal)
    if text is None and known is None:
        raise UnusableInput("You have not said what you want yet", field="--goal", remedy=f"Choose one of: {goals}.")
    if text is None and known is not None:
        return known.goal
    try:
        return Goal(str(text))
    except ValueError as error:
        raise UnusableInput(f"{text!r} is no goal", field="--goal", remedy=f"Choose one of: {goals}.") from error


def _weekdays(text: str) -> frozenset[int]:
    names = [name.strip()[:3].lower() for name in text.split(",")]
    unknown = [name for name in names if name not in _WEEKDAYS]
    if unknown:
        raise UnusableInput(f"{text!r} are no weekdays", field="--days", remedy="Write them as mon,wed,fri.")
    return frozenset(_WEEKDAYS.index(name) for name in names)


def _stretch(text: str) -> Iterator[dt.date]:
    """Every day of "2026-12-24" or "2026-12-24..2026-12-27"."""
    first, _, last = text.partition("..")
    begin, end = day_from(first, "--out-on"), day_from(last or first, "--out-on")
    if not dt.timedelta(0) <= end - begin <= dt.timedelta(days=366):
        raise UnusableInput(f"{text!r} is no stretch of days", field="--out-on", remedy="Put the earlier day first.")
    return (begin + dt.timedelta(days=k) for k in range((end - begin).days + 1))


def _event(text: str) -> tuple[dt.date, str]:
    day, equals, name = text.partition("=")
    if not equals or not one_line(name):
        raise UnusableInput(f"{text!r} is no event", field="--event", remedy="Write it as 2026-12-31=Silvester run.")
    return day_from(day, "--event"), one_line(name)


def _next_monday(today: dt.date) -> dt.date:
    """Today where it is a Monday."""
    return today + dt.timedelta(days=-today.weekday() % 7)

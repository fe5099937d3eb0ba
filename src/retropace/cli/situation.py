"""Situation: where one person stands today, worked out anew from what their store keeps."""

import datetime as dt
import os
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from retropace.errors import UnusableInput
from retropace.exercises import level, workout
from retropace.files import require_near
from retropace.findings import Level
from retropace.homework import Workouts
from retropace.programme import Programme, build
from retropace.progression import Next, replay
from retropace.rules import Rules, rules_on
from retropace.screening import Answers, Clearance, screen
from retropace.store import Screened, Store, Wanted
from retropace.store.folder import Folder
from retropace.timetable import Calendar

#: Where a person's files are unless they say otherwise.
FOLDER_VARIABLE, DEFAULT_FOLDER = "RETROPACE_FOLDER", "retropace"


def folder_of(options: Namespace) -> Folder:
    """The person's folder: --folder, else RETROPACE_FOLDER, else ~/retropace."""
    asked: Path | None = options.folder
    if asked is None and (named := os.environ.get(FOLDER_VARIABLE)):
        asked = Path(named)
    return Folder(asked or _home() / DEFAULT_FOLDER)


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise UnusableInput("You have no home folder here", remedy="Name a folder with --folder.") from error


def today_of(options: Namespace) -> dt.date:
    """The day to speak of: --on, else today."""
    if options.on is None:
        return dt.date.today()
    return day_from(options.on, "--on")


def day_from(text: str, field: str) -> dt.date:
    """A date as 2026-11-22. Raises UnusableInput naming the option."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise UnusableInput(f"{text!r} is no date", field=field, remedy="Write it as 2026-11-22.") from error
    require_near(day, field)
    return day


def as_json(value: Any) -> str:
    """A record as indented JSON."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(msgspec.to_builtins(value, str_keys=True)), indent=2).decode() + "\n"


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is asked, what they want, what the log has led to (`following`), and the programme as it goes on from there.

    `neck_strain` is as it was last told, 0 where it never was.
    """

    today: dt.date
    rules: Rules
    screened: Screened
    clearance: Clearance
    wanted: Wanted
    following: Next
    programme: Programme
    neck_strain: float


def situation(store: Store, today: dt.date) -> Situation:
    """Where the person of `store` stands on `today`. Raises UnusableInput where screening or goal is missing."""
    rules = rules_on(today)
    screenings = _screened(store)
    clearances = [screen(s.answers, s.place, rules_on(s.answers.day)) for s in screenings]
    _require_cleared(clearances[-1])
    wanted = store.wanted()
    if wanted is None:
        raise UnusableInput("You have not said what you want yet", remedy="For example: ./run plan --goal reverse")
    told = [entry for entry in store.log() if entry.day <= today]
    following = replay(
        told, wanted.goal, clearances, rules, today, began=wanted.calendar.start, calendar=wanted.calendar
    )
    programme = build(
        clearances[-1],
        wanted.goal,
        _from_now_on(wanted.calendar, today),
        rules,
        state=following.state,
        workouts=workouts_for(screenings[-1].answers, rules),
    )
    strain = next((entry.neck_strain for entry in reversed(told) if entry.neck_strain is not None), 0.0)
    return Situation(today, rules, screenings[-1], clearances[-1], wanted, following, programme, strain)


def workouts_for(answers: Answers, rules: Rules) -> Workouts:
    """Home workouts at the level of the person's home tests."""
    return partial(workout, level=level(answers.tests, answers.age_years, rules))


def _screened(store: Store) -> Sequence[Screened]:
    screenings = store.screenings()
    if not screenings:
        raise UnusableInput("You have not been screened yet", remedy="Start with: ./run screen")
    return screenings


def _require_cleared(clearance: Clearance) -> None:
    if clearance.level is Level.NOT_NOW:
        remedy = f"See {clearance.see}. Then answer again: ./run screen --again"
        raise UnusableInput("Your screening says: not now", remedy=remedy)


def _from_now_on(calendar: Calendar, today: dt.date) -> Calendar:
    """The calendar from this week on; its last week once it is over."""
    gone = max(0, (today - calendar.start).days // 7)
    past = min(gone, calendar.weeks - 1)
    return replace(calendar, start=calendar.start + dt.timedelta(days=7 * past), weeks=calendar.weeks - past)

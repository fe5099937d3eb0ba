"""Every door of the app with its address filled in, for tests that go from door to door."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from retropace.errors import NotBegun
from retropace.rules.questionnaire import home_tests
from retropace.situation import situation
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.web.app import doors
from retropace.web.doors import Door

#: What stands in addresses, by name; `room/name` where a room means something else by it.
Values = Mapping[str, Sequence[str]]

#: What more an address may ask, where that shows something else. A door that is not listed is opened as it is.
ASKED: Mapping[str, Sequence[str]] = {
    "/log/morning": ("", "?day={log/day}"),
    "/plan/{day}/change": ("?do=skip", "?do=move&to={rest}"),
    "/progress": ("", "?range=all"),
    "/sessions": ("", "?show=backward"),
    "/sessions/compare": ("", "?a={recording}&b={other}"),
}


def get_doors() -> list[Door]:
    """Every door that shows something."""
    return [door for door in doors() if "GET" in door.methods]


def addresses(door: Door, values: Values) -> list[str]:
    """Every address of a door, with every combination of what stands in it."""
    path = door.path
    return [made for asked in ASKED.get(path, ("",)) for made in _filled(path + asked, values)]


def _filled(path: str, values: Values) -> Iterator[str]:
    room = path.removeprefix("/api/v1").split("/")[1]
    names = re.findall(r"{([^}]+)}", path)
    found = {name: values.get(f"{room}/{name}", values.get(name)) for name in names}
    unknown = [name for name, chosen in found.items() if chosen is None]
    assert not unknown, f"say in every_door.values_of what {unknown} is in {path}"
    choices = [found[name] or () for name in names]
    for chosen in itertools.product(*choices):
        words = iter(chosen)
        yield re.sub(r"{[^}]+}", lambda _: next(words), path)  # noqa: B023 - used up at once


def values_of(notebook: Notebook, recordings: Recordings, today: dt.date) -> dict[str, list[str]]:
    """What stands in the addresses of somebody who has a plan, a log and recordings."""
    kept = recordings.all()
    told = [entry.day.isoformat() for entry in notebook.log()]
    sessions, rests = _days_ahead(notebook, today)
    return {
        "way": ["plan", "try"],
        "test": list(home_tests(today)),
        "recording": [kept[-1].id],
        "other": [kept[0].id],
        "id": [kept[-1].id],
        "log/day": told[-1:],
        "plan/day": sessions[:1],
        "home/day": [today.isoformat()],
        "day": [today.isoformat()],
        "rest": rests[:1],
        "format": ["ics"],
        "calendar/token": ["no-token-that-was-ever-made"],
    }


def _days_ahead(notebook: Notebook, today: dt.date) -> tuple[list[str], list[str]]:
    """Days with a session, and days without one that lie before the second session."""
    try:
        weeks = situation(notebook, today).programme.weeks
    except NotBegun:
        return [], []
    days = [day for week in weeks for day in week.days if day.date > today]
    return (
        [day.date.isoformat() for day in days if day.session is not None],
        [day.date.isoformat() for day in days if day.session is None],
    )

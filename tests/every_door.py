"""Every door of the app with its address filled in, for tests that go from door to door."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from retropace.errors import NotBegun
from retropace.rules.questionnaire import home_tests
from retropace.situation import situation
from retropace.store.coached_runs import CoachedRuns
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.web.app import doors
from retropace.web.doors import Door

T = TypeVar("T")
#: What stands in addresses, by name; `room/name` where a room means something else by it.
Values = Mapping[str, Sequence[str]]

#: What more an address may ask, where that shows something else. A door that is not listed is opened as it is.
ASKED: Mapping[str, Sequence[str]] = {
    "/coach/session.json": ("?day={plan/day}",),
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
    named = {name: _of_room(path, name, values) for name in re.findall(r"{([^}]+)}", path)}
    for chosen in itertools.product(*named.values()):
        yield _with(path, dict(zip(named, chosen, strict=True)))


def filled(path: str, values: Mapping[str, str]) -> str:
    """A path with one value for each name in it."""
    return _with(path, {name: _of_room(path, name, values) for name in re.findall(r"{([^}]+)}", path)})


def _of_room(path: str, name: str, values: Mapping[str, T]) -> T:
    """What a name means in the room that a path leads to."""
    room = path.removeprefix("/api/v1").split("/")[1]
    found = values.get(f"{room}/{name}", values.get(name))
    assert found is not None, f"say in the values of this test what {name!r} is in {path}"
    return found


def _with(path: str, values: Mapping[str, str]) -> str:
    return re.sub(r"{([^}]+)}", lambda name: values[name[1]], path)


def values_of(notebook: Notebook, recordings: Recordings, today: dt.date) -> dict[str, list[str]]:
    """What stands in the addresses of somebody who has a plan, a log and recordings."""
    kept = recordings.all()
    told = [entry.day.isoformat() for entry in notebook.log()]
    sessions, rests = _days_ahead(notebook, today)
    return {
        "way": ["plan", "try"],
        "test": [key for key, test in home_tests(today).items() if not test.extra],
        "recording": [kept[-1].id],
        "other": [kept[0].id],
        "id": [kept[-1].id],
        "log/day": told[-1:],
        "plan/day": sessions[:1],
        "home/day": [today.isoformat()],
        "day": [today.isoformat()],
        "rest": rests[:1],
        "format": ["fit"],
        "run": [run.id for run in CoachedRuns(notebook.database, notebook.person_id).all()][:1],
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

"""Audit: who looked at what of whom, a row a day, viewer and page. Its owner reads it; nobody can change it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retropace.store.database import Database, Row
from retropace.store.instants import kept


@dataclass(frozen=True, slots=True)
class Look:
    """One viewer at one page on one day (UTC), `times` from `first` to `last`. `name` is as they were called then."""

    day: dt.date
    viewer_id: str
    name: str
    page: str
    first: dt.datetime
    last: dt.datetime
    times: int


class Audit:
    """The audit of a house."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def note(self, person_id: str, viewer_id: str, name: str, page: str, now: dt.datetime) -> None:
        """Write down that somebody looks at a page of a person."""
        self.note_all([(person_id, name)], viewer_id, page, now)

    def note_all(self, persons: Iterable[tuple[str, str]], viewer_id: str, page: str, now: dt.datetime) -> None:
        """Write down that somebody sees several persons on one page; each with what they call the viewer."""
        instant = kept(now)
        with self.database.transaction() as store:
            for person_id, name in persons:
                store.run(
                    "INSERT INTO audit (person, day, viewer, name, page, first, last, times)"
                    " VALUES (:person, :day, :viewer, :name, :page, :instant, :instant, 1)"
                    " ON CONFLICT (person, day, viewer, page)"
                    " DO UPDATE SET last = excluded.last, times = audit.times + 1",
                    person=person_id,
                    day=instant[:10],
                    viewer=viewer_id,
                    name=name,
                    page=page,
                    instant=instant,
                )

    def looks(self, person_id: str, most: int = 500) -> Sequence[Look]:
        """Who looked, the latest first; at most `most` rows."""
        with self.database.transaction(write=False) as store:
            rows = store.all(
                "SELECT day, viewer, name, page, first, last, times FROM audit WHERE person = :person"
                " ORDER BY last DESC, page LIMIT :most",
                person=person_id,
                most=most,
            )
        return list(map(_look, rows))


def _look(row: Row) -> Look:
    day, viewer, name, page, first, last, times = map(str, row)
    return Look(
        dt.date.fromisoformat(day),
        viewer,
        name,
        page,
        dt.datetime.fromisoformat(first),
        dt.datetime.fromisoformat(last),
        int(times),
    )

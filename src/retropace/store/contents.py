"""Contents: everything ever told in a notebook, taken out and brought in at once. What is there already always stays."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from retropace.log import LogEntry
from retropace.person import Person
from retropace.store import Screened, Settings, Wanted
from retropace.store.database import Transaction
from retropace.store.notebook import Notebook, now_utc, writing
from retropace.store.records import packed


@dataclass(frozen=True, slots=True)
class Contents:
    """Screenings and log by day, wishes oldest first; None and empty where nothing was told.

    `column_maps` says which column is what, as JSON by the checksum of a table's header.
    """

    screenings: tuple[Screened, ...] = ()
    unfinished: Screened | None = None
    wishes: tuple[Wanted, ...] = ()
    log: tuple[LogEntry, ...] = ()
    exercises_done: Mapping[dt.date, frozenset[str]] = field(default_factory=dict)
    column_maps: Mapping[str, str] = field(default_factory=dict)
    settings: Settings | None = None
    person: Person | None = None


def contents_of(notebook: Notebook) -> Contents:
    """Everything told in `notebook`."""
    settings, person = notebook.settings(), notebook.person()
    return Contents(
        tuple(notebook.screenings()),
        notebook.unfinished(),
        tuple(notebook.wishes()),
        tuple(notebook.log()),
        notebook.exercises_done(),
        notebook.column_maps(),
        None if settings == Settings() else settings,
        None if person == Person() else person,
    )


def add_missing(notebook: Notebook, contents: Contents) -> int:
    """Bring in what the notebook does not have yet, all of it or nothing; how many records came in.

    A screening or entry of a day that has one already stays out, as do wishes, settings and body where there are any.
    """
    with writing(notebook.database, notebook.person_id) as now:
        return _Adding(now, notebook.person_id).add(contents)


class _Adding:
    def __init__(self, now: Transaction, person_id: str) -> None:
        self._now, self._person_id = now, person_id

    def add(self, contents: Contents) -> int:
        screenings = {one.answers.day: one for one in contents.screenings}
        entries = {one.day: one for one in contents.log}
        return (
            sum(self._insert("screening", day=str(day), record=packed(one)) for day, one in screenings.items())
            + (0 if contents.unfinished is None else self._insert("unfinished", record=packed(contents.unfinished)))
            + self._wishes(contents.wishes)
            + sum(self._insert("log_entry", day=str(day), record=packed(one)) for day, one in entries.items())
            + sum(self._exercises(contents.exercises_done))
            + sum(self._insert("column_map", header=key, record=one) for key, one in contents.column_maps.items())
            + self._about("settings", contents.settings)
            + self._about("body", contents.person)
        )

    def _insert(self, table: str, **values: str | int) -> int:
        columns = ["person", *values]
        return self._now.run(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"  # noqa: S608
            " ON CONFLICT DO NOTHING",
            person=self._person_id,
            **values,
        )

    def _wishes(self, wishes: tuple[Wanted, ...]) -> int:
        if self._now.one("SELECT number FROM wanted WHERE person = :person LIMIT 1", person=self._person_id):
            return 0
        made = now_utc()
        return sum(
            self._insert("wanted", number=number, made=made, record=packed(wish))
            for number, wish in enumerate(wishes, start=1)
        )

    def _exercises(self, done: Mapping[dt.date, frozenset[str]]) -> list[int]:
        return [
            self._insert("exercise_done", day=str(day), exercise=key)
            for day, keys in done.items()
            for key in sorted(keys)
        ]

    def _about(self, column: str, record: Settings | Person | None) -> int:
        """Fill a field of the person that was never filled."""
        if record is None:
            return 0
        empty = packed(type(record)())
        return self._now.run(
            f"UPDATE person SET {column} = :record WHERE id = :person AND {column} IN ('{{}}', :empty)",  # noqa: S608
            person=self._person_id,
            record=packed(record),
            empty=empty,
        )

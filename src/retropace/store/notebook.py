"""Notebook: everything kept of one person in a database, save their recordings (see `recordings`)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from retropace.errors import NotFound
from retropace.log import LogEntry
from retropace.person import Person
from retropace.store import Screened, Settings, Wanted
from retropace.store.database import Database, Row, Transaction
from retropace.store.records import packed, unpacked

T = TypeVar("T")

#: The one person of a store without accounts.
LOCAL = "local"
#: The demo person beside them: simulated, made and thrown away at will.
DEMO = "demo"


def now_utc() -> str:
    """This instant as it is kept."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@contextmanager
def writing(database: Database, person_id: str) -> Iterator[Transaction]:
    """A transaction in which nobody else writes of this person, so that what it reads stays so until it ends."""
    with database.transaction() as now:
        now.one(f"SELECT id FROM person WHERE id = :person{database.row_lock}", person=person_id)  # noqa: S608 - our own
        yield now


class Notebook:
    """One person's notebook. It satisfies `Store`; every change is on the disk when its method returns."""

    def __init__(self, database: Database, person_id: str = LOCAL) -> None:
        self.database = database
        self.person_id = person_id

    def begin(self, *, simulated: bool = False) -> None:
        """Make the person where there is none of this name yet."""
        with self.database.transaction() as now:
            now.run(
                "INSERT INTO person (id, made, simulated) VALUES (:id, :made, :simulated) ON CONFLICT DO NOTHING",
                id=self.person_id,
                made=now_utc(),
                simulated=int(simulated),
            )

    def end(self) -> None:
        """Delete the person and everything kept of them."""
        with self.database.transaction() as now:
            now.run("DELETE FROM person WHERE id = :person", person=self.person_id)
        self.database.release()

    @property
    def simulated(self) -> bool:
        """Whether this is a demo person."""
        found = self._one("SELECT simulated FROM person WHERE id = :person")
        return found == 1

    def keep_simulated(self) -> None:
        """Keep that this is a demo person: everything in it never was."""
        self._run("UPDATE person SET simulated = 1 WHERE id = :person")

    # -- how it is shown, and the body ----------------------------------------------------------------------------------

    def settings(self) -> Settings:
        """How the person wants it shown."""
        return self._record("SELECT settings FROM person WHERE id = :person", Settings) or Settings()

    def keep_settings(self, settings: Settings) -> None:
        """Keep how the person wants it shown."""
        self._run("UPDATE person SET settings = :record WHERE id = :person", record=packed(settings))

    def person(self) -> Person:
        """What is known of the body."""
        return self._record("SELECT body FROM person WHERE id = :person", Person) or Person()

    def keep_person(self, person: Person) -> None:
        """Keep what is known of the body."""
        self._run("UPDATE person SET body = :record WHERE id = :person", record=packed(person))

    # -- screening ------------------------------------------------------------------------------------------------------

    def screenings(self) -> Sequence[Screened]:
        """Every screening, oldest first."""
        return self._records("SELECT record FROM screening WHERE person = :person ORDER BY day", Screened)

    def keep_screened(self, screened: Screened) -> None:
        """Keep a screening under its day; earlier ones stay."""
        self._run(
            "INSERT INTO screening (person, day, record) VALUES (:person, :day, :record)"
            " ON CONFLICT (person, day) DO UPDATE SET record = excluded.record",
            day=screened.answers.day.isoformat(),
            record=packed(screened),
        )

    def unfinished(self) -> Screened | None:
        """A screening that was stopped half way."""
        return self._record("SELECT record FROM unfinished WHERE person = :person", Screened)

    def keep_unfinished(self, screened: Screened | None) -> None:
        """Keep a screening stopped half way in place of an earlier one; None takes it away."""
        if screened is None:
            self._run("DELETE FROM unfinished WHERE person = :person")
            return
        self._run(
            "INSERT INTO unfinished (person, record) VALUES (:person, :record)"
            " ON CONFLICT (person) DO UPDATE SET record = excluded.record",
            record=packed(screened),
        )

    # -- what is wanted -------------------------------------------------------------------------------------------------

    def wanted(self) -> Wanted | None:
        """What the person wants at present."""
        return self._record(
            "SELECT record FROM wanted WHERE person = :person AND undone = 0 ORDER BY number DESC LIMIT 1", Wanted
        )

    def wishes(self) -> Sequence[Wanted]:
        """Everything wanted so far that was not taken back, oldest first; the last one counts."""
        return self._records("SELECT record FROM wanted WHERE person = :person AND undone = 0 ORDER BY number", Wanted)

    def keep_wanted(self, wanted: Wanted) -> None:
        """Keep what the person wants; what they wanted before can be brought back by `undo_wanted`."""
        with writing(self.database, self.person_id) as now:
            now.run(
                "INSERT INTO wanted (person, number, made, record) VALUES (:person, :number, :made, :record)",
                person=self.person_id,
                number=_next(now, "SELECT MAX(number) FROM wanted WHERE person = :person", self.person_id),
                made=now_utc(),
                record=packed(wanted),
            )

    def undo_wanted(self) -> bool:
        """Bring back what was wanted before; whether there was anything to bring back. The first wish stays."""
        with writing(self.database, self.person_id) as now:
            numbers = [
                row[0]
                for row in now.all(
                    "SELECT number FROM wanted WHERE person = :person AND undone = 0 ORDER BY number DESC",
                    person=self.person_id,
                )
            ]
            if len(numbers) < 2:
                return False
            now.run(
                "UPDATE wanted SET undone = 1 WHERE person = :person AND number = :number",
                person=self.person_id,
                number=numbers[0],
            )
            return True

    # -- the log --------------------------------------------------------------------------------------------------------

    def log(self) -> Sequence[LogEntry]:
        """Every log entry, oldest first."""
        return self._records("SELECT record FROM log_entry WHERE person = :person ORDER BY day", LogEntry)

    def keep_entry(self, entry: LogEntry) -> None:
        """Keep one entry under its day, in place of an earlier one of that day, which `undo_entry` brings back."""
        with writing(self.database, self.person_id) as now:
            self._change_entry(now, entry.day.isoformat(), packed(entry))

    def remove_entry(self, day: dt.date) -> None:
        """Take a day's entry out; `undo_entry` brings it back. Raises NotFound where there is none."""
        with writing(self.database, self.person_id) as now:
            if not self._change_entry(now, day.isoformat(), None):
                raise NotFound(f"Nothing was told of {day}")

    def entry_before(self, day: dt.date) -> tuple[int, LogEntry | None] | None:
        """The number of the latest change of a day's entry and what was told before it; None where nothing was changed."""
        with self.database.transaction(write=False) as now:
            row = self._latest_change(now, day.isoformat())
        if row is None:
            return None
        return int(str(row[0])), None if row[1] is None else unpacked(str(row[1]), LogEntry)

    def undo_entry(self, day: dt.date, number: int) -> bool:
        """Take back change `number` of a day's entry; whether it was still the latest."""
        at = day.isoformat()
        with writing(self.database, self.person_id) as now:
            row = self._latest_change(now, at)
            if row is None or row[0] != number:
                return False
            self._set_entry(now, at, None if row[1] is None else str(row[1]))
            now.run(
                "DELETE FROM log_before WHERE person = :person AND day = :day AND number = :number",
                person=self.person_id,
                day=at,
                number=number,
            )
            return True

    def _change_entry(self, now: Transaction, day: str, record: str | None) -> bool:
        """Set a day's entry and keep what it was; whether anything changed."""
        found = now.one(
            "SELECT record FROM log_entry WHERE person = :person AND day = :day", person=self.person_id, day=day
        )
        before = None if found is None else str(found[0])
        if before == record:
            return False
        latest = self._latest_change(now, day)
        now.run(
            "INSERT INTO log_before (person, day, number, made, record)"
            " VALUES (:person, :day, :number, :made, :record)",
            person=self.person_id,
            day=day,
            number=1 if latest is None else 1 + int(str(latest[0])),
            made=now_utc(),
            record=before,
        )
        self._set_entry(now, day, record)
        return True

    def _set_entry(self, now: Transaction, day: str, record: str | None) -> None:
        if record is None:
            now.run("DELETE FROM log_entry WHERE person = :person AND day = :day", person=self.person_id, day=day)
            return
        now.run(
            "INSERT INTO log_entry (person, day, record) VALUES (:person, :day, :record)"
            " ON CONFLICT (person, day) DO UPDATE SET record = excluded.record",
            person=self.person_id,
            day=day,
            record=record,
        )

    def _latest_change(self, now: Transaction, day: str) -> Row | None:
        return now.one(
            "SELECT number, record FROM log_before WHERE person = :person AND day = :day ORDER BY number DESC LIMIT 1",
            person=self.person_id,
            day=day,
        )

    # -- tables somebody explained --------------------------------------------------------------------------------------

    def column_map(self, header: str) -> str | None:
        """Which column is what in tables with the header of this checksum, as JSON; None where nobody said."""
        with self.database.transaction(write=False) as now:
            row = now.one(
                "SELECT record FROM column_map WHERE person = :person AND header = :header",
                person=self.person_id,
                header=header,
            )
        return None if row is None else str(row[0])

    def column_maps(self) -> Mapping[str, str]:
        """Every table that was explained, by the checksum of its header."""
        with self.database.transaction(write=False) as now:
            rows = now.all("SELECT header, record FROM column_map WHERE person = :person", person=self.person_id)
        return {str(header): str(record) for header, record in rows}

    def keep_column_map(self, header: str, record: str) -> None:
        """Keep which column is what in tables with this header, in place of what was said before."""
        self._run(
            "INSERT INTO column_map (person, header, record) VALUES (:person, :header, :record)"
            " ON CONFLICT (person, header) DO UPDATE SET record = excluded.record",
            header=header,
            record=record,
        )

    # -- home exercises -------------------------------------------------------------------------------------------------

    def exercises_done(self) -> Mapping[dt.date, frozenset[str]]:
        """Keys of the home exercises done, by day."""
        with self.database.transaction(write=False) as now:
            rows = now.all("SELECT day, exercise FROM exercise_done WHERE person = :person", person=self.person_id)
        found: dict[dt.date, set[str]] = {}
        for day, exercise in rows:
            found.setdefault(dt.date.fromisoformat(str(day)), set()).add(str(exercise))
        return {day: frozenset(keys) for day, keys in found.items()}

    def keep_exercise_done(self, day: dt.date, exercise: str, *, done: bool = True) -> None:
        """Keep that an exercise was done on a day, or that it was not."""
        if done:
            sql = (
                "INSERT INTO exercise_done (person, day, exercise) VALUES (:person, :day, :exercise)"
                " ON CONFLICT DO NOTHING"
            )
        else:
            sql = "DELETE FROM exercise_done WHERE person = :person AND day = :day AND exercise = :exercise"
        self._run(sql, day=day.isoformat(), exercise=exercise)

    # -- who looked -----------------------------------------------------------------------------------------------------

    def looks(self) -> Sequence[tuple[str, ...]]:
        """Who looked at what, oldest first: day, name, page, the first and the last time that day, how often."""
        with self.database.transaction(write=False) as now:
            rows = now.all(
                "SELECT day, name, page, first, last, times FROM audit WHERE person = :person ORDER BY day, first, page",
                person=self.person_id,
            )
        return [tuple(map(str, row)) for row in rows]

    # -- rows -----------------------------------------------------------------------------------------------------------

    def _run(self, sql: str, **values: str) -> int:
        with writing(self.database, self.person_id) as now:
            return now.run(sql, person=self.person_id, **values)

    def _one(self, sql: str) -> object:
        with self.database.transaction(write=False) as now:
            row = now.one(sql, person=self.person_id)
        return None if row is None else row[0]

    def _record(self, sql: str, kind: type[T]) -> T | None:
        found = self._one(sql)
        return None if found is None else unpacked(str(found), kind)

    def _records(self, sql: str, kind: type[T]) -> list[T]:
        with self.database.transaction(write=False) as now:
            rows = now.all(sql, person=self.person_id)
        return [unpacked(str(row[0]), kind) for row in rows]


def _next(now: Transaction, sql: str, person_id: str) -> int:
    """One more than the highest number so far."""
    row = now.one(sql, person=person_id)
    return 1 if row is None or row[0] is None else int(str(row[0])) + 1

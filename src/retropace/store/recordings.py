"""Recordings: originals by checksum, what was read from them, corrections as a layer, figures that can be made anew."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from retropace.errors import Conflict, Damaged, NotFound, UnusableInput, printable, writable
from retropace.quantities import Direction
from retropace.recording import Declared, Recording
from retropace.session import Session
from retropace.store import originals
from retropace.store.database import Database, Row, Transaction, Value
from retropace.store.notebook import now_utc, writing
from retropace.store.originals import Original, original_of
from retropace.store.records import packed, unpacked

_COLUMNS = "id, sha256, name, added, started, day, duration_s, session, note, column_map, placement"

#: Two recordings that begin within these seconds of each other, and differ less than this in length, look like one outing.
LIKE_START_S, LIKE_DURATION = 60.0, 0.05


@dataclass(frozen=True, slots=True)
class Kept:
    """One recording as it is kept. `day` is local; `session` is what was prescribed when it came in, None where nothing.

    `note` is what its owner calls it; `column_map` says which column is what where the owner had to, as JSON; `placement`
    where they said that the sensor was worn, a value of `motion.placement.Placement`.
    """

    id: str
    sha256: str
    name: str
    added: dt.datetime
    started: dt.datetime | None
    day: dt.date
    duration_s: float
    session: Session | None
    note: str = ""
    column_map: str | None = None
    placement: str | None = None


def looks_like(kept: Kept, others: Sequence[Kept]) -> Kept | None:
    """The earliest kept of the other recordings that seem to be of the same outing."""
    return min((other for other in others if _alike(kept, other)), key=lambda other: other.added, default=None)


def _alike(one: Kept, other: Kept) -> bool:
    if one.id == other.id or one.started is None or other.started is None:
        return False
    apart = abs((one.started - other.started).total_seconds())
    longer = max(one.duration_s, other.duration_s)
    return apart <= LIKE_START_S and abs(one.duration_s - other.duration_s) <= LIKE_DURATION * longer


class Recordings:
    """One person's recordings."""

    def __init__(self, database: Database, person_id: str) -> None:
        self.database = database
        self.person_id = person_id

    def add(
        self,
        name: str,
        content: bytes,
        recording: Recording,
        day: dt.date,
        session: Session | None = None,
        column_map: str | None = None,
    ) -> tuple[Kept, bool]:
        """Keep an original and that it was read; the recording as kept, and whether it is new.

        Twice is once; but an original that was damaged where it is kept is whole again then.
        """
        known = self.whole(content)
        if known is not None:
            return known, False
        original = original_of(content)
        kept = Kept(
            original.sha256[:12],
            original.sha256,
            printable(writable(name)),
            dt.datetime.fromisoformat(now_utc()),
            recording.start,
            day,
            recording.duration_s,
            session,
            column_map=column_map,
        )
        return self._put(kept, original)

    def put_back(self, kept: Kept, content: bytes, corrections: Sequence[Declared] = ()) -> bool:
        """Keep a recording as it was kept elsewhere, with its corrections; whether it is new here.

        Raises UnusableInput where `content` is not what `kept` speaks of.
        """
        original = original_of(content)
        if original.sha256 != kept.sha256 or kept.id != kept.sha256[:12]:
            raise UnusableInput("The original is not the one that was kept", file=kept.name, remedy="Copy it again.")
        return self._put(kept, original, corrections)[1]

    def _put(self, kept: Kept, original: Original, corrections: Sequence[Declared] = ()) -> tuple[Kept, bool]:
        with self._writing() as now:
            known = self._by(now, "sha256", original.sha256)
            if known is not None:
                if originals.heal(now, self.person_id, original):
                    self._correction(now, known.id, "DELETE FROM figures WHERE {}")
                return known, False
            originals.put(now, self.person_id, original)
            now.run(
                f"INSERT INTO recording (person, {_COLUMNS})"  # noqa: S608 - our own column names
                " VALUES (:person, :id, :sha256, :name, :added, :started, :day, :duration_s, :session, :note, :column_map,"
                " :placement)",
                person=self.person_id,
                id=kept.id,
                sha256=kept.sha256,
                name=kept.name,
                added=kept.added.isoformat(),
                started=None if kept.started is None else _instant(kept.started),
                day=kept.day.isoformat(),
                duration_s=kept.duration_s,
                session=None if kept.session is None else packed(kept.session),
                note=kept.note,
                column_map=kept.column_map,
                placement=kept.placement,
            )
            for number, correction in enumerate(corrections, start=1):
                self._insert_correction(now, kept.id, number, correction)
        return kept, True

    def whole(self, content: bytes) -> Kept | None:
        """The recording that was read from these bytes, None where they are new, or damaged where they are kept."""
        with self.database.transaction(write=False) as now:
            known = self._by(now, "sha256", hashlib.sha256(content).hexdigest())
            try:
                return known if known is not None and self._original(now, known) == content else None
            except Damaged:
                return None

    def all(self) -> Sequence[Kept]:
        """Every recording, the latest first."""
        with self.database.transaction(write=False) as now:
            rows = now.all(
                f"SELECT {_COLUMNS} FROM recording WHERE person = :person"  # noqa: S608 - our own column names
                " ORDER BY day DESC, COALESCE(started, '') DESC, id",
                person=self.person_id,
            )
        return [_kept(row) for row in rows]

    def get(self, recording_id: str) -> Kept:
        """One recording. Raises NotFound."""
        with self.database.transaction(write=False) as now:
            found = self._by(now, "id", recording_id)
        if found is None:
            raise _gone()
        return found

    def alike(self, kept: Kept) -> Kept | None:
        """The earliest kept of the other recordings that seem to be of the same outing."""
        if kept.started is None:
            return None
        around = dt.timedelta(seconds=LIKE_START_S)
        with self.database.transaction(write=False) as now:
            rows = now.all(
                f"SELECT {_COLUMNS} FROM recording"  # noqa: S608 - our own column names
                " WHERE person = :person AND started BETWEEN :first AND :last",
                person=self.person_id,
                first=_instant(kept.started - around),
                last=_instant(kept.started + around),
            )
        return looks_like(kept, [_kept(row) for row in rows])

    def original(self, kept: Kept) -> bytes:
        """The file as it came. Raises Damaged where it is not what it was."""
        with self.database.transaction(write=False) as now:
            return self._original(now, kept)

    def _original(self, now: Transaction, kept: Kept) -> bytes:
        return originals.take(now, self.person_id, kept.sha256, kept.name)

    def remove(self, recording_id: str) -> None:
        """Delete a recording, its original, its corrections and figures. Raises NotFound."""
        with self._writing() as now:
            found = self._by(now, "id", recording_id)
            if found is None:
                raise _gone()
            originals.remove(now, self.person_id, found.sha256)
        self.database.release()

    def keep_session(self, recording_id: str, session: Session | None) -> None:
        """Keep which session was followed."""
        self._change(recording_id, "session", None if session is None else packed(session))

    def keep_note(self, recording_id: str, note: str) -> None:
        """Keep what its owner calls a recording; "" for nothing."""
        self._change(recording_id, "note", note)

    def keep_placement(self, recording_id: str, placement: str | None) -> None:
        """Keep where its owner says that the sensor was worn; None for nothing said. Raises NotFound."""
        self._change(recording_id, "placement", placement)

    def keep_column_map(self, recording_id: str, column_map: str, recording: Recording, day: dt.date) -> None:
        """Keep which column is what in an original, and when it was by that; corrections stay."""
        with self._writing() as now:
            changed = now.run(
                "UPDATE recording SET column_map = :column_map, started = :started, day = :day, duration_s = :duration_s"
                " WHERE person = :person AND id = :id",
                person=self.person_id,
                id=recording_id,
                column_map=column_map,
                started=None if recording.start is None else recording.start.isoformat(),
                day=day.isoformat(),
                duration_s=recording.duration_s,
            )
        if not changed:
            raise _gone()

    def _change(self, recording_id: str, column: str, value: str | None) -> None:
        with self._writing() as now:
            changed = now.run(
                f"UPDATE recording SET {column} = :value WHERE person = :person AND id = :id",  # noqa: S608 - our own words
                person=self.person_id,
                id=recording_id,
                value=value,
            )
        if not changed:
            raise _gone()

    # -- corrections ----------------------------------------------------------------------------------------------------

    def corrections(self, recording_id: str) -> tuple[Declared, ...]:
        """The corrections that count, in the order they were made: a later one wins over an earlier one."""
        with self.database.transaction(write=False) as now:
            rows = now.all(
                "SELECT start_s, end_s, direction FROM correction"
                " WHERE person = :person AND recording = :id AND undone = 0 ORDER BY number",
                person=self.person_id,
                id=recording_id,
            )
        return tuple(map(_declared, rows))

    def can_redo(self, recording_id: str) -> bool:
        """Whether a correction was taken back that can be brought back."""
        with self.database.transaction(write=False) as now:
            row = now.one(
                "SELECT 1 FROM correction WHERE person = :person AND recording = :id AND undone = 1 LIMIT 1",
                person=self.person_id,
                id=recording_id,
            )
        return row is not None

    def all_corrections(self) -> dict[str, tuple[Declared, ...]]:
        """The corrections that count, by recording, in the order they were made."""
        with self.database.transaction(write=False) as now:
            rows = now.all(
                "SELECT recording, start_s, end_s, direction FROM correction"
                " WHERE person = :person AND undone = 0 ORDER BY recording, number",
                person=self.person_id,
            )
        found: dict[str, tuple[Declared, ...]] = {}
        for recording, *spans in rows:
            found[str(recording)] = (*found.get(str(recording), ()), _declared(spans))
        return found

    def correct(self, recording_id: str, correction: Declared) -> None:
        """Lay one more correction over the recording; what was undone before it can be redone no more."""
        with self._writing() as now:
            self._correction(now, recording_id, "DELETE FROM correction WHERE {} AND undone = 1")
            row = now.one(
                "SELECT MAX(number) FROM correction WHERE person = :person AND recording = :id",
                person=self.person_id,
                id=recording_id,
            )
            number = 1 + int(str(row[0])) if row is not None and row[0] is not None else 1
            self._insert_correction(now, recording_id, number, correction)

    def undo(self, recording_id: str) -> bool:
        """Take back the latest correction that counts; whether there was one."""
        return self._switch(recording_id, "MAX", undone=False)

    def redo(self, recording_id: str) -> bool:
        """Bring back the correction that was taken back last; whether there was one."""
        return self._switch(recording_id, "MIN", undone=True)

    def _insert_correction(self, now: Transaction, recording_id: str, number: int, correction: Declared) -> None:
        now.run(
            "INSERT INTO correction (person, recording, number, start_s, end_s, direction, made)"
            " VALUES (:person, :id, :number, :start_s, :end_s, :direction, :made)",
            person=self.person_id,
            id=recording_id,
            number=number,
            start_s=correction.start_s,
            end_s=correction.end_s,
            direction=correction.direction.value,
            made=now_utc(),
        )

    def _switch(self, recording_id: str, which: str, *, undone: bool) -> bool:
        sql = (
            f"UPDATE correction SET undone = {int(not undone)} WHERE {{}} AND number = (SELECT {which}(number)"  # noqa: S608
            f" FROM correction WHERE {{}} AND undone = {int(undone)})"
        )
        with self._writing() as now:
            return bool(self._correction(now, recording_id, sql))

    def _correction(self, now: Transaction, recording_id: str, sql: str) -> int:
        mine = "person = :person AND recording = :id"
        return now.run(sql.replace("{}", mine), person=self.person_id, id=recording_id)

    # -- figures --------------------------------------------------------------------------------------------------------

    def digest(self, recording_id: str) -> tuple[str, str] | None:
        """What one recording's figures were made from, and the figures as JSON; None where there are none."""
        with self.database.transaction(write=False) as now:
            row = now.one(
                "SELECT made_from, digest FROM figures WHERE person = :person AND recording = :id",
                person=self.person_id,
                id=recording_id,
            )
        return None if row is None else (str(row[0]), str(row[1]))

    def digests(self) -> dict[str, tuple[str, str]]:
        """By recording: what its figures were made from, and the figures as JSON."""
        with self.database.transaction(write=False) as now:
            rows = now.all(
                "SELECT recording, made_from, digest FROM figures WHERE person = :person", person=self.person_id
            )
        return {str(recording): (str(made_from), str(digest)) for recording, made_from, digest in rows}

    def keep_digest(self, recording_id: str, made_from: str, digest: str) -> None:
        """Keep figures in place of earlier ones."""
        with self._writing() as now:
            now.run(
                "INSERT INTO figures (person, recording, made_from, digest) VALUES (:person, :id, :made_from, :digest)"
                " ON CONFLICT (person, recording) DO UPDATE SET made_from = excluded.made_from, digest = excluded.digest",
                person=self.person_id,
                id=recording_id,
                made_from=made_from,
                digest=digest,
            )

    # -- rows -----------------------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        """A transaction in which nobody else writes of this person. Raises NotFound for what is not there any more."""
        try:
            with writing(self.database, self.person_id) as now:
                yield now
        except Conflict as error:
            raise _gone() from error

    def _by(self, now: Transaction, column: str, value: str) -> Kept | None:
        row = now.one(
            f"SELECT {_COLUMNS} FROM recording WHERE person = :person AND {column} = :value",  # noqa: S608 - our own words
            person=self.person_id,
            value=value,
        )
        return None if row is None else _kept(row)


def _gone() -> NotFound:
    return NotFound("There is no such session", remedy="See all of them under Sessions.")


def _instant(start: dt.datetime) -> str:
    """An instant so that later ones sort after it."""
    return start.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _declared(row: Sequence[Value]) -> Declared:
    start_s, end_s, direction = row
    return Declared(float(str(start_s)), float(str(end_s)), Direction(str(direction)), "person")


def _kept(row: Row) -> Kept:
    recording_id, sha256, name, added, started, day, duration_s, session, note, column_map, placement = row
    return Kept(
        str(recording_id),
        str(sha256),
        str(name),
        dt.datetime.fromisoformat(str(added)),
        None if started is None else dt.datetime.fromisoformat(str(started)),
        dt.date.fromisoformat(str(day)),
        float(str(duration_s)),
        None if session is None else unpacked(str(session), Session),
        str(note),
        None if column_map is None else str(column_map),
        None if placement is None else str(placement),
    )

"""Coached runs: what a phone has sent of a coached session, part by part, each exactly once, until it is one recording."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from retropace.errors import Conflict, NotFound, UnusableInput
from retropace.files import FIRST_YEAR, LAST_YEAR
from retropace.store.database import Database, Row, Transaction
from retropace.store.instants import kept
from retropace.store.notebook import now_utc, writing

#: What a run is made of.
STREAMS = ("motion", "orientation", "lines")
#: The largest part and run [bytes]: a phone that feels 200 times a second gives 0.2 MB in ten seconds, 60 MB in an hour.
LARGEST_PART_BYTES, LARGEST_RUN_BYTES = 4_000_000, 300_000_000
#: Parts of one stream: a day and more of ten seconds each.
MOST_PARTS = 10_000
#: So many runs of a person may be under way at once: phones that were lost, sessions that were never sent.
MOST_OPEN = 20
#: A run that was begun so long ago is forgotten where nothing of it ever came, or all of it has become a recording. Should
#: the phone send that once more, it becomes the same bytes, and so the same recording.
FORGOTTEN_AFTER = dt.timedelta(days=90)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: No clock on earth is farther from UTC [min].
_FARTHEST_MIN = 15 * 60
#: Levels of lists and tables in a guide; ours have half as many.
_DEEPEST = 12
_COLUMNS = "id, day, began, offset_min, guide, state, recording, size_bytes"

State = Literal["open", "done"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `day` is that of the session it was; `began` in UTC; `recording` what it became, None where nothing."""

    id: str
    day: dt.date
    began: dt.datetime
    offset_min: int
    guide: Mapping[str, Any]
    state: State = "open"
    recording: str | None = None
    size_bytes: int = 0

    @property
    def began_local(self) -> dt.datetime:
        """When it began by the phone's own clock and zone."""
        return self.began.astimezone(dt.timezone(dt.timedelta(minutes=self.offset_min)))


@dataclass(frozen=True, slots=True)
class Part:
    """A part that came."""

    stream: str
    part: int
    size_bytes: int
    sha256: str


def is_run_id(text: str) -> bool:
    """Whether this may be the name of a run: a UUID in lower case."""
    return _UUID.fullmatch(text) is not None


def is_place(stream: str, part: str) -> bool:
    """Whether a part may stand here.

    >>> is_place("motion", "12"), is_place("motion", "-1"), is_place("sound", "1")
    (True, False, False)
    """
    return stream in STREAMS and re.fullmatch(r"[0-9]{1,4}", part) is not None


def sound(run: Run) -> Run:
    """The run as it came from a phone. Raises UnusableInput for what no phone sends."""
    if not is_run_id(run.id):
        raise UnusableInput("The run's name is no UUID", field="run", remedy="Send one in lower case.")
    if not FIRST_YEAR < run.began.year < LAST_YEAR or not FIRST_YEAR < run.day.year < LAST_YEAR:
        raise UnusableInput("The run began too long ago or too far ahead", field="began_ms", remedy="Set the clock.")
    if abs(run.offset_min) > _FARTHEST_MIN:
        remedy = "Send local time minus UTC in minutes."
        raise UnusableInput(f"{run.offset_min} is no time zone", field="offset_min", remedy=remedy)
    if _deeper(run.guide, _DEEPEST):
        raise UnusableInput("The guide is nested too deeply", field="guide", remedy="Reload the coach.")
    return run


def _deeper(value: object, levels: int) -> bool:
    """Whether there are more than so many levels of lists and tables."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(one, levels - 1) for one in inner)


class CoachedRuns:
    """One person's coached runs."""

    def __init__(self, database: Database, person_id: str) -> None:
        self.database = database
        self.person_id = person_id

    def begin(self, run: Run, now: dt.datetime) -> Run:
        """Make a run; one of this name stays as it is. Raises UnusableInput where too many are under way."""
        made = sound(run)
        with writing(self.database, self.person_id) as store:
            known = self._find(store, made.id)
            if known is not None:
                return known
            self._forget_old(store, now)
            row = store.one(
                "SELECT COUNT(*) FROM coached_run WHERE person = :person AND state = 'open'", person=self.person_id
            )
            if row is not None and int(str(row[0])) >= MOST_OPEN:
                remedy = "Send those that are still on a phone, or delete them."
                raise UnusableInput(f"{MOST_OPEN} coached sessions are under way already", field="run", remedy=remedy)
            self._insert(store, made)
        return replace(made, state="open", recording=None, size_bytes=0)

    def _forget_old(self, store: Transaction, now: dt.datetime) -> None:
        store.run(
            "DELETE FROM coached_run WHERE person = :person AND began < :before"
            " AND ((state = 'open' AND size_bytes = 0) OR (state = 'done' AND recording IS NOT NULL))",
            person=self.person_id,
            before=kept(now - FORGOTTEN_AFTER),
        )

    def _insert(self, store: Transaction, run: Run) -> None:
        store.run(
            "INSERT INTO coached_run (person, id, day, began, offset_min, guide, made)"
            " VALUES (:person, :id, :day, :began, :offset_min, :guide, :made)",
            person=self.person_id,
            id=run.id,
            day=run.day.isoformat(),
            began=run.began.astimezone(dt.UTC).isoformat(timespec="milliseconds"),
            offset_min=run.offset_min,
            guide=json.dumps(run.guide, separators=(",", ":")),
            made=now_utc(),
        )

    def all(self) -> Sequence[Run]:
        """Every run, the latest first."""
        with self.database.transaction(write=False) as store:
            rows = store.all(
                f"SELECT {_COLUMNS} FROM coached_run WHERE person = :person"  # noqa: S608 - our own column names
                " ORDER BY began DESC, id",
                person=self.person_id,
            )
        return [_run(row) for row in rows]

    def get(self, run_id: str) -> Run:
        """One run. Raises NotFound."""
        with self.database.transaction(write=False) as store:
            return self._get(store, run_id)

    def manifest(self, run_id: str) -> Sequence[Part]:
        """What came of a run, by stream and number; also of one that is done."""
        with self.database.transaction(write=False) as store:
            rows = store.all(
                "SELECT stream, part, size_bytes, sha256 FROM coached_part WHERE person = :person AND run = :run"
                " ORDER BY stream, part",
                person=self.person_id,
                run=run_id,
            )
        return [Part(str(stream), int(str(part)), int(str(size)), str(sha256)) for stream, part, size, sha256 in rows]

    def put(self, run_id: str, stream: str, part: int, body: bytes, sha256: str) -> Part:
        """Keep a part; it is on the disk when this returns. The same bytes again change nothing.

        Raises UnusableInput where `body` has another checksum or is too large, NotFound where there is no such run or
        place, Conflict where other bytes have this place, or the run is done.
        """
        if not is_place(stream, str(part)):
            raise NotFound("There is no such part of a run", remedy="Number the parts of a stream from 0.")
        if len(body) > LARGEST_PART_BYTES:
            raise UnusableInput("The part is larger than 4 MB", field="body", remedy="Send less in one go.")
        if not _SHA256.fullmatch(sha256) or hashlib.sha256(body).hexdigest() != sha256:
            raise UnusableInput("The part was damaged on its way", field="x-sha256", remedy="Send it again.")
        sent = Part(stream, part, len(body), sha256)
        with self._changing(run_id) as (store, run):
            there = self._part(store, run_id, stream, part)
            if there is None:
                self._add(store, run, sent, body)
            elif there != sent:
                remedy = "Send each part as it was cut first."
                raise Conflict(f"Other bytes came as {stream} {part} before", field="x-sha256", remedy=remedy)
        return sent

    def _part(self, store: Transaction, run_id: str, stream: str, part: int) -> Part | None:
        row = store.one(
            "SELECT size_bytes, sha256 FROM coached_part"
            " WHERE person = :person AND run = :run AND stream = :stream AND part = :part",
            person=self.person_id,
            run=run_id,
            stream=stream,
            part=part,
        )
        return None if row is None else Part(stream, part, int(str(row[0])), str(row[1]))

    def _add(self, store: Transaction, run: Run, sent: Part, body: bytes) -> None:
        if run.state == "done":
            raise Conflict("This session is finished already", field="run", remedy="Open it under Sessions.")
        if run.size_bytes + len(body) > LARGEST_RUN_BYTES:
            raise UnusableInput("The run is larger than 300 MB", field="body", remedy="Finish it with what has come.")
        store.run(
            "INSERT INTO coached_part (person, run, stream, part, sha256, size_bytes, body)"
            " VALUES (:person, :run, :stream, :part, :sha256, :size_bytes, :body)",
            person=self.person_id,
            run=run.id,
            stream=sent.stream,
            part=sent.part,
            sha256=sent.sha256,
            size_bytes=sent.size_bytes,
            body=body,
        )
        store.run(
            "UPDATE coached_run SET size_bytes = size_bytes + :more WHERE person = :person AND id = :id",
            person=self.person_id,
            id=run.id,
            more=sent.size_bytes,
        )

    def bodies(self, run_id: str) -> dict[str, list[bytes]]:
        """What came of a run by stream, its parts in order; empty once they are gone."""
        with self.database.transaction(write=False) as store:
            rows = store.all(
                "SELECT stream, body FROM coached_part WHERE person = :person AND run = :run ORDER BY stream, part",
                person=self.person_id,
                run=run_id,
            )
        found: dict[str, list[bytes]] = {stream: [] for stream in STREAMS}
        for stream, body in rows:
            found[str(stream)].append(body if isinstance(body, bytes) else b"")
        return found

    def finish(self, run_id: str, recording: str | None) -> Run:
        """The run has become `recording`: its bytes go, what came stays told. One that became nothing keeps its bytes.

        A run that is done stays as it is. Raises NotFound.
        """
        with self._changing(run_id) as (store, run):
            if run.state == "done":
                return run
            store.run(
                "UPDATE coached_run SET state = 'done', recording = :recording WHERE person = :person AND id = :id",
                person=self.person_id,
                id=run_id,
                recording=recording,
            )
            if recording is not None:
                store.run(
                    "UPDATE coached_part SET body = :nothing WHERE person = :person AND run = :run",
                    person=self.person_id,
                    run=run_id,
                    nothing=b"",
                )
        self.database.release()
        return replace(run, state="done", recording=recording)

    def forget(self, run_id: str) -> None:
        """Delete a run and what came of it; its recording stays. Raises NotFound."""
        with self._changing(run_id) as (store, run):
            store.run("DELETE FROM coached_run WHERE person = :person AND id = :id", person=self.person_id, id=run.id)
        self.database.release()

    @contextmanager
    def _changing(self, run_id: str) -> Iterator[tuple[Transaction, Run]]:
        """A transaction in which nobody else writes of this person, and the run as it is. Raises NotFound."""
        with writing(self.database, self.person_id) as store:
            yield store, self._get(store, run_id)

    def _get(self, store: Transaction, run_id: str) -> Run:
        found = self._find(store, run_id)
        if found is None:
            raise NotFound("There is no such run", remedy="Begin it first.")
        return found

    def _find(self, store: Transaction, run_id: str) -> Run | None:
        row = store.one(
            f"SELECT {_COLUMNS} FROM coached_run WHERE person = :person AND id = :id",  # noqa: S608 - our own words
            person=self.person_id,
            id=run_id,
        )
        return None if row is None else _run(row)


def missing(manifest: Sequence[Part], declared: Mapping[str, int]) -> list[tuple[str, int]]:
    """Parts that should be there and are not, where each stream of `declared` has so many.

    >>> missing([Part("motion", 0, 1, "")], {"motion": 2, "lines": 1})
    [('lines', 0), ('motion', 1)]
    """
    there = {(part.stream, part.part) for part in manifest}
    return sorted({(stream, k) for stream, count in declared.items() for k in range(count)} - there)


def _run(row: Row) -> Run:
    run_id, day, began, offset_min, guide, state, recording, size_bytes = row
    return Run(
        str(run_id),
        dt.date.fromisoformat(str(day)),
        dt.datetime.fromisoformat(str(began)),
        int(str(offset_min)),
        json.loads(str(guide)),
        "done" if state == "done" else "open",
        None if recording is None else str(recording),
        int(str(size_bytes)),
    )

"""Sharing: who may see what of whom, from the one-time invitation to the day it is stopped."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from retropace.errors import NotFound, UnusableInput
from retropace.store.database import Database, Row
from retropace.store.instants import kept
from retropace.store.token import checksum, new_token

#: What can be shared, each apart.
SHARES = ("plan", "log", "sessions", "progress", "screening")
#: Nobody needs more people, or open invitations, at once.
MOST = 50
_INVITATION = "code, person, shares, made, expires, name"
_SHARE = "person, viewer, shares, made, name"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One that nobody took yet. `name` is what the owner calls whom they invite. `id` names it, opens nothing."""

    checksum: str
    person_id: str
    shares: frozenset[str]
    made: dt.datetime
    expires: dt.datetime
    name: str

    @property
    def id(self) -> str:
        """What lists and forms call it."""
        return self.checksum[:16]


@dataclass(frozen=True, slots=True)
class Share:
    """What the person shares with the viewer; `name` is what the person calls the viewer."""

    person_id: str
    viewer_id: str
    shares: frozenset[str]
    made: dt.datetime
    name: str


class Sharing:
    """All sharing in a house."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def invite(self, person_id: str, name: str, shares: Iterable[str], now: dt.datetime, lasts: dt.timedelta) -> str:
        """A one-time code for somebody. Raises UnusableInput where nothing is shared, or too much is open."""
        chosen = _chosen(shares)
        if len(self.invitations(person_id, now)) + len(self.viewers(person_id)) >= MOST:
            raise UnusableInput(f"You share with {MOST} people already", remedy="Stop one first.")
        code = new_token()
        with self.database.transaction() as store:
            store.run("DELETE FROM invitation WHERE expires <= :now", now=kept(now))
            store.run(
                f"INSERT INTO invitation ({_INVITATION}) VALUES (:code, :person, :shares, :made, :expires, :name)",  # noqa: S608
                code=checksum(code),
                person=person_id,
                shares=chosen,
                made=kept(now),
                expires=kept(now + lasts),
                name=name,
            )
        return code

    def invitation(self, code: str, now: dt.datetime) -> Invitation:
        """What a code offers. Raises NotFound for one that was used, was withdrawn, or came too late."""
        with self.database.transaction(write=False) as store:
            row = store.one(f"SELECT {_INVITATION} FROM invitation WHERE code = :code", code=checksum(code))  # noqa: S608
        if row is None or _invitation(row).expires <= now:
            remedy = "A link works once, and only for some days. Ask for another one."
            raise NotFound("This invitation is not open any more", remedy=remedy)
        return _invitation(row)

    def accept(self, code: str, viewer_id: str, now: dt.datetime) -> Share:
        """Take an invitation: it is used up by that. Raises NotFound as `invitation`, UnusableInput for one's own."""
        found = self.invitation(code, now)
        if found.person_id == viewer_id:
            raise UnusableInput("This invitation is your own", remedy="Send it to the one it is for.")
        with self.database.transaction() as store:
            if not store.run("DELETE FROM invitation WHERE code = :code", code=found.checksum):
                raise NotFound("This invitation is not open any more", remedy="Ask for another one.")
            store.run(
                f"INSERT INTO share ({_SHARE}) VALUES (:person, :viewer, :shares, :made, :name)"  # noqa: S608
                " ON CONFLICT (person, viewer) DO UPDATE SET shares = excluded.shares, name = excluded.name",
                person=found.person_id,
                viewer=viewer_id,
                shares=_chosen(found.shares),
                made=kept(now),
                name=found.name,
            )
        return Share(found.person_id, viewer_id, found.shares, now, found.name)

    def decline(self, code: str, now: dt.datetime) -> None:
        """Refuse an invitation, so that nobody can take it. Raises NotFound."""
        found = self.invitation(code, now)
        self.withdraw(found.person_id, found.id)

    def withdraw(self, person_id: str, invitation_id: str) -> None:
        """Take an invitation back. Raises NotFound where it was taken meanwhile."""
        with self.database.transaction() as store:
            sql = "DELETE FROM invitation WHERE person = :person AND SUBSTR(code, 1, 16) = :id"
            if not store.run(sql, person=person_id, id=invitation_id):
                raise NotFound("This invitation is not open any more", remedy="See with whom you share.")

    def change(self, person_id: str, viewer_id: str, shares: Iterable[str]) -> None:
        """Share something else from now on. Raises NotFound, UnusableInput where nothing is left."""
        with self.database.transaction() as store:
            sql = "UPDATE share SET shares = :shares WHERE person = :person AND viewer = :viewer"
            if not store.run(sql, shares=_chosen(shares), person=person_id, viewer=viewer_id):
                raise NotFound("You share nothing with this person")

    def stop(self, person_id: str, viewer_id: str) -> None:
        """Share nothing with somebody from this moment on. Raises NotFound."""
        with self.database.transaction() as store:
            sql = "DELETE FROM share WHERE person = :person AND viewer = :viewer"
            if not store.run(sql, person=person_id, viewer=viewer_id):
                raise NotFound("You share nothing with this person")

    def between(self, person_id: str, viewer_id: str) -> Share | None:
        """What a person shares with a viewer, None where they do not know each other."""
        with self.database.transaction(write=False) as store:
            sql = f"SELECT {_SHARE} FROM share WHERE person = :person AND viewer = :viewer"  # noqa: S608 - our own words
            row = store.one(sql, person=person_id, viewer=viewer_id)
        return None if row is None else _share(row)

    def invitations(self, person_id: str, now: dt.datetime) -> Sequence[Invitation]:
        """A person's open invitations, the newest first."""
        with self.database.transaction(write=False) as store:
            rows = store.all(
                f"SELECT {_INVITATION} FROM invitation WHERE person = :person ORDER BY made DESC",  # noqa: S608
                person=person_id,
            )
        return [found for found in map(_invitation, rows) if found.expires > now]

    def viewers(self, person_id: str) -> Sequence[Share]:
        """With whom a person shares."""
        return self._shares_by("person", person_id)

    def owners(self, viewer_id: str) -> Sequence[Share]:
        """Who shares with a viewer."""
        return self._shares_by("viewer", viewer_id)

    def told_by_owners(self, viewer_id: str) -> dict[str, str]:
        """By owner who shares with a viewer: the checksum of everything they told, which changes when that does."""
        sums: dict[str, Any] = {}
        with self.database.transaction(write=False) as store:
            for table, order in (("screening", "day"), ("wanted", "number"), ("log_entry", "day")):
                rows = store.all(
                    f"SELECT t.person, t.record FROM {table} t JOIN share s ON s.person = t.person"  # noqa: S608
                    f" WHERE s.viewer = :viewer ORDER BY t.person, t.{order}",
                    viewer=viewer_id,
                )
                for person, record in rows:
                    sums.setdefault(str(person), hashlib.sha256()).update(f"{table}{record!s}".encode())
            undone = store.all(
                "SELECT t.person, t.number FROM wanted t JOIN share s ON s.person = t.person"
                " WHERE s.viewer = :viewer AND t.undone = 1 ORDER BY t.person, t.number",
                viewer=viewer_id,
            )
        for person, number in undone:
            sums[str(person)].update(f"undone{number!s}".encode())
        return {person: found.hexdigest() for person, found in sums.items()}

    def _shares_by(self, column: str, value: str) -> Sequence[Share]:
        with self.database.transaction(write=False) as store:
            rows = store.all(f"SELECT {_SHARE} FROM share WHERE {column} = :value ORDER BY made, name", value=value)  # noqa: S608
        return list(map(_share, rows))


def _chosen(shares: Iterable[str]) -> str:
    wanted = set(shares)
    chosen = [share for share in SHARES if share in wanted]
    if not chosen or len(chosen) != len(wanted):
        raise UnusableInput("Nothing is chosen", field="shares", remedy="Choose at least one thing to share.")
    return json.dumps(chosen)


def _shares(text: object) -> frozenset[str]:
    return frozenset(json.loads(str(text)))


def _invitation(row: Row) -> Invitation:
    code, person_id, shares, made, expires, name = map(str, row)
    return Invitation(
        code, person_id, _shares(shares), dt.datetime.fromisoformat(made), dt.datetime.fromisoformat(expires), name
    )


def _share(row: Row) -> Share:
    person_id, viewer_id, shares, made, name = map(str, row)
    return Share(person_id, viewer_id, _shares(shares), dt.datetime.fromisoformat(made), name)

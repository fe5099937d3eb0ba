"""Sign-ins: which browsers are signed in as whom. A browser holds a token; only its checksum is kept here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from retropace.errors import NotFound
from retropace.store.database import Database, Row
from retropace.store.instants import kept
from retropace.store.token import checksum, new_token

#: A sign-in ends when it was not used for so long, and at the latest after the second of the two.
IDLE, LONGEST = dt.timedelta(days=30), dt.timedelta(days=180)
#: Between password and code there is little time.
HALF = dt.timedelta(minutes=10)
#: That somebody was there is kept at most this often.
_SEEN_EACH = dt.timedelta(minutes=5)
_COLUMNS = "token, person, made, seen, device, half"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser's. `half`: the password was right and the second step is still to come. `id` names it, opens nothing."""

    checksum: str
    person_id: str
    made: dt.datetime
    seen: dt.datetime
    device: str
    half: bool

    @property
    def id(self) -> str:
        """What lists and forms call it."""
        return self.checksum[:16]

    def ended(self, now: dt.datetime) -> bool:
        """Whether it counts no more."""
        return now >= self.made + (HALF if self.half else LONGEST) or now >= self.seen + IDLE


class SignIns:
    """The sign-ins of a house."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, person_id: str, device: str, now: dt.datetime, *, half: bool = False) -> str:
        """A new sign-in; its token, for the browser alone."""
        token = new_token()
        instant = kept(now)
        with self.database.transaction() as store:
            store.run(
                f"INSERT INTO sign_in ({_COLUMNS}) VALUES (:token, :person, :made, :made, :device, :half)",  # noqa: S608
                token=checksum(token),
                person=person_id,
                made=instant,
                device=device,
                half=int(half),
            )
        return token

    def find(self, token: str, now: dt.datetime) -> SignIn | None:
        """Whose token it is, None where it counts no more. One that ended is forgotten."""
        with self.database.transaction(write=False) as store:
            row = store.one(f"SELECT {_COLUMNS} FROM sign_in WHERE token = :token", token=checksum(token))  # noqa: S608
        if row is None:
            return None
        found = _sign_in(row)
        if found.ended(now):
            self.end(found)
            return None
        if now >= found.seen + _SEEN_EACH:
            self._see(found, now)
        return found

    def of(self, person_id: str, now: dt.datetime) -> Sequence[SignIn]:
        """Where somebody is signed in, the latest used first."""
        with self.database.transaction(write=False) as store:
            rows = store.all(
                f"SELECT {_COLUMNS} FROM sign_in WHERE person = :person AND half = 0 ORDER BY seen DESC, made DESC",  # noqa: S608
                person=person_id,
            )
        return [found for found in map(_sign_in, rows) if not found.ended(now)]

    def end(self, sign_in: SignIn) -> None:
        """Sign out."""
        with self.database.transaction() as store:
            store.run("DELETE FROM sign_in WHERE token = :token", token=sign_in.checksum)

    def end_by_id(self, person_id: str, sign_in_id: str) -> None:
        """Sign out one of somebody's browsers. Raises NotFound."""
        with self.database.transaction() as store:
            sql = "DELETE FROM sign_in WHERE person = :person AND SUBSTR(token, 1, 16) = :id"
            if not store.run(sql, person=person_id, id=sign_in_id):
                raise NotFound("This browser is signed out already")

    def end_all(self, person_id: str, but: SignIn | None = None) -> int:
        """Sign out everywhere, but here where `but` is given; how many browsers were signed out."""
        here = "" if but is None else but.checksum
        with self.database.transaction() as store:
            sql = "DELETE FROM sign_in WHERE person = :person AND token <> :here"
            return store.run(sql, person=person_id, here=here)

    def sweep(self, now: dt.datetime) -> None:
        """Forget every sign-in that ended."""
        with self.database.transaction() as store:
            store.run(
                "DELETE FROM sign_in WHERE made <= :longest OR seen <= :idle OR (half = 1 AND made <= :half)",
                longest=kept(now - LONGEST),
                idle=kept(now - IDLE),
                half=kept(now - HALF),
            )

    def _see(self, sign_in: SignIn, now: dt.datetime) -> None:
        with self.database.transaction() as store:
            sql = "UPDATE sign_in SET seen = :now WHERE token = :token"
            store.run(sql, now=kept(now), token=sign_in.checksum)


def _sign_in(row: Row) -> SignIn:
    token, person_id, made, seen, device, half = map(str, row)
    return SignIn(
        token, person_id, dt.datetime.fromisoformat(made), dt.datetime.fromisoformat(seen), device, half == "1"
    )

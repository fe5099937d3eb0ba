"""API tokens: what programs sign in with. A token is shown once; its checksum is kept, and what it may do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from retropace.errors import NotFound, UnusableInput
from retropace.store.database import Database, Row
from retropace.store.instants import kept
from retropace.store.token import checksum, new_token

#: How every token of ours begins, so that it is known where it lies about.
PREFIX = "retropace_"
#: Nobody needs more at once.
MOST = 20
_SEEN_EACH = dt.timedelta(minutes=5)
_COLUMNS = "token, person, name, may_write, made, used"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token. `used` is when it was used last, None where it never was. `id` names it, opens nothing."""

    checksum: str
    person_id: str
    name: str
    may_write: bool
    made: dt.datetime
    used: dt.datetime | None

    @property
    def id(self) -> str:
        """What lists and forms call it."""
        return self.checksum[:16]


class ApiTokens:
    """The API tokens of a house."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, person_id: str, name: str, now: dt.datetime, *, may_write: bool) -> str:
        """A new token. Raises UnusableInput where there are too many."""
        if len(self.of(person_id)) >= MOST:
            raise UnusableInput(f"There are {MOST} tokens already", remedy="Take one away first.")
        token = new_token(PREFIX)
        with self.database.transaction() as store:
            store.run(
                "INSERT INTO api_token (token, person, name, may_write, made)"
                " VALUES (:token, :person, :name, :may_write, :made)",
                token=checksum(token),
                person=person_id,
                name=name,
                may_write=int(may_write),
                made=kept(now),
            )
        return token

    def find(self, token: str, now: dt.datetime) -> ApiToken | None:
        """Whose token it is and what it may do, None where it is nobody's."""
        with self.database.transaction(write=False) as store:
            row = store.one(f"SELECT {_COLUMNS} FROM api_token WHERE token = :token", token=checksum(token))  # noqa: S608
        if row is None:
            return None
        found = _api_token(row)
        if found.used is None or now >= found.used + _SEEN_EACH:
            with self.database.transaction() as store:
                sql = "UPDATE api_token SET used = :now WHERE token = :token"
                store.run(sql, now=kept(now), token=found.checksum)
        return found

    def of(self, person_id: str) -> Sequence[ApiToken]:
        """Somebody's tokens, the newest first."""
        with self.database.transaction(write=False) as store:
            rows = store.all(
                f"SELECT {_COLUMNS} FROM api_token WHERE person = :person ORDER BY made DESC, name",  # noqa: S608
                person=person_id,
            )
        return list(map(_api_token, rows))

    def remove(self, person_id: str, token_id: str) -> None:
        """Take a token away at once. Raises NotFound."""
        with self.database.transaction() as store:
            sql = "DELETE FROM api_token WHERE person = :person AND SUBSTR(token, 1, 16) = :id"
            if not store.run(sql, person=person_id, id=token_id):
                raise NotFound("This token is gone already")


def _api_token(row: Row) -> ApiToken:
    token, person_id, name, may_write, made, used = row
    return ApiToken(
        str(token),
        str(person_id),
        str(name),
        may_write == 1,
        dt.datetime.fromisoformat(str(made)),
        None if used is None else dt.datetime.fromisoformat(str(used)),
    )

"""Spotter links: secret addresses that let somebody without an account look out for one run, for some hours."""

import datetime as dt
import secrets
from dataclasses import dataclass

from retropace.store.database import Database
from retropace.store.notebook import now_utc
from retropace.store.records import packed, unpacked
from retropace.store.token import checksum

#: A token's random part [bytes]: 128 bits.
_TOKEN_BYTES = 16
#: So long after it was made a link opens nothing any more, whatever became of the run.
LASTS = dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Spotting:
    """What a link opens: whose run, which one, and until when. `key` is the checksum of its token."""

    key: str
    person_id: str
    run: str
    expires: dt.datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    run: str
    expires: dt.datetime


class SpotterLinks:
    """The spotter links of a house; a person has one at most, for the run they are about to begin or are on."""

    _SHOWS = "run"

    def __init__(self, database: Database) -> None:
        self.database = database

    def renew(self, person_id: str, run: str, now: dt.datetime) -> tuple[str, Spotting]:
        """A new token and what it opens; whatever link there was before opens nothing from now on."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        made = Spotting(checksum(token), person_id, run, now.astimezone(dt.UTC) + LASTS)
        with self.database.transaction() as store:
            store.run("DELETE FROM secret_link WHERE person = :person AND shows = :shows", **self._of(person_id))
            store.run(
                "INSERT INTO secret_link (token, person, shows, options, made)"
                " VALUES (:token, :person, :shows, :options, :made)",
                **self._of(person_id),
                token=made.key,
                options=packed(_Kept(run, made.expires)),
                made=now_utc(),
            )
        return token, made

    def find(self, token: str, now: dt.datetime) -> Spotting | None:
        """What `token` opens, None where it opens nothing (any more)."""
        key = checksum(token)
        with self.database.transaction(write=False) as store:
            sql = "SELECT person, options FROM secret_link WHERE token = :token AND shows = :shows"
            row = store.one(sql, token=key, shows=self._SHOWS)
        if row is None:
            return None
        kept = unpacked(str(row[1]), _Kept)
        return Spotting(key, str(row[0]), kept.run, kept.expires) if now < kept.expires else None

    def end(self, person_id: str, run: str) -> bool:
        """Let the link to this run open nothing any more; whether there was one."""
        with self.database.transaction() as store:
            sql = "SELECT token, options FROM secret_link WHERE person = :person AND shows = :shows"
            rows = store.all(sql, **self._of(person_id))
            ended = [str(token) for token, options in rows if unpacked(str(options), _Kept).run == run]
            for token in ended:
                store.run("DELETE FROM secret_link WHERE token = :token", token=token)
        return bool(ended)

    def _of(self, person_id: str) -> dict[str, str]:
        return {"person": person_id, "shows": self._SHOWS}

"""Secret links: addresses with a secret in them that show one thing and need no sign-in, as the calendar feed."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field, replace

from retropace.store.database import Database, Row
from retropace.store.notebook import now_utc
from retropace.store.records import packed, unpacked

_COLUMNS = "token, person, options"
_TOKEN_BYTES = 16  # 128 bits


def _identity() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar feed says, and what it said last.

    `busy_only` hides what the time is for; `at` is when sessions begin, `alarm_min` minutes of warning. Its entries keep
    their names as long as `identity` stays. `sequence` grows, and `changed` is when, whenever what it says changes;
    `said` is the checksum of that.
    """

    busy_only: bool = False
    at: dt.time = dt.time(18)
    alarm_min: int | None = None
    identity: str = field(default_factory=_identity)
    sequence: int = 0
    changed: dt.datetime | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its secret, whose it is, and what it says."""

    token: str
    person_id: str
    feed: Feed


class CalendarLinks:
    """The links to calendars of a house; a person has one at most."""

    _SHOWS = "calendar"

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, person_id: str) -> Link | None:
        """A person's link, None where there is none."""
        with self.database.transaction(write=False) as now:
            sql = f"SELECT {_COLUMNS} FROM secret_link WHERE person = :person AND shows = :shows"  # noqa: S608
            row = now.one(sql, person=person_id, shows=self._SHOWS)
        return None if row is None else _link(row)

    def find(self, token: str) -> Link | None:
        """The link with this secret, None where there is none any more."""
        with self.database.transaction(write=False) as now:
            sql = f"SELECT {_COLUMNS} FROM secret_link WHERE token = :token AND shows = :shows"  # noqa: S608
            row = now.one(sql, token=token, shows=self._SHOWS)
        return None if row is None else _link(row)

    def renew(self, person_id: str, feed: Feed) -> Link:
        """A link with a new secret in place of any before, which opens nothing from now on."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self.database.transaction() as now:
            sql = "DELETE FROM secret_link WHERE person = :person AND shows = :shows"
            now.run(sql, person=person_id, shows=self._SHOWS)
            now.run(
                "INSERT INTO secret_link (token, person, shows, options, made)"
                " VALUES (:token, :person, :shows, :options, :made)",
                token=token,
                person=person_id,
                shows=self._SHOWS,
                options=packed(feed),
                made=now_utc(),
            )
        return Link(token, person_id, feed)

    def keep(self, link: Link) -> None:
        """Keep what a link says; one that was taken back meanwhile stays so."""
        with self.database.transaction() as now:
            sql = "UPDATE secret_link SET options = :options WHERE token = :token"
            now.run(sql, options=packed(link.feed), token=link.token)

    def revoke(self, person_id: str) -> bool:
        """Take a person's link back; whether there was one."""
        with self.database.transaction() as now:
            sql = "DELETE FROM secret_link WHERE person = :person AND shows = :shows"
            return bool(now.run(sql, person=person_id, shows=self._SHOWS))


def said_anew(feed: Feed, content: bytes, now: dt.datetime) -> Feed:
    """The feed after it has said `content`: the next in the sequence where that differs from what it said before."""
    said = hashlib.sha256(content).hexdigest()[:32]
    if said == feed.said:
        return feed
    return replace(feed, said=said, changed=now, sequence=feed.sequence + 1)


def _link(row: Row) -> Link:
    token, person, options = row
    return Link(str(token), str(person), unpacked(str(options), Feed))

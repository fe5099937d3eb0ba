"""Watched: the people who share with somebody, those first who need an eye today, and why."""

import datetime as dt
from dataclasses import dataclass

from retropace.attention import Alert, Attention, attention
from retropace.errors import UnusableInput
from retropace.store.accounts import Accounts
from retropace.store.audit import Audit
from retropace.store.database import Database
from retropace.store.notebook import Notebook
from retropace.store.sharing import SHARES, Share, Sharing
from retropace.web.days import short_day
from retropace.web.language import say
from retropace.web.visit import Visit

#: The first page of each thing that can be shared, in the order one wants to see them.
FIRST_PAGES = {
    "plan": "/plan",
    "sessions": "/sessions",
    "log": "/log/all",
    "progress": "/progress",
    "screening": "/welcome/result",
}
#: The list of people, as the audit calls it.
OVERVIEW = "/people"
#: By person and what they share: the checksum of what they told, the day, and what it came to. It is worked out once a day
#: and change.
_remembered: dict[tuple[str, frozenset[str]], tuple[str, dt.date, tuple[Attention, ...]]] = {}


@dataclass(frozen=True, slots=True)
class Watched:
    """Somebody who shares with the viewer. `alerts` are why they need an eye today, in words with the kind before."""

    person_id: str
    name: str
    shares: frozenset[str]
    since: dt.datetime
    alerts: tuple[tuple[Alert, str], ...]

    @property
    def pages(self) -> list[tuple[str, str]]:
        """What is shared, in words, and where it begins."""
        return [(share_words(share), f"/with/{self.person_id}{path}") for share, path in shown(self.shares)]


def watched(visit: Visit) -> list[Watched]:
    """Everybody who shares with the viewer, the most urgent first, then by name. That they were looked at is noted."""
    database = visit.house.database
    sharing = Sharing(database)
    told = sharing.told_by_owners(visit.viewer_id)
    owners = sharing.owners(visit.viewer_id)
    names = [(share.person_id, share.name) for share in owners]
    Audit(database).note_all(names, visit.viewer_id, OVERVIEW, visit.house.clock())
    found = [_watched(database, share, told.get(share.person_id, ""), visit.today) for share in owners]
    return sorted(found, key=lambda one: (_urgency(one), one.name.casefold()))


def _watched(database: Database, share: Share, told: str, today: dt.date) -> Watched:
    alerts = _attention(database, share, told, today)
    words = tuple((one.alert, alert_words(one, today)) for one in alerts)
    return Watched(share.person_id, name_of(database, share.person_id), share.shares, share.made, words)


def _attention(database: Database, share: Share, told: str, today: dt.date) -> tuple[Attention, ...]:
    key = share.person_id, share.shares
    before = _remembered.get(key)
    if before is not None and before[:2] == (told, today):
        return before[2]
    try:
        found = attention(Notebook(database, share.person_id), today, share.shares)
    except UnusableInput:  # one record that nobody can read must not hide everybody else
        found = (Attention(Alert.UNREADABLE),)
    _remembered[key] = (told, today, found)
    return found


def name_of(database: Database, person_id: str) -> str:
    """What somebody calls themselves, else how they sign in."""
    return Notebook(database, person_id).settings().name or Accounts(database).of(person_id).login


def shown(shares: frozenset[str]) -> list[tuple[str, str]]:
    """What of the first pages is shared, in their order."""
    return [(share, path) for share, path in FIRST_PAGES.items() if share in shares]


def shares_words(shares: frozenset[str]) -> str:
    """What is shared, as a list in words."""
    return ", ".join(share_words(share) for share in SHARES if share in shares)


def share_words(share: str) -> str:
    """One thing that can be shared."""
    return {
        "plan": say("Plan"),
        "log": say("Log"),
        "sessions": say("Sessions"),
        "progress": say("Progress"),
        "screening": say("Screening"),
    }[share]


def alert_words(one: Attention, today: dt.date) -> str:
    """Why somebody needs an eye, in a few words."""
    day = "" if one.day is None else short_day(one.day, today)
    if one.alert is Alert.PAIN and one.where is not None:
        part, side = one.where
        place = f"{side} {part}".replace("_", " ")
        return say("Pain: {place} {value:g} of 10, told of {day}", place=place, value=one.value, day=day)
    if one.alert is Alert.SCREENING and one.day is None:
        return say("Not screened yet")
    if one.alert is Alert.SILENT and one.day is None:
        return say("Has told nothing yet")
    if one.alert is Alert.UNREADABLE:
        return say("Something they told cannot be read any more")
    return {
        Alert.REFERRED: say("Sent to a clinician after a warning sign, since {day}", day=day),
        Alert.STOPPED: say("Stopped since {day}", day=day),
        Alert.NOT_NOW: say("The screening of {day} says: not now", day=day),
        Alert.SCREENING: say("The screening ran out on {day}", day=day),
        Alert.SILENT: say("Nothing told since {day}", day=day),
    }[one.alert]


def _urgency(one: Watched) -> int:
    kinds = list(Alert)
    return min((kinds.index(alert) for alert, _ in one.alerts), default=len(kinds))

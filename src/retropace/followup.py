"""Follow-up: what is still to be asked about the sessions of the last days, so that a page can ask it in ten seconds."""

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from retropace.log import Done, LogEntry, Where
from retropace.store import Told

#: A recorded session is asked about for so many days.
SESSION_DAYS = 7
#: Days after the session on which each question is asked; the second one may also be answered a day late.
_ASKED_ON = {"morning": (1,), "two_days": (2, 3)}


class Asking(enum.StrEnum):
    """What is asked."""

    MORNING = "morning"  # how a session left somebody, the next morning
    TWO_DAYS = "two_days"  # how sore two days after
    SESSION = "session"  # how a recorded session went at all


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One question about the session of `day`. `places` hurt or were sore when it was told last: they come first."""

    kind: Asking
    day: dt.date
    places: tuple[Where, ...] = ()


def open_questions(store: Told, today: dt.date, recorded: Iterable[dt.date] = ()) -> tuple[OpenQuestion, ...]:
    """What is open on `today`, the quickest to answer first. `recorded` are days of which there is a recording."""
    told = [entry for entry in store.log() if entry.day <= today]
    after = [question for entry in reversed(told) if (question := asked_after(entry, today)) is not None]
    days = {entry.day for entry in told}
    untold = sorted({day for day in recorded if 0 <= (today - day).days < SESSION_DAYS} - days, reverse=True)
    return (*after, *(OpenQuestion(Asking.SESSION, day) for day in untold))


def asked_after(entry: LogEntry, today: dt.date) -> OpenQuestion | None:
    """What is open about one session, None where nothing is."""
    if entry.done is Done.NOT:
        return None
    ago = (today - entry.day).days
    if ago in _ASKED_ON["morning"] and not (entry.answered("soreness_24h") or entry.answered("pain_morning")):
        return OpenQuestion(Asking.MORNING, entry.day, told_places(entry))
    if ago in _ASKED_ON["two_days"] and not entry.answered("soreness_48h"):
        return OpenQuestion(Asking.TWO_DAYS, entry.day, told_places(entry))
    return None


def told_places(entry: LogEntry) -> tuple[Where, ...]:
    """Every place an entry tells of, the worst first."""
    maps = (entry.pain_during, entry.pain_hour, entry.pain_morning, entry.soreness_24h, entry.soreness_48h)
    worst: dict[Where, float] = {}
    for told in maps:
        for where, value in told.items():
            worst[where] = max(value, worst.get(where, 0.0))
    return tuple(sorted((where for where in worst if worst[where] > 0), key=lambda where: (-worst[where], where)))

"""Replan: one change of the plan as it would be, with everything that follows from it, before anything is kept."""

import datetime as dt
import enum
from dataclasses import dataclass, replace

from retropace.consequences import Consequence, Wished, consequences
from retropace.rearranging import exchanged, moved, require_there, restored, skipped
from retropace.situation import Situation, situation
from retropace.store import Told, Wanted
from retropace.timetable import Calendar


class Doing(enum.StrEnum):
    """What can be done with the session of one day."""

    MOVE = "move"
    SWAP = "swap"
    SKIP = "skip"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked for: `to` is the other day of a move or exchange, else the same day."""

    doing: Doing
    day: dt.date
    to: dt.date


@dataclass(frozen=True, slots=True)
class Changed:
    """What it would be: the wish to keep, where it leaves the person, and what changes in plain sentences."""

    wanted: Wanted
    after: Situation
    follows: tuple[Consequence, ...]


def changed(store: Told, here: Situation, change: Change) -> Changed:
    """What `change` leads to for somebody who stands at `here`. Raises UnusableInput with the reason where it cannot be."""
    wanted = replace(here.wanted, calendar=_calendar(here, change))
    after = situation(store, here.today, supposing=wanted)
    if change.doing is Doing.MOVE:
        require_there(after.programme, change.to, here.today)
    follows = consequences(here.programme, after.programme, _wished(change), here.today, here.rules)
    return Changed(wanted, after, follows)


def _calendar(here: Situation, change: Change) -> Calendar:
    calendar, plan, today = here.wanted.calendar, here.programme, here.today
    if change.doing is Doing.MOVE:
        return moved(calendar, plan, here.following.state, change.day, change.to, today, here.rules)
    if change.doing is Doing.SWAP:
        return exchanged(calendar, plan, change.day, change.to, today, here.rules)
    if change.doing is Doing.SKIP:
        return skipped(calendar, plan, change.day, today)
    return restored(calendar, change.day)


def _wished(change: Change) -> Wished:
    if change.doing is Doing.MOVE:
        return Wished({change.day: change.to})
    if change.doing is Doing.SWAP:
        return Wished({change.day: change.to, change.to: change.day})
    return Wished(left_out=change.day) if change.doing is Doing.SKIP else Wished()

"""Checks: the five things somebody makes sure of before a session goes backward, each in words of their own place."""

from dataclasses import dataclass

from retropace.place import Place, Surface, Watcher
from retropace.quantities import System
from retropace.saying import watcher_words
from retropace.screening import Limits
from retropace.session import Session
from retropace.situation import Situation
from retropace.web.language import say
from retropace.web.plan.before import room_of
from retropace.web.plan.words import length

_INDOORS = frozenset({Surface.HALL, Surface.TREADMILL})


@dataclass(frozen=True, slots=True)
class Check:
    """One line to tick: its key, what is so, and how to make it so."""

    key: str
    words: str
    how: str


def checks(here: Situation, session: Session, system: System) -> tuple[Check, ...]:
    """The five lines for `session` at the person's own place."""
    place, limits = here.screened.place, here.clearance.limits
    return (_clear(here, session, system), _watched(place, limits), _ground(place), _light(place), _stopping(place))


def _clear(here: Situation, session: Session, system: System) -> Check:
    place = here.screened.place
    if place.surface is Surface.TREADMILL:
        return Check("clear", say("Behind the belt it is free."), say("Two metres, and nobody walks there."))
    room = room_of(place, session, here.rules, system)
    how = say("I walked it just now: no holes, kerbs, dogs or bicycles.")
    if place.clear_length_m is None:
        return Check("clear", say("Behind me {length} are clear.", length=room.needs), how)
    return Check("clear", say("Behind me {length} are clear.", length=length(place.clear_length_m, system)), how)


def _watched(place: Place, limits: Limits) -> Check:
    needed, there = limits.watchers, place.watcher
    if there is Watcher.SPOTTER and (not needed or there in needed):
        how = say("Beside me, a step behind, facing where I go. The word is stop.")
        return Check("watcher", say("My spotter is here."), how)
    if there is Watcher.MIRROR and there in needed:
        return Check("watcher", say("My mirror is in place."), say("I see in it where I go."))
    if there is Watcher.RAIL and there in needed:
        return Check("watcher", say("The rail is within reach."), say("On the side of my stronger hand, all the way."))
    if not needed or Watcher.NOBODY in needed:
        how = say("Left and right in turn, whenever the coach says so.")
        return Check("watcher", say("I look behind me myself."), how)
    words = say("With me: {whom}.", whom=watcher_words(needed))
    return Check("watcher", words, say("Your screening asks for it."))


def _ground(place: Place) -> Check:
    if place.surface is Surface.TREADMILL:
        how = say("Manual mode, no slope, the clip is on me.")
        return Check("ground", say("My shoes are tied, the belt is flat."), how)
    return Check("ground", say("My shoes are tied, the ground is flat."), say("Dry and even, all the way."))


def _light(place: Place) -> Check:
    if place.surface in _INDOORS:
        return Check("light", say("There is light."), say("Enough to see the floor at the far end."))
    return Check("light", say("It is daylight."), say("Enough to see the ground at the far end."))


def _stopping(place: Place) -> Check:
    if place.surface is Surface.TREADMILL:
        how = say("The belt's own stop first. STOP on the screen and the space bar stop the coach.")
        return Check("stop", say("I know how to stop."), how)
    how = say("STOP on the screen, the space bar, or my spotter. Then stand still.")
    return Check("stop", say("I know how to stop."), how)

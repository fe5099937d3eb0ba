"""Before: what must be right before a session begins: the place, who looks out, how fast at most and when to look behind."""

from dataclasses import dataclass
from itertools import groupby

from retropace.pieces import Around, pieces
from retropace.place import Place, Surface, Watcher
from retropace.quantities import Direction, Gait, System
from retropace.rules import Rules
from retropace.saying import sentence, watcher_words
from retropace.session import Session
from retropace.situation import Situation
from retropace.surroundings import run_off_rule
from retropace.web.language import say
from retropace.web.plan.words import hourly, length, speed

_RULE_OF_SPEED = "programme.cap_speed"


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a straight a session needs [m], and how much there is, None where nobody said."""

    needs_m: float
    clear_m: float | None
    needs: str
    clear: str

    @property
    def share(self) -> float:
        """The needed part of what is clear, at most 1."""
        return 1.0 if not self.clear_m else min(1.0, self.needs_m / self.clear_m)

    @property
    def enough(self) -> bool:
        """Whether what is known to be clear suffices."""
        return self.clear_m is not None and self.needs_m <= self.clear_m + 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to mind: the icon beside it, what, and how; `room` where it is the place; `path` where it can be changed."""

    icon: str
    title: str
    words: str
    sources: tuple[str, ...] = ()
    room: Room | None = None
    path: str = ""


def before_you_start(here: Situation, session: Session, system: System) -> tuple[Line, ...]:
    """What to mind before `session`."""
    return (_place(here, session, system), _watcher(here), _speed(here, session, system))


# -- the place ----------------------------------------------------------------------------------------------------------

_CHANGE_PLACE = "/welcome/plan/place"


def _place(here: Situation, session: Session, system: System) -> Line:
    place = here.screened.place
    if place.surface is Surface.TREADMILL:
        words = say("Manual mode, flat, clip on, somebody at the stop. Turn round on the side rails.")
        return Line("place", say("Treadmill"), words, here.rules.rule("place.treadmill_space").sources)
    room = room_of(place, session, here.rules, system)
    sources = here.rules.rule(run_off_rule(place)).sources
    if room.clear_m is None:
        words = say("Pace out your straight: you need {length} clear.", length=room.needs)
        return Line("place", surface_words(place), words, sources, path=_CHANGE_PLACE)
    words = "" if room.enough else say("This straight is short: stop where it ends, turn, and go back.")
    return Line("place", surface_words(place), words, sources, room)


def surface_words(place: Place) -> str:
    """What is underfoot, as the name of the place."""
    names = {
        Surface.TRACK: say("Your track"),
        Surface.GRASS: say("Your grass"),
        Surface.ASPHALT: say("Your asphalt"),
        Surface.GRAVEL: say("Your gravel"),
        Surface.TRAIL: say("Your trail"),
        Surface.SAND: say("Your sand"),
        Surface.HALL: say("Your hall"),
    }
    return say("Your straight") if place.surface is None else names.get(place.surface, say("Your straight"))


def room_of(place: Place, session: Session, rules: Rules, system: System) -> Room:
    """The longest stretch backward at its speed, and room to stop."""
    stretches = [
        sum(step.duration_s * (step.speed_mps or 0.0) for step in steps)
        for backward, steps in groupby(session.steps, key=lambda step: step.direction is Direction.BACKWARD)
        if backward
    ]
    needs_m = max(stretches, default=0.0) + rules.number(run_off_rule(place))
    clear_m = place.clear_length_m
    return Room(needs_m, clear_m, length(needs_m, system), "" if clear_m is None else length(clear_m, system))


# -- who looks out ------------------------------------------------------------------------------------------------------


def _watcher(here: Situation) -> Line:
    needed, there = here.clearance.limits.watchers, here.screened.place.watcher
    rule = here.rules.rule("place.watcher_needed").sources
    if there is Watcher.SPOTTER:
        words = say("Beside you, a step behind, facing where you go. The word is stop.")
        return Line("watcher", say("Your spotter looks out"), words)
    if there is Watcher.MIRROR and there in needed:
        return Line("watcher", say("Your mirror looks out"), say("Held or set up so that you see where you go."))
    if there is Watcher.RAIL and there in needed:
        return Line("watcher", say("A rail within reach"), say("On the side of your stronger hand, all the way."))
    if not needed or Watcher.NOBODY in needed:
        words = say("Look yourself, left and right in turn. With somebody beside you, you need not turn your head.")
        return Line("watcher", say("You look out yourself"), words)
    title = say("Bring {whom}", whom=watcher_words(needed))
    return Line("watcher", title, say("Your screening asks for it."), rule, path=_CHANGE_PLACE)


# -- how fast -----------------------------------------------------------------------------------------------------------


def _speed(here: Situation, session: Session, system: System) -> Line:
    limits, place = here.clearance.limits, here.screened.place
    around = Around(
        spotter=place.watcher is Watcher.SPOTTER,
        mirror=place.watcher is Watcher.MIRROR,
        strained=here.neck_strain > here.rules.number("progression.neck_hold"),
        treadmill=place.surface is Surface.TREADMILL,
        clear_length_m=place.clear_length_m,
    )
    looks = [piece.look_every_s for piece in pieces(session, limits, around, here.rules) if piece.look_every_s > 0]
    top = fastest_mps(session)
    title = say("Stay under {speed}", speed=speed(top, system)) if top is not None else say("Slow and sure")
    sources = here.rules.rule(_RULE_OF_SPEED).sources
    return Line("speed", title, _looking(looks, around, top, system), sources)


def _looking(looks: list[float], around: Around, top: float | None, system: System) -> str:
    pace = "" if top is None else say("That is {speed}.", speed=hourly(top, system))
    if around.treadmill:
        return sentence(say("{pace} Keep one speed while you face back.", pace=pace).strip())
    if not looks:
        return pace
    every = say("{count} s", count=f"{min(looks):.0f}")
    if around.spotter:
        return say("{pace} Your spotter looks; you look behind now and then.", pace=pace).strip()
    if around.mirror:
        return say("{pace} A look into the mirror every {time}.", pace=pace, time=every).strip()
    return say("{pace} Look behind every {time}, left and right in turn.", pace=pace, time=every).strip()


def fastest_mps(session: Session) -> float | None:
    """The highest ceiling of its main backward steps [m/s]; None where none has one."""
    backward = [step for step in session.steps if step.direction is Direction.BACKWARD and step.speed_mps is not None]
    runs = [step for step in backward if step.gait is Gait.RUN] or backward
    return max((step.speed_mps for step in runs if step.speed_mps is not None), default=None)

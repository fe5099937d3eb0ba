"""First visit: what the screening says: cleared, with limits, or somebody to see first; each limit with its reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from retropace.errors import NotBegun, UnusableInput
from retropace.findings import Effect, Finding, Level
from retropace.place import Place, Surface, Watcher
from retropace.plan_words import asks
from retropace.prescription import MAIN, core_of
from retropace.programme import try_one
from retropace.quantities import System, shown
from retropace.rules import Reason, Rules, rules_on
from retropace.rules.questionnaire import home_tests, questions
from retropace.saying import day_words, lasting, listed
from retropace.screening import Answers, Clearance, Limits, found
from retropace.session import Session
from retropace.store import Screened
from retropace.views.planned import repeats_svg
from retropace.web.doors import Door
from retropace.web.frame import page
from retropace.web.language import say
from retropace.web.pages.welcome_kept import clearance_of, last_finished
from retropace.web.visit import Visit

_WALKS = (Effect.CAREFUL, Effect.WALK)
#: What a speed rests on, what bites first ahead.
_SPEED = (
    "screening.first_weeks",
    "place.repeat_to_fit",
    "place.slowest_run",
    *(f"screening.{name}" for name in ("careful_speed", "walk_speed", "gentle_speed", "speed_cap")),
)
_ROOM = ("place.run_off", "place.hall_run_off", "place.longest_bout", "place.unknown_length")
#: Why a place leaves no room at all: too short a way, or a belt that nobody of that age may use.
_NO_ROOM = ("place.clear_distance", "screening.under_13")
_WATCH = ("place.watcher", "place.watcher_needed")
_BELT = ("place.treadmill_walk", "place.treadmill_run", "place.treadmill_harness")
_VALID = "screening.valid_"
#: Sizes of a ribbon [px] on a phone and on a large screen.
PICTURES = {"small": (350.0, 112.0), "large": (608.0, 136.0)}
_OPEN = ("screening.unanswered", "screening.cautions_open", "screening.age_unknown")
_TESTS = ("screening.tests_open", "screening.test_doubtful", "screening.heel_raise_symmetry")


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: the icon beside it, what it is, and why."""

    icon: str
    title: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Lift:
    """What would lift a limit: what to do, where, and what it is about."""

    words: str
    path: str


@dataclass(frozen=True, slots=True)
class Result:
    """A screening's answer as it is shown."""

    chip: str
    headline: str
    cleared: bool
    limits: tuple[Limit, ...]
    notes: tuple[Reason, ...]
    excluded: tuple[tuple[str, tuple[str, ...]], ...]
    lifts: tuple[Lift, ...]
    ribbons: tuple[str, ...]
    until: str
    valid: tuple[str, ...]


def result(visit: Visit) -> Response:
    """What the last finished screening says."""
    screened = last_finished(visit.notebook)
    if screened is None:
        raise NotBegun("You have not been screened yet")
    clearance = clearance_of(screened)
    if clearance.level is Level.NOT_NOW:
        return _not_now(visit, screened, clearance)
    return page(
        visit,
        "welcome_result.html",
        told=told(screened, clearance, visit.settings.system),
        clearance=clearance,
        own=visit.own,
        day=day_of(clearance),
        wanted=visit.notebook.wanted(),
    )


def _not_now(visit: Visit, screened: Screened, clearance: Clearance) -> Response:
    """Whom to see for what, and what is open to somebody until then."""
    rules = rules_on(screened.answers.day)
    flags = [f for f in found(screened.answers, screened.place, rules) if f.effect is Effect.NOT_NOW]
    return page(
        visit,
        "welcome_not_now.html",
        flags=flags,
        one=len({flag.see for flag in flags}) == 1,
        see=clearance.see,
        brief=(clearance.valid_until - clearance.screened).days <= 1,
        valid=next((r for r in clearance.reasons if r.rule.startswith(_VALID)), None),
        own=visit.own,
        day=day_of(clearance),
    )


def day_of(clearance: Clearance) -> str:
    """The day of a screening in words."""
    return day_words(clearance.screened)


def told(screened: Screened, clearance: Clearance, system: System) -> Result:
    """A clearance in words: every finding once, under the limit it matters most for."""
    rules = rules_on(screened.answers.day)
    findings = found(screened.answers, screened.place, rules)
    limits = tuple(_limits(clearance, findings, screened.place, system))
    said = {reason.text for limit in limits for reason in limit.reasons}
    open_end = clearance.level is Level.RUN and not clearance.limits.start_low
    free = open_end and Watcher.NOBODY in clearance.limits.watchers
    return Result(
        chip=say("Cleared") if free else say("Cleared with limits"),
        headline=_headline(clearance),
        cleared=True,
        limits=limits,
        notes=tuple(r for r in clearance.reasons if r.text not in said and not r.rule.startswith(_VALID)),
        valid=next((r.sources for r in clearance.reasons if r.rule.startswith(_VALID)), ()),
        excluded=tuple(_excluded(clearance.limits, rules)),
        lifts=tuple(_lifts(findings, screened.answers)),
        ribbons=tuple(_ribbons(clearance, rules, system)),
        until=day_words(clearance.valid_until),
    )


# -- words --------------------------------------------------------------------------------------------------------------


def _headline(clearance: Clearance) -> str:
    limits = clearance.limits
    if clearance.level is Level.WALK:
        return say("You can walk backward, {with_whom}.", with_whom=with_whom(limits.watchers))
    if limits.longest_bout_s <= 0:
        return say("You can run backward, but this place is too short for it.")
    if Watcher.NOBODY in limits.watchers:
        return say("You can run backward, in short repeats.")
    return say("You can run backward, in short repeats, {with_whom}.", with_whom=with_whom(limits.watchers))


def with_whom(watchers: Iterable[Watcher]) -> str:
    """Who or what must be there, as part of a sentence."""
    whom = _whom(watchers)
    return say("with {whom}", whom=whom) if whom else say("on your own")


def _whom(watchers: Iterable[Watcher]) -> str:
    words = {
        Watcher.SPOTTER: say("someone beside you"),
        Watcher.MIRROR: say("a mirror"),
        Watcher.RAIL: say("a rail in reach"),
    }
    kinds = [words[watcher] for watcher in watchers if watcher in words]
    return listed(kinds, say("or"))


def speed_words(speed_mps: float, system: System) -> str:
    """A speed in the reader's unit."""
    speed, unit = shown(speed_mps, "m/s", system)
    return f"{speed:.1f} {unit}"


def _beside(words: str, value: float, unit: str, system: System) -> str:
    """`words` with the metric figure that the reasons speak of beside it, where the reader's own is another."""
    return words if system == "metric" else f"{words} ({value:.3g} {unit})"


# -- limits -------------------------------------------------------------------------------------------------------------


def _limits(clearance: Clearance, findings: Sequence[Finding], place: Place, system: System) -> Iterator[Limit]:
    limits = clearance.limits
    about_room = (*_ROOM, *(_NO_ROOM if limits.longest_bout_s <= 0 else ()))
    walking = [f.reason for f in findings if f.effect in _WALKS and f.reason.rule not in about_room]
    if clearance.level is Level.WALK and walking:
        yield Limit("walk", say("Walk for now, do not run"), _each_once(walking))
    others = [f.reason for f in findings if f.effect not in (*_WALKS, Effect.NOTE) and f.reason.rule not in about_room]
    if Watcher.NOBODY not in limits.watchers:
        who = say("{whom}, every time", whom=_first_capital(_whom(limits.watchers)))
        yield Limit("watcher", who, _each_once((*others, *_by_rule(clearance, _WATCH))))
    if limits.speed_mps > 0 and place.surface is not Surface.TREADMILL:
        top = min(limits.speed_mps, limits.first_weeks_mps)
        title = say("At most {speed}", speed=_beside(speed_words(top, system), round(top, 1), "m/s", system))
        yield Limit("speed", title, _by_rule(clearance, _SPEED))
    yield from _room(clearance, place, system)
    short = _by_rule(clearance, ("screening.start_low",))
    if short:
        yield Limit("go", say("Short at first"), short)
    if limits.glance_every_s > 0 and place.surface is not Surface.TREADMILL:
        title = say("A look behind every {seconds:.2g} seconds", seconds=limits.glance_every_s)
        yield Limit("look", title, _by_rule(clearance, ("place.glance",)))
    if limits.treadmill_kmh is not None:
        speed, unit = shown(limits.treadmill_kmh, "km/h", system)
        belt = _beside(f"{speed:.1f} {unit}", limits.treadmill_kmh, "km/h", system)
        title = say("On a treadmill at most {speed}", speed=belt)
        yield Limit("belt", title, _by_rule(clearance, _BELT))


def _room(clearance: Clearance, place: Place, system: System) -> Iterator[Limit]:
    """How long at a time, and the way it rests on."""
    limits = clearance.limits
    if limits.longest_bout_s <= 0:
        belt = place.surface is Surface.TREADMILL
        title = say("Choose a place that is no treadmill") if belt else say("Find a longer place")
        yield Limit("place", title, _by_rule(clearance, _NO_ROOM))
        return
    length = lasting(limits.longest_bout_s)
    title = say("{length} at a time", length=_first_capital(length))
    if place.clear_length_m is not None and place.surface is not Surface.TREADMILL:
        metres, unit = shown(place.clear_length_m, "m", system)
        way = _beside(f"{metres:.3g} {unit}", place.clear_length_m, "m", system)
        title = say("{length} at a time on your {way}", length=_first_capital(length), way=way)
    yield Limit("place", title, _by_rule(clearance, _ROOM))


def _by_rule(clearance: Clearance, keys: Sequence[str]) -> tuple[Reason, ...]:
    """The reasons that rest on these rules, in the order of `keys`."""
    return _each_once(reason for key in keys for reason in clearance.reasons if reason.rule == key)


def _each_once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple({reason.text: reason for reason in reasons}.values())


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _excluded(limits: Limits, rules: Rules) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is not for now, each with its sources."""
    if not limits.backward_run:
        yield say("Running backward."), rules.rule("screening.walk_speed").sources
    yield say("Hills."), rules.rule("place.slope").sources
    if limits.treadmill_kmh is None:
        yield say("Treadmills."), rules.rule("screening.under_13").sources
    elif not limits.treadmill_run:
        yield say("Running backward on a treadmill."), rules.rule("place.treadmill_clip").sources


# -- what lifts them ----------------------------------------------------------------------------------------------------


def _lifts(findings: Iterable[Finding], answers: Answers) -> Iterator[Lift]:
    """What would lift limits, each kind once."""
    rules = [f.reason.rule for f in findings if f.effect is not Effect.NOTE]
    if any(rule in _OPEN for rule in rules):
        yield Lift(say("Answer the questions that are still open"), "/welcome/again")
    edges = {edge.rule for test in home_tests(answers.day).values() for edge in test.edges}
    if "screening.tests_open" in rules:
        yield Lift(say("Do the home tests"), "/welcome/plan/tests?then=result")
    elif any(rule in edges or rule in _TESTS for rule in rules):
        yield Lift(say("Train for the home tests, and do them again"), "/welcome/plan/tests?then=result")
    if any(rule.startswith("place.") for rule in rules):
        yield Lift(say("Tell more about your place, or choose another"), "/welcome/plan/place?then=result")
    asked = {f"screening.{key}" for key in questions(answers.day)}
    if any(rule.removesuffix("_inactive").removesuffix("_agreed") in asked for rule in rules):
        yield Lift(say("Answer again once something has changed"), "/welcome/again")


# -- the picture --------------------------------------------------------------------------------------------------------


def first_session(clearance: Clearance, rules: Rules) -> Session | None:
    """The session somebody with this clearance begins with, None where there is none."""
    try:
        return try_one(clearance, rules)
    except UnusableInput:
        return None


def main_set(session: Session) -> Session:
    """The repeats of a session, without what is around them."""
    main = [number for number, step in enumerate(session.steps) if step.name in MAIN.values()]
    if not main:
        return session
    return Session(session.name, session.steps[main[0] : main[-1] + 1])


def _ribbons(clearance: Clearance, rules: Rules, system: System) -> Iterator[str]:
    """The repeats of the first session under the limit, for a phone and for a large screen."""
    session = first_session(clearance, rules)
    core = core_of(session.steps) if session is not None else None
    if session is None or core is None or not core.repeats_s:
        return
    each = lasting(core.repeats_s[0])
    top = min(clearance.limits.speed_mps, clearance.limits.first_weeks_mps)
    limit = say("limit {speed}", speed=speed_words(top, system))
    label = say("Your first session: {words} {limit}.", words=asks(session), limit=_first_capital(limit))
    backward = say("‹ backward, {each} each", each=each)
    for name, size in PICTURES.items():
        yield repeats_svg(
            main_set(session),
            top,
            label=label,
            backward=backward,
            limit=limit,
            width=size[0],
            height=size[1],
            name=name,
        )


DOORS = (Door("/welcome/result", result, shares="screening"),)

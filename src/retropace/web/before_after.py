"""Before and after: what a log entry changes in the plan, in words and ribbons."""

import datetime as dt
from dataclasses import dataclass

from retropace.change import Change, Moved
from retropace.log import LogEntry
from retropace.plan_words import asks, backward_s, day_name, owned
from retropace.prescription import core_of
from retropace.programme import Day
from retropace.progression import Decision
from retropace.quantities import Gait, elapsed
from retropace.rules import Reason
from retropace.rules.questionnaire import StopSign, stop_signs
from retropace.saying import sentence
from retropace.session import Session
from retropace.views.planned import planned_svg
from retropace.web.language import say

#: The ribbons share one scale of time; the longer one is this wide [px].
_RIBBON_PX, _RIBBON_HIGH_PX = 318.0, 64.0
#: Days that moved are listed one by one up to this many.
MOST_MOVED = 6


@dataclass(frozen=True, slots=True)
class Side:
    """The next session on one side of the change: its day alone and inside a sentence, what it asks for, and its ribbon."""

    day: str
    on: str
    asks: str
    ribbon: str


@dataclass(frozen=True, slots=True)
class Row:
    """A day that moved: what it was to hold and what it holds."""

    day: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everything a page says of a change. `decided` is empty where the decision is about a later entry.

    `signs` are alarm signs to answer at once, the urgent first; `more` how many days moved that are not in `moved`.
    """

    headline: str
    decision: Decision
    decided: str
    signs: tuple[StopSign, ...]
    was: Side | None
    now: Side | None
    same: bool
    reasons: tuple[Reason, ...]
    moved: tuple[Row, ...]
    more: int


def consequences(change: Change, entry: LogEntry | None, *, name: str = "c") -> Consequences:
    """What `change` is to somebody who tells `entry` (None: takes it out). `name` must be its own on a page."""
    following, today = change.after.following, change.after.today
    was, now = change.was, change.now
    signs = answered(entry)
    moved = tuple(_row(moved, today) for moved in change.moved if _shows(moved))
    longest_s = max((day.session.duration_s for day in (was, now) if day and day.session), default=1.0)
    return Consequences(
        headline(change),
        following.decision,
        _decided(following.decision) if change.latest and entry is not None else "",
        signs,
        _side(was, today, longest_s, f"{name}w"),
        _side(now, today, longest_s, f"{name}n"),
        _same(was, now),
        tuple(reason for reason in following.reasons if not signs or "sign" not in reason.inputs),
        moved[:MOST_MOVED],
        max(0, len(moved) - MOST_MOVED),
    )


def answered(entry: LogEntry | None) -> tuple[StopSign, ...]:
    """The alarm signs an entry tells of, the urgent first."""
    if entry is None:
        return ()
    known = stop_signs(entry.day)
    return tuple(sorted((known[key] for key in entry.red_flags if key in known), key=lambda sign: not sign.urgent))


def headline(change: Change) -> str:
    """What became of the next session, in a few words."""
    was, now, today = change.was, change.now, change.after.today
    if now is None or now.session is None:
        return _stopped(change.after.following.decision)
    if was is None or was.session is None:
        return say("{day} is your next session.", day=sentence(day_name(now.date, today)))
    more = backward_s(now.session) - backward_s(was.session)
    if was.date != now.date:
        return _moves(more, day_name(was.date, today), day_name(now.date, today))
    what = owned(now.date, now.kind, today)
    if was.session == now.session:
        return say("{session} stays as planned.", session=what)
    if more == 0:
        return say("{session} changes.", session=what)
    return say("{session} gets bigger.", session=what) if more > 0 else say("{session} gets smaller.", session=what)


def _moves(more: float, before: str, after: str) -> str:
    """The next session is on another day, and may be another one."""
    if more > 0:
        return say("Your next session moves from {before} to {after} and gets bigger.", before=before, after=after)
    if more < 0:
        return say("Your next session moves from {before} to {after} and gets smaller.", before=before, after=after)
    return say("Your next session moves from {before} to {after}.", before=before, after=after)


def _stopped(decision: Decision) -> str:
    return {
        Decision.REFER: say("See somebody first."),
        Decision.STOP: say("Nothing backward for now."),
    }.get(decision, say("Nothing is planned for now."))


def _decided(decision: Decision) -> str:
    """The decision in plain words."""
    return {
        Decision.ADVANCE: say("We go on."),
        Decision.HOLD: say("We hold."),
        Decision.CUT: say("We take a step back."),
        Decision.STOP: say("We stop."),
        Decision.REFER: say("We stop until you have been seen."),
    }[decision]


def _same(was: Day | None, now: Day | None) -> bool:
    return was is not None and now is not None and (was.date, was.session) == (now.date, now.session)


def _side(day: Day | None, today: dt.date, longest_s: float, name: str) -> Side | None:
    if day is None or day.session is None:
        return None
    words = asks(day.session)
    width = max(60.0, _RIBBON_PX * day.session.duration_s / longest_s)
    ribbon = planned_svg(day.session, label=words, width=width, height=_RIBBON_HIGH_PX, name=name, words=False)
    on = day_name(day.date, today)
    return Side(sentence(on), on, words, ribbon)


def _shows(moved: Moved) -> bool:
    """Whether a day's backward part moved; home exercises that move along are not told one by one."""
    return moved.before.session != moved.after.session


def _row(moved: Moved, today: dt.date) -> Row:
    return Row(sentence(day_name(moved.before.date, today)), _holds(moved.before), _holds(moved.after))


def _holds(day: Day) -> str:
    if day.session is not None:
        return short(day.session)
    return say("home exercises") if day.workout is not None else say("rest")


def short(session: Session) -> str:
    """A session in two words: "6 × 20 s", or how long backward in all where its repeats differ."""
    core = core_of(session.steps)
    gait = say("walking backward") if core.gait is Gait.WALK else say("backward")
    if core.repeats_s and len(set(core.repeats_s)) == 1:
        return f"{len(core.repeats_s)} × {core.repeats_s[0]:g} s {gait}"
    return f"{elapsed(sum(core.repeats_s))} {gait}"

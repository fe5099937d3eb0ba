"""Welcome: where a first visit begins, goes on after a pause, and ends; and just one session, to try it."""

import datetime as dt

from starlette.responses import Response

from retropace.doses import Goal
from retropace.findings import Level
from retropace.place import Watcher
from retropace.plan_words import asks
from retropace.prescription import core_of
from retropace.quantities import elapsed
from retropace.rules import Rules, rules_on
from retropace.saying import lasting
from retropace.screening import Clearance, due
from retropace.session import Session
from retropace.store import Screened, Wanted
from retropace.timetable import Calendar
from retropace.views.planned import planned_svg
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.pages.welcome_goal import keep_wanted
from retropace.web.pages.welcome_kept import clearance_of, known, last_finished
from retropace.web.pages.welcome_result import PICTURES, first_session, speed_words
from retropace.web.pages.welcome_steps import At, Step, Way, next_open, steps
from retropace.web.visit import Visit

#: After so many days a screening that was stopped half way is gone through from its start, answers filled in.
_STALE = "screening.valid_limited"


def welcome(visit: Visit) -> Response:
    """The next open step: the start, where somebody stopped, the result, the goal, or today where nothing is open."""
    finished, unfinished = last_finished(visit.notebook), visit.notebook.unfinished()
    if finished is None:
        return _start(visit, unfinished)
    if unfinished is not None:
        return see_other(visit, "/welcome/again")
    clearance = clearance_of(finished)
    if due(clearance, visit.today, visit.notebook.log()):
        return see_other(visit, "/welcome/again")
    if clearance.level is Level.NOT_NOW or visit.notebook.wanted() is None:
        return see_other(visit, "/welcome/result")
    return see_other(visit, "/")


def anew(visit: Visit) -> Response:
    """Forget a screening that was stopped half way, and begin again."""
    visit.notebook.keep_unfinished(None)
    return see_other(visit, "/welcome/plan/you")


def _start(visit: Visit, unfinished: Screened | None) -> Response:
    screened = known(visit.notebook, visit.today)
    begun = unfinished is not None
    fresh = unfinished is not None and visit.today - unfinished.answers.day < _stale_after(visit.today)
    where = {}
    for way in Way:
        step = next_open(way, screened) if fresh else Step.YOU
        where[str(way)] = At(way, step, steps(way, screened.answers))
    return page(visit, "welcome.html", begun=begun, plan=where["plan"], try_one=where["try"])


def _stale_after(today: dt.date) -> dt.timedelta:
    return dt.timedelta(days=rules_on(today).number(_STALE))


# -- just one session ---------------------------------------------------------------------------------------------------


def one_session(visit: Visit) -> Response:
    """The one session, with what to know before it."""
    screened = last_finished(visit.notebook)
    if screened is None:
        return see_other(visit, "/welcome")
    clearance, rules = clearance_of(screened), rules_on(visit.today)
    if clearance.level is Level.NOT_NOW:
        return see_other(visit, "/welcome/result")
    session = first_session(clearance, rules)
    if session is None:
        return see_other(visit, "/welcome/result")
    return page(
        visit,
        "welcome_session.html",
        clearance=clearance,
        headline=asks(session),
        ribbons=[
            planned_svg(session, label=asks(session), width=width, height=height, name=name)
            for name, (width, height) in PICTURES.items()
        ],
        facts=_facts(visit, session, clearance),
        before=_before(clearance, rules),
        steps=_steps_words(session),
        plan=At(Way.PLAN, next_open(Way.PLAN, screened), steps(Way.PLAN, screened.answers)),
        wanted=visit.notebook.wanted(),
    )


def keep_one_session(visit: Visit) -> Response:
    """Put the one session on today; there is nothing after it."""
    screened = last_finished(visit.notebook)
    if screened is None or clearance_of(screened).level is Level.NOT_NOW:
        return see_other(visit, "/welcome")
    if visit.notebook.wanted() is None:
        keep_wanted(visit, Wanted(Goal.TRY, Calendar(visit.today, 1)))
    return see_other(visit, "/")


def _facts(visit: Visit, session: Session, clearance: Clearance) -> list[tuple[str, str]]:
    core = core_of(session.steps)
    speed = core.speed_mps if core.speed_mps is not None else clearance.limits.speed_mps
    return [
        (say("{minutes} min", minutes=round(session.duration_s / 60)), say("in all")),
        (elapsed(sum(core.repeats_s)), say("backward")),
        (speed_words(speed, visit.settings.system), say("at most")),
    ]


def _before(clearance: Clearance, rules: Rules) -> list[tuple[str, tuple[str, ...]]]:
    """What to do before the start, each with its sources."""
    found = [(rules.rule("place.walk_first").says, rules.rule("place.walk_first").sources)]
    watched = [reason for reason in clearance.reasons if reason.rule in ("place.watcher", "place.watcher_needed")]
    found += [(reason.text, reason.sources) for reason in watched]
    if Watcher.NOBODY in clearance.limits.watchers:
        found.append((say("Nobody need look out for you here. Someone who does makes it easier."), ()))
    glance = [reason for reason in clearance.reasons if reason.rule == "place.glance"]
    return [*found, *((reason.text, reason.sources) for reason in glance)]


def _steps_words(session: Session) -> list[tuple[str, str]]:
    """The session step by step, repeats together."""
    rows: list[tuple[str, str]] = []
    for step in session.steps:
        row = (lasting(step.duration_s), step.name)
        if row not in rows:
            rows.append(row)
    return rows


DOORS = (
    Door("/welcome", welcome),
    Door("/welcome/anew", anew, ("POST",)),
    Door("/welcome/try/session", one_session),
    Door("/welcome/try/session", keep_one_session, ("POST",)),
)

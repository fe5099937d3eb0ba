"""Coach: a page without anything personal in it, which a phone may keep, and the session that it is then given."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from retropace.errors import NotBegun, NotFound
from retropace.guide import Guide, guide_json
from retropace.plan_words import asks, day_name
from retropace.programme import Day, session_on
from retropace.session import Session
from retropace.situation import Situation, day_of, guide_of
from retropace.views.planned import planned_svg
from retropace.web import assets
from retropace.web.coach.checks import checks
from retropace.web.coach.walked import walked
from retropace.web.coach.words import coach_words
from retropace.web.doors import Door, Needs
from retropace.web.failure import as_json
from retropace.web.frame import environment
from retropace.web.language import say, speak
from retropace.web.pages.today import At, kind_of_day
from retropace.web.plan.days import diary
from retropace.web.plan.pictures import facts, picture
from retropace.web.plan.why import why_session
from retropace.web.plan.words import date_words
from retropace.web.visit import Visit, day_from

#: What the page needs after it has shown the session, in the order in which it is asked for.
LATER = (
    *("coach-check.js", "coach-invite.js", "coach-keep.js", "coach-unsent.js", "coach-senses.js", "coach-player.js"),
    *("coach-tones.js", "coach-run.js", "coach-screen.js", "coach-safety.js", "coach-awake.js", "coach-recorder.js"),
    *("coach-link.js", "coach-spotter.js", "coach-upload.js", "coach-after.js"),
)
#: The ribbon of the live screen [px]: stretched to its width there.
_RIBBON = (1000.0, 100.0)


def coach(visit: Visit) -> Response:
    """The page, the same for everybody: it is kept on phones and opened where there is no network."""
    speak(visit.settings.language)
    content = (
        environment()
        .get_template("coach.html")
        .render(
            language=visit.settings.language,
            words=coach_words(),
            later=[assets.address(name) for name in LATER if name in assets.assets()],
        )
    )
    return HTMLResponse(content, headers={"cache-control": "no-cache"})


def session_json(visit: Visit) -> Response:
    """The session of a day, today's where none is asked for, with everything a phone needs to coach it alone.

    A refusal has the usual shape. The token comes with it: a run that was done before can be sent even so.
    """
    speak(visit.settings.language)
    try:
        answer: Response = JSONResponse(_told(visit))
    except NotFound as error:
        answer = as_json(error, 404)
    except NotBegun as error:
        answer = as_json(NotFound(error.what, remedy=say("Open Today: it tells what comes first.")), 404)
    answer.headers["cache-control"] = "no-store"
    answer.headers["x-csrf"] = visit.csrf
    return answer


def _told(visit: Visit) -> dict[str, Any]:
    here = visit.situation
    day = _day(visit, here)
    session, system = day.session, visit.settings.system
    if session is None:
        raise _nothing(here, day.date)
    drawn = picture(session, here.rules, system)
    coming = _coming(here, day.date)
    return {
        "day": day.date.isoformat(),
        "csrf": visit.csrf,
        "person": visit.owner_settings.name,
        "simulated": visit.simulated,
        "settings": {"system": str(system), "language": visit.settings.language, "theme": visit.settings.theme},
        "asks": asks(session),
        "over": date_words(day.date),
        "picture": drawn.small,
        "facts": [{"value": fact.value, "words": fact.words} for fact in facts(session, here.rules, system)],
        "checks": [asdict(check) for check in checks(here, session, system)],
        "reasons": [{"text": why.text, "sources": list(why.sources)} for why in why_session(visit, here, day)],
        "coming": None if coming is None else coming.date.isoformat(),
        **_coached(here, session),
    }


def _coached(here: Situation, session: Session) -> dict[str, Any]:
    """The guide of the session, and of the same session walked forward, where nobody may go backward today after all."""
    label = asks(session)
    width, height = _RIBBON
    on_foot = walked(session)
    return {
        "ribbon": planned_svg(session, label=label, width=width, height=height, name="live", words=False),
        "guide": _guide(guide_of(here, session)),
        "walking": {
            "asks": asks(on_foot),
            "ribbon": planned_svg(on_foot, label=asks(on_foot), width=width, height=height, name="foot", words=False),
            "guide": _guide(guide_of(here, on_foot)),
        },
    }


def _guide(made: Guide) -> dict[str, Any]:
    return guide_json(made)


# -- which day ----------------------------------------------------------------------------------------------------------


def _day(visit: Visit, here: Situation) -> Day:
    """The day that is asked for. Raises NotFound for one that the plan does not know, and for today once it is done."""
    asked = visit.asked("day")
    date = day_from(asked, "day") if asked else here.today
    if date == here.today:
        day = day_of(here)
        if day.session is not None and kind_of_day(diary(visit), day) is not At.SESSION:
            raise _nothing(here, date)
        return day
    found = session_on(here.programme, date, here.following) if date > here.today else None
    if found is None:
        raise _nothing(here, date)
    return found


def _nothing(here: Situation, date: dt.date) -> NotFound:
    what = say("There is no session today") if date == here.today else say("There is no session on this day")
    coming = _coming(here, here.today)
    if coming is None:
        return NotFound(what, remedy=say("Your plan tells what comes next."))
    return NotFound(what, remedy=say("The next one: {day}.", day=day_name(coming.date, here.today)))


def _coming(here: Situation, after: dt.date) -> Day | None:
    """The next day with a session."""
    days = (day for week in here.programme.weeks for day in week.days)
    return next((day for day in days if day.session is not None and day.date > after), None)


DOORS: tuple[Door, ...] = (Door("/coach", coach, needs=Needs.NOBODY), Door("/coach/session.json", session_json))

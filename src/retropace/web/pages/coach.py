"""Coach: a page without anything personal in it, which a phone may keep, and the session that it is then given."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from retropace.errors import NotBegun, NotFound
from retropace.guide import guide_json
from retropace.plan_words import asks, day_name
from retropace.programme import Day, session_on
from retropace.quantities import in_units
from retropace.session import Session
from retropace.situation import Situation, day_of, guide_of
from retropace.views.live_ribbon import live_ribbon
from retropace.voice import SPRITE, table, voiced
from retropace.web import assets
from retropace.web.coach.checks import checks
from retropace.web.coach.motion_numbers import motion_numbers
from retropace.web.coach.walked import walked
from retropace.web.coach.words import coach_words
from retropace.web.doors import Door, Needs
from retropace.web.failure import as_json
from retropace.web.frame import environment
from retropace.web.language import say, say_count
from retropace.web.pages.today import At, kind_of_day
from retropace.web.plan.days import diary
from retropace.web.plan.pictures import facts, picture
from retropace.web.plan.why import why_session
from retropace.web.plan.words import date_words
from retropace.web.visit import Visit, day_from

#: Parts of the page that show the session; what else is called coach-NAME comes once they have.
FIRST = ("coach.js", "coach.css", "coach-page.js", "coach-ready.js")


def coach(visit: Visit) -> Response:
    """The page, the same for everybody: it is kept on phones and opened where there is no network."""
    content = (
        environment()
        .get_template("coach.html")
        .render(
            language=visit.settings.language,
            words=coach_words(),
            later=[assets.address(name) for name in later()],
        )
    )
    return HTMLResponse(content, headers={"cache-control": "no-cache"})


def later() -> list[str]:
    """Assets of the page that nothing on its first screen needs."""
    return [name for name in assets.assets() if name.startswith("coach-") and name not in FIRST]


def session_json(visit: Visit) -> Response:
    """The session of a day, today's where none is asked for, with everything a phone needs to coach it alone.

    Its headers are all that a phone needs that has an old run to send: HEAD gives them on days without a session, too.
    """
    answer = Response(status_code=204) if visit.request.method == "HEAD" else _answer(visit)
    answer.headers.update({"cache-control": "no-store", "x-csrf": visit.csrf, "x-who": visit.person_id} | _ahead(visit))
    return answer


def _answer(visit: Visit) -> Response:
    try:
        return JSONResponse(_told(visit))
    except NotFound as error:
        return as_json(error, 404)
    except NotBegun as error:
        return as_json(NotFound(error.what, remedy=say("Open Today: it tells what comes first.")), 404)


def _ahead(visit: Visit) -> dict[str, str]:
    """The day of the next session, for phones that will have no network then."""
    try:
        coming = _coming(visit.situation, visit.today)
    except NotBegun:
        return {}
    return {} if coming is None else {"x-coming": coming.date.isoformat()}


def _told(visit: Visit) -> dict[str, Any]:
    here = visit.situation
    day = _day(visit, here)
    session, system = day.session, visit.settings.system
    if session is None:
        raise _nothing(here, day.date)
    drawn = picture(session, here.rules, system)
    return {
        "day": day.date.isoformat(),
        "csrf": visit.csrf,
        "person": visit.owner_settings.name,
        "who": visit.person_id,
        "simulated": visit.simulated,
        "settings": {"system": str(system), "language": visit.settings.language, "theme": visit.settings.theme},
        "over": date_words(day.date),
        "picture": drawn.small,
        "facts": [{"value": fact.value, "words": fact.words} for fact in facts(session, here.rules, system)],
        "checks": [asdict(check) for check in checks(here, session, system)],
        "reasons": [
            {"text": in_units(why.text, system), "sources": list(why.sources)} for why in why_session(visit, here, day)
        ],
        **_coached(here, session),
    }


def _coached(here: Situation, session: Session) -> dict[str, Any]:
    """The guide of the session, and of the same session walked forward, where nobody may go backward today after all."""
    return {
        **_played(here, session),
        "walking": _played(here, walked(session, _walk_words(session))),
        "motion": motion_numbers(),
        "voice": {"url": assets.address(SPRITE), "clips": table()},
    }


def _walk_words(session: Session) -> str:
    minutes = round(session.duration_s / 60)
    return say_count("Walk for {count} minute", "Walk for {count} minutes", minutes)


def _played(here: Situation, session: Session) -> dict[str, Any]:
    made, says = guide_of(here, session), asks(session)
    return {"asks": says, "ribbon": live_ribbon(made, label=says), "guide": voiced(guide_json(made))}


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

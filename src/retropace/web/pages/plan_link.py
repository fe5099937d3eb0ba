"""Plan, in a calendar: a secret link that calendars subscribe to, made, renewed and taken back here; and what it gives."""

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from starlette.responses import Response

from retropace import __version__
from retropace.doses import Goal
from retropace.errors import NotBegun, NotFound, RetropaceError, UnusableInput
from retropace.situation import Situation, situation
from retropace.store import Settings
from retropace.store.notebook import Notebook
from retropace.store.records import packed
from retropace.store.secret_links import CalendarLinks, Feed, Link, said_anew
from retropace.web.doors import Door, Needs
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.visit import Visit
from retropace.writers import BY_KEY, Options, write

_ALARMS = ("", "0", "10", "30", "60", "120")
_MEDIA_TYPE = BY_KEY["ics"].media_type
#: Calendars may keep what they got for so long before they ask again [s].
_KEEPS_S = 3600


# -- the page -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Addresses:
    """The link as it is copied, and as a press on it opens the calendar."""

    plain: str
    opens: str


def link(visit: Visit) -> Response:
    """The link where there is one, what it says, and how to make, renew or take it back."""
    return _page(visit, CalendarLinks(visit.house.database).of(visit.person_id))


def make(visit: Visit) -> Response:
    """Keep what the link says; make one where there is none, or a new secret where that is asked for."""
    links = CalendarLinks(visit.house.database)
    known = links.of(visit.person_id)
    try:
        feed = _feed(visit, known.feed if known else Feed())
    except UnusableInput as error:
        return _page(visit, known, error)
    if known is None or visit.text("renew", 10):
        links.renew(visit.person_id, feed)
        words = say("Your link is ready.") if known is None else say("The old link opens nothing any more.")
    else:
        links.keep(replace(known, feed=feed))
        words = say("Calendars show it so when they look next.")
    return see_other(visit, "/plan/link", words)


def revoke(visit: Visit) -> Response:
    """Take the link back."""
    if CalendarLinks(visit.house.database).revoke(visit.person_id):
        return see_other(visit, "/plan/link", say("The link is gone. Calendars find nothing there any more."))
    return see_other(visit, "/plan/link", say("There was no link."))


def _feed(visit: Visit, before: Feed) -> Feed:
    alarm = visit.choice("alarm", _ALARMS)
    told = visit.text("at", 10)
    try:
        at = dt.time.fromisoformat(told) if told else before.at
    except ValueError as error:
        told_words = say("{text} is no time of day", text=repr(told))
        raise UnusableInput(told_words, field="at", remedy=say("Write it as 18:00.")) from error
    busy = visit.choice("shows", ("details", "busy")) == "busy"
    return replace(before, at=at.replace(tzinfo=None), alarm_min=None if alarm is None else int(alarm), busy_only=busy)


def _page(visit: Visit, known: Link | None, error: RetropaceError | None = None) -> Response:
    feed = known.feed if known else Feed()
    return page(
        visit,
        "plan_link.html",
        status=200 if error is None else 422,
        tab="plan",
        error=error,
        link=None if known is None else _addresses(visit, known.token),
        feed=feed,
        alarms=[(value, _alarm_words(value)) for value in _ALARMS],
        alarm="" if feed.alarm_min is None else str(feed.alarm_min),
        local=not visit.house.accounts,
        zone=visit.settings.zone,
    )


def _addresses(visit: Visit, token: str) -> Addresses:
    request = visit.request
    scheme = "https" if visit.house.https else request.url.scheme
    rest = f"{request.headers.get('host', 'localhost')}/calendar/{token}.ics"
    return Addresses(f"{scheme}://{rest}", f"webcal://{rest}")


def _alarm_words(minutes: str) -> str:
    if not minutes:
        return say("None")
    if minutes == "0":
        return say("When it begins")
    return say("{count} minutes before", count=minutes) if int(minutes) < 60 else _hours(int(minutes) // 60)


def _hours(hours: int) -> str:
    return say("1 hour before") if hours == 1 else say("{count} hours before", count=hours)


# -- what it gives ------------------------------------------------------------------------------------------------------


def give(visit: Visit) -> Response:
    """The calendar behind a link, to whoever has it; unchanged where the calendar has it already."""
    links = CalendarLinks(visit.house.database)
    found = links.find(visit.path("token"))
    if found is None:
        raise NotFound(say("There is no such calendar"))
    notebook = Notebook(visit.house.database, found.person_id)
    settings = notebook.settings()
    now = visit.house.clock()
    today = now.astimezone(ZoneInfo(settings.zone) if settings.zone else None).date()
    here = _here(notebook, today)
    feed = said_anew(found.feed, _fingerprint(here, found.feed, settings).encode(), now)
    if feed != found.feed:
        links.keep(replace(found, feed=feed))
    tag = f'"{feed.said}"'
    headers = {"etag": tag, "cache-control": f"private, max-age={_KEEPS_S}", "x-robots-tag": "noindex"}
    if tag in visit.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = 'inline; filename="retropace.ics"'
    return Response(_content(here, feed, settings), media_type=_MEDIA_TYPE, headers=headers)


def _here(notebook: Notebook, today: dt.date) -> Situation | None:
    """Where the person stands; None where there is nothing to show yet, or for now."""
    try:
        return situation(notebook, today)
    except NotBegun:
        return None


def _fingerprint(here: Situation | None, feed: Feed, settings: Settings) -> str:
    """Everything that what the calendar says depends on."""
    shown = (feed.busy_only, feed.at, feed.alarm_min, feed.identity, settings.zone, settings.system, __version__)
    plan = "" if here is None else packed(here.programme) + repr(here.screened.place)
    return f"{shown!r}\n{plan}"


def _content(here: Situation | None, feed: Feed, settings: Settings) -> bytes:
    if here is None or not here.programme.weeks:
        return _nothing()
    try:
        return write(here.programme, "ics", _options(here, feed, settings)).content
    except UnusableInput:  # no session and no home work is left
        return _nothing()


def _options(here: Situation, feed: Feed, settings: Settings) -> Options:
    return Options(
        made=feed.changed,
        person=feed.identity,
        limits=here.clearance.limits,
        treadmill=here.wanted.goal is Goal.TREADMILL,
        place=here.screened.place,
        zone=settings.zone,
        at=feed.at,
        alarm_min=feed.alarm_min,
        busy_only=feed.busy_only,
        sequence=feed.sequence,
        system=settings.system,
    )


def _nothing() -> bytes:
    """A calendar without entries."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//retropace//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "retropace")
    empty: bytes = calendar.to_ical()
    return empty


DOORS: tuple[Door, ...] = (
    Door("/plan/link", link),
    Door("/plan/link", make, ("POST",)),
    Door("/plan/link/revoke", revoke, ("POST",)),
    Door("/calendar/{token}.ics", give, needs=Needs.NOBODY),
)

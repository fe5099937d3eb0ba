"""iCalendar: a whole programme as a calendar, in detail or as busy time only.

Each event keeps its identity as long as the programme's person, goal and first day stay the same: an updated calendar with a
higher `sequence` replaces the one before, event by event.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from retropace import __version__
from retropace.errors import UnusableInput
from retropace.programme import Day, Kind, Programme, Week
from retropace.quantities import System, in_units
from retropace.writers import archive, wording
from retropace.writers.time_zone import time_zone
from retropace.writers.writer import Feature, Options, Writer, Written, degraded, exact

if TYPE_CHECKING:
    from icalendar import Event

_LONGEST_ALARM_MIN = 7 * 24 * 60
#: How often a calendar that subscribes should ask for it again (RFC 7986, 5.7), and the same for older ones.
_ASK_AGAIN = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the calendar. `start` is naive local time, `lasts_s` None for a whole day that keeps nobody busy."""

    part: str
    start: dt.datetime
    lasts_s: float | None
    title: str
    lines: tuple[str, ...]


def programme_file(programme: Programme, options: Options) -> Written:
    """The calendar. Raises UnusableInput for a time zone nobody knows, an impossible alarm or sequence."""
    import icalendar

    zone = _zone(options)
    _check(options)
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//retropace//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Busy" if options.busy_only else "retropace")
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    shown = [entry for entry in entries(programme, options) if entry.lasts_s is not None or not options.busy_only]
    if zone is not None and shown:
        calendar.add_component(time_zone(zone, shown[0].start.date(), shown[-1].start.date()))
    for entry in shown:
        calendar.add_component(_event(entry, programme, options, zone))
    name = f"{archive.programme_name(programme)}{'-busy' if options.busy_only else ''}.ics"
    return Written(name, WRITER.media_type, calendar.to_ical(), _notes(zone))


def _zone(options: Options) -> ZoneInfo | None:
    if options.zone is None:
        return None
    try:
        return ZoneInfo(options.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        told = f"No time zone is called {options.zone!r}"
        raise UnusableInput(told, field="zone", remedy="Write it like Europe/Berlin.") from error


def _check(options: Options) -> None:
    if options.alarm_min is not None and not 0 <= options.alarm_min <= _LONGEST_ALARM_MIN:
        raise UnusableInput(
            f"An alarm {options.alarm_min} min before is no use", field="alarm", remedy="Use 0 to 10080."
        )
    if not 0 <= options.sequence < 2**31:
        raise UnusableInput(
            f"The sequence {options.sequence} cannot be counted", field="sequence", remedy="Start at 0."
        )


def _notes(zone: ZoneInfo | None) -> tuple[str, ...]:
    return (
        () if zone is not None else ("No time zone: sessions begin at that time wherever the calendar is looked at.",)
    )


# -- entries ----------------------------------------------------------------------------------------------------------


def entries(programme: Programme, options: Options) -> Iterator[Entry]:
    """Every session, home workout and easy day, in order; rest days and the person's own events are not repeated."""
    for week in programme.weeks:
        for day in week.days:
            yield from _entries(programme, week, day, options)


def _entries(programme: Programme, week: Week, day: Day, options: Options) -> Iterator[Entry]:
    start = dt.datetime.combine(day.date, options.at.replace(tzinfo=None))
    why = _why(programme, week, day, options.system)
    if day.session is not None:
        session = day.session
        place = wording.place_words(options.where, options.place)
        limits = programme.clearance.limits
        steps = wording.session_lines(session, options.system)
        care = wording.care(limits, treadmill=options.treadmill) if wording.backward_s(session) else ()
        top = wording.speed(wording.fastest(limits, treadmill=options.treadmill), options.system)
        fastest = (f"Backward never above {top}.",) if care else ()
        where = (f"Place: {place}",) if place else ()
        said = tuple(line for line in why if line not in care)
        lines = (wording.extent(session), *steps, "", *where, *care, *fastest, *said)
        yield Entry("session", start, session.duration_s, session.name, lines)
        start += dt.timedelta(minutes=_minutes(session.duration_s))
    if day.workout is not None:
        lasts = wording.workout_s(day.workout, day.date)
        only = why if day.session is None else ()
        yield Entry("workout", start, lasts, day.workout.name, (*wording.workout_lines(day.workout), *only))
    if day.kind == Kind.EASY and day.session is None and day.workout is None:
        yield Entry("easy", start, None, "Easy day", why)


def _why(programme: Programme, week: Week, day: Day, system: System) -> tuple[str, ...]:
    note = (day.note,) if day.note else ()
    reasons = dict.fromkeys(in_units(reason.text, system) for reason in week.reasons or programme.reasons)
    return (*note, *(("", "Why:", *reasons) if reasons else ()))


def _minutes(seconds: float) -> int:
    return -int(-seconds // 60)


# -- events -----------------------------------------------------------------------------------------------------------


def _event(entry: Entry, programme: Programme, options: Options, zone: ZoneInfo | None) -> "Event":
    import icalendar

    event = icalendar.Event()
    event.add("uid", _uid(entry, programme, options))
    event.add("sequence", options.sequence)
    event.add("dtstamp", options.stamp.astimezone(dt.UTC))
    for name, moment in _when(entry, zone).items():
        event.add(name, moment)
    event.add("transp", "TRANSPARENT" if entry.lasts_s is None else "OPAQUE")
    event.add("summary", "Busy" if options.busy_only else entry.title)
    if options.busy_only:
        event.add("class", "PRIVATE")
        return event
    event.add("description", "\n".join(entry.lines).strip())
    if options.where and entry.part == "session":
        event.add("location", options.where)
    if options.alarm_min is not None and entry.lasts_s is not None:
        event.add_component(_alarm(entry, options.alarm_min))
    return event


def _uid(entry: Entry, programme: Programme, options: Options) -> str:
    whose = f"{options.person}|{programme.goal}|{programme.calendar.start}|{options.busy_only}"
    return f"{entry.start:%Y%m%d}-{entry.part}-{sha256(whose.encode()).hexdigest()[:16]}@retropace"


def _when(entry: Entry, zone: ZoneInfo | None) -> dict[str, dt.datetime | dt.date]:
    if entry.lasts_s is None:
        return {"dtstart": entry.start.date(), "dtend": entry.start.date() + dt.timedelta(days=1)}
    lasts = dt.timedelta(minutes=_minutes(entry.lasts_s))
    if zone is None:
        return {"dtstart": entry.start, "dtend": entry.start + lasts}
    start = entry.start.replace(tzinfo=zone)
    # Through UTC, so that a change of the clocks does not change how long it lasts.
    return {"dtstart": start, "dtend": (start.astimezone(dt.UTC) + lasts).astimezone(zone)}


def _alarm(entry: Entry, minutes: int) -> Any:
    import icalendar

    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", dt.timedelta(minutes=-minutes))
    alarm.add("description", entry.title)
    return alarm


WRITER = Writer(
    key="ics",
    name="iCalendar",
    suffix=".ics",
    media_type="text/calendar; charset=utf-8",
    delivery="Import it into any calendar, or let the calendar subscribe to it.",
    features={
        Feature.REPEATS: degraded("In the description, as words."),
        Feature.NAMES: degraded("In the description, as words."),
        Feature.CUES: degraded("In the description, as words."),
        Feature.DIRECTION: degraded("In the description, as words."),
        Feature.TIMES: degraded("An event is as long as the session to the next minute; the steps stand in words."),
        Feature.ROLES: degraded("As the steps are called."),
        Feature.SPEEDS: degraded("In the description, as words."),
        Feature.DAYS: exact("An event for each session and home workout, all-day for easy days; rest days stay empty."),
        Feature.SESSIONS: exact("The whole programme."),
        Feature.WORKOUTS: degraded("Exercises and doses as words, without figures; the time they take is a guess."),
        Feature.REASONS: degraded("Limits and reasons as sentences, without their sources."),
    },
    programme=programme_file,
)

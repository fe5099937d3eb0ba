"""Time zone: a zone of the IANA database as a calendar's own description of it.

Every change of the clocks is a part of its own, beginning at the local time before the change, as RFC 5545 asks (3.6.5).
Lists of later changes in one part would be shorter, but the library that several calendars are built on reads only the
first of such a list.
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Component, Timezone

_DAY = dt.timedelta(days=1)


def time_zone(zone: ZoneInfo, first: dt.date, last: dt.date) -> "Timezone":
    """The zone's offsets from the year before `first` until the year after `last`."""
    import icalendar

    begin = dt.datetime(first.year - 1, 1, 1, tzinfo=dt.UTC)
    end = dt.datetime(last.year + 2, 1, 1, tzinfo=dt.UTC)
    described = icalendar.Timezone()
    described.add("tzid", zone.key)
    described.add_component(_part(begin, begin, zone))
    for change in changes(zone, begin, end):
        described.add_component(_part(change - dt.timedelta(seconds=1), change, zone))
    return described


def changes(zone: ZoneInfo, begin: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """Instants (UTC) at which the zone's offset or name changes, to the second."""
    day = begin
    while day < end:
        if _told(day, zone) != _told(day + _DAY, zone):
            yield _instant(day, day + _DAY, zone)
        day += _DAY


def _told(moment: dt.datetime, zone: ZoneInfo) -> tuple[dt.timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _instant(before: dt.datetime, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The change between two instants, by halving."""
    old = _told(before, zone)
    while after - before > dt.timedelta(seconds=1):
        middle = before + dt.timedelta(seconds=int((after - before).total_seconds() / 2))
        before, after = (middle, after) if _told(middle, zone) == old else (before, middle)
    return after


def _part(before: dt.datetime, change: dt.datetime, zone: ZoneInfo) -> "Component":
    import icalendar

    old, new = before.astimezone(zone), change.astimezone(zone)
    part = icalendar.TimezoneDaylight() if new.dst() else icalendar.TimezoneStandard()
    part.add("dtstart", (change + (old.utcoffset() or dt.timedelta())).replace(tzinfo=None))
    part.add("tzoffsetfrom", old.utcoffset())
    part.add("tzoffsetto", new.utcoffset())
    part.add("tzname", new.tzname())
    return part

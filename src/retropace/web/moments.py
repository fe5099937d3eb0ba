"""Moments: instants in the reader's words."""

import datetime as dt

from retropace.web.days import short_day
from retropace.web.language import say


def when(instant: dt.datetime, now: dt.datetime) -> str:
    """An instant as somebody says it at `now`, in whose zone it is told.

    >>> noon = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    >>> when(noon - dt.timedelta(hours=3), noon), when(noon - dt.timedelta(hours=13), noon)
    ('today 09:00', 'yesterday 23:00')
    """
    local = instant.astimezone(now.tzinfo)
    time, ago = f"{local:%H:%M}", (now.date() - local.date()).days
    if ago == 0:
        return say("today {time}", time=time)
    if ago == 1:
        return say("yesterday {time}", time=time)
    return f"{short_day(local.date(), now.date())} {time}"

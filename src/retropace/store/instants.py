"""Instants as they are kept: text in UTC that sorts by time."""

import datetime as dt


def kept(instant: dt.datetime) -> str:
    """An aware instant as text.

    >>> kept(dt.datetime(2026, 11, 22, 10, tzinfo=dt.timezone(dt.timedelta(hours=1))))
    '2026-11-22T09:00:00+00:00'
    """
    return instant.astimezone(dt.UTC).isoformat(timespec="seconds")

"""Days: dates in the reader's words."""

import datetime as dt

from retropace.web.language import say


def short_day(day: dt.date, today: dt.date) -> str:
    """A day in short; another year than this is named.

    >>> short_day(dt.date(2026, 11, 17), dt.date(2026, 11, 20)), short_day(dt.date(2025, 1, 4), dt.date(2026, 11, 20))
    ('Tue 17 Nov', 'Sat 4 Jan 2025')
    """
    year = "" if day.year == today.year else f" {day.year}"
    return f"{weekdays()[day.weekday()][:3]} {day.day} {months()[day.month - 1][:3]}{year}"


def month(day: dt.date) -> str:
    """The month of a day.

    >>> month(dt.date(2026, 11, 17))
    'November 2026'
    """
    return f"{months()[day.month - 1]} {day.year}"


def week(monday: dt.date, today: dt.date) -> str:
    """The week that begins on `monday`.

    >>> week(dt.date(2026, 11, 9), dt.date(2026, 11, 17)), week(dt.date(2026, 10, 26), dt.date(2026, 11, 17))
    ('Last week', '26 October – 1 November')
    """
    weeks_ago = (today - dt.timedelta(days=today.weekday()) - monday).days // 7
    if weeks_ago == 0:
        return say("This week")
    if weeks_ago == 1:
        return say("Last week")
    sunday = monday + dt.timedelta(days=6)
    first = str(monday.day) if monday.month == sunday.month else f"{monday.day} {months()[monday.month - 1]}"
    return f"{first} – {sunday.day} {months()[sunday.month - 1]}"


def weekdays() -> tuple[str, ...]:
    """The days of a week, Monday first."""
    return (
        say("Monday"),
        say("Tuesday"),
        say("Wednesday"),
        say("Thursday"),
        say("Friday"),
        say("Saturday"),
        say("Sunday"),
    )


def months() -> tuple[str, ...]:
    """The months of a year."""
    return (
        say("January"),
        say("February"),
        say("March"),
        say("April"),
        say("May"),
        say("June"),
        say("July"),
        say("August"),
        say("September"),
        say("October"),
        say("November"),
        say("December"),
    )

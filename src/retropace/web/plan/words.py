"""Words: days, sessions and doses in few words, in the reader's language."""

import datetime as dt
from collections.abc import Sequence

from retropace.exercises import Dose
from retropace.prescription import core_of
from retropace.programme import Day, Kind
from retropace.quantities import Gait, System, elapsed, shown
from retropace.session import Session, Step
from retropace.views.folded import Words, main_set
from retropace.web.days import months, weekdays
from retropace.web.language import say, say_count


def brief(seconds: float) -> str:
    """A duration as short as it can be.

    >>> brief(20), brief(60), brief(100), brief(300)
    ('20 s', '60 s', '1:40 min', '5 min')
    """
    whole = round(seconds)
    if whole <= 60:
        return say("{count} s", count=whole)
    if whole % 60:
        return say("{clock} min", clock=elapsed(whole))
    return say("{count} min", count=whole // 60)


def speed(mps: float, system: System) -> str:
    """A speed in metres a second, or in miles an hour."""
    value, unit = shown(mps, "m/s", system)
    return f"{value:.1f} {unit}"


def hourly(mps: float, system: System) -> str:
    """A speed as a belt shows it, in kilometres or miles an hour."""
    value, unit = shown(3.6 * mps, "km/h", system)
    return f"{value:.1f} {unit}"


def length(metres: float, system: System) -> str:
    """A length in metres or feet."""
    value, unit = shown(metres, "m", system)
    return f"{value:.0f} {unit}"


def date_words(day: dt.date) -> str:
    """A date in full: "Thursday 14 May"."""
    return say("{weekday} {day} {month}", weekday=weekday(day), day=day.day, month=months()[day.month - 1])


def short_date(day: dt.date) -> str:
    """A date in short: "14 May"."""
    return f"{day.day} {months()[day.month - 1][:3]}"


def span(first: dt.date, last: dt.date) -> str:
    """Two dates: "11–17 May"."""
    if first.month == last.month:
        return f"{first.day}–{short_date(last)}"
    return f"{short_date(first)} – {short_date(last)}"


def weekday(day: dt.date) -> str:
    """A day's weekday in full."""
    return weekdays()[day.weekday()]


def weekday_short(day: dt.date) -> str:
    """A day's weekday in three letters."""
    return weekday(day)[:3]


# -- sessions -----------------------------------------------------------------------------------------------------------


def kind_words(kind: Kind) -> str:
    """What a day holds, in two words."""
    return {
        Kind.REVERSE: say("Back run"),
        Kind.CHALLENGE: say("Chal\u00adlenge"),
        Kind.BACKWARD_WALK: say("Back walk"),
        Kind.STRENGTH: say("Home"),
        Kind.EASY: say("Easy"),
        Kind.REST: say("Rest"),
        Kind.EVENT: say("Event"),
    }[kind]


def kind_of(session: Session) -> Kind:
    """What a day with this session is."""
    return Kind.BACKWARD_WALK if core_of(session.steps).gait is Gait.WALK else Kind.REVERSE


def day_words(day: Day) -> str:
    """What a day holds: its session, its event, its home work or nothing."""
    if day.kind is Kind.EVENT:
        return day.note or say("Event")
    if day.kind is Kind.EASY and day.workout is not None:
        return say("Easy")
    return kind_words(day.kind)


def set_words(session: Session) -> str:
    """A session's repeats in a few signs: "6 × 20 s"."""
    repeats = core_of(session.steps).repeats_s
    if not repeats:
        return session.name
    if len(set(repeats)) == 1:
        return brief(repeats[0]) if len(repeats) == 1 else f"{len(repeats)} × {brief(repeats[0])}"
    if len(set(repeats[:-1])) == 1 and len(repeats) > 2:
        return f"{len(repeats) - 1} × {brief(repeats[0])} + {brief(repeats[-1])}"
    return say_count("{count} repeat", "{count} repeats", len(repeats))


def ribbon_words(session: Session) -> Words:
    """What stands round the ribbon of a session."""
    main = main_set(session)
    before, after = session.steps[: main.start], session.steps[main.stop :]
    repeats = say("{repeats} back", repeats=set_words(session))
    pause = _pause(session.steps[main])
    return Words(
        forward=say("forward ›"),
        backward=say("‹ backward, below the line"),
        before=brief(_sum(before)),
        main=f"{repeats}, {pause}" if pause else repeats,
        main_brief=repeats,
        after=brief(_sum(after)),
    )


def _pause(main: Sequence[Step]) -> str:
    names = {step.name for step in main[:1]}
    between = next((step for step in main if step.name not in names and step.duration_s >= 15), None)
    if between is None:
        return ""
    words = {
        Gait.WALK: say("{time} walk", time=brief(between.duration_s)),
        Gait.RUN: say("{time} jog", time=brief(between.duration_s)),
    }
    return words.get(between.gait, say("{time} rest", time=brief(between.duration_s)))


def _sum(steps: Sequence[Step]) -> float:
    return sum(step.duration_s for step in steps)


# -- home work ----------------------------------------------------------------------------------------------------------


def dose_words(dose: Dose) -> str:
    """A dose: "3 × 12 each side"."""
    amount = str(dose.reps) if dose.reps is not None else brief(dose.hold_s or 0.0)
    each = say("{dose} each side", dose=f"{dose.sets} × {amount}")
    return each if dose.each_side else f"{dose.sets} × {amount}"


def need_words(needs: str) -> str:
    """What is at hand: "a wall within reach"."""
    return {
        "wall": say("a wall within reach"),
        "chair": say("a chair"),
        "counter": say("a counter within reach"),
    }.get(needs, needs)

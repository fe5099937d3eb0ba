"""Plan words: a session and the days of a plan as a coach says them, for screen, terminal and paper alike. English."""

import datetime as dt
from collections.abc import Sequence

from retropace.caps import TURN
from retropace.prescription import MAIN, core_of
from retropace.programme import Kind
from retropace.quantities import Direction, Gait, elapsed
from retropace.saying import day_words, lasting, listed, main_words, sentence
from retropace.session import Session, Step

_WHAT = {Kind.CHALLENGE: "challenge", Kind.BACKWARD_WALK: "backward walk"}
_WEEK = 7


def asks(session: Session) -> str:
    """What a session asks for, in one sentence; a session of nobody's table by its name.

    >>> from retropace.doses import MainSet; from retropace.prescription import prescription
    >>> from retropace.rules import rules_on
    >>> asks(prescription(MainSet(Gait.RUN, 120, 20, 1.8), rules_on(dt.date(2026, 11, 22))))
    'Six repeats of 20 seconds backward, a minute walking between.'
    """
    core = core_of(session.steps)
    if not core.repeats_s:
        return f"{session.name}."
    between = _between(session.steps)
    pause = (between.gait, between.duration_s) if between else (Gait.WALK, 0.0)
    words = sentence(main_words(core.repeats_s, core.gait, *pause))
    return f"{words}{_run_around(session.steps)}."


def _between(steps: Sequence[Step]) -> Step | None:
    """The recovery between two repeats of the main set."""
    names = [step.name for step in steps]
    main = [k for k, name in enumerate(names) if name in MAIN.values()]
    inside = steps[main[0] : main[-1]] if main else ()
    return next((step for step in inside if step.name not in (*MAIN.values(), TURN)), None)


def _run_around(steps: Sequence[Step]) -> str:
    """The ordinary run before or after the main set, where there is one."""
    names = [step.name for step in steps]
    runs = [k for k, step in enumerate(steps) if (step.gait, step.direction) == (Gait.RUN, Direction.FORWARD)]
    main = [k for k, name in enumerate(names) if name in MAIN.values()]
    around = next((k for k in runs if k < main[0] or k > main[-1]), None) if main else None
    if around is None:
        return ""
    return f", {'after' if around < main[0] else 'then'} {lasting(steps[around].duration_s)} of easy running"


def backward_s(session: Session) -> float:
    """Seconds backward, warm-up included."""
    return sum(step.duration_s for step in session.steps if step.direction == Direction.BACKWARD)


def in_words(session: Session) -> str:
    """The session in one line: name, how long, how fast at most."""
    backward = [step for step in session.steps if step.direction == Direction.BACKWARD]
    speeds = [step.speed_mps for step in backward if step.speed_mps is not None]
    capped = f", no faster than {max(speeds):.1f} m/s" if speeds else ""
    return (
        f"{session.name}, {elapsed(backward_s(session))} backward in {elapsed(session.duration_s)} altogether{capped}."
    )


def day_name(day: dt.date, today: dt.date) -> str:
    """A day as it is called on `today`: by its weekday within a week, else with its date.

    >>> monday = dt.date(2026, 11, 23)
    >>> [day_name(monday + dt.timedelta(days=k), monday) for k in (0, 1, 3, 10)]
    ['today', 'tomorrow', 'Thursday', 'Thursday 3 December']
    """
    ahead = (day - today).days
    if ahead in (0, 1):
        return ("today", "tomorrow")[ahead]
    return f"{day:%A}" if 0 < ahead < _WEEK else day_words(day)


def days_named(days: Sequence[dt.date], today: dt.date) -> str:
    """Days as a list in a sentence: "Tuesday, Thursday and Saturday"."""
    return listed(day_name(day, today) for day in days)


def owned(day: dt.date, kind: Kind, today: dt.date) -> str:
    """A day's session as it is spoken of at the beginning of a sentence: "Thursday's session", "Today's backward walk"."""
    what = _WHAT.get(kind, "session")
    ahead = (day - today).days
    if 0 <= ahead < _WEEK:
        return sentence(f"{day_name(day, today)}'s {what}")
    return sentence(f"the {what} of {day_words(day)}")

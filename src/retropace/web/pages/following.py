"""Following: which prescribed session was followed, and how it was done."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retropace.bout import Bout
from retropace.errors import UnusableInput
from retropace.plan import Followed, FollowedStep
from retropace.quantities import Direction
from retropace.session import Session
from retropace.store.recordings import Kept
from retropace.store.records import packed
from retropace.summary import Summary
from retropace.views.figures import clock, moment
from retropace.views.story import DIRECTION_WORDS, GAIT_WORDS, all_bouts, repeats, seconds
from retropace.web.language import say
from retropace.web.visit import Visit

#: Sessions of so many days around the recording's may have been followed.
_DAYS = 14
#: No more than this are offered.
_MOST = 12
#: What is sent where no plan was followed.
NO_PLAN = "none"


@dataclass(frozen=True, slots=True)
class Option:
    """A session that may have been followed; `key` is what a form sends."""

    key: str
    words: str
    days: str
    session: Session | None
    chosen: bool


def options(visit: Visit, kept: Kept) -> list[Option]:
    """The session kept with the recording, those of days around it, the nearest day first, and no plan."""
    days: dict[str, tuple[Session, list[dt.date]]] = {}
    if kept.session is not None:
        days[_key(kept.session)] = kept.session, []
    near = sorted(_offered(visit, kept), key=lambda found: abs((found[0] - kept.day).days))
    for day, session in near:
        days.setdefault(_key(session), (session, []))[1].append(day)
    own = "" if kept.session is None else _key(kept.session)
    listed = [
        Option(key, session.name or say("A session without a name"), _days_words(told), session, key == own)
        for key, (session, told) in list(days.items())[:_MOST]
    ]
    return [*listed, Option(NO_PLAN, say("No plan"), "", None, kept.session is None)]


def chosen(visit: Visit, kept: Kept) -> Session | None:
    """The session that a form names. Raises UnusableInput for one that is not offered."""
    key = visit.text("followed", 40)
    option = next((option for option in options(visit, kept) if option.key == key), None)
    if option is None:
        raise UnusableInput("This session is not offered any more", field="followed", remedy="Choose one of the list.")
    return option.session


def _offered(visit: Visit, kept: Kept) -> Iterator[tuple[dt.date, Session]]:
    """Sessions of the programme, and those that other recordings around the same day followed."""
    try:
        weeks = visit.situation.programme.weeks
    except UnusableInput:  # nothing begun: without a programme the other recordings' sessions remain
        weeks = ()
    for week in weeks:
        for day in week.days:
            if day.session is not None and abs((day.date - kept.day).days) <= _DAYS:
                yield day.date, day.session
    for other in visit.recordings.all():
        if other.session is not None and other.id != kept.id and abs((other.day - kept.day).days) <= _DAYS:
            yield other.day, other.session


def _key(session: Session) -> str:
    return hashlib.sha256(packed(session).encode()).hexdigest()[:12]


def _days_words(days: list[dt.date]) -> str:
    return ", ".join(map(day_words, sorted(set(days))[:3]))


def day_words(day: dt.date) -> str:
    """A day as it is written: "Sunday 22 November"."""
    return f"{day:%A} {day.day} {day:%B}"


# -- planned against done -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Done:
    """A planned backward step and the backward stretch found for it; `start` and `done` are empty where none was."""

    number: int
    name: str
    planned: str
    start_s: float
    end_s: float
    start: str
    done: str


@dataclass(frozen=True, slots=True)
class Sum:
    """All steps of one gait and direction together, planned and done."""

    words: str
    css: str
    planned: str
    done: str


@dataclass(frozen=True, slots=True)
class Against:
    """Planned against done. `agreement_pct` says how well speed and cadence show the steps; `steps` those backward."""

    name: str
    length: str
    start: str
    agreement_pct: int
    steps: tuple[Done, ...]
    sums: tuple[Sum, ...]


def against(summary: Summary) -> Against | None:
    """How the planned session was done; None where there was none, or the recording does not show it."""
    session, followed = summary.planned, summary.followed
    if session is None or followed is None:
        return None
    return Against(
        session.name or say("The session"),
        clock(session.duration_s),
        moment(followed.start_s),
        round(100 * followed.agreement),
        tuple(_steps(session, followed, all_bouts(summary))),
        tuple(_sums(session, followed, all_bouts(summary))),
    )


def _steps(session: Session, followed: Followed, bouts: Sequence[Bout]) -> Iterator[Done]:
    """The backward steps; each backward stretch belongs to the step that it shares most time with."""
    found: dict[int, list[Bout]] = {}
    for repeat in repeats(bouts):
        nearest = max(followed.steps, key=lambda step: _shared_s(step, repeat[0].start_s, repeat[-1].end_s))
        if _shared_s(nearest, repeat[0].start_s, repeat[-1].end_s) > 0:
            found.setdefault(nearest.number, []).extend(repeat)
    backward = [number for number, step in enumerate(session.steps) if step.direction is Direction.BACKWARD]
    for place, number in enumerate(backward, 1):
        step, done = session.steps[number], found.get(number, [])
        told = (done[0].start_s, done[-1].end_s, moment(done[0].start_s), clock(seconds(done))) if done else _LEFT_OUT
        yield Done(place, step.name or say("backward"), clock(step.duration_s), *told)


_LEFT_OUT = (0.0, 0.0, "", "")


def _shared_s(step: FollowedStep, start_s: float, end_s: float) -> float:
    """Seconds that a step, as it was found, shares with a stretch; forward steps have none."""
    shared = min(step.end_s, end_s) - max(step.start_s, start_s)
    return max(shared, 0.0) if step.step.direction is Direction.BACKWARD else 0.0


_CSS = {Direction.FORWARD: "tfwd", Direction.BACKWARD: "tback"}


def _sums(session: Session, followed: Followed, bouts: Sequence[Bout]) -> Iterator[Sum]:
    """By direction: seconds planned, and seconds done between the first and the last step that was found."""
    start_s, end_s = followed.start_s, followed.steps[-1].end_s
    for gait, direction in dict.fromkeys((step.gait, step.direction) for step in session.steps):
        asked = sum(step.duration_s for step in session.steps if (step.gait, step.direction) == (gait, direction))
        done = sum(
            min(bout.end_s, end_s) - max(bout.start_s, start_s)
            for bout in bouts
            if (bout.gait, bout.direction) == (gait, direction) and bout.end_s > start_s and bout.start_s < end_s
        )
        words = f"{DIRECTION_WORDS[direction]} {GAIT_WORDS[gait]}".strip()
        yield Sum(words, _CSS.get(direction, ""), clock(asked), clock(done))

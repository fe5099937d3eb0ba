"""Days: the weeks of a plan with what was done in them, ready to be shown."""

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from retropace.digest import Digest, remade, standing
from retropace.exercises import Workout
from retropace.log import Done, LogEntry
from retropace.programme import Day, Kind, Week
from retropace.progress.days import Known, Trained, trained
from retropace.progress.history import NoPlan, Plan, history, week_start
from retropace.quantities import Gait, elapsed
from retropace.rearranging import Wish, wish_on
from retropace.rules import Reason
from retropace.session import Session, Step
from retropace.situation import Situation, day_of
from retropace.store.recordings import Kept
from retropace.timetable import Calendar
from retropace.views.folded import empty_thumbnail, thumbnail_svg
from retropace.web.language import say
from retropace.web.plan.words import day_words, kind_of, kind_words, span
from retropace.web.visit import Visit

#: The pattern that all thumbnails of a page share.
HATCH = "th"
#: Recordings of so many days are read at once where nobody did before; older ones wait until their page is opened.
_READ_NOW_DAYS = 3
_DAY = dt.timedelta(days=1)


class State(enum.StrEnum):
    """How a day stands."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    LEFT_OUT = "left_out"
    MOVED = "moved"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day. `planned` is the session as it was planned or is, `drawn` what was really done where a recording tells.

    `home` is how many of its home exercises are done, and of how many; None where it has none, or nobody knows any more.
    """

    date: dt.date
    what: str
    state: State
    planned: Session | None = None
    drawn: Session | None = None
    day: Day | None = None
    done: Trained | None = None
    entry: LogEntry | None = None
    wish: tuple[Wish, dt.date] | None = None
    home: tuple[int, int] | None = None
    recordings: tuple[str, ...] = ()

    @property
    def thumbnail(self) -> str:
        """The day in small."""
        session = self.drawn or self.planned
        return empty_thumbnail() if session is None else thumbnail_svg(session, hatch=HATCH)

    @property
    def mark(self) -> str:
        """One word on how it stands; empty where there is nothing to say."""
        if self.state is State.OPEN and self.home is not None and self.planned is None:
            return say("done") if self.home[0] >= self.home[1] else ""
        return {
            State.DONE: say("done"),
            State.PARTLY: say("part done"),
            State.NOT_DONE: say("not done"),
            State.LEFT_OUT: say("left out"),
            State.MOVED: say("moved"),
            State.OPEN: "",
        }[self.state]


@dataclass(frozen=True, slots=True)
class WeekShown:
    """One week. `planned_s` is None where there was no plan, and `why_none` says why; `done_s` what is known to be done.

    `unmeasured` sessions were done too, and nobody knows how long.
    """

    start: dt.date
    number: int | None
    days: tuple[DayShown, ...]
    planned_s: float | None
    done_s: float
    unmeasured: int
    lighter: bool
    reasons: tuple[Reason, ...]
    why_none: NoPlan | None = None

    @property
    def dates(self) -> str:
        """From when to when."""
        return span(self.start, self.start + 6 * _DAY)

    @property
    def planned(self) -> str:
        """Planned minutes backward, as a clock."""
        return elapsed(self.planned_s or 0.0)

    @property
    def done(self) -> str:
        """Minutes backward done, as a clock."""
        return elapsed(self.done_s)


@dataclass(frozen=True, slots=True)
class Diary:
    """Everything that is known of the days."""

    here: Situation
    today: dt.date
    calendar: Calendar
    plans: Mapping[dt.date, Plan]
    done: Mapping[dt.date, Trained]
    entries: Mapping[dt.date, LogEntry]
    digests: Mapping[str, Digest]
    exercises: Mapping[dt.date, frozenset[str]]
    recordings: Mapping[dt.date, tuple[str, ...]]

    @property
    def recorded(self) -> tuple[dt.date, ...]:
        """Days that went backward and of which there is a recording."""
        return tuple(day for day in self.done if day in self.recordings)


def diary(visit: Visit) -> Diary:
    """What is known of the days of this visit's person. Raises NotBegun where there is no plan yet."""
    here = visit.situation
    entries = [entry for entry in visit.notebook.log() if entry.day <= visit.today]
    plans = history(visit.notebook, visit.today).plans
    sessions = {day: session for plan in plans for day, session in plan.sessions.items()}
    digests, unread = _read(visit)
    recordings: dict[dt.date, tuple[str, ...]] = {}
    for day, recording in (*((one.day, one.id) for one in digests), *((one.day, one.id) for one in unread)):
        recordings[day] = (*recordings.get(day, ()), recording)
    done = {day.day: day for day in trained(entries, digests, sessions)}
    for kept in unread:  # a session was planned and something recorded: nobody has looked yet how much it was
        if kept.day in sessions:
            done.setdefault(kept.day, Trained(kept.day, None, {}, Gait.UNKNOWN, Known.UNKNOWN))
    return Diary(
        here,
        visit.today,
        here.wanted.calendar,
        {plan.start: plan for plan in plans},
        done,
        {entry.day: entry for entry in entries},
        {digest.id: digest for digest in digests},
        visit.notebook.exercises_done(),
        recordings,
    )


def _read(visit: Visit) -> tuple[list[Digest], list[Kept]]:
    """The digests of recordings up to today, those of the last days computed where they are missing; and the unread."""
    digests, unread = [], []
    for kept, known in standing(visit.notebook, visit.recordings):
        if kept.day > visit.today:
            continue
        recent = (visit.today - kept.day).days < _READ_NOW_DAYS
        digest = known or (remade(visit.notebook, visit.recordings, kept) if recent else None)
        if digest is None:
            unread.append(kept)
        else:
            digests.append(digest)
    return digests, unread


# -- weeks --------------------------------------------------------------------------------------------------------------


def weeks_to_come(known: Diary) -> tuple[WeekShown, ...]:
    """The week of today and those after it, as the plan goes on from here."""
    weeks = known.here.programme.weeks
    return tuple(_coming(week, known) for week in weeks if week.days[-1].date >= known.today)


def weeks_behind(known: Diary) -> tuple[WeekShown, ...]:
    """Every week before that of today in which something was planned or done, the latest first."""
    anchor = known.calendar.start
    this = week_start(anchor, known.today)
    starts = {*known.plans, *(week_start(anchor, day) for day in known.done)}
    return tuple(_behind(start, known) for start in sorted(starts, reverse=True) if start < this)


def this_week(known: Diary) -> WeekShown | None:
    """The week of today; None where nothing is planned in it."""
    return next((_coming(week, known) for week in known.here.programme.weeks if _holds(week, known.today)), None)


def day_shown(known: Diary, date: dt.date) -> DayShown:
    """One day, behind or to come; a day outside the plan holds nothing."""
    week = next((week for week in known.here.programme.weeks if _holds(week, date)), None)
    if week is None:
        return _past_day(date, known.plans.get(_start_of(date, known)), known)
    return _shown(week.days[(date - week.days[0].date).days], known)


def _holds(week: Week, date: dt.date) -> bool:
    return week.days[0].date <= date <= week.days[-1].date


def _coming(week: Week, known: Diary) -> WeekShown:
    days = tuple(_shown(day, known) for day in week.days)
    plan = known.plans.get(week.days[0].date)
    planned = plan.reverse_s if plan is not None else week.reverse_s
    done_s, unmeasured = _sums(days)
    return WeekShown(week.days[0].date, week.number, days, planned, done_s, unmeasured, week.deload, week.reasons)


def _behind(start: dt.date, known: Diary) -> WeekShown:
    plan = known.plans.get(start)
    days = tuple(_past_day(start + k * _DAY, plan, known) for k in range(7))
    done_s, unmeasured = _sums(days)
    if plan is None:
        return WeekShown(start, None, days, None, done_s, unmeasured, lighter=False, reasons=(), why_none=NoPlan.BEFORE)
    return WeekShown(start, plan.number, days, plan.reverse_s, done_s, unmeasured, plan.lighter, (), plan.why_none)


def _sums(days: Iterable[DayShown]) -> tuple[float, int]:
    done = [day.done for day in days if day.done is not None]
    return sum(one.reverse_s or 0.0 for one in done), sum(one.reverse_s is None for one in done)


# -- days ---------------------------------------------------------------------------------------------------------------


def _shown(day: Day, known: Diary) -> DayShown:
    """A day of the programme: what is over by what was done, the rest as it is planned."""
    if day.date < known.today or day.date in known.done:
        return _past_day(day.date, known.plans.get(_start_of(day.date, known)), known, day)
    if day.date == known.today:
        day = day_of(known.here)
    wish = wish_on(known.calendar, day.date)
    return DayShown(
        day.date,
        day_words(day),
        _wished(wish) if day.session is None else State.OPEN,
        planned=day.session,
        day=day,
        wish=wish,
        home=_home(day.workout, known.exercises.get(day.date, frozenset())),
    )


def _start_of(date: dt.date, known: Diary) -> dt.date:
    return week_start(known.calendar.start, date)


def _past_day(date: dt.date, plan: Plan | None, known: Diary, day: Day | None = None) -> DayShown:
    planned = None if plan is None else plan.sessions.get(date)
    done, entry = known.done.get(date), known.entries.get(date)
    wish = wish_on(known.calendar, date)
    exercised = known.exercises.get(date, frozenset())
    return DayShown(
        date,
        _past_words(planned, done, entry, exercised, day),
        _state(planned, done, entry, wish, ahead=date > known.today),
        planned=planned,
        drawn=_drawn(done, known.digests),
        day=day,
        done=done,
        entry=entry,
        wish=wish,
        home=_home(None if day is None else day.workout, exercised) or ((len(exercised),) * 2 if exercised else None),
        recordings=known.recordings.get(date, ()),
    )


def _past_words(
    planned: Session | None,
    done: Trained | None,
    entry: LogEntry | None,
    exercised: Collection[str],
    day: Day | None,
) -> str:
    if planned is not None:
        return kind_words(kind_of(planned))
    if done is not None:
        walked = entry is not None and entry.backward_walk
        return kind_words(Kind.BACKWARD_WALK if walked else Kind.REVERSE)
    if exercised:
        return kind_words(Kind.STRENGTH)
    return kind_words(Kind.REST) if day is None or day.session is not None else day_words(day)


def _state(
    planned: Session | None,
    done: Trained | None,
    entry: LogEntry | None,
    wish: tuple[Wish, dt.date] | None,
    *,
    ahead: bool,
) -> State:
    if done is not None:
        return State.PARTLY if entry is not None and entry.done is Done.PARTLY else State.DONE
    if planned is None or ahead:
        return _wished(wish)
    return State.NOT_DONE


def _wished(wish: tuple[Wish, dt.date] | None) -> State:
    if wish is None or wish[0] is Wish.MOVED_HERE:
        return State.OPEN
    return State.LEFT_OUT if wish[0] is Wish.LEFT_OUT else State.MOVED


def _home(workout: Workout | None, exercised: Collection[str]) -> tuple[int, int] | None:
    if workout is None:
        return None
    return sum(item.exercise in exercised for item in workout.items), len(workout.items)


def _drawn(done: Trained | None, digests: Mapping[str, Digest]) -> Session | None:
    """What was done as it was recorded, in the steps of a picture."""
    if done is None:
        return None
    found = [digests[recording] for recording in done.recordings if recording in digests]
    steps = tuple(_steps(found))
    return Session("", steps) if steps else None


def _steps(digests: Sequence[Digest]) -> Iterator[Step]:
    for digest in digests:
        for stretch in digest.stretches:
            yield Step(stretch.gait, stretch.direction, stretch.end_s - stretch.start_s, "", stretch.speed_mps)

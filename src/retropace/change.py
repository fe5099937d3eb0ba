"""Change: what one entry of the log changes in the plan, by working out where somebody stands without it and with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from retropace.doses import WALKED
from retropace.errors import NotBegun
from retropace.log import LogEntry
from retropace.programme import Day, Kind, session_on
from retropace.situation import Situation, day_of, situation
from retropace.store import Screened, Told, Wanted

#: Days ahead whose plan is compared; what lies farther follows from these.
AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class Supposed:
    """What somebody told, had their log been another one, and nothing been known after `until`."""

    told: Told
    entries: tuple[LogEntry, ...]
    until: dt.date | None = None

    def screenings(self) -> Sequence[Screened]:
        """The screenings that were known; the first where none was."""
        kept = self.told.screenings()
        return [s for s in kept if self.until is None or s.answers.day <= self.until] or kept[:1]

    def wanted(self) -> Wanted | None:
        """What they want, as it is."""
        return self.told.wanted()

    def log(self) -> Sequence[LogEntry]:
        """The other log, oldest first."""
        return sorted(self.entries, key=lambda entry: entry.day)


@dataclass(frozen=True, slots=True)
class Moved:
    """A day to come that holds something else than before."""

    before: Day
    after: Day


@dataclass(frozen=True, slots=True)
class Change:
    """Where somebody stands without and with what was told of `day`.

    `latest` is whether nothing later was told: then the decision is about this entry.
    """

    day: dt.date
    latest: bool
    before: Situation
    after: Situation

    @property
    def was(self) -> Day | None:
        """The session that would come next had it not been told, so that like is compared with like: after `day`."""
        return coming(self.before, self.since)

    @property
    def now(self) -> Day | None:
        """The session that comes next."""
        return coming(self.after, self.since)

    @property
    def moved(self) -> tuple[Moved, ...]:
        """The days to come that differ."""
        days = [self.since + dt.timedelta(days=ahead) for ahead in range(1, AHEAD_DAYS + 1)]
        pairs = [Moved(_on(self.before, day), _on(self.after, day)) for day in days]
        return tuple(pair for pair in pairs if _what(pair.before) != _what(pair.after))

    @property
    def since(self) -> dt.date:
        """The last day that is not to come."""
        return max(self.day, self.after.today - dt.timedelta(days=1))


def coming(here: Situation, since: dt.date) -> Day | None:
    """The day of the next session of the programme's own after `since`, its walking days left out; None for none."""
    following = here.following
    if following.session is None:
        return None
    if following.day is not None and following.day > since:
        return session_on(here.programme, following.day, following) or Day(
            following.day, Kind.REVERSE, following.session
        )
    beside = following.state.track not in WALKED
    days = (day for week in here.programme.weeks for day in week.days)
    return next(
        (
            day
            for day in days
            if day.date > since and day.session is not None and not (beside and day.kind is Kind.BACKWARD_WALK)
        ),
        None,
    )


def change(store: Told, day: dt.date, before: LogEntry | None, after: LogEntry | None, today: dt.date) -> Change:
    """What it changes that `after` is told of `day` in place of `before`; None: nothing told. Keeps nothing.

    Raises NotBegun where there is no plan that could change.
    """
    others = [entry for entry in store.log() if entry.day != day]
    stood, stands = (
        situation(Supposed(store, (*others, *(() if entry is None else (entry,)))), today) for entry in (before, after)
    )
    latest = all(entry.day < day for entry in others if entry.day <= today)
    return Change(day, latest, stood, stands)


def _on(here: Situation, day: dt.date) -> Day:
    """A day as it is planned; up to the next session the log's word counts."""
    following = here.following
    known = following if following.day is None or day <= following.day else None
    return session_on(here.programme, day, known) or Day(day, Kind.REST)


def _what(day: Day) -> tuple[object, ...]:
    """What of a day somebody would notice: its session, and which home exercises."""
    return day.session, None if day.workout is None else day.workout.name


@dataclass(frozen=True, slots=True)
class Planned:
    """What a day held before anything was told of it. `runs` in a running programme; `walk` its walking day beside that."""

    day: Day
    runs: bool

    @property
    def walk(self) -> bool:
        """Whether it is the walking day beside a running programme, which earns nothing."""
        return self.runs and self.day.kind is Kind.BACKWARD_WALK


def planned_on(store: Told, day: dt.date) -> Planned | None:
    """What `day` held before anything was told of it or of later days; None where there was no plan yet."""
    known = Supposed(store, tuple(entry for entry in store.log() if entry.day < day), until=day)
    try:
        here = situation(known, day)
    except NotBegun:
        return None
    return Planned(day_of(here), here.following.state.track not in WALKED)

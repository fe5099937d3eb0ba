"""Body: how sore each part was after each session and how that fades, and the home tests from screening to screening."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retropace.home_tests import LARGEST
from retropace.log import Done, LogEntry, Side, Where
from retropace.rules import Rules
from retropace.rules.questionnaire import Edge, HomeTest, home_tests
from retropace.store import Screened

#: From so many answered sessions on, first and last are compared. Our choice.
LEAST_ANSWERED = 4


@dataclass(frozen=True, slots=True)
class Soreness:
    """How sore one place was after session `number` (counted from 1): a day and two days later, 0 to 10.

    None where nobody asked or answered; 0 where it was asked and there was nothing.
    """

    number: int
    day: dt.date
    after_24h: float | None
    after_48h: float | None


@dataclass(frozen=True, slots=True)
class Fading:
    """One place over all sessions, and its worst score."""

    where: Where
    sessions: tuple[Soreness, ...]
    worst: float

    @property
    def answered(self) -> tuple[Soreness, ...]:
        """The sessions after which anything was said."""
        return tuple(s for s in self.sessions if s.after_24h is not None or s.after_48h is not None)

    @staticmethod
    def worst_of(one: Soreness) -> float:
        """The worse of what was said after one session."""
        return max(one.after_24h or 0.0, one.after_48h or 0.0)

    @property
    def first_and_last(self) -> tuple[float, float] | None:
        """The mean of the first answered sessions and of the last, up to three each; None with too few."""
        worst = [self.worst_of(s) for s in self.answered]
        many = min(3, len(worst) // 2)
        if len(worst) < LEAST_ANSWERED:
            return None
        return sum(worst[:many]) / many, sum(worst[-many:]) / many


def soreness(entries: Iterable[LogEntry]) -> tuple[Fading, ...]:
    """Every place that was ever sore, the worst first. A part that was told of "both" sides counts for each."""
    done = [entry for entry in sorted(entries, key=lambda entry: entry.day) if entry.done is not Done.NOT]
    places = {where for entry in done for told in (entry.soreness_24h, entry.soreness_48h) for where in _sides(told)}
    found = [_fading(where, done) for where in places]
    sore = [one for one in found if one.worst > 0]
    return tuple(sorted(sore, key=lambda one: (-_total(one), one.where)))


def _sides(told: Mapping[Where, float]) -> dict[Where, float]:
    """The same with every place on one side."""
    found: dict[Where, float] = {}
    for (part, side), value in told.items():
        for one in (Side.LEFT, Side.RIGHT) if side is Side.BOTH else (side,):
            found[part, one] = max(value, found.get((part, one), 0.0))
    return found


def _fading(where: Where, done: Sequence[LogEntry]) -> Fading:
    sessions = tuple(
        Soreness(number, entry.day, _score(entry, "soreness_24h", where), _score(entry, "soreness_48h", where))
        for number, entry in enumerate(done, start=1)
    )
    return Fading(where, sessions, max(max(s.after_24h or 0.0, s.after_48h or 0.0) for s in sessions))


def _score(entry: LogEntry, name: str, where: Where) -> float | None:
    return _sides(getattr(entry, name)).get(where, 0.0) if entry.answered(name) else None


def _total(one: Fading) -> float:
    return sum((s.after_24h or 0.0) + (s.after_48h or 0.0) for s in one.sessions)


@dataclass(frozen=True, slots=True)
class PainDay:
    """The worst pain of one session during, within the hour after and next morning; None where nobody answered."""

    day: dt.date
    during: float | None
    hour: float | None
    morning: float | None
    where: tuple[Where, ...]


def pains(entries: Iterable[LogEntry]) -> tuple[PainDay, ...]:
    """Pain of every session, oldest first; `where` names the places, the worst first."""
    return tuple(_pain(entry) for entry in sorted(entries, key=lambda entry: entry.day) if entry.done is not Done.NOT)


def _pain(entry: LogEntry) -> PainDay:
    names = ("pain_during", "pain_hour", "pain_morning")
    told: dict[Where, float] = {}
    for name in names:
        for where, value in getattr(entry, name).items():
            told[where] = max(value, told.get(where, 0.0))
    during, hour, morning = (
        max(getattr(entry, name).values(), default=0.0) if entry.answered(name) else None for name in names
    )
    places = sorted((where for where in told if told[where] > 0), key=lambda where: (-told[where], where))
    return PainDay(entry.day, during, hour, morning, tuple(places))


# -- home tests ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tested:
    """One day's figures of a home test by measure; a measure that was not taken is missing."""

    day: dt.date
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class HomeSeries:
    """One home test over time. `edge` is what lifts the mildest limit at this age; None where no edge is left to reach."""

    test: HomeTest
    days: tuple[Tested, ...]
    edge: Edge | None

    def weakest(self, tested: Tested) -> float:
        """The worse side."""
        return (max if self.test.better == "low" else min)(tested.figures.values())


def home_series(screenings: Iterable[Screened], age_years: float | None, rules: Rules) -> tuple[HomeSeries, ...]:
    """Every home test that was done at least once, in the order of the questionnaire. A figure is kept by its day."""
    in_order = sorted(screenings, key=lambda screened: screened.answers.day)
    found = []
    for test in home_tests(rules.on).values():
        days = [Tested(s.answers.day, _figures(test, s.answers.tests)) for s in in_order]
        taken = tuple(_changed([day for day in days if day.figures]))
        if taken and not test.extra:
            found.append(HomeSeries(test, taken, _mildest(test, age_years)))
    return tuple(found)


def _figures(test: HomeTest, told: Mapping[str, float]) -> dict[str, float]:
    most = LARGEST.get(test.unit, math.inf)
    return {name: told[name] for name in test.measures if name in told and 0 <= told[name] <= most}


def _changed(days: Sequence[Tested]) -> list[Tested]:
    """Every day but those that only carry the same figures on between two others; the last stays."""
    return [day for n, day in enumerate(days) if n in (0, len(days) - 1) or day.figures != days[n - 1].figures]


def _mildest(test: HomeTest, age_years: float | None) -> Edge | None:
    fitting = [edge for edge in test.edges if age_years is None or edge.ages[0] <= age_years < edge.ages[1] + 1]
    return fitting[-1] if fitting else None

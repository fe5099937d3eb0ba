"""Homework: home workouts woven between the days that go backward; hard work for the back of the legs never before one."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise

from retropace.exercises import WorkKind, WorkLevel, Workout, workout
from retropace.rules import Rules
from retropace.timetable import Calendar, eve_of

#: Makes the workout of a kind for one person; None where nothing is left for them.
Workouts = Callable[[WorkKind], Workout | None]

#: For people whose home tests are not known.
GENTLE: Workouts = partial(workout, level=WorkLevel.GENTLE)

_STRENGTH = (WorkKind.STRENGTH_A, WorkKind.STRENGTH_B)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Woven:
    """What weaving looks at. `backward` maps each day that goes backward to whether it runs backward.

    On `quiet` days calves rest from the very first time.
    """

    backward: Mapping[dt.date, bool]
    calendar: Calendar
    rules: Rules
    workouts: Mapping[WorkKind, Workout]
    quiet: Collection[dt.date] = ()

    def may_be_hard(self, day: dt.date) -> bool:
        """Whether hard work for calves, hamstrings and buttocks may stand on `day`."""
        if day in self.quiet or self.backward.get(day, False) or eve_of(self.calendar, day, self.rules) is not None:
            return False
        eve = int(self.rules.number("exercises.eve"))
        return not any(day + ahead * _DAY in self.backward for ahead in range(1, eve + 1))


def made(workouts: Workouts) -> Mapping[WorkKind, Workout]:
    """Every kind of workout there is for a person."""
    found = ((kind, workouts(kind)) for kind in WorkKind)
    return {kind: work for kind, work in found if work is not None}


def homework(
    week: Sequence[dt.date], last_hard: dt.date | None, woven: Woven, *, number: int = 1
) -> Mapping[dt.date, WorkKind]:
    """The kind of workout of each day of a week that has one; `last_hard` is the latest hard day before it.

    Days that go backward get mobility or balance, and one day of the others stays free. With room for one hard day only,
    strength A and B take turns by the week's `number`.
    """
    open_days = [day for day in week if woven.calendar.available(day)]
    hard = _hard_days(open_days, last_hard, woven)
    turn = _STRENGTH if len(hard) > 1 or number % 2 else _STRENGTH[::-1]
    kinds = dict(zip(hard, turn, strict=False))
    for day in open_days:
        if day in woven.backward and day not in kinds:
            kinds[day] = WorkKind.MOBILITY if woven.backward[day] else WorkKind.BALANCE
    spare = [day for day in open_days if day not in kinds and day not in woven.backward]
    wanted = int(woven.rules.number("programme.strength_days")) - sum(kind in _STRENGTH for kind in kinds.values())
    lighter = [WorkKind.TRUNK] * max(0, wanted) + [WorkKind.BALANCE]
    kinds |= dict(zip(spare[:-1], lighter, strict=False))
    return {day: kind for day, kind in sorted(kinds.items()) if _fits(kind, day, woven)}


def _hard_days(days: Collection[dt.date], last_hard: dt.date | None, woven: Woven) -> tuple[dt.date, ...]:
    """The days of hard strength: as many as wanted, far enough apart, on days of their own where that is possible."""
    wanted, apart = int(woven.rules.number("programme.strength_days")), woven.rules.number("exercises.days_between")
    possible = [day for day in days if woven.may_be_hard(day)]
    if last_hard is not None:
        possible = [day for day in possible if (day - last_hard).days >= apart]
    choices = [choice for size in range(wanted + 1) for choice in combinations(possible, size) if _gap(choice) >= apart]
    shared = {choice: sum(day in woven.backward for day in choice) for choice in choices}
    return max(choices, key=lambda choice: (len(choice), -shared[choice], min(_gap(choice), apart + 1)))


def _gap(days: Sequence[dt.date]) -> int:
    return min(((later - day).days for day, later in pairwise(days)), default=7)


def _fits(kind: WorkKind, day: dt.date, woven: Woven) -> bool:
    """Whether there is such a workout, and it may stand here: what a workout says of itself counts, not its name."""
    work = woven.workouts.get(kind)
    return work is not None and (not work.hard_posterior or woven.may_be_hard(day))

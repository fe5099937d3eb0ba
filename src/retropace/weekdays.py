"""Weekdays: which days of a week go backward, and on which of them one only walks. Plan and next session ask the same.

First the days as the plan has them; then what the person moved or left out; then rest, which comes before every wish.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from retropace.caps import earliest, present_run
from retropace.doses import WALKED, Goal
from retropace.quantities import Gait
from retropace.rules import Rules
from retropace.standing import State
from retropace.timetable import Calendar, chosen, free, spread

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A day to go backward; `walk` where it is the walking day beside a running track, `meant` the day the plan gave it."""

    day: dt.date
    walk: bool
    meant: dt.date


@dataclass(frozen=True, slots=True)
class Layout:
    """The backward days of one week: how many are wanted, those that were done, those to come.

    What was left out or moved to another week is not wanted any more.
    """

    wanted: int
    done: tuple[dt.date, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class _Week:
    """One week as it is laid out. `first` is the first day that may still be planned, `gap` that after the first of all."""

    days: tuple[dt.date, ...]
    done: Mapping[dt.date, Gait]
    first: dt.date
    between: int
    gap: int
    calendar: Calendar
    rules: Rules

    def bits(self, days: Sequence[dt.date]) -> int:
        """Those of `days` that lie in the week, as bits."""
        return sum(1 << k for k, day in enumerate(self.days) if day in days)

    def free(self, day: dt.date) -> bool:
        """Whether the plan may put something on `day`."""
        return day >= self.first and day not in self.done and free(self.calendar, day, self.rules)

    def moves(self) -> dict[dt.date, dt.date]:
        """The moves that can still be: neither done nor missed, onto a day that may be chosen."""
        moved = self.calendar.moved.items()
        return {
            day: to
            for day, to in moved
            if to >= self.first and not {day, to} & set(self.done) and chosen(self.calendar, to, self.rules)
        }


def layout(state: State, first_day: dt.date, calendar: Calendar, rules: Rules, since: dt.date | None = None) -> Layout:
    """The week that begins on `first_day`, nothing before `since`, around what was done in it already."""
    days = tuple(first_day + k * _DAY for k in range(7))
    done = {past.day: past.gait for past in state.past if days[0] <= past.day <= days[-1]}
    first = max(earliest(state.past, days[0], rules), since or days[0])
    between, after_first = (int(apart) for apart in rules.numbers("programme.cap_rest_days"))
    gap = between if present_run(state.past, max(first, days[0]), rules) else after_first
    week = _Week(days, done, first, between, gap, calendar, rules)
    wanted = _wanted(state, rules)
    planned = _planned(week, state, wanted)
    kept = _as_wished(week, planned)
    left_out = sum(slot.meant in calendar.skipped or slot.meant in week.moves() for slot in planned) - (
        sum(slot.meant in week.moves() for slot in kept)
    )
    return Layout(wanted - left_out, tuple(done), _rested(week, kept))


def _wanted(state: State, rules: Rules) -> int:
    """Backward days a week."""
    if state.goal is Goal.TRY:
        return 1
    if state.track in WALKED:
        return int(rules.number("programme.days_walk_goal"))
    return int(rules.number("programme.days_reverse") + rules.number("programme.days_walk"))


# -- as planned ---------------------------------------------------------------------------------------------------------


def _planned(week: _Week, state: State, wanted: int) -> list[Slot]:
    """The days to come as the plan has them; a day that is over is among them where its session was moved or left out."""
    wished = [*week.moves(), *week.calendar.skipped]
    held = [day for day in week.days if day in wished and day not in week.done and day < week.first]
    possible = week.bits([day for day in week.days if week.free(day)])
    taken = spread(possible, wanted, week.between, week.gap, week.bits(list(week.done)), week.bits(held))
    return _slots(state, [week.days[k] for k in taken], week)


def _slots(state: State, days: list[dt.date], week: _Week) -> list[Slot]:
    """Of three days beside a running track the middle one is walked, and whatever is left when the runs are done."""
    runs = int(week.rules.number("programme.days_reverse")) - sum(gait is Gait.RUN for gait in week.done.values())
    middle = 1 if len(days) - sum(day in week.done for day in days[:1]) > runs else -1
    slots = []
    for number, day in enumerate(days):
        if day in week.done:
            continue
        walk = state.track not in WALKED and (runs <= 0 or number == middle)
        runs -= not walk
        slots.append(Slot(day, walk, day))
    return slots


# -- as wished ----------------------------------------------------------------------------------------------------------


def _as_wished(week: _Week, planned: list[Slot]) -> list[Slot]:
    """The week's slots on the days the person chose, without those they leave out."""
    moves, days = week.moves(), set(week.days)
    kept = []
    for slot in planned:
        to = moves.pop(slot.meant, slot.meant)
        if slot.meant not in week.calendar.skipped and to in days:
            kept.append(replace(slot, day=to))
    for to in sorted(set(moves.values()) & days - {slot.day for slot in kept}):
        kept = _nearest_to(to, kept, set(week.calendar.moved.values()))
    return sorted(kept, key=lambda slot: slot.day)


def _nearest_to(day: dt.date, slots: list[Slot], chosen_days: set[dt.date]) -> list[Slot]:
    """The slots with the one nearest to `day` on it, where one may move: what comes from another week takes its place."""
    open_slots = [slot for slot in slots if slot.day not in chosen_days]
    if not open_slots:
        return slots
    nearest = min(open_slots, key=lambda slot: (abs(slot.day - day), slot.day))
    return [replace(slot, day=day) if slot is nearest else slot for slot in slots]


def _rested(week: _Week, slots: list[Slot]) -> tuple[Slot, ...]:
    """The slots with rest between them: one that comes too soon moves on to the next free day, or falls away."""
    taken: list[Slot] = []
    avoided = {*week.calendar.skipped, *week.moves()}
    for slot in slots:
        gap = week.gap if len(taken) == 1 else week.between
        least = taken[-1].day + gap * _DAY if taken else week.first
        later = (day for day in week.days if day >= least and week.free(day) and day not in avoided)
        day = slot.day if slot.day >= least else next(later, None)
        if day is not None:
            taken.append(replace(slot, day=day))
    return tuple(taken)


def next_main_day(state: State, first: dt.date, calendar: Calendar | None, rules: Rules) -> dt.date | None:
    """The first day from `first` on for a session of the dose table; `first` itself where there is no calendar.

    Never before the calendar's first day. None where the calendar leaves none for as long as the rule progression.no_free_day looks ahead.
    """
    if calendar is None:
        return first
    first = max(first, calendar.start)
    began = state.began or calendar.start
    week = began + (first - began).days // 7 * 7 * _DAY
    ahead = int(rules.number("progression.no_free_day")) // 7 + 1
    weeks = (layout(state, week + 7 * k * _DAY, calendar, rules, first) for k in range(ahead))
    return next(islice((slot.day for found in weeks for slot in found.slots if not slot.walk), 1), None)

"""Weekdays: which days of a week go backward, and on which of them one only walks. Plan and next session ask the same.

First the days as the plan has them; then what the person moved or left out; then rest, which comes before every wish.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from retropace.caps import Past, earliest, present_run
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


@dataclass(frozen=True)
class _Week:
    """One week as it is laid out. `past` is all that was done, `first` the first day that may still be planned.

    `wanted` is how many backward days there should be.
    """

    days: tuple[dt.date, ...]
    past: tuple[Past, ...]
    first: dt.date
    wanted: int
    state: State
    calendar: Calendar
    rules: Rules

    @cached_property
    def done(self) -> dict[dt.date, Gait]:
        """What was done in it."""
        return {past.day: past.gait for past in self.past if self.days[0] <= past.day <= self.days[-1]}

    @cached_property
    def rests(self) -> tuple[int, int]:
        """Days from one session to the next, and from the first of all."""
        rest, after_first = self.rules.numbers("programme.cap_rest_days")
        return int(rest), int(after_first)

    def rest_after(self, day: dt.date) -> int:
        """Rest after a session on `day` that would be the next of all: longer where it is the first, or the first again."""
        return self.rests[0 if present_run(self.past, day, self.rules) else 1]

    def bits(self, days: Collection[dt.date]) -> int:
        """Those of `days` that lie in the week, as bits."""
        return sum(1 << k for k, day in enumerate(self.days) if day in days)

    def free(self, day: dt.date) -> bool:
        """Whether the plan may put something on `day`.

        Not where its session was moved and done elsewhere, nor right after one that is left out: that makes no room.
        """
        gone = day < self.first or day in self.done or self.calendar.moved.get(day) in self.done
        eve = any(day - k * _DAY in self.calendar.skipped for k in range(1, self.rests[0]))
        return not gone and not eve and free(self.calendar, day, self.rules)

    @cached_property
    def moves(self) -> dict[dt.date, dt.date]:
        """The moves that can still be: neither done nor missed, onto a day that may be chosen."""
        return {
            day: to
            for day, to in self.calendar.moved.items()
            if to >= self.first and not {day, to} & set(self.done) and chosen(self.calendar, to, self.rules)
        }


def layout(state: State, first_day: dt.date, calendar: Calendar, rules: Rules, since: dt.date | None = None) -> Layout:
    """The week that begins on `first_day`, nothing before `since`, around what was done in it already.

    A week with wishes stays as it was laid out at its beginning for as long as it goes like that.
    """
    days = tuple(first_day + k * _DAY for k in range(7))
    first = max(earliest(state.past, days[0], rules), since or days[0])
    week = _Week(days, state.past, first, _wanted(state, rules), state, calendar, rules)
    if {*calendar.skipped, *calendar.moved, *calendar.moved.values()} & {*days}:
        begun = _begun(week)
        told = _laid_out(begun)
        if {slot.day for slot in told.slots if slot.day < first or slot.day in week.done} == set(week.done):
            kept = [slot for slot in told.slots if slot.day not in week.done]
            return Layout(told.wanted, tuple(week.done), _rested(week, kept))
    return _laid_out(week)


def _begun(week: _Week) -> _Week:
    """The week as it was when it began."""
    past = tuple(past for past in week.past if past.day < week.days[0])
    return replace(week, past=past, first=earliest(past, week.days[0], week.rules))


def _laid_out(week: _Week) -> Layout:
    planned = _planned(week)
    slots = _rested(week, _as_wished(week, planned))
    for day in sorted(week.calendar.skipped & {slot.meant for slot in slots}):
        slots = _rested(week, [slot for slot in slots if slot.meant != day])
    return Layout(week.wanted - _left_out(week, planned), tuple(week.done), slots)


def _wanted(state: State, rules: Rules) -> int:
    """Backward days a week."""
    if state.goal is Goal.TRY:
        return 1
    if state.track in WALKED:
        return int(rules.number("programme.days_walk_goal"))
    return int(rules.number("programme.days_reverse") + rules.number("programme.days_walk"))


# -- as planned ---------------------------------------------------------------------------------------------------------


def _planned(week: _Week) -> list[Slot]:
    """The days to come as the plan has them; a day that is over is among them where its session was moved or left out."""
    wished = {*week.moves, *week.calendar.skipped} - set(week.done)
    held = [day for day in wished if day < week.first]
    possible = week.bits([day for day in week.days if week.free(day)])
    gap = week.rest_after(week.first)
    taken = spread(possible, week.wanted, week.rests[0], gap, week.bits(week.done), week.bits(held))
    return _slots(week, [week.days[k] for k in taken])


def _slots(week: _Week, days: Sequence[dt.date]) -> list[Slot]:
    """Of three days beside a running track the middle one is walked, and whatever is left when the runs are done."""
    runs = int(week.rules.number("programme.days_reverse")) - sum(gait is Gait.RUN for gait in week.done.values())
    middle = 1 if len(days) - sum(day in week.done for day in days[:1]) > runs else -1
    slots = []
    for number, day in enumerate(days):
        if day in week.done:
            continue
        walk = week.state.track not in WALKED and (runs <= 0 or number == middle)
        runs -= not walk
        slots.append(Slot(day, walk, day))
    return slots


# -- as wished ----------------------------------------------------------------------------------------------------------


def _as_wished(week: _Week, planned: Sequence[Slot]) -> list[Slot]:
    """The week's slots on the days the person chose; what goes to another week is gone."""
    moves = dict(week.moves)
    kept = []
    for slot in planned:
        day = moves.pop(slot.meant, slot.meant)
        if day in week.days and day >= week.first:
            kept.append(replace(slot, day=day))
    for to in sorted(set(moves.values()) & set(week.days) - {slot.day for slot in kept}):
        room = len(kept) + len(week.done) < week.wanted
        kept = _with_more(week, to, kept) if room else _nearest_to(week, to, kept)
    return sorted(kept, key=lambda slot: slot.day)


def _left_out(week: _Week, planned: Sequence[Slot]) -> int:
    """How many of the planned sessions the person leaves out or takes to another week."""
    skipped, moves = week.calendar.skipped, week.moves
    return sum(slot.meant in skipped or moves.get(slot.meant, slot.meant) not in week.days for slot in planned)


def _with_more(week: _Week, day: dt.date, slots: Sequence[Slot]) -> list[Slot]:
    """The slots and one on `day` that comes from another week; which of them is walked follows from all of them."""
    meant = {slot.day: slot.meant for slot in slots}
    days = sorted({day, *meant, *week.done})
    return [replace(slot, meant=meant.get(slot.day, slot.day)) for slot in _slots(week, days)]


def _nearest_to(week: _Week, day: dt.date, slots: Sequence[Slot]) -> list[Slot]:
    """The slots with the one nearest to `day` on it: what comes from another week into a full one takes its place."""
    chosen_days = set(week.calendar.moved.values())
    near = [slot for slot in slots if slot.day not in chosen_days]
    nearest = min(near, key=lambda slot: (abs(slot.day - day), slot.day), default=None)
    return [replace(slot, day=day) if slot is nearest else slot for slot in slots]


def _rested(week: _Week, slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The slots with rest between them: one that comes too soon moves on to the next free day, or falls away."""
    taken: list[Slot] = []
    avoided = {*week.calendar.skipped, *week.moves}
    for slot in slots:
        gap = week.rest_after(taken[0].day) if len(taken) == 1 else week.rests[0]
        least = taken[-1].day + gap * _DAY if taken else week.first
        later = (day for day in week.days if day >= least and week.free(day) and day not in avoided)
        day = slot.day if slot.day >= least else next(later, None)
        if day is not None:
            taken.append(replace(slot, day=day))
    return tuple(taken)


def next_main_day(state: State, first: dt.date, calendar: Calendar | None, rules: Rules) -> dt.date | None:
    """The first day from `first` on for a session of the dose table; `first` itself where there is no calendar.

    Never before the calendar's first day. None where the calendar leaves none for as long as the rule
    progression.no_free_day looks ahead.
    """
    if calendar is None:
        return first
    first = max(first, calendar.start)
    began = state.began or calendar.start
    week = began + (first - began).days // 7 * 7 * _DAY
    ahead = int(rules.number("progression.no_free_day")) // 7 + 1
    weeks = (layout(state, week + 7 * k * _DAY, calendar, rules, first) for k in range(ahead))
    return next(islice((slot.day for found in weeks for slot in found.slots if not slot.walk), 1), None)

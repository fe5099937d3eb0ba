"""People, calendars and logs made for tests of the coach, and a judge of plans that shares no code with the caps."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from retropace.log import Done, LogEntry, Part, Side, Where
from retropace.place import Watcher
from retropace.programme import Calendar, Goal, Kind, Programme
from retropace.progression import Next, Past, State, next_session, start
from retropace.quantities import Direction, Gait
from retropace.rules import Rules, rules_on
from retropace.screening import Clearance, Group, Level, Limits
from retropace.session import Session, Step

MONDAY = dt.date(2026, 11, 23)
RULES = rules_on(MONDAY)
DAY = dt.timedelta(days=1)

FLAGS = ("chest_pressure", "new_vertigo", "slurred_speech", "calf_swelling_warmth", "head_knock", "limp", "sharp_pain")
PAINS = ("pain_during", "pain_hour", "pain_morning", "soreness_24h", "soreness_48h")


def chance(seed: int) -> random.Random:
    """Chance that repeats itself."""
    return random.Random(seed)


def limits(**changed: object) -> Limits:
    """Those of a healthy adult with a track, `changed` where asked."""
    usual = {
        "backward_run": True,
        "speed_mps": 2.4,
        "longest_bout_s": 60.0,
        "glance_every_s": 4.0,
        "watchers": (Watcher.NOBODY,),
        "start_low": False,
        "treadmill_kmh": 4.0,
        "treadmill_run": False,
        "first_weeks_mps": 2.2,
    }
    return Limits(**{**usual, **changed})  # type: ignore[arg-type]


def clearance(
    level: Level = Level.RUN,
    group: Group = Group.BEGINNER,
    *,
    screened: dt.date = MONDAY - DAY,
    days: int = 84,
    see: str | None = None,
    **changed: object,
) -> Clearance:
    """A clearance of the day before MONDAY that holds for `days`."""
    if level is not Level.RUN:
        changed = {"backward_run": False, "speed_mps": 1.2, **changed}
    return Clearance(level, group, limits(**changed), (), screened, screened + days * DAY, see)


@dataclass(frozen=True)
class Someone:
    """Whom a plan is made for."""

    clearance: Clearance
    goal: Goal
    calendar: Calendar


def anybody(rng: random.Random, *, weeks: int | None = None, tame: bool = False) -> Someone:
    """Somebody at random; `tame` leaves out refusals, blackouts and events."""
    level = rng.choice([Level.RUN, Level.RUN, Level.RUN, Level.WALK] + ([] if tame else [Level.NOT_NOW]))
    group = rng.choice(list(Group))
    speed = rng.choice([2.4, 2.2, 1.8, 1.6, 1.4]) if level is Level.RUN else rng.choice([1.2, 0.8])
    way_m = rng.choice([None, 15.0, 35.0, 95.0])
    longest = rng.choice([8.0, 15.0, 20.0, 45.0, 600.0]) if way_m is None else min(600.0, way_m / speed)
    cleared = clearance(
        level,
        group,
        days=rng.choice([28, 84, 200]),
        see="a doctor" if level is Level.NOT_NOW else None,
        speed_mps=speed,
        longest_bout_s=longest,
        clear_run_m=way_m,
        start_low=rng.random() < 0.4,
        treadmill_kmh=rng.choice([None, 4.0, 6.5]),
        watchers=rng.choice([(Watcher.NOBODY, Watcher.SPOTTER), (Watcher.SPOTTER, Watcher.MIRROR), (Watcher.SPOTTER,)]),
    )
    return Someone(cleared, rng.choice(list(Goal)), _calendar(rng, weeks or rng.randint(1, 14), tame=tame))


def _calendar(rng: random.Random, weeks: int, *, tame: bool) -> Calendar:
    first = MONDAY + rng.randrange(7) * DAY
    weekdays = frozenset(rng.sample(range(7), rng.randint(1, 7)))
    if tame:
        return Calendar(first, weeks, weekdays)
    days = [first + k * DAY for k in range(7 * weeks)]
    out = {rng.choice(days) for _ in range(rng.choice([0, 0, 2, 6]))}
    if rng.random() < 0.2:
        away = rng.choice(days)
        out |= {away + k * DAY for k in range(rng.choice([8, 16, 30]))}
    events = {rng.choice(days): "Park run" for _ in range(rng.choice([0, 0, 1, 3]))}
    return Calendar(first, weeks, weekdays, frozenset(out), events)


# -- logs ---------------------------------------------------------------------------------------------------------------


def good(day: dt.date, rng: random.Random | None = None) -> LogEntry:
    """A session that went well; with `rng`, with the small pains of a good one."""
    if rng is None:
        return LogEntry(day, Done.ALL, effort=4)
    small = {name: {where(rng): rng.choice([0.0, 0.0, 1.0])} for name in PAINS if rng.random() < 0.3}
    entry = LogEntry(day, Done.ALL, effort=rng.choice([2, 4, 6]), neck_strain=rng.choice([None, 0, 2]))
    return telling(entry, **small)


def telling(entry: LogEntry, **changed: object) -> LogEntry:
    return replace(entry, **changed)  # type: ignore[arg-type]


def where(rng: random.Random) -> Where:
    return rng.choice(list(Part)), rng.choice(list(Side))


def bad(day: dt.date, rng: random.Random) -> LogEntry:
    """A session in which at least one thing went wrong."""
    entry = good(day)
    for wrong in rng.sample(
        ["pain", "sore", "effort", "neck", "stumble", "partly", "fall", "flag"], rng.choice([1, 1, 2])
    ):
        entry = _worse(entry, wrong, rng)
    return entry


def _worse(entry: LogEntry, wrong: str, rng: random.Random) -> LogEntry:
    if wrong == "pain":
        name = rng.choice(["pain_during", "pain_hour", "pain_morning"])
        return telling(entry, **{name: {where(rng): rng.choice([2.5, 3.0, 4.0, 5.0, 6.0, 9.0])}})
    if wrong == "sore":
        return replace(entry, soreness_48h={where(rng): rng.choice([3.5, 4.0, 4.5, 7.0])})
    changed: dict[str, dict[str, object]] = {
        "effort": {"effort": rng.choice([6.5, 7, 8.5, 10, None])},
        "neck": {"neck_strain": rng.choice([2.5, 4, 6, 9])},
        "stumble": {"stumbles": rng.choice([1, 2, 5])},
        "partly": {"done": Done.PARTLY, "reverse_s": rng.choice([None, 30.0])},
        "fall": {"falls": 1},
        "flag": {"red_flags": (rng.choice(FLAGS),)},
    }
    return telling(entry, **changed[wrong])


def any_log(day: dt.date, rng: random.Random) -> LogEntry:
    """Good, bad, missed or measured."""
    kind = rng.random()
    if kind < 0.55:
        return good(day, rng)
    if kind < 0.85:
        return bad(day, rng)
    if kind < 0.92:
        return LogEntry(day, Done.NOT)
    seconds = rng.choice([10.0, 60.0, 130.0, 400.0])
    return replace(
        good(day), reverse_s=seconds, reverse_longest_s=min(20.0, seconds), reverse_speed_mps=1.7, measured=True
    )


# -- what a session asks for --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Amount:
    """Backward seconds by gait, longest repeat (shuttles together) and fastest step; zeros where there is no session."""

    run_s: float = 0.0
    walk_s: float = 0.0
    repeat_s: float = 0.0
    speed_mps: float = 0.0

    def within(self, other: "Amount") -> bool:
        pairs = zip(_figures(self), _figures(other), strict=True)
        return all(mine <= theirs + 1e-6 for mine, theirs in pairs)


def _figures(amount: Amount) -> tuple[float, ...]:
    return amount.run_s, amount.walk_s, amount.repeat_s, amount.speed_mps


def amount(session: Session | None) -> Amount:
    if session is None:
        return Amount()
    back = [step for step in session.steps if step.direction == Direction.BACKWARD]
    run, walk = (sum(s.duration_s for s in back if s.gait is gait) for gait in (Gait.RUN, Gait.WALK))
    repeats = [sum(s.duration_s for s in part) for part in stretches(session.steps, over=("Stop and turn",))]
    return Amount(run, walk, max(repeats, default=0.0), max((s.speed_mps or 0.0 for s in back), default=0.0))


def stretches(steps: Sequence[Step], over: tuple[str, ...] = ()) -> Iterator[list[Step]]:
    """Backward steps that follow one another, also where only steps named in `over` stand between."""
    found: list[Step] = []
    for step in steps:
        if step.direction == Direction.BACKWARD:
            found.append(step)
        elif step.name not in over:
            if found:
                yield found
            found = []
    if found:
        yield found


# -- the judge ----------------------------------------------------------------------------------------------------------


@dataclass
class Judge:
    """Follows what was really done and says which rule a session of some day would break."""

    clearance: Clearance
    treadmill: bool
    done: list[tuple[dt.date, float, float]] = field(default_factory=list)  # day, seconds run and walked backward
    challenges: list[dt.date] = field(default_factory=list)

    def broken(self, day: dt.date, session: Session, *, challenge: bool) -> list[str]:
        found = [*self._limits(session), *self._rest(day), *self._growth(day, session)]
        if challenge and any((day - before).days < 7 for before in self.challenges):
            found.append("two challenges in a week")
        return found

    def _limits(self, session: Session) -> Iterator[str]:
        its = self.clearance.limits
        back = [step for step in session.steps if step.direction == Direction.BACKWARD]
        if self.clearance.level is Level.NOT_NOW and back:
            yield "backward though not now"
        if any(s.gait is Gait.RUN for s in back) and not (self.clearance.level is Level.RUN and its.backward_run):
            yield "runs though cleared to walk"
        if any(s.speed_mps is None or s.speed_mps > its.speed_mps + 1e-9 for s in back):
            yield "faster than the limit"
        if self.treadmill and any((s.speed_mps or 9) > (its.treadmill_kmh or 0) / 3.6 + 1e-9 for s in back):
            yield "belt too fast"
        for stretch in stretches(session.steps):
            seconds, metres = (
                sum(s.duration_s for s in stretch),
                sum(s.duration_s * (s.speed_mps or 9) for s in stretch),
            )
            longest = 600.0 if self.treadmill else its.longest_bout_s if its.clear_run_m is None else 600.0
            if seconds > longest + 1e-6 or (not self.treadmill and metres > (its.clear_run_m or 1e9) + 1e-6):
                yield "longer than the straight"

    def _rest(self, day: dt.date) -> Iterator[str]:
        days = [done for done, _, _ in self.done]
        if not days:
            return
        if (day - days[-1]).days < 2:
            yield "less than 48 h"
        first_again = len(days) == 1 or (days[-1] - days[-2]).days > 28
        if first_again and (day - days[-1]).days < 3:
            yield "less than 72 h after the first"

    def _growth(self, day: dt.date, session: Session) -> Iterator[str]:
        asked = amount(session)
        recent = [(run, walk) for done, run, walk in self.done if (day - done).days <= 30]
        run_before = max((run for run, _ in recent), default=0.0)
        before = max((max(run, walk) for run, walk in recent), default=0.0)
        for name, now, longest, first in (
            ("run", asked.run_s, run_before, 120.0),
            ("walk", asked.walk_s, before, 360.0),
        ):
            allowed = max(first, 1.1 * longest, longest + 60 if longest < 600 else 0.0)
            if now > allowed + 1e-6:
                yield f"{name} jumps from {longest:g} to {now:g} s"

    def add(self, day: dt.date, run_s: float, walk_s: float, *, challenge: bool) -> None:
        self.done.append((day, run_s, walk_s))
        if challenge:
            self.challenges.append(day)


def faults_of_plan(plan: Programme, someone: Someone) -> list[str]:
    """Everything a plan does that no plan may do; empty for a good one."""
    judge = Judge(someone.clearance, treadmill=_on_belt(someone))
    found: list[str] = []
    calendar = someone.calendar
    days = [day for week in plan.weeks for day in week.days]
    for day in days:
        if day.session is None:
            continue
        challenge = day.kind is Kind.CHALLENGE
        found += [f"{day.date}: {fault}" for fault in judge.broken(day.date, day.session, challenge=challenge)]
        chosen = day.date in calendar.moved.values() and not {day.date} & {*calendar.blackout, *calendar.events}
        if not (calendar.available(day.date) or chosen) or day.date + DAY in calendar.events:
            found.append(f"{day.date}: not free, or the eve of an event")
        found += [f"{day.date}: {fault}" for fault in _shape(day.session)]
        asked = amount(day.session)
        judge.add(day.date, asked.run_s, asked.walk_s, challenge=challenge)
    for day, after in pairwise(days):
        if day.workout is not None and day.workout.hard_posterior and after.session is not None:
            found.append(f"{day.date}: hard work for the calves before a reverse day")
    return found


def _on_belt(someone: Someone) -> bool:
    return someone.goal is Goal.TREADMILL and someone.clearance.limits.treadmill_kmh is not None


def _shape(session: Session) -> Iterator[str]:
    """Every session walks, walks backward, looks behind, and walks at the end."""
    names = [step.name for step in session.steps]
    if names[0] != "Warm-up walk" or names[-1] != "Cool-down walk":
        yield "no walk at the beginning or end"
    if "Warm-up reverse" not in names or "Backward look" not in names:
        yield "no backward walking or looking behind in the warm-up"


# -- following somebody -------------------------------------------------------------------------------------------------


Logs = Callable[[dt.date, random.Random], LogEntry]


@dataclass(frozen=True)
class Lived:
    """One session on the way: where somebody stood, what they were asked that day, what they told, what came of it."""

    clearance: Clearance
    before: State
    asked: Next
    entry: LogEntry
    answer: Next


def live(
    someone: Someone,
    rng: random.Random,
    sessions: int,
    log: Logs = any_log,
    waits: Sequence[int] = (0,),
    rules: Rules = RULES,
) -> Iterator[Lived]:
    """Somebody who tells a log after each session, waits now and then, and is screened again when that is asked."""
    cleared, day = someone.clearance, someone.calendar.start
    state = start(someone.goal, cleared, rules, began=day)
    for _ in range(sessions):
        day += rng.choice(waits) * DAY
        asked = next_session(state, None, cleared, rules, day)
        if asked.session is None:
            day = max(day + DAY, state.resting_until or day)
            cleared = replace(cleared, screened=day - DAY, valid_until=day + 84 * DAY)
            asked = next_session(state, None, cleared, rules, day)
        if asked.session is None or asked.day is None:
            return
        day = asked.day
        if day >= cleared.valid_until:
            cleared = replace(cleared, screened=day - DAY, valid_until=day + 84 * DAY)
        entry = log(day, rng)
        answer = next_session(state, entry, cleared, rules, day)
        yield Lived(cleared, state, asked, entry, answer)
        state = answer.state
        day += DAY


def really_done(lived: Lived) -> Amount:
    """What was done of what was asked, as far as it is known."""
    asked = amount(lived.asked.session)
    if lived.entry.reverse_s is None:
        return asked if lived.entry.done is Done.ALL else Amount()
    told = lived.entry.reverse_s
    return Amount(told, asked.walk_s) if asked.run_s > 0 else Amount(0.0, told)


def past(day: dt.date, seconds: float = 120.0, bout: float = 20.0, **more: object) -> Past:
    return Past(day, seconds, bout, **more)  # type: ignore[arg-type]

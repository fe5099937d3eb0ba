"""Caps: what no goal and no good log can switch off. They come last, over every session, and say what they took.

One function, `capped`, applies all of them: clearance level, rest, challenge once a week, speed, longest bout, and the
longest session of the last 30 days. It only ever takes away.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from retropace.doses import KMH_MPS, may_run
from retropace.findings import Level, told
from retropace.quantities import Direction, Gait
from retropace.rules import Reason, Rules
from retropace.saying import day_words, lasting, sentence
from retropace.screening import Clearance
from retropace.session import Session, Step

#: Name of the pause between two bouts that a short straight, or a short limit, makes of one.
TURN = "Stop and turn"

Steps = tuple[Step, ...]
#: Slack for sums of shares.
_ROUNDING = 1e-9
#: A gait and a speed ceiling [m/s].
Way = tuple[Gait, float | None]


@dataclass(frozen=True, slots=True)
class Past:
    """A backward session that was done: its backward seconds at its own gait, longest bout and speed; None where not known.

    `row` is its row of the dose table, None for a walking day beside a running track and for sessions from elsewhere.
    """

    day: dt.date
    reverse_s: float | None
    longest_bout_s: float | None
    speed_mps: float | None = None
    gait: Gait = Gait.RUN
    row: int | None = None
    challenge: bool = False
    treadmill: bool = False


@dataclass(frozen=True, slots=True)
class Capped:
    """What is left of a session, None where nothing may be done that day, and why."""

    session: Session | None
    cuts: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Figures:
    """The numbers of the caps (see rules/programme.toml)."""

    longest_gap_days: float
    rest_days: float
    rest_days_first: float
    challenge_days: float
    ratio: float
    window_days: float
    more_s: float
    small_s: float
    first_run_s: float
    first_walk_s: float
    first_bout_s: float
    shortest_bout_s: float
    turn_s: float
    first_weeks: float
    walk_mps: float
    belt_first_kmh: float
    belt_more_kmh: float
    belt_walk_kmh: float
    belt_bout_s: float


@lru_cache(maxsize=16)
def _figures(rules: Rules) -> _Figures:
    names = ("rest_days", "session", "small", "bout", "treadmill")
    rest, session, small, bout, belt = (rules.numbers(f"programme.cap_{name}") for name in names)
    return _Figures(
        longest_gap_days=rules.number("progression.days_off_restart"),
        rest_days=rest[0],
        rest_days_first=rest[1],
        challenge_days=rules.number("programme.cap_challenge"),
        ratio=session[0],
        window_days=session[1],
        more_s=small[0],
        small_s=small[1],
        first_run_s=rules.number("programme.cap_first_run_s"),
        first_walk_s=rules.number("programme.cap_first_walk_s"),
        first_bout_s=rules.number("programme.cap_first_bout_s"),
        shortest_bout_s=bout[0],
        turn_s=bout[1],
        first_weeks=rules.numbers("screening.first_weeks")[1],
        walk_mps=rules.number("programme.walk_speed_mps"),
        belt_first_kmh=belt[0],
        belt_more_kmh=belt[1],
        belt_walk_kmh=rules.number("place.treadmill_walk"),
        belt_bout_s=rules.number("place.longest_bout"),
    )


@dataclass(frozen=True, slots=True)
class _Day:
    """What the caps look at."""

    date: dt.date
    past: tuple[Past, ...]
    clearance: Clearance
    rules: Rules
    treadmill: bool
    longest_s: float
    figures: _Figures


def capped(
    session: Session,
    day: dt.date,
    past: Sequence[Past],
    clearance: Clearance,
    rules: Rules,
    *,
    challenge: bool = False,
    treadmill: bool = False,
    longest_s: float = math.inf,
) -> Capped:
    """All caps over `session` on `day` after the sessions of `past`, oldest first.

    `challenge` and `treadmill` say what kind of session it is; `longest_s` is a further limit to each bout [s], for a neck
    that needs sparing. Applying it twice changes nothing more.
    """
    seen = _Day(day, present_run(past, day, rules), clearance, rules, treadmill, longest_s, _figures(rules))
    refusal = _refusal(seen, challenge=challenge)
    if refusal is not None:
        return Capped(None, (refusal,))
    if _within(session.steps, seen):
        return Capped(session, ())
    steps, cuts = session.steps, []
    for cap in (_gait, _speed, _growth, _bouts):
        steps, reasons = cap(steps, seen)
        cuts += reasons
    if not any(step.direction is Direction.BACKWARD for step in steps) and steps != session.steps:
        return Capped(None, tuple(cuts))
    return Capped(Session(session.name, steps), tuple(cuts))


def _within(steps: Steps, seen: _Day) -> bool:
    """Whether no cap bites, seen in one pass: most sessions are made to fit."""
    seconds = {Gait.RUN: 0.0, Gait.WALK: 0.0}
    ways: set[Way] = set()
    so_far = longest = 0.0
    for step in steps:
        if step.direction is not Direction.BACKWARD:
            so_far = 0.0
            continue
        ways.add((step.gait, step.speed_mps))
        seconds[step.gait] = seconds.get(step.gait, 0.0) + step.duration_s
        so_far += step.duration_s
        longest = max(longest, so_far)
    if seconds[Gait.RUN] and not _may_run(seen):
        return False
    recent = _recent(seen)
    if any(total > 0 and total > _most(gait, recent, seen.figures)[0] for gait, total in seconds.items()):
        return False
    slow = all(mps is not None and mps <= _ceiling(gait, seen)[0] for gait, mps in ways)
    return slow and all(longest <= most for most, _ in _limits_of(ways, seen).values())


# -- when ---------------------------------------------------------------------------------------------------------------


def present_run(past: Sequence[Past], day: dt.date, rules: Rules) -> tuple[Past, ...]:
    """The sessions before `day` that no long layoff separates from it; after one, legs start anew."""
    longest_gap = _figures(rules).longest_gap_days
    first, later = len(past), day
    while first and (later - past[first - 1].day).days <= longest_gap:
        first -= 1
        later = past[first].day
    return tuple(past[first:])


def earliest(past: Sequence[Past], day: dt.date, rules: Rules) -> dt.date:
    """The first day from `day` on that the rest rule leaves: two days after a session, three after the very first."""
    return _earliest(present_run(past, day, rules), day, rules)


def _earliest(run: Sequence[Past], day: dt.date, rules: Rules) -> dt.date:
    if not run:
        return day
    figures = _figures(rules)
    return max(day, run[-1].day + dt.timedelta(days=figures.rest_days_first if len(run) == 1 else figures.rest_days))


def _refusal(seen: _Day, *, challenge: bool) -> Reason | None:
    """Why nothing backward may be done at all, or None."""
    rules, limits = seen.rules, seen.clearance.limits
    if seen.clearance.level is Level.NOT_NOW:
        why = f"see {seen.clearance.see or 'a doctor'} first"
    elif seen.treadmill and limits.treadmill_kmh is None:
        why = "no treadmill is cleared"
    elif not seen.treadmill and limits.longest_bout_s < seen.figures.shortest_bout_s:
        why = "the clear straight is too short to go backward on"
    else:
        return _too_soon(seen, challenge=challenge)
    return told(rules, "programme.cap_refused", why=why)


def _too_soon(seen: _Day, *, challenge: bool) -> Reason | None:
    first_day = _earliest(seen.past, seen.date, seen.rules)
    if first_day > seen.date:
        return told(seen.rules, "programme.cap_rest_days", day=day_words(first_day))
    days = seen.figures.challenge_days
    if challenge and any(p.challenge and (seen.date - p.day).days < days for p in seen.past):
        return told(seen.rules, "programme.cap_challenge")
    return None


# -- how ----------------------------------------------------------------------------------------------------------------


def _gait(steps: Steps, seen: _Day) -> tuple[Steps, list[Reason]]:
    """Running backward becomes walking where only that is cleared."""
    if _may_run(seen) or not any(_backward(step, Gait.RUN) for step in steps):
        return steps, []
    walked = tuple(replace(s, gait=Gait.WALK, name="Backward walk") if _backward(s, Gait.RUN) else s for s in steps)
    return walked, [told(seen.rules, "programme.cap_level")]


def _may_run(seen: _Day) -> bool:
    limits = seen.clearance.limits
    if seen.treadmill:
        return seen.clearance.level is Level.RUN and limits.backward_run and limits.treadmill_run
    return may_run(seen.clearance, seen.rules)


def _speed(steps: Steps, seen: _Day) -> tuple[Steps, list[Reason]]:
    """Every backward step gets a ceiling: that of screening and place, of the first weeks, of the belt."""
    backward = {(step.gait, step.speed_mps) for step in steps if step.direction is Direction.BACKWARD}
    ceilings = {gait: _ceiling(gait, seen) for gait, _ in backward}
    too_fast = {way for way in backward if way[1] is None or way[1] > ceilings[way[0]][0]}
    if not too_fast:
        return steps, []
    slower = tuple(
        replace(step, speed_mps=ceilings[step.gait][0])
        if step.direction is Direction.BACKWARD and (step.gait, step.speed_mps) in too_fast
        else step
        for step in steps
    )
    bitten = {ceilings[gait][1]: ceilings[gait][0] for gait, asked in sorted(too_fast, key=str) if asked is not None}
    return slower, [told(seen.rules, rule, speed_mps=mps, kmh=mps / KMH_MPS) for rule, mps in bitten.items()]


def _ceiling(gait: Gait, seen: _Day) -> tuple[float, str]:
    """The highest speed [m/s] at `gait`, and the rule that sets it."""
    figures, limits = seen.figures, seen.clearance.limits
    found = [(limits.speed_mps, "programme.cap_speed")]
    if not seen.past or (seen.date - seen.past[0].day).days < 7 * figures.first_weeks:
        found.append((limits.first_weeks_mps, "screening.first_weeks"))
    if gait is Gait.WALK:
        found.append((figures.walk_mps, "programme.walk_speed_mps"))
    if seen.treadmill:
        found.append((_belt_kmh(gait, seen) * KMH_MPS, "programme.cap_treadmill"))
    return min(found)


def _belt_kmh(gait: Gait, seen: _Day) -> float:
    start, more = seen.figures.belt_first_kmh, seen.figures.belt_more_kmh
    earlier = [p.speed_mps / KMH_MPS for p in seen.past if p.treadmill and p.speed_mps is not None]
    fastest = seen.clearance.limits.treadmill_kmh or 0.0
    if gait is Gait.WALK:
        fastest = min(fastest, seen.figures.belt_walk_kmh)
    return min(fastest, max(earlier) + more if earlier else start)


# -- how long at a time -------------------------------------------------------------------------------------------------


def _bouts(steps: Steps, seen: _Day) -> tuple[Steps, list[Reason]]:
    """A bout longer than the straight, or than anything yet, is split into shuttles: stop, turn, go on."""
    limits = _limits_of({(s.gait, s.speed_mps) for s in steps if s.direction is Direction.BACKWARD}, seen)
    turn_s = seen.figures.turn_s
    made: list[Step] = []
    split_by: dict[str, float] = {}
    used = 0.0  # share of the way, or of the time, that the stretch so far has used up
    for step in steps:
        if step.direction is not Direction.BACKWARD:
            made.append(step)
            used = 0.0
            continue
        longest, rule = limits[step.gait, step.speed_mps]
        if used and used + step.duration_s / longest > 1 + _ROUNDING:
            made.append(Step(Gait.STAND, Direction.NONE, turn_s, TURN))
            used = 0.0
        pieces = _pieces(step.duration_s, longest)
        if len(pieces) > 1:
            split_by[rule] = max(split_by.get(rule, 0.0), longest)
            used = 0.0
        made += _shuttles(step, pieces, turn_s)
        used += pieces[-1] / longest
    return tuple(made), [told(seen.rules, rule, longest_s=math.floor(longest)) for rule, longest in split_by.items()]


def _limits_of(ways: Iterable[Way], seen: _Day) -> dict[Way, tuple[float, str]]:
    """The longest bout [s] of each way of going backward, and the rule that sets it."""
    grown_s = _longest_yet(seen)
    found = {}
    for gait, speed_mps in ways:
        limits = [(_place_s(speed_mps, seen), "programme.cap_bout"), (seen.longest_s, "progression.neck_bout_s")]
        if gait is Gait.RUN:
            limits.append((grown_s, "programme.cap_first_bout_s"))
        found[gait, speed_mps] = min(limits)
    return found


def _place_s(speed_mps: float | None, seen: _Day) -> float:
    """The longest bout [s] the place leaves at a speed; a belt has no end."""
    limits = seen.clearance.limits
    if seen.treadmill:
        return seen.figures.belt_bout_s
    if limits.clear_run_m is None or speed_mps is None or speed_mps <= 0:
        return limits.longest_bout_s
    return limits.bout_at(speed_mps, seen.rules)


def _longest_yet(seen: _Day) -> float:
    """How long a backward run may be in one go, after the longest of the last 30 days [s]."""
    longest = [p.longest_bout_s for p in _recent(seen) if p.gait is Gait.RUN and p.longest_bout_s is not None]
    return max(seen.figures.first_bout_s, _grown(max(longest, default=0.0), seen.figures)[0])


def _pieces(total_s: float, longest_s: float) -> list[float]:
    """`total_s` in as few nearly equal pieces as `longest_s` asks for, in whole seconds but for the last."""
    if total_s <= longest_s:
        return [total_s]
    most = float(math.floor(longest_s)) if longest_s >= 1 else longest_s
    count = math.ceil(total_s / most)
    each = min(most, math.ceil(total_s / count))
    pieces = [each] * (count - 1)
    return [*pieces, total_s - each * (count - 1)]


def _shuttles(step: Step, pieces: Sequence[float], turn_s: float) -> list[Step]:
    if len(pieces) == 1:
        return [step]
    turn = Step(Gait.STAND, Direction.NONE, turn_s, TURN)
    parts = [part for piece in pieces for part in (replace(step, duration_s=piece), turn)]
    return parts[:-1]


# -- how much -----------------------------------------------------------------------------------------------------------


def _growth(steps: Steps, seen: _Day) -> tuple[Steps, list[Reason]]:
    """Backward running, and backward walking, grow little beyond the longest session of the last 30 days."""
    reasons: list[Reason] = []
    recent = _recent(seen)
    for gait in (Gait.RUN, Gait.WALK):
        asked = backward_s(steps, gait)
        if not asked:
            continue
        most, rule = _most(gait, recent, seen.figures)
        if asked <= most:
            continue
        steps = shortened(steps, gait, most, seen.figures.shortest_bout_s)
        left, way = backward_s(steps, gait), "backward" if gait is Gait.RUN else "walking backward"
        reasons.append(told(seen.rules, rule, now=sentence(lasting(left)), asked=lasting(asked), way=way))
    return steps, reasons


def _most(gait: Gait, recent: Sequence[Past], figures: _Figures) -> tuple[float, str]:
    """The most backward seconds at `gait`, and the rule that sets it. Who ran backward may walk as long."""
    before = [p.reverse_s for p in recent if p.reverse_s is not None and gait in (p.gait, Gait.WALK)]
    first = (figures.first_walk_s, "programme.cap_first_walk_s")
    if gait is Gait.RUN:
        first = (figures.first_run_s, "programme.cap_first_run_s")
    return max(_grown(max(before, default=0.0), figures), first, key=lambda most: most[0])


def _grown(longest_s: float, figures: _Figures) -> tuple[float, str]:
    """What may follow `longest_s`: a tenth more, or a minute more where that is little."""
    tenth = (longest_s * figures.ratio, "programme.cap_session")
    if longest_s >= figures.small_s:
        return tenth
    return max(tenth, (longest_s + figures.more_s, "programme.cap_small"))


def _recent(seen: _Day) -> list[Past]:
    days = seen.figures.window_days
    return [p for p in seen.past if (seen.date - p.day).days <= days]


def shortened(steps: Steps, gait: Gait, most_s: float, shortest_s: float) -> Steps:
    """At most `most_s` backward at `gait`: what is beyond is dropped from the end, with the recovery before it.

    A bout cut below half its length goes altogether, unless none would be left.
    """
    left_s, kept = most_s, []
    for step in steps:
        if not _backward(step, gait):
            kept.append(step)
            continue
        now_s = min(step.duration_s, left_s)
        whole = now_s >= step.duration_s / 2 or not any(_backward(k, gait) for k in kept)
        if now_s > 0 and now_s >= min(shortest_s, step.duration_s) and whole:
            kept.append(step if now_s == step.duration_s else replace(step, duration_s=now_s))
            left_s -= now_s
            continue
        left_s = 0.0
        if (
            kept
            and kept[-1].direction is not Direction.BACKWARD
            and any(k.direction is Direction.BACKWARD for k in kept)
        ):
            kept.pop()
    return tuple(kept)


def backward_s(steps: Iterable[Step], gait: Gait) -> float:
    """Seconds backward at one gait."""
    return sum([step.duration_s for step in steps if step.direction is Direction.BACKWARD and step.gait is gait])


def _backward(step: Step, gait: Gait) -> bool:
    return step.direction is Direction.BACKWARD and step.gait is gait

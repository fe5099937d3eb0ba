"""Caps: what no goal and no good log can switch off. They come last, over every session, and say what they took.

One function, `capped`, applies all of them: clearance level, rest, challenge once a week, speed, longest bout, and the
longest session of the last 30 days. It only ever takes away.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from retropace.doses import KMH_MPS, may_run
from retropace.findings import Level, told
from retropace.quantities import Direction, Gait
from retropace.rules import Reason, Rules
from retropace.saying import day_words, lasting, sentence
from retropace.screening import Clearance
from retropace.session import Session, Step

#: Name of the pause between two bouts that a short straight, or a short limit, makes of one.
TURN = "Stop and turn"


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
class _Day:
    """What the caps look at."""

    date: dt.date
    past: tuple[Past, ...]
    clearance: Clearance
    rules: Rules
    treadmill: bool
    longest_s: float


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
    seen = _Day(day, present_run(past, day, rules), clearance, rules, treadmill, longest_s)
    refusal = _refusal(seen, challenge=challenge)
    if refusal is not None:
        return Capped(None, (refusal,))
    steps, cuts = session.steps, []
    for cap in (_gait, _speed, _bouts, _growth):
        steps, reasons = cap(steps, seen)
        cuts += reasons
    if not any(step.direction == Direction.BACKWARD for step in steps) and steps != session.steps:
        return Capped(None, tuple(cuts))
    return Capped(session if steps == session.steps else Session(session.name, steps), tuple(cuts))


# -- when ---------------------------------------------------------------------------------------------------------------


def present_run(past: Sequence[Past], day: dt.date, rules: Rules) -> tuple[Past, ...]:
    """The sessions before `day` that no long layoff separates from it; after one, legs start anew."""
    longest_gap = int(rules.number("progression.days_off_restart"))
    first, later = len(past), day
    while first and (later - past[first - 1].day).days <= longest_gap:
        first -= 1
        later = past[first].day
    return tuple(past[first:])


def earliest(past: Sequence[Past], day: dt.date, rules: Rules) -> dt.date:
    """The first day from `day` on that the rest rule leaves: two days after a session, three after the very first."""
    run = present_run(past, day, rules)
    if not run:
        return day
    between, after_first = rules.numbers("programme.cap_rest_days")
    return max(day, run[-1].day + dt.timedelta(days=int(after_first if len(run) == 1 else between)))


def _refusal(seen: _Day, *, challenge: bool) -> Reason | None:
    """Why nothing backward may be done at all, or None."""
    rules, limits = seen.rules, seen.clearance.limits
    if seen.clearance.level is Level.NOT_NOW:
        why = f"see {seen.clearance.see or 'a doctor'} first"
    elif seen.treadmill and limits.treadmill_kmh is None:
        why = "no treadmill is cleared"
    elif not seen.treadmill and limits.longest_bout_s < rules.numbers("programme.cap_bout")[0]:
        why = "the clear straight is too short to go backward on"
    else:
        return _too_soon(seen, challenge=challenge)
    return told(rules, "programme.cap_refused", why=why)


def _too_soon(seen: _Day, *, challenge: bool) -> Reason | None:
    first_day = earliest(seen.past, seen.date, seen.rules)
    if first_day > seen.date:
        return told(seen.rules, "programme.cap_rest_days", day=day_words(first_day))
    days = seen.rules.number("programme.cap_challenge")
    if challenge and any(p.challenge and (seen.date - p.day).days < days for p in seen.past):
        return told(seen.rules, "programme.cap_challenge")
    return None


# -- how ----------------------------------------------------------------------------------------------------------------

Steps = tuple[Step, ...]


def _gait(steps: Steps, seen: _Day) -> tuple[Steps, list[Reason]]:
    """Running backward becomes walking where only that is cleared."""
    limits = seen.clearance.limits
    if seen.treadmill:
        allowed = seen.clearance.level is Level.RUN and limits.backward_run and limits.treadmill_run
    else:
        allowed = may_run(seen.clearance, seen.rules)
    if allowed or not any(_backward(step, Gait.RUN) for step in steps):
        return steps, []
    walked = tuple(replace(s, gait=Gait.WALK, name="Backward walk") if _backward(s, Gait.RUN) else s for s in steps)
    return walked, [told(seen.rules, "programme.cap_level")]


def _speed(steps: Steps, seen: _Day) -> tuple[Steps, list[Reason]]:
    """Every backward step gets a ceiling: that of screening and place, of the first weeks, of the belt."""
    ceilings = {gait: _ceiling(gait, seen) for gait in (Gait.WALK, Gait.RUN)}
    slower, bitten = [], []
    for step in steps:
        if step.direction == Direction.BACKWARD:
            ceiling = ceilings[step.gait if step.gait in ceilings else Gait.RUN]
            asked = math.inf if step.speed_mps is None else step.speed_mps
            if asked > ceiling[0]:
                step = replace(step, speed_mps=ceiling[0])
                bitten += [ceiling] if asked < math.inf else []
        slower.append(step)
    by_rule = {rule: speed for speed, rule in bitten}
    return tuple(slower), [
        told(seen.rules, rule, speed_mps=speed, kmh=speed / KMH_MPS) for rule, speed in by_rule.items()
    ]


def _ceiling(gait: Gait, seen: _Day) -> tuple[float, str]:
    """The highest speed [m/s] at `gait`, and the rule that sets it."""
    rules, limits = seen.rules, seen.clearance.limits
    found = [(limits.speed_mps, "programme.cap_speed")]
    weeks = rules.numbers("screening.first_weeks")[1]
    if not seen.past or (seen.date - seen.past[0].day).days < 7 * weeks:
        found.append((limits.first_weeks_mps, "screening.first_weeks"))
    if gait is Gait.WALK:
        found.append((rules.number("programme.walk_speed_mps"), "programme.walk_speed_mps"))
    if seen.treadmill:
        found.append((_belt_kmh(gait, seen) * KMH_MPS, "programme.cap_treadmill"))
    return min(found)


def _belt_kmh(gait: Gait, seen: _Day) -> float:
    start, more = seen.rules.numbers("programme.cap_treadmill")
    earlier = [p.speed_mps / KMH_MPS for p in seen.past if p.treadmill and p.speed_mps is not None]
    fastest = seen.clearance.limits.treadmill_kmh or 0.0
    if gait is Gait.WALK:
        fastest = min(fastest, seen.rules.number("place.treadmill_walk"))
    return min(fastest, max(earlier) + more if earlier else start)


# -- how long at a time -------------------------------------------------------------------------------------------------


def _bouts(steps: Steps, seen: _Day) -> tuple[Steps, list[Reason]]:
    """A bout longer than the straight, or than anything yet, is split into shuttles: stop, turn, go on."""
    grown = _longest_yet(seen)
    turn_s = seen.rules.numbers("programme.cap_bout")[1]
    made: list[Step] = []
    split_by: dict[str, float] = {}
    so_far = 0.0
    for step in steps:
        if step.direction != Direction.BACKWARD:
            made.append(step)
            so_far = 0.0
            continue
        longest, rule = _longest(step, grown, seen)
        if so_far and so_far + step.duration_s > longest:
            made.append(Step(Gait.STAND, Direction.NONE, turn_s, TURN))
            so_far = 0.0
        pieces = _pieces(step.duration_s, longest)
        if len(pieces) > 1:
            split_by[rule] = max(split_by.get(rule, 0.0), longest)
        made += _shuttles(step, pieces, turn_s)
        so_far = so_far + pieces[-1] if len(pieces) == 1 else pieces[-1]
    return tuple(made), [told(seen.rules, rule, longest_s=math.floor(longest)) for rule, longest in split_by.items()]


def _longest(step: Step, grown_s: float, seen: _Day) -> tuple[float, str]:
    """The longest bout [s] for a step, and the rule that sets it."""
    found = [(_place_s(step.speed_mps, seen), "programme.cap_bout"), (seen.longest_s, "progression.neck_bout_s")]
    if step.gait is Gait.RUN:
        found.append((grown_s, "programme.cap_first_bout_s"))
    return min(found)


def _place_s(speed_mps: float | None, seen: _Day) -> float:
    """The longest bout [s] the place leaves at a speed; a belt has no end."""
    limits = seen.clearance.limits
    if seen.treadmill:
        return seen.rules.number("place.longest_bout")
    if limits.clear_run_m is None or speed_mps is None or speed_mps <= 0:
        return limits.longest_bout_s
    return limits.bout_at(speed_mps, seen.rules)


def _longest_yet(seen: _Day) -> float:
    """How long a backward run may be in one go, after the longest of the last 30 days [s]."""
    longest = [p.longest_bout_s for p in _recent(seen) if p.gait is Gait.RUN and p.longest_bout_s is not None]
    return max(seen.rules.number("programme.cap_first_bout_s"), _grown(max(longest, default=0.0), seen.rules)[0])


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
        most, rule = _most(gait, recent, seen.rules)
        if asked <= most:
            continue
        steps = shortened(steps, gait, most, seen.rules.numbers("programme.cap_bout")[0])
        left, way = backward_s(steps, gait), "backward" if gait is Gait.RUN else "walking backward"
        reasons.append(told(seen.rules, rule, now=sentence(lasting(left)), asked=lasting(asked), way=way))
    return steps, reasons


def _most(gait: Gait, recent: Sequence[Past], rules: Rules) -> tuple[float, str]:
    """The most backward seconds at `gait`, and the rule that sets it. Who ran backward may walk as long."""
    before = [p.reverse_s for p in recent if p.reverse_s is not None and gait in (p.gait, Gait.WALK)]
    first_rule = "programme.cap_first_run_s" if gait is Gait.RUN else "programme.cap_first_walk_s"
    first = rules.number(first_rule)
    grown, rule = _grown(max(before, default=0.0), rules)
    return (grown, rule) if grown > first else (first, first_rule)


def _grown(longest_s: float, rules: Rules) -> tuple[float, str]:
    """What may follow `longest_s`: a tenth more, or a minute more where that is little."""
    ratio, _ = rules.numbers("programme.cap_session")
    more_s, below_s = rules.numbers("programme.cap_small")
    tenth = (longest_s * ratio, "programme.cap_session")
    return max(tenth, (longest_s + more_s, "programme.cap_small")) if longest_s < below_s else tenth


def _recent(seen: _Day) -> list[Past]:
    days = seen.rules.numbers("programme.cap_session")[1]
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
        if kept and kept[-1].direction != Direction.BACKWARD and any(k.direction == Direction.BACKWARD for k in kept):
            kept.pop()
    return tuple(kept)


def backward_s(steps: Iterable[Step], gait: Gait | None = None) -> float:
    """Seconds backward, at one gait or at all."""
    backward = (s for s in steps if s.direction == Direction.BACKWARD)
    return sum(s.duration_s for s in backward if gait is None or s.gait is gait)


def _backward(step: Step, gait: Gait) -> bool:
    return step.direction == Direction.BACKWARD and step.gait is gait

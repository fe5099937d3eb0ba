"""Hearing: what one entry of the log does to the state. What went well earns; what did not holds, cuts, stops or refers."""

import datetime as dt
from dataclasses import dataclass, replace

from retropace.caps import Past, earliest
from retropace.findings import told
from retropace.log import Done, LogEntry
from retropace.rules import Rules
from retropace.screening import Clearance
from retropace.signs import Decision, Sign, signs, sore_places, worst
from retropace.standing import (
    Ceiling,
    Prescribed,
    State,
    after_good,
    as_planned,
    back,
    prescribed,
    prescribed_walk,
    remembered,
    standing_on,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What an entry did: the state it left, decision and signs, what had been asked, and whether it earned a row."""

    state: State
    decision: Decision
    found: tuple[Sign, ...]
    entry: LogEntry
    asked: Prescribed
    rose: bool = False


def hear(state: State, entry: LogEntry, clearance: Clearance, rules: Rules) -> Heard:
    """The state after `entry`. While somebody is stopped or referred nothing is earned."""
    standing, _ = standing_on(state, entry.day, clearance, rules)
    first_day = earliest(standing.past, entry.day, rules)
    asked = prescribed(standing, first_day, clearance, rules)
    found = signs(entry, standing, None if entry.backward_walk else asked, clearance, rules)
    if entry.done is not Done.NOT and first_day > entry.day:
        found = (*found, Sign(Decision.HOLD, told(rules, "progression.too_soon")))
    decision = worst(found)
    done = prescribed_walk(standing, first_day, clearance, rules) if entry.backward_walk else asked
    past = _past(entry, done, standing)
    known = _noted(state if past is None else standing, entry, rules)
    resting = state.stopped or state.referred
    if decision is Decision.ADVANCE and past is not None and past.row is not None and not resting:
        after = after_good(known, asked, past, rules)
        return Heard(after, decision, found, entry, asked, rose=after.row > standing.row)
    after = known if past is None else remembered(known, past)
    if decision is Decision.ADVANCE:
        return Heard(after, Decision.HOLD, found, entry, asked)
    return Heard(_held(after, decision, found, asked, clearance, rules), decision, found, entry, asked)


def _noted(state: State, entry: LogEntry, rules: Rules) -> State:
    """The state with what the entry says of places, mornings and neck."""
    mornings = tuple(sorted(entry.pain_morning.items())) if entry.pain_morning else state.mornings
    strained = entry.neck_strain
    neck = state.spare_neck if strained is None else strained > rules.number("progression.neck_hold")
    return replace(state, logged=entry.day, sore=sore_places(entry, rules), mornings=mornings, spare_neck=neck)


def _past(entry: LogEntry, asked: Prescribed, state: State) -> Past | None:
    """The session as it was done: measured or told figures, else as planned where all was done, else unknown."""
    if entry.done is Done.NOT:
        return None
    planned = as_planned(asked, state.track, row=None if entry.backward_walk else asked.row)
    if entry.done is Done.PARTLY:
        planned = replace(planned, reverse_s=None, longest_bout_s=None)
    reverse_s = planned.reverse_s if entry.reverse_s is None else entry.reverse_s
    longest_s = planned.longest_bout_s if entry.reverse_longest_s is None else entry.reverse_longest_s
    if reverse_s is not None and longest_s is not None:
        longest_s = min(longest_s, reverse_s)
    speed_mps = planned.speed_mps if entry.reverse_speed_mps is None else entry.reverse_speed_mps
    return replace(planned, day=entry.day, reverse_s=reverse_s, longest_bout_s=longest_s, speed_mps=speed_mps)


def _held(
    state: State,
    decision: Decision,
    found: tuple[Sign, ...],
    asked: Prescribed,
    clearance: Clearance,
    rules: Rules,
) -> State:
    """The state after a session that did not go well: never more than was asked for, until one has."""
    same = ceiling_of(asked)
    held = replace(state, held=state.held + 1, well=0, leap=0, ceiling=same)
    if decision is Decision.HOLD:
        return held
    held = replace(held, earned=0, ceiling=_smaller(same, rules))
    if decision is Decision.CUT:
        return replace(held, row=max(0, state.row - 1))
    if decision is Decision.REFER:
        return replace(held, referred=True, since=state.logged)
    stopped = back(held, int(rules.number("progression.back")), clearance, rules)
    rested = state.resting_until
    if state.logged is not None and any(sign.rests for sign in found):
        rested = state.logged + dt.timedelta(days=rules.number("progression.still_stopped"))
    return replace(stopped, stopped=True, since=state.logged, resting_until=rested)


def ceiling_of(asked: Prescribed) -> Ceiling:
    """What `asked` amounts to after the caps."""
    main, core = asked.main, asked.core
    if core is None:
        return Ceiling(main.total_s, main.bout_s, main.speed_mps)
    fastest = main.speed_mps if core.speed_mps is None else min(core.speed_mps, main.speed_mps)
    return Ceiling(sum(core.repeats_s), main.bout_s, fastest)


def _smaller(ceiling: Ceiling, rules: Rules) -> Ceiling:
    share, least_s = rules.numbers("progression.smaller")
    return replace(ceiling, total_s=max(ceiling.total_s * share, min(ceiling.total_s, least_s)))

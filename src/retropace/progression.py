"""Progression: a small pure state machine from what somebody reports to the next session, with reasons.

An increase is earned by sessions that went well and applied once. Pain, soreness, effort, stumbles, a fall and red flags
hold, cut, stop or refer; days off go back. The caps come last (see `caps`), so nothing here can jump them.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from retropace.caps import Past, earliest
from retropace.doses import WALKED, Goal, last_row
from retropace.errors import UnusableInput
from retropace.findings import Level, told
from retropace.hearing import Heard, ceiling_of, hear
from retropace.log import Done, LogEntry, Where
from retropace.rules import Reason, Rules
from retropace.saying import count, day_words, place_words, several
from retropace.screening import Clearance
from retropace.session import Session
from retropace.signs import Decision, with_summary, worse
from retropace.standing import Change, Prescribed, State, afresh, last_done, needed, prescribed, standing_on, start
from retropace.timetable import Calendar
from retropace.weekdays import next_main_day

__all__ = ["Decision", "Next", "Past", "State", "next_session", "replay", "start", "with_summary"]


@dataclass(frozen=True, slots=True)
class Next:
    """The answer: the new state, what was decided, the next session and its day (None where there is none), and why."""

    state: State
    decision: Decision
    session: Session | None
    day: dt.date | None
    reasons: tuple[Reason, ...]


def next_session(
    state: State,
    entry: LogEntry | None,
    clearance: Clearance,
    rules: Rules,
    today: dt.date,
    *,
    calendar: Calendar | None = None,
    this_morning: Mapping[Where, float] | None = None,
) -> Next:
    """What comes next for somebody at `state` who tells `entry` (None: nothing new) on `today`.

    `clearance` is the one in force; `calendar` gives the day its plan has; `this_morning` is soreness before the
    session, by place. Raises UnusableInput for an entry of a day to come, or of a day that was told already: `replay` the
    log to correct one.
    """
    heard = None
    if entry is not None:
        _require_new(entry, state, today)
        heard = hear(_released(state, clearance, entry.day, rules)[0], entry, clearance, rules)
        state = heard.state
    released, freed = _released(state, clearance, today, rules)
    refusal = _refusal(released, heard, clearance, rules, today)
    if refusal is not None:
        return refusal
    return _coming(released, heard, freed, _Today(today, clearance, rules, calendar, this_morning or {}))


def replay(
    entries: Sequence[LogEntry],
    goal: Goal,
    clearances: Sequence[Clearance],
    rules: Rules,
    today: dt.date,
    *,
    began: dt.date | None = None,
    calendar: Calendar | None = None,
    this_morning: Mapping[Where, float] | None = None,
) -> Next:
    """What comes next after a whole log, each entry heard under the clearance of its day (`clearances`, at least one).

    A corrected or late entry changes everything after it. `began` is the first day of the programme's weeks.
    """
    in_order = sorted(entries, key=lambda entry: entry.day)
    now = _in_force(clearances, today)
    first = _in_force(clearances, in_order[0].day) if in_order else now
    state = start(goal, first, rules, began=began)
    last = in_order.pop() if in_order and _in_force(clearances, in_order[-1].day) is now else None
    for entry in in_order:
        _require_new(entry, state, today)
        clearance = _in_force(clearances, entry.day)
        released, _ = _released(state, clearance, entry.day, rules)
        state = hear(released, entry, clearance, rules).state
    return next_session(state, last, now, rules, today, calendar=calendar, this_morning=this_morning)


def _in_force(clearances: Sequence[Clearance], day: dt.date) -> Clearance:
    in_order = sorted(clearances, key=lambda clearance: clearance.screened)
    return next((c for c in reversed(in_order) if c.screened <= day), in_order[0])


def _require_new(entry: LogEntry, state: State, today: dt.date) -> None:
    if entry.day > today:
        raise UnusableInput(f"The log tells of {entry.day}, a day to come", field="day", remedy="Correct its date.")
    if state.logged is not None and entry.day <= state.logged:
        remedy = "Replay the whole log to correct or complete an entry."
        raise UnusableInput(f"The log of {entry.day} was heard already", field="day", remedy=remedy)


# -- stopped, referred, not cleared -------------------------------------------------------------------------------------


def _released(state: State, clearance: Clearance, today: dt.date, rules: Rules) -> tuple[State, str | None]:
    """The state after a screening of a later day ended a stop or a referral, and the rule by which one begins again."""
    if state.since is None or clearance.level is Level.NOT_NOW or clearance.screened <= state.since:
        return state, None
    if state.resting_until is not None and today < state.resting_until:
        return state, None
    free = replace(state, stopped=False, referred=False, since=None, resting_until=None)
    if state.referred:
        return afresh(free, today, clearance, rules), "progression.afresh"
    return free, "progression.back"


def _refusal(state: State, heard: Heard | None, clearance: Clearance, rules: Rules, today: dt.date) -> Next | None:
    """The answer where nothing may be done: a sign, an old stop, no clearance or one that ran out."""
    decision, rule, inputs = Decision.STOP, "", {}
    if state.referred:
        decision, rule = Decision.REFER, "progression.still_referred"
    elif clearance.level is Level.NOT_NOW:
        decision, rule, inputs = Decision.REFER, "progression.not_cleared", {"see": clearance.see or "a doctor"}
    elif state.stopped:
        until = state.resting_until
        rest = f" and rest until {day_words(until)}" if until is not None and until > today else ""
        rule, inputs = "progression.still_stopped", {"rest": rest}
    elif today >= clearance.valid_until:
        rule, inputs = "progression.screen_again", {"until": day_words(clearance.valid_until)}
    else:
        return None
    return Next(state, decision, None, None, _stopping(heard, told(rules, rule, **inputs)))


def _stopping(heard: Heard | None, what_to_do: Reason) -> tuple[Reason, ...]:
    """A sign to stop speaks first, then what to do now, then why."""
    serious = () if heard is None else [s.reason for s in heard.found if s.decision in (Decision.STOP, Decision.REFER)]
    flags = [reason for reason in serious if "sign" in reason.inputs]
    others = [reason for reason in serious if reason not in flags]
    return (*flags, what_to_do, *others)


# -- the session to come ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Today:
    """What the next session depends on besides the state."""

    date: dt.date
    clearance: Clearance
    rules: Rules
    calendar: Calendar | None
    this_morning: Mapping[Where, float]


def _coming(state: State, heard: Heard | None, freed: str | None, now: _Today) -> Next:
    """The next session and its day."""
    told_today = heard is not None and heard.entry.day == now.date
    first = earliest(state.past, now.date + dt.timedelta(days=int(told_today)), now.rules)
    day = next_main_day(state, first, now.calendar, now.rules)
    sore = _sorest(now)
    if sore is not None and day is not None:
        state, day = _spared(state, day, sore, now)
    if day is None:
        reason = told(now.rules, "progression.no_free_day", limit=now.rules.number("progression.no_free_day"))
        return Next(state, Decision.HOLD, None, None, (reason, *_why(heard)))
    standing, change = standing_on(state, day, now.clearance, now.rules)
    asked = prescribed(standing, day, now.clearance, now.rules)
    if asked.session is None:
        decision = Decision.CUT if heard is not None and heard.decision is Decision.CUT else Decision.HOLD
        return Next(state, decision, None, None, (*asked.cuts, *_why(heard)))
    decision, lead = _lead(heard, freed, change, asked, state, now)
    morning: tuple[Reason, ...] = ()
    if sore is not None:
        decision = worse(decision, Decision.HOLD)
        lead, morning = _spare(asked, first, state, now.rules), (_morning(sore, now),)
    return Next(state, decision, asked.session, day, (lead, *morning, *_why(heard), *_also(state, asked, now)))


def _sorest(now: _Today) -> Where | None:
    """The place that is too sore this morning for more, or None."""
    more, _ = now.rules.numbers("progression.morning_sore")
    where = max(now.this_morning, key=lambda place: (now.this_morning[place], place), default=None)
    return where if where is not None and now.this_morning[where] > more else None


def _spared(state: State, day: dt.date, where: Where, now: _Today) -> tuple[State, dt.date | None]:
    """The state and day that a sore morning leaves: no more than last time, and not today where it is too sore."""
    standing, _ = standing_on(state, day, now.clearance, now.rules)
    last = last_done(standing)
    row = standing.row if last is None else min(standing.row, last[1])
    asked = prescribed(replace(standing, row=row, well=0), day, now.clearance, now.rules)
    spared = replace(state, ceiling=ceiling_of(asked))
    _, today = now.rules.numbers("progression.morning_sore")
    if now.this_morning[where] <= today or day > now.date:
        return spared, day
    return spared, next_main_day(state, now.date + dt.timedelta(days=1), now.calendar, now.rules)


def _spare(asked: Prescribed, first: dt.date, state: State, rules: Rules) -> Reason:
    """What to do on a sore morning: wait, or no more than last time."""
    if asked.day > first:
        return told(rules, "progression.wait", day=day_words(asked.day), main=asked.words)
    last = state.past[-1].day if state.past else asked.day
    return told(rules, "progression.same", when=f"No more than {last:%A}", main=asked.words)


def _morning(where: Where, now: _Today) -> Reason:
    limit, _ = now.rules.numbers("progression.morning_sore")
    value = now.this_morning[where]
    verb = "are" if several(where) else "is"
    place = place_words(where)
    return told(
        now.rules,
        "progression.morning_sore",
        place=place,
        part=str(where[0]),
        side=str(where[1]),
        value=value,
        limit=limit,
        **{"is": verb},
    )


# -- why ----------------------------------------------------------------------------------------------------------------


def _lead(
    heard: Heard | None, freed: str | None, change: Change | None, asked: Prescribed, state: State, now: _Today
) -> tuple[Decision, Reason]:
    """The decision, and the sentence that says what to do."""
    rules, main = now.rules, asked.words
    said = Decision.HOLD if heard is None or not heard.found else heard.decision
    if freed is not None:
        return said, told(rules, freed, main=main)
    if change is not None:
        back = Decision.HOLD if change.rule == "progression.days_off_repeat" else Decision.CUT
        return worse(said, back), told(rules, change.rule, main=main, days=change.days)
    if heard is None:
        return Decision.HOLD, told(rules, "progression.deload" if asked.deload else "progression.due", main=main)
    if heard.found:
        return heard.decision, _no_more(heard, asked, rules)
    return _well(heard, asked, state, rules)


def _no_more(heard: Heard, asked: Prescribed, rules: Rules) -> Reason:
    """The same as last time, or less."""
    was = ceiling_of(heard.asked).total_s
    now_s = ceiling_of(asked).total_s
    day = f"{heard.entry.day:%A}"
    if heard.decision is Decision.CUT:
        return told(rules, "progression.smaller", when=f"Less than {day}", main=asked.words)
    when = f"The same as {day}" if now_s == was else f"No more than {day}"
    return told(rules, "progression.same", when=when, main=asked.words)


def _well(heard: Heard, asked: Prescribed, state: State, rules: Rules) -> tuple[Decision, Reason]:
    """Nothing went wrong: earned, on the way, lighter by plan, at the goal, missed, or a walking day."""
    main = asked.words
    if heard.entry.done is Done.NOT:
        return Decision.HOLD, told(rules, "progression.missed", main=main)
    if heard.entry.backward_walk:
        return Decision.HOLD, told(rules, "progression.walk_day", main=main)
    if asked.deload:
        return Decision.HOLD, told(rules, "progression.deload", main=main)
    need = needed(state.track, rules)
    if heard.rose:
        name = "sessions_to_advance_walk" if state.track in WALKED else "sessions_to_advance"
        return Decision.ADVANCE, told(rules, f"progression.{name}", main=main, sessions=need)
    if asked.challenge:
        return Decision.ADVANCE, told(rules, "progression.challenge", main=main)
    if state.row >= last_row(state.track, rules):
        return Decision.HOLD, told(rules, "progression.goal", main=main)
    left = need - state.earned
    same = ceiling_of(asked).total_s == ceiling_of(heard.asked).total_s
    when = "The same again" if same else "Next"
    return Decision.HOLD, told(rules, "progression.earned", when=when, main=main, left=count(left))


def _why(heard: Heard | None) -> tuple[Reason, ...]:
    """The reasons of the signs, the most serious first, each once."""
    return () if heard is None else tuple({(s.reason.rule, s.reason.text): s.reason for s in heard.found}.values())


def _also(state: State, asked: Prescribed, now: _Today) -> tuple[Reason, ...]:
    """What else to mind: what the caps took, many sessions in a row that did not go well, a screening that runs out."""
    also = list(asked.cuts)
    times = state.held
    if times >= now.rules.number("progression.again"):
        also.append(told(now.rules, "progression.again", times=_ordinal(times)))
    until = now.clearance.valid_until
    if asked.day >= until:
        also.append(told(now.rules, "progression.screen_soon", until=day_words(until)))
    return tuple(also)


def _ordinal(number: int) -> str:
    words = {3: "third", 4: "fourth", 5: "fifth"}
    return words.get(number, f"{number}th")

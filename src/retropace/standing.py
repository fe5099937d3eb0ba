"""Standing: where somebody is in their dose table, what that prescribes on a day, and what a good session earns."""

import datetime as dt
import math
from dataclasses import dataclass, replace

from retropace.caps import Capped, Past, capped, present_run
from retropace.doses import (
    WALKED,
    Goal,
    MainSet,
    Track,
    entry,
    last_row,
    rows,
    track_of,
    walking_day,
)
from retropace.log import Where
from retropace.prescription import Core, core_of, prescription
from retropace.quantities import Gait
from retropace.rules import Reason, Rules
from retropace.saying import main_words, set_words
from retropace.screening import Clearance
from retropace.session import Session

#: Sessions older than this are forgotten [days]; no rule looks further back.
KEPT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What the next session may not exceed, until one has gone well: total, repeat and speed."""

    total_s: float
    bout_s: float
    speed_mps: float


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody stands: the row of the dose table, what was earned towards the next, what holds them, what was done.

    `leap` is the row the first advance goes to (0: the next one), `began` the first day of the programme's weeks, `since`
    the day of a stop or referral, `logged` the last day told. `sore` and `mornings` are what the last entry said by place,
    `held` how many sessions in a row did not go well and `well` how many did, `spare_neck` whether looking behind is to be
    kept short.
    """

    goal: Goal
    row: int = 0
    earned: int = 0
    held: int = 0
    stopped: bool = False
    referred: bool = False
    past: tuple[Past, ...] = ()
    resting_until: dt.date | None = None
    track: Track = Track.REVERSE
    leap: int = 0
    began: dt.date | None = None
    since: dt.date | None = None
    logged: dt.date | None = None
    ceiling: Ceiling | None = None
    sore: tuple[Where, ...] = ()
    mornings: tuple[tuple[Where, float], ...] = ()
    spare_neck: bool = False
    well: int = 0


@dataclass(frozen=True, slots=True)
class Prescribed:
    """What a day asks for: `main` is the main set before the caps, `session` what they leave, `cuts` what they took."""

    day: dt.date
    row: int
    main: MainSet
    session: Session | None
    cuts: tuple[Reason, ...]
    core: Core | None
    deload: bool = False
    challenge: bool = False

    @property
    def words(self) -> str:
        """The main set as it is left, in words."""
        if self.core is None:
            return set_words(self.main)
        return main_words(self.core.repeats_s, self.core.gait, self.main.recovery, self.main.recovery_s)

    @property
    def gait(self) -> Gait:
        """The gait that the caps leave."""
        return self.main.gait if self.core is None else self.core.gait


@dataclass(frozen=True, slots=True)
class Change:
    """A change that days off or a new clearance made: its rule, and the days off where there are any."""

    rule: str
    days: int = 0


def start(goal: Goal, clearance: Clearance, rules: Rules, *, began: dt.date | None = None) -> State:
    """A new state at the row where this person enters. `began` is the first day of the programme's weeks."""
    track = track_of(goal, clearance, rules)
    enters = entry(track, clearance, rules)
    return State(goal, row=enters.row, track=track, leap=enters.leap, began=began)


def standing_on(state: State, day: dt.date, clearance: Clearance, rules: Rules) -> tuple[State, Change | None]:
    """The state as days off and the clearance in force leave it on `day`."""
    if track_of(state.goal, clearance, rules) is not state.track:
        return afresh(state, day, clearance, rules), Change("progression.other_track")
    last = last_done(state)
    if last is None:
        return state, None
    day_done, row_done = last
    off = (day - day_done).days - 1
    if off < rules.number("progression.days_off_repeat"):
        return state, None
    back_days, back_rows = rules.numbers("progression.days_off_back")
    if off >= rules.number("progression.days_off_restart"):
        return afresh(state, day, clearance, rules), Change("progression.days_off_restart", off)
    if off >= back_days:
        return back(state, int(back_rows), clearance, rules), Change("progression.days_off_back", off)
    return replace(state, row=min(state.row, row_done), earned=0), Change("progression.days_off_repeat", off)


def last_done(state: State) -> tuple[dt.date, int] | None:
    """Day and row of the latest session of the dose table."""
    return next(((past.day, past.row) for past in reversed(state.past) if past.row is not None), None)


def afresh(state: State, day: dt.date, clearance: Clearance, rules: Rules) -> State:
    """Back to where this person enters; the fourth weeks are counted anew, from the same weekday."""
    new = start(state.goal, clearance, rules)
    began = state.began and state.began + dt.timedelta(days=(day - state.began).days // 7 * 7)
    ceiling = state.ceiling if new.track is state.track else None
    return replace(state, row=new.row, track=new.track, leap=new.leap, earned=0, ceiling=ceiling, began=began)


def back(state: State, by: int, clearance: Clearance, rules: Rules) -> State:
    """Rows lower, but not below where this person enters."""
    lowest = entry(state.track, clearance, rules).row
    return replace(state, row=min(state.row, max(lowest, state.row - by)), earned=0, leap=0)


# -- what a day asks for ------------------------------------------------------------------------------------------------


def prescribed(state: State, day: dt.date, clearance: Clearance, rules: Rules) -> Prescribed:
    """The session of `day` for somebody who stands at `state` (see `standing_on`), all caps applied."""
    table = rows(state.track, rules)
    row = min(state.row, len(table) - 1)
    deload = deloads(state, day, rules)
    challenge = not deload and challenge_due(state, day, clearance, rules)
    if deload:
        row = _row_done(state)
        main = table[row].lightened(*rules.numbers("programme.deload_cut"))
    else:
        main = table[row + 1] if challenge else table[row]
    if state.ceiling is not None:
        main = main.at_most(state.ceiling.total_s, state.ceiling.bout_s, state.ceiling.speed_mps)
    left = capped(
        prescription(main, rules, run_first=state.earned % 2 == 1),
        day,
        state.past,
        clearance,
        rules,
        challenge=challenge,
        treadmill=state.track is Track.TREADMILL,
        longest_s=rules.number("progression.neck_bout_s") if state.spare_neck else math.inf,
    )
    return _prescribed(day, row, main, left, deload=deload, challenge=challenge)


def prescribed_walk(state: State, day: dt.date, clearance: Clearance, rules: Rules) -> Prescribed:
    """The weekly walking day beside a running track."""
    deload = deloads(state, day, rules)
    row = _row_done(state) if deload else state.row
    main = walking_day(row, rules)
    if deload:
        main = main.lightened(*rules.numbers("programme.deload_cut"))
    left = capped(prescription(main, rules), day, state.past, clearance, rules)
    return _prescribed(day, row, main, left, deload=deload)


def _row_done(state: State) -> int:
    """The row a lighter week is a share of: nothing new begins in one."""
    last = last_done(state)
    return state.row if last is None else min(state.row, last[1])


def _prescribed(
    day: dt.date, row: int, main: MainSet, left: Capped, *, deload: bool = False, challenge: bool = False
) -> Prescribed:
    if left.session is None:
        return Prescribed(day, row, main, None, left.cuts, None, deload, challenge)
    core = core_of(left.session.steps)
    session = Session(name_of(core, challenge=challenge), left.session.steps)
    return Prescribed(day, row, main, session, left.cuts, core, deload, challenge)


def deloads(state: State, day: dt.date, rules: Rules) -> bool:
    """Whether `day` lies in a lighter week; there is none before something was done."""
    if state.began is None or not any(p.row is not None for p in present_run(state.past, day, rules)):
        return False
    return ((day - state.began).days // 7 + 1) % int(rules.number("programme.deload_weeks")) == 0


def challenge_due(state: State, day: dt.date, clearance: Clearance, rules: Rules) -> bool:
    """Whether the session may be a challenge: the row's last session, all well, healthy adults, once a week."""
    troubled = (
        state.spare_neck or state.ceiling is not None or state.well + 1 < rules.number("programme.challenge_well")
    )
    if troubled or state.track not in (Track.REVERSE, Track.INTERVALS):
        return False
    ready = rules.number("programme.challenge_row") <= state.row < last_row(state.track, rules)
    groups = str(rules.rule("programme.challenge_groups").value).split()
    if not ready or clearance.group not in groups or clearance.limits.start_low:
        return False
    days = rules.number("programme.cap_challenge")
    recent = any(past.challenge and (day - past.day).days < days for past in state.past)
    return state.earned + 1 >= needed(state.track, rules) and not recent


def needed(track: Track, rules: Rules) -> int:
    """Good sessions that earn the next row."""
    return int(rules.number("progression.sessions_to_advance" + ("_walk" if track in WALKED else "")))


def name_of(core: Core, *, challenge: bool = False) -> str:
    """A name that says what is in a session: "Reverse 6x20s"."""
    repeats = core.repeats_s
    word = "Challenge" if challenge else "Reverse" if core.gait is Gait.RUN else "Walk back"
    if len(repeats) > 1 and len(set(repeats)) == 1:
        return f"{word} {len(repeats)}x{repeats[0]:g}s"
    minutes, seconds = divmod(round(sum(repeats)), 60)
    return f"{word} {minutes}:{seconds:02}" if seconds else f"{word} {minutes} min"


# -- what a session leaves ----------------------------------------------------------------------------------------------


def as_planned(p: Prescribed, track: Track, *, row: int | None) -> Past:
    """The session of `p` done just as it was prescribed."""
    total_s, longest_s, speed_mps = (
        (0.0, 0.0, None) if p.core is None else (p.core.backward_s, p.core.longest_s, p.core.speed_mps)
    )
    return Past(p.day, total_s, longest_s, speed_mps, p.gait, row, p.challenge, track is Track.TREADMILL)


def remembered(state: State, past: Past) -> State:
    """The state with one more session; what no rule looks at any more is forgotten, but never the latest of the table."""
    oldest = past.day - dt.timedelta(days=KEPT_DAYS)
    last = last_done(state)
    kept = [p for p in state.past if p.day >= oldest or (p.row is not None and last is not None and p.day == last[0])]
    began = past.day if state.began is None else state.began
    return replace(state, past=(*kept, past), began=began)


def after_good(state: State, p: Prescribed, past: Past, rules: Rules) -> State:
    """One qualifying session earns once; enough of them earn the next row. A lighter week earns nothing."""
    earned, row = state.earned, state.row
    if not p.deload:
        earned += 1
    if earned >= needed(state.track, rules):
        earned, row = 0, min(last_row(state.track, rules), max(row + 1, state.leap))
    return replace(remembered(state, past), held=0, well=state.well + 1, ceiling=None, earned=earned, row=row)

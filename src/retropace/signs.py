"""Signs: what an entry of the log says about the dose. Each sign asks for a decision and gives its reason.

Every sign only ever asks for less, and more pain anywhere never asks for more.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retropace.doses import Goal
from retropace.findings import told
from retropace.log import Done, LogEntry, Part, Side, Where
from retropace.quantities import Direction, Gait
from retropace.rules import Reason, Rules
from retropace.rules.questionnaire import stop_signs
from retropace.saying import lasting, place_words, several
from retropace.screening import Clearance, Group
from retropace.standing import Prescribed, State

if TYPE_CHECKING:
    from retropace.summary import Summary


class Decision(enum.StrEnum):
    """What becomes of the dose, best first."""

    ADVANCE = "advance"
    HOLD = "hold"
    CUT = "cut"
    STOP = "stop"  # no reverse session until what stopped it has settled
    REFER = "refer"  # see somebody first


#: The fields of an entry told by place, and the rule above which a dose does not grow.
_MAPS = {
    "pain_during": "pain_hold",
    "pain_hour": "pain_hour",
    "pain_morning": "pain_morning",
    "soreness_24h": "soreness_day",
    "soreness_48h": "soreness_hold",
}
_ORDER = {decision: number for number, decision in enumerate(Decision)}


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing an entry says. `where` it hurts, `rests` whether days of rest belong to it."""

    decision: Decision
    reason: Reason
    where: Where | None = None
    rests: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """What the signs are read from."""

    entry: LogEntry
    state: State
    clearance: Clearance
    rules: Rules

    @property
    def knee(self) -> bool:
        """Whether a knee is in rehabilitation."""
        return self.state.goal is Goal.KNEE or self.clearance.group is Group.REHABILITATION


def signs(
    entry: LogEntry, state: State, prescribed: Prescribed | None, clearance: Clearance, rules: Rules
) -> tuple[Sign, ...]:
    """Every sign in `entry`, the most serious first; none where all is well. `prescribed` is what was asked that day."""
    told_all = _Told(entry, state, clearance, rules)
    found = [
        *_red_flags(told_all),
        *_pain(told_all),
        *_soreness(told_all),
        *_strain(told_all),
        *_again(told_all),
        *(() if prescribed is None or entry.done is Done.NOT else _measured(told_all, prescribed)),
    ]
    return tuple(sorted(found, key=lambda sign: -_ORDER[sign.decision]))


def worse(one: Decision, other: Decision) -> Decision:
    """The more serious of two decisions."""
    return max(one, other, key=_ORDER.__getitem__)


def worst(found: tuple[Sign, ...]) -> Decision:
    """The decision that all signs together ask for; ADVANCE where there are none."""
    return max((sign.decision for sign in found), key=_ORDER.__getitem__, default=Decision.ADVANCE)


# -- stop ---------------------------------------------------------------------------------------------------------------


def _red_flags(it: _Told) -> Iterator[Sign]:
    """Every red flag stops or refers, also one that nobody has written down."""
    known = stop_signs(it.rules.on)
    stopping = str(it.rules.rule("progression.signs_stop").value).split()
    for key in it.entry.red_flags:
        stops = key in stopping
        rule = "progression.signs_stop" if stops else "progression.signs_refer"
        sign = known.get(key)
        says = sign.says if sign else f"Stop training: {key.replace('_', ' ')}."
        reason = told(it.rules, rule, says=says, see=sign.see if sign else "a doctor", sign=key)
        if sign:
            reason = replace(reason, sources=sign.sources)
        yield Sign(Decision.STOP if stops else Decision.REFER, reason, rests=stops and key != "fall")
    if it.entry.falls > 0:
        yield Sign(Decision.STOP, told(it.rules, "progression.fall", falls=it.entry.falls))


# -- pain and soreness --------------------------------------------------------------------------------------------------


def _pain(it: _Told) -> Iterator[Sign]:
    for where, value in it.entry.pain_during.items():
        yield from _pain_during(where, value, it)
    for where, value in it.entry.pain_hour.items():
        yield from _pain_after(where, value, "progression.pain_hour", Decision.HOLD, it)
    for where, value in it.entry.pain_morning.items():
        yield from _pain_after(where, value, "progression.pain_morning", Decision.CUT, it)
        yield from _knee_morning(where, value, it)


def _pain_during(where: Where, value: float, it: _Told) -> Iterator[Sign]:
    rules = it.rules
    if value > rules.number("progression.pain_stop"):
        yield _placed("progression.pain_stop", Decision.STOP, where, value, it)
    elif it.knee and where[0] is Part.KNEE and value > rules.number("progression.knee_pain"):
        yield _placed("progression.knee_pain", Decision.CUT, where, value, it)
    elif value >= rules.number("progression.pain_cut"):
        yield _placed("progression.pain_cut", Decision.CUT, where, value, it)
    elif value > rules.number("progression.pain_hold"):
        yield _placed("progression.pain_hold", Decision.HOLD, where, value, it)


def _pain_after(where: Where, value: float, rule: str, decision: Decision, it: _Told) -> Iterator[Sign]:
    if value > it.rules.number("progression.pain_stop"):
        yield _placed("progression.pain_stop", Decision.STOP, where, value, it)
    elif value > it.rules.number(rule):
        yield _placed(rule, decision, where, value, it)


def _knee_morning(where: Where, value: float, it: _Told) -> Iterator[Sign]:
    """A knee in rehabilitation should not be worse on the morning after than on the morning before."""
    if not it.knee or where[0] is not Part.KNEE:
        return
    before = max((earlier for place, earlier in it.state.mornings if same_place(place, where)), default=0.0)
    if value > before + it.rules.number("progression.knee_morning"):
        yield _placed("progression.knee_morning", Decision.HOLD, where, value, it)


def _soreness(it: _Told) -> Iterator[Sign]:
    for where, value in it.entry.soreness_24h.items():
        if value > it.rules.number("progression.soreness_day"):
            yield _placed("progression.soreness_day", Decision.HOLD, where, value, it)
    for where, value in it.entry.soreness_48h.items():
        if value > it.rules.number("progression.soreness_cut"):
            yield _placed("progression.soreness_cut", Decision.CUT, where, value, it)
        elif value > it.rules.number("progression.soreness_hold"):
            yield _placed("progression.soreness_hold", Decision.HOLD, where, value, it)
    lone = [where for where in sore_places(it.entry, it.rules) if _one_sided(where, it.entry.soreness_48h)]
    if lone:
        yield Sign(Decision.HOLD, told(it.rules, "progression.one_side", place=place_words(lone[0])), lone[0])


def _one_sided(where: Where, soreness: Mapping[Where, float]) -> bool:
    part, side = where
    if side is Side.BOTH or where not in soreness:
        return False
    other = Side.LEFT if side is Side.RIGHT else Side.RIGHT
    return (part, other) not in soreness and (part, Side.BOTH) not in soreness


def sore_places(entry: LogEntry, rules: Rules) -> tuple[Where, ...]:
    """Where an entry shows more pain or soreness than lets a dose grow."""
    return tuple(
        dict.fromkeys(
            where
            for name, rule in _MAPS.items()
            for where, value in getattr(entry, name).items()
            if value > rules.number(f"progression.{rule}")
        )
    )


def same_place(one: Where, other: Where) -> bool:
    """Whether two places are the same body part on the same side; "both" is either side."""
    return one[0] is other[0] and (one[1] is other[1] or Side.BOTH in (one[1], other[1]))


def _again(it: _Told) -> Iterator[Sign]:
    """The same place twice in a row asks for less."""
    for where in sore_places(it.entry, it.rules):
        if any(same_place(where, before) for before in it.state.sore):
            values = (getattr(it.entry, name).get(where, 0.0) for name in _MAPS)
            yield _placed("progression.sore_twice", Decision.CUT, where, max(values), it)


def _placed(rule: str, decision: Decision, where: Where, value: float, it: _Told) -> Sign:
    inputs: dict[str, float | str] = {"part": str(where[0]), "side": str(where[1]), "value": value}
    limit = it.rules.rule(rule).value
    if isinstance(limit, float | int) and not isinstance(limit, bool):
        inputs["limit"] = float(limit)
    was = "were" if several(where) else "was"
    reason = told(it.rules, rule, place=place_words(where), was=was, **inputs)
    return Sign(decision, reason, where, rests=decision is Decision.STOP)


# -- effort, neck, steps, sleep -----------------------------------------------------------------------------------------


def _strain(it: _Told) -> Iterator[Sign]:
    entry = it.entry
    went = entry.done is not Done.NOT
    if entry.effort is None and went:
        yield Sign(Decision.HOLD, told(it.rules, "progression.effort_unknown"))
    yield from _above(entry.effort, "effort", it)
    yield from _above(entry.neck_strain, "neck", it)
    yield from _stumbles(it)
    sleep = entry.sleep_hours
    if sleep is not None and sleep < it.rules.number("progression.short_sleep"):
        yield Sign(Decision.HOLD, told(it.rules, "progression.short_sleep", value=sleep))
    if entry.done is Done.PARTLY:
        yield Sign(Decision.HOLD, told(it.rules, "progression.partly"))


def _above(value: float | None, name: str, it: _Told) -> Iterator[Sign]:
    """HOLD above the one edge, CUT above the other."""
    if value is None:
        return
    for rule, decision in ((f"progression.{name}_cut", Decision.CUT), (f"progression.{name}_hold", Decision.HOLD)):
        limit = it.rules.number(rule)
        if value > limit:
            yield Sign(decision, told(it.rules, rule, value=value, limit=limit))
            return


def _stumbles(it: _Told) -> Iterator[Sign]:
    count = it.entry.stumbles
    if count >= it.rules.number("progression.stumbles_cut"):
        yield Sign(Decision.CUT, told(it.rules, "progression.stumbles_cut", value=count))
    elif count > it.rules.number("progression.stumbles_hold"):
        yield Sign(Decision.HOLD, told(it.rules, "progression.stumbles_hold", value=count))


# -- done and measured --------------------------------------------------------------------------------------------------


def _measured(it: _Told, asked: Prescribed) -> Iterator[Sign]:
    """More, less or faster than asked; what a sensor saw and what a person says are held to the same marks."""
    entry, how = it.entry, "Your recording shows" if it.entry.measured else "You say"
    least, most = _planned_s(asked)
    if entry.reverse_s is not None:
        for rule, planned, crossed in (
            ("overdone", most, entry.reverse_s > most * it.rules.number("progression.overdone")),
            ("underdone", least, entry.reverse_s < least * it.rules.number("progression.underdone")),
        ):
            if crossed:
                words = {"how": how, "done": lasting(entry.reverse_s), "planned": lasting(planned)}
                yield Sign(Decision.HOLD, told(it.rules, f"progression.{rule}", **words))
    speed, limit = entry.reverse_speed_mps, it.clearance.limits.speed_mps
    if speed is not None and speed > limit * it.rules.number("progression.too_fast"):
        yield Sign(Decision.HOLD, told(it.rules, "progression.too_fast", how=how, value=speed, limit=limit))


def _planned_s(asked: Prescribed) -> tuple[float, float]:
    """Backward seconds asked for at the session's gait, without and with the warm-up: people count either."""
    if asked.core is None:
        return 0.0, asked.main.total_s
    return sum(asked.core.repeats_s), asked.core.backward_s


def with_summary(entry: LogEntry, summary: "Summary") -> LogEntry:
    """The entry with what was measured in place of what was told; told figures stay where nothing backward was seen.

    Running counts where any was seen, else walking, as the log asks for the seconds at the session's own gait.
    """
    seen = [b for b in summary.bouts if b.bout.direction is Direction.BACKWARD and b.bout.gait in (Gait.RUN, Gait.WALK)]
    gait = Gait.RUN if any(b.bout.gait is Gait.RUN for b in seen) else Gait.WALK
    own = [b for b in seen if b.bout.gait is gait]
    if not own:
        return entry
    total_s = sum(b.bout.duration_s for b in own)
    known = [(b.bout.duration_s, b.metrics["speed_mps"].value) for b in own if "speed_mps" in b.metrics]
    moved = [(seconds, speed) for seconds, speed in known if speed is not None]
    timed_s = sum(seconds for seconds, _ in moved)
    return replace(
        entry,
        reverse_s=total_s,
        reverse_longest_s=max(b.bout.duration_s for b in own),
        reverse_speed_mps=sum(s * v for s, v in moved) / timed_s if timed_s > 0 else entry.reverse_speed_mps,
        measured=True,
    )

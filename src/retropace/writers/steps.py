"""Steps: a session's steps made ready for other people's formats: checked, given their parts, repeats folded."""

import enum
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from retropace.errors import OutOfRange, UnusableInput
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step

#: A step lasts at least and at most this long [s], as in session files.
SHORTEST_STEP_S, LONGEST_STEP_S = 1.0, 86_400.0
_MOST_STEPS = 1000
_MOST_IN_REPEAT = 24
_WAYS = {(gait, way) for gait in (Gait.WALK, Gait.RUN) for way in Direction if way not in ("none", "unknown")}
_WAYS |= {(Gait.STAND, Direction.NONE)}


class Role(enum.StrEnum):
    """The part a step plays in its session."""

    WARM_UP = "warm-up"
    ACTIVE = "active"
    RECOVERY = "recovery"  # walking between
    REST = "rest"  # standing between
    COOL_DOWN = "cool-down"


@dataclass(frozen=True, slots=True)
class Played:
    """A step and its part."""

    step: Step
    role: Role


Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Block(Generic[Item]):
    """`items` in order, gone through `times` times."""

    times: int
    items: tuple[Item, ...]

    @property
    def lines(self) -> int:
        """How many lines it needs where a repeat is a line of its own."""
        return len(self.items) + (self.times > 1)


def checked(session: Session) -> tuple[Session, tuple[str, ...]]:
    """The session with names that can be shown in one line, and what was changed for that.

    Raises UnusableInput where it has no steps or a step that is no way of moving, OutOfRange for impossible durations
    and speeds.
    """
    if not session.steps:
        raise UnusableInput("The session has no steps", field=session.name or "steps", remedy="Add a step first.")
    if len(session.steps) > _MOST_STEPS:
        raise OutOfRange(f"The session has {len(session.steps)} steps", remedy=f"Keep to {_MOST_STEPS} at most.")
    for number, step in enumerate(session.steps):
        _check(step, f"steps[{number}]")
    steps = tuple(replace(step, name=one_line(step.name)) for step in session.steps)
    clean = Session(one_line(session.name) or "Session", steps)
    before, after = (session.name, *(s.name for s in session.steps)), (clean.name, *(s.name for s in steps))
    lost = any("".join(a.split()) != "".join(b.split()) for a, b in zip(before, after, strict=True) if a)
    return clean, ("Characters that cannot be shown were left out of a name.",) if lost else ()


def _check(step: Step, field: str) -> None:
    if (step.gait, step.direction) not in _WAYS:
        raise UnusableInput(f"A step that is “{step.gait} {step.direction}” cannot be prescribed", field=field)
    if not SHORTEST_STEP_S <= step.duration_s <= LONGEST_STEP_S:
        raise OutOfRange(f"A step lasts {step.duration_s:g} s", field=field, remedy="Use 1 second to 24 hours.")
    if step.speed_mps is not None and not 0 < step.speed_mps <= 12.5:
        raise OutOfRange(f"A step asks for {step.speed_mps:g} m/s", field=field, remedy="Use more than 0, up to 12.5.")


def one_line(text: str) -> str:
    r"""`text` without line breaks, double spaces and characters that nothing can show.

    >>> one_line(" Reverse\n6 × 20 s\x07 ")
    'Reverse 6 × 20 s'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


# -- parts ------------------------------------------------------------------------------------------------------------


def played(steps: Sequence[Step]) -> tuple[Played, ...]:
    """Each step with its part: as its name says, else by where it stands around the active steps.

    Active are backward steps of the session's own gait (running where any is run), sideways steps and forward running.
    What a reverse step is followed by is its recovery even behind the last one.
    """
    backward = {step.gait for step in steps if step.direction == Direction.BACKWARD}
    gait = Gait.RUN if Gait.RUN in backward or not backward else Gait.WALK
    work = [k for k, step in enumerate(steps) if _named(step) is None and _is_work(step, gait)]
    if not work:
        return tuple(Played(step, _named(step) or Role.ACTIVE) for step in steps)
    recoveries = {_unnamed(steps[k + 1]) for k in work[:-1]}
    roles = [_named(step) or _placed(k, step, work, recoveries) for k, step in enumerate(steps)]
    return tuple(Played(step, role) for step, role in zip(steps, roles, strict=True))


def _unnamed(step: Step) -> Step:
    return replace(step, name="")


def _is_work(step: Step, gait: Gait) -> bool:
    if step.direction == Direction.FORWARD:
        return step.gait == Gait.RUN
    return step.direction == Direction.SIDEWAYS or (step.direction == Direction.BACKWARD and step.gait == gait)


def _named(step: Step) -> Role | None:
    name = step.name.lower()
    if "warm" in name:
        return Role.WARM_UP
    return Role.COOL_DOWN if "cool" in name else None


def _placed(k: int, step: Step, work: Sequence[int], recoveries: set[Step]) -> Role:
    if k < work[0]:
        return Role.WARM_UP
    if k > work[-1] and not (k == work[-1] + 1 and _unnamed(step) in recoveries):
        return Role.COOL_DOWN
    if step.gait == Gait.STAND:
        return Role.REST
    return Role.RECOVERY if step.gait == Gait.WALK and step.direction == Direction.FORWARD else Role.ACTIVE


# -- repeats ----------------------------------------------------------------------------------------------------------


def folded(items: Sequence[Item]) -> tuple[Block[Item], ...]:
    """`items` in the fewest lines, equal consecutive groups as repeats that are not nested.

    >>> [(block.times, block.items) for block in folded("wbabababac")]
    [(1, ('w',)), (4, ('b', 'a')), (1, ('c',))]
    """
    n = len(items)
    numbers = {item: number for number, item in enumerate(dict.fromkeys(items))}
    row = [numbers[item] for item in items]
    runs = _equal_runs(row)
    fewest = [0] * (n + 1)
    choice = [(1, 1)] * n
    for i in range(n - 1, -1, -1):
        options = [(fewest[i + 1] + 1, 0, 1, 1)]
        for period, run in enumerate(runs, start=1):
            most = run[i] // period + 1
            options += [(fewest[i + period * t] + period + 1, -t, period, t) for t in (most, most - 1) if t > 1]
        fewest[i], _, *best = min(options)
        choice[i] = (best[0], best[1])
    blocks = []
    at = 0
    while at < n:
        period, times = choice[at]
        blocks.append(Block(times, tuple(items[at : at + period])))
        at += period * times
    return tuple(blocks)


def _equal_runs(row: Sequence[int]) -> list[list[int]]:
    """For each period p from 1: at each place, how many items in a row equal the one p later."""
    runs = []
    for period in range(1, min(_MOST_IN_REPEAT, len(row) // 2) + 1):
        run = [0] * (len(row) + 1)
        for i in range(len(row) - period - 1, -1, -1):
            run[i] = run[i + 1] + 1 if row[i] == row[i + period] else 0
        runs.append(run)
    return runs


def lines_of(blocks: Sequence[Block[Item]]) -> int:
    """How many lines the blocks need, each repeat being one itself."""
    return sum(block.lines for block in blocks)


def split(blocks: Sequence[Block[Item]], passes: int) -> tuple[Block[Item], ...]:
    """The blocks with repeats of at most `passes` passes, none of them a single one.

    >>> [block.times for block in split([Block(201, ("b", "a"))], 100)]
    [100, 99, 2]
    """
    parts: list[Block[Item]] = []
    for block in blocks:
        left = block.times
        while left > passes:
            now = min(passes, left - 2)
            parts.append(Block(now, block.items))
            left -= now
        parts.append(Block(left, block.items))
    return tuple(parts)


def fitted(
    steps: Sequence[Step], lines: int, what: str, passes: int = _MOST_STEPS
) -> tuple[tuple[Block[Played], ...], tuple[str, ...]]:
    """The steps in at most `lines` lines; where names stand in the way of repeats, one name is used for all.

    Raises OutOfRange where they do not fit even so; `what` says what has so few, `passes` bounds a repeat.
    """
    as_named = played(steps)
    blocks = split(folded(as_named), passes)
    if lines_of(blocks) <= lines:
        return blocks, ()
    alike: dict[tuple[Step, Role], Played] = {}
    blocks = split(folded([alike.setdefault((_unnamed(p.step), p.role), p) for p in as_named]), passes)
    if lines_of(blocks) <= lines:
        return blocks, ("Equal steps carry one name, so that they fit as repeats.",)
    told = f"The session needs {lines_of(blocks)} lines with repeats folded, and {what} holds {lines}"
    raise OutOfRange(told, remedy="Make it of equal repeats, or write it as Markdown or PDF.")


def whole_seconds(session: Session) -> tuple[Session, tuple[str, ...]]:
    """The session in whole seconds: backward steps never longer than planned, others never shorter."""

    def whole(step: Step) -> float:
        return float(
            math.floor(step.duration_s) if step.direction == Direction.BACKWARD else math.ceil(step.duration_s)
        )

    steps = tuple(replace(step, duration_s=whole(step)) for step in session.steps)
    if all(step.duration_s == before.duration_s for step, before in zip(steps, session.steps, strict=True)):
        return session, ()
    return replace(session, steps=steps), ("Times are whole seconds here: backward steps rounded down, others up.",)

"""Prescription: a session around its main set: warm-up with backward walking and looking behind, cool-down walk."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from retropace.caps import TURN
from retropace.doses import MainSet
from retropace.quantities import Direction, Gait
from retropace.rules import Rules
from retropace.session import Session, Step

#: Names of the backward steps of a main set, by gait. Fifteen characters fit on a watch, and "Reverse" says which way.
MAIN = {Gait.RUN: "Reverse", Gait.WALK: "Backward walk"}
_BETWEEN = {Gait.WALK: "Walk", Gait.RUN: "Run forward", Gait.STAND: "Stand"}


def prescription(main: MainSet, name: str, rules: Rules, *, run_first: bool = False) -> Session:
    """The whole session; the ordinary run, where there is one, comes after the main set, or first."""
    warm, cool = _warm_up(main, rules), _walk(rules.number("programme.cool_down_s"), "Cool-down walk")
    core = tuple(_main(main))
    if main.run_s > 0:
        run = Step(Gait.RUN, Direction.FORWARD, main.run_s, "Easy run")
        core = (run, *core) if run_first else (*core, run)
    return Session(name, (*warm, *core, cool))


def _warm_up(main: MainSet, rules: Rules) -> Iterator[Step]:
    """Walk, loosen, walk backward, stop, look behind, stop; never faster than the main set."""
    stop_s = rules.number("programme.practice_stop_s")
    mps = min(rules.number("programme.walk_speed_mps"), main.speed_mps)
    yield _walk(rules.number("programme.warm_walk_s"), "Warm-up walk")
    yield _stand(rules.number("programme.loosen_s"), "Warm-up drills")
    yield Step(Gait.WALK, Direction.BACKWARD, rules.number("programme.warm_back_s"), "Warm-up reverse", mps)
    yield _stand(stop_s, "Practice stop")
    yield Step(Gait.WALK, Direction.BACKWARD, rules.number("programme.look_s"), "Backward look", mps)
    yield _stand(stop_s, "Practice stop")


def _main(main: MainSet) -> Iterator[Step]:
    """Bouts with a recovery between each two."""
    direction = Direction.NONE if main.recovery is Gait.STAND else Direction.FORWARD
    between = Step(main.recovery, direction, main.recovery_s, _BETWEEN[main.recovery])
    for number, bout_s in enumerate(main.bouts_s):
        if number:
            yield between
        yield Step(main.gait, Direction.BACKWARD, float(bout_s), MAIN[main.gait], main.speed_mps)


def _walk(duration_s: float, name: str) -> Step:
    return Step(Gait.WALK, Direction.FORWARD, duration_s, name)


def _stand(duration_s: float, name: str) -> Step:
    return Step(Gait.STAND, Direction.NONE, duration_s, name)


def is_main(step: Step) -> bool:
    """Whether a step belongs to the backward part of a main set."""
    return step.direction == Direction.BACKWARD and step.name == MAIN.get(step.gait)


def main_bouts(steps: Sequence[Step]) -> tuple[float, ...]:
    """Seconds backward of each repeat of the main set; the shuttles of one repeat count together."""
    repeats = groupby((s for s in steps if is_main(s) or s.name != TURN), key=is_main)
    return tuple(sum(step.duration_s for step in repeat) for main, repeat in repeats if main)


def longest_main(steps: Sequence[Step]) -> float:
    """The longest single stretch of the main set [s]."""
    return max((step.duration_s for step in steps if is_main(step)), default=0.0)


def main_speed(steps: Sequence[Step]) -> float | None:
    """The ceiling of the main set's speed [m/s]."""
    return max((step.speed_mps for step in steps if is_main(step) and step.speed_mps is not None), default=None)

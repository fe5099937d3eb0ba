"""Prescription: a session around its main set: warm-up with backward walking and looking behind, cool-down walk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retropace.caps import TURN
from retropace.doses import MainSet
from retropace.quantities import Direction, Gait
from retropace.rules import Rules
from retropace.session import Session, Step

#: Names of the backward steps of a main set, by gait. Fifteen characters fit on a watch, and "Reverse" says which way.
MAIN = {Gait.RUN: "Reverse", Gait.WALK: "Backward walk"}
_BETWEEN = {Gait.WALK: "Walk", Gait.RUN: "Run forward", Gait.STAND: "Stand"}


def prescription(main: MainSet, rules: Rules, *, run_first: bool = False) -> Session:
    """The whole session; the ordinary run, where there is one, comes after the main set, or first."""
    return _session(main, _around(rules), run_first)


@dataclass(frozen=True, slots=True)
class _Around:
    """Length of each part around the main set [s], and how fast one walks backward [m/s]."""

    walk_s: float
    loosen_s: float
    back_s: float
    look_s: float
    stop_s: float
    cool_s: float
    speed_mps: float


@lru_cache(maxsize=16)
def _around(rules: Rules) -> _Around:
    names = ("warm_walk_s", "loosen_s", "warm_back_s", "look_s", "practice_stop_s", "cool_down_s", "walk_speed_mps")
    return _Around(*(rules.number(f"programme.{name}") for name in names))


@lru_cache(maxsize=256)
def _session(main: MainSet, around: _Around, run_first: bool) -> Session:  # noqa: FBT001  a cached function has no keywords
    core = tuple(_main(main))
    if main.run_s > 0:
        run = Step(Gait.RUN, Direction.FORWARD, main.run_s, "Easy run")
        core = (run, *core) if run_first else (*core, run)
    return Session("", (*_warm_up(main, around), *core, _walk(around.cool_s, "Cool-down walk")))


def _warm_up(main: MainSet, around: _Around) -> Iterator[Step]:
    """Walk, loosen, walk backward, stop, look behind, stop; never faster than the main set."""
    speed_mps = min(around.speed_mps, main.speed_mps)
    yield _walk(around.walk_s, "Warm-up walk")
    yield _stand(around.loosen_s, "Warm-up drills")
    yield Step(Gait.WALK, Direction.BACKWARD, around.back_s, "Warm-up reverse", speed_mps)
    yield _stand(around.stop_s, "Practice stop")
    yield Step(Gait.WALK, Direction.BACKWARD, around.look_s, "Backward look", speed_mps)
    yield _stand(around.stop_s, "Practice stop")


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


@dataclass(frozen=True, slots=True)
class Core:
    """What is left of a main set: seconds of each repeat (the shuttles of one together), the longest stretch, the ceiling.

    `backward_s` are the backward seconds of the whole session at the main set's gait, warm-up included.
    """

    repeats_s: tuple[float, ...]
    longest_s: float
    speed_mps: float | None
    gait: Gait
    backward_s: float


def core_of(steps: Sequence[Step]) -> Core:
    """The main set as it stands in the steps of a session."""
    backward = [step for step in steps if step.direction is Direction.BACKWARD]
    gait = Gait.RUN if any(step.gait is Gait.RUN for step in backward) else Gait.WALK
    own = [step for step in backward if step.gait is gait]
    main = [step for step in own if step.name == MAIN[gait]]
    speeds = [step.speed_mps for step in main if step.speed_mps is not None]
    return Core(
        tuple(_repeats(steps, MAIN[gait])),
        max((step.duration_s for step in main), default=0.0),
        max(speeds, default=None),
        gait,
        sum(step.duration_s for step in own),
    )


def _repeats(steps: Sequence[Step], name: str) -> Iterator[float]:
    """Seconds of each repeat; a turn does not end one."""
    so_far = 0.0
    for step in steps:
        if step.name == name:
            so_far += step.duration_s
        elif so_far and step.name != TURN:
            yield so_far
            so_far = 0.0
    if so_far:
        yield so_far

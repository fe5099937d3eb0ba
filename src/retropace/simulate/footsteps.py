"""Footsteps: every step a virtual runner takes to follow a session, from one initial contact to the next.

A step belongs to the foot that lands at its start. Direction changes pass through a stop: the runner brakes, turns in place
with small steps (or only shuffles, where the body keeps its facing), and starts again.
"""

import enum
import math
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from retropace.bout import Bout
from retropace.errors import OutOfRange
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.session import Session, Step
from retropace.simulate.place import Place
from retropace.simulate.runner import Following, Runner
from retropace.simulate.stride import DOUBLE_SUPPORT_SHARE, cadence_spm, contact_time_s, walk_limit_mps

IntArray = npt.NDArray[np.int64]

#: How hard a runner starts and brakes [m/s2], how slow the tight turn is run [m/s] (all design).
SPEEDS_UP_MPS2 = 1.0
BRAKES_MPS2 = 1.3
TURN_MPS = 1.2
#: A runner slower than this stops with the next step [m/s] (design).
STOPS_BELOW_MPS = 0.3
#: Speed whose step time is taken while the runner gets going [m/s] (design).
STARTS_AT_MPS = 0.8
#: Steps in place: how long each takes [s] and how far the body turns in it at most [rad] (design).
IN_PLACE_S = 0.4
IN_PLACE_RAD = math.radians(45)
#: Shortest time the feet stay together [s] (design).
SHORTEST_STAND_S = 1.0
#: The closing step after the last one, which brings the feet together [s after it] (design).
CLOSING_S = 0.4


class Footing(enum.IntEnum):
    """What a step is."""

    PLANTED = 0  # both feet stay: not a step
    IN_PLACE = 1
    WALK = 2
    RUN = 3


#: Facing relative to travel [rad, left positive].
FACING_RAD = {
    Direction.FORWARD: 0.0,
    Direction.BACKWARD: math.pi,
    Direction.SIDEWAYS: -math.pi / 2,
    Direction.NONE: 0.0,
}
_MOVING = (Direction.FORWARD, Direction.BACKWARD, Direction.SIDEWAYS)
_DIRECTIONS = (Direction.NONE, *_MOVING)
_GAITS = {
    Footing.PLANTED: Gait.STAND,
    Footing.IN_PLACE: Gait.STAND,
    Footing.WALK: Gait.WALK,
    Footing.RUN: Gait.RUN,
}


@dataclass(frozen=True, slots=True)
class Footsteps:
    """Steps in order, every array (n,).

    `support_s` is the time from `start_s` in which the ground pushes: contact of a running step, the whole of any other.
    `direction` is a number for `directions()`; `speed_mps` is the mean over the step, `along` (+1, -1) which way round the
    path; `path_m` and `yaw_rad` (facing, a local angle) hold at `start_s`; `side` is +1 where the left foot lands.
    """

    start_s: FloatArray
    period_s: FloatArray
    support_s: FloatArray
    footing: IntArray
    direction: IntArray
    speed_mps: FloatArray
    along: FloatArray
    path_m: FloatArray
    yaw_rad: FloatArray
    side: FloatArray
    end_yaw_rad: float

    def __len__(self) -> int:
        return int(self.start_s.size)

    @property
    def end_s(self) -> float:
        """When the last step ends."""
        return float(self.start_s[-1] + self.period_s[-1])

    @property
    def planted(self) -> npt.NDArray[np.bool_]:
        """Which of them are no steps."""
        return np.equal(self.footing, Footing.PLANTED)

    def backward(self) -> npt.NDArray[np.bool_]:
        """Which of them go backward."""
        return np.equal(self.direction, _DIRECTIONS.index(Direction.BACKWARD))

    def under_way(self, time_s: FloatArray) -> tuple[IntArray, FloatArray]:
        """Number of the step under way at `time_s` (m,), and the seconds since its start."""
        number = np.clip(np.searchsorted(self.start_s, time_s, side="right") - 1, 0, len(self) - 1)
        return number, time_s - self.start_s[number]


def directions(steps: Footsteps) -> list[Direction]:
    """Direction of every step."""
    return [_DIRECTIONS[code] for code in steps.direction.tolist()]


@dataclass(frozen=True, slots=True)
class Intention:
    """What the runner means to do from `start_s` to `end_s` of the recording's clock; `step` numbers the session's step."""

    step: int
    start_s: float
    end_s: float
    gait: Gait
    direction: Direction
    speed_mps: float


def intentions(
    session: Session, runner: Runner, following: Following, random: np.random.Generator
) -> tuple[Intention, ...]:
    """The session as this person follows it: late, cut short, in order. Needs a session with at least one step."""
    late_s = random.uniform(*following.late_s, size=len(session.steps))
    ends = following.lead_s + np.cumsum([step.duration_s for step in session.steps])
    starts = np.concatenate(([following.lead_s], ends[:-1] + late_s[1:]))
    for number, seconds in following.cut_short:
        if number + 1 < len(starts):
            starts[number + 1] = max(starts[number], ends[number] - seconds)
    starts = np.maximum.accumulate(starts)
    stops = [*starts[1:].tolist(), float(max(ends[-1], starts[-1]))]
    for number, step in enumerate(session.steps):
        _require_runnable(step, runner, number)
    return tuple(
        Intention(number, start, stop, step.gait, step.direction, runner.speed_mps(step))
        for number, (step, start, stop) in enumerate(zip(session.steps, starts.tolist(), stops, strict=True))
    )


def _require_runnable(step: Step, runner: Runner, number: int) -> None:
    if step.gait is Gait.STAND:
        return
    if step.gait not in (Gait.WALK, Gait.RUN) or step.direction not in _MOVING:
        raise OutOfRange(f"The virtual runner cannot {step.gait} {step.direction}", field=f"steps[{number}]")
    if not runner.speed_mps(step) >= 2 * STOPS_BELOW_MPS:
        slowest = f"Use {2 * STOPS_BELOW_MPS:g} m/s or more."
        raise OutOfRange("The step is too slow to simulate", field=f"steps[{number}].speed_mps", remedy=slowest)


class _March:
    """The runner while stepping: where, how fast, facing where. Mutable, and gone when the steps are written down."""

    def __init__(self, runner: Runner, place: Place, random: np.random.Generator) -> None:
        self.runner, self.place, self.random = runner, place, random
        self.time_s = self.path_m = self.speed_mps = self.face_rad = 0.0
        self.along = self.side = 1.0
        self.direction: Direction | None = None
        self.gait = Gait.STAND
        self.rows: list[tuple[float, ...]] = []
        self._draws: list[float] = []

    def chance(self) -> float:
        """The next standard normal number."""
        if not self._draws:
            self._draws = self.random.standard_normal(4096).tolist()
        return self._draws.pop()

    def write(self, footing: Footing, period_s: float, support_s: float, direction: Direction) -> None:
        """Write a step down and let its time pass."""
        code = _DIRECTIONS.index(direction)
        row = (self.time_s, period_s, support_s, footing, code, self.speed_mps, self.along, self.path_m, self.face_rad)
        self.rows.append((*row, self.side))
        self.path_m += self.along * self.speed_mps * period_s
        self.time_s += period_s
        self.side = -self.side

    def plant(self, seconds: float) -> None:
        """Stand still; standing twice is standing longer."""
        self.speed_mps = 0.0
        if self.rows and self.rows[-1][3] == Footing.PLANTED:
            seconds += self.rows[-1][1]
            self.time_s = self.rows.pop()[0]
            self.side = -self.side
        self.write(Footing.PLANTED, seconds, seconds, Direction.NONE)

    def turn_to(self, direction: Direction) -> None:
        """Take the facing and the way round that `direction` needs, stepping in place; the first time without steps."""
        if self.direction is None:
            self.direction, self.face_rad = direction, FACING_RAD[direction]
            return
        turn_rad = math.remainder(FACING_RAD[direction] - FACING_RAD[self.direction], 2 * math.pi)
        self.direction = direction
        if self.runner.switch == "retrace" and abs(turn_rad) == math.pi:
            self.along, turn_rad = -self.along, 0.0
        elif abs(turn_rad) == math.pi and self.chance() < 0:
            turn_rad = -turn_rad
        count = max(2, math.ceil(abs(turn_rad) / IN_PLACE_RAD - 1e-9))
        for _ in range(count):
            self.write(Footing.IN_PLACE, IN_PLACE_S, IN_PLACE_S, Direction.NONE)
            self.face_rad += turn_rad / count

    def allowed_mps(self, wanted_mps: float) -> float:
        """`wanted_mps`, less where the straight is about to end."""
        room_m = self.place.clear_ahead_m(self.path_m, self.along)
        return min(wanted_mps, math.sqrt(TURN_MPS**2 + 2 * BRAKES_MPS2 * 0.8 * room_m))

    def step(self, wanted_mps: float, gait: Gait) -> None:
        """Take one step towards `wanted_mps` in `gait`; below `STOPS_BELOW_MPS` the runner has stopped instead."""
        direction = self.direction or Direction.FORWARD
        about_s = 60 / self._cadence_spm(gait, max(self.speed_mps, STARTS_AT_MPS))
        wobble = 1 + self.runner.speed_spread * self.chance()
        change = self.allowed_mps(wanted_mps * wobble) - self.speed_mps
        self.speed_mps += min(max(change, -BRAKES_MPS2 * about_s), SPEEDS_UP_MPS2 * about_s)
        if self.speed_mps < STOPS_BELOW_MPS and wanted_mps < STOPS_BELOW_MPS:
            self.speed_mps = 0.0
            return
        period_s = 60 / self._cadence_spm(gait, self.speed_mps) * (1 + self.runner.step_spread * self.chance())
        support_s = contact_time_s(direction, self.speed_mps, period_s) if gait is Gait.RUN else period_s
        self.gait = gait
        self.write(Footing.RUN if gait is Gait.RUN else Footing.WALK, period_s, support_s, direction)

    def _cadence_spm(self, gait: Gait, speed_mps: float) -> float:
        runner, direction = self.runner, self.direction or Direction.FORWARD
        return cadence_spm(gait, direction, speed_mps, runner.cadence_spm_at_3, runner.cadence_slope)

    def pursue(self, aim: Intention) -> None:
        """Do the next thing that brings the runner nearer to `aim`."""
        moving = self.speed_mps > 0
        if aim.gait is Gait.STAND:
            if moving:
                self.step(0.0, self.gait)
            else:
                self.plant(max(aim.end_s - self.time_s, SHORTEST_STAND_S))
        elif aim.direction is not self.direction:
            if moving:
                self.step(0.0, self.gait)
            else:
                self.turn_to(aim.direction)
        elif self._still_runs(aim):
            self.step(aim.speed_mps, Gait.RUN)
        else:
            self.step(aim.speed_mps, aim.gait)

    def _still_runs(self, aim: Intention) -> bool:
        too_fast = self.speed_mps > max(walk_limit_mps(aim.direction), aim.speed_mps + 0.2)
        return aim.gait is Gait.WALK and self.gait is Gait.RUN and too_fast


def footsteps(
    aims: tuple[Intention, ...], runner: Runner, place: Place, following: Following, random: np.random.Generator
) -> Footsteps:
    """Every step of `runner` following `aims`, standing `following.lead_s` before and `tail_s` after."""
    march = _March(runner, place, random)
    march.turn_to(next((aim.direction for aim in aims if aim.gait is not Gait.STAND), Direction.FORWARD))
    march.plant(max(following.lead_s, SHORTEST_STAND_S))
    for aim in aims:
        while march.time_s < aim.end_s:
            march.pursue(aim)
    while march.speed_mps > 0:
        march.step(0.0, march.gait)
    march.plant(max(following.tail_s, SHORTEST_STAND_S))
    return _written_down(march)


def _written_down(march: _March) -> Footsteps:
    start, period, support, footing, direction, speed, along, path, face, side = np.array(march.rows).T
    end_yaw = float(march.place.tangent_rad(np.array([march.path_m]))[0]) + march.face_rad
    return Footsteps(
        start_s=start,
        period_s=period,
        support_s=support,
        footing=footing.astype(np.int64),
        direction=direction.astype(np.int64),
        speed_mps=speed,
        along=along,
        path_m=path,
        yaw_rad=march.place.tangent_rad(path) + face,
        side=side,
        end_yaw_rad=end_yaw,
    )


@dataclass(frozen=True, slots=True)
class Contacts:
    """Feet on the ground, in order of landing, every array (m,).

    `initial_s` is NaN where the foot stood there when the recording began, `final_s` where it still stands at its end.
    `side` is +1 for the left foot; `path_m` is the place on the path that the foot stands beside, `yaw_rad` where it points.
    """

    initial_s: FloatArray
    final_s: FloatArray
    side: FloatArray
    path_m: FloatArray
    yaw_rad: FloatArray
    backward: npt.NDArray[np.bool_]


def contacts(steps: Footsteps) -> Contacts:
    """Every contact of `steps`. A planted stretch brings the other foot alongside and lifts the first one at its end."""
    initial = steps.start_s + np.where(steps.planted, CLOSING_S, 0.0)
    final = _final_contacts(steps)
    stance_s = np.minimum(final - initial, (1 + DOUBLE_SUPPORT_SHARE.value) * steps.period_s)
    under_m = np.where(steps.planted, 0.0, 0.5 * stance_s * steps.speed_mps)
    initial[0] = np.nan
    final[-2:] = np.nan
    first_lift_s = steps.start_s[1] - CLOSING_S if len(steps) > 1 else np.nan
    waiting = (np.nan, first_lift_s, -steps.side[0], steps.path_m[0], steps.yaw_rad[0])
    landed = (initial, final, steps.side, steps.path_m + steps.along * under_m, steps.yaw_rad)
    before_s, lift_s, side, path_m, yaw_rad = (
        np.concatenate(([one], many)) for one, many in zip(waiting, landed, strict=True)
    )
    return Contacts(before_s, lift_s, side, path_m, yaw_rad, np.concatenate(([False], steps.backward())))


def _final_contacts(steps: Footsteps) -> FloatArray:
    """When the foot of each step leaves: after its own push if it runs, else after the double support that follows."""
    following = np.minimum(np.arange(len(steps)) + 1, len(steps) - 1)
    doubled = np.isin(steps.footing, (Footing.WALK, Footing.IN_PLACE)) * DOUBLE_SUPPORT_SHARE.value * steps.period_s
    end = steps.start_s + steps.period_s
    stepping = np.where(steps.footing == Footing.RUN, steps.start_s + steps.support_s, end + doubled[following])
    return np.where(steps.planted[following], end + steps.period_s[following] - CLOSING_S, stepping)


def bouts(steps: Footsteps) -> tuple[Bout, ...]:
    """What was done, to the footstep: known because it was simulated."""
    ends = [*steps.start_s[1:].tolist(), steps.end_s]
    kinds = [(_GAITS[Footing(f)], d) for f, d in zip(steps.footing.tolist(), directions(steps), strict=True)]
    found = []
    for (gait, direction), group in groupby(range(len(kinds)), key=kinds.__getitem__):
        numbers = list(group)
        start, end = float(steps.start_s[numbers[0]]), ends[numbers[-1]]
        found.append(Bout(start, end, gait, direction, 1.0, ("simulated",)))
    return tuple(found)

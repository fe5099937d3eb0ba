"""Pocket: which way a thigh walks or runs, from a phone that lies on it any way round.

The thigh is a pendulum under the hip. Going forward it lands flexed, is carried back under the trunk while the foot
stands, and is brought forward quickly while it swings; going backward it lands extended and does the reverse (Lee
2013: joint angles of backward walking are those of forward walking, played backward). Five things follow for the
amplitudes of `swing`, in which T is the angle of the thigh, F the push along its swing and Z the lift, and the digit
counts waves in a stride:

`swing`, walking: Im(T1^2 Z2*). The thigh turns round shortly before the feet change and the trunk is lowest; backward,
shortly after.

`push`, walking: Re(T1^2 F2*) Im(F2 Z2*). The trunk, an inverted pendulum, gains speed along the travel while it falls
(second factor). Twice a stride it is pushed while the thigh is at either end (first factor, even in time): the front.

`follow`, either gait: Im(F2 T2*). The push comes before what it does to the thigh.

`flick`, either gait: Im(T1^2 T2*) times front. The thigh flexes more quickly than it extends; which way flexion lies
is told by Re(T1^2 F2*), and by Re(T1 Z1*), for this leg's foot lands with its thigh in front.

`bounce`, running: Im(T2^2 (T1^2 Z2)*). As `swing`, measured from the second wave of the thigh.

All are phases, so that neither size nor speed matter. All change sign exactly when time is reversed, and know
nothing of the mounting. The forward signs hold on real wearers (validation/placement.md); the backward ones are seen
on virtual thighs only.
"""

import numpy as np

from retropace.motion.constancy import constant
from retropace.motion.frame import WINDOW_S, Frame, around, halves, once
from retropace.motion.heard import Columns, Heard
from retropace.motion.said import Said
from retropace.motion.samples import RATE_HZ
from retropace.motion.swing import ComplexArray, Swing, swing
from retropace.motion.synchrony import out_of_step
from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: The columns that change sign when time is reversed.
ODD = ("pocket_walk", "pocket_run")
#: Weights of the phases [1]: equal where they are told by different things, less where they share a part (design).
_WALK_FOLLOW, _WALK_FLICK, _RUN_BOUNCE = 0.5, 0.5, 0.7
#: A wave smaller than this is silence: [rad] of the thigh, [m/s2] of push and lift.
_LEAST_RAD, _LEAST_MPS2 = 0.005, 0.05
_LEAST_SIZES = np.array([_LEAST_RAD, _LEAST_MPS2, _LEAST_MPS2])
#: Share of a window that must really have been felt; what lost samples left open is bridged.
_LEAST_KNOWN = 0.7
#: Nats of one second for one unit of `pocket_walk`, and of the sum of it and `pocket_run`, halved already because windows
#: overlap by half; the most that a second may say. Walking: where forward lies at 2 and hardly ever below zero. Running:
#: at 1.5, with a spread of 1.
_WALK_NATS, _WALK_MOST, _RUN_NATS, _RUN_MOST = 0.7, 1.4, 0.5, 0.8
#: Log-odds that a wearer is the wrong way round. None of ten real people who walked and nine who ran was, which leaves
#: one in twenty; of eleven captured styles of running one was, and phones with unlike clocks of their sensors would be.
_WALK_INVERTED, _RUN_INVERTED = -3.0, -2.0
#: Nats of running against walking below which somebody surely walks and beyond which they surely run. In between, and
#: however quick their steps, a thigh whose `pocket_walk` is larger than `_WALKS_LIKE` goes as walking ones do: captured
#: ones that walk show 1.3 and more, either way, those that run 0.3 at most (ACCAD, CMU).
_SURELY_WALKS, _SURELY_RUNS = -2.0, 2.0
_WALKS_LIKE = 1.0
#: A sum of all phases smaller than this leaves open which way somebody runs (design: the parts contradict each other).
_LEAST_TOLD = 0.4
#: Half the swing of a thigh [rad], and the least push of its second wave over the first. Virtual thighs swing 0.19 to
#: 0.5 and are pushed 0.7 to 2.2; arms and lower legs are pushed 0.1 to 0.7 (`placement`), trunks swing 0.1 at most.
_SWINGS_RAD, _LEAST_PUSHED = (0.1, 0.8), 0.7
#: A pendulum's first push is in step with its angle (virtual thighs, from 5 to 20 cm under the hip: 0.5 to 1). What is
#: not turns a corner, is loose, or its accelerometer and gyroscope have clocks that are apart.
_LEAST_IN_STEP = 0.4
#: Twice a stride a thigh is pushed along its swing, less across it (virtual ones 0.1 to 0.7 as hard), and not lifted much
#: more than that (0.3 to 4, most when running); an arm is shaken across (0.4 to 3) and lifted with the trunk (1 to 10).
_MOST_ASIDE, _MOST_LIFTED = 0.7, 4.0
#: Clocks of accelerometer and gyroscope further apart than this are not a thigh's own: smooth virtual thighs, which feel
#: no ground, look 0.1 s apart; real ones never more than 0.05 s.
_OUT_OF_STEP_S = 0.15
#: Concentration of a travel direction whose phases all agree (design: 20° and 30°).
_WALK_KAPPA, _RUN_KAPPA = 8.0, 3.6


def look(frame: Frame) -> Columns:
    """What the swing of each second would say of direction were it a thigh's, and how like a thigh's it is.

    `pocket_walk` (-3..3) and `pocket_run` (-3.7..3.7) are positive for forward. `pocket_travel_rad` is the
    direction of travel on the device's level axes by the lift, with `pocket_travel` its sureness; `pocket_flick_rad`
    and `pocket_flick` the same by the flick. The rest does not change with time: `pocket_stride_hz`,
    `pocket_angle_rad` half the swing, `pocket_lever_m` how far under its pivot it hangs, `pocket_in_step` how well its
    first push keeps step with its angle (1: a pendulum), `pocket_second` and `pocket_pushed` the second wave of angle
    and push as a share of the first, `pocket_aside` and `pocket_lifted` how hard the second wave pushes across the swing
    and upward against along it, `pocket_turned` the share of the rotation that the swing explains.
    """
    seen = swing(frame)
    told = (frame.share_known > _LEAST_KNOWN) & frame.turns & (np.abs(seen.angle[:, 0]) > _LEAST_RAD)
    units = _units(seen)
    columns = _phases(*units) | _travel(*units, seen.axis_rad - _heading_rad(frame)) | _sizes(seen)
    values = np.where(told, np.stack(list(columns.values())), np.nan)
    return {f"pocket_{name}": row for name, row in zip(columns, values, strict=True)}


def _phases(angle: ComplexArray, push: ComplexArray, lift: ComplexArray) -> Columns:
    """Walking's sum and running's sum of phases."""
    first, second = angle[:, 0] ** 2, angle[:, 1]
    turn = (first * np.conj(lift[:, 1])).imag
    front = (first * np.conj(push[:, 1])).real
    pushed = front * (push[:, 1] * np.conj(lift[:, 1])).imag
    follow = (push[:, 1] * np.conj(second)).imag
    flick = (front + (angle[:, 0] * np.conj(lift[:, 0])).real) / 2 * (first * np.conj(second)).imag
    bounce = (second**2 * np.conj(first * lift[:, 1])).imag
    return {
        "walk": turn + pushed + _WALK_FOLLOW * follow + _WALK_FLICK * flick,
        "run": follow + 2 * flick + _RUN_BOUNCE * bounce,
    }


def _travel(angle: ComplexArray, push: ComplexArray, lift: ComplexArray, axis_rad: FloatArray) -> Columns:
    """Directions of travel along the swing about the axis at `axis_rad`, each with its sureness."""
    along = axis_rad - np.pi / 2
    by_lift = (push[:, 1] * np.conj(lift[:, 1])).imag
    by_flick = (angle[:, 0] ** 2 * np.conj(angle[:, 1])).imag
    columns: Columns = {}
    for name, sign in (("travel", by_lift), ("flick", by_flick)):
        columns[f"{name}_rad"] = _wrapped(along + np.where(sign < 0, np.pi, 0.0))
        columns[name] = np.abs(sign)
    return columns


def _wrapped(angle_rad: FloatArray) -> FloatArray:
    return np.asarray(np.mod(angle_rad + np.pi, 2 * np.pi) - np.pi)


def _sizes(seen: Swing) -> Columns:
    size, push = np.abs(seen.angle), np.abs(seen.push)
    tangential = (seen.push[:, 0] * np.conj(seen.angle[:, 0])).real
    return {
        "stride_hz": seen.stride_hz,
        "angle_rad": size[:, 0],
        "lever_m": tangential / (np.maximum(size[:, 0], _LEAST_RAD) * 2 * np.pi * seen.stride_hz) ** 2,
        "in_step": tangential / np.maximum(push[:, 0] * size[:, 0], _LEAST_RAD * _LEAST_MPS2),
        "second": size[:, 1] / np.maximum(size[:, 0], _LEAST_RAD),
        "pushed": push[:, 1] / np.maximum(push[:, 0], _LEAST_MPS2),
        "aside": np.abs(seen.aside[:, 1]) / np.maximum(push[:, 1], _LEAST_MPS2),
        "lifted": np.abs(seen.lift[:, 1]) / np.maximum(push[:, 1], _LEAST_MPS2),
        "turned": seen.turned,
    }


def _units(seen: Swing) -> tuple[ComplexArray, ComplexArray, ComplexArray]:
    """First two waves of angle, push and lift without their sizes; what is too small to have a phase is near zero."""
    waves = np.stack([seen.angle, seen.push, seen.lift])
    angle, push, lift = waves / np.sqrt(waves.real**2 + waves.imag**2 + _LEAST_SIZES[:, None, None] ** 2)
    return angle, push, lift


def _heading_rad(frame: Frame) -> FloatArray:
    """(count,) mean heading of the device over each second's window."""
    return around(halves(frame.heading_rad)) / (WINDOW_S * RATE_HZ)


def say_walking(heard: Heard) -> Said:
    """What the swing of a thigh says of the seconds that were walked."""
    nats = np.clip(-_WALK_NATS * heard["pocket_walk"], -_WALK_MOST, _WALK_MOST)
    travel, sureness = heard["pocket_travel_rad"], heard["pocket_travel"]
    return _said(heard, "pocket_walk", _walked(heard), nats, travel, _WALK_KAPPA * sureness, _WALK_INVERTED)


def say_running(heard: Heard) -> Said:
    """The same of the others: told by all phases together, and somebody may have those alone the wrong way round.

    Which way the travel lies the flick tells, unless the thigh goes as a walking one: then the lift does.
    """
    runs, whole = heard["step_run_nats"], _whole(heard)
    open_gait = (runs >= _SURELY_WALKS) & (runs <= _SURELY_RUNS)
    told = (np.abs(whole) > _LEAST_TOLD) & (~open_gait | (heard["pocket_walk"] * whole > 0))
    spoken = thigh_like(heard) & (runs >= _SURELY_WALKS) & ~_walked(heard) & told
    nats = np.clip(-_RUN_NATS * whole, -_RUN_MOST, _RUN_MOST)
    by_lift = np.abs(heard["pocket_walk"]) > _WALKS_LIKE
    travel = np.where(by_lift, heard["pocket_travel_rad"], heard["pocket_flick_rad"])
    sureness = np.where(by_lift, heard["pocket_travel"], heard["pocket_flick"])
    return _said(heard, "pocket_run", spoken, nats, travel, _RUN_KAPPA * sureness, _RUN_INVERTED)


def _walked(heard: Heard) -> BoolArray:
    """(m,) seconds that were walked: by their steps, or by how the thigh goes where those leave it open."""
    runs, walk = heard["step_run_nats"], heard["pocket_walk"]
    goes_so = (np.abs(walk) > _WALKS_LIKE) & (walk * _whole(heard) > 0)
    walked: BoolArray = thigh_like(heard) & ((runs < _SURELY_WALKS) | ((runs <= _SURELY_RUNS) & goes_so))
    return walked


def _whole(heard: Heard) -> FloatArray:
    """(m,) all phases together, positive for forward."""
    return heard["pocket_walk"] + heard["pocket_run"]


def _said(
    heard: Heard,
    key: str,
    spoken: BoolArray,
    nats: FloatArray,
    travel_rad: FloatArray,
    kappa: FloatArray,
    inverted: float,
) -> Said:
    said = [np.where(spoken, values, np.nan) for values in (nats, travel_rad, kappa)]
    return constant(Said(key, said[0], np.full(spoken.size, np.nan), said[1], said[2], inverted), heard)


@once
def thigh_like(heard: Heard) -> BoolArray:
    """Whether what swings in each second could be a thigh: far enough, under a pivot, pushed along twice a stride.

    Not where what pushes and what turns are told by sensors that are out of step.
    """
    swings = (heard["pocket_angle_rad"] > _SWINGS_RAD[0]) & (heard["pocket_angle_rad"] < _SWINGS_RAD[1])
    pushed = heard["pocket_pushed"] > _LEAST_PUSHED
    hangs = heard["pocket_in_step"] > _LEAST_IN_STEP
    along = (heard["pocket_aside"] < _MOST_ASIDE) & (heard["pocket_lifted"] < _MOST_LIFTED)
    stepping: BoolArray = swings & pushed & hangs & along & np.isfinite(heard["step_hz"])
    return stepping & ~out_of_step(heard, _OUT_OF_STEP_S)

"""Path: the way of one sensor through the room as smooth functions of time, and what it feels on that way.

Accelerations come from quintic splines by their own second derivative, never from differences; the capture's noise is
taken off before. Paths may be joined: between two the sensor comes to rest, stays, and sets off, without a jump in where
it is, how fast it goes, or how it is turned.
"""

from dataclasses import dataclass

import numpy as np

from retropace.mocap.smooth import believed_hz, low_passed
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.simulate.sensors import Felt, rung

_GRAVITY = np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])


@dataclass(frozen=True, slots=True)
class Path:
    """On the even clock `time_s` (m,): place [m] and turn (quaternions, scalar first) with their two rates.

    `place` and `turn` are (3, m, 3) and (3, m, 4): value, rate, rate of the rate.
    """

    time_s: FloatArray
    place: FloatArray
    turn: FloatArray

    @property
    def end_s(self) -> float:
        """Where the path ends, one step after its last moment."""
        return float(self.time_s[-1] + self.time_s[1] - self.time_s[0])


def path(position_m: FloatArray, turn: FloatArray, rate_hz: float, out_hz: float) -> Path:
    """The path through captured places (n, 3) and turns (n, 3, 3), at `out_hz`."""
    from scipy.interpolate import make_interp_spline

    time_s = np.arange(len(position_m)) / rate_hz
    fine_s = np.arange(0, time_s[-1] + 1e-9, 1 / out_hz)
    cut_hz = believed_hz(rate_hz)

    def fine(values: FloatArray) -> FloatArray:
        spline = make_interp_spline(time_s, low_passed(values, rate_hz, cut_hz), k=5)
        return np.stack([spline(fine_s), spline.derivative(1)(fine_s), spline.derivative(2)(fine_s)])

    return Path(fine_s, fine(position_m), fine(quaternions(turn)))


def quaternions(turn: FloatArray) -> FloatArray:
    """(n, 4) unit quaternions of turns (n, 3, 3), scalar first, without a leap in sign."""
    from scipy.spatial.transform import Rotation

    q = Rotation.from_matrix(turn).as_quat()[:, [3, 0, 1, 2]]
    flips = np.concatenate(([1.0], np.where(np.sum(q[1:] * q[:-1], axis=1) < 0, -1.0, 1.0)))
    return np.asarray(q * np.cumprod(flips)[:, None])


def body_rates(q: FloatArray, rate: FloatArray) -> FloatArray:
    """(n, 3) angular velocity on the body's axes, of quaternions (n, 4) of any length and their rates."""
    w, v = q[:, :1], q[:, 1:]
    dw, dv = rate[:, :1], rate[:, 1:]
    return np.asarray(2 * (w * dv - dw * v - np.cross(v, dv)) / np.sum(q * q, axis=1, keepdims=True))


def felt(way: Path, resonance_hz: float | None = None, damping: float = 0.3) -> Felt:
    """What a perfect sensor feels on `way`; soft tissue under it rings at `resonance_hz`."""
    from scipy.spatial.transform import Rotation

    turn = Rotation.from_quat(way.turn[0][:, [1, 2, 3, 0]])
    acceleration = way.place[2]
    if resonance_hz is not None:
        acceleration = rung(acceleration, way.time_s, resonance_hz, damping)
    force = turn.inv().apply(acceleration + _GRAVITY)
    axes = turn.as_matrix()
    yaw = np.arctan2(axes[:, 1, 0], axes[:, 0, 0])
    pitch = -np.arcsin(np.clip(axes[:, 2, 0], -1, 1))
    roll = np.arctan2(axes[:, 2, 1], axes[:, 2, 2])
    return Felt(way.time_s, force, body_rates(way.turn[0], way.turn[1]), yaw, pitch, roll)


def turned(way: Path, yaw_rad: float, shift_m: FloatArray) -> Path:
    """`way` turned about the vertical by `yaw_rad`, then moved by `shift_m` (3,)."""
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    place = way.place @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]).T
    place[0] += shift_m
    half_c, half_s = np.cos(yaw_rad / 2), np.sin(yaw_rad / 2)
    w, x, y, z = np.moveaxis(way.turn, 2, 0)
    turn = np.stack(
        [half_c * w - half_s * z, half_c * x - half_s * y, half_c * y + half_s * x, half_c * z + half_s * w], 2
    )
    return Path(way.time_s, place, turn)


def joined(first: Path, then: Path, yaw_rad: float, rest_s: float, ease_s: float) -> tuple[Path, float]:
    """`first`, coming to rest over `ease_s`, `rest_s` of standing, setting off again, and `then` turned by `yaw_rad`.

    Also gives the moment at which `then` begins. While easing and standing the sensor turns from how it was to how it
    will be.
    """
    step = first.time_s[1] - first.time_s[0]
    ease_s, rest_s = (max(1, round(span / step)) * step for span in (ease_s, rest_s))
    start_s, stop_s = first.time_s[-1], first.time_s[-1] + ease_s
    begins_s = stop_s + rest_s + ease_s
    then = turned(then, yaw_rad, np.zeros(3))
    rest, lead = (0.5 * ease_s * rates for rates in (first.place[1, -1], then.place[1, 0]))
    halt = first.place[0, -1] + rest
    move = halt + lead - then.place[0, 0]
    move[2] = 0.0
    then = turned(then, 0.0, move)
    sign = 1.0 if first.turn[0, -1] @ then.turn[0, 0] >= 0 else -1.0
    then = Path(then.time_s, then.place, sign * then.turn)
    halt[2] = first.place[0, -1, 2]
    knots = np.array([start_s, stop_s, stop_s + rest_s, begins_s])
    off = np.concatenate((halt[:2], then.place[0, 0, 2:]))
    between = np.arange(1, round((begins_s - start_s) / step)) * step + start_s
    place = _eased(knots, first.place[:, -1], halt, off, then.place[:, 0], between)
    middle = first.turn[0, -1] + then.turn[0, 0]
    middle = middle / np.linalg.norm(middle)
    turn = _eased(knots, first.turn[:, -1], middle, middle, then.turn[:, 0], between)
    time_s = np.concatenate((first.time_s, between, then.time_s + begins_s))
    return Path(
        time_s,
        np.concatenate((first.place, place, then.place), axis=1),
        np.concatenate((first.turn, turn, then.turn), axis=1),
    ), float(begins_s)


def _eased(
    knots: FloatArray, leave: FloatArray, halt: FloatArray, off: FloatArray, enter: FloatArray, time_s: FloatArray
) -> FloatArray:
    """(3, m, k) the quintic way from `leave` to rest at `halt`, on to rest at `off`, and to `enter`; each with its rates."""
    from scipy.interpolate import BPoly

    still = np.zeros_like(halt)
    rows = [list(leave), [halt, still, still], [off, still, still], list(enter)]
    way = BPoly.from_derivatives(knots, [[np.asarray(value) for value in row] for row in rows])
    return np.stack([way(time_s), way.derivative(1)(time_s), way.derivative(2)(time_s)])

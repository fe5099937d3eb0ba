"""Segments: where a body part that carries a sensor is and how it is turned, as smooth functions of time.

Trunk, thigh and forearm swing with the stride about the centre of mass; the foot stands still on the ground and swings over
to its next place. Angles are yaw (left), pitch (nose down) and roll (right side down) of the part against the local axes,
zero when standing. Backward the angles run through the stride in reverse. Sizes of all swings are design: round figures of
ordinary gait, not measured on anybody.
"""

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retropace.recording import FloatArray
from retropace.simulate.centre_of_mass import shared
from retropace.simulate.footsteps import Contacts, Footing, Footsteps, contacts
from retropace.simulate.place import Place
from retropace.simulate.runner import Placement
from retropace.simulate.stride import DOUBLE_SUPPORT_SHARE

ComplexArray = npt.NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Pose:
    """`position_m` (m, 3) against the centre of mass or, for a foot, the local origin; angles [rad], each (m,)."""

    position_m: FloatArray
    yaw_rad: FloatArray
    pitch_rad: FloatArray
    roll_rad: FloatArray


#: What a placement is to the sensor: its pose at any times, and whether it rides on the centre of mass.
PoseAt = Callable[[FloatArray], Pose]


@dataclass(frozen=True, slots=True)
class _Swing:
    """An angle over the stride [degrees]: mean, first and second harmonic as (size, phase of its peak in strides)."""

    mean: float
    first: tuple[float, float] = (0.0, 0.0)
    second: tuple[float, float] = (0.0, 0.0)

    def coefficients(self) -> tuple[complex, complex, complex]:
        waves = [
            math.radians(size) * cmath.exp(-2j * math.pi * n * peak)
            for n, (size, peak) in enumerate((self.first, self.second), 1)
        ]
        return (complex(math.radians(self.mean)), *waves)  # type: ignore[return-value]


#: Angle by name: how it swings when walking and when running. Phases count from the foot's own initial contact; a thigh
#: swings forward faster than back. Flexion of thigh, shoulder and elbow is positive here.
_SWINGS: dict[str, tuple[_Swing, _Swing]] = {
    "thigh": (_Swing(5, (20, 0.95), (4, 0.825)), _Swing(15, (30, 0.87), (6, 0.745))),
    "shoulder": (_Swing(0, (18, 0.45)), _Swing(-10, (25, 0.37))),
    "elbow": (_Swing(20, (8, 0.45)), _Swing(85, (10, 0.37))),
    "trunk pitch": (_Swing(2, (0, 0), (1.5, 0.3)), _Swing(6, (0, 0), (2.0, 0.15))),
    "trunk roll": (_Swing(0, (3, 0.2)), _Swing(0, (4, 0.15))),
    "trunk yaw": (_Swing(0, (5, 0.5)), _Swing(0, (7, 0.5))),
}
#: Share of a walking swing that remains when stepping in place.
_IN_PLACE_SHARE = 0.3
#: Step length at which a swing has its full size; shorter steps swing less, in proportion.
_FULL_STEP_M = {Footing.WALK: 0.7, Footing.RUN: 0.95}
#: Places on the body as shares of height: forward, left, up from the centre of mass.
_BELT = (0.055, 0.045, 0.0)
_HIP = (0.0, 0.05, -0.04)
_SHOULDER = (0.0, 0.10, 0.24)
_POCKET_PLACE = (0.04, 0.02, -0.12)
_UPPER_ARM, _FOREARM = 0.17, 0.14
#: The pod on the laces, from the ball of the foot: forward, up [m]; half the width between the feet [m].
_LACES_M = (-0.06, 0.07)
_HALF_WIDTH_M = 0.07
#: Highest lift of the foot in a full swing [m], and its greatest toe-down and toe-up pitch [rad].
_CLEARANCE_M = {False: 0.10, True: 0.16}
_TOE_DOWN_RAD, _TOE_UP_RAD = math.radians(65), math.radians(22)


class Cycle:
    """The stride's phase and the facing, smooth to the second derivative across all steps."""

    def __init__(self, steps: Footsteps) -> None:
        self.steps = steps
        advance = np.where(steps.planted, 1.0, 0.5)
        left = 0.0 if steps.side[0] > 0 else 0.5
        self._phase = left + np.concatenate(([0.0], np.cumsum(advance)))
        self._rate = shared(np.where(steps.planted, 0.0, 0.5 / steps.period_s), steps.planted)
        self._yaw = np.concatenate((steps.yaw_rad, [steps.end_yaw_rad]))

    def share(self, time_s: FloatArray) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """The step under way, and the share of it that has passed."""
        number, tau = self.steps.under_way(time_s)
        return number, np.clip(tau / self.steps.period_s[number], 0.0, 1.0)

    def phase(self, time_s: FloatArray) -> FloatArray:
        """Strides of the left leg since its first initial contact."""
        number, u = self.share(time_s)
        period = self.steps.period_s[number]
        enter, leave = self._rate[number] * period, self._rate[number + 1] * period
        u3 = u**3
        bend = enter * (u - u3 * (6 - 8 * u + 3 * u * u)) + leave * u3 * (-4 + 7 * u - 3 * u * u)
        return np.asarray(self._phase[number] + np.diff(self._phase)[number] * smooth(u) + bend)

    def yaw_rad(self, time_s: FloatArray) -> FloatArray:
        """Facing as a local angle."""
        number, u = self.share(time_s)
        return np.asarray(self._yaw[number] + np.diff(self._yaw)[number] * smooth(u))

    def swing(self, name: str) -> ComplexArray:
        """Coefficients (n + 1, 3) of the angle `name` at the ends of steps."""
        steps = self.steps
        table = np.zeros((len(steps), 3), complex)
        for footing, kind in ((Footing.WALK, 0), (Footing.RUN, 1), (Footing.IN_PLACE, 0)):
            table[steps.footing == footing] = _SWINGS[name][kind].coefficients()
        table *= self._size()[:, None]
        duty = (
            np.where(steps.footing == Footing.RUN, steps.support_s / steps.period_s, 1 + DOUBLE_SUPPORT_SHARE.value) / 2
        )
        turned = np.conj(table * np.exp(2j * np.pi * duty[:, None] * np.arange(3)))
        table = np.where(steps.backward()[:, None], turned, table)
        columns = [shared(c.real, steps.planted) + 1j * shared(c.imag, steps.planted) for c in table.T]
        return np.stack(columns, axis=1)

    def _size(self) -> FloatArray:
        step_m = self.steps.speed_mps * self.steps.period_s
        full = np.where(self.steps.footing == Footing.RUN, _FULL_STEP_M[Footing.RUN], _FULL_STEP_M[Footing.WALK])
        return np.where(self.steps.footing == Footing.IN_PLACE, _IN_PLACE_SHARE, np.minimum(step_m / full, 1.3))

    def angle_rad(self, table: ComplexArray, time_s: FloatArray, lead: float = 0.0) -> FloatArray:
        """The angle with coefficients `table` at `time_s`, `lead` strides ahead of the left leg."""
        number, u = self.share(time_s)
        mean, first, second = (column[number] + np.diff(column)[number] * smooth(u) for column in table.T)
        wave = np.exp(2j * np.pi * (self.phase(time_s) + lead))
        return np.asarray((mean + (first + second * wave) * wave).real)


def smooth(u: FloatArray) -> FloatArray:
    """From 0 to 1 with no speed and no acceleration at either end."""
    return np.asarray(u**3 * (10 - 15 * u + 6 * u * u))


def turn_x(v: FloatArray, angle: FloatArray) -> FloatArray:
    """`v` (m, 3) turned about x by `angle` (m,): roll."""
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([v[:, 0], c * v[:, 1] - s * v[:, 2], s * v[:, 1] + c * v[:, 2]], axis=1)


def turn_y(v: FloatArray, angle: FloatArray) -> FloatArray:
    """`v` (m, 3) turned about y by `angle` (m,): pitch, nose down."""
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([c * v[:, 0] + s * v[:, 2], v[:, 1], c * v[:, 2] - s * v[:, 0]], axis=1)


def turn_z(v: FloatArray, angle: FloatArray) -> FloatArray:
    """`v` (m, 3) turned about z by `angle` (m,): yaw, to the left."""
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([c * v[:, 0] - s * v[:, 1], s * v[:, 0] + c * v[:, 1], v[:, 2]], axis=1)


def carried(placement: Placement, side: float, steps: Footsteps, place: Place, height_m: float) -> tuple[PoseAt, bool]:
    """Pose of the part at `placement` (`side` +1 left) at any times, and whether it rides on the centre of mass."""
    if placement == "foot":
        return _foot(contacts(steps), side, place), False
    makers = {"waist": _waist, "pocket": _pocket, "wrist": _wrist}
    return makers[placement](Cycle(steps), side, height_m), True


def _spot(shares: tuple[float, float, float], side: float, height_m: float, like: FloatArray) -> FloatArray:
    x, y, z = shares
    return np.tile(np.array([x, side * y, z]) * height_m, (like.size, 1))


def _waist(cycle: Cycle, side: float, height_m: float) -> PoseAt:
    pitch, roll, yaw = (cycle.swing(f"trunk {name}") for name in ("pitch", "roll", "yaw"))

    def pose(time_s: FloatArray) -> Pose:
        nose, tilt = cycle.angle_rad(pitch, time_s), cycle.angle_rad(roll, time_s)
        facing = cycle.yaw_rad(time_s) + cycle.angle_rad(yaw, time_s)
        spot = turn_x(_spot(_BELT, side, height_m, time_s), tilt)
        return Pose(turn_z(turn_y(spot, nose), facing), facing, nose, tilt)

    return pose


def _pocket(cycle: Cycle, side: float, height_m: float) -> PoseAt:
    table = cycle.swing("thigh")
    lead = 0.0 if side > 0 else 0.5

    def pose(time_s: FloatArray) -> Pose:
        nose = -cycle.angle_rad(table, time_s, lead)
        facing = cycle.yaw_rad(time_s)
        in_pocket = turn_y(_spot(_POCKET_PLACE, side, height_m, time_s), nose)
        spot = in_pocket + _spot(_HIP, side, height_m, time_s)
        return Pose(turn_z(spot, facing), facing, nose, np.zeros_like(nose))

    return pose


def _wrist(cycle: Cycle, side: float, height_m: float) -> PoseAt:
    shoulder, elbow = cycle.swing("shoulder"), cycle.swing("elbow")
    lead = 0.0 if side > 0 else 0.5

    def pose(time_s: FloatArray) -> Pose:
        arm = -cycle.angle_rad(shoulder, time_s, lead)
        forearm = arm - cycle.angle_rad(elbow, time_s, lead)
        facing = cycle.yaw_rad(time_s)
        upper = turn_y(_spot((0, 0, -_UPPER_ARM), side, height_m, time_s), arm)
        lower = turn_y(_spot((0, 0, -_FOREARM), side, height_m, time_s), forearm)
        spot = upper + lower + _spot(_SHOULDER, side, height_m, time_s)
        return Pose(turn_z(spot, facing), facing, forearm, np.zeros_like(arm))

    return pose


@dataclass(frozen=True, slots=True)
class _Footprints:
    """Where one foot stands, contact by contact, and its pitch over time as knots."""

    lands_s: FloatArray
    leaves_s: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    yaw_rad: FloatArray
    lift_m: FloatArray
    knots_s: FloatArray
    knots_rad: FloatArray


def _footprints(feet: Contacts, side: float, place: Place) -> _Footprints:
    mine = feet.side == side
    lands = np.nan_to_num(feet.initial_s[mine], nan=-np.inf)
    leaves = np.nan_to_num(feet.final_s[mine], nan=np.inf)
    x, y = place.point_m(feet.path_m[mine])
    yaw, backward = feet.yaw_rad[mine], feet.backward[mine]
    x, y = x - side * _HALF_WIDTH_M * np.sin(yaw), y + side * _HALF_WIDTH_M * np.cos(yaw)
    swing_m = np.hypot(np.diff(x), np.diff(y))
    size = np.clip(swing_m / 1.3, 0.1, 1.0)
    lift = size * np.where(swing_m > 1.7, _CLEARANCE_M[True], _CLEARANCE_M[False])
    times, angles = _pitch_knots(lands, leaves, size, backward[1:])
    return _Footprints(lands, leaves, x, y, yaw, lift, times, angles)


def _pitch_knots(
    lands: FloatArray, leaves: FloatArray, size: FloatArray, backward: npt.NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """Flat until shortly before leaving, then toe down after leaving and toe up before landing; backward the reverse."""
    gap = lands[1:] - leaves[:-1]
    late, early = _rolling_s(lands[:-1], leaves[:-1], gap), _rolling_s(lands[1:], leaves[1:], gap)
    times = np.stack(
        [
            leaves[:-1] - np.where(backward, 0.5, 1.0) * late,
            leaves[:-1] + np.where(backward, 0.1, 0.15) * gap,
            leaves[:-1] + np.where(backward, 0.85, 0.9) * gap,
            lands[1:] + np.where(backward, 1.0, 0.5) * early,
        ],
        axis=1,
    )
    down, up = size * _TOE_DOWN_RAD, -size * _TOE_UP_RAD
    flat = np.zeros_like(gap)
    angles = np.stack([flat, np.where(backward, up, down), np.where(backward, down, up), flat], axis=1)
    return times.ravel(), angles.ravel()


def _rolling_s(lands: FloatArray, leaves: FloatArray, gap: FloatArray) -> FloatArray:
    """Time over which the foot rolls on or off the ground: two fifths of its contact, no longer than half a swing."""
    return np.minimum(0.4 * (leaves - lands), 0.5 * gap)


def _foot(feet: Contacts, side: float, place: Place) -> PoseAt:
    prints = _footprints(feet, side, place)

    def pose(time_s: FloatArray) -> Pose:
        stand = np.clip(np.searchsorted(prints.lands_s, time_s, side="right") - 1, 0, prints.lands_s.size - 1)
        then = np.minimum(stand + 1, prints.lands_s.size - 1)
        u = _swing_share(prints, stand, then, time_s)
        s = smooth(u)
        x, y, yaw = (v[stand] + (v[then] - v[stand]) * s for v in (prints.x_m, prints.y_m, prints.yaw_rad))
        lift = np.append(prints.lift_m, 0.0)[stand] * 64 * (u * (1 - u)) ** 3
        nose = _pitch(prints, time_s)
        laces = np.tile(np.array([_LACES_M[0], 0.0, _LACES_M[1]]), (time_s.size, 1))
        spot = turn_z(turn_y(laces, nose), yaw) + np.stack([x, y, lift], axis=1)
        return Pose(spot, yaw, nose, np.zeros_like(nose))

    return pose


def _swing_share(
    prints: _Footprints, stand: npt.NDArray[np.int64], then: npt.NDArray[np.int64], time_s: FloatArray
) -> FloatArray:
    leaves, lands = prints.leaves_s[stand], prints.lands_s[then]
    swinging = (time_s > leaves) & (lands > leaves)
    return np.where(swinging, (time_s - np.where(swinging, leaves, 0)) / np.where(swinging, lands - leaves, 1), 0.0)


def _pitch(prints: _Footprints, time_s: FloatArray) -> FloatArray:
    if prints.knots_s.size < 2:
        return np.zeros_like(time_s)
    k = np.clip(np.searchsorted(prints.knots_s, time_s, side="right") - 1, 0, prints.knots_s.size - 2)
    span = np.diff(prints.knots_s)[k]
    u = np.clip((time_s - prints.knots_s[k]) / span, 0.0, 1.0)
    return np.asarray(prints.knots_rad[k] + np.diff(prints.knots_rad)[k] * smooth(u))

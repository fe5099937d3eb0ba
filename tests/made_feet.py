"""Feet made by hand on level axes: each stride stands, swings over smoothly and stands again, as one asks for it."""

from dataclasses import dataclass

import numpy as np

from retropace.motion.frame import Frame, frame
from retropace.motion.level import Levelled
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray

#: Reversed in time, acceleration (first three) keeps its sign and rotation changes it.
TIME_REVERSED = np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0])


@dataclass(frozen=True)
class Gait:
    """How a foot steps: seconds per stride and share of it standing; how far it goes along and across itself and up [m].

    In the swing it hangs toe down first and toe up later [rad], about its left-right axis; `rolls` is about its long axis.
    """

    stride_s: float = 1.1
    standing: float = 0.5
    along_m: float = 1.3
    across_m: float = 0.0
    up_m: float = 0.0
    lift_m: float = 0.1
    toe_down: float = 1.1
    toe_up: float = 0.4
    rolls: float = 0.0


WALK = Gait()
RUN = Gait(stride_s=0.72, standing=0.33, along_m=2.2, lift_m=0.2, toe_down=1.5, toe_up=0.3)
ASIDE = Gait(along_m=0.0, across_m=0.6, toe_down=0.35, toe_up=0.2, rolls=0.3)
SPOT = Gait(along_m=0.02, lift_m=0.2)
SHUFFLE = Gait(along_m=0.12, lift_m=0.01, toe_down=0.12, toe_up=0.05)
UPSTAIRS = Gait(along_m=0.56, up_m=0.34, lift_m=0.2, toe_down=0.8, toe_up=0.3)


def stepping(gait: Gait, strides: int, yaw_rad: float = 0.3, still_s: float = 4.0) -> FloatArray:
    """(n, 6) acceleration [m/s2] and rotation [rad/s] on level axes, standing `still_s` at both ends."""
    spacing = np.arange(0, strides * gait.stride_s + 2 * still_s, 1 / RATE_HZ) - still_s
    number = np.clip(np.floor(spacing / gait.stride_s), 0, strides - 1)
    share = np.clip(spacing / gait.stride_s - number, 0.0, 1.0)
    swing = np.clip((share - gait.standing / 2) / (1 - gait.standing), 0.0, 1.0)
    over = number + _smooth(swing)
    bump = 64 * (swing * (1 - swing)) ** 3
    place = np.stack([over * gait.along_m, over * gait.across_m, over * gait.up_m + bump * gait.lift_m], axis=1)
    pitch = gait.toe_down * _wave(swing, 0.0, 0.15, 0.6) - gait.toe_up * _wave(swing, 0.6, 0.85, 1.0)
    roll = gait.rolls * bump
    turn = np.stack([np.gradient(roll, 1 / RATE_HZ), np.gradient(pitch, 1 / RATE_HZ), np.zeros_like(roll)], axis=1)
    push = np.gradient(np.gradient(place, 1 / RATE_HZ, axis=0), 1 / RATE_HZ, axis=0)
    return turned(np.concatenate([push, turn], axis=1), yaw_rad)


def backward(motion: FloatArray) -> FloatArray:
    """The same steps with time reversed."""
    return np.asarray(motion[::-1] * TIME_REVERSED)


def turned(motion: FloatArray, yaw_rad: float) -> FloatArray:
    """The same on level axes turned by `yaw_rad`."""
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    about = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return np.concatenate([motion[:, :3] @ about.T, motion[:, 3:] @ about.T], axis=1)


def mirrored(motion: FloatArray) -> FloatArray:
    """The other foot's: y changes its sign, and so do the turns about x and z."""
    return np.asarray(motion * np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0]))


def seen(motion: FloatArray, heading_rad: float = 0.0) -> Frame:
    """A frame of all seconds of `motion` (n, 6)."""
    count = len(motion)
    level = Levelled(
        0.0,
        motion[:, :3],
        motion[:, 3:],
        np.tile([0.0, 0.0, 1.0], (count, 1)),
        np.full(count, heading_rad),
        np.full(count, np.nan),
        np.ones(count, bool),
        np.zeros(count, bool),
        turns=True,
    )
    return frame(level, 0, int(count // RATE_HZ))


def _smooth(u: FloatArray) -> FloatArray:
    return np.asarray(u**3 * (10 - 15 * u + 6 * u * u))


def _wave(u: FloatArray, begins: float, peak: float, ends: float) -> FloatArray:
    """From 0 at `begins` to 1 at `peak` and back to 0 at `ends`."""
    up = _smooth(np.clip((u - begins) / (peak - begins), 0.0, 1.0))
    return np.asarray(up * (1 - _smooth(np.clip((u - peak) / (ends - peak), 0.0, 1.0))))

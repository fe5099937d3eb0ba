"""Level motion of made-up trunks in closed form, and frames of it."""

from dataclasses import replace

import numpy as np

from retropace.motion.frame import Frame, frame
from retropace.motion.level import Levelled
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray

SECONDS = 24
#: How hard a walker and a runner bounce and push at step frequency [m/s2].
WALK, RUN = (2.0, -1.2), (11.0, 1.8)


def clock(seconds: int = SECONDS) -> FloatArray:
    return np.arange(seconds * int(RATE_HZ)) / RATE_HZ


def bouncing(
    step_hz: float, gait: tuple[float, float], travel_rad: float, seconds: int = SECONDS, sway_mps2: float = 0.0
) -> FloatArray:
    """Acceleration (n, 3): up goes as the cosine, so its velocity as the sine, and the push with it or against it.

    A push against the velocity is a pendulum's, one with it a spring's. The sway lies across, once a stride.
    """
    lift, push = gait
    angle = 2 * np.pi * step_hz * clock(seconds)
    ahead, aside = push * np.sin(angle), sway_mps2 * np.cos(angle / 2 + 0.4)
    c, s = np.cos(travel_rad), np.sin(travel_rad)
    return np.stack([ahead * c - aside * s, ahead * s + aside * c, lift * np.cos(angle)], axis=1)


def level(acceleration: FloatArray, heading_rad: float | FloatArray = 0.0, start_s: float = 0.0) -> Levelled:
    n = len(acceleration)
    return Levelled(
        start_s=start_s,
        acceleration_mps2=acceleration,
        rotation_radps=np.zeros((n, 3)),
        up=np.tile([0.0, 0.0, 1.0], (n, 1)),
        heading_rad=np.zeros(n) + heading_rad,
        north_rad=np.full(n, np.nan),
        known=np.ones(n, bool),
        clipped=np.zeros(n, bool),
        turns=True,
    )


def seen(motion: Levelled, first_s: int = 0, count: int | None = None) -> Frame:
    return frame(motion, first_s, len(motion) // int(RATE_HZ) if count is None else count)


def reversed_in_time(motion: Levelled) -> Levelled:
    return replace(
        motion,
        acceleration_mps2=motion.acceleration_mps2[::-1].copy(),
        rotation_radps=-motion.rotation_radps[::-1],
        up=motion.up[::-1].copy(),
        heading_rad=motion.heading_rad[::-1].copy(),
    )


def turned_level(motion: Levelled, by_rad: float) -> Levelled:
    """The same on other level axes."""
    c, s = np.cos(by_rad), np.sin(by_rad)
    turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return replace(
        motion,
        acceleration_mps2=motion.acceleration_mps2 @ turn.T,
        rotation_radps=motion.rotation_radps @ turn.T,
        heading_rad=motion.heading_rad + by_rad,
    )


def mirrored(motion: Levelled) -> Levelled:
    return replace(
        motion,
        acceleration_mps2=motion.acceleration_mps2 * [1.0, -1.0, 1.0],
        rotation_radps=motion.rotation_radps * [-1.0, 1.0, -1.0],
        heading_rad=-motion.heading_rad,
    )


def apart(one: FloatArray, other: FloatArray | float) -> FloatArray:
    """How far two angles are apart [rad], 0 to pi."""
    return np.asarray(np.abs(np.angle(np.exp(1j * (one - other)))))

"""Steady virtual steps made by hand, and the statistics that tell a direction in time."""

import numpy as np

from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.simulate.footsteps import Footing, Footsteps
from retropace.simulate.place import Place
from retropace.simulate.stride import cadence_spm, contact_time_s

STRAIGHT = Place(clear_length_m=1e6, bearing_deg=90.0)


def timing(footing: Footing, direction: Direction, speed_mps: float) -> tuple[float, float]:
    """Period and support of a step at `speed_mps` of the default runner [s]."""
    gait = Gait.RUN if footing is Footing.RUN else Gait.WALK
    period_s = 60 / cadence_spm(gait, direction, speed_mps, 170.0, 8.0)
    return period_s, contact_time_s(direction, speed_mps, period_s) if gait is Gait.RUN else period_s


def steady(
    footing: Footing,
    direction: Direction,
    speed_mps: float,
    count: int = 60,
    clock: tuple[float, float] | None = None,
) -> Footsteps:
    """`count` equal steps along the straight; `clock` is (period, support) [s] where it shall not be the runner's own."""
    period_s, support_s = clock or timing(footing, direction, speed_mps)
    number, one = np.arange(count, dtype=np.float64), np.ones(count)
    code = [Direction.NONE, Direction.FORWARD, Direction.BACKWARD].index(direction)
    yaw = np.pi if direction is Direction.BACKWARD else 0.0
    return Footsteps(
        start_s=number * period_s,
        period_s=one * period_s,
        support_s=one * support_s,
        footing=np.full(count, int(footing)),
        direction=np.full(count, code),
        speed_mps=one * speed_mps,
        along=one,
        path_m=100 + number * speed_mps * period_s,
        yaw_rad=one * yaw,
        side=np.where(number % 2 == 0, 1.0, -1.0),
        end_yaw_rad=yaw,
    )


def whole_strides(steps: Footsteps, rate_hz: float, first: int = 10, count: int = 16) -> FloatArray:
    """Times evenly over `count` whole strides beginning with stride `first`."""
    stride_s = 2 * float(steps.period_s[0])
    samples = round(count * stride_s * rate_hz)
    return (first + count * np.arange(samples) / samples) * stride_s


def jerk_skewness(vertical_mps2: FloatArray) -> float:
    """c2: third moment of the vertical jerk; a hard landing and soft take-off make it positive."""
    jerk = np.diff(vertical_mps2)
    return float((jerk**3).mean() / (jerk**2).mean() ** 1.5)


def at_frequency(values: FloatArray, frequency_hz: float, time_s: FloatArray) -> complex:
    """Complex amplitude of `values` at one frequency, Hann-weighted."""
    window = np.hanning(values.size)
    turns = np.exp(-2j * np.pi * frequency_hz * time_s)
    return complex((window * (values - values.mean())) @ turns * 2 / window.sum())


def travel_component(along: FloatArray, vertical: FloatArray, frequency_hz: float, time_s: FloatArray) -> float:
    """Cosine between horizontal acceleration and vertical velocity at step frequency: +1 bouncing, -1 pendulum."""
    speed = at_frequency(vertical, frequency_hz, time_s) / (2j * np.pi * frequency_hz)
    push = at_frequency(along, frequency_hz, time_s)
    return float((push * np.conj(speed)).real / (abs(push) * abs(speed)))

"""Raw streams for the tests of motion: made up with a known truth, turned, reversed in time, and cut."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest

from retropace.quantities import Direction, Gait
from retropace.recording import MOTION_CHANNELS, FloatArray, Stream
from retropace.session import Session, Step
from retropace.signals import BoolArray
from retropace.simulate import Device, Place, Runner, simulate, virtual
from retropace.simulate.footsteps import Footsteps
from retropace.simulate.sensors import felt, mounted

Motion = dict[str, Stream]
Placement = Literal["foot", "waist", "pocket", "wrist"]
NINE = ("accelerometer", "gyroscope", "magnetometer")


def stream(name: str, time_s: FloatArray, values: FloatArray) -> Stream:
    """A sensor's stream of `values` (3, n)."""
    return Stream(time_s, dict(zip(MOTION_CHANNELS[name], np.asarray(values, float), strict=True)))


def values_of(sensed: Stream) -> FloatArray:
    """(3, n)."""
    return np.stack(list(sensed.channels.values()))


def constant(name: str, time_s: FloatArray, value: tuple[float, float, float]) -> Stream:
    return stream(name, time_s, np.repeat(np.array(value, float)[:, None], time_s.size, axis=1))


def still(seconds: float, rate_hz: float = 100.0, names: tuple[str, ...] = NINE) -> Motion:
    """Sensors that nobody ever moved, as an emulator writes them."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    held = {"accelerometer": (0.0, 0.0, 9.81), "gyroscope": (0.0, 0.0, 0.0), "magnetometer": (22.0, 5.9, -43.1)}
    return {name: constant(name, time_s, held[name]) for name in names}


def swung(time_s: FloatArray) -> Motion:
    """A sensor shaken and rocked at 1.3 to 6 Hz, none of it above: the same movement whatever the times."""

    def waves(phase: float, size: float) -> FloatArray:
        slow, step, fast = (np.sin(2 * np.pi * hz * time_s + phase * k) for k, hz in enumerate((1.3, 2.6, 6.0), 1))
        return np.asarray(size * (slow + 0.8 * step + 0.3 * fast))

    lift = np.array([0.0, 0.0, 9.81])[:, None]
    return {
        "accelerometer": stream("accelerometer", time_s, lift + np.stack([waves(k, 3.0) for k in (0.3, 1.1, 2.3)])),
        "gyroscope": stream("gyroscope", time_s, np.stack([waves(k, 0.5) for k in (0.7, 1.9, 0.1)])),
    }


def _device(placement: Placement, rate_hz: float) -> Device:
    ring = None if placement == "foot" else 11.0
    mount = (37.0, -40.0, 88.0)
    return Device("phone", placement, rate_hz=rate_hz, mount_deg=mount, magnetometer=True, resonance_hz=ring)


def _session() -> Session:
    parts = (
        (Gait.WALK, Direction.FORWARD, 15),
        (Gait.RUN, Direction.FORWARD, 20),
        (Gait.STAND, Direction.NONE, 5),
        (Gait.WALK, Direction.BACKWARD, 10),
    )
    return Session("worn", tuple(Step(gait, way, seconds, "part") for gait, way, seconds in parts))


@lru_cache
def worn(placement: Placement, rate_hz: float = 100.0) -> Motion:
    """A virtual runner's sensors: stands, walks, runs, stands, walks backward. With noise, offsets and a field."""
    return dict(simulate(_session(), Runner(), Place(), _device(placement, rate_hz), seed=3)[0].motion)


def true_up(placement: Placement) -> FloatArray:
    """(n, 3) the upward direction on the axes of the sensor of `worn`, n at 100 Hz."""
    caught: list[FloatArray] = []

    def up(steps: Footsteps, runner: Runner, place: Place, device: Device, _: np.random.Generator) -> Motion:
        pose = felt(steps, runner, place, device, np.arange(0, steps.end_s, 1 / 100))
        level = np.cos(pose.pitch_rad)
        on_part = [-np.sin(pose.pitch_rad), np.sin(pose.roll_rad) * level, np.cos(pose.roll_rad) * level]
        caught.append(mounted(np.stack(on_part, axis=1), device.mount_deg))
        return {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(virtual, "motion_streams", up)
        simulate(_session(), Runner(), Place(), _device(placement, 100.0), seed=3)
    return caught[0]


def turned(motion: Mapping[str, Stream], matrix: FloatArray) -> Motion:
    """The same from a sensor that was mounted otherwise."""
    return {name: stream(name, sensed.time_s, matrix @ values_of(sensed)) for name, sensed in motion.items()}


def time_reversed(motion: Mapping[str, Stream]) -> Motion:
    """As if a film of it ran the other way: forces stay, rates of turn change their sign."""
    end_s = max(float(sensed.time_s[-1]) for sensed in motion.values())
    return {
        name: stream(name, end_s - sensed.time_s[::-1], (-1 if name == "gyroscope" else 1) * values_of(sensed)[:, ::-1])
        for name, sensed in motion.items()
    }


def chosen(motion: Mapping[str, Stream], keep: Callable[[FloatArray], BoolArray]) -> Motion:
    """The samples at whose times `keep` is true."""
    found = {}
    for name, sensed in motion.items():
        there = keep(sensed.time_s)
        found[name] = Stream(sensed.time_s[there], {key: values[there] for key, values in sensed.channels.items()})
    return found


def between(motion: Mapping[str, Stream], start_s: float, end_s: float) -> Motion:
    return chosen(motion, lambda time_s: (time_s >= start_s) & (time_s < end_s))


def cut_at(motion: Mapping[str, Stream], bounds_s: list[float]) -> Iterator[Motion]:
    """The parts between `bounds_s`, the first and the last with what lies beyond."""
    edges = [-np.inf, *sorted(bounds_s), np.inf]
    for start_s, end_s in pairwise(edges):
        yield between(motion, start_s, end_s)

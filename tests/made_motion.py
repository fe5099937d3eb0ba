"""Virtual runs with raw motion made for tests, and what may befall them on the way into a file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from scipy.spatial.transform import Rotation

from retropace.motion.placement import Placement
from retropace.quantities import Direction, Gait
from retropace.recording import MOTION_CHANNELS, FloatArray, Recording, Stream
from retropace.session import Session, Step
from retropace.signals import BoolArray
from retropace.simulate import Device, Place, Runner, Truth, simulate
from retropace.summary import Summary, summarise

F, B, S = Direction.FORWARD, Direction.BACKWARD, Direction.SIDEWAYS


def walk(seconds: float, direction: Direction = F, speed_mps: float | None = None) -> Step:
    return Step(Gait.WALK, direction, seconds, "", speed_mps)


def run(seconds: float, direction: Direction = F, speed_mps: float | None = None) -> Step:
    return Step(Gait.RUN, direction, seconds, "", speed_mps)


#: All forward: walks, runs, walks.
OUTING = Session("Outing", (walk(60), run(60), walk(40), run(60), walk(40)))
#: Both ways in both gaits, forward most of the time.
BOTH = Session("Both", (walk(60), walk(30, B), walk(40), run(60), run(30, B, 2.0), run(40), walk(30, B), walk(60)))


@cache
def felt(
    session: Session = OUTING,
    placement: str = "waist",
    seed: int = 1,
    *,
    positions: bool = False,
    magnetometer: bool = False,
    mount_deg: tuple[float, float, float] = (35.0, -20.0, 70.0),
    rate_hz: float = 100.0,
) -> tuple[Recording, Truth]:
    """A virtual recording, and its truth; without `positions` it holds raw motion only."""
    device = Device(
        kind="phone",
        placement=placement,  # type: ignore[arg-type]
        rate_hz=rate_hz,
        mount_deg=mount_deg,
        heart_rate=False,
        positions=positions,
        magnetometer=magnetometer,
    )
    recording, truth = simulate(session, Runner(), Place(), device, seed)
    track = recording.track
    wanted = ("latitude_deg", "longitude_deg", "speed_mps")
    kept = {key: values for key, values in track.channels.items() if key in wanted} if positions else {}
    return replace(recording, track=Stream(track.time_s, kept) if kept else Stream(np.empty(0), {}), laps=()), truth


def seen(recording: Recording, placement: str | None) -> Summary:
    """What is made of it, with the placement told."""
    return summarise(recording, placement=None if placement is None else Placement(placement))


def seconds(summary: Summary, *directions: Direction) -> float:
    return sum(item.bout.duration_s for item in summary.bouts if item.bout.direction in directions)


def right_s(summary: Summary, truth: Truth, direction: Direction) -> float:
    """Seconds told `direction` that were."""
    total = 0.0
    for item in summary.bouts:
        for bout in truth.bouts:
            if item.bout.direction is direction and bout.direction is direction:
                total += max(0.0, min(item.bout.end_s, bout.end_s) - max(item.bout.start_s, bout.start_s))
    return total


def true_s(truth: Truth, direction: Direction) -> float:
    return sum(bout.duration_s for bout in truth.bouts if bout.direction is direction)


# -- what befalls a recording ---------------------------------------------------------------------------------------------

#: (m, 3) values and their times → other values.
Change = Callable[[FloatArray, FloatArray], FloatArray]


def changed(recording: Recording, sensors: Mapping[str, Change]) -> Recording:
    """`recording` with the three channels of some sensors changed."""
    motion = dict(recording.motion)
    for sensor, change in sensors.items():
        stream = motion[sensor]
        keys = MOTION_CHANNELS[sensor]
        values = change(np.stack([stream.channels[key] for key in keys], axis=1), stream.time_s)
        motion[sensor] = Stream(stream.time_s, dict(zip(keys, values.T.copy(), strict=True)))
    return replace(recording, motion=motion)


def turned(recording: Recording, turn: Rotation, from_s: float = 0.0, to_s: float = np.inf) -> Recording:
    """The sensor turned for a while, as if it had been mounted so."""

    def change(values: FloatArray, time_s: FloatArray) -> FloatArray:
        inside = ((time_s >= from_s) & (time_s < to_s))[:, None]
        return np.where(inside, turn.apply(values), values)

    return changed(recording, dict.fromkeys(recording.motion, change))


def handled(recording: Recording, from_s: float, to_s: float, seed: int = 0) -> Recording:
    """Taken out for a while: turned about in the hand, felt accordingly."""
    random = np.random.default_rng(seed)
    axis = random.standard_normal(3)
    axis /= np.linalg.norm(axis)

    def angle(time_s: FloatArray) -> FloatArray:
        part = np.clip((time_s - from_s) / (to_s - from_s), 0.0, 1.0)
        return np.asarray(1.8 * np.sin(2 * np.pi * 3 * part) * np.sin(np.pi * part))

    def tilt(values: FloatArray, time_s: FloatArray) -> FloatArray:
        return np.asarray(Rotation.from_rotvec(angle(time_s)[:, None] * axis).apply(values))

    def rate(values: FloatArray, time_s: FloatArray) -> FloatArray:
        return tilt(values, time_s) - np.gradient(angle(time_s), time_s)[:, None] * axis

    return changed(recording, {"accelerometer": tilt, "gyroscope": rate})


def without(recording: Recording, lost: Callable[[FloatArray], BoolArray]) -> Recording:
    """`recording` without the samples at which `lost` (of their times) is true."""
    motion = {}
    for name, stream in recording.motion.items():
        kept = ~lost(stream.time_s)
        motion[name] = Stream(stream.time_s[kept], {key: values[kept] for key, values in stream.channels.items()})
    return replace(recording, motion=motion)


def reversed_in_time(recording: Recording) -> Recording:
    """The motion run backward: forces as they were, rotations the other way."""
    motion = {}
    for name, stream in recording.motion.items():
        sign = -1.0 if name == "gyroscope" else 1.0
        channels = {key: sign * values[::-1] for key, values in stream.channels.items()}
        motion[name] = Stream(stream.time_s[-1] - stream.time_s[::-1] + stream.time_s[0], channels)
    return replace(recording, motion=motion)

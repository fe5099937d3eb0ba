"""Small recordings made for tests: stretches of one gait, direction, speed and cadence, with a little noise."""

from dataclasses import dataclass

import numpy as np

from retropace.quantities import Direction, Gait
from retropace.recording import Lap, Origin, Recording, SportSpan, Stream
from retropace.session import Session, Step


@dataclass(frozen=True)
class Part:
    seconds: int
    speed_mps: float
    cadence_spm: float
    direction: Direction = Direction.FORWARD
    heart_rate_bpm: float = 140.0
    lap: str | None = None

    @property
    def gait(self) -> Gait:
        if self.speed_mps < 0.3:
            return Gait.STAND
        return Gait.RUN if self.cadence_spm > 140 else Gait.WALK


WALK = Part(60, 1.3, 110)
WARM_UP = Part(300, 1.4, 112)
REVERSE = Part(20, 1.9, 175, Direction.BACKWARD, 150)
FIRST_DAY = (WARM_UP, *(REVERSE, WALK) * 6, Part(120, 1.3, 108))


def session_of(parts: tuple[Part, ...], name: str = "made") -> Session:
    return Session(name, tuple(Step(p.gait, p.direction, float(p.seconds)) for p in parts))


def recording(
    parts: tuple[Part, ...],
    *,
    seed: int = 1,
    facing: bool = False,
    device_turn_deg: float | None = None,
    code: bool = False,
    laps: bool = False,
    late_s: int = 0,
    sport: str = "running",
    without: tuple[str, ...] = (),
) -> Recording:
    """A track at 1 Hz going north from 50° N 8° E; `late_s` seconds of standing come first."""
    rng = np.random.default_rng(seed)
    all_parts = (Part(late_s, 0.0, 0.0), *parts) if late_s else parts
    each = np.repeat(np.arange(len(all_parts)), [p.seconds for p in all_parts])
    n = each.size
    speed = np.array([p.speed_mps for p in all_parts])[each]
    speed = np.convolve(np.pad(speed, 1, "edge"), np.ones(3) / 3, "valid")
    speed = np.maximum(speed + np.where(speed > 0.3, rng.normal(0, 0.08, n), 0), 0)
    cadence = np.array([p.cadence_spm for p in all_parts])[each]
    distance = np.cumsum(speed)
    backward = np.array([p.direction == Direction.BACKWARD for p in all_parts])[each]
    faces_deg = np.mod(np.where(backward, 180.0, 0.0) + rng.normal(0, 20, n), 360)
    channels = {
        "speed_mps": speed,
        "distance_m": distance,
        "cadence_spm": np.where(cadence > 0, cadence + rng.normal(0, 2, n), 0),
        "heart_rate_bpm": np.array([p.heart_rate_bpm for p in all_parts])[each] + rng.normal(0, 1, n),
        "latitude_deg": 50 + distance / 111_195,
        "longitude_deg": np.full(n, 8.0),
        "altitude_m": np.full(n, 100.0),
    }
    if facing:
        channels["heading_deg"] = faces_deg
    if device_turn_deg is not None:
        channels["device_heading_deg"] = np.mod(faces_deg + device_turn_deg, 360)
    if code:
        channels["direction_code"] = np.where(backward, -1.0, 1.0)
    for key in without:
        del channels[key]
    ends = np.cumsum([p.seconds for p in all_parts]).astype(float)
    marks = tuple(
        Lap(float(end - p.seconds), float(end), p.lap) for p, end in zip(all_parts, ends, strict=True) if laps or p.lap
    )
    return Recording(
        Origin("made.fit", "made", simulated=True),
        None,
        track=Stream(np.arange(n, dtype=float), channels),
        laps=marks,
        sports=(SportSpan(0.0, float(n), sport),),
    )

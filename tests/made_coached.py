"""Coached sessions made for tests: a guide, a virtual runner who does what it asks (or does not), and what a phone sends."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from retropace.coached import RECORDS
from retropace.quantities import Direction, Gait
from retropace.readers.coached import MOTION, ORIENTATION
from retropace.recording import FloatArray, Recording
from retropace.session import Session, Step
from retropace.simulate import Device, Following, Place, Runner, Truth, simulate

START = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
RUN = "3f2b8c1e-7a90-4d55-9c1a-0123456789ab"
#: A phone in a belt, as a browser feels it: 60 times a second, with a compass.
PHONE = Device(
    kind="phone",
    placement="waist",
    rate_hz=60.0,
    mount_deg=(20.0, 5.0, 80.0),
    heading="device",
    heart_rate=False,
    speed_noise_mps=0.1,
)
BLIND_PHONE = replace(PHONE, heading="none")
CHUNKS_A_PART = 40
_DOING = {
    (Gait.RUN, Direction.BACKWARD): ("reverse_run", "reverse"),
    (Gait.WALK, Direction.BACKWARD): ("reverse_walk", "reverse"),
    (Gait.WALK, Direction.FORWARD): ("walk", "walk"),
    (Gait.RUN, Direction.FORWARD): ("run", "run"),
    (Gait.STAND, Direction.NONE): ("stand", "stand"),
}
_STEPS = {
    "reverse_run": (Gait.RUN, Direction.BACKWARD),
    "reverse_walk": (Gait.WALK, Direction.BACKWARD),
    "walk": (Gait.WALK, Direction.FORWARD),
    "run": (Gait.RUN, Direction.FORWARD),
}


def walk(seconds: float) -> Step:
    return Step(Gait.WALK, Direction.FORWARD, seconds, "Walk")


def reverse(seconds: float, speed_mps: float | None = 2.0) -> Step:
    return Step(Gait.RUN, Direction.BACKWARD, seconds, "Reverse run", speed_mps)


def reverse_walk(seconds: float, speed_mps: float | None = 0.8) -> Step:
    return Step(Gait.WALK, Direction.BACKWARD, seconds, "Walk backward", speed_mps)


#: Six repeats of 20 seconds backward between walks.
FIRST = Session("First day", (walk(60), *(reverse(20), walk(40)) * 5, reverse(20), walk(70)))


def guide_of(session: Session, *, treadmill: bool = False) -> dict[str, Any]:
    """As much of a guide as the server reads."""
    pieces, at = [], 0.0
    for number, step in enumerate(session.steps):
        doing, state = _DOING[step.gait, step.direction]
        piece = {"start_s": at, "end_s": at + step.duration_s, "step": number, "doing": doing, "state": state}
        pieces.append(piece | {"words": step.name, "speed_mps": step.speed_mps})
        at += step.duration_s
    return {"name": session.name, "pieces": pieces, "safety": {"treadmill": treadmill}}


def session_of(guide: Mapping[str, Any]) -> Session:
    """What the pieces of a guide ask for, as a session that a virtual runner can follow."""
    steps = []
    for piece in guide["pieces"]:
        gait, direction = _STEPS.get(piece["doing"], (Gait.STAND, Direction.NONE))
        speed = piece["speed_mps"] if direction is Direction.BACKWARD else None
        steps.append(Step(gait, direction, piece["end_s"] - piece["start_s"], piece["words"], speed))
    return Session(guide["name"], tuple(steps))


def forward_instead(session: Session, speed_mps: float | None = None) -> Session:
    """The same, all of it forward: somebody who does not do what is asked."""
    steps = []
    for step in session.steps:
        turned = replace(step, direction=Direction.FORWARD, speed_mps=speed_mps or step.speed_mps)
        steps.append(turned if step.direction is Direction.BACKWARD else step)
    return replace(session, steps=tuple(steps))


@dataclass
class Marks:
    """What a coach marks, one line after the other."""

    began: datetime
    lines: list[dict[str, Any]] = field(default_factory=list)

    def at(self, seconds: float, mark: str, **more: Any) -> "Marks":
        at_ms = self.began.timestamp() * 1000 + seconds * 1000
        self.lines.append({"k": "mark", "mark": mark, "at_ms": at_ms} | more)
        return self

    def begin(self, platform: str = "Android", *, simulated: bool = True) -> "Marks":
        agent = "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
        agent = agent if platform == "Android" else f"Mozilla/5.0 ({platform}; CPU OS 17_5 like Mac OS X) Safari/604.1"
        said = {"platform": platform, "agent": agent, "screen": "390x844", "offset_min": 60, "simulated": simulated}
        return self.at(0.0, "begin", **said)

    def pieces(self, guide: Mapping[str, Any], first_s: float) -> "Marks":
        """Every piece when it should begin, and the end."""
        for index, piece in enumerate(guide["pieces"]):
            self.at(first_s + piece["start_s"], "piece", index=index, state=piece["state"], step=piece["step"])
        return self.at(first_s + guide["pieces"][-1]["end_s"], "end")


@dataclass(frozen=True)
class Sent:
    """What a phone sends of one run, and the truth behind it."""

    guide: Mapping[str, Any]
    bodies: Mapping[str, Sequence[bytes]]
    truth: Truth | None = None
    began: datetime = START

    @property
    def counts(self) -> dict[str, int]:
        return {stream: len(parts) for stream, parts in self.bodies.items()}

    def begun(self, run: str = RUN) -> dict[str, Any]:
        began_ms = self.began.timestamp() * 1000
        return {"run": run, "day": "2026-11-22", "began_ms": began_ms, "offset_min": 60, "guide": self.guide}

    def parts(self) -> Iterator[tuple[str, int, bytes]]:
        for stream, parts in self.bodies.items():
            for number, body in enumerate(parts):
                yield stream, number, body


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def coached(
    guide: Mapping[str, Any],
    done: Session | None = None,
    *,
    device: Device = PHONE,
    runner: Runner | None = None,
    late_s: tuple[float, float] = (0.5, 2.0),
    first_s: float = 8.0,
    seed: int = 1,
    platform: str = "Android",
    marks: Marks | None = None,
) -> Sent:
    """A run as it was coached by `guide`: its first piece `first_s` after the recorder began. `done` is what was done."""
    following = Following(lead_s=first_s, late_s=late_s)
    who, where = runner or Runner(), Place()
    doing = done or session_of(guide)
    recording, truth = simulate(doing, who, where, device, seed, START, following, timedelta(hours=1))
    told = marks or Marks(START).begin(platform).pieces(guide, first_s)
    turned = -1.0 if platform != "Android" else 1.0
    bodies = {
        "motion": parts_of("motion", motion_records(recording, turned)),
        "orientation": parts_of("orientation", orientation_records(recording)),
        "lines": line_parts([*told.lines, *positions(recording)]),
    }
    return Sent(guide, bodies, truth)


def motion_records(recording: Recording, sign: float = 1.0) -> np.ndarray[Any, Any]:
    """What a browser gives, gravity of the given sign; without gravity it tells nothing here."""
    force, turning = recording.motion["accelerometer"], recording.motion["gyroscope"]
    rows = np.full(len(force), np.nan, RECORDS["motion"])
    rows["at_ms"] = START.timestamp() * 1000 + 1000 * force.time_s
    for name, axis in zip(MOTION[3:6], force.channels.values(), strict=True):
        rows[name] = sign * axis
    for name, axis in zip(MOTION[6:9], turning.channels.values(), strict=True):
        rows[name] = np.rad2deg(axis)
    rows["interval_ms"] = 16.7
    return rows


def orientation_records(recording: Recording) -> np.ndarray[Any, Any]:
    """A compass as an iPhone gives it, where there is one."""
    heading = recording.motion.get("heading")
    if heading is None:
        return np.empty(0, RECORDS["orientation"])
    rows = np.zeros(len(heading), RECORDS["orientation"])
    rows["at_ms"] = START.timestamp() * 1000 + 1000 * heading.time_s
    rows["compass"] = heading.channels["device_heading_deg"]
    rows["compass_accuracy"] = 15.0
    assert rows.dtype.names is not None
    assert rows.dtype.names[1:] == ORIENTATION
    return rows


def positions(recording: Recording) -> list[dict[str, Any]]:
    """Where the phone was, once a second."""
    track = recording.track
    names = {"lat": "latitude_deg", "lon": "longitude_deg", "accuracy_m": "position_error_m", "speed_mps": "speed_mps"}
    at_ms = START.timestamp() * 1000 + 1000 * track.time_s
    columns = {name: track.channels[channel] for name, channel in names.items()}
    return [
        {"k": "position", "at_ms": float(at_ms[row])}
        | {name: _plain(values, row) for name, values in columns.items()}
        | {"altitude_m": None, "altitude_accuracy_m": None, "heading_deg": None}
        for row in range(len(track))
    ]


def _plain(values: FloatArray, row: int) -> float | None:
    return float(values[row]) if np.isfinite(values[row]) else None


def parts_of(stream: str, rows: np.ndarray[Any, Any]) -> list[bytes]:
    """Chunks of a quarter of a second, forty to a part."""
    if not len(rows):
        return []
    edges = np.flatnonzero(np.diff(rows["at_ms"] // (250 * CHUNKS_A_PART))) + 1
    return [part.tobytes() for part in np.split(rows, edges)]


def line_parts(lines: Sequence[Mapping[str, Any]], each: int = 200) -> list[bytes]:
    ordered = sorted(lines, key=lambda line: float(line["at_ms"]))
    written = [json.dumps(line) + "\n" for line in ordered]
    return ["".join(written[k : k + each]).encode() for k in range(0, len(written), each)]

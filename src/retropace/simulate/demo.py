"""Demo: a first day of reverse running that nobody ran, as files to try retropace with."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray, Recording
from retropace.session import Session, Step
from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Following, Runner
from retropace.simulate.virtual import DEFAULT_START, Truth, simulate
from retropace.writers.fit import activity_bytes
from retropace.writers.sensor_logger import archive_bytes

#: The demo's runner: a beginner who runs gently forward and, at the same effort, slower backward.
DEMO_RUNNER = Runner(mass_kg=70.0, height_m=1.75, run_mps=2.6)
DEMO_PLACE = Place()
#: Local time minus UTC at the demo's place in summer.
DEMO_OFFSET = timedelta(hours=2)
#: A watch without motion sensors, as most people's recordings come.
DEMO_WATCH = Device(kind="watch", placement="wrist")
#: A phone on the belt, sitting as it pleases, with motion sensors and a compass.
DEMO_PHONE = Device(
    kind="phone",
    placement="waist",
    rate_hz=100.0,
    mount_deg=(37.0, -12.0, 88.0),
    heading="device",
    heart_rate=False,
    magnetometer=True,
    jitter_s=0.001,
    dropped_share=0.002,
    resonance_hz=11.0,
)
#: How a person does a first day: a little late everywhere, the fifth repeat given up early, one lap press forgotten.
DEMO_FOLLOWING = Following(lead_s=8.0, late_s=(1.0, 4.0), cut_short=((13, 7.0),), missed_presses=(10,))


def demo_session() -> Session:
    """The first day: warm-up walk with two short backward walks, six reverse repeats, cool-down walk.

    >>> demo_session().duration_s / 60
    16.0
    """
    reverse_walk = Step(Gait.WALK, Direction.BACKWARD, 20, "reverse walk")
    warm_up = [
        Step(Gait.WALK, Direction.FORWARD, 120, "warm-up walk"),
        reverse_walk,
        Step(Gait.WALK, Direction.FORWARD, 60, "warm-up walk"),
        reverse_walk,
        Step(Gait.WALK, Direction.FORWARD, 80, "warm-up walk"),
    ]
    repeat = [Step(Gait.RUN, Direction.BACKWARD, 20, "reverse run"), Step(Gait.WALK, Direction.FORWARD, 60, "walk")]
    cool_down = [Step(Gait.WALK, Direction.FORWARD, 180, "cool-down walk")]
    return Session("First day", (*warm_up, *repeat * 6, *cool_down))


def demo(
    seed: int = 1,
    start: datetime = DEFAULT_START,
    place: Place = DEMO_PLACE,
    device: Device = DEMO_WATCH,
) -> tuple[Recording, Truth, Session]:
    """The first day as `device` recorded it, the truth behind it, and the session that was meant."""
    session = demo_session()
    recording, truth = simulate(session, DEMO_RUNNER, place, device, seed, start, DEMO_FOLLOWING, DEMO_OFFSET)
    return recording, truth, session


def write_simulated(
    folder: Path,
    seed: int = 1,
    start: datetime = DEFAULT_START,
    place: Place = DEMO_PLACE,
    *,
    declares_direction: bool = False,
) -> list[Path]:
    """Write the demo into `folder` (made where missing): the watch's file, the phone's sensors, and the truth.

    Returns the paths written: `simulated.fit`, `simulated-sensors.zip`, `truth.json`. Files of these names are replaced.
    With `declares_direction` the watch's file carries the true direction of every second, as a cueing app would write it.
    """
    watched, truth, session = demo(seed, start, place, replace(DEMO_WATCH, declares_direction=declares_direction))
    felt, _, _ = demo(seed, start, place, DEMO_PHONE)
    contents = {
        "simulated.fit": activity_bytes(watched),
        "simulated-sensors.zip": archive_bytes(felt),
        "truth.json": truth_json(truth, session).encode("utf-8"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def truth_json(truth: Truth, session: Session) -> str:
    """`truth` as JSON: times in seconds from the recording's start, null for missing."""
    content: dict[str, Any] = {
        "note": "Simulated: nobody ran this.",
        "session": session.name,
        "session_start_s": truth.session_start_s,
        "bouts": [_bout(bout) for bout in truth.bouts],
        "initial_contacts_s": _numbers(truth.initial_contacts_s),
        "final_contacts_s": _numbers(truth.final_contacts_s),
        "time_s": _numbers(truth.time_s),
        "speed_mps": _numbers(truth.speed_mps),
        "velocity_mps": _numbers(truth.velocity_mps),
        "distance_m": _numbers(truth.distance_m),
        "heading_deg": _numbers(truth.heading_deg),
    }
    return json.dumps(content, allow_nan=False, indent=1) + "\n"


def _bout(bout: Bout) -> dict[str, Any]:
    return {
        "start_s": round(bout.start_s, 4),
        "end_s": round(bout.end_s, 4),
        "gait": bout.gait.value,
        "direction": bout.direction.value,
    }


def _numbers(values: FloatArray) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in np.round(values, 4).tolist()]

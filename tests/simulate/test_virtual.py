"""A whole virtual run: truth that belongs to the recording, the same bytes from the same seed."""

from typing import Any

import numpy as np
import pytest

from retropace.errors import OutOfRange
from retropace.quantities import Direction, Gait
from retropace.recording import Recording
from retropace.session import Session, Step
from retropace.simulate import Device, Place, Runner, simulate

SESSION = Session(
    "short",
    (
        Step(Gait.WALK, Direction.FORWARD, 20, "walk"),
        Step(Gait.RUN, Direction.BACKWARD, 20, "reverse run"),
        Step(Gait.WALK, Direction.SIDEWAYS, 10, "side"),
        Step(Gait.RUN, Direction.FORWARD, 20, "run"),
    ),
)
PHONE = Device("phone", "waist", rate_hz=100.0, magnetometer=True, heading="device", jitter_s=0.002, dropped_share=0.01)


def everything(recording: Recording) -> bytes:
    streams = [recording.track, *(recording.motion[name] for name in sorted(recording.motion))]
    return b"".join(s.time_s.tobytes() + b"".join(s.channels[k].tobytes() for k in sorted(s.channels)) for s in streams)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first, again, other = (simulate(SESSION, Runner(), Place(), PHONE, seed)[0] for seed in (7, 7, 8))
    assert everything(first) == everything(again)
    assert everything(first) != everything(other)
    assert first.laps == again.laps


def test_two_devices_may_record_one_run() -> None:
    _, watched = simulate(SESSION, Runner(), Place(), Device(), 7)
    _, carried = simulate(SESSION, Runner(), Place(), PHONE, 7)
    assert watched.bouts == carried.bouts
    assert np.array_equal(watched.initial_contacts_s, carried.initial_contacts_s)


def test_the_recording_says_that_it_is_simulated() -> None:
    recording, _ = simulate(SESSION, Runner(mass_kg=81.0), Place(), Device(), 1)
    assert recording.origin.simulated
    assert recording.origin.name == "simulated-watch"
    assert recording.origin.device == "retropace virtual runner (simulated)"
    assert recording.wearer.mass_kg == 81.0
    assert recording.start is not None


def test_truth_is_consistent_with_itself() -> None:
    recording, truth = simulate(SESSION, Runner(), Place(), Device(), 4)
    assert truth.time_s == pytest.approx(recording.track.time_s)
    for previous, following in zip(truth.bouts, truth.bouts[1:], strict=False):
        assert previous.end_s == following.start_s
        assert (previous.gait, previous.direction) != (following.gait, following.direction)
    signs = {Direction.FORWARD: 1, Direction.BACKWARD: -1, Direction.SIDEWAYS: 0, Direction.NONE: 0}
    for bout in truth.bouts:
        inside = (truth.time_s >= bout.start_s) & (truth.time_s < bout.end_s)
        assert np.all(np.sign(truth.velocity_mps[inside]) == signs[bout.direction])
    assert truth.distance_m[-1] == pytest.approx(np.trapezoid(truth.speed_mps, truth.time_s), rel=0.03)
    assert np.all(np.diff(truth.initial_contacts_s) > 0)
    stepping = truth.final_contacts_s[np.isfinite(truth.final_contacts_s)]
    assert stepping.size >= truth.initial_contacts_s.size - 2


def test_contacts_count_the_steps_of_a_bout() -> None:
    session = Session("run", (Step(Gait.RUN, Direction.BACKWARD, 60, speed_mps=2.0),))
    _, truth = simulate(session, Runner(), Place(clear_length_m=1000), Device(), 2)
    bout = next(b for b in truth.bouts if b.direction is Direction.BACKWARD)
    within = (truth.initial_contacts_s >= bout.start_s) & (truth.initial_contacts_s < bout.end_s)
    assert within.sum() / bout.duration_s * 60 == pytest.approx(162 * 1.09, rel=0.02)


def test_facing_and_course_part_when_backward() -> None:
    exact = Device(position_drift_m=0.0, position_noise_m=0.0)
    recording, truth = simulate(SESSION, Runner(), Place(clear_length_m=1000, bearing_deg=40.0), exact, 1)
    x = np.diff(recording.track.channels["longitude_deg"]) * np.cos(np.radians(52.47))
    course = np.degrees(np.arctan2(x, np.diff(recording.track.channels["latitude_deg"])))
    apart = np.cos(np.radians(truth.heading_deg[1:] - course))
    speed = truth.velocity_mps[1:]
    assert apart[speed > 1.0].mean() > 0.9
    assert apart[speed < -1.5].mean() < -0.9


def test_a_session_without_steps_is_refused() -> None:
    with pytest.raises(OutOfRange, match="no steps"):
        simulate(Session("empty", ()), Runner(), Place(), Device(), 1)


@pytest.mark.parametrize(
    "setting", [{"rate_hz": 10.0}, {"rate_hz": 900.0}, {"dropped_share": 1.0}, {"placement": "hat"}]
)
def test_a_device_that_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(OutOfRange):
        Device(**setting)

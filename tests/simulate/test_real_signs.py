"""Signs that the virtual thigh shares with real ones: a phone in the trouser pockets of three people, forward."""

from pathlib import Path

import numpy as np
import pytest

from retropace.quantities import Direction
from retropace.recording import FloatArray
from retropace.simulate.footsteps import Footing
from retropace.simulate.runner import Device, Runner
from retropace.simulate.segments import turn_y
from retropace.simulate.sensors import felt, mounted
from virtual_steps import STRAIGHT, steady

FOLDER = Path(__file__).parents[2] / "../shared/data/phone-in-pocket-imu"
RATE_HZ, WINDOW, SECONDS = 100.0, 180, 60
#: How fast the direction of gravity follows the accelerometer [s].
TAU_S = 3.0


def raw(path: Path, time_s: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Times and values of a MobiFall file, on an even grid where one is given."""
    lines = path.read_text(errors="replace").split("@DATA")[1].split("\n")[: int(1.2 * SECONDS * RATE_HZ)]
    rows = np.array([[float(cell) for cell in line.split(",")] for line in lines if line.count(",") >= 3])
    _, fresh = np.unique(rows[:, 0], return_index=True)
    moments, values = rows[fresh, 0] * 1e-9, rows[fresh, 1:4]
    if time_s is None:
        time_s = np.arange(moments[0] + 0.5, moments[0] + SECONDS, 1 / RATE_HZ)
    time_s = time_s[time_s < moments[-1]]
    return time_s, np.stack([np.interp(time_s, moments, values[:, axis]) for axis in range(3)], axis=1)


def upward(force: FloatArray, rotation: FloatArray) -> FloatArray:
    """Unit vector up in the sensor's axes, from the gyroscope held to gravity by the accelerometer."""
    up, found = force[:100].mean(axis=0), np.empty_like(force)
    for i, (felt_force, turning) in enumerate(zip(force, rotation, strict=True)):
        up = up - np.cross(turning, up) / RATE_HZ + (felt_force - up) / (TAU_S * RATE_HZ)
        found[i] = up
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def smoothed(values: FloatArray, low_hz: float, high_hz: float) -> FloatArray:
    spectrum, hz = np.fft.rfft(values), np.fft.rfftfreq(values.size, 1 / RATE_HZ)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    return np.asarray(np.fft.irfft(spectrum, values.size))


def cues(force: FloatArray, rotation: FloatArray, up: FloatArray) -> FloatArray:
    """Per window: skewness of the pitch rate × its angle's correlation with a_z, and correlation of a_x with the rate."""
    vertical = (force * up).sum(axis=1)
    level_force, level_turn = force - vertical[:, None] * up, rotation - (rotation * up).sum(axis=1)[:, None] * up
    found = []
    for begin in range(300, len(force) - WINDOW, WINDOW // 2):
        part = slice(begin, begin + WINDOW)
        axis = np.linalg.eigh(level_turn[part].T @ level_turn[part])[1][:, 2]
        rate = level_turn[part] @ axis
        ahead = (level_force[part] * np.cross(axis, up[part])).sum(axis=1)
        angle = smoothed(np.cumsum(rate - rate.mean()), 0.5, 6.0)
        skewness = float(((rate - rate.mean()) ** 3).mean() / rate.std() ** 3)
        lift = smoothed(vertical[part] - vertical[part].mean(), 0.0, 8.0)
        found.append((skewness * np.corrcoef(angle, lift)[0, 1], np.corrcoef(ahead, rate)[0, 1]))
    return np.array(found)


def virtual(footing: Footing, direction: Direction, speed_mps: float) -> FloatArray:
    """Cues of a virtual phone that fell into the pocket somehow and knows exactly where up is."""
    steps = steady(footing, direction, speed_mps, count=80)
    truth = felt(steps, Runner(), STRAIGHT, Device(placement="pocket"), np.arange(1.0, 25.0, 1 / RATE_HZ))
    up = turn_y(np.tile([0.0, 0.0, 1.0], (truth.time_s.size, 1)), -truth.pitch_rad)
    as_it_fell = (70.0, -35.0, 110.0)
    force, rotation, level = (mounted(v, as_it_fell) for v in (truth.force_mps2, truth.rotation_radps, up))
    return cues(force, rotation, level)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"needs the recordings in {FOLDER.parent.name}/{FOLDER.name}")
@pytest.mark.parametrize(
    ("act", "footing", "speed_mps", "cue"), [("WAL", Footing.WALK, 1.3, 0), ("JOG", Footing.RUN, 2.5, 1)]
)
def test_a_virtual_thigh_has_the_signs_of_real_ones(act: str, footing: Footing, speed_mps: float, cue: int) -> None:
    paths = sorted(FOLDER.glob(f"sub*/{act}_acc_*_1.txt"))
    assert len(paths) == 3
    ours = np.sign(np.median(virtual(footing, Direction.FORWARD, speed_mps)[:, cue]))
    for path in paths:
        time_s, force = raw(path)
        time_s, rotation = raw(path.with_name(path.name.replace("_acc_", "_gyro_")), time_s)
        force = force[: time_s.size]
        theirs = cues(force, rotation, upward(force, rotation))[:, cue]
        assert np.mean(np.sign(theirs) == ours) > 0.7, path.name


@pytest.mark.parametrize(("footing", "speed_mps", "cue"), [(Footing.WALK, 1.3, 0), (Footing.RUN, 2.5, 1)])
def test_those_signs_turn_when_going_backward(footing: Footing, speed_mps: float, cue: int) -> None:
    forward, backward = (
        np.median(virtual(footing, direction, speed_mps)[:, cue])
        for direction in (Direction.FORWARD, Direction.BACKWARD)
    )
    assert backward == pytest.approx(-forward, rel=0.4)
    assert abs(forward) > 0.05

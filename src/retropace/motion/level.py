"""Level: the same samples on axes that do not tilt with the sensor: z up, the other two level.

Which way is up, and how far the sensor has turned since it began, comes from VQF (Laidig and Seel 2023), a library. Where
the level axes point is arbitrary but stays; the heading of the device on them is kept beside.
"""

from dataclasses import dataclass

import numpy as np

from retropace.motion.samples import RATE_HZ, Samples
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.signals import BoolArray

QuaternionArray = FloatArray


@dataclass(frozen=True, slots=True)
class Levelled:
    """One piece on level axes (z up), `RATE_HZ`.

    `acceleration_mps2` (n, 3) without gravity; `rotation_radps` (n, 3), zero where there was no gyroscope (`turns` is then
    False); `up` (n, 3) is the upward direction on the sensor's own axes; `heading_rad` (n,), unwrapped, is where an axis
    fixed in the device points on the level axes, anticlockwise; `north_rad` (n,) where magnetic north lies on them, NaN
    where unknown.
    """

    start_s: float
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray
    up: FloatArray
    heading_rad: FloatArray
    north_rad: FloatArray
    known: BoolArray
    clipped: BoolArray
    turns: bool

    def __len__(self) -> int:
        return int(self.acceleration_mps2.shape[0])


def levelled(samples: Samples) -> Levelled:
    """`samples` on level axes."""
    from vqf import VQF

    rotation = np.zeros_like(samples.force_mps2) if samples.rotation_radps is None else samples.rotation_radps
    quaternion = VQF(1 / RATE_HZ).updateBatch(np.ascontiguousarray(rotation), np.ascontiguousarray(samples.force_mps2))[
        "quat6D"
    ]
    turn = matrices(quaternion)
    acceleration = np.einsum("nij,nj->ni", turn, samples.force_mps2) - [0.0, 0.0, STANDARD_GRAVITY_MPS2]
    level_axis = _level_axis(turn[:, 2])
    pointing = np.einsum("nij,j->ni", turn[:, :2], level_axis)
    return Levelled(
        samples.start_s,
        acceleration,
        np.einsum("nij,nj->ni", turn, rotation),
        np.ascontiguousarray(turn[:, 2]),
        np.unwrap(np.arctan2(pointing[:, 1], pointing[:, 0])),
        np.full(len(samples), np.nan),
        samples.known,
        samples.clipped,
        samples.rotation_radps is not None,
    )


def _level_axis(up: FloatArray) -> FloatArray:
    """An axis of the sensor that lies level on average."""
    mean = up.mean(axis=0)
    crossed = np.cross(mean, np.eye(3)[int(np.argmin(np.abs(mean)))])
    axis: FloatArray = crossed / np.linalg.norm(crossed)
    return axis


def matrices(quaternion: QuaternionArray) -> FloatArray:
    """(n, 3, 3) rotation matrices of quaternions (n, 4), scalar first: sensor axes to level axes."""
    w, x, y, z = quaternion.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), 2, 0)

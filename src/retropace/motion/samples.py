"""Samples: raw sensors of one recording, brought to one even clock; nothing is invented where they were silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retropace.recording import MOTION_CHANNELS, FloatArray, Stream
from retropace.signals import BoolArray

#: Even rate of everything that follows [Hz]: the impact of a foot lies below 50 Hz.
RATE_HZ = 100.0
#: A silence longer than this ends a piece [s]: a quarter of the quickest stride.
LONGEST_BRIDGE_S = 0.15


@dataclass(frozen=True, slots=True)
class Samples:
    """One unbroken piece on an even clock of `RATE_HZ`, on the sensor's own axes.

    `force_mps2` (n, 3) is what the accelerometer felt, gravity included; `rotation_radps` (n, 3) and `magnetic_ut` (n, 3)
    are None where there was no such sensor. `known` (n,) is False where a value was bridged, `clipped` (n,) True where
    the sensor was at the end of its range.
    """

    start_s: float
    force_mps2: FloatArray
    rotation_radps: FloatArray | None
    magnetic_ut: FloatArray | None
    known: BoolArray
    clipped: BoolArray

    def __len__(self) -> int:
        return int(self.force_mps2.shape[0])


def pieces(motion: Mapping[str, Stream]) -> list[Samples]:
    """The unbroken pieces of a recording's raw motion, in order; empty where there is no accelerometer."""
    felt = motion.get("accelerometer")
    if felt is None or len(felt) < 2:
        return []
    breaks = np.flatnonzero(np.diff(felt.time_s) > LONGEST_BRIDGE_S) + 1
    bounds = [0, *breaks.tolist(), len(felt)]
    return [_piece(motion, felt.time_s[a], felt.time_s[b - 1]) for a, b in pairwise(bounds) if b - a > 1]


def _piece(motion: Mapping[str, Stream], start_s: float, end_s: float) -> Samples:
    time_s = np.arange(np.ceil(start_s * RATE_HZ), np.floor(end_s * RATE_HZ) + 1) / RATE_HZ
    force = _on(time_s, motion["accelerometer"], "accelerometer")
    turning = motion.get("gyroscope")
    field = motion.get("magnetometer")
    return Samples(
        float(time_s[0]) if time_s.size else start_s,
        force,
        None if turning is None else _on(time_s, turning, "gyroscope"),
        None if field is None else _on(time_s, field, "magnetometer"),
        np.ones(time_s.size, bool),
        np.zeros(time_s.size, bool),
    )


def _on(time_s: FloatArray, stream: Stream, sensor: str) -> FloatArray:
    return np.stack([np.interp(time_s, stream.time_s, stream.channels[key]) for key in MOTION_CHANNELS[sensor]], axis=1)

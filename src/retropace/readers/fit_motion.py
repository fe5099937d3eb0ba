"""FIT motion: raw accelerometer, gyroscope and magnetometer samples → SI units on the sensor's axes.

A message holds some thirty samples: whole-second `timestamp`, `timestamp_ms`, and each sample's `sample_time_offset` [ms].
Counts become g, degrees per second or gauss through the latest `three_d_sensor_calibration` of that sensor before them:

    value = orientation_matrix · (counts − level_shift − offset_cal) · calibration_factor / calibration_divisor

with the matrix stored row by row, 65535 for 1. Values that the device calibrated itself are taken as they are, and win.
(FIT protocol description, 3D sensor calibration; the 65535 as in its public profile.)
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retropace.fit_profile import MESSAGES, SENSOR_TYPES, SMALLEST_CLOCK_TIME
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.readers.fit_columns import Block, IntArray, Messages, blocks, table
from retropace.readers.fit_frames import Frames
from retropace.recording import MOTION_CHANNELS, FloatArray, Repair

_AXES = ("x", "y", "z")
_ONE = 65535.0
#: No sensor says more than this, in any unit; floats can.
_LARGEST = 1e9


@dataclass(frozen=True, slots=True)
class Sensor:
    """How one sensor is written: message, field names before the axis letter, and SI units per FIT unit."""

    message: str
    counts: str
    calibrated: tuple[tuple[str, float], ...]
    si: float


SENSORS: dict[str, Sensor] = {
    "accelerometer": Sensor(
        "accelerometer_data",
        "accel",
        (("calibrated_accel", STANDARD_GRAVITY_MPS2), ("compressed_calibrated_accel", STANDARD_GRAVITY_MPS2 / 1000)),
        STANDARD_GRAVITY_MPS2,
    ),
    "gyroscope": Sensor("gyroscope_data", "gyro", (("calibrated_gyro", np.pi / 180),), np.pi / 180),
    "magnetometer": Sensor("magnetometer_data", "mag", (("calibrated_mag", 100.0),), 100.0),
}


@dataclass(frozen=True, slots=True)
class Samples:
    """One sensor's samples: seconds since the FIT epoch `time_s` (n,), maybe disordered, and its channels (n,)."""

    time_s: FloatArray
    channels: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class _Calibration:
    """Calibrations of one sensor: byte offsets (m,), shifts (m, 3), and matrices (m, 3, 3) that hold the factor too."""

    at: IntArray
    shift: FloatArray
    matrix: FloatArray

    def applied(self, counts: FloatArray, at: IntArray) -> FloatArray:
        """`counts` (n, k, 3) of messages at byte offsets `at` (n,) in FIT units; NaN where there is no calibration.

        Messages before the first calibration take the first.
        """
        values = np.full(counts.shape, np.nan)
        if self.at.size == 0 or at.size == 0:
            return values
        latest = np.maximum(np.searchsorted(self.at, at) - 1, 0)
        begins = np.flatnonzero(np.diff(latest, prepend=-1))
        for first, last in zip(begins, [*begins[1:], at.size], strict=True):
            which = latest[first]
            values[first:last] = _turned(counts[first:last] - self.shift[which], self.matrix[which])
        return values


def _turned(vectors: FloatArray, matrix: FloatArray) -> FloatArray:
    """`matrix` times each of `vectors` (n, k, 3); NaN only where a missing component counts."""
    missing = np.isnan(vectors)
    if not missing.any():
        return vectors @ matrix.T
    turned: FloatArray = np.nan_to_num(vectors) @ matrix.T
    turned[missing @ (matrix != 0).T] = np.nan
    return turned


def motion_samples(
    frames: Frames, messages: Messages, track_time_s: FloatArray
) -> tuple[dict[str, Samples], list[Repair]]:
    """Samples of each raw sensor in the file, and what had to be passed over.

    Some cameras stamp raw samples with seconds since they were switched on; `track_time_s` (times of the records, may be
    empty) tells whether that clock has to be carried over with `timestamp_correlation`.
    """
    found: dict[str, Samples] = {}
    mute = 0
    for name, sensor in SENSORS.items():
        calibration = _calibration(frames, name)
        read = [_read(block, sensor, calibration) for block in blocks(frames, sensor.message)]
        time_s = np.concatenate([*(time_s for time_s, _ in read), np.empty(0)])
        values = np.concatenate([*(values for _, values in read), np.empty((0, 3))])
        told = np.isfinite(time_s) & np.isfinite(values).any(axis=1)
        mute += int(np.isfinite(time_s).sum() - told.sum())
        if told.any():
            channels = dict(zip(MOTION_CHANNELS[name], values[told].T, strict=True))
            found[name] = Samples(_on_the_clock(messages, time_s[told], track_time_s), channels)
    note = "Raw samples without a calibration mean nothing."
    return found, [Repair("unknown_part", mute, note)] if mute else []


def _read(block: Block, sensor: Sensor, calibration: _Calibration) -> tuple[FloatArray, FloatArray]:
    """Times (n k,) and values (n k, 3) in SI units of all samples in `block`."""
    fields = MESSAGES[sensor.message].fields
    times = [block.number(fields[name]) for name in ("timestamp", "timestamp_ms")]
    offsets = block.numbers(fields["sample_time_offset"])
    if times[0] is None or offsets is None:
        return np.empty(0), np.empty((0, 3))
    begin = times[0] if times[1] is None else times[0] + np.nan_to_num(times[1]) / 1000
    time_s = begin[:, None] + offsets / 1000
    values = np.full((*offsets.shape, 3), np.nan)
    counts = _axes(block, sensor, sensor.counts, offsets.shape)
    if counts is not None:
        values = calibration.applied(counts, block.at) * sensor.si
    for prefix, si in sensor.calibrated:
        ready = _axes(block, sensor, prefix, offsets.shape)
        if ready is not None:
            values = np.where(np.isnan(ready), values, ready * si)
    return time_s.ravel(), values.reshape(-1, 3)


def _axes(block: Block, sensor: Sensor, prefix: str, shape: tuple[int, ...]) -> FloatArray | None:
    """The three axes (n, k, 3) of the fields that begin with `prefix`, cut or filled up to `shape` (n, k)."""
    fields = MESSAGES[sensor.message].fields
    axes = [block.numbers(fields[f"{prefix}_{axis}"]) for axis in _AXES]
    if all(values is None for values in axes):
        return None
    joined = np.full((*shape, 3), np.nan)
    for number, values in enumerate(axes):
        if values is not None:
            width = min(shape[1], values.shape[1])
            joined[:, :width, number] = values[:, :width]
    joined[~(np.abs(joined) <= _LARGEST)] = np.nan
    return joined


def _calibration(frames: Frames, name: str) -> _Calibration:
    fields = MESSAGES["three_d_sensor_calibration"].fields
    found = [(np.empty(0, np.int64), np.empty((0, 3)), np.empty((0, 3, 3)))]
    for block in blocks(frames, "three_d_sensor_calibration"):
        singles = ("sensor_type", "calibration_factor", "calibration_divisor", "level_shift")
        kind, factor, divisor, level = (block.number(fields[field]) for field in singles)
        if kind is None or factor is None or divisor is None:
            continue
        own = (kind == SENSOR_TYPES[name]) & (divisor > 0) & np.isfinite(factor)
        gain = factor[own] / divisor[own]
        found.append((block.at[own], _shifts(block, level)[own], _matrices(block)[own] * gain[:, None, None]))
    at, shift, matrix = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(at)
    return _Calibration(at[order], shift[order], matrix[order])


def _shifts(block: Block, level: FloatArray | None) -> FloatArray:
    """What to subtract from the counts (n, 3)."""
    offsets = block.numbers(MESSAGES["three_d_sensor_calibration"].fields["offset_cal"])
    shift = np.zeros((block.at.size, 3)) if level is None else np.repeat(np.nan_to_num(level)[:, None], 3, axis=1)
    return shift if offsets is None or offsets.shape[1] != 3 else shift + np.nan_to_num(offsets)


def _matrices(block: Block) -> FloatArray:
    """Orientation matrices (n, 3, 3); the identity where the file gives none."""
    stored = block.numbers(MESSAGES["three_d_sensor_calibration"].fields["orientation_matrix"])
    identity = np.broadcast_to(np.eye(3), (block.at.size, 3, 3))
    if stored is None or stored.shape[1] != 9:
        return identity
    matrices = stored.reshape(-1, 3, 3)
    # Some writers store 1 as 1: scaled by 65535, no entry would be left worth speaking of.
    unscaled = np.nanmax(np.abs(matrices), axis=(1, 2), initial=0.0) < 3 / _ONE
    matrices = np.where(unscaled[:, None, None], matrices * _ONE, matrices)
    usable = np.isfinite(matrices).all(axis=(1, 2)) & (matrices != 0).any(axis=(1, 2))
    return np.where(usable[:, None, None], matrices, identity)


def _on_the_clock(messages: Messages, time_s: FloatArray, track_time_s: FloatArray) -> FloatArray:
    """`time_s` carried from the device's own clock to the records' clock, where the file says how they relate."""
    if (
        track_time_s.size == 0
        or np.median(time_s) >= SMALLEST_CLOCK_TIME
        or np.median(track_time_s) < SMALLEST_CLOCK_TIME
    ):
        return time_s
    relation = table(messages, "timestamp_correlation")
    real = relation.column("timestamp") + np.nan_to_num(relation.column("timestamp_ms")) / 1000
    system = relation.column("system_timestamp") + np.nan_to_num(relation.column("system_timestamp_ms")) / 1000
    ahead = (real - system)[np.isfinite(real - system)]
    return time_s + ahead[0] if ahead.size else time_s

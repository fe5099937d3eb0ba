"""FIT motion: raw sensor streams → messages of some twenty-five samples, in counts, with the calibration beside them."""

from collections.abc import Iterator, Mapping

import numpy as np

from retropace.errors import OutOfRange
from retropace.fit_profile import MESSAGES, SENSOR_TYPES
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import MOTION_CHANNELS, FloatArray, Stream
from retropace.writers.fit_encoder import Rows, one, timed

#: sensor → message, field prefix, SI units per FIT unit (g, degree per second, gauss).
_SENSORS = {
    "accelerometer": ("accelerometer_data", "accel", STANDARD_GRAVITY_MPS2),
    "gyroscope": ("gyroscope_data", "gyro", np.pi / 180),
    "magnetometer": ("magnetometer_data", "mag", 100.0),
}
#: Counts are sixteen bits around this; 65535 stands for no value.
_MIDDLE = 32_768
_LARGEST_COUNT = 32_766
#: Counts per FIT unit; the finest that holds a stream's largest value is used.
_FINEST = tuple(2.0**power for power in range(20, -1, -1))
_SAMPLES = 25
#: 1 in an orientation matrix (stored as 65535).
_IDENTITY = np.eye(3).reshape(1, 9)


def motion_rows(motion: Mapping[str, Stream], zero_s: float) -> Iterator[Rows]:
    """Calibrations and samples of the streams that FIT knows; `zero_s` is the recording's start on FIT's clock.

    Raises OutOfRange where a value is beyond the sensor's range in FIT (32 766 g, and the like).
    """
    for sensor, (message, prefix, si) in _SENSORS.items():
        stream = motion.get(sensor)
        keys = [key for key in MOTION_CHANNELS[sensor] if stream is not None and key in stream.channels]
        if stream is None or not keys:
            continue
        axes = np.stack([stream.channels[key] for key in keys], axis=1) / si
        divisor = _divisor(sensor, axes)
        names = [f"{prefix}_{key.split('_')[1]}" for key in keys]
        yield _calibration(sensor, divisor, zero_s)
        yield _samples(message, names, stream.time_s + zero_s, np.rint(axes * divisor) + _MIDDLE)


def _divisor(sensor: str, axes: FloatArray) -> float:
    largest = float(np.nanmax(np.abs(axes), initial=0.0))
    for divisor in _FINEST:
        if largest * divisor <= _LARGEST_COUNT:
            return divisor
    raise OutOfRange(f"{largest:g} is beyond what FIT can hold", field=sensor)


def _calibration(sensor: str, divisor: float, zero_s: float) -> Rows:
    rows = one(
        MESSAGES["three_d_sensor_calibration"],
        timestamp=np.floor(zero_s),
        sensor_type=SENSOR_TYPES[sensor],
        calibration_factor=1,
        calibration_divisor=divisor,
        level_shift=_MIDDLE,
    )
    arrays = {"offset_cal": np.zeros((1, 3)), "orientation_matrix": _IDENTITY}
    return timed(Rows(rows.message, {**rows.columns, **arrays}), np.array([-np.inf]))


def _samples(message: str, names: list[str], time_s: FloatArray, counts: FloatArray) -> Rows:
    """Samples in messages of `_SAMPLES`; a message whose samples span too long would overflow its offsets and is cut."""
    begin = _message_starts(time_s)
    row = np.cumsum(begin) - 1
    first = np.flatnonzero(begin)
    column = np.arange(time_s.size) - first[row]
    ticks = np.rint(time_s * 1000)
    whole = np.floor(ticks[first] / 1000)
    offsets = np.full((first.size, _SAMPLES), np.nan)
    offsets[row, column] = ticks - ticks[first][row]
    columns = {"timestamp": whole, "timestamp_ms": ticks[first] - whole * 1000, "sample_time_offset": offsets}
    for axis, name in enumerate(names):
        values = np.full(offsets.shape, np.nan)
        values[row, column] = counts[:, axis]
        columns[name] = values
    return timed(Rows(MESSAGES[message], columns), time_s[first])


def _message_starts(time_s: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which samples (n,) begin a message: every `_SAMPLES`th after a silence of more than a second."""
    number = np.arange(time_s.size)
    silent = np.diff(time_s, prepend=-np.inf) > 1.0
    since = number - np.maximum.accumulate(np.where(silent, number, 0))
    return np.asarray(since % _SAMPLES == 0)

"""Writes a recording's motion and positions as a zip of CSV files in the manner of the Sensor Logger app for phones.

Values go out as on Android with units and frames standardised: acceleration with gravity in m/s², at rest positive on the
axis that points up (`TotalAcceleration.csv`), rotation in rad/s, columns `z,y,x`, times in nanoseconds since 1970 beside
seconds since the start. Only what the recording holds is written; a missing value is an empty cell. Laps go out as
annotations at their starts. What the files cannot hold: cadence, distance, ends of laps, pauses, a zone that is not a whole
hour.
"""

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from retropace.errors import UnusableInput
from retropace.recording import MOTION_CHANNELS, FloatArray, Recording, Stream

#: What the archive's files are dated; a fixed date keeps the bytes the same.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Sensor of a recording → file and its columns with the channel each holds.
_MOTION_FILES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "accelerometer": ("TotalAcceleration", tuple(zip("zyx", MOTION_CHANNELS["accelerometer"][::-1], strict=True))),
    "gyroscope": ("Gyroscope", tuple(zip("zyx", MOTION_CHANNELS["gyroscope"][::-1], strict=True))),
    "magnetometer": ("Magnetometer", tuple(zip("zyx", MOTION_CHANNELS["magnetometer"][::-1], strict=True))),
    "orientation": (
        "Orientation",
        (("qz", "quaternion_z"), ("qy", "quaternion_y"), ("qx", "quaternion_x"), ("qw", "quaternion_w")),
    ),
    "heading": ("Compass", (("magneticBearing", "device_heading_deg"),)),
}
_LOCATION = (
    ("horizontalAccuracy", "position_error_m"),
    ("speed", "speed_mps"),
    ("bearing", "course_deg"),
    ("altitude", "altitude_m"),
    ("longitude", "longitude_deg"),
    ("latitude", "latitude_deg"),
)
_HEART = (("bpm", "heart_rate_bpm"),)


def archive_bytes(recording: Recording) -> bytes:
    """The zip archive of `recording`. Raises UnusableInput where it has no start time or nothing to write."""
    if recording.start is None:
        raise UnusableInput(
            "The recording has no start time, and these files tell time by date",
            file=recording.origin.name,
            field="start",
            remedy="Give the recording a start first.",
        )
    tables = _tables(recording, recording.start)
    if not tables:
        raise UnusableInput("The recording holds no motion and no positions to write", file=recording.origin.name)
    if recording.laps:
        tables["Annotation"] = _annotations(recording, recording.start)
    tables["Metadata"] = _metadata(recording, recording.start)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in tables.items():
            member = zipfile.ZipInfo(f"{name}.csv", _ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text)
    return buffer.getvalue()


def _tables(recording: Recording, start: datetime) -> dict[str, str]:
    tables = {}
    for sensor, (name, columns) in _MOTION_FILES.items():
        if len(stream := recording.motion.get(sensor, Stream(np.empty(0), {}))):
            tables[name] = _table(stream, start, columns)
    track = recording.track
    if track.channel("latitude_deg") is not None:
        tables["Location"] = _table(_where_finite(track, "latitude_deg"), start, _LOCATION)
    if track.channel("heart_rate_bpm") is not None:
        tables["HeartRate"] = _table(_where_finite(track, "heart_rate_bpm"), start, _HEART)
    return tables


def _where_finite(stream: Stream, key: str) -> Stream:
    kept = np.isfinite(stream.channels[key])
    return Stream(stream.time_s[kept], {name: values[kept] for name, values in stream.channels.items()})


def _table(stream: Stream, start: datetime, columns: tuple[tuple[str, str], ...]) -> str:
    held = [(name, stream.channels[key]) for name, key in columns if key in stream.channels]
    header = ",".join(["time", "seconds_elapsed", *(name for name, _ in held)])
    time_ns = _since_epoch_ns(start) + np.round(stream.time_s * 1e9).astype(np.int64)
    cells = [time_ns.tolist(), stream.time_s.tolist(), *(values.tolist() for _, values in held)]
    row = "%d,%.9g" + "".join(f",{_format(name)}" for name, _ in held) + "\n"
    rows = "".join([row % line for line in zip(*cells, strict=True)])
    return f"{header}\n{rows}".replace("nan", "")


def _since_epoch_ns(start: datetime) -> int:
    return (start - _EPOCH) // timedelta(microseconds=1) * 1000


def _annotations(recording: Recording, start: datetime) -> str:
    header = ("time", "seconds_elapsed", "text", "millisecond_press_duration")
    start_ns = _since_epoch_ns(start)
    rows = [(start_ns + round(lap.start_s * 1e9), f"{lap.start_s:.9g}", lap.name or "", 0) for lap in recording.laps]
    return _written([header, *rows])


def _written(rows: Iterable[Iterable[object]]) -> str:
    """Rows with words in them, quoted where need be."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _format(column: str) -> str:
    """Seven digits, all that a sensor's 32 bits hold; a place on Earth to a tenth of a millimetre."""
    return "%.9f" if column in ("latitude", "longitude") else "%.7g"


def _metadata(recording: Recording, start: datetime) -> str:
    rates = {s: _interval_ms(stream.time_s) for s, stream in recording.motion.items() if s in _MOTION_FILES}
    values = {
        "version": "3",
        "device name": recording.origin.device or "unknown",
        "recording epoch time": str((start - _EPOCH) // timedelta(milliseconds=1)),
        "recording time": (start + (recording.utc_offset or timedelta(0))).strftime("%Y-%m-%d_%H-%M-%S"),
        "recording timezone": _zone(recording.utc_offset),
        "platform": "android",
        "sensors": "|".join(_MOTION_FILES[sensor][0] for sensor in rates),
        "sampleRateMs": "|".join(rates.values()),
        "standardisation": "true",
    }
    return _written([values, values.values()])


def _interval_ms(time_s: FloatArray) -> str:
    return f"{1000 * float(np.median(np.diff(time_s))):.3g}" if time_s.size > 1 else "0"


def _zone(offset: timedelta | None) -> str:
    """A zone of the zone database with that offset, whose sign is reversed there; empty where there is none."""
    hours, rest = divmod(offset, timedelta(hours=1)) if offset is not None else (0, timedelta(1))
    return "" if rest or not -12 <= hours <= 14 else f"Etc/GMT{-hours:+d}"

"""Sensor Logger (tszheichoi): a zip or folder of one CSV for each sensor, or a single one of them.

What the files mean is in the application's own notes: https://github.com/tszheichoi/awesome-sensor-logger (UNITS.md,
COORDINATES.md). Two things matter most. `Accelerometer` is without gravity, so `Gravity` is added to it unless
`TotalAcceleration` is there. And iOS turns the sign of all three unless "Standardise Units & Frames" is on, so it is
turned back.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from retropace.errors import UnsupportedFile
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.readers.archive import ZIP_MARKS, Bundle, unzipped
from retropace.readers.instants import EPOCH
from retropace.readers.rows import number
from retropace.readers.streams import Taken, whole
from retropace.readers.table import Table, table_of, words_of
from retropace.recording import MOTION_CHANNELS, FloatArray, Origin, Recording, Repair

#: Sensors with columns x, y, z → our stream. The first file that is there is taken.
AXES = {
    "gyroscope": ("Gyroscope", "GyroscopeUncalibrated"),
    "magnetometer": ("Magnetometer", "MagnetometerUncalibrated"),
}
#: Files of positions, the phone's first, and their columns → channels of the track.
LOCATIONS = ("Location", "LocationGps", "WatchLocation")
LOCATION_COLUMNS = {
    "latitude": "latitude_deg",
    "longitude": "longitude_deg",
    "speed": "speed_mps",
    "bearing": "course_deg",
    "course": "course_deg",
    "horizontalAccuracy": "position_error_m",
    "altitude": "altitude_m",
    "altitudeAboveMeanSeaLevel": "altitude_m",
}
#: Columns in which a negative value means that the phone does not know.
_NEGATIVE_IS_UNKNOWN = frozenset({"speed", "bearing", "course", "horizontalAccuracy"})
HEARTS = ("HeartRate", "WatchHeartRate")
_MARKS = frozenset(
    "accelerometer totalacceleration gyroscope gravity wristmotion location orientation magnetometer".split()  # noqa: SIM905
)
_FILES = _MARKS | {stem.lower() for stem in (*LOCATIONS, *HEARTS, *AXES["gyroscope"], *AXES["magnetometer"])} | {
    "accelerometeruncalibrated", "compass", "watchcompass", "pedometer"
}  # fmt: skip
#: A pedometer reports a batch of steps every few seconds; over a longer silence no cadence is told.
_LONGEST_COUNT_S = 30.0
#: Median length [m/s²] of an acceleration that holds gravity, and one [g or m/s²] below which it is in g.
_WITH_GRAVITY, _LARGEST_IN_G = (7.0, 20.0), 3.0
#: Share of specific force that must point up once it is turned to the earth.
_UPRIGHT = 0.5

#: A time zone's name; what looks otherwise is not asked of the zone database, which takes it for a path.
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")
#: A table and the time [s] of each of its rows.
Found = tuple[Table, FloatArray]
Motion = Mapping[str, Mapping[str, FloatArray]]


def sniff(name: str, data: bytes) -> bool:
    """Whether this is a zip of Sensor Logger, or one of its CSV files."""
    if data[:4] in ZIP_MARKS:
        return is_recording(unzipped(name, data))
    header = data[:400].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return header[:1].isalpha() and b"seconds_elapsed" in header


def is_recording(bundle: Bundle) -> bool:
    """Whether the outermost files of the bundle are one recording of Sensor Logger."""
    stems = {path[:-4].lower() for path in bundle.members if "/" not in path and path.lower().endswith(".csv")}
    return "metadata" in stems and bool(stems & _MARKS)


def read(name: str, data: bytes) -> Recording:
    """The recording in a zip, or what one of its CSV files holds by itself."""
    if data[:4] in ZIP_MARKS:
        return read_bundle(unzipped(name, data))
    return read_bundle(Bundle(name, {f"{_sensor_in(name, data)}.csv": lambda: data}))


def _sensor_in(name: str, data: bytes) -> str:
    """Which sensor a single file is: only its name says it, unless it shows gravity."""
    stem = next(iter(re.findall("[A-Za-z]+", name.rsplit("/", 1)[-1])), "")
    table = None if stem.lower() in _FILES else table_of(data)
    axes = _vector(table) if table else None
    return "TotalAcceleration" if axes and _WITH_GRAVITY[0] <= _size(axes) <= _WITH_GRAVITY[1] else stem


def read_bundle(bundle: Bundle) -> Recording:
    """The recording in a bundle of CSV files. Raises UnsupportedFile where none of them is a sensor that is read."""
    about = _about(bundle)
    turned = _turned(about)
    force, repairs = _specific_force(bundle, turned=turned)
    orientation, disagreeing = _orientation(bundle, force)
    parts = [part for part in (force, *_axes(bundle), orientation, _compass(bundle)) if part]
    parts += _wrist(bundle, parts, turned=turned)
    parts += [part for part in (_location(bundle), _hearts(bundle), _steps(bundle)) if part]
    if not parts:
        raise UnsupportedFile(
            "None of the sensors in the recording is read",
            file=bundle.name,
            remedy="Record Accelerometer with Gravity (or TotalAcceleration) and Gyroscope, and keep the files' names.",
        )
    device = about.get("device name") or None
    origin = Origin(bundle.name, "sensor_logger", device=device, simulated=(device or "").endswith("(simulated)"))
    offset = _utc_offset(about.get("recording timezone"), float(parts[0].moments_s[0]))
    parts[0] = replace(parts[0], utc_offset=offset)
    return whole(origin, parts, marks=_annotations(bundle), repairs=repairs + disagreeing)


def _about(bundle: Bundle) -> dict[str, str]:
    """The first row of Metadata.csv by column."""
    data = bundle.named("Metadata")
    rows = words_of(data) if data else []
    return dict(zip(rows[0], rows[1], strict=False)) if len(rows) > 1 else {}


def _turned(about: Mapping[str, str]) -> bool:
    """Whether accelerations have Apple's sign."""
    return about.get("platform", "").lower().startswith("ios") and about.get("standardisation", "").lower() != "true"


def _utc_offset(zone: str | None, epoch_s: float) -> timedelta | None:
    if not zone or not _ZONE.fullmatch(zone):
        return None
    try:
        return (EPOCH + timedelta(seconds=epoch_s)).astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return None


def _sensor(bundle: Bundle, *stems: str) -> Found | None:
    """The first of the named files that is there, and its times [s since 1970, or since the start where silent]."""
    for stem in stems:
        data = bundle.named(stem)
        table = table_of(data) if data else None
        if table is None:
            continue
        if "time" in table.header:
            return table, table.numbers(table.header.index("time")) / 1e9
        if "seconds_elapsed" in table.header:
            return table, table.numbers(table.header.index("seconds_elapsed"))
    return None


def _columns(table: Table, names: Mapping[str, str]) -> dict[str, FloatArray]:
    """Channels by the names of their columns; where two columns give one channel, the later one that holds values."""
    channels: dict[str, FloatArray] = {}
    for column, channel in names.items():
        if column in table.header:
            values = table.numbers(table.header.index(column))
            if column in _NEGATIVE_IS_UNKNOWN:
                values = np.where(values < 0, np.nan, values)
            if channel not in channels or np.isfinite(values).any():
                channels[channel] = values
    return channels


def _taken(found: Found, motion: Motion | None = None, track: Mapping[str, FloatArray] | None = None) -> Taken:
    """A part; times since 1970 are dates."""
    table, moments_s = found
    dated = bool(np.isfinite(moments_s).any() and np.nanmedian(moments_s) > 1e9)
    return Taken(moments_s, track or {}, motion or {}, dated, None, table.repairs)


def _vector(table: Table, prefix: str = "") -> list[FloatArray] | None:
    names = [f"{prefix}{axis.upper() if prefix else axis}" for axis in "xyz"]
    if not all(name in table.header for name in names):
        return None
    return [table.numbers(table.header.index(name)) for name in names]


def _size(axes: list[FloatArray]) -> float:
    """Median length of a vector, NaN where it is never whole."""
    return _middle(np.sqrt(np.sum(np.square(axes), axis=0)))


def _middle(values: FloatArray) -> float:
    """Median, NaN where there is no value."""
    return float(np.nanmedian(values)) if np.isfinite(values).any() else np.nan


def _specific_force(bundle: Bundle, *, turned: bool) -> tuple[Taken | None, list[Repair]]:
    """The accelerometer as specific force [m/s²], or why there is none."""
    sign = -1.0 if turned else 1.0
    if (total := _sensor(bundle, "TotalAcceleration")) and (axes := _vector(total[0])):
        return _force(total, axes, sign), []
    motion, gravity = _sensor(bundle, "Accelerometer"), _sensor(bundle, "Gravity")
    own, pull = (_vector(found[0]) if found else None for found in (motion, gravity))
    if motion and gravity and own and pull:
        along = [_interpolated(motion[1], gravity[1], axis) for axis in pull]
        return _force(motion, [axis + g for axis, g in zip(own, along, strict=True)], sign), []
    if motion and own and _WITH_GRAVITY[0] <= _size(own) <= _WITH_GRAVITY[1]:
        return _force(motion, own, sign), []
    if (raw := _sensor(bundle, "AccelerometerUncalibrated")) and (axes := _vector(raw[0])):
        return _force(raw, axes, sign * _scale(axes)), []
    return None, [Repair("unknown_part", 1, "(Accelerometer holds no gravity; record Gravity too.)")] if motion else []


def _scale(axes: list[FloatArray]) -> float:
    """From g to m/s² where the values are plainly in g, as iOS gives raw and wrist motion."""
    return STANDARD_GRAVITY_MPS2 if _size(axes) < _LARGEST_IN_G else 1.0


def _interpolated(at_s: FloatArray, known_s: FloatArray, values: FloatArray) -> FloatArray:
    order = np.argsort(known_s, kind="stable")
    order = order[np.isfinite(known_s[order]) & np.isfinite(values[order])]
    if order.size == 0:
        return np.full(at_s.size, np.nan)
    return np.asarray(np.interp(at_s, known_s[order], values[order]))


def _force(found: Found, axes: list[FloatArray], scale: float) -> Taken:
    keys = MOTION_CHANNELS["accelerometer"]
    return _taken(found, {"accelerometer": {key: axis * scale for key, axis in zip(keys, axes, strict=True)}})


def _axes(bundle: Bundle) -> list[Taken]:
    parts = []
    for stream, stems in AXES.items():
        found = _sensor(bundle, *stems)
        if found and (axes := _vector(found[0])):
            parts.append(_taken(found, {stream: dict(zip(MOTION_CHANNELS[stream], axes, strict=True))}))
    return parts


def _orientation(bundle: Bundle, force: Taken | None) -> tuple[Taken | None, list[Repair]]:
    """Orientation from the sensor to the earth. Systems differ in which way round they mean it: gravity tells."""
    found = _sensor(bundle, "Orientation")
    channels = _columns(found[0], {f"q{axis}": f"quaternion_{axis}" for axis in "wxyz"}) if found else {}
    if not found or not force or len(channels) < 4:
        return None, []
    axes = [_interpolated(found[1], force.moments_s, values) for values in force.motion["accelerometer"].values()]
    w, x, y, z = (channels[f"quaternion_{axis}"] for axis in "wxyz")
    level = (1 - 2 * (x * x + y * y)) * axes[2]
    tilt = 2 * (y * z * axes[1] + x * z * axes[0])
    turn = 2 * w * (x * axes[1] - y * axes[0])
    upward, turned_upward = (_middle(level + tilt + by) for by in (turn, -turn))
    if upward > _UPRIGHT * _size(axes):
        return _taken(found, {"orientation": channels}), []
    if turned_upward > _UPRIGHT * _size(axes):
        turned = {key: values if key == "quaternion_w" else -values for key, values in channels.items()}
        return _taken(found, {"orientation": turned}), []
    return None, [Repair("unknown_part", 1, "(Orientation does not agree with gravity.)")]


def _compass(bundle: Bundle) -> Taken | None:
    found = _sensor(bundle, "Compass", "WatchCompass")
    channels = _columns(found[0], {"magneticBearing": "device_heading_deg"}) if found else {}
    return (
        _taken(found, {"heading": {key: values % 360 for key, values in channels.items()}})
        if found and channels
        else None
    )


def _wrist(bundle: Bundle, parts: list[Taken], *, turned: bool) -> list[Taken]:
    """The watch's motion, where the phone recorded none."""
    found = _sensor(bundle, "WristMotion")
    if not found or any("accelerometer" in part.motion for part in parts):
        return []
    own, pull, turns = (_vector(found[0], prefix) for prefix in ("acceleration", "gravity", "rotationRate"))
    if own is None or pull is None:
        return []
    axes = [axis + g for axis, g in zip(own, pull, strict=True)]
    force = _force(found, axes, (-1.0 if turned else 1.0) * _scale(axes))
    if turns is None:
        return [force]
    return [force, _taken(found, {"gyroscope": dict(zip(MOTION_CHANNELS["gyroscope"], turns, strict=True))})]


def _location(bundle: Bundle) -> Taken | None:
    found = _sensor(bundle, *LOCATIONS)
    channels = _columns(found[0], LOCATION_COLUMNS) if found else {}
    return _taken(found, track=channels) if found and channels else None


def _hearts(bundle: Bundle) -> Taken | None:
    found = _sensor(bundle, *HEARTS)
    channels = _columns(found[0], {"bpm": "heart_rate_bpm"}) if found else {}
    return _taken(found, track=channels) if found and channels else None


def _steps(bundle: Bundle) -> Taken | None:
    """Cadence between two counts of the pedometer, at the later one."""
    found = _sensor(bundle, "Pedometer")
    steps = _columns(found[0], {"steps": "steps"}).get("steps") if found else None
    if not found or steps is None:
        return None
    moments_s = found[1]
    passed = np.diff(moments_s, prepend=np.nan)
    counted = np.diff(steps, prepend=np.nan)
    told = (passed > 0) & (passed <= _LONGEST_COUNT_S) & (counted >= 0)
    cadence = np.full(steps.size, np.nan)
    cadence[told] = 60 * counted[told] / passed[told]
    return _taken(found, track={"cadence_spm": cadence})


def _annotations(bundle: Bundle) -> list[tuple[float, str]]:
    """Moments the person marked, with their words. A file with one annotation is no table, so it is read as plain CSV."""
    data = bundle.named("Annotation")
    header, *rows = (words_of(data) if data else []) or [[]]
    if "time" not in header or "text" not in header:
        return []
    at, words = header.index("time"), header.index("text")
    whole_rows = [row for row in rows if len(row) > max(at, words)]
    return [(number(row[at]) / 1e9, row[words].strip()) for row in whole_rows]

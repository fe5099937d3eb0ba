"""Headers: recognises what the columns of a table hold from the many names people give them.

Only names that can mean one thing are taken. Acceleration without gravity ("linear", "user") is not specific force and is
passed over.
"""

import re
from collections.abc import Sequence

from retropace.readers.column_map import Columns
from retropace.readers.units import TIME_UNITS, UNITS
from retropace.recording import MOTION_CHANNELS

#: Name of a sensor in a column or file name → our stream.
_SENSORS = {
    "accelerometer": r"(?:total)?acc(?:el|eleration|elerometer)?|a",
    "gyroscope": r"gyr(?:o|oscope)?|rotation(?:rate)?|angular(?:velocity|rate)|angvel|w",
    "magnetometer": r"mag(?:n|netic|netometer|neticfield)?|m",
}
_TIME = re.compile(
    r"(?:acc|accel|gyr|gyro|mag|sensor|system|unix|utc|epoch|elapsed|relative|experiment)*(?:time|timestamp|ts|t)"
)
_TIME_WORDS = frozenset({"secondselapsed", "elapsed", "seconds", "datetime", "epoch", "date", "milliseconds"})
#: Column name, lower case letters and digits only → channel of a track.
_TRACK = {
    **dict.fromkeys(("lat", "latitude", "positionlat", "gpslatitude"), "latitude_deg"),
    **dict.fromkeys(("lon", "lng", "long", "longitude", "positionlong", "gpslongitude"), "longitude_deg"),
    **dict.fromkeys(("alt", "altitude", "ele", "elevation", "height", "enhancedaltitude"), "altitude_m"),
    **dict.fromkeys(("horizontalaccuracy", "positionerror"), "position_error_m"),
    **dict.fromkeys(("speed", "velocity", "enhancedspeed"), "speed_mps"),
    **dict.fromkeys(("distance", "dist"), "distance_m"),
    **dict.fromkeys(("hr", "heartrate", "bpm", "pulse"), "heart_rate_bpm"),
    **dict.fromkeys(("cadence", "cad"), "cadence_spm"),
    **dict.fromkeys(("power", "watts"), "power_w"),
    **dict.fromkeys(("temp", "temperature", "atemp"), "temperature_degc"),
    **dict.fromkeys(("course", "bearing", "direction"), "course_deg"),
    "directioncode": "direction_code",
}
#: Channels whose unit everybody leaves out because there is but one.
_ONE_UNIT = {
    "latitude_deg": "deg",
    "longitude_deg": "deg",
    "course_deg": "deg",
    "heart_rate_bpm": "bpm",
    "cadence_spm": "spm",
    "power_w": "w",
    "temperature_degc": "c",
    "altitude_m": "m",
    "position_error_m": "m",
}
_ALL_UNITS = frozenset(unit for units in UNITS.values() for unit in units) | frozenset(TIME_UNITS)
_RATE = re.compile(r"(?:rate|freq|sampl)[^0-9]{0,30}(\d+(?:\.\d+)?)\s*hz", re.IGNORECASE)


def recognised(header: Sequence[str], preamble: Sequence[str] = (), hint: str = "") -> Columns | None:
    """A map of the columns that are understood, None where there is nothing to measure or no time.

    `hint` is the file's name, which may say the sensor where the columns only say x, y, z.

    >>> recognised(["timestamp (ms)", "ax (g)", "ay (g)", "az (g)"]).channels["acceleration_x_mps2"]
    ('ax (g)', 'g')
    """
    words = [_parted(name) for name in header]
    bases = [base for base, _ in words]
    channels: dict[str, tuple[str, str]] = {}
    for name, (base, unit) in zip(header, words, strict=True):
        channel = _motion_channel(base, bases) or _track_channel(base, unit)
        if channel and channel not in channels:
            channels[channel] = (name, unit or ("g" if base.startswith("gf") else _ONE_UNIT.get(channel, "")))
    if not channels:
        channels = _bare_axes(header, words, hint)
    rate_hz = _rate(preamble)
    time = next(((name, unit) for name, (base, unit) in zip(header, words, strict=True) if _is_time(base)), None)
    if not channels or (time is None and rate_hz is None):
        return None
    return Columns(channels, time[0] if time else None, time[1] if time and time[1] in TIME_UNITS else "", rate_hz)


def _parted(name: str) -> tuple[str, str]:
    """A column's name in plain letters, and the unit it names, "" where silent."""
    unit = ""
    bracket = re.fullmatch(r"(.*?)[\s_]*[(\[]([^)\]]*)[)\]]\s*", name)
    if bracket:
        name, unit = bracket.group(1), bracket.group(2).strip().lower().replace(" ", "")
    else:
        head, _, last = re.sub(r"[\s_-]in[\s_-]", "_", name, flags=re.IGNORECASE).rpartition("_")
        if head and last.lower() in _ALL_UNITS and not re.fullmatch("[xyzmtgw]", last):
            name, unit = head, last.lower()
    base = re.sub(r"[^a-z0-9]", "", name.lower())
    return re.sub(r"(?:list|values?|raw)$", "", base), unit


def _is_time(base: str) -> bool:
    return base in _TIME_WORDS or _TIME.fullmatch(base) is not None


def _motion_channel(base: str, bases: Sequence[str]) -> str | None:
    axis = re.fullmatch(r"(.+?)(?:axis)?([xyz])(?:axis)?|([xyz])(?:axis)?(.+)", base)
    if axis is None:
        return None
    word, letter = (axis.group(1), axis.group(2)) if axis.group(2) else (axis.group(4), axis.group(3))
    stream = _stream(word)
    if word == "g" and f"a{letter}" in bases:
        stream = "gyroscope"  # ax ay az gx gy gz; alone, gx may be a g-force
    if word == "gf":
        stream = "accelerometer"
    return None if stream is None else MOTION_CHANNELS[stream]["xyz".index(letter)]


def _track_channel(base: str, unit: str) -> str | None:
    """A channel of the track. A direction is a course only where it is in degrees: it may be that of travel."""
    return None if base == "direction" and unit not in UNITS["deg"] else _TRACK.get(base)


def _stream(word: str) -> str | None:
    return next((stream for stream, pattern in _SENSORS.items() if re.fullmatch(pattern, word)), None)


def _bare_axes(header: Sequence[str], words: Sequence[tuple[str, str]], hint: str) -> dict[str, tuple[str, str]]:
    """Columns x, y, z, whose sensor the unit or the file's name tells."""
    axes = {base: (name, unit) for name, (base, unit) in zip(header, words, strict=True) if base in ("x", "y", "z")}
    if len(axes) < 3:
        return {}
    unit = next((unit for _, unit in axes.values() if unit), "")
    stream = _stream_of_unit(unit) or _stream_of_name(hint)
    if stream is None:
        return {}
    return {key: (axes[axis][0], unit) for key, axis in zip(MOTION_CHANNELS[stream], "xyz", strict=True)}


def _stream_of_unit(unit: str) -> str | None:
    """The sensor whose unit it is. Acceleration may lack gravity, so its unit alone says too little."""
    own = {"gyroscope": "radps", "magnetometer": "ut"}
    return next((stream for stream, key in own.items() if unit in UNITS[key] and unit not in ("t", "mt")), None)


def _stream_of_name(hint: str) -> str | None:
    """The sensor a file's name speaks of, None where it says linear or user acceleration."""
    tokens = [token.lower() for token in re.findall(r"[A-Za-z][a-z]+|[A-Z]+", hint.rsplit(".", 1)[0])]
    if {"linear", "user", "lin"} & set(tokens):
        return None
    return next((stream for token in tokens if len(token) > 2 and (stream := _stream(token))), None)


def _rate(preamble: Sequence[str]) -> float | None:
    found = _RATE.search("\n".join(preamble)[:10_000])
    rate = float(found.group(1)) if found else 0.0
    return rate if 0.01 <= rate <= 10_000 else None

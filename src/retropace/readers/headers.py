"""Headers: recognises what the columns of a table hold from the many names people give them.

Only names that can mean one thing are taken. Acceleration without gravity ("linear", "user") is not specific force and is
passed over.
"""

import re
from collections.abc import Iterable, Sequence

from retropace.readers.column_map import Columns
from retropace.readers.units import TIME_UNITS, UNITS
from retropace.recording import MOTION_CHANNELS

#: Name of a sensor in a column or file name → our stream.
_SENSORS = {
    "accelerometer": r"(?:total)?acc(?:e|el|eleration|elerometer)?|a|specificforce|beschleunigung|acceleracion|accélération",
    "gyroscope": r"gyr(?:o|oscope)?|rotation(?:rate)?|angular(?:velocity|rate|speed)|angvel|w|drehrate|winkelgeschwindigkeit"
    r"|turnrate|rateofturn|omega",
    "magnetometer": r"mag(?:n|netic|netometer|neticfield)?|m",
}
_TIME = re.compile(
    r"(?:acc|accel|gyr|gyro|mag|imu|sensor|device|host|local|log|sample|system|unix|utc|epoch|epoc|elapsed|relative|experiment"
    r"|shimmer|cal)*(?:times?|timestamps?|ts|t|timestampunix|zeit|zeitstempel|temps|tiempo)(?:unix|sync|cal)*"
)
_TIME_WORDS = frozenset(
    {
        "secondselapsed",
        "elapsed",
        "seconds",
        "datetime",
        "epoch",
        "epoc",
        "date",
        "milliseconds",
        "microseconds",
        "millis",
        "ms",
        "us",
        "ns",
        "micros",
        "sekunden",
    }
)
#: Words that make a column tell the time whatever else is in its name, and words that make it the time of something else.
_OF_TIME = frozenset(("time", "times", "timestamp", "timestamps", "zeit", "zeitstempel", "temps", "tiempo"))
_OF_SOMETHING_ELSE = frozenset(
    ("location", "gps", "fix", "zone", "heart", "event", "label", "battery", "activity", "altimeter", "pedometer")
)
_DATE = "date"
#: A sensor's own clock, in its own ticks; taken where nothing else tells the time.
_TICKS = "sampletimefine"
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
_RATES = (
    re.compile(r"\bat (\d+(?:\.\d+)?) *hz\b", re.IGNORECASE),
    re.compile(r"(?:rate|freq|sampl)[^0-9\n]{0,30}(\d+(?:\.\d+)?)\s*hz", re.IGNORECASE),
    re.compile(
        r"(?:(?:sampl\w*|update|output|acquisition|data)[ _-]*(?:rate|freq\w*)|\bfs|\bodr)(?:[ _]*[(\[]hz[)\]])?"
        r"[^\w\n]{1,12}(\d+(?:\.\d+)?)\s*(?:$|hz|[^\w.])",
        re.IGNORECASE | re.MULTILINE,
    ),
)


def recognised(header: Sequence[str], preamble: Sequence[str] = (), hint: str = "") -> Columns | None:
    """A map of the columns that are understood, None where there is nothing to measure or no time.

    `hint` is the file's name, which may say the sensor where the columns only say x, y, z.

    >>> recognised(["timestamp (ms)", "ax (g)", "ay (g)", "az (g)"]).channels["acceleration_x_mps2"]
    ('ax (g)', 'g')
    """
    spelled = _spelled(header)
    own = dict(zip(reversed(spelled), reversed(header), strict=True))
    words = [_parted(name) for name in spelled]
    channels, plus, others = _channels(spelled, words, hint)
    rate_hz = named_rate(preamble)
    time = _time(spelled, words, rate_hz)
    if not channels or (time is None and rate_hz is None):
        return None
    column, unit = time or (None, "")
    return Columns(
        {key: (own[name], unit) for key, (name, unit) in channels.items()},
        None if column is None else own[column],
        unit if unit in TIME_UNITS else "",
        rate_hz,
        others=others,
        plus={key: own[name] for key, name in plus.items()},
    )


Words = Sequence[tuple[str, str]]


def _channels(header: Sequence[str], words: Words, hint: str) -> tuple[dict[str, tuple[str, str]], dict[str, str], int]:
    """Channels by column and unit; the columns to be added to them; how many sensors were left aside."""
    bases = [base for base, _ in words]
    channels: dict[str, tuple[str, str]] = {}
    for name, (base, unit) in zip(header, words, strict=True):
        channel = _motion_channel(base, bases, unit) or _track_channel(base, unit)
        if channel and channel not in channels:
            channels[channel] = (name, unit or ("g" if base.startswith("gf") else _ONE_UNIT.get(channel, "")))
    wordy, others = _wordy_axes(header, [unit for _, unit in words], channels)
    channels |= wordy
    if not channels:
        channels = _bare_axes(header, words, hint)
    force = MOTION_CHANNELS["accelerometer"]
    apple = any("useracceleration" in base for base in bases)
    if not set(force) & set(channels):
        summed, plus = _with_gravity(header, words, apple=apple)
        return channels | summed, plus, others
    if apple:  # beside it the raw accelerometer has its sign turned too
        channels |= {key: (channels[key][0], "-g") for key in force if channels.get(key, ("", ""))[1] == "g"}
    return channels, {}, others


#: The last of three numbers instead of x, y, z: `acce_0`, `gyro[2] (deg/s)`.
_NUMBERED = re.compile(r"(.*?)[\s_.]*[\[(]?([0-3])[\])]?(\s*[\[(][^()\[\]]*[^0-3()\[\]][)\]])?\s*")


def _spelled(header: Sequence[str]) -> list[str]:
    """The header with x, y, z where a sensor's axes are numbered from 0 or 1."""
    found = [_NUMBERED.fullmatch(name) for name in header]
    numbers: dict[str, list[str]] = {}
    for match in found:
        if match and any(sensor_named(word) for word in (_parted(match[1])[0], *_lower_words(match[1]))):
            numbers.setdefault(match[1], []).append(match[2])
    firsts = {base: seen[0] for base, seen in numbers.items() if seen in (["0", "1", "2"], ["1", "2", "3"])}
    return [
        f"{match[1]}_{'xyz'[int(match[2]) - int(firsts[match[1]])]}{match[3] or ''}"
        if match and match[1] in firsts
        else name
        for name, match in zip(header, found, strict=True)
    ]


def _lower_words(name: str) -> list[str]:
    """The words of a name, parted where signs or capitals part them."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-z])|\d+", name)]


def _with_gravity(
    header: Sequence[str], words: Words, *, apple: bool
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Acceleration without gravity and the gravity beside it, which together are what an accelerometer feels.

    Apple's, in g, has the sign of all of it turned.
    """
    own: dict[str, tuple[str, str]] = {}
    pull: dict[str, str] = {}
    for name, (_, unit) in zip(header, words, strict=True):
        said = _lower_words(re.sub(r"[(\[].*", "", name))
        axis = [word for word in said if word in ("x", "y", "z")]
        if len(axis) != 1:
            continue
        key = MOTION_CHANNELS["accelerometer"]["xyz".index(axis[0])]
        if {"gravity", "grav"} & set(said):
            pull.setdefault(key, name)
        elif {"user", "linear", "lin"} & set(said) and any(sensor_named(word) == "accelerometer" for word in said):
            own.setdefault(key, (name, "-g" if apple and unit in ("", "g") else unit))
    return (own, pull) if len(own) == len(pull) == 3 else ({}, {})


def _time(header: Sequence[str], words: Words, rate_hz: float | None) -> tuple[str, str] | None:
    """The column of the time and its unit; a sensor's own ticks, or what only speaks of time, where no rate is named."""
    named = [(name, base, unit) for name, (base, unit) in zip(header, words, strict=True)]
    times = [(name, unit) for name, base, unit in named if _is_time(base) and base != _DATE]
    dates = [(name, unit) for name, base, unit in named if base == _DATE]
    if rate_hz is not None:
        return next(iter([*times, *dates]), None)
    ticks = [(name, unit) for name, base, unit in named if base == _TICKS]
    wordy = [(name, unit) for name, _, unit in named if _speaks_of_time(name)]
    counted = [(name, unit) for name, _, unit in named if unit in TIME_UNITS]
    return next(iter([*times, *ticks, *wordy, *dates, *counted]), None)


def _speaks_of_time(name: str) -> bool:
    words = set(_lower_words(name))
    return bool(words & _OF_TIME) and not words & _OF_SOMETHING_ELSE


def date_column(header: Sequence[str]) -> str | None:
    """The column of dates beside one of times of day, None where there is none."""
    return next((name for name in header if _parted(name)[0] == _DATE), None)


def is_ticks(name: str) -> bool:
    """Whether a column counts a sensor's own ticks."""
    return _parted(name)[0] == _TICKS


def _parted(name: str) -> tuple[str, str]:
    """A column's name in plain letters, and the unit it names, "" where silent."""
    unit, name = "", name.strip()
    bracket = re.fullmatch(r"(.*?)[\s_]*[(\[]((?:[^()\[\]]|\([^()]*\))*)[)\]]\s*", name)
    if bracket:
        name, unit = bracket.group(1), bracket.group(2).strip().lower().replace(" ", "")
    else:
        head, _, last = re.sub(r"[\s_-]in[\s_-]", "_", name, flags=re.IGNORECASE).rpartition("_")
        single = re.fullmatch("[xyzmtgw]", last) and not (last == "g" and re.search("[xyz]$", head, re.IGNORECASE))
        if head and last.lower() in _ALL_UNITS and not single:
            name, unit = head, last.lower()
    base = re.sub(r"[^a-z0-9]", "", name.lower())
    return re.sub(r"(?:list|values?|raw)$", "", base), unit


def is_time(name: str) -> bool:
    """Whether a name means the time and nothing else."""
    return _is_time(_parted(name)[0])


def _is_time(base: str) -> bool:
    return base in _TIME_WORDS or _TIME.fullmatch(base) is not None


def _motion_channel(base: str, bases: Sequence[str], unit: str) -> str | None:
    axis = re.fullmatch(r"(.+?)(?:axis)?([xyz])(?:axis)?|([xyz])(?:axis)?(.+)", base)
    if axis is None:
        return None
    word, letter = (axis.group(1), axis.group(2)) if axis.group(2) else (axis.group(4), axis.group(3))
    stream = sensor_named(word)
    if word == "g" and (f"a{letter}" in bases or unit in UNITS["radps"]):
        stream = "gyroscope"  # ax ay az gx gy gz; alone, gx may be a g-force
    if word == "gf":
        stream = "accelerometer"
    return None if stream is None else MOTION_CHANNELS[stream]["xyz".index(letter)]


#: Words beside an axis that say something else than a sensor's own reading.
_NOT_FELT = re.compile(
    r"linear|lin|user|free|gravity|grav|world|earth|global|jerk|offset|bias|std|var|mean|max|min|norm|euler|quat|angle"
    r"|position|pos|velocity|vel|displacement|disp|force|moment|vertical|horizontal|east|north|up"
)


def _wordy_axes(
    header: Sequence[str], units: Sequence[str], known: Iterable[str]
) -> tuple[dict[str, tuple[str, str]], int]:
    """Channels of sensors that `known` lacks, where more words stand beside sensor and axis: `left_foot_acc_x`.

    Of several such sensors it is the first; the second is how many were left aside. Rotation is that of the same place
    as acceleration where the words tell.
    """
    # ROS calls specific force linear, beside angular velocity; whether gravity is in it, its values will show.
    unproven = {"linear"} if any("angular" in name.lower() for name in header) else set()
    groups: dict[tuple[str, tuple[str, ...]], dict[str, tuple[str, str]]] = {}
    for name, unit in zip(header, units, strict=True):
        found = _among_words(re.sub(r"[(\[].*", "", name), unit, unproven)
        if found:
            channel, stream, place = found
            groups.setdefault((stream, place), {}).setdefault(channel, (name, unit))
    whole = {key: axes for key, axes in groups.items() if len(axes) == 3}
    chosen: dict[str, tuple[str, str]] = {}
    where: tuple[str, ...] = ()
    for stream, keys in MOTION_CHANNELS.items():
        places = [words for kind, words in whole if kind == stream]
        if places and not set(keys) & set(known):
            nearest = max(places, key=lambda words: len(set(words) & set(where)))
            chosen |= whole[stream, nearest]
            where = where or nearest
    taken = len(chosen) // 3
    return chosen, len(whole) - taken if taken else 0


def _among_words(name: str, unit: str, unproven: Iterable[str]) -> tuple[str, str, tuple[str, ...]] | None:
    """Channel, sensor and the other words in a column's name but `unproven`, None where it is no sensor's axis."""
    words = _lower_words(name)
    letters = [word for word in words if word in ("x", "y", "z")]
    fused = [word for word in words if re.fullmatch(r"(?:a|g|w|acc|gyr|gyro|mag|accel)[xyz]", word)]
    if len(letters) + len(fused) != 1:
        return None
    rest = [word for word in words if word not in letters and word not in fused and word != "axis"]
    if fused:
        word, letter = fused[0][:-1], fused[0][-1]
        stream = "gyroscope" if word == "g" and unit not in ("g", "mg") else sensor_named(word)
        return (MOTION_CHANNELS[stream]["xyz".index(letter)], stream, tuple(rest)) if stream else None
    said = [(at, size, kind) for size in (2, 1) for at in range(len(rest)) if (kind := _sensor_at(rest, at, size))]
    told = _stream_of_unit(unit) or ("accelerometer" if unit in UNITS["mps2"] else None)  # gravity will show, or not
    if not said and (told is None or not rest):
        return None
    at, size, stream = said[0] if said else (0, 0, told or "")
    place = tuple(word for word in rest[:at] + rest[at + size :] if word not in unproven)
    if any(_NOT_FELT.fullmatch(word) for word in place) or len({kind for _, _, kind in said}) > 1:
        return None
    return MOTION_CHANNELS[stream]["xyz".index(letters[0])], stream, place


def _sensor_at(words: Sequence[str], at: int, size: int) -> str | None:
    """The sensor that `size` words from `at` on name; a single letter names none."""
    word = "".join(words[at : at + size])
    return sensor_named(word) if len(words[at : at + size]) == size and len(word) > 2 else None


def _track_channel(base: str, unit: str) -> str | None:
    """A channel of the track. A direction is a course only where it is in degrees: it may be that of travel."""
    return None if base == "direction" and unit not in UNITS["deg"] else _TRACK.get(base)


def sensor_named(word: str) -> str | None:
    """The sensor that a word of a column's or a file's name means, lower case letters only; None for any other word.

    >>> sensor_named("gyro"), sensor_named("pocket")
    ('gyroscope', None)
    """
    return next((stream for stream, pattern in _SENSORS.items() if re.fullmatch(pattern, word)), None)


def _bare_axes(header: Sequence[str], words: Words, hint: str) -> dict[str, tuple[str, str]]:
    """Columns x, y, z, with the same word before all of them or none, whose sensor the unit or the file's name tells."""
    named = {base.removesuffix("axis"): (name, unit) for name, (base, unit) in zip(header, words, strict=True)}
    before = [base[:-1] for base in named if base[-1:] == "x" and {f"{base[:-1]}{axis}" for axis in "yz"} <= set(named)]
    if len(before) != 1 or any(map(_NOT_FELT.fullmatch, _lower_words(named[f"{before[0]}x"][0]))):
        return {}
    axes = {axis: named[before[0] + axis] for axis in "xyz"}
    unit = next((unit for _, unit in axes.values() if unit), "")
    stream = _stream_of_unit(unit) or sensor_in_name(hint)
    if stream is None:
        return {}
    return {key: (axes[axis][0], unit) for key, axis in zip(MOTION_CHANNELS[stream], "xyz", strict=True)}


def _stream_of_unit(unit: str) -> str | None:
    """The sensor whose unit it is. Acceleration in m/s² may lack gravity, so that says too little; force is in g."""
    if unit in ("g", "mg"):
        return "accelerometer"
    own = {"gyroscope": "radps", "magnetometer": "ut"}
    return next((stream for stream, key in own.items() if unit in UNITS[key] and unit not in ("t", "mt")), None)


def sensor_in_name(hint: str) -> str | None:
    """The sensor a file's name speaks of, None where it says linear or user acceleration."""
    tokens = [token.lower() for token in re.findall(r"[A-Za-z][a-z]+|[A-Z]+", hint.rsplit(".", 1)[0])]
    if {"linear", "user", "lin"} & set(tokens):
        return None
    return next((stream for token in tokens if len(token) > 2 and (stream := sensor_named(token))), None)


def named_rate(preamble: Sequence[str]) -> float | None:
    """Samples per second [Hz] as the lines above a table name it, None where they do not.

    >>> named_rate(["Acquisition frequency: 100 Hz"]), named_rate(["# fs = 128"]), named_rate(["Samples: 300"])
    (100.0, 128.0, None)
    """
    text = "\n".join(preamble)[:10_000]
    found = next((match for pattern in _RATES if (match := pattern.search(text))), None)
    rate = float(found.group(1)) if found else 0.0
    return rate if 0.01 <= rate <= 10_000 else None

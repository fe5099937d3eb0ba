"""Headers: recognises what the columns of a table hold from the many names people give them.

Only names that can mean one thing are taken. Acceleration without gravity ("linear", "user") is not specific force and is
passed over.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from retropace.readers.column_map import ANY, Columns, Wish
from retropace.readers.several import Axes, chosen, sensors_in, told_of
from retropace.readers.units import TIME_UNITS, UNITS, plain_unit
from retropace.readers.words import NOT_FELT, axis_in, lower_words, sensor_named, stream_of_unit
from retropace.recording import MOTION_CHANNELS, UNNAMED, Chosen

_TIME = re.compile(
    r"(?:acc|accel|gyr|gyro|mag|imu|sensor|device|host|local|log|sample|system|unix|utc|epoch|epoc|elapsed|relative|experiment"
    r"|shimmer|cal)*(?:times?|timestamps?|ts|t|timestampunix|zeit|zeitstempel|temps|tiempo|tempo)(?:unix|sync|cal)*"
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
_OF_TIME = frozenset(("time", "times", "timestamp", "timestamps", "zeit", "zeitstempel", "temps", "tiempo", "tempo"))
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
_MOTION_KEYS = frozenset(key for keys in MOTION_CHANNELS.values() for key in keys)
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


#: A line above the table that is nothing but a rate, as FREQUENCY 100.
_ALONE = re.compile(
    r"^\W*(?:frequency|(?:frame|capture|sampling|sample|data|update) ?rate|rate|fs|hz)\W{1,5}(\d+(?:\.\d+)?)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
_PERIOD = re.compile(r"(?:period|interval|time ?step)\W{1,5}(\d+(?:\.\d+)?) *ms\b", re.IGNORECASE)
#: What has a frequency and is no rate.
_FILTER = re.compile(r"filter|cut-?off|pass|bandwidth|butterworth|notch", re.IGNORECASE)


def recognised(header: Sequence[str], preamble: Sequence[str] = (), hint: str = "", wish: Wish = ANY) -> Columns | None:
    """A map of the columns that are understood, None where there is nothing to measure or no time.

    `hint` is the file's name, which may say the sensor where the columns only say x, y, z. Of several sensors it is the
    one of the `wish`, else the best. Raises UnusableInput where no sensor fits the wish.

    >>> recognised(["timestamp (ms)", "ax (g)", "ay (g)", "az (g)"]).channels["acceleration_x_mps2"]
    ('ax (g)', 'g')
    """
    spelled = _spelled(header)
    own = {name: f"#{at}" for at, name in enumerate(spelled, 1)} | {
        name: original
        for name, original in zip(reversed(spelled), reversed(header), strict=True)
        if header.count(original) == 1 or name == original
    }
    words = [_parted(name) for name in spelled]
    found = _found(spelled, words, hint, wish)
    rate_hz = named_rate(preamble)
    time = _time(spelled, words, rate_hz, found.chosen)
    if not found.channels or (time is None and rate_hz is None):
        return None
    column, unit = time or (None, "")
    return Columns(
        {key: (own[name], unit) for key, (name, unit) in found.channels.items()},
        None if column is None else own[column],
        unit if unit in TIME_UNITS else "",
        rate_hz,
        plus={key: own[name] for key, name in found.plus.items()},
        chosen=found.chosen,
    )


Words = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Found:
    """Channels by column and unit; the columns to be added to them; which sensor of several they are of."""

    channels: Axes
    plus: dict[str, str] = field(default_factory=dict)
    chosen: Chosen = UNNAMED


def _found(header: Sequence[str], words: Words, hint: str, wish: Wish) -> _Found:
    """What the columns of a header hold."""
    bases = [base for base, _ in words]
    plain = _plain_channels(header, words)
    sensors = sensors_in(header, [unit for _, unit in words], _by_stream(plain))
    read = chosen(sensors, wish) if sensors else None
    # What lacks an axis goes along where it can be of no other sensor, so that its lack is told.
    alone = {key for stream, keys in MOTION_CHANNELS.items() if read and stream not in read.streams for key in keys}
    passed_on = alone if len(sensors) == 1 else set()
    channels = {key: column for key, column in plain.items() if key not in _MOTION_KEYS or key in passed_on}
    channels |= read.channels if read else {}
    if not channels or not _has(channels, "accelerometer"):
        channels |= _bare_axes(header, words, hint, channels)
    told = told_of(sensors, read) if read else UNNAMED
    force = MOTION_CHANNELS["accelerometer"]
    apple = any("useracceleration" in base for base in bases)
    if not set(force) & set(channels):
        summed, plus = _with_gravity(header, words, apple=apple)
        return _Found(channels | summed, plus, told)
    if apple:  # beside it the raw accelerometer has its sign turned too
        channels |= {key: (channels[key][0], "-g") for key in force if channels.get(key, ("", ""))[1] == "g"}
    return _Found(channels, {}, told)


def _plain_channels(header: Sequence[str], words: Words) -> Axes:
    """Channels that the whole of a column's name means, as `ax` or `heart_rate`."""
    bases = [base for base, _ in words]
    channels: Axes = {}
    for name, (base, unit) in zip(header, words, strict=True):
        channel = _motion_channel(base, bases, unit) or _track_channel(base, unit)
        if channel and channel not in channels:
            channels[channel] = (name, unit or ("g" if base.startswith("gf") else _ONE_UNIT.get(channel, "")))
    return channels


def _by_stream(channels: Axes) -> dict[str, Axes]:
    """The raw sensors among them."""
    streams = {
        stream: {key: channels[key] for key in keys if key in channels} for stream, keys in MOTION_CHANNELS.items()
    }
    return {stream: axes for stream, axes in streams.items() if axes}


#: The last of three numbers instead of x, y, z: `acce_0`, `gyro[2] (deg/s)`.
_NUMBERED = re.compile(r"(.*?)[\s_.]*[\[(]?([0-3])[\])]?(\s*[\[(][^()\[\]]*[^0-3()\[\]][)\]])?\s*")


def _spelled(header: Sequence[str]) -> list[str]:
    """The header with x, y, z where a sensor's axes are numbered from 0 or 1."""
    found = [_NUMBERED.fullmatch(name) for name in header]
    numbers: dict[str, list[str]] = {}
    for match in found:
        axis = match and lower_words(match[1])[-1:] in (["x"], ["y"], ["z"])  # accX1 is the X of the first of several
        if match and not axis and any(map(sensor_named, (_parted(match[1])[0], *lower_words(match[1])))):
            numbers.setdefault(match[1], []).append(match[2])
    firsts = {base: seen[0] for base, seen in numbers.items() if seen in (["0", "1", "2"], ["1", "2", "3"])}
    return _numbered_apart(
        [
            f"{match[1]}_{'xyz'[int(match[2]) - int(firsts[match[1]])]}{match[3] or ''}"
            if match and match[1] in firsts
            else name
            for name, match in zip(header, found, strict=True)
        ]
    )


def _numbered_apart(names: Sequence[str]) -> list[str]:
    """The names, those of a sensor's axis that come again numbered: a second sensor stands behind the first."""
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        again = seen.get(name, 0)
        seen[name] = again + 1
        plain = re.sub(r"[(\[].*", "", name)
        apart.append(f"{plain} {again + 1}{name[len(plain) :]}" if again and axis_in(plain, "") else name)
    return apart


def _with_gravity(
    header: Sequence[str], words: Words, *, apple: bool
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Acceleration without gravity and the gravity beside it, which together are what an accelerometer feels.

    Apple's, in g, has the sign of all of it turned.
    """
    own: dict[str, tuple[str, str]] = {}
    pull: dict[str, str] = {}
    for name, (_, unit) in zip(header, words, strict=True):
        said = lower_words(re.sub(r"[(\[].*", "", name))
        axis = [word for word in said if word in ("x", "y", "z")]
        if len(axis) != 1:
            continue
        key = MOTION_CHANNELS["accelerometer"]["xyz".index(axis[0])]
        if {"gravity", "grav"} & set(said):
            pull.setdefault(key, name)
        elif {"user", "linear", "lin"} & set(said) and any(sensor_named(word) == "accelerometer" for word in said):
            own.setdefault(key, (name, "-g" if apple and unit in ("", "g") else unit))
    return (own, pull) if len(own) == len(pull) == 3 else ({}, {})


def _time(header: Sequence[str], words: Words, rate_hz: float | None, told: Chosen) -> tuple[str, str] | None:
    """The column of the time and its unit; a sensor's own ticks, or what only speaks of time, where no rate is named.

    Where each sensor has a time of its own, it is that of the one that is read.
    """
    named = [(name, base, unit) for name, (base, unit) in zip(header, words, strict=True)]
    times = [(name, unit) for name, base, unit in named if _is_time(base) and base != _DATE]
    dates = [(name, unit) for name, base, unit in named if base == _DATE]
    if rate_hz is not None:
        return next(iter([*times, *dates]), None)
    if len(told.of) > 1 and (own := _own_time(header, words, told)):
        return own
    ticks = [(name, unit) for name, base, unit in named if base == _TICKS]
    wordy = [(name, unit) for name, _, unit in named if _speaks_of_time(name)]
    counted = [(name, unit) for name, _, unit in named if unit in TIME_UNITS]
    apart = [(header[at], "") for at in list(parts_of_time(header).values())[:1]]
    return next(iter([*times, *ticks, *wordy, *dates, *counted, *apart]), None)


#: Words over columns that are parts of one time.
_PARTS = {
    **dict.fromkeys(("hour", "hours", "hh"), "hour"),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "mm"), "minute"),
    **dict.fromkeys(("second", "seconds", "secs", "sec", "ss"), "second"),
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "usec", "usecs", "microsecond", "microseconds"), "us"),
    **dict.fromkeys(("nsec", "nsecs", "nanosec", "nanosecs", "nanosecond", "nanoseconds"), "ns"),
}


def parts_of_time(header: Sequence[str]) -> dict[str, int]:
    """Where the columns are that are one time together, as hour, minute, second; empty where there are none.

    >>> parts_of_time(["Hour", "Minute", "Second", "ms", "ax"]), parts_of_time(["ms", "ax"])
    ({'hour': 0, 'minute': 1, 'second': 2, 'ms': 3}, {})
    """
    found: dict[str, int] = {}
    for at, name in enumerate(header):
        part = _PARTS.get(next(iter(lower_words(name)[-1:]), "")) if len(lower_words(name)) < 4 else None
        if part:
            found.setdefault(part, at)
    whole = {"minute", "second"} <= set(found) or {"second", "ns"} <= set(found) or {"second", "us"} <= set(found)
    return found if whole else {}


def _own_time(header: Sequence[str], words: Words, told: Chosen) -> tuple[str, str] | None:
    """The column of the time that has all of a sensor's words in its name."""
    mine = set(told.name.split())
    named = zip(header, words, strict=True)
    return next(
        ((name, unit) for name, (_, unit) in named if _speaks_of_time(name) and mine <= set(lower_words(name))), None
    )


def _speaks_of_time(name: str) -> bool:
    words = set(lower_words(name))
    return bool(words & _OF_TIME) and not words & _OF_SOMETHING_ELSE


def date_column(header: Sequence[str]) -> str | None:
    """The column of dates beside one of times of day, None where there is none."""
    return next((name for name in header if _parted(name)[0] == _DATE), None)


def is_ticks(name: str) -> bool:
    """Whether a column counts a sensor's own ticks."""
    return _parted(name)[0] == _TICKS


#: A unit whose signs have become underlines: `acc_x_m_s2`, `gyr_x_deg_s`.
_UNDERLINED = re.compile(r"(.+?)_((?:m|rad|deg|mdeg)_s(?:_?\^?2)?)", re.IGNORECASE)


def counts_ticks(name: str) -> bool:
    """Whether a column speaks of ticks, which are of any length."""
    return bool({"tick", "ticks"} & set(lower_words(name)))


def _parted(name: str) -> tuple[str, str]:
    """A column's name in plain letters, and the unit it names, "" where silent."""
    unit, name = "", name.strip()
    bracket = re.fullmatch(r"(.*?)[\s_]*[(\[]((?:[^()\[\]]|\([^()]*\))*)[)\]]\s*", name)
    if bracket:
        name, unit = bracket.group(1), plain_unit(bracket.group(2))
    elif under := _UNDERLINED.fullmatch(name):
        name, unit = under.group(1), plain_unit(under.group(2).replace("_", "/", 1).replace("_", ""))
    else:
        head, _, last = re.sub(r"[\s_-]in[\s_-]", "_", name, flags=re.IGNORECASE).rpartition("_")
        single = re.fullmatch("[xyzmtgw]", last) and not (last == "g" and re.search("[xyz]$", head, re.IGNORECASE))
        if head and last.lower() in _ALL_UNITS and not single:
            name, unit = head, last.lower()
    base = re.sub(r"[^a-z0-9]", "", name.replace("ω", "omega").lower())
    return re.sub(r"(?:list|values?|raw)$", "", base), unit


def is_time(name: str) -> bool:
    """Whether a name means the time and nothing else."""
    return _is_time(_parted(name)[0])


def _is_time(base: str) -> bool:
    return base in _TIME_WORDS or _TIME.fullmatch(base) is not None


#: Rates of turning by the names of ships and aircraft.
_TURNS_ABOUT = dict(zip(("rollrate", "pitchrate", "yawrate"), MOTION_CHANNELS["gyroscope"], strict=True))


def _motion_channel(base: str, bases: Sequence[str], unit: str) -> str | None:
    axis = re.fullmatch(r"(.+?)(?:axis)?([xyz])(?:axis)?|([xyz])(?:axis)?(.+)", base)
    if base in _TURNS_ABOUT:
        return _TURNS_ABOUT[base]
    if axis is None:
        return None
    word, letter = (axis.group(1), axis.group(2)) if axis.group(2) else (axis.group(4), axis.group(3))
    stream = sensor_named(word)
    if word == "g" and (f"a{letter}" in bases or unit in UNITS["radps"]):
        stream = "gyroscope"  # ax ay az gx gy gz; alone, gx may be a g-force
    if word == "gf":
        stream = "accelerometer"
    return None if stream is None else MOTION_CHANNELS[stream]["xyz".index(letter)]


def _track_channel(base: str, unit: str) -> str | None:
    """A channel of the track. A direction is a course only where it is in degrees: it may be that of travel."""
    return None if base == "direction" and unit not in UNITS["deg"] else _TRACK.get(base)


def _bare_axes(header: Sequence[str], words: Words, hint: str, known: Axes) -> Axes:
    """Columns x, y, z, with the same word before all of them or none, whose sensor the unit or the file's name tells.

    Beside a rotation of the `known` channels they are an acceleration, if gravity is in them.
    """
    triples = [axes for axes in _bare_triples(header, words) if axes[0] not in known.values()]
    found: Axes = {}
    for axes in sorted(triples, key=lambda axes: stream_of_unit(_unit(axes)) is None):
        stream = stream_of_unit(_unit(axes)) or (sensor_in_name(hint) if len(triples) == 1 else None)
        others = {**known, **found}
        if stream is None and _unit(axes) in ("", *UNITS["mps2"]) and _has(others, "gyroscope"):
            stream = "accelerometer"
        if stream is not None and not _has(others, stream):
            found |= dict(zip(MOTION_CHANNELS[stream], axes, strict=True))
    return found


def _unit(axes: Sequence[tuple[str, str]]) -> str:
    """The unit that one of the axes names, "" where silent."""
    return next((unit for _, unit in axes if unit), "")


def _has(channels: Collection[str], stream: str) -> bool:
    return any(key in channels for key in MOTION_CHANNELS[stream])


def _bare_triples(header: Sequence[str], words: Words) -> Iterator[tuple[tuple[str, str], ...]]:
    """Columns whose names end in x, y, z behind the same letters or none, each with its unit; as often as they come."""
    named = [(base.removesuffix("axis"), (name, unit)) for name, (base, unit) in zip(header, words, strict=True)]
    stems = dict.fromkeys(base[:-1] for base, _ in named if base[-1:] == "x")
    for stem in stems:
        columns = [[column for base, column in named if base == f"{stem}{axis}"] for axis in "xyz"]
        for axes in zip(*columns, strict=False):
            if not any(map(NOT_FELT.fullmatch, lower_words(axes[0][0]))):
                yield axes


def sensor_in_name(hint: str) -> str | None:
    """The sensor a file's name speaks of, None where it says linear or user acceleration."""
    if is_weightless_named(hint):
        return None
    return next((stream for token in _tokens(hint) if len(token) > 2 and (stream := sensor_named(token))), None)


def is_weightless_named(hint: str) -> bool:
    """Whether a file's name speaks of acceleration without gravity."""
    return bool({"linear", "user", "lin", "free", "segment"} & set(_tokens(hint)))


def _tokens(hint: str) -> list[str]:
    return [token.lower() for token in re.findall(r"[A-Za-z][a-z]+|[A-Z]+", hint.rsplit(".", 1)[0])]


def named_rate(preamble: Sequence[str]) -> float | None:
    """Samples per second [Hz] as the lines above a table name it, None where they do not.

    >>> named_rate(["Acquisition frequency: 100 Hz"]), named_rate(["# fs = 128"]), named_rate(["Samples: 300"])
    (100.0, 128.0, None)
    >>> named_rate(["Recorded in 2020 with 50 Hz", "Low pass: 20 Hz"]), named_rate(["Sample period: 10 ms"])
    (50.0, 100.0)
    """
    text = "\n".join(preamble)[:10_000]
    found = next((match for pattern in (*_RATES, _ALONE) if (match := pattern.search(text))), None)
    period = _PERIOD.search(text)
    rate = float(found.group(1)) if found else 1000 / max(float(period.group(1)), 1e-3) if period else _only_hz(text)
    return rate if 0.01 <= rate <= 10_000 else None


def _only_hz(text: str) -> float:
    """The one number of Hz in lines that do not speak of filters; 0.0 where there are none or several."""
    lines = [line for line in text.splitlines() if not _FILTER.search(line)]
    told = {float(number) for line in lines for number in re.findall(r"\b(\d+(?:\.\d+)?) *hz\b", line, re.IGNORECASE)}
    return told.pop() if len(told) == 1 else 0.0

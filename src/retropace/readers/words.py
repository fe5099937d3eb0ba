"""Words: what the words in a column's name say of a sensor and its axis: `left_foot_acc_x`, `LF_ax`, `imu1/gyr/z`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retropace.readers.units import UNITS
from retropace.recording import MOTION_CHANNELS

#: Name of a sensor in a column or file name → our stream.
_SENSORS = {
    "accelerometer": r"a|ac|(?:total)?acc(?:e|el|eleration|elerometer)?|specificforce|beschl(?:eunigung)?|acceleracion"
    r"|accélération|aceleraci[oó]n|acelera[cç][aã]o|accelerazione",
    "gyroscope": r"w|gy|gyr(?:o|oscope)?|girosc[oó]pio|rotation(?:rate)?|angular(?:velocity|rate|speed)|angvel|drehrate"
    r"|winkelgeschwindigkeit|turnrate|rateofturn|omega",
    "magnetometer": r"mag(?:n|netic|netometer|neticfield)?|m",
}
#: Words beside an axis that say something else than a sensor's own reading.
NOT_FELT = re.compile(
    r"linear|lin|user|free|gravity|grav|world|earth|global|jerk|offset|bias|std|var|mean|max|min|norm|euler|quat|angle"
    r"|position|pos|velocity|vel|displacement|disp|force|moment|vertical|horizontal|east|north|up"
)
#: A sensor and an axis written together, and a sensor behind other words that are written together with it.
_FUSED = re.compile(r"(?:a|g|w|acc|accel|gyr|gyro|mag)[xyz]")
_TOGETHER = re.compile(r"(.+?)(acceleration|accelerometer|accel|acc|gyroscope|gyro|gyr|mag)([xyz]?)")
_AXES = ("x", "y", "z")


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a sensor: its `channel`, its `stream`, and the words beside both, which say whose it is."""

    channel: str
    stream: str
    beside: tuple[str, ...]


def words_of(row: str) -> frozenset[str]:
    """The words of a row, as one writes a list of them."""
    return frozenset(row.split())


def lower_words(name: str) -> list[str]:
    """The words of a name, parted where signs or capitals part them.

    >>> lower_words("LeftFoot_AccX"), lower_words("IMU1/gyr/z")
    (['left', 'foot', 'acc', 'x'], ['imu', '1', 'gyr', 'z'])
    """
    return [word.lower() for word in re.findall(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-z])|\d+", name.replace("ω", "omega"))]


def sensor_named(word: str) -> str | None:
    """The sensor that a word of a column's or a file's name means, lower case letters only; None for any other word.

    >>> sensor_named("gyro"), sensor_named("pocket")
    ('gyroscope', None)
    """
    return next((stream for stream, pattern in _SENSORS.items() if re.fullmatch(pattern, word)), None)


def stream_of_unit(unit: str) -> str | None:
    """The sensor whose unit it is. Acceleration in m/s² may lack gravity, so that says too little; force is in g."""
    if unit in ("g", "mg"):
        return "accelerometer"
    own = {"gyroscope": "radps", "magnetometer": "ut"}
    return next((stream for stream, key in own.items() if unit in UNITS[key] and unit not in ("t", "mt")), None)


def axis_in(name: str, unit: str, unproven: Iterable[str] = ()) -> Axis | None:
    """The axis that a column's name speaks of, None where it is none of a sensor's own; `unproven` words say nothing.

    >>> axis_in("left_foot_acc_x", "g")
    Axis(channel='acceleration_x_mps2', stream='accelerometer', beside=('left', 'foot'))
    """
    words = _joined(_parted(lower_words(name)))
    letters = [word for word in words if word in _AXES]
    fused = [word for word in words if _FUSED.fullmatch(word)]
    if len(letters) + len(fused) != 1:
        return None
    rest = [word for word in words if word not in letters and word not in fused and word != "axis"]
    if fused:
        return _of_fused(fused[0], unit, rest)
    said = [(at, size, kind) for size in (2, 1) for at in range(len(rest)) if (kind := _sensor_at(rest, at, size))]
    told = stream_of_unit(unit) or ("accelerometer" if unit in UNITS["mps2"] else None)  # gravity will show, or not
    if not said and (told is None or not rest):
        return None
    at, size, stream = said[0] if said else (0, 0, told or "")
    beside = tuple(word for word in rest[:at] + rest[at + size :] if word not in unproven)
    if any(NOT_FELT.fullmatch(word) for word in beside) or len({kind for _, _, kind in said}) > 1:
        return None
    return Axis(_channel(stream, letters[0]), stream, beside)


def _of_fused(word: str, unit: str, rest: Sequence[str]) -> Axis | None:
    """The axis of a sensor that is written together with it, as `ax`."""
    sensor, letter = word[:-1], word[-1]
    stream = "gyroscope" if sensor == "g" and unit not in ("g", "mg") else sensor_named(sensor)
    if stream is None or any(NOT_FELT.fullmatch(beside) for beside in rest):
        return None
    return Axis(_channel(stream, letter), stream, tuple(rest))


def _channel(stream: str, letter: str) -> str:
    return MOTION_CHANNELS[stream][_AXES.index(letter)]


def _parted(words: Sequence[str]) -> list[str]:
    """The same words, `leftfootaccx` in three."""
    parted: list[str] = []
    for word in words:
        found = None if sensor_named(word) or _FUSED.fullmatch(word) else _TOGETHER.fullmatch(word)
        parted += [part for part in found.groups() if part] if found else [word]
    return parted


def _joined(words: Sequence[str]) -> list[str]:
    """The same words, a sensor's single letter and the axis behind it in one, as of `LF_aX` and `a1x`."""
    joined: list[str] = []
    for word in words:
        number = joined[-1] if joined and joined[-1].isdecimal() else None
        letter = joined[-2:-1] if number else joined[-1:]
        if word in _AXES and letter and letter[0] in ("a", "g", "w"):
            joined[-2 if number else -1] += word
        else:
            joined.append(word)
    return joined


def _sensor_at(words: Sequence[str], at: int, size: int) -> str | None:
    """The sensor that `size` words from `at` on name; a single letter names none."""
    word = "".join(words[at : at + size])
    return sensor_named(word) if len(words[at : at + size]) == size and len(word) > 2 else None

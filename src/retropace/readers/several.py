"""Several: which sensors stand side by side in one table, by the words beside their axes, and which of them is read.

What stands beside sensor and axis says whose they are: `left_foot_acc_x` and `left_foot_gyr_z` are of one. Words on how it
was measured (`LN`, `cal`) part nothing. A rotation without acceleration joins an acceleration without rotation where
no word says that they are of two.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retropace.errors import UnusableInput
from retropace.readers.column_map import ANY, Wish
from retropace.readers.places import Place, place_of, spelled, tells_apart
from retropace.readers.words import axis_in, lower_words, words_of
from retropace.recording import MOTION_CHANNELS, UNNAMED, Chosen, Repair

#: Words on how something was measured, which say nothing of where.
_HOW_MEASURED = words_of(
    "ln wr low noise wide range high hg lowg highg cal calibrated uncal uncalibrated comp uncomp"
    " compensated scaled raw data signal value values filt filtered total measured readings read sensor"
)
#: Of two ways of measuring the same, the one that is not so called.
_SECOND_BEST = frozenset(("raw", "uncal", "uncalibrated", "uncomp", "hg", "highg"))
_FORCE, _TURNS = "accelerometer", "gyroscope"
_MOST_NAMED = 16

#: Channel → the column that holds it, and its unit.
Axes = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sensor:
    """One of the sensors in a table: the words that say whose it is, and its axes by stream."""

    words: tuple[str, ...]
    streams: Mapping[str, Axes]

    @property
    def place(self) -> Place:
        """Where its words say it was."""
        return place_of(self.words)

    @property
    def name(self) -> str:
        """What it is called: its words, or its first column where there are none."""
        return " ".join(dict.fromkeys(self.words)) or next(iter(next(iter(self.streams.values())).values()))[0]

    @property
    def channels(self) -> Axes:
        """All its axes."""
        return {key: axis for axes in self.streams.values() for key, axis in axes.items()}

    @property
    def is_whole(self) -> bool:
        """Whether it has accelerometer and gyroscope."""
        return _FORCE in self.streams and _TURNS in self.streams


def sensors_in(header: Sequence[str], units: Sequence[str], plain: Mapping[str, Axes]) -> list[Sensor]:
    """Every sensor in the columns, in their order; `plain` are the axes by stream that were understood without words."""
    whole = {stream: axes for stream, axes in plain.items() if len(axes) == len(MOTION_CHANNELS[stream])}
    found: dict[tuple[str, ...], dict[str, Axes]] = {(): whole} if whole else {}
    for (stream, beside), axes in sorted(
        _groups(header, units, plain).items(), key=lambda group: _measured(group[0][1])
    ):
        if len(axes) == 3:
            found.setdefault(_whose(beside), {}).setdefault(stream, axes)
    if not found and plain:  # an axis lacks, which is said later
        found = {(): dict(plain)}
    joined = _joined(_joined(found, _TURNS), "magnetometer")
    sensors = [Sensor(words, streams) for words, streams in joined.items()]
    felt = [sensor for sensor in sensors if _FORCE in sensor.streams or _TURNS in sensor.streams]
    return sorted(felt or sensors, key=lambda sensor: _first(header, sensor))


def _first(header: Sequence[str], sensor: Sensor) -> int:
    """Where in the table it begins."""
    return min(header.index(column) for column, _ in sensor.channels.values())


def _measured(beside: Iterable[str]) -> bool:
    return bool(_SECOND_BEST & set(beside))


def _whose(beside: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in beside if word not in _HOW_MEASURED)


def _groups(
    header: Sequence[str], units: Sequence[str], plain: Mapping[str, Axes]
) -> dict[tuple[str, tuple[str, ...]], Axes]:
    """The axes that belong together, by stream and the words beside them."""
    # ROS calls specific force linear, beside angular velocity; whether gravity is in it, its values will show.
    unproven = {"linear"} if any("angular" in name.lower() for name in header) else set()
    taken = {column for axes in plain.values() for column, _ in axes.values()}
    groups: dict[tuple[str, tuple[str, ...]], Axes] = {}
    for name, unit in zip(header, units, strict=True):
        axis = None if name in taken else axis_in(re.sub(r"[(\[].*", "", name), unit, unproven)
        if axis:
            groups.setdefault((axis.stream, axis.beside), {}).setdefault(axis.channel, (name, unit))
    return groups


def _joined(found: Mapping[tuple[str, ...], dict[str, Axes]], stream: str) -> dict[tuple[str, ...], dict[str, Axes]]:
    """The same, where a `stream` that stands apart from any acceleration has come to the one it can only belong to."""
    joined = {words: dict(streams) for words, streams in found.items()}
    for words in [words for words, streams in found.items() if stream in streams and _FORCE not in streams]:
        hosts = [other for other, streams in joined.items() if _FORCE in streams and stream not in streams]
        likely = [other for other in hosts if not _contradict(words, other)]
        shared = [len(set(spelled(words)) & set(spelled(other))) for other in likely]
        best = [other for other, share in zip(likely, shared, strict=True) if share == max(shared)]
        if len(best) == 1:
            joined[best[0]][stream] = joined[words].pop(stream)
            if not joined[words]:
                del joined[words]
    return joined


def _contradict(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each has a word of its own on side, part of the body or number."""
    first, second = set(spelled(one)), set(spelled(other))
    return any(map(tells_apart, first - second)) and any(map(tells_apart, second - first))


# -- which of them ------------------------------------------------------------------------------------------------------


def chosen(sensors: Sequence[Sensor], wish: Wish = ANY) -> Sensor:
    """The sensor to read: the one wished for, else the best for direction, else the first.

    Raises UnusableInput with their names where the wish fits none or several.
    """
    if len(sensors) == 1 and not sensors[0].words:
        return sensors[0]
    if wish.sensor is not None:
        return sensors[at_name(wish.sensor, names_of(sensors))]
    return sensors[best_of([(sensor.is_whole, sensor.place) for sensor in sensors], wish)]


def best_of(found: Sequence[tuple[bool, Place]], wish: Wish = ANY) -> int:
    """Position of the best of sensors, each with whether it is whole and where it was, at the place wished for if any is.

    >>> best_of([(True, place_of(["wrist"])), (True, place_of(["foot"]))], Wish(placement="wrist"))
    0
    """
    placed = [at for at, (_, place) in enumerate(found) if wish.placement and place.placement == wish.placement]
    return min(placed or range(len(found)), key=lambda at: (not found[at][0], found[at][1].rank))


def names_of(sensors: Sequence[Sensor]) -> tuple[str, ...]:
    """What the sensors are called, without the words that all names begin with."""
    words = [list(dict.fromkeys(sensor.words)) for sensor in sensors]
    while len(words) > 1 and all(_says_more(each) for each in words) and len({each[0] for each in words}) == 1:
        words = [each[1:] for each in words]
    return tuple(" ".join(each) or sensor.name for each, sensor in zip(words, sensors, strict=True))


def _says_more(words: Sequence[str]) -> bool:
    """Whether the words behind the first are a name by themselves: a bare number is none."""
    return len(words) > 1 and not words[1].isdecimal()


def at_name(wished: str, names: Sequence[str]) -> int:
    """Position of the one of `names` that `wished` is, or is a part of.

    >>> at_name("LeftF", ["left foot", "right foot"])
    0
    """
    plain, known = _plain(wished), [_plain(name) for name in names]
    found = [at for at, name in enumerate(known) if name == plain]
    found = found or [at for at, name in enumerate(known) if plain and plain in name]
    if len(found) == 1:
        return found[0]
    what = f"No sensor here is called {wished!r}" if not found else f"{wished!r} fits {len(found)} of the sensors here"
    raise UnusableInput(what, field="--sensor", remedy=f"Choose one of: {listed(names)}.")


def listed(names: Sequence[str]) -> str:
    """Names in a row, not more than a person reads."""
    return ", ".join(names[:_MOST_NAMED]) + (
        f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def told_of(sensors: Sequence[Sensor], read: Sensor) -> Chosen:
    """What is kept of the choice."""
    names = names_of(sensors)
    if len(sensors) == 1 and not read.words:
        return UNNAMED
    return Chosen(names[list(sensors).index(read)], names, read.place.placement)


def chosen_part(parts: Sequence[tuple[str, Iterable[str]]], wish: Wish) -> tuple[int, Chosen]:
    """Which of the parts of a file to read, as sheets or arrays, by their names and the channels each has; and what is told.

    Raises UnusableInput as `chosen`.
    """
    names = [name for name, _ in parts]
    placed = [(_is_whole(channels), place_of(lower_words(name))) for name, channels in parts]
    at = best_of(placed, wish) if wish.sensor is None else at_name(wish.sensor, names)
    return at, Chosen(names[at], tuple(names), placed[at][1].placement)


def _is_whole(channels: Iterable[str]) -> bool:
    return {MOTION_CHANNELS[_FORCE][0], MOTION_CHANNELS[_TURNS][0]} <= set(channels)


def repairs_of(told: Chosen) -> list[Repair]:
    """What a person reads of a choice, where there was one.

    >>> [repair.note for repair in repairs_of(Chosen("left foot", ("left foot", "pelvis")))]
    ['Read was “left foot”. To read another: --sensor NAME, or the session’s page in the app (pelvis).']
    """
    rest = [name for name in told.of if name != told.name]
    if not rest:
        return []
    note = f"Read was “{told.name}”. To read another: --sensor NAME, or the session’s page in the app ({listed(rest)})."
    return [Repair("several", len(told.of), note)]

"""Siblings: files whose names differ in nothing but a sensor's word, as `walk_acc.csv` and `walk_gyro.csv`.

Names only say which files may belong together; whether they do, `apart` finds in them.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retropace.errors import UnusableInput
from retropace.readers.words import sensor_named
from retropace.recording import Recording, Repair

#: A few tables given together are tried whatever they are called.
MOST_UNNAMED = 3
_TEXTS = (".csv", ".txt", ".tsv", ".log", ".dat")
_RATE = re.compile(r"\d+(?:\.\d+)?\s*hz", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]+")
#: Words that make of a sensor's readings something else.
_NOT_FELT = frozenset({"linear", "lin", "user", "vertical"})
#: Some write it in a file of its own, to be added to the acceleration.
_GRAVITY = "gravity"


class NotOne(UnusableInput):
    """Files that are not known to be one recording."""


@dataclass(frozen=True, slots=True)
class Called:
    """What a file's name says: `key` is what is left without the `sensor`'s word."""

    key: str
    sensor: str


def called(path: str) -> Called | None:
    """The sensor in a file's name, None where it names none or several.

    >>> called("U01_R02_gyro.csv"), called("walk_acc_gyro.csv")
    (Called(key='u01_r02_.csv', sensor='gyroscope'), None)
    """
    stem, _, suffix = path.rpartition(".")
    if f".{suffix.lower()}" not in _TEXTS:
        return None
    words = {word: _meant(word.lower()) for word in _WORD.findall(stem) if len(word) > 2}
    sensors = {sensor for sensor in words.values() if sensor}
    if len(sensors) != 1 or _NOT_FELT & {word.lower() for word in words}:
        return None
    rest = _WORD.sub(lambda found: "" if words.get(found.group()) else found.group(), stem)
    return Called(f"{_RATE.sub('', rest)}.{suffix}".lower(), sensors.pop())


def _meant(word: str) -> str | None:
    return _GRAVITY if word == _GRAVITY else sensor_named(word)


def groups(paths: Sequence[str]) -> list[list[int]]:
    """Which of the files may be one recording by their names: positions in `paths`, none twice.

    >>> groups(["b/walk_acc.txt", "run.fit", "b/walk_gyro.txt", "walk_gyro.txt"])
    [[0, 2]]
    """
    by_key: dict[str, dict[str, list[int]]] = {}
    for at, path in enumerate(paths):
        name = called(path)
        if name is not None:
            by_key.setdefault(name.key, {}).setdefault(name.sensor, []).append(at)
    return [sorted(at for (at,) in found.values()) for found in by_key.values() if _are_several(found)]


def in_turn(paths: Sequence[str]) -> list[list[int]]:
    """Positions in `paths` in their order, each by itself but for `groups`, which come where the first of them stands.

    >>> in_turn(["b/walk_acc.txt", "run.fit", "b/walk_gyro.txt"])
    [[0, 2], [1]]
    """
    found = {group[0]: group for group in groups(paths)}
    later = {at for group in found.values() for at in group[1:]}
    return [found.get(at, [at]) for at in range(len(paths)) if at not in later]


def _are_several(found: dict[str, list[int]]) -> bool:
    return len(found) > 1 and all(len(same) == 1 for same in found.values())


def are_one(paths: Sequence[str]) -> bool:
    """Whether all of the files may be one recording by their names."""
    return groups(paths) == [list(range(len(paths)))]


def are_few_tables(paths: Sequence[str]) -> bool:
    """Whether they are so few tables that they may be one recording whatever they are called."""
    return 2 <= len(paths) <= MOST_UNNAMED and all(path.lower().endswith(_TEXTS) for path in paths)


def in_name(names: Sequence[str]) -> str:
    """What files that are one recording are called together.

    >>> in_name(["day/walk_acc.txt", "day/walk_gyro.txt"])
    'day/walk_acc.txt + walk_gyro.txt'
    """
    return " + ".join([*names[:1], *(PurePosixPath(name).name for name in names[1:])])


def above(paths: Sequence[Path]) -> str:
    """The folder that all of them are in, with its slash: what it is called says nothing of a file in it.

    >>> above([Path("gyro study/day/walk_acc.csv"), Path("gyro study/day/walk_gyro.csv")])
    'gyro study/day/'
    """
    folders = [path.parent.as_posix() for path in paths]
    shared = os.path.commonpath(folders) if folders and len({path.is_absolute() for path in paths}) == 1 else ""
    return f"{shared.rstrip('/')}/" if shared else ""


def members_of(paths: Sequence[str]) -> list[str]:
    """What files are called inside a bundle: without folders, or with the last one where they would be called alike."""
    parts = [PurePosixPath(path).parts for path in paths]
    names = [part[-1] for part in parts]
    return names if len(set(names)) == len(names) else ["/".join(part[-2:]) for part in parts]


def told_beside(path: Path, recording: Recording) -> Repair | None:
    """What to say of other sensors' files beside the file of `recording`, None where it has both sensors or is alone."""
    lonely = ("accelerometer" in recording.motion) != ("gyroscope" in recording.motion)
    others = list(_beside(path)) if lonely else []
    if not others:
        return None
    names = " ".join(f'"{name}"' if " " in name else name for name in (path.name, *others))
    return Repair("beside", len(others), f"To read them as one: ./run analyse {names}")


def _beside(path: Path) -> Iterator[str]:
    own = called(path.name)
    try:
        names = sorted(entry.name for entry in path.parent.iterdir()) if own else []
    except OSError:
        return
    for name in names:
        other = called(name)
        if own and other and other.key == own.key and other.sensor not in (own.sensor, "magnetometer"):
            yield name

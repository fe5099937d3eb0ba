"""Many: everything readable in files, folders and archives, one bad file never stopping the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from retropace.errors import RetropaceError
from retropace.readers import archive, foreign
from retropace.readers.archive import Bundle
from retropace.readers.kinds import is_sensor_recording, refuse_nested

T = TypeVar("T")

#: A recording's name, and what was read of it or why there is none.
Outcomes = Iterator[tuple[str, T | RetropaceError]]


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """How to read each thing that may hold one recording: a file, the bytes of one, files that belong together."""

    file: Callable[[Path], T]
    data: Callable[[str, bytes], T]
    bundle: Callable[[Bundle], T]


def each(sources: Sequence[Path | tuple[str, bytes]], reading: Reading[T]) -> Outcomes[T]:
    """Outcomes in the order of `sources` (paths, or names and bytes), those of a folder or archive sorted by name."""
    for source in sources:
        if isinstance(source, tuple):
            name, data = source
            yield from _each_of(name, partial(_members, name, data), partial(reading.data, name, data), reading)
        elif source.is_dir():
            yield from _each_in_folder(source, reading)
        else:
            yield from _each_in_file(source, source.name, reading)


def _each_in_folder(path: Path, reading: Reading[T]) -> Outcomes[T]:
    try:
        found = list(archive.parts(archive.folder_bundle(path), is_sensor_recording))
    except RetropaceError as error:
        yield path.name, error
        return
    for part in found:
        if isinstance(part, Bundle):
            yield _tried(part.name, partial(reading.bundle, part))
        else:
            inside = path / part[0].removeprefix(f"{path.name}/")
            yield from _each_in_file(inside, part[0], reading)


def _each_in_file(path: Path, name: str, reading: Reading[T]) -> Outcomes[T]:
    def members() -> list[Bundle | tuple[str, Callable[[], bytes]]] | None:
        zipped = archive.head(path) in archive.ZIP_MARKS
        return _members(path.name, archive.read_file(path)) if zipped else None

    yield from _each_of(name, members, lambda: reading.file(path), reading)


def _each_of(
    name: str,
    members: Callable[[], list[Bundle | tuple[str, Callable[[], bytes]]] | None],
    whole: Callable[[], T],
    reading: Reading[T],
) -> Outcomes[T]:
    """The outcomes of its members, or of the whole where it is one recording."""
    try:
        found = members()
    except RetropaceError as error:
        yield name, error
        return
    if found is None:
        yield _tried(name, whole)
        return
    for part in found:
        if isinstance(part, Bundle):
            yield _tried(part.name, partial(reading.bundle, part))
        else:
            yield _tried(part[0], partial(_member, part[0], part[1], reading))


def _members(name: str, data: bytes) -> list[Bundle | tuple[str, Callable[[], bytes]]] | None:
    """What a zip of many holds, None where the file is a single recording of whatever kind."""
    if data[:4] not in archive.ZIP_MARKS:
        return None
    bundle = archive.unzipped(name, data)
    if is_sensor_recording(bundle):
        return None
    foreign.refuse_zip(name, bundle.members)
    return list(archive.parts(bundle, is_sensor_recording))


def _member(name: str, load: Callable[[], bytes], reading: Reading[T]) -> T:
    data = load()
    refuse_nested(name, data)
    return reading.data(name, data)


def _tried(name: str, work: Callable[[], T]) -> tuple[str, T | RetropaceError]:
    try:
        return name, work()
    except RetropaceError as error:
        return name, error

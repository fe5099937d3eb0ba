"""Many: everything readable in files, folders and archives, one bad file never stopping the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from retropace.errors import RetropaceError
from retropace.readers import archive, foreign, siblings
from retropace.readers.archive import Bundle
from retropace.readers.kinds import is_sensor_recording, refuse_nested
from retropace.readers.siblings import NotOne

T = TypeVar("T")

#: A recording's name, and what was read of it or why there is none.
Outcomes = Iterator[tuple[str, T | RetropaceError]]


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """How to read each thing that may hold one recording: a file, the bytes of one, files that belong together.

    `unjoined` adds to what was read of a file why another was not joined to it. Where `joins` is False, none ever is.
    """

    file: Callable[[Path], T]
    data: Callable[[str, bytes], T]
    bundle: Callable[[Bundle], T]
    unjoined: Callable[[T, NotOne], T]
    joins: bool = True


@dataclass(frozen=True, slots=True)
class _Source(Generic[T]):
    """Something to be read: what it is called, where it stands ("" where it can only be read by itself), and how."""

    name: str
    path: str
    load: Callable[[], bytes]
    alone: Callable[[], Outcomes[T]]


def each(sources: Sequence[Path | tuple[str, bytes]], reading: Reading[T]) -> Outcomes[T]:
    """Outcomes in the order of `sources` (paths, or names and bytes), those of a folder or archive sorted by name.

    Sensors of one recording that stand in files of their own come together, where the first of them stands.
    """
    above = siblings.above([source for source in sources if isinstance(source, Path)])
    found = [_source(source, above, reading) for source in sources]
    few = reading.joins and siblings.are_few_tables([source.path for source in found])
    if few and not siblings.groups([source.path for source in found]):
        yield from _one_or_each(found, reading)
    else:
        yield from _together(found, reading)


def gathered(paths: Sequence[Path]) -> list[Path | tuple[str, bytes]]:
    """The same paths, but files that may be one recording by their names are packed together, by name and bytes."""
    above = siblings.above(paths)
    turns = siblings.in_turn([path.as_posix().removeprefix(above) for path in paths])
    return [_packed([paths[one] for one in turn]) if len(turn) > 1 else paths[turn[0]] for turn in turns]


def _packed(paths: Sequence[Path]) -> tuple[str, bytes]:
    members = siblings.members_of([path.as_posix() for path in paths])
    loads = {member: partial(archive.read_file, path) for member, path in zip(members, paths, strict=True)}
    return siblings.in_name(members), archive.zipped(Bundle("", loads))


def _source(source: Path | tuple[str, bytes], above: str, reading: Reading[T]) -> _Source[T]:
    if isinstance(source, tuple):
        name, data = source
        members, whole = partial(_members, name, data), partial(reading.data, name, data)
        return _Source(name, name, lambda: data, lambda: _each_of(name, members, whole, reading))
    if source.is_dir():
        return _Source(source.name, "", bytes, lambda: _each_in_folder(source, reading))
    load = partial(archive.read_file, source)
    path = source.as_posix().removeprefix(above)
    return _Source(source.name, path, load, lambda: _each_in_file(source, source.name, reading))


def _together(sources: Sequence[_Source[T]], reading: Reading[T]) -> Outcomes[T]:
    turns = (
        siblings.in_turn([source.path for source in sources]) if reading.joins else [[at] for at in range(len(sources))]
    )
    for turn in turns:
        if len(turn) > 1:
            yield from _one_or_each([sources[at] for at in turn], reading)
        else:
            yield from sources[turn[0]].alone()


def _one_or_each(sources: Sequence[_Source[T]], reading: Reading[T], name: str | None = None) -> Outcomes[T]:
    """The one recording that they are, or each by itself and, where their names let hope for more, why."""
    members = siblings.members_of([source.path for source in sources])
    name = name or siblings.in_name([source.name for source in sources])
    loads = {member: source.load for member, source in zip(members, sources, strict=True)}
    _, outcome = _tried(name, partial(reading.bundle, Bundle(name, loads)))
    if not isinstance(outcome, RetropaceError):
        yield name, outcome
        return
    reason = outcome if isinstance(outcome, NotOne) and siblings.are_one(members) else None
    for source in sources:
        for own, found in source.alone():
            if reason is None or isinstance(found, RetropaceError):
                yield own, found
            else:
                yield own, reading.unjoined(found, reason)


def _each_in_folder(path: Path, reading: Reading[T]) -> Outcomes[T]:
    try:
        found = list(archive.parts(archive.folder_bundle(path), is_sensor_recording))
    except RetropaceError as error:
        yield path.name, error
        return
    yield from _together([_in_folder(path, part, reading) for part in found], reading)


def _whole(bundle: Bundle, reading: Reading[T]) -> _Source[T]:
    """Files that are one recording as they are, and are joined with nothing else."""
    return _Source(bundle.name, "", bytes, lambda: iter([_tried(bundle.name, partial(reading.bundle, bundle))]))


def _in_folder(path: Path, part: Bundle | tuple[str, Callable[[], bytes]], reading: Reading[T]) -> _Source[T]:
    if isinstance(part, Bundle):
        return _whole(part, reading)
    name, load = part
    inside = path / name.removeprefix(f"{path.name}/")
    return _Source(name, name.removeprefix(f"{path.name}/"), load, lambda: _each_in_file(inside, name, reading))


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
    sources = [_in_archive(name, part, reading) for part in found]
    if reading.joins and siblings.are_one([source.path for source in sources]):
        yield from _one_or_each(sources, reading, name)
    else:
        yield from _together(sources, reading)


def _in_archive(archive_name: str, part: Bundle | tuple[str, Callable[[], bytes]], reading: Reading[T]) -> _Source[T]:
    if isinstance(part, Bundle):
        return _whole(part, reading)
    name, load = part
    path = name.removeprefix(f"{archive_name}/")
    return _Source(name, path, load, lambda: iter([_tried(name, partial(_member, name, load, reading))]))


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

"""Many: every recording in files, folders and archives, one bad file never stopping the rest."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from retropace.errors import RetropaceError
from retropace.readers import archive, foreign
from retropace.readers.archive import Bundle
from retropace.readers.kinds import is_sensor_recording, refuse_nested
from retropace.recording import Recording

#: A recording's name, and itself or why there is none.
Outcome = tuple[str, Recording | RetropaceError]
ReadFile = Callable[[Path], Recording]
ReadBytes = Callable[[str, bytes], Recording]
ReadBundle = Callable[[Bundle], Recording]


def each(
    paths: Sequence[Path], read_file: ReadFile, read_bytes: ReadBytes, read_bundle: ReadBundle
) -> Iterator[Outcome]:
    """Outcomes in the order of `paths`, those of a folder or archive sorted by name."""
    for path in paths:
        if path.is_dir():
            yield from _each_in_folder(path, read_file, read_bytes, read_bundle)
        else:
            yield from _each_in_file(path, path.name, read_file, read_bytes, read_bundle)


def _each_in_folder(
    path: Path, read_file: ReadFile, read_bytes: ReadBytes, read_bundle: ReadBundle
) -> Iterator[Outcome]:
    try:
        found = list(archive.parts(archive.folder_bundle(path), is_sensor_recording))
    except RetropaceError as error:
        yield path.name, error
        return
    for part in found:
        if isinstance(part, Bundle):
            yield _tried(part.name, partial(read_bundle, part))
        else:
            inside = path / part[0].removeprefix(f"{path.name}/")
            yield from _each_in_file(inside, part[0], read_file, read_bytes, read_bundle)


def _each_in_file(
    path: Path, name: str, read_file: ReadFile, read_bytes: ReadBytes, read_bundle: ReadBundle
) -> Iterator[Outcome]:
    try:
        found = _members(path)
    except RetropaceError as error:
        yield name, error
        return
    if found is None:
        yield _tried(name, lambda: read_file(path))
        return
    for part in found:
        if isinstance(part, Bundle):
            yield _tried(part.name, partial(read_bundle, part))
        else:
            yield _tried(part[0], partial(_member, part[0], part[1], read_bytes))


def _members(path: Path) -> list[Bundle | tuple[str, Callable[[], bytes]]] | None:
    """What a zip of many holds, None where the file is a single recording of whatever kind."""
    if archive.head(path) not in archive.ZIP_MARKS:
        return None
    bundle = archive.unzipped(path.name, archive.read_file(path))
    if is_sensor_recording(bundle):
        return None
    foreign.refuse_zip(path.name, bundle.members)
    return list(archive.parts(bundle, is_sensor_recording))


def _member(name: str, load: Callable[[], bytes], read_bytes: ReadBytes) -> Recording:
    data = load()
    refuse_nested(name, data)
    return read_bytes(name, data)


def _tried(name: str, work: Callable[[], Recording]) -> Outcome:
    try:
        return name, work()
    except RetropaceError as error:
        return name, error

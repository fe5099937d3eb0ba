"""Readers: one door for every kind of file that holds a recording.

`read` and `read_bytes` give one recording, `read_each` those of many files, folders and archives, `each_original` with
the bytes worth keeping. What a file is, its content says; its name only breaks ties. Nothing but a `RetropaceError` ever
comes out of them, whatever the bytes are.

A reader is a module with `sniff(name, data) -> bool` and `read(name, data) -> Recording`, and a row in `READERS`. Kinds
that are known but not read stand in `UNSUPPORTED`, each with what to export instead.
"""

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from retropace.errors import RetropaceError, UnreadableFile, UnusableInput, writable
from retropace.readers import archive, kinds, many, siblings
from retropace.readers.archive import Bundle
from retropace.readers.column_map import Columns, UnknownColumns, load_columns
from retropace.readers.foreign import UNSUPPORTED
from retropace.readers.kinds import READERS, Reader
from retropace.readers.many import Reading, gathered
from retropace.readers.siblings import NotOne
from retropace.recording import Recording, Repair, repair_sentence

__all__ = [
    "READERS",
    "UNSUPPORTED",
    "Columns",
    "Damage",
    "Original",
    "Reader",
    "UnknownColumns",
    "each_original",
    "gathered",
    "load_columns",
    "read",
    "read_bytes",
    "read_each",
]


T = TypeVar("T")


class Damage(enum.StrEnum):
    """What to do with a damaged file."""

    REPAIR = "repair"  # keep what is whole and list what was mended
    STRICT = "strict"  # refuse it


#: Repairs that mean the file itself is damaged, rather than what the sensors wrote into it.
DAMAGES = frozenset({"truncated", "corrupt", "crc", "no_time", "time_backward", "time_jump"})


def read(path: Path, on_damage: Damage = Damage.REPAIR, columns: Columns | None = None) -> Recording:
    """The recording in a file, or in a folder that is one unpacked sensor recording.

    `columns` says what the columns of a plain table mean; where it names a neighbour file, that is read too. Raises
    UnreadableFile, UnsupportedFile, or UnusableInput for a folder of many files or a column map that does not fit.
    """
    if path.is_dir():
        return _read_folder(path, on_damage)
    data = archive.read_file(path)
    if columns is None or columns.beside is None:
        return read_bytes(path.name, data, on_damage, columns)
    neighbour = _neighbour(path, columns)
    recording = _guarded(path.name, partial(_tables, path.name, data, columns, neighbour))
    return _accepted(kinds.signed(recording, path.name, data), on_damage)


def read_bytes(name: str, data: bytes, on_damage: Damage = Damage.REPAIR, columns: Columns | None = None) -> Recording:
    """The recording in a file's bytes; `name` is what it is called, for messages and for `Origin`. Raises as `read`."""
    recording = _as_wished(_guarded(name, lambda: kinds.recording_in(name, data, columns)), columns)
    return _accepted(kinds.signed(recording, name, data), on_damage)


def read_each(
    paths: Sequence[Path], on_damage: Damage = Damage.REPAIR, columns: Columns | None = None
) -> Iterator[tuple[str, Recording | RetropaceError]]:
    """Every recording in files, folders (with theirs, sorted) and zips, each with its name, or why it cannot be read.

    One bad file never stops the rest. Members of a zip are named archive.zip/member. Sensors of one recording in files
    of their own are one, unless a column map says what there is; of one that comes alone, its siblings are told.
    """
    reading = Reading(
        lambda path: _told_beside(path, read(path, on_damage, columns), columns),
        lambda name, data: read_bytes(name, data, on_damage, columns),
        lambda bundle: _read_bundle(bundle, on_damage, columns),
        _unjoined,
        joins=columns is None or not columns.channels,
    )
    outcomes = many.each(paths, reading)
    return _writable(outcomes)


def _told_beside(path: Path, recording: Recording, columns: Columns | None) -> Recording:
    told = siblings.told_beside(path, recording) if columns is None else None
    return recording if told is None else _noted(recording, told)


def _unjoined(recording: Recording, reason: NotOne) -> Recording:
    """Files that come together and are not joined are told why, and no more that they lie beside each other."""
    kept = replace(recording, repairs=tuple(repair for repair in recording.repairs if repair.kind != "beside"))
    return _noted(kept, Repair("not_joined", 1, f"{reason.what}."))


def _noted(recording: Recording, repair: Repair) -> Recording:
    return replace(recording, repairs=(*recording.repairs, repair))


@dataclass(frozen=True, slots=True)
class Original:
    """What is worth keeping of a recording: bytes that `read_bytes` reads again under the same name, by `columns`.

    `recording` is None where the bytes were known already, so that nobody read them.
    """

    content: bytes
    recording: Recording | None
    columns: Columns | None = None


#: Which column is what in a table that nobody explained, None where that is not known either.
Explain = Callable[[UnknownColumns], Columns | None]


def each_original(
    name: str, content: bytes | Path, explain: Explain | None = None, known: Callable[[bytes], bool] = lambda _: False
) -> Iterator[tuple[str, Original | RetropaceError]]:
    """As `read_each`, with the bytes to keep: of a file or a zip's member as they are; of a sensor recording all files.

    `name` is what `content` is called where it is bytes; a path has a name of its own. `explain` is asked about tables
    whose columns are not understood, `known` whether bytes need no reading.
    """
    reading: Reading[Original] = Reading(
        lambda path: _kept(path.name, archive.read_file(path), explain, known),
        lambda name, data: _kept(name, data, explain, known),
        lambda bundle: _kept_bundle(bundle, known),
        _original_unjoined,
    )
    outcomes = many.each([content if isinstance(content, Path) else (name, content)], reading)
    return _writable(outcomes)


def _writable(outcomes: many.Outcomes[T]) -> many.Outcomes[T]:
    return ((writable(name), found) for name, found in outcomes)


def _kept(name: str, data: bytes, explain: Explain | None, known: Callable[[bytes], bool]) -> Original:
    if known(data):
        return Original(data, None)
    try:
        return Original(data, read_bytes(name, data))
    except UnknownColumns as unknown:
        columns = None if explain is None else explain(unknown)
        if columns is None:
            raise
        return Original(data, read_bytes(name, data, columns=columns), columns)


def _kept_bundle(bundle: Bundle, known: Callable[[bytes], bool]) -> Original:
    data = archive.zipped(bundle)
    return Original(data, None if known(data) else _read_bundle(bundle, Damage.REPAIR))


def _original_unjoined(original: Original, reason: NotOne) -> Original:
    recording = original.recording
    return original if recording is None else replace(original, recording=_unjoined(recording, reason))


def _read_folder(path: Path, on_damage: Damage) -> Recording:
    bundle = archive.folder_bundle(path)
    if not (kinds.is_sensor_recording(bundle) or siblings.are_one(list(bundle.members))):
        raise UnusableInput("This is a folder of files", file=path.name, remedy="Name one file, or read them all.")
    return _read_bundle(bundle, on_damage)


def _read_bundle(bundle: Bundle, on_damage: Damage, columns: Columns | None = None) -> Recording:
    recording = _as_wished(_guarded(bundle.name, lambda: kinds.bundled(bundle, columns)), columns)
    return _accepted(kinds.signed(recording, bundle.name, bundle.checksummed()), on_damage)


def _neighbour(path: Path, columns: Columns) -> tuple[str, bytes] | None:
    """Name and bytes of the file beside this one that the map speaks of."""
    if columns.beside is None:
        return None
    name = columns.beside.neighbour_of(path.name)
    if name is None:
        what = f"The column map is for files with {columns.beside.instead_of!r} in their name"
        raise UnusableInput(what, file=path.name, field="beside.instead_of")
    return name, archive.read_file(path.with_name(name))


def _tables(name: str, data: bytes, columns: Columns, neighbour: tuple[str, bytes] | None) -> Recording:
    from retropace.readers.columns import read as read_table

    return read_table(name, data, columns, neighbour)


def _as_wished(recording: Recording, columns: Columns | None) -> Recording:
    """The recording, unless a sensor was asked for by name and there is none to choose."""
    if columns is not None and columns.wish.sensor is not None and not recording.chosen.of:
        what = "There are no sensors with names to choose from"
        raise UnusableInput(what, file=recording.origin.name, field="--sensor", remedy="Leave it out.")
    return recording


def _accepted(recording: Recording, on_damage: Damage) -> Recording:
    """The recording, unless it is damaged and damage is to be refused."""
    damage = [repair for repair in recording.repairs if repair.kind in DAMAGES] if on_damage is Damage.STRICT else []
    if damage:
        what = repair_sentence(damage[0]).removesuffix(".")
        raise UnreadableFile(what, file=recording.origin.name, remedy="Read it with repairs, or copy it again.")
    return replace(recording, origin=replace(recording.origin, name=writable(recording.origin.name)))


def _guarded(name: str, work: Callable[[], Recording]) -> Recording:
    """The last line of defence: bytes that a reader was not made for still end in a sentence, never in a traceback.

    Whatever arrives here is a fault of ours; `validation/fuzz.py` counts it as one.
    """
    try:
        return work()
    except RetropaceError:
        raise
    except Exception as error:
        what = f"The file is damaged in a way that retropace cannot mend ({type(error).__name__})"
        raise UnreadableFile(what, file=name, remedy="Export it again in another format.") from error

"""Kinds: what a file is, by its content, and who reads it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module

from retropace.errors import UnreadableFile, UnsupportedFile, UnusableInput
from retropace.readers import archive, foreign, siblings
from retropace.readers.archive import Bundle
from retropace.readers.column_map import Columns
from retropace.recording import Recording


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of file. `sniff(name, data)`: whether the content is of this kind; `read(name, data, columns)`: the recording.

    Only arrays and tables ask what the person said of their columns.
    """

    key: str
    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[str, bytes], bool]
    read: Callable[[str, bytes, Columns | None], Recording]


def _asking(module: str) -> Callable[[str, bytes], bool]:
    """`sniff` of a reader's module, loaded when it is first needed."""
    return lambda name, data: bool(import_module(f"retropace.readers.{module}").sniff(name, data))


def _reading(module: str, *, mapped: bool = False) -> Callable[[str, bytes, Columns | None], Recording]:
    """`read` of a reader's module, loaded when it is first needed: lxml must not slow the start."""

    def read(name: str, data: bytes, columns: Columns | None) -> Recording:
        reader = import_module(f"retropace.readers.{module}")
        recording: Recording = reader.read(name, data, columns) if mapped else reader.read(name, data)
        return recording

    return read


def _rooted(root: str, leaf: bytes) -> Callable[[str, bytes], bool]:
    """Whether an XML file's outermost element is `root`, or its beginning is lost and its points are there."""

    def sniff(name: str, data: bytes) -> bool:  # noqa: ARG001 (all readers are asked alike)
        found = foreign.root_name(data)
        return found == root or (not found and leaf in data[:1_000_000].replace(b"\0", b""))

    return sniff


#: Every kind of file that is read, in the order asked. Tables come last: much that is text looks like one.
READERS: tuple[Reader, ...] = (
    Reader("fit", "FIT", (".fit",), _asking("fit"), _reading("fit")),
    Reader("tcx", "TCX", (".tcx",), _rooted("TrainingCenterDatabase", b"<Trackpoint"), _reading("tcx")),
    Reader("gpx", "GPX", (".gpx",), _rooted("gpx", b"<trkpt"), _reading("gpx")),
    Reader("coached", "coached sessions", (".zip",), _asking("coached"), _reading("coached")),
    Reader("sensor_logger", "Sensor Logger", (".zip", ".csv"), _asking("sensor_logger"), _reading("sensor_logger")),
    Reader("phyphox", "phyphox", (".zip", ".csv"), _asking("phyphox"), _reading("phyphox")),
    Reader(
        "arrays",
        "MATLAB and NumPy arrays",
        (".mat", ".npy", ".npz"),
        _asking("arrays"),
        _reading("arrays", mapped=True),
    ),
    Reader("sheets", "Excel workbooks", (".xlsx",), lambda _name, _data: False, _reading("sheets")),
    Reader(
        "columns", "tables of columns", (".csv", ".txt", ".tsv"), _asking("columns"), _reading("columns", mapped=True)
    ),
)


def recording_in(name: str, data: bytes, columns: Columns | None = None) -> Recording:
    """The one recording in a file of any kind. Raises a RetropaceError where there is none, or more than one."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFile("The file is empty", file=name, remedy="Copy it from the device again.")
    if data[:4] in archive.ZIP_MARKS:
        return _in_zip(name, data, columns)
    reader = _reader_of(name, data)
    if reader is not None:
        return reader.read(name, data, columns)
    if data[:3] == archive.GZIP_MARK:
        return _in_gzip(name, data, columns)
    foreign.refuse(name, data)
    return _in_table(name, data, columns)


def _reader_of(name: str, data: bytes) -> Reader | None:
    """The reader of the content's kind; among several the one whose suffix fits."""
    speaking = [reader for reader in READERS if reader.key != "columns" and reader.sniff(name, data)]
    fitting = [reader for reader in speaking if name.lower().endswith(reader.suffixes)]
    return next(iter(fitting or speaking), None)


def _in_gzip(name: str, data: bytes, columns: Columns | None) -> Recording:
    inside_name, inside, repairs = archive.gunzipped(name, data)
    if inside[:3] == archive.GZIP_MARK or inside[:4] in archive.ZIP_MARKS:
        raise UnreadableFile("The file is packed twice", file=name, remedy="Unpack it once.")
    recording = recording_in(inside_name, inside, columns)
    return replace(recording, repairs=(*repairs, *recording.repairs))


def _in_table(name: str, data: bytes, columns: Columns | None) -> Recording:
    from retropace.readers import columns as tables

    if columns is None and not tables.sniff(name, data):
        tables.refuse_without_rows(name, data)
        kinds = ", ".join(reader.name for reader in READERS)
        raise UnsupportedFile("The file is of no kind that retropace knows", file=name, remedy=f"It reads {kinds}.")
    return tables.read(name, data, columns)


def _in_zip(name: str, data: bytes, columns: Columns | None) -> Recording:
    """A sensor application's recording, one of sensors in files of their own, or that of the only file inside."""
    bundle = archive.unzipped(name, data)
    if is_sensor_recording(bundle) or siblings.are_one(list(bundle.members)):
        return bundled(bundle, columns)
    foreign.refuse_zip(name, bundle.members)
    parts = list(archive.parts(bundle, is_sensor_recording))
    if not parts:
        raise UnreadableFile("The archive is empty", file=name)
    if len(parts) > 1:
        raise UnusableInput(f"The archive holds {len(parts)} files", file=name, remedy="Unpack it and choose one.")
    only = parts[0]
    if isinstance(only, Bundle):
        return bundled(only)
    member, load = only
    inside = load()
    refuse_nested(member, inside)
    return signed(recording_in(member, inside, columns), member, inside)


def signed(recording: Recording, name: str, data: bytes) -> Recording:
    """The recording with the name, checksum and size of the file it is in, unless an archive's member has them already."""
    if recording.origin.sha256:
        return recording
    digest = hashlib.sha256(data).hexdigest()
    return replace(recording, origin=replace(recording.origin, name=name, sha256=digest, size_bytes=len(data)))


def refuse_nested(name: str, data: bytes) -> None:
    """Raise UnreadableFile for an archive in an archive, unless it is the recording of a sensor application."""
    if data[:4] in archive.ZIP_MARKS and not is_sensor_recording(archive.unzipped(name, data)):
        raise UnreadableFile("The archive holds another archive", file=name, remedy="Unpack it first.")


def is_sensor_recording(bundle: Bundle) -> bool:
    """Whether the files of a zip or folder belong together as one recording: of a sensor application, or by their kind."""
    from retropace.readers import arrays, coached, phyphox, sensor_logger, sheets

    return any(kind.is_recording(bundle) for kind in (coached, sensor_logger, phyphox, arrays, sheets))


def bundled(bundle: Bundle, columns: Columns | None = None) -> Recording:
    """The recording of a sensor application, our own coach among them, or of sensors in files of their own."""
    from retropace.readers import apart, arrays, coached, phyphox, sensor_logger, sheets

    if coached.is_recording(bundle):
        return coached.read_bundle(bundle)
    if sensor_logger.is_recording(bundle):
        return sensor_logger.read_bundle(bundle)
    if phyphox.is_recording(bundle):
        return phyphox.read_bundle(bundle)
    if arrays.is_recording(bundle):
        return arrays.read_bundle(bundle, columns)
    if sheets.is_recording(bundle):
        return sheets.read_bundle(bundle, columns)
    return apart.read_bundle(bundle, columns)

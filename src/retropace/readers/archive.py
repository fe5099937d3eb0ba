"""Archive: zips, gzips and folders, opened with care.

Nothing is unpacked to disk, and nothing at all before the archive's own list has been looked at: too many members, too
large ones, archives within archives within archives, passwords and bombs are refused in a sentence.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retropace.errors import UnreadableFile, writable
from retropace.recording import Repair

#: The largest file, packed or not [bytes]: a day of raw motion as text is about this long.
LARGEST_BYTES = 1_000_000_000
MOST_MEMBERS = 10_000
#: Text packs to a tenth or a twentieth; more than this, in anything large, was made to hurt.
HIGHEST_RATIO = 250
_SMALL_BYTES = 20_000_000
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
GZIP_MARK = b"\x1f\x8b\x08"
#: What Python raises where packed bytes are damaged.
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError)
#: The same of a whole zip, whose table may also point nowhere, or be of a kind that Python does not know.
DAMAGED_ZIP = (*_DAMAGED, IndexError, NotImplementedError)
#: The same of one member, which may also be locked by a password.
DAMAGED_MEMBER = (*_DAMAGED, RuntimeError)

#: Member's path → loads its bytes.
Members = Mapping[str, Callable[[], bytes]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files that belong together: a zip or a folder. `members` are by their path inside, with slashes."""

    name: str
    members: Members

    def within(self, folder: str) -> "Bundle":
        """The part of the bundle in one of its folders, "" for the outermost."""
        if not folder:
            return self
        inside = {path[len(folder) + 1 :]: load for path, load in self.members.items() if path.startswith(f"{folder}/")}
        return Bundle(f"{self.name}/{folder}", inside)

    def checksummed(self) -> bytes:
        """All members, path and bytes, in order."""
        return b"".join(path.encode("utf-8", "surrogateescape") + self.members[path]() for path in sorted(self.members))

    def named(self, stem: str) -> bytes | None:
        """Bytes of the outermost member called `stem`.csv, whatever its case; None where there is none."""
        path = next((path for path in self.members if path.lower() == f"{stem.lower()}.csv"), None)
        return None if path is None else self.members[path]()


def unzipped(name: str, data: bytes) -> Bundle:
    """The members of a zip, hidden ones left out. Raises UnreadableFile where it is damaged or better not opened."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except DAMAGED_ZIP as error:
        raise UnreadableFile("The archive is damaged or incomplete", file=name, remedy="Copy it again.") from error
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile(f"The archive holds more than {MOST_MEMBERS} files", file=name, remedy="Split it.")
    wanted = [member for member in members if member.filename and not member.is_dir() and not _hidden(member.filename)]
    for member in wanted:
        refuse_bomb(name, member)
    if sum(member.file_size for member in wanted) > 4 * LARGEST_BYTES:
        raise UnreadableFile("The archive unpacks to more than 4 GB", file=name, remedy="Split it.")
    return Bundle(name, {member.filename: _loader(name, archive, member) for member in wanted})


def zipped(bundle: Bundle) -> bytes:
    """The bundle as a zip: the same files give the same bytes, whenever and wherever it is made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(bundle.members):
            archive.writestr(zipfile.ZipInfo(writable(path)), bundle.members[path]())
    return made.getvalue()


def _hidden(path: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(path.replace("\\", "/")).parts)


def refuse_bomb(name: str, member: zipfile.ZipInfo) -> None:
    """Raise UnreadableFile for a member of the zip `name` that is too large, or was packed to hurt."""
    inside = f"{name}/{member.filename}"
    if member.file_size > LARGEST_BYTES:
        raise UnreadableFile(
            "A file in the archive unpacks to more than 1 GB", file=inside, remedy="Unpack it yourself."
        )
    if member.file_size > max(_SMALL_BYTES, HIGHEST_RATIO * member.compress_size):
        raise UnreadableFile("A file in the archive is packed impossibly tightly", file=inside)


def _loader(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def load() -> bytes:
        inside = f"{name}/{member.filename}"
        if member.flag_bits & 1:
            raise UnreadableFile("The archive has a password", file=inside, remedy="Unpack it first.")
        try:
            with archive.open(member) as stream:
                return stream.read(member.file_size + 1)
        except DAMAGED_MEMBER as error:
            raise UnreadableFile(
                "The file is damaged inside the archive", file=inside, remedy="Copy it again."
            ) from error

    return load


def gunzipped(name: str, data: bytes) -> tuple[str, bytes, list[Repair]]:
    """Name and bytes inside a gzip; one that breaks off gives what came before (`truncated`)."""
    unpacker = zlib.decompressobj(wbits=31)
    limit = min(LARGEST_BYTES, max(_SMALL_BYTES, HIGHEST_RATIO * len(data)))
    try:
        inside = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise UnreadableFile("The gzip file is damaged", file=name, remedy="Copy it again.") from error
    if len(inside) > limit:
        raise UnreadableFile("The file unpacks to more than is sensible", file=name)
    repairs = [] if unpacker.eof else [Repair("truncated", 1, "The gzip file breaks off.")]
    return name.removesuffix(".gz").removesuffix(".GZ"), inside, repairs


def folder_bundle(path: Path) -> Bundle:
    """The files of a folder and its folders, by relative path, sorted; hidden ones and loops of links left out."""
    members = {found.relative_to(path).as_posix(): _reader(found) for found in _files(path)}
    return Bundle(path.name, members)


def _reader(path: Path) -> Callable[[], bytes]:
    return lambda: read_file(path)


def _files(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    here = folder.resolve()
    if here in above:
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise UnreadableFile(f"The folder cannot be read: {error.strerror or error}", file=folder.name) from error
    for entry in entries:
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            continue
        if entry.is_dir():
            yield from _files(entry, above | {here})
        elif entry.is_file():
            yield entry


def parts(bundle: Bundle, is_one: Callable[[Bundle], bool]) -> Iterator[Bundle | tuple[str, Callable[[], bytes]]]:
    """What a bundle of many holds: folders of which `is_one` says that they are one recording, and single files.

    Files come as (archive.zip/member, load).
    """
    claimed: list[str] = []
    for folder in sorted({str(PurePosixPath(path).parent) for path in bundle.members}):
        inside = bundle.within("" if folder == "." else folder)
        if not any(f"{folder}/".startswith(f"{above}/") for above in claimed) and is_one(inside):
            claimed.append(folder)
            yield inside
    for path in sorted(bundle.members):
        if not any(path.startswith(f"{folder}/") for folder in claimed) and "." not in claimed:
            yield f"{bundle.name}/{path}", bundle.members[path]


def read_file(path: Path) -> bytes:
    """A file's bytes. Raises UnreadableFile where it is missing, closed to us or larger than 1 GB."""
    data = _opened(path, LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:  # a pipe or device, whose size nobody knows before
        raise _too_large(path)
    return data


def head(path: Path) -> bytes:
    """A file's first four bytes. Raises as `read_file`."""
    return _opened(path, 4)


def _too_large(path: Path) -> UnreadableFile:
    return UnreadableFile("The file is larger than 1 GB", file=path.name, remedy="Split the recording.")


def _opened(path: Path, at_most: int) -> bytes:
    """The file's first bytes."""
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise _too_large(path)
        with path.open("rb") as stream:
            return stream.read(min(at_most, size) if path.is_file() else at_most)
    except FileNotFoundError as error:
        raise UnreadableFile("There is no such file", file=str(path), remedy="Check the name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFile(f"The file cannot be opened: {reason}", file=path.name) from error

"""Putback: a takeout (a zip, or what it unpacks to) comes back into a store. What is there already always stays."""

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from retropace.correction import load_corrections
from retropace.errors import RetropaceError, UnreadableFile, UnusableInput
from retropace.files import LARGEST_BYTES as LARGEST_WRITTEN_BYTES
from retropace.files import read_table, require_near
from retropace.readers.archive import DAMAGED_MEMBER, DAMAGED_ZIP, LARGEST_BYTES, ZIP_MARKS, refuse_bomb
from retropace.session import Session, load_session
from retropace.store.contents import Contents, add_missing, contents_of
from retropace.store.folder import Folder
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.store.records import unpacked
from retropace.takeout import KIND, MARK

#: What of a takeout is no readable folder.
_NOT_FOLDER = ("recordings/", MARK)
_READABLE = (".toml", ".json")
#: Thirty years of daily sessions have fewer.
_MOST_FILES = 100_000


@dataclass(frozen=True, slots=True)
class Parcel:
    """A takeout's files by their path in it. `simulated`: it is a demo person's."""

    name: str
    files: zipfile.ZipFile | Path
    paths: tuple[str, ...]
    root: str
    simulated: bool = False

    def read(self, path: str) -> bytes:
        """One file's bytes. Raises UnreadableFile where it is damaged or better not opened."""
        try:
            if isinstance(self.files, Path):
                return (self.files / path).read_bytes()
            member = self.files.getinfo(f"{self.root}{path}")
            refuse_bomb(self.name, member)
            with self.files.open(member) as stream:
                return stream.read(LARGEST_BYTES)
        except (*DAMAGED_MEMBER, KeyError) as error:
            raise UnreadableFile("The file is damaged", file=f"{self.name}/{path}", remedy="Copy it again.") from error


def parcel_in(name: str, content: bytes | Path) -> Parcel | None:
    """The takeout in a zip or folder, None where it is something else. Raises UnusableInput for one of a later version."""
    found = _folder(content) if isinstance(content, Path) and content.is_dir() else _zip(name, content)
    if found is None:
        return None
    with tempfile.TemporaryDirectory() as place:
        about = read_table(_placed(found, MARK, Path(place)))
    if about.get("kind") != KIND:
        raise UnusableInput("This was taken out by another version", file=name, remedy="Use the latest version.")
    if len(found.paths) > _MOST_FILES:
        raise UnusableInput(f"It holds more than {_MOST_FILES} files", file=name, remedy="Import it in parts.")
    return replace(found, simulated=about.get("simulated") is True)


def _folder(path: Path) -> Parcel | None:
    if not (path / MARK).is_file():
        return None
    paths = (found.relative_to(path).as_posix() for found in sorted(path.rglob("*")) if found.is_file())
    return Parcel(path.name, path, tuple(paths), "")


def _zip(name: str, content: bytes | Path) -> Parcel | None:
    """The zip, its files under a folder of its own perhaps, as some programs pack them."""
    try:
        if not _is_zip(content):
            return None
        archive = zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content)
        names = archive.namelist()
    except DAMAGED_ZIP:
        return None
    marks = [path for path in names if path == MARK or (path.endswith(f"/{MARK}") and path.count("/") == 1)]
    if not marks:
        return None
    root = marks[0].removesuffix(MARK)
    inside = sorted(path[len(root) :] for path in names if path.startswith(root) and not path.endswith("/"))
    return Parcel(name, archive, tuple(path for path in inside if _safe(path)), root)


def _is_zip(content: bytes | Path) -> bool:
    if isinstance(content, bytes):
        return content[:4] in ZIP_MARKS
    with content.open("rb") as stream:
        return stream.read(4) in ZIP_MARKS


def _safe(path: str) -> bool:
    """Whether a path stays inside the takeout, whoever made it."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and ":" not in parts[0]


def put_back_contents(notebook: Notebook, parcel: Parcel) -> int:
    """Bring in all that was told, whole or not at all; how many records were new.

    Raises UnusableInput naming the file that cannot be used, or where somebody's own and simulated notes would be mixed.
    """
    _require_unmixed(notebook, parcel)
    with tempfile.TemporaryDirectory() as place:
        for path in parcel.paths:
            if path.endswith(_READABLE) and not path.startswith(_NOT_FOLDER):
                _placed(parcel, path, Path(place))
        return add_missing(notebook, Folder(Path(place)).contents())


def _require_unmixed(notebook: Notebook, parcel: Parcel) -> None:
    """A demo person stays one; an empty notebook becomes one."""
    if parcel.simulated == notebook.simulated:
        return
    remedy = "Import it into a folder of its own: --folder NEW"
    if notebook.simulated:
        raise UnusableInput("The notebook here is a demo person's", file=parcel.name, remedy=remedy)
    if contents_of(notebook) != Contents() or Recordings(notebook.database, notebook.person_id).all():
        raise UnusableInput("This is a demo person's, all of it simulated", file=parcel.name, remedy=remedy)
    notebook.keep_simulated()


def put_back_recordings(
    recordings: Recordings, parcel: Parcel
) -> Iterator[tuple[str, tuple[Kept, bool] | RetropaceError]]:
    """Bring in every recording, one after the other: its name, itself and whether it is new, or why it cannot be."""
    for path in parcel.paths:
        if path.startswith("recordings/") and path.endswith("/recording.toml"):
            folder = path.removesuffix("/recording.toml")
            try:
                yield from _one(recordings, parcel, folder)
            except (UnreadableFile, UnusableInput) as error:
                yield f"{parcel.name}/{folder}", error


def _one(recordings: Recordings, parcel: Parcel, folder: str) -> Iterator[tuple[str, tuple[Kept, bool]]]:
    with tempfile.TemporaryDirectory() as place:
        small = {
            PurePosixPath(path).name: _placed(parcel, path, Path(place))
            for path in parcel.paths
            if path.startswith(f"{folder}/") and path.endswith(_READABLE)
        }
        about = read_table(small["recording.toml"])
        kept = _kept(about, _session(small), f"{folder}/recording.toml")
        corrections = load_corrections(small["corrections.toml"]) if "corrections.toml" in small else ()
    content = parcel.read(f"{folder}/{PurePosixPath(str(about.get('file'))).name}")
    new = recordings.put_back(kept, content, corrections)
    yield kept.name, (recordings.get(kept.id), new)


def _session(small: dict[str, Path]) -> Session | None:
    if "session.json" in small:
        return unpacked(small["session.json"].read_text(encoding="utf-8"), Session)
    return load_session(small["session.toml"]) if "session.toml" in small else None


def _kept(about: dict[str, Any], session: Session | None, file: str) -> Kept:
    try:
        started = about.get("started")
        day = about["day"]
        require_near(day, "day", file)
        return Kept(
            str(about["sha256"])[:12],
            str(about["sha256"]),
            str(about["name"]),
            dt.datetime.fromisoformat(about["added"]),
            None if started is None else dt.datetime.fromisoformat(started).astimezone(dt.UTC),
            day,
            float(about["duration_s"]),
            session,
            str(about.get("note", "")),
            None if about.get("column_map") is None else str(about["column_map"]),
            None if about.get("placement") is None else _placement(about["placement"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        what = f"It does not say what the recording is: {error}"
        raise UnusableInput(what, file=file, remedy="Import the recording itself instead.") from error


def _placement(word: str) -> str:
    from retropace.motion.placement import Placement

    return Placement(word).value


def _placed(parcel: Parcel, path: str, place: Path) -> Path:
    """A small file of the parcel, unpacked into `place`. Raises UnusableInput for one that nobody wrote by hand."""
    content = parcel.read(path)
    if len(content) > LARGEST_WRITTEN_BYTES:
        raise UnusableInput("The file is too long", file=f"{parcel.name}/{path}", remedy="Leave it out.")
    goal = place / path
    goal.parent.mkdir(parents=True, exist_ok=True)
    goal.write_bytes(content)
    return goal

"""Received: what became of files that were sent, each in a sentence; one bad file never stops the rest."""

import enum
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from starlette.datastructures import UploadFile

from retropace.errors import RetropaceError, StoreFailure, UnreadableFile, printable, writable
from retropace.intake import Outcome, intake
from retropace.readers import UnknownColumns, siblings
from retropace.readers.archive import LARGEST_BYTES, Bundle, parts, zipped
from retropace.readers.kinds import is_sensor_recording
from retropace.recording import Recording
from retropace.store.recordings import Kept
from retropace.web.language import say
from retropace.web.visit import Visit

#: A name longer than this is shortened in the middle of itself; no disk takes longer ones.
_LONGEST_NAME = 200


class State(enum.StrEnum):
    """What became of one file."""

    ADDED = "added"
    KNOWN = "known"  # the same bytes were there already
    ALIKE = "alike"  # added, and looks like another recording of the same outing
    COLUMNS = "columns"  # a table that somebody has to explain first
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Received:
    """One recording of a file, or why there is none. `other` is what it looks like, `recording` what was just read."""

    name: str
    state: State
    kept: Kept | None = None
    other: Kept | None = None
    error: RetropaceError | None = None
    recording: Recording | None = None

    @property
    def remedy(self) -> str:
        """What to do next. What the command line would do is done otherwise here."""
        advice = "" if self.error is None or self.error.remedy is None else self.error.remedy
        if "--" not in advice:
            return advice
        return say("Export it as FIT, TCX or GPX, or as a table with a name over every column.")

    @property
    def unknown(self) -> UnknownColumns | None:
        """The table to be explained."""
        return self.error if isinstance(self.error, UnknownColumns) else None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to take in: a file, or the files of a folder that are one recording. `load` gives its bytes once asked."""

    name: str
    load: Callable[[], bytes]


def parcels(uploads: Sequence[UploadFile]) -> list[Parcel]:
    """What was sent, in its order; files that are one recording together are one parcel."""
    alone = [upload for upload in uploads if len(_path(upload).parts) == 1]
    in_folders = [upload for upload in uploads if len(_path(upload).parts) > 1]
    singles: list[tuple[str, Callable[[], bytes]]] = [
        (_path(upload).name, partial(_content, upload)) for upload in alone
    ]
    found = []
    folders = Bundle("", {str(_path(upload)): partial(_content, upload) for upload in in_folders})
    for part in parts(folders, is_sensor_recording):
        if isinstance(part, Bundle):
            found.append(Parcel(f"{_last(part.name)}.zip", partial(zipped, part)))
        else:
            singles.append(part)
    return [*_singles(singles), *found]


def _singles(files: Sequence[tuple[str, Callable[[], bytes]]]) -> list[Parcel]:
    """Files by themselves; sensors of one recording that stand in files of their own come packed, where the first stands."""
    turns = siblings.in_turn([path for path, _ in files])
    return [_packed([files[at] for at in turn]) for turn in turns]


def _packed(files: Sequence[tuple[str, Callable[[], bytes]]]) -> Parcel:
    if len(files) == 1:
        ((path, load),) = files
        return Parcel(_last(path), load)
    names = siblings.members_of([path for path, _ in files])
    members = {short_name(name): load for name, (_, load) in zip(names, files, strict=True)}
    return Parcel(short_name(siblings.in_name(names)), partial(zipped, Bundle("", members)))


def _last(path: str) -> str:
    return short_name(PurePosixPath(path).name or "folder")


def _path(upload: UploadFile) -> PurePosixPath:
    return PurePosixPath((upload.filename or "").replace("\\", "/").strip("/") or "file")


def short_name(name: str) -> str:
    """A file's name as it is kept and shown: no longer than 200 letters, its ending kept.

    >>> len(short_name("a" * 5000 + ".fit")), short_name("a" * 5000 + ".fit")[-5:]
    (200, 'a.fit')
    """
    plain = printable(writable(name))
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME - 21]}…{plain[-20:]}"


def _content(upload: UploadFile) -> bytes:
    """A file's bytes, read from the disk they were spooled to. Raises UnreadableFile where there are too many."""
    if (upload.size or 0) > LARGEST_BYTES:
        raise too_large(short_name(_path(upload).name))
    upload.file.seek(0)
    return upload.file.read()


def too_large(name: str) -> UnreadableFile:
    """A file beyond what is read."""
    return UnreadableFile(say("The file is larger than 1 GB"), file=name, remedy=say("Split the recording."))


def received(visit: Visit, sent: Iterable[Parcel]) -> Iterator[Received]:
    """What becomes of each recording in them, one after the other; each is safe when it is told.

    Where the store cannot keep any just now, that is the last thing told.
    """
    for parcel in sent:
        try:
            outcomes = intake(visit.notebook, visit.recordings, parcel.name, parcel.load(), visit.today)
            yield from map(_told, outcomes)
        except StoreFailure as error:
            yield Received(parcel.name, State.REFUSED, error=error)
            return
        except RetropaceError as error:
            yield Received(parcel.name, State.REFUSED, error=error)


def _told(outcome: Outcome) -> Received:
    if outcome.kept is None:
        state = State.COLUMNS if isinstance(outcome.error, UnknownColumns) else State.REFUSED
        return Received(outcome.name, state, error=outcome.error)
    if not outcome.new:
        return Received(outcome.name, State.KNOWN, outcome.kept, recording=outcome.recording)
    state = State.ADDED if outcome.looks_like is None else State.ALIKE
    return Received(outcome.name, state, outcome.kept, outcome.looks_like, recording=outcome.recording)

"""Review: what happened in a kept recording, as its owner sees it: their body, the session followed, their corrections."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retropace import __version__
from retropace.errors import UnusableInput
from retropace.person import Person
from retropace.readers import Columns, read_bytes
from retropace.recording import Declared, Recording
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.store.records import packed, unpacked
from retropace.summary import Summary, summarise

if TYPE_CHECKING:
    from retropace.motion.placement import Placement

#: Grows whenever the same file gives other figures, so that what was computed before is computed anew.
ENGINE = 2


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A kept recording and what happened in it; `made_from` is the fingerprint of everything that went in."""

    kept: Kept
    corrections: tuple[Declared, ...]
    made_from: str
    summary: Summary


def made_from(kept: Kept, person: Person, corrections: tuple[Declared, ...]) -> str:
    """The fingerprint of what a summary rests on: engine, file, body, session, corrections, where the sensor was worn."""
    session = "" if kept.session is None else packed(kept.session)
    told = (session, repr(corrections), kept.column_map or "", kept.placement or "")
    parts = (f"{__version__}/{ENGINE}", kept.sha256, packed(person), *told)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def summarised(recordings: Recordings, kept: Kept, person: Person, corrections: tuple[Declared, ...]) -> Summary:
    """What happened, read from the original. Raises as the readers do where it is damaged."""
    columns = None if kept.column_map is None else unpacked(kept.column_map, Columns)
    recording = read_bytes(kept.name, recordings.original(kept), columns=columns)
    return summarise(recording, person, kept.session, corrections, told_placement(kept))


def told_placement(kept: Kept) -> "Placement | None":
    """Where the owner said that the sensor was worn, None where they did not."""
    if kept.placement is None:
        return None
    from retropace.motion.placement import Placement

    return Placement(kept.placement)


def tell_placement(recordings: Recordings, recording_id: str, word: str) -> None:
    """Keep where the owner says that the sensor was worn, "" for nothing said; figures are computed anew by themselves.

    Raises UnusableInput for a word that is no placement, NotFound.
    """
    from retropace.motion.placement import Placement

    known = [placement.value for placement in Placement]
    if word and word not in known:
        remedy = f"Use one of: {', '.join(known)}."
        raise UnusableInput(f"{word!r} is no place to wear a sensor", field="placement", remedy=remedy)
    recordings.keep_placement(recording_id, word or None)


def reviewed(
    notebook: Notebook, recordings: Recordings, recording_id: str, recording: Recording | None = None
) -> Reviewed:
    """What happened in one recording. Raises NotFound, or as the readers do where the original is damaged.

    `recording` is what its original holds, where that has just been read.
    """
    kept = recordings.get(recording_id)
    person = notebook.person()
    corrections = recordings.corrections(recording_id)
    if recording is None:
        summary = summarised(recordings, kept, person, corrections)
    else:
        summary = summarise(recording, person, kept.session, corrections, told_placement(kept))
    return Reviewed(kept, corrections, made_from(kept, person, corrections), summary)

"""Takeout: everything kept of a person in one zip that they can read without us, and that `putback` puts back whole."""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from retropace import __version__
from retropace.correction import corrections_text
from retropace.digest import Digest, digests
from retropace.errors import Damaged, UnusableInput, writable
from retropace.recording import Declared
from retropace.session import session_text
from retropace.store.contents import contents_of
from retropace.store.folder import Folder
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.store.records import packed
from retropace.store.toml import toml_of

#: The file that says that a zip is one of these, and of which kind.
MARK, KIND = "retropace.toml", 1
#: What begins like this does not get smaller: zip, gzip.
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")
#: File systems take names of 255 bytes; folders and endings need some of them.
_LONGEST_NAME_BYTES = 150

_README = """\
Everything that retropace kept of you, in files you can read without it.

screening/DATE.toml       your answers and home tests, each time you were asked
wanted.toml               what you want: goal, weeks, days; earlier wishes are in wanted-before/
log/DATE.toml             what you told after sessions
exercises.toml            home exercises done, by day
person.toml               what is known of your body
settings.toml             how you want things shown
columns/                  which column is what in tables you explained
recordings/DATE-ID/       one recording each: the file as it came, and beside it
    recording.toml            what it is called here, its day, and its SHA-256
    session.toml              the session you followed, where there was one
    corrections.toml          your own word on stretches of it
sessions.csv              one line a recording: what was computed from it, with bands
audit.csv                 who looked at what, where others could

Times are seconds or UTC, speeds metres a second, energies kilocalories. TOML is plain text.
To put all of it back into an empty store:  ./run import {name}
One recording alone:                        ./run analyse recordings/DATE-ID/FILE
"""


def take_out(
    notebook: Notebook, recordings: Recordings, out: Path, tell: Callable[[str], None] = lambda _: None
) -> None:
    """Write everything of the person to the zip `out`, whole or not at all; `tell` hears each recording's name.

    An original that is damaged where it is kept is left out, with a file that says so. Raises UnusableInput where the zip
    cannot be written.
    """
    part = out.with_name(f".{out.name[:50]}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.is_dir():
            raise UnusableInput("This is a folder", file=str(out), remedy="Name a file in it.")
        with part.open("wb") as stream:
            part.chmod(0o600)
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                _write(archive, notebook, recordings, out.name, tell)
        part.replace(out)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        remedy = "Name another place, or make room."
        raise UnusableInput(f"Could not write: {reason}", file=str(out), remedy=remedy) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write(
    archive: zipfile.ZipFile, notebook: Notebook, recordings: Recordings, name: str, tell: Callable[[str], None]
) -> None:
    archive.writestr(MARK, toml_of({"kind": KIND, "version": __version__, "simulated": notebook.simulated}))
    archive.writestr("README.txt", _README.format(name=writable(name)))
    with tempfile.TemporaryDirectory() as place:
        Folder(Path(place)).keep_contents(contents_of(notebook))
        for path in sorted(Path(place).rglob("*.*")):
            archive.write(path, path.relative_to(place).as_posix())
    corrections = recordings.all_corrections()
    for kept in recordings.all():
        tell(kept.name)
        try:
            original = recordings.original(kept)
        except Damaged as error:  # one must not keep the others in
            archive.writestr(f"recordings/{kept.day}-{kept.id}/DAMAGED.txt", f"{error}\n")
            continue
        for file, content in _recording(kept, original, corrections.get(kept.id, ())):
            packing = zipfile.ZIP_STORED if content.startswith(_PACKED) else zipfile.ZIP_DEFLATED
            archive.writestr(file, content, packing)
    archive.writestr("sessions.csv", sessions_csv(digests(notebook, recordings)))
    if looks := notebook.looks():
        archive.writestr("audit.csv", _csv([("day", "name", "page", "first", "last", "times"), *looks]))


def _recording(kept: Kept, original: bytes, corrections: Sequence[Declared]) -> Iterator[tuple[str, bytes]]:
    """The files of one recording, `recording.toml` before the others."""
    folder = f"recordings/{kept.day}-{kept.id}"
    file = _file_name(kept.name)
    about = {
        "name": kept.name,
        "file": file,
        "sha256": kept.sha256,
        "day": kept.day,
        "added": kept.added.isoformat(),
        "started": "" if kept.started is None else kept.started.isoformat(),
        "duration_s": kept.duration_s,
        "note": kept.note,
        "column_map": kept.column_map or "",
        "placement": kept.placement or "",
    }
    yield f"{folder}/recording.toml", toml_of({key: value for key, value in about.items() if value != ""}).encode()
    yield f"{folder}/{file}", original
    if kept.session is not None:
        try:
            yield f"{folder}/session.toml", session_text(kept.session).encode()
        except UnusableInput:  # it holds something that has no word in a session file
            yield f"{folder}/session.json", packed(kept.session).encode()
    if corrections:
        yield f"{folder}/corrections.toml", corrections_text(corrections).encode()


def _file_name(name: str) -> str:
    """The last part of a recording's name as a file name that every disk takes, never one of our own files beside it."""
    plain = re.sub(r"[^\w.-]+", "-", name.rsplit("/", 1)[-1]).encode()[-_LONGEST_NAME_BYTES:].decode(errors="ignore")
    stripped = plain.strip("-.") or "recording"
    return f"original-{stripped}" if stripped.endswith((".toml", ".json")) else stripped


# -- the table ----------------------------------------------------------------------------------------------------------

_FIGURES = ("distance_m", "heart_rate_bpm", "energy_gross_kcal", "energy_net_kcal")
_BACKWARD_FIGURES = ("energy_relative", "knee_peak_force_bw", "knee_relative_per_step")


def sessions_csv(found: Sequence[Digest]) -> str:
    """One line a recording, the latest first: what was computed, with bands; empty where it is unknown."""
    plain = ("id", "day", "start", "name", "simulated", "duration_s", "reverse_run_s", "reverse_walk_s")
    more = ("longest_reverse_s", "unknown_s", "corrections", "planned", "planned_reverse_s")
    last = ("headline", "trouble", "same_as")
    banded = [
        *_FIGURES,
        *(f"backward_{key}" for key in _BACKWARD_FIGURES),
        "speed_ratio",
        "heart_rate_ratio",
    ]
    heads = [*plain, *more, *(f"{key}{side}" for key in banded for side in ("", "_low", "_high")), *last]
    return _csv([heads, *([*_cells(one, (*plain, *more)), *_banded(one), *_cells(one, last)] for one in found)])


def _cells(found: Digest, names: Sequence[str]) -> list[object]:
    return [getattr(found, name) for name in names]


def _banded(found: Digest) -> Iterator[float | None]:
    estimates = [
        *(found.whole.get(key) for key in _FIGURES),
        *(found.backward.get(key) for key in _BACKWARD_FIGURES),
        found.speed_ratio,
        found.heart_rate_ratio,
    ]
    for estimate in estimates:
        yield from (None, None, None) if estimate is None else (estimate.value, estimate.low, estimate.high)


def _csv(rows: Sequence[Sequence[object]]) -> str:
    made = io.StringIO()
    csv.writer(made).writerows([[_cell(value) for value in row] for row in rows])
    return made.getvalue()


def _cell(value: object) -> object:
    """A value as it is written; text that a spreadsheet would take for a formula is told to be text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

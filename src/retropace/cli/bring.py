"""`retropace import`: recordings, readable files and takeouts into the store. Twice is once."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from retropace.cli.asked import as_json
from retropace.cli.stored import whose
from retropace.errors import RetropaceError, StoreFailure, UnusableInput
from retropace.intake import Outcome, intake
from retropace.putback import parcel_in, put_back_contents
from retropace.readers import Columns, gathered, load_columns
from retropace.store.contents import add_missing
from retropace.store.folder import Folder
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.store.takeover import readable_files

_BACKUP = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one file, for whoever reads it: "new", "known", "alike", "records" or "refused"."""

    name: str
    became: str
    says: str


def run(options: Namespace) -> int:
    """Bring in every file: 0 when all could be, 1 when some were refused, 2 when none came in."""
    from retropace.views.terminal import progress

    columns = load_columns(options.columns) if options.columns else None
    notebook, lines = whose(options), list[Line]()
    try:
        with progress("Importing") as tell:
            for line in _lines(notebook, options.files, columns):
                tell(line.name)
                lines.append(line)
    except StoreFailure:
        _print(lines, options)
        raise
    if not lines:
        raise UnusableInput("There is nothing to import here", file=str(options.files[0]), remedy="Name a recording.")
    _print(lines, options)
    refused = sum(line.became == "refused" for line in lines)
    return 2 if refused == len(lines) else int(refused > 0)


def _lines(notebook: Notebook, paths: list[Path], columns: Columns | None) -> Iterator[Line]:
    for source in paths if columns else gathered(paths):
        name = source.name if isinstance(source, Path) else source[0]
        try:
            yield from _source(notebook, source, columns)
        except StoreFailure:
            raise
        except RetropaceError as error:
            yield Line(name, "refused", str(error))


def _source(notebook: Notebook, source: Path | tuple[str, bytes], columns: Columns | None) -> Iterator[Line]:
    if isinstance(source, Path):
        yield from _path(notebook, source, columns)
        return
    for outcome in intake(notebook, Recordings(notebook.database, notebook.person_id), *source):
        yield _line(outcome)


def _path(notebook: Notebook, path: Path, columns: Columns | None) -> Iterator[Line]:
    """What becomes of one path: readable files of ours first, then recordings."""
    _refuse_backup(path)
    parcel = parcel_in(path.name, path)
    readable = parcel is None and path.is_dir() and readable_files(path)
    if parcel is not None:
        yield _records(path, put_back_contents(notebook, parcel))
    elif readable:
        yield _records(path, add_missing(notebook, Folder(path).contents()))
        return
    recordings = Recordings(notebook.database, notebook.person_id)
    for outcome in intake(notebook, recordings, path.name, path, columns=columns):
        yield _line(outcome)


def _refuse_backup(path: Path) -> None:
    with suppress(OSError):  # what cannot be opened is refused where it is read
        if path.is_file():
            with path.open("rb") as stream:
                if stream.read(len(_BACKUP)) == _BACKUP:
                    remedy = "To bring back a backup, stop retropace and copy it to retropace.db in your folder."
                    raise UnusableInput("This is a database", file=path.name, remedy=remedy)


def _records(path: Path, count: int) -> Line:
    says = f"{count} answers, wishes and log entries" if count else "no answer or log entry that is not here already"
    return Line(path.name, "records", says)


def _line(outcome: Outcome) -> Line:
    if outcome.kept is None:
        return Line(outcome.name, "refused", str(outcome.error))
    if not outcome.new:
        return Line(outcome.name, "known", f"known already, {_when(outcome.kept)}")
    if outcome.looks_like is None:
        return Line(outcome.name, "new", f"new, {_when(outcome.kept)}")
    return Line(
        outcome.name, "alike", f"new, {_when(outcome.kept)}; looks like the same outing as {outcome.looks_like.name}"
    )


def _when(kept: Kept) -> str:
    minutes, seconds = divmod(round(kept.duration_s), 60)
    return f"{kept.day.day} {kept.day:%b %Y}, {minutes}:{seconds:02} min"


def _print(lines: list[Line], options: Namespace) -> None:
    if options.json:
        sys.stdout.write(as_json(lines))
        return
    for line in lines:
        if line.became == "refused":
            sys.stderr.write(f"retropace: {line.says}\n")
        else:
            sys.stdout.write(f"{line.name}: {line.says}\n")
    words = (("new", "new"), ("known", "known already"), ("refused", "not read"))
    counts = [
        (sum(line.became in (key, "alike" if key == "new" else key) for line in lines), says) for key, says in words
    ]
    told = ", ".join(f"{count} {says}" for count, says in counts if count)
    if len(lines) > 1 and told:
        sys.stdout.write(f"{told}.\n")

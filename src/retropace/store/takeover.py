"""Takeover: a person's folder opened as a database; readable files of the earlier version move in, none is lost."""

from collections.abc import Callable
from pathlib import Path

from retropace.errors import StoreFailure, UnusableInput
from retropace.store.contents import Contents, add_missing
from retropace.store.database import FILE_NAME, open_database, sqlite_url
from retropace.store.folder import Folder
from retropace.store.notebook import LOCAL, Notebook

#: Where the readable files go once they were taken over.
TAKEN = "taken-over"
_PATTERNS = ("screening/*.toml", "wanted.toml", "log/*.toml", "screening-unfinished.toml")


def open_folder(folder: Path, tell: Callable[[str], None] | None = None, *, make: bool = True) -> Notebook:
    """The notebook of the one person whose folder this is. `tell` hears of files that were taken over.

    Without `make`, a folder that holds nothing yet stays so and the notebook is an empty one in memory. Raises
    UnusableInput for a readable file that is broken, and takes nothing over then; StoreFailure where nothing can be kept.
    """
    path = folder / FILE_NAME
    begun = make or _is_there(path) or bool(readable_files(folder))
    notebook = Notebook(open_database(sqlite_url(path) if begun else "sqlite:///:memory:"), LOCAL)
    try:
        notebook.begin()
        taken = take_over(folder, notebook)
    except BaseException:
        notebook.database.close()
        raise
    if taken and tell is not None:
        files = "file of yours was" if taken == 1 else "files of yours were"
        tell(f"{taken} readable {files} taken over into {FILE_NAME}, and moved to {TAKEN}.")
    return notebook


def take_over(folder: Path, notebook: Notebook) -> int:
    """Bring the readable files of `folder` into the notebook, then move them aside; how many there were.

    Files move only after everything in them is on the disk. Killed in between, the next call finds all of it there
    already and moves the rest.
    """
    while files := readable_files(folder):
        try:
            contents = _told(Folder(folder))
        except UnusableInput:
            if all(path.exists() for path in files):
                raise
            continue  # another program moved them just now
        add_missing(notebook, contents)
        for path in files:
            _move_aside(folder, path)
        return len(files)
    return 0


def _told(folder: Folder) -> Contents:
    wanted = folder.wanted()
    return Contents(
        screenings=tuple(folder.screenings()),
        unfinished=folder.unfinished(),
        wishes=() if wanted is None else (wanted,),
        log=tuple(folder.log()),
    )


def readable_files(folder: Path) -> list[Path]:
    """The readable files of the earlier version in `folder`. Raises StoreFailure where nobody can look."""
    try:
        return [path for pattern in _PATTERNS for path in sorted(folder.glob(pattern))]
    except (OSError, ValueError) as error:
        raise StoreFailure("Your folder cannot be read", file=str(folder), remedy="Name another.") from error


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        raise StoreFailure("Your folder cannot be read", file=str(path.parent), remedy="Name another.") from error


def _move_aside(folder: Path, path: Path) -> None:
    """Move a file to the same place under `TAKEN`, under a name that is free."""
    inside = path.relative_to(folder)
    goal = folder / TAKEN / inside
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        number = 1
        while goal.exists():
            number += 1
            goal = goal.with_name(f"{inside.stem}-{number}{inside.suffix}")
        path.rename(goal)
        if path.parent != folder and not any(path.parent.iterdir()):
            path.parent.rmdir()
    except FileNotFoundError:  # another program moved it just now
        return
    except OSError as error:
        remedy = f"Everything in it is kept. Make the folder writable, or move the file to {TAKEN} yourself."
        raise StoreFailure(f"The file cannot be moved: {error.strerror}", file=str(path), remedy=remedy) from error

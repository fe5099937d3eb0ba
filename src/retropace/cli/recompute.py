"""`retropace recompute`: figures that rest on an earlier version, body, session or correction are made anew."""

import sys
from argparse import Namespace

from retropace.cli.stored import database_of
from retropace.digest import remade, stale
from retropace.store.database import Database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings


def run(options: Namespace) -> int:
    """Make anew what is stale, of everybody in the store; what is done stays when it is stopped. 1 where some failed."""
    from retropace.views.terminal import progress

    database = database_of(options)
    todo = [
        (notebook, recordings, kept)
        for notebook, recordings in _people(database)
        for kept in stale(notebook, recordings)
    ]
    troubles = []
    with progress("Computing", total=len(todo)) as tell:
        for notebook, recordings, kept in todo:
            made = remade(notebook, recordings, kept)
            tell(kept.name)
            if made is not None and made.trouble is not None:
                troubles.append(made.trouble)
    for trouble in troubles:
        sys.stderr.write(f"retropace: {trouble}\n")
    recordings_word = "recording was" if len(todo) == 1 else "recordings were"
    sys.stdout.write(f"{len(todo)} {recordings_word} computed anew.\n" if todo else "Everything is up to date.\n")
    return int(bool(troubles))


def _people(database: Database) -> list[tuple[Notebook, Recordings]]:
    with database.transaction(write=False) as now:
        people = [str(row[0]) for row in now.all("SELECT id FROM person ORDER BY id")]
    return [(Notebook(database, person), Recordings(database, person)) for person in people]

"""`retropace report`: one printed page for a physiotherapist."""

import datetime as dt
import sys
from argparse import Namespace
from pathlib import Path

from retropace.cli.asked import notebook_of, print_note, today_of
from retropace.cli.output import write_bytes
from retropace.digest import digests
from retropace.progress import USUAL_WEEKS
from retropace.report import Asked, report
from retropace.store.recordings import Recordings


def run(options: Namespace) -> int:
    """Write the page; one day and one notebook give the same bytes."""
    notebook = notebook_of(options, make=False)
    recordings = Recordings(notebook.database, notebook.person_id)
    asked = Asked(
        dt.datetime.combine(today_of(options), dt.time(), dt.UTC),
        name=options.name,
        paper=options.paper,
        system=options.units or notebook.settings().system,
        last_weeks=None if options.all else USUAL_WEEKS,
    )
    made = report(notebook, recordings, digests(notebook, recordings), asked)
    path: Path = options.out or Path(made.file_name)
    write_bytes(path, made.content)
    if str(path) != "-":
        sys.stdout.write(f"{path}\n")
    for note in made.notes:
        print_note(note)
    return 0

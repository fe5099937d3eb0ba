"""`retropace export-all`: everything kept of a person in one zip that they can read without retropace."""

import sys
from argparse import Namespace

from retropace.cli.stored import whose
from retropace.store.recordings import Recordings
from retropace.takeout import take_out


def run(options: Namespace) -> int:
    """Write the zip, and say how to put it back."""
    from retropace.views.terminal import progress

    notebook = whose(options)
    with progress("Taking out") as tell:
        take_out(notebook, Recordings(notebook.database, notebook.person_id), options.out, tell)
    sys.stdout.write(f"{options.out} ({options.out.stat().st_size / 1e6:.1f} MB)\n")
    sys.stdout.write(f"To put it back into an empty store: ./run import {options.out.name}\n")
    return 0

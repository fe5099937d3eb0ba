"""`retropace backup`: a copy of the whole store, made while it is in use."""

import sys
from argparse import Namespace

from retropace.cli.stored import database_of
from retropace.store.backup import back_up


def run(options: Namespace) -> int:
    """Copy everything to one file, and say how to bring it back."""
    size_bytes = back_up(database_of(options), options.out)
    sys.stdout.write(f"{options.out} ({size_bytes / 1e6:.1f} MB)\n")
    sys.stdout.write("To bring it back, stop retropace and copy it to retropace.db in your folder.\n")
    return 0

"""`retropace exercises`: the home exercises, how and why."""

import sys
from argparse import Namespace

from retropace.cli.asked import as_json
from retropace.cli.output import write_bytes
from retropace.errors import UnusableInput
from retropace.exercises import EXERCISES
from retropace.views.coaching import print_exercises


def run(options: Namespace) -> int:
    """List the exercises that hold every word asked for; all of them where none is asked for."""
    words = [word.casefold() for word in options.words]
    found = [e for e in EXERCISES if all(word in f"{e.key} {e.name} {e.why} {e.targets}".casefold() for word in words)]
    if not found:
        raise UnusableInput(
            f"No exercise speaks of {' '.join(options.words)!r}", remedy="Ask for another word, or all."
        )
    if options.html:
        from retropace.views.sheet import exercise_sheet

        write_bytes(options.html, exercise_sheet(found).encode())
    if options.json:
        sys.stdout.write(as_json(found))
    else:
        print_exercises(found)
    return 0

"""`retropace next`: the next backward session, and why it is so."""

import sys
from argparse import Namespace

from retropace.cli.asked import as_json, notebook_of, today_of
from retropace.situation import situation
from retropace.views.coaching import print_next


def run(options: Namespace) -> int:
    """The next session with its day and reasons; 1 where there is none, because it must stop or see somebody."""
    notebook = notebook_of(options, make=False)
    following = situation(notebook, today_of(options)).following
    if options.json:
        sys.stdout.write(as_json(following))
    else:
        print_next(following, notebook.settings().system)
    return int(following.session is None)

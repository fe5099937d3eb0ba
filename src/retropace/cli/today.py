"""`retropace today`: what this day holds, and why it is so."""

import sys
from argparse import Namespace

from retropace.cli.asked import as_json, notebook_of, today_of
from retropace.situation import cues_of, day_of, situation
from retropace.views.coaching import print_cues, print_day, print_next_words, print_reasons


def run(options: Namespace) -> int:
    """The session of today in one sentence and one picture with its reasons; else what there is, and what comes next."""
    notebook = notebook_of(options, make=False)
    here, system = situation(notebook, today_of(options)), notebook.settings().system
    day = day_of(here)
    if options.json:
        sys.stdout.write(as_json({"day": day, "next": here.following}))
        return 0
    print_day(day)
    if day.session is None:
        print_next_words(here.following, system)
        return 0
    print_reasons(here.following.reasons, system)
    if options.cues:
        print_cues(cues_of(here, day.session))
    return 0

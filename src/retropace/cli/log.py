"""`retropace log`: how a session went, and what that changes."""

import datetime as dt
import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from retropace.change import planned_on
from retropace.cli.asked import as_json, notebook_of, today_of
from retropace.cli.asking import Asking
from retropace.errors import UnusableInput
from retropace.intake import intake
from retropace.log import Done, LogEntry, Where, require_plausible
from retropace.progression import with_summary
from retropace.readers import read
from retropace.review import reviewed
from retropace.rules.questionnaire import stop_signs
from retropace.session import Session
from retropace.situation import situation
from retropace.store import Store
from retropace.store.folder import load_entry
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.store.records import where
from retropace.views.coaching import print_next


def run(options: Namespace) -> int:
    """Keep one entry, measured where there is a recording, and say what comes next. 1 where it must stop."""
    store, today = notebook_of(options, make=False), today_of(options)
    before = situation(store, today)
    asking = None if options.entry else Asking(outgoing=sys.stderr if options.json else None)
    entry = _as_planned(store, ask_entry(asking, today) if asking else load_entry(options.entry))
    if asking is not None and asking.stopped:
        return _stopped(asking, store, entry)
    if options.recording:
        entry = _measured(store, entry, options.recording, before.following.session)
    require_plausible(entry)
    store.keep_entry(entry)
    after = situation(store, max(today, entry.day)).following
    if options.json:
        sys.stdout.write(as_json(after))
    else:
        print_next(after, store.settings().system)
    return int(after.session is None)


def _as_planned(store: Store, entry: LogEntry) -> LogEntry:
    """The entry as one of the walking day beside a running programme where the plan had that on its day."""
    planned = planned_on(store, entry.day)
    return entry if planned is None else replace(entry, backward_walk=entry.backward_walk or planned.walk)


def _stopped(asking: Asking, store: Store, entry: LogEntry) -> int:
    """Keep what was answered, unless more may be known of that day already, and say how to go on."""
    if any(kept.day == entry.day for kept in store.log()):
        says = "Stopped. What was kept of this day before stays as it was."
    elif entry == LogEntry(entry.day, entry.done, backward_walk=entry.backward_walk):
        says = "Stopped. Nothing is kept of this day."
    else:
        store.keep_entry(entry)
        says = "Stopped. What you answered so far is kept. To tell it all, start again: ./run log"
    asking.outgoing.write(f"{says}\n")
    return 130


def _measured(notebook: Notebook, entry: LogEntry, path: Path, session: Session | None) -> LogEntry:
    """The entry with what the recording shows in place of what was told; the recording is kept with its original."""
    read(path)  # refuses what is not one recording
    recordings = Recordings(notebook.database, notebook.person_id)
    (outcome,) = intake(notebook, recordings, path.name, path, entry.day)
    if outcome.kept is None:
        raise outcome.error or UnusableInput("The recording cannot be kept", file=path.name)
    if outcome.new and outcome.kept.session is None:
        recordings.keep_session(outcome.kept.id, session)
    return with_summary(entry, reviewed(notebook, recordings, outcome.kept.id).summary)


def ask_entry(asking: Asking, today: dt.date) -> LogEntry:
    """One entry by asking; Enter leaves a question open."""
    signs = stop_signs(today)
    done = asking.choice("How much of the session did you do?", [str(d) for d in Done]) or str(Done.ALL)
    flags = [key for key, sign in signs.items() if asking.yes_no(f"{sign.name}?", sign.says)] if _unwell(asking) else []
    effort = asking.number("How hard was it, from 0 to 10?", 0, 10)
    entry = LogEntry(today, Done(done), effort, red_flags=tuple(flags))
    return replace(
        entry,
        pain_during=_by_part(asking, "Did anything hurt during the session?"),
        pain_hour=_by_part(asking, "Did anything still hurt within the hour after?"),
        soreness_24h=_by_part(asking, "Is anything sore today?"),
        neck_strain=asking.number("How strained is your neck, from 0 to 10?", 0, 10),
        stumbles=int(asking.number("How often did you stumble?", 0, 1000) or 0),
        falls=int(asking.number("How often did you fall?", 0, 100) or 0),
        sleep_hours=asking.number("How many hours did you sleep?", 0, 24),
        reverse_s=asking.number("How many seconds did you go backward in all, if you know?", 0, 86_400),
    )


def _unwell(asking: Asking) -> bool:
    return bool(asking.yes_no("Did anything alarm you: chest, breath, dizziness, a fall, a sudden pain?"))


def _by_part(asking: Asking, question: str) -> Mapping[Where, float]:
    """Body parts with a side and 0 to 10 each, until Enter."""
    found: dict[Where, float] = {}
    while True:
        place = asking.ask(question, "as calf left, Enter for no more", lambda text: _place(text))
        if place is None:
            return found
        value = asking.number(f"{place[0]} {place[1]}, from 0 to 10?", 0, 10)
        if value is not None:
            found[place] = value


def _place(text: str) -> Where:
    try:
        return where(text, "where")
    except UnusableInput as error:
        raise ValueError(error.remedy) from error

"""Report: one printed page about somebody's backward running, for a physiotherapist's two minutes.

Who, what was done, how it felt by part and side, what the plan changed and why, home tests, what is unknown. Black on white,
direction told by side of the line, hatch and word.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from retropace.digest import Digest
from retropace.errors import NotBegun, RetropaceError
from retropace.person import Person
from retropace.progress import USUAL_WEEKS, Progress, progress
from retropace.quantities import System
from retropace.report import parts, words
from retropace.report.cited import Cited
from retropace.review import Reviewed, reviewed
from retropace.rules import Rules, rules_on
from retropace.screening import Clearance, screen
from retropace.situation import Situation, situation
from retropace.store import Screened, Told
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.views import drawing
from retropace.views.palette import PAPER
from retropace.writers.typeset import typeset
from retropace.writers.writer import Written

__all__ = ["Asked", "Subject", "report", "report_data", "subject"]

EVERYTHING = frozenset({"log", "screening", "sessions"})


@dataclass(frozen=True, slots=True)
class Asked:
    """How the page is wanted. `made` is when it is said to be made; `name` whom it is about, "" for the person's own words.

    `shows` names what may be seen of log, screening and sessions; `last_weeks` None tells of all weeks.
    """

    made: dt.datetime
    name: str = ""
    paper: Literal["a4", "us-letter"] = "a4"
    system: System = "metric"
    shows: frozenset[str] = EVERYTHING
    last_weeks: int | None = USUAL_WEEKS


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything the page is made from. `latest` is the last recording that went backward, read again."""

    name: str
    person: Person
    simulated: bool
    screened: Screened | None
    clearance: Clearance | None
    here: Situation | None
    found: Progress
    latest: Reviewed | None
    rules: Rules


def report(notebook: Notebook, recordings: Recordings, digests: Sequence[Digest], asked: Asked) -> Written:
    """The page as a PDF. Raises UnusableInput, StoreFailure."""
    data = report_data(subject(notebook, recordings, digests, asked), asked)
    content, notes = typeset("report.typ", data, asked.made)
    return Written(f"retropace-report-{asked.made.date()}.pdf", "application/pdf", content, notes)


def subject(notebook: Notebook, recordings: Recordings, digests: Sequence[Digest], asked: Asked) -> Subject:
    """What is known of the person, read from their notebook and recordings."""
    today = asked.made.date()
    here = _situation(notebook, today)
    person = notebook.person()
    found = progress(notebook, digests, today, here=here, person=person, last_weeks=asked.last_weeks)
    screened = next((s for s in reversed(notebook.screenings()) if s.answers.day <= today), None)
    clearance = None if screened is None else screen(screened.answers, screened.place, rules_on(screened.answers.day))
    simulated = notebook.simulated or any(day.simulated for day in found.days)
    name = asked.name or notebook.settings().name
    latest = _latest(notebook, recordings, found) if "sessions" in asked.shows else None
    return Subject(name, person, simulated, screened, clearance, here, found, latest, rules_on(today))


def _situation(store: Told, today: dt.date) -> Situation | None:
    try:
        return situation(store, today)
    except NotBegun:
        return None


def _latest(notebook: Notebook, recordings: Recordings, found: Progress) -> Reviewed | None:
    """The last recording that went backward; None where there is none or it cannot be read any more."""
    ids = [day.recordings[-1] for day in reversed(found.days) if day.recordings]
    for recording_id in ids[:3]:
        try:
            return reviewed(notebook, recordings, recording_id)
        except RetropaceError:
            continue
    return None


def report_data(about: Subject, asked: Asked) -> dict[str, Any]:
    """What report.typ sets: only text, numbers and drawings."""
    cited = Cited()
    about = _shared(about, asked.shows)
    data = _head(about, asked) | {"empty": None}
    if about.found.empty and about.clearance is None:
        return data | _nothing() | {"empty": words.NOTHING_YET}
    shows_tests = "screening" in asked.shows
    data |= {
        "facts": words.facts(about.found),
        "cleared": words.cleared(about.clearance, about.here, asked.system) if shows_tests else None,
        "weeks": parts.weeks(about.found),
        "session": parts.session(about.latest, asked.system),
        "felt": parts.felt(about.found) if "log" in asked.shows else None,
        "changes": words.changes(about.found, cited) if "log" in asked.shows else [],
        "tests": words.tests(about.found, about.rules, cited) if shows_tests else None,
        "unknown": words.unknowns(about.found, about.clearance, about.screened, about.person, about.rules)
        if shows_tests
        else [],
        "withheld": words.withheld(asked.shows),
    }
    return data | {"sources": cited.listed()}


def _shared(about: Subject, shows: frozenset[str]) -> Subject:
    """What may be seen of it: without the screening nobody learns age, group or limits."""
    if "log" not in shows:
        about = replace(about, found=about.found.without_log())
    if "screening" not in shows:
        about = replace(about, screened=None, clearance=None, person=Person())
    return about


def _nothing() -> dict[str, Any]:
    lists: dict[str, Any] = dict.fromkeys(("facts", "changes", "unknown", "sources"), ())
    return lists | dict.fromkeys(("cleared", "weeks", "session", "felt", "tests", "withheld"))


def _head(about: Subject, asked: Asked) -> dict[str, Any]:
    brand = drawing.image(22, 16, "retropace", [drawing.brand(0, 0)])
    return {
        "title": words.title(about.name),
        "about": words.about(about.screened, about.person, about.clearance, about.here, about.found),
        "paper": asked.paper,
        "made": words.day(asked.made.date()),
        "brand": {"svg": drawing.standalone(brand, PAPER), "label": "retropace"},
        "simulated": words.SIMULATED if about.simulated else None,
    }

"""What the first visit keeps: every answer at once, apart from finished screenings until the last one is given."""

import datetime as dt
from dataclasses import replace

from retropace.rules import rules_on
from retropace.screening import Answers, Clearance, screen
from retropace.store import Screened
from retropace.store.notebook import Notebook
from retropace.web.pages.welcome_steps import as_of


def last_finished(notebook: Notebook) -> Screened | None:
    """The last screening that was finished."""
    finished = notebook.screenings()
    return finished[-1] if finished else None


def known(notebook: Notebook, today: dt.date) -> Screened:
    """All answers so far, as of today: those of a screening under way, else of the last one, else what the person is."""
    before = notebook.unfinished() or last_finished(notebook)
    if before is not None:
        return as_of(before, today)
    person = notebook.person()
    return Screened(Answers(today, age_years=person.age_years, sex=person.sex))


def keep(notebook: Notebook, screened: Screened) -> None:
    """Keep answers of a screening under way; they count for nothing until it is finished."""
    if screened != notebook.unfinished():
        notebook.keep_unfinished(screened)


def keep_body(notebook: Notebook, answers: Answers) -> None:
    """Age and sex belong to the body, too: energy and heart rate need them."""
    person = notebook.person()
    told = replace(person, age_years=answers.age_years or person.age_years, sex=answers.sex or person.sex)
    if told != person:
        notebook.keep_person(told)


def finish(notebook: Notebook, screened: Screened) -> None:
    """From now on these answers count."""
    notebook.keep_screened(screened)
    notebook.keep_unfinished(None)


def clearance_of(screened: Screened) -> Clearance:
    """What a finished screening says, under the rules of its day."""
    return screen(screened.answers, screened.place, rules_on(screened.answers.day))

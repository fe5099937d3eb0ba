"""`retropace weight`: energy balance without lies, and what the next session is really worth."""

import sys
from argparse import Namespace
from dataclasses import replace
from typing import Any

from retropace.cli.asked import as_json, notebook_of, today_of
from retropace.errors import UnusableInput
from retropace.person import Person, checked, load_person
from retropace.rules import rules_on
from retropace.session import Session
from retropace.situation import Situation, situation
from retropace.store.notebook import Notebook
from retropace.views.coaching import print_balance, print_reasons, print_worth
from retropace.weight import Activity, Circumstances, Wish, balance, reply, worth

_SAID = ("pregnant", "breastfeeding", "eating_disorder", "illness")


def run(options: Namespace) -> int:
    """What the body needs, how much less is safe, what the next session leaves, and an answer to a wish."""
    rules = rules_on(today_of(options))
    notebook = notebook_of(options, make=False)
    person, circumstances = _person(options, notebook.person()), _circumstances(options)
    found = balance(person, Activity(options.activity), circumstances, rules)
    wish = _wish(options)
    answer = reply(wish, person, found, rules) if wish else None
    # With an eating disorder, or while nobody said, no figures: counting is part of the illness.
    session = _next_session(notebook, options) if circumstances.eating_disorder is False else None
    value = worth(session, person, rules) if session else None
    if options.json:
        sys.stdout.write(as_json({"balance": found, "worth": value, "reply": answer}))
        return 0
    if answer is not None:
        print_reasons(reason for reason in answer.reasons if reason not in found.reasons)
    print_balance(found)
    if value is not None and session is not None:
        print_worth(session, value)
    return 0


def _person(options: Namespace, known: Person) -> Person:
    """What the notebook knows of the body, or the file that is named instead; options count over both."""
    person = load_person(options.person) if options.person else known
    told: dict[str, Any] = {
        name: checked(name, value)
        for name, value in (("mass_kg", options.mass), ("height_m", options.height), ("age_years", options.age))
        if value is not None
    }
    return replace(person, **told, sex=options.sex or person.sex)


def _circumstances(options: Namespace) -> Circumstances:
    """Each of them yes, no, or not said; --none-of-these says no to all that were not named."""
    otherwise = False if options.none_of_these else None
    return Circumstances(**{name: True if getattr(options, name) else otherwise for name in _SAID})


def _wish(options: Namespace) -> Wish | None:
    if options.lose is None and options.in_weeks is None and options.part is None:
        return None
    for name, value in (("--lose", options.lose), ("--in-weeks", options.in_weeks)):
        if value is not None and not 0 < value <= 520:
            raise UnusableInput(f"{value:g} is out of range", field=name, remedy="Give a positive number.")
    return Wish(options.lose, options.in_weeks, options.part)


def _next_session(notebook: Notebook, options: Namespace) -> Session | None:
    try:
        here: Situation = situation(notebook, today_of(options))
    except UnusableInput:  # weight may be asked about without being screened
        return None
    return here.following.session

"""`retropace screen`: who may run backward, where, and within which limits."""

import datetime as dt
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from retropace.cli.asked import as_json, notebook_of, today_of
from retropace.cli.asking import Asking
from retropace.files import read_table
from retropace.place import Place, Surface, Watcher
from retropace.rules import rules_on
from retropace.rules.questionnaire import HomeTest, Question
from retropace.screening import Answers, screen, unanswered
from retropace.store import Screened, Store
from retropace.store.records import record
from retropace.views.coaching import print_clearance

_ANSWER_FIELDS = {field.name for field in fields(Answers)}
_PLACE_QUESTIONS = (
    ("slope", "How much does it slope, in percent? 0 is flat.", 0, 20),
    ("clear_length_m", "How many metres straight ahead are clear? Walk them first.", 1, 1000),
    ("clear_width_m", "How wide is it at its narrowest, in metres?", 0.3, 50),
)
_PLACE_YES_NO = (
    ("dry", "Is it dry underfoot?"),
    ("daylight", "Is there daylight?"),
    ("others", "May people, bicycles or dogs cross?"),
)
_TREADMILL = (
    ("treadmill_clip", "Do you wear the safety clip?"),
    ("treadmill_helper", "Does somebody stand at the stop button?"),
    ("treadmill_harness", "Do you wear a harness?"),
)


def run(options: Namespace) -> int:
    """Ask what is open (or read it from a file), keep the answers, and say what follows. 0 when cleared, 1 when not now."""
    store, today = notebook_of(options), today_of(options)
    if options.answers:
        screened = record(read_table(options.answers), Screened, options.answers.name)
    else:
        asking = Asking(outgoing=sys.stderr if options.json else None)
        screened = _asked(asking, Screened(Answers(today)) if options.again else _known(store, today), options)
        if asking.stopped:
            return _stopped(asking, store, screened)
    store.keep_screened(screened)
    store.keep_unfinished(None)
    clearance = screen(screened.answers, screened.place, rules_on(today))
    if options.json:
        sys.stdout.write(as_json(clearance))
    else:
        print_clearance(clearance, store.settings().system)
    return int(clearance.see is not None)


def _known(store: Store, today: dt.date) -> Screened:
    """What need not be asked: all of a screening stopped half way, else the last one's answers but not its place."""
    begun, finished = store.unfinished(), store.screenings()
    if begun is not None:
        return replace(begun, answers=replace(begun.answers, day=today))
    return Screened(replace(finished[-1].answers, day=today) if finished else Answers(today))


def _asked(asking: Asking, known: Screened, options: Namespace) -> Screened:
    asking.say("Ctrl-C stops and keeps your answers so far.")
    answers = ask_answers(asking, known.answers, short=options.short)
    return Screened(answers, ask_place(asking, known.place))


def _stopped(asking: Asking, store: Store, screened: Screened) -> int:
    """Keep what was answered apart from finished screenings, and say how to go on."""
    store.keep_unfinished(screened)
    asking.outgoing.write("Stopped. Your answers so far are kept; nothing follows from them yet. Go on: ./run screen\n")
    return 130


def ask_answers(asking: Asking, answers: Answers, *, short: bool) -> Answers:
    """The answers with what was open asked, each question once; a red flag's follow-ups come up as they matter."""
    asked: set[str] = set()
    while True:
        still = [item for item in unanswered(answers, short=short) if item.key not in asked]
        if not still:
            return answers
        asked.add(still[0].key)
        answers = _with_answer(asking, answers, still[0])


def _with_answer(asking: Asking, answers: Answers, item: Question | HomeTest) -> Answers:
    if isinstance(item, HomeTest):
        return _with_test(asking, answers, item)
    value = _answer(asking, item)
    if value is None:
        return answers
    if item.key in _ANSWER_FIELDS:
        changed: dict[str, Any] = {item.key: value}
        return replace(answers, **changed)
    return replace(answers, health={**answers.health, item.key: bool(value)})


def _answer(asking: Asking, question: Question) -> bool | float | str | None:
    if isinstance(question.answers, tuple):
        return asking.choice(question.asks, question.answers, question.why)
    if question.answers == "number":
        return asking.number(question.asks, 0, 130, question.why)
    return asking.yes_no(question.asks, question.why)


def _with_test(asking: Asking, answers: Answers, test: HomeTest) -> Answers:
    """Ask for a home test's figures; Enter leaves the test for another day."""
    asking.say(f"\n{test.name}. You need: {test.needs}")
    for number, step in enumerate(test.steps, start=1):
        asking.say(f"  {number}. {step}")
    asking.say(f"  {' '.join(filter(None, (test.writes, test.stop)))}")
    if (answers.age_years or 0) >= test.second_person:
        asking.say("  Have somebody stand beside you.")
    found = dict(answers.tests)
    for measure in test.measures:
        value = asking.number(f"{measure.replace('_', ' ')} ({test.unit})", 0, 10_000)
        if value is None:
            break
        found[measure] = value
    return replace(answers, tests=found)


def ask_place(asking: Asking, known: Place | None = None) -> Place:
    """Where somebody means to run backward, what is open of `known`; anything may stay open."""
    asking.say("\nWhere do you want to run backward?")
    place = known or Place()
    if place.surface is None:
        surface = asking.choice("What is underfoot?", [str(s) for s in Surface])
        place = replace(place, surface=Surface(surface) if surface else None)
    if place.surface is Surface.TREADMILL:
        return _with_yes_no(asking, place, _TREADMILL)
    for name, question, low, high in _PLACE_QUESTIONS:
        if getattr(place, name) is None:
            place = _with_number(asking, place, name, question, low, high)
    place = _with_yes_no(asking, place, _PLACE_YES_NO)
    if place.watcher is None:
        watcher = asking.choice("Who or what looks behind you?", [str(w) for w in Watcher])
        place = replace(place, watcher=Watcher(watcher) if watcher else None)
    return place


def _with_number(asking: Asking, place: Place, name: str, question: str, low: float, high: float) -> Place:
    value = asking.number(question, low, high)
    if value is not None and name == "slope":  # asked in percent
        value /= 100
    changed: dict[str, Any] = {name: value}
    return replace(place, **changed)


def _with_yes_no(asking: Asking, place: Place, questions: Sequence[tuple[str, str]]) -> Place:
    open_ones = [(name, question) for name, question in questions if getattr(place, name) is None]
    changed: dict[str, Any] = {name: asking.yes_no(question) for name, question in open_ones}
    return replace(place, **changed)

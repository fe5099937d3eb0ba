"""First visit: the home tests, each with its drawing, its watch, and another day as good as today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.responses import Response

from retropace.errors import NotFound
from retropace.home_tests import LARGEST, undone
from retropace.rules import rules_on
from retropace.rules.questionnaire import HomeTest, home_tests
from retropace.store import Screened
from retropace.views.pose import figure_svg
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.pages.welcome_going import go_on, kept_quietly
from retropace.web.pages.welcome_kept import keep, known
from retropace.web.pages.welcome_steps import DIZZY, Step, at, figure_of, refuses, tests_for
from retropace.web.pages.welcome_typed import Typed, written
from retropace.web.visit import Visit

#: What is read off a wall with three tapes, by what is kept of it (see rules/home_tests.toml).
_TURNS = ("65", "50", "40")


@dataclass(frozen=True, slots=True)
class Card:
    """One home test in the list of all: its drawing, and what is known of it."""

    key: str
    name: str
    drawing: str
    figures: str


def tests(visit: Visit) -> Response:
    """All home tests at a glance: now, or another day."""
    screened = known(visit.notebook, visit.today)
    where = at(visit, Step.TESTS, screened.answers)
    cards = [
        Card(test.key, test.name, figure_svg(figure_of(test), size=72), figures_words(test, screened.answers.tests))
        for test in tests_for(screened.answers)
    ]
    return page(visit, "welcome_tests.html", at=where, cards=cards, first=_first_open(screened))


def keep_tests(visit: Visit) -> Response:
    """Another day: what was measured counts, the rest stays open."""
    screened = known(visit.notebook, visit.today)
    return go_on(visit, at(visit, Step.TESTS, screened.answers), screened)


def test(visit: Visit) -> Response:
    """One home test."""
    screened = known(visit.notebook, visit.today)
    return _test(visit, screened, _named(visit, screened), Typed(visit))


def keep_test(visit: Visit) -> Response:
    """Keep the figures of one home test; with "another day" it is left as it was."""
    typed = Typed(visit)
    screened = known(visit.notebook, visit.today)
    done = _named(visit, screened)
    if visit.form.get("later") is None:
        figures = {**screened.answers.tests, **_told(typed, done, screened)}
        kept = {measure: value for measure, value in figures.items() if value is not None}
        screened = replace(screened, answers=replace(screened.answers, tests=kept))
    if kept_quietly(visit) or typed.troubles:
        keep(visit.notebook, screened)
        return Response(status_code=204) if kept_quietly(visit) else _test(visit, screened, done, typed)
    where = at(visit, Step.TESTS, screened.answers)
    later = _after(done, screened)
    if later is None or refuses(Step.TESTS, screened):
        return go_on(visit, where, screened)
    keep(visit.notebook, screened)
    return see_other(visit, where.address(Step.TESTS, later.key))


def _named(visit: Visit, screened: Screened) -> HomeTest:
    key = visit.path("test")
    found = next((test for test in tests_for(screened.answers) if test.key == key), None)
    if found is None:
        raise NotFound("There is no such home test", remedy="Go back to the list of them.")
    return found


def _first_open(screened: Screened) -> str:
    """The key of the first test without a figure, else of the first of all."""
    shown = tests_for(screened.answers)
    open_ones = {test.key for test in undone(screened.answers.tests, rules_on(screened.answers.day), extra=True)}
    return next((test.key for test in shown if test.key in open_ones), shown[0].key)


def _after(done: HomeTest, screened: Screened) -> HomeTest | None:
    shown = tests_for(screened.answers)
    number = [test.key for test in shown].index(done.key) + 1
    return shown[number] if number < len(shown) else None


def _turns(test: HomeTest) -> bool:
    return bool(test.writes)


def _told(typed: Typed, test: HomeTest, screened: Screened) -> Mapping[str, float | None]:
    """The figures in the form, None for a field that was emptied."""
    before = screened.answers.tests
    if _turns(test):
        sides = {measure: typed.choice(measure, _TURNS, _turn(before.get(measure))) for measure in test.measures}
        dizzy = typed.yes_no(DIZZY, kept=None if DIZZY not in before else bool(before[DIZZY]))
        told = {measure: None if side is None else float(side) for measure, side in sides.items()}
        return {**told, DIZZY: None if dizzy is None else float(dizzy)}
    return {measure: _figure(typed, test, measure, before.get(measure)) for measure in test.measures}


def _figure(typed: Typed, test: HomeTest, measure: str, before: float | None) -> float | None:
    """A figure that somebody can have reached."""
    low, high = (test.best, LARGEST[test.unit]) if test.better == "low" else (0.0, min(test.best, LARGEST[test.unit]))
    return typed.number(measure, low, high, before)


def _turn(degrees: float | None) -> str | None:
    """Which of the three a kept figure is."""
    if degrees is None:
        return None
    return _TURNS[0] if degrees >= 60 else _TURNS[1] if degrees >= 45 else _TURNS[2]


def _test(visit: Visit, screened: Screened, test: HomeTest, typed: Typed) -> Response:
    before = screened.answers.tests
    shown = tests_for(screened.answers)
    age = screened.answers.age_years
    kept: dict[str, object] = {measure: before.get(measure) for measure in test.measures}
    if _turns(test):
        kept = {measure: _turn(before.get(measure)) for measure in test.measures}
        kept[DIZZY] = None if DIZZY not in before else bool(before[DIZZY])
    return page(
        visit,
        "welcome_test.html",
        status=422 if typed.troubles else 200,
        at=at(visit, Step.TESTS, screened.answers),
        test=test,
        nth=[each.key for each in shown].index(test.key) + 1,
        count=len(shown),
        drawing=figure_svg(figure_of(test), size=200),
        beside=age is None or age >= test.second_person,
        turns=_turns(test),
        dizzy=home_tests(visit.today)[DIZZY],
        timed={"s": "watch", "repeats": "count"}.get(test.unit, ""),
        measures=[(measure, measure_words(measure)) for measure in test.measures],
        values={name: typed.shown(name, value) for name, value in kept.items()},
        troubles=typed.troubles,
    )


def measure_words(measure: str) -> str:
    """What a figure is of, as its field says it."""
    return {
        "backward_walk_3m_s": say("Three metres backward"),
        "single_leg_left_s": say("Left leg"),
        "single_leg_right_s": say("Right leg"),
        "sit_to_stand_5_s": say("Five times up"),
        "heel_raises_left": say("Left calf"),
        "heel_raises_right": say("Right calf"),
        "neck_left_deg": say("To the left"),
        "neck_right_deg": say("To the right"),
        "walk_30min_pain": say("Worst pain on the way"),
        "prep_stumbles": say("Stumbles in the week"),
    }.get(measure, measure)


def figures_words(test: HomeTest, tests: Mapping[str, float]) -> str:
    """A home test's figures in a line, nothing where there is none."""
    known_ones = [(measure, tests[measure]) for measure in test.measures if measure in tests]
    unit = {"s": "s", "degrees": "°"}.get(test.unit, "")
    several = len(test.measures) > 1
    return " · ".join(
        " ".join(filter(None, (measure_words(measure).lower() if several else "", f"{written(value)} {unit}".strip())))
        for measure, value in known_ones
    )


DOORS = (
    Door("/welcome/{way}/tests", tests),
    Door("/welcome/{way}/tests", keep_tests, ("POST",)),
    Door("/welcome/{way}/tests/{test}", test),
    Door("/welcome/{way}/tests/{test}", keep_test, ("POST",)),
)

"""First visit: who you are, and the health questions, one group a screen; and whether all of it still holds later on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from starlette.responses import Response

from retropace.findings import Level
from retropace.person import Person
from retropace.quantities import QUANTITIES, System, shown
from retropace.rules.questionnaire import HomeTest, Question
from retropace.saying import day_words
from retropace.screening import MOST_RUNS, Answers, said, with_answer
from retropace.store import Screened, Settings
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say, say_count
from retropace.web.pages.welcome_going import go_on, kept_quietly
from retropace.web.pages.welcome_kept import clearance_of, finish, keep, keep_body, known, last_finished
from retropace.web.pages.welcome_place import place_words
from retropace.web.pages.welcome_steps import (
    ASKING,
    At,
    Step,
    Way,
    asked,
    at,
    behind_last,
    next_open,
    refuses,
    steps,
    tests_for,
    title,
    touched,
)
from retropace.web.pages.welcome_typed import Typed, written
from retropace.web.visit import Visit

_LONGEST_NAME = 60
_M_PER_FT, _M_PER_IN, _KG_PER_LB = 0.3048, 0.0254, 0.45359237


# -- who you are --------------------------------------------------------------------------------------------------------


def you(visit: Visit) -> Response:
    """Age, sex and habits; name, units and size if somebody likes."""
    screened = known(visit.notebook, visit.today)
    return _you(visit, at(visit, Step.YOU, screened.answers), screened.answers, Typed(visit))


def keep_you(visit: Visit) -> Response:
    """Keep who somebody is."""
    typed = Typed(visit)
    screened = known(visit.notebook, visit.today)
    answers = _habits(typed, _age_and_sex(typed, screened.answers))
    where, screened = at(visit, Step.YOU, answers), replace(screened, answers=answers)
    _keep_settings(visit, typed)
    _keep_size(visit, typed)
    keep_body(visit.notebook, answers)
    if kept_quietly(visit):
        keep(visit.notebook, screened)
        return Response(status_code=204)
    if typed.troubles:
        keep(visit.notebook, screened)
        return _you(visit, where, answers, typed)
    return go_on(visit, where, screened)


def _you(visit: Visit, where: At, answers: Answers, typed: Typed) -> Response:
    keys = [question.key for question in asked(Step.YOU, answers, where.way)]
    return page(
        visit,
        "welcome_you.html",
        status=422 if typed.troubles else 200,
        at=where,
        asks={question.key: question for question in asked(Step.YOU, answers)},
        keys=keys,
        values=_values(visit, answers, typed),
        troubles=typed.troubles,
        ranges=_ranges(),
    )


def _age_and_sex(typed: Typed, answers: Answers) -> Answers:
    age = QUANTITIES["age_years"]
    return replace(
        answers,
        age_years=typed.number("age_years", age.low, age.high, answers.age_years),
        sex=typed.choice("sex", ("female", "male"), answers.sex),
    )


def _habits(typed: Typed, answers: Answers) -> Answers:
    runs = typed.number("ordinary_runs_per_week", 0, MOST_RUNS, answers.ordinary_runs_per_week)
    return replace(
        answers,
        active=typed.yes_no("active", kept=answers.active),
        ordinary_runs_per_week=runs,
        knee_rehabilitation=typed.yes_no("knee_rehabilitation", kept=answers.knee_rehabilitation),
    )


def _keep_settings(visit: Visit, typed: Typed) -> None:
    before = visit.notebook.settings()
    system: System = (
        "imperial" if typed.choice("system", ("metric", "imperial"), before.system) == "imperial" else "metric"
    )
    name = typed.read("name", lambda: visit.text("name", _LONGEST_NAME), before.name)
    told = replace(before, system=system, name=name)
    if told != before:
        visit.notebook.keep_settings(told)


def _keep_size(visit: Visit, typed: Typed) -> None:
    """Mass and height in the units that were chosen with them."""
    before = visit.notebook.person()
    mass, height = QUANTITIES["mass_kg"], QUANTITIES["height_m"]
    if visit.form.get("system") == "imperial":
        pounds = (round(mass.low / _KG_PER_LB), round(mass.high / _KG_PER_LB))
        mass_kg = _scaled(typed, "mass_lb", pounds, _KG_PER_LB, before.mass_kg)
        feet_m = _scaled(typed, "height_ft", (3, 8), _M_PER_FT, before.height_m)
        inches_m = _scaled(typed, "height_in", (0, 11.99), _M_PER_IN, None)
        height_m = feet_m if feet_m is None or not typed.has("height_ft") else round(feet_m + (inches_m or 0.0), 4)
    else:
        mass_kg = _scaled(typed, "mass_kg", (mass.low, mass.high), 1.0, before.mass_kg)
        height_m = _scaled(typed, "height_cm", (100 * height.low, 100 * height.high), 0.01, before.height_m)
    if {"height_ft", "height_in"} & typed.troubles.keys():
        height_m = before.height_m
    told = replace(before, mass_kg=mass_kg, height_m=height_m)
    if told != before:
        visit.notebook.keep_person(told)


def _scaled(typed: Typed, name: str, reach: tuple[float, float], factor: float, before: float | None) -> float | None:
    """A field in a unit of its own, in SI; what was kept where the form has none, or where it cannot be used."""
    value = typed.number(name, *reach)
    if name in typed.troubles or not typed.has(name):
        return before
    return None if value is None else round(value * factor, 4)


def _values(visit: Visit, answers: Answers, typed: Typed) -> Mapping[str, str]:
    """What every field shows."""
    settings: Settings = visit.notebook.settings()
    person = visit.notebook.person()
    kept: dict[str, object] = {
        "age_years": answers.age_years,
        "sex": answers.sex,
        "active": answers.active,
        "ordinary_runs_per_week": answers.ordinary_runs_per_week,
        "knee_rehabilitation": answers.knee_rehabilitation,
        "name": settings.name,
        "system": settings.system,
        **_size(person),
    }
    return {name: typed.shown(name, value) for name, value in kept.items()}


def _size(person: Person) -> dict[str, object]:
    inches = None if person.height_m is None else round(person.height_m / _M_PER_IN)
    return {
        "mass_kg": None if person.mass_kg is None else round(person.mass_kg, 1),
        "mass_lb": None if person.mass_kg is None else float(round(shown(person.mass_kg, "kg", "imperial")[0])),
        "height_cm": None if person.height_m is None else float(round(person.height_m * 100)),
        "height_ft": None if inches is None else inches // 12,
        "height_in": None if inches is None else inches % 12,
    }


def _ranges() -> Mapping[str, tuple[float, float]]:
    return {name: (QUANTITIES[name].low, QUANTITIES[name].high) for name in ("age_years", "mass_kg", "height_m")} | {
        "ordinary_runs_per_week": (0, MOST_RUNS)
    }


# -- health questions ---------------------------------------------------------------------------------------------------


def ask(visit: Visit, step: Step) -> Response:
    """One group of questions."""
    screened = known(visit.notebook, visit.today)
    where = at(visit, step, screened.answers)
    if not where.number and not where.changes:
        return see_other(visit, where.address(next_open(where.way, screened)))
    return _questions(visit, where, screened.answers, Typed(visit))


def keep_answers(visit: Visit, step: Step) -> Response:
    """Keep the answers to one group; "no to the rest" answers whatever of it is still open."""
    typed = Typed(visit)
    screened = known(visit.notebook, visit.today)
    answers = screened.answers
    for question in asked(step, answers):
        answers = with_answer(answers, question, _answer(typed, question, answers))
    where, screened = at(visit, step, answers), replace(screened, answers=answers)
    if kept_quietly(visit) or typed.troubles:
        keep(visit.notebook, screened)
        return Response(status_code=204) if kept_quietly(visit) else _questions(visit, where, answers, typed)
    return go_on(visit, where, screened)


def _answer(typed: Typed, question: Question, answers: Answers) -> bool | None:
    kept = said(question, answers)
    answer = typed.yes_no(question.key, kept=kept if isinstance(kept, bool) else None)
    rest = typed.visit.form.get("rest") == "no" and question.key not in typed.troubles
    return False if answer is None and rest else answer


def _questions(visit: Visit, where: At, answers: Answers, typed: Typed) -> Response:
    found = asked(where.step, answers)
    return page(
        visit,
        "welcome_questions.html",
        status=422 if typed.troubles else 200,
        at=where,
        heading=_heading(where.step),
        lead=_lead(where.step),
        questions=found,
        values={question.key: typed.shown(question.key, said(question, answers)) for question in found},
        troubles=typed.troubles,
        rest=where.step is not Step.AGREED,
    )


def _heading(step: Step) -> str:
    return {
        Step.HEART: say("Heart, breath and blood"),
        Step.BALANCE: say("Head, eyes and balance"),
        Step.BODY: say("Bones, legs, and today"),
        Step.AGREED: say("You said yes. Does somebody know?"),
        Step.SMALLER: say("Smaller things"),
    }[step]


def _lead(step: Step) -> str:
    return {
        Step.HEART: say("A yes here may ask you to see somebody first. What you leave open counts as doubtful."),
        Step.BALANCE: say("You move where you do not look, and you look over your shoulder often."),
        Step.BODY: say("Backward you land toe first, and a fall comes sooner than the hands."),
        Step.AGREED: say("Some answers become limits once a clinician who knows you has agreed."),
        Step.SMALLER: say("A yes here only sets where you start. None of it turns you away."),
    }[step]


# -- later on: does it still hold? --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """One group of answers as it is told back: in a few words, every yes by itself, and every question with its answer."""

    title: str
    told: str
    yes: tuple[str, ...]
    all: tuple[tuple[str, str], ...]
    path: str
    open: bool


def again(visit: Visit) -> Response:
    """Every answer so far, each group a line: confirm it, or change what changed."""
    if visit.notebook.unfinished() is None and last_finished(visit.notebook) is None:
        return see_other(visit, "/welcome")
    return _again(visit, known(visit.notebook, visit.today), Typed(visit))


def keep_again(visit: Visit) -> Response:
    """All of it still holds: the answers count from today."""
    typed = Typed(visit)
    screened = known(visit.notebook, visit.today)
    answers = screened.answers
    for question in _brief(answers):
        answers = with_answer(answers, question, typed.yes_no(question.key))
    screened = replace(screened, answers=answers)
    if typed.troubles:
        return _again(visit, screened, typed)
    later = _not_seen_yet(last_finished(visit.notebook), screened)
    if later is not None:
        keep(visit.notebook, screened)
        return see_other(visit, f"/welcome/plan/{later}?then=on")
    finish(visit.notebook, screened)
    return see_other(visit, "/welcome/result")


def _not_seen_yet(before: Screened | None, screened: Screened) -> Step | None:
    """A screen that was never reached, because an answer before it said stop and no longer does."""
    flags = (Step.HEART, Step.BALANCE, Step.BODY)
    if any(refuses(step, screened) for step in flags):
        return None
    unseen = [step for step in (Step.YOU, *flags) if not touched(step, screened)]
    stopped = before is None or clearance_of(before).level is Level.NOT_NOW
    return unseen[0] if unseen else behind_last(Way.PLAN, screened) if stopped else None


def _again(visit: Visit, screened: Screened, typed: Typed) -> Response:
    before = last_finished(visit.notebook)
    return page(
        visit,
        "welcome_again.html",
        status=422 if typed.troubles else 200,
        before=before,
        day="" if before is None else day_words(before.answers.day),
        groups=_groups(screened, visit),
        brief=_brief(screened.answers),
        values={question.key: typed.shown(question.key, None) for question in _brief(screened.answers)},
        troubles=typed.troubles,
    )


def _brief(answers: Answers) -> tuple[Question, ...]:
    """What is asked anew every time: it was about a day or two only."""
    return tuple(
        question
        for step in steps(Way.PLAN, answers)
        if step in ASKING
        for question in asked(step, answers)
        if question.again_days is not None and said(question, answers) is None
    )


def _groups(screened: Screened, visit: Visit) -> list[Group]:
    answers = screened.answers
    groups = [_you_told(answers)]
    groups += [_group(step, answers) for step in steps(Way.PLAN, answers) if step in ASKING]
    tests = [(test.name, _figures(test, answers)) for test in tests_for(answers)]
    done = sum(bool(figures) for _, figures in tests)
    told = say("{done} of {all} done", done=done, all=len(tests))
    rows = tuple((name, figures or say("another day")) for name, figures in tests)
    groups.append(Group(title(Step.TESTS), told, (), rows, _path(Step.TESTS), done < len(tests)))
    words = place_words(screened.place, visit.settings.system)
    groups.append(Group(title(Step.PLACE), words or say("not told yet"), (), (), _path(Step.PLACE), not words))
    return groups


def _you_told(answers: Answers) -> Group:
    rows = tuple((question.asks, _word(said(question, answers))) for question in asked(Step.YOU, answers))
    age = say("{years:g} years", years=answers.age_years) if answers.age_years is not None else say("age open")
    sex = {"female": say("female"), "male": say("male")}.get(answers.sex or "", "")
    missing = any(said(question, answers) is None for question in asked(Step.YOU, answers))
    return Group(title(Step.YOU), ", ".join(filter(None, (age, sex))), (), rows, _path(Step.YOU), missing)


def _group(step: Step, answers: Answers) -> Group:
    found = [(question, said(question, answers)) for question in asked(step, answers)]
    yes = tuple(question.asks for question, answer in found if answer is True)
    missing = sum(answer is None for _, answer in found)
    told = [say_count("{count} yes", "{count} yes", len(yes))] if yes else []
    told += [say_count("{count} open", "{count} open", missing)] if missing else []
    rows = tuple((question.asks, _word(answer)) for question, answer in found)
    return Group(title(step), ", ".join(told) or say("no to all"), yes, rows, _path(step), missing > 0)


def _word(answer: object | None) -> str:
    if answer is None:
        return say("open")
    return {"yes": say("yes"), "no": say("no"), "female": say("female"), "male": say("male")}.get(
        written(answer), written(answer)
    )


def _figures(test: HomeTest, answers: Answers) -> str:
    figures = [answers.tests.get(measure) for measure in test.measures]
    return " · ".join(written(float(figure)) for figure in figures if figure is not None)


def _path(step: Step) -> str:
    return f"/welcome/plan/{step}?then=again"


def _doors() -> tuple[Door, ...]:
    made = [Door("/welcome/{way}/you", you), Door("/welcome/{way}/you", keep_you, ("POST",))]
    for step in ASKING:
        made.append(Door(f"/welcome/{{way}}/{step}", partial(ask, step=step)))
        made.append(Door(f"/welcome/{{way}}/{step}", partial(keep_answers, step=step), ("POST",)))
    return (*made, Door("/welcome/again", again), Door("/welcome/again", keep_again, ("POST",)))


DOORS = _doors()

"""First visit, step by step: what is asked on which screen, what comes next, and where somebody who comes back goes on."""

import datetime as dt
import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from retropace.errors import NotFound
from retropace.place import Place
from retropace.rules import rules_on
from retropace.rules.questionnaire import HomeTest, Question, home_tests, questions
from retropace.screening import Answers, Level, concerns, said, screen
from retropace.store import Screened
from retropace.web.language import say
from retropace.web.visit import Visit


class Way(enum.StrEnum):
    """What somebody came for."""

    PLAN = "plan"  # everything, and a programme from it
    TRY = "try"  # just one session, screened in short


class Step(enum.StrEnum):
    """One screen of the first visit."""

    YOU = "you"
    HEART = "heart"
    BALANCE = "balance"
    BODY = "body"
    AGREED = "agreed"  # only after a yes that a clinician's word could change
    SMALLER = "smaller"
    TESTS = "tests"
    PLACE = "place"
    GOAL = "goal"
    DAYS = "days"


AGREES = "clinician_agrees"
#: The questions of each screen, in their order there; a new red flag joins BODY, a new caution SMALLER.
_KEYS: dict[Step, tuple[str, ...]] = {
    Step.YOU: ("age_years", "sex", "active", "ordinary_runs_per_week", "knee_rehabilitation"),
    Step.HEART: ("chest_pain", "breathless", "fainting", "blood_pressure_now", "heart_disease"),
    Step.BALANCE: ("neck_signs", "vertigo", "falls", "vision_loss", "nerve_disease", "seizures"),
    Step.BODY: (
        "calf_swelling",
        "injury_now",
        "fragility_fracture",
        "surgery",
        "supervised_only",
        "pregnant",
        "alcohol_today",
    ),
    Step.AGREED: (AGREES,),
    Step.SMALLER: (),
}
_NAMED = frozenset(key for keys in _KEYS.values() for key in keys)
#: Of YOU, what the short way asks.
_SHORT = ("age_years", "sex")
#: Screens with questions of yes and no.
ASKING = (Step.HEART, Step.BALANCE, Step.BODY, Step.AGREED, Step.SMALLER)
#: Where an answer that was changed later leads back to: everything told back, or the result. "on" goes on from there, all
#: earlier answers confirmed today.
THENS = ("again", "result", "on")
#: The five home tests and what goes with them, with their drawings. Dizziness is asked with the neck.
_FIGURES = {
    "backward_walk_3m": "test_backward_walk",
    "single_leg_stance": "test_single_leg_stance",
    "sit_to_stand": "test_sit_to_stand",
    "heel_raise": "test_heel_raises",
    "neck_rotation": "test_neck_rotation",
    "forward_walk": "walk_forward",
    "preparation": "walk_backward",
}
DIZZY = "neck_dizzy"


def title(step: Step) -> str:
    """What a screen is about, in a word or three."""
    return {
        Step.YOU: say("you"),
        Step.HEART: say("heart and breath"),
        Step.BALANCE: say("head and balance"),
        Step.BODY: say("bones, legs, today"),
        Step.AGREED: say("one more question"),
        Step.SMALLER: say("smaller things"),
        Step.TESTS: say("home tests"),
        Step.PLACE: say("your place"),
        Step.GOAL: say("your goal"),
        Step.DAYS: say("your days"),
    }[step]


def way_of(text: str) -> Way:
    """The way named in an address. Raises NotFound."""
    if text not in list(Way):
        raise NotFound("There is no such page", remedy="Go back to the start.")
    return Way(text)


def asked(step: Step, answers: Answers, way: Way = Way.PLAN) -> tuple[Question, ...]:
    """The questions of a screen that concern somebody, in order."""
    known = questions(answers.day)
    keys = _SHORT if step is Step.YOU and way is Way.TRY else _KEYS[step]
    found = [known[key] for key in keys if key in known]
    if step in (Step.BODY, Step.SMALLER):
        found += [q for q in known.values() if q.key not in _NAMED and bool(q.see) is (step is Step.BODY)]
    return tuple(question for question in found if concerns(question, answers))


def tests_for(answers: Answers) -> tuple[HomeTest, ...]:
    """The home tests shown to somebody: the five, and from 65 on the others with a figure of their own."""
    rules = rules_on(answers.day)
    older = (answers.age_years or 0) >= rules.number("screening.older")
    return tuple(test for key, test in home_tests(answers.day).items() if key in _FIGURES and (older or not test.extra))


def figure_of(test: HomeTest) -> str:
    """The key of a home test's drawing."""
    return _FIGURES[test.key]


def steps(way: Way, answers: Answers) -> tuple[Step, ...]:
    """The screens of a way, for these answers."""
    agreed = bool(asked(Step.AGREED, answers))
    flags = (Step.YOU, Step.HEART, Step.BALANCE, Step.BODY, *((Step.AGREED,) if agreed else ()))
    if way is Way.TRY:
        return (*flags, Step.PLACE)
    return (*flags, Step.SMALLER, Step.TESTS, Step.PLACE, Step.GOAL, Step.DAYS)


def touched(step: Step, screened: Screened) -> bool:
    """Whether anything of a screen was answered."""
    if step is Step.TESTS:
        return bool(screened.answers.tests)
    if step is Step.PLACE:
        return screened.place != Place()
    if step in _KEYS:
        return any(said(question, screened.answers) is not None for question in asked(step, screened.answers))
    return False


def next_open(way: Way, screened: Screened) -> Step:
    """Where somebody who stopped goes on: behind the last screen they answered, else at the first they passed over."""
    behind = behind_last(way, screened)
    if behind is not None:
        return behind
    asking = _screening(way, screened.answers)
    return next((step for step in asking if not touched(step, screened)), asking[-1])


def behind_last(way: Way, screened: Screened) -> Step | None:
    """The screen of the screening behind the last one that was answered, None where that was its last."""
    asking = _screening(way, screened.answers)
    last = max((number for number, step in enumerate(asking) if touched(step, screened)), default=-1)
    return asking[last + 1] if last + 1 < len(asking) else None


def _screening(way: Way, answers: Answers) -> list[Step]:
    return [step for step in steps(way, answers) if step not in (Step.GOAL, Step.DAYS)]


def refuses(step: Step, screened: Screened) -> bool:
    """Whether what was said by the end of `step` already says: see somebody first. Nobody is asked on and on then."""
    if step in (Step.HEART, Step.BALANCE, Step.BODY):
        flags = asked(step, screened.answers)
        return any(flag.see and not flag.agreed and said(flag, screened.answers) is True for flag in flags)
    if step is Step.YOU:
        return False
    rules = rules_on(screened.answers.day)
    return screen(screened.answers, screened.place, rules).level is Level.NOT_NOW


def as_of(screened: Screened, today: dt.date) -> Screened:
    """Earlier answers as they stand today; what was asked about a day or two only is open again."""
    gone_days = (today - screened.answers.day).days
    brief = {q.key for q in questions(today).values() if q.again_days is not None and gone_days >= q.again_days}
    health = {key: yes for key, yes in screened.answers.health.items() if key not in brief}
    return replace(screened, answers=replace(screened.answers, day=today, health=health))


@dataclass(frozen=True, slots=True)
class At:
    """Where a visit is: its way, its screen, and where an answer that is changed later leads back to."""

    way: Way
    step: Step
    all: tuple[Step, ...]
    then: str = ""

    @property
    def number(self) -> int:
        """This screen's number, from 1; 0 where it is none of this way's."""
        return self.all.index(self.step) + 1 if self.step in self.all else 0

    @property
    def title(self) -> str:
        """What the screen is about."""
        return title(self.step)

    @property
    def path(self) -> str:
        """The screen's own address."""
        return self.address(self.step)

    @property
    def changes(self) -> bool:
        """Whether one answer is changed, and nothing asked behind it."""
        return self.then in ("again", "result")

    @property
    def back(self) -> str:
        """The address of the screen before."""
        if self.changes:
            return f"/welcome/{self.then}"
        if self.number < 2:
            return "/welcome"
        before = self.all[self.number - 2]
        return "/welcome/result" if self.step is Step.GOAL else self.address(before)

    def after(self) -> Step | None:
        """The screen after this one, None behind the last of the screening."""
        later = self.all[self.number :]
        return later[0] if later else None

    def address(self, step: Step, *more: str) -> str:
        """The address of a screen on this way."""
        query = f"?{urlencode({'then': self.then})}" if self.then else ""
        return f"/welcome/{self.way}/{'/'.join((step, *more))}{query}"


def at(visit: Visit, step: Step, answers: Answers) -> At:
    """Where this visit is. Raises NotFound for a way that there is not."""
    way = way_of(visit.path("way"))
    then = visit.form.get("then") or visit.asked("then")
    return At(way, step, steps(way, answers), then if isinstance(then, str) and then in THENS else "")


def progress(where: At) -> Iterator[str]:
    """A word for each screen's mark in the row: done, now or to come."""
    for number in range(1, len(where.all) + 1):
        yield "done" if number < where.number else "now" if number == where.number else "ahead"

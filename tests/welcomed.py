"""Answers to the forms of the first visit, screen by screen, for a healthy adult."""

from typing import TYPE_CHECKING

from retropace.rules.questionnaire import home_tests, questions
from retropace.screening import Answers
from retropace.web.pages.welcome_steps import Step, asked
from screened import DAY, GREEN

if TYPE_CHECKING:
    from web.conftest import Client

HEALTHY_YOU = {
    "age_years": "34",
    "sex": "male",
    "active": "yes",
    "ordinary_runs_per_week": "2",
    "knee_rehabilitation": "no",
}
STRAIGHT_PLACE = {
    "surface": "track",
    "clear_length": "100",
    "clear_width": "4",
    "slope": "flat",
    "dry": "yes",
    "daylight": "yes",
    "others": "no",
    "watcher": "spotter",
}
GROUPS = (Step.HEART, Step.BALANCE, Step.BODY, Step.SMALLER)


def keys_of(step: Step, sex: str = "male") -> list[str]:
    """The questions of one screen."""
    return [question.key for question in asked(step, Answers(DAY, 34, sex))]


def no_to(step: Step, *yes: str, sex: str = "male") -> dict[str, str]:
    """A screen answered with no, but for `yes`."""
    return {key: "yes" if key in yes else "no" for key in keys_of(step, sex)}


def answer_until(client: "Client", end: Step, way: str = "plan", sex: str = "male") -> None:
    """A healthy adult's answers to every screen before `end`."""
    client.submit(f"/welcome/{way}/you", **{**HEALTHY_YOU, "sex": sex})
    for step in GROUPS:
        if step is end or (way == "try" and step is Step.SMALLER):
            break
        client.submit(f"/welcome/{way}/{step}", **no_to(step, sex=sex))


def figures_of(test: str) -> dict[str, str]:
    """Good figures for one home test, as its form sends them."""
    if test == "neck_rotation":
        return {"neck_left_deg": "65", "neck_right_deg": "65", "neck_dizzy": "no"}
    return {measure: f"{GREEN[measure]:g}" for measure in home_tests(DAY)[test].measures}


def screening_done(client: "Client") -> None:
    """A healthy adult's whole screening, every home test done."""
    answer_until(client, Step.TESTS)
    for test in list(home_tests(DAY))[:5]:
        client.submit(f"/welcome/plan/tests/{test}", **figures_of(test))
    client.submit("/welcome/plan/place", **STRAIGHT_PLACE)


FLAGS = [key for key, question in questions(DAY).items() if question.see and key != "heart_disease"]

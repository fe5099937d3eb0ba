"""The result: every reason of the screening once, beside the limit it matters for, and what would lift it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.findings import Level
from retropace.place import Place, Surface, Watcher
from retropace.screening import Answers, screen
from retropace.store import Screened
from retropace.web.pages.welcome_result import Result, told
from screened import GREEN, HEALTHY, PEOPLE, PLACES, RULES, STRAIGHT


def result_of(answers: Answers, place: Place) -> Result:
    return told(Screened(answers, place), screen(answers, place, RULES), "metric")


@settings(max_examples=150, deadline=None)
@given(PEOPLE, PLACES)
def test_every_reason_is_told_once_and_every_limit_has_one(answers: Answers, place: Place) -> None:
    clearance = screen(answers, place, RULES)
    if clearance.level is Level.NOT_NOW:
        return
    found = result_of(answers, place)
    shown = [reason.text for limit in found.limits for reason in limit.reasons] + [note.text for note in found.notes]
    assert sorted(shown) == sorted({r.text for r in clearance.reasons if not r.rule.startswith("screening.valid")})
    assert all(limit.reasons for limit in found.limits)
    assert all(reason.sources for limit in found.limits for reason in limit.reasons)


def test_a_healthy_adult_is_cleared_and_nothing_is_left_to_lift() -> None:
    found = result_of(HEALTHY, STRAIGHT)
    assert (found.chip, found.headline) == ("Cleared", "You can run backward, in short repeats.")
    assert not found.lifts
    assert len(found.ribbons) == 2
    assert "six repeats of 20 seconds" in found.ribbons[0].lower()
    assert "limit 2.2 m/s" in found.ribbons[0]


def test_what_lifts_a_limit_leads_there() -> None:
    untested = result_of(replace(HEALTHY, tests={}), STRAIGHT)
    assert [lift.path for lift in untested.lifts] == ["/welcome/plan/tests?then=result"]
    weak = result_of(replace(HEALTHY, tests={**GREEN, "heel_raises_left": 9.0}), STRAIGHT)
    assert weak.lifts[0].words == "Train for the home tests, and do them again"
    crossed = result_of(HEALTHY, replace(STRAIGHT, others=True))
    assert [lift.path for lift in crossed.lifts] == ["/welcome/plan/place?then=result"]
    sore = result_of(replace(HEALTHY, health={**HEALTHY.health, "knee_pain": True}), STRAIGHT)
    assert [lift.path for lift in sore.lifts] == ["/welcome/again"]
    silent = result_of(replace(HEALTHY, health={}), STRAIGHT)
    assert silent.lifts[0].words == "Answer the questions that are still open"


def test_the_headline_names_who_must_be_there() -> None:
    assert result_of(replace(HEALTHY, tests={}), STRAIGHT).headline.endswith("with someone beside you or a mirror.")
    older = replace(HEALTHY, age_years=72, tests={})
    assert result_of(older, STRAIGHT).headline == "You can walk backward, with someone beside you or a rail in reach."


def test_a_belt_has_its_own_limits() -> None:
    belt = Place(Surface.TREADMILL, treadmill_clip=True, treadmill_helper=True, watcher=Watcher.SPOTTER)
    titles = [limit.title for limit in result_of(HEALTHY, belt).limits]
    assert "On a treadmill at most 6.5 km/h" in titles
    assert not any(title.startswith(("At most", "A look")) for title in titles)


@given(st.sampled_from(["metric", "imperial"]))
def test_the_readers_units(system: str) -> None:
    made = told(Screened(HEALTHY, STRAIGHT), screen(HEALTHY, STRAIGHT, RULES), system)  # type: ignore[arg-type]
    titles = " ".join(limit.title for limit in made.limits)
    assert ("mph" in titles, "328 ft" in titles) == ((True, True) if system == "imperial" else (False, False))

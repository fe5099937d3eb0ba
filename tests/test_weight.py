"""Weight: sums that hold, floors that nobody goes under, and no promise anywhere."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.energy import JOULES_PER_KCAL, net_power_wpkg
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.rules import Reason, rules_on
from retropace.session import Session, Step
from retropace.weight import (
    Activity,
    Balance,
    Circumstances,
    Wish,
    balance,
    body_mass_index,
    need_kcal,
    reply,
    resting_kcal,
    worth,
)

RULES = rules_on(dt.date(2026, 11, 22))
NONE = Circumstances(pregnant=False, breastfeeding=False, eating_disorder=False, illness=False)
HEAVY = Person(mass_kg=92, height_m=1.78, age_years=40, sex="male")
LIGHT = Person(mass_kg=60, height_m=1.70, age_years=30, sex="female")
THIN = Person(mass_kg=50, height_m=1.75, age_years=30, sex="female")
FIRST_DAY = Session(
    "first day",
    (
        Step(Gait.WALK, Direction.FORWARD, 300),
        *((Step(Gait.RUN, Direction.BACKWARD, 20, speed_mps=1.8), Step(Gait.WALK, Direction.FORWARD, 60)) * 6),
        Step(Gait.STAND, Direction.NONE, 30),
    ),
)


def keys(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.rule.removeprefix("weight.") for reason in reasons]


def of(person: Person, circumstances: Circumstances = NONE, wanted: float | None = None) -> Balance:
    return balance(person, Activity.SITTING, circumstances, RULES, wanted)


# -- sums -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person(mass_kg=70, height_m=1.75, age_years=30, sex="male"), 700 + 1093.75 - 150 + 5),
        (Person(mass_kg=60, height_m=1.65, age_years=50, sex="female"), 600 + 1031.25 - 250 - 161),
    ],
)
def test_resting_by_hand(person: Person, expected: float) -> None:
    resting = resting_kcal(person, RULES)
    assert resting.value == pytest.approx(expected)
    assert resting.low == pytest.approx(0.9 * expected)
    assert "mifflin_1990" in resting.sources


@pytest.mark.parametrize("lacking", ["mass_kg", "height_m", "age_years", "sex"])
def test_what_is_missing_is_unknown(lacking: str) -> None:
    person = replace(HEAVY, **{lacking: None})
    assert resting_kcal(person, RULES).value is None
    found = of(person)
    assert found.deficit_kcal is None
    assert found.need_kcal.value is None
    assert keys(found.reasons) == ["unanswered"]


def test_need_grows_with_activity() -> None:
    resting = resting_kcal(HEAVY, RULES)
    needs = [need_kcal(resting, activity, RULES).value for activity in Activity]
    assert needs == sorted(needs)  # type: ignore[type-var]
    assert all(need is not None and need > (resting.value or 0) for need in needs)


# -- who gets a deficit, and how much ---------------------------------------------------------------------------------


def test_the_usual_step() -> None:
    found = of(HEAVY)
    assert found.deficit_kcal == 500
    assert found.need_kcal.value is not None
    assert found.intake_kcal == found.need_kcal.value - 500
    assert found.at_most_kg_per_week == pytest.approx(500 * 7 / 7700)
    assert keys(found.reasons)[0] == "deficit"


@pytest.mark.parametrize(
    ("person", "circumstances", "key"),
    [
        (THIN, NONE, "underweight"),
        (replace(LIGHT, age_years=17.9), NONE, "grown"),
        (replace(HEAVY, age_years=65), NONE, "older"),
        (LIGHT, replace(NONE, pregnant=True), "pregnant"),
        (LIGHT, replace(NONE, breastfeeding=True), "breastfeeding"),
        (HEAVY, replace(NONE, eating_disorder=True), "eating_disorder"),
        (HEAVY, replace(NONE, illness=True), "illness"),
        (LIGHT, replace(NONE, pregnant=None), "unanswered"),
        (HEAVY, replace(NONE, eating_disorder=None), "unanswered"),
    ],
)
def test_who_gets_no_deficit(person: Person, circumstances: Circumstances, key: str) -> None:
    found = of(person, circumstances, 1000)
    assert (found.deficit_kcal, found.intake_kcal, found.at_most_kg_per_week) == (None, None, None)
    assert keys(found.reasons)[0] == key
    assert not reply(Wish(kg=3, weeks=30), person, found, RULES).within_safe


def test_a_man_is_not_asked_about_pregnancy() -> None:
    assert of(HEAVY, Circumstances(eating_disorder=False, illness=False)).deficit_kcal == 500


def test_nothing_is_counted_for_somebody_whom_counting_may_harm() -> None:
    for answer in (True, None):
        found = of(HEAVY, replace(NONE, eating_disorder=answer))
        assert found.need_kcal.value is None
        assert not any("kcal" in reason.text for reason in found.reasons)


@pytest.mark.parametrize(
    ("person", "wanted", "deficit", "key"),
    [
        (HEAVY, 2000, 1000, "deficit_most"),
        (HEAVY, 300, 300, "deficit"),
        (LIGHT, None, 250, "healthy"),
        (Person(mass_kg=90, height_m=1.5, age_years=64, sex="female"), 1000, 902.575, "floor_female"),
        (Person(mass_kg=62, height_m=1.5, age_years=64, sex="male"), 1000, 425.875, "floor_male"),
    ],
)
def test_what_sets_the_step(person: Person, wanted: float | None, deficit: float, key: str) -> None:
    found = of(person, wanted=wanted)
    assert found.deficit_kcal == pytest.approx(deficit)
    assert key in keys(found.reasons)


PEOPLE = st.builds(
    Person,
    mass_kg=st.none() | st.floats(35, 200),
    height_m=st.none() | st.floats(1.3, 2.1),
    age_years=st.none() | st.floats(8, 95),
    sex=st.sampled_from([None, "female", "male"]),
)
MAYBE = st.sampled_from([None, False, False, False, True])
ANY = st.builds(Circumstances, pregnant=MAYBE, breastfeeding=MAYBE, eating_disorder=MAYBE, illness=MAYBE) | st.just(
    NONE
)


@settings(deadline=None, max_examples=400)
@given(person=PEOPLE, circumstances=ANY, activity=st.sampled_from(Activity), wanted=st.none() | st.floats(-500, 5000))
def test_nobody_goes_under_a_floor(
    person: Person, circumstances: Circumstances, activity: Activity, wanted: float | None
) -> None:
    found = balance(person, activity, circumstances, RULES, wanted)
    assert found == balance(person, activity, circumstances, RULES, wanted)
    assert found.reasons
    assert all(reason.sources == RULES.rule(reason.rule).sources for reason in found.reasons)
    if found.deficit_kcal is None:
        assert found.intake_kcal is None
        return
    assert found.intake_kcal is not None
    assert found.at_most_kg_per_week is not None
    assert 0 < found.deficit_kcal <= 1000
    assert found.intake_kcal >= (1200 if person.sex == "female" else 1500) - 1e-6
    assert found.at_most_kg_per_week <= 1
    index = body_mass_index(person)
    assert index is not None
    assert index >= 18.5
    assert circumstances.eating_disorder is False


# -- what a session is worth ------------------------------------------------------------------------------------------


def test_the_first_day_by_hand() -> None:
    """120 s backward at 1.8 m/s: the model's power times the seconds, and nothing for standing."""
    found = worth(FIRST_DAY, HEAVY, RULES)
    power = net_power_wpkg(np.array([1.8]), np.array([0.0]), Gait.RUN, Direction.BACKWARD)[0]
    assert found.backward_kcal.value == pytest.approx(120 * power * 92 / JOULES_PER_KCAL)
    assert found.net_kcal.value is not None
    assert found.net_kcal.value > (found.backward_kcal.value or 0)
    assert found.forward_instead_kcal.value == pytest.approx((found.backward_kcal.value or 0) / 1.30)


def test_a_part_of_it_comes_back() -> None:
    found = worth(FIRST_DAY, HEAVY, RULES)
    assert found.left_kcal.low == pytest.approx((found.net_kcal.low or 0) * (1 - 0.629))
    assert found.left_kcal.high == pytest.approx((found.net_kcal.high or 0) * (1 - 0.336))
    assert found.fat_g is not None
    assert found.fat_g < 10
    assert keys(found.reasons) == ["session", "kept", "fat"]


def test_a_step_without_a_speed_counts_as_usual() -> None:
    without = Session("x", (Step(Gait.RUN, Direction.BACKWARD, 20),))
    assert (
        worth(without, HEAVY, RULES).net_kcal
        == worth(Session("x", (Step(Gait.RUN, Direction.BACKWARD, 20, speed_mps=1.8),)), HEAVY, RULES).net_kcal
    )


def test_worth_without_a_body_mass_is_unknown_and_of_nothing_is_nothing() -> None:
    assert worth(FIRST_DAY, Person(), RULES).net_kcal.value is None
    assert worth(Session("rest", ()), HEAVY, RULES).net_kcal.value == 0
    fast = Session("too fast", (Step(Gait.RUN, Direction.BACKWARD, 20, speed_mps=6.0),))
    assert worth(fast, HEAVY, RULES).left_kcal.value is None


# -- wishes -----------------------------------------------------------------------------------------------------------


def test_belly_fat_in_two_weeks_is_refused_kindly() -> None:
    answer = reply(Wish(kg=5, weeks=2, part="belly"), HEAVY, of(HEAVY), RULES)
    assert not answer.within_safe
    assert keys(answer.reasons)[:3] == ["spot", "too_fast", "two_weeks"]
    assert "belly" in answer.reasons[0].text
    assert "deficit" in keys(answer.reasons), "and what can be instead"


@pytest.mark.parametrize(
    ("wish", "safe", "first"),
    [
        (Wish(kg=4, weeks=12), True, "possible"),
        (Wish(kg=4, weeks=3), False, "too_fast"),
        (Wish(kg=40, weeks=100), False, "thin_wish"),
        (Wish(part="belly"), False, "spot"),
        (Wish(kg=1, weeks=2), True, "possible"),
        (Wish(), True, "deficit"),
    ],
)
def test_wishes(wish: Wish, safe: bool, first: str) -> None:
    answer = reply(wish, HEAVY, of(HEAVY), RULES)
    assert answer.within_safe == safe
    assert keys(answer.reasons)[0] == first


@given(person=PEOPLE, circumstances=ANY, kg=st.floats(0.1, 60), weeks=st.floats(0.5, 104))
def test_what_is_called_safe_is_slow_enough_and_leaves_enough(
    person: Person, circumstances: Circumstances, kg: float, weeks: float
) -> None:
    found = of(person, circumstances)
    answer = reply(Wish(kg=kg, weeks=weeks), person, found, RULES)
    assert answer.reasons
    if answer.within_safe:
        assert kg <= weeks
        assert person.mass_kg is not None
        assert person.height_m is not None
        assert (person.mass_kg - kg) / person.height_m**2 >= 18.5 - 1e-9


# -- no dead rules, no promises ----------------------------------------------------------------------------------------


def every_reason() -> Iterator[Reason]:
    people = [HEAVY, LIGHT, THIN, replace(LIGHT, age_years=15), replace(HEAVY, age_years=80), Person()]
    people += [Person(mass_kg=90, height_m=1.5, age_years=64, sex=sex) for sex in ("female", "male")]
    people += [Person(mass_kg=62, height_m=1.5, age_years=64, sex="male")]
    told = [NONE, Circumstances(pregnant=True, breastfeeding=True, eating_disorder=True, illness=True)]
    for person in people:
        for circumstances in told:
            for activity in Activity:
                found = balance(person, activity, circumstances, RULES, 5000)
                yield from found.reasons
                for wish in (Wish(5, 2, "belly"), Wish(5, 52), Wish(60, 100)):
                    yield from reply(wish, person, found, RULES).reasons
    yield from worth(FIRST_DAY, HEAVY, RULES).reasons


def test_no_rule_is_dead_and_none_promises() -> None:
    reasons = list(every_reason())
    assert {key for key in RULES.by_key if key.startswith("weight.")} == {reason.rule for reason in reasons}
    for reason in reasons:
        assert not any(word in reason.text.lower() for word in ("you will lose", "guarantee", "melt", "promise you"))
        assert not set("{}") & set(reason.text)

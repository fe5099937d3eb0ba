"""Screening: red flags refuse, cautions limit, and nothing that is worse or unknown ever allows more."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.log import LogEntry
from retropace.place import Place, Surface, Watcher
from retropace.rules import Reason
from retropace.rules.questionnaire import questions, stop_signs
from retropace.screening import Answers, Group, Level, Limits, due, screen, unanswered
from screened import (
    CAUTIONS,
    DAY,
    EXTRA,
    FLAGS,
    GOOD_PLACES,
    GREEN,
    HEALTH,
    HEALTHY,
    KNEE,
    PEOPLE,
    PLACES,
    RULES,
    STRAIGHT,
    WORSE,
    entry,
    keys_of,
    no_looser,
    with_yes,
)

# -- what a healthy adult gets, and what refuses ----------------------------------------------------------------------


def test_a_healthy_adult_runs_on_the_first_day() -> None:
    cleared = screen(HEALTHY, STRAIGHT, RULES)
    assert cleared.level is Level.RUN
    assert not cleared.limits.start_low
    assert cleared.limits.longest_bout_s >= 30
    assert Watcher.NOBODY in cleared.limits.watchers
    assert cleared.valid_until == DAY + dt.timedelta(days=84)
    assert "screening.first_day" in keys_of(cleared)
    assert cleared.see is None


def test_without_home_tests_at_the_short_end_with_a_spotter_or_mirror() -> None:
    cleared = screen(replace(HEALTHY, tests={}), STRAIGHT, RULES)
    assert cleared.level is Level.RUN
    assert cleared.limits.start_low
    assert cleared.limits.watchers == (Watcher.SPOTTER, Watcher.MIRROR)
    assert cleared.limits.longest_bout_s >= 20
    assert cleared.reasons[0].rule == "screening.tests_open"


@pytest.mark.parametrize("flag", FLAGS)
def test_every_red_flag_alone_refuses_and_says_whom_to_see(flag: str) -> None:
    refused = screen(with_yes(HEALTHY, flag), STRAIGHT, RULES)
    assert refused.level is Level.NOT_NOW
    assert refused.see == questions(DAY)[flag].see
    assert refused.reasons[0].rule == f"screening.{flag}"
    limits = refused.limits
    assert (limits.backward_run, limits.speed_mps, limits.longest_bout_s, limits.treadmill_kmh) == (False, 0, 0, None)
    alone = screen(with_yes(Answers(DAY), flag), Place(), RULES)
    assert alone.level is Level.NOT_NOW
    assert alone.see


def test_heart_disease_walks_when_active_waits_when_not_runs_when_agreed() -> None:
    ill = with_yes(HEALTHY, "heart_disease")
    assert screen(ill, STRAIGHT, RULES).level is Level.WALK
    assert screen(replace(ill, active=False), STRAIGHT, RULES).level is Level.NOT_NOW
    assert screen(replace(ill, active=None), STRAIGHT, RULES).see == "your doctor"
    agreed = screen(with_yes(ill, "clinician_agrees"), STRAIGHT, RULES)
    assert agreed.level is Level.RUN
    assert agreed.limits.start_low


@pytest.mark.parametrize("flag", [key for key in FLAGS if questions(DAY)[key].agreed])
def test_a_clinician_who_agrees_leaves_careful_walking(flag: str) -> None:
    cleared = screen(with_yes(HEALTHY, flag, "clinician_agrees"), STRAIGHT, RULES)
    assert cleared.level is Level.WALK
    assert cleared.limits.speed_mps == RULES.number("screening.careful_speed")
    assert cleared.reasons[0].rule == "screening.clinician_agreed"


@pytest.mark.parametrize("flag", [key for key in FLAGS if not questions(DAY)[key].agreed])
def test_no_agreement_lifts_what_must_settle_first(flag: str) -> None:
    assert screen(with_yes(HEALTHY, flag, "clinician_agrees"), STRAIGHT, RULES).level is Level.NOT_NOW


@pytest.mark.parametrize("caution", CAUTIONS)
def test_a_caution_limits_and_never_refuses(caution: str) -> None:
    cleared = screen(with_yes(HEALTHY, caution), STRAIGHT, RULES)
    assert cleared.level is not Level.NOT_NOW
    assert cleared.reasons[0].rule == f"screening.{caution}"
    assert cleared != screen(HEALTHY, STRAIGHT, RULES)


def test_groups() -> None:
    def group(**changes: Any) -> Group:
        return screen(replace(HEALTHY, **changes), STRAIGHT, RULES).group

    assert group() is Group.BEGINNER
    assert group(ordinary_runs_per_week=3) is Group.ATHLETE
    assert group(age_years=65, ordinary_runs_per_week=4) is Group.OLDER
    assert group(age_years=64.9) is Group.BEGINNER
    assert group(age_years=17.5, ordinary_runs_per_week=4) is Group.YOUTH
    assert group(age_years=70, knee_rehabilitation=True) is Group.REHABILITATION


def test_from_65_on_running_only_when_every_gate_is_green() -> None:
    older = replace(HEALTHY, age_years=68)
    cleared = screen(older, STRAIGHT, RULES)
    assert cleared.level is Level.RUN
    assert cleared.limits.watchers == (Watcher.SPOTTER,)
    assert cleared.limits.start_low
    for worse in (
        replace(older, tests=GREEN),
        replace(older, active=False),
        with_yes(older, "knee_pain"),
        replace(older, tests={**older.tests, "prep_stumbles": 1.0}),
    ):
        assert screen(worse, STRAIGHT, RULES).level is Level.WALK


# -- laws -------------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=120)
@given(answers=PEOPLE, place=PLACES)
def test_limits_hold_together(answers: Answers, place: Place) -> None:
    cleared = screen(answers, place, RULES)
    limits = cleared.limits
    assert screen(answers, place, RULES) == cleared
    assert (cleared.level is Level.NOT_NOW) == bool(cleared.see)
    assert limits.backward_run == (cleared.level is Level.RUN)
    assert limits.backward_run or not limits.treadmill_run
    assert Watcher.SPOTTER in limits.watchers
    assert not (limits.backward_run and Watcher.RAIL in limits.watchers)
    assert cleared.screened < cleared.valid_until
    assert 0 <= limits.speed_mps <= RULES.number("screening.speed_cap")
    assert limits.backward_run or limits.speed_mps <= RULES.number("screening.walk_speed")
    assert 0 <= limits.longest_bout_s <= RULES.number("place.longest_bout")
    stands_room(limits)


def stands_room(limits: Limits) -> None:
    """No stretch is longer than the way, at the cap or slower."""
    if limits.clear_run_m is None:
        return
    assert limits.speed_mps * limits.longest_bout_s <= limits.clear_run_m + 1e-9
    for share in (1.0, 0.5):
        speed = share * limits.speed_mps
        if speed > 0:
            assert speed * limits.bout_at(speed, RULES) <= limits.clear_run_m + 1e-9
            assert limits.bout_at(speed, RULES) >= limits.longest_bout_s or share == 1.0


@settings(deadline=None, max_examples=120)
@given(answers=PEOPLE, place=PLACES)
def test_every_reason_names_a_rule_and_its_sources(answers: Answers, place: Place) -> None:
    cleared = screen(answers, place, RULES)
    assert cleared.reasons
    for reason in cleared.reasons:
        assert reason.sources == RULES.rule(reason.rule).sources
        assert reason.sources
        assert not set("{}") & set(reason.text)
        assert reason.text[0].isupper()
    assert len({reason.text for reason in cleared.reasons}) == len(cleared.reasons)


@settings(deadline=None, max_examples=120)
@given(answers=PEOPLE, place=PLACES, key=st.sampled_from([key for key in HEALTH if key != "pregnant"]))
def test_a_caution_more_never_loosens(answers: Answers, place: Place, key: str) -> None:
    answers = replace(answers, health={**answers.health, key: False})
    assert no_looser(screen(with_yes(answers, key), place, RULES), screen(answers, place, RULES))


@settings(deadline=None, max_examples=100)
@given(answers=PEOPLE, place=PLACES, measure=st.sampled_from(sorted(WORSE)), data=st.data())
def test_a_worse_figure_never_loosens(answers: Answers, place: Place, measure: str, data: st.DataObject) -> None:
    best = {**GREEN, **EXTRA}[measure]
    worse = data.draw(st.sampled_from(WORSE[measure]))
    # A calf that does less may come closer to a still weaker one; so the other calf is left strong.
    tests = {key: value for key, value in answers.tests.items() if "heel" not in key}
    tests |= {key: value for key, value in GREEN.items() if "heel" in key}
    good = screen(replace(answers, tests={**tests, measure: best}), place, RULES)
    assert no_looser(screen(replace(answers, tests={**tests, measure: worse}), place, RULES), good)


@settings(deadline=None, max_examples=120)
@given(data=st.data(), place=GOOD_PLACES, age=st.sampled_from([12.0, 15.0, 34.0, 63.0, 70.0]))
def test_what_nobody_said_never_clears_more(data: st.DataObject, place: Place, age: float) -> None:
    good = replace(HEALTHY, age_years=age)
    unsaid = data.draw(st.sets(st.sampled_from(["sex", "pregnant", "active", "knee_rehabilitation"])))
    health = data.draw(st.sets(st.sampled_from(HEALTH)))
    tests = data.draw(st.sets(st.sampled_from(sorted(GREEN | EXTRA))))
    where = data.draw(
        st.sets(st.sampled_from(["slope", "clear_width_m", "dry", "daylight", "others", "clear_length_m"]))
    )
    less = replace(
        good,
        **cast("dict[str, Any]", dict.fromkeys(unsaid)),
        health={key: value for key, value in good.health.items() if key not in health},
        tests={key: value for key, value in good.tests.items() if key not in tests},
    )
    blank = replace(place, **dict.fromkeys(where))
    assert no_looser(screen(less, blank, RULES), screen(good, place, RULES))


@given(age=st.sampled_from([14.0, 34.0, 70.0]), place=GOOD_PLACES)
def test_an_unknown_age_never_clears_more_than_a_grown_up_s(age: float, place: Place) -> None:
    known = screen(replace(HEALTHY, age_years=34), place, RULES)
    assert no_looser(screen(replace(HEALTHY, age_years=None), place, RULES), known)
    assert screen(replace(HEALTHY, age_years=math.nan), place, RULES).level is Level.WALK


def test_an_entirely_unknown_person_and_place_walk_with_somebody() -> None:
    cleared = screen(Answers(DAY), Place(), RULES)
    assert cleared.level is Level.WALK
    assert Watcher.NOBODY not in cleared.limits.watchers
    assert cleared.reasons[0].rule == "screening.unanswered"


# -- what is still open, and when to ask again ------------------------------------------------------------------------


def test_the_short_path_asks_only_what_decides() -> None:
    short = {item.key for item in unanswered(Answers(DAY), short=True)}
    assert short == {*FLAGS, "heart_disease", "age_years", "sex"}
    assert len(unanswered(Answers(DAY))) > len(short) + 10
    assert unanswered(HEALTHY) == ()


def test_whether_a_clinician_agrees_is_asked_only_where_it_matters() -> None:
    def asked(answers: Answers) -> bool:
        return "clinician_agrees" in {item.key for item in unanswered(answers, short=True)}

    assert asked(with_yes(HEALTHY, "vertigo"))
    assert not asked(with_yes(HEALTHY, "chest_pain"))
    assert not asked(HEALTHY)


def test_older_people_are_asked_for_the_extra_gates() -> None:
    left = {item.key for item in unanswered(replace(HEALTHY, age_years=70, tests=GREEN))}
    assert left == {"neck_dizzy", "forward_walk", "preparation"}


@pytest.mark.parametrize(
    ("log", "rule"),
    [
        ([entry(2, falls=1)], "rescreen_fall"),
        ([entry(0, red_flags=("head_knock",))], "rescreen_fall"),
        ([entry(2, red_flags=("new_vertigo",))], "rescreen_dizzy"),
        ([entry(2, red_flags=("chest_pressure",))], "rescreen_sign"),
        ([entry(2, red_flags=("something_new",))], "rescreen_sign"),
        ([entry(2, pain_morning={KNEE: 3})], "rescreen_pain"),
        ([entry(2, pain_during={KNEE: 6})], "rescreen_strong_pain"),
    ],
)
def test_ask_again_after(log: list[LogEntry], rule: str) -> None:
    cleared = screen(HEALTHY, STRAIGHT, RULES)
    today = DAY + dt.timedelta(days=3)
    assert [reason.rule for reason in due(cleared, today, log)] == [f"screening.{rule}"]
    assert due(replace(cleared, screened=today), today, log) == ()


def test_ask_again_by_date_and_not_before() -> None:
    cleared = screen(HEALTHY, STRAIGHT, RULES)
    quiet = [entry(2, effort=5, soreness_24h={KNEE: 3}, pain_during={KNEE: 2}, stumbles=1)]
    assert due(cleared, cleared.valid_until - dt.timedelta(days=1), quiet) == ()
    assert [r.rule for r in due(cleared, cleared.valid_until, quiet)] == ["screening.rescreen_date"]


def test_an_old_pain_is_not_new() -> None:
    cleared = screen(HEALTHY, STRAIGHT, RULES)
    log = [entry(-9, pain_morning={KNEE: 4}), entry(2, pain_morning={KNEE: 4})]
    assert due(cleared, DAY + dt.timedelta(days=3), log) == ()


def test_today_s_answers_hold_until_tomorrow() -> None:
    drunk = screen(with_yes(HEALTHY, "alcohol_today"), STRAIGHT, RULES)
    assert drunk.valid_until == DAY + dt.timedelta(days=1)
    assert screen(with_yes(HEALTHY, "new_glasses"), STRAIGHT, RULES).valid_until == DAY + dt.timedelta(days=14)


# -- no dead rules ----------------------------------------------------------------------------------------------------


def every_reason() -> Iterator[Reason]:
    """Reasons of people and places chosen so that every rule speaks once."""
    people = [
        HEALTHY,
        Answers(DAY),
        replace(HEALTHY, tests=GREEN, ordinary_runs_per_week=4),
        replace(HEALTHY, active=False),
    ]
    people += [with_yes(HEALTHY, key) for key in (*HEALTH, "pregnant")]
    people += [with_yes(HEALTHY, key, "clinician_agrees") for key in HEALTH]
    people += [replace(with_yes(HEALTHY, "heart_disease"), active=False)]
    people += [replace(HEALTHY, age_years=age) for age in (None, 11, 15, 70)]
    people += [replace(HEALTHY, age_years=70, tests=GREEN), replace(HEALTHY, age_years=62, tests={})]
    people += [replace(HEALTHY, knee_rehabilitation=True), replace(HEALTHY, health={}, tests={})]
    for measure, figures in WORSE.items():
        for figure in (*figures, -1.0):
            people += [replace(HEALTHY, age_years=age, tests={**HEALTHY.tests, measure: figure}) for age in (34, 62)]
    for person in people:
        yield from screen(person, STRAIGHT, RULES).reasons
    for place in places():
        for person in (HEALTHY, replace(HEALTHY, tests={})):
            yield from screen(person, place, RULES).reasons
    cleared = screen(HEALTHY, STRAIGHT, RULES)
    events = [entry(1, falls=1, red_flags=tuple(stop_signs(DAY)), pain_morning={KNEE: 6})]
    yield from due(cleared, cleared.valid_until, events)


def places() -> Iterator[Place]:
    yield Place()
    for change in (
        {"surface": Surface.SAND},
        {"surface": Surface.HALL},
        {"slope": 0.04},
        {"dry": False},
        {"daylight": False},
        {"others": True},
        {"clear_width_m": 1.2},
        {"clear_length_m": 5},
        {"clear_length_m": 15},
        {"clear_length_m": 37},
        {"clear_length_m": 50},
        {"watcher": Watcher.NOBODY},
    ):
        yield replace(STRAIGHT, **change)
    for harness in (None, True):
        yield Place(Surface.TREADMILL, slope=0.05, treadmill_harness=harness)
        yield Place(Surface.TREADMILL, treadmill_clip=True, treadmill_helper=True, treadmill_harness=harness)


def test_no_rule_is_dead() -> None:
    said = {reason.rule for reason in every_reason()}
    written = {key for key in RULES.by_key if key.startswith(("screening.", "place."))}
    assert written - said == set()

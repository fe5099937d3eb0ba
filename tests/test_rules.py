"""Rules: dated, cited, spoken well, and none of them dead."""

import datetime as dt
import re
from itertools import pairwise

import pytest

from retropace import rules as rules_module
from retropace.errors import UncitedValue
from retropace.findings import Effect
from retropace.rules import SUBJECTS, Basis, Rule, Rules, rules_on
from retropace.rules.questionnaire import HomeTest, Question, StopSign, home_tests, questions, stop_signs
from retropace.sources import bibliography

DAY = dt.date(2026, 11, 22)
RULES = rules_on(DAY)
ASKED: tuple[Question | HomeTest | StopSign, ...] = (
    *questions(DAY).values(),
    *home_tests(DAY).values(),
    *stop_signs(DAY).values(),
)


def rests_well(basis: Basis, sources: tuple[str, ...]) -> bool:
    """Whether the sources bear what the basis says."""
    read = [key for key in sources if bibliography()[key].seen and bibliography()[key].grade != "design"]
    unread = [key for key in sources if not bibliography()[key].seen]
    return {Basis.SEEN: bool(read), Basis.MEMORY: bool(unread), Basis.DESIGN: "design" in sources}[basis]


def test_a_rule_and_what_we_ask_rest_on_what_their_basis_says() -> None:
    everything: tuple[Rule | Question | HomeTest | StopSign, ...] = (*RULES.by_key.values(), *ASKED)
    assert [one.key for one in everything if not rests_well(one.basis, one.sources)] == []


def spoken() -> dict[str, str]:
    """Every sentence of ours that a person may read."""
    found = {key: rule.says for key, rule in RULES.by_key.items()}
    for key, question in questions(DAY).items():
        found |= {f"{key}.asks": question.asks, f"{key}.why": question.why}
    for key, test in home_tests(DAY).items():
        found |= {f"{key}.{i}": text for i, text in enumerate((test.needs, *test.steps, test.stop, test.said))}
    found |= {f"{key}.says": sign.says for key, sign in stop_signs(DAY).items()}
    return found


def test_the_voice_is_calm() -> None:
    for key, text in spoken().items():
        assert "!" not in text, key
        assert re.search(r"[.?]$", text), f"{key}: a whole sentence"
        assert len(text) <= 320, key
        assert not re.search(r"\b(must not|guarantee|cure|burn fat|just do|simply)\b", text, re.IGNORECASE), key


def test_every_subject_has_rules() -> None:
    assert {key.split(".")[0] for key in RULES.by_key} == set(SUBJECTS)


def version(begins: str, value: float) -> Rule:
    return Rule("place.run_off", value, "m", dt.date.fromisoformat(begins), Basis.DESIGN, ("design",), "Stop.")


@pytest.mark.parametrize(
    ("day", "value"), [("2025-01-01", 5), ("2026-11-22", 5), ("2027-05-31", 5), ("2027-06-01", 6), ("2030-01-01", 7)]
)
def test_the_version_in_force(day: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = (version("2028-01-01", 7), version("2026-11-22", 5), version("2027-06-01", 6))
    monkeypatch.setattr(rules_module, "_versions", lambda subject: versions if subject == "place" else ())
    assert rules_on.__wrapped__(dt.date.fromisoformat(day)).number("place.run_off") == value


@pytest.mark.parametrize("lacking", ["from", "value", "unit", "basis", "sources", "says"])
def test_an_incomplete_rule_does_not_load(lacking: str) -> None:
    entry = {"from": DAY, "value": 1.0, "unit": "m", "basis": "design", "sources": ["design"], "says": "Stop."}
    assert rules_module._rule("place.x", entry).value == 1.0
    with pytest.raises(UncitedValue):
        rules_module._rule("place.x", {key: value for key, value in entry.items() if key != lacking})
    with pytest.raises(UncitedValue, match="nobody_1900"):
        rules_module._rule("place.x", {**entry, "sources": ["nobody_1900"]})


def test_a_rule_is_asked_for_what_it_is() -> None:
    with pytest.raises(UncitedValue, match="No rule"):
        RULES.rule("place.nothing")
    with pytest.raises(UncitedValue, match="no number"):
        RULES.number("screening.chest_pain")
    with pytest.raises(UncitedValue, match="no row"):
        RULES.numbers("place.run_off")
    assert RULES.numbers("screening.first_day") == (20, 30)


def test_every_health_question_has_its_rule_and_only_red_flags_say_whom_to_see() -> None:
    for key, question in questions(DAY).items():
        rule = RULES.by_key.get(f"screening.{key}")
        if rule is None or rule.unit != "effect" or key == "inactive":
            assert key in (
                "age_years",
                "sex",
                "active",
                "ordinary_runs_per_week",
                "knee_rehabilitation",
                "clinician_agrees",
            )
            continue
        refuses = "not_now" in (rule.value, getattr(RULES.by_key.get(f"screening.{key}_inactive"), "value", None))
        assert refuses == (question.see is not None), key
        assert Effect(str(rule.value))


def test_a_question_is_asked_of_whom_it_concerns() -> None:
    pregnant = questions(DAY)["pregnant"]
    assert pregnant.concerns(30, "female")
    assert pregnant.concerns(None, None)
    assert not pregnant.concerns(30, "male")
    assert not pregnant.concerns(70, "female")


@pytest.mark.parametrize("test", home_tests(DAY).values(), ids=lambda test: test.key)
def test_the_edges_of_a_home_test_get_milder(test: HomeTest) -> None:
    order = list(Effect)
    for young in (30, 70):
        edges = [edge for edge in test.edges if edge.ages[0] <= young <= edge.ages[1]]
        assert edges
        for worse, milder in pairwise(edges):
            assert order.index(Effect(worse.effect)) < order.index(Effect(milder.effect))
            assert test.beyond(RULES.number(worse.rule), RULES.number(milder.rule))
    assert (test.see is not None) == any(edge.effect == "not_now" for edge in test.edges)
    assert test.possible(RULES.number(test.edges[0].rule))


def test_the_five_home_tests_come_first_and_from_sixty_on_with_a_second_person() -> None:
    needed = [test for test in home_tests(DAY).values() if not test.extra]
    assert [test.key for test in needed] == [
        "backward_walk_3m",
        "single_leg_stance",
        "sit_to_stand",
        "heel_raise",
        "neck_rotation",
    ]
    assert {test.second_person for test in needed} == {RULES.number("screening.second_person")}
    assert all(len(test.steps) >= 4 for test in needed)


@pytest.mark.parametrize("sign", stop_signs(DAY).values(), ids=lambda sign: sign.key)
def test_a_stop_sign_says_whom_to_see_and_asks_again(sign: StopSign) -> None:
    assert sign.see
    assert sign.says.startswith("Stop")
    assert f"screening.rescreen_{sign.rescreen}" in RULES.by_key


def test_versions_of_questions_follow_the_day() -> None:
    assert list(questions(dt.date(2020, 1, 1))) == list(questions(DAY))
    assert isinstance(RULES, Rules)

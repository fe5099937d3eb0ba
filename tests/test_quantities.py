"""Quantities: sentences in the units of whoever reads them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.quantities import in_units
from retropace.rules import SUBJECTS, rules_on
from served import TODAY

#: A number, or what one is put in for, and a metric unit behind it.
_METRIC = re.compile(r"(\d|}) ?(m/s|km/h|km|kg|cm|m|metres?|kilometres?|kilograms?)\b(?![/²])")


@pytest.mark.parametrize(
    ("metric", "imperial"),
    [
        ("At most 1.6 m/s.", "At most 3.6 mph."),
        ("Belt at 4 km/h at most.", "Belt at 2.5 mph at most."),
        ("on your 80 m: 59 m", "on your 262 ft: 194 ft"),
        ("Keep 2 m by 1 m free", "Keep 6.6 ft by 3.3 ft free"),
        ("about 40 to 45 cm, its back", "about 16 to 18 in, its back"),
        ("0.5 to 2 kg, and 70 kg", "1.1 to 4.4 lb, and 154 lb"),
        ("more than 20 metres says", "more than 66 ft says"),
        ("0.0 m", "0.0 ft"),
    ],
)
def test_a_sentence_in_units(metric: str, imperial: str) -> None:
    assert in_units(metric, "imperial") == imperial
    assert in_units(metric, "metric") == metric


@pytest.mark.parametrize(
    "words", ["3500 kcal/kg", "15.7 m/s²", "22 kg/m²", "5 min", "10 m·s", "x3 m", "1.2.3 m", "30 s"]
)
def test_what_is_no_such_quantity_stays(words: str) -> None:
    assert in_units(words, "imperial") == words


def test_no_rule_speaks_in_units_that_stay_metric() -> None:
    """Every number with a unit in a rule's sentence is found: none is hidden in words."""
    spoken = {key: rule.says for key, rule in rules_on(TODAY).by_key.items()}
    filled = {key: re.sub(r"{[^}]*}", "7.5", says) for key, says in spoken.items()}
    assert {key.split(".")[0] for key in filled} == set(SUBJECTS)
    assert not {key: told for key, says in filled.items() if _METRIC.search(told := in_units(says, "imperial"))}
    assert not {key: says for key, says in spoken.items() if re.search(r"\b(kilo|centi)?metres? an?\b|kilogram", says)}


@given(st.text("0123456789. mkg/hcst–toand,", max_size=40))
def test_whatever_is_written_can_be_read(words: str) -> None:
    once = in_units(words, "imperial")
    assert in_units(once, "imperial") == once

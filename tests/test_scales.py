"""Scales: words for every number, in order, and changing where a decision of the rules does."""

import pytest

from retropace.rules import rules_on
from retropace.rules.scales import HIGHEST, scales
from screened import DAY

RULES = rules_on(DAY)


@pytest.mark.parametrize("key", ["effort", "pain", "soreness", "neck"])
def test_every_number_has_words(key: str) -> None:
    scale = scales()[key]
    assert all(scale.word(number / 2) for number in range(2 * HIGHEST + 1))
    assert scale.words[0][0] == 0
    assert scale.words[-1][0] == HIGHEST
    assert len({words for _, words in scale.words}) == len(scale.words)


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("effort", "effort_hold"),
        ("effort", "effort_cut"),
        ("pain", "pain_hold"),
        ("pain", "pain_stop"),
        ("soreness", "soreness_hold"),
        ("soreness", "soreness_day"),
        ("neck", "neck_hold"),
        ("neck", "neck_cut"),
    ],
)
def test_words_change_where_the_decision_does(key: str, rule: str) -> None:
    edge = RULES.number(f"progression.{rule}")
    assert scales()[key].word(edge) != scales()[key].word(edge + 1)

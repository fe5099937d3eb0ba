"""Load: exposure to going backward, and graded words without invented numbers."""

import re

import pytest

from retropace.estimate import Estimate
from retropace.load import reverse_part, statements
from retropace.quantities import Direction
from retropace.sources import Grade, Verdict, bibliography


@pytest.mark.parametrize("direction", [Direction.FORWARD, Direction.SIDEWAYS, Direction.NONE])
def test_what_was_not_backward_counts_nothing(direction: Direction) -> None:
    assert reverse_part(direction, lambda: Estimate.exact(20.0, Grade.MEASURED, "device")).value == 0.0
    assert reverse_part(direction, lambda: Estimate.unknown("no cadence")).value == 0.0


def test_what_was_backward_counts_as_it_is() -> None:
    amount = Estimate.banded(36.0, 34.0, 38.0, Grade.MEASURED, "device")
    assert reverse_part(Direction.BACKWARD, lambda: amount) is amount
    assert reverse_part(Direction.BACKWARD, lambda: Estimate.unknown("no cadence")).why_unknown == "no cadence"


def test_statements_carry_no_numbers_of_ours() -> None:
    assert {statement.part for statement in statements()} >= {"calf", "quadriceps", "hamstrings", "glutes", "balance"}
    for statement in statements():
        assert not re.search(r"\d", statement.text)
        assert statement.sources or statement.verdict in (Verdict.UNSUPPORTED, Verdict.UNKNOWN)
        assert all(bibliography()[key].seen for key in statement.sources)

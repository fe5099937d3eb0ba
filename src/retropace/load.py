"""Load: how much was done backward, and what may honestly be said of muscles, balance and posture.

There is no single load number: effort was not asked for, and no study says what a backward minute weighs against a forward
one. Exposure is counted instead.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from retropace.estimate import Estimate
from retropace.quantities import Direction
from retropace.sources import Grade, Verdict, require_known

_NOTHING = Estimate.exact(0.0, Grade.DERIVED, "device")


def reverse_part(direction: Direction, amount: Callable[[], Estimate]) -> Estimate:
    """How much of `amount` was done backward by a stretch of known direction: all of it, or none.

    >>> reverse_part(Direction.FORWARD, lambda: Estimate.unknown("no cadence")).value
    0.0
    """
    return amount() if direction is Direction.BACKWARD else _NOTHING


@dataclass(frozen=True, slots=True)
class Statement:
    """What may be said of one part of the body or one ability: in words, with its verdict, never with a number of ours."""

    key: str
    part: str
    verdict: Verdict
    text: str
    sources: tuple[str, ...]


@cache
def statements() -> tuple[Statement, ...]:
    """Graded statements on muscles, balance and posture. Raises UncitedValue for one without a known source."""
    text = resources.files("retropace").joinpath("claims.toml").read_text(encoding="utf-8")
    found = []
    for key, entry in tomllib.loads(text)["statement"].items():
        statement = Statement(key, entry["part"], Verdict(entry["verdict"]), entry["text"], tuple(entry["sources"]))
        if statement.sources or statement.verdict not in (Verdict.UNSUPPORTED, Verdict.UNKNOWN):
            require_known(statement.sources, f"The statement {key}")
        found.append(statement)
    return tuple(found)

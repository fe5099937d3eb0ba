"""Claims: what people say of running backward, what was measured, the records, and what nobody knows.

The words live in `claims.toml`; numbers that the models also use are filled in from the models, so that they exist once.
A claim that is called supported, plausible or mixed rests on sources that were read, or it does not load.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from retropace import energy, knee
from retropace.errors import UncitedValue
from retropace.sources import Verdict, bibliography, require_known
from retropace.witness import CADENCE_RATIO


@dataclass(frozen=True, slots=True)
class Claim:
    """One popular claim.

    `holds` narrows the verdict ("for walking"), `number` is the best figure with its band; either may be empty.
    """

    key: str
    claim: str
    topic: str
    verdict: Verdict
    holds: str
    number: str
    explanation: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A best time as found, `when` and with what `status`; it may have been beaten since."""

    event: str
    who: str
    time: str
    when: str
    status: str
    sources: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """`time` in seconds.

        >>> Record("mile", "", "5:54.25", "", "", ()).seconds
        354.25
        """
        total = 0.0
        for part in self.time.split(":"):
            total = 60 * total + float(part)
        return total


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something nobody has measured, and what we do instead."""

    key: str
    question: str
    instead: str


@cache
def claims() -> tuple[Claim, ...]:
    """Every claim, in the order in which they are told. Raises UncitedValue for one that rests on nothing read."""
    found = []
    for key, entry in _content()["claim"].items():
        found.append(
            Claim(
                key=key,
                claim=entry["claim"],
                topic=entry["topic"],
                verdict=Verdict(entry["verdict"]),
                holds=entry["holds"],
                number=entry["number"].format(**_numbers()),
                explanation=entry["explanation"],
                sources=tuple(entry["sources"]),
            )
        )
        _require_read(found[-1])
    return tuple(found)


@cache
def records() -> tuple[Record, ...]:
    """Best times as found, shortest event first."""
    found = [Record(**{**entry, "sources": tuple(entry["sources"])}) for entry in _content()["record"]]
    for record in found:
        require_known(record.sources, f"The record over {record.event}")
    return tuple(found)


@cache
def open_questions() -> tuple[OpenQuestion, ...]:
    """What nobody knows."""
    return tuple(OpenQuestion(key, **entry) for key, entry in _content()["question"].items())


def _require_read(claim: Claim) -> None:
    """Raise UncitedValue unless the claim's sources bear its verdict."""
    if not claim.sources and claim.verdict in (Verdict.UNSUPPORTED, Verdict.UNKNOWN):
        return
    require_known(claim.sources, f"The claim {claim.key!r}")
    unread = [key for key in claim.sources if not bibliography()[key].seen]
    if unread:
        raise UncitedValue(f"The claim {claim.key!r} rests on {unread}, which nobody read", file="claims.toml")


@cache
def _content() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("retropace").joinpath("claims.toml").read_text(encoding="utf-8"))


def _numbers() -> dict[str, Any]:
    """The models' constants that claims may name."""
    return {
        "running_ratio": energy.RUNNING_RATIO,
        "walking_ratio": energy.WALKING_RATIO,
        "equal_effort": energy.EQUAL_EFFORT,
        "cadence_ratio": CADENCE_RATIO,
        "knee_less": 100 * (1 - knee.RUNNING_RATIO.value),
        "knee_less_low": 100 * (1 - knee.RUNNING_RATIO.high),
        "knee_less_high": 100 * (1 - knee.RUNNING_RATIO.low),
        "knee_per_km": knee.relative_per_km(knee.RUNNING_MPS.value),
    }

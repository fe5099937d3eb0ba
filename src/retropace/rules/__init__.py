"""Rules: thresholds and doses as dated, cited data; code elsewhere holds only the shape of the reasoning.

Each file of this folder holds the rules of one subject. A rule is a list of versions; the one in force on a day is the
latest that had begun. Old versions stay, so that an old plan can be explained.

    [[session_cap]]
    from = 2026-11-22
    value = 1.10
    unit = "ratio"
    basis = "seen"            # seen: read in the source; memory: remembered, not seen; design: our own choice
    sources = ["runsafe_2025"]
    says = "At most a tenth more reverse running than in the longest session of the last 30 days."
"""

import datetime as dt
import enum
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from retropace.errors import UncitedValue
from retropace.sources import require_known

#: The subjects, each a file of the same name in this folder.
SUBJECTS = ("screening", "place", "programme", "progression", "cues", "coach", "exercises", "weight")


class Basis(enum.StrEnum):
    """What a rule rests on."""

    SEEN = "seen"
    MEMORY = "memory"
    DESIGN = "design"


Value = float | bool | str | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule. `key` is subject.name; `says` is the sentence a person reads."""

    key: str
    value: Value
    unit: str
    begins: dt.date
    basis: Basis
    sources: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a sentence as a good coach says it, the rule behind it, its sources and what went in."""

    rule: str
    text: str
    sources: tuple[str, ...]
    inputs: Mapping[str, float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The rules in force on one day, by key. The same only as itself, so that what follows from rules can be kept."""

    on: dt.date
    by_key: Mapping[str, Rule]

    def rule(self, key: str) -> Rule:
        """The rule `key`. Raises UncitedValue where there is none: a decision without a rule is a mistake of ours."""
        found = self.by_key.get(key)
        if found is None:
            raise UncitedValue(f"No rule is called {key!r}", file="rules", remedy="Write it down first.")
        return found

    def number(self, key: str) -> float:
        """The rule's value as a number."""
        value = self.rule(key).value
        if isinstance(value, str | tuple):
            raise UncitedValue(f"The rule {key!r} is no number", file="rules")
        return float(value)

    def numbers(self, key: str) -> tuple[float, ...]:
        """The rule's value as a row of numbers."""
        value = self.rule(key).value
        if not isinstance(value, tuple):
            raise UncitedValue(f"The rule {key!r} is no row of numbers", file="rules")
        return value

    def reason(self, key: str, text: str | None = None, **inputs: float | str | bool) -> Reason:
        """A reason that rests on the rule `key`; its own sentence unless `text` says it better for this person."""
        rule = self.rule(key)
        return Reason(key, text or rule.says, rule.sources, inputs)


@cache
def _versions(subject: str) -> tuple[Rule, ...]:
    text = resources.files("retropace.rules").joinpath(f"{subject}.toml").read_text(encoding="utf-8")
    return tuple(
        _rule(f"{subject}.{name}", entry) for name, entries in tomllib.loads(text).items() for entry in entries
    )


def _rule(key: str, entry: Mapping[str, object]) -> Rule:
    missing = {"from", "value", "unit", "basis", "sources", "says"} - set(entry)
    begins, value, sources = entry.get("from"), entry.get("value"), entry.get("sources")
    if missing or not isinstance(begins, dt.date) or not isinstance(sources, list) or not entry.get("says"):
        raise UncitedValue(f"The rule {key!r} is incomplete: {sorted(missing)}", file="rules")
    keys = tuple(str(source) for source in sources)
    require_known(keys, f"The rule {key!r}")
    plain = tuple(float(v) for v in value) if isinstance(value, list) else value
    if not isinstance(plain, float | int | bool | str | tuple):
        raise UncitedValue(f"The value of rule {key!r} is neither number, word nor row", file="rules")
    return Rule(key, plain, str(entry["unit"]), begins, Basis(str(entry["basis"])), keys, str(entry["says"]))


@cache
def rules_on(day: dt.date) -> Rules:
    """The rules in force on `day`; where none had begun yet, the earliest."""
    found: dict[str, Rule] = {}
    for subject in SUBJECTS:
        for rule in sorted(_versions(subject), key=lambda r: r.begins):
            if rule.key not in found or rule.begins <= day:
                found[rule.key] = rule
    return Rules(day, found)

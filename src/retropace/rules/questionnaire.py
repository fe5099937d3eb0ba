"""Questionnaire: what a person is asked, the home tests, and the signs to stop, each dated and cited like a rule.

The words live in `questions.toml`, `home_tests.toml` and `stop_signs.toml`; what an answer leads to is a rule of
`screening.toml`. Every entry is a list of versions; the one in force on a day is the latest that had begun.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from retropace.errors import UncitedValue
from retropace.rules import Basis
from retropace.sources import require_known


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `answers` is "yes_no", "number", or the words to choose from.

    `ages` and `sex` say whom it concerns. A red flag says whom to `see`, and whether a clinician who `agreed` makes it a
    caution. `again_days` is how soon to ask again.
    """

    key: str
    begins: dt.date
    asks: str
    why: str
    answers: str | tuple[str, ...]
    basis: Basis
    sources: tuple[str, ...]
    ages: tuple[float, float] = (0, 130)
    sex: str | None = None
    see: str | None = None
    agreed: bool = False
    again_days: int | None = None

    def concerns(self, age_years: float | None, sex: str | None) -> bool:
        """Whether somebody of this age and sex is asked; where either is unknown, yes."""
        young, old = self.ages
        return self.sex in (None, sex or self.sex) and (age_years is None or young <= age_years <= old)


@dataclass(frozen=True, slots=True)
class Edge:
    """A figure beyond the number of `rule` leads to `effect`, for people of `ages`."""

    rule: str
    effect: str
    ages: tuple[float, float] = (0, 130)


@dataclass(frozen=True, slots=True)
class HomeTest:
    """One home test: how to do it and how it is read.

    `measures` are the keys of its figures [unit]; `better` is "low" or "high" and `best` the best that can be true. `edges`
    are read worst first. From `second_person` years on somebody stands beside. `extra` tests are not needed for a start.
    `of_tries` says which of several tries counts: middle, mean, best or last; `enough` where a try may end; `writes` what to
    write down where the figure cannot be read off.
    """

    key: str
    begins: dt.date
    name: str
    measures: tuple[str, ...]
    unit: str
    better: str
    best: float
    needs: str
    steps: tuple[str, ...]
    stop: str
    second_person: float
    said: str
    edges: tuple[Edge, ...]
    basis: Basis
    sources: tuple[str, ...]
    see: str | None = None
    extra: bool = False
    of_tries: str = "last"
    enough: float | None = None
    writes: str = ""

    def beyond(self, value: float, edge: float) -> bool:
        """Whether `value` lies on the worse side of `edge`; on it is still good.

        >>> home_tests(dt.date(2026, 11, 22))["backward_walk_3m"].beyond(3.6, 3.5)
        True
        """
        return value > edge if self.better == "low" else value < edge

    def possible(self, value: float) -> bool:
        """Whether a person can do as well as `value`."""
        return not self.beyond(self.best, value)


@dataclass(frozen=True, slots=True)
class StopSign:
    """A sign to stop at once. `rescreen` is the kind of event that asks the questions again: fall, dizzy or sign."""

    key: str
    begins: dt.date
    name: str
    says: str
    see: str
    urgent: bool
    rescreen: str
    basis: Basis
    sources: tuple[str, ...]


@cache
def questions(day: dt.date) -> Mapping[str, Question]:
    """The questions in force on `day` by key, in the order in which they are asked."""
    return {key: Question(key=key, **_read(key, entry)) for key, entry in _in_force("questions", day)}


@cache
def home_tests(day: dt.date) -> Mapping[str, HomeTest]:
    """The home tests in force on `day` by key, the five first."""
    found = {}
    for key, entry in _in_force("home_tests", day):
        edges = tuple(Edge(**{**edge, "ages": tuple(edge.get("ages", (0, 130)))}) for edge in entry["edges"])
        found[key] = HomeTest(key=key, **{**_read(key, entry), "edges": edges})
    return found


@cache
def stop_signs(day: dt.date) -> Mapping[str, StopSign]:
    """The signs to stop in force on `day` by key; a log reports them by these keys."""
    return {key: StopSign(key=key, **_read(key, entry)) for key, entry in _in_force("stop_signs", day)}


def _in_force(file: str, day: dt.date) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each key with its latest version that had begun on `day`, or its earliest."""
    text = resources.files("retropace.rules").joinpath(f"{file}.toml").read_text(encoding="utf-8")
    for key, versions in tomllib.loads(text).items():
        in_order = sorted(versions, key=lambda version: str(version["from"]))
        begun = [version for version in in_order if version["from"] <= day]
        yield key, begun[-1] if begun else in_order[0]


def _read(key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an entry: lists as tuples, and its sources known. Raises UncitedValue."""
    if "from" not in entry or "basis" not in entry:
        raise UncitedValue(f"{key!r} does not say since when, or what it rests on", file="rules")
    read = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items() if name != "from"}
    require_known(read.get("sources", ()), f"{key!r}")
    return {**read, "begins": entry["from"], "basis": Basis(str(read["basis"]))}

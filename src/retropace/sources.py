"""Sources: each paper once, and constants that cannot be written down without one.

`sources.toml` holds the bibliography. `cited(...)` makes a constant with its band and its source keys; an unknown or empty
key refuses to load.
"""

import enum
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from retropace.errors import UncitedValue


class Grade(enum.StrEnum):
    """How far a number may be believed, from what it rests on."""

    MEASURED = "measured"  # a sensor saw it
    DERIVED = "derived"  # arithmetic on what sensors saw
    MODELLED = "modelled"  # a published model or average of other people, not measured on this person
    ASSUMED = "assumed"  # a design choice with a stated reason


class Verdict(enum.StrEnum):
    """What the evidence says of a popular claim."""

    SUPPORTED = "supported"
    PLAUSIBLE = "plausible"
    MIXED = "mixed"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """One paper, table or page. `grade` is its design: review, trial, experiment, table, press, standard, design.

    `seen` says whether the numbers we take from it were read in it (`where`), rather than remembered; what is not seen is
    never shown as fact.
    """

    key: str
    authors: str
    year: int
    title: str
    venue: str
    grade: str
    population: str
    n: int | None
    doi: str | None
    seen: bool
    where: str

    @property
    def short(self) -> str:
        """As cited in running text: "Williford 1998", "New Scientist 2001"."""
        return f"{self.authors.split(',')[0].split(' (')[0]} {self.year}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A constant with its 95 % band (or the range seen), unit and source keys."""

    value: float
    low: float
    high: float
    unit: str
    sources: tuple[str, ...]
    note: str = ""


@cache
def bibliography() -> dict[str, Source]:
    """Every source by key, in the file's order. Raises UncitedValue where an entry lacks a field."""
    text = resources.files("retropace").joinpath("sources.toml").read_text(encoding="utf-8")
    found = {}
    for key, entry in tomllib.loads(text).items():
        try:
            found[key] = Source(key=key, **{"n": None, "doi": None, **entry})
        except TypeError as error:
            raise UncitedValue(f"Source {key!r} is incomplete: {error}", file="sources.toml") from error
    return found


def require_known(keys: tuple[str, ...], what: str) -> None:
    """Raise UncitedValue unless every one of `keys` (at least one) is in the bibliography."""
    unknown = [key for key in keys if key not in bibliography()]
    if unknown or not keys:
        raise UncitedValue(f"{what} cites {unknown or 'nothing'}", file="sources.toml", remedy="Add the source first.")


def cited(
    value: float,
    unit: str,
    *sources: str,
    low: float | None = None,
    high: float | None = None,
    note: str = "",
) -> Cited:
    """A constant that names its sources; `low` and `high` default to `value` itself.

    >>> cited(9.80665, "m/s2", "cgpm_1901").value
    9.80665
    """
    require_known(sources, f"The constant {value} {unit}")
    return Cited(value, value if low is None else low, value if high is None else high, unit, sources, note)

"""Estimate: a number shown to a person, never without its band, grade and sources."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Self

from retropace.errors import UncitedValue
from retropace.sources import Grade

#: How sure each grade is, the surest first.
_RANK = {grade: rank for rank, grade in enumerate(Grade)}


def least_sure(grades: Iterable[Grade]) -> Grade:
    """The grade of a number that rests on numbers of these."""
    return max(grades, key=_RANK.__getitem__)


@dataclass(frozen=True, slots=True, init=False)
class Estimate:
    """`value` with its band [low, high] in the metric's unit; or None with the reason why it is unknown.

    `sources` are keys of the bibliography; a number that a device measured cites the device by the key "device". Beside a
    value, `why_unknown` says which part of it is missing: a sum over the bouts whose direction is known, for example.
    """

    value: float | None
    low: float | None
    high: float | None
    grade: Grade
    sources: tuple[str, ...]
    why_unknown: str | None

    def __init__(
        self,
        value: float | None,
        low: float | None,
        high: float | None,
        grade: Grade,
        sources: tuple[str, ...],
        why_unknown: str | None = None,
    ) -> None:
        if value is None:
            if not why_unknown:
                raise UncitedValue("An unknown number must say why")
        elif not sources or low is None or high is None or not low <= value <= high:
            raise UncitedValue(f"The number {value} needs sources and a band around it ({low}, {high})")
        # A summary makes thousands of these: the slots themselves are filled in a third of the time that names take.
        _SET_VALUE(self, value)
        _SET_LOW(self, low)
        _SET_HIGH(self, high)
        _SET_GRADE(self, grade)
        _SET_SOURCES(self, sources)
        _SET_WHY(self, why_unknown)

    @classmethod
    def unknown(cls, why: str, grade: Grade = Grade.MODELLED) -> Self:
        """No number, and the reason."""
        return cls(None, None, None, grade, (), why)

    @classmethod
    def exact(cls, value: float, grade: Grade, *sources: str) -> Self:
        """A number whose band is itself: counts and seconds."""
        return cls(value, value, value, grade, sources)

    @classmethod
    def banded(cls, value: float, low: float, high: float, grade: Grade, *sources: str) -> Self:
        """A number with its band."""
        return cls(value, low, high, grade, sources)

    def scaled(self, factor: float) -> "Estimate":
        """The same estimate times a positive `factor`; unknown stays unknown."""
        if self.value is None or self.low is None or self.high is None:
            return self
        return Estimate(
            self.value * factor, self.low * factor, self.high * factor, self.grade, self.sources, self.why_unknown
        )

    def plus(self, other: "Estimate") -> "Estimate":
        """Both together, as sure as the less sure of them; unknown with either. Bands add: one model errs one way.

        >>> a = Estimate.banded(10, 8, 12, Grade.MODELLED, "design")
        >>> (a.plus(a).value, a.plus(a).low)
        (20, 16)
        """
        if self.value is None or self.low is None or self.high is None:
            return self
        if other.value is None or other.low is None or other.high is None:
            return other
        return Estimate(
            self.value + other.value,
            self.low + other.low,
            self.high + other.high,
            least_sure((self.grade, other.grade)),
            tuple(dict.fromkeys((*self.sources, *other.sources))),
            self.why_unknown or other.why_unknown,
        )


_SET_VALUE, _SET_LOW, _SET_HIGH, _SET_GRADE, _SET_SOURCES, _SET_WHY = (
    getattr(Estimate, field.name).__set__ for field in fields(Estimate)
)

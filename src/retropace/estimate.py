"""Estimate: a number shown to a person, never without its band, grade and sources."""

from dataclasses import dataclass
from typing import Self

from retropace.errors import UncitedValue
from retropace.sources import Grade


@dataclass(frozen=True, slots=True)
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
    why_unknown: str | None = None

    def __post_init__(self) -> None:
        if self.value is None:
            if not self.why_unknown:
                raise UncitedValue("An unknown number must say why")
        elif not self.sources or self.low is None or self.high is None or not self.low <= self.value <= self.high:
            raise UncitedValue(f"The number {self.value} needs sources and a band around it ({self.low}, {self.high})")

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
        return Estimate(self.value * factor, self.low * factor, self.high * factor, self.grade, self.sources)

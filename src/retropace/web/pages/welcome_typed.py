"""Typed: a form of the first visit as it came: what of it can be used, a sentence for what cannot, and what was typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from retropace.errors import UnusableInput
from retropace.web.visit import Visit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form. `troubles` holds one sentence for each field that could not be used."""

    visit: Visit
    troubles: dict[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether the form brought this field: one that is missing says nothing, one that is empty takes an answer back."""
        return name in self.visit.form

    def read(self, name: str, how: Callable[[], T], kept: T) -> T:
        """A field as `how` reads it; what was kept before where the form has none, or where it cannot be used."""
        if not self.has(name):
            return kept
        try:
            return how()
        except UnusableInput as error:
            self.troubles[name] = " ".join(filter(None, (f"{error.what}.", error.remedy)))
            return kept

    def number(self, name: str, low: float, high: float, kept: float | None = None) -> float | None:
        """A number, None where the field is empty."""
        return self.read(name, lambda: self.visit.number(name, low, high), kept)

    def choice(self, name: str, words: Sequence[str], kept: str | None = None) -> str | None:
        """One of `words`, None where the field is empty."""
        return self.read(name, lambda: self.visit.choice(name, words), kept)

    def yes_no(self, name: str, *, kept: bool | None = None) -> bool | None:
        """Yes or no, None where it was left open."""
        return self.read(name, lambda: self.visit.yes_no(name), kept)

    def shown(self, name: str, kept: object) -> str:
        """What a field shows: what was typed where that could not be used, else what is kept."""
        if name in self.troubles:
            typed = self.visit.form.get(name)
            return typed[:200] if isinstance(typed, str) else ""
        return written(kept)


def written(value: object) -> str:
    """A value as a field shows it: a number as short as it can be, nothing for None.

    >>> written(60.0), written(None), written(True)
    ('60', '', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{round(value, 2):g}" if isinstance(value, float) else str(value)

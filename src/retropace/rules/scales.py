"""Scales: what the numbers from 0 to 10 feel like, so that two people mean the same by them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from retropace.errors import UncitedValue
from retropace.rules import Basis
from retropace.sources import require_known

#: The highest number of every scale.
HIGHEST = 10


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale. `words` are what it feels like from a number on, lowest first."""

    key: str
    words: tuple[tuple[float, str], ...]
    basis: Basis
    sources: tuple[str, ...]

    def word(self, value: float) -> str:
        """What `value` feels like.

        >>> scales()["pain"].word(5.5), scales()["pain"].word(6)
        ('It changes how you move.', 'Too much to train on.')
        """
        return next(word for number, word in reversed(self.words) if value >= number)


@cache
def scales() -> Mapping[str, Scale]:
    """Every scale by key: effort, pain, soreness, neck. Raises UncitedValue for one that does not run from 0 to 10."""
    text = resources.files("retropace.rules").joinpath("scales.toml").read_text(encoding="utf-8")
    return {key: _scale(key, entry) for key, entry in tomllib.loads(text).items()}


def _scale(key: str, entry: Mapping[str, object]) -> Scale:
    sources, words = entry.get("sources"), entry.get("words")
    if not isinstance(sources, list) or not isinstance(words, list):
        raise UncitedValue(f"The scale {key!r} is incomplete", file="rules")
    told = tuple((float(number), str(word)) for number, word in words)
    numbers = [number for number, _ in told]
    if numbers != sorted(set(numbers)) or (numbers[0], numbers[-1]) != (0, HIGHEST):
        raise UncitedValue(f"The scale {key!r} does not run from 0 to {HIGHEST}", file="rules")
    require_known(tuple(sources), f"The scale {key!r}")
    return Scale(key, told, Basis(str(entry["basis"])), tuple(sources))

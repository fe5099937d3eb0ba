"""Cited: sources numbered in the order in which a page names them."""

from collections.abc import Iterable

from retropace.sources import bibliography


class Cited:
    """A page's list of sources; only what somebody read is listed, our own choices are told as such."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, keys: Iterable[str]) -> str:
        """The numbers of `keys`, as "[1, 4]"; "" where none was read."""
        known = [key for key in dict.fromkeys(keys) if key in bibliography() and bibliography()[key].seen]
        numbers = [self._numbers.setdefault(key, len(self._numbers) + 1) for key in known]
        return f"[{', '.join(map(str, numbers))}]" if numbers else ""

    def listed(self) -> list[str]:
        """Every source in short, in order: "1 Roos 2012, n = 20"."""
        return [f"{number} {_short(key)}" for key, number in self._numbers.items()]


def _short(key: str) -> str:
    source = bibliography()[key]
    if source.grade == "design":
        return "our own choice, with its reason in docs/decisions"
    size = "" if source.n is None else f", n = {source.n}"
    return f"{source.short}, {source.title}{size}"

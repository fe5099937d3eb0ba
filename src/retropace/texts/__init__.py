"""Texts: every sentence of cues, exercises and figures, one file per language in this folder, found by its key."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from retropace.errors import UnusableInput

#: The languages there is a file for; each holds the same keys.
LANGUAGES = ("en",)


@cache
def texts(language: str = "en") -> Mapping[str, str | tuple[str, ...]]:
    """Every text of `language` by its key, tables joined by dots. Raises UnusableInput for a language without a file.

    >>> texts()["cues.go.walk"]
    'Walk.'
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise UnusableInput(f"There are no texts in {language!r}", field="language", remedy=f"Use one of: {known}.")
    content = resources.files("retropace.texts").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(_joined(tomllib.loads(content), ""))


def _joined(table: Mapping[str, object], before: str) -> list[tuple[str, str | tuple[str, ...]]]:
    found: list[tuple[str, str | tuple[str, ...]]] = []
    for name, entry in table.items():
        if isinstance(entry, dict):
            found += _joined(entry, f"{before}{name}.")
        else:
            found.append((before + name, tuple(entry) if isinstance(entry, list) else str(entry)))
    return found


def sentence(key: str, language: str = "en") -> str:
    """The one text of `key`."""
    found = texts(language)[key]
    return found if isinstance(found, str) else " ".join(found)


def lines(key: str, language: str = "en") -> tuple[str, ...]:
    """The several texts of `key`."""
    found = texts(language)[key]
    return (found,) if isinstance(found, str) else found


def length(seconds: int, language: str = "en") -> str:
    """A duration as it is said.

    >>> length(20), length(60), length(90), length(1)
    ('20 seconds', '1 minute', '1 minute 30 seconds', '1 second')
    """
    minutes, rest = divmod(seconds, 60)
    whole = _counted("minute", minutes, language)
    if rest == 0 and minutes:
        return whole
    part = _counted("second", rest, language)
    return sentence("length.both", language).format(minutes=whole, seconds=part) if minutes else part


def _counted(unit: str, n: int, language: str) -> str:
    return sentence(f"length.{unit}" if n == 1 else f"length.{unit}s", language).format(n=n)

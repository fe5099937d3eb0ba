"""Language: the app's words in the reader's language. English is written in the pages; other languages translate it.

Templates mark words with {% trans %} or _(), Python with `say`. docs/retropace.pot lists them all; a translation is
locale/LANGUAGE/LC_MESSAGES/retropace.mo.
"""

import gettext
from contextvars import ContextVar
from functools import cache
from importlib import resources
from pathlib import Path

_current: ContextVar[gettext.NullTranslations] = ContextVar("language")


def speak(language: str) -> None:
    """Use `language` for the rest of this request; English where it is not known."""
    _current.set(_translations(language))


def _spoken() -> gettext.NullTranslations:
    return _current.get(_translations("en"))


def say(message: str, **values: object) -> str:
    """`message` in the reader's language, with {names} filled in.

    >>> say("{count} sessions", count=3)
    '3 sessions'
    """
    translated = _spoken().gettext(message)
    return translated.format(**values) if values else translated


def say_count(one: str, many: str, count: int, **values: object) -> str:
    """`one` or `many` by `count`, which may be named in both.

    >>> say_count("{count} session", "{count} sessions", 1)
    '1 session'
    """
    return _spoken().ngettext(one, many, count).format(count=count, **values)


def gettext_of_reader(message: str) -> str:
    """For templates."""
    return _spoken().gettext(message)


def ngettext_of_reader(one: str, many: str, count: int) -> str:
    """For templates."""
    return _spoken().ngettext(one, many, count)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    folder = Path(str(resources.files("retropace.web").joinpath("locale")))
    return gettext.translation("retropace", folder, [language], fallback=True)

"""Device: what a browser calls itself, in words its owner knows it by."""

import re

#: The first that fits counts: every browser claims to be several older ones.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux|X11", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Browser and system.

    >>> device_words("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    >>> device_words("curl/8.5")
    'A browser'
    """
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "A browser"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((words for pattern, words in names if re.search(pattern, user_agent)), None)

"""Wording: what the command line says to do, as the app says it. The rest of such a sentence stays as it is."""

import re

from retropace.web.language import say

#: The stretch that an option is given as an example.
_STRETCH = re.compile(r"(?<=--backward )[\d:]+-[\d:]+")
#: Advice that names an option or a file → where the same is done in the app; {} stands for a stretch.
ELSEWHERE = {
    "Say so, for example --backward {}; or name your laps, or give the session you followed.": (
        "Say so under “Correct”, choose the session you followed, or name your laps next time."
    ),
    "Write mass_kg in the person file.": "Tell it under Settings.",
    "write mass_kg in the person file": "tell it under Settings",
}


def here(words: str) -> str:
    """`words` for somebody who sits before the app.

    >>> here("Your body mass is not known: write mass_kg in the person file")
    'Your body mass is not known: tell it under Settings'
    """
    words = _STRETCH.sub("{}", words)
    for outside, inside in ELSEWHERE.items():
        if outside in words:
            words = words.replace(outside, say(inside))
    return words

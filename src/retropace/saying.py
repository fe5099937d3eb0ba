"""Saying: doses, days, durations and body parts in the words of a coach. English."""

import datetime as dt
from collections.abc import Iterable

from retropace.doses import MainSet
from retropace.log import Part, Side, Where
from retropace.place import Watcher
from retropace.quantities import Gait

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PLURAL = {Part.CALF: "calves", Part.FOOT: "feet"}
_WATCHERS = {
    Watcher.SPOTTER: "a spotter who faces the way you go",
    Watcher.MIRROR: "a mirror",
    Watcher.RAIL: "a rail within reach",
    Watcher.NOBODY: "nobody",
}
#: Parts that have no sides worth saying.
_MIDDLE = (Part.NECK, Part.LOW_BACK)


def count(number: int) -> str:
    """A number as a word up to twelve.

    >>> count(6), count(15)
    ('six', '15')
    """
    return _COUNTS[number] if 0 <= number < len(_COUNTS) else str(number)


def lasting(seconds: float) -> str:
    """A duration in words.

    >>> lasting(20), lasting(60), lasting(75), lasting(300)
    ('20 seconds', 'a minute', '1:15 minutes', '5 minutes')
    """
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if rest or whole == 0:
        return f"{minutes}:{rest:02} minutes" if minutes else f"{whole} seconds"
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def sentence(words: str) -> str:
    """Words with a capital letter in front."""
    return words[:1].upper() + words[1:]


def day_words(day: dt.date) -> str:
    """A day as people say it.

    >>> day_words(dt.date(2026, 11, 24))
    'Tuesday 24 November'
    """
    return f"{day:%A} {day.day} {day:%B}"


def main_words(bouts_s: tuple[float, ...], gait: Gait, recovery: Gait, recovery_s: float) -> str:
    """What the main set asks for, from the bouts that are left of it.

    >>> main_words((20.0,) * 6, Gait.RUN, Gait.WALK, 60)
    'six repeats of 20 seconds backward, a minute walking between'
    """
    way = "backward" if gait is Gait.RUN else "walking backward"
    if not bouts_s:
        return "nothing backward"
    if len(bouts_s) == 1:
        return f"{lasting(bouts_s[0])} {way} in one piece"
    between = {Gait.WALK: "walking", Gait.RUN: "jogging", Gait.STAND: "standing"}[recovery]
    forward = " forward" if gait is Gait.WALK and recovery is not Gait.STAND else ""
    pause = f"{lasting(recovery_s)} {between}{forward} between"
    first = bouts_s[0]
    if all(bout == first for bout in bouts_s):
        return f"{count(len(bouts_s))} repeats of {lasting(first)} {way}, {pause}"
    if all(bout == first for bout in bouts_s[:-1]) and len(bouts_s) > 2:
        repeats = f"{count(len(bouts_s) - 1)} repeats of {lasting(first)} {way}"
        return f"{repeats} and one of {lasting(bouts_s[-1])}, {pause}"
    return f"{listed(lasting(bout) for bout in bouts_s)} {way}, {pause}"


def set_words(main: MainSet) -> str:
    """A whole main set in words."""
    return main_words(main.bouts_s, main.gait, main.recovery, main.recovery_s)


def place_words(where: Where) -> str:
    """A body part as its owner says it, with a capital letter.

    >>> place_words((Part.CALF, Side.LEFT)), place_words((Part.CALF, Side.BOTH)), place_words((Part.NECK, Side.LEFT))
    ('Your left calf', 'Both calves', 'Your neck')
    """
    part, side = where
    name = part.value.replace("_", " ").replace("thigh front", "front thigh").replace("low back", "lower back")
    if part in _MIDDLE:
        return f"Your {name}"
    if side is Side.BOTH:
        return f"Both {_PLURAL.get(part, name + 's' if part is not Part.ACHILLES else 'Achilles tendons')}"
    return f"Your {side} {'Achilles tendon' if part is Part.ACHILLES else name}"


def several(where: Where) -> bool:
    """Whether a body part's words take a plural verb."""
    return where[1] is Side.BOTH and where[0] not in _MIDDLE


def watcher_words(watchers: Iterable[Watcher]) -> str:
    """Whoever may look out, any one of them.

    >>> watcher_words([Watcher.SPOTTER, Watcher.MIRROR])
    'a spotter who faces the way you go or a mirror'
    """
    return listed((_WATCHERS[watcher] for watcher in watchers), "or")


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    >>> listed(["left", "right", "stop"])
    'left, right and stop'
    """
    *rest, final = list(words) or [""]
    return f"{', '.join(rest)} {last} {final}" if rest else final

"""Correction: the person's own word on a stretch of a recording, kept apart from what was recognised."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retropace.errors import UnusableInput
from retropace.files import read_table
from retropace.quantities import Direction
from retropace.recording import Declared

#: What a person may call a stretch.
WORDS: dict[str, Direction] = {
    "forward": Direction.FORWARD,
    "backward": Direction.BACKWARD,
    "sideways": Direction.SIDEWAYS,
    "standing": Direction.NONE,
    "unknown": Direction.UNKNOWN,
}
_EXAMPLE = 'Write for example: [[bouts]] from = "13:28", to = "13:36", direction = "backward".'
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)")


def elapsed_s(text: Any, file: str | None = None, field: str | None = None) -> float:
    """Seconds from the recording's start of "13:28", "1:02:05" or a number of seconds. Raises UnusableInput.

    >>> elapsed_s("13:28"), elapsed_s(90)
    (808.0, 90.0)
    """
    if isinstance(text, str) and (clock := _CLOCK.fullmatch(text.strip())):
        hours, minutes, seconds = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
    try:
        seconds = float(text) if not isinstance(text, bool) else -1.0
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 <= seconds < 1e8:
        remedy = "Give minutes and seconds from the start, as 13:28 or 1:02:05, or a number of seconds."
        raise UnusableInput(f"{text!r} is not a time", file=file, field=field, remedy=remedy)
    return seconds


def span(text: str, direction: Direction) -> Declared:
    """The correction in an option like "13:28-13:36". Raises UnusableInput."""
    start, dash, end = text.replace("–", "-").partition("-")
    option = f"--{next(word for word, d in WORDS.items() if d == direction)}"
    if not dash:
        raise UnusableInput(f"{text!r} is not a stretch", field=option, remedy="Give two times, as 13:28-13:36.")
    return _declared(elapsed_s(start, field=option), elapsed_s(end, field=option), direction, None, option)


def load_corrections(path: Path) -> tuple[Declared, ...]:
    """The corrections in a TOML file: `[[bouts]]` of `from`, `to` and `direction`. Raises UnusableInput."""
    content = read_table(path, "The corrections")
    entries = content.get("bouts")
    if not isinstance(entries, list) or set(content) != {"bouts"}:
        raise UnusableInput("The file should hold [[bouts]] and nothing else", file=path.name, remedy=_EXAMPLE)
    return tuple(_entry(entry, path.name, f"bouts[{number}]") for number, entry in enumerate(entries))


def corrections_text(corrections: Sequence[Declared]) -> str:
    """The corrections as a TOML file that `load_corrections` reads back."""
    words = {direction: word for word, direction in WORDS.items()}
    return "\n".join(
        f'[[bouts]]\nfrom = {one.start_s!r}\nto = {one.end_s!r}\ndirection = "{words[one.direction]}"\n'
        for one in corrections
    )


def _entry(entry: Any, file: str, field: str) -> Declared:
    if not isinstance(entry, dict) or set(entry) != {"from", "to", "direction"}:
        raise UnusableInput("A bout needs from, to and direction", file=file, field=field, remedy=_EXAMPLE)
    direction = WORDS.get(str(entry["direction"]))
    if direction is None:
        remedy = f"Use one of: {', '.join(WORDS)}."
        raise UnusableInput(f"{entry['direction']!r} is no direction", file=file, field=field, remedy=remedy)
    start_s = elapsed_s(entry["from"], file, f"{field}.from")
    return _declared(start_s, elapsed_s(entry["to"], file, f"{field}.to"), direction, file, field)


def _declared(start_s: float, end_s: float, direction: Direction, file: str | None, field: str) -> Declared:
    if end_s <= start_s:
        raise UnusableInput(
            f"The stretch ends ({end_s:g} s) before it begins ({start_s:g} s)",
            file=file,
            field=field,
            remedy="Put the earlier time first.",
        )
    return Declared(start_s, end_s, direction, "person")

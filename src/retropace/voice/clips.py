"""Clips: any sentence of the cues as a row of recorded pieces, and where each lies in the one file that holds them all."""

import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

#: The file of all clips, as it is served too.
SPRITE = "voice-en.mp3"
_FOLDER = "retropace.voice"
_PART = re.compile(r"[^,.!?;:]+")
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


@cache
def table() -> Mapping[str, tuple[float, float]]:
    """Where each clip lies in the decoded file: (offset, duration) in seconds."""
    text = resources.files(_FOLDER).joinpath("voice-en.json").read_text(encoding="utf-8")
    return {clip: (float(offset_s), float(lasts_s)) for clip, (offset_s, lasts_s) in json.loads(text).items()}


@cache
def sprite() -> bytes:
    """The file of all clips: MP3, one channel, 24 kHz."""
    return resources.files(_FOLDER).joinpath(SPRITE).read_bytes()


def clips_of(sentence: str, known: Container[str] | None = None) -> tuple[str, ...]:
    """The clips that say `sentence`, one right after the other; of those that are `known`, of all unless given.

    A part between commas or stops for which there are no clips, as a step's own name, is left out; its time stays.

    >>> clips_of("Reverse run, 25 seconds, repeat 3 of 6. Check behind.")
    ('reverse run', '20', '5', 'seconds', 'repeat 3', 'of 6', 'check behind')
    >>> clips_of("Ankle circles, 1 minute.")
    ('1 minute',)
    """
    among = table() if known is None else known
    parts = [_words(part, among) for part in _PART.findall(sentence)]
    found: list[str] = []
    while parts:
        row, used = _row(parts, among)
        found += row
        parts = parts[used:]
    return tuple(found)


def lasts_s(clips: Sequence[str]) -> float:
    """How long the clips take to say [s]."""
    return sum(table()[clip][1] for clip in clips)


def _words(part: str, known: Container[str]) -> list[str]:
    """The words of a part, numbers up to 99 as they are put together: 25 is 20 and 5."""
    return [said for word in _WORD.findall(part.lower()) for said in _number(word, known)]


def _number(word: str, known: Container[str]) -> Iterator[str]:
    if not word.isdecimal() or word in known or len(word) != len("99"):
        yield word
        return
    yield from (f"{word[0]}0", word[1])


def _row(parts: Sequence[list[str]], known: Container[str]) -> tuple[list[str], int]:
    """The clips of the first part, and how many parts they say: a clip may run on over a comma."""
    for many in range(len(parts), 0, -1):
        row = _whole([word for part in parts[:many] for word in part], known)
        if row is not None and (many == 1 or len(row) == 1):
            return row, many
    return [], 1


def _whole(words: Sequence[str], known: Container[str]) -> list[str] | None:
    """The words as the longest clips that fit, or None where one of them cannot be said."""
    row: list[str] = []
    at = 0
    while at < len(words):
        longest = next((n for n in range(len(words) - at, 0, -1) if " ".join(words[at : at + n]) in known), 0)
        if not longest:
            return None
        row.append(" ".join(words[at : at + longest]))
        at += longest
    return row

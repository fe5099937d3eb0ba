"""Tones: the sounds that tell what a cue is for before its words do."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Note:
    """One note, from `at_s` after the cue on: `level` 0 to 1, `pan` -1 (left) to 1, `shape` as browsers name it."""

    at_s: float
    hz: float
    lasts_s: float
    level: float
    pan: float
    shape: str


@dataclass(frozen=True, slots=True)
class Tone:
    """Notes, and when the words that belong to them may begin [s after the cue]."""

    notes: tuple[Note, ...]
    after_s: float

    @property
    def lasts_s(self) -> float:
        """From the cue to the end of the last note [s]."""
        return max(note.at_s + note.lasts_s for note in self.notes)


#: A cue's kind and the tone it begins with, where that has another name; forward is one tone, walked or run.
_NAMES = {"run": "walk"}


@cache
def tones() -> Mapping[str, Tone]:
    """Every tone by its name."""
    text = resources.files("retropace.voice").joinpath("tones.toml").read_text(encoding="utf-8")
    return {
        name: Tone(tuple(Note(**note) for note in told["notes"]), float(told["after"]))
        for name, told in tomllib.loads(text).items()
    }


def tone_of(kind: str, side: str | None) -> str | None:
    """The name of the tone a cue begins with; None where it is words only.

    >>> tone_of("look", "left"), tone_of("look", None), tone_of("run", None), tone_of("form", None)
    ('look_left', 'look_mirror', 'walk', None)
    """
    name = f"look_{side or 'mirror'}" if kind == "look" else _NAMES.get(kind, kind)
    return name if name in tones() else None


def tones_json() -> dict[str, list[dict[str, object]]]:
    """The notes of every tone as plain data for a player elsewhere."""
    return {name: [asdict(note) for note in tone.notes] for name, tone in tones().items()}

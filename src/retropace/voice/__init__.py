"""Voice: what every cue sounds like: a row of recorded clips, and a tone before them."""

from collections.abc import Mapping

from retropace.voice.clips import SPRITE, clips_of, lasts_s, sprite, table
from retropace.voice.tones import Note, Tone, tone_of, tones, tones_json

__all__ = [
    "SPRITE",
    "Note",
    "Tone",
    "clips_of",
    "lasts_s",
    "sprite",
    "table",
    "tone_of",
    "tones",
    "tones_json",
    "voiced",
]


def voiced(guide: Mapping[str, object]) -> dict[str, object]:
    """What `guide_json` gives, with its sounds.

    Every cue gets `clips` (said one right after the other), `tone` (a name among `tones`, None where it has none) and
    `clips_at_s`, how long after the cue's time the first clip begins. `tones` holds the notes of every tone.
    """
    cues = guide["cues"]
    if not isinstance(cues, list):
        raise TypeError("a guide's cues are a list")
    return {**guide, "cues": [_heard(cue) for cue in cues], "tones": tones_json()}


def _heard(cue: Mapping[str, object]) -> dict[str, object]:
    side = cue["side"]
    tone = tone_of(str(cue["kind"]), None if side is None else str(side))
    return {
        **cue,
        "clips": list(clips_of(str(cue["say"]))),
        "tone": tone,
        "clips_at_s": 0.0 if tone is None else tones()[tone].after_s,
    }

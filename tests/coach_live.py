"""What was told and heard in a live session, put side by side."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach_guides import short

HERE = Path(__file__).parent / "web" / "coach"
#: A function of one object: player and tap (addresses, tap may be null), guide.
LIVE = (HERE / "live.js").read_text()
TAP = (HERE / "tap.js").read_text()


def toned() -> Any:
    """The short guide, every cue of it with a tone, so that each is heard without a voice."""
    guide = short()
    for cue in guide["cues"]:
        cue["tone"] = cue["tone"] or "count"
    return guide


@dataclass(frozen=True, slots=True)
class Heard:
    """A first sample: when it left the loudspeaker by the page's clock [Unix ms], how much louder left than right."""

    at_ms: float
    left: float


def heard(told: Any) -> list[Heard]:
    """What the tap heard. The clock of the audio output is read at the reading nearest to each sound."""
    clocks = [(context_s, at_ms) for _, _, at_ms, context_s in told["clocks"] if context_s > 0]

    def at_ms(time_s: float) -> float:
        context_s, known_ms = min(clocks, key=lambda pair: abs(pair[0] - time_s))
        return known_ms + (time_s - context_s) * 1000

    return [Heard(at_ms(time_s), left) for time_s, left in told["heard"]]


def cues(told: Any, *, sounded: bool = True) -> list[Any]:
    """The cue events, those with sound or those without."""
    return [event for event in told["events"] if event["name"] == "cue" and event["heard"] is sounded]


def errors_ms(told: Any) -> list[float]:
    """How late each cue with sound was heard [ms], in order. Fails where there are more or fewer sounds than cues."""
    sounds, said = heard(told), cues(told)
    assert len(sounds) == len(said), (told["heard"], [(one["cue"]["at_s"], one["at_ms"]) for one in said])
    return [sound.at_ms - one["at_ms"] for sound, one in zip(sounds, said, strict=True)]

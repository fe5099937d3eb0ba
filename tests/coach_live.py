"""Sessions played in a page, live or on a clock moved by hand: what was told and what was heard, put side by side."""

import gzip
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach_guides import CLIPS, short
from coach_people import RULES
from retropace.web.assets import Asset, address, assets

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).parent / "web" / "coach"
#: A function of one object: player and tap (addresses), guide.
LIVE = (HERE / "live.js").read_text()
_WALKED = (HERE / "walked.js").read_text()
#: What is pressed, with which value. `pass` lets so many milliseconds pass, `block` does so on a blocked page, `sleep`
#: is a phone's that stops its clock, and `give` the arrival of the voice.
Action = tuple[str, float | str | None]


def walked(
    page: "Page", guide: Any, *walks: list[Action], silent: bool = False, start_s: float | None = None
) -> list[Any]:
    """What happened on each walk through `guide`: events, sounds, and where it was before and after each action."""
    begin: Action = ("start", guide["starts_s"] if start_s is None else start_s)
    asked = {"guide": guide, "walks": [[begin, *actions] for actions in walks], "silent": silent, "clips": CLIPS}
    found: list[Any] = json.loads(page.evaluate(_WALKED, [address("coach-player.js"), json.dumps(asked)]))
    return found


@contextmanager
def tapped() -> Iterator[str]:
    """Our server has the tap among its scripts, so that no policy of the page keeps it out; its address."""
    kept = assets()
    content = (HERE / "tap.js").read_bytes()
    kept["tap.js"] = Asset(content, gzip.compress(content), kept["coach-player.js"].kind)
    yield address("tap.js")
    del kept["tap.js"]


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
        return float(known_ms + (time_s - context_s) * 1000)

    return [Heard(at_ms(time_s), left) for time_s, left in told["heard"]]


def cues(told: Any, *, sounded: bool = True) -> list[Any]:
    """The cue events, those with sound or those without."""
    return [event for event in told["events"] if event["name"] == "cue" and event["heard"] is sounded]


def errors_ms(told: Any) -> list[float]:
    """How late each cue with sound was heard [ms], in order. Fails where there are more or fewer sounds than cues."""
    sounds, said = heard(told), cues(told)
    assert len(sounds) == len(said), (told["heard"], [(one["cue"]["at_s"], one["at_ms"]) for one in said])
    return [sound.at_ms - one["at_ms"] for sound, one in zip(sounds, said, strict=True)]


def in_time(errors: Sequence[float], within_ms: float) -> bool:
    """Whether what was heard was heard in time.

    Audio of a machine that is too busy loses time for good before anybody can know: one cue in four may show it, none by
    more than a cue that is left out for being late.
    """
    stale_ms = RULES.number("coach.stale_cue") * 1000
    far = [error for error in errors if abs(error) > within_ms]
    return len(far) <= len(errors) / 4 and all(abs(error) <= stale_ms for error in far)

"""A whole session rendered through the player's own scheduling: every cue at its time and on its side, nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach_guides import CLIPS, forty_minutes
from coach_people import RULES
from retropace.web.assets import address

if TYPE_CHECKING:
    from playwright.sync_api import Page

RENDER = (Path(__file__).parent / "rendered.js").read_text()
#: An eighth of a millisecond between samples.
RATE = 8000


def rendered(page: "Page", guide: Any) -> Any:
    asked = {"player": address("coach-player.js"), "guide": guide, "clips": CLIPS, "rate": RATE, "begin_s": 1.0}
    return page.evaluate(RENDER, asked | {"pause_s": RULES.number("cues.pause")})


def test_every_cue_of_forty_minutes_is_heard_within_a_millisecond_on_its_side(open_page: "Callable[..., Page]") -> None:
    guide = forty_minutes()
    assert guide["ends_s"] >= 2400
    found = rendered(open_page("/evidence"), guide)
    assert len(found["cues"]) > 250
    assert not any(one["early"] for one in found["cues"])
    assert max(abs(one["error_s"]) for one in found["cues"]) <= 0.001
    assert found["strays"] == 0
    looks = [(cue, one) for cue, one in zip(guide["cues"], found["cues"], strict=True) if cue["kind"] == "look"]
    assert {cue["side"] for cue, _ in looks} == {"left", "right"}
    for cue, one in looks:
        other = "right" if cue["side"] == "left" else "left"
        assert one[cue["side"]] > 1000 * one[other], cue
    assert all(
        one["left"] == one["right"] for cue, one in zip(guide["cues"], found["cues"], strict=True) if not cue["side"]
    )

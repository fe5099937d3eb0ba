"""The same short session in WebKit, the engine of the phones that Chromium is not on."""

import json
import time
from typing import Any

from coach_live import LIVE, cues, in_time, tapped, toned
from retropace.web.assets import address
from webkit import WebKit, webkit

#: Sound may only be begun by a hand.
BY_HAND = (
    "(self.begun = new Promise((tell) => addEventListener('click', () => tell(({})({})), {{ once: true }})), true)"
)
BUSY = "(() => { const until = performance.now() + 700; while (performance.now() < until); })()"


def begin(page: WebKit, tap: str) -> None:
    asked = {"player": address("coach-player.js"), "guide": toned(), "tap": tap}
    page.evaluate(BY_HAND.format(LIVE.partition("\n")[2], json.dumps(asked)))
    page.click("h1")
    assert page.evaluate("self.begun")


def errors_ms(told: Any) -> list[float]:
    """How late each cue left the graph [ms]. This engine knows nothing of its loudspeaker, and its clock only ever lags."""
    said = cues(told)
    assert len(told["heard"]) == len(said), (told["heard"], [one["cue"]["at_s"] for one in said])
    return [left_ms(told, time_s) - one["at_ms"] for (time_s, _), one in zip(told["heard"], said, strict=True)]


def left_ms(told: Any, time_s: float) -> float:
    """When a sample was due by the page's clock, by the least late reading of the second around it."""
    near = [at_ms - context_s * 1000 for at_ms, context_s, _, _ in told["clocks"] if abs(context_s - time_s) < 1]
    return float(min(near)) + time_s * 1000


def test_a_session_in_webkit(coach_at: str) -> None:
    with webkit() as page, tapped() as tap:
        page.go(coach_at + "/evidence")
        begin(page, tap)
        for _ in range(3):
            time.sleep(2)
            page.evaluate(BUSY)
        until = time.monotonic() + 60
        while page.evaluate("live.made.state") != "done" and time.monotonic() < until:
            time.sleep(0.5)
        time.sleep(0.5)  # what was heard last is told a moment later
        told = page.evaluate("live.told()")
    assert [one["cue"]["at_s"] for one in cues(told)] == [cue["at_s"] for cue in toned()["cues"]]
    assert in_time(errors_ms(told), 50), errors_ms(told)
    sides = [left > 0 for (_, left), one in zip(told["heard"], cues(told), strict=True) if one["cue"]["side"]]
    assert sides == [True]

"""Browsers killed while a run is being recorded, and what the next one finds."""

import json
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from websockets.exceptions import ConnectionClosed

from raw_chromium import RawChromium, RawPage, raw_chromium
from recorded_runs import PAGE, begin, in_page, kept

How = Literal["browser", "page"]
#: A person's phone gives 60 of each; this is more.
RATE_HZ = 100

#: Motion and orientation, `rate` of each a second until the end; `told` what was felt and what the disk confirmed.
_FEEL = """async (rate) => {
  const began = performance.now();
  let i = 0;
  setInterval(() => {
    for (const due = ((performance.now() - began) / 1000) * rate; i < due; i += 1) {
      feel("motion", { ax: i, ay: -1, az: 0, gx: 0, gy: 9.8, gz: 0, ra: 0, rb: 0, rg: 0, interval_ms: 1000 / rate });
      feel("orientation", { alpha: i % 360, beta: 0, gamma: 0, absolute: true });
    }
    if (i % 20 === 0) recorder.mark("cue", { key: "go", kind: "count", position_s: i / rate });
    told(JSON.stringify({ i, at_ms: at(), durable: recorder.counts.durable }));
  }, 5);
}"""


@dataclass(frozen=True, slots=True)
class Crash:
    """One end of a run: motion samples felt and found again, samples of all streams confirmed and found again."""

    how: How
    after_s: float
    felt: int
    found: int
    confirmed: int
    found_in_all: int
    lost_ms: float

    @property
    def lost(self) -> int:
        """Motion samples that were felt and are gone."""
        return max(0, self.felt - self.found)

    @property
    def confirmed_but_lost(self) -> int:
        """Samples that the recorder counted as durable, and that are gone."""
        return max(0, self.confirmed - self.found_in_all)


def crash(at: str, how: How, after_s: float) -> Crash:
    """Record on a page of the house at `at`, end it by force after `after_s`, and look at what is left."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with raw_chromium(Path(folder)) as browser:
            page = browser.page(at + PAGE)
            run = begin(page)
            told = _felt(browser, page, after_s)
            if how == "page":
                _crash(browser, page)
                return _found(browser.page(at + PAGE), run, how, after_s, told)
            browser.kill()
        with raw_chromium(Path(folder)) as browser:
            return _found(browser.page(at + PAGE), run, how, after_s, told)


def _felt(browser: RawChromium, page: RawPage, seconds: float) -> dict[str, float]:
    """Record for so long; what the page told last."""
    told: list[str] = []
    page.call("Runtime.enable")
    page.call("Runtime.addBinding", name="told")
    page.hear("Runtime.bindingCalled", lambda event: told.append(event["payload"]))
    in_page(page, _FEEL, RATE_HZ)
    browser.listen(seconds)
    last: dict[str, float] = json.loads(told[-1])
    return last


def _crash(browser: RawChromium, page: RawPage) -> None:
    """Let the page's own process come to grief; nobody is left to answer."""
    crashed: list[object] = []
    page.call("Inspector.enable")
    page.hear("Inspector.targetCrashed", crashed.append)
    with suppress(ConnectionClosed):
        message = {"id": next(browser.numbers), "method": "Page.crash", "params": {}, "sessionId": page.session}
        browser.socket.send(json.dumps(message))
    for _ in range(100):
        if crashed:
            return
        browser.listen(0.05)
    raise AssertionError("The page did not crash")


def _found(page: RawPage, run: str, how: How, after_s: float, told: dict[str, float]) -> Crash:
    found = kept(page, run)
    motion = found.motion
    assert [row[1] for row in motion] == list(range(len(motion)))  # from the first on, without a hole
    assert all(left[0] <= right[0] for left, right in pairwise(motion))
    last_ms = motion[-1][0] if motion else told["at_ms"] - 1000 * after_s
    lost_ms = max(0.0, told["at_ms"] - last_ms)
    return Crash(how, after_s, int(told["i"]), len(motion), int(told["durable"]), found.samples, lost_ms)

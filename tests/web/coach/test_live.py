"""A session played live: on a blocked page, out of sight, with audio put to sleep, on a slow phone, on a frozen page."""

import json
from pathlib import Path
from typing import Any

import pytest

from coach_live import LIVE, cues, errors_ms, heard, in_time, tapped, toned
from raw_chromium import RawPage, raw_chromium
from retropace.web.assets import address

#: The audio of some phones is slow to fall asleep, and nobody but its owner wakes it.
ASLEEP = """(() => {
  const { context } = live, really = context.resume;
  context.resume = () => Promise.reject(new Error("interrupted"));
  context.suspend();
  setTimeout(() => { context.resume = really; }, 3000);
})()"""
BUSY = "(() => { const until = performance.now() + 700; while (performance.now() < until); })()"


def begin(page: RawPage) -> Any:
    """Start the short guide; the guide."""
    guide = toned()
    with tapped() as tap:
        asked = {"player": address("coach-player.js"), "guide": guide, "tap": tap}
        assert page.evaluate(f"({LIVE})({json.dumps(asked)})", gesture=True)
    return guide


def come_to(page: RawPage, position_s: float) -> None:
    while page.evaluate("live.made.position_s") < position_s - 0.05:
        page.browser.listen(0.05)


def story(told: Any, name: str) -> list[Any]:
    return [event for event in told["events"] if event["name"] == name]


def test_cues_are_in_time_whatever_happens_to_the_page(coach_at: str, tmp_path: Path) -> None:
    with raw_chromium(tmp_path) as browser:
        page = browser.page(coach_at + "/evidence")
        guide = begin(page)
        for busy_s in (0.7, 2.8, 3.9):
            come_to(page, busy_s)
            page.evaluate(BUSY)
        come_to(page, 5.5)
        front = browser.page()
        come_to(page, 12.5)
        assert page.evaluate("document.hidden")
        page.show()
        page.slow(6)
        come_to(page, 14.8)
        page.slow(1)
        page.evaluate(ASLEEP)
        come_to(page, 21.2)
        page.freeze()
        browser.listen(2.6)
        page.thaw()
        come_to(page, 26)
        browser.listen(0.7)
        told = page.evaluate("live.told()")
        front.close()
    assert told["state"] == "done"
    everything = [event["cue"]["at_s"] for event in told["events"] if event["name"] in ("cue", "late")]
    assert everything == [cue["at_s"] for cue in guide["cues"]]
    assert in_time(errors_ms(told), 25), errors_ms(told)
    assert [event["cue"]["at_s"] for event in cues(told, sounded=False)] == [16.0]
    assert [event["ok"] for event in story(told, "audio")][:3] == [True, False, True]
    assert [event["index"] for event in story(told, "piece")] == list(range(len(guide["pieces"])))
    stalls = story(told, "stall")
    assert len(stalls) == 1
    assert stalls[0]["seconds"] == pytest.approx(2.9, abs=0.8)
    assert [sound.left > 0 for one, sound in zip(cues(told), heard(told), strict=True) if one["cue"]["side"]] == [True]


def test_a_stop_is_heard_within_fifty_milliseconds(coach_at: str, tmp_path: Path) -> None:
    with raw_chromium(tmp_path) as browser:
        page = browser.page(coach_at + "/evidence")
        begin(page)
        come_to(page, 2.2)
        stopped_s = page.evaluate("(live.made.stop('shout'), live.context.currentTime)")
        browser.listen(0.4)
        told = page.evaluate("live.told()")
    assert told["state"] == "stopped"
    alarm_s, _ = told["heard"][2]
    assert -0.05 <= alarm_s - stopped_s <= 0.05

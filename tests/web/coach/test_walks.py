"""Any way through a session, by chance: never back except to be counted in, nothing twice, nothing lost, nothing given up heard."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coach_guides import mixed
from retropace.web.assets import address

if TYPE_CHECKING:
    from playwright.sync_api import Page

WALK = (Path(__file__).parent / "walked.js").read_text()
COUNT_IN_S, HUSH_MS = 3.0, 10.0
ALARM_HZ = (660.0, 990.0)


def numbered() -> Any:
    """A guide in which each cue has a pitch of its own."""
    guide = mixed()
    for number, cue in enumerate(guide["cues"]):
        cue["tone"] = f"cue {number}"
        note = {"at_s": 0, "hz": 5000 + number, "lasts_s": 0.1, "level": 0.5, "pan": 0, "shape": "sine"}
        guide["tones"][cue["tone"]] = [note]
    return guide


GUIDE = numbered()
PIECES = GUIDE["pieces"]
CUES = {cue["at_s"]: 5000 + number for number, cue in enumerate(GUIDE["cues"])}


def reverse(index: int) -> bool:
    return 0 <= index < len(PIECES) and PIECES[index]["state"] == "reverse"


def walked(page: "Page", actions: list[tuple[str, float | str | None]]) -> Any:
    asked = {"player": address("coach-player.js"), "guide": GUIDE, "actions": [["start", None], *actions]}
    return page.evaluate(WALK, asked)


def by_chance(seed: int) -> list[tuple[str, float | str | None]]:
    """Somebody who presses a lot, sometimes quickly, sometimes on a page that is blocked for a while."""
    chance = random.Random(seed)
    actions: list[tuple[str, float | str | None]] = []
    for _ in range(chance.randint(10, 40)):
        actions.append(("pass", chance.choice([30, 250, 900, 2500, 6000, 15000]) * chance.uniform(0.5, 1.5)))
        if chance.random() < 0.1:
            actions.append(("block", chance.uniform(50, 1500)))
        kind = chance.choice(["pause", "resume", "resume", "skip", "skip", "extend", "stop"])
        value = chance.choice([0.1, 5, 30]) if kind == "extend" else "test" if kind == "stop" else None
        actions.append((kind, value))
        if chance.random() < 0.6:
            actions += [("pass", 700), ("resume", None)]
    return [*actions, ("resume", None), ("pass", 300_000)]


def jumps(walk: Any) -> list[Any]:
    return [one for one in walk["told"] if one["action"] not in ("pass", "block") and one["did"]]


def given_up(walk: Any) -> list[tuple[float, float, float]]:
    """What was jumped over: from, to [s of the session], and when [ms]."""
    made = [(one["before"]["position_s"], one["after"]["position_s"], one["ms"]) for one in jumps(walk)]
    return [jump for jump in made if jump[1] > jump[0]]


def judge_positions(walk: Any) -> None:
    for one in walk["told"]:
        before, after = one["before"], one["after"]
        back_s = before["position_s"] - after["position_s"]
        if back_s > 1e-9:
            assert one["action"] in ("resume", "extend"), one
            assert back_s <= COUNT_IN_S
            assert before["piece"] == after["piece"]
            assert reverse(before["piece"] + 1)
        assert after["left_s"] >= -1e-9
        if one["action"] == "extend" and one["did"]:
            assert PIECES[before["piece"]]["state"] in ("walk", "stand", "stop")
        if one["action"] in ("pause", "stop") and one["did"]:
            assert after["position_s"] == pytest.approx(before["position_s"], abs=1e-6)
        if one["action"] == "resume" and one["did"]:
            assert not reverse(after["piece"]) or after["state"] == "done"


def judge_cues(walk: Any) -> None:
    """Every cue once, unless it belongs to a count-in that began again; lost only where it was jumped over."""
    told = [event for event in walk["events"] if event["name"] in ("cue", "late")]
    backs = [(one["after"]["position_s"], one["before"]["position_s"], one["ms"]) for one in jumps(walk)]
    last: dict[float, float] = {}
    for event in told:
        at_s = event["cue"]["at_s"]
        if at_s in last:
            assert any(low - 1e-6 <= at_s <= high and last[at_s] <= ms <= event["ms"] for low, high, ms in backs), event
        last[at_s] = event["ms"]
    order = [event["ms"] for event in told]
    assert order == sorted(order)
    over = given_up(walk)
    for at_s in CUES:
        jumped = any(low - 1e-6 <= at_s < high - 1e-6 for low, high, _ in over)
        reached = walk["told"][-1]["after"]["position_s"] >= at_s
        assert at_s in last or jumped or not reached, at_s
    for low, high, ms in over:
        late = [e for e in told if low + 1e-6 < e["cue"]["at_s"] < high - 1e-6 and e["ms"] > ms]
        assert not late, (low, high, late)


def judge_sounds(walk: Any) -> None:
    """What is heard are the cues that were told, at their times, and nothing of what was given up or after a stop."""
    said = [event for event in walk["events"] if event["name"] == "cue" and event["heard"]]
    expected = sorted((event["at_ms"], CUES.get(event["cue"]["at_s"], 988)) for event in said if not event["cue"].get("extra"))
    found = sorted((sound["from"], sound["hz"]) for sound in walk["sounds"] if sound["hz"] >= 5000)
    assert len(found) == len(expected), [set(map(lambda p: p[1], found)) ^ set(map(lambda p: p[1], expected))]
    for (from_ms, hz), (at_ms, wanted) in zip(found, expected, strict=True):
        assert hz == wanted
        assert -1 <= from_ms - at_ms <= 250 + 1
    for one, later in [(k, n) for k, n in zip(jumps(walk), [*jumps(walk)[1:], None], strict=True)]:
        if one["action"] != "stop":
            continue
        until = later["ms"] if later else float("inf")
        sounding = [s for s in walk["sounds"] if s["from"] < until - 1e-3 and s["to"] > one["ms"] + HUSH_MS and s["hz"] not in ALARM_HZ]
        assert not sounding
        alarm = [s["from"] for s in walk["sounds"] if s["hz"] == ALARM_HZ[0] and s["from"] >= one["ms"] - 1e-3]
        assert min(alarm) - one["ms"] <= 50


def judge_starts(walk: Any) -> None:
    """Nobody begins backward unless the three seconds before, or all of a shorter piece, went by undisturbed and counted."""
    disturbed = [one["ms"] for one in jumps(walk) if one["action"] != "stop"]
    counts = [event for event in walk["events"] if event["name"] == "cue" and event["cue"]["kind"] == "count"]
    for event in walk["events"]:
        if event["name"] != "piece" or not reverse(event["index"]) or reverse(event["index"] - 1):
            continue
        start_s = event["position_s"]
        before = PIECES[event["index"] - 1]
        room_s = min(COUNT_IN_S, start_s - before["start_s"])
        assert not [ms for ms in disturbed if event["at_ms"] - room_s * 1000 + 1 < ms < event["at_ms"] - 1], event
        interfered = [ms for ms in disturbed if event["at_ms"] - 1000 * (before["end_s"] - before["start_s"]) < ms < event["at_ms"]]
        late = any(e["name"] == "late" and start_s - 4 < e["cue"]["at_s"] < start_s for e in walk["events"])
        if interfered and room_s == COUNT_IN_S and not late and interfered[-1] > event["at_ms"] - 9000:
            numbers = {round(start_s - e["cue"]["at_s"]) for e in counts if event["at_ms"] - 3100 < e["at_ms"] < event["at_ms"]}
            assert numbers >= {1, 2, 3} or not CUES, (event, numbers)


def test_walks_by_chance(open_page: "Callable[..., Page]") -> None:
    page = open_page("/evidence")
    kinds = set()
    for seed in range(60):
        walk = walked(page, by_chance(seed))
        for judge in (judge_positions, judge_cues, judge_sounds, judge_starts):
            try:
                judge(walk)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, {judge.__name__}: {error}") from error
        kinds |= {one["action"] for one in jumps(walk)}
    assert kinds == {"start", "pause", "resume", "skip", "extend", "stop"}

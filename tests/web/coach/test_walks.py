"""Any way through a session, by chance: back only to be counted in, nothing twice or lost, nothing given up is heard."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from coach_guides import mixed
from coach_live import Action, walked

if TYPE_CHECKING:
    from playwright.sync_api import Page

PRESSED = ("pause", "resume", "skip", "extend", "stop")
COUNT_IN_S, HUSH_MS = 3.0, 10.0
#: From a countdown's first number on [ms]: somebody who presses after that has missed some of it.
COUNTDOWN_MS = 9000
ALARM_HZ = {660, 990}
#: Above all pitches of ours.
LOWEST_HZ = 5000


def numbered() -> Any:
    """A guide in which each cue has a pitch of its own."""
    guide = mixed()
    for number, cue in enumerate(guide["cues"]):
        cue["tone"] = f"cue {number}"
        note = {"at_s": 0, "hz": LOWEST_HZ + number, "lasts_s": 0.1, "level": 0.5, "pan": 0, "shape": "sine"}
        guide["tones"][cue["tone"]] = [note]
    return guide


GUIDE = numbered()
PIECES = GUIDE["pieces"]
STALE_MS = GUIDE["rules"]["stale_cue"] * 1000
CUES = {cue["at_s"]: LOWEST_HZ + number for number, cue in enumerate(GUIDE["cues"])}


def reverse(index: int) -> bool:
    return 0 <= index < len(PIECES) and PIECES[index]["state"] == "reverse"


def by_chance(seed: int) -> list[Action]:
    """Somebody who presses a lot, sometimes quickly, sometimes on a page that is blocked for a while."""
    chance = random.Random(seed)
    actions: list[Action] = []
    for _ in range(chance.randint(10, 40)):
        actions.append(("pass", chance.choice([30, 250, 900, 2500, 6000, 15000]) * chance.uniform(0.5, 1.5)))
        if chance.random() < 0.1:
            actions.append(("block", chance.uniform(50, 1500)))
        kind = chance.choice(PRESSED)
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
            assert PIECES[after["piece"]]["state"] in ("walk", "stand", "stop")
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
    """What is heard are the cues that were told, at their times: nothing of what was given up."""
    said = [e for e in walk["events"] if e["name"] == "cue" and e["heard"] and not e["cue"].get("extra")]
    expected = sorted((event["at_ms"], CUES[event["cue"]["at_s"]]) for event in said)
    found = sorted((sound["from"], sound["hz"]) for sound in walk["sounds"] if sound["hz"] >= LOWEST_HZ)
    assert [hz for _, hz in found] == [hz for _, hz in expected]
    for (from_ms, hz), (at_ms, _) in zip(found, expected, strict=True):
        assert -1 <= from_ms - at_ms <= STALE_MS + 1, hz


def judge_stops(walk: Any) -> None:
    """After a stop there is the alarm, within 50 ms, and nothing else until somebody goes on."""
    pressed = jumps(walk)
    for one, following in zip(pressed, [*pressed[1:], {"ms": float("inf")}], strict=True):
        if one["action"] == "stop" and following["ms"] > one["ms"] + HUSH_MS:
            stopped_ms, until_ms = one["ms"], following["ms"]
            then = [s for s in walk["sounds"] if s["from"] < until_ms - 1e-3 and s["to"] > stopped_ms + HUSH_MS]
            assert {sound["hz"] for sound in then} <= ALARM_HZ
            assert min(sound["from"] for sound in then) - stopped_ms <= 50


def judge_starts(walk: Any) -> None:
    """Nobody begins backward unless the three seconds before, or all of a shorter piece, went by undisturbed and counted."""
    disturbed = [one["ms"] for one in jumps(walk) if one["action"] != "stop"]
    for event in walk["events"]:
        index = event.get("index")
        if event["name"] != "piece" or not reverse(index) or reverse(index - 1):
            continue
        start_ms = event["at_ms"]
        room_s = min(COUNT_IN_S, PIECES[index]["start_s"] - PIECES[index - 1]["start_s"])
        assert not [ms for ms in disturbed if start_ms - room_s * 1000 + 1 < ms < start_ms - 1], event
        if room_s == COUNT_IN_S and any(start_ms - COUNTDOWN_MS < ms < start_ms for ms in disturbed):
            assert counted(walk, start_ms) == [3, 2, 1], event


def counted(walk: Any, start_ms: float) -> list[int]:
    """The seconds left at each number, or its being left out, of the count-in that ends at `start_ms`."""
    counts = [e for e in walk["events"] if e["name"] in ("cue", "late") and e["cue"]["kind"] == "count"]
    ons = [e.get("at_ms", e["ms"] - e.get("by_s", 0) * 1000) for e in counts]
    return [round((start_ms - ms) / 1000) for ms in ons if start_ms - 3100 < ms < start_ms - 1]


def test_walks_by_chance(open_page: "Callable[..., Page]") -> None:
    walks = walked(open_page("/evidence"), GUIDE, *map(by_chance, range(150)))
    for seed, walk in enumerate(walks):
        for judge in (judge_positions, judge_cues, judge_sounds, judge_stops, judge_starts):
            try:
                judge(walk)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, {judge.__name__}: {error}") from error
    assert {one["action"] for walk in walks for one in jumps(walk)} == {"start", *PRESSED}

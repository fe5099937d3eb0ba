"""The player on a clock moved by hand: what each button does, to the millisecond."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from coach_guides import CLIPS, told
from coach_live import Action, walked
from made_sessions import reverse, stand, walk
from made_stores import begun_store
from retropace.session import Session
from retropace.web.house import House
from served import HOSTS, NOW, PHONE, context_of, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: 0 walk 60 reverse 80 walk 120 reverse 135 stand 150 walk 180
GUIDE = told(Session("Two", (walk(60), reverse(20), walk(40), reverse(15), stand(15), walk(30))))
BACKWARD_FIRST = told(Session("Backward first", (reverse(10), walk(20))))
BACKWARD_LAST = told(Session("Backward last", (walk(10), reverse(10))))
#: Between a beginning and its first cue [ms].
LEAD_MS = 300
PASS = ("pass", 300_000)


@pytest.fixture(scope="module")
def page(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Page]":
    """One page of ours for all of them: each walk has a player and a clock of its own."""
    database = begun_store(tmp_path_factory.mktemp("player") / "retropace.db")
    with serving(House(database, secret=b"test", clock=lambda: NOW, hosts=HOSTS)) as at:
        context = context_of(browser, PHONE)
        made = context.new_page()
        made.goto(at + "/evidence")
        yield made
        context.close()
    database.close()


@pytest.fixture
def play(page: "Page") -> Callable[..., Any]:
    def played(*actions: Action, guide: Any = GUIDE, **how: Any) -> Any:
        return walked(page, guide, list(actions), **how)[0]

    return played


def events(walk: Any, name: str) -> list[Any]:
    return [event for event in walk["events"] if event["name"] == name]


def after(walk: Any, action: str) -> Any:
    return next(one["after"] for one in walk["told"] if one["action"] == action)


def cues_from(walk: Any, ms: float) -> Any:
    """What is said from then on, and how long after [ms]."""
    return [(event["cue"]["say"], event["at_ms"] - ms) for event in events(walk, "cue") if event["at_ms"] >= ms]


def test_a_session_left_alone_tells_every_cue_and_piece_at_its_time(play: Callable[..., Any]) -> None:
    walk = play(PASS)
    begun = events(walk, "state")[0]["at_ms"] + LEAD_MS
    assert [(e["cue"], e["at_ms"]) for e in events(walk, "cue")] == [
        (cue, pytest.approx(begun + cue["at_s"] * 1000)) for cue in GUIDE["cues"]
    ]
    assert all(0 <= e["ms"] - e["at_ms"] <= 1 + 1e-6 for e in [*events(walk, "cue"), *events(walk, "piece")[1:]])
    assert [(e["index"], e["position_s"]) for e in events(walk, "piece")] == [
        (k, piece["start_s"]) for k, piece in enumerate(GUIDE["pieces"])
    ]
    assert [e["state"] for e in events(walk, "state")] == ["running", "done"]
    assert walk["told"][-1]["after"] == {"position_s": 180, "piece": 5, "left_s": 0, "state": "done"}


def test_skipping_leads_to_a_backward_piece_only_by_its_count_in(play: Callable[..., Any]) -> None:
    walk = play(("pass", 20_000), ("skip", None), ("skip", None), PASS)
    assert [one["did"] for one in walk["told"]] == [True, True, True, False, True]
    assert after(walk, "skip") == {"position_s": 57, "piece": 0, "left_s": 3, "state": "running"}
    pressed = walk["told"][2]["ms"] + LEAD_MS
    assert cues_from(walk, pressed)[:4] == [
        ("3", pytest.approx(0)), ("2", pytest.approx(1000)), ("1", pytest.approx(2000)), ("Reverse.", pytest.approx(3000)),
    ]  # fmt: skip


def test_skipping_a_backward_piece_leads_to_walking_at_once(play: Callable[..., Any]) -> None:
    walk = play(("pass", 65_000), ("skip", None), PASS)
    assert after(walk, "skip") == {"position_s": 80, "piece": 2, "left_s": 40, "state": "running"}
    assert cues_from(walk, walk["told"][2]["ms"])[0] == ("Walk, 40 seconds.", pytest.approx(LEAD_MS))


def test_skipping_the_last_piece_ends_the_session_with_its_last_cue(play: Callable[..., Any]) -> None:
    walk = play(("pass", 160_000), ("skip", None), ("pass", 1000))
    assert after(walk, "skip")["state"] == "done"
    assert events(walk, "cue")[-1]["cue"]["kind"] == "done"


def test_more_time_is_added_exactly(play: Callable[..., Any]) -> None:
    walk = play(("pass", 30_300), ("extend", 10.0), ("pass", 4000), ("extend", 5.0), ("pass", 60_000))
    assert after(walk, "extend")["left_s"] == pytest.approx(40)
    assert walk["told"][3]["after"]["left_s"] == pytest.approx(36)
    assert walk["told"][3]["after"]["position_s"] == pytest.approx(30)
    backward = events(walk, "piece")[1]
    assert backward["at_ms"] - events(walk, "piece")[0]["at_ms"] == pytest.approx(LEAD_MS + 75_000)
    assert [e["cue"]["at_s"] for e in events(walk, "cue")][:6] == [cue["at_s"] for cue in GUIDE["cues"]][:6]


def test_more_time_in_the_last_seconds_before_going_backward_counts_anew(play: Callable[..., Any]) -> None:
    walk = play(("pass", 58_800), ("extend", 10.0), ("pass", 60_000))
    assert after(walk, "extend") == {"position_s": 57, "piece": 0, "left_s": 13, "state": "running"}
    pressed = walk["told"][2]["ms"]
    assert cues_from(walk, pressed)[:2] == [("3", pytest.approx(10_000)), ("2", pytest.approx(11_000))]


@pytest.mark.parametrize("ms", [59_000 + LEAD_MS + 2000, 125_000])
def test_backward_is_never_made_longer(play: Callable[..., Any], ms: float) -> None:
    walk = play(("pass", ms), ("extend", 10.0))
    assert not walk["told"][2]["did"]
    assert walk["told"][2]["before"] == walk["told"][2]["after"]


def test_after_a_pause_a_backward_piece_is_given_up(play: Callable[..., Any]) -> None:
    walk = play(("pass", 70_000), ("pause", None), ("pass", 20_000), ("resume", None), PASS)
    assert after(walk, "pause")["position_s"] == pytest.approx(69.7)
    assert after(walk, "resume") == {"position_s": 80, "piece": 2, "left_s": 40, "state": "running"}
    assert not [e for e in events(walk, "cue") if 69.7 <= e["cue"]["at_s"] < 80]
    assert len(events(walk, "state")) == 4


def test_a_pause_while_walking_loses_nothing(play: Callable[..., Any]) -> None:
    walk = play(
        ("pass", 20_300), ("extend", 10.0), ("pass", 2000), ("pause", None), ("pass", 9000), ("resume", None), PASS
    )
    assert after(walk, "pause")["left_s"] == pytest.approx(48)
    assert after(walk, "resume")["left_s"] == pytest.approx(48)
    assert [e["cue"]["at_s"] for e in events(walk, "cue")] == [cue["at_s"] for cue in GUIDE["cues"]]


def test_a_stop_is_loud_and_stays_until_somebody_goes_on_walking(play: Callable[..., Any]) -> None:
    pressed: list[Action] = [("pause", None), ("skip", None), ("extend", 5.0), ("stop", "again"), ("pass", 60_000)]
    walk = play(("pass", 70_000), ("stop", "shout"), ("pass", 2000), *pressed, ("resume", None), ("pass", 1000))
    stopped_ms = walk["told"][2]["ms"]
    assert [one["did"] for one in walk["told"][4:8]] == [False, False, False, False]
    assert events(walk, "state")[1] | {"ms": 0} == events(walk, "state")[1] | {
        "state": "stopped",
        "why": "shout",
        "ms": 0,
    }
    sounds = [s for s in walk["sounds"] if s["to"] > stopped_ms + 10 and s["from"] < walk["told"][9]["ms"]]
    assert [s["from"] - stopped_ms for s in sounds] == pytest.approx([250 * k for k in range(6)], abs=1e-3)
    assert after(walk, "resume") == {"position_s": 80, "piece": 2, "left_s": 40, "state": "running"}


def test_a_stop_while_walking_goes_on_where_it_was_and_says_so(play: Callable[..., Any]) -> None:
    walk = play(("pass", 20_300), ("stop", "shout"), ("pass", 500), ("resume", None), PASS)
    assert after(walk, "resume") == {"position_s": 20, "piece": 0, "left_s": 40, "state": "running"}
    resumed_ms = walk["told"][4]["ms"]
    sounds = [s for s in walk["sounds"] if s["to"] > resumed_ms + 10 and s["from"] < resumed_ms + 500]
    assert [s["hz"] for s in sounds] == [523, 784]
    assert [e["cue"]["at_s"] for e in events(walk, "cue")] == [cue["at_s"] for cue in GUIDE["cues"]]


def test_where_nothing_is_left_but_backward_a_stop_is_followed_by_the_end(play: Callable[..., Any]) -> None:
    walk = play(("pass", 15_000), ("stop", "shout"), ("resume", None), ("pass", 2000), guide=BACKWARD_LAST)
    assert walk["told"][-1]["after"]["state"] == "done"
    assert events(walk, "cue")[-1]["cue"]["key"] == "done_walk"


def test_a_session_that_begins_backward_is_counted_in_before_its_first_piece(play: Callable[..., Any]) -> None:
    walk = play(("pass", 1300), PASS, guide=BACKWARD_FIRST)
    starts_s = BACKWARD_FIRST["starts_s"]
    assert starts_s < -3
    assert walk["told"][0]["after"] == {"position_s": starts_s, "piece": -1, "left_s": -starts_s, "state": "running"}
    assert [e["index"] for e in events(walk, "piece")] == [0, 1]
    assert events(walk, "piece")[0]["at_ms"] - events(walk, "state")[0]["at_ms"] == pytest.approx(
        LEAD_MS - starts_s * 1000
    )


@pytest.mark.parametrize(
    ("from_s", "at_s"), [(30, 30), (58, 57), (60, 57), (70, 80), (120, 117), (134, 135), (400, 180)]
)
def test_begun_in_the_middle_it_begins_where_nobody_is_going_backward(
    play: Callable[..., Any], from_s: float, at_s: float
) -> None:
    walk = play(("pass", 10), start_s=from_s)
    assert walk["told"][0]["after"]["position_s"] == at_s


def test_without_any_sound_the_clock_and_the_screen_go_on(play: Callable[..., Any]) -> None:
    walk = play(PASS, silent=True)
    assert [e["ok"] for e in events(walk, "audio")] == [False]
    assert [e["cue"]["at_s"] for e in events(walk, "cue")] == [cue["at_s"] for cue in GUIDE["cues"]]
    assert not any(e["heard"] for e in events(walk, "cue"))
    assert walk["sounds"] == []


def test_a_voice_that_arrives_later_says_what_follows_after_its_tone(play: Callable[..., Any]) -> None:
    walk = play(("pass", 58_000), ("give", None), ("pass", 60_000))
    said = [s for s in walk["sounds"] if "offset_s" in s]
    heard = [e for e in events(walk, "cue") if e["at_ms"] > walk["told"][2]["ms"]]
    rows = [(clip, e) for e in heard for clip in e["cue"]["clips"]]
    assert [s["offset_s"] for s in said][: len(rows)] == [CLIPS[clip][0] for clip, _ in rows]
    first = next(e for e in heard if e["cue"]["kind"] == "reverse")
    tone = first["cue"]["clips_at_s"] * 1000
    assert any(s["from"] - first["at_ms"] == pytest.approx(tone) for s in said)
    for event in heard:
        words = [
            s for s in said if event["at_ms"] - 1e-3 <= s["from"] < event["at_ms"] + event["cue"]["duration_s"] * 1000
        ]
        assert max(s["to"] for s in words) <= event["at_ms"] + (event["cue"]["duration_s"] + 0.2) * 1000 + 1e-3


def test_a_phone_that_slept_says_so_and_late_cues_are_left_out(play: Callable[..., Any]) -> None:
    rules = GUIDE["rules"]
    walk = play(("pass", 20_000), ("sleep", rules["clock_stall"] * 1000 + 100), ("pass", 500), silent=True)
    assert [e["seconds"] for e in events(walk, "stall")] == [pytest.approx(2.1, abs=0.21)]
    walk = play(("pass", 58_000), ("block", 5000), ("pass", 500), silent=True)
    assert [e["seconds"] for e in events(walk, "stall")] == [pytest.approx(5.0, abs=0.21)]
    assert [(e["cue"]["say"], e["by_s"]) for e in events(walk, "late")] == [
        ("Reverse.", pytest.approx(2.7)), ("Stand tall.", pytest.approx(2.1)),
    ]  # fmt: skip
    walk = play(("pass", 20_000), ("block", 1900), ("pass", 500))
    assert events(walk, "stall") == []


def test_a_page_that_was_blocked_tells_what_sounded_meanwhile_with_its_time(play: Callable[..., Any]) -> None:
    walk = play(("pass", 58_000), ("block", 4000), ("pass", 500))
    late = [e for e in events(walk, "cue") if e["cue"]["say"] == "Reverse."]
    assert [(e["heard"], e["ms"] - e["at_ms"]) for e in late] == [(True, pytest.approx(1700, abs=1))]


def test_the_end_is_silent(play: Callable[..., Any]) -> None:
    walk = play(("pass", 60_350), ("end", None), ("pass", 20_000))
    ended_ms = walk["told"][2]["ms"]
    assert after(walk, "end")["state"] == "done"
    assert not [s for s in walk["sounds"] if s["to"] > ended_ms + 10]

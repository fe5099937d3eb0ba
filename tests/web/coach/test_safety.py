"""Safety: every fact in every state has its answer, and nothing bad ever makes an answer milder."""

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from phone import Phone, phone_at_home
from retropace.guide import guide, guide_json
from retropace.place import Place, Surface, Watcher
from retropace.quantities import Direction, Gait
from retropace.rules import rules_on
from retropace.screening import Limits
from retropace.session import Session, Step
from served import TODAY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RULES = rules_on(TODAY)
GRACE = {
    name: RULES.number(f"coach.{name}") for name in ("spotter_grace", "sound_grace", "hidden_grace", "clock_stall")
}
#: The first of the test session's pieces walks, the second goes backward at 2 m/s: 50 m of room, 25 s.
WALKING, BACKWARD, THEN = 0, 1, 2
START_S = {WALKING: 0.0, BACKWARD: 60.0, THEN: 80.0}
ACTS = ["go", "warn", "walk", "stop"]
#: Where there is nothing to tell: heard, seen, kept awake, a spotter there.
WELL = [("sound", True), ("hidden", False), ("awake", True), ("link", True)]
#: Longitude of one metre at the equator.
METRE = 1 / 111_194.927


def made(*, treadmill: bool = False, clear_m: float | None = 50.0) -> dict[str, object]:
    """The guide of a minute's walk, 20 seconds backward at 2 m/s, twice, and a walk."""
    walk = Step(Gait.WALK, Direction.FORWARD, 60.0)
    back = Step(Gait.RUN, Direction.BACKWARD, 20.0, speed_mps=2.0)
    surface = Surface.TREADMILL if treadmill else Surface.GRASS
    limits = Limits(
        backward_run=True,
        speed_mps=2.0,
        longest_bout_s=60.0,
        glance_every_s=5.0,
        watchers=(Watcher.SPOTTER,),
        start_low=False,
        treadmill_kmh=5.4 if treadmill else None,
        treadmill_run=treadmill,
        clear_run_m=None if treadmill else clear_m,
    )
    here = Place(surface=surface, clear_length_m=None if treadmill else 60.0, watcher=Watcher.SPOTTER)
    return guide_json(guide(Session("Test", (walk, back, walk, back, walk)), limits, here, RULES))


@pytest.fixture(scope="module")
def cases(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """One page for all cases: nothing in it is changed by them."""
    with phone_at_home(browser, tmp_path_factory.mktemp("safety")) as found:
        yield found


PLAY = """
const { begin, note, judge } = await asset("coach-safety.js");
return value.map(({ guide, spotter, facts, state, now_ms }) => {
  let memory = begin(value[0].guide, { spotter });
  for (const [fact, what, at_ms] of facts) memory = note(memory, fact, what, at_ms);
  return judge(memory, state, now_ms);
});
"""


def verdict(
    phone: Phone,
    *facts: tuple[Any, ...],
    piece: int = BACKWARD,
    into_s: float = 10.0,
    status: str = "running",
    spotter: str = "required",
    guide: dict[str, object] | None = None,
    well: bool = True,
) -> dict[str, Any]:
    """The answer, 100 s after the session began, to facts (name, value, seconds ago)."""
    now_ms = 100_000
    told = [(*fact, 0) for fact in WELL] if well else []
    told += [(name, what, now_ms - 1000 * ago) for name, what, ago in facts]
    state = {"piece": piece, "position_s": START_S[piece] + into_s, "status": status}
    case = {"guide": guide or made(), "spotter": spotter, "facts": told, "state": state, "now_ms": now_ms}
    answer: dict[str, Any] = phone.run(PLAY, [case])[0]
    return answer


LOST = [("link", False, "spotter-lost", "spotter_grace"), ("sound", False, "sound", "sound_grace")]
LOST += [("hidden", True, "hidden", "hidden_grace")]


def test_all_well_goes(cases: Phone) -> None:
    for piece in START_S:
        assert verdict(cases, piece=piece) == {"act": "go", "why": None, "warnings": [], "glance": 1}


@pytest.mark.parametrize(("fact", "bad", "why", "grace"), LOST)
def test_what_is_needed_backward_is_lost(cases: Phone, fact: str, bad: bool, why: str, grace: str) -> None:
    grace_s = GRACE[grace]
    before = verdict(cases, (fact, bad, grace_s - 0.1))
    assert (before["act"], before["why"], before["warnings"]) == ("warn", why, [why])
    after = verdict(cases, (fact, bad, grace_s))
    assert (after["act"], after["why"]) == ("stop", why)
    began_without = verdict(cases, (fact, bad, 2.0), into_s=1.9)
    assert (began_without["act"], began_without["why"]) == ("walk", why)
    walking = verdict(cases, (fact, bad, 30.0), piece=WALKING, into_s=20.0)
    assert (walking["act"], walking["warnings"]) == ("warn", [why])
    announced = verdict(cases, (fact, bad, 0.1), piece=WALKING, into_s=51.0)
    assert (announced["act"], announced["why"]) == ("walk", why)
    last = verdict(cases, (fact, bad, 0.1), piece=THEN, into_s=50.0)
    assert last["act"] == "warn"
    assert verdict(cases, (fact, bad, 30.0), (fact, not bad, 0.1))["act"] == "go", "clears when it is over"
    for status in ("idle", "paused"):
        assert verdict(cases, (fact, bad, 30.0), status=status)["act"] == "warn"


def test_what_nobody_vouched_for_is_not_there(cases: Phone) -> None:
    nothing = verdict(cases, well=False)
    assert (nothing["act"], nothing["why"], nothing["warnings"]) == ("stop", "spotter-lost", ["spotter-lost", "sound"])
    assert verdict(cases, ("link", False, 0.1), ("sound", False, 0.1), well=False)["act"] == "stop"
    assert verdict(cases, well=False, piece=WALKING, into_s=55.0)["act"] == "walk"
    assert verdict(cases, well=False, piece=WALKING, into_s=10.0)["act"] == "warn"
    assert verdict(cases, ("sound", True, 1), well=False, spotter="none")["act"] == "go"


def test_who_need_not_look_out_is_missed_but_stops_nobody(cases: Phone) -> None:
    gone = verdict(cases, ("link", False, 60.0), spotter="optional")
    assert gone == {"act": "warn", "why": "spotter-lost", "warnings": ["spotter-lost"], "glance": 2}
    assert verdict(cases, ("link", False, 60.0), spotter="none")["warnings"] == []
    never = [(name, value, 1) for name, value in WELL if name != "link"]
    assert verdict(cases, *never, well=False, spotter="optional")["warnings"] == []


@pytest.mark.parametrize("there", [{"alive": True, "hidden": True}, {"alive": False}, None, "yes", 1])
def test_a_spotter_who_does_not_see_is_lost(cases: Phone, there: object) -> None:
    assert verdict(cases, ("link", there, 5.0))["why"] == "spotter-lost"
    assert verdict(cases, ("link", there, 5.0), ("link", {"alive": True, "hidden": False}, 1.0))["act"] == "go"


def test_looks_come_twice_as_often_while_the_spotter_is_lost(cases: Phone) -> None:
    assert verdict(cases, ("link", False, 0.1))["glance"] == 2
    assert verdict(cases, ("link", False, 0.1), piece=WALKING)["glance"] == 2
    assert verdict(cases, ("sound", False, 0.1))["glance"] == 1


@pytest.mark.parametrize(
    ("fact", "value", "why"), [("shout", True, "spotter"), ("stop", None, "you"), ("stall", 2.1, "clock")]
)
def test_a_stop_stays_until_somebody_goes_on(cases: Phone, fact: str, value: object, why: str) -> None:
    for piece in START_S:
        for status in ("running", "paused", "stopped"):
            answer = verdict(cases, (fact, value, 60.0), piece=piece, status=status)
            assert (answer["act"], answer["why"]) == ("stop", why)
    assert verdict(cases, (fact, value, 60.0), ("went_on", None, 1.0))["act"] == "go"
    assert verdict(cases, ("stop", "room", 5.0))["why"] == "room", "the reason of a stop that was done"


def test_a_clock_that_hardly_stood_still_stops_nobody(cases: Phone) -> None:
    assert verdict(cases, ("stall", GRACE["clock_stall"], 1.0))["act"] == "go"
    assert verdict(cases, ("stall", None, 1.0))["act"] == "stop", "for how long nobody knows"


def test_stopped_stays_stopped_whatever_is_known(cases: Phone) -> None:
    assert verdict(cases, status="stopped") | {"warnings": []} == {
        "act": "stop",
        "why": "you",
        "warnings": [],
        "glance": 1,
    }


@pytest.mark.parametrize(
    ("fact", "value", "why"),
    [
        ("awake", False, "awake"),
        ("position-lost", {}, "gps"),
        ("battery", {"level": 0.09, "charging": False}, "battery"),
    ],
)
def test_what_refuses_nothing_is_told(cases: Phone, fact: str, value: object, why: str) -> None:
    for piece, status in ((WALKING, "idle"), (WALKING, "running"), (BACKWARD, "running"), (BACKWARD, "paused")):
        answer = verdict(cases, (fact, value, 60.0), piece=piece, status=status)
        assert answer == {"act": "warn", "why": why, "warnings": [why], "glance": 1}
    charging = ("battery", {"level": 0.05, "charging": True}, 0.5)
    assert verdict(cases, ("awake", True, 0.5), fix(0.5), charging)["act"] == "go"


def test_a_screen_that_goes_dark_stops_by_being_hidden(cases: Phone) -> None:
    dark = [("awake", False, 4.0), ("hidden", True, 3.5)]
    answer = verdict(cases, *dark)
    assert (answer["act"], answer["why"], answer["warnings"]) == ("stop", "hidden", ["hidden", "awake"])


def test_of_several_the_gravest_counts_and_all_are_told(cases: Phone) -> None:
    battery = ("battery", {"level": 0.01, "charging": False}, 9)
    facts = [battery, ("awake", False, 9), ("sound", False, 9), ("link", False, 9), ("hidden", True, 9)]
    answer = verdict(cases, *facts)
    assert (answer["act"], answer["why"]) == ("stop", "spotter-lost")
    assert answer["warnings"] == ["spotter-lost", "sound", "hidden", "awake", "battery"]
    assert verdict(cases, *facts, ("shout", True, 1), ("stall", 9, 2))["why"] == "spotter"
    walk_and_stop = [("sound", False, 9), *fixes([(ago, 2 * (10 - ago), 2.6) for ago in range(5, -1, -1)])]
    assert verdict(cases, *walk_and_stop)["act"] == "stop"


# -- pace ---------------------------------------------------------------------------------------------------------------


def fix(
    ago: float, east_m: float = 0.0, speed: float = 2.0, accuracy: float = 3.0
) -> tuple[str, dict[str, float], float]:
    where = {"lat": 0.0, "lon": east_m * METRE, "accuracy_m": accuracy, "speed_mps": speed}
    return "position", where, ago


def fixes(rows: list[tuple[float, float, float]], accuracy: float = 3.0) -> list[tuple[str, dict[str, float], float]]:
    """Rows of seconds ago, metres east, m/s."""
    return [fix(*row, accuracy) for row in rows]


UNTOLD = float("nan")


@pytest.mark.parametrize(
    ("rows", "accuracy", "act"),
    [
        ([(ago, 0, 2.4) for ago in (3, 2, 1, 0)], 3, "walk"),  # above 2.0 x 1.15
        ([(ago, 0, 2.2) for ago in (3, 2, 1, 0)], 3, "go"),  # within the margin
        ([(ago, 0, 2.4) for ago in (2, 1, 0)], 3, "go"),  # not for long enough
        ([(4, 0, 2.4), (3, 0, 2.4), (2, 0, 1.9), (1, 0, 2.4), (0, 0, 2.4)], 3, "go"),  # with a break
        ([(ago, 0, 2.4) for ago in (3, 2, 1, 0)], 25, "warn"),  # too inaccurate to say
        ([(ago, 0, 40.0) for ago in (3, 2, 1, 0)], 3, "go"),  # nobody runs so
        ([(15, 0, 3.0), (14, 0, 3.0), (13, 0, 3.0), (12, 0, 3.0), (11, 0, 3.0)], 3, "go"),  # forward, before
        ([(9, 0, 3.0), (8, 0, 3.0), (7, 0, 3.0), (6, 0, 3.0)], 3, "go"),  # of six seconds ago
        ([(9 - k, 4.0 * k, UNTOLD) for k in range(10)], 3, "walk"),  # 36 m in 9 s, by the way
        ([(9 - k, 2.2 * k, UNTOLD) for k in range(10)], 3, "go"),
        ([(9 - k, 30.0 * (k == 5), UNTOLD) for k in range(10)], 3, "go"),  # one slip of 30 m
    ],
)
def test_faster_than_the_limit_walks(
    cases: Phone, rows: list[tuple[float, float, float]], accuracy: float, act: str
) -> None:
    answer = verdict(cases, *fixes(rows, accuracy))
    assert answer["act"] == act
    if act == "walk":
        assert answer["why"] == "speed"
    assert verdict(cases, *fixes(rows, accuracy), piece=THEN)["act"] in ("go", "warn"), "forward there is no such limit"


def test_on_a_treadmill_the_belt_counts(cases: Phone) -> None:
    belt = made(treadmill=True)
    fast = [("belt", {"speed_mps": 1.8}, ago) for ago in (4, 3, 2, 1, 0)]  # 5.4 km/h x 1.15 = 1.725 m/s
    assert verdict(cases, *fast, guide=belt)["why"] == "speed"
    assert verdict(cases, *[(name, {"speed_mps": 1.7}, ago) for name, _, ago in fast], guide=belt)["act"] == "go"
    positions = fixes([(ago, 0, 3.0) for ago in (4, 3, 2, 1, 0)])
    assert verdict(cases, *positions, ("position-lost", {}, 1), guide=belt)["act"] == "go", (
        "satellites say nothing here"
    )


def test_the_clear_stretch_ends(cases: Phone) -> None:
    within = fixes([(15 - k, 3.5 * k, 2.0) for k in range(16)])
    assert verdict(cases, *within, into_s=15)["act"] == "go"  # 52.5 m, but not surely
    farther = fixes([(18 - k, 3.5 * k, 2.0) for k in range(19)])
    end = verdict(cases, *farther, into_s=18)
    assert (end["act"], end["why"]) == ("stop", "room")  # 63 m less what a fix may be off by is beyond 50
    one_slip = fixes([(18 - k, 2.0 * k + 25.0 * (k == 18), 2.0) for k in range(19)])
    assert verdict(cases, *one_slip, into_s=18)["act"] == "go"
    noisy = fixes([(18 - k, 3.5 * k, 2.0) for k in range(19)], accuracy=12.0)
    assert verdict(cases, *noisy, into_s=18)["act"] == "go"  # 63 m give or take 17


def test_without_satellites_time_counts(cases: Phone) -> None:
    lost: tuple[str, Any, float] = ("position-lost", {}, 5.0)
    assert verdict(cases, lost, into_s=24.9)["act"] == "warn"
    assert verdict(cases, lost, into_s=25.4)["why"] == "room"
    assert verdict(cases, into_s=25.4)["act"] == "stop"
    measured = fixes([(18 - k, 3.5 * k, 2.0) for k in range(19)])
    assert verdict(cases, *measured, lost, into_s=18)["act"] == "stop", "what was measured stays measured"


def test_a_pause_on_the_way_gives_no_room_back(cases: Phone) -> None:
    walk, stand = Step(Gait.WALK, Direction.FORWARD, 60.0), Step(Gait.STAND, Direction.NONE, 5.0)
    back = Step(Gait.RUN, Direction.BACKWARD, 12.0, speed_mps=2.0)
    limits = Limits(True, 2.0, 60.0, 5.0, (Watcher.NOBODY,), False, None, False, 50.0)
    here = Place(surface=Surface.GRASS, clear_length_m=60.0, watcher=Watcher.NOBODY)
    told = guide_json(guide(Session("Test", (walk, back, stand, back, walk)), limits, here, RULES))
    state = {"piece": 3, "position_s": 87.0, "status": "running"}
    sure = [("sound", True, 0)]
    ran = [(*fix(0, 2.9 * k)[:2], 60_000 + 1000 * k) for k in range(28)]
    case = {"guide": told, "spotter": "none", "facts": [*sure, *ran], "state": state, "now_ms": 87_000}
    assert cases.run(PLAY, [case])[0]["why"] == "room"
    # Seen for the last ten seconds only: 29 m less what a fix may be off by, and 24 m that were asked for before.
    alone = [one for one in ran if one[2] >= 77_000]
    assert cases.run(PLAY, [case | {"facts": [*sure, *alone]}])[0]["act"] == "go"


def test_what_was_given_up_is_not_taken_up_again(cases: Phone) -> None:
    given = ("walk", {"piece": BACKWARD, "why": "speed"}, 5.0)
    assert verdict(cases, given) | {"warnings": []} == {"act": "walk", "why": "speed", "warnings": [], "glance": 1}
    assert verdict(cases, given, piece=THEN)["act"] == "go"


def test_a_fact_nobody_knows_is_a_mistake(cases: Phone) -> None:
    with pytest.raises(Exception, match="There is no fact sond"):
        verdict(cases, ("sond", True, 0))


def test_before_a_session_that_begins_backward_nothing_is_begun_without_a_spotter(cases: Phone) -> None:
    told = made()
    first = dict(told, pieces=told["pieces"][1:])  # type: ignore[index]
    for piece in (-1, 0, None):
        state = {"piece": piece, "position_s": 57.0, "status": "running"}
        case = {"guide": first, "spotter": "required", "facts": [("sound", True, 0)], "state": state, "now_ms": 9000}
        assert cases.run(PLAY, [case])[0]["act"] == "walk"


# -- anything that can happen -------------------------------------------------------------------------------------------

BAD: list[tuple[str, Any]] = [
    ("link", False),
    ("sound", False),
    ("hidden", True),
    ("awake", False),
    ("position-lost", {}),
]
BAD += [("battery", {"level": 0.05, "charging": False}), ("stall", 3.0), ("shout", True), ("stop", None)]
BAD += [("walk", {"piece": BACKWARD, "why": "speed"})]

WALK_ON = """
const { begin, note, judge, ACTS } = await asset("coach-safety.js");
const { guide, walks, bad } = value, rules = guide.rules;
const grave = (verdict) => ACTS.indexOf(verdict.act);
return walks.map(({ spotter, steps }, walk) => {
  let memory = begin(guide, { spotter }), now_ms = 0, position_s = 0, status = "running", stopped = false;
  const since = { link: 0, sound: 0 }, ok = { link: false, sound: false }, broken = [];
  for (const [wait_ms, fact, what, person] of steps) {
    now_ms += wait_ms;
    if (status === "running") position_s += wait_ms / 1000;
    if (fact in ok && ok[fact] !== what) [ok[fact], since[fact]] = [what, now_ms];
    if (fact) memory = note(memory, fact, what, now_ms);
    if (person && stopped) { stopped = false; status = "running"; memory = note(memory, "went_on", null, now_ms); }
    const piece = guide.pieces.findLastIndex((one) => one.start_s <= position_s);
    const state = { piece, position_s, status }, verdict = judge(memory, state, now_ms);
    const back = guide.pieces[piece].state === "reverse", lost = (name) => !ok[name] && (now_ms - since[name]) / 1000;
    const breaks = (rule) => broken.push([walk, now_ms, rule, state, verdict]);
    if (stopped && verdict.act !== "stop") breaks("went on by itself");
    const goes = back && verdict.act !== "stop";
    if (goes && spotter === "required" && lost("link") >= rules.spotter_grace) breaks("no spotter");
    if (goes && lost("sound") >= rules.sound_grace) breaks("no sound");
    for (const [worse, how] of bad) {
      const after = judge(note(memory, worse, how, now_ms), state, now_ms);
      if (grave(after) < grave(verdict) || after.glance < verdict.glance) breaks(`milder by ${worse}`);
      if (verdict.warnings.some((key) => !after.warnings.includes(key))) breaks(`silent by ${worse}`);
    }
    if (verdict.act === "stop" && !stopped) {
      stopped = true;
      status = "stopped";
      memory = note(memory, "stop", verdict.why, now_ms);
    }
  }
  return broken;
}).flat();
"""


def any_walk(rng: random.Random) -> dict[str, Any]:
    """Anything happening, one fact after another, over about a session."""
    steps = []
    east_m = 0.0
    for _ in range(150):
        kind = rng.random()
        east_m += rng.choice([0.0, 1.5, 2.5, 4.0])
        at = {"lat": 0.0, "lon": east_m * METRE, "accuracy_m": rng.choice([3, 8, 30, None])}
        happens: tuple[str | None, Any] = rng.choice(
            [
                ("link", rng.random() < 0.7),
                ("sound", rng.random() < 0.7),
                ("hidden", rng.random() < 0.3),
                ("awake", rng.random() < 0.7),
                ("battery", {"level": rng.random() / 5, "charging": rng.random() < 0.5}),
                ("stall", rng.choice([0.1, 2.5])) if rng.random() < 0.1 else (None, None),
                ("shout", True) if rng.random() < 0.1 else (None, None),
                ("position-lost", {}),
                *[("position", at | {"speed_mps": rng.choice([None, 1.0, 2.6, 50.0])})] * 5,
            ]
        )
        fact, what = happens if kind < 0.9 else (None, None)
        steps.append([rng.choice([50, 200, 1000, 2500]), fact, what, rng.random() < 0.2])
    return {"spotter": rng.choice(["required", "required", "optional", "none"]), "steps": steps}


def test_whatever_happens(cases: Phone) -> None:
    """Never on by itself after a stop, never backward without a spotter or sound, nothing bad is ever soothing."""
    rng = random.Random(5)
    walks = [any_walk(rng) for _ in range(60)]
    assert cases.run(WALK_ON, {"guide": made(), "walks": walks, "bad": BAD}) == []

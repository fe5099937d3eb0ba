"""Treadmill: told nothing without an opt-in, never started, never above the limit, and always stopped."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_gatt import BEGIN, GATT
from phone import Phone, phone_at_home

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def phone(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """One page for all: each test makes its own devices."""
    with phone_at_home(browser, tmp_path_factory.mktemp("treadmill")) as found:
        found.page.evaluate(GATT)
        yield found


MILL = (
    BEGIN
    + """
const safety = { treadmill_kmh: 5.5, speed_mps: 2 };
const mill = gatt.mill(value?.more ?? {}), made = begin([mill], { safety: { ...safety, ...value?.safety } });
await made.pair();
const point = mill.at(0x1826, 0x2ad9), { treadmill } = made, refused = [];
treadmill.answer_ms = 60;
treadmill.addEventListener("refused", ({ detail }) => refused.push([detail.what, detail.why]));
const belt = (kmh) => mill.at(0x1826, 0x2acd).notify([0, 0, Math.round(kmh * 100) & 255, Math.round(kmh * 100) >> 8]);
const set = (kmh) => [2, Math.round(kmh * 100) & 255, Math.round(kmh * 100) >> 8];
"""
)
CONTROL, STOP, PAUSE = [0], [8, 1], [8, 2]


def kmh_of(written: list[list[int]]) -> list[float]:
    """The speeds among commands."""
    return [(low + 256 * high) / 100 for code, low, high in (one for one in written if one[0] == 2)]


def test_without_an_opt_in_a_treadmill_is_only_heard_and_stopped(phone: Phone) -> None:
    answer = phone.run(
        MILL
        + """
      belt(3);
      const speed = await treadmill.speed(4), before = [...point.written];
      const [stopped] = await made.stop();
      return { speed, before, stopped, after: point.written, refused, heard: senses.heard[0][1].speed_mps };
    """
    )
    assert answer["speed"] == {"done": False, "why": "not_allowed", "kmh": None}
    assert answer["before"] == []
    assert answer["stopped"]["done"]
    assert answer["after"] == [CONTROL, STOP]
    assert answer["refused"] == [["speed", "not_allowed"]]
    assert answer["heard"] == pytest.approx(3 / 3.6)


def test_a_belt_that_moves_goes_as_fast_as_it_may(phone: Phone) -> None:
    answer = phone.run(
        MILL
        + """
      const given = await treadmill.allow(true);
      belt(3);
      const answers = [];
      for (const kmh of [4, 4.57, 5.5, 9, 0.5, 0, -1, NaN, Infinity]) answers.push(await treadmill.speed(kmh));
      const { highest_kmh } = treadmill, { written } = point;
      return { given: given.done, told: answers.map(({ why, kmh }) => [why, kmh]), written, highest_kmh };
    """
    )
    assert answer["given"]
    slow = ["too_slow", None]
    assert answer["told"] == [[None, 4], [None, 4.5], [None, 5.5], [None, 5.5], slow, slow, slow, slow, slow]
    assert kmh_of(answer["written"]) == [4.0, 4.5, 5.5, 5.5]
    assert answer["highest_kmh"] == 5.5


@pytest.mark.parametrize(
    ("belts", "why"),
    [("", "unknown"), ("belt(0);", "stands"), ("belt(3); belt(0);", "stands"), ("belt(3); status(2);", "stands")],
)
def test_a_belt_that_stands_is_never_started(phone: Phone, belts: str, why: str) -> None:
    answer = phone.run(
        MILL
        + f"""
      const status = (code) => mill.at(0x1826, 0x2ada).notify([code, 1]);
      await treadmill.allow(true);
      {belts}
      return [await treadmill.speed(3), point.written];
    """
    )
    assert answer == [{"done": False, "why": why, "kmh": None}, [CONTROL]]


def test_an_old_speed_says_nothing(phone: Phone) -> None:
    answer = phone.run(
        MILL
        + """
      let ahead = 0;
      treadmill.now = () => performance.now() + ahead;
      await treadmill.allow(true);
      belt(3);
      ahead = 3100;
      return (await treadmill.speed(3)).why;
    """
    )
    assert answer == "unknown"


@pytest.mark.parametrize(
    "value",
    [
        {"safety": {"treadmill_kmh": None}},
        {"more": {str(0x2AD4): []}},
        {"more": {str(0x2ACC): [0, 0, 0, 0, 2, 0, 0, 0]}},
    ],
)
def test_without_a_limit_no_speed_is_told(phone: Phone, value: dict[str, Any]) -> None:
    found = phone.run(
        MILL + "await treadmill.allow(true); belt(3); return [await treadmill.speed(1), point.written]", value
    )
    assert found == [{"done": False, "why": "no_limit", "kmh": None}, [CONTROL]]


def test_a_stop_goes_before_all_else(phone: Phone) -> None:
    answer = phone.run(
        MILL
        + """
      await treadmill.allow(true);
      belt(3);
      point.answer = ([command]) => (command === 2 ? null : 1); // speeds are never answered
      treadmill.answer_ms = 3000;
      const waiting = [treadmill.speed(3.5), treadmill.speed(3.6), treadmill.speed(3.7)], began = performance.now();
      await wait(20);
      const [stopped] = await made.stop(), took = performance.now() - began;
      const given_way = (await Promise.all(waiting)).map(({ why }) => why);
      return { stopped: stopped.done, quick: took < 1000, given_way, written: point.written, refused };
    """
    )
    assert answer["stopped"]
    assert answer["quick"]
    assert answer["given_way"] == ["superseded"] * 3
    assert answer["written"] == [CONTROL, [2, 350 & 255, 350 >> 8], STOP]
    assert answer["refused"] == []


def test_after_a_stop_only_a_hand_starts_again(phone: Phone) -> None:
    answer = phone.run(
        MILL
        + """
      await treadmill.allow(true);
      belt(4);
      await made.pause();
      const why = [];
      for (const kmh of [3.5, 2, 0.5, 0, 1]) { belt(kmh); why.push((await treadmill.speed(3)).why); }
      return { why, written: point.written };
    """
    )
    assert answer["why"] == ["stopped", "stopped", "stopped", "stopped", None]
    assert answer["written"] == [CONTROL, PAUSE, [2, 300 & 255, 300 >> 8]]


def test_a_treadmill_that_does_not_stop_is_told_of(phone: Phone) -> None:
    silent, denied, taken, broken = (
        phone.run(MILL + how + "const [one] = await made.stop(); return [one.done, refused, point.written]")
        for how in (
            "point.answer = () => null;",
            "point.answer = () => 4;",
            "await treadmill.allow(true); let n = 0; point.answer = ([code]) => (code === 8 && !n++ ? 5 : 1);",
            "point.fails = 99;",
        )
    )
    assert silent[:2] == [False, [["stop", "no_answer"]]]
    assert denied[:2] == [False, [["stop", "refused"]]]
    assert denied[2] == [CONTROL, STOP, CONTROL, STOP]
    assert taken == [True, [], [CONTROL, STOP, CONTROL, STOP]]
    assert broken[:2] == [False, [["stop", "refused"]]]


def test_one_write_at_a_time(phone: Phone) -> None:
    answer = phone.run(
        MILL
        + """
      await treadmill.allow(true);
      belt(3);
      point.hangs = true;
      const slow = treadmill.speed(3.5);
      await wait(5);
      point.hangs = false;
      const stop = made.stop();
      await wait(5);
      const during = point.written.length;
      point.unhang();
      return { during, slow: (await slow).why, stopped: (await stop)[0].done, written: point.written.length };
    """
    )
    assert answer == {"during": 2, "slow": "superseded", "stopped": True, "written": 3}


def test_control_is_asked_for_again_after_the_link_broke(phone: Phone) -> None:
    answer = phone.run(
        MILL
        + """
      await treadmill.allow(true);
      mill.drop();
      await soon(() => told.length === 3);
      const before = await treadmill.speed(3);
      belt(3);
      return [before.why, (await treadmill.speed(3)).done, point.written.map(([command]) => command)];
    """
    )
    assert answer == ["unknown", True, [0, 0, 2]]


def test_a_treadmill_without_a_control_point_is_heard(phone: Phone) -> None:
    answer = phone.run(
        BEGIN
        + """
      const mill = new gatt.Device("mill", { 0x1826: { 0x2acd: null } }), made = begin([mill]), link = await made.pair();
      mill.at(0x1826, 0x2acd).notify([0, 0, 44, 1]);
      return [link.kinds, made.treadmill, await made.stop(), senses.heard.length];
    """
    )
    assert answer == [["belt"], None, [], 1]


ANYTHING = (
    MILL
    + """
const checked = [];
let moving = false;
const doing = {
  allow: (kmh) => treadmill.allow(kmh > 0),
  belt: (kmh) => { belt(kmh); moving = kmh > 0; },
  stop: () => made.stop(),
  pause: () => made.pause(),
  speed: async (kmh) => {
    const before = point.written.length, { done } = await treadmill.speed(kmh);
    checked.push([moving, treadmill.allowed, done, point.written.slice(before)]);
  },
};
for (const [what, kmh] of value.steps) await doing[what](kmh);
return checked;
"""
)

COMMANDS = st.sampled_from(["allow", "belt", "belt", "speed", "speed", "stop", "pause"])


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(COMMANDS, st.sampled_from([0.0, 0.5, 2.0, 5.4, 5.5, 7.0, 20.0])), max_size=30))
def test_whatever_is_asked_it_is_never_started_nor_too_fast(phone: Phone, steps: list[tuple[str, float]]) -> None:
    for moving, allowed, done, written in phone.run(ANYTHING, {"steps": steps}):
        speeds = kmh_of(written)
        assert not speeds or (moving and allowed)
        assert all(0.8 <= kmh <= 5.5 for kmh in speeds)
        assert done == bool(speeds)
        assert all(code in (0, 2) for code, *_ in written), json.dumps(written)

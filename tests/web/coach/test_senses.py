"""Senses: what an emulated phone feels arrives as it was, and what it does not feel is told."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from phone import Phone, phone_in
from raw_chromium import raw_chromium
from retropace.web.assets import address

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LISTEN = """
const { Senses, KINDS } = await asset("coach-senses.js");
const senses = self.senses = new Senses();
self.heard = [];
for (const kind of KINDS) senses.addEventListener(kind, ({ detail }) => self.heard.push([kind, detail]));
senses.start(value ?? {});
"""
G = 9.80665
#: Upright, the screen to the runner: beta 90 degrees.
UPRIGHT = (math.sin(math.pi / 4), 0.0, 0.0, math.cos(math.pi / 4))


@pytest.fixture
def phone(whole_browser: "Browser", served: str) -> Iterator[Phone]:
    """A phone whose sensors are its own: what was set before it is not felt."""
    with phone_in(whole_browser, served) as made:
        made.permit("geolocation", "granted")
        yield made
        for kind in (
            "accelerometer",
            "linear-acceleration",
            "gyroscope",
            "relative-orientation",
            "absolute-orientation",
        ):
            made.cdp.send("Emulation.setSensorOverrideEnabled", {"enabled": False, "type": kind})


def heard(phone: Phone, kind: str) -> list[dict[str, Any]]:
    """The details of every event of a kind so far."""
    return [detail for name, detail in phone.run("return self.heard") if name == kind]


def soon(phone: Phone, found: Callable[[], bool], patience_s: float = 5.0) -> bool:
    """Whether it comes true."""
    for _ in range(int(patience_s / 0.05)):
        if found():
            return True
        phone.wait(0.05)
    return found()


def test_motion_at_the_phones_own_rate_and_as_it_was(phone: Phone) -> None:
    phone.wear()
    phone.run(LISTEN)
    phone.move((0.04, G, -1.26), (0.34, -0.06, 1.0), (1.0, -0.5, 0.0))
    assert soon(phone, lambda: len(heard(phone, "motion")) > 60)
    felt = heard(phone, "motion")[10:]
    last = felt[-1]
    assert [last[axis] for axis in ("gx", "gy", "gz")] == pytest.approx(
        [0.0, 9.8, -1.3], abs=0.051
    )  # rounded by Chrome
    assert [last[axis] for axis in ("ax", "ay", "az")] == pytest.approx([0.3, -0.1, 1.0], abs=0.051)
    assert [last[axis] for axis in ("ra", "rb", "rg")] == pytest.approx([57.3, -28.6, 0.0], abs=0.1)
    steps = sorted(after["at_ms"] - before["at_ms"] for before, after in pairwise(felt))
    assert steps[len(steps) // 2] == pytest.approx(1000 / 60, abs=3)
    assert abs(last["at_ms"] - phone.run("return Date.now()")) < 2000
    phone.run("self.senses.stop(); self.heard.length = 0")
    phone.wait(0.2)
    assert heard(phone, "motion") == []


def test_nothing_is_made_up(phone: Phone) -> None:
    told = phone.run("""
      const { motionOf, orientationOf } = await asset("coach-senses.js");
      const motion = (init) => motionOf(new DeviceMotionEvent("devicemotion", init));
      const turned = (init) => orientationOf(Object.assign(new Event("deviceorientation"), init));
      return [
        motion({}), motion({ acceleration: { x: 0 }, interval: 0.0166 }), turned({}),
        turned({ alpha: 10, beta: 0, gamma: -0, webkitCompassHeading: 123, webkitCompassAccuracy: 15 }),
        turned({ alpha: 10, beta: 0, gamma: 0, webkitCompassHeading: 123, webkitCompassAccuracy: -1 }),
        turned({ alpha: 0, beta: 5, gamma: 0, absolute: true }),
      ];
    """)
    empty, zero, no_turn, iphone, lost, north = told
    assert empty is None
    assert no_turn is None
    assert zero["ax"] == 0
    assert all(math.isnan(zero[axis]) for axis in ("ay", "az", "gx", "gy", "gz", "ra", "rb", "rg"))
    assert zero["interval_ms"] == pytest.approx(16.6)
    assert (iphone["compass"], iphone["compass_accuracy"], iphone["absolute"]) == (123, 15, False)
    assert math.isnan(lost["compass"])
    assert (lost["compass_accuracy"], lost["alpha"]) == (-1, 10)
    assert (north["compass"], north["absolute"]) == (0, True)


def test_orientation_against_north_where_there_is_one(phone: Phone) -> None:
    phone.wear()
    phone.run(LISTEN)
    for degrees in range(0, 40, 2):
        half = math.radians(degrees) / 2
        phone.turn("relative-orientation", (0.0, 0.0, math.sin(half), math.cos(half)))
        phone.turn("absolute-orientation", (0.0, 0.0, math.sin(half), math.cos(half)))
        phone.wait(0.02)
    assert soon(phone, lambda: len(heard(phone, "orientation")) > 5)
    told = heard(phone, "orientation")
    north = next(k for k, one in enumerate(told) if one["absolute"])
    assert all(one["absolute"] for one in told[north:]), "the two kinds are never mixed"
    assert told[-1]["compass"] == pytest.approx((360 - told[-1]["alpha"]) % 360)


def test_standing_still_tells_gravity_and_its_sign(phone: Phone) -> None:
    phone.wear()
    phone.turn("relative-orientation", UPRIGHT)
    phone.turn("absolute-orientation", UPRIGHT)
    phone.run(LISTEN)
    phone.move((0.0, G, 0.0))
    still = phone.run("return self.senses.still(1)")
    assert (still["sign"], still["ok"]) == (1, True)
    assert still["g"] == pytest.approx(9.8, abs=0.05)
    phone.move((0.0, -G, 0.0))  # as an iPhone has it
    phone.wait(0.2)
    assert phone.run("return self.senses.still(1)")["sign"] == -1


STILL = "const { stillness } = await asset('coach-senses.js'); return stillness(value.motions, value.held)"


def test_no_sign_is_guessed(phone: Phone) -> None:
    upright = {"beta": 90.0, "gamma": 0.0}
    rest = [{"gx": 0.0, "gy": G, "gz": 0.0}] * 60
    assert phone.run(STILL, {"motions": rest, "held": upright})["ok"]
    for motions, held in (
        (rest, None),
        (rest[:10], upright),
        ([], upright),
        ([{"gx": 0.0, "gy": G + (3 if k % 2 else -3), "gz": 0.0} for k in range(60)], upright),  # walking
        ([{"gx": 0.0, "gy": 12.0, "gz": 0.0}] * 60, upright),  # no gravity of this Earth
        ([{"gx": math.nan, "gy": math.nan, "gz": math.nan}] * 60, upright),
        (rest, {"beta": 0.0, "gamma": 0.0}),  # the two do not belong together
    ):
        assert not phone.run(STILL, {"motions": motions, "held": held})["ok"]


def test_positions_come_once_each_and_loss_is_told(phone: Phone) -> None:
    phone.run(LISTEN)
    where = {"latitude": 50.0, "accuracy": 4, "speed": 2.25, "heading": 90, "altitude": 120, "altitudeAccuracy": 8}
    for k in range(10):
        phone.stand_at(**where, longitude=8 + k * 1e-5)
        assert soon(phone, lambda: any(one["lon"] == 8 + k * 1e-5 for one in heard(phone, "position")))  # noqa: B023
    told = heard(phone, "position")
    assert [one["lon"] for one in told] == [8 + k * 1e-5 for k in range(10)]
    last = told[-1]
    assert (last["lat"], last["accuracy_m"], last["altitude_m"], last["altitude_accuracy_m"]) == (50.0, 4, 120, 8)
    assert (last["speed_mps"], last["heading_deg"]) == (2.25, 90)
    before = len(heard(phone, "position-lost"))
    phone.stand_at()
    assert soon(phone, lambda: len(heard(phone, "position-lost")) == before + 1)
    assert heard(phone, "position-lost")[-1]["why"] == "unavailable"
    phone.stand_at(latitude=50.0, longitude=8.1, accuracy=4)
    assert soon(phone, lambda: heard(phone, "position")[-1]["lon"] == 8.1)
    assert math.isnan(heard(phone, "position")[-1]["speed_mps"]), "no speed is no standstill"


def test_a_watch_that_nobody_wants_is_not_begun(phone: Phone) -> None:
    phone.stand_at(latitude=50.0, longitude=8.0, accuracy=4)
    phone.run(LISTEN, {"position": False})
    phone.wait(0.4)
    assert heard(phone, "position") == heard(phone, "position-lost") == []


ASK = "const { Senses } = await asset('coach-senses.js'); return new Senses().ask()"


def test_permissions(phone: Phone) -> None:
    assert phone.run(ASK) == {"motion": "absent", "orientation": "absent", "position": "granted"}
    phone.wear()
    phone.move((0.0, G, 0.0))
    phone.turn("relative-orientation", UPRIGHT)
    assert phone.run(ASK) == {"motion": "granted", "orientation": "granted", "position": "granted"}
    phone.permit("geolocation", "denied")
    assert phone.run(ASK)["position"] == "denied"
    phone.run(LISTEN)
    assert soon(phone, lambda: bool(heard(phone, "position-lost")))
    assert heard(phone, "position-lost")[0]["why"] == "denied"


def test_questions_are_asked_inside_the_tap_and_a_no_is_a_no(phone: Phone) -> None:
    told = phone.run("""
      const { Senses } = await asset("coach-senses.js");
      const asked = [];
      const answers = (name, answer) => () => { asked.push(name); return answer; };
      DeviceMotionEvent.requestPermission = answers("motion", Promise.resolve("denied"));
      DeviceOrientationEvent.requestPermission = answers("orientation", Promise.reject(new Error("no tap")));
      navigator.geolocation.getCurrentPosition = (found) => { asked.push("position"); found(); };
      const answer = new Senses().ask();
      const at_once = [...asked];
      return [at_once, await answer];
    """)
    assert told == [
        ["motion", "orientation", "position"],
        {"motion": "denied", "orientation": "denied", "position": "granted"},
    ]


def test_what_the_browser_has(phone: Phone) -> None:
    able = phone.run("return (await asset('coach-senses.js')).Senses.able()")
    assert set(able) == {"motion", "orientation", "position", "wakelock", "vibrate", "bluetooth", "persist", "secure"}
    assert able["secure"]
    assert able["motion"]


def test_battery_and_net(phone: Phone) -> None:
    phone.run("""
      const battery = self.battery = Object.assign(new EventTarget(), { level: 0.5, charging: false });
      navigator.getBattery = async () => battery;
    """)
    phone.run(LISTEN)
    phone.run("self.battery.level = 0.08; self.battery.dispatchEvent(new Event('levelchange'))")
    levels = [(one["level"], one["charging"]) for one in heard(phone, "battery")]
    assert levels == [(0.5, False), (0.08, False)]
    phone.page.context.set_offline(True)
    assert soon(phone, lambda: [one["online"] for one in heard(phone, "online")] == [True, False])
    phone.page.context.set_offline(False)
    assert soon(phone, lambda: heard(phone, "online")[-1]["online"])


def test_samples_from_elsewhere_are_told_on(phone: Phone) -> None:
    phone.run(LISTEN, {"position": False})
    phone.run("self.senses.feel('heart', { bpm: 151, rr_ms: [398] })")
    beat = heard(phone, "heart")[0]
    assert (beat["bpm"], beat["rr_ms"]) == (151, [398])
    assert abs(beat["at_ms"] - phone.run("return Date.now()")) < 2000
    with pytest.raises(Exception, match="Nothing is felt as hart"):
        phone.run("self.senses.feel('hart', {})")


def test_a_page_really_out_of_sight_says_so(served: str, tmp_path: Path) -> None:
    listen = """import(ADDRESS).then(({ Senses }) => {
      self.heard = [];
      const senses = new Senses();
      senses.addEventListener("hidden", ({ detail }) => heard.push(detail.hidden));
      senses.start({ position: false });
    })""".replace("ADDRESS", repr(address("coach-senses.js")))
    with raw_chromium(tmp_path) as browser:
        page = browser.page(served + "/evidence")
        page.evaluate(listen)
        front = browser.page()
        page.show()
        front.close()
        page.minimize()
        page.restore()
        assert page.evaluate("heard") == [False, True, False, True, False]

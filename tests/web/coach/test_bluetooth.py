"""Bluetooth: links that break and come back, choices that fail, and a browser's own devices."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from emulated_gatt import KEEP, Peripheral
from fake_gatt import BEGIN, GATT
from phone import Phone, phone_at_home, phone_in
from web.conftest import FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType


@pytest.fixture(scope="module")
def phone(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """One page for all: each test makes its own devices."""
    with phone_at_home(browser, tmp_path_factory.mktemp("bluetooth")) as found:
        found.page.evaluate(GATT)
        yield found


def test_a_strap_is_heard(phone: Phone) -> None:
    answer = phone.run(
        BEGIN
        + """
      const strap = gatt.strap(), made = begin([strap]), link = await made.pair();
      strap.at(0x180d, 0x2a37).notify([0x10, 72, 0x2c, 0x03]);
      strap.at(0x180d, 0x2a37).notify([0x10]);
      strap.at(0x180d, 0x2a37).notify([]);
      const asked = made.bluetooth.asked[0], { dropped, devices } = made;
      return { link, heard: senses.heard, dropped, asked, devices, now: Date.now() };
    """
    )
    assert answer["link"] == {"id": "strap", "name": "strap", "kinds": ["heart"], "connected": True}
    assert answer["devices"] == [answer["link"]]
    [[kind, beat]] = answer["heard"]
    assert (kind, beat["bpm"]) == ("heart", 72)
    assert abs(beat["at_ms"] - answer["now"]) < 1000
    assert answer["dropped"] == {"heart": 2, "pod": 0, "belt": 0}
    assert [one["services"] for one in answer["asked"]["filters"]] == [[0x180D], [0x1814], [0x1826]]


def test_a_link_that_breaks_comes_back_and_is_heard_once(phone: Phone) -> None:
    answer = phone.run(
        BEGIN
        + """
      const strap = gatt.strap(), made = begin([strap]);
      await made.pair();
      strap.refuses = 3;
      strap.drop();
      const back = await soon(() => told.length === 3);
      strap.at(0x180d, 0x2a37).notify([0, 80]);
      const { connections } = strap, { notifying } = strap.at(0x180d, 0x2a37);
      made.close();
      await wait(60);
      return { back, told, connections, after: strap.connections, heard: senses.heard.length, notifying };
    """
    )
    told = [True, False, True, False]
    assert answer == {"back": True, "told": told, "connections": 5, "after": 5, "heard": 1, "notifying": 2}


@pytest.mark.parametrize(
    ("devices", "why"),
    [
        ("[]", "cancelled"),
        ("[new gatt.Device('lamp', { 0x1812: {} })]", "nothing"),
        ("[Object.assign(gatt.strap(), { refuses: 1 })]", "failed"),
    ],
)
def test_what_cannot_be_chosen_is_told(phone: Phone, devices: str, why: str) -> None:
    answer = phone.run(
        BEGIN
        + f"""
      const made = begin({devices}), why = await made.pair().then(() => null, (error) => error.why);
      await wait(30);
      return {{ why, devices: made.devices }};
    """
    )
    assert answer == {"why": why, "devices": []}


def test_where_there_is_no_bluetooth_that_is_told(phone: Phone) -> None:
    assert phone.run(BEGIN + "return begin([], { bluetooth: null }).pair().catch((error) => error.why)") == "absent"


def test_a_pod_counts_one_foot_or_both(phone: Phone) -> None:
    answer = phone.run(
        BEGIN
        + """
      const pod = gatt.pod(), made = begin([pod]);
      await made.pair();
      for (const contacts of [85, 170, 110]) pod.at(0x1814, 0x2a53).notify([4, 0, 2, contacts]);
      return senses.heard.map(([, detail]) => [detail.contacts_pm, detail.cadence_spm, detail.speed_mps, detail.running]);
    """
    )
    assert answer == [[85, 170, 2, True], [170, 170, 2, True], [110, 110, 2, True]]


# -- the browser's own devices: what is real is everything but the radio ----------------------------------------------------


@pytest.fixture
def radio(chromium: "BrowserType", served: str) -> Iterator[Phone]:
    """A phone whose browser has Bluetooth: on Linux it must be asked for."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    made = chromium.launch(executable_path=program, args=[*FLAGS, "--enable-features=WebBluetooth"])
    with phone_in(made, served) as found:
        yield found
    made.close()


PAIR = (
    KEEP
    + """
const { Bluetooth } = await asset("coach-bluetooth.js");
self.heard = [];
const senses = { feel: (kind, detail) => self.heard.push([kind, detail]) };
self.radio = new Bluetooth(senses, { safety: { treadmill_kmh: 5.5, speed_mps: 2 }, again_ms: [50] });
document.addEventListener("click", () => { self.paired = self.radio.pair().catch((error) => error.why); }, { once: true });
"""
)


def pair(radio: Phone) -> object:
    """Choose it by a tap, as a browser wants it."""
    radio.run(PAIR)
    radio.page.mouse.click(5, 5)
    radio.wait(0.5)
    told: object = radio.run("return self.paired")
    return told


def told(radio: Phone, number: str) -> None:
    """Have a characteristic tell its frame."""
    radio.run("await chars[value].readValue()", number)


def test_a_strap_and_a_mill_of_the_browsers_own(radio: Phone) -> None:
    mill = {0x2ACD: b"\0\0\x2c\1", 0x2ACC: b"\0\0\0\0\1\0\0\0", 0x2AD4: b"\x50\0\xb0\4\x0a\0", 0x2AD9: b"\x80\x08\1"}
    made = Peripheral(radio, {0x180D: {0x2A37: b"\x10\x48\x2c\3"}, 0x1826: mill})
    assert pair(radio) | {"id": ""} == {"id": "", "name": "One", "kinds": ["heart", "belt"], "connected": True}  # type: ignore[operator]
    told(radio, "2a37")
    told(radio, "2acd")
    heard = radio.run("return self.heard")
    assert [(kind, one.get("bpm"), one.get("distance_m") is None) for kind, one in heard] == [
        ("heart", 72, True),
        ("belt", None, False),
    ]
    # Its answers cannot be told from outside: read until it has them.
    radio.run("self.stopped = self.radio.stop()")
    made.frames[0x2AD9] = b"\x80\x00\1"
    radio.wait(0.3)
    told(radio, "2ad9")
    made.frames[0x2AD9] = b"\x80\x08\1"
    radio.wait(0.3)
    told(radio, "2ad9")
    assert radio.run("return (await self.stopped)[0].done")
    assert made.written == [(0x2AD9, b"\0"), (0x2AD9, b"\x08\1")]


def test_out_of_reach_and_back(radio: Phone) -> None:
    made = Peripheral(radio, {0x1814: {0x2A53: b"\4\0\2\x55"}})
    pair(radio)
    made.disconnect()
    radio.wait(1)
    assert radio.run("return self.radio.devices.map(({ kinds, connected }) => [kinds, connected])") == [[["pod"], True]]
    told(radio, "2a53")
    assert radio.run("return self.heard.map(([kind, { cadence_spm }]) => [kind, cadence_spm])") == [["pod", 170]]

"""Frames of straps, pods and treadmills: as published, made at random, cut short, and no frames at all."""

import math
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phone import Phone, phone_at_home

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def phone(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """One page for all: nothing in it is changed."""
    with phone_at_home(browser, tmp_path_factory.mktemp("frames")) as found:
        yield found


READ = """
const frames = await asset("coach-frames.js");
return value.frames.map((bytes) => frames[value.parser](new DataView(Uint8Array.from(bytes).buffer)));
"""


def read(phone: Phone, parser: str, *frames: bytes) -> list[Any]:
    """What a parser makes of frames."""
    found: list[Any] = phone.run(READ, {"parser": parser, "frames": [list(frame) for frame in frames]})
    return found


def plain(told: dict[str, Any]) -> dict[str, Any]:
    """With None for what is not known."""
    return {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in told.items()}


# -- frames ---------------------------------------------------------------------------------------------------------------


def test_heart_rates_as_published(phone: Phone) -> None:
    """Frames of a Polar H10 and H7 that their owners asked about in public (stackoverflow.com/q/50477232 and 17422218)."""
    h10, two, h7 = read(
        phone, "heartOf", bytes.fromhex("10482c03"), bytes.fromhex("10495e039603"), bytes([22, 77, 22, 3])
    )
    assert (h10["bpm"], h10["contact"], h10["rr_ms"]) == (72, None, [pytest.approx(792.97, abs=0.01)])
    assert (two["bpm"], two["rr_ms"]) == (73, pytest.approx([841.80, 896.48], abs=0.01))
    assert (h7["bpm"], h7["contact"], h7["rr_ms"]) == (77, True, [pytest.approx(771.48, abs=0.01)])


def test_a_pod_as_published(phone: Phone) -> None:
    """The frame of OpenTracks' own test of its reader (BluetoothHandlerRunningSpeedAndCadenceTest)."""
    told = plain(read(phone, "podOf", bytes([2, 0, 5, 80, 0xFF, 0xFF, 0, 1]))[0])
    assert told == {
        "speed_mps": 5,
        "contacts_pm": 80,
        "stride_m": None,
        "distance_m": pytest.approx(6553.5 + 1677721.6),
        "running": False,
    }


def test_belts_as_published(phone: Phone) -> None:
    """A Horizon treadmill that stands (qdomyos-zwift issue 175); flags 0x2484 of a walking pad (hughesjs/FitnessMachine)."""
    pad = (
        struct.pack("<HH", 0x2484, 300) + bytes([150, 0, 0]) + struct.pack("<HHBHH", 12, 0xFFFF, 0xFF, 120, 77) + b"\0"
    )
    stands, walks = read(phone, "beltOf", bytes.fromhex("84040000000000000000000000000000"[:28]), pad)
    assert plain(stands) == {"speed_mps": 0, "distance_m": 0, "incline": None, "elapsed_s": 0}
    assert plain(walks) == {"speed_mps": pytest.approx(3 / 3.6), "distance_m": 150, "incline": None, "elapsed_s": 120}


def test_more_data_means_no_speed(phone: Phone) -> None:
    more, slope, unknown = read(
        phone,
        "beltOf",
        struct.pack("<HHB", 0x0005, 0x0102, 3),
        struct.pack("<HHhh", 0x0008, 500, -15, 0),
        struct.pack("<HHhh", 0x0008, 500, 0x7FFF, 0x7FFF),
    )
    assert plain(more) == {"speed_mps": None, "distance_m": 0x030102, "incline": None, "elapsed_s": None}
    assert slope["incline"] == -1.5
    assert math.isnan(unknown["incline"])


def test_no_beat_is_no_rate(phone: Phone) -> None:
    none, big = read(phone, "heartOf", bytes([0x04, 0]), bytes([0x09, 0x2C, 0x01, 0x10, 0x27]))
    assert plain(none) == {"bpm": None, "contact": False, "energy_kj": None, "rr_ms": []}
    assert plain(big) == {"bpm": 300, "contact": None, "energy_kj": 10_000, "rr_ms": []}


def test_ranges_answers_and_states(phone: Phone) -> None:
    assert read(phone, "rangeOf", struct.pack("<HHH", 80, 1200, 10), struct.pack("<HHH", 900, 800, 10), b"\1") == [
        {"least": 0.8, "most": 12, "step": 0.1},
        None,
        None,
    ]
    assert read(phone, "takesSpeed", struct.pack("<II", 0, 1), struct.pack("<II", 1, 2), b"\0" * 7) == [
        True,
        False,
        None,
    ]
    assert read(phone, "answerOf", b"\x80\x02\x01", b"\x81\x02\x01", b"\x80\x02") == [
        {"command": 2, "result": 1},
        None,
        None,
    ]
    assert read(phone, "statusOf", b"\x02\x01", b"\x03", b"\xff", b"\x77", b"") == [
        *("stopped", "safety_key", "control_lost", "other"),
        None,
    ]


PARSERS = ("heartOf", "podOf", "beltOf", "rangeOf", "takesSpeed", "answerOf", "statusOf")


ALL = """
const frames = await asset("coach-frames.js");
const views = value.frames.map((bytes) => new DataView(Uint8Array.from(bytes).buffer));
return value.parsers.map((name) => views.map((view) => frames[name](view)).length);
"""


@settings(max_examples=30, deadline=None)
@given(frames=st.lists(st.binary(max_size=40), max_size=60))
def test_any_bytes_are_read_or_dropped(phone: Phone, frames: list[bytes]) -> None:
    told = phone.run(ALL, {"parsers": PARSERS, "frames": [list(frame) for frame in frames]})
    assert told == [len(frames)] * len(PARSERS)


uint = st.integers


@st.composite
def hearts(draw: st.DrawFn) -> tuple[bytes, dict[str, Any]]:
    """A frame, and what is in it."""
    wide, contact = draw(st.booleans()), draw(st.sampled_from([None, False, True]))
    bpm = draw(uint(1, 65535 if wide else 255))
    energy = draw(st.none() | uint(0, 65535))
    beats = draw(st.none() | st.lists(uint(0, 65535), max_size=8))
    flags = wide | {None: 0, False: 4, True: 6}[contact] | (energy is not None) << 3 | (beats is not None) << 4
    frame = struct.pack("<BH" if wide else "<BB", flags, bpm)
    frame += b"" if energy is None else struct.pack("<H", energy)
    frame += b"".join(struct.pack("<H", beat) for beat in beats or ())
    told = {"bpm": bpm, "contact": contact, "energy_kj": energy, "rr_ms": [beat * 1000 / 1024 for beat in beats or ()]}
    return frame, told


@st.composite
def pods(draw: st.DrawFn) -> tuple[bytes, dict[str, Any]]:
    speed, cadence, running = draw(uint(0, 65535)), draw(uint(0, 255)), draw(st.booleans())
    stride, distance = draw(st.none() | uint(0, 65535)), draw(st.none() | uint(0, 2**32 - 1))
    flags = (stride is not None) | (distance is not None) << 1 | running << 2
    frame = struct.pack("<BHB", flags, speed, cadence)
    frame += b"" if stride is None else struct.pack("<H", stride)
    frame += b"" if distance is None else struct.pack("<I", distance)
    told: dict[str, Any] = {"speed_mps": speed / 256, "contacts_pm": cadence, "running": running}
    told |= {
        "stride_m": None if stride is None else stride / 100,
        "distance_m": None if distance is None else distance / 10,
    }
    return frame, told


@st.composite
def belts(draw: st.DrawFn) -> tuple[bytes, dict[str, Any]]:
    bits = draw(st.sets(uint(0, 12)))
    speed, way, slope, elapsed = (
        draw(uint(0, 65535)),
        draw(uint(0, 2**24 - 1)),
        draw(uint(-500, 500)),
        draw(uint(0, 65535)),
    )
    parts = {
        0: b"",
        1: b"\1\2",
        2: struct.pack("<I", way)[:3],
        3: struct.pack("<hh", slope, 3),
        4: b"\1\2\3\4",
        5: b"\1",
    }
    parts |= {
        6: b"\1",
        7: b"\1\2\3\4\5",
        8: b"\1",
        9: b"\1",
        10: struct.pack("<H", elapsed),
        11: b"\1\2",
        12: b"\1\2\3\4",
    }
    frame = struct.pack("<H", sum(1 << bit for bit in bits)) + (b"" if 0 in bits else struct.pack("<H", speed))
    frame += b"".join(parts[bit] for bit in sorted(bits))
    told: dict[str, Any] = {
        "speed_mps": None if 0 in bits else pytest.approx(speed / 360),
        "distance_m": way if 2 in bits else None,
    }
    told |= {"incline": slope / 10 if 3 in bits else None, "elapsed_s": elapsed if 10 in bits else None}
    return frame, told


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_was_sent_is_what_is_read(phone: Phone, data: st.DataObject) -> None:
    """All three kinds, whole; and cut anywhere, never more or other than was sent."""
    for parser, made in (("heartOf", hearts()), ("podOf", pods()), ("beltOf", belts())):
        sent = data.draw(st.lists(made, min_size=1, max_size=20))
        for told, (_, meant) in zip(read(phone, parser, *(frame for frame, _ in sent)), sent, strict=True):
            assert plain(told) == meant
        frame, meant = sent[0]
        left = read(phone, parser, frame[: data.draw(st.integers(0, len(frame) - 1))])[0]
        if left is not None:  # cut between two beats, or behind all that is read
            beats = {"rr_ms": meant["rr_ms"][: len(left["rr_ms"])]} if parser == "heartOf" else {}
            assert plain(left) == meant | beats

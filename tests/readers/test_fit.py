"""The FIT reader: one thing at a time, in files made here byte by byte."""

import gzip
import struct
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fit_bytes import (
    BYTE,
    ENUM,
    FILE_ID,
    PLAIN,
    S8,
    S32,
    STRING,
    T0,
    U8,
    U16,
    U32,
    activity,
    beats,
    definition,
    fit_file,
    sealed,
)
from retropace.errors import RetropaceError, UnreadableFile, UnsupportedFile
from retropace.fit_profile import DIRECTION_APPLICATION_ID, EPOCH
from retropace.readers import fit
from retropace.recording import Recording
from retropace.writers.fit import activity_bytes

RUNNING = definition(14, 18, [(253, 4, U32), (2, 4, U32), (7, 4, U32), (5, 1, ENUM), (6, 1, ENUM)])


def session(seconds: int, sport: int = 1, sub_sport: int = 0) -> bytes:
    return RUNNING + struct.pack("<BIIIBB", 14, T0 + seconds, T0, 1000 * seconds, sport, sub_sport)


def kinds(recording: Recording) -> list[str]:
    return [repair.kind for repair in recording.repairs]


def test_sniff_goes_by_content() -> None:
    data = fit_file(FILE_ID)
    assert fit.sniff("run.txt", data)
    assert fit.sniff("run", gzip.compress(data))
    for other in (b"", b"\x0e", b"<gpx>", gzip.compress(b"<gpx>" * 9), b"\x1f\x8bnonsense"):
        assert not fit.sniff("run.fit", other)


@pytest.mark.parametrize("header", [12, 14])
def test_plain_file(header: int) -> None:
    recording = fit.read("run.fit", fit_file(FILE_ID, PLAIN, beats(0, 5), header=header))
    assert recording.start == EPOCH + timedelta(seconds=T0)
    assert recording.start.tzinfo is UTC
    assert recording.track.time_s.tolist() == [0, 1, 2, 3, 4]
    assert recording.track.channels["heart_rate_bpm"].tolist() == [150] * 5
    assert recording.repairs == ()
    assert recording.origin.format == "fit"


def test_gzip() -> None:
    data = fit_file(FILE_ID, PLAIN, beats(0, 500))
    assert len(fit.read("run.fit.gz", gzip.compress(data)).track) == 500
    cut = fit.read("run.fit.gz", gzip.compress(data)[:-12])
    assert 0 < len(cut.track) <= 500
    assert kinds(cut) == ["truncated"]


def test_gzip_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "MOST_UNPACKED", 1 << 20)
    bomb = gzip.compress(fit_file(FILE_ID, PLAIN, beats(0, 3)) + bytes(8 << 20))
    with pytest.raises(UnreadableFile, match="unpacks to more than 1 MB"):
        fit.read("run.fit.gz", bomb)


@pytest.mark.parametrize("order", ["<", ">"])
def test_byte_order_and_scales(order: str) -> None:
    fields = [(253, 4, U32), (0, 4, S32), (1, 4, S32), (2, 2, U16), (5, 4, U32), (6, 2, U16), (7, 2, U16), (13, 1, S8)]
    row = struct.pack(f"{order}BIiiHIHHb", 3, T0, 2**29, -(2**28), 5000, 12345, 2500, 260, -7)
    other = struct.pack(f"{order}BIiiHIHHb", 3, T0 + 1, 2**29, -(2**28), 5001, 12600, 2600, 270, -7)
    data = fit_file(FILE_ID, definition(3, 20, fields, order=order), row, other)
    values = {key: column[0] for key, column in fit.read("a", data).track.channels.items()}
    assert values == {
        "latitude_deg": 45.0,
        "longitude_deg": -22.5,
        "altitude_m": 500.0,
        "distance_m": 123.45,
        "speed_mps": 2.5,
        "power_w": 260.0,
        "temperature_degc": -7.0,
    }


def test_no_value_is_nan_and_zero_is_zero() -> None:
    fields = [(253, 4, U32), (13, 1, S8), (7, 2, U16)]
    rows = struct.pack("<BIbHBIbHBIbH", 0, T0, 0x7F, 0, 0, T0 + 1, 0, 0xFFFF, 0, T0 + 2, -1, 65534)
    table = fit.decode(fit_file(FILE_ID, definition(0, 20, fields), rows))[20]
    np.testing.assert_array_equal(table.column("temperature"), [np.nan, 0, -1])
    np.testing.assert_array_equal(table.column("power"), [0, np.nan, 65534])
    assert np.isnan(table.column("heart_rate")).all()


def test_enhanced_fields_win_and_plain_ones_fill() -> None:
    fields = [(253, 4, U32), (6, 2, U16), (73, 4, U32)]
    rows = struct.pack("<BIHIBIHI", 0, T0, 1000, 3000, 0, T0 + 1, 2000, 0xFFFF_FFFF)
    track = fit.read("a", fit_file(FILE_ID, definition(0, 20, fields), rows)).track
    assert track.channels["speed_mps"].tolist() == [3.0, 2.0]


def test_local_types_are_redefined_and_interleaved() -> None:
    events = definition(1, 21, [(253, 4, U32), (0, 1, ENUM), (1, 1, ENUM)])
    event = struct.pack("<BIBB", 1, T0, 0, 0)
    longer = definition(0, 20, [(253, 4, U32), (4, 1, U8), (3, 1, U8)])
    rows = b"".join(struct.pack("<BIBB", 0, T0 + 4 + k, 80, 151) + event for k in range(3))
    data = fit_file(FILE_ID, PLAIN, events, beats(0, 2), event, beats(2, 2), longer, rows, PLAIN, beats(7, 2, 152))
    table = fit.decode(data)[20]
    assert (table.column("timestamp") - T0).tolist() == list(range(9))
    assert table.column("heart_rate").tolist() == [150] * 4 + [151] * 3 + [152] * 2
    np.testing.assert_array_equal(table.column("cadence"), [np.nan] * 4 + [80] * 3 + [np.nan] * 2)


def test_compressed_timestamps_roll_over() -> None:
    short = definition(1, 20, [(3, 1, U8)])
    low = T0 % 32
    after = [3, 10, 30, 34, 65]  # steps of less than 32 s
    rows = b"".join(bytes([0x80 | 1 << 5 | (low + k) % 32, 140]) for k in after)
    orphan = bytes([0x80 | 1 << 5 | 7, 99])
    data = fit_file(
        FILE_ID, short, orphan, PLAIN, beats(0, 1), rows, beats(70, 1), bytes([0xA0 | (low + 75) % 32, 141])
    )
    table = fit.decode(data)[20]
    np.testing.assert_array_equal(table.column("timestamp") - T0, [np.nan, 0, *after, 70, 75])


def test_strings_without_end_and_in_no_known_code() -> None:
    named = definition(1, 0, [(0, 1, ENUM), (8, 6, STRING)])
    for written, read in ((b"Watch\0", "Watch"), (b"Watchy", "Watchy"), (b"W\xff\xfetch", "W??tch"), (b"\0" * 6, None)):
        data = fit_file(named, bytes([1, 4]) + written, PLAIN, beats(0, 2))
        assert fit.decode(data)[0].text("product_name") == [read]
        assert fit.read("a", data).origin.device == read


def test_sizes_that_disagree_with_the_profile() -> None:
    # A heart rate of two values, a distance of two bytes, a power of three bytes, a cadence written as 16 bits.
    fields = [(253, 4, U32), (3, 2, U8), (5, 2, U32), (7, 3, U16), (4, 2, U16)]
    rows = struct.pack("<BIBBH3sH", 0, T0, 150, 7, 500, b"abc", 85) + struct.pack(
        "<BIBBH3sH", 0, T0 + 1, 255, 8, 0xFFFF, b"abc", 0xFFFF
    )
    table = fit.decode(fit_file(FILE_ID, definition(0, 20, fields), rows))[20]
    np.testing.assert_array_equal(table.column("heart_rate"), [150, np.nan])
    np.testing.assert_array_equal(table.column("distance"), [5.0, np.nan])
    np.testing.assert_array_equal(table.column("cadence"), [85, np.nan])
    assert np.isnan(table.column("power")).all()


def test_compressed_speed_and_distance() -> None:
    fields = [(253, 4, U32), (8, 3, BYTE)]

    def row(second: int, speed: int, sixteenths: int) -> bytes:
        packed = bytes([speed & 0xFF, speed >> 8 | (sixteenths & 0x0F) << 4, sixteenths >> 4 & 0xFF])
        return struct.pack("<BI", 0, T0 + second) + packed

    distances = [4000, 4064, 4128, 4160]  # rolls over at 4096
    rows = b"".join(row(k, 300 + k, d % 4096) for k, d in enumerate(distances))
    empty = struct.pack("<BI", 0, T0 + 4) + b"\xff\xff\xff"
    track = fit.read("a", fit_file(FILE_ID, definition(0, 20, fields), rows, empty)).track
    np.testing.assert_array_equal(track.channels["speed_mps"], [3.0, 3.01, 3.02, 3.03, np.nan])
    np.testing.assert_array_equal(track.channels["distance_m"], [250, 254, 258, 260, np.nan])


def described(application: bytes, name: bytes, *, scale: int = 0xFF, offset: int = 0x7F, base: int = S8) -> bytes:
    ids = definition(2, 207, [(1, 16, BYTE), (3, 1, U8)]) + bytes([2]) + application + bytes([0])
    fields = [(0, 1, U8), (1, 1, U8), (2, 1, U8), (3, len(name), STRING), (6, 1, U8), (7, 1, S8)]
    return ids + definition(2, 206, fields) + bytes([2, 0, 5, base]) + name + bytes([scale, offset])


DIRECTED = definition(0, 20, [(253, 4, U32), (3, 1, U8)], developer=[(5, 1, 0)])


def directed(codes: list[int]) -> bytes:
    return b"".join(struct.pack("<BIBb", 0, T0 + k, 150, code) for k, code in enumerate(codes))


def test_direction_is_trusted_only_under_our_own_id() -> None:
    rows = directed([-1, 0, 1, 2, 127, 7])
    ours = fit.read("a", fit_file(FILE_ID, described(DIRECTION_APPLICATION_ID, b"direction\0"), DIRECTED, rows))
    np.testing.assert_array_equal(ours.track.channels["direction_code"], [-1, 0, 1, 2, np.nan, np.nan])
    compass = fit.read("a", fit_file(FILE_ID, described(bytes(range(16)), b"direction\0"), DIRECTED, rows))
    assert "direction_code" not in compass.track.channels
    undeclared = fit.read("a", fit_file(FILE_ID, DIRECTED, rows))
    assert "direction_code" not in undeclared.track.channels
    assert len(undeclared.track) == 6


def test_developer_fields_have_their_own_scale() -> None:
    told = described(b"A" * 16, b"tilt\0", scale=2, offset=3)
    developer = fit.decode(fit_file(FILE_ID, told, DIRECTED, directed([20, -4, 127])))[20].developer
    np.testing.assert_array_equal(developer[b"A" * 16, "tilt"], [7, -5, np.nan])


def test_cadence_counts_both_feet_only_on_foot() -> None:
    def cadence(strides: int, sport: int, sub_sport: int = 0, speed_mps: float | None = None) -> Recording:
        fields = [(253, 4, U32), (4, 1, U8), (53, 1, U8), (6, 2, U16), (3, 1, U8)]
        speed = 0xFFFF if speed_mps is None else int(1000 * speed_mps)
        rows = b"".join(struct.pack("<BIBBHB", 0, T0 + k, strides, 64, speed, 150) for k in range(9))
        return fit.read("a", fit_file(FILE_ID, definition(0, 20, fields), rows, session(8, sport, sub_sport)))

    assert cadence(85, 1).track.channels["cadence_spm"][0] == 171.0
    assert cadence(60, 4, 1).track.channels["cadence_spm"][0] == 121.0
    assert "cadence_spm" not in cadence(85, 2, speed_mps=8).track.channels
    assert "cadence_spm" not in cadence(85, 0, speed_mps=8).track.channels
    assert "cadence_spm" not in cadence(85, 0).track.channels
    assert cadence(85, 0, speed_mps=3).track.channels["cadence_spm"][0] == 171.0
    already = cadence(170, 1)
    assert already.track.channels["cadence_spm"][0] == 170.5
    assert kinds(already) == ["cadence_halved"]


def test_sports_of_a_triathlon_decide_second_by_second() -> None:
    fields = [(253, 4, U32), (4, 1, U8)]
    rows = b"".join(struct.pack("<BIB", 0, T0 + k, 88) for k in range(20))
    second = struct.pack("<BIIIBB", 14, T0 + 19, T0 + 10, 9000, 1, 0)
    recording = fit.read("a", fit_file(FILE_ID, definition(0, 20, fields), rows, session(9, 2), second))
    np.testing.assert_array_equal(recording.track.channels["cadence_spm"], [np.nan] * 10 + [176] * 10)
    assert [(s.start_s, s.end_s, s.sport) for s in recording.sports] == [(0, 9, "cycling"), (10, 19, "running")]


def test_a_file_without_sessions_names_its_sport_elsewhere() -> None:
    sport = definition(13, 12, [(0, 1, ENUM), (1, 1, ENUM)]) + bytes([13, 11, 27])
    recording = fit.read("a", fit_file(FILE_ID, sport, PLAIN, beats(0, 9)))
    assert [(s.start_s, s.end_s, s.sport, s.sub_sport) for s in recording.sports] == [
        (0, 8, "walking", "indoor_walking")
    ]


def test_laps_are_named_by_their_workout_step() -> None:
    steps = definition(4, 27, [(254, 2, U16), (0, 9, STRING), (8, 5, STRING)])
    steps += struct.pack("<BH9s5s", 4, 0, b"BACK 30s", b"look") + struct.pack("<BH9s5s", 4, 1, b"Walk", b"")
    laps = definition(5, 19, [(253, 4, U32), (2, 4, U32), (7, 4, U32), (23, 1, ENUM), (71, 2, U16)])
    laps += struct.pack("<BIIIBH", 5, T0 + 30, T0, 30_000, 0, 0) + struct.pack(
        "<BIIIBH", 5, T0 + 90, T0 + 30, 60_500, 4, 1
    )
    laps += struct.pack("<BIIIBH", 5, T0 + 99, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFF, 0xFFFF)
    recording = fit.read("a", fit_file(FILE_ID, steps, PLAIN, beats(0, 100), laps))
    assert [(lap.start_s, lap.end_s, lap.name, lap.intensity, lap.notes) for lap in recording.laps] == [
        (0, 30, "BACK 30s", "active", "look"),
        (30, 90.5, "Walk", "recovery", None),
        (90.5, 99, None, None, None),
    ]


def test_timer_events_make_pauses() -> None:
    events = definition(1, 21, [(253, 4, U32), (0, 1, ENUM), (1, 1, ENUM)])
    told = [(0, 0), (10, 4), (11, 1), (40, 0), (50, 9), (50, 0), (60, 4)]
    rows = b"".join(struct.pack("<BIBB", 1, T0 + second, 0, kind) for second, kind in told)
    other = struct.pack("<BIBB", 1, T0 + 20, 9, 4)
    recording = fit.read("a", fit_file(FILE_ID, PLAIN, events, rows, other, beats(0, 61)))
    assert [(pause.start_s, pause.end_s) for pause in recording.pauses] == [(10, 40)]


def test_offset_wearer_device_and_totals() -> None:
    local = definition(1, 34, [(253, 4, U32), (5, 4, U32)]) + struct.pack("<BII", 1, T0 + 9, T0 + 9 + 19_800)
    person = definition(2, 3, [(1, 1, ENUM), (2, 1, U8), (3, 1, U8), (4, 2, U16), (8, 1, U8)])
    person += struct.pack("<BBBBHB", 2, 0, 61, 168, 705, 200)
    maker = definition(3, 0, [(0, 1, ENUM), (1, 2, U16), (2, 2, U16)]) + struct.pack("<BBHH", 3, 4, 1, 2697)
    totals = definition(4, 18, [(9, 4, U32), (11, 2, U16)]) + struct.pack("<BIH", 4, 123_456, 321)
    recording = fit.read("a", fit_file(maker, person, PLAIN, beats(0, 10), totals, totals[-7:], local))
    assert recording.utc_offset == timedelta(hours=5, minutes=30)
    wearer = recording.wearer
    assert (wearer.sex, wearer.age_years, wearer.height_m, wearer.mass_kg) == ("female", 61, 1.68, 70.5)
    assert recording.origin.device == "Garmin product 2697"
    assert recording.reported == {"distance_m": 2469.12, "energy_kcal": 642}


@pytest.mark.parametrize("apart", [0, 90 * 3600, 1000])
def test_an_offset_that_is_none(apart: int) -> None:
    local = definition(1, 34, [(253, 4, U32), (5, 4, U32)]) + struct.pack("<BII", 1, T0, T0 + apart)
    assert fit.read("a", fit_file(FILE_ID, PLAIN, beats(0, 9), local)).utc_offset is None


def test_a_clock_that_was_never_set() -> None:
    rows = b"".join(struct.pack("<BIB", 0, 500 + k, 150) for k in range(9))
    recording = fit.read("a", fit_file(FILE_ID, PLAIN, rows))
    assert recording.start is None
    assert recording.track.time_s.tolist() == list(range(9))
    assert kinds(recording) == ["no_date"]


def test_the_clock_is_set_after_the_start() -> None:
    early = struct.pack("<BIB", 0, 700, 150)
    recording = fit.read("a", fit_file(FILE_ID, PLAIN, early, beats(0, 30)))
    assert recording.start == EPOCH + timedelta(seconds=T0)
    assert kinds(recording) == ["time_jump"]


def test_time128_gives_parts_of_a_second() -> None:
    fields = [(253, 4, U32), (48, 1, U8), (3, 1, U8)]
    rows = b"".join(struct.pack("<BIBB", 0, T0 + k // 2, 64 * (k % 2), 150) for k in range(6))
    assert fit.read("a", fit_file(FILE_ID, definition(0, 20, fields), rows)).track.time_s.tolist() == [
        0, 0.5, 1, 1.5, 2, 2.5,
    ]  # fmt: skip


def test_heart_rates_stored_by_a_strap() -> None:
    silent = b"".join(struct.pack("<BIB", 0, T0 + k, 255) for k in range(6))
    first = definition(6, 132, [(253, 4, U32), (9, 4, U32), (6, 1, U8)])
    first += struct.pack("<BIIB", 6, T0, 5000, 100)
    ticks = [5000 + 512 * k for k in range(1, 9)]  # every half second; the low twelve bits roll over
    packed = sum((tick % 4096) << 12 * k for k, tick in enumerate(ticks)).to_bytes(12, "little")
    later = definition(7, 132, [(6, 8, U8), (10, 12, BYTE)]) + bytes([7, *range(101, 109)]) + packed
    recording = fit.read("a", fit_file(FILE_ID, PLAIN, silent, first, later))
    np.testing.assert_array_equal(recording.track.channels["heart_rate_bpm"], [100, 102, 104, 106, 108, 108])


def test_motion_is_calibrated_into_si_units() -> None:
    calibration = definition(
        1, 167, [(253, 4, U32), (0, 1, ENUM), (1, 4, U32), (2, 4, U32), (3, 4, U32), (4, 12, S32), (5, 36, S32)]
    )
    one = 65535
    # Turns the sensor's x onto y, its y onto minus x.
    calibration += struct.pack("<BIBIII3i9i", 1, T0, 1, 5, 82, 32768, 10, 20, -30, 0, -one, 0, one, 0, 0, 0, 0, one)
    data = definition(2, 164, [(253, 4, U32), (0, 2, U16), (1, 4, U16), (2, 4, U16), (3, 4, U16), (4, 4, U16)])
    data += struct.pack("<BIHHHHHHHHH", 2, T0, 250, 0, 10, 32778 + 82, 32778, 32788, 32788 + 164, 32738, 32738)
    gyroscope = fit.read("a", fit_file(FILE_ID, PLAIN, beats(0, 9), calibration, data)).motion["gyroscope"]
    degrees = {key: np.degrees(values) for key, values in gyroscope.channels.items()}
    np.testing.assert_allclose(gyroscope.time_s, [0.25, 0.26])
    np.testing.assert_allclose(degrees["rotation_x_radps"], [0, -10], atol=1e-9)
    np.testing.assert_allclose(degrees["rotation_y_radps"], [5, 0], atol=1e-9)
    np.testing.assert_allclose(degrees["rotation_z_radps"], [0, 0], atol=1e-9)


def test_each_calibration_holds_from_where_it_stands() -> None:
    def calibration(divisor: int) -> bytes:
        fields = [(253, 4, U32), (0, 1, ENUM), (1, 4, U32), (2, 4, U32)]
        return definition(1, 167, fields) + struct.pack("<BIBII", 1, T0, 0, 1, divisor)

    layout = definition(2, 165, [(253, 4, U32), (1, 2, U16), (2, 2, U16), (4, 2, U16)])

    def sample(second: int) -> bytes:
        return struct.pack("<BIHHH", 2, T0 + second, 0, 1000, 2000)

    data = [PLAIN, beats(0, 9), layout, sample(0), calibration(1000), sample(1), sample(2), calibration(500), sample(3)]
    stream = fit.read("a", fit_file(FILE_ID, *data)).motion["accelerometer"]
    gravities = {key: values / 9.80665 for key, values in stream.channels.items()}
    np.testing.assert_allclose(gravities["acceleration_x_mps2"], [1, 1, 1, 2])
    np.testing.assert_allclose(gravities["acceleration_z_mps2"], [2, 2, 2, 4])
    assert "acceleration_y_mps2" not in gravities


def test_motion_without_calibration_is_passed_over() -> None:
    data = definition(2, 165, [(253, 4, U32), (0, 2, U16), (1, 2, U16), (2, 2, U16), (3, 2, U16), (4, 2, U16)])
    data += struct.pack("<BIHHHHH", 2, T0, 0, 0, 1, 2, 3)
    recording = fit.read("a", fit_file(FILE_ID, PLAIN, beats(0, 9), data))
    assert recording.motion == {}
    assert [(repair.kind, repair.count) for repair in recording.repairs] == [("unknown_part", 1)]


def test_motion_the_device_calibrated_itself_and_stamped_by_its_own_clock() -> None:
    relation = definition(1, 162, [(253, 4, U32), (4, 2, U16), (1, 4, U32), (5, 2, U16)])
    relation += struct.pack("<BIHIH", 1, T0 + 2, 500, 1000, 0)
    data = definition(2, 165, [(253, 4, U32), (0, 2, U16), (1, 4, U16), (5, 8, 0x88), (6, 8, 0x88), (10, 4, 0x83)])
    data += struct.pack("<BIHHHffffhh", 2, 1001, 0, 0, 500, 1.0, -1.0, 0.5, 0.0, 2000, -1000)
    stream = fit.read("a", fit_file(FILE_ID, PLAIN, beats(0, 9), relation, data)).motion["accelerometer"]
    np.testing.assert_allclose(stream.time_s, [3.5, 4.0])
    np.testing.assert_allclose(stream.channels["acceleration_x_mps2"], [9.80665, -9.80665])
    np.testing.assert_allclose(stream.channels["acceleration_z_mps2"], [19.6133, -9.80665])


def test_chained_files_are_joined() -> None:
    part = fit_file(FILE_ID, PLAIN, beats(0, 20))
    after = fit_file(FILE_ID, definition(0, 20, [(253, 4, U32), (4, 1, U8), (3, 1, U8)]), b"".join(
        struct.pack("<BIBB", 0, T0 + 60 + k, 80, 140) for k in range(20)
    ))  # fmt: skip
    recording = fit.read("a", part + after)
    assert len(recording.track) == 40
    assert [(repair.kind, repair.count) for repair in recording.repairs] == [("chained", 2)]


@pytest.mark.parametrize(
    ("kind", "words"), [(5, "workout"), (6, "course"), (2, "settings"), (15, "day log"), (34, "segment")]
)
def test_other_kinds_of_file_are_refused_in_words(kind: int, words: str) -> None:
    other = definition(15, 0, [(0, 1, ENUM)]) + bytes([15, kind])
    with pytest.raises(UnsupportedFile, match=words) as refused:
        fit.read("plan.fit", fit_file(other, PLAIN, beats(0, 5)))
    assert "plan.fit" in str(refused.value)
    assert "Export the activity" in str(refused.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"not a fit file at all", "No FIT header"),
        (fit_file(FILE_ID), "no samples"),
        (fit_file(FILE_ID, session(9)), "totals, but no samples"),
        (fit_file(FILE_ID, PLAIN, struct.pack("<BIB", 0, 0xFFFF_FFFF, 150)), "no time"),
        (fit_file(FILE_ID, PLAIN, beats(0, 3, rate=255)), "no value"),
        (fit_file(FILE_ID, PLAIN, beats(0, 3))[:30], "breaks off"),
    ],
)
def test_nothing_left_to_read(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words) as refused:
        fit.read("run.fit", data)
    assert "byte" in str(refused.value)
    assert "again" in str(refused.value)


def test_reading_back_what_was_written() -> None:
    written = activity(200, motion_seconds=20)
    read = fit.read("a", activity_bytes(written))
    assert read.start == datetime(2026, 5, 4, 7, tzinfo=UTC)
    assert read.utc_offset == written.utc_offset
    assert (read.laps, read.pauses, read.sports, read.wearer) == (
        written.laps,
        written.pauses,
        written.sports,
        written.wearer,
    )
    assert read.repairs == ()
    assert read.origin.device == "Test watch"
    assert not read.origin.simulated
    assert read.reported["energy_kcal"] == 321


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_behind_a_header(body: bytes) -> None:
    for data in (fit_file(body), fit_file(FILE_ID, PLAIN, beats(0, 4), body), body):
        with suppress(RetropaceError):
            fit.read("a", data)


def test_mutants_raise_nothing_but_our_own_errors() -> None:
    whole = activity_bytes(activity(120, motion_seconds=2))
    rng = np.random.default_rng(7)
    survived = 0
    for _ in range(300):
        mutant = bytearray(whole)
        for at in rng.integers(12, len(mutant) - 2, rng.integers(1, 6)):
            mutant[at] = rng.integers(256)
        if rng.random() < 0.3:
            at = int(rng.integers(14, len(mutant)))
            del mutant[at : at + int(rng.integers(1, 40))]
        with suppress(RetropaceError):
            survived += len(fit.read("a", sealed(bytes(mutant))).track) > 100
    assert survived > 200

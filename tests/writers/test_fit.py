"""The FIT writer: strict reading by other people, and reading back by ourselves."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import fitdecode
import fitparse
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fit_bytes import activity
from retropace.errors import OutOfRange
from retropace.fit_profile import BASE_TYPES, MESSAGES, SEMICIRCLES_PER_DEGREE, Field, Message
from retropace.readers import fit
from retropace.recording import EMPTY_STREAM, Lap, Origin, Recording, SportSpan, Stream
from retropace.writers.fit import activity_bytes
from retropace.writers.fit_encoder import DeveloperField, Rows, encode, one, timed

#: Channel → half of the smallest step in which FIT holds it.
STEPS = {
    "latitude_deg": 0.5 / SEMICIRCLES_PER_DEGREE,
    "longitude_deg": 0.5 / SEMICIRCLES_PER_DEGREE,
    "position_error_m": 0.0,
    "altitude_m": 0.1,
    "distance_m": 0.005,
    "speed_mps": 0.0005,
    "heart_rate_bpm": 0.0,
    "cadence_spm": 1 / 128,
    "power_w": 0.0,
    "temperature_degc": 0.0,
    "contact_time_ms": 0.05,
    "contact_balance_pct": 0.005,
    "vertical_oscillation_mm": 0.05,
    "step_length_m": 0.00005,
    "direction_code": 0.0,
}


def strictly(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Every message as fitdecode reads it when it forgives nothing."""
    found: dict[str, list[dict[str, Any]]] = {}
    strict = {"check_crc": fitdecode.CrcCheck.RAISE, "error_handling": fitdecode.ErrorHandling.RAISE}
    with fitdecode.FitReader(data, **strict) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                found.setdefault(frame.name, []).append({field.name: field.value for field in frame.fields})
    return found


def test_a_recording_comes_back_within_the_steps_of_the_format() -> None:
    written = activity(300)
    read = fit.read("a", activity_bytes(written))
    np.testing.assert_array_equal(read.track.time_s, written.track.time_s)
    assert read.track.channels.keys() == STEPS.keys()
    for channel, step in STEPS.items():
        apart = np.abs(read.track.channels[channel] - written.track.channels[channel])
        assert apart.max() <= step * 1.0001, channel
    assert (read.start, read.utc_offset, read.laps, read.pauses) == (
        written.start,
        written.utc_offset,
        written.laps,
        written.pauses,
    )
    assert (read.sports, read.wearer) == (written.sports, written.wearer)
    assert read.reported == {"distance_m": 840.0, "energy_kcal": 321.0, "elapsed_s": 299.0, "timer_s": 288.0}
    assert read.repairs == ()


def test_a_strict_reader_finds_the_same_values() -> None:
    written = activity(120, motion_seconds=3)
    data = activity_bytes(written)
    found = strictly(data)
    records = found["record"]
    assert written.start is not None
    assert [record["timestamp"] for record in records] == [written.start + timedelta(seconds=k) for k in range(120)]
    ours = fit.decode(data)[20]
    for name in (
        "distance",
        "enhanced_speed",
        "enhanced_altitude",
        "position_lat",
        "heart_rate",
        "cadence",
        "stance_time",
    ):
        np.testing.assert_array_equal(ours.column(name), [record[name] for record in records])
    assert [record["direction"] for record in records] == written.track.channels["direction_code"].tolist()
    assert [step["wkt_step_name"] for step in found["workout_step"]] == ["FORWARD 60s", "BACK 20s"]
    assert [lap["wkt_step_index"] for lap in found["lap"]] == [0, 1]
    assert [event["event_type"] for event in found["event"]] == ["start", "stop_all", "start", "stop_all"]
    assert found["session"][0]["sport"] == "running"
    assert found["session"][0]["total_timer_time"] == 119 - 11
    assert found["file_id"][0]["type"] == "activity"
    assert sum(len(m["sample_time_offset"]) for m in found["accelerometer_data"]) == 300


def test_a_second_strict_reader_finds_the_same_records() -> None:
    data = activity_bytes(activity(60))
    records = [message.get_values() for message in fitparse.FitFile(data, check_crc=True).get_messages("record")]
    assert len(records) == 60
    assert [record["heart_rate"] for record in records] == fit.decode(data)[20].column("heart_rate").tolist()
    assert {record["direction"] for record in records} == {-1, 1}


@pytest.mark.parametrize("sensor", ["accelerometer", "gyroscope", "magnetometer"])
def test_raw_motion_comes_back(sensor: str) -> None:
    written = activity(30, motion_seconds=20).motion[sensor]
    read = fit.read("a", activity_bytes(activity(30, motion_seconds=20))).motion[sensor]
    np.testing.assert_allclose(read.time_s, written.time_s, atol=0.0005)
    for channel, values in written.channels.items():
        # Sixteen bits hold the largest value.
        assert np.abs(read.channels[channel] - values).max() <= 2 * np.abs(values).max() / 2**15


def test_motion_alone_with_gaps_and_missing_axes() -> None:
    time_s = np.concatenate([np.arange(40), np.arange(400, 470)]) / 50
    wave = np.sin(time_s)
    z = np.where(np.arange(time_s.size) % 10 == 0, np.nan, wave)
    channels = {"acceleration_x_mps2": wave, "acceleration_y_mps2": -wave, "acceleration_z_mps2": z}
    recording = replace(activity(1), track=EMPTY_STREAM, motion={"accelerometer": Stream(time_s, channels)}, laps=())
    read = fit.read("a", activity_bytes(recording)).motion["accelerometer"]
    np.testing.assert_allclose(read.time_s, time_s, atol=0.0011)
    np.testing.assert_allclose(read.channels["acceleration_x_mps2"], wave, atol=0.001)
    np.testing.assert_allclose(read.channels["acceleration_z_mps2"], z, atol=0.001)


def test_unknown_direction_stays_unknown() -> None:
    written = activity(5)
    codes = np.array([-1, 0, 1, 2, np.nan])
    read = fit.read("a", activity_bytes(written, codes))
    np.testing.assert_array_equal(read.track.channels["direction_code"], codes)


def test_no_direction_no_developer_field() -> None:
    written = activity(5)
    channels = {key: values for key, values in written.track.channels.items() if key != "direction_code"}
    found = strictly(activity_bytes(replace(written, track=Stream(written.track.time_s, channels))))
    assert "developer_data_id" not in found
    assert "direction" not in found["record"][0]


def test_simulated_is_called_simulated_when_read_again() -> None:
    written = replace(activity(5), origin=Origin("s", "simulated", simulated=True))
    assert fit.read("a", activity_bytes(written)).origin.simulated


def test_no_date_stays_no_date() -> None:
    read = fit.read("a", activity_bytes(replace(activity(9), start=None)))
    assert read.start is None
    assert read.track.time_s.tolist() == list(range(9))


def test_parts_of_a_second_and_missing_values() -> None:
    time_s = np.array([0.0, 0.5, 1.25, 2.0])
    track = Stream(
        time_s,
        {
            "heart_rate_bpm": np.array([150, np.nan, 151, 152]),
            "longitude_deg": np.full(4, 180.0),
            "latitude_deg": np.full(4, 1.0),
        },
    )
    written = Recording(Origin("a", "made"), activity(1).start, track=track)
    read = fit.read("a", activity_bytes(written))
    np.testing.assert_array_equal(read.track.time_s, time_s)
    np.testing.assert_array_equal(read.track.channels["heart_rate_bpm"], [150, np.nan, 151, 152])
    assert read.track.channels["longitude_deg"].tolist() == [-180.0] * 4
    assert read.laps == ()
    assert [span.sport for span in read.sports] == ["generic"]


def test_texts_too_long_are_cut_between_characters() -> None:
    laps = (Lap(0, 4, "ü" * 200, "active", "n" * 400),)
    lap = fit.read("a", activity_bytes(replace(activity(5), laps=laps))).laps[0]
    assert lap.name == "ü" * 127
    assert lap.notes == "n" * 254


def test_several_sports() -> None:
    spans = (SportSpan(0, 20, "cycling", "road"), SportSpan(20, 49, "running"))
    written = activity(50)
    cadence = np.where(written.track.time_s > 20, written.track.channels["cadence_spm"], np.nan)
    track = Stream(written.track.time_s, {**written.track.channels, "cadence_spm": cadence})
    read = fit.read("a", activity_bytes(replace(written, sports=spans, track=track)))
    assert read.sports == spans
    assert np.isnan(read.track.channels["cadence_spm"][:20]).all()
    assert read.reported["energy_kcal"] == 321


def test_the_same_recording_gives_the_same_bytes() -> None:
    assert activity_bytes(activity(40, motion_seconds=2)) == activity_bytes(activity(40, motion_seconds=2))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("heart_rate", 255.0),
        ("heart_rate", -1.0),
        ("temperature", 127.0),
        ("temperature", -129.0),
        ("power", 65535.0),
        ("altitude", -501.0),
        ("distance", 42949673.0),
        ("position_lat", 2.0**31),
        ("speed", np.inf),
    ],
)
def test_a_value_that_does_not_fit_is_refused(field: str, value: float) -> None:
    with pytest.raises(OutOfRange, match="does not fit") as refused:
        encode([one(MESSAGES["record"], timestamp=1e9, **{field: value})])
    assert refused.value.field == field


def test_other_things_that_cannot_be_written() -> None:
    with pytest.raises(OutOfRange, match="too long"):
        encode([one(MESSAGES["workout"], wkt_name="x" * 255)])
    with pytest.raises(OutOfRange, match="too long"):
        encode([Rows(MESSAGES["hr"], {"event_timestamp": np.zeros((1, 64))})])
    with pytest.raises(OutOfRange, match="as many values"):
        encode([Rows(MESSAGES["record"], {"power": np.zeros(2), "heart_rate": np.zeros(3)})])
    huge = Stream(np.zeros(1), {"acceleration_x_mps2": np.array([1e6])})
    with pytest.raises(OutOfRange, match="beyond"):
        activity_bytes(replace(activity(5), motion={"accelerometer": huge}))


def test_definitions_are_reused_and_the_oldest_gives_way() -> None:
    kinds = [Message(f"made_{k}", 0xFF00 + k, {"n": Field("n", 0, BASE_TYPES["uint8"])}) for k in range(20)]
    rows = [one(kind, n=5.0) for kind in kinds for _ in range(3)]
    data = encode([*rows, *rows])
    with fitdecode.FitReader(data, check_crc=fitdecode.CrcCheck.RAISE) as reader:
        frames = list(reader)
    numbers = [frame.global_mesg_num for frame in frames if frame.frame_type == fitdecode.FIT_FRAME_DATA]
    assert numbers == [kind.number for kind in kinds for _ in range(3)] * 2
    defined = sum(frame.frame_type == fitdecode.FIT_FRAME_DEFINITION for frame in frames)
    assert defined == 40  # twenty kinds never fit into sixteen places: each comes back as a new one


def test_neighbours_with_times_are_woven_together() -> None:
    record, event = MESSAGES["record"], MESSAGES["event"]
    beats = timed(Rows(record, {"timestamp": np.array([10.0, 20, 30])}), np.array([10.0, 20, 30]))
    marks = timed(Rows(event, {"timestamp": np.array([20.0, 5])}), np.array([20.0, 5]))
    with fitdecode.FitReader(encode([beats, marks, one(event, timestamp=1.0)]), processor=None) as reader:
        told = [(f.name, f.get_value("timestamp")) for f in reader if f.frame_type == fitdecode.FIT_FRAME_DATA]
    assert told == [("event", 5), ("record", 10), ("record", 20), ("event", 20), ("record", 30), ("event", 1)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_number_of_every_type_comes_back(data: st.DataObject) -> None:
    base = data.draw(st.sampled_from([b for b in BASE_TYPES.values() if b.name not in ("string", "byte")]))
    if base.invalid is None:
        numbers = st.floats(width=32 if base.size == 4 else 64, allow_nan=False, allow_infinity=False)
        values = data.draw(st.lists(numbers, min_size=1))
    else:
        low, high = max(np.iinfo(base.kind).min, -(2**53)), min(np.iinfo(base.kind).max, 2**53)
        integers = st.integers(int(low), int(high)).filter(lambda n: n != base.invalid)
        values = [float(n) for n in data.draw(st.lists(integers, min_size=1))]
    developer = DeveloperField("odd", 0, 3, base)
    times = np.arange(float(len(values))) + 1e9
    ids = Rows(MESSAGES["developer_data_id"], {"application_id": np.ones((1, 16)), "developer_data_index": np.zeros(1)})
    told = one(
        MESSAGES["field_description"],
        developer_data_index=0,
        field_definition_number=3,
        fit_base_type_id=base.code,
        field_name="odd",
    )
    written = encode([ids, told, Rows(MESSAGES["record"], {"timestamp": times}, {developer: np.array(values)})])
    read = fit.decode(written)[20].developer[b"\x01" * 16, "odd"]
    np.testing.assert_array_equal(read, values)

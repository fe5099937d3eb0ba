"""A recording written as a Sensor Logger archive reads back as it was."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.errors import UnusableInput
from retropace.quantities import Direction, Gait
from retropace.readers import read_bytes
from retropace.recording import Lap, Origin, Recording, Stream
from retropace.session import Session, Step
from retropace.simulate import Device, Place, Runner, simulate
from retropace.writers.sensor_logger import archive_bytes

START = datetime(2026, 5, 9, 7, 30, tzinfo=UTC)
PHONE = Device(
    "phone", "pocket", rate_hz=100.0, magnetometer=True, heading="device", jitter_s=0.001, dropped_share=0.01
)


def run(device: Device = PHONE) -> Recording:
    session = Session(
        "two",
        (Step(Gait.WALK, Direction.FORWARD, 20, "walk, easy"), Step(Gait.RUN, Direction.BACKWARD, 15, 'the "back"')),
    )
    return simulate(session, Runner(), Place(), device, 5, START, utc_offset=timedelta(hours=2))[0]


def tables(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8")))) for name in archive.namelist()
        }


def test_motion_and_positions_read_back() -> None:
    written = run()
    read = read_bytes("simulated-sensors.zip", archive_bytes(written))
    assert set(read.motion) == set(written.motion)
    for name, stream in written.motion.items():
        shift_s = written.start.timestamp() - read.start.timestamp() if written.start and read.start else np.nan
        assert read.motion[name].time_s - shift_s == pytest.approx(stream.time_s, abs=2e-6), name
        for key, values in stream.channels.items():
            assert read.motion[name].channels[key] == pytest.approx(values, rel=1e-6, abs=1e-9), key
    for key in ("latitude_deg", "longitude_deg", "altitude_m", "speed_mps", "heart_rate_bpm", "position_error_m"):
        assert read.track.channels[key] == pytest.approx(written.track.channels[key], rel=1e-6, abs=1e-9), key


def test_laps_zone_and_device_read_back() -> None:
    read = read_bytes("simulated-sensors.zip", archive_bytes(run()))
    assert [lap.name for lap in read.laps] == ["walk, easy", 'the "back"']
    assert read.laps[1].start_s == pytest.approx(25.0, abs=0.01)
    assert read.utc_offset == timedelta(hours=2)
    assert read.origin.device == "retropace virtual runner (simulated)"
    assert read.origin.simulated
    assert read.start == START


def test_the_files_are_those_of_the_app() -> None:
    written = tables(archive_bytes(run()))
    assert set(written) == {
        "TotalAcceleration.csv",
        "Gyroscope.csv",
        "Magnetometer.csv",
        "Compass.csv",
        "Location.csv",
        "HeartRate.csv",
        "Annotation.csv",
        "Metadata.csv",
    }
    assert list(written["TotalAcceleration.csv"][0]) == ["time", "seconds_elapsed", "z", "y", "x"]
    assert written["Metadata.csv"][0]["platform"] == "android"
    assert written["Metadata.csv"][0]["standardisation"] == "true"
    assert written["Metadata.csv"][0]["recording time"] == "2026-05-09_09-30-00"
    first = written["TotalAcceleration.csv"][0]
    assert int(first["time"]) / 1e9 - float(first["seconds_elapsed"]) == pytest.approx(START.timestamp(), abs=1e-6)


def test_the_same_recording_gives_the_same_bytes() -> None:
    assert archive_bytes(run()) == archive_bytes(run())


def test_missing_values_are_empty_cells_and_rows_without_a_place_are_left_out() -> None:
    time_s = np.arange(4.0)
    track = {
        "latitude_deg": np.array([np.nan, 52.0, 52.0, 52.0]),
        "longitude_deg": np.full(4, 13.0),
        "speed_mps": np.array([1.0, np.nan, 0.0, 1.0]),
    }
    written = tables(archive_bytes(Recording(Origin("x", "made"), START, track=Stream(time_s, track))))
    assert set(written) == {"Location.csv", "Metadata.csv"}
    assert [row["speed"] for row in written["Location.csv"]] == ["", "0", "1"]
    assert written["Metadata.csv"][0]["recording timezone"] == ""


@pytest.mark.parametrize(
    ("hours", "zone"), [(2, "Etc/GMT-2"), (-5, "Etc/GMT+5"), (0, "Etc/GMT+0"), (5.5, ""), (None, "")]
)
def test_zones(hours: float | None, zone: str) -> None:
    offset = None if hours is None else timedelta(hours=hours)
    written = tables(archive_bytes(replace(run(Device()), utc_offset=offset)))
    assert written["Metadata.csv"][0]["recording timezone"] == zone


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))), max_size=4))
def test_any_lap_name_is_one_cell(names: list[str]) -> None:
    laps = tuple(Lap(float(i), float(i + 1), name) for i, name in enumerate(names))
    written = tables(archive_bytes(replace(run(Device()), laps=laps)))
    assert [row["text"] for row in written.get("Annotation.csv", [])] == names


def test_without_a_start_or_anything_to_write_it_says_so() -> None:
    with pytest.raises(UnusableInput, match="no start time"):
        archive_bytes(replace(run(), start=None))
    with pytest.raises(UnusableInput, match="no motion and no positions"):
        archive_bytes(Recording(Origin("x", "made"), START))

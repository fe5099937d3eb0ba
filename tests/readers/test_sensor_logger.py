"""Sensor Logger: specific force with the right sign and unit, on one clock with everything else."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from retropace.errors import UnsupportedFile
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.readers import read as read_path
from retropace.readers import read_bytes
from retropace.readers.sensor_logger import read, sniff
from retropace.recording import MOTION_CHANNELS, FloatArray, Recording

START = datetime(2026, 5, 4, 7, tzinfo=UTC)
ZERO_NS = round(START.timestamp() * 1e9)
N = 300
T = np.arange(N) / 100
MOTION = np.stack([np.sin(9 * T), np.cos(7 * T), np.sin(12 * T)])
GRAVITY = np.tile([[0.0], [6.0], [7.7567]], N)  # of STANDARD_GRAVITY_MPS2, phone leaning
TURNS = np.stack([2 * np.sin(9 * T), np.cos(7 * T), np.sin(5 * T)])


def rows(header: str, times: FloatArray, *columns: FloatArray | list[str]) -> bytes:
    lines = [
        ",".join(str(value) for value in (ZERO_NS + round(second * 1e9), second, *values))
        for second, *values in zip(times, *columns, strict=True)
    ]
    return "\n".join([f"time,seconds_elapsed,{header}", *lines, ""]).encode()


def axes(vectors: FloatArray, times: FloatArray = T) -> bytes:
    return rows("z,y,x", times, *vectors[::-1])


def about(platform: str = "android", standardisation: str = "false") -> bytes:
    return (
        "version,device name,recording epoch time,recording time,recording timezone,platform,appVersion,device id,sensors,"
        f"sampleRateMs,standardisation,platform version\n3,My phone,{ZERO_NS},2026-05-04_07-00-00,Asia/Kolkata,{platform},"
        f"1.64,id,Accelerometer|Gravity,10|10,{standardisation},17\n"
    ).encode()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.csv", data)
    return buffer.getvalue()


def force(recording: Recording) -> FloatArray:
    stream = recording.motion["accelerometer"]
    return np.stack([stream.channels[key] for key in MOTION_CHANNELS["accelerometer"]])


def notes(recording: Recording) -> dict[str, str]:
    return {repair.kind: repair.note for repair in recording.repairs}


def test_android_total_acceleration_is_taken_first() -> None:
    total = MOTION + GRAVITY
    data = zipped(Metadata=about(), TotalAcceleration=axes(total), Accelerometer=axes(MOTION), Gyroscope=axes(TURNS))
    recording = read("walk.zip", data)
    assert sniff("walk.zip", data)
    assert np.allclose(force(recording), total)
    assert np.allclose(recording.motion["gyroscope"].channels["rotation_x_radps"], TURNS[0])
    assert recording.start == START
    assert recording.utc_offset == timedelta(hours=5, minutes=30)
    assert recording.origin.device == "My phone"
    assert recording.repairs == ()


@pytest.mark.parametrize(
    ("platform", "standardisation", "sign"), [("android", "false", 1), ("ios", "true", 1), ("ios", "false", -1)]
)
def test_gravity_is_added_and_apples_sign_turned(platform: str, standardisation: str, sign: int) -> None:
    slow = T[::2] + 0.005  # sensors keep their own times
    data = zipped(
        Metadata=about(platform, standardisation),
        Accelerometer=axes(sign * MOTION),
        Gravity=axes(sign * GRAVITY[:, ::2], slow),
    )
    assert np.allclose(force(read("walk.zip", data)), MOTION + GRAVITY)


def test_raw_acceleration_in_g_on_ios() -> None:
    data = zipped(Metadata=about("ios"), AccelerometerUncalibrated=axes(-(MOTION + GRAVITY) / STANDARD_GRAVITY_MPS2))
    assert np.allclose(force(read("walk.zip", data)), MOTION + GRAVITY)


def test_acceleration_without_gravity_is_left_out_and_said() -> None:
    recording = read("walk.zip", zipped(Metadata=about(), Accelerometer=axes(MOTION), Gyroscope=axes(TURNS)))
    assert set(recording.motion) == {"gyroscope"}
    assert "record Gravity too" in notes(recording)["unknown_part"]
    with pytest.raises(UnsupportedFile, match="TotalAcceleration"):
        read("walk.zip", zipped(Metadata=about(), Accelerometer=axes(MOTION)))


def test_wrist_motion_where_the_phone_recorded_none() -> None:
    own, pull = -MOTION / STANDARD_GRAVITY_MPS2, -GRAVITY / STANDARD_GRAVITY_MPS2
    header = (
        "rotationRateX,rotationRateY,rotationRateZ,gravityX,gravityY,gravityZ,accelerationX,accelerationY,accelerationZ"
    )
    data = zipped(Metadata=about("ios"), WristMotion=rows(header, T, *TURNS, *pull, *own))
    recording = read("walk.zip", data)
    assert np.allclose(force(recording), MOTION + GRAVITY)
    assert np.allclose(recording.motion["gyroscope"].channels["rotation_y_radps"], TURNS[1])


def lean(turned: bool) -> tuple[bytes, FloatArray]:
    """Orientation of a phone that leans by 37.7° about its x axis, from the phone to the earth or the other way."""
    angle = np.arctan2(6.0, 7.7567)
    quaternion = np.array([np.cos(angle / 2), np.sin(angle / 2), 0, 0])
    written = quaternion * ([1, -1, -1, -1] if turned else [1, 1, 1, 1])
    columns = [np.full(N, written[part]) for part in (3, 2, 1, 0)]
    return rows("qz,qy,qx,qw,roll,pitch,yaw", T, *columns, *([np.zeros(N)] * 3)), quaternion


@pytest.mark.parametrize("turned", [False, True])
def test_orientation_goes_from_the_sensor_to_the_earth_whichever_way_it_was_written(turned: bool) -> None:
    data, quaternion = lean(turned)
    recording = read("walk.zip", zipped(Metadata=about(), TotalAcceleration=axes(GRAVITY), Orientation=data))
    found = recording.motion["orientation"].channels
    assert [found[f"quaternion_{part}"][0] for part in "wxyz"] == pytest.approx(list(quaternion))


def test_an_orientation_that_gravity_denies_is_left_out() -> None:
    flat = rows("qz,qy,qx,qw,roll,pitch,yaw", T, *(np.full(N, v) for v in (0, 0, 1, 0)), *([np.zeros(N)] * 3))
    recording = read("walk.zip", zipped(Metadata=about(), TotalAcceleration=axes(GRAVITY), Orientation=flat))
    assert "orientation" not in recording.motion
    assert "gravity" in notes(recording)["unknown_part"]


def test_places_hearts_steps_compass_and_words_share_the_clock() -> None:
    seconds = np.arange(4.0)
    places = rows(
        "bearingAccuracy,speedAccuracy,verticalAccuracy,horizontalAccuracy,speed,bearing,altitude,longitude,latitude",
        seconds + 0.5,
        *(np.full(4, v) for v in (10, 1, 3)),
        np.array([5.0, 5, 5, -1]),
        np.array([2.5, 2.5, -1, 2.5]),
        np.array([90.0, -1, 91, 92]),
        np.full(4, 400.0),
        8 + seconds * 1e-5,
        np.full(4, 47.0),
    )
    data = zipped(
        Metadata=about(),
        TotalAcceleration=axes(GRAVITY),
        Location=places,
        HeartRate=rows("bpm", seconds, 140 + seconds),
        Pedometer=rows("steps", seconds * 2, np.array([0.0, 5, 11, 17])),
        Compass=rows("magneticBearing", seconds, np.array([359.0, 0, 361, 2])),
        Annotation=rows("text,millisecond_press_duration", np.array([1.0, 2.0]), ["backward", "forward"], ["50", "60"]),
    )
    recording = read("walk.zip", data)
    track = recording.track
    assert track.time_s.tolist() == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 6]
    at = np.isfinite(track.channels["latitude_deg"])
    assert track.time_s[at].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert np.array_equal(track.channels["speed_mps"][at], [2.5, 2.5, np.nan, 2.5], equal_nan=True)
    assert np.array_equal(track.channels["course_deg"][at], [90, np.nan, 91, 92], equal_nan=True)
    assert np.array_equal(track.channels["position_error_m"][at], [5, 5, 5, np.nan], equal_nan=True)
    assert track.channels["heart_rate_bpm"][[0, 2]].tolist() == [140, 141]
    assert track.channels["cadence_spm"][[4, 8]].tolist() == [150, 180]
    assert recording.motion["heading"].channels["device_heading_deg"].tolist() == [359, 0, 1, 2]
    assert [(lap.start_s, lap.end_s, lap.name) for lap in recording.laps] == [(1, 2, "backward"), (2, 6, "forward")]
    assert recording.repairs == ()


def test_height_above_the_sea_is_preferred_where_it_is_told() -> None:
    header = "altitudeAboveMeanSeaLevel,altitude,longitude,latitude"
    columns = [np.full(4, 8.0), np.full(4, 47.0)]
    told = rows(header, np.arange(4.0), np.full(4, 352.0), np.full(4, 400.0), *columns)
    assert read("a.zip", zipped(Metadata=about(), Location=told)).track.channels["altitude_m"][0] == 352
    silent = rows(header, np.arange(4.0), [""] * 4, np.full(4, 400.0), *columns)
    assert read("a.zip", zipped(Metadata=about(), Location=silent)).track.channels["altitude_m"][0] == 400


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", ".", "a/" * 300, "Asia/Kolkata\0"])
def test_a_zone_that_is_none_costs_only_the_zone(zone: str) -> None:
    told = about().replace(b"Asia/Kolkata", zone.encode())
    recording = read("a.zip", zipped(Metadata=told, TotalAcceleration=axes(GRAVITY)))
    assert recording.start == START
    assert recording.utc_offset in (None, timedelta(hours=5, minutes=30))


def test_single_files() -> None:
    assert sniff("Gyroscope.csv", axes(TURNS))
    assert set(read("Gyroscope.csv", axes(TURNS)).motion) == {"gyroscope"}
    assert np.allclose(force(read("TotalAcceleration.csv", axes(MOTION + GRAVITY))), MOTION + GRAVITY)
    assert np.allclose(force(read("Accelerometer.csv", axes(MOTION + GRAVITY))), MOTION + GRAVITY)
    with pytest.raises(UnsupportedFile):
        read("Accelerometer.csv", axes(MOTION))
    assert set(read("Gyroscope (2).csv", axes(TURNS)).motion) == {"gyroscope"}
    assert np.allclose(force(read("walk.csv", axes(MOTION + GRAVITY))), MOTION + GRAVITY)
    with pytest.raises(UnsupportedFile, match="keep the files' names"):
        read("walk.csv", axes(TURNS))
    with pytest.raises(UnsupportedFile):
        read("Battery.csv", rows("batteryLevel", T, np.ones(N)))


def test_negative_seconds_before_the_button_was_pressed() -> None:
    recording = read("a.zip", zipped(Metadata=about(), TotalAcceleration=axes(GRAVITY, T - 0.5)))
    assert recording.start == START - timedelta(seconds=0.5)
    assert recording.motion["accelerometer"].time_s[0] == 0


def test_an_unpacked_folder_is_the_same_recording(tmp_path: Path) -> None:
    members = {"Metadata": about(), "TotalAcceleration": axes(GRAVITY), "Gyroscope": axes(TURNS)}
    for name, data in members.items():
        (tmp_path / f"{name}.csv").write_bytes(data)
    folder, packed = read_path(tmp_path), read_bytes("a.zip", zipped(**members))
    assert folder.start == packed.start
    assert np.array_equal(force(folder), force(packed))
    assert folder.origin.name == tmp_path.name
    assert len(folder.origin.sha256) == 64

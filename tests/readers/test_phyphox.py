"""phyphox: every separator it can write, and the pauses its clock leaves out."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from retropace.errors import UnsupportedFile
from retropace.readers import read_bytes
from retropace.readers.phyphox import read, sniff
from retropace.recording import MOTION_CHANNELS, FloatArray, Recording

START = datetime(2026, 5, 4, 7, tzinfo=UTC)
T = np.arange(500) / 100
FORCE = np.stack([np.sin(9 * T), np.cos(7 * T), 9.8 + np.sin(12 * T)])
TURNS = np.stack([2 * np.sin(9 * T), np.cos(7 * T), np.sin(5 * T)])


def written(header: list[str], columns: list[FloatArray], separator: str = ",", decimal: str = ".") -> bytes:
    def number(value: float) -> str:
        return f"{value:.9E}".replace("E+0", "E").replace("E-0", "E-").replace(".", decimal)

    lines = [separator.join(number(value) for value in row) for row in zip(*columns, strict=True)]
    return "\n".join([separator.join(f'"{name}"' for name in header), *lines, ""]).encode()


def vector(name: str, unit: str, values: FloatArray, **how: str) -> bytes:
    return written(["Time (s)", *(f"{name} {axis} ({unit})".strip() for axis in "xyz")], [T, *values], **how)


def clock(*events: tuple[str, float, float], separator: str = ",", decimal: str = ".") -> bytes:
    lines = [separator.join(f'"{name}"' for name in ("event", "experiment time", "system time", "system time text"))]
    for name, own, system in events:
        instant = (START + timedelta(seconds=system, hours=2)).strftime("%Y-%m-%d %H:%M:%S.000 UTC+02:00")
        numbers = (f"{own:.9E}", f"{START.timestamp() + system:.3f}")
        lines.append(separator.join([f'"{name}"', *(text.replace(".", decimal) for text in numbers), f'"{instant}"']))
    return ("\n".join(lines) + "\n").encode()


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def force(recording: Recording) -> FloatArray:
    stream = recording.motion["accelerometer"]
    return np.stack([stream.channels[key] for key in MOTION_CHANNELS["accelerometer"]])


@pytest.mark.parametrize(("separator", "decimal"), [(",", "."), (";", "."), ("\t", "."), (";", ","), ("\t", ",")])
def test_a_zip_in_every_writing(separator: str, decimal: str) -> None:
    how = {"separator": separator, "decimal": decimal}
    data = zipped(
        {
            "Accelerometer.csv": vector("Acceleration", "m/s^2", FORCE, **how),
            "Gyroscope.csv": vector("Gyroscope", "rad/s", TURNS, **how),
            "meta/time.csv": clock(("START", 0, 0), ("PAUSE", 5, 5), **how),
            "meta/device.csv": f'"property"{separator}"value"\n"deviceModel"{separator}"Pixel 9a"\n'.encode(),
        }
    )
    assert sniff("a.zip", data)
    recording = read_bytes("a.zip", data)
    assert recording.origin.format == "phyphox"
    assert recording.start == START
    assert recording.utc_offset == timedelta(hours=2)
    assert recording.origin.device == "Pixel 9a"
    assert np.allclose(force(recording), FORCE)
    assert np.allclose(recording.motion["gyroscope"].channels["rotation_z_radps"], TURNS[2])
    assert recording.motion["gyroscope"].time_s == pytest.approx(T, abs=1e-6)
    assert recording.repairs == ()


def test_a_pause_stops_its_clock_and_not_ours() -> None:
    data = zipped(
        {
            "Raw Data.csv": vector("Acceleration", "m/s^2", FORCE),
            "meta/time.csv": clock(
                ("START", 0, 0), ("PAUSE", 2.005, 2.005), ("START", 2.005, 62), ("PAUSE", 5, 64.995)
            ),
        }
    )
    recording = read("a.zip", data)
    (pause,) = recording.pauses
    assert (pause.start_s, pause.end_s) == pytest.approx((2.005, 62))
    steps = np.diff(recording.motion["accelerometer"].time_s)
    assert steps[200] == pytest.approx(60.005, abs=1e-5)
    assert np.delete(steps, 200) == pytest.approx(np.full(498, 0.01), abs=1e-5)
    assert recording.duration_s == pytest.approx(64.985, abs=1e-5)


@pytest.mark.parametrize("speed", ["Velocity", "Speed"])
def test_places(speed: str) -> None:
    header = ["Time (s)", "Latitude (°)", "Longitude (°)", "Height (m)", f"{speed} (m/s)", "Direction (°)"]
    header.append("Horizontal Accuracy (m)")
    seconds = np.arange(5.0)
    columns = [
        seconds,
        47 + seconds * 1e-5,
        np.full(5, 8.0),
        np.full(5, 400.0),
        np.full(5, 2.5),
        np.full(5, -90.0),
        np.full(5, 4.0),
    ]
    recording = read(
        "a.zip", zipped({"Location.csv": written(header, columns), "meta/device.csv": b'"property","value"\n'})
    )
    assert {key: values[0] for key, values in recording.track.channels.items()} == {
        "latitude_deg": 47,
        "longitude_deg": 8,
        "altitude_m": 400,
        "speed_mps": 2.5,
        "course_deg": 270,
        "position_error_m": 4,
    }
    assert recording.start is None


def test_bare_axes_are_told_by_the_files_name_and_linear_acceleration_is_passed_over() -> None:
    data = zipped(
        {
            "Accelerometer.csv": written(["Time (s)", "X (m/s^2)", "Y (m/s^2)", "Z (m/s^2)"], [T, *FORCE]),
            "Linear Acceleration.csv": written(["Time (s)", "X (m/s^2)", "Y (m/s^2)", "Z (m/s^2)"], [T, *(FORCE * 0)]),
            "Magnetometer.csv": vector("Magnetic field", "µT", np.full((3, 500), 20.0)),
            "meta/time.csv": clock(("START", 0, 0)),
        }
    )
    recording = read("a.zip", data)
    assert np.allclose(force(recording), FORCE)
    assert recording.motion["magnetometer"].channels["magnetic_x_ut"][0] == 20
    assert [(repair.kind, repair.note) for repair in recording.repairs] == [
        ("unknown_part", "(Linear Acceleration.csv.)")
    ]


def test_a_single_file_has_no_date() -> None:
    recording = read_bytes("Raw Data.csv", vector("Acceleration", "m/s^2", FORCE))
    assert recording.origin.format == "phyphox"
    assert recording.start is None
    assert np.allclose(force(recording), FORCE)


def test_only_linear_acceleration_is_refused_with_advice() -> None:
    with pytest.raises(UnsupportedFile, match="with g"):
        read("a.zip", zipped({"Raw Data.csv": vector("Linear Acceleration", "m/s^2", FORCE), "meta/time.csv": clock()}))

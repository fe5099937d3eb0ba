"""Plain tables: by their header or a map, units told only where the values leave no doubt."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from retropace.errors import RetropaceError, UnsupportedFile, UnusableInput
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.readers import read as read_path
from retropace.readers.column_map import Columns, load_columns
from retropace.readers.columns import read, sniff
from retropace.readers.headers import recognised
from retropace.readers.units import UNITS, factor, own_unit
from retropace.recording import MOTION_CHANNELS, FloatArray, Recording

T = np.arange(400) / 50
FORCE = np.stack([np.sin(9 * T), np.cos(7 * T), 9.8 + 3 * np.sin(12 * T)])
TURNS = np.stack([2 * np.sin(9 * T), 3 * np.cos(7 * T), np.sin(5 * T)])
START = datetime(2026, 5, 4, 7, tzinfo=UTC)


def table(header: str, *columns: FloatArray | list[str], separator: str = ",") -> bytes:
    rows = [header.replace(",", separator)]
    rows += [separator.join(str(value) for value in row) for row in zip(*columns, strict=True)]
    return ("\n".join(rows) + "\n").encode()


def kinds(recording: Recording) -> dict[str, str]:
    return {repair.kind: repair.note for repair in recording.repairs}


def force(recording: Recording) -> FloatArray:
    stream = recording.motion["accelerometer"]
    return np.stack([stream.channels[key] for key in MOTION_CHANNELS["accelerometer"]])


@pytest.mark.parametrize(
    "header",
    [
        "time (s),acc_x (m/s^2),acc_y (m/s^2),acc_z (m/s^2)",
        "t[s],ax[m/s2],ay[m/s2],az[m/s2]",
        "seconds_elapsed (s),accelerometer.x (m/s²),accelerometer.y (m/s²),accelerometer.z (m/s²)",
        "time_s,accel_x_mps2,accel_y_mps2,accel_z_mps2",
        "Timestamp (s),X-axis acceleration (m/s^2),Y-axis acceleration (m/s^2),Z-axis acceleration (m/s^2)",
    ],
)
def test_headers_with_units(header: str) -> None:
    recording = read("a.csv", table(header, T, *FORCE))
    assert np.allclose(force(recording), FORCE)
    assert recording.start is None
    assert recording.repairs == ()
    assert recording.duration_s == pytest.approx(T[-1])


@pytest.mark.parametrize(
    ("scale", "turn_scale", "units"),
    [
        (1.0, 1.0, "(accelerometer in m/s2, gyroscope in rad/s.)"),
        (STANDARD_GRAVITY_MPS2, np.pi / 180, "(accelerometer in g, gyroscope in deg/s.)"),
        (STANDARD_GRAVITY_MPS2 / 1000, 1.0, "(accelerometer in mg, gyroscope in rad/s.)"),
    ],
)
@pytest.mark.parametrize(("time_scale", "time_unit"), [(1, "s"), (1e3, "ms"), (1e6, "us"), (1e9, "ns")])
def test_units_are_told_from_the_values(
    scale: float, turn_scale: float, units: str, time_scale: float, time_unit: str
) -> None:
    data = table("timestamp,ax,ay,az,gx,gy,gz", np.round(T * time_scale, 6), *(FORCE / scale), *(TURNS / turn_scale))
    recording = read("a.csv", data)
    assert np.allclose(force(recording), FORCE)
    gyroscope = recording.motion["gyroscope"].channels
    assert np.allclose(gyroscope["rotation_x_radps"], TURNS[0])
    assert kinds(recording) == {"units_assumed": f"Time in {time_unit}. {units}"}


@pytest.mark.parametrize(("factor_s", "unit"), [(1, "s"), (1e3, "ms"), (1e6, "us"), (1e9, "ns")])
def test_large_times_are_dates(factor_s: float, unit: str) -> None:
    stamps = [str(round((START.timestamp() + t) * factor_s)) for t in np.arange(50)]
    recording = read("a.csv", table("timestamp,heart_rate", stamps, np.full(50, 140)))
    assert recording.start == START
    assert recording.track.channels["heart_rate_bpm"].tolist() == [140] * 50
    assert kinds(recording) == {"units_assumed": f"Time in {unit}."}


def test_written_dates() -> None:
    stamps = [(START + timedelta(seconds=i)).isoformat(sep=" ") for i in range(20)]
    recording = read("a.csv", table("time,lat,lon,speed (km/h),hr", stamps, *(np.full(20, v) for v in (47, 8, 9, 140))))
    assert recording.start == START
    assert recording.track.channels["speed_mps"][0] == 2.5
    assert recording.repairs == ()


@pytest.mark.parametrize(
    ("values", "doubt"),
    [
        (FORCE - np.array([[0], [0], [9.8]]), "accelerometer"),  # gravity was taken out
        (FORCE * 30, "accelerometer"),
    ],
)
def test_what_stays_in_doubt_is_left_out(values: FloatArray, doubt: str) -> None:
    recording = read("a.csv", table("t (s),ax,ay,az,gx (rad/s),gy (rad/s),gz (rad/s)", T, *values, *TURNS))
    assert set(recording.motion) == {"gyroscope"}
    assert kinds(recording) == {"unknown_part": f"(Unit in doubt: {doubt}.)"}
    with pytest.raises(UnsupportedFile, match=r"units.*ax, ay, az"):
        read("a.csv", table("t (s),ax,ay,az", T, *values))


def test_a_magnetic_field_scaled_to_one_is_left_out() -> None:
    field = np.full((3, 400), 0.5)
    recording = read("a.csv", table("t (s),ax (g),ay (g),az (g),mx,my,mz", T, *(FORCE / 9.8), *field))
    assert set(recording.motion) == {"accelerometer"}


@pytest.mark.parametrize(
    "header",
    ["t (s),linear_acc_x,linear_acc_y,linear_acc_z", "t (s),userAccelerationX,userAccelerationY,userAccelerationZ"],
)
def test_acceleration_without_gravity_is_no_specific_force(header: str) -> None:
    with pytest.raises(UnsupportedFile, match=r"not understood.*columns map\.toml"):
        read("a.csv", table(header, T, *FORCE))


def test_bare_axes_take_their_sensor_from_unit_or_name() -> None:
    assert set(read("walk.txt", table("t (s),x,y,z (rad/s)", T, *TURNS)).motion) == {"gyroscope"}
    assert set(read("walk_acc_2.txt", table("t (s),x,y,z", T, *FORCE)).motion) == {"accelerometer"}
    assert set(read("walk.txt", table("t (s),x,y,z", T, *FORCE)).motion) == {"accelerometer"}, "gravity is in it"
    for name, axes in (("Linear Acceleration.csv", FORCE), ("walk.txt", TURNS)):
        with pytest.raises(UnsupportedFile):
            read(name, table("t (s),x,y,z", T, *axes))


def test_a_rate_in_the_preamble_and_a_packet_counter() -> None:
    counter = np.concatenate([np.arange(65_400, 65_536), np.arange(0, 64), np.arange(164, 364)])
    data = b"Acquisition frequency: 50 Hz\n" + table("PacketCounter,Acc_X,Acc_Y,Acc_Z", counter, *FORCE, separator="\t")
    recording = read("a.txt", data)
    steps = np.diff(recording.motion["accelerometer"].time_s)
    assert steps[199] == pytest.approx(101 / 50)
    assert np.delete(steps, 199) == pytest.approx(np.full(398, 1 / 50))


def test_tracks_in_fast_tables_are_thinned() -> None:
    rows = table("t (s),ax (g),ay (g),az (g),heart_rate", T, *(FORCE / 9.8), np.full(400, 140))
    assert len(read("a.csv", rows).track) == 8


def test_sensors_on_alternate_rows() -> None:
    blank = [""] * 400
    rows = table("t (s),ax (g),ay (g),az (g),wx (rad/s),wy (rad/s),wz (rad/s)", T, *(FORCE / 9.8), blank, blank, blank)
    rows += table("", T + 0.01, blank, blank, blank, *TURNS)[1:]
    recording = read("a.csv", rows)
    assert {name: len(stream) for name, stream in recording.motion.items()} == {"accelerometer": 400, "gyroscope": 400}


def test_a_direction_is_a_course_only_in_degrees() -> None:
    seconds = np.arange(20.0)
    labelled = read("a.csv", table("t (s),hr,direction", seconds, np.full(20, 140), np.full(20, -1.0)))
    assert set(labelled.track.channels) == {"heart_rate_bpm"}
    turned = read("a.csv", table("t (s),hr,direction (°)", seconds, np.full(20, 140), np.full(20, -90.0)))
    assert turned.track.channels["course_deg"][0] == 270
    coded = read("a.csv", table("t (s),hr,direction_code", seconds, np.full(20, 140), np.full(20, -1.0)))
    assert coded.track.channels["direction_code"][0] == -1


def test_cadence_of_one_foot_is_doubled_and_said() -> None:
    seconds = np.arange(30.0)
    recording = read("a.csv", table("t (s),speed (m/s),cadence", seconds, np.full(30, 2.8), np.full(30, 83.0)))
    assert recording.track.channels["cadence_spm"][0] == 166
    assert set(kinds(recording)) == {"cadence_doubled"}


def test_a_sensor_that_lacks_an_axis_is_left_out() -> None:
    rows = table("t (s),ax (g),ay (g),wx (rad/s),wy (rad/s),wz (rad/s)", T, *(FORCE[:2] / 9.8), *TURNS)
    recording = read("a.csv", rows)
    assert set(recording.motion) == {"gyroscope"}
    assert kinds(recording) == {"unknown_part": "(accelerometer lacks an axis.)"}


def test_units_name_every_channel_they_may_stand_for() -> None:
    for keys in MOTION_CHANNELS.values():
        for key in keys:
            assert factor(key, own_unit(key)) == 1.0
    assert factor("rotation_x_radps", "deg/s") == pytest.approx(0.0174533, abs=1e-7)
    assert factor("acceleration_x_mps2", "-g") == -STANDARD_GRAVITY_MPS2
    assert factor("speed_mps", "km/h") == pytest.approx(1 / 3.6)
    assert all(scale != 0 for units in UNITS.values() for scale in units.values())


def test_nothing_is_recognised_without_a_time() -> None:
    assert recognised(["ax (g)", "ay (g)", "az (g)"]) is None
    assert recognised(["time", "colour"]) is None


def test_sniff() -> None:
    assert sniff("a.csv", table("t,ax,ay,az", T, *FORCE))
    assert not sniff("a.csv", b"\0\1\2\3" * 100)
    assert not sniff("a.txt", b"Dear diary,\ntoday I ran, backward, twice.\n")


MAP = """
rate_hz = 50
[channels.acceleration_x_mps2]
column = "#1"
unit = "-g"
[channels.acceleration_y_mps2]
column = "b"
unit = "-g"
[channels.acceleration_z_mps2]
column = "c"
unit = "-g"
"""


def test_a_map_says_it_all(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(MAP, encoding="utf-8")
    recording = read("a.csv", table("a,b,c", *(-FORCE / STANDARD_GRAVITY_MPS2)), load_columns(path))
    assert np.allclose(force(recording), FORCE)
    assert recording.motion["accelerometer"].time_s == pytest.approx(T)
    assert recording.repairs == ()


def test_a_map_with_times_separator_and_decimal_comma(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    told = 'separator = ";"\ndecimal_comma = true\ncomment = "//"\n[time]\ncolumn = "when"\nunit = "iso"\n'
    path.write_text(told + '[channels.heart_rate_bpm]\ncolumn = "puls"\n', encoding="utf-8")
    rows = "".join(f"{(START + timedelta(seconds=i)).isoformat()};{140 + i},5\n" for i in range(5))
    recording = read("a.csv", f"// mine\nwhen;puls\n{rows}".encode(), load_columns(path))
    assert recording.start == START
    assert recording.track.channels["heart_rate_bpm"].tolist() == [140.5, 141.5, 142.5, 143.5, 144.5]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "time"),
        ("colour = 1", "colour"),
        ("rate_hz = true", "rate_hz"),
        ("rate_hz = 0", "rate_hz"),
        ("rate_hz = 50\n[channels]", "channels"),
        ('rate_hz = 50\n[channels.mood]\ncolumn = "a"', "channels.mood"),
        ("rate_hz = 50\n[channels.speed_mps]\nunit = 'm/s'", "channels.speed_mps.column"),
        ("rate_hz = 50\n[channels.speed_mps]\ncolumn = 'v'\nunit = 'furlong'", "channels.speed_mps.unit"),
        ("[time]\ncolumn = 't'\nunit = 'hours'", "time.unit"),
        ("[time]\nunit = 's'", "time.column"),
        ("rate_hz = 50\nseparator = '::'\n[channels.speed_mps]\ncolumn = 'v'", "separator"),
        ("rate_hz = 50\ndecimal_comma = 1\n[channels.speed_mps]\ncolumn = 'v'", "decimal_comma"),
        ("rate_hz = 50\nbeside = 1\n[channels.speed_mps]\ncolumn = 'v'", "beside"),
        ("rate_hz = [", None),
    ],
)
def test_a_map_that_cannot_be_used_names_the_field(tmp_path: Path, text: str, field: str | None) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInput, match=r"map\.toml") as caught:
        load_columns(path)
    assert caught.value.field == field


def test_a_map_that_does_not_fit_names_the_columns() -> None:
    columns = Columns({"heart_rate_bpm": ("pulse", "bpm")}, rate_hz=1)
    with pytest.raises(UnusableInput, match=r"'pulse'.*a, b"):
        read("a.csv", b"a,b\n1,2\n3,4\n", columns)


def test_a_missing_map_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="cannot be read"):
        load_columns(tmp_path / "none.toml")


def test_the_map_in_the_documentation_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in page.split("```toml\n")[1:]]
    path = tmp_path / "map.toml"
    path.write_text("\n".join(blocks), encoding="utf-8")
    columns = load_columns(path)
    assert columns.channels["acceleration_x_mps2"] == ("Acc_X", "g")
    assert columns.channels["heart_rate_bpm"] == ("pulse", "bpm")
    assert columns.beside is not None
    assert columns.beside.neighbour_of("walk_acc_1.txt") == "walk_gyro_1.txt"
    assert columns.beside.columns.time_unit == "ms"


BESIDE = """
[time]
column = "t"
unit = "s"
[channels.acceleration_x_mps2]
column = "x"
[channels.acceleration_y_mps2]
column = "y"
[channels.acceleration_z_mps2]
column = "z"
[beside]
instead_of = "_acc_"
name_has = "_gyro_"
[beside.channels.rotation_x_radps]
column = "x"
[beside.channels.rotation_y_radps]
column = "y"
[beside.channels.rotation_z_radps]
column = "z"
"""


def test_a_sensor_in_the_file_beside_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "walk_acc_1.txt").write_bytes(table("t,x,y,z", T, *FORCE))
    (tmp_path / "walk_gyro_1.txt").write_bytes(table("t,x,y,z", T + 0.4, *TURNS))
    (tmp_path / "map.toml").write_text(BESIDE, encoding="utf-8")
    columns = load_columns(tmp_path / "map.toml")
    recording = read_path(tmp_path / "walk_acc_1.txt", columns=columns)
    assert np.allclose(force(recording), FORCE)
    assert recording.motion["gyroscope"].time_s[0] == pytest.approx(0.4)
    assert recording.origin.name == "walk_acc_1.txt"
    with pytest.raises(UnusableInput, match="_acc_"):
        read_path(tmp_path / "walk_gyro_1.txt", columns=columns)
    (tmp_path / "walk_gyro_1.txt").unlink()
    with pytest.raises(RetropaceError, match=r"walk_gyro_1\.txt"):
        read_path(tmp_path / "walk_acc_1.txt", columns=columns)

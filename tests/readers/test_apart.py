"""Sensors in files of their own: one recording where that is known, each by itself where it is not, and why."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_files import zipped
from retropace.errors import RetropaceError
from retropace.readers import each_original, gathered, read, read_bytes, read_each, siblings
from retropace.recording import MOTION_CHANNELS, FloatArray, Recording

DATA = Path(__file__).parents[2] / "../shared/data"
START_S = datetime(2026, 5, 4, 7, tzinfo=UTC).timestamp()
T = np.arange(1000) / 50


def force(time_s: FloatArray) -> FloatArray:
    return np.stack([np.sin(9 * time_s), np.cos(7 * time_s), 9.8 + 3 * np.sin(12 * time_s)])


def turns(time_s: FloatArray) -> FloatArray:
    return np.stack([2 * np.sin(9 * time_s), 3 * np.cos(7 * time_s), np.sin(5 * time_s)])


def sensor(of: Callable[[FloatArray], FloatArray], begin_s: float = 0.0, zero_s: float = 0.0, head: str = "") -> bytes:
    """A file of one sensor that began at `begin_s`; its clock showed `zero_s` at nought."""
    own = T + begin_s
    rows = [head + "time (s),x,y,z"]
    rows += [",".join(f"{value:.5f}" for value in row) for row in zip(own + zero_s, *of(own), strict=True)]
    return ("\n".join(rows) + "\n").encode()


def written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def recordings(paths: list[Path]) -> dict[str, Recording]:
    found = dict(read_each(paths))
    assert not [outcome for outcome in found.values() if isinstance(outcome, RetropaceError)]
    return {name: outcome for name, outcome in found.items() if isinstance(outcome, Recording)}


def notes(recording: Recording) -> dict[str, str]:
    return {repair.kind: repair.note for repair in recording.repairs}


@pytest.mark.parametrize("zero_s", [0.0, 5000.0, START_S])
@pytest.mark.parametrize("late_s", [0.0, 0.04])
def test_two_files_of_one_time_are_one(tmp_path: Path, zero_s: float, late_s: float) -> None:
    files = {"walk_acc_1.csv": sensor(force, 0.0, zero_s), "walk_gyro_1.csv": sensor(turns, late_s, zero_s)}
    found = recordings(written(tmp_path, files))
    assert list(found) == ["walk_acc_1.csv + walk_gyro_1.csv"]
    one = next(iter(found.values()))
    assert set(one.motion) == {"accelerometer", "gyroscope"}
    assert one.motion["gyroscope"].time_s[0] == pytest.approx(late_s, abs=1e-6)
    for name, true in (("accelerometer", force), ("gyroscope", turns)):
        stream = one.motion[name]
        values = np.stack([stream.channels[key] for key in MOTION_CHANNELS[name]])
        assert np.allclose(values, true(stream.time_s), atol=1e-4)
    assert (one.start is not None) == (zero_s == START_S)
    assert f"they begin {late_s * 1000:.0f} ms apart" in notes(one)["joined"]


def test_a_clock_of_its_own_that_begins_seconds_later_stays_alone_and_says_why(tmp_path: Path) -> None:
    found = recordings(written(tmp_path, {"a_acc.csv": sensor(force), "a_gyro.csv": sensor(turns, 3.0)}))
    assert list(found) == ["a_acc.csv", "a_gyro.csv"]
    for one in found.values():
        assert "begin 3.0 s apart" in notes(one)["not_joined"]
        assert "beside" not in notes(one)


def test_a_clock_that_ran_before_tells_how_much_later_it_was(tmp_path: Path) -> None:
    files = {"a_acc.csv": sensor(force, 0, 5000), "a_gyro.csv": sensor(turns, 3, 5000)}
    (one,) = recordings(written(tmp_path, files)).values()
    assert one.motion["gyroscope"].time_s[0] == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("acc", "gyro", "why"),
    [
        (sensor(force, 0, START_S), sensor(turns, 3600, START_S), "do not overlap"),
        (sensor(force, 0, START_S), sensor(turns), "time of day"),
        (sensor(force), sensor(force, head=""), "the same sensor"),
    ],
)
def test_what_is_not_one_stays_apart(tmp_path: Path, acc: bytes, gyro: bytes, why: str) -> None:
    gyro = gyro.replace(b"x,y,z", b"acc_x,acc_y,acc_z") if why == "the same sensor" else gyro
    found = recordings(written(tmp_path, {"a_acc.csv": acc, "a_gyro.csv": gyro}))
    assert len(found) == 2
    assert all(why in notes(one)["not_joined"] for one in found.values())


def test_files_called_anything_are_one_where_they_are_of_one_time(tmp_path: Path) -> None:
    named = {"x,y,z": "ax (m/s2),ay (m/s2),az (m/s2)"}, {"x,y,z": "wx (rad/s),wy (rad/s),wz (rad/s)"}
    acc, gyro = (
        data.replace(b"x,y,z", names["x,y,z"].encode())
        for data, names in zip((sensor(force), sensor(turns)), named, strict=True)
    )
    (one,) = recordings(written(tmp_path, {"a.csv": acc, "b.csv": gyro})).values()
    assert set(one.motion) == {"accelerometer", "gyroscope"}
    short = b"\n".join(gyro.split(b"\n")[:400]) + b"\n"
    apart = recordings(written(tmp_path, {"a.csv": acc, "c.csv": short}))
    assert list(apart) == ["a.csv", "c.csv"]
    assert not any("not_joined" in notes(one) for one in apart.values())


def test_one_alone_says_that_the_other_lies_beside_it(tmp_path: Path) -> None:
    acc, _, _ = written(
        tmp_path,
        {"my walk_acc.csv": sensor(force), "my walk_gyro.csv": sensor(turns), "my walk_mag.csv": sensor(turns)},
    )
    (alone,) = recordings([acc]).values()
    assert set(alone.motion) == {"accelerometer"}
    assert notes(alone)["beside"] == 'To read them as one: ./run analyse "my walk_acc.csv" "my walk_gyro.csv"'
    assert "beside" not in notes(read(acc))


def test_folders_and_archives_of_pairs(tmp_path: Path) -> None:
    files = {
        f"walk_{sensor_name}_{n}.csv": sensor(of)
        for n in (1, 2)
        for sensor_name, of in (("acc", force), ("gyro", turns))
    }
    written(tmp_path / "", {f"day/{name}": data for name, data in files.items()})
    inside = recordings([tmp_path / "day"])
    assert list(inside) == [f"day/walk_acc_{n}.csv + walk_gyro_{n}.csv" for n in (1, 2)]
    (tmp_path / "day.zip").write_bytes(zipped(files))
    assert [set(one.motion) for one in recordings([tmp_path / "day.zip"]).values()] == [
        {"accelerometer", "gyroscope"}
    ] * 2
    pair = zipped({name: data for name, data in files.items() if "_1." in name})
    assert set(read_bytes("one.zip", pair).motion) == {"accelerometer", "gyroscope"}


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    paths = written(tmp_path, {"a_acc.csv": sensor(force), "a_gyro.csv": sensor(turns), "b_acc.csv": sensor(force)})
    sources = gathered(paths)
    assert sources[1] == paths[2]
    assert not isinstance(sources[0], Path)
    name, content = sources[0]
    ((told, kept),) = each_original(name, content)
    assert told == name == "a_acc.csv + a_gyro.csv"
    assert not isinstance(kept, RetropaceError)
    assert kept.recording is not None
    again = read_bytes(told, kept.content)
    assert again.origin == kept.recording.origin or again.origin.name == told
    assert set(again.motion) == set(kept.recording.motion) == {"accelerometer", "gyroscope"}


def test_sensor_logger_files_without_their_folder(tmp_path: Path) -> None:
    def rows(axes: FloatArray) -> bytes:
        lines = ["time,seconds_elapsed,z,y,x"]
        lines += [
            f"{int((START_S + t) * 1e9)},{t:.4f},{z:.5f},{y:.5f},{x:.5f}" for t, x, y, z in zip(T, *axes, strict=True)
        ]
        return ("\n".join(lines) + "\n").encode()

    pull = np.tile([[0.0], [0.0], [9.81]], T.size)
    files = {"Accelerometer.csv": rows(force(T) - pull), "Gravity.csv": rows(pull), "Gyroscope.csv": rows(turns(T))}
    (one,) = recordings(written(tmp_path, files)).values()
    assert set(one.motion) == {"accelerometer", "gyroscope"}
    z = one.motion["accelerometer"].channels["acceleration_z_mps2"]
    assert np.allclose(z, force(T)[2], atol=1e-4)


@pytest.mark.parametrize(
    ("names", "together"),
    [
        (["WAL_acc_2_1.txt", "WAL_gyro_2_1.txt"], True),
        (["acc_walking_chest.csv", "Gyroscope_walking_chest.csv"], True),
        (["MetaWear_2019_Accelerometer_100.000Hz_1.4.4.csv", "MetaWear_2019_Gyroscope_50.000Hz_1.4.4.csv"], True),
        (["raw/phone/accel/data_1600_accel_phone.txt", "raw/phone/gyro/data_1600_gyro_phone.txt"], True),
        (["WAL_acc_2_1.txt", "WAL_gyro_2_2.txt"], False),
        (["U1_vertical_accel.csv", "U1_gyro.csv"], False),
        (["Linear Accelerometer.csv", "Gyroscope.csv"], False),
        (["left_acc.csv", "right_gyro.csv"], False),
        (["walk_acc.csv", "walk_accel.csv"], False),
        (["walk_acc.fit", "walk_gyro.fit"], False),
    ],
)
def test_names(names: list[str], together: bool) -> None:
    assert siblings.are_one(names) is together


@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_names(names: list[str]) -> None:
    found = siblings.groups(names)
    flat = [at for group in found for at in group]
    assert len(set(flat)) == len(flat)
    assert all(len(group) > 1 for group in found)


@pytest.mark.parametrize(
    "path",
    [
        *sorted((DATA / "phone-in-pocket-imu").rglob("*_acc_*.txt"))[::4],
        *sorted((DATA / "wrist-watch-imu").rglob("*R02_accel.csv"))[::5],
    ],
    ids=lambda path: path.stem,
)
def test_real_pairs(path: Path) -> None:
    other = path.with_name(path.name.replace("_acc", "_gyro").replace("_gyroel", "_gyro"))
    (one,) = recordings([path, other]).values()
    assert set(one.motion) == {"accelerometer", "gyroscope"}
    assert "joined" in notes(one)

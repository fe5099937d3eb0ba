"""Files of raw motion as laboratories and small sensors write them, each read as what it is; units only without doubt."""

from itertools import pairwise

import numpy as np
import pytest

from retropace.errors import RetropaceError, UnreadableFile, UnusableInput
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.readers import read_bytes
from retropace.readers.growing import GrowingTable
from retropace.recording import MOTION_CHANNELS, FloatArray, Recording

RATE_HZ = 100.0
T = np.arange(1200) / RATE_HZ
#: A foot that swings once in 1.1 s: pitch to and fro, gravity with it, a knock at every landing.
PITCH = 0.6 * np.sin(2 * np.pi * T / 1.1)
TURN = np.gradient(PITCH, T)
FORCE = np.stack(
    [
        STANDARD_GRAVITY_MPS2 * np.sin(PITCH),
        0.5 * np.sin(2 * np.pi * T / 0.55),
        STANDARD_GRAVITY_MPS2 * np.cos(PITCH) + 4 * np.maximum(0, np.sin(2 * np.pi * T / 1.1)) ** 8,
    ]
)
TURNS = np.stack([0.2 * TURN, TURN, 0.1 * np.cos(2 * np.pi * T / 1.1)])
FIELD = np.tile([[20.0], [5.0], [-40.0]], T.size)
DEGREES, GRAVITIES = TURNS * 180 / np.pi, FORCE / STANDARD_GRAVITY_MPS2
NUMBER = np.arange(float(T.size))


def written(header: str, *columns: FloatArray | list[str], before: str = "", separator: str = ",") -> bytes:
    lines = [header] if header else []
    lines += [
        separator.join(cell if isinstance(cell, str) else f"{cell:.17g}" for cell in row)
        for row in zip(*columns, strict=True)
    ]
    return (before + "\n".join(lines) + "\n").encode()


def axes(recording: Recording, stream: str) -> FloatArray:
    return np.stack([recording.motion[stream].channels[key] for key in MOTION_CHANNELS[stream]])


def is_as_felt(recording: Recording) -> bool:
    return (
        np.allclose(axes(recording, "accelerometer"), FORCE)
        and np.allclose(axes(recording, "gyroscope"), TURNS)
        and np.allclose(recording.motion["gyroscope"].time_s, T)
    )


WRITINGS = [
    written("time,left_foot_acc_x,left_foot_acc_y,left_foot_acc_z,lf_gyr_x,lf_gyr_y,lf_gyr_z", T, *FORCE, *TURNS),
    written("time,imu1_ax,imu1_ay,imu1_az,imu1_gx,imu1_gy,imu1_gz", T, *FORCE, *TURNS),
    written("IMU_Timestamp,GyroX[dps],GyroY[dps],GyroZ[dps],AccelX[g],AccelY[g],AccelZ[g]", T, *DEGREES, *GRAVITIES),
    written("Time_ms,Accel_X_g,Accel_Y_g,Accel_Z_g,Gyro_X_dps,Gyro_Y_dps,Gyro_Z_dps", T * 1e3, *GRAVITIES, *DEGREES),
    written(
        "Shimmer_Timestamp_Unix_CAL\tShimmer_Accel_LN_X_CAL\tShimmer_Accel_LN_Y_CAL\tShimmer_Accel_LN_Z_CAL"
        "\tShimmer_Gyro_X_CAL\tShimmer_Gyro_Y_CAL\tShimmer_Gyro_Z_CAL\nms\tm/(s^2)\tm/(s^2)\tm/(s^2)\tdeg/s\tdeg/s\tdeg/s",
        1.6e12 + T * 1e3,
        *FORCE,
        *DEGREES,
        separator="\t",
    ),
    written(
        "%time,field.angular_velocity.x,field.angular_velocity.y,field.angular_velocity.z,"
        "field.linear_acceleration.x,field.linear_acceleration.y,field.linear_acceleration.z",
        T,
        *TURNS,
        *FORCE,
    ),
    written(
        "Zeit [s];Beschleunigung X [m/s²];Beschleunigung Y [m/s²];Beschleunigung Z [m/s²];"
        "Drehrate X [°/s];Drehrate Y [°/s];Drehrate Z [°/s]",
        T,
        *FORCE,
        *DEGREES,
        separator=";",
    ).replace(b".", b","),
    written("Frame,ax,ay,az,gx,gy,gz", NUMBER, *FORCE, *TURNS, before="# Sampling Frequency: 100\n"),
    written("ax,ay,az,gx,gy,gz", *FORCE, *TURNS, before="# fs = 100\n"),
    written("SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z", 7e6 + T * 1e4, *FORCE, *TURNS),
    written("SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z", 7e6 + T * 1e6, *FORCE, *DEGREES),
    written("", T, *FORCE, *TURNS),
    written("", T * 1e3, *DEGREES, *FIELD, *GRAVITIES, separator=" "),
    written("", *FORCE, *TURNS, before="Acquisition frequency: 100 Hz\n", separator="\t"),
]


@pytest.mark.parametrize("data", WRITINGS, ids=range(len(WRITINGS)))
def test_other_writings_of_the_same(data: bytes) -> None:
    assert is_as_felt(read_bytes("walk.txt", data))


@pytest.mark.parametrize("data", WRITINGS, ids=range(len(WRITINGS)))
def test_they_are_read_alike_while_they_grow(data: bytes) -> None:
    growing = GrowingTable("walk.txt")
    cuts = [0, len(data) // 2, len(data) // 2 + 7001, len(data)]
    pieces = [growing.push(data[begin:end]) for begin, end in pairwise(cuts)]
    given = [*pieces, growing.push(b"", ends=True)]
    time_s = np.concatenate([streams["gyroscope"].time_s for streams in given if streams])
    turns = np.concatenate([streams["gyroscope"].channels["rotation_y_radps"] for streams in given if streams])
    assert np.allclose(time_s, T)
    assert np.allclose(turns, TURNS[1])


def test_gravity_alone_or_rotation_alone() -> None:
    turned = read_bytes("a.csv", written("Time,gx (deg/s),gy (deg/s),gz (deg/s)", T, *DEGREES))
    assert np.allclose(axes(turned, "gyroscope"), TURNS)
    felt = read_bytes("a.csv", written("elapsed (s),x-axis (g),y-axis (g),z-axis (g)", T, *GRAVITIES))
    assert np.allclose(axes(felt, "accelerometer"), FORCE)


def test_of_several_sensors_alike_the_first_is_read_and_the_others_are_told() -> None:
    header = "time," + ",".join(f"{kind}_{axis}_{side}" for side in "LR" for kind in ("acc", "gyr") for axis in "xyz")
    recording = read_bytes("a.csv", written(header, T, *FORCE, *TURNS, *-FORCE, *-TURNS))
    assert is_as_felt(recording)
    assert recording.chosen is not None
    assert (recording.chosen.name, recording.chosen.of) == ("l", ("l", "r"))
    assert "several" in [repair.kind for repair in recording.repairs]


@pytest.mark.parametrize("mark", [".", ":"])
def test_times_of_day_count_on_over_midnight(mark: str) -> None:
    seconds = (86_390 + T) % 86_400
    stamps = [f"{int(s // 3600):02d}:{int(s // 60 % 60):02d}:{s % 60:06.3f}".replace(".", mark) for s in seconds]
    recording = read_bytes("a.csv", written("time,ax,ay,az,gx,gy,gz", stamps, *FORCE, *TURNS))
    assert recording.duration_s == pytest.approx(T[-1])
    assert recording.start is None


def test_dates_as_sensors_programs_write_them() -> None:
    stamps = [f"2024/5/3 10:00:{int(s):02d}:{round(s % 1 * 1000):03d}" for s in T.round(2)]
    recording = read_bytes("a.csv", written("time,ax,ay,az", stamps, *FORCE))
    assert recording.start is not None
    assert recording.start.isoformat() == "2024-05-03T10:00:00+00:00"
    assert recording.duration_s == pytest.approx(T[-1])


def test_a_long_pause_does_not_hide_the_unit_of_time() -> None:
    recording = read_bytes("a.csv", written("time,ax,ay,az,gx,gy,gz", T + 3600 * (T > 6), *FORCE, *TURNS))
    assert recording.duration_s == pytest.approx(3600 + T[-1])


def test_times_that_are_nought_now_and_then_do_not_hide_it_either() -> None:
    lost = np.where(NUMBER % 40 == 7, 0.0, T)
    assert read_bytes("a.csv", written("time,ax,ay,az", lost, *FORCE)).duration_s == pytest.approx(T[-1], abs=0.02)


@pytest.mark.parametrize("back_s", [3.0, 6.0])
def test_a_clock_that_is_set_back_goes_on(back_s: float) -> None:
    data = written("time (s),ax,ay,az,gx,gy,gz", np.where(T >= 6, T - back_s, T), *FORCE, *TURNS)
    recording = read_bytes("a.csv", data)
    assert recording.duration_s == pytest.approx(T[-1] + 2, abs=0.02)
    assert np.allclose(axes(recording, "accelerometer"), FORCE)
    assert [repair.count for repair in recording.repairs if repair.kind == "time_backward"] == [1]


def test_what_was_written_twice_is_read_once() -> None:
    once = written("time (s),ax,ay,az,gx,gy,gz", T, *FORCE, *TURNS)
    twice = once + once.partition(b"\n")[2]
    assert is_as_felt(read_bytes("a.csv", twice))


@pytest.mark.parametrize("rest", [0.0, 1.0, 6.0])
def test_rest_says_nothing_about_the_unit_of_rotation(rest: float) -> None:
    random = np.random.default_rng(5)
    still = np.array([[0.0], [0.0], [9.8]]) + random.normal(0, 0.05, (3, T.size))
    recording = read_bytes("a.csv", written("t (s),ax,ay,az,gx,gy,gz", T, *still, *random.normal(0, rest, (3, T.size))))
    assert set(recording.motion) == {"accelerometer"}
    assert "(Unit in doubt: gyroscope.)" in [repair.note for repair in recording.repairs]


def test_a_sprinters_foot_turns_faster_than_anything_else() -> None:
    shaken = GRAVITIES + 7 * (GRAVITIES - GRAVITIES.mean(axis=1, keepdims=True))
    recording = read_bytes("a.csv", written("t (s),ax (g),ay (g),az (g),gx,gy,gz", T, *shaken, *(8 * TURNS)))
    assert np.allclose(axes(recording, "gyroscope"), 8 * TURNS)


def test_a_little_movement_in_a_long_rest_tells_the_unit() -> None:
    rest = np.zeros((3, 40 * T.size))
    time_s = np.arange(41 * T.size) / RATE_HZ
    force = np.concatenate([rest + np.array([[0], [0], [9.81]]), FORCE], axis=1)
    recording = read_bytes(
        "a.csv", written("t (s),ax,ay,az,gx,gy,gz", time_s, *force, *np.concatenate([rest, DEGREES], axis=1))
    )
    assert np.allclose(axes(recording, "gyroscope")[:, -T.size :], TURNS)


def test_acceleration_without_gravity_is_told_so() -> None:
    linear = FORCE - FORCE.mean(axis=1, keepdims=True)
    header = "t (s),acc_x (m/s2),acc_y (m/s2),acc_z (m/s2)"
    with pytest.raises(UnusableInput, match="holds no gravity"):
        read_bytes("a.csv", written(header, T, *linear))
    with_turns = written(header + ",gx (rad/s),gy (rad/s),gz (rad/s)", T, *linear, *TURNS)
    recording = read_bytes("a.csv", with_turns)
    assert set(recording.motion) == {"gyroscope"}
    assert any("no gravity" in repair.note for repair in recording.repairs)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"Time,ax,ay,az,gx,gy,gz\n", "no two rows"),
        (b"Time,ax,ay,az,gx,gy,gz\n0,0,0,9.8,0,0,0\n", "no two rows"),
        (written("sample,ax,ay,az,gx,gy,gz", NUMBER, *FORCE, *TURNS), "no rate is named"),
        (written("", NUMBER, *FORCE, *TURNS), "no rate is named"),
        (written("", T, *FIELD, *TURNS), "not understood"),
        (written("time,ax,ay,az,gx,gy,gz", T, *(FORCE * 0), *(TURNS * 0)), "units of the columns"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, what: str) -> None:
    with pytest.raises(RetropaceError, match=what) as refused:
        read_bytes("a.csv", data)
    assert refused.value.remedy
    assert ("rows" in what) == isinstance(refused.value, UnreadableFile)

"""Several sensors in one table: all are found and named, the best for direction is read, or the one that is asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import UnusableInput
from retropace.readers import read_bytes
from retropace.readers.column_map import Columns, Wish
from retropace.readers.headers import recognised
from retropace.readers.places import place_of, tells_apart
from retropace.recording import MOTION_CHANNELS, Recording
from writings import A, D, T, W, rows

#: How authors name the axes of a sensor at a place; {s} stands for its sensor, {a} for its axis.
NAMINGS = {
    "LeftFoot_AccX": ("{P}_{S}{A}", {"Acc", "Gyr"}),
    "right_foot_gyr_y": ("{p}_{s}_{a}", {"acc", "gyr"}),
    "Pelvis acc z": ("{P} {s} {a}", {"acc", "gyr"}),
    "foot/acc/x": ("{p}/{s}/{a}", {"acc", "gyr"}),
    "acc_foot_x": ("{s}_{p}_{a}", {"acc", "gyr"}),
    "footaccx": ("{p}{s}{a}", {"acc", "gyr"}),
    "foot_ANGVEL_x": ("{p}_{s}_{a}", {"ACC", "ANGVEL"}),
    "Foot Accel Sensor X (mG)": ("{P} {s} Sensor {A}", {"Accel", "Gyroscope"}),
    "foot_Accel_X": ("{p}_{s}_{A}", {"Accel", "Gyro"}),
    "AccX.foot": ("{s}{A}.{p}", {"Acc", "Gyr"}),
    "foot.accelerometer.x": ("{p}.{s}.{a}", {"accelerometer", "gyroscope"}),
}


def named(pattern: str, place: str, sensors: set[str]) -> list[str]:
    """The six columns of one place."""
    return [
        pattern.format(P=place.title().replace(" ", ""), p=place.replace(" ", "_"), S=s, s=s, A=axis.upper(), a=axis)
        for s in sorted(sensors, key=lambda word: word.lower()[:2] != "ac")
        for axis in "xyz"
    ]


def table(*places: str, naming: str = "right_foot_gyr_y") -> bytes:
    """A table with one IMU at each of `places`; the numbers tell them apart: that of sensor `number` are so much less."""
    pattern, sensors = NAMINGS[naming]
    header = ["time", *(name for place in places for name in named(pattern, place, sensors))]
    columns = [axis * (1 - 0.02 * number) for number in range(len(places)) for axis in (*A, *D)]
    return rows(",".join(header), [T, *columns])


def number_read(recording: Recording) -> int:
    """Which of the sensors in a `table` it is of; both its parts are of the same one."""
    scales = {
        stream: np.max(np.abs(recording.motion[stream].channels[MOTION_CHANNELS[stream][1]])) / np.max(np.abs(felt[1]))
        for stream, felt in (("accelerometer", A), ("gyroscope", W))
    }
    numbers = {round((1 - scale) / 0.02) for scale in scales.values()}
    assert len(numbers) == 1
    return int(numbers.pop())


@pytest.mark.parametrize("naming", NAMINGS)
def test_every_naming_is_understood_and_the_foot_read(naming: str) -> None:
    recording = read_bytes("a.csv", table("wrist", "pelvis", "foot", "thigh", naming=naming))
    assert number_read(recording) == 2
    assert recording.chosen.name == "foot"
    assert recording.chosen.of == ("wrist", "pelvis", "foot", "thigh")
    assert recording.chosen.placement == "foot"


@pytest.mark.parametrize(
    ("places", "best"),
    [
        (("head", "wrist", "left shank"), 2),
        (("left shank", "right thigh", "wrist"), 1),
        (("right thigh", "lower back", "left shank"), 1),
        (("sacrum", "right shoe", "left shoe"), 1),
        (("wrist", "imu 1", "imu 2"), 1),
        (("imu 1", "imu 2"), 0),
    ],
)
def test_the_best_for_direction_is_read(places: tuple[str, ...], best: int) -> None:
    assert number_read(read_bytes("a.csv", table(*places))) == best


def test_what_is_asked_for_is_read_by_any_part_of_its_name() -> None:
    data = table("left foot", "right foot", "pelvis")
    for wished, number in (("right", 1), ("RightFoot", 1), ("PEL", 2), ("left_foot", 0)):
        assert number_read(read_bytes("a.csv", data, columns=Columns({}, wish=Wish(wished)))) == number


def test_a_whole_name_comes_before_a_part() -> None:
    data = table("imu 1", "imu 11")
    assert number_read(read_bytes("a.csv", data, columns=Columns({}, wish=Wish("imu1")))) == 0


@pytest.mark.parametrize(("wished", "what"), [("nose", "No sensor here is called 'nose'"), ("foot", "fits 2")])
def test_what_fits_none_or_several_is_answered_by_the_list(wished: str, what: str) -> None:
    with pytest.raises(UnusableInput, match=what) as refused:
        read_bytes("a.csv", table("left foot", "right foot", "pelvis"), columns=Columns({}, wish=Wish(wished)))
    assert refused.value.remedy == "Choose one of: left foot, right foot, pelvis."


def test_the_place_that_is_told_is_read() -> None:
    data = table("left foot", "pelvis", "wrist")
    for placement, number in (("waist", 1), ("wrist", 2), ("foot", 0), ("pocket", 0)):
        assert number_read(read_bytes("a.csv", data, columns=Columns({}, wish=Wish(placement=placement)))) == number


def test_one_sentence_says_which_was_read() -> None:
    recording = read_bytes("a.csv", table("left foot", "pelvis"))
    told = [repair for repair in recording.repairs if repair.kind == "several"]
    assert [(repair.count, "“left foot”" in repair.note, "--sensor" in repair.note) for repair in told] == [
        (2, True, True)
    ]


def test_one_sensor_alone_needs_no_sentence() -> None:
    recording = read_bytes("a.csv", table("left foot"))
    assert not [repair for repair in recording.repairs if repair.kind == "several"]
    assert recording.chosen.placement == "foot"


def test_a_rotation_never_joins_an_acceleration_elsewhere() -> None:
    columns = [f"foot_acc_{axis}" for axis in "xyz"] + [f"wrist_gyr_{axis}" for axis in "xyz"]
    recording = read_bytes("a.csv", rows(",".join(["time", *columns]), [T, *A, *D]))
    assert set(recording.motion) == {"accelerometer"}
    assert recording.chosen.of == ("foot", "wrist")


def test_each_sensor_keeps_its_own_time() -> None:
    columns = [
        f"{place}_{word}" for place in ("wrist", "foot") for word in ("time", "ax", "ay", "az", "gx", "gy", "gz")
    ]
    recording = read_bytes("a.csv", rows(",".join(columns), [T, *A, *W, T / 2, *A, *W]))
    assert recording.duration_s == pytest.approx(T[-1] / 2)


def test_words_on_how_it_was_measured_part_nothing() -> None:
    names = ["S_Accel_WR_{}_RAW", "S_Accel_LN_{}_CAL", "S_Gyro_{}_CAL"]
    found = recognised(["S_Timestamp_Unix_CAL (ms)", *(name.format(axis) for name in names for axis in "XYZ")])
    assert found is not None
    assert found.channels["acceleration_x_mps2"][0] == "S_Accel_LN_X_CAL"
    assert found.channels["rotation_x_radps"][0] == "S_Gyro_X_CAL"
    assert len(found.chosen.of) == 1


@pytest.mark.parametrize(
    ("words", "placement"),
    [
        *(
            (words, "foot")
            for words in ("left foot", "lfoot", "footr", "rf", "right heel", "lankle", "l shank", "foot lt")
        ),
        *((words, "waist") for words in ("l5", "lower back", "sacrum", "waist", "belt")),
        *((words, "pocket") for words in ("rthigh", "left upper leg", "right pocket")),
        *(("wrist", "wrist"), ("left hand", "hand"), ("upper arm", "hand"), ("right lower leg", "foot")),
        *((words, None) for words in ("chest", "head", "imu 1", "", "arm")),
    ],
)
def test_places_by_their_names(words: str, placement: str | None) -> None:
    assert place_of(words.split()).placement == placement


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_words_have_a_place(words: list[str]) -> None:
    assert place_of(words).rank >= 0
    assert all(isinstance(tells_apart(word), bool) for word in words)


@given(st.lists(st.text("abcxyzgyrofLRT12_ .:/()[]", max_size=14), max_size=12))
def test_any_header_is_understood_or_not(header: list[str]) -> None:
    found = recognised(header)
    assert found is None or {column for column, _ in found.channels.values()} <= set(header)

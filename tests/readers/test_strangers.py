"""Tables of strangers: the right sensor in the right units at the right rate, or a sentence that says what to do."""

from pathlib import Path

import numpy as np
import pytest

from retropace.errors import RetropaceError
from retropace.readers import read, read_bytes
from retropace.readers.column_map import Columns, Wish, at_rate
from retropace.recording import FloatArray
from strangers import STRANGERS, B, V
from writings import A, T, W, assert_as_felt, rows

FEET = Path(__file__).parents[2] / "../shared/data/feet-and-lower-back-imu"
READ = [name for name, writing in STRANGERS.items() if set(writing.holds) <= {"A", "W"}]
REFUSED = [name for name in STRANGERS if name not in READ]


@pytest.mark.parametrize("name", READ)
def test_it_is_read(name: str) -> None:
    assert_as_felt(read_bytes(name, STRANGERS[name].data), STRANGERS[name].holds)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(RetropaceError, match=STRANGERS[name].holds) as refused:
        read_bytes(name, STRANGERS[name].data)
    assert refused.value.remedy


@pytest.mark.parametrize("name", ["numbers.csv", "too_coarse.csv", "ticks.csv", "no_moment.csv"])
def test_a_rate_helps_where_the_time_does_not(name: str) -> None:
    assert_as_felt(read_bytes(name, STRANGERS[name].data, columns=at_rate(100)), "AW")


@pytest.mark.parametrize(("name", "wished"), [("places_in_turn.csv", "wrist"), ("numbered_rows.csv", "12")])
def test_rows_of_the_sensor_that_is_asked_for(name: str, wished: str) -> None:
    recording = read_bytes(name, STRANGERS[name].data, columns=Columns({}, wish=Wish(wished)))
    assert recording.chosen.name == wished
    assert recording.motion["gyroscope"].channels["rotation_y_radps"] == pytest.approx(V[1], abs=0.02)
    assert recording.motion["accelerometer"].channels["acceleration_y_mps2"] == pytest.approx(B[1], abs=0.02)


def test_what_lacks_gravity_is_told() -> None:
    repairs = read_bytes("a.csv", STRANGERS["without_gravity.csv"].data).repairs
    assert any("without gravity" in repair.note for repair in repairs)


def test_places_without_names_are_asked_for_by_their_columns() -> None:
    data = rows(None, [T, *B, *V, *A, *W])
    first = read_bytes("a.csv", data)
    assert first.chosen.of == ("column 2", "column 8")
    assert_as_felt(read_bytes("a.csv", data, columns=Columns({}, wish=Wish("column 8"))), "AW")


# -- columns that are no threes -------------------------------------------------------------------------------------------


def real(site: str) -> list[FloatArray]:
    """Acceleration [m/s2] and rotation [°/s] of a walker who stands still first."""
    if not FEET.is_dir():
        pytest.skip(f"{FEET} is absent")
    motion = read(FEET / f"1-1_{site}.txt").motion
    return [
        scale * np.stack(list(motion[stream].channels.values()))
        for stream, scale in (("accelerometer", 1.0), ("gyroscope", np.degrees(1.0)))
    ]


def shuffled(*parts: FloatArray) -> bytes:
    """A table without header or time."""
    count = min(part.shape[1] for part in parts)
    return rows(None, [axis for part in parts for axis in part[:, :count]], "\t")


def test_columns_that_are_no_threes_never_pose_as_a_sensor() -> None:
    force, turns = real("lf")
    back, _ = real("lb")
    count = force.shape[1]
    heart = 3 * np.random.default_rng(1).normal(size=(2, count))
    field = np.stack([np.full(count, size) for size in (20.0, 5.0, -40.0)])
    for parts in (
        (back, heart, force, turns, field),
        (force, heart[:1], turns),
        (force, 30 + 0.1 * heart[:1], turns),
        (force, turns[1:], field),
        (70 + heart[:1], force, turns, field),
    ):
        with pytest.raises(RetropaceError, match="not understood") as refused:
            read_bytes("a.log", shuffled(*parts), columns=at_rate(100))
        assert "--columns" in (refused.value.remedy or "")


def test_threes_are_read_in_any_order() -> None:
    force, turns = real("lf")
    count = force.shape[1]
    field = np.stack([np.full(count, size) for size in (20.0, 5.0, -40.0)])
    for parts in ((force, turns), (turns, force), (force, field, turns), (force, turns, field)):
        recording = read_bytes("a.log", shuffled(*parts), columns=at_rate(100))
        read_turns = recording.motion["gyroscope"].channels["rotation_y_radps"]
        assert read_turns == pytest.approx(np.radians(turns[1][: len(read_turns)]), abs=0.01)

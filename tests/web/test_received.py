"""Received: what is sent is told apart, named, and answered one by one."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import UploadFile

from made_files import fit
from retropace.web.received import Received, State, parcels, short_name


def upload(name: str, content: bytes = b"x") -> UploadFile:
    return UploadFile(io.BytesIO(content), filename=name, size=len(content))


def test_single_files_stay_single_and_keep_their_order() -> None:
    found = parcels([upload("b.fit", b"1"), upload("a.fit", b"2"), upload("b.fit", b"3")])
    assert [(parcel.name, parcel.load()) for parcel in found] == [("b.fit", b"1"), ("a.fit", b"2"), ("b.fit", b"3")]


def test_a_folder_of_a_sensor_app_is_one_recording_and_the_rest_of_it_is_not() -> None:
    names = ("out/run/Metadata.csv", "out/run/Accelerometer.csv", "out/run.fit", "out/other.gpx")
    found = parcels([upload(name, name.encode()) for name in names])
    assert sorted(parcel.name for parcel in found) == ["other.gpx", "run.fit", "run.zip"]
    packed = next(parcel for parcel in found if parcel.name == "run.zip")
    assert packed.load() == packed.load(), "the same folder sent twice must be the same bytes"
    assert packed.load()[:2] == b"PK"


def test_sensors_in_files_of_their_own_come_packed_together() -> None:
    sent = [upload("a_acc.csv"), upload("run.fit"), upload("a_gyro.csv"), upload("d/b_acc.csv"), upload("d/b_gyro.csv")]
    found = parcels(sent)
    assert [parcel.name for parcel in found] == ["a_acc.csv + a_gyro.csv", "run.fit", "b_acc.csv + b_gyro.csv"]
    assert [parcel.load()[:2] for parcel in found] == [b"PK", b"x", b"PK"]
    twice = parcels([upload("a_acc.csv"), upload("a_gyro.csv"), upload("a_acc.csv")])
    assert [parcel.name for parcel in twice] == ["a_acc.csv", "a_gyro.csv", "a_acc.csv"]


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("C:\\Users\\me\\run.fit", "run.fit"),
        ("../../etc/passwd", "passwd"),
        ("/abs/run.fit", "run.fit"),
        ("a\x1b[31mb.fit", "a?[31mb.fit"),
    ],
)
def test_names_lose_folders_and_signs_that_steer(given_name: str, name: str) -> None:
    assert [parcel.name for parcel in parcels([upload(given_name)])] == [name]


@given(st.text(min_size=1, max_size=600))
def test_any_name_can_be_kept(name: str) -> None:
    short = short_name(name)
    assert len(short) <= 200
    assert short.encode().decode() == short
    assert short.isprintable()


def test_what_the_command_line_would_do_is_not_told_here() -> None:
    from retropace.errors import UnreadableFile

    advice = Received("x", State.REFUSED, error=UnreadableFile("Odd", remedy="Use --columns map.toml.")).remedy
    assert "--" not in advice
    assert "FIT" in advice
    assert Received("x", State.REFUSED, error=UnreadableFile("Odd", remedy="Copy it again.")).remedy == "Copy it again."


def test_more_than_a_gigabyte_is_refused_unread() -> None:
    from retropace.errors import UnreadableFile

    large = upload("day.csv", fit())
    large.size = 1_000_000_001
    with pytest.raises(UnreadableFile, match="larger than 1 GB"):
        parcels([large])[0].load()

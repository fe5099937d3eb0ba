"""Small files: read or refused in one sentence, written whole or not at all."""

import datetime as dt
import os
from pathlib import Path

import pytest

from retropace.errors import UnusableInput
from retropace.files import read_table, require_near, require_sound, write_whole


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a = " + b"[" * 5000, "nested"),
        (b"a = " + b"9" * 5000, "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"a = ", "cannot be read"),
        (b"# " + b"x" * 5_000_001, "too long"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "me.toml"
    path.write_bytes(content)
    with pytest.raises(UnusableInput, match=says):
        read_table(path)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), dt.date(1, 1, 1), dt.date(9999, 12, 31)])
def test_numbers_and_days_without_sense_are_named_by_their_field(value: object) -> None:
    with pytest.raises(UnusableInput, match=r"calendar\.start"):
        require_sound({"calendar": {"start": [value]}}, "wanted.toml")
    require_sound({"weeks": 12, "start": dt.date(2026, 11, 22)}, "wanted.toml")


def test_a_far_day_is_refused() -> None:
    with pytest.raises(UnusableInput, match="--on"):
        require_near(dt.date(9999, 1, 1), "--on")


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, b"summary")
    assert os.read(reading, 100) == b"summary"
    os.close(reading)
    assert pipe.is_fifo()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["", "n" * 300, "file/below"])
def test_a_place_that_holds_no_file_is_refused_and_nothing_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    with pytest.raises(UnusableInput):
        write_whole(tmp_path / name, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_name_as_long_as_the_disk_takes(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 255), b"new")
    assert len(list(tmp_path.iterdir())) == 1

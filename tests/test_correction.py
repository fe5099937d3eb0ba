"""Corrections: a person's word, read without surprises or refused in one sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.correction import elapsed_s, load_corrections, span
from retropace.errors import UnusableInput
from retropace.quantities import Direction


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("13:28", 808), ("1:02:05", 3725), ("0:00.5", 0.5), (90, 90), (12.25, 12.25), ("45", 45), ("90:00", 5400)],
)
def test_times(text: object, seconds: float) -> None:
    assert elapsed_s(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "soon", "1:2:3:4", -1, True, None, [], float("nan"), "inf", 1e12])
def test_rubbish_times_are_refused(text: object) -> None:
    with pytest.raises(UnusableInput, match="is not a time"):
        elapsed_s(text)


def test_spans() -> None:
    declared = span("13:28-13:36", Direction.BACKWARD)
    assert (declared.start_s, declared.end_s, declared.by) == (808, 816, "person")
    for wrong in ("13:28", "13:36-13:28", "a-b", "-", "5-5"):
        with pytest.raises(UnusableInput):
            span(wrong, Direction.BACKWARD)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[[bouts]]\nfrom = "0:10"\nto = 20\ndirection = "unknown"\n')
    (declared,) = load_corrections(path)
    assert (declared.start_s, declared.end_s, declared.direction) == (10, 20, Direction.UNKNOWN)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "bouts = 3",
        "[[bouts]]",
        '[[bouts]]\nfrom = 1\nto = 2\ndirection = "up"',
        '[[bouts]]\nfrom = 3\nto = 2\ndirection = "forward"',
        '[[bouts]]\nfrom = 1\nto = 2\ndirection = "forward"\nextra = 1',
        "not toml [",
        "\x00",
    ],
)
def test_rubbish_files_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(content)
    with pytest.raises(UnusableInput, match=r"c\.toml"):
        load_corrections(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput):
        load_corrections(tmp_path / "none.toml")


@given(st.binary(max_size=80))
def test_any_bytes_give_corrections_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("c") / "c.toml"
    path.write_bytes(content)
    with pytest.raises(UnusableInput):
        load_corrections(path)

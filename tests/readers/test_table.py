"""Tables: the same numbers whatever the separator, decimal sign, quotes, preamble and damage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.readers import table as module
from retropace.readers.rows import Rows, number, numbers
from retropace.readers.table import Table, table_of, words_of

VALUES = [[0.0, 1.5, -2.25], [0.01, 1e-3, 9.8], [0.02, 0.0, 12345.678], [0.03, -0.5, 7.0]]


def written(separator: str, decimal: str = ".", quote: str = "", header: str = "t,ax,ay") -> str:
    rows = [header.replace(",", separator)] if header else []
    rows += [separator.join(f"{quote}{value!r}{quote}".replace(".", decimal) for value in row) for row in VALUES]
    return "\n".join(rows) + "\n"


def held(table: Table | None) -> list[list[float]]:
    assert table is not None
    return [
        [float(value) for value in row] for row in zip(*(table.numbers(column) for column in range(3)), strict=True)
    ]


@pytest.mark.parametrize(
    ("separator", "quote"), [(separator, quote) for separator in ",;\t|" for quote in ("", '"')] + [(" ", "")]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_writing_gives_the_same_numbers(separator: str, quote: str, end: str, encoding: str) -> None:
    table = table_of(written(separator, quote=quote).replace("\n", end).encode(encoding))
    assert table is not None
    assert table.header == ("t", "ax", "ay")
    assert held(table) == VALUES


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_decimal_commas(separator: str) -> None:
    assert held(table_of(written(separator, decimal=",").encode())) == VALUES


def test_preambles_and_headers_in_comments() -> None:
    preamble = "# Made by hand,,\n# Rate: 100 Hz,,\n,,\n"
    table = table_of((preamble + written(",")).encode())
    assert table is not None
    assert table.header == ("t", "ax", "ay")
    assert "Rate: 100 Hz" in table.preamble[1]
    commented = table_of(("#Datum: x\n#t,ax,ay\n@DATA\n" + written(",", header="")).encode())
    assert commented is not None
    assert commented.header == ("t", "ax", "ay")
    assert held(commented) == VALUES
    bare = table_of(written(",", header="").encode())
    assert bare is not None
    assert bare.header == ("", "", "")


def test_texts_and_empty_cells() -> None:
    table = table_of(b"time,hr,note\n2026-05-04T07:00:00Z,140,a\n2026-05-04T07:00:01Z,,\n2026-05-04T07:00:02Z,141,b\n")
    assert table is not None
    assert table.texts(0)[1] == "2026-05-04T07:00:01Z"
    assert np.array_equal(table.numbers(1), [140, np.nan, 141], equal_nan=True)
    assert np.isnan(table.numbers(2)).all()


def test_rows_that_make_up_for_each_other_are_not_mixed() -> None:
    table = table_of(b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n13,14,15\n16,17,18\n19,20,21\n")
    assert held(table) == [[1, 2, 3], [10, 11, 12], [13, 14, 15], [16, 17, 18], [19, 20, 21]]
    assert table is not None
    assert [(repair.kind, repair.count) for repair in table.repairs] == [("corrupt", 2)]


def test_rows_of_another_width_are_dropped_and_counted() -> None:
    lines = written(",").split("\n")
    lines.insert(3, "1,2")
    table = table_of("\n".join(lines).encode())
    assert table is not None
    assert held(table) == VALUES
    assert [(repair.kind, repair.count) for repair in table.repairs] == [("corrupt", 1)]
    cut = table_of(written(",").encode() + b"0.04,1")
    assert cut is not None
    assert held(cut) == VALUES
    assert [repair.kind for repair in cut.repairs] == ["truncated"]


@pytest.mark.parametrize("text", ["", "\n\n", "one line", "a,b\n1,2\n", "word word\nother words here\n", "1\n2\n3\n"])
def test_no_table(text: str) -> None:
    assert table_of(text.encode()) is None


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_none(data: bytes) -> None:
    table = table_of(data)
    if table is not None:
        for column in range(len(table.header)):
            values = table.numbers(column)
            assert values.shape == (table.count,)
            assert not np.isinf(values).any()
    words_of(data)


@given(st.lists(st.one_of(st.none(), st.text(max_size=80), st.floats(allow_nan=False).map(repr)), max_size=20))
def test_numbers_one_by_one_and_all_at_once_agree(texts: list[str | None]) -> None:
    assert np.array_equal(numbers(texts), [number(text) for text in texts], equal_nan=True)


@given(st.integers(2, 40), st.integers(10, 80), st.sampled_from([";", ",", "\t"]), st.integers(0, 3))
def test_blocks_of_any_size_give_the_same_numbers(rows: int, block: int, separator: str, empty: int) -> None:
    lines = [separator.join(f"{value:.3f}" for value in (row, row / 7, -row)) for row in range(rows)]
    data = ("\n".join(["t%sa%sb".replace("%s", separator), *lines]) + "\n" * empty).encode()
    whole = table_of(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        parts = table_of(data)
    assert whole is not None
    assert parts is not None
    assert whole.grid is not None
    assert parts.grid is not None
    assert np.array_equal(whole.grid, parts.grid)
    assert whole.grid.shape == (rows, 3)


def test_rows_remember_where_each_value_stood() -> None:
    rows = Rows()
    for second in range(3):
        row = rows.begin()
        rows.cell("time")[0].append(row)
        rows.cell("time")[1].append(str(second))
    rows.cell("heart_rate_bpm")[0].extend([0, 2, 2])
    rows.cell("heart_rate_bpm")[1].extend(["140", "1e999x", "141"])
    assert np.array_equal(rows.channels()["heart_rate_bpm"], [140, np.nan, 141], equal_nan=True)
    rows.cut(2)
    assert rows.times() == ["0", "1"]
    assert np.array_equal(rows.channels()["heart_rate_bpm"], [140, np.nan], equal_nan=True)

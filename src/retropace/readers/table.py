"""Table: a text file of columns, whatever its separator, decimal sign, quotes and preamble.

Two ways in: a plain grid of numbers goes through NumPy at once; anything else is read row by row.
"""

import csv
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from retropace.readers.rows import number
from retropace.recording import FloatArray, Repair

#: In the order tried: a comma may be a decimal sign, so it comes after what cannot be.
SEPARATORS = ("\t", ";", "|", ",", " ")
_SAMPLE_LINES = 60
#: So many of them must be whole.
_WHOLE_SHARE = 0.6
#: A preamble longer than this is no table.
_LONGEST_PREAMBLE = 200
_LARGEST = 1e100
_DECIMAL_COMMA = re.compile(r"^\s*[+-]?\d+,\d+([eE][+-]?\d+)?\s*$")
_TIME_OF_DAY = re.compile(r"^\d{4}-\d\d-\d\d|^\d{1,2}:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by position. `header` (k,) holds their names, all "" where the file has none; `preamble` what stood before."""

    header: tuple[str, ...]
    preamble: tuple[str, ...]
    lines: Sequence[str]
    separator: str
    decimal_comma: bool
    repairs: tuple[Repair, ...]
    grid: FloatArray | None = field(repr=False, default=None)

    def numbers(self, column: int) -> FloatArray:
        """Column as numbers (n,), NaN where it holds none."""
        if self.grid is not None:
            return _sane(self.grid[:, column])
        return _sane(np.array([number(text) for text in self.texts(column)], dtype=np.float64))

    def texts(self, column: int) -> list[str]:
        """Column as written (n,)."""
        return [row[column].strip() for row in _rows(self.lines, self.separator)]


def _sane(values: FloatArray) -> FloatArray:
    """Without numbers that are no measurement, and whose squares would overflow."""
    return np.where(np.abs(values) < _LARGEST, values, np.nan)


def words_of(data: bytes) -> list[list[str]]:
    """Cells of a small table of words, quoted or not, whatever its separator."""
    text = text_of(data).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    header = text.split("\n", 1)[0]
    separator = next((separator for separator in SEPARATORS if separator in header), ",")
    try:
        return list(csv.reader(text.split("\n"), delimiter=separator))
    except csv.Error:  # a field of more than 131 072 letters
        return []


def text_of(data: bytes) -> str:
    """The file's text: UTF-8, UTF-16 with its mark, else Latin-1 (which every byte is)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def table_of(
    data: bytes, *, separator: str | None = None, decimal_comma: bool | None = None, comment: str | None = None
) -> Table | None:
    """The table in a text file, None where there is none (fewer than two columns or two rows).

    What is not given is found out. Rows of another width than the rest are dropped and reported (`corrupt`), a last one
    that breaks off too (`truncated`).
    """
    text = text_of(data).replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line.strip(" ,;\t\0\"'") and not _is_comment(line, comment)]
    separator = separator or _separator(lines)
    if separator is None:
        return None
    width, begin = _body(lines, separator)
    if width < 2 or begin is None:
        return None
    header, preamble = _header(lines, begin, width, separator)
    body, repairs = _whole_rows(lines[begin:], width, separator, ends=text.endswith("\n"))
    if len(body) < 2:
        return None
    comma = _has_decimal_comma(body, separator) if decimal_comma is None else decimal_comma
    grid = _grid(body, width, separator, comma=comma)
    return Table(header, preamble, body, separator, comma, repairs, grid)


def _is_comment(line: str, comment: str | None) -> bool:
    return bool(comment) and line.startswith(comment or "")


def _fields(line: str, separator: str) -> list[str]:
    """Fields of one line, quotes taken off."""
    if separator == " ":
        return line.split()
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def _rows(lines: Sequence[str], separator: str) -> list[list[str]]:
    return [_fields(line, separator) for line in lines]


def _is_data(fields: Sequence[str]) -> bool:
    """Whether at least half of the filled fields are numbers or times."""
    filled = [text.strip() for text in fields if text.strip()]
    numeric = [
        text for text in filled if number(text) == number(text) or text.lower() == "nan" or _TIME_OF_DAY.match(text)
    ]
    return len(filled) > 0 and 2 * len(numeric) >= len(filled)


def _separator(lines: Sequence[str]) -> str | None:
    """The first separator that parts the file's middle into rows of one width."""
    sample = lines[len(lines) // 2 :][:_SAMPLE_LINES]
    for separator in SEPARATORS:
        widths = [len(_fields(line, separator)) for line in sample]
        if widths and min(widths) == max(widths) >= 2 and _is_data(_fields(sample[0], separator)):
            return separator
    # A damaged line must not hide the rest.
    for separator in SEPARATORS:
        rows = _rows(sample, separator)
        widths = [len(fields) for fields in rows]
        usual = max(set(widths), key=widths.count, default=0)
        whole = [fields for fields in rows if len(fields) == usual]
        if usual >= 2 and len(whole) >= _WHOLE_SHARE * len(rows) and _is_data(whole[0]):
            return separator
    return None


def _body(lines: Sequence[str], separator: str) -> tuple[int, int | None]:
    """Usual width, and the first line that is data of that width."""
    widths = [len(_fields(line, separator)) for line in lines[len(lines) // 2 :][:_SAMPLE_LINES]]
    width = max(set(widths), key=widths.count, default=0)
    for index, line in enumerate(lines[:_LONGEST_PREAMBLE]):
        fields = _fields(line, separator)
        if len(fields) == width and _is_data(fields):
            return width, index
    return width, None


def _header(lines: Sequence[str], begin: int, width: int, separator: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the columns: the nearest line above the data of the same width, even where it is a comment."""
    for index in range(begin - 1, -1, -1):
        fields = [text.strip(" \"'") for text in _fields(lines[index].lstrip("#%/ "), separator)]
        if len(fields) == width and sum(1 for text in fields if text) >= width - 1:
            return tuple(fields), tuple(lines[:index])
    return ("",) * width, tuple(lines[:begin])


def _whole_rows(
    lines: Sequence[str], width: int, separator: str, *, ends: bool
) -> tuple[list[str], tuple[Repair, ...]]:
    """Rows of the right width."""
    if separator != " " and not any('"' in line for line in lines):
        widths = [line.count(separator) + 1 for line in lines]
    else:
        widths = [len(_fields(line, separator)) for line in lines]
    body = [line for line, found in zip(lines, widths, strict=True) if found == width]
    wrong = len(lines) - len(body)
    cut = wrong > 0 and not ends and widths[-1] != width
    repairs = [Repair("truncated", 1, "Its last line is not whole.")] if cut else []
    if wrong - cut:
        repairs.append(Repair("corrupt", wrong - cut))
    return body, tuple(repairs)


def _has_decimal_comma(body: Sequence[str], separator: str) -> bool:
    if separator == ",":
        return False
    sample = [text for row in _rows(body[:_SAMPLE_LINES], separator) for text in row]
    return any(_DECIMAL_COMMA.match(text) for text in sample)


def _grid(body: Sequence[str], width: int, separator: str, *, comma: bool) -> FloatArray | None:
    """All cells at once (n, width), None where some are no plain numbers."""
    joined = "\n".join(body)
    if '"' in joined:
        joined = joined.replace('"', "")
    if comma:
        joined = joined.replace(",", ".")
    flat = joined.replace("\n", " ") if separator in " \t" else joined.replace("\n", separator)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            values = np.fromstring(flat, dtype=np.float64, sep=separator if separator != "\t" else " ")
        except (DeprecationWarning, ValueError):
            return None
    return values.reshape(-1, width) if values.size == len(body) * width else None

"""Table: a text file of columns, whatever its separator, decimal sign, quotes and preamble.

Two ways in: a plain grid of numbers goes through NumPy at once; anything else is read row by row.
"""

import csv
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from retropace.readers.rows import number, numbers
from retropace.readers.units import is_unit
from retropace.recording import FloatArray, Repair

#: In the order tried: a comma may be a decimal sign, so it comes after what cannot be.
SEPARATORS = ("\t", ";", "|", ",", " ")
_SAMPLE_LINES = 60
#: So many of them must be whole.
_WHOLE_SHARE = 0.6
#: Characters from which the writing is told.
_HEAD = 65_536
#: So many letters of a table are turned into numbers at a time.
_BLOCK = 4_000_000
#: So many lines of names may stand over each other.
_MOST_OVER = 4
#: A preamble longer than this is no table.
_LONGEST_PREAMBLE = 200
_LARGEST = 1e100
_DECIMAL_COMMA = re.compile(r"^\s*[+-]?\d+,\d+([eE][+-]?\d+)?\s*$")
_TIME_OF_DAY = re.compile(r"^\d{4}-\d\d-\d\d|^\d{1,2}:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Table:
    """`count` rows of columns by position. `header` (k,) holds their names, all "" where the file has none.

    `preamble` is what stood before. Cells are a `grid` (n, k) of numbers, or text by column where some are no numbers.
    """

    header: tuple[str, ...]
    preamble: tuple[str, ...]
    count: int
    repairs: tuple[Repair, ...]
    grid: FloatArray | None = field(repr=False, default=None)
    cells: Sequence[Sequence[str]] = field(repr=False, default=())

    def numbers(self, column: int) -> FloatArray:
        """Column as numbers (n,), NaN where it holds none."""
        if self.grid is not None:
            return _sane(self.grid[:, column])
        return _sane(np.array(numbers(self.cells[column]), dtype=np.float64))

    def texts(self, column: int) -> list[str]:
        """Column as text (n,), numbers as Python writes them."""
        if self.grid is not None:
            return [repr(value) for value in self.grid[:, column].tolist()]
        return [text.strip() for text in self.cells[column]]


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


def is_wide(data: bytes) -> bool:
    """Whether it is text of two bytes a letter without a mark at its start, as some programs of Windows write it."""
    head = data[:200]
    return len(head) > 3 and not any(head[1::2]) and all(head[0::2])


def text_of(data: bytes) -> str:
    """The file's text: UTF-8, UTF-16 with its mark or plainly so, else Latin-1 (which every byte is)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if is_wide(data):
        return data.decode("utf-16-le", errors="replace")
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
    text = _unlabelled(_without_ends(text_of(data).replace("\r\n", "\n").replace("\r", "\n")))
    shape = _shape(text, separator, comment, comma=decimal_comma)
    if shape is None:
        return None
    grid = _plain_grid(text, shape) if comment is None else None
    if grid is not None:
        return Table(shape.header, shape.preamble, len(grid), (), grid) if len(grid) > 1 else None
    body = text[shape.begin :].rstrip("\n")
    lines = [line for line in body.split("\n") if _says_something(line, comment)]
    rows, repairs = _whole_rows(lines, shape, ends=text.endswith("\n"))
    if len(rows) < 2:
        return None
    if shape.decimal_comma:
        rows = [[text.replace(",", ".") for text in row] for row in rows]
    return Table(shape.header, shape.preamble, len(rows), repairs, cells=list(zip(*rows, strict=True)))


def _without_ends(text: str) -> str:
    """Without the semicolon that ends every line where commas part the cells."""
    first, _, rest = text.partition("\n")
    ended = first.endswith(";") and "," in first and rest.partition("\n")[0].endswith(";")
    return text.replace(";\n", "\n").removesuffix(";") if ended else text


#: A value with its name before it, as `ax:0.12` or `ax = 0.12`.
_LABELLED = re.compile(r"([A-Za-z_]\w*)\s*[:=]\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?![\w:.])")


def _unlabelled(text: str) -> str:
    """The same as a table with a header, where every line names each of its values."""
    lines = text[:_HEAD].split("\n")[:_SAMPLE_LINES]
    found = [_LABELLED.findall(line) for line in lines[len(lines) // 2 : -1]]
    names = [name for name, _ in found[0]] if found else []
    if len(names) < 3 or any([name for name, _ in line] != names for line in found):
        return text
    rows = (_LABELLED.findall(line) for line in text.split("\n"))
    kept = (row for row in rows if len(row) == len(names))
    return "\n".join([",".join(names), *(",".join(value for _, value in row) for row in kept), ""])


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a table is written; its data begin at character `begin`."""

    separator: str
    decimal_comma: bool
    width: int
    header: tuple[str, ...]
    preamble: tuple[str, ...]
    begin: int


def _shape(text: str, separator: str | None, comment: str | None, *, comma: bool | None) -> _Shape | None:
    """How the table in `text` is written, told by its first lines; None where there is none."""
    head = text[:_HEAD]
    if len(head) < len(text):
        head = head[: head.rfind("\n") + 1] or head
    lines, begins, at = [], [], 0
    for line in head.split("\n"):
        if _says_something(line, comment):
            lines.append(line)
            begins.append(at)
        at += len(line) + 1
    separator = separator or _separator(lines)
    width, first = _body(lines, separator) if separator else (0, None)
    if separator is None or width < 2 or first is None:
        return None
    header, preamble = _header(lines, first, width, separator)
    if comma is None:
        comma = _has_decimal_comma(lines[first:], separator)
    return _Shape(separator, comma, width, header, preamble, begins[first])


def _says_something(line: str, comment: str | None) -> bool:
    """Whether a line is neither empty nor a comment."""
    return bool(line.strip(" ,;\t\0\"'")) and not (comment and line.startswith(comment))


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
    sample = _rows(lines[len(lines) // 2 :][:_SAMPLE_LINES], separator)
    widths = [len(fields) for fields in sample]
    width = max(set(widths), key=widths.count, default=0)
    least = min((_filled_count(fields) for fields in sample if len(fields) == width), default=0)
    for index, line in enumerate(lines[:_LONGEST_PREAMBLE]):
        fields = _fields(line, separator)
        if len(fields) == width and _is_data(fields) and 2 * _filled_count(fields) >= least:
            return width, index
    return width, None


def _filled_count(fields: Sequence[str]) -> int:
    return sum(1 for text in fields if text.strip())


def _header(lines: Sequence[str], begin: int, width: int, separator: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the columns: the nearest line above the data of the same width, even where it is a comment."""
    for index in range(begin - 1, -1, -1):
        fields = _words(lines[index], separator)
        if len(fields) == width and sum(1 for text in fields if text) >= width - 1:
            above = _header(lines, index, width, separator) if _are_units(fields) and index else None
            if above and any(above[0]):
                named = zip(above[0], (re.sub(r"^[\[(](.*)[\])]$", r"\1", field) for field in fields), strict=True)
                return tuple(f"{name} ({unit})" if unit else name for name, unit in named), above[1]
            return _told_apart(lines, index, fields, separator), tuple(lines[:index])
    return ("",) * width, tuple(lines[:begin])


def _told_apart(lines: Sequence[str], index: int, names: list[str], separator: str) -> tuple[str, ...]:
    """The names in line `index`: with those of a sparse line below, as of an index; with those above where some repeat."""
    below = _words(lines[index + 1], separator) if index + 1 < len(lines) else []
    if len(below) == len(names) and 0 < sum(1 for text in below if text) < len(names) - 1 and not _is_data(below):
        joined = "{1} ({0})" if _are_units(below) else "{0}"
        names = [joined.format(under, name) if under else name for under, name in zip(below, names, strict=True)]
    for above in range(index - 1, max(index - _MOST_OVER, 0) - 1, -1):
        over = _words(lines[above], separator)
        if len(set(names)) == len(names) or len(over) != len(names) or not any(over) or _is_data(over):
            break
        names = [f"{word} {name}".strip() for word, name in zip(_filled(over), names, strict=True)]
    return tuple(names)


def _filled(words: Sequence[str]) -> list[str]:
    """The words over some columns, each standing for the empty ones behind it too, as joined cells of a sheet are written.

    >>> _filled(["", "foot", "", "wrist"])
    ['', 'foot', 'foot', 'wrist']
    """
    filled: list[str] = []
    for word in words:
        filled.append(word or (filled[-1] if filled else ""))
    return filled


def _words(line: str, separator: str) -> list[str]:
    return [text.strip(" \"'") for text in _fields(line.lstrip("#%/ "), separator)]


def _are_units(fields: Sequence[str]) -> bool:
    """Whether most of a line's words are units: a second line under the names."""
    words = [text.strip("()[]") for text in fields if text]
    return 2 * sum(1 for word in words if is_unit(word)) > len(words)


def _whole_rows(lines: Sequence[str], shape: _Shape, *, ends: bool) -> tuple[list[list[str]], tuple[Repair, ...]]:
    """Rows of the right width, and what was wrong with the others."""
    found = _rows(lines, shape.separator)
    rows = [row for row in found if len(row) == shape.width]
    wrong = len(found) - len(rows)
    cut = wrong > 0 and not ends and len(found[-1]) != shape.width
    repairs = [Repair("truncated", 1, "Its last line is not whole.")] if cut else []
    if wrong - cut:
        repairs.append(Repair("corrupt", wrong - cut))
    return rows, tuple(repairs)


def _has_decimal_comma(body: Sequence[str], separator: str) -> bool:
    if separator == ",":
        return False
    sample = [text for row in _rows(body[:_SAMPLE_LINES], separator) for text in row]
    return any(_DECIMAL_COMMA.match(text) for text in sample)


def _plain_grid(text: str, shape: _Shape) -> FloatArray | None:
    """All cells at once (n, width), None where some are no plain numbers or some rows not whole.

    Block by block: a table of 300 MB must not stand in memory several times while it is read.
    """
    if shape.separator == " ":
        return None
    grids = []
    for block in _blocks(text, shape.begin):
        grid = _block_grid(block, shape) if _is_even(block, shape.separator, shape.width) else None
        if grid is None:
            return None
        grids.append(grid)
    return np.concatenate(grids) if grids else None


def _blocks(text: str, begin: int) -> Iterator[str]:
    """Whole lines from `begin` on, about as many letters at a time as `_BLOCK`; empty lines at the end left out."""
    end = len(text)
    while end > begin and text[end - 1] == "\n":
        end -= 1
    while begin < end:
        until = text.find("\n", min(begin + _BLOCK, end), end)
        until = end if until < 0 else until
        yield text[begin:until]
        begin = until + 1


def _block_grid(block: str, shape: _Shape) -> FloatArray | None:
    flat = block.replace('"', "").replace("\n", shape.separator)
    if shape.decimal_comma:
        flat = flat.replace(",", ".")
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            values = np.fromstring(flat, dtype=np.float64, sep=" " if shape.separator == "\t" else shape.separator)
        except (DeprecationWarning, ValueError):
            return None
    return values.reshape(-1, shape.width) if values.size == shape.width * (block.count("\n") + 1) else None


def _is_even(body: str, separator: str, width: int) -> bool:
    """Whether every line has `width` - 1 separators, told without parting the lines."""
    octets = np.frombuffer(body.encode("utf-8", errors="replace") + b"\n", dtype=np.uint8)
    marks = octets[(octets == ord(separator)) | (octets == ord("\n"))]
    line = np.frombuffer((separator * (width - 1) + "\n").encode(), dtype=np.uint8)
    return marks.size % width == 0 and bool(np.all(marks.reshape(-1, width) == line))

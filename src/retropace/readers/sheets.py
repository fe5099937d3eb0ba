"""Sheets: the tables in an Excel workbook (.xlsx). Formulas give the values they had when it was saved.

Each sheet is read as a table of columns. A sheet's name may say the sensor, as a file's does, or where it was: then one
place is read. Sheets of other things are passed over, and said so.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from retropace.errors import RetropaceError, UnreadableFile, UnsupportedFile
from retropace.readers.archive import Bundle
from retropace.readers.column_map import Columns
from retropace.readers.columns import taken_from
from retropace.readers.headers import is_weightless_named
from retropace.readers.several import chosen_part, repairs_of
from retropace.readers.streams import Taken, whole
from retropace.readers.table import table_of
from retropace.readers.words import lower_words, sensor_named
from retropace.recording import Origin, Recording, Repair

if TYPE_CHECKING:
    from lxml import etree

_BOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
#: As many as Excel allows.
_MOST_COLUMNS = 16_384
_HOW = "Save the sheet with the sensor's columns as CSV."


def is_recording(bundle: Bundle) -> bool:
    """Whether the bundle is a workbook."""
    return _BOOK in bundle.members


def read(name: str, data: bytes) -> Recording:
    """The recording in a workbook. Raises as `read_bundle`."""
    from retropace.readers.archive import unzipped

    return read_bundle(unzipped(name, data))


def read_bundle(bundle: Bundle, columns: Columns | None = None) -> Recording:
    """The recording in a workbook's sheets. Raises UnsupportedFile where none is understood."""
    told = columns or Columns({})
    parts, refused = _read(bundle, replace(told, wish=replace(told.wish, sensor=None)))
    places = _by_place(parts)
    if len(places) > 1:
        at, choice = chosen_part([(name, _channels(found)) for name, found in places.items()], told.wish)
        held = [replace(part, chosen=choice) for part in list(places.values())[at]]
        others = [part for _, part in parts if not part.motion]
        return whole(Origin(bundle.name, "sheets"), [*held, *others], repairs=[*_passed(refused), *repairs_of(choice)])
    if told.wish.sensor is not None:
        parts, refused = _read(bundle, told)
    if not parts:
        raise _not_understood(bundle, refused)
    return whole(Origin(bundle.name, "sheets"), [part for _, part in parts], repairs=_passed(refused))


def _read(bundle: Bundle, columns: Columns) -> tuple[list[tuple[str, Taken]], list[tuple[str, RetropaceError]]]:
    """What the sheets hold, by their names, and why some are not read."""
    parts: list[tuple[str, Taken]] = []
    refused: list[tuple[str, RetropaceError]] = []
    for title, text in _sheets(bundle):
        table = table_of(text)
        try:
            if table is not None:
                parts.append((title, taken_from(f"{title}.csv", table, columns)))
        except RetropaceError as error:
            refused.append((title, error))
    return parts, refused


def _by_place(parts: Sequence[tuple[str, Taken]]) -> dict[str, list[Taken]]:
    """Parts with raw motion by what their names say but for the kind of sensor: `Foot Acc` and `Foot Gyro` are of one."""
    places: dict[str, list[Taken]] = {}
    for title, part in parts:
        if part.motion:
            words = [word for word in lower_words(title) if sensor_named(word) is None]
            places.setdefault(" ".join(words), []).append(part)
    return places


def _channels(parts: Sequence[Taken]) -> list[str]:
    return [key for part in parts for held in part.motion.values() for key in held]


def _passed(refused: Sequence[object]) -> list[Repair]:
    return [Repair("unknown_part", len(refused), "(Sheets.)")] if refused else []


def _not_understood(bundle: Bundle, refused: Sequence[tuple[str, RetropaceError]]) -> RetropaceError:
    """Why no sheet was read."""
    if any(is_weightless_named(title) for title, _ in refused):
        what = "The workbook holds acceleration without gravity, which says too little"
        remedy = "Export the sensors' own acceleration, with gravity, and their angular velocity."
        return UnsupportedFile(what, file=bundle.name, remedy=remedy)
    if refused:
        return refused[0][1]
    return UnsupportedFile("The workbook holds no table of samples", file=bundle.name, remedy=_HOW)


def _sheets(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    """Name and cells, as comma-separated text, of each sheet."""
    strings = list(_strings(bundle))
    titles = [str(sheet.get("name")) for sheet in _elements(bundle, _BOOK, "sheet")]
    paths = sorted((path for path in bundle.members if _SHEET.fullmatch(path)), key=_number)
    for number, path in enumerate(paths):
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows(_rows(bundle, path, strings))
        yield titles[number] if number < len(titles) else path, written.getvalue().encode()


def _number(path: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdecimal, path.rpartition("/")[2]))
    return int(digits or 0), path


def _strings(bundle: Bundle) -> Iterator[str]:
    if _STRINGS in bundle.members:
        for item in _elements(bundle, _STRINGS, "si"):
            yield "".join(text.text or "" for text in item.iter("{*}t"))


def _rows(bundle: Bundle, path: str, strings: list[str]) -> Iterator[list[str]]:
    for row in _elements(bundle, path, "row"):
        cells: list[str] = []
        for cell in row.iter("{*}c"):
            at = min(column_of(str(cell.get("r", "")), len(cells)), _MOST_COLUMNS)
            cells += [""] * (at - len(cells) + 1)
            cells[at] = _text(cell, strings)
        yield cells


def column_of(reference: str, following: int) -> int:
    """Position of a cell by its reference, as "B7".

    >>> column_of("B7", 0), column_of("AA7", 0), column_of("", 5)
    (1, 26, 5)
    """
    at = 0
    for letter in re.match("[A-Z]{0,3}", reference)[0]:  # type: ignore[index]  # it matches nothing at least
        at = 26 * at + ord(letter) - ord("A") + 1
    return at - 1 if at else following


def _text(cell: "etree._Element", strings: list[str]) -> str:
    value = cell.findtext("{*}v") or "".join(text.text or "" for text in cell.iter("{*}t"))
    if cell.get("t") == "s" and value.isdecimal():
        return strings[int(value)] if int(value) < len(strings) else ""
    return value


def _elements(bundle: Bundle, path: str, name: str) -> "Iterator[etree._Element]":
    """The elements of one name in a member, each forgotten after it was used."""
    from lxml import etree

    stream = io.BytesIO(bundle.members[path]())
    try:
        for _, element in etree.iterparse(stream, tag=f"{{*}}{name}", resolve_entities=False, no_network=True):
            yield element
            element.clear()
    except etree.XMLSyntaxError as error:
        raise UnreadableFile("The workbook is damaged", file=bundle.name, remedy=_HOW) from error

"""MATLAB: the variables in a .mat file of version 5 to 7, by MathWorks' description of the format.

Every length is checked before it is used: a damaged file ends in a ValueError and in nothing worse. Objects of MATLAB's own
(timetables, strings) and sparse matrices are passed over.
"""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

#: Numbers of the kinds of element.
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
#: Numbers of the classes of array.
_CELL, _STRUCT, _CHAR = 1, 2, 4
_NUMERIC = range(6, 16)
_HEAD = 128
_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class _Element:
    kind: int
    data: memoryview


def variables(data: bytes) -> dict[str, object]:
    """What a file holds, by name: arrays without axes of length 1, texts, structs as dicts, rows of them and cells as lists.

    Raises ValueError where it is damaged.
    """
    if len(data) < _HEAD or data[126:128] not in (b"IM", b"MI"):
        raise ValueError("It has no head")
    order = "<" if data[126:128] == b"IM" else ">"
    held: dict[str, object] = {}
    for element in _elements(memoryview(data)[_HEAD:], order):
        inside = [element]
        if element.kind == _COMPRESSED:
            inside = list(_elements(memoryview(_unpacked(element.data)), order))[:1]
        for matrix in inside:
            if matrix.kind == _MATRIX:
                name, value = _array(matrix.data, order, _DEEPEST)
                held |= {name: value} if name and value is not None else {}
    return held


def _unpacked(packed: memoryview) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise ValueError("What is packed is damaged") from error


def _elements(data: memoryview, order: str) -> Iterator[_Element]:
    """The elements that stand behind each other. Raises ValueError where one is longer than what is there."""
    at = 0
    while at + 8 <= len(data):
        kind, size = (int(word) for word in np.frombuffer(data[at : at + 8], dtype=f"{order}u4"))
        begin, padded = at + 8, size if kind == _COMPRESSED else -(-size // 8) * 8
        if kind >> 16:  # a small one: its size stands in the upper half, its data in place of it
            kind, size, begin, padded = kind & 0xFFFF, kind >> 16, at + 4, 4
        if size > min(padded, len(data) - begin):
            raise ValueError("An element is longer than what holds it")
        yield _Element(kind, data[begin : begin + size])
        at = begin + padded


def _next(elements: Iterator[_Element]) -> _Element:
    found = next(elements, None)
    if found is None:
        raise ValueError("An array breaks off")
    return found


def _array(data: memoryview, order: str, depth: int) -> tuple[str, object]:
    """Name and value of an array, None for what is passed over."""
    if depth == 0:
        raise ValueError("Arrays stand too deep in each other")
    elements = _elements(data, order)
    if not len(data):
        return "", None
    flags = _integers(_next(elements), order)
    kind = flags[0] & 0xFF if flags else 0
    if kind not in (_CELL, _STRUCT, _CHAR, *_NUMERIC):
        return "", None
    shape = _integers(_next(elements), order)
    count = math.prod(shape)
    if len(shape) < 2 or min(shape) < 0 or count > len(data):
        raise ValueError("An array is larger than what holds it")
    name = _text(_next(elements), order)
    if kind == _CELL:
        return name, [_inside(elements, order, depth) for _ in range(count)]
    if kind == _STRUCT:
        return name, _structs(elements, count, order, depth)
    content = _next(elements)
    return name, _text(content, order) if kind == _CHAR else _matrix(content, shape, order)


def _inside(elements: Iterator[_Element], order: str, depth: int) -> object:
    element = _next(elements)
    if element.kind != _MATRIX:
        raise ValueError("An array is none")
    return _array(element.data, order, depth - 1)[1]


def _structs(elements: Iterator[_Element], count: int, order: str, depth: int) -> object:
    """One struct, or a row of them."""
    lengths = _integers(_next(elements), order)
    names = bytes(_next(elements).data)
    if len(lengths) != 1 or lengths[0] <= 0:
        raise ValueError("A struct's names have no length")
    parts = [names[at : at + lengths[0]] for at in range(0, len(names), lengths[0])]
    fields = [part.partition(b"\0")[0].decode("latin-1") for part in parts]
    found = [{field: _inside(elements, order, depth) for field in fields} for _ in range(count)]
    return found[0] if count == 1 else found


def _integers(element: _Element, order: str) -> list[int]:
    kind = _NUMBERS.get(element.kind, "")
    if not kind or kind[0] == "f" or len(element.data) % int(kind[1]):
        raise ValueError("A whole number is none")
    return [int(value) for value in np.frombuffer(element.data, dtype=f"{order}{kind}")]


def _matrix(element: _Element, shape: list[int], order: str) -> object:
    kind = _NUMBERS.get(element.kind)
    if kind is None or len(element.data) != math.prod(shape) * int(kind[1]):
        raise ValueError("An array's numbers are not as many as it says")
    values = np.frombuffer(element.data, dtype=f"{order}{kind}").astype(f"={kind}")
    return np.squeeze(values.reshape(shape, order="F"))


def _text(element: _Element, order: str) -> str:
    """Text; of a matrix of letters the letters column by column."""
    encoding = _TEXTS.get(element.kind)
    if encoding is None:
        raise ValueError("A text is none")
    wide = (
        f"{encoding}-{'le' if order == '<' else 'be'}" if encoding[-1] in "62" and encoding != "latin-1" else encoding
    )
    return bytes(element.data).decode(wide, errors="replace").rstrip("\0")

"""Rows: collects a track point by point, channel by channel, in whatever order a file gives them."""

import math
from collections.abc import Sequence

import numpy as np

from retropace.recording import FloatArray

#: Characters; nobody measures with more, and reading a million digits takes long.
LONGEST_NUMBER = 64


def number(text: str | None) -> float:
    """A decimal number, NaN where the text is none. A decimal comma is understood.

    >>> number(" 3.5 "), number("3,5"), number("fast"), number(None)
    (3.5, 3.5, nan, nan)
    """
    if not text or len(text) > LONGEST_NUMBER or "_" in text:  # Python would read 20240503_100000 as one number
        return math.nan
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan


def numbers(texts: Sequence[str | None]) -> list[float]:
    """Decimal numbers, NaN where a text is none."""
    try:
        if all(text and len(text) <= LONGEST_NUMBER and "_" not in text for text in texts):
            return list(map(float, texts))  # type: ignore[arg-type]  # None was ruled out
    except ValueError:
        pass
    return [number(text) for text in texts]


#: Rows and texts of one channel.
Cell = tuple[list[int], list[str | None]]


class Rows:
    """Points of a track: for each channel (and "time") the rows that name it and the texts they give.

    Filled by hand, a hundred thousand times: `begin` a row, then append its number and text to the channel's `cell`.
    """

    def __init__(self) -> None:
        self.count = 0
        self._cells: dict[str, Cell] = {}

    def __len__(self) -> int:
        return self.count

    def begin(self) -> int:
        """Number of a new row."""
        self.count += 1
        return self.count - 1

    def cell(self, key: str) -> Cell:
        """Rows and texts of channel `key`, to append to."""
        return self._cells.setdefault(key, ([], []))

    def cut(self, length: int) -> None:
        """Forget all rows from number `length` on."""
        self.count = max(0, min(length, self.count))
        for rows, texts in self._cells.values():
            while rows and rows[-1] >= self.count:
                rows.pop()
                texts.pop()

    def times(self) -> list[str | None]:
        """Each row's time as written, None where it is silent."""
        times: list[str | None] = [None] * self.count
        for row, text in zip(*self.cell("time"), strict=True):
            times[row] = text
        return times

    def channels(self) -> dict[str, FloatArray]:
        """Each channel (n,) over all rows, NaN where a row had none. A channel named twice in a row keeps the last."""
        columns = {}
        for key, (rows, texts) in self._cells.items():
            if key != "time":
                columns[key] = np.full(self.count, np.nan)
                columns[key][rows] = numbers(texts)
        return columns

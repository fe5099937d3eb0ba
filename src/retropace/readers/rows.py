"""Rows: collects a track point by point, channel by channel, in whatever order a file gives them."""

import math

import numpy as np

from retropace.recording import FloatArray


def number(text: str | None) -> float:
    """A decimal number, NaN where the text is none. A decimal comma is understood.

    >>> number(" 3.5 "), number("3,5"), number("fast"), number(None)
    (3.5, 3.5, nan, nan)
    """
    if not text or len(text) > 64:
        return math.nan
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan


class Rows:
    """Points of a track: `times` as written (None where silent), and a sparse column for each channel."""

    def __init__(self) -> None:
        self.times: list[str | None] = []
        self._cells: dict[str, tuple[list[int], list[float]]] = {}

    def __len__(self) -> int:
        return len(self.times)

    def begin(self) -> None:
        """Start a new row."""
        self.times.append(None)

    def put(self, key: str, value: float) -> None:
        """Set channel `key` of the current row."""
        rows, values = self._cells.setdefault(key, ([], []))
        rows.append(len(self.times) - 1)
        values.append(value)

    def drop_last(self) -> None:
        """Forget the last row: the file broke off in it."""
        if not self.times:
            return
        last = len(self.times) - 1
        self.times.pop()
        for rows, values in self._cells.values():
            while rows and rows[-1] == last:
                rows.pop()
                values.pop()

    def channels(self) -> dict[str, FloatArray]:
        """Each channel (n,) over all rows, NaN where a row had none."""
        columns = {}
        for key, (rows, values) in self._cells.items():
            column = np.full(len(self.times), np.nan)
            column[rows] = values
            columns[key] = column
        return columns

"""Taps: symmetric low-pass filters that keep only one of several samples, and shift nothing in time."""

import numpy as np

from retropace.recording import FloatArray

#: How many kept samples are worked out by one product of matrices, and of how many such rows: few enough that the
#: library for it stays on one processor.
_KEPT, _ROWS = 16, 128


def sinc(reach: int, half: float) -> FloatArray:
    """(2 * reach + 1,) taps, sum 1: a sinc under a Hamming window that passes half at `half` cycles a sample."""
    n = np.arange(-reach, reach + 1)
    return normal(np.sinc(2 * half * n) * np.hamming(n.size))


def between(reach: int, half: float) -> FloatArray:
    """(2 * reach,) taps like those of `sinc`, whose middle lies halfway between two samples."""
    n = np.arange(-reach, reach) + 0.5
    return normal(np.sinc(2 * half * n) * np.hamming(n.size))


def normal(taps: FloatArray) -> FloatArray:
    """`taps` with the sum 1."""
    return np.asarray(taps / taps.sum())


def spread(taps: FloatArray, every: int) -> FloatArray:
    """The matrix by which a row of samples becomes the kept ones: each column holds `taps` one step of `every` on."""
    matrix = np.zeros((every * (_KEPT - 1) + taps.size, _KEPT))
    for kept in range(_KEPT):
        matrix[every * kept : every * kept + taps.size, kept] = taps
    return matrix


def passed(values: FloatArray, matrix: FloatArray, every: int, count: int) -> FloatArray:
    """`count` samples through the taps of `matrix`, (k, count): the first over the first samples of `values` (k, n)."""
    length, groups = matrix.shape[0], -(-count // _KEPT)
    room = np.zeros((values.shape[0], every * _KEPT * (groups - 1) + length))
    room[:, : values.shape[1]] = values[:, : room.shape[1]]
    rows = np.lib.stride_tricks.sliding_window_view(room, length, axis=1)[:, :: every * _KEPT]
    kept = np.empty((values.shape[0], groups, _KEPT))
    for channel, views in enumerate(rows):
        for first in range(0, groups, _ROWS):
            part = slice(first, first + _ROWS)
            kept[channel, part] = np.ascontiguousarray(views[part]) @ matrix
    return kept.reshape(values.shape[0], -1)[:, :count]

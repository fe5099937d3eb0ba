"""Taps: symmetric low-pass filters that keep only one of several samples, and shift nothing in time."""

from dataclasses import dataclass

import numpy as np

from retropace.recording import FloatArray

#: How many kept samples are worked out by one product of matrices, and of how many such rows: few enough that the
#: library for it stays on one processor.
_KEPT, _ROWS = 16, 128
#: The same of a sieve's blocks of a hundred samples.
_BLOCKS = 64


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


@dataclass(frozen=True, slots=True)
class Sieve:
    """Taps of which only one answer in several is kept, worked out block by block of samples.

    A block is multiplied by `shares` (block, kept), which is what each of its samples gives to the kept ones: `before` of
    them lie before the block, `own` in it, the rest after it.
    """

    shares: FloatArray
    before: int
    own: int

    @classmethod
    def of(cls, taps: FloatArray, every: int, block: int) -> "Sieve":
        """Keeps one answer in `every`, that of sample n with the middle of `taps` at n (or shortly before it)."""
        reach = taps.size // 2
        before, own = (taps.size - 1 - reach) // every, block // every
        last = (block - 1 + reach) // every
        shares = np.zeros((block, before + last + 1))
        for column in range(shares.shape[1]):
            tap = np.arange(block) - every * (column - before) + reach
            felt = (tap >= 0) & (tap < taps.size)
            shares[felt, column] = taps[tap[felt]]
        return cls(shares, before, own)

    def kept(self, *channels: FloatArray) -> FloatArray:
        """(k, kept) of all `channels` together, each (k, blocks * block); beyond their ends lies nothing."""
        size, width = self.shares.shape
        blocks = channels[0].shape[1] // size
        given = np.empty((sum(len(some) for some in channels), blocks, width))
        row = 0
        for some in channels:
            values, mine = some.reshape(len(some), blocks, size), given[row : row + len(some)]
            for first in range(0, blocks, _BLOCKS):
                part = slice(first, first + _BLOCKS)
                np.matmul(values[:, part], self.shares, out=mine[:, part])
            row += len(some)
        return self._gathered(given)

    def _gathered(self, given: FloatArray) -> FloatArray:
        """What was given to the kept ones of each block, by itself and by its neighbours: `given` (k, blocks, kept)."""
        after = given.shape[2] - self.before - self.own
        kept = given[:, :, self.before : self.before + self.own].copy()
        kept[:, 1:, :after] += given[:, :-1, self.before + self.own :]
        kept[:, :-1, self.own - self.before :] += given[:, 1:, : self.before]
        return kept.reshape(len(given), -1)

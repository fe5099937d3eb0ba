"""Chain: the forward-backward algorithm of a hidden Markov model, fast in plain NumPy.

("Forward-backward" is the algorithm's name in the literature: along and against time, nothing to do with running.)
"""

from dataclasses import dataclass

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import BoolArray, IntArray

#: Evidence of one step counts no further than this [nats]; it keeps contradictions from becoming 0 ÷ 0.
MOST_NATS_A_STEP = -50.0


@dataclass(frozen=True, slots=True)
class Passed:
    """What several chains of the same length came to.

    `probability` (h, n, k) of each state given everything, `so_far` (h, n, k) given what came up to each step, `fit` (h,)
    the log-likelihood of the emissions.
    """

    probability: FloatArray
    so_far: FloatArray
    fit: FloatArray


def smoothed(
    log_emission: FloatArray, transition: FloatArray, initial: FloatArray, restarts: BoolArray
) -> tuple[FloatArray, float]:
    """Forward-backward probabilities of a hidden Markov model: (n, k) and the log-likelihood of the emissions.

    log_emission (n, k), transition (k, k), initial (k,); `restarts` (n,) marks steps that begin afresh from `initial`.
    """
    found = passed(log_emission[None], transition, initial, initial[None], restarts)
    return found.probability[0], float(found.fit[0])


def passed(
    log_emission: FloatArray, transition: FloatArray, initial: FloatArray, entering: FloatArray, restarts: BoolArray
) -> Passed:
    """The same for `log_emission` (h, n, k) of several chains; `entering` (h, k) is where each was before its first step.

    The chains are cut into about sqrt(n) blocks that run side by side as one array, so that Python loops over sqrt(n)
    steps, not n: first each block's transfer matrix, then the vectors at the block edges, then all blocks at once.
    """
    h, n, k = log_emission.shape
    peak = log_emission.max(axis=2)
    length = max(1, int(np.sqrt(n)))
    blocks = -(-n // length)
    emission = np.ones((h, blocks * length, k))
    emission[:, :n] = np.exp(np.maximum(log_emission - peak[..., None], MOST_NATS_A_STEP))
    kind = np.full(blocks * length, _BEYOND)
    kind[:n] = np.where(restarts, _RESTART, _GOES_ON)
    steps = _Steps(emission.reshape(h, blocks, length, k), kind.reshape(blocks, length), transition, initial)
    entry, leaving = _edge_vectors(_block_products(steps), entering)
    alpha, log_scale = _run_along(steps, entry)
    beta = _run_against(steps, leaving)
    joint = (np.maximum(alpha, 1e-150) * np.maximum(beta, 1e-150)).reshape(h, -1, k)[:, :n]
    probability = joint / joint.sum(axis=2, keepdims=True)
    fit = log_scale.reshape(h, -1)[:, :n].sum(axis=1) + peak.sum(axis=1)
    return Passed(probability, alpha.reshape(h, -1, k)[:, :n], fit)


#: What a step does: goes on from the one before, begins afresh, or only fills the last block.
_GOES_ON, _RESTART, _BEYOND = 0, 1, 2


class _Steps:
    """All steps in blocks: `emission` (h, blocks, length, k), what leads from one to the next, where that is otherwise."""

    def __init__(self, emission: FloatArray, kind: IntArray, transition: FloatArray, initial: FloatArray) -> None:
        self.emission, self.transition, self.initial = emission, transition, initial
        self.last = np.ascontiguousarray(np.moveaxis(emission, 2, 0))
        self.others = [
            [(what, np.flatnonzero(column == what)) for what in (_RESTART, _BEYOND) if np.any(column == what)]
            for column in kind.T
        ]

    def along(self, vector: FloatArray, i: int) -> FloatArray:
        """Row vectors (h, blocks, k), or (h, blocks, k, k) many of them, after step `i` of each block."""
        after: FloatArray = (vector.reshape(-1, vector.shape[-1]) @ self.transition).reshape(vector.shape)
        for kind, at in self.others[i]:
            after[:, at] = (
                vector[:, at].sum(axis=-1, keepdims=True) * self.initial if kind == _RESTART else vector[:, at]
            )
        weight = self.last[i]
        after *= weight if vector.ndim == 3 else weight[:, :, None]
        return after

    def against(self, vector: FloatArray, i: int) -> FloatArray:
        """Column vectors (h, blocks, k) before step `i` of each block."""
        weighed = self.last[i] * vector
        before: FloatArray = (weighed.reshape(-1, vector.shape[-1]) @ self.transition.T).reshape(vector.shape)
        for kind, at in self.others[i]:
            before[:, at] = (weighed[:, at] @ self.initial)[..., None] if kind == _RESTART else weighed[:, at]
        return before


def _normed(rows: FloatArray) -> FloatArray:
    """Rows scaled to sum 1 along the last axis; the tiny floor keeps a certain contradiction from dividing by zero."""
    scaled: FloatArray = rows / np.maximum(rows.sum(axis=-1, keepdims=True), 1e-300)
    return scaled


def _block_products(steps: _Steps) -> FloatArray:
    """(h, blocks, k, k) product of each block's step matrices, scaled."""
    h, blocks, length, k = steps.emission.shape
    product = np.tile(np.eye(k), (h, blocks, 1, 1))
    for i in range(length):
        product = steps.along(product, i)
        if i % _SCALED_EVERY == 0:
            product = product / np.maximum(product.max(axis=(2, 3), keepdims=True), 1e-300)
    return product


#: Products of so many steps stay well inside what a number can hold: one step shrinks them by e^-50 at most.
_SCALED_EVERY = 4


def _edge_vectors(transfer: FloatArray, entering: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Vectors entering each block (from the past) and arriving at its end (from the future)."""
    h, blocks, k, _ = transfer.shape
    entry, leaving = np.empty((h, blocks, k)), np.empty((h, blocks, k))
    entry[:, 0], leaving[:, -1] = entering, 1.0
    for b in range(1, blocks):
        entry[:, b] = _normed(np.matmul(entry[:, b - 1, None], transfer[:, b - 1])[:, 0])
        following = np.matmul(transfer[:, blocks - b], leaving[:, blocks - b, :, None])[..., 0]
        leaving[:, blocks - 1 - b] = _normed(following)
    return entry, leaving


def _run_along(steps: _Steps, entry: FloatArray) -> tuple[FloatArray, FloatArray]:
    h, blocks, length, k = steps.emission.shape
    alpha, scale = np.empty((h, blocks, length, k)), np.empty((h, blocks, length))
    vector = entry
    for i in range(length):
        vector = steps.along(vector, i)
        scale[:, :, i] = np.maximum(vector.sum(axis=2), 1e-300)
        vector = vector / scale[:, :, i, None]
        alpha[:, :, i] = vector
    return alpha, np.log(scale)


def _run_against(steps: _Steps, leaving: FloatArray) -> FloatArray:
    h, blocks, length, k = steps.emission.shape
    beta = np.empty((h, blocks, length, k))
    vector = leaving
    for i in range(length - 1, -1, -1):
        beta[:, :, i] = vector
        vector = _normed(steps.against(vector, i))
    return beta

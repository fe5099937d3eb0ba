"""Chain: the forward-backward algorithm of a hidden Markov model, fast in plain NumPy.

("Forward-backward" is the algorithm's name in the literature: along and against time, nothing to do with running.)
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import BoolArray, IntArray

#: Evidence of one step counts no further than this [nats]; it keeps contradictions from becoming 0 ÷ 0.
MOST_NATS_A_STEP = -50.0
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Passed:
    """What several chains of the same length came to.

    `probability` (h, n, k) of each state given everything, `fit` (h,) the log-likelihood of the emissions; `alpha` is laid
    out by blocks.
    """

    probability: FloatArray
    fit: FloatArray
    alpha: FloatArray

    def so_far(self, step: int) -> FloatArray:
        """(h, k) probability of each state at `step`, given what came up to it."""
        length, k, _ = self.alpha.shape
        by_block: FloatArray = self.alpha[step % length].reshape(k, len(self.fit), -1)[..., step // length].T
        return by_block


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
    """The same for `log_emission` (h, n, k) of several chains; `entering` (h, k) is where each was before its first step."""
    return without_pause(passing(log_emission, transition, initial, entering, restarts))


def without_pause(steps: Generator[object, None, Result]) -> Result:
    """What `steps` come to, all taken at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return cast("Result", done.value)


def passing(
    log_emission: FloatArray, transition: FloatArray, initial: FloatArray, entering: FloatArray, restarts: BoolArray
) -> Generator[int, None, Passed]:
    """The same in three parts of about the same work, with a pause after each but the last that says how many steps it took.

    The chains are cut into about sqrt(n) blocks that run side by side as one array, so that Python loops over sqrt(n)
    steps, not n: first each block's transfer matrix, then the vectors at the block edges, then all blocks at once. Rows of
    `transition` sum to 1, so that silent steps beyond the last one change nothing.
    """
    h, n, _ = log_emission.shape
    length = max(1, int(np.sqrt(n)))
    blocks = -(-n // length)
    emission, peak = _side_by_side(log_emission, blocks, length)
    steps = _Steps(emission, transition, initial, _by_step(restarts, h, blocks, length))
    products = _block_products(steps, h)
    yield h * n
    entry, leaving = _edge_vectors(products, entering)
    alpha, log_scale = _run_along(steps, entry)
    yield h * n
    beta = _run_against(steps, leaving)
    joint = np.maximum(alpha, 1e-150) * np.maximum(beta, 1e-150)
    joint /= joint.sum(axis=1, keepdims=True)
    fit = log_scale.reshape(h, blocks).sum(axis=1) + peak
    return Passed(_in_order(joint, h, n), fit, alpha)


#: Vectors of so many steps stay well inside what a number can hold: one step shrinks them by e^-50 at most.
_SCALED_EVERY = 8


def _side_by_side(log_emission: FloatArray, blocks: int, length: int) -> tuple[FloatArray, FloatArray]:
    """Emissions (length, k, h × blocks), 1 where most, and (h,) what that leaves out [nats]."""
    h, n, k = log_emission.shape
    whole = np.zeros((h, blocks * length, k))
    whole[:, :n] = log_emission
    emission = np.ascontiguousarray(whole.reshape(h * blocks, length, k).transpose(1, 2, 0))
    peak = emission.max(axis=1, keepdims=True)
    emission -= peak
    np.maximum(emission, MOST_NATS_A_STEP, out=emission)
    return np.exp(emission, out=emission), peak.reshape(length, h, blocks).sum(axis=(0, 2))


def _in_order(by_step: FloatArray, h: int, n: int) -> FloatArray:
    """(h, n, k) of values (length, k, h × blocks)."""
    length, k, columns = by_step.shape
    ordered = np.ascontiguousarray(by_step.transpose(2, 0, 1))
    return ordered.reshape(h, columns // h * length, k)[:, :n]


def _by_step(restarts: BoolArray, h: int, blocks: int, length: int) -> list[IntArray]:
    """For each step of a block the columns, of h × blocks, that begin afresh there."""
    found = [np.empty(0, np.int64)] * length
    at = np.flatnonzero(restarts)
    for step in np.unique(at % length).tolist():
        block = at[at % length == step] // length
        found[step] = (np.arange(h)[:, None] * blocks + block).ravel()
    return found


class _Steps:
    """All steps of all blocks: `emission` (length, k, columns), what leads from one to the next, which begin afresh."""

    def __init__(
        self, emission: FloatArray, transition: FloatArray, initial: FloatArray, afresh: list[IntArray]
    ) -> None:
        self.emission, self.afresh, self.initial = emission, afresh, initial
        self.before, self.after = np.ascontiguousarray(transition), np.ascontiguousarray(transition.T)

    def along(self, vectors: FloatArray, i: int) -> FloatArray:
        """Vectors (k, columns), or (k, many, columns), after step `i` of each block."""
        after: FloatArray = (self.after @ vectors.reshape(len(vectors), -1)).reshape(vectors.shape)
        at = self.afresh[i]
        if at.size:
            after[..., at] = np.multiply.outer(self.initial, vectors[..., at].sum(axis=0))
        after *= self.emission[i] if vectors.ndim == 2 else self.emission[i][:, None]
        return after

    def against(self, vectors: FloatArray, i: int) -> FloatArray:
        """Vectors (k, columns) before step `i` of each block."""
        weighed = self.emission[i] * vectors
        before: FloatArray = self.before @ weighed
        at = self.afresh[i]
        if at.size:
            before[:, at] = self.initial @ weighed[:, at]
        return before


def _normed(vectors: FloatArray, axis: int) -> FloatArray:
    """Vectors scaled to sum 1 along `axis`; the tiny floor keeps a certain contradiction from dividing by zero."""
    scaled: FloatArray = vectors / np.maximum(vectors.sum(axis=axis, keepdims=True), 1e-300)
    return scaled


def _block_products(steps: _Steps, h: int) -> FloatArray:
    """(blocks, h, k, k) product of each block's step matrices, scaled."""
    length, k, columns = steps.emission.shape
    product = np.repeat(np.eye(k)[:, :, None], columns, axis=2)
    for i in range(length):
        product = steps.along(product, i)
        if i % _SCALED_EVERY == _SCALED_EVERY - 1:
            product /= np.maximum(product.max(axis=(0, 1)), 1e-300)
    product /= np.maximum(product.max(axis=(0, 1)), 1e-300)
    return np.ascontiguousarray(product.reshape(k, k, h, -1).transpose(3, 2, 1, 0))


def _edge_vectors(transfer: FloatArray, entering: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Vectors (k, h × blocks) entering each block (from the past) and arriving at its end (from the future)."""
    blocks, h, k, _ = transfer.shape
    entry, leaving = np.empty((blocks, h, k)), np.empty((blocks, h, k))
    entry[0], leaving[-1] = entering, 1.0
    for b in range(1, blocks):
        entry[b] = _normed(np.matmul(entry[b - 1, :, None], transfer[b - 1])[:, 0], 1)
        following = np.matmul(transfer[blocks - b], leaving[blocks - b, :, :, None])[..., 0]
        leaving[blocks - 1 - b] = _normed(following, 1)
    return _as_columns(entry), _as_columns(leaving)


def _as_columns(edges: FloatArray) -> FloatArray:
    """(blocks, h, k) as (k, h × blocks)."""
    return np.ascontiguousarray(edges.transpose(2, 1, 0).reshape(edges.shape[2], -1))


def _run_along(steps: _Steps, entry: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Normed vectors after each step, and (columns,) the log of what each block scaled them by."""
    alpha, log_scale = np.empty_like(steps.emission), np.zeros(entry.shape[1])
    vectors = entry
    for i in range(len(alpha)):
        vectors = steps.along(vectors, i)
        alpha[i] = vectors
        if i % _SCALED_EVERY == _SCALED_EVERY - 1 or i == len(alpha) - 1:
            scale = np.maximum(vectors.sum(axis=0), 1e-300)
            log_scale += np.log(scale)
            vectors = vectors / scale
    return _normed(alpha, 1), log_scale


def _run_against(steps: _Steps, leaving: FloatArray) -> FloatArray:
    beta = np.empty_like(steps.emission)
    vectors = leaving
    for i in range(len(beta) - 1, -1, -1):
        beta[i] = vectors
        vectors = steps.against(vectors, i)
        if i % _SCALED_EVERY == 0:
            vectors = _normed(vectors, 0)
    return _normed(beta, 1)

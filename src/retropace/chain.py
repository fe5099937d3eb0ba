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
    out by blocks, and scaled anyhow.
    """

    probability: FloatArray
    fit: FloatArray
    alpha: FloatArray

    def so_far(self, step: int) -> FloatArray:
        """(h, k) probability of each state at `step`, given what came up to it."""
        length, k, _ = self.alpha.shape
        return _normed(self.alpha[step % length].reshape(k, len(self.fit), -1)[..., step // length].T, 1)


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
    fit = log_scale.reshape(h, blocks).sum(axis=1) + peak
    return Passed(_in_order(_joint(alpha, beta), h, n), fit, alpha)


#: Vectors of so many steps stay well inside what a number can hold: one step shrinks them by e^-50 at most.
_SCALED_EVERY = 8
#: Products of two such vectors no longer do below this: they contradict each other, or nearly.
_CONTRADICTION = 1e-280


def _side_by_side(log_emission: FloatArray, blocks: int, length: int) -> tuple[FloatArray, FloatArray]:
    """Emissions (length, k, h × blocks), 1 where most, and (h,) what that leaves out [nats]."""
    h, n, k = log_emission.shape
    full, rest = divmod(n, length)
    emission = np.zeros((length, k, h, blocks))
    emission[..., :full] = log_emission[:, : n - rest].reshape(h, full, length, k).transpose(2, 3, 0, 1)
    if rest:
        emission[:rest, ..., full] = log_emission[:, n - rest :].transpose(1, 2, 0)
    peak = emission.max(axis=1, keepdims=True)
    emission -= peak
    np.maximum(emission, MOST_NATS_A_STEP, out=emission)
    return np.exp(emission, out=emission).reshape(length, k, -1), peak.sum(axis=(0, 1, 3))


def _joint(alpha: FloatArray, beta: FloatArray) -> FloatArray:
    """What both say together (length, k, columns), of sum 1; a tiny floor keeps contradictions from becoming 0 ÷ 0."""
    joint = alpha * beta
    total = joint.sum(axis=1, keepdims=True)
    if total.min() < _CONTRADICTION:
        joint = np.maximum(_normed(alpha, 1), 1e-150) * np.maximum(_normed(beta, 1), 1e-150)
        total = joint.sum(axis=1, keepdims=True)
    joint /= total
    return joint


def _in_order(by_step: FloatArray, h: int, n: int) -> FloatArray:
    """(h, n, k) of values (length, k, h × blocks)."""
    length, k, columns = by_step.shape
    ordered = np.ascontiguousarray(by_step.transpose(2, 0, 1))
    return ordered.reshape(h, columns // h * length, k)[:, :n]


def _by_step(restarts: BoolArray, h: int, blocks: int, length: int) -> dict[int, IntArray]:
    """The columns, of h × blocks, that begin afresh, by the step of a block at which they do."""
    found: dict[int, list[int]] = {}
    for at in np.flatnonzero(restarts).tolist():
        found.setdefault(at % length, []).append(at // length)
    return {step: (np.arange(h)[:, None] * blocks + at).ravel() for step, at in found.items()}


class _Steps:
    """All steps of all blocks: `emission` (length, k, columns), what leads from one to the next, which begin afresh."""

    def __init__(
        self, emission: FloatArray, transition: FloatArray, initial: FloatArray, afresh: dict[int, IntArray]
    ) -> None:
        self.emission, self.afresh, self.initial = emission, afresh, initial
        self.before, self.after = np.ascontiguousarray(transition), np.ascontiguousarray(transition.T)

    def along(self, vectors: FloatArray, i: int, out: FloatArray) -> None:
        """Vectors (k, columns), or (k, many, columns), after step `i` of each block."""
        k = len(vectors)
        np.matmul(self.after, vectors.reshape(k, -1), out=out.reshape(k, -1))
        at = self.afresh.get(i)
        if at is not None:
            out[..., at] = np.multiply.outer(self.initial, vectors[..., at].sum(axis=0))
        out *= self.emission[i] if vectors.ndim == 2 else self.emission[i][:, None]

    def against(self, vectors: FloatArray, i: int, out: FloatArray) -> None:
        """Vectors (k, columns) before step `i` of each block."""
        weighed = self.emission[i] * vectors
        np.matmul(self.before, weighed, out=out)
        at = self.afresh.get(i)
        if at is not None:
            out[:, at] = self.initial @ weighed[:, at]


def _normed(vectors: FloatArray, axis: int) -> FloatArray:
    """Vectors scaled to sum 1 along `axis`; the tiny floor keeps a certain contradiction from dividing by zero."""
    scaled: FloatArray = vectors / np.maximum(np.add.reduce(vectors, axis=axis, keepdims=True), 1e-300)
    return scaled


def _block_products(steps: _Steps, h: int) -> FloatArray:
    """(k after, k before, h, blocks) product of each block's step matrices, scaled."""
    length, k, columns = steps.emission.shape
    product, following = np.repeat(np.eye(k)[:, :, None], columns, axis=2), np.empty((k, k, columns))
    for i in range(length):
        steps.along(product, i, out=following)
        product, following = following, product
        if i % _SCALED_EVERY == _SCALED_EVERY - 1 or i == length - 1:
            product /= np.maximum(np.maximum.reduce(product.reshape(k * k, columns), axis=0), 1e-300)
    return product.reshape(k, k, h, -1)


def _edge_vectors(transfer: FloatArray, entering: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Vectors (k, h × blocks) entering each block (from the past) and arriving at its end (from the future)."""
    k, _, h, blocks = transfer.shape
    both = np.empty((blocks, 2, h, k, k))
    both[:, 0], both[:, 1] = transfer.transpose(3, 2, 1, 0), transfer[..., ::-1].transpose(3, 2, 0, 1)
    edges = np.empty((blocks, 2, h, 1, k))
    edges[0, 0, :, 0], edges[0, 1] = entering, 1.0
    for b in range(1, blocks):
        edges[b] = _normed(np.matmul(edges[b - 1], both[b - 1]), -1)
    return _as_columns(edges[:, 0, :, 0]), _as_columns(edges[::-1, 1, :, 0])


def _as_columns(edges: FloatArray) -> FloatArray:
    """(blocks, h, k) as (k, h × blocks)."""
    return np.ascontiguousarray(edges.transpose(2, 1, 0).reshape(edges.shape[2], -1))


def _run_along(steps: _Steps, entry: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Vectors after each step, and (columns,) the log of what each block scaled them by."""
    alpha, log_scale = np.empty_like(steps.emission), np.zeros(entry.shape[1])
    vectors = entry
    for i, after in enumerate(alpha):
        steps.along(vectors, i, out=after)
        vectors = after
        if i % _SCALED_EVERY == _SCALED_EVERY - 1 or i == len(alpha) - 1:
            scale = np.maximum(np.add.reduce(vectors, axis=0), 1e-300)
            log_scale += np.log(scale)
            vectors = vectors / scale
    return alpha, log_scale


def _run_against(steps: _Steps, leaving: FloatArray) -> FloatArray:
    """Vectors before each step."""
    beta = np.empty_like(steps.emission)
    beta[-1] = leaving
    for i in range(len(beta) - 1, 0, -1):
        vectors = beta[i] if i % _SCALED_EVERY else _normed(beta[i], 0)
        steps.against(vectors, i, out=beta[i - 1])
    return beta

"""Chain: the forward-backward algorithm of a hidden Markov model, fast in plain NumPy.

("Forward-backward" is the algorithm's name in the literature: along and against time, nothing to do with running.)
"""

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: Evidence of one step counts no further than this [nats]; it keeps contradictions from becoming 0 ÷ 0.
MOST_NATS_A_STEP = -50.0


def smoothed(
    log_emission: FloatArray, transition: FloatArray, initial: FloatArray, restarts: BoolArray
) -> tuple[FloatArray, float]:
    """Forward-backward probabilities of a hidden Markov model: (n, k) and the log-likelihood of the emissions.

    log_emission (n, k), transition (k, k), initial (k,); `restarts` (n,) marks steps that begin afresh from `initial`.
    The chain is cut into about sqrt(n) blocks that run side by side as one array, so that Python loops over sqrt(n)
    steps, not n: first each block's transfer matrix, then the vectors at the block edges, then all blocks at once.
    """
    n, k = log_emission.shape
    peak = log_emission.max(axis=1)
    step = np.where(restarts[:, None, None], np.broadcast_to(initial, (k, k)), transition)
    step = step * np.exp(np.maximum(log_emission - peak[:, None], MOST_NATS_A_STEP))[:, None, :]
    length = max(1, int(np.sqrt(n)))
    blocks = -(-n // length)
    padded = np.concatenate([step, np.broadcast_to(np.eye(k), (blocks * length - n, k, k))]).reshape(
        blocks, length, k, k
    )
    transfer = _block_products(padded)
    entry, leaving = _edge_vectors(transfer, initial)
    alpha, log_scale = _run_along(padded, entry)
    beta = _run_against(padded, leaving)
    joint = (np.maximum(alpha, 1e-150) * np.maximum(beta, 1e-150)).reshape(-1, k)[:n]
    probability = joint / joint.sum(axis=1, keepdims=True)
    return probability, float(log_scale.reshape(-1)[:n].sum() + peak.sum())


def _normed(rows: FloatArray) -> FloatArray:
    """Rows scaled to sum 1 along the last axis; the tiny floor keeps a certain contradiction from dividing by zero."""
    scaled: FloatArray = rows / np.maximum(rows.sum(axis=-1, keepdims=True), 1e-300)
    return scaled


def _block_products(steps: FloatArray) -> FloatArray:
    """(blocks, k, k) product of each block's step matrices, scaled."""
    product = steps[:, 0]
    for i in range(1, steps.shape[1]):
        product = product @ steps[:, i]
        product = product / np.maximum(product.max(axis=(1, 2), keepdims=True), 1e-300)
    return product


def _edge_vectors(transfer: FloatArray, initial: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Vectors entering each block (from the past) and arriving at its end (from the future)."""
    blocks, k, _ = transfer.shape
    entry, leaving = np.empty((blocks, k)), np.empty((blocks, k))
    entry[0], leaving[-1] = initial, 1.0
    for b in range(1, blocks):
        entry[b] = _normed(entry[b - 1] @ transfer[b - 1])
        leaving[blocks - 1 - b] = _normed(transfer[blocks - b] @ leaving[blocks - b])
    return entry, leaving


def _run_along(steps: FloatArray, entry: FloatArray) -> tuple[FloatArray, FloatArray]:
    blocks, length, k, _ = steps.shape
    alpha, log_scale = np.empty((blocks, length, k)), np.empty((blocks, length))
    vector = entry
    for i in range(length):
        vector = np.matmul(vector[:, None, :], steps[:, i])[:, 0]
        scale = np.maximum(vector.sum(axis=1), 1e-300)
        vector = vector / scale[:, None]
        alpha[:, i], log_scale[:, i] = vector, np.log(scale)
    return alpha, log_scale


def _run_against(steps: FloatArray, leaving: FloatArray) -> FloatArray:
    blocks, length, k, _ = steps.shape
    beta = np.empty((blocks, length, k))
    vector = leaving
    for i in range(length - 1, -1, -1):
        beta[:, i] = vector
        vector = _normed(np.matmul(steps[:, i], vector[:, :, None])[:, :, 0])
    return beta

"""The block-wise algorithm must equal the textbook recursion, however the chain is cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.chain import smoothed
from retropace.recording import FloatArray


def textbook(log_emission: FloatArray, transition: FloatArray, initial: FloatArray) -> tuple[FloatArray, float]:
    n, k = log_emission.shape
    emission = np.exp(log_emission)
    alpha, beta = np.empty((n, k)), np.ones((n, k))
    alpha[0] = initial * emission[0]
    for t in range(1, n):
        alpha[t] = alpha[t - 1] @ transition * emission[t]
    for t in range(n - 2, -1, -1):
        beta[t] = transition @ (emission[t + 1] * beta[t + 1])
    joint = alpha * beta
    return joint / joint.sum(axis=1, keepdims=True), float(np.log(alpha[-1].sum()))


@given(n=st.integers(1, 60), seed=st.integers(0, 10_000))
def test_equals_the_textbook_recursion(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    k = 3
    emission = rng.normal(0, 2, (n, k))
    transition = rng.dirichlet(np.ones(k), k)
    initial = rng.dirichlet(np.ones(k))
    restarts = np.arange(n) == 0
    probability, log_likelihood = smoothed(emission, transition, initial, restarts)
    expected, expected_log = textbook(emission, transition, initial)
    np.testing.assert_allclose(probability, expected, atol=1e-9)
    assert log_likelihood == pytest.approx(expected_log, abs=1e-8)


@given(cut=st.integers(1, 29), seed=st.integers(0, 10_000))
def test_a_restart_makes_two_independent_chains(cut: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    emission = rng.normal(0, 2, (30, 3))
    transition, initial = rng.dirichlet(np.ones(3), 3), rng.dirichlet(np.ones(3))
    restarts = np.isin(np.arange(30), [0, cut])
    whole, _ = smoothed(emission, transition, initial, restarts)
    parts = [smoothed(e, transition, initial, np.arange(len(e)) == 0)[0] for e in (emission[:cut], emission[cut:])]
    np.testing.assert_allclose(whole, np.concatenate(parts), atol=1e-9)


def test_survives_certain_contradictions() -> None:
    """Evidence of thousands of nats, for impossible transitions too, gives probabilities, never NaN."""
    emission = np.zeros((200, 2))
    emission[50:100, 0] = -5000
    emission[100:, 1] = -5000
    probability, _ = smoothed(emission, np.eye(2), np.array([0.5, 0.5]), np.arange(200) == 0)
    assert np.all(np.isfinite(probability))

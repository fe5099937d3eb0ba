"""The odd scalars flip with time, exactly, and see neither the heading of the axes nor the side of the body."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.motion.odd import NAMES, scalars
from retropace.recording import FloatArray

SEEDS = st.integers(0, 2**32 - 1)


def motion(seed: int, length: int = 50) -> FloatArray:
    """(4, 6, length) windows that are smooth and far from symmetric in time."""
    random = np.random.default_rng(seed)
    rough = random.normal(0, 5, (4, 6, length + 8))
    smooth = np.apply_along_axis(lambda row: np.convolve(row, np.arange(9) / 36, "valid"), 2, rough)
    return np.asarray(smooth + random.normal(0, 3, (4, 6, 1)))


def reversed_in_time(windows: FloatArray) -> FloatArray:
    return np.asarray(windows[:, :, ::-1] * np.array([1, 1, 1, -1, -1, -1])[:, None])


@given(SEEDS, st.integers(20, 80))
def test_time_reversed_changes_every_sign_exactly(seed: int, length: int) -> None:
    windows = motion(seed, length)
    there, back = scalars(windows), scalars(reversed_in_time(windows))
    assert np.max(np.abs(there + back)) < 1e-9
    assert np.median(np.abs(there)) > 1e-3


@given(SEEDS, st.floats(-np.pi, np.pi))
def test_heading_of_the_axes_changes_nothing(seed: int, yaw: float) -> None:
    windows = motion(seed)
    turned = windows.copy()
    for x, y in ((0, 1), (3, 4)):
        turned[:, x] = np.cos(yaw) * windows[:, x] - np.sin(yaw) * windows[:, y]
        turned[:, y] = np.sin(yaw) * windows[:, x] + np.cos(yaw) * windows[:, y]
    np.testing.assert_allclose(scalars(turned), scalars(windows), atol=1e-9)


@given(SEEDS)
def test_other_side_of_the_body_changes_nothing(seed: int) -> None:
    windows = motion(seed)
    mirrored = windows * np.array([1, -1, 1, -1, 1, -1])[:, None]
    np.testing.assert_allclose(scalars(mirrored), scalars(windows), atol=1e-9)


def test_hard_landing_and_soft_take_off() -> None:
    rise, fall = np.linspace(0, 20, 5), np.linspace(20, 0, 45)
    windows = np.zeros((1, 6, 50))
    windows[0, 2] = np.concatenate([rise, fall])
    assert scalars(windows)[NAMES.index("c2"), 0] > 1


def test_a_known_push_while_turning() -> None:
    phase = np.linspace(0, 4 * np.pi, 50, endpoint=False)
    windows = np.zeros((1, 6, 50))
    windows[0, 0] = 8 * np.cos(phase)
    windows[0, 4] = 3 * np.cos(phase)
    assert scalars(windows)[0, 0] == pytest.approx(1, abs=0.01)


def test_silence_is_zero() -> None:
    assert np.all(scalars(np.zeros((3, 6, 50))) == 0)
    faint = np.random.default_rng(1).normal(0, 1e-4, (3, 6, 50))
    assert np.max(np.abs(scalars(faint))) < 0.1

"""Swing: amplitudes in closed form; played backward they are conjugate; axes and side do not matter."""

import numpy as np
import pytest

from made_thighs import LEVER_M, rough, thigh
from made_trunks import mirrored, reversed_in_time, seen, turned_level
from retropace.motion.level import Levelled
from retropace.motion.swing import Swing, swing

#: Seconds at both ends whose windows hang over the motion's edge.
EDGE = slice(3, -3)


def shapes(seen_swing: Swing) -> np.ndarray:
    """(n, 9) products that the end of the axis does not change."""
    t, f, z = seen_swing.angle, seen_swing.push, seen_swing.lift
    products = [
        t[:, :1] ** 2 * z[:, 1:2].conj(),
        f * t.conj(),
        z[:, 1:2] * z[:, 1:2].conj(),
        t * f.conj(),
    ]
    return np.concatenate(products, axis=1)


@pytest.mark.parametrize("stride_hz", [0.7, 0.9, 1.25, 1.9])
def test_amplitudes_of_a_pendulum(stride_hz: float) -> None:
    found = swing(seen(thigh(stride_hz, 0.3, ahead=0.05)))
    rate = 2 * np.pi * stride_hz  # what is left is the slope of the low-pass
    assert found.stride_hz[EDGE] == pytest.approx(stride_hz)
    assert np.abs(found.angle[EDGE, 0]) == pytest.approx(0.3, rel=0.01)
    assert np.abs(found.angle[EDGE, 1]) == pytest.approx(0.06, rel=0.01)
    assert np.abs(found.push[EDGE, 0]) == pytest.approx(LEVER_M * 0.3 * rate**2, rel=0.02)
    assert np.abs(found.lift[EDGE, 1]) == pytest.approx(2.0, rel=0.02)
    assert np.mod(found.axis_rad[EDGE], np.pi) == pytest.approx(0.7, abs=1e-6)


@pytest.mark.parametrize("stride_hz", [2.3, 2.6])
def test_the_stride_of_a_sprint_is_sought(stride_hz: float) -> None:
    found = swing(seen(thigh(stride_hz, 0.3, ahead=0.05)))
    assert found.stride_hz[EDGE] == pytest.approx(stride_hz)


def test_the_share_of_the_rotation() -> None:
    found = swing(seen(thigh(1.0, 0.3, ahead=0.05)))
    second_of_rate = 0.4**2
    assert found.turned[EDGE] == pytest.approx(1 / (1 + second_of_rate), rel=0.02)


@pytest.mark.parametrize("seed", range(6))
def test_played_backward_every_product_is_conjugate(seed: int) -> None:
    motion = rough(seed)
    there, back = (shapes(swing(seen(m))) for m in (motion, reversed_in_time(motion)))
    assert np.max(np.abs(there[::-1].conj() - back)) < 1e-9 * np.max(np.abs(there))
    assert np.median(np.abs(there.imag)) > 1e-3


@pytest.mark.parametrize("seed", range(6))
def test_axes_and_side_change_no_product(seed: int) -> None:
    motion = rough(seed)

    def same(other: Levelled) -> bool:
        there, then = (shapes(swing(seen(m))) for m in (motion, other))
        return bool(np.max(np.abs(there - then)) < 1e-9 * np.max(np.abs(there)))

    assert same(turned_level(motion, 1.1))
    assert same(turned_level(motion, -2.7))
    assert same(mirrored(motion))

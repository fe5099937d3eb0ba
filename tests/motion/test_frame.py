from dataclasses import replace

import numpy as np
import pytest

from felt_streams import swung
from retropace.motion.frame import HALO_S, SLOW_HZ, Frame, Room, frame, frame_of, once, rows, slowed, windows
from retropace.motion.level import Levelled, levelled
from retropace.motion.samples import RATE_HZ, pieces
from retropace.recording import FloatArray

RATE = int(RATE_HZ)


def level() -> Levelled:
    (piece,) = pieces(swung(2.4 + np.arange(2200) / 100))
    return levelled(piece)


def reversed_in_time(seen: Frame) -> Frame:
    """The frame of the same level motion run backward."""
    return replace(
        seen,
        acceleration_mps2=seen.acceleration_mps2[::-1],
        rotation_radps=-seen.rotation_radps[::-1],
        up=seen.up[::-1],
        heading_rad=seen.heading_rad[::-1],
        known=seen.known[::-1],
    )


def sine(hz: float, seconds: int = 10) -> FloatArray:
    return np.asarray(np.sin(2 * np.pi * hz * np.arange(seconds * RATE) / RATE)[:, None])


def test_a_frame_is_the_piece_with_nothing_around() -> None:
    piece = level()
    seen = frame(piece, 3, 20)
    assert seen.acceleration_mps2.shape == (26 * RATE, 3)
    assert np.flatnonzero(seen.known)[[0, -1]].tolist() == [240, 2439]
    assert np.array_equal(seen.acceleration_mps2[240:2440], piece.acceleration_mps2)
    assert not seen.acceleration_mps2[:240].any()
    assert np.isnan(seen.north_rad).all()
    assert seen.heading_rad[0] == piece.heading_rad[0]
    assert seen.heading_rad[-1] == piece.heading_rad[-1]


def test_a_frame_may_lie_in_several_parts() -> None:
    piece = level()
    parts = [piece.between(first, last) for first, last in ((0, 700), (700, 701), (701, 2200))]
    one, other = frame(piece, 5, 9), frame_of(parts, 5, 9)
    for name in ("acceleration_mps2", "rotation_radps", "up", "heading_rad", "known", "clipped"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_a_window_lies_around_the_middle_of_its_second() -> None:
    marked = np.arange(8 * RATE, dtype=float)[:, None]
    found = windows(marked, RATE, 2)
    assert found.shape == (2, 1, 2 * RATE)
    assert found[0, 0].mean() == HALO_S * RATE + (RATE - 1) / 2


@pytest.mark.parametrize(("hz", "gain"), [(0.0, 1.0), (1.0, 1.0), (3.0, 1.0), (8.0, 0.5), (14.0, 0.0), (40.0, 0.0)])
def test_the_slow_copy_keeps_steps_and_drops_impacts(hz: float, gain: float) -> None:
    wave = sine(hz) if hz else np.ones((10 * RATE, 1))
    slow = slowed(wave)[10:-10]
    assert slow.shape == (10 * SLOW_HZ - 20, 1)
    assert np.sqrt((slow**2).mean()) == pytest.approx(gain * np.sqrt((wave**2).mean()), abs=0.012)


def test_a_slow_sample_lies_halfway_before_every_fourth() -> None:
    ramp = np.arange(400.0)[:, None]
    assert np.allclose(slowed(ramp)[10:-10, 0], 4 * np.arange(10, 90) - 0.5, atol=1e-9)


def test_time_reversed_slow_copies_are_exactly_the_copies_reversed() -> None:
    values = np.random.default_rng(1).normal(size=(800, 6))
    assert np.allclose(slowed(values[::-1])[1:], slowed(values)[1:][::-1], atol=1e-9)


def test_time_reversed_slow_windows_are_exactly_the_windows_reversed() -> None:
    seen = frame(level(), 3, 20)
    sign = np.array([1, 1, 1, -1, -1, -1])[None, :, None]
    assert np.allclose(reversed_in_time(seen).slow_windows, sign * seen.slow_windows[::-1, :, ::-1], atol=1e-9)
    assert np.allclose(reversed_in_time(seen).share_known, seen.share_known[::-1])


def test_the_share_known_tells_of_the_window() -> None:
    seen = frame(level(), 3, 20)
    assert seen.share_known[0] == pytest.approx(1.0)
    assert frame(level(), 2, 3).share_known[0] == pytest.approx(0.55)


def test_a_room_forgets_and_goes_on() -> None:
    piece = level()
    room = Room(20)
    room.clear(piece.first - 60, turns=True)
    for first, last in ((0, 700), (700, 1900)):
        room.lay(piece.between(first, last))
    assert not room.has_room_for(300)
    room.forget(9 * RATE)
    room.lay(piece.between(1900, 2200))
    assert room.last == piece.last
    one, other = room.frame(12, 5), frame(piece, 12, 5)
    for name in ("acceleration_mps2", "rotation_radps", "up", "heading_rad", "known", "clipped"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_means_and_spreads_are_those_of_the_windows() -> None:
    seen = frame(level(), 3, 20)
    assert np.allclose(seen.slow_mean, seen.slow_windows.mean(axis=2), atol=1e-12)
    assert np.allclose(seen.slow_spread, seen.slow_windows.std(axis=2), atol=1e-9)


def test_what_is_done_once_is_done_once_for_each_frame() -> None:
    asked: list[int] = []

    @once
    def work(seen: Frame) -> int:
        asked.append(seen.first_s)
        return seen.first_s

    one, other = frame(level(), 3, 20), frame(level(), 5, 9)
    assert [work(one), work(other), work(one)] == [3, 5, 3]
    assert asked == [3, 5]


def test_rows_are_views_that_lie_inside() -> None:
    values = np.arange(24.0).reshape(2, 12)
    assert rows(values, 4, 3, 3)[1].tolist() == [[12, 13, 14, 15], [15, 16, 17, 18], [18, 19, 20, 21]]
    with pytest.raises(ValueError, match="do not lie in 12"):
        rows(values, 4, 3, 4)

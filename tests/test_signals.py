"""Signals: the grid shows what the samples say, and nothing where they are silent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import FIRST_DAY, Part, recording
from retropace.quantities import QUANTITIES
from retropace.recording import Origin, Pause, Recording, Stream
from retropace.signals import Grid, Parts, grid, running_mean, wrapped_deg


def of(time_s: list[float], **channels: list[float]) -> Recording:
    stream = Stream(np.array(time_s, float), {k: np.array(v, float) for k, v in channels.items()})
    return Recording(Origin("x", "made"), None, track=stream)


def test_every_channel_is_a_quantity() -> None:
    weighed = {"stretch", "paused", "moved_m", "moving_nats", "running_nats"}
    named = {name for name in Grid.__slots__ if name not in weighed}
    assert named <= set(QUANTITIES)


def test_empty_recording_gives_empty_grid() -> None:
    assert len(grid(Recording(Origin("x", "made"), None))) == 0


def test_single_sample() -> None:
    seconds = grid(of([0.0], speed_mps=[2.0]))
    assert seconds.time_s.tolist() == [0.0]
    assert seconds.speed_mps.tolist() == [2.0]


def test_long_silence_ends_a_stretch_and_is_not_bridged() -> None:
    seconds = grid(of([0, 1, 2, 1000, 1001], speed_mps=[1, 1, 1, 3, 3]))
    assert seconds.time_s.tolist() == [0, 1, 2, 1000, 1001]
    assert seconds.stretch.tolist() == [0, 0, 0, 1, 1]
    assert np.nansum(seconds.moved_m) < 10


def test_short_silence_is_bridged() -> None:
    seconds = grid(of([0, 10, 20, 30], speed_mps=[1, 2, 3, 4]))
    assert len(seconds) == 31
    assert seconds.speed_mps[5] == pytest.approx(1.5)


def test_zero_is_a_value_and_missing_is_nan() -> None:
    seconds = grid(of([0, 1, 2], speed_mps=[0.0, 0.0, 0.0], cadence_spm=[np.nan, np.nan, np.nan]))
    assert seconds.speed_mps.tolist() == [0, 0, 0]
    assert np.all(np.isnan(seconds.cadence_spm))


def test_speed_from_distance_where_the_device_gives_none() -> None:
    seconds = grid(of([0, 1, 2, 3, 4, 5], distance_m=[0, 2, 4, 6, 8, 10]))
    np.testing.assert_allclose(seconds.speed_mps[:5], 2.0)
    assert seconds.moved_m.sum() == pytest.approx(10.0)


def test_path_equals_distance_travelled() -> None:
    made = recording(FIRST_DAY)
    distance = made.track.channels["distance_m"]
    assert np.nansum(grid(made).moved_m) == pytest.approx(distance[-1] - distance[0], rel=1e-9)


def test_speed_and_course_from_positions_alone() -> None:
    made = recording((Part(120, 2.5, 165),), without=("speed_mps", "distance_m"))
    seconds = grid(made)
    assert np.nanmedian(seconds.speed_mps) == pytest.approx(2.5, abs=0.05)
    assert np.nanmax(np.abs(wrapped_deg(seconds.course_deg))) < 1.0


def test_a_distance_that_restarts_is_not_a_jump_back() -> None:
    seconds = grid(of([0, 1, 2, 3, 4], distance_m=[100, 102, 0, 2, 104]))
    assert np.nanmin(seconds.moved_m) >= 0


def test_slope_of_a_ramp() -> None:
    n = 400
    seconds = grid(of(list(range(n)), speed_mps=[2.0] * n, altitude_m=[0.1 * i for i in range(n)]))
    assert np.nanmedian(seconds.slope) == pytest.approx(0.05, abs=1e-6)


def test_codes_are_held_not_averaged() -> None:
    seconds = grid(of([0, 4, 8], speed_mps=[1, 1, 1], direction_code=[-1, 1, -1]))
    assert set(seconds.direction_code.tolist()) == {-1.0, 1.0}


def test_headings_are_interpolated_across_north() -> None:
    seconds = grid(of([0, 2], speed_mps=[1, 1], heading_deg=[350, 10]))
    assert seconds.heading_deg[1] % 360 == pytest.approx(0.0, abs=1e-9)


def test_pauses_are_marked() -> None:
    made = of([0, 1, 2, 3], speed_mps=[1, 0, 0, 1])
    paused = Recording(made.origin, None, track=made.track, pauses=(Pause(1, 3),))
    assert grid(paused).paused.tolist() == [False, True, True, False]


@given(
    st.lists(st.floats(-1e3, 1e3) | st.just(float("nan")), min_size=1, max_size=40),
    st.integers(0, 5),
)
def test_running_mean_is_the_mean_of_what_is_known(values: list[float], half: int) -> None:
    array = np.array(values)
    smooth = running_mean(array, half)
    for i in range(array.size):
        window = array[max(0, i - half) : i + half + 1]
        known = window[np.isfinite(window)]
        if known.size:
            assert smooth[i] == pytest.approx(known.mean(), abs=1e-6)
        else:
            assert np.isnan(smooth[i])


@given(st.lists(st.floats(0.01, 400), min_size=1, max_size=60))
def test_grid_is_increasing_and_finite_for_any_sampling(gaps: list[float]) -> None:
    time_s = np.cumsum(gaps)
    seconds = grid(of(time_s.tolist(), speed_mps=[2.0] * len(gaps)))
    assert np.all(np.diff(seconds.time_s) >= 1.0)
    assert np.all(np.diff(seconds.stretch) >= 0)
    assert np.all(np.isfinite(seconds.speed_mps))


def test_parts_are_the_seconds_of_each_stretch_and_no_others() -> None:
    parts = Parts.between(np.array([0.0, 1.0, 2.0, 10.0, 11.0]), [0.0, 1.5, 3.0], [1.0, 10.5, 9.0])
    assert parts.rows.tolist() == [0, 2, 3]
    assert parts.number.tolist() == [0, 1, 1]
    assert parts.size.tolist() == [1, 2, 0]
    assert parts.total(np.array([1.0, 2.0, 3.0])).tolist() == [1.0, 5.0, 0.0]


def test_some_seconds_of_parts_and_some_parts() -> None:
    parts = Parts.between(np.arange(6.0), [0, 2, 4], [2, 4, 6])
    odd = parts.only(parts.rows % 2 == 1)
    assert (odd.rows.tolist(), odd.number.tolist(), odd.size.tolist()) == ([1, 3, 5], [0, 1, 2], [1, 1, 1])
    last = parts.chosen([2])
    assert (last.rows.tolist(), last.number.tolist(), last.size.tolist()) == ([4, 5], [0, 0], [2])
    assert parts.chosen([]).size.tolist() == []
    assert parts.count(parts.rows > 2).tolist() == [0, 1, 2]

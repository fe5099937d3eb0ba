"""Gait: figures of one stretch, with gaps, pauses, zeros and silence."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import Part, recording
from retropace.gait import (
    ENOUGH,
    GaitFigures,
    Spread,
    figures,
    highest,
    means,
    middles,
    moving_seconds,
    step_counts,
    step_length_m,
    totals,
)
from retropace.recording import FloatArray
from retropace.signals import Grid, Parts, grid

Figure = TypeVar("Figure")
NUMBERS = st.lists(st.floats(0, 300), min_size=1, max_size=80)


def steady(seconds: int = 120, speed: float = 2.5, cadence: float = 170.0, **changes: object) -> Grid:
    made = grid(recording((Part(seconds, speed, cadence),)))
    exact = {"moved_m": np.full(len(made), speed), "cadence_spm": np.full(len(made), cadence)}
    return replace(made, **(exact | changes))  # type: ignore[arg-type]


def shown(seconds: Grid) -> GaitFigures:
    """The figures of all of `seconds`."""
    return figures(seconds, Parts.between(seconds.time_s, [-np.inf], [np.inf]))[0]


def alone(asked: Callable[[FloatArray, Parts], list[Figure]], values: FloatArray) -> Figure:
    """What is asked of all `values` as one part."""
    return asked(values, Parts.between(np.arange(values.size, dtype=float), [0], [values.size]))[0]


def test_a_steady_run() -> None:
    seen = shown(steady())
    assert seen.distance_m == pytest.approx(300.0)
    assert seen.moving_s == 120.0
    assert seen.speed_mps == pytest.approx(2.5)
    assert seen.cadence_spm == pytest.approx(170.0)
    assert seen.steps == pytest.approx(340.0)
    assert seen.step_length_m is not None
    assert seen.step_length_m.median == pytest.approx(60 * 2.5 / 170)
    assert not seen.step_length_own
    assert seen.positioned


def test_the_device_knows_its_own_step_length() -> None:
    seen = shown(steady(step_length_m=np.full(120, 0.9)))
    assert seen.step_length_own
    assert seen.step_length_m == Spread(0.9, 0.9, 0.9)


def test_paused_seconds_do_not_count() -> None:
    paused = np.zeros(120, bool)
    paused[30:60] = True
    seen = shown(steady(paused=paused))
    assert (seen.paused_s, seen.moving_s) == (30.0, 90.0)
    assert seen.distance_m == pytest.approx(225.0)
    assert seen.steps == pytest.approx(255.0)


def test_silence_is_unknown_not_zero() -> None:
    nothing = np.full(120, np.nan)
    seen = shown(steady(moved_m=nothing, speed_mps=nothing, cadence_spm=nothing, heart_rate_bpm=nothing))
    assert seen.distance_m is None
    assert seen.speed_mps is None
    assert seen.moving_s is None
    assert seen.steps is None
    assert seen.cadence_spm is None
    assert seen.heart_rate_bpm is None
    assert seen.heart_rate_max_bpm is None


def test_an_empty_stretch_is_unknown() -> None:
    seen = shown(steady().between(500, 600))
    assert seen.distance_m is None
    assert seen.steps is None
    assert seen.contact_time_ms is None


def test_a_treadmill_without_speed_moves_by_its_steps() -> None:
    nothing = np.full(120, np.nan)
    seen = shown(steady(moved_m=nothing, speed_mps=nothing))
    assert seen.moving_s == 120.0
    assert seen.distance_m is None


def test_standing_moves_nothing() -> None:
    seen = shown(steady(speed=0.0, cadence=0.0))
    assert seen.moving_s == 0.0
    assert seen.distance_m == 0.0
    assert seen.steps == 0.0
    assert seen.speed_mps is None


def test_moving_prefers_the_path_to_the_steps() -> None:
    path = np.array([2.0, 0.0, np.nan, np.nan, np.nan])
    cadence = np.array([0.0, 170.0, 170.0, 0.0, np.nan])
    assert moving_seconds(path, cadence).tolist() == [True, False, True, False, True]


@given(NUMBERS, st.data())
def test_gaps_are_filled_by_the_rest_up_to_half(values: list[float], data: st.DataObject) -> None:
    holes = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    gappy = np.where(holes, np.nan, values)
    left = len(values) - sum(holes)
    if left == 0 or left < ENOUGH.value * len(values):
        assert alone(means, gappy) is None
        assert alone(totals, gappy) is None
        assert alone(middles, gappy) is None
    else:
        assert alone(totals, gappy) == pytest.approx(np.nanmean(gappy) * len(values))


@given(st.lists(st.one_of(st.floats(0, 300), st.just(np.nan)), max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_many_parts_are_each_what_they_are_alone(values: list[float], cuts: list[int]) -> None:
    """Some of the parts empty, some without anything known, and seconds between them that are in none."""
    edges = sorted(min(cut, len(values)) for cut in cuts)
    found, starts, ends = np.array(values, float), edges[:-1:2], edges[1::2]
    parts = Parts.between(np.arange(found.size, dtype=float), starts, ends)
    for asked in (means, totals, highest):
        each = [alone(asked, found[first:last]) for first, last in zip(starts, ends, strict=True)]
        assert asked(found[parts.rows], parts) == pytest.approx(each)
    each_spread = [alone(middles, found[first:last]) for first, last in zip(starts, ends, strict=True)]
    assert middles(found[parts.rows], parts) == each_spread


@given(NUMBERS)
def test_quartiles_agree_with_numpy(values: list[float]) -> None:
    spread = alone(middles, np.array(values))
    assert spread is not None
    expected = np.quantile(values, [0.25, 0.5, 0.75])
    np.testing.assert_allclose([spread.low, spread.median, spread.high], expected, atol=1e-9)


@given(st.lists(st.floats(0, 250), min_size=2, max_size=60), st.integers(1, 59))
def test_steps_of_two_parts_add_up(cadence: list[float], cut: int) -> None:
    whole, cut = np.array(cadence), min(cut, len(cadence) - 1)
    first, second = alone(step_counts, whole[:cut]), alone(step_counts, whole[cut:])
    assert first is not None
    assert second is not None
    assert alone(step_counts, whole) == pytest.approx(first + second)


def test_no_step_no_step_length() -> None:
    assert np.isnan(step_length_m(np.array([2.0]), np.array([0.0]))[0])
    assert np.isnan(step_length_m(np.array([2.0]), np.array([np.nan]))[0])
    assert np.isnan(step_length_m(np.array([2.0]), np.array([5e-324]))[0]), "a rounding error is no step"

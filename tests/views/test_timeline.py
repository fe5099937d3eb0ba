"""Timeline: one x for every second, however long the recording and whatever its gaps."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.recording import Origin, Recording, Stream
from retropace.signals import Grid, grid
from retropace.views.timeline import columns, ticks, timeline


def seconds(parts: list[tuple[int, int]]) -> Grid:
    """A grid of (silence before, length) parts [s]."""
    times, now = [], 0.0
    for silence, length in parts:
        now += silence
        times.append(now + np.arange(float(length)))
        now += length
    time_s = np.concatenate(times) if times else np.empty(0)
    return grid(Recording(Origin("made", "csv"), None, track=Stream(time_s, {"speed_mps": np.ones(time_s.size)})))


PARTS = st.lists(st.tuples(st.integers(0, 100_000), st.integers(1, 3000)), min_size=1, max_size=12)


@given(PARTS, st.integers(60, 900))
def test_columns_are_bounded_and_hold_their_seconds(parts: list[tuple[int, int]], width: int) -> None:
    made = seconds(parts)
    line = timeline(made, 10, 10 + width)
    assert line is not None
    shared = columns(line, made)
    assert len(shared) <= width + len(line.start_s)
    assert line.left[0] == pytest.approx(10)
    assert line.right[-1] == pytest.approx(10 + width)
    begin, end = shared.start_s[shared.of_sample], shared.end_s[shared.of_sample]
    assert np.all((begin <= made.time_s + 1e-6) & (made.time_s < end + 1e-6))


@given(PARTS)
def test_time_never_runs_left(parts: list[tuple[int, int]]) -> None:
    made = seconds(parts)
    line = timeline(made, 0, 600)
    assert line is not None
    x = line.x(made.time_s)
    assert np.all(np.diff(x) > 0)
    assert x[0] >= 0
    assert x[-1] <= 600


def test_nothing_recorded_has_no_timeline() -> None:
    assert timeline(seconds([]), 0, 100) is None


def test_long_silences_are_cut_and_short_ones_stay() -> None:
    line = timeline(seconds([(0, 600), (40, 600), (86_400, 600)]), 0, 600)
    assert line is not None
    assert [round(lost) for _, _, lost in line.breaks()] == [86_400]
    assert line.recorded_s == pytest.approx(1840)


def test_breaks_never_take_most_of_the_drawing() -> None:
    line = timeline(seconds([(5000, 60)] * 100), 0, 350)
    assert line is not None
    cut = sum(end - start for start, end, _ in line.breaks())
    assert cut <= 0.2 * 350 + 1e-6


def test_column_means_ignore_what_is_missing() -> None:
    made = seconds([(0, 100)])
    speed = np.where(np.arange(100) % 2, np.nan, 3.0)
    made = replace(made, speed_mps=speed)
    line = timeline(made, 0, 10)
    assert line is not None
    assert columns(line, made).mean(made.speed_mps) == pytest.approx(np.full(10, 3.0))
    assert np.isnan(columns(line, made).mean(np.full(100, np.nan))).all()


@given(st.integers(30, 40_000))
def test_time_marks_do_not_collide(length: int) -> None:
    line = timeline(seconds([(0, length)]), 0, 350)
    assert line is not None
    marks = ticks(line)
    assert all(b[0] - a[0] >= 50 for a, b in itertools.pairwise(marks))
    assert len({words for _, words in marks}) == len(marks)
    assert len(marks) <= 8


def test_many_days_are_marked_by_day() -> None:
    line = timeline(seconds([(0, 600), *[(85_800, 600)] * 9]), 0, 600)
    assert line is not None
    told = [words for _, words in ticks(line)]
    assert told[0] == "day 1"
    assert set(told) <= {f"day {number}" for number in range(1, 11)}
    assert len(told) >= 5


def test_days_without_a_break_are_marked_too() -> None:
    line = timeline(seconds([(0, 5 * 86_400)]), 0, 600)
    assert line is not None
    assert [words for _, words in ticks(line)] == ["day 1", "day 2", "day 3", "day 4", "day 5"]

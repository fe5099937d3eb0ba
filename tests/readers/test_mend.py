"""Mending: whatever the input, a stream that keeps its promises; nothing touched that was right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from retropace.readers.mend import mend_motion, mend_track
from retropace.recording import FloatArray, Repair, Stream

any_number = st.floats(allow_nan=True, allow_infinity=True, width=64)
odd_times = st.one_of(any_number, st.integers(0, 40).map(float), st.floats(-1e4, 1e10), st.sampled_from([0.0, 1e9]))


def kinds(repairs: list[Repair]) -> dict[str, int]:
    return {repair.kind: repair.count for repair in repairs}


@st.composite
def tracks(draw: st.DrawFn) -> tuple[FloatArray, dict[str, FloatArray]]:
    n = draw(st.integers(0, 60))
    keys = draw(
        st.sets(st.sampled_from(["heart_rate_bpm", "cadence_spm", "latitude_deg", "longitude_deg", "distance_m"]))
    )
    column = hnp.arrays(np.float64, n, elements=st.one_of(any_number, st.sampled_from([0.0, 45.0, 45.001, 150.0])))
    return draw(hnp.arrays(np.float64, n, elements=odd_times)), {key: draw(column) for key in sorted(keys)}


def assert_same(one: Stream, other: Stream) -> None:
    assert np.array_equal(one.time_s, other.time_s)
    assert one.channels.keys() == other.channels.keys()
    for key in one.channels:
        assert np.array_equal(one.channels[key], other.channels[key], equal_nan=True)


@given(tracks())
@settings(max_examples=300)
def test_any_track_is_mended_once_and_for_all(track: tuple[FloatArray, dict[str, FloatArray]]) -> None:
    time_s, channels = track
    before = time_s.copy(), {key: values.copy() for key, values in channels.items()}
    stream, _, kept = mend_track(time_s, channels)  # Stream itself refuses times that do not rise
    assert np.array_equal(time_s, before[0], equal_nan=True)
    assert all(np.array_equal(channels[key], before[1][key], equal_nan=True) for key in channels)
    assert np.array_equal(time_s[kept], stream.time_s)
    again, repairs, all_kept = mend_track(stream.time_s, dict(stream.channels))
    assert_same(again, stream)
    assert repairs == []
    assert np.array_equal(all_kept, np.arange(len(stream)))


@given(tracks())
@settings(max_examples=300)
def test_any_motion_gives_a_stream(track: tuple[FloatArray, dict[str, FloatArray]]) -> None:
    time_s, channels = track
    stream, _ = mend_motion(time_s, channels)
    assert all(np.isfinite(values).any() for values in stream.channels.values())


@given(
    hnp.arrays(np.float64, st.integers(1, 80), elements=st.floats(0.2, 25)),
    st.integers(0, 2**32 - 1),
)
def test_clean_track_is_left_alone(steps: FloatArray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    time_s = np.cumsum(steps)
    channels = {
        "latitude_deg": 47 + np.cumsum(rng.normal(0, 1e-5, time_s.size)),
        "longitude_deg": 8 + np.cumsum(rng.normal(0, 1e-5, time_s.size)),
        "heart_rate_bpm": np.where(rng.random(time_s.size) < 0.2, np.nan, 140.0),
    }
    stream, repairs, kept = mend_track(time_s, channels)
    assert repairs == []
    assert kept.size == time_s.size
    assert np.array_equal(stream.time_s, time_s)
    for key, values in stream.channels.items():
        assert np.array_equal(values, channels[key], equal_nan=True)


@given(st.permutations(list(range(6))))
def test_shuffled_chunks_are_put_in_order(chunks: list[int]) -> None:
    pieces = np.split(np.arange(120.0), 6)
    time_s = np.concatenate([pieces[chunk] for chunk in chunks])
    stream, repairs, kept = mend_track(time_s, {"distance_m": time_s * 3})
    assert np.array_equal(stream.time_s, np.arange(120.0))
    assert np.array_equal(stream.channels["distance_m"], np.arange(120.0) * 3)
    assert np.array_equal(time_s[kept], stream.time_s)
    assert set(kinds(repairs)) == (set() if chunks == sorted(chunks) else {"time_backward"})


def test_no_time_is_dropped() -> None:
    stream, repairs, _ = mend_track(np.array([0, np.nan, 2, np.inf]), {"cadence_spm": np.full(4, 160.0)})
    assert stream.time_s.tolist() == [0, 2]
    assert kinds(repairs) == {"no_time": 2}


@pytest.mark.parametrize("position", [0, 50, 100])
def test_a_time_decades_away_is_dropped(position: int) -> None:
    time_s = np.insert(np.arange(100.0), position, -1.1e9)
    stream, repairs, _ = mend_track(time_s, {"distance_m": np.arange(101.0)})
    assert stream.time_s.tolist() == np.arange(100.0).tolist()
    assert kinds(repairs) == {"time_jump": 1}


def test_a_clock_that_jumps_ahead_for_good_leaves_a_gap() -> None:
    time_s = np.concatenate([np.arange(50.0), np.arange(50.0) + 86_400])
    stream, repairs, _ = mend_track(time_s, {})
    assert len(stream) == 100
    assert repairs == []


@pytest.mark.parametrize("slip", [3000.0, -3000.0, 40.0, 150.0])
def test_one_slip_of_the_clock_is_dropped(slip: float) -> None:
    time_s = np.arange(200.0)
    time_s[100] += slip
    stream, repairs, _ = mend_track(time_s, {"distance_m": np.arange(200.0)})
    assert stream.time_s.tolist() == [t for t in range(200) if t != 100]
    assert np.array_equal(stream.channels["distance_m"], stream.time_s)
    assert kinds(repairs) == {"time_jump": 1}


def test_a_clock_set_back_drops_what_overlaps() -> None:
    time_s = np.concatenate([np.arange(100.0), np.arange(60.0) + 90.3])
    stream, repairs, _ = mend_track(time_s, {})
    assert np.sort(np.diff(stream.time_s))[:2] == pytest.approx([0.3, 1.0])  # the seam, and nothing interleaved
    assert stream.time_s[-1] == pytest.approx(149.3)
    assert kinds(repairs) == {"time_backward": 1}


def test_neighbours_that_changed_places_are_sorted() -> None:
    stream, repairs, kept = mend_track(np.array([0.0, 1, 3, 2, 4, 5]), {})
    assert stream.time_s.tolist() == [0, 1, 2, 3, 4, 5]
    assert kept.tolist() == [0, 1, 3, 2, 4, 5]
    assert kinds(repairs) == {"time_backward": 1}


def test_rows_of_one_second_complete_each_other() -> None:
    nan = np.nan
    stream, repairs, kept = mend_track(
        np.array([0.0, 0, 1, 1, 1]),
        {
            "heart_rate_bpm": np.array([120, nan, nan, 125, nan]),
            "cadence_spm": np.array([nan, 160, 161, 162, nan]),
            "distance_m": np.array([0, nan, 3, nan, nan]),
        },
    )
    assert stream.channels["heart_rate_bpm"].tolist() == [120, 125]
    assert stream.channels["cadence_spm"].tolist() == [160, 162]
    assert stream.channels["distance_m"].tolist() == [0, 3]
    assert kept.tolist() == [0, 3]
    assert kinds(repairs) == {"time_repeated": 3}


def test_values_nobody_has_become_missing_and_zero_hearts_are_named() -> None:
    stream, repairs, _ = mend_track(
        np.arange(4.0),
        {"heart_rate_bpm": np.array([0.0, 140, 255, 141]), "cadence_spm": np.array([0.0, 500, np.inf, 160])},
    )
    assert np.array_equal(stream.channels["heart_rate_bpm"], [np.nan, 140, np.nan, 141], equal_nan=True)
    assert np.array_equal(stream.channels["cadence_spm"], [0, np.nan, np.nan, 160], equal_nan=True)
    assert kinds(repairs) == {"heart_rate_zero": 1, "implausible": 3}
    assert "cadence: 2" in repairs[1].note


def walk_north(n: int, latitude: float = 47.0) -> dict[str, FloatArray]:
    return {"latitude_deg": latitude + np.arange(n) * 1e-5, "longitude_deg": np.full(n, 8.0)}


def test_null_island_is_missing_unless_one_runs_there() -> None:
    away = walk_north(30)
    away["latitude_deg"][7] = away["longitude_deg"][7] = 0
    stream, repairs, _ = mend_track(np.arange(30.0), away)
    assert np.isnan(stream.channels["latitude_deg"]).tolist() == [i == 7 for i in range(30)]
    assert kinds(repairs) == {"position": 1}
    there = {"latitude_deg": np.linspace(0, 3e-4, 30), "longitude_deg": np.zeros(30)}
    assert mend_track(np.arange(30.0), there)[1] == []


@pytest.mark.parametrize("where", [slice(0, 2), slice(10, 15), slice(38, 40)])
def test_spikes_nobody_could_run_are_missing(where: slice) -> None:
    track = walk_north(40)
    track["latitude_deg"][where] += 1.0
    stream, repairs, _ = mend_track(np.arange(40.0), track)
    missing = np.isnan(stream.channels["longitude_deg"])
    assert np.flatnonzero(missing).tolist() == list(range(40))[where]
    assert kinds(repairs) == {"position": missing.sum()}


def test_a_place_where_one_stayed_and_the_date_line_are_no_spikes() -> None:
    moved = walk_north(40)
    moved["latitude_deg"][20:] += 1.0
    assert mend_track(np.arange(40.0), moved)[1] == []
    east = {"latitude_deg": np.full(40, -17.0), "longitude_deg": (179.9998 + np.arange(40) * 1e-5 + 180) % 360 - 180}
    assert mend_track(np.arange(40.0), east)[1] == []


def test_half_a_position_is_none() -> None:
    track = walk_north(10)
    track["longitude_deg"][3] = np.nan
    stream, repairs, _ = mend_track(np.arange(10.0), track)
    assert np.isnan(stream.channels["latitude_deg"][3])
    assert kinds(repairs) == {"position": 1}
    alone, repairs, _ = mend_track(np.arange(10.0), {"latitude_deg": track["latitude_deg"]})
    assert not alone.channels
    assert kinds(repairs) == {"position": 10}


def batched(rate_hz: float, size: int, n: int, seed: int = 1) -> tuple[FloatArray, FloatArray]:
    """True times, and the stamps a recorder gives that empties its queue every `size` samples."""
    true_s = np.arange(n) / rate_hz
    rng = np.random.default_rng(seed)
    arrival = true_s[np.minimum((np.arange(n) // size + 1) * size, n) - 1]
    stamps = arrival + np.repeat(rng.uniform(0, 0.02, n // size + 1), size)[:n] + (np.arange(n) % size) * 1e-3
    return true_s, np.maximum.accumulate(np.round(stamps, 3))


@pytest.mark.parametrize(("rate_hz", "size"), [(50.0, 5), (50.0, 16), (100.0, 40), (25.0, 4)])
def test_batches_are_spread_at_the_sensors_rate(rate_hz: float, size: int) -> None:
    true_s, stamps = batched(rate_hz, size, 3000)
    stream, repairs = mend_motion(stamps, {"rotation_x_radps": np.sin(true_s * 9)})
    assert set(kinds(repairs)) == {"time_batched"}
    assert float(repairs[0].note.split()[0]) == pytest.approx(rate_hz, rel=0.005)
    assert len(stream) == true_s.size
    error = stream.time_s - true_s
    assert np.ptp(error) < 0.01
    assert_same(mend_motion(stream.time_s, dict(stream.channels))[0], stream)


def test_a_gap_between_batches_stays_a_gap() -> None:
    true_s, stamps = batched(50.0, 10, 2000)
    stamps[1000:] += 60
    stream, repairs = mend_motion(stamps, {"rotation_x_radps": np.sin(true_s)})
    steps = np.diff(stream.time_s)
    assert steps[999] == pytest.approx(60.02, abs=0.05)
    assert np.delete(steps, 999) == pytest.approx(np.full(1998, 0.02), abs=1e-3)
    assert set(kinds(repairs)) == {"time_batched"}


@pytest.mark.parametrize("lost_share", [0.03, 0.1, 0.2])
def test_batches_that_the_radio_lost_leave_gaps(lost_share: float) -> None:
    """A sensor at 25 Hz whose packets of five come by radio now and then not at all: the rest stays where it was."""
    true_s, stamps = batched(25.0, 5, 3000)
    kept = np.repeat(np.random.default_rng(5).random(600) >= lost_share, 5)
    stream, repairs = mend_motion(stamps[kept], {"rotation_x_radps": np.sin(true_s[kept])})
    error = stream.time_s - true_s[kept]
    assert np.ptp(error) < 0.08
    assert np.diff(stream.time_s).max() > 0.2
    assert float(repairs[0].note.split()[0]) == pytest.approx(25.0, rel=0.015)
    assert float(repairs[0].note.split(" %")[0].split()[-1]) == pytest.approx(100 * (1 - kept.mean()), abs=2.0)


@pytest.mark.parametrize(
    "steps",
    [
        np.full(2000, 0.01),
        np.abs(np.random.default_rng(3).normal(0.01, 0.002, 2000)) + 1e-4,  # a clock that trembles
        np.where(np.arange(2000) % 100 == 99, 59.0, 0.01),  # one second a minute
        np.where(np.arange(2000) == 700, 3600.0, 0.01),  # one long pause
        np.concatenate([np.full(1000, 0.01), np.full(1000, 0.1)]),  # the rate was changed
    ],
)
def test_clocks_that_do_not_batch_are_left_alone(steps: FloatArray) -> None:
    time_s = np.cumsum(steps)
    stream, repairs = mend_motion(time_s, {"rotation_x_radps": np.sin(time_s)})
    assert repairs == []
    assert np.array_equal(stream.time_s, time_s)


def test_rows_written_twice_are_kept_once() -> None:
    time_s = np.repeat(np.arange(200) / 50, 2)
    stream, repairs = mend_motion(time_s, {"rotation_x_radps": np.sin(time_s)})
    assert len(stream) == 200
    assert kinds(repairs) == {"time_repeated": 200}

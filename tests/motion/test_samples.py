import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from felt_streams import NINE, between, chosen, constant, cut_at, still, stream, swung, values_of
from retropace.motion.samples import LONGEST_BRIDGE_S, RATE_HZ, Resampler, Samples, all_came, joined, pieces
from retropace.recording import FloatArray, Stream

SHORT = settings(deadline=None, max_examples=40)


def tone(time_s: FloatArray, hz: float) -> dict[str, Stream]:
    return {"accelerometer": stream("accelerometer", time_s, np.tile(np.sin(2 * np.pi * hz * time_s), (3, 1)))}


def on_clock(piece: Samples) -> FloatArray:
    return np.asarray(piece.start_s + np.arange(len(piece)) / RATE_HZ)


def together(parts: list[Samples]) -> list[Samples]:
    found: list[list[Samples]] = []
    for part in parts:
        if found and found[-1][-1].goes_on(part):
            found[-1].append(part)
        else:
            found.append([part])
    return [joined(part) for part in found]


def same(one: Samples, other: Samples) -> bool:
    arrays = [
        (a, b)
        for a, b in ((getattr(one, name), getattr(other, name)) for name in Samples.__slots__)
        if a is not None or b is not None
    ]
    return all(np.allclose(a, b, rtol=1e-12, atol=1e-12, equal_nan=True) for a, b in arrays)


def test_samples_on_the_clock_stay_as_they_are() -> None:
    motion = swung(np.arange(500) / 100)
    (piece,) = pieces(motion)
    assert np.array_equal(piece.force_mps2, values_of(motion["accelerometer"]).T)
    assert piece.rotation_radps is not None
    assert np.array_equal(piece.rotation_radps, values_of(motion["gyroscope"]).T)
    assert piece.known.all()
    assert not piece.clipped.any()


@pytest.mark.parametrize("rate_hz", [50, 52, 99.4, 100, 104, 128, 200, 208, 400, 800])
def test_what_steps_are_made_of_comes_through_at_any_rate(rate_hz: float) -> None:
    time_s = 0.0037 + np.arange(round(12 * rate_hz)) / rate_hz
    (piece,) = pieces(swung(time_s))
    true = values_of(swung(on_clock(piece))["accelerometer"]).T
    inside = slice(50, -50)
    error = piece.force_mps2[inside] - true[inside]
    assert error.std() < 0.01 * true[inside].std(axis=0).mean()
    assert piece.known.all()


@pytest.mark.parametrize("rate_hz", [200.0, 400.0, 800.0])
def test_what_the_clock_cannot_hold_is_taken_out(rate_hz: float) -> None:
    (piece,) = pieces(tone(np.arange(round(6 * rate_hz)) / rate_hz, 70.0))
    assert np.abs(piece.force_mps2[20:-20]).max() < 0.01


def test_a_slow_sensor_gets_nothing_above_its_own_half_rate() -> None:
    (piece,) = pieces(tone(0.003 + np.arange(400) / 25, 6.0))
    spectrum = np.abs(np.fft.rfft(piece.force_mps2[100:1300, 0] * np.hanning(1200)))
    hz = np.fft.rfftfreq(1200, 1 / RATE_HZ)
    assert spectrum[hz > 17].max() < 0.01 * spectrum.max()
    assert hz[spectrum.argmax()] == pytest.approx(6.0, abs=0.1)


def test_dropped_samples_are_bridged_and_said_to_be_unknown() -> None:
    motion = chosen(swung(np.arange(1000) / 100), lambda t: ~((t > 4.0) & (t < 4.095)))
    (piece,) = pieces(motion)
    assert np.flatnonzero(~piece.known).tolist() == list(range(401, 410))
    before, after = piece.force_mps2[400], piece.force_mps2[410]
    assert np.all(piece.force_mps2[401:410] <= np.maximum(before, after) + 1e-9)
    assert np.all(piece.force_mps2[401:410] >= np.minimum(before, after) - 1e-9)


def test_a_silence_ends_a_piece() -> None:
    motion = chosen(swung(np.arange(1000) / 100), lambda t: ~((t > 4.0) & (t < 4.8)))
    first, second = pieces(motion)
    assert (first.last, second.first) == (401, 480)


def test_a_gyroscope_that_falls_silent_makes_a_piece_without() -> None:
    motion = swung(np.arange(1000) / 100)
    motion["gyroscope"] = between(motion, 0, 4.0)["gyroscope"]
    first, second = pieces(motion)
    assert first.rotation_radps is not None
    assert second.rotation_radps is None
    assert (first.last, second.first, second.last) == (400, 400, 1000)


def test_a_magnetometer_may_come_and_go() -> None:
    motion = still(10)
    motion["magnetometer"] = chosen({"magnetometer": motion["magnetometer"]}, lambda t: (t > 3) & (t < 6))[
        "magnetometer"
    ]
    (piece,) = pieces(motion)
    assert piece.magnetic_ut is not None
    there = np.isfinite(piece.magnetic_ut).all(axis=1)
    assert np.flatnonzero(there)[[0, -1]].tolist() == [301, 599]


def test_sensors_need_not_share_times() -> None:
    felt, turning = swung(np.arange(1040) / 104), swung(0.004 + np.arange(2000) / 200)
    (piece, *rest) = [p for p in pieces({**felt, "gyroscope": turning["gyroscope"]}) if len(p) > 50]
    assert not rest
    true = swung(on_clock(piece))
    assert piece.rotation_radps is not None
    assert np.abs(piece.rotation_radps - values_of(true["gyroscope"]).T)[30:-30].max() < 0.02
    assert np.abs(piece.force_mps2 - values_of(true["accelerometer"]).T)[30:-30].max() < 0.02


def test_what_is_no_number_or_absurd_is_missing() -> None:
    motion = swung(np.arange(1000) / 100)
    values = values_of(motion["accelerometer"])
    values[1, 300], values[2, 500], values[0, 700] = np.nan, np.inf, 1e7
    (piece,) = pieces({**motion, "accelerometer": stream("accelerometer", np.arange(1000) / 100, values)})
    assert np.flatnonzero(~piece.known).tolist() == [300, 500, 700]
    assert np.abs(piece.force_mps2).max() < 30


def test_the_end_of_a_sensors_range_is_found() -> None:
    time_s = np.arange(2000) / 100
    values = np.clip(40 * np.sin(2 * np.pi * 1.3 * time_s + np.arange(3)[:, None]), -30, 30)
    (piece,) = pieces({"accelerometer": stream("accelerometer", time_s, values)})
    at_end = (np.abs(values) >= 30).any(axis=0)
    assert piece.clipped.sum() >= at_end.sum() - 3  # the first time on each axis it cannot be told
    assert not piece.clipped[~at_end].any()


def test_still_sensors_are_still_and_not_at_their_end() -> None:
    (piece,) = pieces(still(10))
    assert not piece.clipped.any()
    assert piece.known.all()
    assert np.ptp(piece.force_mps2, axis=0).max() == 0


def test_what_is_too_slow_to_follow_steps_is_not_heard() -> None:
    assert pieces(still(30, rate_hz=10, names=("accelerometer",))) == []


def test_bursts_are_pieces() -> None:
    time_s = np.concatenate([3.0 * k + np.arange(100) / 100 for k in range(5)])
    found = pieces({"accelerometer": constant("accelerometer", time_s, (0, 0, 9.8))})
    assert [len(piece) for piece in found] == [100] * 5


def test_a_clock_set_back_is_let_go() -> None:
    resampler = Resampler(["accelerometer"])
    motion = {"accelerometer": still(10)["accelerometer"]}
    parts = resampler.push(all_came(motion))
    parts += resampler.push(all_came(between(motion, 2, 5)))
    parts += resampler.finish()
    (piece,) = together(parts)
    assert len(piece) == 1000


def test_what_lags_too_far_behind_is_let_go_and_nothing_breaks() -> None:
    motion = swung(np.arange(1000) / 100)
    resampler = Resampler(list(motion))
    parts = resampler.push(all_came({"accelerometer": motion["accelerometer"]}))
    parts += resampler.push(all_came({"gyroscope": motion["gyroscope"]}))
    parts += resampler.finish()
    assert [part.rotation_radps is None for part in together(parts)] == [True, False]
    assert sum(len(part) for part in parts) == 1000


@st.composite
def awkward(draw: st.DrawFn) -> dict[str, Stream]:
    """Some seconds of sensors that do what sensors do."""
    motion = {}
    for name in draw(st.sets(st.sampled_from(NINE), min_size=1)):
        rate_hz = draw(st.sampled_from([25.0, 50.0, 99.7, 100.0, 104.0, 200.0]))
        random = np.random.default_rng(draw(st.integers(0, 99)))
        time_s = draw(st.sampled_from([0.0, 0.004, -3.3, 1e6])) + np.arange(round(6 * rate_hz)) / rate_hz
        time_s = time_s + random.normal(0, draw(st.sampled_from([0.0, 0.1, 0.6])) / rate_hz, time_s.size)
        time_s = np.unique(time_s[random.random(time_s.size) >= draw(st.sampled_from([0.0, 0.05, 0.4]))])
        start_s = draw(st.floats(0, 6))
        time_s = time_s[~((time_s - time_s[0] > start_s) & (time_s - time_s[0] < start_s + draw(st.floats(0, 2))))]
        values = 10 * random.normal(size=(3, time_s.size))
        values[:, random.random(time_s.size) < 0.02] = draw(st.sampled_from([0.0, np.nan, np.inf, -1e9, 156.9]))
        motion[name] = stream(name, time_s, values)
    return motion


@given(awkward(), st.lists(st.floats(-4, 9), max_size=30))
@SHORT
def test_however_it_is_cut_the_same_comes_out(motion: dict[str, Stream], bounds_s: list[float]) -> None:
    start_s = min(float(felt.time_s[0]) for felt in motion.values())
    resampler = Resampler([name for name in NINE if name in motion])
    parts: list[Samples] = []
    for part in cut_at(motion, [start_s + bound for bound in bounds_s]):
        parts += resampler.push(all_came(part))
    found, whole = together([*parts, *resampler.finish()]), pieces(motion)
    assert len(found) == len(whole)
    assert all(same(one, other) for one, other in zip(found, whole, strict=True))


@given(awkward())
@SHORT
def test_nothing_is_invented(motion: dict[str, Stream]) -> None:
    for piece in pieces(motion):
        assert np.isfinite(piece.force_mps2).all()
        assert (piece.rotation_radps is None) or np.isfinite(piece.rotation_radps).all()
        felt = motion["accelerometer"]
        values = values_of(felt)
        heard = felt.time_s[np.all(np.abs(values) <= 4000, axis=0)]
        apart = np.abs(on_clock(piece)[:, None] - heard[None, :]).min(axis=1)
        assert apart.max() <= LONGEST_BRIDGE_S / 2 + 0.01
        assert np.abs(piece.force_mps2).max() <= 2 * np.abs(values[np.abs(values) <= 4000]).max()


def test_one_sample_at_a_time() -> None:
    motion = between(swung(0.003 + np.arange(600) / 100), 0, 4)
    resampler = Resampler(list(motion))
    parts: list[Samples] = []
    for at in motion["accelerometer"].time_s:
        parts += resampler.push(all_came(chosen(motion, lambda t, at=at: t == at)))  # type: ignore[misc]
    (found,), (whole,) = together([*parts, *resampler.finish()]), pieces(motion)
    assert same(found, whole)


def test_times_closer_than_any_sensor_are_no_rate() -> None:
    time_s = np.concatenate([np.arange(200) * 1e-9, 1.0 + np.arange(400) / 100])
    felt = Stream(time_s, {f"acceleration_{axis}_mps2": np.full(time_s.size, 5.66) for axis in "xyz"})
    assert sum(len(piece) for piece in pieces({"accelerometer": felt})) < 1000

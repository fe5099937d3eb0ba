import importlib.util
import subprocess
import sys
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from felt_streams import NINE, Motion, between, chosen, constant, cut_at, still, stream, swung, values_of, worn
from retropace.motion import steps
from retropace.motion.frame import HALO_S, Frame
from retropace.motion.heard import NOTHING, Columns, Contacts, Heard
from retropace.motion.listener import BLOCK_S, CONTACTS, DELAY_S, LOOKS, TURN_S, Listener, listen
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray, Stream

SHORT = settings(deadline=None, max_examples=15)
RATE = int(RATE_HZ)


def probe(seen: Frame) -> Columns:
    """Everything a frame holds, each second with all it may look at."""

    def reach(values: FloatArray) -> FloatArray:
        views = np.lib.stride_tricks.sliding_window_view(values, (2 * HALO_S + 1) * RATE, axis=0)
        return np.asarray(views[::RATE].mean(axis=-1))

    return {
        "probe_force": reach(np.abs(seen.acceleration_mps2).sum(axis=1)),
        "probe_turn": reach(np.abs(seen.rotation_radps).sum(axis=1)),
        "probe_up": reach(seen.up[:, 0]),
        "probe_heading": reach(seen.heading_rad),
        "probe_north": seen.north_rad[HALO_S * RATE : -HALO_S * RATE : RATE],
        "probe_slow": seen.slow_windows.std(axis=2).sum(axis=1),
        "probe_known": seen.share_known,
        "probe_clipped": reach(seen.clipped.astype(float)),
    }


def peaks(seen: Frame) -> Contacts:
    """The highest moment of each second and the lowest after it."""
    inside = seen.acceleration_mps2[HALO_S * RATE : -HALO_S * RATE, 2].reshape(seen.count, RATE)
    seconds = seen.first_s + np.arange(seen.count)
    return seconds + inside.argmax(axis=1) / RATE, seconds + inside.argmin(axis=1) / RATE


def hear(parts: list[Motion], names: list[str]) -> Heard:
    listener = Listener(names, [probe], {"waist": peaks})
    for part in parts:
        listener.push(part)
    return listener.finish()


def alike(one: Heard, other: Heard, rows: slice = slice(None)) -> bool:
    """Whether the rows say the same; a column that only one of them has counts as silent."""
    names = one.columns.keys() | other.columns.keys()
    arrays = [(one.time_s, other.time_s), (one.piece, other.piece), *((one[name], other[name]) for name in names)]
    return all(np.allclose(a[rows], b[rows], rtol=1e-9, atol=1e-9, equal_nan=True) for a, b in arrays)


def interrupted() -> Motion:
    """A run with lost samples, a silence, a gyroscope that fails for a while and a slow compass."""
    random = np.random.default_rng(2)
    motion = chosen(worn("waist"), lambda t: (random.random(t.size) > 0.03) & ~((t > 12.2) & (t < 13.4)))
    motion["gyroscope"] = chosen(motion, lambda t: ~((t > 30) & (t < 33)))["gyroscope"]
    motion["magnetometer"] = chosen(motion, lambda t: np.arange(t.size) % 10 == 0)["magnetometer"]
    return motion


def test_rows_are_the_whole_seconds() -> None:
    heard = listen(still(10.5), [probe], {})
    assert heard.time_s.tolist() == list(range(10))
    assert heard.piece.tolist() == [0] * 10
    assert heard["probe_force"].max() < 0.1


def test_pieces_are_counted() -> None:
    heard = listen(interrupted(), [probe], {})
    assert heard.piece.tolist() == sorted(heard.piece.tolist())
    assert int(heard.piece[-1]) == 3
    assert {12, 13} & set(heard.time_s.tolist()) == set()
    without = (heard.time_s >= 30) & (heard.time_s < 33)
    assert not heard["probe_turn"][without].any()


@given(st.lists(st.floats(0, 60), max_size=40))
@SHORT
def test_however_it_comes_the_same_is_heard(bounds_s: list[float]) -> None:
    motion = interrupted()
    whole = listen(motion, [probe], {"waist": peaks})
    found = hear(list(cut_at(motion, bounds_s)), list(motion))
    assert alike(found, whole)
    for one, other in zip(found.contacts["waist"], whole.contacts["waist"], strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("step_s", [0.01, 0.25, 1.0, 7.3])
def test_whatever_size_the_pushes_have(step_s: float) -> None:
    motion = between(interrupted(), 0, 25)
    found = hear(list(cut_at(motion, np.arange(step_s, 25, step_s).tolist())), list(motion))
    assert alike(found, listen(motion, [probe], {}))


def test_what_is_heard_is_final_and_there_in_time() -> None:
    motion = interrupted()
    listener = Listener(list(motion), [probe], {})
    whole = listen(motion, [probe], {})
    for start_s in np.arange(0, 50, 0.5):
        listener.push(between(motion, start_s, start_s + 0.5))
        heard, until_s = listener.heard(), start_s + 0.5
        rows = len(heard)
        assert np.array_equal(heard.time_s, whole.time_s[:rows])
        assert np.array_equal(heard.time_s, whole.time_s[whole.time_s < until_s][:rows])
        assert set(whole.time_s[whole.time_s + DELAY_S <= until_s]) <= set(heard.time_s)


@pytest.mark.parametrize("until_s", [9.0, 22.4, 41.0])
def test_the_recording_cut_says_the_same_of_all_that_is_old_enough(until_s: float) -> None:
    motion = interrupted()
    whole, cut = listen(motion), listen(between(motion, 0, until_s))
    old = int((cut.time_s + DELAY_S <= until_s).sum())
    assert old > 2
    assert alike(cut, whole, slice(0, old))


def test_without_pushes_nothing_is_heard() -> None:
    assert len(Listener(NINE).finish()) == 0
    assert len(NOTHING) == len(listen({})) == 0


def test_what_was_given_out_stays_when_more_comes() -> None:
    motion = worn("foot")
    listener = Listener(list(motion), [probe], {})
    listener.push(between(motion, 0, 10))
    early = listener.heard()
    before = {name: values.copy() for name, values in early.columns.items()}
    listener.push(between(motion, 10, 40))
    listener.finish()
    assert all(np.array_equal(early[name], before[name], equal_nan=True) for name in before)


def test_a_column_that_comes_late_is_silent_before() -> None:
    def late(seen: Frame) -> Columns:
        return {"late": np.ones(seen.count)} if seen.first_s else {}

    listener = Listener(["accelerometer"], [late], {})
    one, other = cut_at(still(20), [12.0])
    listener.push(one)
    assert "late" not in listener.heard().columns
    listener.push(other)
    heard = listener.finish()
    begins = int(np.flatnonzero(heard["late"] == 1)[0])
    assert begins > 0
    assert np.isnan(heard["late"][:begins]).all()
    assert (heard["late"][begins:] == 1).all()


def test_what_is_not_asked_for_is_looked_at_in_blocks() -> None:
    counts: list[int] = []

    def counted(seen: Frame) -> Columns:
        counts.append(seen.count)
        return {"count": np.full(seen.count, float(seen.count))}

    motion = still(BLOCK_S * 2.5)
    listener = Listener(["accelerometer"], [counted], {})
    for part in cut_at(motion, np.arange(10.0, BLOCK_S * 2.5, 10.0).tolist()):
        listener.push(part)
    assert len(counts) == 2
    assert min(counts) >= BLOCK_S
    assert listener.finish().time_s.tolist() == list(range(int(BLOCK_S * 2.5)))


def laid_end_to_end(sensed: Stream, times: int) -> Stream:
    """`sensed` so many times over."""
    length_s = round(sensed.time_s[-1] - sensed.time_s[0], 2) + 0.01
    time_s = np.concatenate([sensed.time_s + number * length_s for number in range(times)])
    return Stream(time_s, {name: np.tile(values, times) for name, values in sensed.channels.items()})


def test_more_than_a_block_at_once_says_the_same() -> None:
    motion = worn("waist")
    long = {name: laid_end_to_end(values, 12) for name, values in motion.items()}
    listener = Listener(list(long), [probe], {"waist": peaks})
    listener.push(long)
    assert alike(listener.finish(), listen(long, [probe], {"waist": peaks}))


def test_every_look_says_something_of_every_second() -> None:
    heard = listen(worn("waist"))
    assert all(values.shape == heard.time_s.shape for values in heard.columns.values())
    assert set(heard.contacts) == set(CONTACTS)
    assert len(LOOKS) == len({name.partition("_")[0] for name in heard.columns})


def test_a_whole_recording_and_its_seconds_say_the_same_with_every_look() -> None:
    motion = interrupted()
    listener = Listener(list(motion))
    for part in cut_at(motion, np.arange(1.0, 60.0).tolist()):
        listener.push(part)
    assert alike(listener.finish(), listen(motion))


TIMES: FloatArray = np.arange(900, dtype=float)
AWKWARD: Mapping[str, Motion] = {
    "one sample": {name: between(still(5), 0, 0.01)[name] for name in NINE},
    "two samples": {name: between(still(5), 0, 0.02)[name] for name in NINE},
    "no accelerometer": {"gyroscope": still(9)["gyroscope"]},
    "nothing but zeros": {name: constant(name, np.arange(900) / 100, (0, 0, 0)) for name in NINE},
    "huge": {name: constant(name, np.arange(900) / 100, (1e300, -1e300, 0)) for name in NINE},
    "not numbers": {name: constant(name, np.arange(900) / 100, (np.nan, np.inf, 0)) for name in NINE},
    "an axis lacks": {"accelerometer": Stream(np.arange(900) / 100, {"acceleration_x_mps2": np.full(900, 9.8)})},
    "before the start": {"accelerometer": constant("accelerometer", np.arange(900) / 100 - 30.004, (0, 9.8, 0))},
    "a date for a time": {"accelerometer": constant("accelerometer", np.arange(900) / 100 + 1.7e9, (0, 9.8, 0))},
    "hours between": {"accelerometer": constant("accelerometer", 3600.0 * TIMES, (0, 9.8, 0))},
    "all at once": {"accelerometer": constant("accelerometer", 1e-7 * TIMES, (0, 9.8, 0))},
}


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_sensors_are_heard_or_not_but_break_nothing(name: str) -> None:
    heard = listen(AWKWARD[name])
    assert all(not np.isinf(values).any() for values in heard.columns.values())


@given(st.integers(0, 10_000), st.sampled_from([20.0, 50.0, 100.0, 200.0]), st.floats(0, 0.6))
@SHORT
def test_noise_with_holes_breaks_nothing(seed: int, rate_hz: float, lost: float) -> None:
    random = np.random.default_rng(seed)
    motion = chosen(swung(np.arange(round(15 * rate_hz)) / rate_hz), lambda t: random.random(t.size) >= lost)
    values = values_of(motion["accelerometer"]) * random.choice([0.01, 1, 30, 1000])
    motion["accelerometer"] = stream("accelerometer", motion["accelerometer"].time_s, values)
    heard = listen(motion)
    assert all(not np.isinf(values).any() for values in heard.columns.values())


def test_the_filter_is_not_loaded_before_it_is_needed() -> None:
    assert importlib.util.find_spec("vqf") is not None
    code = "import sys, retropace.motion.listener; sys.exit('vqf' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "src"}, check=False).returncode == 0


def test_who_waits_looks_in_turn_and_has_looked_at_everything_in_the_end() -> None:
    motion = interrupted()
    whole = listen(motion)
    listener = Listener(list(motion))
    listener.press([steps.look])
    latest_s = TURN_S * (len(LOOKS) + len(CONTACTS))
    for start_s in range(60):
        listener.push(between(motion, start_s, start_s + 1))
        heard = listener.heard()
        for name, values in heard.columns.items():
            settled = max(len(heard) - (0 if name.startswith("step_") else latest_s), 0)
            np.testing.assert_allclose(values[:settled], whole[name][:settled], 1e-9, 1e-9)
    end = listener.finish()
    assert alike(end, whole)
    for name in CONTACTS:
        np.testing.assert_allclose(end.contacts[name], whole.contacts[name], 1e-9)

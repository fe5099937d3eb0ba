"""Contacts of one foot: where real ones were marked, the same in pieces as in the whole, and in both directions."""

import json
from pathlib import Path

import numpy as np
import pytest

from made_feet import ASIDE, RUN, WALK, Gait, backward, seen, stepping
from retropace.mocap import in_a_row, looped
from retropace.mocap import read as read_clip
from retropace.motion.foot_contacts import contacts
from retropace.motion.listener import Listener, listen
from retropace.readers import read
from retropace.recording import FloatArray, Stream

DATA = Path(__file__).parents[2] / "../shared/data"
FEET, CMU = DATA / "feet-and-lower-back-imu", DATA / "mocap/cmu"
EVENTS = {"lf": "LeftFootEvents", "rf": "RightFootEvents"}


def marked(path: Path) -> tuple[FloatArray, FloatArray]:
    """Initial and final contacts that the makers of a recording marked [s]: each pair is a swing, final contact first."""
    trial, foot = path.stem.split("_")
    swings = np.array(json.loads(path.with_name(f"{trial}.json").read_text())[EVENTS[foot]]) / 100
    return swings[:, 1], swings[:, 0]


def errors(found: FloatArray, true: FloatArray) -> FloatArray:
    """Found less true of each true contact [s], NaN where none was found within a quarter second."""
    found = found[np.isfinite(found)]
    apart = found[np.abs(found[:, None] - true).argmin(axis=0)] - true
    return np.where(np.abs(apart) < 0.25, apart, np.nan)


@pytest.mark.parametrize("gait", [WALK, RUN, ASIDE], ids=["walk", "run", "sideways"])
@pytest.mark.parametrize("reverse", [False, True], ids=["as it was", "time reversed"])
def test_every_stride_has_one_of_each(gait: Gait, *, reverse: bool) -> None:
    motion = stepping(gait, 10)
    initial, final = contacts(seen(backward(motion) if reverse else motion))
    both = np.isfinite(initial) & np.isfinite(final)
    assert np.count_nonzero(np.isfinite(initial)) == 10
    assert np.count_nonzero(np.isfinite(final)) == 10
    assert np.all(final[both] > initial[both])
    stands = gait.standing * gait.stride_s
    assert np.median(final[both] - initial[both]) == pytest.approx(
        stands, abs=0.45 * gait.stride_s * (1 - gait.standing)
    )


def test_standing_has_none() -> None:
    initial, final = contacts(seen(np.random.default_rng(1).normal(0, 0.02, (1500, 6))))
    assert initial.size == final.size == 0


def test_real_contacts_are_where_they_were_marked() -> None:
    paths = sorted(FEET.glob("*_[lr]f.txt"))
    if not paths:
        pytest.skip(f"no recordings in {FEET}")
    by_person: dict[str, list[FloatArray]] = {}
    for path in paths:
        found = listen(read(path).motion, [], {"foot": contacts}).contacts["foot"]
        apart = [errors(one, true) for one, true in zip(found, marked(path), strict=True)]
        by_person.setdefault(path.stem[0], []).append(np.stack(apart))
    assert len(by_person) == 6
    for person, trials in by_person.items():
        initial, final = np.abs(np.concatenate(trials, axis=1))
        assert np.nanmedian(initial) <= 0.02, person
        assert np.nanmedian(final) <= 0.02, person
        assert np.mean(np.isnan(initial)) < 0.2, person  # those of the U-turn are hardly steps


def test_a_captured_runner_is_on_the_ground_as_long_as_runners_are() -> None:
    path = CMU / "02_03.bvh"
    if not path.exists():
        pytest.skip(f"no motion capture in {CMU}")
    clip = looped(read_clip(path), 12.0)
    assert clip is not None
    for side in ("left", "right"):
        worn = in_a_row([clip], "foot", side, seed=5)
        initial, final = listen(worn.recording.motion, [], {"foot": contacts}).contacts["foot"]
        assert 0.18 < np.nanmedian(final - initial) < 0.30  # 2.7 m/s; 0.22 s by how high its ankle and toe are


@pytest.mark.parametrize("cut_s", [0.7, 2.3])
def test_pieces_make_the_whole(cut_s: float) -> None:
    path = FEET / "1-1_lf.txt"
    if not path.exists():
        pytest.skip(f"no recordings in {FEET}")
    motion = read(path).motion
    whole = listen(motion, [], {"foot": contacts}).contacts["foot"]
    listener = Listener(motion.keys(), [], {"foot": contacts})
    for begin_s in np.arange(0.0, 31.0, cut_s):
        listener.push({name: part(stream, begin_s, begin_s + cut_s) for name, stream in motion.items()})
    for one, other in zip(listener.finish().contacts["foot"], whole, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-9)


def part(stream: Stream, begin_s: float, end_s: float) -> Stream:
    inside = (stream.time_s >= begin_s) & (stream.time_s < end_s)
    return Stream(stream.time_s[inside], {key: values[inside] for key, values in stream.channels.items()})

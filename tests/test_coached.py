"""From what a phone sent to one file, the same for the same bytes; and what is seen in it, beside what was really done."""

import io
import json
import time
import zipfile
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from made_coached import (
    BLIND_PHONE,
    FIRST,
    PHONE,
    RUN,
    START,
    Sent,
    coached,
    forward_instead,
    guide_of,
    reverse_walk,
    walk,
)
from retropace.coached import RECORDS, streams, zipped
from retropace.plan import follow_played
from retropace.quantities import Direction, Gait
from retropace.readers import read_bytes
from retropace.recording import Recording
from retropace.session import Played, Session, Step
from retropace.signals import grid
from retropace.simulate import Device
from retropace.store.coached_runs import Run
from retropace.summary import Summary, summarise

#: Walks of 40 seconds backward between walks.
WALKS = Session("Walks", (walk(60), *(reverse_walk(40), walk(40)) * 4))


def run_of(session: Session) -> Run:
    return Run(RUN, START.date(), START, 60, guide_of(session))


@cache
def sent(session: Session, device: Device = PHONE, done: Session | None = None) -> Sent:
    return coached(guide_of(session), done, device=device)


@cache
def recorded(session: Session, device: Device = PHONE, done: Session | None = None) -> Recording:
    """What becomes of a session that was coached; `done` is what was done instead."""
    return read_bytes("x.zip", zipped(run_of(session), streams(sent(session, device, done).bodies)))


def seen(session: Session, device: Device = PHONE, done: Session | None = None, *, felt: bool = True) -> Summary:
    """What is made of it; not `felt`: of a phone that may tell where it is, but not how it moves."""
    recording = recorded(session, device, done)
    assert recording.played is not None
    kept = recording if felt else replace(recording, motion={})
    return summarise(kept, session=recording.played.session)


def seconds(summary: Summary, direction: Direction) -> float:
    return sum(one.bout.duration_s for one in summary.bouts if one.bout.direction is direction)


def true_s(session: Session, device: Device = PHONE) -> float:
    truth = sent(session, device).truth
    assert truth is not None
    return sum(bout.duration_s for bout in truth.bouts if bout.direction is Direction.BACKWARD)


# -- the file -----------------------------------------------------------------------------------------------------------


def test_the_same_parts_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = zipped(run_of(FIRST), streams(sent(FIRST).bodies))
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2e9))
    assert zipped(run_of(FIRST), streams(sent(FIRST).bodies)) == first


def test_other_programs_read_it() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(run_of(FIRST), streams(sent(FIRST).bodies), simulated=True))) as archive:
        assert archive.namelist() == ["run.json", "motion.csv", "orientation.csv", "positions.csv", "lines.jsonl"]
        about = json.loads(archive.read("run.json"))
        motion = np.genfromtxt(io.BytesIO(archive.read("motion.csv")), delimiter=",", names=True)
        positions = np.genfromtxt(io.BytesIO(archive.read("positions.csv")), delimiter=",", names=True)
        lines = [json.loads(line) for line in archive.read("lines.jsonl").splitlines()]
    assert about["began"] == "2026-11-22T10:05:00.000+01:00"
    assert about["simulated"] is True
    assert about["guide"] == guide_of(FIRST)
    rows = streams(sent(FIRST).bodies).samples["motion"]
    for name in rows.dtype.names or ():
        np.testing.assert_array_equal(motion[name].astype(rows[name].dtype), rows[name], err_msg=name)
    told = [line for line in lines if line["k"] == "position"]
    assert positions["lat"].tolist() == [line["lat"] for line in told]
    assert np.isnan(positions["altitude_m"]).all()


def test_what_breaks_off_costs_one_sample() -> None:
    rows = np.zeros(10, RECORDS["motion"])
    rows["at_ms"] = np.arange(10)
    whole = rows.tobytes()
    found = streams(
        {"motion": [whole[:-1], whole, b""], "orientation": [b"x"], "lines": [b'{"k":"a","at_ms":1}\n{"k', b"\n"]}
    )
    assert found.samples["motion"]["at_ms"].tolist() == [*range(9), *range(10)]
    assert found.broken == {"motion": 1, "orientation": 1, "lines": 1}
    assert found.lines == (b'{"k":"a","at_ms":1}',)
    assert found.felt


@pytest.mark.parametrize(
    "bodies", [{}, {"lines": [b'{"k":"mark","mark":"end","at_ms":1}\n' * 5]}, {"motion": [b"x" * 48]}]
)
def test_nothing_felt(bodies: dict[str, list[bytes]]) -> None:
    assert not streams(bodies).felt


# -- what is seen in it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("session", [FIRST, WALKS], ids=["runs", "walks"])
def test_with_a_compass_backward_is_seen_for_as_long_as_it_was(session: Session) -> None:
    found = seen(session)
    assert seconds(found, Direction.BACKWARD) == pytest.approx(true_s(session), rel=0.15)  # turning round included
    assert seconds(found, Direction.UNKNOWN) == 0
    repeats = [one.bout for one in found.bouts if one.bout.direction is Direction.BACKWARD]
    assert len(repeats) == sum(step.direction is Direction.BACKWARD for step in session.steps)
    assert all({"plan", "device_heading"} <= set(bout.known_by) for bout in repeats)


@pytest.mark.parametrize("session", [FIRST, WALKS], ids=["runs", "walks"])
def test_with_a_compass_who_goes_forward_instead_is_not_told_backward(session: Session) -> None:
    found = seen(session, PHONE, forward_instead(session))
    assert seconds(found, Direction.BACKWARD) == 0
    assert seconds(found, Direction.UNKNOWN) == 0


# Without a compass and without motion the coach's word, and how speed changed with it, is all there is.


@pytest.mark.parametrize("felt", [False, True])
def test_who_runs_too_fast_for_backward_is_not_told_backward(felt: bool) -> None:
    """Nobody runs backward at 3.6 m/s who was to do it at 2."""
    found = seen(FIRST, BLIND_PHONE, forward_instead(FIRST, 3.6), felt=felt)
    assert seconds(found, Direction.BACKWARD) == 0


def test_who_walks_on_is_not_told_backward() -> None:
    """Without a change in speed the coach's word alone leaves it open."""
    found = seen(FIRST, BLIND_PHONE, forward_instead(FIRST, 1.35), felt=False)
    assert seconds(found, Direction.BACKWARD) == 0
    assert seconds(found, Direction.UNKNOWN) > 60


def test_who_sets_off_when_told_may_set_off_either_way() -> None:
    """Walking forward from stop to stop, where backward was asked, shows the stops and nothing more."""
    stop = Step(Gait.STAND, Direction.NONE, 10, "Practice stop")
    session = Session("Stops", (walk(60), *(stop, reverse_walk(20, 1.2)) * 4, stop, walk(60)))
    found = seen(session, BLIND_PHONE, forward_instead(session, 1.35), felt=False)
    assert seconds(found, Direction.BACKWARD) == 0
    assert seconds(found, Direction.UNKNOWN) > 40


@pytest.mark.parametrize("felt", [False, True])
def test_without_a_compass_runs_are_seen(felt: bool) -> None:
    """By their speed, and better by how they felt."""
    found = seen(FIRST, BLIND_PHONE, felt=felt)
    assert true_s(FIRST, BLIND_PHONE) * 0.7 < seconds(found, Direction.BACKWARD) < true_s(FIRST, BLIND_PHONE) * 1.17


def test_without_a_compass_walks_stay_open() -> None:
    """Walking backward among walks looks like walking on: it is asked for, and so it is not called forward either."""
    found = seen(WALKS, BLIND_PHONE, felt=False)
    assert seconds(found, Direction.BACKWARD) == 0
    assert seconds(found, Direction.UNKNOWN) == pytest.approx(true_s(WALKS, BLIND_PHONE), rel=0.25)


@pytest.mark.parametrize("session", [FIRST, WALKS], ids=["runs", "walks"])
def test_whoever_disobeys_in_direction_alone_is_felt(session: Session) -> None:
    """Forward at the speeds and moments asked: the plan fits, the motion does not."""
    found = seen(session, BLIND_PHONE, forward_instead(session))
    assert seconds(found, Direction.BACKWARD) == 0
    assert seconds(found, Direction.FORWARD) > 0.9 * session.duration_s


def test_a_slow_reverse_run_is_no_step_left_out() -> None:
    """As slow as a walk, and backward all the same."""
    slow = replace(FIRST, steps=tuple(replace(step, speed_mps=step.speed_mps and 1.5) for step in FIRST.steps))
    assert seconds(seen(slow), Direction.BACKWARD) == pytest.approx(true_s(slow), rel=0.12)


def test_where_it_was_asked_for_nothing_is_searched() -> None:
    """Each step lies where it was asked for, give or take an answer; the last repeats, left out, do not move the others."""
    steps = tuple(
        replace(step, direction=Direction.FORWARD, gait=Gait.WALK, speed_mps=None) if k > 6 else step
        for k, step in enumerate(FIRST.steps)
    )
    recording = recorded(FIRST, PHONE, replace(FIRST, steps=steps))
    played = recording.played
    assert played is not None
    found = follow_played(grid(recording), played)
    assert found is not None
    assert found.asked
    asked_s = played.start_s
    for one in found.steps:
        assert -4 <= one.start_s - asked_s <= 9, one.step
        asked_s += one.step.duration_s
    summary = seen(FIRST, PHONE, replace(FIRST, steps=steps))
    assert seconds(summary, Direction.BACKWARD) == pytest.approx(60, abs=9)
    assert not [one for one in summary.bouts if one.bout.direction is Direction.BACKWARD and one.bout.start_s > 240]


def test_another_session_than_the_one_that_was_played_is_searched_for() -> None:
    recording = recorded(FIRST)
    other = replace(FIRST, name="another")
    found = summarise(recording, session=other).followed
    assert found is None or not found.asked
    assert summarise(recording).followed is None


@pytest.mark.parametrize("start_s", [-500.0, -20.0, 400.0, 5000.0])
def test_a_session_that_lies_beside_the_recording(start_s: float) -> None:
    """Wrong clocks must not break anything; what is not there shows nothing."""
    found = follow_played(grid(recorded(FIRST)), Played(FIRST, start_s))
    assert found is None or all(one.end_s > one.start_s for one in found.steps)

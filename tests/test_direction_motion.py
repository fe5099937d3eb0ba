"""Direction from raw motion, from file to bouts: what is known is told, what cannot be known is not, one engine for both."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from made import FIRST_DAY
from made import recording as watch
from made_coached import BLIND_PHONE, FIRST
from made_motion import BOTH, OUTING, B, F, felt, reversed_in_time, right_s, run, seconds, seen, true_s, turned, walk
from retropace import live_direction
from retropace.bout import Bout
from retropace.cli import _PLACEMENTS
from retropace.live_direction import Live, bouts_heard
from retropace.motion.heard import Heard
from retropace.motion.listener import Listener, listen
from retropace.motion.placement import Placement
from retropace.motion_witness import part_of
from retropace.quantities import Direction, Gait
from retropace.recording import Recording, Stream
from retropace.session import Session, Step
from retropace.summary import Summary, summarise
from test_coached import recorded

U = Direction.UNKNOWN
ROOT = Path(__file__).parents[1]
SHARED = ROOT / "../shared/data"


@cache
def told(session: Session, placement: str, positions: bool = False) -> Summary:
    return seen(felt(session, placement, positions=positions)[0], placement)


# -- what is known --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("placement", ["foot", "pocket", "waist"])
def test_both_ways_are_told_where_the_placement_shows_them(placement: str) -> None:
    summary, truth = told(BOTH, placement), felt(BOTH, placement)[1]
    assert right_s(summary, truth, B) >= 0.95 * true_s(truth, B)
    assert seconds(summary, B) <= true_s(truth, B) + 8
    assert all(f"motion_{placement}" in item.bout.known_by for item in summary.bouts if item.bout.direction is B)


@pytest.mark.parametrize("gait", [walk, run])
def test_a_foot_tells_short_bouts(gait: Callable[..., Step]) -> None:
    """Of ten seconds asked for, turning round takes two at either end."""
    short = Session("Short", (gait(30), *(gait(10, B), gait(15)) * 4))
    summary, truth = told(short, "foot"), felt(short, "foot")[1]
    assert right_s(summary, truth, B) >= 0.9 * true_s(truth, B)
    assert seconds(summary, B) <= true_s(truth, B) + 12


@pytest.mark.parametrize("placement", ["foot", "pocket", "waist", "wrist"])
def test_all_forward_is_never_backward(placement: str) -> None:
    summary = told(OUTING, placement)
    assert seconds(summary, B) == 0
    assert seconds(summary, F) > 0.9 * OUTING.duration_s


def test_a_waist_that_went_one_way_only_is_assumed_forward() -> None:
    for session in (OUTING, Session("Back", (walk(120, B), run(60, B, 2.0)))):
        bouts = [item.bout for item in told(session, "waist").bouts if item.bout.gait in (Gait.WALK, Gait.RUN)]
        assert {bout.direction for bout in bouts} <= {F, U}
        assert all(bout.assumed for bout in bouts if bout.direction is F)


def test_who_stands_between_two_doubts_stands() -> None:
    """Two ways that contradict each other, and nothing that says which of them was forward."""
    stand = Step(Gait.STAND, Direction.NONE, 8)
    summary = told(Session("Either way", (stand, walk(60), stand, walk(40, B), stand)), "waist")
    assert [item.bout.direction for item in summary.bouts] == [Direction.NONE, U, Direction.NONE, U, Direction.NONE]


@pytest.mark.parametrize("placement", ["foot", "pocket", "waist", "wrist"])
def test_a_motion_only_recording_has_gaits(placement: str) -> None:
    gaits = {item.bout.gait for item in told(OUTING, placement).bouts}
    assert {Gait.STAND, Gait.WALK, Gait.RUN} <= gaits
    assert not any(item.bout.known_by == ("none",) for item in told(OUTING, placement).bouts)


def test_turns_against_the_course_settle_a_waist() -> None:
    summary, truth = told(BOTH, "waist", positions=True), felt(BOTH, "waist", positions=True)[1]
    assert right_s(summary, truth, B) >= 0.95 * true_s(truth, B)
    assert seconds(summary, U) == 0
    known = {key for item in summary.bouts if item.bout.direction is B for key in item.bout.known_by}
    assert {"motion_turn", "motion_waist"} <= known


def test_turns_of_a_wrist_alone_never_decide() -> None:
    summary = told(BOTH, "wrist", positions=True)
    assert seconds(summary, B) == 0
    assert seconds(summary, U) > 30


def test_each_edge_lies_where_it_was() -> None:
    summary, truth = told(BOTH, "foot"), felt(BOTH, "foot")[1]
    found = [(item.bout.start_s, item.bout.end_s) for item in summary.bouts if item.bout.direction is B]
    true = [(bout.start_s, bout.end_s) for bout in truth.bouts if bout.direction is B]
    np.testing.assert_allclose(found, true, atol=2.5)


# -- a coached session: plan and motion are two witnesses -------------------------------------------------------------------


def without_positions(recording: Recording) -> Recording:
    track = recording.track
    return replace(recording, track=Stream(track.time_s, {"position_error_m": np.full(len(track), np.nan)}))


def coached(done: Session | None, device: Any, placement: str | None) -> Summary:
    recording = without_positions(recorded(FIRST, device, done))
    assert recording.played is not None
    where = None if placement is None else Placement(placement)
    return summarise(recording, session=recording.played.session, placement=where)


POCKET_PHONE = replace(BLIND_PHONE, placement="pocket", mount_deg=(35.0, 10.0, -60.0))
FORWARD_INSTEAD = Session("Instead", tuple(replace(step, direction=F) for step in FIRST.steps))


@pytest.mark.parametrize(("device", "placement"), [(BLIND_PHONE, "waist"), (POCKET_PHONE, "pocket")])
def test_who_obeys_is_told_backward(device: Any, placement: str) -> None:
    summary = coached(None, device, placement)
    assert seconds(summary, B) == pytest.approx(110, abs=22)
    known = [item.bout.known_by for item in summary.bouts if item.bout.direction is B]
    assert all({"plan", f"motion_{placement}"} <= set(keys) for keys in known)


@pytest.mark.parametrize(("device", "placement"), [(BLIND_PHONE, "waist"), (POCKET_PHONE, "pocket")])
def test_who_runs_forward_at_the_moments_asked_is_not(device: Any, placement: str) -> None:
    """At exactly the speeds and moments asked, without compass or satellites: 105 s were wrong before motion was heard."""
    summary = coached(FORWARD_INSTEAD, device, placement)
    assert seconds(summary, B) == 0


@pytest.mark.parametrize("done", [None, FORWARD_INSTEAD], ids=["obeys", "forward"])
@pytest.mark.parametrize("placement", ["hand", "other", "wrist"])
def test_where_motion_cannot_say_the_plan_alone_is_not_enough(placement: str, done: Session | None) -> None:
    summary = coached(done, BLIND_PHONE, placement)
    assert seconds(summary, B) == 0
    assert seconds(summary, U) > 60


# -- symmetry ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("placement", ["foot", "pocket"])
def test_time_reversed_forward_becomes_backward(placement: str) -> None:
    """Bout by bout: what was told forward is backward and the other way round, standing stays."""
    recording = felt(BOTH, placement)[0]
    whole_s = recording.duration_s
    there = told(BOTH, placement)
    back = seen(reversed_in_time(recording), placement)
    swap = {F: B, B: F, Direction.NONE: Direction.NONE}
    agree = [
        swap.get(_at(there, second)) == _at(back, whole_s - second)
        for second in np.arange(3.5, whole_s - 3, 1.0).tolist()
    ]
    clear = [
        swap.get(_at(there, second)) is not None and _at(back, whole_s - second) is not U
        for second in np.arange(3.5, whole_s - 3, 1.0).tolist()
    ]
    # A session mostly backward is not as likely as one mostly forward: it may stay open, but is never swapped.
    wrong = [second for second, (same, sure) in enumerate(zip(agree, clear, strict=True)) if sure and not same]
    assert len(wrong) <= 0.06 * len(agree)
    assert _at(back, whole_s - 75) in (F, U)


def _at(summary: Summary, second: float) -> Direction:
    for item in summary.bouts:
        if item.bout.start_s <= second < item.bout.end_s:
            return item.bout.direction
    return U


@pytest.mark.parametrize("placement", ["foot", "pocket", "waist"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_sensor_turned_any_way_gives_the_same_bouts(placement: str, seed: int) -> None:
    recording = felt(BOTH, placement)[0]
    other = seen(turned(recording, Rotation.random(random_state=seed)), placement)
    assert edges(other) == edges(told(BOTH, placement))


def edges(summary: Summary) -> list[tuple[float, float, Gait, Direction]]:
    return [_edges(item.bout) for item in summary.bouts]


def _edges(bout: Bout) -> tuple[float, float, Gait, Direction]:
    return bout.start_s, bout.end_s, bout.gait, bout.direction


@pytest.mark.parametrize("rate_hz", [50.0, 200.0])
def test_the_rate_of_the_sensor_hardly_matters(rate_hz: float) -> None:
    summary = seen(felt(BOTH, "foot", rate_hz=rate_hz)[0], "foot")
    assert seconds(summary, B) == pytest.approx(seconds(told(BOTH, "foot"), B), abs=3)


# -- streaming --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("placement", ["foot", "pocket"])
def test_live_is_offline_of_what_has_come(placement: str) -> None:
    """At every look the bouts are those of the same rows thought through at once, and at the end those of the file."""
    recording = felt(BOTH, placement)[0]
    live = Live(list(recording.motion), Placement(placement))
    beside = Listener(list(recording.motion))
    bouts: tuple[Bout, ...] = ()
    alike = looks = 0
    for end, chunk in chunks(recording):
        bouts = live.push(chunk)
        beside.push(chunk)
        if end % 80 == 0:
            alike += [_edges(b) for b in bouts] == [
                _edges(b) for b in bouts_heard(beside.heard(), Placement(placement))
            ]
            looks += 1
            assert end - bouts[-1].end_s <= live.delay_s + 1
    assert alike >= looks - 1
    offline = [item.bout for item in told(BOTH, placement).bouts]
    assert [_edges(b) for b in live.finish()[:-1]] == [_edges(b) for b in offline[:-1]]


class Recalled:
    """A listener that hears a second of what was heard before at every push."""

    def __init__(self, whole: Heard) -> None:
        self.whole, self.rows = whole, 0

    def push(self, _: object) -> None:
        self.rows += 1

    def press(self, _: object) -> None:
        """It heard everything."""

    def heard(self) -> Heard:
        return part_of(self.whole, slice(self.rows))

    def finish(self) -> Heard:
        return self.whole


@pytest.mark.parametrize("placement", ["foot", "pocket", "waist"])
def test_a_long_session_live(placement: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thorough thoughts spread over the seconds: hardly ever another way than offline, and at the end the same bouts."""
    twice = Session("Twice", BOTH.steps * 2)
    whole = listen(felt(twice, placement)[0].motion)
    monkeypatch.setattr(live_direction, "Listener", lambda _: Recalled(whole))
    live = Live(["accelerometer", "gyroscope"], Placement(placement))
    looked = swapped = left_open = 0
    offline = bouts_heard(whole, Placement(placement))
    for second in range(len(whole)):
        bouts = live.push({})
        if second >= 300 and second % 40 == 0:
            both = [(_told_at(bouts, at), _told_at(offline, at)) for at in range(second - 100, second - 10)]
            looked += len(both)
            swapped += sum({one, other} == {F, B} for one, other in both)
            left_open += sum(U in (one, other) and one is not other for one, other in both)
    assert swapped <= 0.01 * looked
    assert left_open <= (0.4 if placement == "waist" else 0.05) * looked  # a waist's run: both ways must be heard first
    assert [_edges(bout) for bout in live.finish()] == [_edges(bout) for bout in offline]


def _told_at(bouts: Sequence[Bout], second: float) -> Direction:
    return next((bout.direction for bout in bouts if bout.start_s <= second < bout.end_s), U)


def chunks(recording: Recording) -> list[tuple[float, dict[str, Stream]]]:
    found = []
    for end in np.arange(1.0, recording.duration_s + 1.0).tolist():
        part = {}
        for name, stream in recording.motion.items():
            a, b = np.searchsorted(stream.time_s, [end - 1.0, end])
            part[name] = Stream(stream.time_s[a:b], {key: values[a:b] for key, values in stream.channels.items()})
        found.append((end, part))
    return found


def test_nothing_pushed_nothing_said() -> None:
    live = Live(["accelerometer", "gyroscope"])
    assert live.placed is None
    assert live.finish() == ()


# -- wiring -----------------------------------------------------------------------------------------------------------------


def test_the_command_line_knows_every_placement() -> None:
    assert tuple(Placement) == _PLACEMENTS


def test_a_watch_file_does_not_wait_for_what_reads_motion() -> None:
    code = (
        "import sys; from made import FIRST_DAY, recording; from retropace.summary import summarise;"
        "summarise(recording(FIRST_DAY)); print([m for m in sys.modules if m.startswith('retropace.motion')])"
    )
    env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "[]"


def test_the_summary_says_where_the_sensor_was() -> None:
    summary = told(BOTH, "foot")
    assert summary.placed is not None
    assert (summary.placed.placement, summary.placed.told) == (Placement.FOOT, True)
    assert summary.heard is not None
    assert len(summary.heard) > 300
    assert summarise(watch(FIRST_DAY)).placed is None


# -- real people ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real recordings (../shared/data) are not here")
def test_nobody_real_is_called_backward() -> None:
    """A few recordings of each placement; `validation/direction.py` asks all of them."""
    sys.path.insert(0, str(ROOT))
    try:
        results = importlib.import_module("validation.direction").quick(SHARED)
    finally:
        sys.path.remove(str(ROOT))
    overall, worst = importlib.import_module("validation.direction").false_backward(results)
    assert len({one.person for one in results}) >= 10
    assert overall < 0.001
    assert worst < 0.01

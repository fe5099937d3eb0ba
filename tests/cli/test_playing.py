"""Playing: where a session stands, whatever happens: keys, gaps, lost sound. Laws by chance, cases by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_sessions import FREE, RULES, reverse, stand, walk
from retropace.cli.playing import Play, Status, begun, due, gone_on, passed, paused, skipped, starts_s, stopped
from retropace.cues import CueKind
from retropace.guide import Guide, guide
from retropace.place import Place, Surface, Watcher
from retropace.session import Session

GRASS = Place(surface=Surface.GRASS, clear_length_m=60.0, watcher=Watcher.NOBODY)
MADE = guide(Session("Two", (walk(30), reverse(20), walk(40), reverse(20), walk(30))), FREE, GRASS, RULES)
STALL_S = RULES.number("coach.clock_stall")
GRACE_S = RULES.number("coach.sound_grace")


def at(position_s: float, made: Guide = MADE) -> Play:
    return Play(made, position_s, 0.0)


def after(play: Play, seconds: float, *, sounding: bool = True) -> Play:
    """The session so much later, looked at ten times a second."""
    for _ in range(round(seconds * 10)):
        play = passed(play, play.now_s + 0.1, 0.1, sounding=sounding)
    return play


def test_it_plays_to_its_end_and_counts_what_was_done_backward() -> None:
    done = after(begun(MADE, 0.0), 141)
    assert done.status is Status.DONE
    assert done.position_s == done.ends_s == 140
    assert done.backward_s == pytest.approx(40)


def test_a_session_that_begins_backward_begins_with_what_is_said_before_it() -> None:
    made = guide(Session("At once", (reverse(20), walk(30))), FREE, GRASS, RULES)
    play = begun(made, 0.0)
    assert play.position_s == starts_s(made) < -3
    assert play.left_s == -play.position_s
    assert not play.going_backward


def test_it_never_begins_within_a_way_backward_but_before_it() -> None:
    play = begun(MADE, 0.0, 40)
    assert not play.piece.backward
    assert play.following is not None
    assert play.following.backward
    assert 3 <= play.left_s < 10
    assert begun(MADE, 0.0, 60).position_s == 60


# -- stops --------------------------------------------------------------------------------------------------------------


def test_a_clock_that_stood_still_stops_it() -> None:
    assert passed(at(10), 1.9, STALL_S - 0.1).status is Status.RUNNING
    found = passed(at(10), 0.1, STALL_S + 0.1)  # only the wall clock went on: the machine slept
    assert (found.status, found.why, found.position_s) == (Status.STOPPED, "clock_stall", 10)


def test_sound_that_is_gone_stops_only_the_way_backward_and_only_after_the_grace() -> None:
    assert after(at(5), 20, sounding=False).status is Status.RUNNING
    lost = after(at(31), GRACE_S - 0.2, sounding=False)
    assert lost.status is Status.RUNNING
    assert lost.lost_s is not None
    assert after(lost, 0.2, sounding=True).lost_s is None
    assert after(after(lost, 0.2, sounding=True), GRACE_S - 0.2, sounding=False).status is Status.RUNNING
    gone = after(lost, 0.4, sounding=False)
    assert (gone.status, gone.why) == (Status.STOPPED, "sound_grace")


def test_a_stop_holds_whatever_time_passes_and_leads_on_by_walking_only() -> None:
    play = after(stopped(at(35)), 600)
    assert (play.status, play.position_s) == (Status.STOPPED, 35)
    assert paused(play) == skipped(play) == play
    walking = gone_on(play)
    assert walking.status is Status.WALKING
    assert after(walking, 90).position_s == 35
    onward = gone_on(walking)
    assert (onward.status, onward.position_s) == (Status.RUNNING, 50)  # the rest of the stretch is given up


def test_after_a_stop_while_walking_the_walk_begins_anew() -> None:
    assert gone_on(gone_on(stopped(at(62)))).position_s == 50


def test_after_a_stop_in_a_last_stretch_it_is_over() -> None:
    made = guide(Session("Short", (walk(30), reverse(20))), FREE, GRASS, RULES)
    assert gone_on(gone_on(stopped(at(40, made)))).status is Status.DONE


# -- pauses and skips ---------------------------------------------------------------------------------------------------


def test_a_pause_goes_on_where_it_was_but_never_within_a_way_backward() -> None:
    assert gone_on(after(paused(at(12)), 30)).position_s == 12
    assert gone_on(after(paused(at(35)), 30)).position_s == 50


def test_skipping_to_a_way_backward_leads_to_what_is_said_before_it() -> None:
    play = skipped(at(2))
    named = [cue for cue in MADE.cues if cue.kind is CueKind.NEXT and cue.at_s < 30]
    assert play.position_s == named[-1].at_s < 30
    assert skipped(play).position_s == play.position_s
    assert skipped(at(29.5)).position_s == 29.5


def test_skipping_a_way_backward_and_the_last_walk() -> None:
    assert skipped(at(31)).position_s == 50
    assert skipped(at(120)).status is Status.DONE


# -- laws ---------------------------------------------------------------------------------------------------------------

happenings = st.lists(
    st.one_of(
        st.sampled_from(["stop", "pause", "on", "skip", "sleep"]),
        st.floats(0.05, 1.0),
    ),
    max_size=120,
)
PLANS = st.sampled_from(
    [
        MADE,
        guide(Session("At once", (reverse(20), walk(30), reverse(20))), FREE, GRASS, RULES),
        guide(Session("Turns", (walk(30), *(reverse(50), stand(8)) * 3, walk(20))), FREE, GRASS, RULES),
    ]
)


def happened(play: Play, what: str | float, *, sounding: bool) -> Play:
    doing = {"stop": stopped, "pause": paused, "on": gone_on, "skip": skipped}
    if isinstance(what, float):
        return passed(play, play.now_s + what, what, sounding=sounding)
    return passed(play, play.now_s, STALL_S + 1) if what == "sleep" else doing[what](play)


@given(PLANS, happenings, st.booleans())
def test_nobody_is_ever_put_onto_a_way_backward_unannounced(
    made: Guide, happenings: list[str | float], sounding: bool
) -> None:
    play = begun(made, 0.0)
    for what in happenings:
        before, play = play, happened(play, what, sounding=sounding)
        if play.going_backward and not (before.going_backward and play.piece is before.piece):
            assert isinstance(what, float)  # only time leads there, from right before it
            assert play.position_s - before.position_s <= 1.0
        if before.status is Status.STOPPED:
            assert play.status is Status.STOPPED or what == "on"
        assert play.backward_s <= sum(piece.duration_s for piece in made.pieces if piece.backward) * (
            1 + len(happenings)
        )
        assert starts_s(made) <= play.position_s <= play.ends_s


@given(PLANS, st.lists(st.floats(0.02, 0.9), min_size=5, max_size=400))
def test_every_cue_is_placed_once_and_at_its_time(made: Guide, steps: list[float]) -> None:
    play = begun(made, 100.0)
    epoch_s, placed_s = 100.0 - play.position_s, play.position_s
    found: list[tuple[float, int]] = []
    for step_s in steps:
        found += due(play, placed_s, 1.0)
        placed_s = play.position_s + 1.0
        play = passed(play, play.now_s + step_s, step_s)
    assert [number for _, number in found] == list(range(len(found)))
    for at_s, number in found:
        assert at_s == pytest.approx(epoch_s + made.cues[number].at_s, abs=1e-6)


def test_a_session_that_is_to_begin_later_waits() -> None:
    play = replace(at(0), now_s=5.0)
    assert passed(play, 4.0, 0.1).position_s == 0
    assert passed(play, 5.5, 0.1).position_s == pytest.approx(0.5)

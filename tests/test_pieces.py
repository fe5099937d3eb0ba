"""Pieces: what may be done of a session, without gaps, on the straight there is."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given

from made_sessions import FREE, RULES, limits, reverse, sessions, settings_of, stand, unhurried, walk
from retropace.cues import CueKind, spoken, timeline
from retropace.pieces import Around, pieces, speed_mps
from retropace.place import Place, Surface, Watcher
from retropace.programme import Goal, build
from retropace.quantities import Direction, Gait
from retropace.rules.questionnaire import questions
from retropace.screening import Answers, Limits, screen
from retropace.session import Session, Step
from retropace.surroundings import clear_distance_m
from retropace.timetable import Calendar

#: Home tests with room to spare.
FIT = {
    "backward_walk_3m_s": 3.0,
    "single_leg_left_s": 40.0,
    "single_leg_right_s": 40.0,
    "sit_to_stand_5_s": 9.0,
    "heel_raises_left": 28.0,
    "heel_raises_right": 28.0,
    "neck_left_deg": 65.0,
    "neck_right_deg": 65.0,
    "neck_dizzy": 0.0,
    "walk_30min_pain": 0.0,
    "prep_stumbles": 0.0,
}


@unhurried
@given(sessions, limits, settings_of)
def test_pieces_fill_the_session_without_gaps_and_never_run_off_the_straight(
    session: Session, limits: Limits, how: dict[str, object]
) -> None:
    length_m = how["clear_length_m"]
    found = pieces(session, limits, Around(clear_length_m=length_m), RULES)  # type: ignore[arg-type]
    assert found[0].start_s == 0
    assert found[-1].end_s == pytest.approx(session.duration_s)
    assert all(one.end_s == pytest.approx(two.start_s) for one, two in pairwise(found))
    gone_m = 0.0
    for piece in found:
        assert piece.duration_s > 0
        if piece.backward:
            gone_m += piece.duration_s * speed_mps(session.steps[piece.step], limits, RULES)
            room_m = 1e9 if length_m is None else float(length_m) - RULES.number("place.hall_run_off")  # type: ignore[arg-type]
            assert gone_m <= room_m + 0.01
        elif piece.doing != "stand":
            gone_m = 0.0


def test_steps_backward_one_after_the_other_share_one_straight() -> None:
    """20 s at 1.8 m/s take 36 of 55 m; what is left of the straight is good for 16.7 s at a walk."""
    slow = Step(Gait.WALK, Direction.BACKWARD, 40.0, "reverse walk", 1.2)
    session = Session("a", (walk(30), reverse(20), slow, walk(30)))
    found = pieces(session, FREE, Around(clear_length_m=60), RULES)
    doing = ["walk", "reverse_run", "reverse_walk", "turn", "reverse_walk", "walk"]
    assert [piece.doing for piece in found] == doing
    assert [piece.start_s for piece in found] == pytest.approx([0, 30, 50, 66.7, 74.7, 90], abs=0.05)


def test_a_pause_becomes_the_turn_where_the_rest_of_the_straight_is_too_short() -> None:
    """Three times 20 s at 1.8 m/s are 108 m on the 55 m that may be used of 60 m: one fits, the second does not."""
    session = Session("a", (walk(30), reverse(20), stand(10), reverse(20), stand(10), reverse(10), walk(60)))
    found = pieces(session, FREE, Around(clear_length_m=60), RULES)
    assert [piece.doing for piece in found] == [
        "walk",
        "reverse_run",
        "turn",
        "reverse_run",
        "stand",
        "reverse_run",
        "walk",
    ]
    assert "Stop. Turn round." in [spoken(cue) for cue in timeline(session, FREE, RULES, clear_length_m=60)]
    short = Session("a", (walk(30), reverse(20), stand(5), reverse(20), walk(60)))
    doing = [piece.doing for piece in pieces(short, FREE, Around(clear_length_m=60), RULES)]
    assert doing == ["walk", "reverse_run", "stand", "reverse_run", "stop", "walk"]


@pytest.mark.parametrize("goal", [Goal.REVERSE, Goal.INTERVALS, Goal.WARM_UP, Goal.WALK])
def test_what_a_programme_plans_is_called_as_planned(goal: Goal) -> None:
    """On a track of 100 m: no step of twelve weeks is cut, spared or turned into walking by the cues."""
    monday = dt.date(2026, 11, 23)
    health = dict.fromkeys(questions(monday), False)
    answers = Answers(monday, 35, "female", pregnant=False, active=True, health=health, tests=FIT)
    place = Place(Surface.TRACK, 0.0, 100.0, 4.0, dry=True, daylight=True, others=False, watcher=Watcher.NOBODY)
    clearance = screen(answers, place, RULES)
    programme = build(clearance, goal, Calendar(monday, 12), RULES)
    sessions = [(week.number, day.session) for week in programme.weeks for day in week.days if day.session is not None]
    assert len(sessions) > 20
    for number, session in sessions:
        found = pieces(session, clearance.limits, Around(clear_length_m=100), RULES)
        assert all(not piece.doing.startswith("walk_for") for piece in found)
        asked_s = sum(step.duration_s for step in session.steps if step.direction == Direction.BACKWARD)
        assert sum(piece.duration_s for piece in found if piece.backward) == pytest.approx(asked_s)
        cues = timeline(session, clearance.limits, RULES, week=number, clear_length_m=100)
        assert sum(cue.kind == CueKind.LOOK for cue in cues) < RULES.number("cues.neck_glances")


def test_faster_looks_more_often() -> None:
    def every_s(mps: float, length_m: float) -> float:
        step = replace(reverse(30, mps), gait=Gait.RUN if mps > 1.2 else Gait.WALK)
        fast = replace(FREE, speed_mps=3.0, glance_every_s=9.0)
        return pieces(Session("a", (step,)), fast, Around(clear_length_m=length_m), RULES)[0].look_every_s

    assert every_s(1.8, 100) == 4.0
    assert 0 < every_s(2.4, 100) < 4.0
    assert every_s(1.2, 100) == 5.0
    assert 0 < every_s(1.2, 8.5) < 5.0
    assert clear_distance_m(1.2, every_s(1.2, 8.5), RULES) <= 8.5 + 1e-6

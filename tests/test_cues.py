"""Cues: sorted, never two at once, looks in time and in turn, the neck spared, nothing beyond the limits."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_sessions import FREE, RULES, lengthened, limits, reverse, sessions, settings_of, stand, unhurried, walk
from retropace.cues import Cue, CueKind, as_json, said_s, spoken, timeline
from retropace.pieces import Around, pieces
from retropace.screening import Limits
from retropace.session import Session

SPEECH = (CueKind.REVERSE, CueKind.WALK, CueKind.RUN, CueKind.STOP)
SIX = Session("Six", (walk(300), *(reverse(20), walk(60)) * 6))


def of(cues: tuple[Cue, ...], *kinds: CueKind) -> list[Cue]:
    return [cue for cue in cues if cue.kind in kinds]


# -- laws of every session --------------------------------------------------------------------------------------------


@unhurried
@given(sessions, limits, settings_of)
def test_sorted_without_overlap_from_the_start_to_the_end(
    session: Session, limits: Limits, how: dict[str, object]
) -> None:
    cues = timeline(session, limits, RULES, **how)  # type: ignore[arg-type]
    assert [cue.at_s for cue in cues] == sorted(cue.at_s for cue in cues)
    for one, next_one in pairwise(cues):
        assert one.end_s <= next_one.at_s + 1e-6, (one, next_one)
    assert cues[0].at_s == 0 or (cues[0].kind == CueKind.NEXT and cues[0].at_s < 0)
    assert of(cues, CueKind.DONE) == [cues[-1]]
    assert cues[-1].at_s == pytest.approx(session.duration_s, abs=1e-3)


@unhurried
@given(sessions, limits, settings_of)
def test_same_input_same_cues_and_every_text_can_be_said(
    session: Session, limits: Limits, how: dict[str, object]
) -> None:
    cues = timeline(session, limits, RULES, **how)  # type: ignore[arg-type]
    assert cues == timeline(session, limits, RULES, **how)  # type: ignore[arg-type]
    for cue in cues:
        words = spoken(cue)
        assert words
        assert "{" not in words
        glance_s = RULES.number("cues.glance") if cue.kind == CueKind.LOOK else 0
        assert cue.duration_s == pytest.approx(said_s(words, RULES.number("cues.words_per_second")) + glance_s)


@unhurried
@given(sessions, limits, settings_of)
def test_no_look_on_a_countdown_and_sides_in_turn(session: Session, limits: Limits, how: dict[str, object]) -> None:
    cues = timeline(session, limits, RULES, **how)  # type: ignore[arg-type]
    sides = [cue.side for cue in of(cues, CueKind.LOOK) if cue.side is not None]
    assert sides == [("left", "right")[k % 2] for k in range(len(sides))]
    ends = of(cues, *SPEECH, CueKind.DONE)
    for look in of(cues, CueKind.LOOK):
        change = next(cue for cue in ends if cue.at_s > look.at_s)
        counts = [c.at_s for c in of(cues, CueKind.COUNT) if change.at_s - 5.001 <= c.at_s < change.at_s]
        assert look.end_s <= min([*counts, change.at_s])


@unhurried
@given(sessions, limits, settings_of)
def test_looks_and_form_only_on_the_way_backward(session: Session, limits: Limits, how: dict[str, object]) -> None:
    cues = timeline(session, limits, RULES, **how)  # type: ignore[arg-type]
    backward = False
    for cue in cues:
        if cue.kind in (*SPEECH, CueKind.DONE):
            backward = cue.kind == CueKind.REVERSE
        assert backward or cue.kind not in (CueKind.LOOK, CueKind.FORM)


@unhurried
@given(sessions, settings_of)
def test_alone_the_way_is_seen_in_time(session: Session, how: dict[str, object]) -> None:
    """From the start of a stretch to its last look, no longer unseen than the interval; the end within its countdown."""
    how |= {"spotter": False, "mirror": False, "treadmill": False, "neck_strain": 0.0}
    cues = timeline(session, FREE, RULES, **how)  # type: ignore[arg-type]
    around = Around(clear_length_m=how["clear_length_m"])  # type: ignore[arg-type]
    for piece in pieces(session, FREE, around, RULES):
        looks = [cue.at_s for cue in of(cues, CueKind.LOOK) if piece.start_s <= cue.at_s < piece.end_s]
        if not piece.backward:
            assert not looks
            continue
        gaps = [b - a for a, b in pairwise([piece.start_s, *looks])]
        assert all(gap <= piece.look_every_s + 1e-3 for gap in gaps)
        seen_s = looks[-1] if looks else piece.start_s
        assert piece.end_s - seen_s <= max(piece.look_every_s, 5.0 + 1.8 + 0.2 + 1.0 + 1.0) + 1e-3


@unhurried
@given(sessions, limits, settings_of)
def test_every_reverse_piece_is_announced_begun_and_ended(
    session: Session, limits: Limits, how: dict[str, object]
) -> None:
    long_enough = lengthened(session)
    cues = timeline(long_enough, limits, RULES, **how)  # type: ignore[arg-type]
    around = Around(
        spotter=bool(how["spotter"]),
        mirror=bool(how["mirror"]),
        strained=float(how["neck_strain"]) > RULES.number("progression.neck_hold"),  # type: ignore[arg-type]
        treadmill=bool(how["treadmill"]),
        clear_length_m=how["clear_length_m"],  # type: ignore[arg-type]
    )
    every = pieces(long_enough, limits, around, RULES)
    begun = [piece for piece in every if piece.backward]
    starts = of(cues, CueKind.REVERSE)
    assert [cue.at_s for cue in starts] == pytest.approx([piece.start_s for piece in begun], abs=1e-3)
    for before, piece in zip((None, *every), every, strict=False):
        if piece not in begun:
            continue
        start = next(cue for cue in starts if cue.at_s == pytest.approx(piece.start_s, abs=1e-3))
        lead = [cue for cue in of(cues, CueKind.NEXT) if cue.at_s < start.at_s][-1:]
        if before is None or not before.backward or before.look_every_s >= 4:
            assert lead[0].filling["doing"] == piece.doing
            assert lead[0].at_s > start.at_s - (12 if before is None or not before.backward else 20)
        after = next(cue for cue in of(cues, *SPEECH, CueKind.DONE) if cue.at_s > start.at_s)
        assert after.at_s == pytest.approx(piece.end_s, abs=1e-3)


@unhurried
@given(sessions, limits, settings_of)
def test_the_neck_is_spared(session: Session, limits: Limits, how: dict[str, object]) -> None:
    cues = timeline(session, limits, RULES, **how)  # type: ignore[arg-type]
    shoulder = [cue for cue in of(cues, CueKind.LOOK) if cue.side is not None]
    assert len(shoulder) <= RULES.number("cues.neck_glances")
    strained = float(how["neck_strain"]) > RULES.number("progression.neck_hold")  # type: ignore[arg-type]
    if strained or how["treadmill"]:
        assert not shoulder
    if strained and not (how["spotter"] or how["mirror"] or how["treadmill"]):
        assert not of(cues, CueKind.REVERSE)


@unhurried
@given(sessions, limits, settings_of)
def test_nothing_beyond_the_limits(session: Session, limits: Limits, how: dict[str, object]) -> None:
    cues = timeline(session, limits, RULES, **how)  # type: ignore[arg-type]
    ends = of(cues, *SPEECH, CueKind.DONE)
    for start, end in pairwise(ends):
        if start.kind != CueKind.REVERSE:
            continue
        step = session.steps[start.step]
        assert limits.speed_mps > 0
        assert "run" not in start.text or limits.backward_run
        length_m = how["clear_length_m"]
        if isinstance(length_m, float) and not how["treadmill"]:
            mps = min(step.speed_mps or limits.speed_mps, limits.speed_mps)
            mps = mps if start.text == "go.reverse_run" else min(mps, RULES.number("screening.walk_speed"))
            assert (end.at_s - start.at_s) * mps <= length_m - RULES.number("place.hall_run_off") + 0.01


@unhurried
@given(sessions, settings_of, st.integers(12, 29))
def test_a_walk_in_front_moves_everything_by_its_length(session: Session, how: dict[str, object], first_s: int) -> None:
    """What is said before a session that begins backward is what a short walk before it would end on."""
    session = Session("any", (reverse(25.0), stand(12.0), *session.steps[1:]))
    alone = timeline(session, FREE, RULES, **how)  # type: ignore[arg-type]
    moved = timeline(Session("more", (walk(float(first_s)), *session.steps)), FREE, RULES, **how)  # type: ignore[arg-type]
    if alone[0].kind != CueKind.NEXT:
        return  # its first step is called as a forward walk
    assert moved[0].text == "go_named"
    shifted = [replace(cue, at_s=cue.at_s + first_s, step=cue.step + 1) for cue in alone]
    for one, other in zip(moved[1:], shifted, strict=True):
        assert one.at_s == pytest.approx(other.at_s, abs=2e-3)
        counted = one.kind == CueKind.COUNT  # the last three seconds belong to the walk, not yet to the next step
        assert replace(one, at_s=0, step=0 if counted else one.step) == replace(
            other, at_s=0, step=0 if counted else other.step
        )


@unhurried
@given(sessions, sessions, settings_of)
def test_what_comes_later_changes_nothing_said_before(one: Session, more: Session, how: dict[str, object]) -> None:
    """Two sessions with the same beginning sound the same until the last common step, what names the repeats aside.

    Steps of a dozen seconds hold their countdown however their names are said. Where the straight ends, the last common
    step may become a turn for what follows it, so here it does not end.
    """
    how |= {"clear_length_m": None}
    one, more = (lengthened(session) for session in (one, more))
    both = Session("both", (*one.steps, *more.steps))
    until_s = sum(step.duration_s for step in one.steps[:-1])
    heard = []
    for session in (one, both):
        cues = timeline(session, FREE, RULES, **how)  # type: ignore[arg-type]
        heard.append(
            [(cue.at_s, cue.kind, cue.side) for cue in cues if cue.at_s < until_s and cue.kind != CueKind.NEXT]
        )
    assert heard[0] == heard[1]


# -- the article's session, heard -------------------------------------------------------------------------------------


def test_the_first_session_sounds_like_this() -> None:
    cues = timeline(SIX, FREE, RULES)
    heard = [(cue.at_s, spoken(cue)) for cue in cues if 285 <= cue.at_s < 382]
    assert heard == [
        (290.0, "10 seconds."),
        (291.0, "Reverse run, 20 seconds, repeat 1 of 6. Check behind."),
        (295.0, "5"),
        (300.0, "Reverse."),
        (300.6, "Stand tall."),
        (304.0, "Look left."),
        (308.0, "Look right."),
        (312.0, "Look left."),
        (315.0, "Look right."),
        (317.0, "3"),
        (318.0, "2"),
        (319.0, "1"),
        (320.0, "Walk, 1 minute."),
        (350.0, "Halfway."),
        (370.0, "10 seconds."),
        (371.0, "Reverse run, 20 seconds, repeat 2 of 6. Check behind."),
        (375.0, "5"),
        (380.0, "Reverse."),
        (380.6, "Nose over toes."),
    ]
    assert spoken(cues[0]) == "Walk, 5 minutes."
    assert spoken(cues[-1]) == "Done. That is all for today."


def test_warnings_and_halfway_by_length_of_the_step() -> None:
    def told(seconds: float) -> list[str]:
        return [spoken(c) for c in of(timeline(Session("a", (walk(seconds),)), FREE, RULES), *UNDER_WAY)]

    assert told(20) == told(29.9) == ["3", "2", "1"]
    assert told(30) == ["10 seconds.", "5"]
    assert told(40) == ["Halfway.", "10 seconds.", "5"]
    assert told(3) == []


UNDER_WAY = (CueKind.COUNT, CueKind.HALFWAY)


def test_form_in_turn_and_longer_steps_late() -> None:
    def form(week: int) -> list[str]:
        cues = timeline(Session("a", (walk(30), *(reverse(20), walk(60)) * 7)), FREE, RULES, week=week)
        return [cue.text for cue in of(cues, CueKind.FORM)]

    order = ["form_tall", "form_nose_over_toes", "form_arms", "form_small_steps", "form_ball_of_foot"]
    assert form(1) == [*order, *order[:2]]
    assert form(8) == form(1)
    assert form(9) == [*order, "form_longer_step", order[0]]
    assert "lean" not in " ".join(spoken(cue) for cue in timeline(SIX, FREE, RULES, week=12)).lower()


def test_the_straight_ends_before_the_step() -> None:
    cues = timeline(Session("a", (walk(20), reverse(60), walk(60))), FREE, RULES, clear_length_m=50)
    said = [(cue.at_s, spoken(cue)) for cue in of(cues, *SPEECH)]
    assert said == [
        (0.0, "Walk, 20 seconds."),
        (20.0, "Reverse."),
        (45.0, "Stop. Turn round."),
        (53.0, "Reverse."),
        (77.0, "Stop. End of the straight."),
        (80.0, "Walk, 1 minute."),
    ]


def test_turns_written_into_the_session_are_one_repeat() -> None:
    shuttle = (reverse(20), stand(8, "Stop and turn"), reverse(20))
    cues = timeline(Session("a", (walk(30), *shuttle, walk(60), *shuttle, walk(60))), FREE, RULES)
    leads = [spoken(cue) for cue in of(cues, CueKind.NEXT) if cue.filling["doing"] == "reverse_run"]
    assert [words[-21:-15] for words in leads] == ["1 of 2", "1 of 2", "2 of 2", "2 of 2"]
    assert [spoken(cue) for cue in of(cues, CueKind.STOP)] == ["Stop. Turn round."] * 2


def test_sets_are_counted_by_structure() -> None:
    block = (reverse(20), walk(60))
    cues = timeline(Session("a", (walk(60), *block * 2, walk(120), *block * 3)), FREE, RULES)
    leads = [cue.filling for cue in of(cues, CueKind.NEXT) if cue.filling["doing"] == "reverse_run"]
    assert [(f["repeat"], f["of"]) for f in leads] == [(1, 2), (2, 2), (1, 3), (2, 3), (3, 3)]


def test_a_named_pause_is_called_by_its_name() -> None:
    cues = timeline(Session("a", (walk(30), stand(120, "Ankle {circles}"), walk(30))), FREE, RULES)
    assert "Ankle {circles}, 2 minutes." in [spoken(cue) for cue in cues]


def test_spotter_and_mirror_instead_of_the_neck() -> None:
    def looks(**how: object) -> list[str]:
        cues = timeline(Session("a", (walk(30), reverse(40))), FREE, RULES, **how)  # type: ignore[arg-type]
        return [spoken(cue) for cue in of(cues, CueKind.LOOK)]

    alone = looks()
    assert len(alone) == 9
    assert len(looks(spotter=True)) == 3
    by_mirror = looks(mirror=True)
    assert len(by_mirror) >= len(alone)
    assert sum(words != "Mirror." for words in by_mirror) == 3
    assert looks(spotter=True, neck_strain=5) == []
    assert set(looks(mirror=True, neck_strain=5)) == {"Mirror."}


def test_a_strained_neck_alone_walks_forward() -> None:
    cues = timeline(SIX, FREE, RULES, neck_strain=5)
    assert not of(cues, CueKind.REVERSE, CueKind.LOOK)
    assert "Walk forward to rest your neck, 20 seconds." in [spoken(cue) for cue in cues]
    assert of(timeline(SIX, FREE, RULES, neck_strain=2), CueKind.REVERSE)


def test_too_many_looks_for_one_day_become_walking() -> None:
    long = Session("long", (walk(60), *(reverse(45), walk(60)) * 20))
    cues = timeline(long, FREE, RULES)
    begun = len(of(cues, CueKind.REVERSE))
    assert 10 < begun < 20
    assert "Walk forward, enough looking back today, 45 seconds." in [spoken(cue) for cue in cues]
    assert len(of(timeline(long, FREE, RULES, mirror=True), CueKind.REVERSE)) == 20


def test_walking_only_and_not_at_all() -> None:
    walkers = replace(FREE, backward_run=False, speed_mps=1.2)
    cues = timeline(Session("a", (walk(30), reverse(20))), walkers, RULES)
    assert [spoken(cue) for cue in of(cues, CueKind.REVERSE)] == ["Walk backward."]
    nobody = replace(FREE, speed_mps=0.0)
    assert not of(timeline(SIX, nobody, RULES), CueKind.REVERSE)
    assert not of(timeline(SIX, FREE, RULES, clear_length_m=6), CueKind.REVERSE)


def test_on_a_treadmill_nobody_looks_behind() -> None:
    cues = timeline(Session("a", (walk(30), reverse(60))), FREE, RULES, treadmill=True, clear_length_m=2)
    assert not of(cues, CueKind.LOOK, CueKind.STOP)
    assert spoken(of(cues, CueKind.FORM)[0]) == "Hands near the rails."
    assert not any("behind" in spoken(cue) for cue in cues)
    banned = replace(FREE, treadmill_kmh=None)
    assert not of(timeline(Session("a", (walk(30), reverse(60))), banned, RULES, treadmill=True), CueKind.REVERSE)


def test_backward_at_once_is_announced_before_the_clock_starts() -> None:
    cues = timeline(Session("a", (reverse(20), walk(60))), FREE, RULES)
    assert spoken(cues[0]) == "Reverse run, 20 seconds. Check behind."
    assert [spoken(cue) for cue in cues[1:5]] == ["3", "2", "1", "Reverse."]
    assert cues[4].at_s == 0


def test_an_empty_session_is_over_at_once() -> None:
    cues = timeline(Session("nothing", ()), FREE, RULES)
    assert [(cue.at_s, cue.kind) for cue in cues] == [(0.0, CueKind.DONE)]


def test_json_is_plain_and_complete() -> None:
    cues = timeline(SIX, FREE, RULES)
    made = as_json(cues)
    assert json.loads(json.dumps(made)) == made
    assert made["ends_s"] == SIX.duration_s
    assert made["starts_s"] == 0.0
    listed = made["cues"]
    assert isinstance(listed, list)
    assert len(listed) == len(cues)
    assert listed[0] == {
        "at_s": 0.0,
        "kind": "walk",
        "key": "go_named",
        "say": "Walk, 5 minutes.",
        "duration_s": 1.2,
        "step": 0,
        "side": None,
    }


def test_a_length_nobody_knows_is_no_length() -> None:
    assert timeline(SIX, FREE, RULES, clear_length_m=float("nan")) == timeline(SIX, FREE, RULES)

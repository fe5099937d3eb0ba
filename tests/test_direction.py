"""Direction: right where something saw it, assumed or unknown where nothing did, never backward without a witness."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import FIRST_DAY, Part, recording, session_of
from retropace.baseline import forward_baseline
from retropace.bout import Bout
from retropace.direction import SURE_ENOUGH, corrected, recognise
from retropace.errors import OutOfRange
from retropace.model import initial_probabilities, state_probabilities, transition_matrix
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.recording import MOTION_CHANNELS, Declared, Origin, Recording, SportSpan, Stream
from retropace.session import Session
from retropace.signals import grid
from retropace.witness import BACKWARD, FORWARD, gait_evidence

F, B = Direction.FORWARD, Direction.BACKWARD
NOBODY = Person()
REVERSE_STARTS = 300 + 80.0 * np.arange(6)


def bouts(made: Recording, person: Person = NOBODY, session: Session | None = None) -> tuple[Bout, ...]:
    return recognise(made, grid(made), person, session).bouts


def test_the_chain_is_a_chain() -> None:
    np.testing.assert_allclose(transition_matrix().sum(axis=1), 1.0)
    assert np.all(transition_matrix() > 0)
    assert initial_probabilities().sum() == pytest.approx(1.0)


def test_nothing_saw_it_so_forward_is_assumed() -> None:
    for bout in bouts(recording(FIRST_DAY)):
        assert bout.direction == F
        assert bout.assumed


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(5, 90), st.floats(0, 5), st.floats(0, 220)), min_size=1, max_size=12),
    st.integers(0, 1000),
)
def test_how_the_feet_move_never_speaks_of_direction(parts: list[tuple[int, float, float]], seed: int) -> None:
    """Whatever speed and cadence do, P(backward) stays at what the prior alone gives."""
    made = recording(tuple(Part(s, v, c) for s, v, c in parts), seed=seed)
    seconds = grid(made)
    probability, _ = state_probabilities(seconds, [gait_evidence(seconds)])
    moving = probability[:, 1:].sum(axis=1)
    share = probability[:, BACKWARD].sum(axis=1) / moving
    assert np.all(share < 0.03)
    assert not any(bout.direction == B for bout in bouts(made))


@pytest.mark.parametrize(
    ("options", "planned", "witness"),
    [
        ({"code": True}, False, "field"),
        ({"facing": True}, False, "heading"),
        ({}, True, "plan"),
    ],
)
def test_backward_where_something_saw_it(options: dict[str, Any], planned: bool, witness: str) -> None:
    made = recording(FIRST_DAY, **options)
    found = [b for b in bouts(made, session=session_of(FIRST_DAY) if planned else None) if b.direction == B]
    np.testing.assert_allclose([b.start_s for b in found], REVERSE_STARTS, atol=3)
    np.testing.assert_allclose([b.duration_s for b in found], 20, atol=4)
    assert all(b.known_by[0] == witness and b.probability >= SURE_ENOUGH and b.gait == Gait.RUN for b in found)


def test_backward_by_lap_names() -> None:
    named = tuple(replace(p, lap="Reverse run" if p.direction == B else "Walk") for p in FIRST_DAY)
    found = [b for b in bouts(recording(named)) if b.direction == B]
    assert len(found) == 6
    assert all(b.known_by == ("lap",) for b in found)


def test_witnesses_that_agree_make_it_surer() -> None:
    made = recording(FIRST_DAY, facing=True)
    alone = [b.probability for b in bouts(made) if b.direction == B]
    both = [b.probability for b in bouts(made, session=session_of(FIRST_DAY)) if b.direction == B]
    assert min(both) > min(alone)


def test_witnesses_that_disagree_leave_it_unknown() -> None:
    made = recording((Part(200, 2.0, 165), Part(60, 2.0, 165, lap="backward"), Part(200, 2.0, 165)), facing=True)
    middle = next(b for b in bouts(made) if b.start_s <= 230 < b.end_s)
    assert middle.direction != B


def test_a_phone_compass_alone_is_never_enough() -> None:
    """The phone may have been put away the other way round; the answer is unknown, with that reason."""
    parts = (Part(600, 2.0, 165), Part(200, 2.0, 175, B), Part(600, 2.0, 165))
    found = bouts(recording(parts, device_turn_deg=140))
    assert not any(b.direction == B for b in found)
    middle = next(b for b in found if b.start_s <= 700 < b.end_s)
    assert middle.direction == Direction.UNKNOWN
    assert middle.reason is not None
    assert "phone" in middle.reason


def test_a_phone_compass_with_the_plan_is_enough() -> None:
    found = bouts(recording(FIRST_DAY, device_turn_deg=140), session=session_of(FIRST_DAY))
    assert sum(b.direction == B for b in found) == 6
    assert {"plan", "device_heading"} <= {key for b in found for key in b.known_by}


def own_baseline() -> Person:
    runs = [
        grid(recording((Part(1500, v, 166 + 4 * (v - 3), heart_rate_bpm=150 + 20 * (v - 3)),), seed=i))
        for i, v in enumerate((2.2, 2.5, 2.8, 3.2))
    ]
    return Person(baseline=forward_baseline(runs))


def test_against_the_own_baseline() -> None:
    person = own_baseline()
    parts = (
        Part(300, 2.5, 164, heart_rate_bpm=140),
        Part(400, 2.5, 179, B, 161),
        Part(300, 2.5, 164, heart_rate_bpm=140),
    )
    found = bouts(recording(parts), person)
    middle = next(b for b in found if b.start_s <= 500 < b.end_s)
    assert middle.direction == B
    assert set(middle.known_by) == {"cadence", "heart_rate"}
    without_heart = bouts(recording(parts, without=("heart_rate_bpm",)), person)
    assert not any(b.direction == B for b in without_heart)
    assert any(b.direction == Direction.UNKNOWN for b in without_heart)


def test_an_ordinary_day_with_a_baseline_stays_forward() -> None:
    person = own_baseline()
    for seed in range(5):
        found = bouts(recording((Part(1200, 2.6, 165, heart_rate_bpm=143),), seed=seed), person)
        assert {b.direction for b in found} == {F}


def test_a_baseline_needs_twenty_minutes() -> None:
    with pytest.raises(OutOfRange, match="20"):
        forward_baseline([grid(recording((Part(600, 2.5, 165),)))])


def test_no_witness_no_backward_even_if_the_prior_were_wrong() -> None:
    assert all(b.direction != B for b in bouts(recording((Part(60, 1.5, 170),))))


def test_other_sports_are_left_alone() -> None:
    made = recording((Part(100, 6.0, 80),), sport="cycling")
    (bout,) = bouts(made)
    assert (bout.gait, bout.direction, bout.known_by) == (Gait.OTHER, Direction.UNKNOWN, ("sport",))


def test_a_triathlon_is_asked_only_on_foot() -> None:
    made = recording((Part(300, 2.5, 168),))
    mixed = replace(made, sports=(SportSpan(0, 99, "cycling"), SportSpan(100, 300, "running")))
    found = bouts(mixed)
    assert [b.gait for b in found] == [Gait.OTHER, Gait.RUN]


def test_neither_speed_nor_cadence_is_unknown() -> None:
    heart = Stream(np.arange(60.0), {"heart_rate_bpm": np.full(60, 120.0)})
    (bout,) = bouts(Recording(Origin("x", "made"), None, track=heart))
    assert (bout.direction, bout.known_by) == (Direction.UNKNOWN, ("none",))
    assert bout.reason


def test_rotation_alone_shows_no_step_and_says_so() -> None:
    time_s = np.arange(6000) / 100
    turns = Stream(time_s, {key: np.full(6000, 0.1) for key in MOTION_CHANNELS["gyroscope"]})
    nothing = Recording(Origin("x", "made"), None, track=Stream(np.empty(0), {}), motion={"gyroscope": turns})
    reasons = {bout.reason for bout in bouts(nothing)}
    assert reasons == {"acceleration was not recorded here, so no step can be seen"}


def test_bouts_cover_everything_once() -> None:
    found = bouts(recording(FIRST_DAY, code=True))
    assert found[0].start_s == 0
    assert all(a.end_s == b.start_s for a, b in pairwise(found))


def test_swapping_forward_and_backward_in_the_evidence_swaps_the_answer() -> None:
    """The field's word is mirrored exactly, apart from the prior, which a sure witness outweighs."""
    made = recording(FIRST_DAY, code=True)
    mirrored_code = -made.track.channels["direction_code"]
    mirrored = replace(made, track=Stream(made.track.time_s, {**made.track.channels, "direction_code": mirrored_code}))
    swap = {F: B, B: F}
    one, other = bouts(made), bouts(mirrored)
    middle = [0.5 * (b.start_s + b.end_s) for b in one if b.duration_s > 10]
    for at in middle:
        d1 = next(b.direction for b in one if b.start_s <= at < b.end_s)
        d2 = next(b.direction for b in other if b.start_s <= at < b.end_s)
        assert d2 == swap[d1]


def test_evidence_columns_do_not_depend_on_each_other() -> None:
    assert set(FORWARD).isdisjoint(BACKWARD)


# -- corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_cuts_exactly_and_is_a_layer() -> None:
    before = bouts(recording(FIRST_DAY))
    after = corrected(before, [Declared(310.5, 320.25, B, "person")])
    cut = [b for b in after if b.direction == B]
    assert (cut[0].start_s, cut[-1].end_s) == (310.5, 320.25)
    assert {(b.known_by, b.probability) for b in cut} == {(("person",), 1.0)}
    assert before == bouts(recording(FIRST_DAY))
    assert corrected(before, []) == before


def test_later_corrections_win_and_unknown_is_a_choice() -> None:
    before = bouts(recording((Part(100, 2.5, 165),)))
    after = corrected(before, [Declared(0, 100, B, "person"), Declared(40, 60, Direction.UNKNOWN, "person")])
    assert [(b.start_s, b.direction) for b in after] == [(0, B), (40, Direction.UNKNOWN), (60, B)]
    assert after[1].reason


@given(
    st.lists(
        st.tuples(st.floats(0, 900), st.floats(0, 900), st.sampled_from(list(Direction))).filter(lambda t: t[0] < t[1]),
        max_size=6,
    )
)
def test_corrections_never_lose_or_double_a_second(spans: list[tuple[float, float, Direction]]) -> None:
    before = [Bout(0, 300, Gait.WALK, F, 1.0, ("assumed",)), Bout(300, 900, Gait.RUN, F, 1.0, ("assumed",))]
    after = corrected(before, [Declared(a, b, d, "person") for a, b, d in spans])
    assert after[0].start_s == 0
    assert after[-1].end_s == 900
    assert all(a.end_s == b.start_s for a, b in pairwise(after))
    assert all(b.start_s < b.end_s for b in after)

"""Witnesses: each says what it saw, no more than it may, and nothing where it saw nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from made import FIRST_DAY, REVERSE, WALK, Part, recording
from retropace.person import ForwardBaseline
from retropace.quantities import Direction
from retropace.recording import FloatArray, Lap
from retropace.signals import grid
from retropace.witness import (
    BACKWARD,
    CAPS,
    FORWARD,
    STATES,
    TURNED_BOUT_S,
    WITNESSES,
    cadence_against_baseline,
    capped,
    declared_by_laps,
    developer_field,
    device_heading_against_course,
    gait_evidence,
    heading_against_course,
    heart_rate_against_baseline,
    said_by_name,
)

BASELINE = ForwardBaseline(60.0, 166.0, 4.0, 4.0, 150.0, 20.0, 7.0, 1.5, 5.0)


def test_every_cap_is_of_a_witness_with_words() -> None:
    assert set(CAPS) <= set(WITNESSES)
    assert all(words and not words.endswith(".") for words in WITNESSES.values())


def test_gait_says_nothing_of_direction() -> None:
    log_odds = gait_evidence(grid(recording(FIRST_DAY))).log_odds[0]
    np.testing.assert_array_equal(log_odds[:, FORWARD], log_odds[:, BACKWARD])
    total = np.logaddexp.reduce(log_odds[:, [0, *FORWARD]], axis=1)
    np.testing.assert_allclose(total, 0.0, atol=1e-12)


def test_a_treadmill_runner_without_speed_over_ground_moves() -> None:
    seconds = grid(recording((Part(60, 0.0, 168),)))
    assert np.all(gait_evidence(seconds).log_odds[0][5:-5].argmax(axis=1) == FORWARD[1])


@given(arrays(float, st.integers(0, 60), elements=st.floats(-5, 5, allow_subnormal=False)), st.floats(0.5, 20))
def test_capped_limits_backward_and_keeps_forward(nats: FloatArray, cap: float) -> None:
    weighed = capped(nats, cap)
    np.testing.assert_array_equal(weighed[nats <= 0], nats[nats <= 0])
    assert np.all((weighed > 0) == (nats > 0))
    assert np.all(weighed <= nats)


def test_a_brief_dissent_does_not_open_a_new_account() -> None:
    nats = np.full(200, 0.7)
    nats[::15] = -0.7
    assert np.maximum(capped(nats, 9.0), 0).sum() == pytest.approx(9.0 + 200 / TURNED_BOUT_S)


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("Backward 3", Direction.BACKWARD),
        ("run backwards", Direction.BACKWARD),
        ("BACK 30s", Direction.BACKWARD),
        ("Reverse run", Direction.BACKWARD),
        ("reverse 2 of 6", Direction.BACKWARD),
        ("retro-running", Direction.BACKWARD),
        ("Rückwärts", Direction.BACKWARD),
        ("Forward", Direction.FORWARD),
        ("vorwärts gehen", Direction.FORWARD),
        ("Back home", None),
        ("back squats", None),
        ("Backyard loop", None),
        ("Reverse lunge", None),
        ("reverse loop of the lake", None),
        ("Forward and backward leg swings", None),
        ("forward then backward", None),
        ("Cool down", None),
        ("", None),
        (None, None),
    ],
)
def test_lap_names(name: str | None, direction: Direction | None) -> None:
    assert said_by_name(name) == direction


def test_lap_note_speaks_where_the_name_is_silent() -> None:
    laps = (Lap(0, 20, "Lap 1", notes="20 s backward, look left"), Lap(20, 80, "Lap 2"), Lap(80, 80, "backward"))
    found = [(d.start_s, d.direction) for d in declared_by_laps(laps)]
    assert found == [(0, Direction.BACKWARD), (20, Direction.FORWARD)]
    assert declared_by_laps(laps[1:2]) == ()


def test_silent_witnesses_are_none() -> None:
    seconds = grid(recording(FIRST_DAY))
    assert developer_field(seconds) is None
    assert heading_against_course(seconds) is None
    assert device_heading_against_course(seconds) is None
    assert cadence_against_baseline(seconds, ForwardBaseline(minutes=60)) is None
    assert heart_rate_against_baseline(seconds, ForwardBaseline(minutes=60)) is None


def test_a_short_baseline_is_not_heard() -> None:
    short = ForwardBaseline(10.0, 166.0, 4.0, 4.0, 150.0, 20.0, 7.0)
    seconds = grid(recording(FIRST_DAY))
    assert cadence_against_baseline(seconds, short) is None
    assert heart_rate_against_baseline(seconds, short) is None


def test_heading_prefers_the_right_direction() -> None:
    seconds = grid(recording((Part(100, 2.0, 165), Part(100, 2.0, 175, Direction.BACKWARD)), facing=True))
    evidence = heading_against_course(seconds)
    assert evidence is not None
    assert np.median(evidence.favours_backward[10:90]) < 0 < np.median(evidence.favours_backward[110:190])


def test_a_compass_of_unknown_angle_keeps_both_readings() -> None:
    parts = (Part(200, 2.0, 165), Part(100, 2.0, 175, Direction.BACKWARD))
    evidence = device_heading_against_course(grid(recording(parts, device_turn_deg=77)))
    assert evidence is not None
    assert evidence.log_odds.shape == (2, 300, len(STATES))
    first, second = (layer[:, BACKWARD[0]] - layer[:, FORWARD[0]] for layer in evidence.log_odds)
    assert np.sign(np.median(first[10:190])) == -np.sign(np.median(second[10:190]))


def test_wandering_compass_is_not_heard() -> None:
    made = recording((Part(300, 2.0, 165),), device_turn_deg=0)
    made.track.channels["device_heading_deg"][:] = np.random.default_rng(3).uniform(0, 360, 300)
    assert device_heading_against_course(grid(made)) is None


def test_cadence_backward_is_higher_than_own_forward() -> None:
    fast = recording((Part(120, 2.5, 178),))
    same = recording((Part(120, 2.5, 164),))
    for made, sign in ((fast, 1), (same, -1)):
        evidence = cadence_against_baseline(grid(made), BASELINE)
        assert evidence is not None
        assert np.sign(evidence.favours_backward.sum()) == sign


def test_heart_rate_waits_for_two_steady_minutes() -> None:
    evidence = heart_rate_against_baseline(grid(recording((Part(240, 2.5, 178, heart_rate_bpm=162),))), BASELINE)
    assert evidence is not None
    assert np.all(evidence.favours_backward[:120] == 0)
    assert evidence.favours_backward[125:].sum() > 0


def test_hills_and_walking_are_not_compared() -> None:
    made = recording((Part(300, 2.5, 178),))
    made.track.channels["altitude_m"][:] = 100 + 0.08 * made.track.channels["distance_m"]
    evidence = cadence_against_baseline(grid(made), BASELINE)
    assert evidence is not None
    assert np.all(evidence.favours_backward[20:-20] == 0)
    walking = cadence_against_baseline(grid(recording((WALK, REVERSE))), BASELINE)
    assert walking is not None
    assert np.all(walking.favours_backward[:50] == 0)

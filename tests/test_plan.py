"""Plan: found where it was followed, silent where it was not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import FIRST_DAY, REVERSE, WALK, WARM_UP, Part, recording, session_of
from retropace.plan import follow, gait_probabilities, plan_evidence
from retropace.quantities import Direction
from retropace.recording import Stream
from retropace.session import Session
from retropace.signals import grid
from retropace.witness import CAPS

PLAN = session_of(FIRST_DAY)


def test_gait_probabilities_add_up() -> None:
    np.testing.assert_allclose(gait_probabilities(grid(recording(FIRST_DAY))).sum(axis=1), 1.0)


def test_followed_to_the_second() -> None:
    followed = follow(grid(recording(FIRST_DAY)), PLAN)
    assert followed is not None
    assert all(s.seen_start and s.seen_end for s in followed.steps if s.step.direction == Direction.BACKWARD)
    assert len(followed.steps) == len(PLAN.steps)
    starts = np.cumsum([0.0, *(p.seconds for p in FIRST_DAY[:-1])])
    np.testing.assert_allclose([s.start_s for s in followed.steps], starts, atol=3)


@settings(deadline=None, max_examples=15)
@given(late=st.integers(0, 200), seed=st.integers(0, 99))
def test_a_late_start_is_found(late: int, seed: int) -> None:
    followed = follow(grid(recording(FIRST_DAY, late_s=late, seed=seed)), PLAN)
    assert followed is not None
    reverse = [s.start_s for s in followed.steps if s.step.direction == Direction.BACKWARD]
    expected = late + 300 + 80.0 * np.arange(6)
    np.testing.assert_allclose(reverse, expected, atol=3)


def test_a_repeat_cut_short_and_one_left_out() -> None:
    short = Part(12, 1.9, 175, Direction.BACKWARD)
    done = (WARM_UP, REVERSE, WALK, REVERSE, WALK, short, WALK, REVERSE, WALK, REVERSE, WALK, Part(120, 1.3, 108))
    followed = follow(grid(recording(done)), PLAN)
    assert followed is not None
    reverse = [(s.start_s, s.end_s) for s in followed.steps if s.step.direction == Direction.BACKWARD]
    assert len(reverse) == 5
    assert reverse[2] == pytest.approx((460, 472), abs=3)


def test_an_ordinary_run_does_not_follow_it() -> None:
    assert follow(grid(recording((Part(1000, 2.8, 168),))), PLAN) is None
    assert follow(grid(recording((Part(1000, 1.3, 110),))), PLAN) is None
    assert follow(grid(recording((Part(60, 1.3, 110),))), PLAN) is None


def test_a_plan_whose_edges_cannot_show_says_less() -> None:
    parts = (Part(300, 1.3, 110), Part(60, 1.2, 108, Direction.BACKWARD), Part(300, 1.3, 110))
    seconds = grid(recording(parts))
    followed = follow(seconds, session_of(parts))
    assert followed is not None
    assert not followed.steps[1].seen_start
    assert not followed.steps[1].seen_end
    marked = recording(parts, laps=True)
    on_laps = follow(grid(marked), session_of(parts), marked.laps)
    assert on_laps is not None
    assert on_laps.steps[1].seen_start
    assert on_laps.steps[1].seen_end
    vague, sharp = (float(plan_evidence(seconds, f).favours_backward.max()) for f in (followed, on_laps))
    assert 0 < vague < sharp


def test_a_fast_interval_run_is_not_a_reverse_session() -> None:
    """Same times, same gaits, but at 5.5 m/s: nobody runs that backward."""
    fast = tuple(replace(p, speed_mps=5.5) if p.direction == Direction.BACKWARD else p for p in FIRST_DAY)
    assert follow(grid(recording(fast)), PLAN) is None


def test_a_run_much_faster_than_prescribed_is_not_the_prescribed_one() -> None:
    asked = Session("slow", tuple(replace(s, speed_mps=0.9) for s in PLAN.steps))
    assert follow(grid(recording(FIRST_DAY)), asked) is None


def test_no_step_goes_on_across_a_long_silence() -> None:
    made = recording(FIRST_DAY)
    late = made.track.time_s + np.where(made.track.time_s >= 350, 4000.0, 0.0)
    broken = replace(made, track=Stream(late, made.track.channels))
    followed = follow(grid(broken), PLAN)
    if followed is not None:
        assert all(s.end_s - s.start_s < 500 for s in followed.steps)


def test_repeats_run_together_do_not_add_up() -> None:
    """Steps left out between make one stretch of the repeats, which may say no more than one of them."""
    seconds = grid(recording((Part(120, 3.0, 170), *(Part(28, 1.9, 175),) * 6, Part(1200, 1.3, 110))))
    followed = follow(seconds, PLAN)
    if followed is not None:
        assert float(np.maximum(plan_evidence(seconds, followed).favours_backward, 0).sum()) <= CAPS["plan"] + 3

"""What was gone backward day by day: recordings first, then the person's word; zero is a value, missing is not zero."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_progress import MONDAY, digest, digests, entry, stretch
from retropace.log import Done
from retropace.progress.days import Known, pieces, trained
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step

DAY = MONDAY
PLANNED = Session(
    "Reverse 2x20s",
    (
        Step(Gait.RUN, Direction.BACKWARD, 20.0),
        Step(Gait.WALK, Direction.FORWARD, 60.0),
        Step(Gait.RUN, Direction.BACKWARD, 20.0),
    ),
)


def test_a_recording_counts_before_what_was_told() -> None:
    (day,) = trained([entry(DAY, reverse_s=300.0, effort=5.0)], [digest(DAY, stretch(0, 40))], {})
    assert (day.reverse_s, day.known, day.effort) == (40.0, Known.RECORDED, 5.0)
    assert day.longest == {Gait.RUN: 40.0}


def test_a_recording_without_backward_leaves_the_word() -> None:
    forward = digest(DAY, stretch(0, 900, Direction.FORWARD))
    (day,) = trained([entry(DAY, reverse_s=120.0)], [forward], {})
    assert (day.reverse_s, day.known) == (120.0, Known.TOLD)


def test_zero_told_is_a_session_of_zero() -> None:
    (day,) = trained([entry(DAY, Done.PARTLY, reverse_s=0.0)], [], {DAY: PLANNED})
    assert (day.reverse_s, day.known) == (0.0, Known.TOLD)


@pytest.mark.parametrize(
    ("done", "reverse_s", "known"), [(Done.ALL, 40.0, Known.AS_PLANNED), (Done.PARTLY, None, Known.UNKNOWN)]
)
def test_done_without_figures(done: Done, reverse_s: float | None, known: Known) -> None:
    (day,) = trained([entry(DAY, done)], [], {DAY: PLANNED})
    assert (day.reverse_s, day.known) == (reverse_s, known)


def test_not_done_is_no_session() -> None:
    assert trained([entry(DAY, Done.NOT)], [], {DAY: PLANNED}) == ()


def test_an_ordinary_run_is_no_session() -> None:
    assert trained([], [digest(DAY, stretch(0, 900, Direction.FORWARD))], {}) == ()


def test_the_same_outing_counts_once_and_trouble_not_at_all() -> None:
    once, twin = digest(DAY, stretch(0, 40)), digest(DAY, stretch(0, 41), same_as="first")
    broken = digest(DAY, trouble="The file ends in the middle.")
    (day,) = trained([], [once, twin, broken], {})
    assert day.reverse_s == 40.0


def test_the_day_is_the_recordings_own_whatever_the_zone() -> None:
    """A run just after midnight in Auckland belongs to that day, though in UTC it is still the day before."""
    start = dt.datetime(2026, 10, 6, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=13)))
    (day,) = trained([], [digest(start.date(), stretch(0, 40), start=start)], {})
    assert start.astimezone(dt.UTC).date() == dt.date(2026, 10, 5)
    assert day.day == dt.date(2026, 10, 6)


def test_the_walking_day_beside_a_running_programme_is_walked() -> None:
    (day,) = trained([entry(DAY, reverse_s=60.0, reverse_longest_s=60.0, backward_walk=True)], [], {})
    assert (day.gait, day.longest) == (Gait.WALK, {Gait.WALK: 60.0})


def test_stretches_that_touch_are_one_of_the_gait_of_most_of_it() -> None:
    one = digest(DAY, stretch(0, 4, gait=Gait.WALK, speed_mps=1.0), stretch(4, 20, speed_mps=2.0), stretch(90, 100))
    first, second = pieces(one)
    assert (first.lasts_s, first.gait, second.lasts_s) == (20.0, Gait.RUN, 10.0)
    assert first.speed_mps == pytest.approx(1.8)


def test_a_joined_stretch_with_a_part_unknown_has_no_speed() -> None:
    (piece,) = pieces(digest(DAY, stretch(0, 10), stretch(10, 20, speed_mps=None)))
    assert (piece.speed_mps, piece.distance_m) == (None, None)


@given(st.lists(digests(), max_size=6))
def test_seconds_backward_are_those_of_the_recordings(found: list) -> None:  # type: ignore[type-arg]
    days = trained([], found, {})
    assert sum(day.reverse_s or 0.0 for day in days) == pytest.approx(sum(one.reverse_s for one in found))
    assert all(day.reverse_s is not None and day.reverse_s > 0 for day in days)
    assert [day.day for day in days] == sorted({day.day for day in days})

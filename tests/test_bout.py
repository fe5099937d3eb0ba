"""Bout: which seconds lie in which bout."""

import numpy as np

from retropace.bout import Bout, bout_of, whole_seconds
from retropace.quantities import Direction, Gait

WALK = Bout(0.0, 3.0, Gait.WALK, Direction.FORWARD, 0.99, ("lap",))
RUN = Bout(3.0, 6.5, Gait.RUN, Direction.BACKWARD, 0.99, ("lap",))
AGAIN = Bout(6.5, 9.0, Gait.WALK, Direction.FORWARD, 0.99, ("lap",))


def test_a_second_belongs_to_the_bout_it_lies_wholly_in() -> None:
    seconds = np.array([-1.0, 0.0, 2.0, 3.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    assert bout_of(seconds, [WALK, RUN, AGAIN]).tolist() == [-1, 0, 0, 1, 1, -1, 2, 2, -1]
    assert bout_of(np.array([2.5, 3.5]), [WALK, RUN]).tolist() == [-1, 1], (
        "the clock of motion need not be that of bouts"
    )


def test_bouts_of_one_gait_and_direction_count_together() -> None:
    seconds = whole_seconds(np.arange(10.0), [WALK, RUN, AGAIN])
    assert list(seconds) == [(Gait.WALK, Direction.FORWARD), (Gait.RUN, Direction.BACKWARD)]
    assert np.flatnonzero(seconds[Gait.WALK, Direction.FORWARD]).tolist() == [0, 1, 2, 7, 8]
    assert np.flatnonzero(seconds[Gait.RUN, Direction.BACKWARD]).tolist() == [3, 4, 5]


def test_no_bouts_hold_no_seconds() -> None:
    assert bout_of(np.arange(3.0), []).tolist() == [-1, -1, -1]
    assert whole_seconds(np.arange(3.0), []) == {}

"""Plan words: a session and its days in a coach's sentences."""

import datetime as dt

import pytest

from coach_people import DAY, MONDAY, RULES
from retropace.doses import MainSet
from retropace.plan_words import asks, backward_s, day_name, days_named, in_words, owned
from retropace.prescription import prescription
from retropace.programme import Kind
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step

SIX = prescription(MainSet(Gait.RUN, 120, 20, 1.8), RULES)


@pytest.mark.parametrize(
    ("main", "first", "words"),
    [
        (MainSet(Gait.RUN, 120, 20, 1.8), False, "Six repeats of 20 seconds backward, a minute walking between."),
        (MainSet(Gait.WALK, 600, 600, 1.2), False, "10 minutes walking backward in one piece."),
        (
            MainSet(Gait.RUN, 60, 30, 2.0, recovery=Gait.RUN),
            False,
            "Two repeats of 30 seconds backward, a minute jogging between.",
        ),
        (
            MainSet(Gait.RUN, 300, 300, 2.0, run_s=900),
            True,
            "5 minutes backward in one piece, after 15 minutes of easy running.",
        ),
        (
            MainSet(Gait.RUN, 300, 300, 2.0, run_s=900),
            False,
            "5 minutes backward in one piece, then 15 minutes of easy running.",
        ),
    ],
)
def test_what_a_session_asks_for(main: MainSet, first: bool, words: str) -> None:
    assert asks(prescription(main, RULES, run_first=first)) == words


def test_somebody_elses_session_is_called_by_its_name() -> None:
    session = Session("Fartlek", (Step(Gait.RUN, Direction.BACKWARD, 30, "Fast"),))
    assert asks(session) == "Fartlek."
    assert backward_s(session) == 30
    assert in_words(session) == "Fartlek, 0:30 backward in 0:30 altogether."


def test_a_session_in_one_line() -> None:
    assert in_words(Session("Six", SIX.steps)) == "Six, 2:40 backward in 20:00 altogether, no faster than 1.8 m/s."


@pytest.mark.parametrize(
    ("ahead", "kind", "words"),
    [
        (0, Kind.REVERSE, "Today's session"),
        (1, Kind.BACKWARD_WALK, "Tomorrow's backward walk"),
        (3, Kind.CHALLENGE, "Thursday's challenge"),
        (9, Kind.REVERSE, "The session of Wednesday 2 December"),
        (-2, Kind.REVERSE, "The session of Saturday 21 November"),
    ],
)
def test_whose_session(ahead: int, kind: Kind, words: str) -> None:
    assert owned(MONDAY + ahead * DAY, kind, MONDAY) == words


def test_days_by_their_name() -> None:
    assert days_named([MONDAY, MONDAY + DAY, MONDAY + 5 * DAY], MONDAY) == "today, tomorrow and Saturday"
    assert day_name(MONDAY - DAY, MONDAY) == "Sunday 22 November"
    assert day_name(dt.date(2027, 1, 4), MONDAY) == "Monday 4 January"

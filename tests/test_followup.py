"""Follow-up: what is asked on which day, until it is answered, and no longer than it makes sense."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from retropace.followup import Asking, open_questions
from retropace.log import Done, LogEntry, Part, Side
from retropace.store import Screened, Wanted

DAY = dt.date(2026, 11, 22)
CALF, KNEE = (Part.CALF, Side.LEFT), (Part.KNEE, Side.BOTH)


class Kept:
    """Somebody who told nothing but this log."""

    def __init__(self, *entries: LogEntry) -> None:
        self.entries = entries

    def log(self) -> Sequence[LogEntry]:
        return self.entries

    def screenings(self) -> Sequence[Screened]:
        return ()

    def wanted(self) -> Wanted | None:
        return None


def kinds(entry: LogEntry, days: int) -> list[Asking]:
    return [question.kind for question in open_questions(Kept(entry), DAY + dt.timedelta(days=days))]


def test_each_question_on_its_day() -> None:
    entry = LogEntry(DAY, Done.ALL)
    asked = [kinds(entry, days) for days in range(-1, 6)]
    assert asked == [[], [], [Asking.MORNING], [Asking.TWO_DAYS], [Asking.TWO_DAYS], [], []]


def test_an_answer_closes_it_also_where_nothing_was_to_tell() -> None:
    entry = LogEntry(DAY, Done.ALL)
    assert kinds(replace(entry, nothing=("soreness_24h", "pain_morning")), 1) == []
    assert kinds(replace(entry, soreness_24h={CALF: 3.0}), 1) == []
    assert kinds(replace(entry, nothing=("soreness_24h",)), 2) == [Asking.TWO_DAYS]
    assert kinds(replace(entry, soreness_48h={CALF: 1.0}), 2) == []


def test_what_was_not_done_leaves_nothing_to_ask() -> None:
    assert kinds(LogEntry(DAY, Done.NOT), 1) == []


def test_what_hurt_most_comes_first() -> None:
    entry = LogEntry(DAY, Done.ALL, pain_during={CALF: 1.0, KNEE: 2.0}, pain_hour={CALF: 3.0})
    (question,) = open_questions(Kept(entry), DAY + dt.timedelta(days=1))
    assert question.places == (CALF, KNEE)


def test_a_recorded_session_that_nobody_told_of_is_asked_about_for_a_week() -> None:
    told = LogEntry(DAY, Done.ALL, nothing=("soreness_24h",))
    days = [DAY - dt.timedelta(days=back) for back in (0, 2, 5, 8)]
    found = open_questions(Kept(told), DAY + dt.timedelta(days=1), days)
    assert [(question.kind, question.day) for question in found] == [
        (Asking.SESSION, DAY - dt.timedelta(days=2)),
        (Asking.SESSION, DAY - dt.timedelta(days=5)),
    ]

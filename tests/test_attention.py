"""Attention: each reason where it is due, none for what is not shared, the most urgent first."""

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest

from coach_people import any_log, anybody, chance
from retropace.attention import Alert, Attention, attention, may_halt
from retropace.doses import Goal
from retropace.log import Done, LogEntry, Part, Side
from retropace.progression import replay
from retropace.rules import rules_on
from retropace.store import Screened, Wanted
from retropace.store.sharing import SHARES
from retropace.timetable import Calendar
from screened import HEALTHY, STRAIGHT, with_yes

TODAY = dt.date(2026, 11, 22)
ALL = frozenset(SHARES)
CALF = (Part.CALF, Side.LEFT)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def told(days: int, **more: object) -> LogEntry:
    return replace(LogEntry(ago(days), Done.ALL, effort=4.0), **more)  # type: ignore[arg-type]


@dataclass
class Told:
    """Somebody in the fourth week of a plan who told of a good session two days ago."""

    entries: list[LogEntry] = field(default_factory=lambda: [told(2)])
    screened: list[Screened] = field(default_factory=lambda: [Screened(replace(HEALTHY, day=ago(20)), STRAIGHT)])
    wish: Wanted | None = field(default_factory=lambda: Wanted(Goal.REVERSE, Calendar(ago(20), weeks=8)))

    def screenings(self) -> list[Screened]:
        return self.screened

    def wanted(self) -> Wanted | None:
        return self.wish

    def log(self) -> list[LogEntry]:
        return self.entries


def alerts(person: Told, shares: frozenset[str] = ALL, today: dt.date = TODAY) -> list[Alert]:
    return [one.alert for one in attention(person, today, shares)]


def test_nothing_is_amiss() -> None:
    assert alerts(Told()) == []


def test_a_warning_sign_comes_first() -> None:
    person = Told([told(2), told(1, red_flags=("palpitations",), pain_during={CALF: 4.0})])
    found = attention(person, TODAY, ALL)
    assert found[0] == Attention(Alert.REFERRED, ago(1))
    assert Alert.PAIN in [one.alert for one in found]
    assert alerts(person, frozenset({"plan"})) == [Alert.REFERRED], "the plan itself shows that it is halted"
    assert alerts(person, frozenset({"sessions", "progress"})) == []


def test_whoever_is_halted_told_something_that_halts() -> None:
    """What `attention` leaves out to be quick decides nothing."""
    halted = 0
    for seed in range(60):
        someone = anybody(rng := chance(seed), tame=True)
        start = someone.clearance.screened
        log = [any_log(start + dt.timedelta(days=3 * number), rng) for number in range(1, 7)]
        today = start + dt.timedelta(days=20)
        state = replay(log, someone.goal, [someone.clearance], rules_on(today), today).state
        if state.stopped or state.referred:
            halted += 1
            assert any(may_halt(entry, rules_on(today)) for entry in log), seed
    assert 5 < halted < 55


def test_strong_pain_stops() -> None:
    assert alerts(Told([told(1, pain_during={CALF: 7.0})])) == [Alert.STOPPED, Alert.PAIN]


@pytest.mark.parametrize(
    ("pain", "amiss"),
    [({"pain_during": {CALF: 2.0}}, False), ({"pain_during": {CALF: 3.0}}, True), ({"pain_hour": {CALF: 2.0}}, False),
     ({"pain_hour": {CALF: 3.0}}, True), ({"pain_morning": {CALF: 3.0}}, True)],
)  # fmt: skip
def test_pain_above_what_a_session_may_leave(pain: dict[str, object], amiss: bool) -> None:
    found = attention(Told([told(3), told(1, **pain)]), TODAY, ALL)
    assert (Alert.PAIN in [one.alert for one in found]) is amiss
    if amiss:
        assert found == (Attention(Alert.PAIN, ago(1), CALF, 3.0),)


def test_the_worst_place_is_named_and_old_pain_is_past() -> None:
    knee = (Part.KNEE, Side.RIGHT)
    person = Told([told(1, pain_during={CALF: 3.0}, pain_morning={knee: 4.0})])
    assert attention(person, TODAY, ALL)[0].where == knee
    assert Alert.PAIN not in alerts(person, today=TODAY + dt.timedelta(days=7))


@pytest.mark.parametrize(("days", "silent"), [(6, False), (7, True), (12, True)])
def test_days_without_a_word(days: int, silent: bool) -> None:
    assert (alerts(Told([told(days)])) == [Alert.SILENT]) is silent


def test_silence_before_a_plan_begins_and_after_it_ends_is_none() -> None:
    person = Told([])
    assert attention(person, TODAY, ALL) == (Attention(Alert.SILENT),)
    assert Alert.SILENT not in alerts(replace_wish(person, ago(-3)))
    assert Alert.SILENT not in alerts(replace_wish(person, ago(60)))
    assert Alert.SILENT not in alerts(Told([], wish=None))


def replace_wish(person: Told, start: dt.date) -> Told:
    return Told(person.entries, person.screened, Wanted(Goal.REVERSE, Calendar(start, weeks=8)))


def test_screening_that_is_missing_old_or_says_not_now() -> None:
    assert attention(Told(screened=[]), TODAY, frozenset({"screening"})) == (Attention(Alert.SCREENING),)
    old = Told([], [Screened(replace(HEALTHY, day=ago(800)), STRAIGHT)], None)
    assert alerts(old) == [Alert.SCREENING]
    not_now = Told(screened=[Screened(with_yes(replace(HEALTHY, day=ago(1)), "fainting"), STRAIGHT)])
    assert Alert.NOT_NOW in alerts(not_now)
    assert alerts(not_now, frozenset({"plan", "log"})) == [], "health answers are shared apart"


def test_what_is_told_of_tomorrow_is_not_heard_today() -> None:
    assert alerts(Told([told(2), told(-1, pain_during={CALF: 7.0})])) == []

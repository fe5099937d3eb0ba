"""Everything together: the range, what is of all time, and that nothing is looked up in the outside world."""

import ast
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

import retropace.progress
from made_progress import MONDAY, TODAY, digest, entry, stretch
from retropace.doses import Goal
from retropace.log import LogEntry
from retropace.progress import progress
from retropace.quantities import Gait
from retropace.store import Screened, Wanted
from retropace.timetable import Calendar
from screened import HEALTHY, STRAIGHT

DAY = dt.timedelta(days=1)
MODULES = sorted(Path(retropace.progress.__file__).parent.glob("*.py"))


class Told:
    """What somebody told; by default nothing but a session and a screening long ago."""

    entries: tuple[LogEntry, ...] = (
        entry(MONDAY - 200 * DAY, reverse_s=900.0, effort=4.0),
        entry(MONDAY, reverse_s=60.0),
    )
    screened: tuple[Screened, ...] = ()
    wants: Wanted | None = None

    def screenings(self) -> tuple[Screened, ...]:
        return self.screened

    def wanted(self) -> Wanted | None:
        return self.wants

    def log(self) -> tuple[LogEntry, ...]:
        return self.entries


def test_the_range_is_twelve_weeks_and_records_are_of_all_time() -> None:
    recent, every = progress(Told(), [], TODAY), progress(Told(), [], TODAY, last_weeks=None)
    assert [day.reverse_s for day in recent.days] == [60.0]
    assert len(recent.weeks) == 12
    assert [day.reverse_s for day in every.days] == [900.0, 60.0]
    assert len(every.weeks) > 30
    assert {best.key: best.figure.value for best in recent.records}["most_session"] == 900.0
    assert recent.records == every.records


def test_nobody_yet_is_empty_and_one_week() -> None:
    class Nobody(Told):
        entries = ()

    found = progress(Nobody(), [], TODAY)
    assert found.empty
    assert (len(found.weeks), found.records, found.cost, found.soreness) == (1, (), None, ())


def test_days_to_come_are_not_there_yet() -> None:
    class Ahead(Told):
        entries = (entry(TODAY + DAY, reverse_s=60.0),)

    found = progress(Ahead(), [digest(TODAY + DAY, stretch(0, 40))], TODAY)
    assert (found.days, found.entries) == ((), ())


def test_what_was_planned_stands_for_a_session_nobody_measured() -> None:
    class Planned(Told):
        entries = (entry(MONDAY, effort=4.0),)
        screened = (Screened(replace(HEALTHY, day=MONDAY - DAY), STRAIGHT),)
        wants = Wanted(Goal.REVERSE, Calendar(MONDAY, 12))

    found = progress(Planned(), [], MONDAY + 6 * DAY)
    (week,) = found.weeks
    assert week.recorded_s == 0.0
    assert week.planned_s is not None
    assert 0 < week.told_s < week.planned_s
    assert found.days[0].gait is Gait.RUN


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_clock_no_disk_no_web(path: Path) -> None:
    outside = {"sqlite3", "socket", "random", "time", "os", "pathlib", "urllib", "starlette", "jinja2", "logging"}
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Attribute):
            assert node.attr not in ("today", "now", "utcnow") or not isinstance(node.value, ast.Attribute)
    assert not names & outside

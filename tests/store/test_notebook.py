"""A notebook on either database: what is kept comes back equal, what is undone comes back, what is deleted is gone."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retropace.doses import Goal
from retropace.errors import NotFound
from retropace.log import Done, LogEntry, Part, Side
from retropace.person import ForwardBaseline, Person
from retropace.place import Place, Surface
from retropace.screening import Answers
from retropace.store import Screened, Settings, Store, Wanted
from retropace.store.database import Database
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar

DAY = dt.date(2026, 11, 22)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))


def wanted(goal: Goal = Goal.REVERSE, weeks: int = 12) -> Wanted:
    return Wanted(
        goal, Calendar(DAY, weeks, frozenset({0, 3}), frozenset({DAY}), {DAY: "ü"}, {DAY: DAY + dt.timedelta(1)})
    )


def test_an_empty_notebook(notebook: Notebook) -> None:
    store: Store = notebook
    assert (list(store.screenings()), store.wanted(), list(store.log()), store.unfinished()) == ([], None, [], None)
    assert (notebook.settings(), notebook.person()) == (Settings(), Person())
    assert not notebook.exercises_done()
    assert not notebook.simulated


def test_what_is_kept_comes_back_equal(notebook: Notebook) -> None:
    screened = Screened(Answers(DAY, 40.0, health={"chest_pain": False}), Place(Surface.TRACK, 0.01, dry=True))
    person = Person(70.5, 1.72, 40.0, "female", baseline=ForwardBaseline(42.0, 160.0, 9.5))
    shown = Settings("Áine 😀", "imperial", "dark", "Europe/Berlin", home=(50.123456789, -8.2))
    notebook.keep_screened(screened)
    notebook.keep_unfinished(screened)
    notebook.keep_wanted(wanted())
    notebook.keep_person(person)
    notebook.keep_settings(shown)
    again = Notebook(notebook.database, notebook.person_id)
    assert (list(again.screenings()), again.unfinished(), again.wanted()) == ([screened], screened, wanted())
    assert (again.person(), again.settings()) == (person, shown)
    notebook.keep_unfinished(None)
    assert notebook.unfinished() is None


@given(
    entry=st.builds(
        LogEntry,
        day=DAYS,
        done=st.sampled_from(Done),
        effort=st.none() | st.floats(0, 10),
        pain_during=st.dictionaries(st.tuples(st.sampled_from(Part), st.sampled_from(Side)), st.floats(0, 10)),
        soreness_48h=st.dictionaries(st.tuples(st.sampled_from(Part), st.sampled_from(Side)), st.floats(0, 10)),
        stumbles=st.integers(0, 20),
        notes=st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
        reverse_s=st.none() | st.floats(0, 4000),
        measured=st.booleans(),
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_an_entry_comes_back_equal(notebook: Notebook, entry: LogEntry) -> None:
    notebook.keep_entry(entry)
    assert next(kept for kept in notebook.log() if kept.day == entry.day) == entry


def test_days_stay_in_order_and_a_day_is_one(notebook: Notebook) -> None:
    for days, effort in ((0, 3.0), (-1, 2.0), (0, 5.0)):
        notebook.keep_entry(LogEntry(DAY + dt.timedelta(days=days), Done.ALL, effort))
        notebook.keep_screened(Screened(Answers(DAY + dt.timedelta(days=days), effort)))
    assert [entry.effort for entry in notebook.log()] == [2.0, 5.0]
    assert [one.answers.age_years for one in notebook.screenings()] == [2.0, 5.0]


def test_a_wish_is_undone_but_not_the_first(notebook: Notebook) -> None:
    for goal in (Goal.TRY, Goal.WALK, Goal.REVERSE):
        notebook.keep_wanted(wanted(goal))
    assert [wish.goal for wish in notebook.wishes()] == [Goal.TRY, Goal.WALK, Goal.REVERSE]
    assert notebook.undo_wanted()
    assert notebook.undo_wanted()
    assert not notebook.undo_wanted()
    assert notebook.wanted() == wanted(Goal.TRY)
    notebook.keep_wanted(wanted(Goal.KNEE))
    assert [wish.goal for wish in notebook.wishes()] == [Goal.TRY, Goal.KNEE]


def test_an_entry_is_changed_removed_and_brought_back(notebook: Notebook) -> None:
    first, second = LogEntry(DAY, Done.ALL, 3.0), LogEntry(DAY, Done.PARTLY, 7.0)
    notebook.keep_entry(first)
    notebook.keep_entry(second)
    notebook.remove_entry(DAY)
    assert not notebook.log()
    with pytest.raises(NotFound):
        notebook.remove_entry(DAY)
    for expected in ([second], [first], []):
        number, _ = notebook.entry_before(DAY) or (0, None)
        assert notebook.undo_entry(DAY, number)
        assert list(notebook.log()) == expected
    assert notebook.entry_before(DAY) is None


def test_exercises_done_and_not_done(notebook: Notebook) -> None:
    for key in ("bridge", "calf_raise", "bridge"):
        notebook.keep_exercise_done(DAY, key)
    notebook.keep_exercise_done(DAY, "bridge", done=False)
    assert notebook.exercises_done() == {DAY: frozenset({"calf_raise"})}


def test_one_person_never_sees_anothers(notebook: Notebook) -> None:
    other = Notebook(notebook.database, "other")
    other.begin(simulated=True)
    fill(other)
    notebook.keep_entry(LogEntry(DAY, Done.NOT))
    assert len(notebook.log()) == 1
    assert (notebook.screenings(), notebook.wanted(), notebook.person(), notebook.settings()) == (
        [],
        None,
        Person(),
        Settings(),
    )
    assert (other.simulated, notebook.simulated) == (True, False)


def fill(notebook: Notebook) -> None:
    notebook.keep_screened(Screened(Answers(DAY)))
    notebook.keep_unfinished(Screened(Answers(DAY)))
    notebook.keep_wanted(wanted())
    notebook.keep_entry(LogEntry(DAY, Done.ALL, 3.0))
    notebook.keep_entry(LogEntry(DAY, Done.ALL, 4.0))
    notebook.keep_exercise_done(DAY, "bridge")
    notebook.keep_column_map("ab", "{}")
    notebook.keep_person(Person(70.0))
    notebook.keep_settings(Settings("x"))


def test_who_ends_leaves_nothing(notebook: Notebook) -> None:
    fill(notebook)
    other = Notebook(notebook.database, "other")
    other.begin()
    fill(other)
    notebook.end()
    assert rows_of(notebook.database, notebook.person_id) == 0
    assert len(other.log()) == 1
    notebook.begin()
    assert (notebook.wanted(), notebook.person(), list(notebook.log())) == (None, Person(), [])


def rows_of(database: Database, person_id: str) -> int:
    """Rows in any table that speak of a person."""
    columns = {
        "SELECT name FROM sqlite_master WHERE type = 'table'": "SELECT name FROM pragma_table_info('{}')",
    }.get(database.table_names, "SELECT column_name FROM information_schema.columns WHERE table_name = '{}'")
    found = 0
    with database.transaction(write=False) as now:
        for (table,) in now.all(database.table_names):
            if ("person",) in now.all(columns.format(str(table))):
                row = now.one(f"SELECT COUNT(*) FROM {table!s} WHERE person = :person", person=person_id)
                found += int(str(row[0])) if row else 0
    return found


@pytest.mark.parametrize("change", ["wanted", "entry", "exercise"])
def test_many_at_once_lose_nothing(change: str, notebook: Notebook) -> None:
    """Numbers are given out one after the other, however many write of one person at once."""
    changes: dict[str, Callable[[int], None]] = {
        "wanted": lambda number: notebook.keep_wanted(wanted(weeks=number + 1)),
        "entry": lambda number: notebook.keep_entry(LogEntry(DAY, Done.ALL, number / 10)),
        "exercise": lambda number: notebook.keep_exercise_done(DAY, f"key{number}"),
    }
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            changes[change](number)
        except BaseException as error:  # noqa: BLE001
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    if change == "wanted":
        assert sorted(wish.calendar.weeks for wish in notebook.wishes()) == list(range(1, 25))
    elif change == "entry":
        assert (notebook.entry_before(DAY) or (0,))[0] == 24
    else:
        assert len(notebook.exercises_done()[DAY]) == 24

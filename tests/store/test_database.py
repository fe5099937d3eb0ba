"""One way to speak to two databases: what is begun ends whole or not at all, and refusals are sentences."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import Conflict, RetropaceError, StoreFailure, UnusableInput
from retropace.store import pool
from retropace.store.database import Database, Transaction, open_database
from retropace.store.postgres import named


def things(database: Database) -> list[object]:
    with database.transaction(write=False) as now:
        return [row[0] for row in now.all("SELECT name FROM thing ORDER BY number")]


@pytest.fixture
def table(database: Database) -> Database:
    with database.transaction() as now:
        columns = "number INTEGER PRIMARY KEY, name TEXT, size DOUBLE PRECISION"
        now.run(f"CREATE TABLE thing ({columns}, content {database.bytes_type})")
    return database


def add(now: Transaction, number: int, name: str | None = None) -> int:
    return now.run("INSERT INTO thing (number, name) VALUES (:number, :name)", number=number, name=name)


def test_values_come_back_as_they_were(table: Database) -> None:
    values: dict[str, str | float | bytes] = {
        "name": "x' OR 1=1; -- ü €😀 :name %s %",
        "size": 0.1 + 0.2,
        "content": bytes(range(256)),
    }
    with table.transaction() as now:
        changed = now.run(
            "INSERT INTO thing (number, name, size, content) VALUES (1, :name, :size, :content)", **values
        )
        assert changed == 1
    with table.transaction(write=False) as now:
        row = now.one(
            "SELECT name, size, content FROM thing WHERE name = :name AND name <> ':name'", name=values["name"]
        )
        assert now.one("SELECT name FROM thing WHERE number = :number", number=2) is None
        assert now.one("SELECT name FROM thing WHERE name LIKE '%OR%'") is not None
    assert row is not None
    assert row == tuple(values.values())


@pytest.mark.parametrize("fault", [ValueError("ours"), KeyboardInterrupt()])
def test_nothing_of_what_failed_is_kept(table: Database, fault: BaseException) -> None:
    def half() -> None:
        with table.transaction() as now:
            add(now, 1, "half")
            raise fault

    with pytest.raises(type(fault)):
        half()
    assert things(table) == []
    with table.transaction() as now:
        add(now, 1, "whole")
    assert things(table) == ["whole"]


def test_a_row_that_is_there_already_is_a_conflict(table: Database) -> None:
    def twice() -> None:
        with table.transaction() as now:
            add(now, 1, "first")
            add(now, 1, "second")

    with pytest.raises(Conflict):
        twice()
    assert things(table) == []


def test_going_on_after_a_failed_statement_keeps_nothing(table: Database) -> None:
    def careless() -> None:
        with table.transaction() as now:
            add(now, 1, "first")
            with pytest.raises(Conflict):
                add(now, 1, "second")

    with pytest.raises(StoreFailure, match="nothing was"):
        careless()
    assert things(table) == []


def test_reading_is_only_reading(table: Database) -> None:
    def written() -> None:
        with table.transaction(write=False) as now:
            add(now, 1)

    with pytest.raises(StoreFailure):
        written()


@pytest.mark.parametrize("value", [2**63, -(2**64), float("inf"), float("nan")])
def test_numbers_no_column_holds_are_refused(table: Database, value: float) -> None:
    with pytest.raises(UnusableInput, match="number"), table.transaction() as now:
        now.run("INSERT INTO thing (number, size) VALUES (1, :size)", size=value)
    with pytest.raises(RetropaceError), table.transaction() as now:
        now.run("INSERT INTO thing (number, name) VALUES (:number, :name)", number="x" * 50, name="")


@given(text=st.text())
def test_any_text_can_be_kept(text: str) -> None:
    database = open_database("sqlite:///:memory:")
    with database.transaction() as now:
        row = now.one("SELECT CAST(:text AS TEXT)", text=text)
    database.close()
    assert row == (text.encode("utf-8", "replace").decode().replace("\0", ""),)


def test_text_that_is_no_unicode(table: Database) -> None:
    with table.transaction() as now:
        add(now, 1, "a\ud800b\0c")
    assert things(table) == ["a?bc"]


def test_many_threads_write_and_none_is_lost(table: Database) -> None:
    faults: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 20):
                with table.transaction() as now:
                    add(now, number, str(number))
                with table.transaction(write=False) as now:
                    now.all("SELECT number FROM thing")
        except BaseException as error:  # noqa: BLE001
            faults.append(error)

    threads = [threading.Thread(target=work, args=(100 * k,)) for k in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert len(things(table)) == 400


def test_connections_are_few_and_waiting_ends(table: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "PATIENCE_S", 0.2)
    with pytest.raises(StoreFailure, match="busy"):
        nested(table, 0)
    assert things(table) == []


def nested(database: Database, depth: int) -> None:
    with database.transaction(write=False) as now:
        now.all("SELECT number FROM thing")
        nested(database, depth + 1)


def test_a_closed_database_opens_again(url: str) -> None:
    database = open_database(url)
    database.close()
    again = open_database(url)
    with again.transaction(write=False) as now:
        assert now.one("SELECT COUNT(*) FROM person") == (0,)
    again.close()


@pytest.mark.parametrize("address", ["", "mysql://x", "sqlite", "nothing", "postgresql://h:x/y?z"])
def test_an_address_of_no_kind(address: str) -> None:
    with pytest.raises(UnusableInput):
        open_database(address)


@pytest.mark.parametrize(
    ("sql", "translated"),
    [
        ("SELECT :a, :b_2", "SELECT %(a)s, %(b_2)s"),
        ("SELECT ':a', 'it''s :a', :a", "SELECT ':a', 'it''s :a', %(a)s"),
        (
            "SELECT x::int, \":a\" FROM t -- :a\nWHERE y LIKE '%'",
            "SELECT x::int, \":a\" FROM t -- :a\nWHERE y LIKE '%%'",
        ),
    ],
)
def test_values_are_named_in_psycopgs_way(sql: str, translated: str) -> None:
    assert named(sql) == translated


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "retropace.db"
    database = open_database(f"sqlite:///{path}")
    with database.transaction() as now:
        now.run("CREATE TABLE t (x INTEGER)")
    assert {one.stat().st_mode & 0o077 for one in (path, *path.parent.iterdir())} == {0}
    assert path.parent.stat().st_mode & 0o077 == 0

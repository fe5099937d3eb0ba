"""Migrations: each start of them whole or not at all, one program at a time, and nothing of a newer version touched."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retropace.errors import StoreFailure
from retropace.store.database import Database, open_database
from retropace.store.migration import Steps, migrate, packaged
from retropace.store.notebook import Notebook

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
MANY = """CREATE TABLE many (number INTEGER PRIMARY KEY, text TEXT NOT NULL);

-- a semicolon; in a comment, and a BLOB in one
INSERT INTO many WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < 30000)
    SELECT n, 'some text that fills pages; ' || n FROM count;

ALTER TABLE person ADD COLUMN later TEXT NOT NULL DEFAULT 'BLOB';

ALTER TABLE many ADD COLUMN content BLOB;

UPDATE many SET text = text || ' changed';
"""
LATER: Steps = {9001: ("9001_many.sql", MANY), 9002: ("9002_more.sql", "CREATE TABLE more (x INTEGER);\n")}
STARTING = """
import sys
from retropace.store import migration
from retropace.store.database import open_database
steps = migration.packaged() | {steps!r}
migration.packaged = lambda: steps
print("ready", flush=True)
sys.stdin.readline()
open_database({url!r}).close()
print("done", flush=True)
"""


def start(url: str) -> "subprocess.Popen[str]":
    """A program that is ready to bring the database up to date as soon as it is told to."""
    program = subprocess.Popen(
        [sys.executable, "-c", STARTING.format(url=url, steps=dict(LATER))],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def go(program: "subprocess.Popen[str]") -> None:
    assert program.stdin is not None
    program.stdin.write("\n")
    program.stdin.flush()


def tables(database: Database) -> set[str]:
    with database.transaction(write=False) as now:
        return {str(row[0]) for row in now.all(database.table_names)} - {"sqlite_sequence"}


def test_every_statement_of_ours_runs_on_both(database: Database) -> None:
    assert {"person", "recording", "piece", "migration", "account"} <= tables(database)
    migrate(database)
    with database.transaction(write=False) as now:
        rows = now.all("SELECT number, name FROM migration ORDER BY number")
    assert rows == sorted((number, name) for number, (name, _) in packaged().items())


def test_later_steps_follow_and_rows_stay(database: Database) -> None:
    Notebook(database).begin()
    migrate(database, {**packaged(), **LATER})
    with database.transaction(write=False) as now:
        assert now.one("SELECT id, later FROM person") == ("local", "BLOB")
        assert now.one("SELECT COUNT(*), MIN(text) FROM many WHERE text LIKE '%changed'") == (
            30000,
            "some text that fills pages; 1 changed",
        )


def test_a_step_that_fails_takes_back_those_before_it(database: Database) -> None:
    before = tables(database)
    broken = {9001: ("9001_fine.sql", "CREATE TABLE fine (x INTEGER);"), 9002: ("9002_no.sql", "CREATE nonsense;\n")}
    with pytest.raises(StoreFailure):
        migrate(database, {**packaged(), **broken})
    assert tables(database) == before
    migrate(database)


def test_a_database_of_a_newer_version_is_refused_and_not_touched(url: str) -> None:
    database = open_database(url)
    migrate(database, {**packaged(), **LATER})
    before = tables(database)
    database.close()
    with pytest.raises(StoreFailure, match="made by a newer retropace"):
        open_database(url)
    with pytest.raises(StoreFailure, match="newer"):
        open_database(url)
    again = open_connection(url)
    assert tables(again) == before
    again.close()


def open_connection(url: str) -> Database:
    """The database as it is."""
    from retropace.store import database

    return database._connected(url)


def test_killed_at_any_moment_nothing_is_lost(url: str) -> None:
    """Twelve programs are killed while they migrate, each at another moment; then one is let be."""
    database = open_database(url)
    Notebook(database).begin()
    before, chance = tables(database), random.Random(4)
    for _ in range(12):
        program = start(url)
        go(program)
        time.sleep(chance.random() * 0.25)
        program.send_signal(signal.SIGKILL)
        done = "done" in program.communicate(timeout=30)[0]
        found = tables(database)
        assert found in (before, before | {"many", "more"})
        assert not done or found != before
        assert person_stays(database)
    program = start(url)
    go(program)
    assert program.communicate(timeout=60)[0] == "done\n"
    assert tables(database) == before | {"many", "more"}
    with database.transaction(write=False) as now:
        assert now.one("SELECT COUNT(*) FROM many WHERE text LIKE '%changed'") == (30000,)
    assert person_stays(database)
    database.close()


def person_stays(database: Database) -> bool:
    with database.transaction(write=False) as now:
        return now.one("SELECT id FROM person") == ("local",)


def test_programs_that_start_at_once_wait_for_each_other(url: str) -> None:
    programs = [start(url) for _ in range(5)]
    for program in programs:
        go(program)
    for program in programs:
        assert program.communicate(timeout=120)[0] == "done\n"
    database = open_connection(url)
    with database.transaction(write=False) as now:
        assert now.one("SELECT COUNT(*) FROM many") == (30000,)
    database.close()

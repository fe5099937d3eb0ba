"""Migration: brings a database's tables up to date, one numbered SQL file after the other, all of them or none."""

import re
from collections.abc import Mapping
from importlib import resources

from retropace.errors import StoreFailure
from retropace.store.database import Database, Transaction

_LEDGER = "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"

#: Name and SQL of every step, by its number.
Steps = Mapping[int, tuple[str, str]]


def migrate(database: Database, steps: Steps | None = None) -> None:
    """Carry out what this database has not seen yet. Raises StoreFailure for one made by a later version.

    Two programs that start at once do it one after the other; one that is killed meanwhile leaves everything as it was.
    """
    known = packaged() if steps is None else steps
    with database.transaction(write=False) as now:
        if not _missing(now, database, known):
            return
    with database.alone() as now:
        now.run(_LEDGER)
        for number in sorted(_missing(now, database, known)):
            name, sql = known[number]
            for statement in _statements(sql):
                now.run(_spoken(statement, database.bytes_type))
            now.run("INSERT INTO migration (number, name) VALUES (:number, :name)", number=number, name=name)


def packaged() -> Steps:
    """The steps that come with this version."""
    files = resources.files("retropace.store").joinpath("migrations").iterdir()
    return {
        int(file.name[:4]): (file.name, file.read_text(encoding="utf-8"))
        for file in files
        if re.fullmatch(r"\d{4}_\w+\.sql", file.name)
    }


def _missing(now: Transaction, database: Database, known: Steps) -> set[int]:
    done = _done(now, database)
    if done - set(known):
        remedy = "Start the newer version, or bring back a backup made by this one."
        raise StoreFailure("This database was made by a newer retropace", file=database.name, remedy=remedy)
    return set(known) - done


def _done(now: Transaction, database: Database) -> set[int]:
    """The numbers of the steps that this database has seen."""
    if ("migration",) not in now.all(database.table_names):
        return set()
    return {int(str(row[0])) for row in now.all("SELECT number FROM migration")}


def _spoken(statement: str, bytes_type: str) -> str:
    """The statement with this database's word for bytes; what stands in quotes stays."""
    return re.sub(r"'[^']*'|\bBLOB\b", lambda part: bytes_type if part[0] == "BLOB" else part[0], statement)


def _statements(sql: str) -> list[str]:
    """The statements of a file; each ends with a semicolon at the end of a line."""
    uncommented = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return [part.strip() for part in re.split(r";\s*(?:\n|$)", uncommented) if part.strip()]

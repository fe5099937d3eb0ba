"""Migration: brings a database's tables up to date, one numbered SQL file after the other, each whole or not at all."""

from importlib import resources

from retropace.errors import StoreFailure
from retropace.store.database import Database, Transaction

_LEDGER = "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"


def migrate(database: Database) -> None:
    """Carry out what this database has not seen yet. Raises StoreFailure for one made by a later version."""
    steps = _steps()
    with database.transaction() as now:
        now.run(_LEDGER)
        done = _done(now)
        if done - set(steps):
            remedy = "Start the newer version, or bring back a backup made by this one."
            raise StoreFailure("This database was made by a newer retropace", remedy=remedy)
        for number in sorted(set(steps) - done):
            name, sql = steps[number]
            for statement in _statements(sql):
                now.run(statement.replace(" BLOB ", f" {database.bytes_type} "))
            now.run("INSERT INTO migration (number, name) VALUES (:number, :name)", number=number, name=name)


def _done(now: Transaction) -> set[int]:
    return {int(str(row[0])) for row in now.all("SELECT number FROM migration")}


def _steps() -> dict[int, tuple[str, str]]:
    """Name and SQL by number, as packaged."""
    files = resources.files("retropace.store").joinpath("migrations").iterdir()
    return {
        int(file.name[:4]): (file.name, file.read_text(encoding="utf-8")) for file in files if file.name[-4:] == ".sql"
    }


def _statements(sql: str) -> list[str]:
    """The statements of a file; each ends with a semicolon at the end of a line."""
    uncommented = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return [part.strip() for part in uncommented.split(";\n") if part.strip(" \n;")]

"""The file: what was deleted is gone from it, and every fault of disk and file is one sentence."""

from pathlib import Path

from retropace.store.database import open_database
from retropace.store.notebook import Notebook


def test_what_was_deleted_is_gone_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "retropace.db"
    database = open_database(f"sqlite:///{path}")
    secret = "the knee hurts " * 500
    Notebook(database).begin()
    with database.transaction() as now:
        now.run("INSERT INTO unfinished (person, record) VALUES ('local', :record)", record=secret)
    before = b"".join(found.read_bytes() for found in tmp_path.iterdir())
    assert secret[:40].encode() in before
    Notebook(database).end()
    after = b"".join(found.read_bytes() for found in tmp_path.iterdir())
    assert secret[:15].encode() not in after
    assert len(after) < len(before)
    database.close()

"""House secret: what signs the forms a browser brings back. It is kept, so that a restart breaks no open form."""

import secrets

from retropace.store.database import Database

_NAME, _BYTES = "secret", 32


def house_secret(database: Database) -> bytes:
    """The secret of this house; made the first time, the same for every program that opens the database."""
    with database.transaction() as store:
        store.run(
            "INSERT INTO house (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING",
            name=_NAME,
            value=secrets.token_hex(_BYTES),
        )
        row = store.one("SELECT value FROM house WHERE name = :name", name=_NAME)
    assert row is not None, "it was put there just now"  # noqa: S101
    return bytes.fromhex(str(row[0]))

"""House: what a running app is made of, and who comes in how. Local: one person, no sign-in, this machine only."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from retropace.store.database import Database
from retropace.web.link import Links

#: The names by which a browser on this machine reaches it.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Near:
    """How phones on the same network reach the house of one person.

    `address` is encrypted and lets nobody in who does not bring `pairing` once; at `help_address` stands nothing but how to
    trust it, with the certificate that has this `fingerprint`.
    """

    address: str
    help_address: str
    fingerprint: str
    pairing: str


@dataclass(frozen=True, slots=True)
class House:
    """`accounts`: people sign in, else the store is one person's. `hosts` are the names it answers to, None: any.

    `clock` gives this instant with its zone; `secret` signs what browsers bring back; `https` whether browsers reach it so.
    `sign_up`: people may make accounts themselves. `folder` is the one person's own, with files beside the database.
    `links` are those between runners and their spotters just now. `near`: phones on the same network reach it. `paired`: so
    they do here, and only those come in which were let in.
    """

    database: Database
    accounts: bool = False
    hosts: frozenset[str] | None = LOOPBACK
    clock: Callable[[], dt.datetime] = _now
    secret: bytes = b""
    https: bool = False
    demo: bool = False
    sign_up: bool = False
    folder: Path | None = None
    near: Near | None = None
    paired: bool = False
    links: Links = field(default_factory=Links, compare=False, repr=False)

"""House: what a running app is made of, and who comes in how. Local: one person, no sign-in, this machine only."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from retropace.store.database import Database


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class House:
    """`accounts`: people sign in, else the store is one person's. `hosts` are the names it answers to.

    `clock` gives this instant with its zone; `secret` signs what browsers bring back; `https` whether browsers reach it so.
    """

    database: Database
    accounts: bool = False
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "[::1]"})
    clock: Callable[[], dt.datetime] = _now
    secret: bytes = b""
    https: bool = False

"""Brakes: how often something may be tried. Every try fills a bucket that empties by itself, so that no wait is for ever."""

import datetime as dt
import math
from dataclasses import dataclass

from retropace.errors import TooSoon
from retropace.store.database import Database


@dataclass(frozen=True, slots=True)
class Brake:
    """`tries` at once, and one more each `pace_s` seconds."""

    tries: int
    pace_s: float


class Brakes:
    """The buckets of a house. One statement takes a try, so that two at once cannot share the last one."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take(self, bucket: str, brake: Brake, now: dt.datetime) -> None:
        """Take one try from `bucket`. Raises TooSoon where there is none, and takes nothing then."""
        now_s = now.timestamp()
        with self.database.transaction() as store:
            taken = store.run(
                "INSERT INTO brake (bucket, empty_s) VALUES (:bucket, :now_s + :pace_s)"
                " ON CONFLICT (bucket) DO UPDATE SET empty_s ="
                " CASE WHEN brake.empty_s > :now_s THEN brake.empty_s ELSE :now_s END + :pace_s"
                " WHERE brake.empty_s <= :latest_s",
                bucket=bucket,
                now_s=now_s,
                pace_s=float(brake.pace_s),
                latest_s=now_s + (brake.tries - 1) * brake.pace_s,
            )
            row = None if taken else store.one("SELECT empty_s FROM brake WHERE bucket = :bucket", bucket=bucket)
        if row is not None:
            wait_s = float(str(row[0])) - now_s - (brake.tries - 1) * brake.pace_s
            raise TooSoon("This was tried too often", wait_s, f"Try again {_soon(wait_s)}.")

    def forget(self, *buckets: str) -> None:
        """Empty buckets, as after a try that was right; what is empty anyway goes with them."""
        with self.database.transaction() as store:
            for bucket in buckets:
                store.run("DELETE FROM brake WHERE bucket = :bucket", bucket=bucket)

    def sweep(self, now: dt.datetime) -> None:
        """Forget every bucket that is empty."""
        with self.database.transaction() as store:
            store.run("DELETE FROM brake WHERE empty_s < :now_s", now_s=now.timestamp())


def _soon(wait_s: float) -> str:
    """When, in words.

    >>> _soon(40.2), _soon(61), _soon(170)
    ('in 41 seconds', 'in 2 minutes', 'in 3 minutes')
    """
    whole = max(1, math.ceil(wait_s))
    if whole < 60:
        return f"in {whole} second{'' if whole == 1 else 's'}"
    minutes = math.ceil(whole / 60)
    return f"in {minutes} minute{'' if minutes == 1 else 's'}"

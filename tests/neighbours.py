"""A house with accounts, people in it whose everything is marked with their name, and browsers signed in as them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from starlette.applications import Starlette

from browsing import Browser
from made_files import gpx
from made_kept import keep_bytes
from made_stores import empty_store
from retropace.doses import Goal
from retropace.log import Done, LogEntry, Part, Side
from retropace.person import Person
from retropace.quantities import Direction
from retropace.recording import Declared
from retropace.store import Screened, Settings, Wanted
from retropace.store.accounts import Account, Accounts
from retropace.store.api_tokens import ApiTokens
from retropace.store.coached_runs import CoachedRuns, Run
from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.store.passwords import hashed
from retropace.store.recordings import Kept, Recordings
from retropace.store.sharing import SHARES, Sharing
from retropace.store.sign_ins import SignIns
from retropace.timetable import Calendar
from retropace.web.app import app
from retropace.web.house import House
from screened import HEALTHY, STRAIGHT

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
#: Everybody's coached run under way; each has their own of the same name.
RUN = "00000000-0000-4000-8000-000000000001"
PASSWORD = "wolf ladder onion spoon"


@dataclass
class Clock:
    """A clock that a test sets forward."""

    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def wait(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@dataclass
class Neighbourhood:
    """A house with accounts and its clock."""

    house: House
    clock: Clock
    browsers: list[Browser] = field(default_factory=list)

    @cached_property
    def app(self) -> Starlette:
        return app(self.house)

    def browser(self, person: "Somebody | None" = None, base_url: str = "http://testserver") -> Browser:
        """A browser that nobody signed in with, or `person`."""
        made = Browser(self.app, base_url=base_url, raise_server_exceptions=True)
        made.headers["accept-encoding"] = "identity"
        if person is not None:
            made.cookies.set("retropace", person.sign_in(), domain="testserver.local")
        self.browsers.append(made)
        return made

    def somebody(self, login: str) -> "Somebody":
        """An account with an empty notebook; its password is PASSWORD."""
        made = Account(f"{login}-id", login, _hash(), None, 0, self.clock.now)
        Notebook(self.house.database, made.person_id).begin()
        Accounts(self.house.database)._insert(made)
        return Somebody(self, login, made.person_id)


@cache
def _hash() -> str:
    return hashed(PASSWORD)


@dataclass
class Somebody:
    """One person of the neighbourhood."""

    where: Neighbourhood
    login: str
    person_id: str
    tokens: dict[bool, str] = field(default_factory=dict)

    @property
    def notebook(self) -> Notebook:
        return Notebook(self.where.house.database, self.person_id)

    @property
    def recordings(self) -> Recordings:
        return Recordings(self.where.house.database, self.person_id)

    @property
    def account(self) -> Account:
        return Accounts(self.where.house.database).of(self.person_id)

    def sign_in(self, device: str = "Firefox on Linux") -> str:
        return SignIns(self.where.house.database).begin(self.person_id, device, self.where.clock.now)

    def api_token(self, *, may_write: bool = True) -> str:
        if may_write not in self.tokens:
            tokens, now = ApiTokens(self.where.house.database), self.where.clock.now
            self.tokens[may_write] = tokens.add(self.person_id, "a program", now, may_write=may_write)
        return self.tokens[may_write]

    def share(self, viewer: "Somebody", *shares: str, called: str = "my physio") -> None:
        sharing, now = Sharing(self.where.house.database), self.where.clock.now
        code = sharing.invite(self.person_id, called, shares or SHARES, now, dt.timedelta(days=7))
        sharing.accept(code, viewer.person_id, now)

    def marks(self) -> tuple[str, ...]:
        """Words that stand in this person's data and nowhere else."""
        return tuple(f"{self.login}{mark}" for mark in ("Name", "Note", "Event", "File", "Title", "Program", "Guest"))

    def live(self) -> Kept:
        """Fill everything that can be kept, each word of it marked. The recording begins at 50° N, 8° E."""
        name, notebook = self.login, self.notebook
        notebook.keep_settings(Settings(name=f"{name}Name", home=(50.0001, 8.0001), zone="UTC"))
        notebook.keep_person(Person(mass_kg=61.875, height_m=1.7125, age_years=34, sex="female"))
        first = TODAY - dt.timedelta(days=20)
        notebook.keep_screened(Screened(replace(HEALTHY, day=first), STRAIGHT))
        events = {TODAY + dt.timedelta(days=10): f"{name}Event"}
        notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(first, weeks=8, events=events)))
        notebook.keep_entry(
            LogEntry(TODAY - dt.timedelta(days=2), Done.ALL, 4.0, {(Part.CALF, Side.LEFT): 1.0}, notes=f"{name}Note")
        )
        notebook.keep_exercise_done(TODAY, "calf_raise")
        kept = keep_bytes(self.recordings, f"{name}File.gpx", gpx() + _mark(name))
        self.recordings.keep_note(kept.id, f"{name}Title")
        self.recordings.correct(kept.id, Declared(10.0, 20.0, Direction.BACKWARD, "person"))
        ApiTokens(self.where.house.database).add(self.person_id, f"{name}Program", NOW, may_write=True)
        lasts = dt.timedelta(days=7)
        CoachedRuns(self.where.house.database, self.person_id).begin(Run(RUN, TODAY, NOW, 60, {"name": name}), NOW)
        Sharing(self.where.house.database).invite(self.person_id, f"{name}Guest", SHARES, NOW, lasts)
        return kept


def _mark(name: str) -> bytes:
    """A comment, so that two people's files differ."""
    return f"<!-- {name}File -->".encode()


@contextmanager
def neighbourhood(folder: Path, url: str | None = None, **house: object) -> Iterator[Neighbourhood]:
    """A house with accounts on a file of its own, or on the database at `url`."""
    clock = Clock()
    database = open_database(url) if url else empty_store(folder / "people.db")
    made = House(database, accounts=True, hosts=None, clock=clock, secret=b"test", **house)  # type: ignore[arg-type]
    found = Neighbourhood(made, clock)
    try:
        yield found
    finally:
        for browser in found.browsers:
            browser.close()
        database.close()

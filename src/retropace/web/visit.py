"""Visit: one request, with everything a page needs to answer it: who asks, whose notebook is open, what was sent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from retropace.errors import StoreFailure, UnusableInput
from retropace.files import require_near
from retropace.situation import Situation, situation
from retropace.store import Settings
from retropace.store.accounts import Accounts
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.web.house import House
from retropace.web.identity import Visitor


@dataclass(frozen=True)
class Visit:
    """One request. `person_id` is whose data it is about, `viewer_id` who looks at it: the same where it is one's own.

    `shares` is what the owner lets this viewer see, None where it is the owner; `called` is what the owner calls the viewer.
    """

    request: Request
    house: House
    person_id: str
    viewer_id: str
    form: FormData
    csrf: str
    shares: frozenset[str] | None = None
    called: str = ""
    visitor: Visitor | None = None
    body: bytes = b""

    @cached_property
    def notebook(self) -> Notebook:
        """The open notebook."""
        return Notebook(self.house.database, self.person_id)

    @cached_property
    def recordings(self) -> Recordings:
        """The recordings that belong to it."""
        return Recordings(self.house.database, self.person_id)

    @property
    def own(self) -> bool:
        """Whether somebody looks at what is their own."""
        return self.person_id == self.viewer_id

    def may_see(self, share: str) -> bool:
        """Whether pages of `share` are open here: plan, log, sessions, progress, screening."""
        return self.shares is None or share in self.shares

    @cached_property
    def owner_settings(self) -> Settings:
        """How whoever the notebook belongs to wants it shared."""
        return self.notebook.settings()

    @property
    def owner_name(self) -> str:
        """What whoever the notebook belongs to calls themselves, else how they sign in."""
        return self.owner_settings.name or Accounts(self.house.database).of(self.person_id).login

    @property
    def hide_radius_m(self) -> float:
        """How far round home, or start and end, a track stays hidden here: as the owner wants it, 0 on one's own pages."""
        return 0.0 if self.own else self.owner_settings.hide_radius_m

    @cached_property
    def settings(self) -> Settings:
        """How whoever looks wants it shown. A store out of reach must not keep an error from being shown."""
        try:
            return Notebook(self.house.database, self.viewer_id).settings() if self.viewer_id else Settings()
        except StoreFailure:
            return Settings()

    @cached_property
    def simulated(self) -> bool:
        """Whether this is a demo person's notebook."""
        return bool(self.person_id) and self.notebook.simulated

    @cached_property
    def now(self) -> dt.datetime:
        """This instant in the viewer's zone."""
        zone = ZoneInfo(self.settings.zone) if self.settings.zone else None
        return self.house.clock().astimezone(zone)

    @property
    def today(self) -> dt.date:
        """The viewer's day."""
        return self.now.date()

    @cached_property
    def situation(self) -> Situation:
        """Where the person stands. Raises NotBegun where something must come first: `welcome` asks for it."""
        return situation(self.notebook, self.today)

    def path(self, name: str) -> str:
        """A part of the address, as {day} in /log/{day}."""
        return str(self.request.path_params[name])

    def asked(self, name: str, default: str = "") -> str:
        """A field of the address's query."""
        return self.request.query_params.get(name, default)

    # -- what a form brought --------------------------------------------------------------------------------------------

    def text(self, name: str, longest: int = 2000) -> str:
        """A field as text without control characters; "" where it is missing. Raises UnusableInput where it is too long."""
        value = self.form.get(name)
        text = value.strip() if isinstance(value, str) else ""
        if len(text) > longest:
            raise UnusableInput(f"This is longer than {longest} characters", field=name, remedy="Shorten it.")
        return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")

    def texts(self, name: str) -> list[str]:
        """Every value of a field that may come several times."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def number(self, name: str, low: float, high: float) -> float | None:
        """A field as a number, None where it is empty. Raises UnusableInput outside low to high."""
        text = self.text(name, 40).replace(",", ".")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise UnusableInput(
                f"{text!r} cannot be used", field=name, remedy=f"Give a number from {low:g} to {high:g}."
            )
        return value

    def choice(self, name: str, words: Sequence[str]) -> str | None:
        """A field that must be one of `words`, None where it is empty."""
        text = self.text(name, 100)
        if text and text not in words:
            raise UnusableInput(f"{text!r} is not one of the answers", field=name, remedy=f"Use: {', '.join(words)}.")
        return text or None

    def yes_no(self, name: str) -> bool | None:
        """A field of "yes" or "no", None where it is open."""
        answer = self.choice(name, ("yes", "no"))
        return None if answer is None else answer == "yes"

    def day(self, name: str) -> dt.date | None:
        """A field as a date, None where it is empty."""
        text = self.text(name, 40)
        return day_from(text, name) if text else None

    def files(self, name: str) -> list[UploadFile]:
        """Uploaded files, those without a name left out."""
        return [value for value in self.form.getlist(name) if isinstance(value, UploadFile) and value.filename]


def file_name(upload: UploadFile) -> str:
    """What an uploaded file is called, without folders."""
    return PurePosixPath((upload.filename or "file").replace("\\", "/")).name or "file"


def day_from(text: str, field: str) -> dt.date:
    """A date as 2026-11-22. Raises UnusableInput."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise UnusableInput(f"{text!r} is no date", field=field, remedy="Write it as 2026-11-22.") from error
    require_near(day, field)
    return day

"""Situation: where one person stands today, worked out anew from what their store keeps."""

import datetime as dt
import os
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retropace.errors import UnusableInput
from retropace.programme import Programme
from retropace.progression import Next, State
from retropace.rules import Rules, rules_on
from retropace.screening import Clearance, Level, screen
from retropace.store import Store, Wanted
from retropace.store.folder import Folder


def folder_of(options: Namespace) -> Folder:
    """The person's folder: --folder, else RETROPACE_FOLDER, else ~/retropace."""
    return Folder(options.folder or Path(os.environ.get("RETROPACE_FOLDER", Path.home() / "retropace")))


def today_of(options: Namespace) -> dt.date:
    """The day to speak of: --on, else today."""
    if options.on is None:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(options.on)
    except ValueError as error:
        raise UnusableInput(f"{options.on!r} is no date", field="--on", remedy="Write 2026-11-22.") from error


def as_json(value: Any) -> str:
    """A record as indented JSON."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode() + "\n"


@dataclass(frozen=True, slots=True)
class Situation:
    """Clearance, what is wanted, the programme, and what the log has led to. `last` is None before the first entry."""

    today: dt.date
    rules: Rules
    clearance: Clearance
    wanted: Wanted
    programme: Programme
    state: State
    last: Next | None


def cleared(store: Store, today: dt.date) -> Clearance:
    """The clearance by the latest screening. Raises UnusableInput where there is none, or it refuses."""
    screened = store.screened()
    if screened is None:
        raise UnusableInput("You have not been screened yet", remedy="Start with: ./run screen")
    clearance = screen(screened.answers, screened.place, rules_on(today))
    if clearance.level is Level.NOT_NOW:
        remedy = f"See {clearance.see} first, then answer again: ./run screen --again"
        raise UnusableInput("Your screening says: not now", remedy=remedy)
    return clearance

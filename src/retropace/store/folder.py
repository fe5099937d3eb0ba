"""Folder: one person's store as readable TOML files, which they may read, edit, copy and delete."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from retropace.errors import UnusableInput
from retropace.files import read_table, require_near, write_whole
from retropace.log import LogEntry
from retropace.store import Screened, Wanted
from retropace.store.records import BY_PART, entry_from, entry_table, record
from retropace.store.toml import toml_of, written

_UNFINISHED = Path("screening-unfinished.toml")


class Folder:
    """`screening/DATE.toml`, `wanted.toml` and `log/DATE.toml` in one folder, made when something is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def screenings(self) -> Sequence[Screened]:
        """Every screening, oldest first."""
        return [record(read_table(path), Screened, path.name) for path in self._kept("screening")]

    def keep_screened(self, screened: Screened) -> None:
        """Keep a screening under its day; earlier ones stay."""
        self._write(Path("screening") / f"{screened.answers.day}.toml", written(screened))

    def unfinished(self) -> Screened | None:
        """A screening that was stopped half way."""
        path = self.path / _UNFINISHED
        return record(read_table(path), Screened, path.name) if path.exists() else None

    def keep_unfinished(self, screened: Screened | None) -> None:
        """Keep a screening stopped half way beside the finished ones; None takes it away."""
        if screened is None:
            (self.path / _UNFINISHED).unlink(missing_ok=True)
        else:
            self._write(_UNFINISHED, written(screened))

    def wanted(self) -> Wanted | None:
        """What the person wants at present."""
        path = self.path / "wanted.toml"
        if not path.exists():
            return None
        table = read_table(path)
        named = table.pop("events", {})
        if not isinstance(named, Mapping):
            raise UnusableInput(
                "Events need a day each", file=path.name, field="events", remedy='Write: [events] 2026-12-31 = "Run".'
            )
        found = record(table, Wanted, path.name)
        events = {_day(day, path.name): str(name) for day, name in named.items()}
        return replace(found, calendar=replace(found.calendar, events=events))

    def keep_wanted(self, wanted: Wanted) -> None:
        """Keep what the person wants."""
        named = {day.isoformat(): name for day, name in wanted.calendar.events.items()}
        plain = replace(wanted, calendar=replace(wanted.calendar, events={}))
        self._write(Path("wanted.toml"), written(plain) + (f"\n{written({'events': named})}" if named else ""))

    def log(self) -> Sequence[LogEntry]:
        """Every log entry, oldest first."""
        return [load_entry(path) for path in self._kept("log")]

    def keep_entry(self, entry: LogEntry) -> None:
        """Keep one entry under its day, in place of an earlier one of that day."""
        self._write(Path("log") / f"{entry.day}.toml", entry_text(entry))

    def _kept(self, folder: str) -> list[Path]:
        """The TOML files in one of the folders, oldest first."""
        try:
            return sorted((self.path / folder).glob("*.toml"))
        except (OSError, ValueError) as error:
            raise UnusableInput("Your folder cannot be read", file=str(self.path), remedy="Name another.") from error

    def _write(self, name: Path, text: str) -> None:
        """Write a file whole or not at all."""
        write_whole(self.path / name, text.encode(), "Name another folder with --folder, or make room.")


def load_entry(path: Path) -> LogEntry:
    """The log entry in a TOML file; pains and soreness as "calf left" = 3. Raises UnusableInput."""
    return entry_from(read_table(path), path.name)


def entry_text(entry: LogEntry) -> str:
    """A log entry as TOML that `load_entry` reads back."""
    told = entry_table(entry)
    by_part = {name: told.pop(name) for name in BY_PART if name in told}
    tables = "".join(
        f"\n[{name}]\n" + "".join(f'"{where}" = {value:g}\n' for where, value in values.items())
        for name, values in by_part.items()
    )
    return toml_of(told) + tables


def _day(text: str, file: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise UnusableInput(f"{text!r} is no date", file=file, field="events", remedy="Write 2026-11-22.") from error
    require_near(day, "events", file)
    return day

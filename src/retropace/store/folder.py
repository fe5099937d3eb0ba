"""Folder: one person's store as readable TOML files, which they may read, edit, copy and delete."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from retropace.errors import UnusableInput
from retropace.files import read_table, require_near, write_whole
from retropace.log import LogEntry
from retropace.person import load_person
from retropace.store import Screened, Settings, Wanted
from retropace.store.contents import Contents
from retropace.store.records import BY_PART, entry_from, entry_table, record, table
from retropace.store.toml import toml_of, written

_UNFINISHED, _WANTED, _SETTINGS, _PERSON, _EXERCISES = map(
    Path, ("screening-unfinished.toml", "wanted.toml", "settings.toml", "person.toml", "exercises.toml")
)
_WANTED_BEFORE = "wanted-before"


class Folder:
    """`screening/DATE.toml`, `wanted.toml` and `log/DATE.toml` in one folder, made when something is kept.

    A full export has more beside them: `settings.toml`, `person.toml` (the body), `exercises.toml` (done, by day),
    `wanted-before/NUMBER.toml` and `columns/HEADER.json`.
    """

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
        path = self.path / _WANTED
        return _wanted(path) if path.exists() else None

    def keep_wanted(self, wanted: Wanted) -> None:
        """Keep what the person wants."""
        self._write(_WANTED, _wanted_text(wanted))

    def contents(self) -> Contents:
        """Everything in the folder."""
        wanted = self.wanted()
        settings, person = self.path / _SETTINGS, self.path / _PERSON
        return Contents(
            screenings=tuple(self.screenings()),
            unfinished=self.unfinished(),
            wishes=(*map(_wanted, self._kept(_WANTED_BEFORE)), *(() if wanted is None else (wanted,))),
            log=tuple(self.log()),
            exercises_done=_exercises(self.path / _EXERCISES),
            column_maps={found.stem: found.read_text(encoding="utf-8") for found in self._kept("columns", "*.json")},
            settings=record(read_table(settings), Settings, settings.name) if settings.exists() else None,
            person=load_person(person) if person.exists() else None,
        )

    def keep_contents(self, contents: Contents) -> None:
        """Write everything."""
        for screened in contents.screenings:
            self.keep_screened(screened)
        self.keep_unfinished(contents.unfinished)
        for number, wanted in enumerate(contents.wishes[:-1], start=1):
            self._write(Path(_WANTED_BEFORE) / f"{number:04}.toml", _wanted_text(wanted))
        for wanted in contents.wishes[-1:]:
            self.keep_wanted(wanted)
        for entry in contents.log:
            self.keep_entry(entry)
        if contents.exercises_done:
            days = sorted(contents.exercises_done)
            self._write(_EXERCISES, toml_of({str(day): sorted(contents.exercises_done[day]) for day in days}))
        for header, columns in contents.column_maps.items():
            self._write(Path("columns") / f"{header}.json", columns)
        for name, about in ((_SETTINGS, contents.settings), (_PERSON, contents.person)):
            if about is not None:
                self._write(name, written(about))

    def log(self) -> Sequence[LogEntry]:
        """Every log entry, oldest first."""
        return [load_entry(path) for path in self._kept("log")]

    def keep_entry(self, entry: LogEntry) -> None:
        """Keep one entry under its day, in place of an earlier one of that day."""
        self._write(Path("log") / f"{entry.day}.toml", entry_text(entry))

    def _kept(self, folder: str, pattern: str = "*.toml") -> list[Path]:
        """The files in one of the folders, oldest first."""
        try:
            return sorted((self.path / folder).glob(pattern))
        except (OSError, ValueError) as error:
            raise UnusableInput("Your folder cannot be read", file=str(self.path), remedy="Name another.") from error

    def _write(self, name: Path, text: str) -> None:
        """Write a file whole or not at all."""
        write_whole(self.path / name, text.encode(), "Name another folder with --folder, or make room.")


def _wanted(path: Path) -> Wanted:
    content = read_table(path)
    named = content.pop("events", {})
    if not isinstance(named, Mapping):
        raise UnusableInput(
            "Events need a day each", file=path.name, field="events", remedy='Write: [events] 2026-12-31 = "Run".'
        )
    found = record(content, Wanted, path.name)
    events = {_day(day, path.name, "events"): str(name) for day, name in named.items()}
    return replace(found, calendar=replace(found.calendar, events=events))


def _wanted_text(wanted: Wanted) -> str:
    """What is wanted as TOML, in which only text can be a key."""
    calendar = wanted.calendar
    content = table(replace(wanted, calendar=replace(calendar, events={}, moved={})))
    if calendar.moved:
        content["calendar"]["moved"] = {day.isoformat(): to for day, to in sorted(calendar.moved.items())}
    if calendar.events:
        content["events"] = {day.isoformat(): name for day, name in sorted(calendar.events.items())}
    return toml_of(content)


def _exercises(path: Path) -> dict[dt.date, frozenset[str]]:
    if not path.exists():
        return {}
    found = {}
    for day, keys in read_table(path).items():
        if not isinstance(keys, list):
            raise UnusableInput("The exercises of a day are a list", file=path.name, field=day)
        found[_day(day, path.name, day)] = frozenset(map(str, keys))
    return found


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


def _day(text: str, file: str, field: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise UnusableInput(f"{text!r} is no date", file=file, field=field, remedy="Write 2026-11-22.") from error
    require_near(day, field, file)
    return day

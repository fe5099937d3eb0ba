"""`retropace live`: a growing file or standard input in, which way it goes now out, second by second."""

import json
import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from retropace.cli.told import columns_told
from retropace.errors import UnreadableFile, UnusableInput

if TYPE_CHECKING:
    from io import BufferedReader

    from retropace.bout import Bout
    from retropace.live import Live, Moment
    from retropace.motion.placement import Placed, Placement
    from retropace.readers.column_map import Columns
    from retropace.recording import Chosen

#: How often a file is looked at for more [s], and after how long a silence it is said that it waits [s].
_LOOK_S, _SILENT_S = 0.2, 5.0
#: Read at once [bytes]: about ten seconds of both sensors.
_MOST_BYTES = 65_536


def run(options: Namespace) -> int:
    """Follow the stream until it ends or Ctrl-C; 0 when something was heard, 2 when it could not be read."""
    told = Telling(sys.stdout.isatty() and not options.json, as_json=options.json)
    heard = Hearing(str(options.file), _placement(options), columns_told(options))
    try:
        for data in _arriving(options.file, told, ends=options.end):
            found = heard.push(data)
            told.chosen(heard.choice)
            told.moments(found)
    except KeyboardInterrupt:
        told.line("")
    rest = heard.finish()
    told.chosen(heard.choice)
    told.close(*rest)
    return 0


def _placement(options: Namespace) -> "Placement | None":
    from retropace.motion.placement import Placement

    return Placement(options.placement) if options.placement else None


@dataclass
class Hearing:
    """Bytes in, seconds that can be told out."""

    name: str
    placement: "Placement | None"
    columns: "Columns | None" = None
    live: "Live | None" = None

    def __post_init__(self) -> None:
        from retropace.readers.growing import GrowingTable

        self.table = GrowingTable(self.name, self.columns)

    def push(self, data: bytes, *, ends: bool = False) -> "list[Moment]":
        """What can be told now that `data` came."""
        motion = self.table.push(data, ends=ends)
        if not motion:
            return []
        if self.live is None:
            from retropace.live import Live

            self.live = Live(self.table.sensors, self.placement or _named(self.table.chosen))
        return self.live.push(motion)

    def finish(self) -> "tuple[list[Moment], tuple[Bout, ...], Placed]":
        """The rest. Raises UnreadableFile where no row ever came."""
        rest = self.push(b"", ends=True)
        if self.live is None:
            raise UnreadableFile("No rows of numbers came", file=self.name, remedy="Send a header and then rows.")
        last, bouts, where = self.live.finish()
        return [*rest, *last], bouts, where

    @property
    def choice(self) -> list[str]:
        """Which of several sensors is read, in a sentence; empty where there is but one, or none yet."""
        from retropace.readers.several import repairs_of
        from retropace.recording import repair_sentence

        return [repair_sentence(repair) for repair in repairs_of(self.table.chosen)]


def _named(chosen: "Chosen") -> "Placement | None":
    """Where the sensor's name says that it is worn."""
    from retropace.motion.placement import Placement

    return None if chosen.placement is None else Placement(chosen.placement)


# -- where it comes from ------------------------------------------------------------------------------------------------


def _arriving(file: Path, told: "Telling", *, ends: bool) -> Iterator[bytes]:
    """What comes, as it comes. Raises UnusableInput where the file cannot be opened."""
    if str(file) == "-":
        yield from _from_standard_input(told)
        return
    try:
        with file.open("rb") as stream:
            yield from _followed(file, stream, told, ends=ends)
    except OSError as error:
        raise UnusableInput(f"Cannot read it: {error.strerror or error}", file=str(file)) from error


def _from_standard_input(told: "Telling") -> Iterator[bytes]:
    import select

    stream = cast("BufferedReader", sys.stdin.buffer)
    waits = hasattr(stream, "fileno") and os.name == "posix"
    while True:
        if waits and not select.select([stream], [], [], _SILENT_S)[0]:
            told.waiting()
            continue
        data = stream.read1(_MOST_BYTES)
        if not data:
            return
        yield data


def _followed(file: Path, stream: BinaryIO, told: "Telling", *, ends: bool) -> Iterator[bytes]:
    """The file as it grows; begun anew where another one took its place or it was emptied."""
    quiet_s = 0.0
    while True:
        data = stream.read(_MOST_BYTES)
        if data:
            quiet_s = 0.0
            yield data
            continue
        if ends:
            return
        time.sleep(_LOOK_S)
        quiet_s += _LOOK_S
        if quiet_s >= _SILENT_S:
            told.waiting()
        if _replaced(file, stream):
            yield b"\n"
            stream.close()
            stream = file.open("rb")


def _replaced(file: Path, stream: BinaryIO) -> bool:
    try:
        now, held = file.stat(), os.fstat(stream.fileno())
    except FileNotFoundError:
        return False
    return (now.st_ino, now.st_dev) != (held.st_ino, held.st_dev) or now.st_size < stream.tell()


# -- what is told -------------------------------------------------------------------------------------------------------


@dataclass
class Telling:
    """One line that is written anew on a terminal; plain lines, or JSON, elsewhere."""

    anew: bool
    as_json: bool
    waits: bool = field(default=False, init=False)
    said_which: bool = field(default=False, init=False)

    def moments(self, found: "list[Moment]") -> None:
        """Each second; on a terminal the last one of them."""
        for moment in found[-1:] if self.anew else found:
            self.waits = False
            self.line(_as_json(moment) if self.as_json else _words(moment))

    def chosen(self, sentences: list[str]) -> None:
        """Which of several sensors it is: said once, beside what is told."""
        if sentences and not self.said_which:
            self.said_which = True
            sys.stderr.write("".join(f"retropace: {sentence}\n" for sentence in sentences))

    def waiting(self) -> None:
        """Nothing comes: said once for each silence."""
        if not self.waits:
            self.waits = True
            self.line('{"waiting":true}' if self.as_json else "waiting: nothing comes")

    def line(self, words: str) -> None:
        """Write it."""
        sys.stdout.write(f"\r\x1b[2K{words}" if self.anew else f"{words}\n")
        sys.stdout.flush()

    def close(self, last: "list[Moment]", bouts: "tuple[Bout, ...]", where: "Placed") -> None:
        """The last seconds, and what it all came to."""
        self.moments(last)
        self.anew, _ = False, sys.stdout.write("\n" if self.anew else "")
        if self.as_json:
            self.line(json.dumps({"bouts": [_told(bout) for bout in bouts], "placement": str(where.placement)}))
            return
        for words in _summary(bouts, where):
            self.line(words)


def _told(bout: "Bout") -> dict[str, object]:
    return {
        "from_s": bout.start_s,
        "to_s": bout.end_s,
        "gait": str(bout.gait),
        "direction": str(bout.direction),
        "probability": round(bout.probability, 4),
        "known_by": list(bout.known_by),
        "reason": bout.reason,
    }


def _as_json(moment: "Moment") -> str:
    told = {"at_s": moment.time_s} | _told(moment.bout) | {"placement": str(moment.placed.placement)}
    return json.dumps({key: value for key, value in told.items() if key not in ("from_s", "to_s")})


def _words(moment: "Moment") -> str:
    from retropace.views.figures import moment as clocked
    from retropace.views.story import GAIT_WORDS, certainty, direction_words

    bout = moment.bout
    way = " ".join(part for part in (direction_words(bout), GAIT_WORDS[bout.gait]) if part)
    surely = bout.reason or "" if str(bout.direction) == "unknown" else certainty(bout).words
    return f"{clocked(moment.time_s):>8}  {way:<20}  {surely}".rstrip()


def _summary(bouts: "tuple[Bout, ...]", where: "Placed") -> Iterator[str]:
    from retropace.views.figures import clock
    from retropace.views.story import direction_words

    seconds: dict[str, float] = {}
    for bout in bouts:
        words = direction_words(bout)
        seconds[words] = seconds.get(words, 0.0) + bout.duration_s
    yield "In all, with everything that is known now:"
    for words, length in seconds.items():
        yield f"  {words:<12} {clock(length)}"
    yield where.sentence

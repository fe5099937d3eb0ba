"""Terminal: a summary as one screen of text. Colour repeats what position, sign and word already say."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from retropace.claims import Claim
from retropace.errors import RetropaceError, printable
from retropace.quantities import Direction, System
from retropace.sources import bibliography
from retropace.summary import Summary
from retropace.views import charts, facts, rows, story
from retropace.views.figures import Figure, clock, figure, inside, value
from retropace.views.strip import Strip, chance_strip, strip
from retropace.views.verdicts import SIGNS
from retropace.views.worn import worn_line

_FORWARD, _BACKWARD, QUIET, STRONG = "bold #2f8fd0", "bold #d9730d", "dim", "bold"
_STYLES = {"tfwd": _FORWARD, "tback": _BACKWARD, "tside": STRONG, "": ""}
_NARROWEST, _WIDEST = 40, 110
#: Signs of ours that a terminal without Unicode cannot show, and what stands for them.
_ASCII = str.maketrans(
    {"–": "-", "−": "-", "›": ">", "‹": "<", "×": "x", "·": "|", "▮": "#", "▯": ".", "“": '"', "”": '"', "•": "*"}
    | {
        "÷": "/",
        "±": "+-",
        "≥": ">=",
        "°": "deg",
        "…": "...",
        "’": "'",
        "─": "-",
        "━": "-",
        "●": "+",
        "◐": "~",
        "○": "?",
    }
)


class _Written:
    """A stream that takes any text: what its encoding lacks is written in ASCII instead of failing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = getattr(stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        """Write `text`, signs replaced where they must be."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            text = text.translate(_ASCII).encode(self.encoding, "replace").decode(self.encoding)
        return self._stream.write(text)

    def flush(self) -> None:
        """Pass on what was written."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether a person looks at it."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The stream's own number."""
        return self._stream.fileno()


def console_on(stream: TextIO | None, width: int | None) -> Console:
    """A console on `stream` (standard output unless given), neither too narrow nor too wide to read."""
    written = _Written(stream or sys.stdout)
    console = Console(file=written, width=width, markup=False, emoji=False, highlight=False)  # type: ignore[arg-type]
    console.width = min(max(console.width, _NARROWEST), _WIDEST)
    return console


def print_summary(
    summary: Summary, system: System = "metric", *, width: int | None = None, stream: TextIO | None = None
) -> None:
    """Everything worth knowing of one recording on one screen; `stream` is standard output unless given."""
    console = console_on(stream, width)
    _print_head(console, summary)
    _print_facts(console, summary, system)
    drawn = strip(summary.grid, story.all_bouts(summary), console.width - 13, blocks=_blocks(console))
    if drawn is not None:
        print_strip(console, drawn)
    _print_worn(console, summary)
    if summary.bouts:
        console.print(_bout_table(summary, system))
        _print_witnesses(console, summary)
    columns = 3 if Direction.BACKWARD in summary.by_direction else 1
    numbers = [(name, cells[:columns]) for name, cells in facts.metric_rows(summary, system, first=True)]
    if numbers:
        console.print(_number_table(numbers, both=columns > 1))
    for reason, letter in facts.notes(numbers).items():
        print_line(console, Text(f"{letter}: {printable(reason)}", QUIET))
    _print_beside(console, summary, system)
    _print_lists(console, summary, system)


def _blocks(console: Console) -> bool:
    return console.encoding.lower().startswith("utf")


def _print_head(console: Console, summary: Summary) -> None:
    origin = summary.recording.origin
    console.print()
    if origin.simulated:
        console.print(Text("Simulated: nobody ran this.", "bold reverse"))
    console.print(
        Text(printable(" · ".join(part for part in (origin.name, origin.format, origin.device) if part)), QUIET)
    )
    when = [story.occasion(summary), story.zone(summary), story.where(summary)]
    console.print(Text(" · ".join(part for part in when if part), QUIET))
    console.print()
    console.print(Text(story.headline(summary), STRONG))
    console.print()


def _print_facts(console: Console, summary: Summary, system: System) -> None:
    """The facts side by side, as many as fit; the rest below."""
    told = facts.facts(summary, system)
    columns = [(Text(f.value, STRONG), Text(f"{f.words} ({f.band})" if f.band else f.words, QUIET)) for f in told]
    while columns:
        fits = 1
        while fits < len(columns) and sum(max(map(len, c)) + 3 for c in columns[: fits + 1]) <= console.width:
            fits += 1
        grid = Table.grid(padding=(0, 3, 0, 0))
        for line in zip(*columns[:fits], strict=True):
            grid.add_row(*line)
        console.print(grid)
        columns = columns[fits:]
    console.print()


def _print_worn(console: Console, summary: Summary) -> None:
    """Where the sensor was, and how probable which way, in characters under the ribbon."""
    frame = charts.frame_of(summary)
    if frame.chances is not None:
        shares = chance_strip(frame.grid, frame.chances, console.width - 13, blocks=_blocks(console))
        for word, style, line in (("forward %", _FORWARD, shares[0]), ("backward %", _BACKWARD, shares[1])):
            console.print(Text.assemble((f"{word:<11}", style), " ", (line, style)), no_wrap=True, crop=True)
        console.print()
    line = worn_line(summary)
    if line:
        console.print(Text(line))
        console.print()


def print_strip(console: Console, drawn: Strip) -> None:
    """The ribbon in characters, its sides named."""
    words = {0: ("forward ›", _FORWARD), len(drawn.above) + 1: ("‹ backward", _BACKWARD)}
    lines = [
        *((line, _FORWARD) for line in drawn.above),
        (drawn.line, ""),
        *((line, _BACKWARD) for line in drawn.below),
    ]
    for number, (line, style) in enumerate(lines):
        word, word_style = words.get(number, ("", ""))
        console.print(Text.assemble((f"{word:<11}", word_style), " ", (line, style)), no_wrap=True, crop=True)
    console.print(Text(" " * 12 + drawn.times, QUIET), no_wrap=True)
    console.print()


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=QUIET)
    for column in columns:
        table.add_column(column)
    return table


def _bout_table(summary: Summary, system: System) -> Table:
    table = _table("", "direction", "from, for", "speed", "how surely", "known by")
    for row in rows.rows(summary, system):
        speed = f"{row.speed} ({row.band})" if row.band else row.speed
        way = Text.assemble((row.direction, _STYLES[row.css]), f" {row.gait}" if row.gait else "")
        known_by = "see below" if row.unexplained else printable(row.how)
        table.add_row(
            row.mark, way, f"{row.start}, {row.length}", speed, f"{row.squares} {row.surely}".strip(), known_by
        )
    return table


def _print_witnesses(console: Console, summary: Summary) -> None:
    """What the short names in the table mean, and why a direction is unknown."""
    bouts = story.all_bouts(summary)
    lines = [f"{name}: {words}" for name, words in story.witness_lines(bouts)]
    reasons = dict.fromkeys(bout.reason for bout in story.in_doubt(bouts) if bout.reason)
    for line in [*lines, *(f"?: {inside(reason)}" for reason in reasons)]:
        print_line(console, Text(printable(line), QUIET))


def _number_table(numbers: Sequence[tuple[str, list[Figure | None]]], *, both: bool) -> Padding:
    table = _table("", "whole session", "‹ backward", "forward ›") if both else _table("", "whole session")
    noted = facts.notes(numbers)
    for name, cells in numbers:
        table.add_row(name, *(_cell(cell, noted) for cell in cells))
    return Padding(table, (1, 0, 0, 0))


def _cell(found: Figure | None, noted: dict[str, str]) -> Text:
    if found is None:
        return Text("")
    band = f" ({found.band})" if found.band else ""
    letter = f" {noted[found.why_unknown]}" if found.why_unknown else ""
    return Text.assemble((found.told, STRONG if found.known else QUIET), (band + letter, QUIET))


def _print_beside(console: Console, summary: Summary, system: System) -> None:
    for comparison in facts.comparisons(summary, system):
        console.print()
        console.print(Text(comparison.title, STRONG))
        print_line(console, Text.assemble(("forward ›   ", _FORWARD), comparison.forward_figure.text))
        print_line(console, Text.assemble(("‹ backward  ", _BACKWARD), comparison.backward_figure.text))
        print_line(console, Text(comparison.said, QUIET))


def _print_lists(console: Console, summary: Summary, system: System) -> None:
    unknown = [_unknown_line(gap.what, gap.why, gap.remedy) for gap in summary.unknowns]
    device = facts.device_lines(summary, system)
    lists = {
        "What we do not know": unknown,
        "What you corrected": facts.correction_lines(summary),
        "What was mended in the file": facts.repair_lines(summary),
        "What the device itself says": [", ".join(device)] if device else [],
    }
    for title, lines in lists.items():
        if lines:
            console.print()
            console.print(Text(title, STRONG))
        for line in lines:
            console.print(Padding(Text(f"• {printable(line)}"), (0, 0, 0, 2)))
    console.print()


def _unknown_line(what: str, why: str, remedy: str | None) -> str:
    return f"{what}. Unknown: {inside(why).rstrip('.')}." + (f" {remedy.rstrip('.')}." if remedy else "")


def print_line(console: Console, text: Text) -> None:
    """One indented paragraph."""
    console.print(Padding(text, (0, 0, 0, 2)))


@dataclass(frozen=True, slots=True)
class TableRow:
    """One recording in the closing table; small enough to keep thousands. `problem` where it was refused."""

    when: str = ""
    length: str = ""
    distance: str = ""
    backward: str = ""
    unknown: str = ""
    known_by: str = ""
    problem: str = ""


def table_row(found: Summary | RetropaceError, system: System = "metric") -> TableRow:
    """What the closing table says of one recording."""
    if isinstance(found, RetropaceError):
        return TableRow(problem=found.what)
    distance = found.session.get("distance_m")
    known = distance is not None and distance.value is not None
    start = found.local_start or found.recording.start
    return TableRow(
        when=f"{start:%Y-%m-%d}" if start else "not known",
        length=clock(value(found.session, "duration_s") or 0.0),
        distance=figure("distance_m", distance, system).told if distance is not None and known else "unknown",
        backward=_clock_or_none(story.seconds(story.in_direction(found, Direction.BACKWARD))),
        unknown=_clock_or_none(story.seconds(story.in_doubt(story.all_bouts(found)))),
        known_by=_strongest(found),
    )


def _clock_or_none(seconds: float) -> str:
    return clock(seconds) if seconds else "none"


def _strongest(summary: Summary) -> str:
    """The witness that most of the moving time rests on."""
    seconds: dict[str, float] = {}
    for bout in story.all_bouts(summary):
        if bout.direction in (Direction.FORWARD, Direction.BACKWARD) and bout.known_by:
            seconds[bout.known_by[0]] = seconds.get(bout.known_by[0], 0.0) + bout.duration_s
    return story.witness_name(max(seconds, key=lambda key: seconds[key], default=""))


def print_table(
    found: Iterable[tuple[str, Summary | RetropaceError | TableRow]],
    system: System = "metric",
    *,
    width: int | None = None,
    stream: TextIO | None = None,
) -> None:
    """One line for each recording, and how many were read and refused."""
    console = console_on(stream, width)
    table = _table("recording", "when", "time", "distance", "‹ backward", "unknown", "known by")
    for column in table.columns[1:6]:
        column.no_wrap, column.justify = True, "right"
    table.columns[0].overflow = "fold"
    told = [(printable(name), item if isinstance(item, TableRow) else table_row(item, system)) for name, item in found]
    folder = len(_shared_folder([name for name, _ in told]))
    for name, row in told:
        if not row.problem:
            table.add_row(name[folder:], row.when, row.length, row.distance, row.backward, row.unknown, row.known_by)
    refused = [(name, row.problem) for name, row in told if row.problem]
    if len(refused) < len(told):
        console.print(table)
    for name, problem in refused:
        console.print(Text(f"{name} not read: {printable(inside(problem))}"))
    console.print(Text(f"{len(told) - len(refused)} read, {len(refused)} not.", STRONG))


def _shared_folder(names: Sequence[str]) -> str:
    """The folder that all names begin with, to be left out; the last part of a name always stays.

    >>> _shared_folder(["may/a.fit", "may/b.fit"]), _shared_folder(["a.fit"])
    ('may/', '')
    """
    folders = [name.split("/")[:-1] for name in names]
    shared = takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False))
    return "".join(f"{parts[0]}/" for parts in shared)


@contextmanager
def progress(what: str, stream: TextIO | None = None, total: int | None = None) -> Iterator[Callable[[str], None]]:
    """Show on standard error how many recordings are done, of `total` where that is known; call what it gives with each.

    Draws nothing where nobody looks at it.
    """
    console = console_on(stream or sys.stderr, None)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(what, total=total)

        def tell(name: str) -> None:
            shown.update(task, advance=1, description=f"{what}: {printable(name)[-40:]}")

        yield tell


def print_claims(claims: Iterable[Claim], *, width: int | None = None, stream: TextIO | None = None) -> None:
    """Popular claims, each with its verdict, best number, explanation and sources."""
    console = console_on(stream, width)
    for claim in claims:
        holds = f", {claim.holds}" if claim.holds else ""
        console.print()
        console.print(Text(f"“{claim.claim}”", STRONG))
        print_line(console, Text(f"{SIGNS[claim.verdict]} {claim.verdict.value}{holds}", STRONG))
        if claim.number:
            print_line(console, Text(claim.number))
        print_line(console, Text(claim.explanation))
        print_line(console, Text(cited_words(claim.sources), QUIET))
    console.print()


def cited_words(keys: Sequence[str]) -> str:
    """Sources in short: "Williford 1998, n = 13 · Wright 2001, n = 4"; "no study found" where there is none."""
    known = bibliography()
    cited = [
        "our own choice" if key == "design" else known[key].short + (f", n = {known[key].n}" if known[key].n else "")
        for key in keys
    ]
    return " · ".join(cited) or "no study found"

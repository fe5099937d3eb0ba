"""Coached: from the parts that a phone sent of a coached session to the one file that is kept of it.

The file is what `readers.coached` reads: a zip of text that other programs can open too. The same parts give the same bytes.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from retropace.readers.coached import ABOUT, FORMAT, LINES, MOTION, ORIENTATION, POSITION, Line, line_of
from retropace.store.coached_runs import Run

#: One sample as a phone sends it: little-endian, the time first.
RECORDS: dict[str, np.dtype[np.void]] = {
    "motion": np.dtype([("at_ms", "<f8"), *((name, "<f4") for name in MOTION)]),
    "orientation": np.dtype([("at_ms", "<f8"), *((name, "<f4") for name in ORIENTATION)]),
}
#: Rows are written so many at a time, so that hours of them never stand in memory as text.
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Streams:
    """What a phone felt and said: samples by stream, lines as they came; `broken` counts what broke off, by stream."""

    samples: Mapping[str, npt.NDArray[np.void]]
    lines: tuple[bytes, ...]
    broken: Mapping[str, int]

    @property
    def felt(self) -> bool:
        """Whether any sensor spoke twice: without that there is nothing to read."""
        told = sum(1 for line in map(line_of, self.lines) if line is not None and line["k"] != "mark")
        return max(told, *(len(rows) for rows in self.samples.values())) > 1


def streams(bodies: Mapping[str, Sequence[bytes]]) -> Streams:
    """The parts of each stream, in order, joined. A part may break off in the middle of a sample or line."""
    samples, broken = {}, {}
    for stream, kind in RECORDS.items():
        parts = bodies.get(stream, ())
        samples[stream] = _joined(parts, kind)
        broken[stream] = sum(len(part) % kind.itemsize > 0 for part in parts)
    lines = [line.strip() for part in bodies.get("lines", ()) for line in part.split(b"\n")]
    told = [line for line in lines if line]
    whole = tuple(line for line in told if line_of(line) is not None)
    return Streams(samples, whole, broken | {"lines": len(told) - len(whole)})


def _joined(parts: Sequence[bytes], kind: np.dtype[np.void]) -> npt.NDArray[np.void]:
    rows = [np.frombuffer(part, kind, count=len(part) // kind.itemsize) for part in parts]
    return np.concatenate(rows) if rows else np.empty(0, kind)


def file_name(run: Run) -> str:
    """What the file of a run is called, by when it began where the person was.

    >>> import datetime as dt
    >>> file_name(Run("", dt.date(2026, 11, 22), dt.datetime(2026, 11, 22, 8, 5, tzinfo=dt.UTC), 60, {}))
    'coached-2026-11-22-0905.zip'
    """
    return f"coached-{run.began_local:%Y-%m-%d-%H%M}.zip"


def zipped(run: Run, found: Streams, *, simulated: bool = False) -> bytes:
    """The file of a run: run.json, motion.csv, orientation.csv, positions.csv, lines.jsonl."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, ABOUT, [_about(run, found, simulated=simulated)])
        for stream, rows in found.samples.items():
            _write(archive, f"{stream}.csv", _table(rows))
        _write(archive, "positions.csv", _positions(found.lines))
        _write(archive, LINES, (line + b"\n" for line in found.lines))
    return made.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: Iterator[bytes] | Sequence[bytes]) -> None:
    with archive.open(
        name, "w"
    ) as stream:  # unlike `writestr` it writes no date, so the same content gives the same bytes
        for block in content:
            stream.write(block)


def _about(run: Run, found: Streams, *, simulated: bool) -> bytes:
    told = {
        "format": FORMAT,
        "version": 1,
        "run": run.id,
        "day": run.day.isoformat(),
        "began": run.began_local.isoformat(timespec="milliseconds"),
        "offset_min": run.offset_min,
        "simulated": simulated,
        "broken": {stream: count for stream, count in found.broken.items() if count},
        "guide": run.guide,
    }
    return json.dumps(told, indent=1).encode() + b"\n"


def _table(rows: npt.NDArray[np.void]) -> Iterator[bytes]:
    """Samples as a table, each number as short as it can be told apart; what a phone did not tell is nan."""
    names = rows.dtype.names or ()
    yield (",".join(names) + "\n").encode()
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        cells = np.column_stack([block[name].astype(str) for name in names])
        yield "".join(f"{','.join(row)}\n" for row in cells.tolist()).encode()


def _positions(lines: Sequence[bytes]) -> Iterator[bytes]:
    names = ("at_ms", *POSITION)
    yield (",".join(names) + "\n").encode()
    for line in map(line_of, lines):
        if line is not None and line["k"] == "position":
            yield (",".join(_cell(line, name) for name in names) + "\n").encode()


def _cell(line: Line, name: str) -> str:
    value: Any = line.get(name)
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else "nan"

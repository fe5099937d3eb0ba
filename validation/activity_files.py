"""What becomes of every file of a folder of real recordings: summary or sentence, how long, how many seconds backward.

Run: .venv/bin/python validation/activity_files.py [FOLDER]   (default ../shared/data/activity-files)

Writes validation/activity_files.md. None of these people ran backward, so a single second called backward is an error. The
number of samples is compared with two independent FIT readers, or for XML with a count of points by the standard library.
The recordings themselves are other people's and stay where they are.
"""

import gzip
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import fitdecode
import fitparse

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from retropace import readers  # noqa: E402
from retropace.errors import RetropaceError  # noqa: E402
from retropace.quantities import Direction  # noqa: E402
from retropace.readers import fit  # noqa: E402
from retropace.readers.fit_columns import table  # noqa: E402
from retropace.summary import Summary, summarise  # noqa: E402

_POINTS = re.compile(rb"<(?:\w+:)?(?:Trackpoint|trkpt)[\s>/]")


@dataclass(frozen=True, slots=True)
class Row:
    """One file of the table."""

    file: str
    outcome: str
    seconds: float
    ours: str
    judges: str
    known: str
    backward_s: float


def seconds_by(summary: Summary, direction: Direction) -> float:
    return sum(item.bout.duration_s for item in summary.bouts if item.bout.direction == direction)


def judged(path: Path, data: bytes) -> tuple[str, str]:
    """Our count of samples in the file and what independent readers count."""
    raw = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if raw[8:12] == b".FIT":
        ours = table(fit.decode(data), "record")
        return str(len(ours)), f"{fitdecode_count(raw)} / {fitparse_count(raw)}"
    if path.suffix.lower() in (".tcx", ".gpx"):
        return "", str(len(_POINTS.findall(raw)))
    return "", ""


def fitdecode_count(raw: bytes) -> str:
    count = 0
    try:
        with fitdecode.FitReader(raw, error_handling=fitdecode.ErrorHandling.IGNORE) as frames:
            for frame in frames:
                count += isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record"
    except fitdecode.FitError:
        return f"{count} then an error"
    return str(count)


def fitparse_count(raw: bytes) -> str:
    count = 0
    try:
        for _ in fitparse.FitFile(raw, check_crc=False).get_messages("record"):
            count += 1
    except Exception:  # noqa: BLE001  fitparse raises whatever its parsing runs into
        return f"{count} then an error"
    return str(count)


def row(path: Path, folder: Path) -> Row:
    data = path.read_bytes()
    start = time.perf_counter()
    try:
        recording = readers.read(path)
        summary = summarise(recording)
    except RetropaceError as error:
        return Row(
            str(path.relative_to(folder)), f"refused: {error.what}", time.perf_counter() - start, "", "", "", 0.0
        )
    taken = time.perf_counter() - start
    ours, judges = judged(path, data)
    known = sorted({key for item in summary.bouts for key in item.bout.known_by})
    repairs = ", ".join(repair.kind for repair in recording.repairs)
    outcome = f"read ({repairs})" if repairs else "read"
    counted = ours or str(len(recording.track))
    return Row(
        str(path.relative_to(folder)),
        outcome,
        taken,
        counted,
        judges,
        ", ".join(known),
        seconds_by(summary, Direction.BACKWARD),
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "../shared/data/activity-files"
    rows = [row(path, folder) for path in sorted(p for p in folder.rglob("*") if p.is_file())]
    read = sum(r.outcome.startswith("read") for r in rows)
    lines = [
        "# Real activity files: none may be called backward",
        "",
        "Written by `validation/activity_files.py`; forward activities of other people, none running backward.",
        "",
        f"{len(rows)} files, {read} read, the others refused as shown; slowest {max(r.seconds for r in rows):.2f} s;",
        f"**{sum(r.backward_s for r in rows):.0f} s called backward**.",
        "",
        "Samples: FIT: our count of records beside fitdecode / fitparse; XML: samples kept beside points in the file.",
        "",
        "| file | outcome | s | samples | judges | direction known by | backward s |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.file} | {r.outcome} | {r.seconds:.2f} | {r.ours} | {r.judges} | {r.known} | {r.backward_s:.0f} |"
        for r in rows
    ]
    (ROOT / "validation/activity_files.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines[4:6]))


if __name__ == "__main__":
    main()

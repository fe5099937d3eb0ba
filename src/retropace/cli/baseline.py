"""`retropace baseline`: learn from ordinary runs how this person runs forward."""

import sys
from argparse import Namespace
from dataclasses import fields
from pathlib import Path

from retropace.baseline import forward_baseline
from retropace.cli.output import write_bytes
from retropace.errors import RetropaceError, UnusableInput
from retropace.person import ForwardBaseline, load_person
from retropace.readers import read_each
from retropace.signals import Grid, grid


def run(options: Namespace) -> int:
    """Fit the baseline, say what it is, and add it to the person file where asked to."""
    grids, refused = _grids(options.files)
    baseline = forward_baseline(grids)
    sys.stdout.write(_told(baseline, len(grids)))
    if options.save:
        _save(options.save, baseline)
        sys.stdout.write(f"Added to {options.save}. Use it: ./run analyse RUN.fit --person {options.save}\n")
    else:
        sys.stdout.write(f"\nPut this into your person file, or let --save do it:\n\n{_table(baseline)}")
    return int(refused > 0)


def _grids(files: list[Path]) -> tuple[list[Grid], int]:
    grids, refused = [], 0
    for _, found in read_each(files):
        if isinstance(found, RetropaceError):
            refused += 1
            sys.stderr.write(f"retropace: {found}\n")
        elif all(span.sport == "running" for span in found.sports):
            grids.append(grid(found))
    return grids, refused


def _told(baseline: ForwardBaseline, count: int) -> str:
    lines = [f"{baseline.minutes:.0f} minutes of level forward running in {count} recordings."]
    if baseline.cadence_spm_at_3 is not None:
        spread = f"± {baseline.cadence_sd_spm:.1f}"
        lines.append(f"At 3 m/s you take {baseline.cadence_spm_at_3:.0f} steps a minute {spread}.")
    if baseline.heart_rate_bpm_at_3 is not None:
        lines.append(f"At 3 m/s your heart beats {baseline.heart_rate_bpm_at_3:.0f} times a minute.")
    lines.append("Only use runs that were forward throughout: what is learnt here is taken as forward later.")
    return "\n".join(lines) + "\n"


def _table(baseline: ForwardBaseline) -> str:
    values = {f.name: getattr(baseline, f.name) for f in fields(baseline)}
    return "[baseline]\n" + "".join(f"{name} = {value}\n" for name, value in values.items() if value is not None)


def _save(path: Path, baseline: ForwardBaseline) -> None:
    """Put the baseline at the end of a person file, in place of an earlier one; all else in the file stays as it is."""
    kept = ""
    if path.exists():
        load_person(path)  # refuse a file that would not load afterwards
        kept = path.read_text(encoding="utf-8")
        before, header, after = kept.partition("[baseline]")
        if header and "\n[" in after:
            raise UnusableInput("Something follows [baseline]", file=path.name, remedy="Move [baseline] to the end.")
        kept = before.rstrip() + "\n\n" if before.strip() else ""
    write_bytes(path, (kept + _table(baseline)).encode())

"""`retropace demo`: the whole journey on a simulated session, from the watch's file to the report."""

import datetime as dt
import sys
from argparse import Namespace
from pathlib import Path

import numpy as np

from retropace.bout import Bout
from retropace.cli.output import write_bytes
from retropace.quantities import Direction
from retropace.readers import read
from retropace.session import load_session, session_text
from retropace.simulate import Truth, demo
from retropace.summary import Summary, summarise
from retropace.views.document import document, document_json
from retropace.views.page import html_report
from retropace.views.picture import png_report
from retropace.views.terminal import print_summary
from retropace.writers.fit import activity_bytes

#: How near to a change of direction [s] a second counts as belonging to the edge.
EDGE_S = 4


def run(options: Namespace) -> int:
    """Simulate, write, read back, analyse, report, and compare with the truth; or serve the app with a demo person."""
    if options.serve:
        return _served(options)
    folder: Path = options.out
    recording, truth, meant = demo(options.seed)
    write_bytes(folder / "session.toml", session_text(meant).encode())
    write_bytes(folder / "run.fit", activity_bytes(recording))
    summary = summarise(read(folder / "run.fit"), session=load_session(folder / "session.toml"))
    write_bytes(folder / "report.html", html_report(summary, system=options.units, hide_radius_m=0).encode())
    write_bytes(folder / "report.png", png_report(summary, system=options.units))
    write_bytes(folder / "report.json", document_json([document(summary)]))
    print_summary(summary, options.units)
    sys.stdout.write(_compared(summary, truth) + _closing(folder))
    return 0


def _served(options: Namespace) -> int:
    """The app over a demo person of today, in a folder of their own. One of another day is made anew."""
    from retropace.cli import main
    from retropace.demo_person import fill
    from retropace.store.notebook import LOCAL
    from retropace.store.recordings import Recordings
    from retropace.store.takeover import open_folder

    today = dt.date.today()
    folder: Path = options.out / f"app-{today}"
    notebook = open_folder(folder)
    if not notebook.simulated or notebook.wanted() is None:
        sys.stderr.write("retropace: making five weeks of a demo person ...\n")
        notebook.end()
        fill(notebook, Recordings(notebook.database, LOCAL), today)
    notebook.database.close()
    quiet = ["--quiet"] if options.quiet else []
    return main(["serve", "--folder", str(folder), "--port", str(options.port), *quiet])


def _compared(summary: Summary, truth: Truth) -> str:
    """How what was found compares with what was simulated, second by second."""
    found, true = (directions(bouts, truth.time_s) for bouts in ([b.bout for b in summary.bouts], truth.bouts))
    is_backward, called = true == Direction.BACKWARD, found == Direction.BACKWARD
    near = np.convolve(is_backward, np.ones(2 * EDGE_S + 1), "same") > 0
    wrong = called & (true == Direction.FORWARD)
    early_or_late, elsewhere = int(np.sum(wrong & near)), int(np.sum(wrong & ~near))
    unknown = int(np.sum(is_backward & (found == Direction.UNKNOWN)))
    return (
        f"Nobody ran this: it is simulated, so the truth is known. Of {int(is_backward.sum())} s backward, "
        f"{int(np.sum(is_backward & called))} s were found\nand {unknown} s left unknown; {early_or_late} s forward "
        f"within {EDGE_S} s of an edge were called backward, {elsewhere} s elsewhere.\n"
    )


def directions(bouts: list[Bout] | tuple[Bout, ...], time_s: np.ndarray) -> np.ndarray:
    """The direction at each of `time_s`, unknown outside all bouts."""
    found = np.full(time_s.size, Direction.UNKNOWN, dtype=object)
    for bout in bouts:
        found[(time_s >= bout.start_s) & (time_s < bout.end_s)] = bout.direction
    return found


def _closing(folder: Path) -> str:
    return (
        f"\nThe report:   {folder / 'report.html'}   (open it in a browser)\n"
        f"As a picture: {folder / 'report.png'}\n"
        f"As JSON:      {folder / 'report.json'}\n"
        f"Try yourself: ./run analyse {folder / 'run.fit'} --session {folder / 'session.toml'}\n"
    )

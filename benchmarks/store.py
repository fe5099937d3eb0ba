"""How long it takes to keep 100 recordings, and to read what a page needs of them.

Run: PYTHONPATH=src .venv/bin/python benchmarks/store.py [--database postgresql://USER@HOST/NAME]
The peer in the same run writes the same bytes to one file each and waits until it is on the disk, as every commit does.
Median of several rounds; wall time, since waiting for the disk is the point.
"""

import argparse
import datetime as dt
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from retropace.digest import digests, stale
from retropace.intake import intake
from retropace.readers import read_bytes
from retropace.simulate import Place, Runner, demo_session, simulate
from retropace.simulate.demo import DEMO_WATCH
from retropace.store.database import open_database, sqlite_url
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.writers.fit import activity_bytes

FILES, ROUNDS = 100, 5
START = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description="Times the store.")
    parser.add_argument("--database", help="another database than SQLite; its local person is deleted")
    url = parser.parse_args().database
    runs = [run(number) for number in range(FILES)]
    read = [(name, content, read_bytes(name, content)) for name, content in runs]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        database = open_database(url or sqlite_url(folder / "retropace.db"))
        notebook, recordings = Notebook(database), Recordings(database, "local")

        def emptied() -> None:
            notebook.end()
            notebook.begin()

        def plain() -> None:
            for name, content in runs:
                write(folder / name, content)

        def keep() -> None:
            for name, content, recording in read:
                recordings.add(name, content, recording, START.date())

        def bring() -> None:
            for name, content in runs:
                require(all(outcome.new for outcome in intake(notebook, recordings, name, content)))

        def again() -> None:
            for name, content in runs:
                require(not any(outcome.new for outcome in intake(notebook, recordings, name, content)))

        def page() -> None:
            require(len(digests(notebook, recordings)) == FILES)
            notebook.settings(), notebook.person(), notebook.screenings(), notebook.wanted(), notebook.log()

        size = sum(len(content) for _, content in runs)
        print(f"{FILES} files, {size / 1e6:.1f} MB, on {database.name if url else 'SQLite'}")
        shown("written to files, each on the disk", rounds(plain, nothing, plain))
        shown("kept: original and row", rounds(keep, emptied, plain))
        shown("imported: read, kept, figures computed", rounds(bring, emptied, plain))
        shown("imported again: known", rounds(again, nothing, plain))
        require(not stale(notebook, recordings))
        shown("a page's reads: all digests, settings, log", rounds(page, nothing, plain))
        database.close()


def nothing() -> None:
    pass


def require(done: object) -> None:
    """Leave where what was timed did not do what it should."""
    if not done:
        raise SystemExit("The store did not do what was timed.")


def run(number: int) -> tuple[str, bytes]:
    """A simulated first session of its own day."""
    start = START - dt.timedelta(days=number)
    watched, _ = simulate(demo_session(), Runner(), Place(), DEMO_WATCH, number, start)
    return f"{number}.fit", activity_bytes(watched)


def write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def rounds(work: Callable[[], None], before: Callable[[], None], peer: Callable[[], None]) -> list[tuple[float, float]]:
    """Wall time of `work` and of its peer right after it, `before` each round not counted [s]."""
    taken = []
    for _ in range(ROUNDS):
        before()
        begun = time.perf_counter()
        work()
        done = time.perf_counter()
        peer()
        taken.append((done - begun, time.perf_counter() - done))
    return taken


def shown(what: str, taken: list[tuple[float, float]]) -> None:
    seconds = statistics.median(own for own, _ in taken)
    ratio = statistics.median(own / peer for own, peer in taken)
    print(f"{what:45} {1e3 * seconds / FILES:7.2f} ms a file   ratio {ratio:6.2f}")


if __name__ == "__main__":
    main()

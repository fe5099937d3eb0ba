"""How long a 3 h, 1 Hz FIT activity takes to become a recording, beside two other Python readers decoding it plainly.

10,800 records of 16 fields and a developer field, 24 laps with names; made in memory, the same every time. The readers
take turns in one process. Run: .venv/bin/python benchmarks/fit_reading.py
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import fitdecode  # noqa: E402
import fitparse  # noqa: E402

from fit_bytes import activity  # noqa: E402
from retropace.readers import fit  # noqa: E402
from retropace.recording import Lap  # noqa: E402
from retropace.writers.fit import activity_bytes  # noqa: E402

SECONDS, LAPS = 10_800, 24
BUDGET_MS, STRETCH_MS = 30, 10
#: Turns of the fast and of the slow ones.
TURNS, SLOW_TURNS = 21, 3


def made() -> bytes:
    length = SECONDS / LAPS
    laps = tuple(Lap(k * length, (k + 1) * length, f"lap {k}", "active") for k in range(LAPS))
    return activity_bytes(replace(activity(SECONDS, seed=3), laps=laps))


def fitdecode_messages(data: bytes) -> int:
    with fitdecode.FitReader(data) as frames:
        return sum(1 for frame in frames if isinstance(frame, fitdecode.FitDataMessage))


def fitparse_messages(data: bytes) -> int:
    return sum(1 for _ in fitparse.FitFile(data).get_messages())


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


def main() -> None:
    data = made()
    works: dict[str, tuple[Callable[[], object], int]] = {
        "retropace, file to Recording": (lambda: fit.read("run.fit", data), TURNS),
        "retropace, all messages to columns": (lambda: fit.decode(data), TURNS),
        "retropace, damaged (checksum wrong)": (lambda: fit.read("run.fit", data[:-2]), TURNS),
        "fitdecode, plain decode": (lambda: fitdecode_messages(data), SLOW_TURNS),
        "fitparse, plain decode": (lambda: fitparse_messages(data), SLOW_TURNS),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    fit.read("run.fit", data)
    for turn in range(TURNS):
        for name, (work, turns) in works.items():
            if turn < turns:
                taken[name].append(milliseconds(work))
    ours = statistics.median(taken["retropace, file to Recording"])
    print(f"3 h at 1 Hz, {len(data) / 1000:.0f} kB, {SECONDS} records; budget {BUDGET_MS} ms, stretch {STRETCH_MS} ms")
    print(f"{'':38}{'median ms':>10}{'fastest':>9}{'× ours':>8}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:38}{median:10.1f}{min(times):9.1f}{median / ours:8.1f}")


if __name__ == "__main__":
    main()

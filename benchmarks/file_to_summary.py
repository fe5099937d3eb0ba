"""How long a 3 h, 1 Hz FIT file takes to become a summary, beside a plain decode with the usual Python FIT library.

Run: .venv/bin/python benchmarks/file_to_summary.py
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import fitdecode  # noqa: E402

from made import FIRST_DAY, Part, recording, session_of  # noqa: E402
from retropace.person import Person  # noqa: E402
from retropace.readers import read_bytes  # noqa: E402
from retropace.summary import summarise  # noqa: E402
from retropace.writers.fit import activity_bytes  # noqa: E402

BUDGET_S, STRETCH_S = 0.3, 0.1


def seconds(work: Callable[[], object], times: int) -> float:
    """Median wall time of `times` runs after one warm-up."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def plain_decode(data: bytes) -> int:
    with fitdecode.FitReader(data) as frames:
        return sum(1 for frame in frames if isinstance(frame, fitdecode.FitDataMessage))


def main() -> None:
    parts = (*FIRST_DAY, Part(10_800 - sum(p.seconds for p in FIRST_DAY), 2.7, 166))
    made = recording(parts, laps=True)
    data = activity_bytes(made, None)
    person, plan = Person(mass_kg=70.0), session_of(parts[:14])
    reading = seconds(lambda: read_bytes("three-hours.fit", data), 9)
    analysing = seconds(lambda: summarise(made, person), 9)
    planned = seconds(lambda: summarise(made, person, plan), 5)
    decode = seconds(lambda: plain_decode(data), 3)
    total = reading + analysing
    print(f"3 h at 1 Hz, {len(data) / 1000:.0f} kB, {len(made.track)} records; medians")
    print(f"  read            {reading * 1e3:7.1f} ms   {reading / total:4.0%}")
    print(f"  analyse         {analysing * 1e3:7.1f} ms   {analysing / total:4.0%}")
    print(f"  both            {total * 1e3:7.1f} ms   budget {BUDGET_S * 1e3:.0f}, stretch {STRETCH_S * 1e3:.0f}")
    print(f"  analyse with a plan to follow {planned * 1e3:.1f} ms")
    print(f"  plain fitdecode {decode * 1e3:7.1f} ms   both ÷ fitdecode = {total / decode:.2f}")


if __name__ == "__main__":
    main()

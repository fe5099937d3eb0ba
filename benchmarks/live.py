"""Live: an hour of 100 Hz, nine axes, as it comes, second by second, each second with its answer, the bouts so far.

Prints CPU milliseconds of a second (median, 99 of 100, most), what of it is hearing and what thinking, and what a fixed
piece of work takes in the same run: machines differ and are shared, so that the ratio to it tells more than milliseconds.
The hour comes several times. "Least" takes each second when it took least: what the work needs, without what others on the
machine added; "as it came" is the last of the hours with all that.
Run: .venv/bin/python benchmarks/live.py [MINUTES]   (default 60)
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

# As the command line does: no second processor.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from benchmarks.motion import cut, hour  # noqa: E402

from retropace.live_direction import PRESSING, Live  # noqa: E402
from retropace.motion.listener import Listener  # noqa: E402
from retropace.motion.placement import Placement  # noqa: E402
from retropace.recording import Recording, Stream  # noqa: E402

BUDGET_MS = 5.0
#: Samples in a second.
SECOND = 100
#: Calls of the reference, and the length of what it works on: as many and as small as a second's are.
CALLS, LENGTH = 1000, 200

#: How often the hour comes.
ROUNDS = 3

Milliseconds = npt.NDArray[np.float64]


def taken_ms(work: Callable[[Mapping[str, Stream]], object], recording: Recording, seconds: int) -> Milliseconds:
    """CPU milliseconds of `work` on each second of `recording`."""
    taken = []
    for first in range(0, seconds * SECOND, SECOND):
        came = cut(recording.motion, first, first + SECOND)
        start = time.process_time()
        work(came)
        taken.append(time.process_time() - start)
    return 1000 * np.array(taken)


def hearing(recording: Recording) -> Callable[[Mapping[str, Stream]], object]:
    """Hears a second, as for an answer, and thinks nothing of it."""
    listener = Listener(list(recording.motion))
    listener.press(PRESSING[Placement.WAIST])

    def hear(came: Mapping[str, Stream]) -> object:
        listener.push(came)
        return listener.heard()

    return hear


def reference_ms() -> float:
    """CPU milliseconds of `CALLS` small array operations, the least of many tries."""
    values = np.linspace(0.0, 1.0, LENGTH)
    tries = []
    for _ in range(50):
        start = time.process_time()
        for _ in range(CALLS // 2):
            np.exp(values)
            np.where(values > 0.5, values, 0.0)
        tries.append(time.process_time() - start)
    return 1000 * min(tries)


def line(name: str, taken: Milliseconds, reference: float) -> str:
    half, nearly = np.percentile(taken, [50, 99])
    ratio = nearly / reference
    return f"{name:23}{half:6.2f} ms, p99 {nearly:6.2f} ms, most {taken.max():6.1f} ms   p99 ÷ reference {ratio:.1f}"


def main() -> None:
    seconds = 60 * int(sys.argv[1]) if len(sys.argv) > 1 else 3600
    recording = hour()
    before = reference_ms()
    heard = [taken_ms(hearing(recording), recording, seconds) for _ in range(ROUNDS)]
    answered = [taken_ms(Live(list(recording.motion)).push, recording, seconds) for _ in range(ROUNDS)]
    reference = min(before, reference_ms())
    print(f"{seconds // 60} min of 100 Hz, nine axes, second by second")
    print(f"reference              {reference:6.2f} ms   {CALLS} small array operations")
    for name, rounds in (("heard", heard), ("with its answer", answered)):
        print(line(f"{name}, least", np.min(rounds, axis=0), reference) + f"   budget {BUDGET_MS:.0f} ms")
        print(line("   as it came", rounds[-1], reference))


if __name__ == "__main__":
    main()

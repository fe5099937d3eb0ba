"""How much of a run is lost when browser or page is killed at a random moment. Measured, not argued.

Run: .venv/bin/python validation/coach_crash.py [--times N]   (20 unless said; each takes about five seconds)

Half of them kill -9 the whole browser, half crash the page's process. Every run feels motion and orientation at 100 Hz each;
what the next page finds on the disk is compared with what was felt, and with what the recorder had counted as durable.
"""

import argparse
import random
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from coach_crashes import Crash, crash  # noqa: E402
from recorded_runs import bare_house  # noqa: E402


def campaign(times: int, seed: int) -> list[Crash]:
    """So many crashes, each told as it happens."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    print(f"{'killed':8} {'after s':>7} {'felt':>6} {'found':>6} {'lost':>5} {'lost ms':>8} {'confirmed but lost':>19}")
    crashes = []
    with bare_house() as at:
        for number in range(times):
            one = crash(at, "page" if number % 2 else "browser", chance.uniform(0.5, 6.0))
            crashes.append(one)
            figures = f"{one.after_s:7.2f} {one.felt:6} {one.found:6} {one.lost:5} {one.lost_ms:8.0f}"
            print(f"{one.how:8} {figures} {one.confirmed_but_lost:19}", flush=True)
    return crashes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    crashes = campaign(asked.times, asked.seed)
    lost = [one.lost_ms for one in crashes]
    broken = sum(one.confirmed_but_lost for one in crashes)
    print(
        f"\n{len(crashes)} crashes: lost median {median(lost):.0f} ms, most {max(lost):.0f} ms; confirmed but lost {broken}"
    )
    return int(broken > 0 or max(lost) > 500)


if __name__ == "__main__":
    raise SystemExit(main())

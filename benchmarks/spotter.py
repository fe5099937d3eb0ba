"""How long a spotter's STOP takes from their finger to the runner's page, and until both know that a link is gone.

Two browsers with one page each and a server of its own, all on this machine: what radio adds is not in it.
Run: PYTHONPATH=src:tests .venv/bin/python benchmarks/spotter.py [--presses 60]
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from retropace.store.notebook import Notebook
from retropace.store.takeover import open_folder
from retropace.web.server import free_port
from spotting import linked, run_page, shows, spot_page, until
from wire import wired

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CUTS = 5
_STAMP = "performance.timeOrigin + performance.now()"


def main() -> None:
    parser = argparse.ArgumentParser(description="Times the spotter's link.")
    parser.add_argument("--presses", type=int, default=60)
    presses = parser.parse_args().presses
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    with served() as house, sync_playwright() as playwright:
        one, other = (
            playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]) for _ in "ab"
        )
        stops = pressed(one, other, house, presses)
        told("finger to the runner's page", [there for there, _ in stops])
        told("finger to STOPPED on the spotter's page", [back for _, back in stops])
        for side in ("spotter", "runner"):
            gone = [cut(one, other, house, side) for _ in range(CUTS)]
            told(f"cut of the {side}'s link to its own page", [own for own, _ in gone])
            told(f"cut of the {side}'s link to the other page", [theirs for _, theirs in gone])
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


def told(what: str, times_ms: list[float]) -> None:
    """One line: how many, the middle, the 95th and 99th of a hundred, the worst."""
    cuts = statistics.quantiles(times_ms, n=100, method="inclusive")
    print(
        f"{what:42} n {len(times_ms):3}  p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}  p99 {cuts[98]:7.1f}"
        f"  max {max(times_ms):7.1f} ms"
    )


@contextmanager
def served() -> Iterator[str]:
    """A server in a process of its own; its address."""
    with tempfile.TemporaryDirectory() as folder:
        Notebook(open_folder(Path(folder)).database).begin()
        port = free_port("127.0.0.1", 0)
        command = [sys.executable, "-m", "retropace", "serve", "--folder", folder, "--port", str(port), "--quiet"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            address = f"http://127.0.0.1:{port}"
            for _ in range(200):
                with suppress(OSError), urllib.request.urlopen(f"{address}/evidence"):  # noqa: S310 - our own
                    break
                time.sleep(0.1)
            try:
                yield address
            finally:
                server.terminate()


def pressed(one: "Browser", other: "Browser", house: str, presses: int) -> list[tuple[float, float]]:
    """For each press how long until the runner's page was told [ms], and until the spotter's page showed it [ms]."""
    runner, path = run_page(one, house)
    spotter = spot_page(other, house + path)
    linked(runner)
    found = []
    for number in range(1, presses + 1):
        spotter.wait_for_timeout(random.uniform(50, 300))  # noqa: S311 - beats and presses must not keep in step
        spotter.mouse.move(200, 600)
        spotter.mouse.down()
        spotter.mouse.up()
        shows(spotter, "stopped")
        until(runner, f"told.stop.length === {number}")
        at = spotter.evaluate("[pressed, shown.at(-1).at]")
        found.append((runner.evaluate("told.stop.at(-1).at") - at[0], at[1] - at[0]))
        runner.evaluate("spotter.went_on()")
        shows(spotter, "live")
    close(runner, spotter)
    return found


def cut(one: "Browser", other: "Browser", house: str, side: str) -> tuple[float, float]:
    """After a cut of one side's link: how long until its own page, and the other, noticed [ms]."""
    with wired(house) as wire:
        runner, path = run_page(one, wire.address if side == "runner" else house)
        spotter = spot_page(other, (wire.address if side == "spotter" else house) + path)
        linked(runner)
        shows(spotter, "live")
        spotter.wait_for_timeout(random.uniform(1000, 1500))  # noqa: S311
        at_ms = spotter.evaluate(_STAMP)
        wire.cut()
        linked(runner, alive=False)
        shows(spotter, "lost")
        noticed = runner.evaluate("told.link.at(-1).at") - at_ms, spotter.evaluate("shown.at(-1).at") - at_ms
        close(runner, spotter)
    return noticed if side == "runner" else (noticed[1], noticed[0])


def close(*pages: "Page") -> None:
    """Close pages with all that belongs to them."""
    for page in pages:
        page.context.close()


if __name__ == "__main__":
    main()

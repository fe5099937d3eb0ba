"""The coach's page on a poor network and a slow phone: when the session is shown, how much came for it, and how much after.

Budget: 2 s and 60 kB to the ready screen at 400 kbit/s, 300 ms and a processor four times as slow. Chromium, nothing kept.
Run: PYTHONPATH=src:tests .venv/bin/python benchmarks/coach_page.py
"""

import math
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.web.house import House
from served import HOSTS, NOW, PHONE, serving
from web.coach.conftest import begin_today

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

ROUNDS = 5
BYTES_S, LATENCY_MS, SLOWER = 400_000 / 8, 300, 4
#: Budget: until the session is shown [ms], and what came until then [bytes].
MOST_MS, MOST_BYTES = 2000, 60_000
_WAIT_MS = 100


@dataclass(frozen=True)
class Load:
    """One load: the session shown after so long [ms] with so many bytes and requests; after so long it can be begun."""

    ready_ms: float
    ready_bytes: int
    requests: int
    begin_ms: float
    begin_bytes: int


def main() -> None:
    loads = measured(ROUNDS)
    for name in ("ready_ms", "ready_bytes", "requests", "begin_ms", "begin_bytes"):
        values = [getattr(load, name) for load in loads]
        print(f"{name:12} median {statistics.median(values):.0f}, worst {max(values):.0f}")
    print(f"budget: {MOST_MS} ms and {MOST_BYTES} bytes until the session is shown")


def measured(rounds: int) -> list[Load]:
    """So many first loads, each in a browser of its own."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/retropace.db")
        notebook = Notebook(database)
        notebook.begin()
        begin_today(notebook)
        house = House(database, secret=b"benchmark", clock=lambda: NOW, hosts=HOSTS)
        with serving(house) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
            )
            _load(browser, address)  # the house opens its rooms
            loads = [_load(browser, address) for _ in range(rounds)]
            browser.close()
        database.close()
    return loads


def _load(browser: "Browser", address: str) -> Load:
    context = browser.new_context(viewport=PHONE, service_workers="block")  # type: ignore[arg-type]
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    came = _slowed(devtools)
    page.goto(f"{address}/coach", wait_until="commit")
    ready_ms = _mark(page, "ready")
    begin_ms = _mark(page, "all")
    began = page.evaluate("performance.timeOrigin")
    early = [one for one in came.values() if one.get("ended", math.inf) <= began + ready_ms]
    later = [one for one in came.values() if one.get("ended", math.inf) <= began + begin_ms]
    context.close()
    return Load(ready_ms, _bytes(early), len(early), begin_ms, _bytes(later))


def _slowed(devtools: "CDPSession") -> dict[str, dict[str, Any]]:
    """Slow the network and the processor down; what comes from now on, by request."""
    came: dict[str, dict[str, Any]] = {}
    offset_ms: dict[str, float] = {}

    def sent(event: dict[str, Any]) -> None:
        came[event["requestId"]] = {"url": event["request"]["url"]}
        offset_ms[event["requestId"]] = 1000 * (event["wallTime"] - event["timestamp"])

    def ended(event: dict[str, Any]) -> None:
        key = event["requestId"]
        came[key] |= {"ended": 1000 * event["timestamp"] + offset_ms[key], "bytes": event["encodedDataLength"]}

    devtools.on("Network.requestWillBeSent", sent)
    devtools.on("Network.loadingFinished", ended)
    devtools.send("Network.enable")
    limits = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_S, "uploadThroughput": BYTES_S}
    devtools.send("Network.emulateNetworkConditions", limits)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return came


def _mark(page: "Page", name: str) -> float:
    """When the page made a mark [ms after it was asked for]."""
    for _ in range(600):
        found = page.evaluate("name => performance.getEntriesByName(name)[0]?.startTime ?? null", name)
        if found is not None:
            return float(found)
        page.wait_for_timeout(_WAIT_MS)
    raise SystemExit(f"The page never came to {name!r}.")


def _bytes(requests: Any) -> int:
    return sum(int(one.get("bytes", 0)) for one in requests)


if __name__ == "__main__":
    main()

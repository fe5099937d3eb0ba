"""The coach with the server gone: how long a reload takes until the session is shown again, from what the phone keeps.

Budget: 200 ms in Chromium. The ratio is to the same reload with the server there and nothing kept but the browser's cache.
Run: PYTHONPATH=src:tests .venv/bin/python benchmarks/coach_offline.py
"""

import shutil
import statistics
import tempfile
import time
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.web.house import House
from served import HOSTS, NOW, PHONE, context_of, serving
from web.coach.conftest import begin_today

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 15
MOST_MS = 200
#: Notes when the page says that its session is shown.
_NOTES = """new MutationObserver(() => {
    const at = document.body?.dataset.at
    if (at && at !== "loading") window.shown_ms ??= performance.now()
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["data-at"]})"""


def main() -> None:
    """Print the times and their ratio."""
    database = open_database(f"sqlite:///{tempfile.mkdtemp()}/retropace.db")
    Notebook(database).begin()
    begin_today(Notebook(database))
    house = House(database, secret=b"benchmark", clock=lambda: NOW, hosts=HOSTS)
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        with serving(house) as address:
            there = context_of(browser, PHONE).new_page()
            there.add_init_script(_NOTES)
            there.goto(f"{address}/coach")
            online = _reloads(there)
            kept = context_of(browser, PHONE, keeps=True).new_page()
            kept.add_init_script(_NOTES)
            kept.goto(f"{address}/coach")
            kept.evaluate("navigator.serviceWorker.ready.then(() => true)")
            time.sleep(2)
            kept.reload()
        offline = _reloads(kept)
        browser.close()
    typical = statistics.median(offline)
    print(f"server gone: {typical:.0f} ms (worst {max(offline):.0f}), budget {MOST_MS} ms")
    print(f"server there: {statistics.median(online):.0f} ms; ratio {typical / statistics.median(online):.2f}")


def _reloads(page: "Page") -> list[float]:
    times = []
    for _ in range(ROUNDS):
        page.reload()
        while page.evaluate("() => window.shown_ms === undefined"):
            time.sleep(0.01)
        times.append(float(page.evaluate("() => window.shown_ms")))
    return times


if __name__ == "__main__":
    main()

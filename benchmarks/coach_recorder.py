"""What recording costs a phone, and how quickly a run is sent: commits to the disk, time per sample, parts per second.

Run: .venv/bin/python benchmarks/coach_recorder.py [--seconds N]   (60 unless said)

Headless Chromium of this machine, with a profile on the disk; motion (9 axes) and orientation, 100 a second each.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from playwright.sync_api import sync_playwright  # noqa: E402

from made_coached import FIRST, guide_of  # noqa: E402
from recorded_runs import PAGE, begin, in_page, modules  # noqa: E402
from retropace.store.database import open_database  # noqa: E402
from retropace.store.notebook import Notebook  # noqa: E402
from retropace.web.assets import address  # noqa: E402
from retropace.web.house import House  # noqa: E402
from served import HOSTS, NOW, serving  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SAMPLE = """const still = { ay: -1, az: 0, gy: 9.8, gz: 0.1, ra: 1, rb: 2, rg: 3, interval_ms: 10 };
  const sample = (i) => ({ at_ms: at(), ax: i, gx: i % 7, ...still });
"""
_COMMITS = """async (rate, seconds) => {
  SAMPLE
  const took = [], write = keep.writeChunks.bind(keep), began = performance.now();
  keep.writeChunks = async (chunks) => {
    const start = performance.now();
    await write(chunks);
    took.push(performance.now() - start);
  };
  for (let i = 0; i < rate * seconds;) {
    for (const due = ((performance.now() - began) / 1000) * rate; i < due; i += 1) {
      feel("motion", sample(i));
      feel("orientation", { alpha: i % 360, beta: 1, gamma: 2, absolute: true });
    }
    await wait(5);
  }
  return { took, ...recorder.counts };
}""".replace("SAMPLE", _SAMPLE)
_PER_SAMPLE = """async (n) => {
  SAMPLE
  const heard = new EventTarget(), lone = (kind, detail) => heard.dispatchEvent(new CustomEvent(kind, { detail }));
  let felt = 0;
  heard.addEventListener("motion", () => { felt += 1; });
  const spent = async (tell) => {
    const began = performance.now();
    for (let i = 0; i < n; i += 1) tell("motion", sample(i));
    return ((performance.now() - began) * 1000) / n;
  };
  await spent(lone);
  const without = await spent(lone);
  await wait(1000);
  const whole = await spent(feel);
  await recorder.flush();
  return [without, whole];
}""".replace("SAMPLE", _SAMPLE)
#: A long run as the recorder would have left it, put there at once.
_FULL = """async (records, seconds) => {
  SAMPLE
  const { Lines, Records } = await import(records), began = at() - seconds * 1000;
  const streams = [new Records("motion"), new Records("orientation"), new Lines()], chunks = [];
  const seqs = { motion: 0, orientation: 0, lines: 0 };
  for (let quarter = 0; quarter < seconds * 4; quarter += 1) {
    for (let i = 0; i < 15; i += 1) {
      const at_ms = began + quarter * 250 + i * 16;
      streams[0].add(at_ms, sample(i));
      streams[1].add(at_ms, { alpha: i, beta: 1, gamma: 2, absolute: true });
    }
    if (quarter % 4 === 0) streams[2].add(began + quarter * 250, { k: "position", lat: 47, lon: 8, speed_mps: 2.5 });
    for (const chunk of streams.map((one) => one.cut()).filter(Boolean)) {
      chunks.push({ run: run.id, seq: seqs[chunk.stream]++, ...chunk });
    }
  }
  await recorder.found;
  for (let i = 0; i < chunks.length; i += 400) await keep.writeChunks(chunks.slice(i, i + 400));
  await recorder.stop();
}""".replace("SAMPLE", _SAMPLE)
_SENT = """async (modules, run) => {
  const { upload, finish } = await import(modules.upload);
  const csrf = (await fetch("/coach/session.json", { method: "HEAD" })).headers.get("x-csrf");
  const used = (await keep.estimate()).used, began = performance.now();
  const sent = await upload(keep, run, { csrf }), whole = performance.now();
  const done = await finish(keep, run, { csrf });
  return { ...sent, ...done, used, upload_s: (whole - began) / 1000, finish_s: (performance.now() - whole) / 1000 };
}"""


def measure(page: "Page", seconds: int) -> None:
    """Print every figure."""
    begin(page)
    commits(in_page(page, _COMMITS, 100, seconds), "as this machine is")
    begin(page)
    without, whole = in_page(page, _PER_SAMPLE, 100_000)
    print(f"per motion sample: {whole:.2f} us, of which the event itself {without:.2f} us")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    begin(page)
    commits(in_page(page, _COMMITS, 100, seconds // 2), "4 times slower")
    begin(page)
    without, whole = in_page(page, _PER_SAMPLE, 20_000)
    print(f"per motion sample, 4 times slower: {whole:.2f} us, of which the event itself {without:.2f} us")
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def commits(found: dict[str, Any], how: str) -> None:
    """Print how long commits took."""
    cuts = quantiles(found["took"], n=100)
    told = f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, most {max(found['took']):.1f} ms"
    print(f"{len(found['took'])} commits, {how}: {told}; {found['motion'] + found['orientation']} samples")


def sending(page: "Page", minutes: int) -> None:
    """Print how long it takes to send a run of so many minutes at 60 Hz, and to have it read."""
    run = begin(page, guide=guide_of(FIRST))
    in_page(page, _FULL, address("coach-records.js"), minutes * 60)
    told = in_page(page, _SENT, modules(), run)
    size = minutes * 60 * 60 * (48 + 32) / 1e6
    rate = f"{told['parts'] / told['upload_s']:.0f} parts/s, {size / told['upload_s']:.1f} MB/s"
    print(f"{minutes} min, {size:.1f} MB, {told['parts']} parts: sent in {told['upload_s']:.1f} s ({rate})")
    print(
        f"read, compared and removed in {told['finish_s']:.1f} s; on the phone's disk it took {told['used'] / 1e6:.1f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        database = open_database(f"sqlite:///{folder}/retropace.db")
        Notebook(database).begin()
        with serving(House(database, secret=b"benchmark", clock=lambda: NOW, hosts=HOSTS)) as at:
            flags = ["--no-sandbox", "--disable-gpu"]
            browser = playwright.chromium.launch_persistent_context(
                f"{folder}/profile", executable_path="/usr/bin/chromium", args=flags
            )
            page = browser.new_page()
            page.goto(at + PAGE)
            measure(page, asked.seconds)
            sending(page, 30)
            browser.close()
        database.close()


if __name__ == "__main__":
    main()

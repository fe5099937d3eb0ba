"""App start to first page, and what it took: a fresh process on a store with five weeks in it, and on an empty one.

Budget: 1 s and 120 MB. The peer in the same run is a bare Python that imports the web server and answers one page.
Run: PYTHONPATH=src .venv/bin/python benchmarks/app_start.py
"""

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from retropace.demo_person import fill
from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings

ROOT = Path(__file__).parent.parent
ROUNDS = 5
_BARE = """
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("here"))])
uvicorn.run(app, port={port}, log_level="warning", lifespan="off", ws="none")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/retropace.db")
        notebook = Notebook(database)
        fill(notebook, Recordings(database, notebook.person_id), dt.date.today())
        database.close()
        lived = [sys.executable, "-m", "retropace", "serve", "--quiet", "--folder", folder, "--port", "8461"]
        empty = [*lived[:-3], f"{folder}/empty", "--port", "8463"]
        bare = [sys.executable, "-c", _BARE.format(port=8462)]
        commands = ((lived, 8461), (empty, 8463), (bare, 8462))
        rounds = [[_started(*command) for command in commands] for _ in range(ROUNDS)]
    for number, name in enumerate(("retropace", "with nobody yet", "bare server")):
        seconds, cpu_s, memory_mb = (
            statistics.median(column) for column in zip(*(r[number] for r in rounds), strict=True)
        )
        print(f"{name:16} first page after {seconds:.2f} s ({cpu_s:.2f} s of CPU), {memory_mb:.0f} MB")
    ratio = statistics.median(own[0] / peer[0] for own, _, peer in rounds)
    print(f"ratio {ratio:.1f} (budget: 1 s, 120 MB)")


def _started(command: list[str], port: int) -> tuple[float, float, float]:
    """Seconds from starting `command` to its first whole page, those its processor worked, and its memory then [MB]."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT, env={"PYTHONPATH": "src", "PATH": ""})
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
                    page.read()
                break
            except urllib.error.HTTPError:
                raise
            except OSError:  # nobody listens yet
                time.sleep(0.005)
        return time.perf_counter() - began, _cpu_s(process.pid), _memory_mb(process.pid)
    finally:
        process.terminate()
        process.wait()


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


if __name__ == "__main__":
    main()

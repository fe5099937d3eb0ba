"""Examples without a deadline; somebody with weeks behind them, lived once for all tests of a run."""

import gc
import os
from collections import defaultdict
from collections.abc import Generator
from fcntl import LOCK_EX, flock
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from retropace.demo_person import fill
from retropace.store.database import open_database, sqlite_url
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from served import TODAY

#: How long an example takes says nothing on a machine with other work.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
_WAITED_FOR = {"browser", "chromium", "cluster", "coach_at"}


@pytest.fixture(scope="session")
def lived_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo person's database, made once for all processes of a run. It is copied and never changed."""
    base = tmp_path_factory.getbasetemp()
    kept = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "lived.db"
    with kept.with_suffix(".turn").open("w") as turn:
        flock(turn, LOCK_EX)  # whoever comes second waits, and finds it made
        if not kept.exists():
            made = tmp_path_factory.mktemp("lived") / "retropace.db"
            database = open_database(sqlite_url(made))
            notebook = Notebook(database)
            fill(notebook, Recordings(database, notebook.person_id), TODAY)
            database.close()
            made.replace(kept)
    return kept


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Thousands of tests stay until the end: looking through them for garbage would cost an eighth of all the time."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every worker as many tests, those that wait for a browser or another program first: nobody is late with them.

    Workers take equal parts of the list as it stands, and from each other's ends. A module stays whole.
    """
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    if workers == 1:
        return
    modules: defaultdict[Path, list[pytest.Item]] = defaultdict(list)
    for item in items:
        modules[item.path].append(item)
    lanes: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for tests in sorted(modules.values(), key=lambda tests: (not any(map(_waits, tests)), -len(tests))):
        min(lanes, key=len).extend(tests)
    items[:] = chain.from_iterable(lanes)


def _waits(item: pytest.Item) -> bool:
    return not _WAITED_FOR.isdisjoint(getattr(item, "fixturenames", ()))

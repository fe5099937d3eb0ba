"""A real PostgreSQL for tests: a private cluster on a socket in a folder of its own, gone when the tests are over."""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

MISSING = "install PostgreSQL to test the server's store (Debian: apt-get install postgresql)"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Cluster:
    """A running server. `programs` is the folder of initdb and pg_ctl, `folder` holds its data and its socket."""

    programs: Path
    folder: Path

    def url(self, database: str = "postgres") -> str:
        return f"postgresql:///{database}?host={self.folder}&user=retropace"

    def start(self) -> None:
        settings = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off -c max_connections=60"
        _run(
            self.programs / "pg_ctl",
            "-D",
            self.folder / "data",
            "-l",
            self.folder / "log",
            "-w",
            "-o",
            settings,
            "start",
        )

    def stop(self) -> None:
        _run(self.programs / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")

    def new_database(self) -> str:
        """The address of an empty database that nobody else uses."""
        import psycopg

        name = f"t{next(_NUMBERS)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One server for the tests of one process."""
    programs = _programs()
    if programs is None:
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path may be no longer than 107 bytes
    if (user := _user()) is not None:
        shutil.chown(folder, user)
    try:
        made = Cluster(programs, folder)
        _run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "retropace",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        )
        made.start()
        yield made
        made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(cluster: Cluster) -> str:
    """The address of an empty database of its own."""
    return cluster.new_database()


def _programs() -> Path | None:
    """Where initdb and pg_ctl are: on the path, or where Debian keeps them, the newest version first."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def _user() -> str | None:
    """Whom to be instead of root, as whom PostgreSQL refuses to run; None where we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(*words: object) -> None:
    done = subprocess.run(
        [str(word) for word in words],
        user=_user(),
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()

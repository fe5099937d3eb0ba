"""A real PostgreSQL for tests: a private cluster on a socket in a folder of its own, gone when the tests are over."""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

MISSING = "install PostgreSQL to test the server's store (Debian: apt-get install postgresql)"
_NUMBERS = itertools.count(1)
_ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}


#: Runs the server until whoever started it closes the pipe, or is killed.
_UNTIL_CLOSED = '"$@" & read line; kill -QUIT $!; wait $!'


@dataclass
class Cluster:
    """A running server. `programs` is the folder of initdb and postgres, `folder` holds its data and its socket."""

    programs: Path
    folder: Path
    running: "subprocess.Popen[bytes] | None" = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql:///{database}?host={self.folder}&user=retropace"

    def start(self) -> None:
        settings = ("listen_addresses=", f"unix_socket_directories={self.folder}", "fsync=off", "max_connections=60")
        server = [str(self.programs / "postgres"), "-D", str(self.folder / "data")]
        server += [word for setting in settings for word in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self.running = subprocess.Popen(
                ["sh", "-c", _UNTIL_CLOSED, "sh", *server],
                user=_user(),
                cwd="/",
                env=_ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        assert self.running is not None
        assert self.running.stdin is not None
        self.running.stdin.close()
        self.running.wait(60)

    def _wait_until_ready(self) -> None:
        import psycopg

        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                assert time.monotonic() < until, (self.folder / "log").read_text(errors="replace")
                time.sleep(0.05)
            else:
                return

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
    """Where initdb and postgres are: on the path, or where Debian keeps them, the newest version first."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


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
        env=_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()

"""A real PostgreSQL for the tests: one cluster a worker in a temporary folder, on a unix socket alone, a database for each test.

Not a service of the machine: `tools/prepare-tests.sh` installs the programs only. It runs as a user of its own where the tests
run as root, which PostgreSQL refuses.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

START_S = 30.0
USER = "postgres"
_databases = itertools.count()


class Cluster:
    """Its folder is not pytest's: that one may be too deep for a socket, and other users may not enter it."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._who: dict[str, str] = {"user": USER, "group": USER} if os.getuid() == 0 else {}
        self.folder = Path(tempfile.mkdtemp(prefix="andon-pg-"))
        if self._who:
            shutil.chown(self.folder, USER, USER)
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync", "--locale", "C")
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": "off", "max_connections": "50"}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._command = [str(programs / "postgres"), "-D", str(self.folder / "data"), *words]
        self.up()

    def up(self) -> None:
        with (self.folder / "log").open("ab") as log:
            where: dict[str, object] = {"stdout": log, "stderr": log, "cwd": self.folder}
            self._server = subprocess.Popen(self._command, **where, **self._who)  # type: ignore[call-overload]
        self._wait()

    def down(self) -> None:
        """As if it crashed; what was committed is there when it is up again."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(START_S)

    def database(self, like: str = "") -> str:
        """The address of a new one: empty, or a copy of the one at that address, which nobody may have open."""
        name = f"test{next(_databases)}"
        template = make_url(like).database if like else "template0"
        self._run("createdb", "-T", str(template), "-h", str(self.folder), "-U", USER, name)
        return f"postgresql+asyncpg://{USER}@/{name}?host={self.folder}"

    def stop(self) -> None:
        self.down()  # at once: nothing of it is kept
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self.folder)]
        while subprocess.run(ready, check=False).returncode:
            assert self._server.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL does not answer"
            time.sleep(0.02)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self._who)  # type: ignore[call-overload]


def programs() -> Path | None:
    """Debian keeps them by version, off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed: sh tools/prepare-tests.sh")
    cluster = Cluster(where)
    yield cluster
    cluster.stop()

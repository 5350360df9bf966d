"""Real Valkey servers for the tests: started as the embedded one is, killed and made to forget as a power cut would.

`valkey` gives the address of one that all tests of a worker share: take a floor of your own (`new_floor`). Tests that kill
take a `Server` of their own.
"""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime import valkey as embedded

START_S = 20.0
_floors = itertools.count()


def new_floor() -> str:
    """A name that no other test of this worker uses."""
    return f"floor{next(_floors)}"


class Server:
    """One Valkey in `data`, without a loop: it may be killed at any moment and started again on what is left."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.url = embedded.url(data)
        self.options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        embedded.prepare(self.data)
        self._process = subprocess.Popen([*embedded.arguments(self.data), *self.options])
        deadline = time.monotonic() + START_S
        while not self._ready():
            assert self._process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.005)

    def kill(self) -> int:
        """Power off, as far as the process is concerned; its exit code, 0 if it had ended by itself."""
        if self._process is None:
            return 0
        self._process.kill()
        return self._process.wait()

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def forget(self, records: int) -> None:
        """While it is down: its last appends never came to the disk."""
        self.cut(b"XADD", records)

    def cut(self, word: bytes, count: int = 1) -> None:
        """While it is down: its append-only file ends in the middle of the command that has the last but `count` such word."""
        file = max((embedded.folder(self.data) / "appendonlydir").glob("*.incr.aof"), key=lambda path: path.stat().st_mtime)
        content = file.read_bytes()
        place = len(content)
        for _ in range(count):
            found = content.rfind(word, 0, place)
            place = found if found >= 0 else place  # killed while its disk was busy: it had forgotten as much already
        os.truncate(file, place)

    def _ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(START_S)
            try:
                link.connect(str(embedded.socket_path(self.data)))
                link.sendall(b"PING\r\n")
                return link.recv(64).startswith(b"+PONG")
            except OSError:
                return False


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = Server(tmp_path_factory.mktemp("shared"))
    server.start()
    yield server.url
    server.kill()

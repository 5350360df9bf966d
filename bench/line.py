"""The whole line for the benches: `andon up` as a person starts it, in a folder of its own, beside a PBX of the bench.

Nothing is built in: the processes are the product's own (valkey, engine, board, adapter and their supervisor), so what is
measured is what somebody runs. Known from outside only: the settings, the board's API, the processes' memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from realtime import valkey

FLOOR = "bench"
NODE = "demo1"
SETTINGS = """\
[floor]
name = "{floor}"
timezone = "Asia/Shanghai"
[[pbx]]
node = "{node}"
ami = "127.0.0.1:{ami}"
username = "andon"
secret_file = "pbx.secret"
{queue_log}
[board]
listen = "127.0.0.1:{board}"
public_role = "{role}"
max_clients = 3000
[data]
dir = "data"
"""
SECRET = "andon-demo"
READY_S = 60.0
END_S = 25.0
Floor = dict[str, Any]


class Line:
    """One running `andon up`."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process, board: int) -> None:
        self.folder = folder
        self.board = board
        self.redis = valkey.url(folder / "data")
        self._process = process

    def log(self) -> str:
        return (self.folder / "up.log").read_text(errors="replace")

    async def floor(self) -> Floor:
        """The snapshot; empty while there is none."""
        return await asyncio.to_thread(_fetch, f"http://127.0.0.1:{self.board}/api/floor")

    async def until(self, holds: Callable[[Floor], bool], seconds: float = READY_S) -> Floor:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            floor = await self.floor()
            if floor and holds(floor):
                return floor
            await asyncio.sleep(0.2)
        raise TimeoutError(f"the floor did not come to it within {seconds:g} s\n{self.log()[-3000:]}")

    def pids(self) -> dict[str, int]:
        """Of each role that runs now."""
        found = {}
        for pid in children(self._process.pid):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"andon.child" in words:
                found[words[words.index(b"andon.child") + 1].decode()] = pid
        return found

    async def end(self) -> None:
        if self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), END_S)
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            raise


@asynccontextmanager
async def running(ami: int, queue_log: str = "", role: str = "screen") -> AsyncIterator[Line]:
    """Live, with the PBX at this port; who asks from here without credentials has this role."""
    with tempfile.TemporaryDirectory(prefix="andon-bench-") as name:
        folder, board = Path(name), free_port()
        known = f'queue_log = "{queue_log}"' if queue_log else ""
        settings = SETTINGS.format(floor=FLOOR, node=NODE, ami=ami, board=board, queue_log=known, role=role)
        (folder / "andon.toml").write_text(settings)
        (folder / "pbx.secret").touch(0o600)
        (folder / "pbx.secret").write_text(SECRET)
        with (folder / "up.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "andon", "--config", str(folder / "andon.toml"), "up", stdout=log, stderr=log, start_new_session=True
            )
        line = Line(folder, process, board)
        try:
            await line.until(is_live)
            yield line
        finally:
            await line.end()


def is_live(floor: Floor) -> bool:
    return any(node["link"] == "live" for node in floor["nodes"])


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *children(int(child))]
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _fetch(url: str) -> Floor:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return dict(json.loads(answer.read()))
    except (urllib.error.URLError, OSError):
        return {}

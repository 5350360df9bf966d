"""`andon up` in a folder of its own, seen from outside: its processes, its API. Knows nothing of Andon's code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tests.lab.pair import Pair
from tests.plain_http import PLAIN_HTTP

SETTINGS = """\
[floor]
name = "line"
timezone = "UTC"
[[pbx]]
node = "{node}"
ami = "127.0.0.1:{ami}"
username = "facts"
secret_file = "pbx.secret"
control_username = "control"
control_secret_file = "pbx.secret"
queue_log = "{queue_log}"
trunks = ["PJSIP/carrier"]
[board]
listen = "127.0.0.1:{board}"
public_role = "screen"
[data]
dir = "data"
"""
READY_S = 40.0


class Andon:
    """One `andon up` in a folder of its own."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process, board: int, data: str = "data") -> None:
        self.folder = folder
        self.data = folder / data
        self.process = process
        self.url = f"http://127.0.0.1:{board}"
        self._http = httpx.AsyncClient(base_url=self.url, timeout=5, verify=PLAIN_HTTP)

    @classmethod
    @asynccontextmanager
    async def up(cls, pair: Pair, folder: Path) -> AsyncIterator[Andon]:
        board = free_port()
        settings = SETTINGS.format(node=pair.node, ami=pair.proxy_port, queue_log=pair.queue_log, board=board)
        secret = folder / "pbx.secret"
        secret.touch(0o600)
        secret.write_text(pair.secret)
        async with cls.started(folder, settings, board) as andon:
            await andon.until(lambda floor: live(floor, pair.node), READY_S)
            yield andon

    @classmethod
    @asynccontextmanager
    async def started(cls, folder: Path, settings: str, board: int, data: str = "data") -> AsyncIterator[Andon]:
        """With any settings, in a folder of its own; whether it serves is for the caller to see. The gate's usual address is one for the
        whole machine, and tests run side by side: who does not name one gets one of his own."""
        gate = "" if "[agi]" in settings else f'\n[agi]\nlisten = "127.0.0.1:{free_port()}"\n'
        (folder / "andon.toml").write_text(settings + gate)
        with (folder / "up.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "andon", "up", cwd=folder, stdout=log, stderr=log, start_new_session=True
            )
        andon = cls(folder, process, board, data)
        try:
            yield andon
        finally:
            await andon.end()

    async def end(self) -> None:
        await self._http.aclose()
        if self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), 20)
            except TimeoutError:
                os.killpg(self.process.pid, signal.SIGKILL)
                raise

    def log(self) -> str:
        return (self.folder / "up.log").read_text(errors="replace")

    async def floor(self) -> dict[str, Any]:
        """The snapshot; empty while the board does not serve."""
        answer = await self.get("/api/floor", self.secret())
        return dict(json.loads(answer.content)) if answer is not None and answer.status_code == 200 else {}

    async def get(self, path: str, secret: str = "") -> httpx.Response | None:
        """None while nobody listens."""
        try:
            return await self._http.get(path, headers={"Authorization": f"Bearer {secret}"} if secret else {})
        except httpx.HTTPError:
            return None

    def secret(self) -> str:
        """The token that `andon up` leaves for `andon floor`."""
        file = self.data / "cli.token"
        return file.read_text().strip() if file.exists() else ""

    async def until(self, holds: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """The first floor for which it holds. A deadline, not a sleep."""
        end = time.monotonic() + seconds
        floor: dict[str, Any] = {}
        while time.monotonic() < end:
            floor = await self.floor()
            if floor and holds(floor):
                return floor
            await asyncio.sleep(0.1)
        floor.pop("agents", None)
        raise AssertionError(f"the floor did not come to it within {seconds:g} s: {json.dumps(floor)[:3000]}\n{self.log()[-3000:]}")

    def child(self, word: str) -> int:
        """The process whose command line has this word: a role, or the program that a role runs. 0 while there is none."""
        return next((pid for pid in children(self.process.pid) if word in words_of(pid)), 0)

    async def kill(self, word: str) -> int:
        """As the kernel does when memory is short, without a word. Gives who it was."""
        pid = self.child(word)
        assert pid, f"andon up has no child {word}"
        os.kill(pid, signal.SIGKILL)
        return pid


class Said(NamedTuple):
    """What a command answered."""

    code: int | None
    out: str
    err: str


async def command(folder: Path, *words: str) -> Said:
    """`andon WORDS` as a person in that folder types it."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "andon", *words, cwd=folder, stdout=pipe, stderr=pipe)
    async with asyncio.timeout(READY_S):
        out, err = await process.communicate()
    return Said(process.returncode, out.decode(), err.decode())


def live(floor: dict[str, Any], node: str) -> bool:
    return row(floor, node).get("link") == "live"


def row(floor: dict[str, Any], node: str) -> dict[str, Any]:
    """Of `nodes`; empty when there is none of that name."""
    return next((each for each in floor["nodes"] if each["node"] == node), {})


def children(pid: int) -> list[int]:
    """And theirs. Who ends while we look has none."""
    try:
        tasks = [(task / "children").read_text().split() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []
    found = [int(child) for task in tasks for child in task]
    return found + [grandchild for child in found for grandchild in children(child)]


def words_of(pid: int) -> set[str]:
    """Of its command line, programs without their folder; a server may have written its state behind its name."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return set()
    return {word.partition(" ")[0].rpartition("/")[2] for word in words}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

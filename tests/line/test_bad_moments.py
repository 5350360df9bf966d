"""Bad moments of one `andon up`: a server, a board and an engine killed, a second Andon, a full disk. The floor comes back right.

"Right" is what the simulated PBX says of itself: each queue's counts by its own tally, which no process of Andon's knows.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import connect

from agi.simulator.server import Server
from tests.line.floor import READY_S, Andon, command, free_port, live
from tests.line.simulated import SECRET, USERNAME, simulated

pytestmark = pytest.mark.asyncio(loop_scope="module")

NODE = "hall7"
SETTINGS = """\
[floor]
name = "moments"
[[pbx]]
node = "{node}"
ami = "127.0.0.1:{ami}"
username = "{username}"
secret = "{secret}"
[board]
listen = "127.0.0.1:{board}"
[data]
dir = "{data}"
"""
BACK_S = 30.0
HEARD_S = 2.0
"""By then the floor has what the PBX said, also on a busy machine."""

Counts = dict[str, tuple[int, ...]]


@asynccontextmanager
async def running(folder: Path, pbx: Server, data: str = "data") -> AsyncIterator[Andon]:
    board = free_port()
    text = SETTINGS.format(node=NODE, ami=pbx.port, username=USERNAME, secret=SECRET, board=board, data=data)
    async with Andon.started(folder, text, board, data) as andon:
        yield andon


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pbx() -> AsyncIterator[Server]:
    async with simulated(NODE, agents=150, rate=1.5) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def andon(tmp_path_factory: pytest.TempPathFactory, pbx: Server) -> AsyncIterator[Andon]:
    async with running(tmp_path_factory.mktemp("moments"), pbx) as andon:
        await andon.until(lambda floor: live(floor, NODE), READY_S)
        yield andon


class Since:
    """What has happened at the PBX and on the floor since now: both count from other beginnings."""

    def __init__(self, pbx: Server, floor: dict[str, Any]) -> None:
        self._pbx = pbx
        self._there, self._here = self._truth(), counts(floor)

    def agree(self, floor: dict[str, Any]) -> bool:
        return grown(self._here, counts(floor)) == grown(self._there, self._truth())

    def calls(self) -> int:
        return sum(each[0] for each in grown(self._there, self._truth()).values())

    def _truth(self) -> Counts:
        queues = self._pbx.pbx.truth().queues
        return {name: (each.offered, each.answered, each.abandoned, each.left_otherwise) for name, each in queues.items()}


def counts(floor: dict[str, Any]) -> Counts:
    return {each["name"]: tuple(each[key] for key in ("offered", "answered", "abandoned", "left_otherwise")) for each in floor["queues"]}


def grown(before: Counts, after: Counts) -> Counts:
    nothing = (0, 0, 0, 0)
    return {name: tuple(b - a for a, b in zip(before.get(name, nothing), after.get(name, nothing), strict=True)) for name in after}


async def agreeing(andon: Andon, pbx: Server) -> Since:
    """From a moment on at which both sides have counted the same. A call that came between the two looks is one too many on one side for
    good, which shows when the floor has heard of it; then another moment is taken."""
    end = time.monotonic() + BACK_S
    while True:
        since = Since(pbx, await andon.until(lambda floor: live(floor, NODE), BACK_S))
        await asyncio.sleep(HEARD_S)
        try:
            await andon.until(since.agree, HEARD_S)
        except AssertionError:
            if time.monotonic() > end:
                raise
        else:
            return since


@asynccontextmanager
async def wall(andon: Andon) -> AsyncIterator[Any]:
    url = andon.url.replace("http", "ws") + "/api/live?view=wall"
    async with connect(url, additional_headers={"Authorization": f"Bearer {andon.secret()}"}, proxy=None, max_size=None) as socket:
        yield socket


async def frame(socket: Any, holds: Any) -> dict[str, Any]:
    async with asyncio.timeout(BACK_S):
        while True:
            message = json.loads(await socket.recv())
            if holds(message):
                return dict(message)


async def unready(andon: Andon) -> str:
    """What /readyz says, once it says that it is not."""
    async with asyncio.timeout(BACK_S):
        while True:
            ready = await andon.get("/readyz")
            if ready is not None and ready.status_code == 503:
                return str(ready.json()["message"])
            await asyncio.sleep(0.02)


async def test_a_killed_log_server_loses_no_fact_and_the_wall_says_so_meanwhile(andon: Andon, pbx: Server) -> None:
    since = await agreeing(andon, pbx)
    async with wall(andon) as screen:
        await frame(screen, lambda message: message["type"] == "snapshot")
        await andon.kill("valkey-server")
        # It may be back before the next heartbeat, so readiness is asked, a few times in each tenth of a second.
        assert (await unready(andon)).startswith("The board is not ready: The log's server unix://")
        await frame(screen, lambda message: message["type"] == "snapshot" or (message["type"] == "delta" and not message.get("away")))
    await andon.until(lambda floor: live(floor, NODE) and since.calls() >= 3 and since.agree(floor), BACK_S)
    log = andon.data / "valkey" / "valkey.log"
    said = f"The embedded Valkey is gone (it was ended by SIGKILL) and is started again: see {log}, and whether memory was short."
    assert said in andon.log()
    assert "Traceback" not in andon.log()


async def test_a_killed_board_comes_back_with_the_same_floor(andon: Andon, pbx: Server) -> None:
    since = await agreeing(andon, pbx)
    killed = await andon.kill("board")
    await andon.until(lambda floor: live(floor, NODE) and since.agree(floor), BACK_S)
    assert andon.child("board") not in (0, killed)


async def test_a_killed_engine_takes_nothing_with_it(andon: Andon, pbx: Server) -> None:
    since = await agreeing(andon, pbx)
    killed = await andon.kill("engine")
    seen = since.calls()
    await andon.until(lambda floor: since.calls() > seen and since.agree(floor) and andon.child("engine") not in (0, killed), BACK_S)


async def test_a_second_andon_on_the_folder_is_sent_away(andon: Andon) -> None:
    said = await command(andon.folder, "up")
    folder = andon.folder / "data"
    message = f"Another andon up (process {andon.process.pid}) runs on {folder}; stop it, or give this one a [data] dir of its own.\n"
    assert (said.code, said.err) == (1, message)
    assert live(await andon.floor(), NODE)
    assert (await command(andon.folder, "floor")).code == 0, "the token of the first one is still good"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """24 MB that belong to nobody else."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "andon-test", disk], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"this machine mounts no tmpfs: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


async def test_a_full_disk_is_said_and_passes(pbx: Server, tmp_path: Path, small_disk: Path) -> None:
    async with running(tmp_path, pbx, str(small_disk / "data")) as andon:
        await andon.until(lambda floor: live(floor, NODE), READY_S)
        since = await agreeing(andon, pbx)
        filler = small_disk / "filler"
        fill(filler)
        await until_said(andon, "cannot write its file: look at its disk and its own log.")
        assert (await andon.floor())["queues"], "what was known is still shown"
        filler.unlink()
        seen = since.calls()
        await andon.until(lambda floor: live(floor, NODE) and since.calls() > seen and since.agree(floor), BACK_S)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65_536))
        except OSError:
            return


async def until_said(andon: Andon, words: str) -> None:
    async with asyncio.timeout(BACK_S):
        while words not in andon.log():  # noqa: ASYNC110  a file raises no event
            await asyncio.sleep(0.1)

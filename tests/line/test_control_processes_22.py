"""The same with all of Andon as it is installed: `andon up`, its plan's files, its processes killed, a real Asterisk 22."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from realtime import valkey
from realtime.asker import Asker
from realtime.engine import new_id
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.requests import PauseForce, ReadyForce
from realtime.store import open_store
from realtime.words import AgentId
from tests.lab import need
from tests.lab.pair import Pair
from tests.line.control import SUPERVISOR, clock
from tests.line.floor import Andon
from tests.realtime.backends import until

pytestmark = pytest.mark.asterisk

LI = AgentId("1008")
BREAKS = '[breaks]\nunauthorised = "warn"\n[kind.short]\nminutes = 10\n'


class Outside:
    """Somebody on the same log, as a board is."""

    def __init__(self, follower: Follower[Floor, object], asker: Asker) -> None:
        self.follower = follower
        self.asker = asker

    @property
    def floor(self) -> Floor:
        return self.follower.floor

    async def watch(self) -> None:
        async for step in self.follower.steps():
            self.asker.look(step.floor)


@asynccontextmanager
async def outside(andon: Andon) -> AsyncIterator[Outside]:
    store = open_store(valkey.url(andon.data), "line")
    found = Outside(
        Follower(store.log, store.checkpoints, FloorFolding(), wait_ms=200),  # type: ignore[arg-type]
        Asker(store.requests, clock, new_id, patience_s=20),
    )
    task = asyncio.create_task(found.watch())
    try:
        yield found
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.close()


async def test_killed_processes_cost_no_order(tmp_path: Path) -> None:
    need.tree("sid")
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan/breaks.toml").write_text(BREAKS)
    async with Pair.open("sid", node="north1") as pair, Andon.up(pair, tmp_path) as andon, outside(andon) as board:
        await until(lambda: bool(board.floor.owned.version), 20)
        asked = asyncio.create_task(board.asker.ask(SUPERVISOR, PauseForce(LI), new_id()))
        await andon.kill("engine")
        answer = await asked
        assert answer.decision.verdict == "allow", answer.decision
        await until(lambda: all(board.floor.owned.orders[name].seen for name in answer.orders), 20)
        assert (await pair.queue_show()).count("paused:short") == 2
        await andon.kill("adapter")
        await until(lambda: board.floor.nodes["north1"].link == "live", 20)
        await board.asker.ask(SUPERVISOR, ReadyForce(LI), new_id())
        await until(lambda: not any(member.paused for queue in board.floor.queues.values() for member in queue.members.values()), 30)
        assert "paused" not in await pair.queue_show()
        assert LI not in board.floor.owned.leases

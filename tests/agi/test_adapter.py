"""The adapter over real sockets: a control account without the right to set the fence holds nothing up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agi.adapter import Adapter, Pbx
from agi.client import Endpoint
from agi.exchange import Credentials
from agi.simulator.centre import Centre
from agi.simulator.manager import Manager
from agi.simulator.pbx import Pbx as Simulated
from agi.simulator.server import Server, serve, wall_clock
from agi.simulator.session import Account
from realtime.floor import Floor
from realtime.words import Node
from tests.agi.replay import sealer

READ = "system,call,agent,dialplan"
SOON_S = 8.0
"""Less than the thirty seconds after which a fence that never comes is given up."""


class Box:
    def __init__(self) -> None:
        self.facts: list[bytes] = []

    def put(self, fact: bytes) -> bool:
        self.facts.append(fact)
        return True


@asynccontextmanager
async def pbx(*accounts: Account) -> AsyncIterator[Server]:
    now = wall_clock()
    server = await serve(Manager(Simulated(Centre(agents=12, node="north1"), 1, now), list(accounts)), "127.0.0.1", 0)
    running = asyncio.create_task(server.run())
    try:
        yield server
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await server.close()


@pytest.mark.parametrize("rights", ["call", "agent"], ids=["may set the fence", "may not"])
async def test_a_snapshot_is_complete_soon(rights: str) -> None:
    facts = Account("andon", "s", READ, "reporting")
    control = Account("andon-control", "s", "", rights)
    async with pbx(facts, control) as server:
        endpoint, floor, box = Endpoint("127.0.0.1", server.port), Floor(), Box()
        settings = Pbx(Node("north1"), endpoint, Credentials("andon", "s"), Credentials("andon-control", "s"))
        adapter = Adapter(settings, box, sealer().seal, "s", floor)
        running = asyncio.create_task(adapter.run())
        try:
            async with asyncio.timeout(SOON_S):
                while "north1" not in floor.nodes or floor.nodes[Node("north1")].link != "live":  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.05)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert len(floor.agents) == 12
        assert box.facts

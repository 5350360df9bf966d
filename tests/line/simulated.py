"""A simulated PBX on a free port, in the test's own loop: the good one beside the bad ones, and somebody to be killed for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agi.simulator.centre import Centre
from agi.simulator.manager import DEFAULT_ACCOUNTS, Manager
from agi.simulator.pbx import Pbx
from agi.simulator.server import Server, serve, wall_clock
from realtime.words import SECOND

USERNAME, SECRET = DEFAULT_ACCOUNTS[0].username, DEFAULT_ACCOUNTS[0].secret
WARM_UP_S = 600


@asynccontextmanager
async def simulated(node: str, agents: int = 20, rate: float = 3.0) -> AsyncIterator[Server]:
    """At work for ten minutes already. `rate` 3: some call joins or ends each second or two."""
    now = wall_clock()
    pbx = Pbx(Centre(agents=agents, node=node, rate=rate), 7, now - WARM_UP_S * SECOND)
    pbx.advance(now)
    server = await serve(Manager(pbx))
    try:
        yield server
    finally:
        await server.close()

"""An engine in a process of its own, to be killed: `python -m tests.realtime.engine_process URL FLOOR`, with a rule for a race."""

from __future__ import annotations

import asyncio
import sys
import time

from realtime.control import answer
from realtime.control.ruling import Moment, Ruling
from realtime.deadlines import FloorSettings
from realtime.decision import allow, deny
from realtime.engine import Engine, new_id
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.leases import held
from realtime.requests import BreakAsk, Request
from realtime.rulings import BreakBegan
from realtime.saying import say
from realtime.store import open_store

PLACES = 3


def ask_break(floor: Floor, request: Request, wish: BreakAsk, moment: Moment) -> Ruling:
    """As simple as a race needs it: so many places, and who has one cannot have another."""
    if len(floor.owned.leases) >= PLACES or wish.agent in floor.owned.leases:
        return Ruling(deny("no_place"))
    return Ruling(allow("place"), [say(BreakBegan, moment.now, agent=wish.agent, kind="short", request=request.id)])


async def run(url: str, floor: str) -> None:
    store, reading = open_store(url, floor), open_store(url, floor)
    async with held(store.leases, "engine", "the only one") as lease:
        follower = Follower(reading.log, store.checkpoints, FloorFolding())
        await Engine(store, follower, lease.fence, FloorSettings(), new_id(), lambda: time.time_ns() // 1_000).run()


if __name__ == "__main__":
    answer.HANDLERS[BreakAsk] = ask_break
    asyncio.run(run(*sys.argv[1:]))

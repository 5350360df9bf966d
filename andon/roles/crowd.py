"""The demo's people: what agents ask of Andon, as their phones and pages would. One process that writes requests, and nothing else.

Not who decides (`engine.py`) and not who answers calls or pauses without asking (`simulator.py`). What they want when is
`andon/crowd.py`; here is the clock, the floor they look at, and the stream they ask by.
"""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from andon.crowd import Crowd
from andon.roles.work import Work, new_session, now_us, opened, until
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.log import LogAway
from realtime.requests import encode
from realtime.words import SECOND

LOOK_EVERY_S: Final = 0.5
"""People are slow."""

log = structlog.get_logger()


async def run(work: Work) -> None:
    await until(work.stop, _ask(work))


async def _ask(work: Work) -> None:
    # A follower reads by a connection of its own: a read that waits would hold up what is asked.
    async with opened(work.settings) as store, opened(work.settings) as reading:
        follower = Follower(reading.log, store.checkpoints, FloorFolding(), told=log.warning)
        meeting_s = float(work.options["meeting_s"])
        crowd = Crowd(
            int(work.options["seed"]),
            prefix=new_session(),
            but=frozenset({work.options["but"]}),
            meeting_at=now_us() + int(meeting_s * SECOND) if meeting_s else 0,
        )
        work.ready("")
        async with asyncio.TaskGroup() as group:
            current = asyncio.Event()
            group.create_task(_follow(follower, current))
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                await current.wait()
                for request in crowd.step(follower.floor, now_us()):
                    try:
                        await store.requests.append([encode(request)])
                    except LogAway:
                        continue  # it is asked again, with the same key


async def _follow(follower: Follower[Floor, Changes], current: asyncio.Event) -> None:
    async for step in follower.steps():
        if step.behind:
            current.clear()
        else:
            current.set()

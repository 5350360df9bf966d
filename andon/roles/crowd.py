"""The demo's people: what agents ask of Andon, as their phones and pages would. One process that writes requests, and nothing else.

Not who decides (`engine.py`) and not who answers calls or pauses without asking (`simulator.py`). What they want when is
`andon/crowd.py` and, of campaigns, `andon/campaign_crowd.py`; here is the clock, the floor they look at, and the stream they ask by.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import structlog

from andon.campaign_crowd import CampaignCrowd
from andon.card_crowd import CardCrowd
from andon.crowd import Crowd
from andon.demo_lists import announced, asked
from andon.roles.work import Work, keys_of, new_session, now_us, opened, until
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
        data, seed = Path(work.settings.data.dir), int(work.options["seed"])
        charge = CampaignCrowd(seed, announced(data), asked(seed, keys_of(work.settings, make=True).sealer(), now_us()), new_session())
        cards = CardCrowd(seed, new_session())
        work.ready("")
        async with asyncio.TaskGroup() as group:
            current = asyncio.Event()
            group.create_task(_follow(follower, current))
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                await current.wait()
                now = now_us()
                for request in [*(each for who in (crowd, charge, cards) for each in who.step(follower.floor, now))]:
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

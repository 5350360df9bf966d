"""The gate: dialplans ask here over FastAGI, an agent's phone is spoken with, and what only the engine may give is asked of it.

It holds no lease, for it writes nothing but requests: as many as there are machines with dialplans may run. A port that is taken
does not end it: it says so and tries again, since everything else of a floor goes on without agents' codes.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Final

import structlog

from agi.fastagi.server import FastAgiServer
from agi.phone.desk import Centre, Desk, Now
from agi.watched import GateCounts, families_of_gate
from andon.pins import PinDesk
from andon.roles.work import RoleRefused, Work, now_us, opened, until
from andon.settings import Settings, address_of
from andon.watch import watched
from realtime.asker import Asker
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.vitals import Family

AGAIN_S: Final = 5.0
"""A gate of before ends within a second or two; somebody else's program stays until a person acts."""
NO_ADDRESS: Final = 'There is no address for the gate; write listen = "127.0.0.1:4573" in [agi].'

log = structlog.get_logger()


async def run(work: Work) -> None:
    if not work.settings.agi.listen:
        raise RoleRefused(NO_ADDRESS)
    await until(work.stop, _serve(work))


async def _serve(work: Work) -> None:
    settings = work.settings
    # A follower reads by a connection of its own: a read that waits would hold up what is asked.
    async with opened(settings) as store, opened(settings) as reading:
        follower = Follower(reading.log, store.checkpoints, FloorFolding(), told=log.warning)
        now, asker, counts = Now(), Asker(store.requests, now_us, lambda: secrets.token_hex(8)), GateCounts()
        pins = PinDesk(Path(settings.data.dir), now_us)
        desk = Desk(centre_of(settings), now, asker, pins, counts, now_us, told=log.warning)
        allow = [ip_network(each) for each in settings.agi.allow]
        server = FastAgiServer(desk.routes(), allow, counts, told=log.warning, broke=_broke)

        def parts() -> list[Family]:
            return [*families_of_gate(counts), *follower.families()]

        try:
            async with watched(work, store.vitals, "gate", parts), asyncio.TaskGroup() as group:
                group.create_task(_follow(follower, now, asker))
                group.create_task(_listen(work, server))
        finally:
            await server.end()
            pins.close()


async def _follow(follower: Follower[Floor, Changes], now: Now, asker: Asker) -> None:
    async for step in follower.steps():
        now.take(step.floor, behind=step.behind)
        asker.look(step.floor)


async def _listen(work: Work, server: FastAgiServer) -> None:
    """Until cancelled."""
    listen = work.settings.agi.listen
    address = address_of(listen)
    assert address is not None, "settings were checked"
    said = ""
    while True:
        try:
            listening = await server.listen(*address)
        except OSError as error:
            why = f"The gate cannot listen on {listen} ({_reason(error)}): agents' codes get no answer until it can."
            if why != said:
                said = why
                log.warning(f"{why} End what uses it, or write another address into [agi] listen and into ANDON_GATE of the dialplan.")
            await asyncio.sleep(AGAIN_S)
            continue
        break
    work.ready(f"Dialplans ask at {listen}" if said else "")
    try:
        await listening.serve_forever()
    finally:
        listening.close()


def _reason(error: OSError) -> str:
    """In the system's few words; asyncio's own text is long and names the address again."""
    return os.strerror(error.errno) if error.errno is not None and error.errno > 0 else str(error.strerror or error)


def _broke(bug: BaseException) -> None:
    log.error("A call at the gate ended by a fault of Andon's own.", exc_info=bug)


def centre_of(settings: Settings) -> Centre:
    return Centre(
        nodes=settings.nodes,
        lines={pbx.node: frozenset(pbx.trunks) for pbx in settings.pbx},
        prefixes={pbx.node: pbx.agent_prefix for pbx in settings.pbx},
    )

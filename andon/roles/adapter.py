"""The reader of one PBX: its lease, its floor, its appender, and the adapter between PBX and log."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

import structlog

from agi.adapter import Adapter, Outbox, Pbx
from agi.client import Endpoint
from agi.exchange import Credentials
from andon.roles.work import RoleRefused, Work, keys_of, now_us, only_one, store_of, until
from andon.settings import PbxTable, Settings, address_of
from realtime.appender import Appender
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.leases import held
from realtime.words import Node

LAST_FACTS_S: Final = 2.0
"""For the facts of the last moment to reach the log; a log that is away gets them from the next snapshot instead."""

log = structlog.get_logger()


class LeaseLost(Exception):
    """Another process writes for this node now: this one dies, and waits for its turn when it is started again."""


async def run(work: Work) -> None:
    table = _table_of(work)
    folder = Path(work.settings.data.dir)
    with only_one(folder, f"adapter {table.node}"):
        store = store_of(work.settings)
        name = f"adapter:{table.node}"
        async with held(store.leases, name, f"{socket.gethostname()}:{folder}", waiting=log.warning) as lease:
            floor = await folded_floor(work.settings)
            appender = Appender(store.log, lease.fence, told=_tell_log)
            seal = keys_of(work.settings, make=True).sealer().seal
            adapter = Adapter(pbx_of(table), cast(Outbox, appender), seal, f"{now_us():x}-{secrets.token_hex(4)}", floor)
            writing = asyncio.create_task(appender.run())
            try:
                work.ready("")
                await until(work.stop, adapter.run(), _watched(writing), _lost(lease.lost()))
                with suppress(TimeoutError):
                    async with asyncio.timeout(LAST_FACTS_S):
                        await appender.drained()
            finally:
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)
        await store.close()


def _table_of(work: Work) -> PbxTable:
    nodes = work.settings.nodes
    wanted = work.node or (nodes[0] if len(nodes) == 1 else "")
    for table in work.settings.pbx:
        if table.node == wanted:
            return table
    said = f"There is no [[pbx]] with node {work.node}" if work.node else "The settings have several PBXs"
    raise RoleRefused(f"{said}; say --node with one of {', '.join(nodes)}.")


def pbx_of(table: PbxTable) -> Pbx:
    address = address_of(table.ami)
    assert address is not None, "settings were checked"
    return Pbx(
        node=Node(table.node),
        endpoint=Endpoint(*address, tls=table.tls, ca=Path(table.ca) if table.ca else None),
        credentials=Credentials(table.username, table.secret.reveal()),
        control=Credentials(table.control_username, table.control_secret.reveal()) if table.control_username else None,
        queue_log=Path(table.queue_log) if table.queue_log else None,
        trunks=frozenset(table.trunks),
        agent_prefix=table.agent_prefix,
    )


async def folded_floor(settings: Settings) -> Floor:
    """What the log says now, so that an adapter that was away knows what the floor already knows."""
    store = store_of(settings)
    try:
        async for step in Follower(store.log, store.checkpoints, FloorFolding(), told=log.warning).steps():
            if not step.behind:
                return step.floor
    finally:
        await store.close()
    raise AssertionError("a follower's steps never end")


def _tell_log(away: str) -> None:
    log.warning(away or "the log takes facts again")


async def _watched(task: asyncio.Task[Any]) -> None:
    await asyncio.shield(task)


async def _lost(loss: Awaitable[str]) -> None:
    raise LeaseLost(await loss)

"""The reader of one PBX: its lease, its floor, its appender, and the adapter between PBX and log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, cast

import structlog

from agi.adapter import Adapter, Outbox, Pbx
from agi.client import Endpoint
from agi.doer import Doer
from agi.exchange import Credentials
from agi.watched import families_of_doer
from andon.roles.work import RoleRefused, Work, holder, keys_of, lease_lost, new_session, now_us, only_one, opened, until
from andon.settings import PbxTable, Settings, address_of, minutes_of
from andon.watch import watched
from realtime.appender import Appender
from realtime.days import day_of
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.leases import held
from realtime.vitals import Family
from realtime.words import Node

LAST_FACTS_S: Final = 2.0
"""For the facts of the last moment to reach the log; a log that is away gets them from the next snapshot instead."""

log = structlog.get_logger()


async def run(work: Work) -> None:
    table = _table_of(work)
    structlog.contextvars.bind_contextvars(node=table.node)
    with only_one(Path(work.settings.data.dir), f"adapter {table.node}"):
        await until(work.stop, _hold(work, table))


async def _hold(work: Work, table: PbxTable) -> None:
    """Waits for the node's lease, then reads its PBX for as long as the lease is ours."""
    settings, name = work.settings, f"adapter:{table.node}"
    async with opened(settings) as store, held(store.leases, name, holder(settings), waiting=log.warning) as lease:
        appender = Appender(store.log, lease.fence, told=_tell_log)
        seal = keys_of(settings, make=True).sealer().seal
        floor = await folded_floor(settings)
        today = day_of(now_us(), settings.floor.timezone, minutes_of(settings.floor.day_starts) or 0)
        adapter = Adapter(pbx_of(table), cast(Outbox, appender), seal, new_session(), floor, today.begins, told=log.warning)
        doer = Doer(
            Node(table.node),
            store.orders,
            floor,
            linked=adapter.can_act,
            ask=adapter.act,
            name_of=adapter.name_of,
            done=adapter.done,
            clock=now_us,
            told=log.warning,
        )
        work.ready("")

        def parts() -> list[Family]:
            return [*adapter.families(), *families_of_doer(doer.counts), *appender.families(), *lease.families()]

        async with watched(work, store.vitals, "adapter", parts, table.node), writing(appender), asyncio.TaskGroup() as group:
            group.create_task(adapter.run())
            group.create_task(doer.run())
            group.create_task(lease_lost(lease))


@asynccontextmanager
async def writing(appender: Appender) -> AsyncIterator[None]:
    """Runs the appender beside the body, and gives it a moment at the end for what was put last."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(appender.run())
        try:
            yield
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_FACTS_S):
                    await appender.drained()
            task.cancel()


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
    async with opened(settings) as store:
        follower = Follower(store.log, store.checkpoints, FloorFolding(), told=log.warning)
        async for step in follower.steps():
            if not step.behind:
                return step.floor
    raise AssertionError("a follower's steps never end")


def _tell_log(away: str) -> None:
    log.warning(away or "the log takes facts again")

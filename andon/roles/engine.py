"""One engine a floor: it holds the floor's lease, a second one waits for it. Beside it, in the same process, history is written."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import structlog

from andon.roles.keeping import founded, keeping, kept
from andon.roles.past import history_of
from andon.roles.plan import taking_up
from andon.roles.work import Work, holder, lease_lost, new_session, now_us, only_one, opened, until
from andon.settings import Settings, minutes_of
from andon.watch import watched
from realtime.deadlines import FloorSettings
from realtime.engine import Engine
from realtime.facts import QueueRules
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.history.store import StoredHistory
from realtime.leases import held
from realtime.vitals import Family
from realtime.watched import HistoryCounts, families_of_history

log = structlog.get_logger()


async def run(work: Work) -> None:
    with only_one(Path(work.settings.data.dir), "engine"):
        await until(work.stop, _hold(work))


async def _hold(work: Work) -> None:
    settings = work.settings
    # A follower reads by a connection of its own: a read that waits would hold up what is appended.
    async with (
        opened(settings) as store,
        opened(settings) as reading,
        opened(settings) as telling,
        held(store.leases, "engine", holder(settings), waiting=log.warning) as lease,
    ):
        history = keeping(settings, telling, lease.fence)
        if history is not None:
            await founded(history)
        follower = Follower(reading.log, store.checkpoints, FloorFolding(), told=log.warning)
        past = history_of(settings)  # for the ledger, should it be lost
        engine = Engine(store, follower, lease.fence, rules_of(settings), new_session(), now_us, told=log.warning, past=past)
        counts = history.counts if history is not None else HistoryCounts()
        work.ready("")

        def parts() -> list[Family]:
            return [*engine.families(), *families_of_history(counts), *lease.families()]

        async with closing(past), watched(work, store.vitals, "engine", parts), asyncio.TaskGroup() as group:
            group.create_task(engine.run())
            group.create_task(lease_lost(lease))
            group.create_task(taking_up(Path(settings.floor.plan), settings.floor.timezone, engine.want))
            if history is not None:
                group.create_task(kept(history))


@contextlib.asynccontextmanager
async def closing(past: StoredHistory | None) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if past is not None:
            await past.close()


def rules_of(settings: Settings) -> FloorSettings:
    """What the settings say to the fold."""
    minutes = minutes_of(settings.floor.day_starts)
    assert minutes is not None, "settings were checked"
    return FloorSettings(
        timezone=settings.floor.timezone,
        day_starts_min=minutes,
        queues={queue.name: QueueRules(queue.target_s, queue.wrapup_s) for queue in settings.queue},
        pause_states=dict(settings.pause_states),
    )

"""The appender: batches by itself, bounded, tries again, repeats its last seconds before anything new."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec
import pytest

from realtime.appender import BATCH_FACTS, KEEP_S, Appender
from realtime.leases import MemoryLeases
from realtime.log import Fence, FenceLost, Log, Position
from realtime.log_memory import MemoryLog
from tests.realtime.backends import Backend, until
from tests.realtime.toyfloor import ToyFloor, ToyFolding, said


class Slow(MemoryLog):
    """Lets one append through at a time, when told."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Semaphore(0)
        self.calls: list[int] = []

    async def append(self, batches: Sequence[bytes], fence: Fence | None = None) -> Position:
        await self.gate.acquire()
        self.calls.append(len(batches))
        return await super().append(batches, fence)


@asynccontextmanager
async def running(appender: Appender) -> AsyncIterator[Appender]:
    task = asyncio.create_task(appender.run())
    try:
        yield appender
        async with asyncio.timeout(10):
            await appender.drained()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def folded(log: Log) -> ToyFloor:
    folding, floor = ToyFolding(), ToyFloor()
    for record in await log.read(None, limit=100_000):
        folding.apply_batch(floor, record.batch, [])
    return floor


async def sizes(log: Log) -> list[int]:
    return [len(msgspec.json.decode(record.batch)) for record in await log.read(None)]


async def test_the_first_fact_goes_at_once_and_what_gathers_meanwhile_goes_together() -> None:
    log = Slow()
    async with running(Appender(log)) as appender:
        appender.put(said("a", 0))
        await asyncio.sleep(0.01)
        for number in range(1, 8):
            appender.put(said("a", number))
        log.gate.release()
        log.gate.release()
        await appender.drained()
    assert await sizes(log) == [1, 7]


async def test_a_batch_is_never_too_big_for_a_reader() -> None:
    log = MemoryLog()
    appender = Appender(log)
    for number in range(2 * BATCH_FACTS + 1):
        appender.put(said("a", number))
    async with running(appender):
        pass
    assert await sizes(log) == [BATCH_FACTS, BATCH_FACTS, 1]


async def test_without_room_facts_are_refused() -> None:
    appender = Appender(MemoryLog(), room=3)
    assert [appender.put(said("a", number)) for number in range(5)] == [True, True, True, False, False]
    assert appender.waiting == 3
    async with running(appender):
        await appender.drained()
        assert appender.put(said("a", 9))


async def test_while_the_log_is_away_nothing_is_lost_and_it_says_so() -> None:
    log, told = MemoryLog(), []
    log.away = "The log's server cannot be reached."
    async with running(Appender(log, told=told.append)) as appender:
        appender.put(said("a", 0))
        await until(lambda: appender.away != "")
        appender.put(said("a", 1))
        log.away = ""
        await appender.drained()
        assert appender.away == ""
    assert (await folded(log)).said == [("a", 0), ("a", 1)]
    assert told == ["The log's server cannot be reached.", ""]


async def test_the_last_seconds_come_again_before_what_is_new(mortal: Backend) -> None:
    log = (await mortal.store()).log
    async with running(Appender(log)) as appender:
        for number in range(5):
            appender.put(said("a", number))
            await appender.drained()
        await mortal.restart(forget=3)
        appender.put(said("a", 5))
        await appender.drained()
        assert appender.repeated == 1
    floor = await folded(log)
    assert floor.said == [("a", number) for number in range(6)], "had 5 come first, the fold would take 2, 3 and 4 for repeats"
    assert floor.repeats == 2


async def test_a_loss_is_mended_though_nothing_new_happens(mortal: Backend) -> None:
    store = await mortal.store()
    async with running(Appender(store.log)) as appender:
        for number in range(3):
            appender.put(said("a", number))
            await appender.drained()
        await mortal.restart(forget=1)
        await until(lambda: appender.repeated == 1)
    assert (await folded(store.log)).said == [("a", 0), ("a", 1), ("a", 2)]


async def test_it_repeats_after_each_of_two_restarts(mortal: Backend) -> None:
    log = (await mortal.store()).log
    async with running(Appender(log)) as appender:
        for number in range(4):
            appender.put(said("a", number))
            await appender.drained()
        for number in (4, 5):
            await mortal.restart(forget=2)
            appender.put(said("a", number))
            await appender.drained()
    assert (await folded(log)).said == [("a", number) for number in range(6)]


async def test_only_the_last_seconds_are_kept() -> None:
    log, now = MemoryLog(), [0.0]
    async with running(Appender(log, clock=lambda: now[0])) as appender:
        for number in range(4):
            now[0] += KEEP_S * 0.6
            appender.put(said("a", number))
            await appender.drained()
        now[0] += 1000  # however long the server is away, what it may have forgotten is kept
        log.restart()
        appender.put(said("a", 4))
        await appender.drained()
    assert (await folded(log)).repeats == 2


async def test_an_outage_longer_than_the_lease_costs_no_fact(mortal: Backend) -> None:
    store = await mortal.store()
    fence = (await store.leases.take("adapter:hall7", "a", 0.05)).fence
    async with running(Appender(store.log, fence)) as appender:
        for number in range(4):
            appender.put(said("a", number))
            await appender.drained()
        await asyncio.sleep(0.06)
        await mortal.restart(forget=2)
        appender.put(said("a", 4))
    assert (await folded(store.log)).said == [("a", number) for number in range(5)]


async def test_a_lost_fence_ends_it() -> None:
    leases = MemoryLeases()
    fence = (await leases.take("adapter:hall7", "a", 60)).fence
    appender = Appender(MemoryLog(holds=leases.holds), fence)
    await leases.take("adapter:hall7", "a", 60)  # started again
    appender.put(said("a", 0))
    with pytest.raises(FenceLost):
        async with asyncio.timeout(5):
            await appender.run()

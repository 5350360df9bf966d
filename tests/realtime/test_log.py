"""The contract of the log, held against both backends."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress

import pytest

from realtime.leases import held
from realtime.log import Fence, FenceLost, Log, LogAway, Position, PositionLost
from realtime.log_faults import LogRestarted
from realtime.log_memory import MemoryLog
from realtime.log_redis import RedisLog
from realtime.redis_link import RedisLink
from realtime.store import Store
from tests.realtime.backends import Backend, Own
from tests.valkeys import new_floor


async def batches(log: Log, after: Position | None = None, limit: int = 1000) -> list[bytes]:
    return [record.batch for record in await log.read(after, limit)]


async def settled(store: Store) -> None:
    """Past the connections that the restart broke, and past the one LogRestarted that it brings."""
    for call in (store.log.last, lambda: store.log.read(None)):
        with suppress(LogAway):
            await call()
    for _ in range(3):
        try:
            await store.log.append([b"refused"])
        except LogRestarted:
            return
        except LogAway:
            continue
    raise AssertionError("no restart was told")


async def test_an_empty_log_has_no_last_and_nothing_to_read(backend: Backend) -> None:
    log = (await backend.store()).log
    assert await log.last() is None
    assert await log.read(None) == []


async def test_what_is_appended_is_read_in_order_by_others(backend: Backend) -> None:
    writer, reader = await backend.store(), await backend.store()
    last = await writer.log.append([b"[1]", b"[2]", bytes(range(256))])
    records = await reader.log.read(None)
    assert [record.batch for record in records] == [b"[1]", b"[2]", bytes(range(256))]
    assert records[-1].position == last == await reader.log.last()
    assert len({record.position for record in records}) == 3


async def test_reading_goes_on_after_a_position_up_to_a_limit(backend: Backend) -> None:
    log = (await backend.store()).log
    await log.append([b"%d" % number for number in range(10)])
    first = await log.read(None, limit=4)
    assert [record.batch for record in first] == [b"0", b"1", b"2", b"3"]
    assert await batches(log, first[-1].position, limit=3) == [b"4", b"5", b"6"]
    assert await batches(log, await log.last()) == []


async def test_a_position_survives_being_written_down(backend: Backend) -> None:
    log = (await backend.store()).log
    position = await log.append([b"a"])
    await log.append([b"b"])
    assert await batches(log, Position.parse(str(position))) == [b"b"]


@pytest.mark.parametrize("full", [False, True])
async def test_a_waiting_read_wakes_for_the_first_record(backend: Backend, full: bool) -> None:
    writer, reader = await backend.store(), await backend.store()
    after = await writer.log.append([b"before"]) if full else None
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(reader.log.read(after, wait_ms=20_000))
        await asyncio.sleep(0.02)
        assert not reading.done()
        await writer.log.append([b"now"])
    assert [record.batch for record in reading.result()] == [b"now"]


async def test_a_read_waits_no_longer_than_told(backend: Backend) -> None:
    log = (await backend.store()).log
    async with asyncio.timeout(5):
        assert await log.read(await log.append([b"a"]), wait_ms=30) == []


async def test_a_cancelled_read_leaves_the_log_usable(backend: Backend) -> None:
    log = (await backend.store()).log
    after = await log.append([b"a"])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.03):
            await log.read(after, wait_ms=20_000)
    await log.append([b"b"])
    assert await batches(log, after) == [b"b"]


async def test_a_position_beyond_the_last_or_of_another_epoch_is_lost(backend: Backend) -> None:
    log = (await backend.store()).log
    epoch, offset = await log.append([b"a"])
    for wrong in (Position(epoch + 1, offset), Position(epoch, "9999999999999-0"), Position(epoch, "99999")):
        with pytest.raises(PositionLost):
            async with asyncio.timeout(5):
                await log.read(wrong, wait_ms=20_000)
    assert await batches(log) == [b"a"]


async def test_trimming_forgets_only_what_is_older_and_a_slow_reader_is_told(backend: Backend) -> None:
    log = (await backend.store()).log
    positions = [await log.append([b"%d" % number]) for number in range(300)]
    await log.trim(positions[250])
    kept = await batches(log)
    assert kept[-50:] == [b"%d" % number for number in range(250, 300)]
    assert len(kept) < 300
    with pytest.raises(PositionLost):
        await log.read(positions[0])
    assert len(await batches(log, positions[250])) == 49


@pytest.mark.parametrize("make", ["memory", "redis"])
async def test_the_log_is_bounded(make: str, valkey: str) -> None:
    log: Log = MemoryLog(keep=200) if make == "memory" else RedisLog(valkey, new_floor(), keep=200)
    for _ in range(10):
        last = await log.append([b"x"] * 100)
    records = await log.read(None)
    assert 200 <= len(records) <= 400  # Redis forgets whole nodes of a hundred
    assert records[-1].position == last
    await log.close()


async def test_appenders_do_not_disturb_each_other(backend: Backend) -> None:
    async def produce(name: bytes) -> None:
        log = (await backend.store()).log
        for number in range(50):
            await log.append([b"%s-%d-%d" % (name, number, part) for part in (0, 1)])

    names = (b"a", b"b", b"c", b"d")
    async with asyncio.TaskGroup() as tasks:
        for name in names:
            tasks.create_task(produce(name))
    found = await batches((await backend.store()).log)
    assert len(found) == 400
    for name in names:
        expected = [b"%s-%d-%d" % (name, number, part) for number, part in itertools.product(range(50), (0, 1))]
        assert [batch for batch in found if batch.startswith(name)] == expected
    pairs = zip(found[::2], found[1::2], strict=True)
    assert all(left[:-1] == right[:-1] for left, right in pairs), "what was appended at once lies together"


# ------------------------------------------------------------------ fences


async def test_only_the_holder_of_the_lease_appends(backend: Backend) -> None:
    old, new = await backend.store(), await backend.store()
    first = (await old.leases.take("engine", "old", 0.03)).fence
    assert first is not None
    await old.log.append([b"by old"], first)
    second = await first_fence(new)
    await new.log.append([b"by new"], second)
    with pytest.raises(FenceLost):
        await old.log.append([b"too late", b"by far"], first)
    await old.log.append([b"unfenced"])
    assert await batches(new.log) == [b"by old", b"by new", b"unfenced"]


async def first_fence(store: Store) -> Fence:
    """Asks until the lease is free."""
    async with asyncio.timeout(5), held(store.leases, "engine", "new", term_s=60) as holding:
        pass
    fence = (await store.leases.take("engine", "new", 60)).fence
    assert fence is not None
    assert fence.token > holding.fence.token
    return fence


async def test_a_fence_passes_until_another_token_was_given(backend: Backend) -> None:
    """A server that was away for longer than a term must not cost the only writer what it has to say."""
    store = await backend.store()
    fence = (await store.leases.take("engine", "old", 0.01)).fence
    assert fence is not None
    await asyncio.sleep(0.03)
    await store.log.append([b"ran out, but nobody came"], fence)
    await store.leases.give_back(fence)
    with pytest.raises(FenceLost):
        await store.log.append([b"given back"], fence)
    assert await batches(store.log) == [b"ran out, but nobody came"]


# ------------------------------------------------------------------ restarts


async def test_a_restart_that_forgot_nothing_moves_the_epoch_on_and_costs_no_reader_its_position(mortal: Backend) -> None:
    store = await mortal.store()
    before = await store.log.append([b"before"])
    await mortal.restart()
    await settled(store)
    after = await store.log.append([b"after"])
    assert after.epoch == before.epoch + 1
    assert await store.log.read(before) == [(after, b"after")]


async def test_a_position_in_a_forgotten_tail_is_lost_before_and_after_new_records(mortal: Backend) -> None:
    store = await mortal.store()
    kept = await store.log.append([b"kept"])
    lost = await store.log.append([b"lost"])
    await mortal.restart(forget=1)
    with pytest.raises(PositionLost):
        await (await mortal.store()).log.read(lost)
    await settled(store)
    await store.log.append([b"in its place", b"and more"])
    with pytest.raises(PositionLost):
        await store.log.read(lost)
    assert await batches(store.log, kept) == [b"in its place", b"and more"]


async def test_a_restart_is_told_once_and_writes_nothing(mortal: Backend) -> None:
    store = await mortal.store()
    await store.log.append([b"a"])
    for _ in range(2):
        await mortal.restart()
        await settled(store)
        await store.log.append([b"taken"])
    assert await batches(store.log) == [b"a", b"taken", b"taken"]


async def test_a_fence_never_passes_again_after_a_loss(own: Own) -> None:
    """The server forgot that the lease and its token were ever given, and gives the lease again."""
    store = await own.store()
    await store.log.append([b"a"])
    await store.leases.take("warm-up", "x", 60)
    forgotten = (await store.leases.take("engine", "old", 60)).fence
    await own.on_disk()
    own.server.kill()
    own.server.cut(b"{" + own.floor.encode() + b"}:token:engine")
    own.server.start()
    await settled(store)
    again = (await store.leases.take("engine", "new", 60)).fence
    assert forgotten is not None
    assert again is not None
    assert again.token > forgotten.token
    with pytest.raises(FenceLost):
        await store.log.append([b"stale"], forgotten)
    await store.log.append([b"good"], again)


async def test_an_emptied_server_counts_as_restarted(own: Own) -> None:
    store = await own.store()
    await store.log.append([b"a"])
    link = RedisLink(own.url)
    await link.call("FLUSHALL")
    await link.close()
    await settled(store)
    await store.log.append([b"b"])
    assert await batches(store.log) == [b"b"]

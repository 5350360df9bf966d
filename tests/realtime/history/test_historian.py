"""The historian: every fact once and in order, whatever is killed, told again, lost, or away; and the log trimmed behind it."""

from __future__ import annotations

import asyncio
import random

import pytest
from sqlalchemy import text

from realtime import facts as kinds
from realtime.checkpoint import Checkpoint
from realtime.facts import Fact
from realtime.fold import FOLD_VERSION
from realtime.folding import FloorFolding
from realtime.history import historian as module
from realtime.history import upkeep
from realtime.history.database import Database
from realtime.history.port import Asked
from realtime.history.schema import cursor, facts
from realtime.history.trimming import KEPT, order
from realtime.history.writer import HistoryTaken
from realtime.log import Position
from realtime.words import SECOND
from tests.realtime.backends import until as until_is
from tests.realtime.chance import walk
from tests.realtime.history.desk import Desk, folded, until

EVER = 2**62


async def everything(desk: Desk) -> list[Fact]:
    return [kept.fact for kept in await desk.history.facts(Asked(since=0, until=EVER, limit=100_000))]


async def test_every_fact_once_and_in_order(desk: Desk) -> None:
    told = list(walk(1, 300))
    await desk.append(told)
    async with desk.writing():
        await desk.written(300)
    assert await everything(desk) == told
    assert [kept.place for kept in await desk.history.facts(Asked(since=0, until=EVER, limit=1000))] == list(range(1, 301))
    reach = await desk.history.reach()
    assert reach is not None
    assert (reach.first, reach.last) == (told[0].seen, told[-1].seen)


async def test_what_came_since_a_moment_is_told_whole_in_the_order_of_the_log(desk: Desk) -> None:
    told = list(walk(1, 700))
    await desk.append(told)
    async with desk.writing():
        await desk.written(700)
    for place in (0, 350, 699):
        first = next(at for at, fact in enumerate(told) if fact.at >= told[place].at)
        assert [kept.fact async for kept in desk.history.since(told[place].at)] == told[first:]
    assert [kept async for kept in desk.history.since(EVER)] == []


@pytest.mark.parametrize("seed", range(3))
async def test_stopped_at_any_moment_and_started_again(desk: Desk, seed: int) -> None:
    """With producers that tell their last facts again, in the same places and later."""
    chance, told = random.Random(seed), list(walk(seed, 600))
    appended = 0
    while appended < len(told):
        more = chance.randint(1, 200)
        await desk.append(told[max(0, appended - chance.randint(0, 30)) : appended + more], chance.randint(1, 9))
        appended += more
        async with desk.writing():
            for _ in range(chance.randint(0, 12)):
                await asyncio.sleep(0.001)
    async with desk.writing():
        await desk.written(len(told))
    assert await everything(desk) == told
    assert await desk.history.floor_at(EVER) == folded(told)


@pytest.mark.parametrize("seed", range(4))
async def test_who_is_stopped_leaves_no_lock_behind(desk: Desk, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by chance: a transaction that was given up in the middle kept SQLite's lock for as long as the process lived."""
    monkeypatch.setattr(upkeep, "EVERY", 0)
    monkeypatch.setattr(module, "FLOOR_EVERY", 0)
    chance, told = random.Random(seed), list(walk(seed, 400))
    for at in range(0, 400, 100):
        await desk.append(told[at : at + 100], 3)
        async with desk.writing():
            await asyncio.sleep(chance.random() * 0.08)
        next_one = await desk.historian(keep_days=1)
        await next_one._writer.open()
        await next_one.close()


async def test_a_log_that_lost_its_tail_costs_nothing(desk: Desk) -> None:
    told = list(walk(5, 200))
    async with desk.writing():
        await desk.append(told[:100], 1)
        await desk.written(100)
        desk.log.restart(forget=20)
        with pytest.raises(Exception, match="started anew"):
            await desk.append([])
        await desk.append(told[70:], 1)
        await desk.written(200)
    assert await everything(desk) == told


async def test_a_producer_is_known_however_late_it_repeats_itself(desk: Desk) -> None:
    """The fold remembers 64 producers; history all of them, or a log read from its beginning again would count twice."""
    lives = [kinds.NodeHeard(1, 1, kinds.Node("pbx"), f"life {number}", 0) for number in range(80)]
    async with desk.writing():
        await desk.append(lives)
        await desk.written(80)
        await desk.append([*lives, *walk(1, 3)])
        await desk.written(83)
    assert await desk.count(facts) == 83


async def test_a_database_that_is_away_loses_nothing(desk: Desk) -> None:
    told = list(walk(7, 120))
    locking = Database(desk.url, writes=True)
    async with desk.writing() as running:
        await desk.append(told[:60])
        await desk.written(60)
        async with locking.connection() as connection:
            await connection.execute(text("ALTER TABLE turns RENAME TO hidden"))
        await desk.append(told[60:])
        await until_is(lambda: bool(running.historian.away))
        assert running.historian.counts.away
        async with locking.connection() as connection:
            await connection.execute(text("ALTER TABLE hidden RENAME TO turns"))
        await desk.written(120)
        await until_is(lambda: not running.historian.away)
    await locking.close()
    assert await everything(desk) == told
    assert desk.told[-1] == "History is written again."


async def test_of_two_the_newer_writes_and_the_older_stops(desk: Desk) -> None:
    told = list(walk(9, 300))
    async with desk.writing() as first:
        await desk.append(told[:100])
        await desk.written(100)
        async with desk.writing() as second:
            await until_is(lambda: second.historian._here is not None)
            await desk.append(told[100:], 1)
            with pytest.raises(HistoryTaken):
                async with asyncio.timeout(10):
                    await first.task
            await desk.written(300)
    assert await everything(desk) == told


# ------------------------------------------------------------------ floors and starts


async def test_a_start_begins_at_the_newest_floor(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLOOR_EVERY", 60 * SECOND)
    told = list(walk(11, 300))
    async with desk.writing():
        await desk.append(told[:200])
        await desk.written(200)
        desk.now += 61 * SECOND
        await until(lambda: kept_floor(desk, 200))
    historian = await desk.historian()
    await desk.append(told[200:])
    here = await historian._resume()
    assert here.floor == folded(told[:200])
    await historian.close()
    async with desk.writing():
        await desk.written(300)
    assert await desk.history.floor_at(EVER) == folded(told)


async def kept_floor(desk: Desk, place: int) -> bool:
    base = await desk.history.base()
    return base is not None and base.place == place


async def test_after_an_upgrade_the_log_gets_a_checkpoint_of_what_history_knows(desk: Desk) -> None:
    told = list(walk(13, 200))
    async with desk.writing():
        await desk.append(told, 1)
        await desk.written(200)
    last = await desk.log.last()
    assert last is not None
    await desk.store.checkpoints.save(Checkpoint(last, "of an older version", b""))
    await desk.log.trim(last)
    historian = await desk.historian()
    await historian.found()
    await historian.close()
    newest = (await desk.store.checkpoints.load())[0]
    assert (newest.version, newest.position) == (FOLD_VERSION, last)
    assert FloorFolding().load(newest.blob) == folded(told)


# ------------------------------------------------------------------ trimming


async def test_the_log_is_trimmed_behind_history_the_older_checkpoint_and_an_hour(desk: Desk) -> None:
    told = list(walk(15, 300))
    async with desk.writing():
        await desk.append(told[:100], 1)
        await desk.written(100)
        early = await desk.log.last()
        assert early is not None
        await until(lambda: at(desk, early))
        await desk.append(told[100:200], 1)
        await desk.written(200)
        desk.now += KEPT + SECOND
        await asyncio.sleep(0.05)
        assert len(await desk.log.read(None, 1000)) == 200  # no checkpoint: whoever starts reads it all
        for position in (early, await desk.log.last()):
            assert position is not None
            await desk.store.checkpoints.save(Checkpoint(position, FOLD_VERSION, b""))
        desk.now += KEPT + SECOND
        await until(lambda: begins_at(desk, early))
        await desk.append(told[200:], 1)
        await desk.written(300)
    assert await everything(desk) == told


async def at(desk: Desk, position: Position) -> bool:
    rows = await desk.rows(cursor.select())
    return rows[0][4] == str(position)


async def begins_at(desk: Desk, position: Position) -> bool:
    return (await desk.log.read(None, 1))[0].position == position


async def test_nothing_is_trimmed_that_history_does_not_have(desk: Desk) -> None:
    await desk.append(walk(17, 100), 1)
    last = await desk.log.last()
    assert last is not None
    for _ in range(2):
        await desk.store.checkpoints.save(Checkpoint(last, FOLD_VERSION, b""))
    historian = await desk.historian()
    for _ in range(5):
        desk.now += KEPT
        await historian._trimmer.look(None)
        await historian._trimmer.look(Position(1, "1"))
    assert len(await desk.log.read(None, 1000)) == 100
    await historian.close()


def test_positions_are_ordered_by_their_numbers() -> None:
    offsets = ["9", "10"], ["1795510800000-9", "1795510800000-10", "1795510800001-0"]
    for told in offsets:
        assert sorted((Position(1, offset) for offset in reversed(told)), key=order) == [Position(1, offset) for offset in told]

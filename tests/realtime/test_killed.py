"""A real Valkey, killed in the middle of appends again and again: nothing is lost, nothing is counted twice, all agree."""

from __future__ import annotations

import asyncio
import functools
from contextlib import suppress

import pytest

from realtime.appender import Appender
from realtime.follower import Follower
from realtime.log import LogAway
from realtime.store import Store
from tests.realtime.backends import Own, until
from tests.realtime.toyfloor import ToyFloor, ToyFolding, said

PRODUCERS = ("hall7", "hall8", "engine")
FACTS = 1_500
KILLS = 4


async def produce(appender: Appender, session: str) -> None:
    for number in range(FACTS):
        assert appender.put(said(session, number))
        if number % 5 == 0:
            await asyncio.sleep(0.003)


async def follow(follower: Follower[ToyFloor, list[str]], save: bool) -> None:
    async for step in follower.steps():
        if save and step.records and not step.away:
            await _saved(follower)


async def _saved(follower: Follower[ToyFloor, list[str]]) -> None:
    with suppress(LogAway):
        await follower.save()


def follower(store: Store) -> Follower[ToyFloor, list[str]]:
    return Follower(store.log, store.checkpoints, ToyFolding(), wait_ms=50)


@pytest.mark.parametrize("forget", [0, 3])
async def test_a_server_killed_at_any_moment_costs_no_fact(own: Own, forget: int) -> None:
    appenders = [Appender((await own.store()).log) for _ in PRODUCERS]
    engine, board = follower(await own.store()), follower(await own.store())
    lasting = [asyncio.create_task(appender.run()) for appender in appenders]
    lasting += [asyncio.create_task(follow(engine, save=True)), asyncio.create_task(follow(board, save=False))]
    async with asyncio.timeout(60):
        async with asyncio.TaskGroup() as tasks:
            producing = [tasks.create_task(produce(*pair)) for pair in zip(appenders, PRODUCERS, strict=True)]
            for kill in range(KILLS):
                wanted = (kill + 1) * FACTS * len(PRODUCERS) // (KILLS + 2)
                await until(functools.partial(further_than, board, wanted), 30)
                own.crash(forget)
            assert not all(task.done() for task in producing), "the last kill came when all was said: kill earlier"
        for appender in appenders:
            await appender.drained()
        everything = {(session, number) for session in PRODUCERS for number in range(FACTS)}
        await until(lambda: set(engine.floor.said) == everything == set(board.floor.said), 30)
        again = follower(await own.store())
        await anext(again.steps())
        await until_current(again)
    for task in lasting:
        task.cancel()
    await asyncio.gather(*lasting, return_exceptions=True)
    for floor in (engine.floor, board.floor, again.floor):
        assert len(floor.said) == len(everything), "a fact was counted twice"
        for session in PRODUCERS:
            assert [number for name, number in floor.said if name == session] == list(range(FACTS))
    assert again.floor.said == engine.floor.said == board.floor.said, "the order of the log is everybody's"
    assert all(appender.repeated for appender in appenders)


def further_than(follower: Follower[ToyFloor, list[str]], facts: int) -> bool:
    return len(follower.floor.said) > facts


async def until_current(follower: Follower[ToyFloor, list[str]]) -> None:
    async for step in follower.steps():
        if step.records == 0 and not step.away:
            return

"""The follower: live or restarted from any checkpoint, it is the same floor; and what is lost heals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from realtime import follower as module
from realtime.checkpoint import Checkpoint
from realtime.follower import Follower, Step
from realtime.log import Fence, FenceLost, Position, PositionLost
from realtime.log_memory import MemoryLog
from realtime.store import MEMORY, Store, open_store
from tests.realtime.backends import Backend, Own
from tests.realtime.toyfloor import ToyFloor, ToyFolding, batch, said


class Reconnecting:
    """Loads by one connection and saves by another, as after a reconnect that nobody noticed."""

    def __init__(self, before: Store, after: Store) -> None:
        self.load = before.checkpoints.load
        self.save = after.checkpoints.save


ToyStep = Step[ToyFloor, list[str]]


def follower(store: Store, version: str = "1", told: list[str] | None = None, **options: Any) -> Follower[ToyFloor, list[str]]:
    hear = [] if told is None else told
    return Follower(store.log, store.checkpoints, ToyFolding(version), told=hear.append, **{"wait_ms": 50, **options})


async def caught_up(steps: AsyncIterator[ToyStep]) -> list[ToyStep]:
    """Steps until one finds nothing more; all of them."""
    found: list[ToyStep] = []
    async with asyncio.timeout(20):
        async for step in steps:
            found.append(step)
            if not step.behind and step.records == 0:
                break
    return found


async def followed(store: Store, **options: Any) -> ToyFloor:
    return (await caught_up(follower(store, **options).steps()))[-1].floor


async def fill(store: Store, count: int, first: int = 0, session: str = "a") -> list[Position]:
    return [await store.log.append([batch(said(session, number))]) for number in range(first, first + count)]


def plain(floor: ToyFloor) -> bytes:
    return ToyFolding().dump(floor)


async def test_steps_tell_what_changed_and_whether_more_is_waiting(backend: Backend) -> None:
    store = await backend.store()
    positions = await fill(store, 5)
    steps = await caught_up(follower(store, records=2).steps())
    assert [(step.records, step.behind, step.rebuilt) for step in steps] == [
        (2, True, True),
        (2, True, False),
        (1, False, False),
        (0, False, False),
    ]
    assert [len(step.changes) for step in steps] == [2, 2, 1, 0]
    assert steps[1].position == positions[3]


async def test_an_empty_log_gives_an_empty_floor_and_then_what_comes(backend: Backend) -> None:
    store = await backend.store()
    steps = follower(store).steps()
    first = await anext(steps)
    assert (first.rebuilt, first.position, first.records) == (True, None, 0)
    await fill(store, 1)
    assert (await caught_up(steps))[-1].floor.said == [("a", 0)]


@pytest.mark.parametrize("at", range(0, 21, 4))
async def test_from_any_checkpoint_it_is_the_floor_that_was_followed_live(backend: Backend, at: int) -> None:
    store = await backend.store()
    live = follower(store)
    steps = live.steps()
    await anext(steps)
    for number in range(20):
        await store.log.append([batch(said("a", number), said("b", number // 2), said("a", number - 1))])
        while (await anext(steps)).records == 0:
            pass
        if number + 1 == at:
            assert await live.save()
    again = follower(await backend.store())
    rebuilt = await caught_up(again.steps())
    assert plain(again.floor) == plain(live.floor)
    assert again.position == live.position
    assert sum(step.records for step in rebuilt) == 20 - at


async def test_a_checkpoint_of_another_version_is_left_aside_for_the_one_before(backend: Backend) -> None:
    store, told = await backend.store(), []
    await fill(store, 2)
    for version in ("1", "2"):
        writer = follower(store, version)
        await caught_up(writer.steps())
        assert await writer.save()
    await fill(store, 1, first=2)
    reader = follower(store, "1", told)
    assert (await anext(reader.steps())).records == 1
    assert len(told) == 1
    assert (await followed(store, version="3")).said == [("a", 0), ("a", 1), ("a", 2)]


async def test_a_checkpoint_that_cannot_be_read_is_left_aside(backend: Backend) -> None:
    store, told = await backend.store(), []
    last = (await fill(store, 3))[-1]
    await store.checkpoints.save(Checkpoint(last, "1", b"\xc1 not msgpack"))
    assert len((await followed(store, told=told)).said) == 3
    assert "cannot be read" in told[0]


async def test_a_checkpoint_older_than_the_log_is_left_aside(backend: Backend) -> None:
    store, told = await backend.store(), []
    writer = follower(store)
    await fill(store, 1)
    await caught_up(writer.steps())
    await writer.save()
    positions = await fill(store, 300, first=1)
    await store.log.trim(positions[-1])
    floor = await followed(store, told=told)
    assert floor.said[-1] == ("a", 300)
    assert "older than the log" in told[0]


async def test_after_an_upgrade_the_checkpoint_made_of_history_is_taken_when_it_is_there(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log alone has only its last hour: whoever started before the engine made one would show half a day for ever."""
    monkeypatch.setattr(module, "ADOPT_EVERY_S", 0.0)
    store = await backend.store()
    for number in range(10):
        last = await store.log.append([batch(said("a", number))])
    await store.checkpoints.save(Checkpoint(last, "of before", b""))
    upgraded = follower(store, wait_ms=20)
    steps = upgraded.steps()
    assert (await anext(steps)).rebuilt
    assert not (await anext(steps)).rebuilt
    known = ToyFloor(last={"a": 9, "older": 0}, said=[("older", 0), *(("a", number) for number in range(10))])
    await store.checkpoints.save(Checkpoint(last, "1", ToyFolding().dump(known)))
    assert (await anext(steps)).rebuilt
    assert upgraded.floor == known
    assert not (await anext(steps)).rebuilt
    await steps.aclose()


async def test_two_checkpoints_are_kept(backend: Backend) -> None:
    store = await backend.store()
    positions = await fill(store, 4)
    for position in positions:
        await store.checkpoints.save(Checkpoint(position, "1", str(position).encode()))
    assert await store.checkpoints.load() == [
        Checkpoint(position, "1", str(position).encode()) for position in (positions[3], positions[2])
    ]


async def test_only_the_holder_saves_and_only_what_the_log_holds(backend: Backend) -> None:
    store = await backend.store()
    position = (await fill(store, 1))[0]
    fence = (await store.leases.take("engine", "me", 60)).fence
    assert fence is not None
    await store.checkpoints.save(Checkpoint(position, "1", b"good"), fence)
    with pytest.raises(FenceLost):
        await store.checkpoints.save(Checkpoint(position, "1", b"bad"), Fence("engine", fence.token - 1))
    for wrong in (Position(position.epoch + 1, position.offset), Position(position.epoch, "99999999999999-0")):
        with pytest.raises(PositionLost):
            await store.checkpoints.save(Checkpoint(wrong, "1", b"bad"))
    assert [checkpoint.blob for checkpoint in await store.checkpoints.load()] == [b"good"]


async def test_a_slow_reader_heals_by_itself(backend: Backend) -> None:
    store, told = await backend.store(), []
    reader = follower(store, told=told)
    await fill(store, 1)
    steps = reader.steps()
    await caught_up(steps)
    await steps.aclose()  # type: ignore[attr-defined]
    positions = await fill(store, 300, first=1)
    await store.log.trim(positions[-1])
    healed = await caught_up(reader.steps())
    assert healed[0].rebuilt
    assert healed[-1].floor.said[-1] == ("a", 300)
    assert told


async def test_while_the_log_is_away_the_last_floor_stays_and_each_try_says_so() -> None:
    store = open_store(MEMORY, "floor")
    assert isinstance(store.log, MemoryLog)
    await fill(store, 2)
    steps = follower(store).steps()
    await caught_up(steps)
    store.log.away = "The log's server cannot be reached."
    cut_off = await anext(steps)
    assert (cut_off.away, cut_off.behind, len(cut_off.floor.said)) == ("The log's server cannot be reached.", True, 2)
    assert (await anext(steps)).away
    store.log.away = ""
    back = await anext(steps)
    assert (back.away, back.rebuilt, len(back.floor.said)) == ("", False, 2)


async def test_a_log_that_is_away_from_the_start_is_told_too() -> None:
    store = open_store(MEMORY, "floor")
    assert isinstance(store.log, MemoryLog)
    await fill(store, 1)
    store.log.away = "The log's server cannot be reached."
    steps = follower(store).steps()
    assert (await anext(steps)).position is None
    store.log.away = ""
    first = await anext(steps)
    assert (first.rebuilt, first.records) == (True, 1)


async def test_a_forgotten_tail_is_unfolded(mortal: Backend) -> None:
    """Who has folded what the server then forgot builds anew, and comes to the floor that everybody else has."""
    store, told = await mortal.store(), []
    live = follower(store, told=told)
    await fill(store, 3)
    steps = live.steps()
    await caught_up(steps)
    assert await live.save()
    await fill(store, 2, first=3)
    assert len((await caught_up(steps))[-1].floor.said) == 5
    await mortal.restart(forget=2)
    async with asyncio.timeout(20):
        async for step in steps:
            if step.rebuilt:
                break
    assert step.floor.said == [("a", 0), ("a", 1), ("a", 2)]
    assert step.records == 0, "the checkpoint of the earlier epoch is still good"
    assert any("not in the log any more" in sentence for sentence in told)


async def test_a_late_checkpoint_of_a_forgotten_tail_is_refused(mortal: Backend) -> None:
    store, late = await mortal.store(), await mortal.store()  # `late` connects only after the loss
    told: list[str] = []
    live = Follower(store.log, Reconnecting(store, late), ToyFolding(), told=told.append)
    await fill(store, 3)
    await anext(live.steps())
    await mortal.restart(forget=1)
    assert not await live.save()
    assert "no checkpoint was saved" in told[-1]
    assert await late.checkpoints.load() == []


async def test_a_restart_without_a_loss_costs_no_rebuild(own: Own) -> None:
    store = await own.store()
    await fill(store, 3)
    steps = follower(store).steps()
    await caught_up(steps)
    await own.restart()
    await (await own.store()).log.append([])
    after = await caught_up(steps)
    assert [step.rebuilt for step in after] == [False] * len(after)
    assert any(step.away for step in after)

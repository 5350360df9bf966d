"""Leases: one holder, a second one waits and takes over, a loss is told."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from realtime.leases import Holding, MemoryLeases, held
from realtime.log import Fence, LogAway
from tests.realtime.backends import Backend, Own, until


async def test_one_holds_the_other_is_told_who(backend: Backend) -> None:
    leases = (await backend.store()).leases
    taken = await leases.take("engine", "first", 60)
    assert taken.fence is not None
    refused = await leases.take("engine", "second", 60)
    assert refused.fence is None
    assert refused.holder == "first"
    assert (await leases.take("adapter:hall7", "second", 60)).fence is not None


async def test_tokens_grow_from_holder_to_holder(backend: Backend) -> None:
    leases = (await backend.store()).leases
    tokens = []
    for holder in ("a", "b", "c"):
        fence = (await leases.take("engine", holder, 60)).fence
        assert fence is not None
        tokens.append(fence.token)
        await leases.give_back(fence)
    assert tokens == sorted(set(tokens))


async def test_a_process_that_was_started_again_takes_its_own_lease_at_once_and_fences_its_former_self(backend: Backend) -> None:
    leases = (await backend.store()).leases
    former = (await leases.take("engine", "same", 60)).fence
    present = (await leases.take("engine", "same", 60)).fence
    assert former is not None
    assert present is not None
    assert not await leases.renew(former, "me", 60)
    assert await leases.renew(present, "me", 60)


async def test_giving_back_what_is_not_ours_takes_it_from_nobody(backend: Backend) -> None:
    leases = (await backend.store()).leases
    present = (await leases.take("engine", "a", 60)).fence
    assert present is not None
    await leases.give_back(Fence("engine", present.token - 1))
    assert await leases.renew(present, "me", 60)


async def test_a_second_waits_and_takes_over_when_the_first_ends(backend: Backend) -> None:
    one, two = await backend.store(), await backend.store()
    reasons: list[str] = []

    async def second() -> Fence:
        async with held(two.leases, "engine", "second", term_s=0.3, waiting=reasons.append) as holding:
            return holding.fence

    async with asyncio.timeout(10):
        async with held(one.leases, "engine", "first", term_s=0.3) as holding:
            waiting = asyncio.create_task(second())
            await until(lambda: bool(reasons))
            await asyncio.sleep(0.4)  # longer than a term: it is renewed
            assert not waiting.done()
            assert not holding.loss
        fence = await waiting
    assert fence.token > holding.fence.token
    assert reasons == ["first holds the lease 'engine': this one waits and takes over when it ends."]


async def test_a_loss_is_told(backend: Backend) -> None:
    one, two = await backend.store(), await backend.store()
    async with asyncio.timeout(10), held(one.leases, "engine", "me", term_s=0.3) as holding:
        await two.leases.take("engine", "me", 60)
        assert "somebody else" in await holding.lost()
    assert holding.loss


async def test_a_server_that_is_away_takes_no_lease_from_its_holder() -> None:
    class Counting(MemoryLeases):
        tries = renewed = 0

        async def renew(self, fence: Fence, holder: str, term_s: float) -> bool:
            self.tries += 1
            ours = await super().renew(fence, holder, term_s)
            self.renewed += 1
            return ours

    leases = Counting()
    async with asyncio.timeout(10), held(leases, "engine", "me", term_s=0.06) as holding:
        leases.away = "The log's server cannot be reached."
        await until(lambda: leases.tries >= 5)
        leases.away, leases.renewed = "", 0
        await until(lambda: leases.renewed > 0)
        assert not holding.loss


async def test_a_lease_that_ran_out_is_renewed_unless_somebody_came(backend: Backend) -> None:
    leases = (await backend.store()).leases
    fence = (await leases.take("engine", "me", 0.01)).fence
    assert fence is not None
    await asyncio.sleep(0.03)
    assert await leases.renew(fence, "me", 60)
    assert (await leases.take("engine", "other", 60)).holder == "me"


async def test_a_lease_that_somebody_else_had_in_between_is_lost(backend: Backend) -> None:
    leases = (await backend.store()).leases
    fence = (await leases.take("engine", "me", 0.01)).fence
    await asyncio.sleep(0.03)
    other = (await leases.take("engine", "other", 60)).fence
    assert fence is not None
    assert other is not None
    await leases.give_back(other)
    assert not await leases.renew(fence, "me", 60)


async def test_while_the_server_is_away_a_lease_is_waited_for() -> None:
    leases = MemoryLeases()
    leases.away = "The log's server cannot be reached."
    reasons: list[str] = []

    async def hold() -> Holding:
        async with held(leases, "engine", "me", term_s=0.3, waiting=reasons.append) as holding:
            return holding

    task = asyncio.create_task(hold())
    await until(lambda: bool(reasons))
    leases.away = ""
    async with asyncio.timeout(5):
        assert (await task).fence.token == 1
    assert reasons == ["The log's server cannot be reached."]


async def test_a_bug_in_renewing_is_not_taken_for_a_lease_that_is_kept() -> None:
    class Broken(MemoryLeases):
        async def renew(self, fence: Fence, holder: str, term_s: float) -> bool:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async with asyncio.timeout(5), held(Broken(), "engine", "me", term_s=0.05) as holding:
            await holding.lost()


async def test_a_lease_outlives_a_short_restart_of_the_server(own: Own) -> None:
    store = await own.store()
    async with asyncio.timeout(20), held(store.leases, "engine", "me", term_s=5) as holding:
        await own.restart()
        for _ in range(5):  # the connection broke; it is another server; then it is taken
            with suppress(LogAway):
                await store.log.append([b"a"], holding.fence)
        assert await store.log.read(None)
        assert not holding.loss

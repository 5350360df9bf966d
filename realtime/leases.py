"""Leases: who may write, known by a token that only grows. One holder a name; the others wait for its end.

Not what keeps two writers apart: that is the fence that each append checks at the server. A lease only sees to it that there
is one writer as a rule, and tells it when it is not the one any more.

A token is the server's time in microseconds, or one more than the last: so it grows even when the server forgot its last
seconds with the last token in them, and a fence of before the loss can never pass as one of after it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol

from realtime.backoff import Backoff
from realtime.log import Fence, LogAway
from realtime.redis_link import RedisLink, Script, floor_key

TERM_S = 6.0
"""How long a silent holder keeps its lease: a restarted server or a pause of the process is shorter, a takeover is prompt."""
RENEWALS_A_TERM = 3
"""Two may fail before the third is the last."""


class Taken(NamedTuple):
    """Answer to an attempt: the fence when it is ours, else who holds it."""

    fence: Fence | None
    holder: str


class LeaseStore(Protocol):
    """Where leases are kept. Every call may raise LogAway."""

    async def take(self, name: str, holder: str, term_s: float) -> Taken:
        """Free, expired or held by the same `holder` (a process that was started again): ours, with a new token."""
        ...

    async def renew(self, fence: Fence, term_s: float) -> bool:
        """False: it is not ours any more."""
        ...

    async def give_back(self, fence: Fence) -> None: ...


class Holding:
    """A lease that is ours until `lost` says otherwise."""

    def __init__(self, fence: Fence) -> None:
        self.fence = fence
        self._loss: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @property
    def loss(self) -> str:
        """Why it was lost, as a sentence; empty while it is ours."""
        return self._loss.result() if self._loss.done() else ""

    async def lost(self) -> str:
        """Waits until it is lost and says why."""
        return await asyncio.shield(self._loss)

    def tell(self, reason: str) -> None:
        if not self._loss.done():
            self._loss.set_result(reason)

    def ended(self, keeper: asyncio.Task[None]) -> None:
        """A bug in the renewing must not look like a lease that is kept: whoever waits for `lost` gets it."""
        if not keeper.cancelled() and (bug := keeper.exception()) is not None and not self._loss.done():
            self._loss.set_exception(bug)


@asynccontextmanager
async def held(
    store: LeaseStore,
    name: str,
    holder: str,
    *,
    term_s: float = TERM_S,
    waiting: Callable[[str], None] = lambda _: None,
    chance: Callable[[], float] = random.random,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Holding]:
    """Waits until the lease is ours, renews it in the background, gives it back at the end.

    `waiting` is told why it is not ours yet, each time that the reason changes.
    """
    asked, fence = await _taken(store, name, holder, term_s, waiting, chance, clock)
    holding = Holding(fence)
    keeper = asyncio.create_task(_keep(store, holding, term_s, clock, asked), name=f"lease {name}")
    keeper.add_done_callback(holding.ended)
    try:
        yield holding
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        if not holding.loss:
            await _give_back(store, fence)


async def _taken(
    store: LeaseStore,
    name: str,
    holder: str,
    term_s: float,
    waiting: Callable[[str], None],
    chance: Callable[[], float],
    clock: Callable[[], float],
) -> tuple[float, Fence]:
    """When we asked, and what we got."""
    told = ""
    backoff = Backoff(chance, most_s=term_s / RENEWALS_A_TERM)
    while True:
        asked = clock()
        try:
            taken = await store.take(name, holder, term_s)
            reason = f"{taken.holder} holds the lease {name!r}: this one waits and takes over when it ends."
        except LogAway as away:
            taken, reason = Taken(None, ""), str(away)
        if taken.fence is not None:
            return asked, taken.fence
        if reason != told:
            waiting(reason)
            told = reason
        await asyncio.sleep(backoff.next())


async def _keep(store: LeaseStore, holding: Holding, term_s: float, clock: Callable[[], float], renewed: float) -> None:
    """Renews until it is lost. `renewed`: when we asked for it; the term counts from the asking, never from the answer."""
    while True:
        await asyncio.sleep(term_s / RENEWALS_A_TERM)
        asked = clock()
        try:
            async with asyncio.timeout(term_s / RENEWALS_A_TERM):
                ours = await store.renew(holding.fence, term_s)
        except (LogAway, TimeoutError):
            if clock() - renewed > term_s:
                return holding.tell(f"The lease {holding.fence.lease!r} could not be renewed for {term_s:g} s: it may be another's by now.")
            continue
        if not ours:
            return holding.tell(f"The lease {holding.fence.lease!r} ran out and somebody else may hold it now.")
        renewed = asked


async def _give_back(store: LeaseStore, fence: Fence) -> None:
    try:
        await store.give_back(fence)
    except LogAway:
        return  # it runs out by itself


# ------------------------------------------------------------------ in memory


class _Entry(NamedTuple):
    holder: str
    token: int
    until: float


class MemoryLeases:
    """The twin in this process. `forget` does what a restart that lost its tail would."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.away = ""
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._last_token = 0

    async def take(self, name: str, holder: str, term_s: float) -> Taken:
        self._reachable()
        entry = self._entries.get(name)
        if entry is not None and entry.holder != holder and entry.until > self._clock():
            return Taken(None, entry.holder)
        self._last_token += 1
        self._entries[name] = _Entry(holder, self._last_token, self._clock() + term_s)
        return Taken(Fence(name, self._last_token), holder)

    async def renew(self, fence: Fence, term_s: float) -> bool:
        self._reachable()
        if not self.holds(fence):
            return False
        self._entries[fence.lease] = self._entries[fence.lease]._replace(until=self._clock() + term_s)
        return True

    async def give_back(self, fence: Fence) -> None:
        self._reachable()
        if self.holds(fence):
            del self._entries[fence.lease]

    def holds(self, fence: Fence) -> bool:
        entry = self._entries.get(fence.lease)
        return entry is not None and entry.token == fence.token and entry.until > self._clock()

    def forget(self, name: str) -> None:
        self._entries.pop(name, None)

    def _reachable(self) -> None:
        if self.away:
            raise LogAway(self.away)


# ------------------------------------------------------------------ in Redis

TAKE = Script("""
local holder = redis.call('HGET', KEYS[1], 'holder')
if holder and holder ~= ARGV[1] then return {'', holder} end
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local token = string.format('%.0f', math.max(time[1] * 1000000 + time[2], last + 1))
redis.call('SET', KEYS[2], token)
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'token', token)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {token, ARGV[1]}
""")
RENEW = Script("""
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
""")
GIVE_BACK = Script("""
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
""")


class RedisLeases:
    """`{floor}:lease:NAME`, a hash of holder and token that expires; `{floor}:token:NAME`, the last token, that does not."""

    def __init__(self, link: RedisLink, floor: str) -> None:
        self._link = link
        self._floor = floor

    async def take(self, name: str, holder: str, term_s: float) -> Taken:
        keys = (self._key(name), floor_key(self._floor, "token", name))
        token, owner = await self._link.script(TAKE, keys, (holder, _ms(term_s)))
        return Taken(Fence(name, int(token)) if token else None, owner.decode())

    async def renew(self, fence: Fence, term_s: float) -> bool:
        return bool(await self._link.script(RENEW, (self._key(fence.lease),), (fence.token, _ms(term_s))))

    async def give_back(self, fence: Fence) -> None:
        await self._link.script(GIVE_BACK, (self._key(fence.lease),), (fence.token,))

    def _key(self, name: str) -> str:
        return floor_key(self._floor, "lease", name)


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))

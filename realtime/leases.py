"""Leases: who may write, known by a token that only grows. One holder a name; the others wait for its end.

Not what keeps two writers apart: that is the fence that each append checks at the server. It passes until a newer token was given,
not until the lease ran out: when the server was away for longer than a term and nobody came in between, its holder goes on, and
what it has to write is not lost. So a lease is lost only to somebody else. A lease itself only sees to it that there is one
writer as a rule, and tells it when it is not the one any more.

A token is the server's time in microseconds, or one more than the last: so it grows even when the server forgot its last
seconds with the last token in them, and a fence of before the loss can never pass as one of after it.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple, Protocol

from realtime.backoff import Backoff
from realtime.log import Fence, LogAway
from realtime.redis_link import RedisLink, Script, floor_key
from realtime.vitals import Family
from realtime.watched import families_of_lease

TERM_S = 6.0
"""How long a silent holder keeps its lease: a restarted server or a pause of the process is shorter, a takeover is prompt."""
RENEWALS_A_TERM = 3
"""Two may fail before it runs out and another one may take it."""


class Taken(NamedTuple):
    """Answer to an attempt: the fence when it is ours, else who holds it."""

    fence: Fence | None
    holder: str


class LeaseStore(Protocol):
    """Where leases are kept. Every call may raise LogAway."""

    async def take(self, name: str, holder: str, term_s: float) -> Taken:
        """Free, expired or held by the same `holder` (a process that was started again): ours, with a new token."""
        ...

    async def renew(self, fence: Fence, holder: str, term_s: float) -> bool:
        """Also when it ran out meanwhile. False: somebody else got it since."""
        ...

    async def give_back(self, fence: Fence) -> None:
        """Free for the next, and our fence passes no more."""
        ...


class Holding:
    """A lease that is ours until `lost` says otherwise."""

    def __init__(self, fence: Fence) -> None:
        self.fence = fence
        self._began = self._renewed = time.monotonic()
        self._loss: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @property
    def loss(self) -> str:
        """Why it was lost, as a sentence; empty while it is ours."""
        return self._loss.result() if self._loss.done() else ""

    async def lost(self) -> str:
        """Waits until it is lost and says why."""
        return await asyncio.shield(self._loss)

    def renewed(self) -> None:
        self._renewed = time.monotonic()

    def families(self) -> list[Family]:
        now = time.monotonic()
        return families_of_lease(now - self._began, now - self._renewed)

    def tell(self, reason: str) -> None:
        if not self._loss.done():
            self._loss.set_result(reason)

    def ended(self, keeper: asyncio.Task[None]) -> None:
        """A bug in the renewing must not look like a lease that is kept: whoever waits for `lost` gets it."""
        if not keeper.cancelled() and (bug := keeper.exception()) is not None and not self._loss.done():
            self._loss.set_exception(bug)


@contextlib.asynccontextmanager
async def held(
    store: LeaseStore,
    name: str,
    holder: str,
    *,
    term_s: float = TERM_S,
    waiting: Callable[[str], None] = lambda _: None,
    chance: Callable[[], float] = random.random,
) -> AsyncIterator[Holding]:
    """Waits until the lease is ours, renews it in the background, gives it back at the end.

    `waiting` is told why it is not ours yet, each time that the reason changes.
    """
    fence = await _taken(store, name, holder, term_s, waiting, Backoff(chance, most_s=term_s / RENEWALS_A_TERM))
    holding = Holding(fence)
    keeper = asyncio.create_task(_keep(store, holding, holder, term_s), name=f"lease {name}")
    keeper.add_done_callback(holding.ended)
    try:
        yield holding
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        if not holding.loss:
            await _give_back(store, fence)


async def _taken(store: LeaseStore, name: str, holder: str, term_s: float, waiting: Callable[[str], None], backoff: Backoff) -> Fence:
    told = ""
    while True:
        try:
            taken = await store.take(name, holder, term_s)
            reason = f"{taken.holder} holds the lease {name!r}: this one waits and takes over when it ends."
        except LogAway as away:
            taken, reason = Taken(None, ""), str(away)
        if taken.fence is not None:
            return taken.fence
        if reason != told:
            waiting(reason)
            told = reason
        await asyncio.sleep(backoff.next())


async def _keep(store: LeaseStore, holding: Holding, holder: str, term_s: float) -> None:
    """Renews until somebody else has it. While the server is away nobody can get it, so that is no loss."""
    ours = True
    while ours:
        await asyncio.sleep(term_s / RENEWALS_A_TERM)
        with contextlib.suppress(LogAway):
            ours = await store.renew(holding.fence, holder, term_s)
            holding.renewed()
    holding.tell(f"The lease {holding.fence.lease!r} ran out and somebody else holds it now: this process stops writing.")


async def _give_back(store: LeaseStore, fence: Fence) -> None:
    with contextlib.suppress(LogAway):  # then it runs out by itself
        await store.give_back(fence)


# ------------------------------------------------------------------ in memory


class _Entry(NamedTuple):
    holder: str
    until: float


class MemoryLeases:
    """The twin in this process. `away`: a sentence while the server is to seem unreachable."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.away = ""
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._tokens: dict[str, int] = {}

    async def take(self, name: str, holder: str, term_s: float) -> Taken:
        self._reachable()
        entry = self._entries.get(name)
        if entry is not None and entry.holder != holder and entry.until > self._clock():
            return Taken(None, entry.holder)
        self._tokens[name] = self._tokens.get(name, 0) + 1
        self._entries[name] = _Entry(holder, self._clock() + term_s)
        return Taken(Fence(name, self._tokens[name]), holder)

    async def renew(self, fence: Fence, holder: str, term_s: float) -> bool:
        self._reachable()
        if not self.holds(fence):
            return False
        self._entries[fence.lease] = _Entry(holder, self._clock() + term_s)
        return True

    async def give_back(self, fence: Fence) -> None:
        self._reachable()
        if self.holds(fence):
            self._tokens[fence.lease] = fence.token + 1
            del self._entries[fence.lease]

    def holds(self, fence: Fence) -> bool:
        return fence.token >= self._tokens.get(fence.lease, 0)

    def _reachable(self) -> None:
        if self.away:
            raise LogAway(self.away)


# ------------------------------------------------------------------ in Redis

TAKE = Script("""
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return {'', holder} end
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local token = string.format('%.0f', math.max(time[1] * 1000000 + time[2], last + 1))
redis.call('SET', KEYS[2], token)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {token, ARGV[1]}
""")
RENEW = Script("""
if tonumber(redis.call('GET', KEYS[2]) or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
""")
GIVE_BACK = Script("""
if tonumber(redis.call('GET', KEYS[2]) or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[2], string.format('%.0f', ARGV[1] + 1))
return redis.call('DEL', KEYS[1])
""")
"""KEYS of all three: the lease, its token. Whole numbers are exact in Lua up to 2^53; microseconds reach that in the year 2255."""


class RedisLeases:
    """`{floor}:lease:NAME` names the holder and expires; `{floor}:token:NAME` is the last token given, and does not."""

    def __init__(self, link: RedisLink, floor: str) -> None:
        self._link = link
        self._floor = floor

    async def take(self, name: str, holder: str, term_s: float) -> Taken:
        token, owner = await self._link.script(TAKE, self._keys(name), (holder, _ms(term_s)))
        return Taken(Fence(name, int(token)) if token else None, owner.decode())

    async def renew(self, fence: Fence, holder: str, term_s: float) -> bool:
        return bool(await self._link.script(RENEW, self._keys(fence.lease), (fence.token, holder, _ms(term_s))))

    async def give_back(self, fence: Fence) -> None:
        await self._link.script(GIVE_BACK, self._keys(fence.lease), (fence.token,))

    def _keys(self, name: str) -> tuple[str, str]:
        return floor_key(self._floor, "lease", name), floor_key(self._floor, "token", name)


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))

"""The log's server in virtual time: facts, requests and orders behind one address, away together and restarted together.

Backed by the real twins in memory (`realtime/log_memory.py`). A `Door` is one process's connection: each is told of a restart once,
and one may be told that an append failed that did not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from realtime.leases import MemoryLeases
from realtime.log import Fence, LogAway, Position, Record
from realtime.log_faults import LogRestarted
from realtime.log_memory import MemoryLog

AWAY = "The log's server is away."


class Kept:
    """One stream, and when each of its records came."""

    def __init__(self, holds: Callable[[Fence], bool]) -> None:
        self.log = MemoryLog(holds=holds)
        self.times: list[float] = []
        self.epoch = 1

    def restart(self, since: float) -> int:
        forget = sum(at > since for at in self.times)
        self.log.restart(forget)
        self.log._told_epoch = self.log._epoch  # doors tell of it, each for itself
        del self.times[len(self.times) - forget :]
        self.epoch += 1
        return forget


class Server:
    def __init__(self, time: Callable[[], float]) -> None:
        self.time = time
        self.leases = MemoryLeases(time)
        self.facts, self.requests, self.orders = (Kept(self.leases.holds) for _ in range(3))
        self.away_until = 0.0

    @property
    def away(self) -> bool:
        return self.time() < self.away_until

    def lose(self, seconds: float) -> int:
        """A killed server comes back without its last seconds; says how many facts' batches that were."""
        since = self.time() - seconds
        self.requests.restart(since)
        self.orders.restart(since)
        return self.facts.restart(since)

    def door(self, kept: Kept) -> Door:
        return Door(self, kept)


class Door:
    """A Log, as one process has it."""

    def __init__(self, server: Server, kept: Kept) -> None:
        self.lie = False
        """Of the next append it is said that it failed, though it did not."""
        self._server = server
        self._kept = kept
        self._epoch = kept.epoch

    async def append(self, batches: Sequence[bytes], fence: Fence | None = None) -> Position:
        self._check()
        if self._epoch != self._kept.epoch:
            self._epoch = self._kept.epoch
            raise LogRestarted("The log was started anew and may have forgotten its last seconds: they are appended again.")
        position = await self._kept.log.append(batches, fence)
        self._kept.times += [self._server.time()] * len(batches)
        if self.lie:
            self.lie = False
            raise LogAway("The answer to an append was lost on the way.")
        return position

    async def read(self, after: Position | None, limit: int = 1000, wait_ms: int = 0) -> list[Record]:
        self._check()
        return await self._kept.log.read(after, limit, wait_ms)

    async def last(self) -> Position | None:
        self._check()
        return await self._kept.log.last()

    async def trim(self, before: Position) -> None:
        self._check()

    async def close(self) -> None:
        return

    def _check(self) -> None:
        if self._server.away:
            raise LogAway(AWAY)

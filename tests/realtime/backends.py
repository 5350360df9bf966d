"""The two backends behind one face, so that one suite holds for both: open stores on a floor, restart, forget, be away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

from realtime.log_memory import MemoryLog
from realtime.redis_link import RedisLink
from realtime.store import MEMORY, Store, open_store
from tests.valkeys import Server, new_floor


class Backend(Protocol):
    async def store(self) -> Store:
        """As one process has it: what another appends to the same floor is seen."""
        ...

    async def restart(self, forget: int = 0) -> None:
        """Killed and started again; the last records are gone."""
        ...

    async def close(self) -> None: ...


class Memory:
    """All stores are the same one."""

    def __init__(self) -> None:
        self._store = open_store(MEMORY, "floor")

    async def store(self) -> Store:
        return self._store

    async def restart(self, forget: int = 0) -> None:
        assert isinstance(self._store.log, MemoryLog)
        self._store.log.restart(forget)

    async def close(self) -> None:
        await self._store.close()


class Shared:
    """On the worker's Valkey: quick to have, not to be killed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.floor = new_floor()
        self._stores: list[Store] = []

    async def store(self) -> Store:
        self._stores.append(open_store(self.url, self.floor))
        return self._stores[-1]

    async def restart(self, forget: int = 0) -> None:
        raise AssertionError("other tests use this server")

    async def close(self) -> None:
        for store in self._stores:
            await store.close()


class Own(Shared):
    """On a Valkey of its own, killed with SIGKILL; forgetting is cutting its append-only file."""

    def __init__(self, data: Path) -> None:
        self.server = Server(data)
        self.server.start()
        super().__init__(self.server.url)

    async def restart(self, forget: int = 0) -> None:
        """Exactly `forget` records are gone."""
        await self.on_disk()
        self.crash(forget)

    def crash(self, forget: int = 0) -> None:
        """Killed now. At least `forget` records are gone; while its disk is busy a server answers before it writes, so maybe more."""
        self.server.kill()
        if forget:
            self.server.forget(forget)
        self.server.start()

    async def on_disk(self) -> None:
        """Whatever was written so far is in its file."""
        link = RedisLink(self.url)
        try:
            await link.call("SET", "{tests}:mark", "")
            assert (await link.call("WAITAOF", 1, 0, 5000))[0] == 1
        finally:
            await link.close()

    async def close(self) -> None:
        await super().close()
        self.server.kill()


async def until(condition: Callable[[], bool], limit_s: float = 10.0) -> None:
    """Waits for what other tasks bring about."""
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110  conditions of every kind
            await asyncio.sleep(0.002)


async def take(iterator: AsyncIterator[object], done: Callable[[], bool]) -> None:
    """Draws from it until `done`."""
    async with asyncio.timeout(20):
        async for _ in iterator:
            if done():
                return

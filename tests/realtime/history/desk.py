"""Where a historian works in a test: a log in memory, its leases and checkpoints, a database, a clock turned by hand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

from sqlalchemy import Table, func, select

from realtime.changes import Changes
from realtime.factcodec import encode, join
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.history.database import Database
from realtime.history.historian import Historian
from realtime.history.schema import facts
from realtime.history.store import StoredHistory, open_history
from realtime.log import Fence
from realtime.log_memory import MemoryLog
from realtime.store import MEMORY, open_store
from realtime.words import SECOND
from tests.realtime.story import START


class Desk:
    def __init__(self, url: str) -> None:
        self.url = url
        self.now = START
        self.told: list[str] = []
        self.store = open_store(MEMORY, "main")
        self.history: StoredHistory = open_history(url)
        self._holders = 0

    @property
    def log(self) -> MemoryLog:
        assert isinstance(self.store.log, MemoryLog)
        return self.store.log

    async def append(self, told: Iterable[Fact], together: int = 7) -> None:
        """As producers do, some facts in one batch."""
        encoded = [encode(fact) for fact in told]
        await self.log.append([join(encoded[at : at + together]) for at in range(0, len(encoded), together)])

    async def fence(self) -> Fence:
        self._holders += 1
        taken = await self.store.leases.take("engine", f"engine {self._holders}", 0.0)
        assert taken.fence is not None
        return taken.fence

    async def historian(self, *, keep_days: int = 400, floor: str = "main") -> Historian:
        database = Database(self.url, writes=True)
        fence = await self.fence()
        return Historian(
            self.log, self.store.checkpoints, database, floor, fence, keep_days, lambda: self.now, self.told.append, lambda: 0.5
        )

    @contextlib.asynccontextmanager
    async def writing(self, **more: int) -> AsyncIterator[Running]:
        historian = await self.historian(**more)  # type: ignore[arg-type]
        running = Running(historian, asyncio.create_task(historian.run()))
        try:
            yield running
        finally:
            await running.stop()

    async def written(self, number: int) -> None:
        """Until so many facts are in the database."""
        await until(lambda: self._is(number))

    async def _is(self, number: int) -> bool:
        return await self.count(facts) >= number

    async def count(self, table: Table) -> int:
        return int((await self.rows(select(func.count()).select_from(table)))[0][0])

    async def rows(self, asked: object) -> Sequence[tuple[object, ...]]:
        with contextlib.suppress(Exception):
            return await self.history._rows(asked)  # type: ignore[arg-type,return-value]
        return [(0,)]

    async def close(self) -> None:
        await self.history.close()
        await self.store.close()


class Running:
    def __init__(self, historian: Historian, task: asyncio.Task[None]) -> None:
        self.historian = historian
        self.task = task

    async def stop(self) -> None:
        """At once, wherever it is."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.historian.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110  it asks a database
            await asyncio.sleep(0.005)


def folded(told: Iterable[Fact]) -> Floor:
    floor, changes = Floor(), Changes()
    for fact in told:
        apply(floor, fact, changes)
    return floor


MINUTE = 60 * SECOND

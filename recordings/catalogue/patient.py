"""A connection whose statements are done to their end also when who asked is cancelled, and whose faults are HistoryAway.

Not `realtime.history.database.whole`, which does this for a whole function: a change of the archive is a block of its caller's. SQLite's
thread, given up in the middle of a statement, may keep the lock of the file; an archivist that is stopped or a browser that goes away
must not leave that behind. Faults are told statement by statement, so that a file that the caller cannot open is not the database's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.history.database import Database
from realtime.history.port import HistoryAway

T = TypeVar("T")


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Bounded by the database's own patience."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # nobody asks for it any more
        raise


class Patient(AsyncConnection):
    """As AsyncConnection. Every call may raise HistoryAway."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self._database = database

    async def open(self) -> None:
        """The transaction begins here, and not with the first statement."""
        await self._done(super().start())
        await self.run_sync(lambda connection: connection.begin())

    async def execute(self, *arguments: Any, **more: Any) -> Any:
        return await self._done(super().execute(*arguments, **more))

    async def exec_driver_sql(self, *arguments: Any, **more: Any) -> Any:
        return await self._done(super().exec_driver_sql(*arguments, **more))

    async def run_sync(self, *arguments: Any, **more: Any) -> Any:
        return await self._done(super().run_sync(*arguments, **more))

    async def commit(self) -> None:
        await self._done(super().commit())

    async def give_up(self) -> None:
        """Rolled back, as far as there is something; what raised says why."""
        with suppress(HistoryAway):
            if self.sync_connection is not None:
                await self._done(super().rollback())

    async def close(self) -> None:
        with suppress(HistoryAway):
            if self.sync_connection is not None:
                await self._done(super().close())

    async def _done(self, work: Coroutine[Any, Any, T]) -> T:
        with self._database.faults():
            return await to_the_end(work)

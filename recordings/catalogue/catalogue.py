"""A connection to the archive's tables: read them, or change them and append to the log in the same transaction.

Not what is asked and changed (each subject writes its own SQL against `schema.py` and its `tables.py`). Whoever appends takes the log's
end for the transaction (BEGIN IMMEDIATE; an advisory lock in PostgreSQL), so board, archivist and command line may all do it, and what is
in the tables and what is in the log are never two truths.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.proof.entries import Entry


class Change:
    """One transaction. `connection` for the tables; `append` for the log."""

    connection: AsyncConnection

    async def append(self, entry: Entry) -> int:
        """Its index in the log. Many may be appended in one change."""
        raise NotImplementedError


class Catalogue:
    """`writes`: may change. Raises realtime.history.port.HistoryAway when the database is not there, BadDatabase for a wrong one."""

    def __init__(self, url: str, *, writes: bool = False) -> None:
        raise NotImplementedError

    async def open(self) -> None:
        """Brings the tables to this version (writers), or does nothing (readers)."""
        raise NotImplementedError

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        raise NotImplementedError
        yield

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        """Committed at the end; rolled back, log and all, by whatever is raised inside."""
        raise NotImplementedError
        yield

    async def close(self) -> None:
        raise NotImplementedError

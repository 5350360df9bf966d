"""A connection to the archive's tables: read them, or change them and append to the log in the same transaction.

Not what is asked and changed (each subject writes its own SQL against `schema.py` and its `tables.py`). Whoever changes takes the log's
end for the transaction (BEGIN IMMEDIATE; an advisory lock in PostgreSQL), so board, archivist and command line may all do it, and what
is in the tables and what is in the log are never two truths. In SQLite a change is on the disk when it is done (synchronous=FULL), and
what is deleted is overwritten (secure_delete), for a wrapped key must not linger; PostgreSQL does the first by itself, and the second
not before its next VACUUM.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.history.database import PATIENCE_S, Database, Owner
from recordings.catalogue import migrate
from recordings.catalogue.patient import Patient
from recordings.catalogue.tree import End
from recordings.proof.entries import Entry
from recordings.settings import ArchiveSettings

FILE = "catalogue.db"
OWNER = Owner("archive", "andon archivist", schema="archive", durable=True)
"""A schema of its own, for history may lie in the same database of PostgreSQL."""
LOG_END = 0x616E646F6E6C
"""PostgreSQL's advisory lock of whoever changes: one at a time, as SQLite has it by itself."""


def catalogue_url(settings: ArchiveSettings) -> str:
    """The database in the settings, else a file under data_dir/archive."""
    return settings.database or sqlite_url(settings.folder)


def sqlite_url(folder: Path) -> str:
    return URL.create("sqlite+aiosqlite", database=str((folder / FILE).absolute())).render_as_string()


class Change:
    """One transaction. `connection` for the tables; `append` for the log."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self._end = End(connection, secrets.token_bytes)

    async def append(self, entry: Entry) -> int:
        """Its index in the log. Many may be appended in one change."""
        return await self._end.append(entry)


class Catalogue:
    """`writes`: may change. Raises realtime.history.port.HistoryAway when the database is not there, BadDatabase for a wrong one."""

    def __init__(self, url: str, *, writes: bool = False) -> None:
        self._url, self._writes = url, writes
        self._reading = Database(url, owner=OWNER)
        self._writing: dict[float, Database] = {}
        """By patience, for it is a connection's own. SQLite needs one: it waits for nobody but another writer."""
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

    @property
    def where(self) -> str:
        return self._reading.where

    @property
    def sqlite(self) -> bool:
        return self._reading.sqlite

    async def open(self) -> None:
        """Brings the tables to this version (writers), or does nothing (readers)."""
        if self._writes:
            making = Database(self._url, writes=True, owner=OWNER)
            try:
                await migrate.migrate(making)
            finally:
                await making.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One moment of the tables, as long as it takes (PostgreSQL: of each statement)."""
        async with _transaction(self._reading, PATIENCE_S) as connection:
            yield connection

    @asynccontextmanager
    async def change(self, patience_s: float = PATIENCE_S) -> AsyncIterator[Change]:
        """Committed at the end; rolled back, log and all, by whatever is raised inside. Others wait: no files and no network in here.

        `patience_s`: for all of it, and in PostgreSQL for each statement."""
        assert self._writes, "a reader changes nothing"
        task = asyncio.current_task()
        assert task is None or self._holder is not task, "a change within a change would wait for itself"
        async with self._turn:
            self._holder = task
            try:
                async with _transaction(self._writer(patience_s), patience_s) as connection:
                    if not self.sqlite:
                        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOG_END})
                    yield Change(connection)
            finally:
                self._holder = None

    def _writer(self, patience_s: float) -> Database:
        wanted = PATIENCE_S if self.sqlite else patience_s
        if wanted not in self._writing:
            self._writing[wanted] = Database(self._url, writes=True, makes=False, owner=OWNER, patience_s=wanted)
        return self._writing[wanted]

    async def close(self) -> None:
        for database in (self._reading, *self._writing.values()):
            await database.close()


@asynccontextmanager
async def _transaction(database: Database, patience_s: float) -> AsyncIterator[AsyncConnection]:
    """SQLite is not given up in the middle: its own patience bounds what it waits for."""
    connection, limit = Patient(database), asyncio.timeout(None if database.sqlite else patience_s)
    try:
        async with limit:
            await connection.open()
            yield connection
            await connection.commit()
    except BaseException as error:
        await connection.give_up()
        if isinstance(error, TimeoutError) and limit.expired():
            with database.faults():
                raise
        raise
    finally:
        await connection.close()

"""The tables: migrations lead to what the schema says, once and under a lock, and a foreign database is refused."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from realtime.history import database
from realtime.history.database import BadDatabase, Database
from realtime.history.migrate import LOCK, migrate
from realtime.history.port import HistoryAway
from realtime.history.schema import metadata
from realtime.history.store import open_history
from tests.realtime.history.desk import Desk


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_migrations_lead_to_the_schema(url: str) -> None:
    one, other = Database(url, writes=True), Database(url, writes=True)
    await asyncio.gather(migrate(one), migrate(other))
    async with one.connection() as connection:
        assert await connection.run_sync(differences) == []
    await one.close()
    await other.close()


async def test_a_new_file_that_somebody_else_makes_at_the_same_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says "locked" on the spot there, whatever its own patience: seen once in 160 openings."""
    run, refused = database._run, ["PRAGMA journal_mode = WAL"] * 3

    def busy(connection: Any, *statements: str) -> None:
        if refused and statements[0] == refused[-1]:
            refused.pop()
            raise sqlite3.OperationalError("database is locked")
        run(connection, *statements)

    monkeypatch.setattr(database, "_run", busy)
    one = Database(database.sqlite_url(tmp_path), writes=True)
    await migrate(one)
    assert not refused
    await one.close()


async def test_a_database_of_a_newer_version_is_left_alone(url: str) -> None:
    one = Database(url, writes=True)
    await migrate(one)
    async with one.connection() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
    with pytest.raises(BadDatabase, match="newer Andon"):
        await migrate(one)
    await one.close()


async def test_a_change_of_tables_takes_longer_than_a_statement_may(url: str) -> None:
    """A new version waits for another that brings the tables up, in one statement; so may the change of a large table be one."""
    one, other = Database(url, writes=True), Database(url, writes=True, patience_s=1.0)
    await migrate(one)
    async with one.connection(60) as connection:
        if not one.sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        waits = asyncio.ensure_future(migrate(other))
        await asyncio.sleep(2.5)
        assert one.sqlite or not waits.done(), "it waits in its statement"
    await waits
    await one.close()
    await other.close()


async def test_there_is_nothing_yet(url: str) -> None:
    history = open_history(url)
    with pytest.raises(HistoryAway, match="andon engine makes"):
        await history.reach()
    await history.close()


async def test_a_reader_changes_nothing(url: str) -> None:
    writer, reader = Database(url, writes=True), Database(url)
    await migrate(writer)
    with pytest.raises(HistoryAway):
        async with reader.connection() as connection:
            await connection.execute(text("DELETE FROM facts"))
    await writer.close()
    await reader.close()


async def test_the_history_of_another_floor_is_not_written_to(desk: Desk) -> None:
    first = await desk.historian()
    await first.found()
    await first.close()
    historian = await desk.historian(floor="annexe")
    with pytest.raises(BadDatabase, match=r"'main'.*'annexe'"):
        await historian.found()
    await historian.close()


@pytest.mark.parametrize("address", ["mysql://h/a", "nonsense", "postgresql://h/a"])
def test_an_address_that_is_none_of_ours(address: str) -> None:
    with pytest.raises(BadDatabase, match=r"data\.database"):
        Database(address)


async def test_a_server_that_is_not_there_is_said(tmp_path: object) -> None:
    history = open_history(f"postgresql+asyncpg://andon:secret-word@/andon?host={tmp_path}")
    with pytest.raises(HistoryAway) as away:
        await history.reach()
    assert "secret-word" not in str(away.value)
    await history.close()

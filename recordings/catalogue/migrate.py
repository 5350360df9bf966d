"""Brings the tables of the archive up to this version, under a lock: two that start at once do it one after the other."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from realtime.history.database import Database, whole
from recordings.catalogue.all_tables import metadata

PATIENCE_S = 3600.0
"""A change of a large table takes as long as it takes."""
LOCK = 0x616E646F6E72
"""An advisory lock of PostgreSQL; SQLite's transaction is a lock by itself."""


@whole
async def migrate(database: Database) -> None:
    """Raises HistoryAway, BadDatabase."""
    if database.sqlite:
        Path(database.where).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with database.connection(PATIENCE_S) as connection:
        if not database.sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {database.owner.schema}"))
        await connection.run_sync(metadata.create_all)

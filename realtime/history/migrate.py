"""Brings the tables of a database up to this version, under a lock: two that start at once do it one after the other.

Not the changes themselves (`migrations/versions`). A database that a newer Andon has written is refused and left as it is.
"""

from __future__ import annotations

import logging
from pathlib import Path

from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from realtime.history.database import BadDatabase, Database, whole

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x616E646F6E
"""`andon`, as a number for PostgreSQL's advisory locks; SQLite's transaction is a lock by itself."""
PATIENCE_S = 3600.0
"""For all of it and for each statement: a change of a large table takes as long as it takes."""


@whole
async def migrate(database: Database, folder: Path = FOLDER, lock: int = LOCK) -> None:
    """`folder`: whose migrations. Raises HistoryAway, BadDatabase."""
    making = database.patient(PATIENCE_S)  # a statement has the database's own patience, and one of these may be all of a change
    try:
        await _migrated(making, folder, lock)
    finally:
        await making.close()


async def _migrated(database: Database, folder: Path, lock: int) -> None:
    async with database.connection(PATIENCE_S) as connection:
        if not database.sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
            if database.owner.schema:
                await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {database.owner.schema}"))
        try:
            await connection.run_sync(_upgrade, folder)
        except CommandError as error:
            said = "was written by a newer Andon: install that version again, or put a backup of before the upgrade in place."
            raise BadDatabase(f"{database.called} {said}") from error


def _upgrade(connection: Connection, folder: Path) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells each start which plugins it has, as soon as it is imported
    from alembic import command

    command.upgrade(configuration(connection, folder), "head")


def configuration(connection: Connection, folder: Path = FOLDER) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

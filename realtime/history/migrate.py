"""Brings the tables of a database up to this version, under a lock: two that start at once do it one after the other.

Not the changes themselves (`migrations/versions`). A database that a newer Andon has written is refused and left as it is. One that is
at this version already, as at nearly every start, is only asked for that: Alembic takes longer to load than most processes to start.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from realtime.history.database import BadDatabase, Database, whole

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x616E646F6E
"""`andon`, as a number for PostgreSQL's advisory locks; SQLite's transaction is a lock by itself."""
PATIENCE_S = 3600.0
"""For all of it and for each statement: a change of a large table takes as long as it takes."""
REVISION: Final = re.compile(r'^(down_)?revision = "(\w+)"$', re.MULTILINE)
"""As each file of `versions` names itself and the one before it."""


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
        if await connection.run_sync(_version) != newest(folder) and not await connection.run_sync(_upgraded, folder):
            said = "was written by a newer Andon: install that version again, or put a backup of before the upgrade in place."
            raise BadDatabase(f"{database.called} {said}")


def newest(folder: Path) -> str:
    """The version that no other one follows: Alembic's head."""
    texts = [path.read_text("utf-8") for path in (folder / "versions").glob("*.py")]
    found: list[tuple[str, str]] = [each for text in texts for each in REVISION.findall(text)]
    (head,) = {name for down, name in found if not down} - {name for down, name in found if down}
    return head


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def _upgraded(connection: Connection, folder: Path) -> bool:
    """False where its version is one that we do not know."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells each start which plugins it has, as soon as it is imported
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(configuration(connection, folder), "head")
    except CommandError:
        return False
    return True


def configuration(connection: Connection, folder: Path = FOLDER) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

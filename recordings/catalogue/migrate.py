"""Brings the tables of the archive up to this version, as history's are: under a lock, and none that a newer Andon has written.

Not the changes themselves (`migrations/versions`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from realtime.history import migrate as history
from realtime.history.database import Database

FOLDER: Final = Path(__file__).parent / "migrations"
LOCK: Final = 0x616E646F6E72
"""An advisory lock of PostgreSQL; SQLite's transaction is a lock by itself."""


async def migrate(database: Database) -> None:
    """Raises HistoryAway, BadDatabase."""
    if database.sqlite:
        Path(database.where).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    await history.migrate(database, FOLDER, LOCK)

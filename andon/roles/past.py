"""Where this floor's history is, who reads it, and its writing beside the engine.

Not in `work.py`: a database's library is large, and an adapter has no use for it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import structlog

from andon.roles.work import RoleRefused, now_us
from andon.settings import Settings
from realtime.history.database import BadDatabase, Database, sqlite_url
from realtime.history.historian import Historian
from realtime.history.port import HistoryAway
from realtime.history.store import StoredHistory, open_history
from realtime.history.writer import HistoryTaken
from realtime.log import Fence, LogAway
from realtime.store import Store

log = structlog.get_logger()

AGAIN_S: Final = 60.0
"""After a bug in the writing of history: the engine decides on meanwhile, and the log keeps what is not written."""


def history_url(settings: Settings) -> str:
    """The database in the settings, else a file in the data folder."""
    return settings.data.database.reveal() or sqlite_url(Path(settings.data.dir))


def history_of(settings: Settings) -> StoredHistory | None:
    """For readers; the connection is made when something is asked. None where none is kept. Raises RoleRefused."""
    try:
        return open_history(history_url(settings)) if settings.history.keep_days else None
    except BadDatabase as error:
        raise RoleRefused(str(error)) from error


def keeping(settings: Settings, store: Store, fence: Fence) -> Historian | None:
    """`store`: of its own, for it reads the log. None: no history is wanted, so nothing trims the log but its own bound."""
    days = settings.history.keep_days
    if not days:
        log.info("No history is kept: history.keep_days is 0. The log keeps its last million batches.")
        return None
    try:
        database = Database(history_url(settings), writes=True)
    except BadDatabase as error:
        raise RoleRefused(str(error)) from error
    return Historian(store.log, store.checkpoints, database, settings.floor.name, fence, days, now_us, told=log.warning)


async def founded(history: Historian) -> None:
    """The engine does not wait for a history that is away."""
    try:
        await history.found()
    except (HistoryAway, BadDatabase, LogAway) as error:
        log.warning(str(error))


async def kept(history: Historian) -> None:
    """Until cancelled. Ends the process only when another one writes: a bug in here must not stop the floor's clock."""
    try:
        while True:
            try:
                await history.run()
            except HistoryTaken:
                raise
            except Exception:
                history.stumbled("History is not written for a fault of Andon's own; it is tried again each minute.")
                log.exception("The writing of history broke.")
            await asyncio.sleep(AGAIN_S)
    finally:
        await history.close()

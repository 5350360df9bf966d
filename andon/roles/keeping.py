"""The writing of history, beside the engine and in its process. Not the reading (`past.py`)."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from andon.roles.past import history_url
from andon.roles.work import RoleRefused, now_us
from andon.settings import Settings
from realtime.history.database import BadDatabase, Database
from realtime.history.historian import Historian
from realtime.history.port import HistoryAway
from realtime.history.writer import HistoryTaken
from realtime.log import Fence, LogAway
from realtime.store import Store

log = structlog.get_logger()

AGAIN_S: Final = 60.0
"""After a bug in the writing of history: the engine decides on meanwhile, and the log keeps what is not written."""


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

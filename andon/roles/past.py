"""Where this floor's history is, for the roles and commands that read it. Not the writing (`keeping.py`).

Not in `work.py`: a database's library is large, and an adapter has no use for it.
"""

from __future__ import annotations

from pathlib import Path

from andon.roles.work import RoleRefused
from andon.settings import Settings
from realtime.history.database import FILE, BadDatabase, sqlite_url
from realtime.history.store import StoredHistory, open_history


def history_url(settings: Settings) -> str:
    """The database in the settings, else a file in the data folder."""
    return settings.data.database.reveal() or sqlite_url(Path(settings.data.dir))


def history_of(settings: Settings) -> StoredHistory | None:
    """For readers; the connection is made when something is asked. None where none is kept. Raises RoleRefused."""
    try:
        return open_history(history_url(settings)) if settings.history.keep_days else None
    except BadDatabase as error:
        raise RoleRefused(str(error)) from error


def written_history(settings: Settings) -> StoredHistory | None:
    """For commands, which end when they have been answered: a file that is not there is told before anybody connects. The connection's
    thread (aiosqlite) would else report its failure to a loop that is over, as a traceback on the terminal.
    """
    file = Path(settings.data.dir) / FILE
    if settings.history.keep_days and not settings.data.database and not file.exists():
        raise RoleRefused(f"There is no history in {file} yet: andon engine makes it; check data.dir and its rights.")
    return history_of(settings)

"""Who is signed in with a browser: `DATA/sessions.json`, kept as hashes, so that a wall outlives a restart of the board.

Not who may sign in (`signing.py`) and not the cookie (`cookies.py`). A session belongs to a token or to a person and is worth
no more than that: `door.py` asks for both each time. It ends at a fixed time, and before that when nobody has used it for
its idle time; an open page counts as use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from realtime.words import SECOND, Micros
from wallboard.private_file import PrivateFile
from wallboard.secret_text import SECRET_SHAPE, hashed, new_id, new_secret

SESSIONS_KEPT = 10_000
"""As many as there may be tokens or people; more is a program that signs in instead of showing its token."""
SESSIONS_EACH = 20
"""Browsers of one person or one token; the oldest is signed out by one more."""
USED_STEP: Micros = 60 * SECOND

_SHAPE = re.compile(SECRET_SHAPE)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One browser. Of `token` and `user` one is set; `stamp` is the person's at that time; `idle` 0 means never idle."""

    id: str
    hash: str
    token: str = ""
    user: str = ""
    stamp: str = ""
    created: Micros
    expires: Micros
    idle: Micros = 0
    used: Micros

    @property
    def holder(self) -> str:
        return f"user:{self.user}" if self.user else f"token:{self.token}"


class Life(NamedTuple):
    """Until when at the longest, and how long unused."""

    expires: Micros
    idle: Micros


class Sessions:
    """Every method raises Unreadable; those that write also OSError."""

    def __init__(self, data_dir: Path) -> None:
        self._file = PrivateFile(data_dir / "sessions.json", Session, SESSIONS_KEPT, "remove it and sign in again")
        self._indexed: list[Session] | None = None
        self._by_hash: dict[str, Session] = {}
        self._used: dict[str, Micros] = {}  # by id, newer than in the file

    def begin(self, life: Life, now: Micros, *, token: str = "", user: str = "", stamp: str = "") -> tuple[str, Session]:
        """The secret, which only the browser keeps, and what is kept of it. Blocks on the disk."""
        secret = new_secret()
        session = Session(
            id=new_id(),
            hash=hashed(secret),
            token=token,
            user=user,
            stamp=stamp,
            created=now,
            expires=life.expires,
            idle=life.idle,
            used=now,
        )
        self._file.change(lambda rows: [*self._swept(rows, now, session.holder), session])
        return secret, session

    def check(self, secret: str, now: Micros) -> Session | None:
        """None when there is no such session, or it has ended; else it is used at this moment."""
        if not _SHAPE.fullmatch(secret):
            return None
        rows = self._file.rows()
        if rows is not self._indexed:
            self._by_hash, self._indexed = {row.hash: row for row in rows}, rows
        session = self._by_hash.get(hashed(secret))
        if session is None or not self._good(session, now):
            return None
        self._used[session.id] = now
        return session

    def all(self) -> list[Session]:
        return self._file.rows()

    def living(self, now: Micros) -> list[Session]:
        return [row for row in self._file.rows() if self._good(row, now)]

    def touch(self, session_ids: Iterable[str], now: Micros) -> None:
        """Their pages are open."""
        self._used.update(dict.fromkeys(session_ids, now))

    def end(self, session_id: str) -> None:
        """Blocks on the disk."""
        self._used.pop(session_id, None)
        self._file.change(lambda rows: [row for row in rows if row.id != session_id])

    def save_used(self) -> None:
        """Writes when sessions were last used; blocks on the disk."""
        saved = {row.id: row.used for row in self._file.rows()}
        used = {each: moment for each, moment in dict(self._used).items() if each in saved}
        self._used = used
        if any(moment - saved[each] >= USED_STEP for each, moment in used.items()):
            self._file.change(lambda rows: [msgspec.structs.replace(row, used=max(row.used, used.get(row.id, 0))) for row in rows])

    def _good(self, session: Session, now: Micros) -> bool:
        used = max(session.used, self._used.get(session.id, 0))
        return now < session.expires and (not session.idle or now - used < session.idle)

    def _swept(self, rows: list[Session], now: Micros, holder: str) -> list[Session]:
        """Without the ended ones, and with room for one more of this holder. Rows are in the order they began."""
        good = [row for row in rows if self._good(row, now)]
        over = Counter(row.holder for row in good)[holder] - SESSIONS_EACH + 1
        mine = [row.id for row in good if row.holder == holder]
        leaving = set(mine[: max(0, over)])
        return [row for row in good if row.id not in leaving]

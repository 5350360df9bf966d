"""The tokens of screens, people and programs: made once, shown once, kept only as hashes in `DATA/tokens.json`.

Not what a role may do (`authorise.py`), not how a request carries its token (`door.py`), not the file's care
(`private_file.py`): `andon token` writes it, the board reads it again whenever it has changed, so a revoked token stops at once.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import msgspec

from realtime.words import SECOND, Micros
from wallboard.authorise import Role
from wallboard.private_file import PrivateFile
from wallboard.secret_text import SECRET_SHAPE, hashed, new_id, new_secret

DAY: Micros = 86_400 * SECOND
EXPIRES_AFTER_DAYS = 90
USED_STEP: Micros = 3_600 * SECOND
"""`used` is told to the hour: enough to find a forgotten token, too coarse to watch a person by."""
TOKENS_KEPT = 10_000
"""More than every screen and every person of a large centre; a script gone wild stops here."""

_SHAPE = re.compile(f"andon_{SECRET_SHAPE}")


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a token. Times are microseconds UTC; `used` 0 means never.

    `board` binds a screen's token to one board of boards.toml, `user` is the person who let it in; both may be empty.
    """

    id: str
    hash: str
    role: Role
    label: str
    created: Micros
    expires: Micros
    used: Micros = 0
    board: str = ""
    user: str = ""


Tokens = list[Token]
"""A name of its own, because the store has a method `list`."""


class Refused(NamedTuple):
    """Why a secret does not count: `error` is the code that an answer carries."""

    error: str
    message: str


UNKNOWN = Refused("token_refused", "This token is not known here; ask for a new one: andon token --role ROLE.")
EXPIRED = Refused("token_expired", "This token has expired; ask for a new one: andon token --role ROLE.")


class TokenStore:
    """Every method but `save_used` raises Unreadable."""

    def __init__(self, data_dir: Path) -> None:
        self._file = PrivateFile(data_dir / "tokens.json", Token, TOKENS_KEPT, "remove it and make new tokens")
        self._indexed: Tokens | None = None
        self._by_hash: dict[str, Token] = {}
        self._by_id: dict[str, Token] = {}
        self._used: dict[str, Micros] = {}  # by id, not yet written

    def create(
        self, role: Role, label: str, now: Micros, days: int = EXPIRES_AFTER_DAYS, *, board: str = "", user: str = ""
    ) -> tuple[str, Token]:
        """The secret, which is nowhere kept, and what is kept of it."""
        if days < 1:
            raise ValueError("a token must live at least one day")
        secret = f"andon_{new_secret()}"
        kept = Token(
            id=new_id(),
            hash=hashed(secret),
            role=role,
            label=label[:100],
            created=now,
            expires=now + days * DAY,
            board=board[:100],
            user=user[:100],
        )
        self._file.change(lambda tokens: [*tokens, kept])
        return secret, kept

    def revoke(self, token_id: str) -> bool:
        """False when there is no such token."""
        before = len(self._file.rows())
        self._file.change(lambda tokens: [token for token in tokens if token.id != token_id])
        return len(self._file.rows()) < before

    def list(self) -> Tokens:
        """Oldest first, the expired too."""
        return sorted(self._file.rows(), key=lambda token: token.created)

    def get(self, token_id: str) -> Token | None:
        """By its id, expired or not."""
        self._refresh()
        return self._by_id.get(token_id)

    def check(self, secret: str, now: Micros) -> Token | Refused:
        self._refresh()
        token = self._by_hash.get(hashed(secret)) if _SHAPE.fullmatch(secret) else None
        if token is None:
            return UNKNOWN
        if token.expires <= now:
            return EXPIRED
        self.note_use(token, now)
        return token

    def note_use(self, token: Token, now: Micros) -> None:
        if now - max(token.used, self._used.get(token.id, 0)) >= USED_STEP:
            self._used[token.id] = now - now % USED_STEP

    def living(self, now: Micros) -> frozenset[str]:
        """The ids of those that are good now."""
        return frozenset(token.id for token in self._file.rows() if token.expires > now)

    def save_used(self) -> None:
        """Writes when tokens were last used; blocks on the disk, so the board calls it in a thread."""
        if used := self._used:
            self._used = {}
            self._file.change(lambda tokens: [msgspec.structs.replace(t, used=max(t.used, used.get(t.id, 0))) for t in tokens])

    def _refresh(self) -> None:
        rows = self._file.rows()
        if rows is not self._indexed:
            self._by_hash = {token.hash: token for token in rows}
            self._by_id = {token.id: token for token in rows}
            self._indexed = rows

"""The tokens of screens, people and programs: made once, shown once, kept only as hashes in `DATA/tokens.json`.

Not what a role may do (`authorise.py`) and not how a request carries its token (`door.py`). Two processes use the file at
a time: `andon token` writes it, the board reads it again whenever it has changed, so a revoked token stops at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from realtime.words import SECOND, Micros
from wallboard.authorise import Role

DAY: Micros = 86_400 * SECOND
EXPIRES_AFTER_DAYS = 90
USED_STEP: Micros = 3_600 * SECOND
"""`used` is told to the hour: enough to find a forgotten token, too coarse to watch a person by."""
TOKENS_KEPT = 10_000
"""More than every screen and every person of a large centre; a script gone wild stops here."""

_BASE62 = string.digits + string.ascii_letters
_SHAPE = re.compile(r"andon_[0-9A-Za-z]{43}")  # 32 bytes are at most 43 digits in base 62


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


class TokensUnreadable(Exception):
    """The file is there but cannot be read: an outside fault, and nobody gets in until a person has looked."""


class TokenStore:
    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "tokens.json"
        self._stamp: tuple[int, int, int] | None = None
        self._tokens: dict[str, Token] = {}  # by hash
        self._used: dict[str, Micros] = {}  # by id, not yet written

    def create(
        self, role: Role, label: str, now: Micros, days: int = EXPIRES_AFTER_DAYS, *, board: str = "", user: str = ""
    ) -> tuple[str, Token]:
        """The secret, which is nowhere kept, and what is kept of it."""
        if days < 1:
            raise ValueError("a token must live at least one day")
        secret = "andon_" + _base62(secrets.token_bytes(32))
        kept = Token(
            id=_base62(secrets.token_bytes(6)),
            hash=_hash(secret),
            role=role,
            label=label[:100],
            created=now,
            expires=now + days * DAY,
            board=board[:100],
            user=user[:100],
        )
        self._change(lambda tokens: [*tokens, kept])
        return secret, kept

    def revoke(self, token_id: str) -> bool:
        """False when there is no such token."""
        before = len(self.list())
        self._change(lambda tokens: [token for token in tokens if token.id != token_id])
        return len(self._tokens) < before

    def list(self) -> Tokens:
        """Oldest first, the expired too."""
        self._refresh()
        return sorted(self._tokens.values(), key=lambda token: token.created)

    def check(self, secret: str, now: Micros) -> Token | Refused:
        """Raises TokensUnreadable."""
        self._refresh()
        token = self._tokens.get(_hash(secret)) if _SHAPE.fullmatch(secret) else None
        if token is None:
            return Refused("token_refused", "This token is not known here; ask for a new one: andon token --role ROLE.")
        if token.expires <= now:
            return Refused("token_expired", "This token has expired; ask for a new one: andon token --role ROLE.")
        if now - max(token.used, self._used.get(token.id, 0)) >= USED_STEP:
            self._used[token.id] = now - now % USED_STEP
        return token

    def living(self, now: Micros) -> frozenset[str]:
        """The ids of those that are good now. Raises TokensUnreadable."""
        self._refresh()
        return frozenset(token.id for token in self._tokens.values() if token.expires > now)

    def save_used(self) -> None:
        """Writes when tokens were last used; blocks on the disk, so the board calls it in a thread."""
        if used := self._used:
            self._used = {}
            self._change(lambda tokens: [msgspec.structs.replace(t, used=max(t.used, used.get(t.id, 0))) for t in tokens])

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                self._tokens = {token.hash: token for token in _TOKENS.decode(self._path.read_bytes())}
                self._stamp = stamp
        except FileNotFoundError:
            self._tokens, self._stamp = {}, None
        except (OSError, msgspec.MsgspecError) as fault:
            self._tokens, self._stamp = {}, None
            raise TokensUnreadable(f"{self._path} cannot be read ({fault}); restore it, or remove it and make new tokens.") from fault

    def _change(self, change: Callable[[Tokens], Tokens]) -> None:
        with self._locked():
            self._refresh()
            tokens = change([*self._tokens.values()])
            if len(tokens) > TOKENS_KEPT:
                raise ValueError(f"there are {TOKENS_KEPT} tokens already; revoke some first")
            _write_privately(self._path, msgspec.json.format(msgspec.json.encode(tokens), indent=1))
            self._refresh()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The command line and the board may write at the same moment; neither may lose the other's change."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


_TOKENS = msgspec.json.Decoder(Tokens)


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()


def _base62(raw: bytes) -> str:
    number, digits = int.from_bytes(raw), ""
    width = -(-len(raw) * 8 * 1000 // 5954)  # log2(62) is 5.954
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits += _BASE62[digit]
    return digits


def _write_privately(path: Path, content: bytes) -> None:
    """A whole new file or the old one, never half of it, and never readable by others."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

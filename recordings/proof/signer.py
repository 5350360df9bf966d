"""The log's key as a file under the folder of keys: 32 bytes, ours alone to read. Signs checkpoints and certificates.

Not what is signed and whether it may be (`publishing.py`, `retention/certificate.py`). Only the first checkpoint of a floor makes the
key: one that was lost and silently made anew would leave everybody with a key that nothing verifies with any more.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

from recordings.proof import note
from recordings.proof.note import SigningKey
from recordings.refusals import Worded

FILE: Final = "archive-log.key"
SEED: Final = 32


class NoKey(Worded):
    """There is none, or it cannot be read."""


class Signer:
    """`folder`: data/keys."""

    def __init__(self, folder: Path, floor: str) -> None:
        self.floor = floor
        self.path = folder / FILE

    def key(self) -> SigningKey:
        """Read each time: another process may have exchanged it. Raises NoKey."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise NoKey("log.no_key", path=self.path) from error
        except OSError as error:
            raise NoKey("log.no_key.unread", path=self.path, why=error.strerror) from error
        with open(handle, "rb") as file:
            seed = file.read(SEED + 1)
        if len(seed) != SEED:
            raise NoKey("log.no_key.none", path=self.path)
        return SigningKey(note.key_name(self.floor), seed)

    def make(self) -> SigningKey:
        """The key, made if there is none. Two processes that do it at once agree. Raises NoKey."""
        if not self.path.exists():
            draft = self._draft()
            with contextlib.suppress(FileExistsError):  # another process was first: its key counts
                os.link(draft, self.path)
            self._settle(draft)
        return self.key()

    def exchange(self) -> SigningKey:
        """A new key; the old one is gone, and signs nothing any more. Raises NoKey."""
        draft = self._draft()
        draft.replace(self.path)
        self._settle(draft)
        return self.key()

    def _draft(self) -> Path:
        folder = self.path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = folder / f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
                if os.geteuid() == 0:  # what root makes belongs to whom the folder belongs to, or the archivist could not read it
                    os.fchown(file.fileno(), folder.stat().st_uid, folder.stat().st_gid)
                file.write(secrets.token_bytes(SEED))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise NoKey("log.no_key.unwritten", folder=folder, why=error.strerror) from error
        return draft

    def _settle(self, draft: Path) -> None:
        draft.unlink(missing_ok=True)
        handle = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

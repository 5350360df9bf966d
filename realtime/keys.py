"""The keys of numbers, as files under the data folder: one to hash by, one a month to encrypt by, one to sign decisions.

Not the sealing itself (`sealing.py`). A month's key is made when the month's first number comes; deleting the file forgets
the month. Files are 0600 in a folder that is 0700; making one is atomic, so two processes that start at once agree.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from realtime.sealing import Sealer

HASH_KEY = "hash.key"
GATE_KEY = "gate.key"


class Keys:
    """The folder of keys. `make`: whether a missing month's key may be made (the adapter) or means forgotten (a reader)."""

    def __init__(self, folder: Path, make: bool) -> None:
        self._folder = folder
        self._make = make
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def sealer(self) -> Sealer:
        return Sealer(self._read(HASH_KEY, 32, make=True) or b"", self.month)

    def signing(self) -> tuple[str, bytes]:
        """The key of the gate's decisions, with its name: its fingerprint, so that a decision says by which one it was signed."""
        key = self._read(GATE_KEY, 32, make=True) or b""
        return f"gate-{hashlib.sha256(key).hexdigest()[:8]}", key

    def month(self, month: str) -> bytes | None:
        return self._read(f"{month}.key", 64, make=self._make)

    def _read(self, name: str, size: int, make: bool) -> bytes | None:
        path = self._folder / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            if not make:
                return None
        draft = self._folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails when another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_bytes()

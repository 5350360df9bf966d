"""One JSON file under the data folder that several processes share and only we may read: tokens, people, sessions.

Not what is in it (`tokens.py`, `people.py`, `sessions.py`). The command line and the board write the same file: a change is
made under a lock and replaces the whole file, and a reader looks each time whether it was replaced, so that what one
process withdraws stops counting in the other at once.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


class Unreadable(Exception):
    """The file is there but cannot be read: an outside fault, and nobody gets in until a person has looked."""


class PrivateFile(Generic[T]):
    def __init__(self, path: Path, kind: type[T], at_most: int, advice: str) -> None:
        """`advice`: what to do when it cannot be read, or is full; the end of a sentence."""
        self.path = path
        self._decoder = msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
        self._at_most = at_most
        self._advice = advice
        self._read: tuple[tuple[int, int, int] | None, list[T]] = (None, [])
        """The file's stamp and its rows, replaced as one: threads of the board look at it, too."""

    def rows(self) -> list[T]:
        """As the file is now; the same list as long as the file is the same. Raises Unreadable."""
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._read[0]:
                self._read = (stamp, self._decoder.decode(self.path.read_bytes()))
        except FileNotFoundError:
            if self._read[0] is not None:
                self._read = (None, [])
        except (OSError, msgspec.MsgspecError) as fault:
            self._read = (None, [])
            raise Unreadable(f"{self.path} cannot be read ({fault}); restore it, or {self._advice}.") from fault
        return self._read[1]

    def change(self, change: Callable[[list[T]], list[T]]) -> None:
        """Blocks on the disk. Raises Unreadable, OSError, and ValueError when there would be too many rows."""
        with locked(self.path.with_suffix(".lock")):
            rows = change([*self.rows()])
            if len(rows) > self._at_most:
                raise ValueError(f"{self.path.name} holds {self._at_most} entries already; {self._advice}")
            _replace(self.path, msgspec.json.format(msgspec.json.encode(rows), indent=1))
            self.rows()


@contextmanager
def locked(lock: Path) -> Iterator[None]:
    """Two processes may write at the same moment; neither may lose the other's change."""
    _make_folder(lock.parent)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        give_to_owner(handle, lock)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            above = folder.parent.stat()
            os.chown(folder, above.st_uid, above.st_gid)


def give_to_owner(handle: int, path: Path) -> None:
    """What root writes (`sudo andon user add`) belongs to whom the folder belongs to, or the board could not read it."""
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(handle, folder.st_uid, folder.st_gid)


def _replace(path: Path, content: bytes) -> None:
    """A whole new file or the old one, never half of it, and never readable by others."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        give_to_owner(handle, fresh)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

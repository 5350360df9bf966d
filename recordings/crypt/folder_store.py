"""A store of keys that is a folder: one file a key, 0600 in 0700, made whole or not at all, destroyed by overwriting in place.

Not the mirror over two of them (`stores.py`). A file is the key and a hash of name and key, so that a damaged, cut or renamed one is no
key. Destroying first writes the tombstone `NAME.destroyed`, so that a process killed in the middle leaves a key that is not given
out any more, and that the next attempt overwrites. Overwriting in place reaches hard links, too; what a disk, a file system with
snapshots or a backup keeps of an overwritten block no program can say, and so neither do we: keep the folder out of backups that
outlast a disposal.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from recordings.crypt.moves import Moves, read, written
from recordings.crypt.ring import KEY, is_kek_name
from recordings.crypt.store_faults import KeyDestroyed, StoreAway

SUFFIX: Final = ".key"
TOMBSTONE: Final = ".destroyed"
MOVED: Final = ".moved"
SIZE: Final = KEY + 32
FLAGS: Final = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FolderStore:
    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)

    def there(self) -> bool:
        return self._path.is_dir()

    def prepare(self) -> None:
        """Makes the folder, which nothing else does: an empty place where a disk should be mounted is no store."""
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise StoreAway("keys.not_made", store=self.name, why=fault.strerror) from fault

    def get(self, name: str) -> bytes | None:
        with self._folder() as folder:
            return None if _is_there(folder, name + TOMBSTONE) else _read(folder, name)

    def make(self, name: str, proposed: bytes) -> bytes:
        _checked(name)
        with self._folder() as folder:
            _alone(folder)
            if _is_there(folder, name + TOMBSTONE):
                raise KeyDestroyed("keys.destroyed.store", name=name, store=self.name)
            if (found := _read(folder, name)) is None:
                if _is_there(folder, name + SUFFIX) and _read(folder, name) is None:  # there and still none: damaged, not just made
                    os.rename(name + SUFFIX, f"{name}.damaged.{secrets.token_hex(4)}", src_dir_fd=folder, dst_dir_fd=folder)
                _write(folder, name + SUFFIX, proposed + _proof(name, proposed))
                found = _read(folder, name)
            if _is_there(folder, name + TOMBSTONE):  # somebody destroyed it in between
                _overwrite_all(folder, name)
                raise KeyDestroyed("keys.destroyed.store", name=name, store=self.name)
            if found is None:
                raise StoreAway("keys.not_given_back", store=self.name)
            return found

    def destroy(self, name: str) -> None:
        _checked(name)
        with self._folder() as folder:
            if not _is_there(folder, name + TOMBSTONE):
                _write(folder, name + TOMBSTONE, b"")
            _overwrite_all(folder, name)
            os.fsync(folder)

    def destroyed(self, name: str) -> bool:
        with self._folder() as folder:
            return _is_there(folder, name + TOMBSTONE)

    def note(self, name: str, moves: Moves) -> None:
        """On the disk when this returns: what moved away from that key."""
        _checked(name)
        with self._folder() as folder:
            handle = os.open(name + MOVED, os.O_WRONLY | os.O_APPEND | os.O_CREAT | FLAGS, 0o600, dir_fd=folder)
            with open(handle, "ab") as file:
                file.write(b"\n" + written(moves))  # behind whatever a power cut left half
                file.flush()
                os.fsync(file.fileno())
            os.fsync(folder)

    def notes(self, name: str) -> Moves:
        _checked(name)
        with self._folder() as folder:
            try:
                with open(os.open(name + MOVED, os.O_RDONLY | FLAGS, dir_fd=folder), "rb") as file:
                    return read(file.read())
            except FileNotFoundError:
                return {}

    def names(self) -> set[str]:
        return self._with(SUFFIX)

    def tombstones(self) -> set[str]:
        return self._with(TOMBSTONE)

    def _with(self, suffix: str) -> set[str]:
        with self._folder() as folder:
            found = (each.removesuffix(suffix) for each in os.listdir(folder) if each.endswith(suffix))
            return {name for name in found if is_kek_name(name)}

    @contextmanager
    def _folder(self) -> Iterator[int]:
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                yield handle
            finally:
                os.close(handle)
        except OSError as fault:
            if fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreAway("keys.full", store=self.name, why=fault.strerror) from fault
            raise StoreAway("keys.away", store=self.name, why=fault.strerror) from fault


def _alone(folder: int) -> None:
    """One maker at a time, until the handle is closed: of two, one could put aside as damaged what the other has just made.

    Some file systems of a network do not lock folders; there the second look in `make` leaves the gap to a key that is damaged.
    """
    with suppress(OSError):
        fcntl.flock(folder, fcntl.LOCK_EX)


def _checked(name: str) -> None:
    if not is_kek_name(name):
        raise ValueError(f"{name[:80]!r} is no name of a key.")


def _proof(name: str, key: bytes) -> bytes:
    return hashlib.sha256(b"andon key of keys\0" + name.encode() + b"\0" + key).digest()


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _read(folder: int, name: str) -> bytes | None:
    if not is_kek_name(name):
        return None
    try:
        with open(os.open(name + SUFFIX, os.O_RDONLY | FLAGS, dir_fd=folder), "rb") as file:
            content = file.read(SIZE + 1)
    except FileNotFoundError:
        return None
    key = content[:KEY]
    return key if len(content) == SIZE and secrets.compare_digest(content[KEY:], _proof(name, key)) else None


def _write(folder: int, name: str, content: bytes) -> None:
    """Whole, on the disk, and only if nobody was first."""
    draft = f".{name}.{secrets.token_hex(6)}"
    try:
        with open(os.open(draft, NEW, 0o600, dir_fd=folder), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)
    os.fsync(folder)


def _overwrite_all(folder: int, name: str) -> None:
    """The key, what a killed process left of it, and what was put aside as damaged."""
    for each in os.listdir(folder):
        if each == name + SUFFIX or each.startswith((f".{name}{SUFFIX}.", f"{name}.damaged.")):
            _overwrite(folder, each)


def _overwrite(folder: int, name: str) -> None:
    with suppress(FileNotFoundError):
        handle = os.open(name, os.O_WRONLY | FLAGS, dir_fd=folder)
        try:
            os.pwrite(handle, secrets.token_bytes(max(SIZE, os.fstat(handle).st_size)), 0)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.unlink(name, dir_fd=folder)

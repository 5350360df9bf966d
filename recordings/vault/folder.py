"""A vault that is a folder: YYYY/MM/DD/ID.part, files 0600, each written aside, synced, read back from the disk, then renamed.

Not what a vault is for (`port.py`). A file at its top says that it is this vault, so that a disk that is not mounted, or two that were
exchanged, are noticed and not taken for a vault that lost everything. No link is followed below the folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from recordings.vault.port import NAME, CopyUnreadable, NotInVault, ReadBackBad, VaultAway, VaultFull, name_of

__all__ = ["MARKER", "FolderTaking", "FolderVault", "name_of"]

MARKER: Final = "andon-vault"
PIECE: Final = 1 << 20
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
MISSING: Final = frozenset({errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.EISDIR})
"""Of a name: nothing there, or a link or a folder, which is no container."""
BROKEN: Final = frozenset({errno.EIO, errno.EBADMSG, errno.EUCLEAN})
"""A bad sector, or what a file system says whose own checksums do not fit."""
UNFINISHED: Final = ".new."
"""Begins the name of what is being written: no name of a container begins so."""
FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
LEFT_S: Final = 86_400.0
"""What was being written so long ago is from a process that died."""


class FolderVault:
    """`fresh`: nothing is known to be in it, so the first `put` may make it a vault. Without, a folder that has no marker is away."""

    def __init__(self, path: Path, number: int, *, fresh: bool = True) -> None:
        self.path, self.number, self.fresh = path, number, fresh

    def __repr__(self) -> str:
        return f"vault {self.number} ({self.path})"

    # -------------------------------------------------------------- writing

    def take(self, name: str) -> FolderTaking:
        with trouble(self, name):
            return FolderTaking(self, name, self._folder_of(name, make=True))

    def put(self, name: str, source: Path) -> bytes:
        with open(os.open(source, FILE), "rb", buffering=0) as file:
            return self._store(name, iter(lambda: file.read(PIECE), b""), None)

    def store(self, name: str, pieces: Iterable[bytes], sha256: bytes) -> None:
        self._store(name, pieces, sha256)

    def _store(self, name: str, pieces: Iterable[bytes], sha256: bytes | None) -> bytes:
        taking, hash_ = self.take(name), hashlib.sha256()
        try:
            for piece in pieces:
                hash_.update(piece)
                taking.write(piece)
            if sha256 is not None and hash_.digest() != sha256:
                raise ReadBackBad("vault.not_sealed", number=self.number, path=self.path, name=name)
            taking.finish(hash_.digest())
        finally:
            taking.give_up()
        return hash_.digest()

    def remove(self, name: str) -> bool:
        with trouble(self, name):
            folder = self._folder_of(name)
            try:
                os.unlink(name.rpartition("/")[2], dir_fd=folder)
                os.fsync(folder)
            except FileNotFoundError:
                return False
            finally:
                os.close(folder)
            return True

    # -------------------------------------------------------------- reading

    def read_at(self, name: str, offset: int, length: int) -> bytes:
        with self._file(name) as handle:
            return os.pread(handle, length, offset)

    def pieces(self, name: str) -> Iterator[bytes]:
        with self._file(name) as handle:
            yield from _pieces(handle)

    def size(self, name: str) -> int:
        with self._file(name) as handle:
            return os.fstat(handle).st_size

    def digest(self, name: str) -> bytes:
        with self._file(name) as handle:
            return _digest(handle)

    def names(self) -> Iterator[str]:
        with trouble(self, ""):
            top = self._top()
            try:
                yield from (name for name in self._below(top, "", 3) if NAME.fullmatch(name))
            finally:
                os.close(top)

    def sweep(self, older_s: float = LEFT_S) -> int:
        """Removes what a process that died was writing; says how many."""
        if self.fresh and not self.path.exists():
            return 0  # nothing was written into it yet
        with trouble(self, ""):
            top, swept = self._top(), 0
            try:
                for name in self._below(top, "", 3, unfinished=True):
                    path = self.path / name
                    if path.lstat().st_mtime < time.time() - older_s:
                        path.unlink(missing_ok=True)
                        swept += 1
            finally:
                os.close(top)
            return swept

    # -------------------------------------------------------------- folders

    def check(self) -> None:
        """That it is there and is this vault. Raises VaultAway."""
        with trouble(self, ""):
            os.close(self._top())

    def prepare(self) -> None:
        """Makes folder and marker of one that is fresh. Raises VaultAway."""
        with trouble(self, ""):
            os.close(self._top(make=True))

    def _top(self, make: bool = False) -> int:
        """The folder, open. A link here is what a person set up."""
        if make and self.fresh:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._marked(handle, make)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def _marked(self, top: int, make: bool) -> None:
        said = f"andon vault {self.number}\n".encode()
        try:
            with open(os.open(MARKER, FILE, dir_fd=top), "rb") as file:
                found = file.read(len(said) + 1)
        except FileNotFoundError:
            if not (make and self.fresh):
                raise VaultAway("vault.not_marked", path=self.path, number=self.number) from None
            _mark(top, said)
            return
        if found != said:
            raise VaultAway("vault.another", path=self.path, number=self.number)

    def _folder_of(self, name: str, make: bool = False) -> int:
        """The folder that it lies in, opened step by step, so that no link leads elsewhere."""
        if NAME.fullmatch(name) is None:
            raise ValueError(f"{name[:80]!r} is no container's name.")
        handle = self._top(make)
        for part in name.split("/")[:-1]:
            above = handle
            try:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, 0o700, dir_fd=above)
                        os.fsync(above)
                handle = os.open(part, FOLDER, dir_fd=above)
            finally:
                os.close(above)
        return handle

    @contextmanager
    def _file(self, name: str) -> Iterator[int]:
        with trouble(self, name):
            folder = self._folder_of(name)
            try:
                handle = os.open(name.rpartition("/")[2], FILE, dir_fd=folder)
            finally:
                os.close(folder)
            try:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise NotInVault("vault.no_file", number=self.number, path=self.path, name=name)
                yield handle
            finally:
                os.close(handle)

    def _below(self, folder: int, before: str, depth: int, unfinished: bool = False) -> Iterator[str]:
        """Names of files so deep below, sorted, one folder's names in memory at a time."""
        with os.scandir(folder) as entries:
            found = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in entries)
        for name, is_folder in found:
            if depth and is_folder:
                handle = os.open(name, FOLDER, dir_fd=folder)
                try:
                    yield from self._below(handle, f"{before}{name}/", depth - 1, unfinished)
                finally:
                    os.close(handle)
            elif not depth and name.startswith(UNFINISHED) == unfinished:
                yield before + name


class FolderTaking:
    """`folder`: an open handle, which it closes."""

    def __init__(self, vault: FolderVault, name: str, folder: int) -> None:
        self._vault, self._name, self._folder = vault, name, folder
        self._last = name.rpartition("/")[2]
        self._draft = f"{UNFINISHED}{self._last}.{secrets.token_hex(6)}"
        try:
            self._handle = os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
        except BaseException:
            os.close(folder)
            raise

    def write(self, data: bytes) -> object:
        with trouble(self._vault, self._name):
            view = memoryview(data)
            while view:
                view = view[os.write(self._handle, view) :]
            return None

    def finish(self, sha256: bytes) -> None:
        with trouble(self._vault, self._name):
            os.fsync(self._handle)
            if _digest(self._handle) != sha256:
                raise ReadBackBad("vault.other_back", number=self._vault.number, path=self._vault.path, name=self._name)
            os.rename(self._draft, self._last, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            self._draft = ""
            os.fsync(self._folder)

    def give_up(self) -> None:
        if self._handle < 0:
            return
        try:
            if self._draft:
                with suppress(OSError):
                    os.unlink(self._draft, dir_fd=self._folder)
        finally:
            os.close(self._handle)
            os.close(self._folder)
            self._handle = -1


@contextmanager
def trouble(vault: FolderVault, name: str) -> Iterator[None]:
    """What the system says, as what a vault says."""
    try:
        yield
    except OSError as fault:
        number, path = vault.number, vault.path
        if fault.errno in FULL:
            raise VaultFull("vault.full", number=number, path=path) from fault
        if name and fault.errno in MISSING and _there(vault):
            raise NotInVault("vault.not_there", name=name, number=number, path=path) from fault
        if name and fault.errno in BROKEN and _there(vault):
            raise CopyUnreadable("vault.unreadable", number=number, path=path, name=name) from fault
        raise VaultAway("vault.away", number=number, path=path, why=fault.strerror) from fault


def _there(vault: FolderVault) -> bool:
    try:
        vault.check()
    except VaultAway:
        return False
    return True


def _mark(top: int, said: bytes) -> None:
    """Whole or not at all: another process may be doing the same."""
    draft = f".{MARKER}.{secrets.token_hex(6)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=top), "wb") as file:
        file.write(said)
        file.flush()
        os.fsync(file.fileno())
    os.rename(draft, MARKER, src_dir_fd=top, dst_dir_fd=top)
    os.fsync(top)


def _pieces(handle: int) -> Iterator[bytes]:
    offset = 0
    while piece := os.pread(handle, PIECE, offset):
        yield piece
        offset += len(piece)


def _digest(handle: int) -> bytes:
    """Of what the disk has: what the system still remembers of it is forgotten first, and afterwards, since nobody plays it now."""
    hash_ = hashlib.sha256()
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    for piece in _pieces(handle):
        hash_.update(piece)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    return hash_.digest()

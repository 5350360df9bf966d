"""What was read from a medium, held against its image and against each file of it, in one pass. Pure: bytes are fed in.

Not the reading (`burner.py`). A stretch that the drive could not read is told as such; which files it takes with it is the answer here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import msgspec

from recordings.discs.media import SECTOR

CHANGED, UNREADABLE = "changed", "unreadable"
STRUCTURE: Final = ""
"""The path of what is in no file: directories, descriptors, padding."""
MOST_TOLD: Final = 10_000
"""Damaged files that are named; a disc with more of them is none."""
VOLUME_AT: Final = 16 * SECTOR + 40
"""The volume identifier (ECMA-119 8.4.9): 32 bytes."""


class Expected(msgspec.Struct, frozen=True):
    """One file of an image. `recording`: its id, where it is a container."""

    path: str
    offset: int
    size: int
    sha256: bytes
    recording: str = ""


class Bad(msgspec.Struct, frozen=True):
    path: str
    why: str
    recording: str = ""


class Compared(msgspec.Struct, frozen=True):
    """`whole`: every byte of the image is there."""

    whole: bool
    read: int
    sha256: str
    bad: tuple[Bad, ...] = ()


class _Digest(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...
    def digest(self) -> bytes: ...


class Comparison:
    """`feed` with bytes, or with the length of what could not be read, in order and to the end of the image."""

    def __init__(self, files: Iterable[Expected], size: int, sha256: bytes) -> None:
        self._waiting = sorted((file for file in files if file.size), key=lambda file: (file.offset, file.path), reverse=True)
        self._empty = [file for file in files if not file.size and file.sha256 != hashlib.sha256().digest()]
        self._open: list[tuple[Expected, _Digest]] = []
        self._size, self._sha256 = size, sha256
        self._all = hashlib.sha256()
        self._at = 0
        self._holes = 0
        self._bad = [Bad(file.path, CHANGED, file.recording) for file in self._empty]
        self._unread: set[str] = set()

    def feed(self, told: bytes | int) -> None:
        length = min(told if isinstance(told, int) else len(told), self._size - self._at)
        if length <= 0:
            return
        chunk = None if isinstance(told, int) else memoryview(told)[:length]
        end = self._at + length
        while self._waiting and self._waiting[-1].offset < end:
            self._open.append((self._waiting.pop(), hashlib.sha256()))
        if chunk is None:
            self._holes += length
            self._unread.update(file.path for file, _ in self._open)
        else:
            self._all.update(chunk)
        still = []
        for file, digest in self._open:
            if chunk is not None:
                digest.update(chunk[max(file.offset - self._at, 0) : max(file.offset + file.size - self._at, 0)])
            if file.offset + file.size <= end:
                self._close(file, digest)
            else:
                still.append((file, digest))
        self._open, self._at = still, end

    def _close(self, file: Expected, digest: _Digest) -> None:
        if file.path in self._unread:
            self._bad.append(Bad(file.path, UNREADABLE, file.recording))
        elif digest.digest() != file.sha256:
            self._bad.append(Bad(file.path, CHANGED, file.recording))

    def result(self) -> Compared:
        """What was never reached counts as unreadable."""
        rest = [file for file, _ in self._open] + self._waiting
        bad = self._bad + [Bad(file.path, UNREADABLE, file.recording) for file in sorted(rest, key=lambda file: file.offset)]
        same = not self._holes and self._at == self._size and self._all.digest() == self._sha256
        if not same and not bad:
            bad = [Bad(STRUCTURE, CHANGED if not self._holes else UNREADABLE)]
        return Compared(same and not bad, self._at - self._holes, self._all.hexdigest(), tuple(bad[:MOST_TOLD]))


def volume_of(beginning: bytes) -> str:
    """Of the first 17 blocks of a medium; empty where there is no ISO 9660."""
    if beginning[16 * SECTOR + 1 : 16 * SECTOR + 6] != b"CD001":
        return ""
    return beginning[VOLUME_AT : VOLUME_AT + 32].decode("ascii", "replace").rstrip()


def recordings_in(bad: Sequence[Bad]) -> tuple[str, ...]:
    return tuple(each.recording for each in bad if each.recording)

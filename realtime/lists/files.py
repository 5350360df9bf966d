"""One version of a list as a mapped file: found by its name and hash, checked whole, then looked up where it lies.

Not the form of its bytes (`packing.py`). What was hashed is what is mapped: the hash is taken over the mapping, so nothing can be put
in between. A version is never changed; who copies one to another machine gives it its name when it is whole.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
from pathlib import Path
from typing import BinaryIO, Final

from realtime.lists.packing import HEAD_SIZE, Malformed, Meta, Packed

ENDING: Final = ".numbers"
VERSION: Final = re.compile(r"[0-9a-f]{64}")
BLOCK: Final = 1 << 20
"""Hashed at once: other threads run meanwhile, for hashing lets go of the interpreter."""


class Refused(Exception):
    """This file is not the version that its name says, or no list: one sentence."""


def path_of(folder: Path, name: str, version: str) -> Path:
    return folder / name / f"{version}{ENDING}"


class Mapped:
    """Open for reading as long as somebody holds it; the system shares its pages between processes. May be used from any thread."""

    __slots__ = ("_packed", "path", "size", "version")

    def __init__(self, path: Path, version: str) -> None:
        """Raises OSError, FileNotFoundError among them, and Refused."""
        self.path = path
        self.version = version
        view = mapped(path)
        self.size = len(view)
        found = digest_of(view)
        if found != version:
            raise Refused(f"{path} is not what it was: its SHA-256 is {found[:12]}…, and must be {version[:12]}…")
        try:
            self._packed = Packed(view)
        except Malformed as fault:
            raise Refused(f"{path} cannot be used: {fault}") from fault

    def __len__(self) -> int:
        return len(self._packed)

    @property
    def meta(self) -> Meta:
        return self._packed.meta

    @property
    def prefixes(self) -> frozenset[str]:
        return self._packed.prefixes

    def find(self, e164: str) -> bool:
        """Whether this number is on it; with its plus."""
        return self._packed.find(e164)

    def in_order(self) -> bool:
        return self._packed.in_order()


def peek(path: Path) -> Packed:
    """Without looking at every byte: for who only wants to know what it says of itself. Raises OSError and Refused."""
    try:
        return Packed(mapped(path))
    except Malformed as fault:
        raise Refused(f"{path} cannot be used: {fault}") from fault


def mapped(path: Path) -> memoryview:
    """Raises OSError and Refused. The mapping ends when the last view of it has gone."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        if os.fstat(handle).st_size < HEAD_SIZE:
            raise Refused(f"{path} is too short to be a list of numbers")
        return memoryview(mmap.mmap(handle, 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ))
    finally:
        os.close(handle)


def digest_of(view: memoryview) -> str:
    digest = hashlib.sha256()
    for begin in range(0, len(view), BLOCK):
        digest.update(view[begin : begin + BLOCK])
    return digest.hexdigest()


def sha256_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def versions(folder: Path, name: str) -> list[str]:
    """That lie in the folder, the newest file first."""
    found = [each for each in (folder / name).glob(f"*{ENDING}") if VERSION.fullmatch(each.name.removesuffix(ENDING))]
    return [each.name.removesuffix(ENDING) for each in sorted(found, key=lambda each: each.stat().st_mtime_ns, reverse=True)]


def names(folder: Path) -> list[str]:
    """Of lists of which there is a version."""
    if not folder.is_dir():
        return []
    return sorted(each.name for each in folder.iterdir() if each.is_dir() and versions(folder, each.name))

"""Writes a bag to a folder, container by container, and lists a folder for whoever checks it.

Not what is in the bag (`bag.py`). Each container is hashed on its way: one that has not the hash that was sealed ends the work and is
named, so that nothing damaged is ever burned. Written into a folder of its own name beside, so that a bag is whole or not there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from recordings.discs.bag import Piece
from recordings.discs.sets import Item
from recordings.refusals import Worded
from recordings.vault.port import VaultTrouble

CHUNK: Final = 1 << 20
Source = Callable[[Item], Iterable[bytes]]
"""A vault: all bytes of a recording's container. Raises VaultTrouble."""


class NoGoodCopy(Worded):
    """A container has not the bytes that were sealed."""


class NoRoom(Worded):
    """How much is missing where."""


def write_bag(pieces: Iterable[Piece], folder: Path, sources: Sequence[Source]) -> None:
    """Anew in any case. Raises NoGoodCopy, OSError."""
    part = folder.with_name(f"{folder.name}.part")
    for each in (part, folder):
        if each.exists():
            shutil.rmtree(each)
    part.mkdir(parents=True, mode=0o700)
    for piece in pieces:
        path = part / piece.path
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(piece, path, sources)
    part.rename(folder)


def _write(piece: Piece, path: Path, sources: Sequence[Source]) -> None:
    if piece.item is None:
        with _new(path) as file:
            file.write(piece.content or b"")
        return
    for source in sources:
        with suppress(VaultTrouble):
            if _copied(source(piece.item), path) == piece.sha256:
                return
        path.unlink(missing_ok=True)
    raise NoGoodCopy("image.no_good_copy", recording=piece.item.id)


def _copied(pieces: Iterable[bytes], path: Path) -> bytes:
    digest = hashlib.sha256()
    with _new(path) as file:
        for each in pieces:
            file.write(each)
            digest.update(each)
    return digest.digest()


def _new(path: Path) -> BinaryIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb")


def room_for(folder: Path, needed: int) -> None:
    """A bag and its image lie there at the same time. Raises NoRoom."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NoRoom("image.no_room", folder=folder, free=free >> 20, needed=needed >> 20)


def files_of(folder: Path) -> tuple[str, ...]:
    """Every file below it by its path there. Raises ValueError for what is neither a file nor a folder: links lead elsewhere."""
    found = []
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                found.append(path.relative_to(folder).as_posix())
            elif not stat.S_ISDIR(mode):
                raise ValueError(f"{path.relative_to(folder)} is neither a file nor a folder")
    return tuple(sorted(found))


def reader_of(folder: Path) -> Callable[[str], Iterator[bytes]]:
    def read(name: str) -> Iterator[bytes]:
        with open(os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    return read

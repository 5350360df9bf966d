"""An image goes onto a medium and is read back: what every burner does, and the one that is a folder where no drive is.

Not the drive (`drive.py`), not the comparing (`comparing.py`) and not what follows from a failure (`register.py`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from recordings.discs import mark
from recordings.discs.comparing import volume_of
from recordings.discs.media import SECTOR
from recordings.refusals import Worded

CHUNK: Final = 512 * SECTOR
MOST_BAD: Final = 5_000
"""Blocks tried one by one; a drive may take ten seconds for each, and such a disc is lost anyway."""


class BurnFailed(Worded):
    """The medium did not take the image, or cannot be read at all. It counts against the medium."""


class DriveAway(Worded):
    """No drive, no medium, or another disc than asked for, with what to do. It counts against nobody."""


class Burned(NamedTuple):
    """As the drive told it; empty where it does not."""

    drive: str = ""
    media: str = ""


class Burner(Protocol):
    def ready(self, disc: str) -> None:
        """An empty medium is there to be written to. Raises DriveAway."""

    def burn(self, image: Path, disc: str, medium: str) -> Burned:
        """With the disc's mark behind it, and closed, so that nothing can be added. Raises BurnFailed, DriveAway."""

    def reload(self, disc: str) -> None:
        """Out of the drive and in again, so that what is read comes from the medium. Raises DriveAway."""

    def path(self, disc: str) -> Path:
        """Where the medium is read; whether it is there is another question."""


class FileBurner:
    """Each disc is a file. For whoever burns elsewhere, and for tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, disc: str) -> Path:
        return self.folder / f"{disc}.iso"

    def ready(self, disc: str) -> None:
        """Each disc has a file of its own."""

    def burn(self, image: Path, disc: str, medium: str) -> Burned:
        part = self.path(disc).with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.unlink(missing_ok=True)
            shutil.copyfile(image, part)
            with part.open("ab") as file:
                file.write(mark.behind(file.tell(), disc))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path(disc))
        except OSError as error:
            raise BurnFailed("burn.not_written", disc=disc, why=error.strerror or error) from error
        return Burned("file", medium)

    def reload(self, disc: str) -> None:
        with open_medium(self.path(disc), disc) as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def open_medium(path: Path, disc: str) -> FileIO:
    """Raises DriveAway."""
    try:
        return open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb", buffering=0)
    except OSError as error:
        raise DriveAway("drive.not_opened", disc=disc, why=error.strerror) from error


def volume_on(path: Path, disc: str) -> str:
    """The name of what is on the medium; empty: nothing, or no image. Raises DriveAway."""
    with open_medium(path, disc) as file:
        try:
            return volume_of(file.read(17 * SECTOR))
        except OSError:
            return ""


def mark_on(path: Path, disc: str, image_bytes: int) -> str:
    """Which disc the medium says it is, behind an image of this size; empty: it does not say. Raises DriveAway."""
    begin = mark.begins(image_bytes)
    with open_medium(path, disc) as file:
        blocks = (_block(file.fileno(), begin + number * SECTOR, SECTOR) for number in range(mark.BLOCKS))
        return next((found for block in blocks if isinstance(block, bytes) and (found := mark.read(block))), "")


def read_medium(path: Path, disc: str, size: int) -> Iterator[bytes | int]:
    """So many bytes from its beginning; a number stands for as many bytes that could not be read. A chunk that fails is read again
    block by block. Raises DriveAway."""
    bad = at = 0
    with open_medium(path, disc) as file:
        while at < size and bad < MOST_BAD:
            length = min(CHUNK, size - at)
            told = _block(file.fileno(), at, length)
            if isinstance(told, int):
                for start in range(at, at + length, SECTOR):
                    block = _block(file.fileno(), start, min(SECTOR, size - start)) if bad < MOST_BAD else min(SECTOR, size - start)
                    bad += isinstance(block, int)
                    yield block
                at += length
            elif not told:
                break  # it ends before the image does
            else:
                yield told
                at += len(told)
    if at < size:
        yield size - at


def _block(handle: int, at: int, length: int) -> bytes | int:
    try:
        return os.pread(handle, length, at)
    except OSError:
        return length

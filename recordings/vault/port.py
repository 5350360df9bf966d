"""What a vault is: a place where containers lie under a name, and nothing is decided. `folder.py` is one; S3 would be another.

Not which recording has which container (the catalogue) and not whether they are still good (`fixity.py`). Everything here blocks: callers
on a loop use a thread. Whatever is stored is read back and compared before its name points to it, so a name never shows half a container.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from realtime.words import SECOND, Micros
from recordings.refusals import Worded

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = re.compile(r"[0-9]{4}/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12][0-9]|3[01])/[a-z0-9]{1,40}\.[a-z0-9]{1,12}")
"""The names that there are: nothing in them leads out of a folder, on any file system."""


class VaultTrouble(Worded):
    """An outside fault, with what to do."""


class VaultAway(VaultTrouble):
    """It cannot be read or written just now, or is not the vault it should be."""


class VaultFull(VaultTrouble):
    """No room, or a quota is used up. What was there before is still there."""


class NotInVault(VaultAway):
    """The vault is there; this container is not in it. A reader goes on to the next vault, as when this one is away."""


class CopyUnreadable(VaultAway):
    """The vault is there; its disk cannot read this container."""


class ReadBackBad(VaultTrouble):
    """What was read back is not what was written, or what came is not what was announced. Nothing was put in place."""


class Taking(Protocol):
    """A container on its way into a vault. Nothing is there under its name before `finish`."""

    def write(self, data: bytes) -> object: ...

    def finish(self, sha256: bytes) -> None:
        """On the disk, read back, compared with this hash, put in place. Raises ReadBackBad, VaultFull, VaultAway."""

    def give_up(self) -> None:
        """Nothing of it stays. May follow anything, `finish` too, and then does nothing."""


class Vault(Protocol):
    """Each method raises VaultAway, or what it names."""

    number: int
    """Of `copies.vault`."""

    def check(self) -> None:
        """That it is there and is this vault."""

    def prepare(self) -> None:
        """Made ready, where nothing is known to be in it; else as `check`."""

    def take(self, name: str) -> Taking: ...

    def put(self, name: str, source: Path) -> bytes:
        """A file's bytes, in place of what was there; the SHA-256 of what was read back. Raises VaultFull, ReadBackBad."""

    def store(self, name: str, pieces: Iterable[bytes], sha256: bytes) -> None:
        """Only if they have this hash. Raises VaultFull, ReadBackBad."""

    def read_at(self, name: str, offset: int, length: int) -> bytes:
        """Fewer bytes at the end. Raises NotInVault."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """All of it, in constant memory. Raises NotInVault."""

    def size(self, name: str) -> int:
        """Raises NotInVault."""

    def digest(self, name: str) -> bytes:
        """SHA-256 of its bytes as they are on the disk now. Raises NotInVault, CopyUnreadable."""

    def remove(self, name: str) -> bool:
        """False: it was not there. Overwriting is not tried: what makes it unreadable is that its key is destroyed."""

    def names(self) -> Iterator[str]:
        """All of them, sorted. What lies there under a name that is none of ours is not listed."""


def name_of(recording: str, began: Micros, part: str) -> str:
    """2026/11/28/ID.sound, by the UTC day that it began."""
    name = f"{datetime.fromtimestamp(began // SECOND, UTC):%Y/%m/%d}/{recording}.{part}"
    if NAME.fullmatch(name) is None:
        raise ValueError(f"{name[:80]!r} cannot be a container's name.")
    return name


def recording_of(name: str) -> tuple[str, str]:
    """Id and part of a container's name."""
    id_, _, part = name.rpartition("/")[2].partition(".")
    return id_, part

"""What the work on discs is done with, and that only one process does it at a time.

Not the work (`making.py`, `works.py`).
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from realtime.plan.archive import ArchiveRules
from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.stores import KeyStores
from recordings.discs.burner import Burner
from recordings.discs.register import DiscRefused
from recordings.discs.sets import Item
from recordings.vault.port import Vault


class DiscsBusy(DiscRefused):
    """Another process is at work on discs."""

    def __init__(self) -> None:
        super().__init__("disc.discs_busy")


class Proofs(NamedTuple):
    """Files under proof/ of a disc, and the size of the log that they are of."""

    checkpoint: int
    files: Mapping[str, bytes]
    verifier: bytes


class Stopping(Exception):
    """The process is to end: what is half done is made anew by the next one."""


Proving = Callable[[Sequence[Item], int], Awaitable[Proofs]]
"""`proving.py`. The second: of which checkpoint; 0: of the newest."""


@dataclass
class Works:
    """`folder`: images, bags in the making, and discs where the burner is a folder. `catalogue` may be written."""

    catalogue: Catalogue
    vaults: Sequence[Vault]
    keys: KeyStores
    proving: Proving
    folder: Path
    burner: Burner
    rules: Callable[[], ArchiveRules]
    floor: str
    timezone: str
    clock: Callable[[], Micros]
    ending: threading.Event = field(default_factory=threading.Event)

    def beat(self) -> None:
        """Asked again and again by what works in a thread. Raises Stopping."""
        if self.ending.is_set():
            raise Stopping

    def image_of(self, set_id: str, number: int) -> Path:
        return self.folder / "images" / f"{set_id}-{number}.iso"


T = TypeVar("T")


async def in_thread(works: Works, work: Callable[..., T], *arguments: object) -> T:
    """Whoever asked and is cancelled waits until it has stopped, which it does at its next beat: the lock is held until then."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        works.ending.set()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # nobody asks for it any more
        raise


@asynccontextmanager
async def alone(folder: Path) -> AsyncIterator[None]:
    """There is one drive and one room for images. The lock goes with the process that has it. Raises DiscsBusy."""
    handle = await asyncio.to_thread(_lock_of, folder)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DiscsBusy from None
        yield
    finally:
        os.close(handle)


def _lock_of(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

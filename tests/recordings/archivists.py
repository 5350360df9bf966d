"""An archivist over an archive of real parts, for tests; as a process of its own: `python -m tests.recordings.archivists FOLDER URL`."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from realtime.words import Micros
from recordings.archivist import Archivist, Limits, Periodic
from recordings.archivist_hands import Hands, Outside
from recordings.archivist_spool import Calls, SpoolWork
from recordings.calls.linking import Link
from recordings.settings import Spool
from recordings.vault.folder import FolderVault
from recordings.watched import ArchivistCounts
from tests.recordings.archives import NODE, Archive

NO_LIMITS: Final = Limits(0, 0)
"""However full this machine's disk is, nothing is said of it."""


class NoCalls:
    """Nothing is known of any call."""

    behind = False

    async def link(self, node: str, path: str, when: Micros) -> Link | None:
        return None


def now_us() -> Micros:
    return time.time_ns() // 1000


class Running:
    """Its parts, to look at. `told`: what it said of the outside."""

    def __init__(
        self,
        archive: Archive,
        tasks: tuple[Periodic, ...] = (),
        leftover_s: float = 2.0,
        calls: Calls | None = None,
        opened: Callable[[], Awaitable[None]] | None = None,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.told: list[str] = []
        self.hands, self.counts = Hands(), ArchivistCounts()
        self.outside = Outside(random.Random(1).random, self.told.append)
        self.work = SpoolWork(
            Spool(NODE, archive.spool),
            archive.sealing,
            archive.catalogue,
            calls or NoCalls(),
            archive.digest,
            self.hands,
            self.outside,
            self.counts,
            now_us,
            settle_s=0.2,
            leftover_s=leftover_s,
            link_s=0.0,
            sweep_s=0.2,
        )
        folders = [vault.path for vault in archive.vaults if isinstance(vault, FolderVault)]
        self.archivist = Archivist(
            archive.catalogue,
            archive.sealing,
            [self.work],
            folders,
            limits,
            self.hands,
            self.outside,
            self.counts,
            now_us,
            tasks,
            opened,
        )


@asynccontextmanager
async def running(
    archive: Archive,
    tasks: tuple[Periodic, ...] = (),
    leftover_s: float = 2.0,
    calls: Calls | None = None,
    opened: Callable[[], Awaitable[None]] | None = None,
    limits: Limits = NO_LIMITS,
) -> AsyncIterator[Running]:
    made = Running(archive, tasks, leftover_s, calls, opened, limits)
    task = asyncio.ensure_future(made.archivist.run())
    try:
        yield made
    finally:
        task.cancel()
        done = (await asyncio.gather(task, return_exceptions=True))[0]
        if not isinstance(done, asyncio.CancelledError):
            raise done


async def main(folder: Path, url: str, vaults: int) -> None:
    archive = Archive(folder, url, vaults)
    async with running(archive):
        sys.stdout.write("runs\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))

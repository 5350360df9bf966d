"""Shows that a disc cannot be read any more: every container on it is tried with every key that a store still has.

Not the destroying of keys (`crypt/keeping.py`) nor of the disc (`register.py`). What it can show: no wrapped key of these recordings is
left in the catalogue, and no key of keys that is left opens any of them. What it cannot: that nobody copied a key before it was
destroyed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.schema import keys, recordings
from recordings.crypt.container import ContainerBad, Opened
from recordings.crypt.ring import PARTS, part_key
from recordings.crypt.stores import KeyStores
from recordings.discs.burner import open_medium
from recordings.discs.comparing import Expected
from recordings.discs.tables import items
from recordings.words import State


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """`rows`: wrapped keys that are still in the catalogue; `alive`: recordings not disposed of; `unread`: containers that the medium
    did not give; `opened`: containers that some key opened."""

    containers: int
    keys: int
    tries: int
    opened: int
    unread: int
    rows: int
    alive: int

    @property
    def good(self) -> bool:
        return not (self.opened or self.rows or self.alive)


async def left_of(connection: AsyncConnection, set_id: str, number: int) -> tuple[int, int]:
    """Wrapped keys that are left of an image's recordings, and how many of those are not disposed of."""
    of_image = and_(items.c.set == set_id, items.c.number == number, items.c.recording > 0)
    rows = select(func.count()).select_from(items.join(keys, keys.c.recording == items.c.recording)).where(of_image)
    alive = select(func.count()).select_from(items.join(recordings, recordings.c.place == items.c.recording))
    alive = alive.where(of_image, recordings.c.state != State.DISPOSED.value)
    return (await connection.execute(rows)).scalar_one(), (await connection.execute(alive)).scalar_one()


def every_key(stores: KeyStores) -> list[bytes]:
    """Raises StoreAway: a store that does not answer may have one."""
    found = (stores.get(name) for name in sorted(stores.names()))
    return [key for key in found if key is not None]


def try_all(
    path: Path, disc: str, files: Iterable[Expected], keks: Sequence[bytes], rows: int, alive: int, beat: Callable[[], None]
) -> Unreadable:
    """Each key as it is and as the key of each part of a recording. Raises DriveAway where there is no medium."""
    candidates = [key for kek in keks for key in (kek, *(part_key(kek, part) for part in PARTS))]
    containers = tries = opened = unread = 0
    with open_medium(path, disc) as medium:
        for file in files:
            if not file.recording:
                continue
            beat()
            containers += 1
            try:
                tries += len(candidates)
                opened += any(_opens(medium.fileno(), file, key) for key in candidates)
            except OSError:
                unread += 1
    return Unreadable(containers=containers, keys=len(keks), tries=tries, opened=opened, unread=unread, rows=rows, alive=alive)


def _opens(handle: int, file: Expected, key: bytes) -> bool:
    def read_at(offset: int, length: int) -> bytes:
        return os.pread(handle, max(min(length, file.size - offset), 0), file.offset + offset)

    try:
        Opened(read_at, key, file.size)
    except ContainerBad:
        return False
    return True

"""Shows that a disc cannot be read any more: every container on it is tried with every key that a store still has.

Not the destroying of keys (`crypt/keeping.py`) nor of the disc (`register.py`). What it can show: no wrapped key of these recordings is
left in the catalogue, and no key of keys that is left opens any of them, nor what such a key unwraps of the notes beside it
(`crypt/moves.py`). What it cannot: that nobody copied a key before it was destroyed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.schema import keys, recordings
from recordings.crypt.container import ContainerBad, NotContainer, Opened
from recordings.crypt.moves import Moved
from recordings.crypt.ring import KEY, PARTS, WrongKey, part_key, unwrap
from recordings.crypt.stores import Left
from recordings.discs.burner import open_medium
from recordings.discs.comparing import Expected
from recordings.discs.tables import items
from recordings.words import State

NOBODYS: Final = bytes(KEY)
"""Tried first, so that a container is read also where no key is left."""


class Keys(NamedTuple):
    """Of keys, and those of recordings that notes beside them still give."""

    keks: tuple[bytes, ...]
    noted: tuple[bytes, ...]


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """`rows`: wrapped keys that are still in the catalogue; `alive`: recordings not disposed of; `unread`: containers that the medium
    did not give whole enough to be tried; `opened`: containers that some key opened; `keys`: with `noted`, those from notes; `damaged`: it
    is registered as a disc that need not give all of them."""

    containers: int
    keys: int
    noted: int
    tries: int
    opened: int
    unread: int
    rows: int
    alive: int
    damaged: bool

    @property
    def good(self) -> bool:
        return not (self.opened or self.rows or self.alive) and (self.damaged or (self.containers > 0 and not self.unread))


async def left_of(connection: AsyncConnection, set_id: str, number: int) -> tuple[int, int]:
    """Wrapped keys that are left of an image's recordings, and how many of those are not disposed of."""
    of_image = and_(items.c.set == set_id, items.c.number == number, items.c.recording > 0)
    rows = select(func.count()).select_from(items.join(keys, keys.c.recording == items.c.recording)).where(of_image)
    alive = select(func.count()).select_from(items.join(recordings, recordings.c.place == items.c.recording))
    alive = alive.where(of_image, recordings.c.state != State.DISPOSED.value)
    return (await connection.execute(rows)).scalar_one(), (await connection.execute(alive)).scalar_one()


async def not_of_the_living(connection: AsyncConnection, moved: Iterable[Moved]) -> list[Moved]:
    """Notes of keys that no line of the catalogue has: most are of recordings that stay, a hundred thousand after an erasure among as many,
    and each has a key of its own."""
    by_kek: dict[str, set[bytes]] = {}
    for each in moved:
        by_kek.setdefault(each.kek, set()).add(each.wrapped)
    found = []
    for kek, wrapped in sorted(by_kek.items()):
        async for row in await connection.stream(select(keys.c.wrapped).where(keys.c.kek == kek)):
            wrapped.discard(bytes(row.wrapped))
        found += [Moved(kek, each) for each in sorted(wrapped)]
    return found


def keys_of(left: Left, moved: Iterable[Moved]) -> Keys:
    """Those of keys, and what they unwrap of these notes."""
    named: dict[str, list[bytes]] = {}
    for name, key in left.keys:
        named.setdefault(name, []).append(key)
    noted = {own for each in moved for kek in named.get(each.kek, ()) if (own := _unwrapped(kek, each.wrapped)) is not None}
    return Keys(tuple(sorted({key for _, key in left.keys})), tuple(sorted(noted)))


def _unwrapped(kek: bytes, wrapped: bytes) -> bytes | None:
    try:
        return unwrap(kek, wrapped)
    except WrongKey:
        return None  # the kek of another store, or a line that is damaged


def try_all(
    path: Path, disc: str, files: Iterable[Expected], have: Keys, rows: int, alive: int, damaged: bool, beat: Callable[[], None]
) -> Unreadable:
    """Each key as it is and as the key of each part of a recording. Raises DriveAway where there is no medium."""
    candidates = [key for one in (*have.keks, *have.noted) for key in (one, *(part_key(one, part) for part in PARTS))]
    containers = opened = unread = 0
    with open_medium(path, disc) as medium:
        for file in files:
            if not file.recording:
                continue
            containers += 1
            read_at = _reader(medium.fileno(), file)
            try:
                opened += any(_opens(read_at, file, key, beat) for key in (NOBODYS, *candidates))
            except (OSError, NotContainer):
                unread += 1
    return Unreadable(
        containers=containers, keys=len(have.keks) + len(have.noted), noted=len(have.noted), tries=containers * len(candidates),
        opened=opened, unread=unread, rows=rows, alive=alive, damaged=damaged,
    )  # fmt: skip


def _reader(handle: int, file: Expected) -> Callable[[int, int], bytes]:
    """Of one container: from the medium once, for all keys, since it is its head and its last chunk that are asked for."""
    had: dict[tuple[int, int], bytes] = {}

    def read_at(offset: int, length: int) -> bytes:
        length = max(min(length, file.size - offset), 0)
        if (offset, length) not in had:
            found = os.pread(handle, length, file.offset + offset)
            if len(found) < length:
                raise OSError("The medium ends before the container does.")
            had[offset, length] = found
        return had[offset, length]

    return read_at


def _opens(read_at: Callable[[int, int], bytes], file: Expected, key: bytes, beat: Callable[[], None]) -> bool:
    """Raises NotContainer where what the medium gives is none."""
    beat()
    try:
        Opened(read_at, key, file.size)
    except NotContainer:
        raise
    except ContainerBad:
        return False
    return True

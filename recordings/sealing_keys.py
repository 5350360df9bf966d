"""The key of a recording under its key of keys, as sealing needs it. Not the stores and not the wrapping itself (`crypt/`)."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import keys
from recordings.crypt.ring import kek_name, kek_parts, unwrap, wrap
from recordings.crypt.stores import KeyStores


class Wrapping(NamedTuple):
    kek: str
    wrapped: bytes


class Ring:
    """Over the stores of the settings."""

    def __init__(self, stores: KeyStores) -> None:
        self._stores = stores

    async def wrapped(self, class_: str, month: str, key: bytes) -> Wrapping:
        return await asyncio.to_thread(self._wrapped, class_, month, key)

    def _wrapped(self, class_: str, month: str, key: bytes) -> Wrapping:
        name = self._newest(class_, month)
        return Wrapping(name, wrap(self._stores.make(name), key))

    def _newest(self, class_: str, month: str) -> str:
        """The last version that is not destroyed, or a new one: a destroyed name is never used again."""
        first = kek_name(class_, month, 1)
        stem = first.removesuffix("1")
        alive = [kek_parts(name).version for name in self._stores.names() if name.startswith(stem)]
        gone = [kek_parts(name).version for name in self._stores.tombstones() if name.startswith(stem)]
        return kek_name(class_, month, max(alive) if alive else max(gone, default=0) + 1)

    async def keep(self, change: Change, place: int, wrapping: Wrapping) -> None:
        await change.connection.execute(delete(keys).where(keys.c.recording == place))
        await change.connection.execute(insert(keys).values(recording=place, kek=wrapping.kek, wrapped=wrapping.wrapped))

    async def key_of(self, connection: AsyncConnection, place: int) -> bytes | None:
        row = (await connection.execute(select(keys.c.kek, keys.c.wrapped).where(keys.c.recording == place))).one_or_none()
        if row is None:
            return None
        kek = await asyncio.to_thread(self._stores.get, row.kek)
        return None if kek is None else unwrap(kek, row.wrapped)

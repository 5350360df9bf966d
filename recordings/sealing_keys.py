"""The key of a recording under its key of keys, as sealing needs it. Not the stores and not the wrapping itself (`crypt/`)."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.catalogue import Catalogue, Change
from recordings.crypt import keeping
from recordings.crypt.ring import wrap
from recordings.crypt.stores import KeyStores


class Wrapping(NamedTuple):
    kek: str
    wrapped: bytes


class Ring:
    """Over the stores of the settings."""

    def __init__(self, stores: KeyStores, catalogue: Catalogue) -> None:
        self._stores, self._catalogue = stores, catalogue

    async def wrapped(self, class_: str, month: str, key: bytes) -> Wrapping:
        """Raises StoreAway."""
        kek = await keeping.current(self._catalogue, self._stores, class_, month)
        return Wrapping(kek.name, wrap(kek.key, key))

    async def keep(self, change: Change, place: int, wrapping: Wrapping) -> None:
        """Raises StoreAway (KekRetired: it is to be wrapped anew, for a disposal took this key of keys at the same moment)."""
        await keeping.keep_key(change, place, wrapping.kek, wrapping.wrapped)

    async def key_of(self, connection: AsyncConnection, place: int) -> bytes | None:
        """Raises StoreAway, WrongKey."""
        return await keeping.key_of(connection, place, self._stores)
